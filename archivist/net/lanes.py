"""Lanes: whose turn it is. Pure; time is handed in, in seconds.

Every host has a lane: at most so many requests at once, so far apart. What waits for a host waits
in its lane, never in a worker, so that a slow host delays nothing but itself; lanes wait in one
heap by the time at which they may be asked again.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

Item = TypeVar("Item")
_NEVER = float("inf")
_SLACK = 0.1  # of an interval, by which two requests may be closer than they should be


class Manners(NamedTuple):
    """How a lane is to be asked: requests at once, and seconds between their starts. A pause of one
    lane holds for all of its `group`.
    """

    limit: int = 1
    interval: float = 1.0
    group: str = ""


@dataclass(slots=True)
class _Lane(Generic[Item]):
    name: str
    manners: Manners
    going_on: list[Item] = field(default_factory=list)  # in the midst of something: they go first
    fresh: int = 0  # items that are not made yet: see `Lanes.expect`
    again: list[Item] = field(default_factory=list)  # have waited for another turn: they go last
    running: int = 0
    ready: float = 0.0
    queued: bool = False  # stands in the heap

    @property
    def waits(self) -> bool:
        """True if there is something to ask."""
        return bool(self.going_on or self.fresh or self.again)


class Lanes(Generic[Item]):
    """What waits for its turn. `manners` tells how a lane is to be asked; `make` gives the next
    item of a lane that was only announced by `expect` (None if there is none after all).

    While it is `narrow`, because more lanes are still to come, each has one request at a time: many
    hosts are asked a little rather than a few of them much. Of the lanes that may be asked, one
    goes first that has just been answered: its connection is still there.
    """

    def __init__(
        self, manners: Callable[[str], Manners], make: Callable[[str], Item | None]
    ) -> None:
        self._manners = manners
        self._make = make
        self._lanes: dict[str, _Lane[Item]] = {}
        self._heap: list[tuple[float, int, _Lane[Item]]] = []
        self._later: list[tuple[float, int, str, Item]] = []
        self._warm: list[_Lane[Item]] = []  # have just been answered
        self._paused: dict[str, float] = {}
        self._narrow = False
        self._count = 0
        self.running = 0

    def expect(self, name: str, count: int) -> None:
        """Announce so many items of a lane, to be made when their turn comes."""
        lane = self._lane(name)
        lane.fresh += count
        self._queue(lane)

    def put(self, name: str, item: Item, at: float = 0.0) -> None:
        """Let an item wait in a lane: before the others there, or, if it must not start before the
        time `at`, behind them.
        """
        if at:
            self._count += 1
            heapq.heappush(self._later, (at, self._count, name, item))
        else:
            lane = self._lane(name)
            lane.going_on.append(item)
            self._queue(lane)

    def next(self, now: float) -> tuple[str, Item] | None:
        """An item that may start now, and its lane; None if there is none."""
        self._release(now)
        while lane := self._next_lane(now):
            item = self._take(lane)
            if item is not None:
                # Counted from the turn it had, or else small delays would add up.
                interval = lane.manners.interval
                is_late = now - lane.ready <= interval * _SLACK
                lane.ready = (lane.ready if is_late else now) + interval
                lane.running += 1
                self.running += 1
                self._queue(lane)
                return lane.name, item
            self._queue(lane)
        return None

    def _next_lane(self, now: float) -> _Lane[Item] | None:
        while self._warm:
            lane = self._warm.pop()
            if self._wants(lane) and self._ready(lane) <= now:
                return lane
        while self._heap and self._heap[0][0] <= now:
            lane = heapq.heappop(self._heap)[2]
            lane.queued = False
            if not self._wants(lane):
                continue
            if self._ready(lane) <= now:
                return lane
            self._queue(lane)  # it was paused meanwhile
        return None

    def narrow(self, is_narrow: bool) -> None:
        """Ask each lane one thing at a time, or as many as its manners allow."""
        if self._narrow and not is_narrow:
            self._narrow = False
            for lane in self._lanes.values():
                self._queue(lane)
        self._narrow = is_narrow

    def wait(self, now: float) -> float | None:
        """Seconds until something may start, if nothing ends before; None if nothing waits."""
        first = min(
            self._heap[0][0] if self._heap else _NEVER,
            self._later[0][0] if self._later else _NEVER,
        )
        return None if first == _NEVER else max(first - now, 0.0)

    def done(self, name: str, *, asked: bool = True) -> None:
        """A request of this lane has ended, or was not made after all: then its turn comes back."""
        lane = self._lanes[name]
        if not asked:
            lane.ready -= lane.manners.interval
        lane.running -= 1
        self.running -= 1
        self._queue(lane)
        self._warm.append(lane)

    def pause(self, name: str, until: float) -> None:
        """Ask nothing of this lane, nor of its group, before a time."""
        group = self._lane(name).manners.group or name
        self._paused[group] = max(self._paused.get(group, 0.0), until)

    def _lane(self, name: str) -> _Lane[Item]:
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = _Lane(name, self._manners(name))
        return lane

    def _ready(self, lane: _Lane[Item]) -> float:
        paused = self._paused.get(lane.manners.group or lane.name, 0.0) if self._paused else 0.0
        return max(lane.ready, paused)

    def _queue(self, lane: _Lane[Item]) -> None:
        if not lane.queued and self._wants(lane):
            self._count += 1
            heapq.heappush(self._heap, (self._ready(lane), self._count, lane))
            lane.queued = True

    def _wants(self, lane: _Lane[Item]) -> bool:
        return lane.waits and lane.running < (1 if self._narrow else lane.manners.limit)

    def _take(self, lane: _Lane[Item]) -> Item | None:
        if lane.going_on:
            return lane.going_on.pop(0)
        if lane.fresh:
            lane.fresh -= 1
            return self._make(lane.name)
        return lane.again.pop(0)

    def _release(self, now: float) -> None:
        """Let those into their lanes whose time has come."""
        while self._later and self._later[0][0] <= now:
            _, _, name, item = heapq.heappop(self._later)
            lane = self._lane(name)
            lane.again.append(item)
            self._queue(lane)
