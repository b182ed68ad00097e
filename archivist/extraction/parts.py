"""One part of a Markdown file: its text, and where its links lead to.

Most parts are so plain that they need no parser: a line, a heading, items of a list that are lines;
in them links with usual targets, and strong words. What else there is, a parser reads.
"""

from __future__ import annotations

import re

from archivist.extraction.pages import of_fragment
from archivist.extraction.sources import markdown_html, of_text

MOST = 400_000  # characters of a part that a parser sees; no paragraph is as long
# Runs of usual signs are taken as a whole (`++`): none of them begins anything else.
_CHAR = r"[^\\`*_\[\]<>&!\n]++|&(?![#A-Za-z])|!(?!\[)|\\[!-/:-@\[-`{-~]"
_TARGET = r"https?://(?:[A-Za-z0-9./:?=~,+@#_&-]|%[0-9A-Fa-f]{2})*"
_LINK = (
    rf"\[(?P<label>[^\\`*_\[\]<>&!\s](?:[^\\`*_\[\]<>&!\n]*[^\\`*_\[\]<>&!\s])?)\]"
    rf"\((?P<target>{_TARGET})(?: \"[^\"\\&\n<>]*\")?\)(?!\[)"
)
# What stands before is looked at last: so a search can go from sign to sign.
_STRONG = r"\*\*(?<![\w*\\]\*\*)(?P<strong>[^\W_](?:[^\\`*_\[\]<>&!\n]*[^\W_])?)\*\*(?![\w*])"
_TOKEN = re.compile(rf"\\(?P<escaped>[!-/:-@\[-`{{-~])|{_LINK}|{_STRONG}")
_UNNAMED = re.sub(r"\?P<\w+>", "?:", f"{_LINK}|{_STRONG}")
_LINE = rf"(?=[^\W\d_])(?:{_CHAR}|{_UNNAMED})+"
_PLAIN = re.compile(rf"(?:#{{1,6}} (?P<heading>{_LINE}(?<!#))|(?P<line>{_LINE})(?:\n(?:=+|-+))?)")
_ITEM = re.compile(rf"[*+-] {{1,4}}({_LINE})")
_NEXT_ITEM = re.compile(r"\n(?: *\n)?(?=[*+-] )")


def read_part(source: str) -> tuple[str, list[str]]:
    """The text, and the targets of links and pictures in their order."""
    return _plain(source) or _parsed(source)


def _plain(source: str) -> tuple[str, list[str]] | None:
    """The text of a part that has no structure; None if it may have."""
    source = source.rstrip(" \n")
    targets: list[str] = []
    if source[:1] in ("*", "+", "-"):
        items = [_ITEM.fullmatch(one) for one in _NEXT_ITEM.split(source)]
        texts = [_inline(one[1], targets) if one else None for one in items]
        lines = [f"   * {one}" for one in texts if one is not None]
        return ("\n\n".join(lines), targets) if len(lines) == len(items) else None
    match = _PLAIN.fullmatch(source)
    text = _inline(match["heading"] or match["line"], targets) if match else None
    return None if text is None else (text, targets)


def _inline(line: str, targets: list[str]) -> str | None:
    """A line without its marks; the targets of its links are added to `targets`."""
    if not line.replace("\u00a0", " ").isprintable():
        return None

    def shown(token: re.Match[str]) -> str:
        if token["target"]:
            targets.append(token["target"])
        return token["escaped"] or token["label"] or token["strong"]

    return " ".join(_TOKEN.sub(shown, line).split())


def _parsed(source: str) -> tuple[str, list[str]]:
    if len(source) > MOST:
        return of_text(source), []
    html = markdown_html(source)
    return of_fragment(html), _linked(html)


def _linked(html: str) -> list[str]:
    """Where the links and pictures of a fragment lead to, in its order."""
    from selectolax.lexbor import LexborHTMLParser

    if "href" not in html and "src" not in html:
        return []
    nodes = LexborHTMLParser(html).css("a[href], img[src]")
    return [node.attributes.get("href") or node.attributes.get("src") or "" for node in nodes]
