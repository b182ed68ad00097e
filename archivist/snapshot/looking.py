"""A look at a source: a conversation that keeps all that was said."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from archivist import page as pages
from archivist.capturing.evidence import hop_of, hop_of_file
from archivist.dates import PolicyDate
from archivist.extraction import Extraction, Selection, Unextracted, extract
from archivist.extraction.times import times_in
from archivist.links.following import Chain, follow
from archivist.links.source import is_transient, waited
from archivist.markup import excess
from archivist.net.fetch import Answer, Fetch, Trouble
from archivist.page import Page
from archivist.verdict import Hop as Step
from archivist.warc import Hop

_LASTING = (Trouble.PRIVATE, Trouble.NO_SUCH_NAME, Trouble.URL)  # in a moment it is the same
Look = Generator[Fetch, Answer, "Seen"]
_PASSING = ("date", "age", "expires", "last-modified", "etag", "x-request-id")
_NOTHING = Answer("")


@dataclass(frozen=True)
class Seen:
    """What was seen at a URL, with every hop as evidence keeps it. `is_file`: somebody saved it."""

    asked: str
    chain: Chain
    hops: tuple[Hop, ...]
    is_file: bool = False

    @property
    def answer(self) -> Answer:
        """The answer at the end."""
        return self.chain.answer

    @cached_property
    def page(self) -> Page | None:
        """What a reader sees of it; None for what asks too much of a parser."""
        body = self.answer.body
        if not body or excess(pages.decoded(body, self._kind)):
            return None
        return pages.read(body, self._kind)

    @property
    def times(self) -> Mapping[str, PolicyDate]:
        """The days that its `<time>` elements stand for, by the words for them."""
        body = self.answer.body
        return times_in(pages.decoded(body, self._kind)) if b"<time" in body else {}

    def is_like(self, other: Seen) -> bool:
        """True if the same was answered, to the last byte, but for when that was."""
        return (
            self.chain.hops == other.chain.hops
            and self.chain._replace(answer=_NOTHING) == other.chain._replace(answer=_NOTHING)
            and _lasting(self.answer) == _lasting(other.answer)
        )

    def extracted(self, selection: Selection) -> Extraction | Unextracted:
        """Its text."""
        address = self.chain.url
        return extract(self.answer.body, self._kind, address=address, selection=selection)

    @property
    def _kind(self) -> str:
        return self.answer.headers.get("content-type", "")


def _lasting(answer: Answer) -> tuple[object, ...]:
    headers = {name: value for name, value in answer.headers.items() if name not in _PASSING}
    return answer.status, answer.failure, answer.cut, headers, answer.body


def look(
    url: str, most_seconds: float, clock: Callable[[], datetime], again: float, later: float = 0.0
) -> Look:
    """Ask a URL and follow it; after `again` seconds once more, if the server did not answer or
    said that it cannot now. `later` is how long the first request waits.
    """
    seen = yield from _once(Fetch(url, recorded=True, later=later), most_seconds, clock)
    answer = seen.answer
    lasting = answer.failure is not None and answer.failure.trouble in _LASTING
    if lasting or not (answer.failure or is_transient(answer)):
        return seen
    seconds = waited(answer, again)
    if seconds is None:
        return seen
    return (yield from _once(Fetch(url, recorded=True, later=seconds), most_seconds, clock))


def saved(data: bytes, url: str, content_type: str, when: datetime) -> Seen:
    """What somebody saved of a URL."""
    headers = {"content-type": content_type} if content_type else {}
    answer = Answer(url, 200, headers, data)
    chain = Chain((Step(url, 200),), answer)
    return Seen(url, chain, (hop_of_file(data, url, content_type, when),), is_file=True)


def _once(fetch: Fetch, most_seconds: float, clock: Callable[[], datetime]) -> Look:
    hops: list[Hop] = []
    chain = yield from _overheard(follow(fetch, most_seconds), hops, clock)
    return Seen(fetch.url, chain, tuple(hops))


def _overheard(
    conversation: Generator[Fetch, Answer, Chain],
    hops: list[Hop],
    clock: Callable[[], datetime],
) -> Generator[Fetch, Answer, Chain]:
    """The same conversation, of which each answer is kept."""
    fetch = next(conversation)
    while True:
        answer = yield fetch
        if answer.status:
            hops.append(hop_of(answer, clock()))
        try:
            fetch = conversation.send(answer)
        except StopIteration as end:
            chain: Chain = end.value
            return chain
