"""What an answer means. Pure: a chain of redirects, the page at its end, the entries' texts."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import NamedTuple

from archivist.addresses import url_key
from archivist.links import consent, signs
from archivist.links.following import Chain
from archivist.net.fetch import Failure, Trouble
from archivist.page import Page
from archivist.verdict import LOST, Holding, Judgement, Verdict, Weight, held_words
from archivist.words import containment, shingles, words

_FEW = 50  # words of a page that is made by its scripts
_SHORT = 8  # words of a text that says too little to be looked for
_GOOD = (200, 203, 206, 304)
_NO_ANSWER = frozenset(
    {Trouble.NO_SUCH_NAME, Trouble.NAME_LOOKUP, Trouble.UNREACHABLE, Trouble.REFUSED}
    | {Trouble.TIMEOUT, Trouble.CLOSED, Trouble.SILENT}
)


class Expected(NamedTuple):
    """A text that a page should hold: the entry's path, its body, and the body's digest."""

    path: str
    text: str
    digest: str


class Seen(NamedTuple):
    """A chain, and what a reader sees at its end; `holdings` how much of each expected text.

    `sibling` says in words that a made-up path beside this one shows the same page.
    """

    chain: Chain
    page: Page | None = None
    holdings: tuple[Holding, ...] = ()
    sibling: str = ""

    @property
    def share(self) -> float | None:
        """The largest share of an expected text that the page holds; None if nothing is known."""
        return max((one.share for one in self.holdings), default=None)

    @property
    def is_suspect(self) -> bool:
        """True for a page that answers well, but holds nothing of what it should."""
        return self.chain.answer.status == HTTPStatus.OK and (self.share or 0.0) < LOST


def holdings(page: Page, expected: Sequence[Expected]) -> tuple[Holding, ...]:
    """How much of each text a page holds; texts of a few words are not looked for."""
    found = words(page.text)
    shares = []
    for one in expected:
        tokens = words(one.text)
        if len(tokens) >= _SHORT:
            share = containment(set(shingles(tokens)), shingles(found))
            shares.append(Holding(one.path, round(share, 4), one.digest))
    return tuple(shares)


def judge(asked: str, seen: Seen) -> Judgement:
    """The judgement on a URL.

    A page that holds the policy is alive, whatever else it shows. Else walls come first, because
    behind one anything may be; then what says that the page is gone; then the status.
    """
    chain, answer = seen.chain, seen.chain.answer
    base = Judgement(asked, Verdict.ALIVE, "", hops=chain.hops, holdings=seen.holdings)
    if answer.failure:
        return _of_failure(base, answer.failure)
    if chain.broken:
        return base._replace(verdict=Verdict.FAILING, reason=chain.broken)
    if (seen.share or 0.0) >= LOST and answer.status in _GOOD:
        return _alive(base, seen)
    return _of_page(base, seen)


def _of_page(base: Judgement, seen: Seen) -> Judgement:
    """The judgement on what answers, but is not seen to hold the policy."""
    asked, chain, page, answer = base.url, seen.chain, seen.page, seen.chain.answer
    wall = signs.blocked(answer, page) or signs.consent(asked, chain.url, page)
    if not wall and seen.is_suspect and seen.share is not None:
        wall = consent.wall(page, "", is_another=True)
    if wall:
        return base._replace(verdict=Verdict.BLOCKED, reason=wall)
    if answer.status not in _GOOD:
        return _of_status(base, answer.status)
    if sign := _soft(asked, seen):
        return base._replace(verdict=Verdict.FAILING, reason=f"soft 404: {sign}")
    return _alive(base, seen)


def _soft(asked: str, seen: Seen) -> str:
    """Why a page that answers 200 is none."""
    final, page = seen.chain.url, seen.page
    return (
        signs.missing(asked, final, page)
        or signs.parked(final, page)
        or signs.home(asked, final)
        or signs.login(asked, final, page)
        or seen.sibling
    )


def _alive(base: Judgement, seen: Seen) -> Judgement:
    answer = seen.chain.answer
    base = base._replace(
        reason=_what_it_holds(seen),
        etag=answer.headers.get("etag", "")[:200],
        modified=answer.headers.get("last-modified", "")[:100],
    )
    final = seen.chain.url
    if not seen.chain.is_redirected or not seen.chain.permanent:
        return base
    same = url_key(final) == url_key(base.url)
    if (seen.share or 0.0) >= LOST or (seen.share is None and same):
        return base._replace(verdict=Verdict.MOVED, suggestion=final)
    return base._replace(reason=f"{base.reason}; redirects for good to {final[:200]}".lstrip("; "))


def _what_it_holds(seen: Seen) -> str:
    share, page = seen.share, seen.page
    if share is None:
        return "" if page or not seen.chain.answer.body else "is no text that could be compared"
    if share < LOST and page and len(page.text.split()) < _FEW:
        return "shows hardly any text: it is probably made by scripts, and was not compared"
    return held_words(share)


def _of_status(base: Judgement, status: int) -> Judgement:
    try:
        said = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        said = f"status {status}"
    weight = Weight.FINAL if status == HTTPStatus.GONE else Weight.USUAL
    return base._replace(verdict=Verdict.FAILING, reason=said, weight=weight)


def _of_failure(base: Judgement, failure: Failure) -> Judgement:
    if failure.trouble is Trouble.PRIVATE:
        reason = f"its host {failure.words}"
        return base._replace(verdict=Verdict.EXCLUDED, reason=reason)
    weight = {Trouble.NO_SUCH_NAME: Weight.NAME, Trouble.TLS: Weight.LIGHT}.get(
        failure.trouble, Weight.USUAL
    )
    return base._replace(
        verdict=Verdict.FAILING,
        reason=f"its host {failure.words}",
        weight=weight,
        no_answer=failure.trouble in _NO_ANSWER,
    )
