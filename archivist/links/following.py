"""Following redirects, hop by hop: each is judged, takes its host's turn, and meets the guard."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

from archivist.net.fetch import Answer, Failure, Fetch, Trouble
from archivist.net.wire import followed
from archivist.verdict import Hop

_MOST_HOPS = 10


class Chain(NamedTuple):
    """A chain of redirects with the answer at its end. `permanent` is True if there is a redirect
    and every one says that it is for good; `broken` says why it could not be followed to its end.
    """

    hops: tuple[Hop, ...]
    answer: Answer
    permanent: bool = False
    broken: str = ""

    @property
    def url(self) -> str:
        """Where it ended."""
        return self.hops[-1].url

    @property
    def is_redirected(self) -> bool:
        """True if it did not end where it began."""
        return len(self.hops) > 1


def follow(first: Fetch, most_seconds: float) -> Generator[Fetch, Answer, Chain]:
    """Ask a URL and follow its redirects, for at most so many seconds of waiting for servers.

    Cookies that are set on the way are sent on the way, and nowhere else.
    """
    fetch, hops, seconds = first, list[Hop](), 0.0
    seen, permanent = {fetch.url}, True
    while True:
        answer = yield fetch
        hops.append(Hop(fetch.url, answer.status))
        seconds += answer.seconds
        if not answer.location:
            return Chain(tuple(hops), answer, permanent and len(hops) > 1)
        permanent = permanent and answer.is_permanent
        following = followed(fetch.url, answer.location)
        broken = _why_not(following, answer, seen, len(hops))
        if following is None or broken:
            return Chain(tuple(hops), answer, broken=broken)
        if seconds > most_seconds:
            failure = Failure(Trouble.TIMEOUT, f"did not come to an end within {most_seconds:g} s")
            return Chain(tuple(hops), Answer(fetch.url, failure=failure))
        seen.add(following)
        fetch = first._replace(url=following, cookies=answer.cookies, later=0.0, lane="")


def _why_not(following: str | None, answer: Answer, seen: set[str], count: int) -> str:
    if following is None:
        return f"redirects to what is no public web page: “{answer.location[:200]}”"
    if following in seen and not answer.cookies:
        return "redirects in a circle"
    return f"redirects more than {_MOST_HOPS} times" if count > _MOST_HOPS else ""
