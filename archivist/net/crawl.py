"""Conversations by thousands: generators that yield fetches and are sent the answers.

What a check wants to know is written as one generator, hop after hop; whose turn it is, and what
runs at the same time, is decided here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable
from typing import Generic, TypeVar, cast

from archivist.config.scan import NetworkSettings
from archivist.net.fetch import Answer, Failure, Fetch, Trouble
from archivist.net.lanes import Lanes, Manners
from archivist.net.transport import Transport
from archivist.net.wire import host_of

Result = TypeVar("Result")
Conversation = Generator[Fetch, Answer, Result]

_SILENT = 3  # requests in a row without any answer, after which a host is left alone
_TICK = 0.25  # seconds at most between two looks at the clock
_NO_ANSWER = (Trouble.TIMEOUT, Trouble.UNREACHABLE, Trouble.NAME_LOOKUP, Trouble.NO_SUCH_NAME)


class Crawl(Generic[Result]):
    """Runs conversations politely. `begin` makes the next one of a lane that was announced by
    `expect`; `ended` is told each result. `manners` are those of lanes that are no hosts.
    `meanwhile` does a little of what else there is to do while servers think; True if more is left.
    """

    def __init__(
        self,
        settings: NetworkSettings,
        begin: Callable[[str], Conversation[Result] | None],
        ended: Callable[[Result], None],
        manners: dict[str, Manners] | None = None,
        meanwhile: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._begin = begin
        self._ended = ended
        self._meanwhile = meanwhile
        self._clock = clock
        self._manners = manners or {}
        self._usual = Manners(settings.per_host, settings.per_host_interval)
        self._lanes: Lanes[tuple[Conversation[Result], Fetch]] = Lanes(self._manners_of, self._make)
        self._silent: dict[str, int] = {}
        self.last_answer = 0.0  # when a server last said anything
        self.asked = 0

    def expect(self, lanes: Iterable[tuple[str, int]]) -> None:
        """Announce so many conversations that begin in each lane."""
        for name, count in lanes:
            self._lanes.expect(name, count)

    def add(self, conversation: Conversation[Result]) -> None:
        """Begin a conversation as soon as it is its turn."""
        self._step(conversation, None)

    def pause(self, lane: str, seconds: float) -> None:
        """Ask nothing of a lane, nor of its group, for so long."""
        self._lanes.pause(lane, self._clock() + seconds)

    def run(self, deadline: float = float("inf")) -> bool:
        """Until nothing is left to ask, or so many seconds have passed; True if nothing is left.

        Raises EnvironmentFailure.
        """
        end = self._clock() + deadline
        transport = Transport(self._settings, self._clock)
        try:
            while self._clock() < end:
                busy = self._meanwhile()
                self._lanes.narrow(busy)
                self._start_what_may(transport)
                wait = self._lanes.wait(self._clock())
                if self._lanes.running == 0 and wait is None and not busy:
                    return True
                if wait is None or self._lanes.running >= self._settings.concurrency:
                    wait = _TICK
                for token, answer in transport.wait(0.0 if busy else min(wait, _TICK)):
                    lane, conversation = cast("tuple[str, Conversation[Result]]", token)
                    self._lanes.done(lane)
                    self._note(lane, answer)
                    self._step(conversation, answer)
            return False
        finally:
            transport.close()

    def _start_what_may(self, transport: Transport) -> None:
        while self._lanes.running < self._settings.concurrency:
            found = self._lanes.next(self._clock())
            if found is None:
                return
            lane, (conversation, fetch) = found
            if self._is_in_vain(lane, fetch):
                self._lanes.done(lane, asked=False)
                words = f"did not answer {_SILENT} other requests either"
                self._step(conversation, Answer(fetch.url, failure=Failure(Trouble.SILENT, words)))
            else:
                self.asked += 1
                transport.start((lane, conversation), fetch)

    def _is_in_vain(self, lane: str, fetch: Fetch) -> bool:
        """True for a host that has not answered others, or if nobody wants to know any more. Those
        that come again may try again: the host may be back.
        """
        most = 2 * _SILENT if fetch.later else _SILENT
        return self._silent.get(lane, 0) >= most or bool(fetch.wanted and not fetch.wanted())

    def _step(self, conversation: Conversation[Result], answer: Answer | None) -> None:
        """Hand an answer to a conversation, and let its next fetch wait for its turn."""
        try:
            fetch = next(conversation) if answer is None else conversation.send(answer)
        except StopIteration as end:
            self._ended(end.value)
            return
        at = self._clock() + fetch.later if fetch.later else 0.0
        self._lanes.put(lane_of(fetch), (conversation, fetch), at)

    def _make(self, lane: str) -> tuple[Conversation[Result], Fetch] | None:
        """The next announced conversation of a lane, at its first fetch; one that has nothing to
        ask ends at once.
        """
        conversation = self._begin(lane)
        if conversation is None:
            return None
        try:
            fetch = next(conversation)
        except StopIteration as end:
            self._ended(end.value)
            return None
        if lane_of(fetch) != lane:
            self._lanes.put(lane_of(fetch), (conversation, fetch))
            return None
        return conversation, fetch

    def _note(self, lane: str, answer: Answer) -> None:
        if answer.failure and answer.failure.trouble in _NO_ANSWER:
            self._silent[lane] = self._silent.get(lane, 0) + 1
            return
        self._silent.pop(lane, None)
        if answer.status:
            self.last_answer = self._clock()

    def _manners_of(self, lane: str) -> Manners:
        return self._manners.get(lane, self._usual)


def lane_of(fetch: Fetch) -> str:
    """Whose turn a fetch takes: its own lane, or the host of its URL."""
    return fetch.lane or host_of(fetch.url)
