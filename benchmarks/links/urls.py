"""Which URLs an archive names: so many, in the archive's order, all of a host together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.links.web import HOSTS, PORT

SLOW_SECONDS = 30
SLOW_URLS = 4
FEW = 10

# Paths and how many of two hundred have them; the rest is /ok/.
_MIXTURE = (
    ("redirect", 12),
    ("404", 9),
    ("410", 1),
    ("403", 2),
    ("wall", 2),
    ("waf", 1),
    ("429", 4),
    ("500", 2),
    ("503-once", 1),
    ("slow/3", 2),
    ("soft404", 2),
    ("home", 1),
    ("reset", 1),
)
# Of 200, strewn: 47 and 200 have no common divisor.
_KINDS = [kind for kind, count in _MIXTURE for _ in range(count)]
_KINDS += ["ok"] * (200 - len(_KINDS))


def urls(kind: str, count: int, *, tls: bool = False) -> list[str]:
    """The URLs of a kind: `ok`, `few`, `text`, `mixture` or `slow`."""
    scheme = "https" if tls else "http"
    return [f"{scheme}://127.0.0.{host + 2}:{PORT}/{path}" for host, path in _MAKERS[kind](count)]


def _even(count: int, hosts: int, path: str) -> Iterator[tuple[int, str]]:
    for number in range(count):
        yield number * hosts // count, f"{path}/{number}"


def _mixture(count: int) -> Iterator[tuple[int, str]]:
    for number in range(count):
        yield number * HOSTS // count, f"{_KINDS[number * 47 % 200]}/{number}"


def _slow(count: int) -> Iterator[tuple[int, str]]:
    """The first host takes its time; the others have the rest between them."""
    for number in range(SLOW_URLS):
        yield 0, f"slow/{SLOW_SECONDS}/{number}"
    others = count - SLOW_URLS
    for number in range(others):
        yield 1 + number * (HOSTS - 1) // others, f"ok/{number}"


_MAKERS: dict[str, Callable[[int], Iterator[tuple[int, str]]]] = {
    "ok": lambda count: _even(count, HOSTS, "ok"),
    "few": lambda count: _even(count, FEW, "ok"),
    "text": lambda count: _even(count, HOSTS, "text"),
    "mixture": _mixture,
    "slow": _slow,
}
