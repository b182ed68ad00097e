"""What is asked of a server, and what came back: values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Fetch(NamedTuple):
    """One GET, or a POST of `form`, which is sent as an HTML form is. Redirects are not followed:
    each hop is a fetch of its own.

    `lane` is whose turn it takes: by default that of the URL's host. `later` is how many seconds it
    must wait at least, behind everything else in its lane. `limit` is how many bytes of the body
    are kept, `timeout` how many seconds it may take; None for the usual. `cookies` are those that
    an earlier answer of the same conversation set. `wanted` is asked when its turn comes: if it
    says no, nothing is asked, and the answer is a failure (`Trouble.SILENT`). `recorded` asks for a
    body without compression, and keeps with the answer what went over the wire (`Wire`).
    """

    url: str
    lane: str = ""
    headers: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    later: float = 0.0
    limit: int | None = None
    timeout: float | None = None
    wanted: Callable[[], bool] | None = None
    recorded: bool = False
    form: str | None = None


class Secret(str):
    """A header that holds credentials: it is sent, and never shown."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<secret>"


class Wire(NamedTuple):
    """The heads of a request and of its answer, as they went over the wire: names as they were
    written, in their order, repeated ones too. `status` is such as `200 OK`. The body of the answer
    has been decoded if `Content-Encoding` is among its headers.
    """

    asked: tuple[tuple[str, str], ...] = ()
    status: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Trouble(StrEnum):
    """Why there is no answer."""

    NO_SUCH_NAME = "no-such-name"
    NAME_LOOKUP = "name-lookup"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    CLOSED = "closed"
    PROTOCOL = "protocol"
    TOO_MUCH = "too-much"
    PRIVATE = "private"
    URL = "url"
    SILENT = "silent"  # was not asked, because others were not answered


class Failure(NamedTuple):
    """Why there is no answer, and the same in words: the rest of "the server …"."""

    trouble: Trouble
    words: str


class Answer(NamedTuple):
    """What came back: a status with headers (lower-case names) and the body, or a failure.

    `cut` is True if the body was longer than was wanted, or ended early. `seconds` is how long it
    took, `address` who answered, `wire` what went over the wire if the fetch wanted to know.
    """

    url: str
    status: int = 0
    headers: Mapping[str, str] = NO_HEADERS
    body: bytes = b""
    cut: bool = False
    failure: Failure | None = None
    seconds: float = 0.0
    address: str = ""
    cookies: tuple[str, ...] = ()
    wire: Wire | None = None

    @property
    def location(self) -> str:
        """Where a redirect leads to, as it was said; blank if the answer is no redirect."""
        return self.headers.get("location", "") if self.status in _REDIRECTS else ""

    @property
    def is_permanent(self) -> bool:
        """True for a redirect that says it is for good (RFC 9110, 15.4)."""
        return self.status in (301, 308)


_REDIRECTS = frozenset((301, 302, 303, 307, 308))
