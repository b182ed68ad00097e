"""What is measured: each scenario is a web, limits, and how many requests may be in flight."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.links.web import HOSTS

DEFAULT = 64  # requests in flight, if archivist is told nothing
FLAT_OUT = 256
LYCHEE_DEFAULT = 128


@dataclass(frozen=True)
class Scenario:
    """URLs of a kind, the web's latency in milliseconds, limits a host (interval in seconds).

    `ours` and `theirs`: how many requests archivist and lychee may have in flight, one row each;
    of lychee also how often it runs, where that is less than usual. `floor`: seconds that nobody
    can beat within these limits, apart from the time that a process needs to begin.
    """

    key: str
    title: str
    urls: int
    kind: str = "ok"
    latency: int = 200
    tls: bool = False
    per_host: int = 10
    interval: float = 0.0
    ours: tuple[int, ...] = (FLAT_OUT,)
    theirs: tuple[tuple[int, int | None], ...] = ((FLAT_OUT, None),)
    floor: float | None = None
    finds: bool = False
    fresh: bool = False
    bodies: bool = False

    @property
    def is_large(self) -> bool:
        return self.urls > 20_000


_ALL = ((FLAT_OUT, None), (LYCHEE_DEFAULT, None), (2000, None))
_FLOOR = 2000 / FLAT_OUT * 0.2

SCENARIOS = (
    Scenario(
        "polite",
        f"Polite: 2,000 URLs on {HOSTS} hosts, 1 in flight and 1 s apart per host, 200 ms",
        2000,
        per_host=1,
        interval=1.0,
        ours=(DEFAULT,),
        theirs=((LYCHEE_DEFAULT, 1), (2000, None)),
        floor=9 * 1.0 + 0.2,
    ),
    Scenario(
        "few",
        "Few hosts: 200 URLs on each of 10 hosts, 10 in flight and 50 ms apart per host, 200 ms",
        2000,
        kind="few",
        interval=0.05,
        ours=(DEFAULT,),
        theirs=((LYCHEE_DEFAULT, 1), (512, 1), (2000, 1)),
        floor=199 * 0.05 + 0.2,
    ),
    Scenario("plain", "Flat out, plain: 2,000 URLs, 200 ms", 2000, theirs=_ALL, floor=_FLOOR),
    Scenario("tls", "Flat out, TLS: 2,000 URLs, 200 ms", 2000, tls=True, theirs=_ALL, floor=_FLOOR),
    Scenario("instant", "Flat out, plain: 10,000 URLs, 0 ms", 10_000, latency=0, theirs=_ALL),
    Scenario(
        "mixture",
        "A mixture of answers: 2,000 URLs, 10 in flight and 50 ms apart per host, 200 ms",
        2000,
        kind="mixture",
        interval=0.05,
        ours=(DEFAULT, FLAT_OUT),
        theirs=((LYCHEE_DEFAULT, None), (FLAT_OUT, None)),
        finds=True,
    ),
    Scenario("memory-10k", "Memory: 10,000 URLs, 0 ms", 10_000, latency=0),
    Scenario("memory-100k", "Memory: 100,000 URLs, 0 ms", 100_000, latency=0),
    Scenario(
        "bodies", "Bodies compared: 2,000 URLs, 0 ms", 2000, kind="text", latency=0, bodies=True
    ),
    Scenario("calm", "No slow host: 2,000 URLs, 200 ms", 2000, ours=(DEFAULT,), theirs=()),
    Scenario(
        "slow",
        "One slow host: 4 URLs that take 30 s, 1,996 on 199 others that take 200 ms",
        2000,
        kind="slow",
        ours=(DEFAULT,),
        theirs=((LYCHEE_DEFAULT, 1),),
        finds=True,
    ),
    Scenario("fresh", "A second run, everything fresh: 10,000 URLs", 10_000, latency=0, fresh=True),
)
