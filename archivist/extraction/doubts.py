"""Signs that what was found on a page is not the policy, or not nothing but it.

They matter at the first capture, when there is no earlier text to compare with: each says in words
what a person should look at before the text is kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from archivist.extraction.chrome import HEADINGS
from archivist.extraction.outcome import Doubt
from archivist.extraction.tree import Element, Tree
from archivist.words import size

_SHORT = 100  # words; a page that needs JavaScript seldom shows as many
_LONG_WORD = 30  # characters; no text of words as long is short
_LINKED = 0.35  # the share of links in a text that is mostly a list of them
_OUTSIDE = 0.5  # the share of the page's prose that lies outside of what was taken
_REPEATED = 4  # times that a line stands in a text before it looks like a part of a design
_LONG_HEADING = 60  # characters; longer ones are sentences
# The names of policies, as headings have them. A page with two kinds holds two policies, or is a
# policy about both: a person has to say.
_KINDS = {
    "terms": r"terms (?:of|and|&) (?:service|use|conditions)(?: agreement)?|terms|user agreement|"
    r"conditions g[ée]n[ée]rales.*|nutzungsbedingungen|agb|t[ée]rminos.*|termini.*",
    "privacy": r"privacy(?: (?:policy|notice|statement))?"
    r"|(?:politique|charte) de confidentialit[ée]"
    r"|datenschutz\w*|pol[íi]tica de privaci?dade?|informativa sulla privacy|privacyverklaring",
    "cookies": r"cookies? (?:policy|notice|statement)|(?:politique|charte) .{0,20}cookies|"
    r"cookie-richtlinien?",
    "copyright": r"(?:dmca|copyright)(?: \w+){0,2} policy|dmca|copyright policy",
    "conduct": r"code of conduct|community (?:guidelines|standards)|acceptable use policy",
    "imprint": r"imprint|legal notice|mentions l[ée]gales|impressum",
}
_BEFORE = r"(?:(?!about\b|our\b|this\b|these\b|changes?\b|the\b|of\b)[\w.’'-]+,? ){0,3}"
_NAMED = {
    kind: re.compile(rf"{_BEFORE}(?:{pattern})", re.IGNORECASE) for kind, pattern in _KINDS.items()
}
_ANY = re.compile(rf"{_BEFORE}(?:{'|'.join(_KINDS.values())})", re.IGNORECASE)  # nearly none is one


def doubts(text: str, tree: Tree, root: Element, prose: int) -> Iterator[Doubt]:
    """The doubts about a text that was found without a selector.

    `prose` are the characters of prose on the page before anything was left out.
    """
    if is_short(text, _SHORT):
        yield _too_short(text)
    if root.chars and root.linked > root.chars * _LINKED:
        share = round(100 * root.linked / root.chars)
        yield Doubt("links", f"{share} % of it are links")
    if prose and root.prose < prose * _OUTSIDE:
        share = round(100 - 100 * root.prose / prose)
        yield Doubt("elsewhere", f"{share} % of the page's text stands outside of it")
    headings = list(_headings(tree, root))
    kinds = _kinds(headings)
    if len(kinds) > 1:
        yield Doubt("several", f"its headings name several policies: {', '.join(kinds)}")
    repeated = _repeated(headings)
    if repeated:
        yield Doubt("repeats", f"its heading “{repeated}” comes again and again")


def is_short(text: str, words: int) -> bool:
    """True if the text has fewer words than that."""
    return len(text) < words * _LONG_WORD and size(text) < words


def of_selected(text: str) -> Iterator[Doubt]:
    """The doubts about a text that was found with a selector: a person has said where it is, but
    not that it is there.
    """
    if is_short(text, _SHORT):
        yield _too_short(text)


def _too_short(text: str) -> Doubt:
    """The doubt about a short text."""
    count = size(text)
    return Doubt("short", f"it has only {count} word{'' if count == 1 else 's'}")


def _headings(tree: Tree, root: Element) -> Iterator[str]:
    for element in tree.order:
        is_heading = element.tag in HEADINGS and 0 < element.chars <= _LONG_HEADING
        if is_heading and (element is root or root in element.ancestors()):
            yield element.text()


def _kinds(headings: list[str]) -> list[str]:
    names = filter(_ANY.fullmatch, (heading.strip(" .:") for heading in headings))
    found = dict.fromkeys(
        kind for name in names for kind, pattern in _NAMED.items() if pattern.fullmatch(name)
    )
    return list(found)


def _repeated(headings: list[str]) -> str:
    counts = Counter(headings)
    text, times = max(counts.items(), key=lambda one: one[1], default=("", 0))
    return text if times >= _REPEATED else ""
