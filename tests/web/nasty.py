"""What hostile and broken servers do on the socket."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import struct
import zlib
from functools import cache

from web.answer import Behaviour, head
from web.line import Line
from web.request import Request

_MIB = bytes(1 << 20)
_HTML = ("Content-Type", "text/html")
_OPENING = head(200, [_HTML, ("Connection", "close")])  # the end of the connection ends the body


@cache
def _block() -> bytes:
    """A MiB of zeros, deflated so that it can be repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(_MIB) + packer.flush(zlib.Z_FULL_FLUSH)


def bomb(mebibytes: int = 1024) -> Behaviour:
    """A gzip-ed body of so many MiB of zeros, a thousandth as large on the line."""

    async def behave(line: Line, request: Request) -> None:
        await line.write(head(200, [_HTML, ("Content-Encoding", "gzip"), ("Connection", "close")]))
        await line.write(b"\x1f\x8b\x08\0\0\0\0\0\2\xff")  # RFC 1952
        crc = 0
        for _ in range(mebibytes):
            await line.write(_block())
            crc = zlib.crc32(_MIB, crc)
        await line.write(b"\3\0" + struct.pack("<II", crc, (mebibytes << 20) & 0xFFFFFFFF))
        line.close()

    return behave


BOMB = bomb()


def layered_bomb(layers: int = 3) -> Behaviour:
    """A bomb of 16 MiB in several layers of gzip, which Content-Encoding admits."""
    body = bytes(16 << 20)
    for _ in range(layers):
        body = gzip.compress(body)

    async def behave(line: Line, request: Request) -> None:
        encoding = ("Content-Encoding", ", ".join(["gzip"] * layers))
        await line.write(head(200, [_HTML, encoding, ("Content-Length", str(len(body)))]) + body)

    return behave


async def ENDLESS_BODY(line: Line, request: Request) -> None:  # noqa: N802 - a constant to tests
    """A body that never ends, as fast as it is taken."""
    await line.write(head(200, [_HTML, ("Transfer-Encoding", "chunked")]))
    piece = b"<p>and so on and so forth</p>\n" * 2048
    while True:
        await line.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        await asyncio.sleep(0)  # others want the thread as well


def drip(seconds: float = 1.0, count: int | None = None) -> Behaviour:
    """A body of so many bytes (None: without end), one by one, so many seconds apart."""

    async def behave(line: Line, request: Request) -> None:
        length = [] if count is None else [("Content-Length", str(count))]
        await line.write(head(200, [_HTML, *length]))
        for number in itertools.count() if count is None else range(count):
            await line.write(b"Be kind. "[number % 9 :][:1])
            await line.sleep(seconds)
        line.close()

    return behave


def slow_head(seconds: float = 1.0) -> Behaviour:
    """A status line whose bytes come one by one, and then headers without end likewise."""

    async def behave(line: Line, request: Request) -> None:
        for byte in itertools.chain(b"HTTP/1.1 200 OK\r\nX-Slow: ", itertools.repeat(ord("a"))):
            await line.write(bytes([byte]))
            await line.sleep(seconds)

    return behave


async def HEADER_FLOOD(line: Line, request: Request) -> None:  # noqa: N802
    """Headers that never end."""
    await line.write(b"HTTP/1.1 200 OK\r\n")
    for number in itertools.count():
        await line.write(b"".join(b"X-Flood-%d-%d: water\r\n" % (number, at) for at in range(500)))
        await asyncio.sleep(0)


async def HUGE_HEADER(line: Line, request: Request) -> None:  # noqa: N802
    """One header of 10 MB."""
    page = b"<p>Be kind.</p>"
    start = head(200, [_HTML, ("Content-Length", str(len(page)))]).removesuffix(b"\r\n")
    await line.write(start + b"X-Huge: ")
    for _ in range(100):
        await line.write(b"a" * 100_000)
    await line.write(b"\r\n\r\n" + page)


async def INTERIM_FLOOD(line: Line, request: Request) -> None:  # noqa: N802
    """103 Early Hints, and again, without an answer ever."""
    while True:
        await line.write(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" * 500)
        await asyncio.sleep(0)


async def SILENT(line: Line, request: Request) -> None:  # noqa: N802
    """Never answers."""
    await line.sleep(None)


async def SILENT_BODY(line: Line, request: Request) -> None:  # noqa: N802
    """Headers, and then nothing."""
    await line.write(head(200, [_HTML, ("Content-Length", "1000")]))
    await line.sleep(None)


async def CUT(line: Line, request: Request) -> None:  # noqa: N802
    """Closes in the middle of the body."""
    await line.write(head(200, [_HTML, ("Content-Length", "10000")]) + b"<p>Be k")
    line.close()


async def CUT_CHUNKED(line: Line, request: Request) -> None:  # noqa: N802
    """Closes in the middle of a chunk."""
    await line.write(head(200, [_HTML, ("Transfer-Encoding", "chunked")]) + b"ff\r\n<p>Be k")
    line.close()


async def HALF_CLOSED(line: Line, request: Request) -> None:  # noqa: N802
    """Stops in the middle of the body, and leaves the connection half open."""
    await line.write(head(200, [_HTML, ("Content-Length", "10000")]) + b"<p>Be k")
    line.half_close()
    await line.sleep(None)


async def RESET(line: Line, request: Request) -> None:  # noqa: N802
    """Resets the connection (RST) instead of answering."""
    line.reset()


async def RESET_BODY(line: Line, request: Request) -> None:  # noqa: N802
    """Resets the connection in the middle of the body."""
    await line.write(head(200, [_HTML, ("Content-Length", "10000")]) + b"<p>Be k")
    await line.sleep(0.05)  # so that this much arrives
    line.reset()


async def EMPTY_REPLY(line: Line, request: Request) -> None:  # noqa: N802
    """Closes without a word."""
    line.close()


async def GARBAGE(line: Line, request: Request) -> None:  # noqa: N802
    """Speaks something else than HTTP."""
    await line.write(b"SSH-2.0-harbour\r\n\x00\xff\x13 permission denied\r\n")
    line.close()


async def BAD_CHUNKS(line: Line, request: Request) -> None:  # noqa: N802
    """Chunks whose sizes are no numbers."""
    await line.write(head(200, [_HTML, ("Transfer-Encoding", "chunked")]) + b"zz\r\nBe kind\r\n")
    line.close()


async def BAD_GZIP(line: Line, request: Request) -> None:  # noqa: N802
    """Says that it is gzip-ed, and is not."""
    page = b"<p>Be kind, always, to everyone.</p>"
    headers = [_HTML, ("Content-Encoding", "gzip"), ("Content-Length", str(len(page)))]
    await line.write(head(200, headers) + page)


async def NO_LENGTH(line: Line, request: Request) -> None:  # noqa: N802
    """HTTP/1.0, whose body ends where the connection does."""
    page = b"<title>Old</title><p>Be kind.</p>"
    await line.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + page)
    line.close()


async def STALE_KEEP_ALIVE(line: Line, request: Request) -> None:  # noqa: N802
    """Answers well, and then closes the connection that it did not say it would close."""
    page = b"<p>Be kind.</p>"
    await line.write(head(200, [_HTML, ("Content-Length", str(len(page)))]) + page)
    line.close()
