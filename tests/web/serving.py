"""The server behind all hosts: one loop in a thread, HTTP/1.1 with connections kept alive."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import ssl
import threading
from collections.abc import Coroutine
from time import monotonic
from typing import Any

from web.host import Host
from web.line import Line
from web.log import Log
from web.request import Request

_MOST_HEAD = 256 * 1024  # of a request
# What ends a connection without being anybody's mistake; cancelled are those open at the end.
_GIVEN_UP = (
    *(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, TimeoutError),
    asyncio.CancelledError,
)


class Server:
    """Listens wherever it is told to. `mistakes` holds what went wrong on our own side."""

    def __init__(self, log: Log) -> None:
        self.mistakes: list[BaseException] = []
        self._log = log
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(self._note)
        self._thread = threading.Thread(target=self._loop.run_forever, name="web", daemon=True)
        self._servers: list[asyncio.Server] = []
        self._open: set[_Protocol] = set()
        self._numbers = itertools.count(1)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End every connection, then the thread."""
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def listen(self, host: Host, listener: socket.socket, context: ssl.SSLContext | None) -> None:
        """Serve a host on a socket that is bound."""
        self._run(self._listen(host, listener, context))

    def _run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _listen(
        self, host: Host, listener: socket.socket, context: ssl.SSLContext | None
    ) -> None:
        server = await self._loop.create_server(
            lambda: _Protocol(self, host, context is not None),
            sock=listener,
            ssl=context,
            backlog=1024,
        )
        self._servers.append(server)

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for protocol in tuple(self._open):
            protocol.abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # lets the transports say goodbye

    def _note(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None and not isinstance(error, OSError):  # what clients do is theirs
            self.mistakes.append(error)

    async def converse(self, line: Line, host: Host, tls: bool) -> None:
        """Answer the requests of a connection, one after the other."""
        number = next(self._numbers)
        with contextlib.suppress(*_GIVEN_UP):
            while not line.ended:
                request = await _read(line, host.name, number, tls)
                if request is None:
                    break
                self._log.append(request)
                try:
                    await host.answer_to(request)(line, request)
                finally:
                    request.ended = monotonic()
                if request.headers.get("connection", "").lower() == "close":
                    break
        if not line.ended:
            line.close()

    def opened(self, protocol: _Protocol) -> None:
        """Note a connection."""
        self._open.add(protocol)

    def closed(self, protocol: _Protocol) -> None:
        """Forget it."""
        self._open.discard(protocol)


class _Protocol(asyncio.StreamReaderProtocol):
    """Streams that notice at once when a client goes, also while nobody reads."""

    def __init__(self, server: Server, host: Host, tls: bool) -> None:
        self._gone = asyncio.Event()
        self._server, self._host, self._tls = server, host, tls
        self._line_transport: asyncio.BaseTransport | None = None
        super().__init__(asyncio.StreamReader(limit=_MOST_HEAD), self._begin)

    async def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._server.converse(Line(reader, writer, self._gone), self._host, self._tls)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line_transport = transport
        self._server.opened(self)
        super().connection_made(transport)

    def eof_received(self) -> bool:
        self._gone.set()
        super().eof_received()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone.set()
        self._server.closed(self)
        super().connection_lost(exc)

    def abort(self) -> None:
        """Drop the connection."""
        if isinstance(self._line_transport, asyncio.WriteTransport):
            self._line_transport.abort()


async def _read(line: Line, host: str, connection: int, tls: bool) -> Request | None:
    """The next request; None if the client has no more, or speaks no HTTP."""
    try:
        head = await line.reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
    started = monotonic()
    first, *lines = head.decode("utf-8", "surrogateescape").removesuffix("\r\n\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return None
    pairs = (one.partition(":") for one in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = headers.get("content-length", "0")
    body = await line.reader.readexactly(int(length)) if length.isdigit() else b""
    return Request(started, host, words[0], words[1], headers, connection, tls, body)
