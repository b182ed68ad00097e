"""The log of all requests, and the manners that it shows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import overload

from web.request import Request


class Log(Sequence[Request]):
    """Requests in the order in which they came; a part of it is a Log, too."""

    def __init__(self, requests: list[Request] | None = None) -> None:
        self._requests: list[Request] = [] if requests is None else requests

    @overload
    def __getitem__(self, index: int) -> Request: ...
    @overload
    def __getitem__(self, index: slice) -> Log: ...
    def __getitem__(self, index: int | slice) -> Request | Log:
        """A request, or a part of the log."""
        if isinstance(index, slice):
            return Log(self._requests[index])
        return self._requests[index]

    def __len__(self) -> int:
        """How many there were."""
        return len(self._requests)

    def __iter__(self) -> Iterator[Request]:
        """Those that there are now: the log may grow meanwhile."""
        return iter(tuple(self._requests))

    def __repr__(self) -> str:
        """What was asked, a line each: a failing test shows it."""
        return "\n".join(["Log:", *(f"  {one.method} {one.host}{one.target}" for one in self)])

    def append(self, request: Request) -> None:
        """Note a request."""
        self._requests.append(request)

    def clear(self) -> None:
        """Forget all of them."""
        self._requests.clear()

    def to(self, host: str, path: str | None = None, method: str | None = None) -> Log:
        """Those to a host, to a path (without query) of it, by a method."""
        return Log(
            [
                one
                for one in self
                if one.host == host and path in (None, one.path) and method in (None, one.method)
            ]
        )

    @property
    def paths(self) -> list[str]:
        """What was asked, in order, queries included."""
        return [one.target for one in self]

    @property
    def hosts(self) -> set[str]:
        """Who was asked."""
        return {one.host for one in self}

    @property
    def connections(self) -> int:
        """How many connections the requests came by."""
        return len({one.connection for one in self})

    @property
    def most_in_flight(self) -> int:
        """How many requests were being answered at one time, at most."""
        steps = [(one.started, 1) for one in self]
        steps += [(math.inf if one.ended is None else one.ended, -1) for one in self]
        most = now = 0
        for _, step in sorted(steps):  # what ends at a moment, ends before what starts then
            now += step
            most = max(most, now)
        return most

    @property
    def smallest_gap(self) -> float:
        """The seconds between the starts of two successive requests, at least; inf if there are
        not two.
        """
        starts = sorted(one.started for one in self)
        return min((later - sooner for sooner, later in pairwise(starts)), default=math.inf)

    def most_within(self, seconds: float) -> int:
        """How many requests began within so many seconds, at most."""
        starts = sorted(one.started for one in self)
        most = first = 0
        for last, start in enumerate(starts):
            while start - starts[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    def since(self, moment: float) -> int:
        """How many began after a moment of the monotonic clock."""
        return sum(one.started > moment for one in self)

    def most_in_flight_by_host(self) -> dict[str, int]:
        """The most in flight at each host."""
        return {host: self.to(host).most_in_flight for host in self.hosts}

    def smallest_gap_by_host(self) -> dict[str, float]:
        """The smallest gap between starts at each host."""
        return {host: self.to(host).smallest_gap for host in self.hosts}

    @property
    def with_cookies(self) -> Log:
        """Those that brought a cookie."""
        return Log([one for one in self if "cookie" in one.headers])

    @property
    def with_credentials(self) -> Log:
        """Those that brought credentials."""
        return Log([one for one in self if "authorization" in one.headers])
