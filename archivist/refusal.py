"""When a page's answer is no version of a policy. Pure: an answer, its text, the text before.

A wrong version in an archive is worse than a missing one. Each refusal has a name, by which a
person who has looked can accept it, and says what was seen and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from archivist.extraction import Doubt, Extraction, Kind
from archivist.extraction.likeness import is_like, is_named
from archivist.languages import language_of
from archivist.links import consent, signs
from archivist.links.following import Chain
from archivist.net.wire import host_of
from archivist.page import Page
from archivist.verdict import LOST
from archivist.words import containment, has_words, measure, shingles, size, words

MINIMUM_SHARE = 0.6  # of the text before, that must still be there
# By these names a person who has looked can accept what was refused.
NAMES = (
    *("status", "redirects", "cut", "wall", "consent", "missing", "parked", "home", "login"),
    *("lost", "language", "empty", "scripts", "short", "links", "elsewhere", "several", "repeats"),
    *("encoding", "grown", "unlike"),
)
_HARDLY = 0.005  # of a share, that would be said to be none
_HELD = 0.9  # a page that holds as much of it is the policy's, whatever else it shows
_DOUBTFUL, _GROWN = 2, 3  # times as many words as before
_SMALL = 50  # words; what is shorter grows easily
_LOST_SIGN = "\ufffd"  # stands for what could not be decoded
_OK = 200
_GONE = (404, 410)
_FIND = "look where the policy is now, and give its --url"
_SHOWN = 80  # characters of evidence
_SAVE = "open the page, save it, and give it with --from-file"
_SHORT = 200  # words; a longer text is not a login form


# What explains all others that come with it, the strongest first.
_ROOTS = (
    *("status", "redirects", "cut", "wall", "missing", "parked", "home", "login", "consent"),
    *("scripts", "empty", "language", "lost"),
)


def root_of(names: Sequence[str]) -> str:
    """Of the names of refusals the one that explains the others; blank if each stands alone."""
    return next((one for one in _ROOTS if one in names), "")


class Refusal(NamedTuple):
    """Why an answer is no version: a name, what was seen, and what to do."""

    name: str
    evidence: str
    hint: str


class Offered(NamedTuple):
    """What a capture offers: where it was asked for, how it was answered, what a reader sees of
    it, the text that was made of it; `language` is the entry's (BCP 47), blank if not given.
    """

    asked: str
    chain: Chain
    page: Page | None
    extraction: Extraction
    language: str = ""

    @property
    def text(self) -> str:
        """The extracted text."""
        return self.extraction.text


def share_kept(before: str, text: str) -> float:
    """The share of the text before that still stands in this one, 0.0 to 1.0."""
    return containment(set(shingles(measure(before))), shingles(measure(text)))


def refusals(
    offered: Offered, before: str = "", minimum_share: float = MINIMUM_SHARE
) -> Iterator[Refusal]:
    """Every reason not to keep what was offered; none if it may be a version.

    `before` is the entry's last text, blank at the first capture. A page that still holds nearly
    all of it is not searched for signs of being another: policies speak of logins and of pages
    that are not found, too.
    """
    share = share_kept(before, offered.text) if has_words(before) else None
    yield from _of_answer(offered)
    if share is None or share < _HELD:
        yield from _of_signs(offered)
        yield from _of_consent(offered, share)
    yield from _of_text(offered)
    if share is not None:
        yield from _of_share(share, minimum_share)
    yield from _of_language(offered, before)


def of_share(before: str, text: str, minimum_share: float = MINIMUM_SHARE) -> Iterator[Refusal]:
    """A text that lost most of the one before."""
    if words(before):
        yield from _of_share(share_kept(before, text), minimum_share)


def of_losses(before: str, text: str) -> Iterator[Refusal]:
    """Signs that could not be read, where the text before had none such: a page whose encoding is
    not what it says.
    """
    if before and _LOST_SIGN in text and _LOST_SIGN not in before:
        at = text.index(_LOST_SIGN)
        example = " ".join(text[max(at - 20, 0) : at + 20].split())
        yield Refusal(
            "encoding",
            f"{text.count(_LOST_SIGN)} of its characters cannot be read: “{example}”",
            "look at the page; save it as UTF-8, and give it with --from-file",
        )


def of_growth(before: str, text: str, doubts: tuple[Doubt, ...]) -> Iterator[Refusal]:
    """A text that grew so much that there may be others in it now: of twice the size, the doubts
    about its extraction count again.
    """
    known, found = size(before), size(text)
    if known < _SMALL or found < _DOUBTFUL * known:
        return
    yield from of_doubts(doubts)
    if found >= _GROWN * known:
        yield Refusal(
            "grown",
            f"it has {found / known:.0f} times as many words as before: {found}, not {known}",
            "look at the text; give a `content selector` if there is more in it than the policy",
        )


def of_first(offered: Offered) -> Iterator[Refusal]:
    """Signs that a page is no policy, where no text before says what the policy is: it says that
    there is no page, or it neither calls itself a policy nor speaks like one, above all where the
    asked page redirects to it.
    """
    title = offered.page.title if offered.page else offered.extraction.title
    if is_named(title, offered.text) or offered.extraction.kind is not Kind.HTML:
        return
    find = "look where the policy is now, and give its --url"
    if sign := signs.says_missing(offered.text):
        yield Refusal("missing", f"it says that there is no page: “{sign}”", find)
    elif to := _led_astray(offered):
        yield Refusal("home", f"redirects to {to}, which does not call itself a policy", find)
    elif words(offered.text) and not is_like(title, offered.text):
        begin = " ".join((title or offered.text).split())[:_SHOWN]
        yield Refusal(
            "unlike",
            f"nothing in it says that it is a policy: “{begin}”",
            "look at the text; give a `content selector` if it is not the policy, or accept it",
        )


def _led_astray(offered: Offered) -> str:
    """Where a redirect leads to that leaves the asked page for a home page, or for another host; by
    a URL that names no policy. Blank if it does not.
    """
    asked, final = urlsplit(offered.asked), urlsplit(offered.chain.url)
    hosts = {host_of(one.geturl()).removeprefix("www.") for one in (asked, final)}
    to_home = bool(asked.path.strip("/")) and not final.path.strip("/")
    is_named_by_url = is_named(re.sub(r"[\W_]+", " ", final.path), "")
    return offered.chain.url[:_SHOWN] if (to_home or len(hosts) > 1) and not is_named_by_url else ""


def of_doubts(doubts: tuple[Doubt, ...]) -> Iterator[Refusal]:
    """Doubts about the extraction, which at the first capture are reasons to look at the page."""
    for doubt in doubts:
        if doubt.name != "scripts":
            yield Refusal(
                doubt.name,
                doubt.reason,
                "look at the text; give a `content selector` if it is not the policy, or accept it",
            )


def _of_share(share: float, minimum_share: float) -> Iterator[Refusal]:
    if share < minimum_share:
        kept = f"only {share:.0%}".replace("%", " %") if share >= _HARDLY else "hardly anything"
        yield Refusal(
            "lost",
            f"{kept} of the text before stands in it",
            "look at the page; if the policy was rewritten, accept it; if the page has a new "
            "build, give a `content selector`",
        )


def _of_answer(offered: Offered) -> Iterator[Refusal]:
    answer, chain = offered.chain.answer, offered.chain
    if chain.broken:
        yield Refusal("redirects", chain.broken, "look where the policy is now; give its --url")
    elif answer.status != _OK:
        reason = signs.blocked(answer, offered.page) or f"the server answers {answer.status}"
        yield Refusal("status", reason, _FIND if answer.status in _GONE else _SAVE)
    elif answer.cut:
        yield Refusal("cut", "the answer is not complete", "try again later")


def _of_signs(offered: Offered) -> Iterator[Refusal]:
    """The signs that link checks know: a wall, an error that calls itself a page, a home page."""
    answer, final = offered.chain.answer, offered.chain.url
    asked, page = offered.asked, offered.page
    if answer.status != _OK:
        return
    if wall := signs.blocked(answer, page):
        yield Refusal("wall", wall, _SAVE)
    if sign := signs.missing(asked, final, page):
        yield Refusal("missing", f"it says that there is no page: {sign}", _FIND)
    if sign := signs.parked(final, page):
        yield Refusal("parked", sign, _FIND)
    if sign := signs.home(asked, final):
        yield Refusal("home", sign, _FIND)
    if (sign := signs.login(asked, final, page)) and _is_short(offered.text):
        yield Refusal("login", sign, _SAVE)


def _of_consent(offered: Offered, share: float | None) -> Iterator[Refusal]:
    """A wall that wants consent, where it redirects to one, or where it is."""
    page, answer = offered.page, offered.chain.answer
    if answer.status != _OK:
        return
    wall = signs.consent(offered.asked, offered.chain.url, page)
    if not wall and (share is None or share < LOST):
        wall = consent.wall(page, offered.text, is_another=share is not None)
    if wall:
        yield Refusal("consent", wall, _SAVE)


def _of_text(offered: Offered) -> Iterator[Refusal]:
    if not has_words(offered.text):
        hint = "the page may need JavaScript: open it, save it, and give it with --from-file"
        yield Refusal("empty", "no text was found on the page", hint)
    for doubt in offered.extraction.doubts:
        if doubt.name == "scripts":
            hint = "open the page, save it when its text is there, and give it with --from-file"
            yield Refusal("scripts", doubt.reason, hint)


def _of_language(offered: Offered, before: str) -> Iterator[Refusal]:
    wanted = language_of(before) or offered.language.partition("-")[0].lower()
    found = language_of(offered.text)
    if wanted and found and wanted != found:
        yield Refusal(
            "language",
            f"its text is in another language: `{found}`, not `{wanted}`",
            "look for the URL of the policy in its language, and give it with --url",
        )


def _is_short(text: str) -> bool:
    return size(text) < _SHORT
