"""The line to a client: bytes both ways, and every way of ending it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct


class Line:
    """A connection, as an answer sees it. Writing to a client that has gone raises
    ConnectionError, which ends the answer.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gone: asyncio.Event
    ) -> None:
        self.reader = reader
        self.ended = False  # no further request is taken from it
        self._writer = writer
        self._gone = gone

    async def write(self, data: bytes) -> None:
        """Send bytes, waiting while the client is slow to take them."""
        self._writer.write(data)
        await self._writer.drain()

    async def sleep(self, seconds: float | None) -> None:
        """Wait, for ever if None; raises ConnectionResetError once the client has gone."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), seconds)
            raise ConnectionResetError("the client has gone")

    def close(self) -> None:
        """End it in an orderly way, after what was written."""
        self.ended = True
        self._writer.close()

    def half_close(self) -> None:
        """Say that nothing more will come, and leave it open."""
        self._writer.write_eof()

    def reset(self) -> None:
        """End it with an RST."""
        self.ended = True
        raw = self._writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
