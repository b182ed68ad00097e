"""Answers: what a path says to a request, and the ways to put that together."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Protocol

from web.line import Line
from web.request import Request

HTML = "text/html; charset=utf-8"
Headers = Mapping[str, str | Sequence[str]]  # a header with several values stands there repeatedly

_PACKERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}
_BODILESS = {204, 304}


class Behaviour(Protocol):
    """Whatever a path can do. An Answer is one, and so is any `async def (line, request)`."""

    async def __call__(self, line: Line, request: Request) -> None:
        """Answer the request, or whatever it is that one does instead."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as HTTP means it. `packed` compresses the body (`gzip`, `deflate`); `chunked`
    sends it without a length; `delay` waits that many seconds before the first byte.
    """

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    packed: str | None = None
    chunked: bool = False

    async def __call__(self, line: Line, request: Request) -> None:
        """Send it; to HEAD without the body."""
        if self.delay:
            await line.sleep(self.delay)
        head, body = self.parts()
        await line.write(head if request.method == "HEAD" else head + body)

    def parts(self) -> tuple[bytes, bytes]:
        """Head and body, as they go over the line."""
        body = _PACKERS[self.packed](self.body) if self.packed else self.body
        headers = list(self.headers)
        if self.packed:
            headers.append(("Content-Encoding", self.packed))
        if self.chunked:
            headers.append(("Transfer-Encoding", "chunked"))
            body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        elif self.status not in _BODILESS:
            headers.append(("Content-Length", str(len(body))))
        return head(self.status, headers), body

    def header(self, name: str, value: str) -> Answer:
        """The same with one header more."""
        return replace(self, headers=(*self.headers, (name, value)))


def head(status: int, headers: Sequence[tuple[str, str]]) -> bytes:
    """Status line and headers. Values go out as UTF-8, right or wrong."""
    lines = [
        f"HTTP/1.1 {status} {reason(status)}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")


def reason(status: int) -> str:
    """The phrase of a status, if it has one."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unheard Of"


def answer(
    body: str | bytes = b"",
    status: int = 200,
    headers: Headers | None = None,
    *,
    delay: float = 0.0,
    content_type: str | None = HTML,
    packed: str | None = None,
    chunked: bool = False,
) -> Answer:
    """An answer with a body: text goes out as UTF-8; a content type of None leaves it out."""
    listed = [("Content-Type", content_type)] if content_type else []
    for name, value in (headers or {}).items():
        listed += [(name, one) for one in ([value] if isinstance(value, str) else value)]
    data = body.encode() if isinstance(body, str) else body
    return Answer(status, data, tuple(listed), delay, packed, chunked)


def redirection(location: str, status: int = 301, headers: Headers | None = None) -> Answer:
    """A redirect; the location goes out as it is given."""
    return answer("Moved.", status, {"Location": location, **(headers or {})})


def computed(function: Callable[[Request], Behaviour]) -> Behaviour:
    """An answer that depends on the request."""

    async def behave(line: Line, request: Request) -> None:
        await function(request)(line, request)

    return behave


def script(*behaviours: Behaviour) -> Behaviour:
    """One behaviour after the other, one a request; the last one stays."""
    waiting = list(behaviours)

    async def behave(line: Line, request: Request) -> None:
        following = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        await following(line, request)

    return behave
