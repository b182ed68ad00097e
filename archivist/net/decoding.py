"""Bodies that come compressed although nobody asked for it, decoded to their end. Pure.

libcurl decodes, too, but takes a stream that breaks off for one that ends: what looks like a
shorter page would be kept as the whole.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

_GZIP = ("gzip", "x-gzip")
_DEFLATE = "deflate"
_MOST = 5  # codings, one around the other
_HEAD = 2  # bytes that tell what a stream is
_RAW = -zlib.MAX_WBITS
_ANY = zlib.MAX_WBITS | 16


class Undecodable(ValueError):
    """A body is not what its headers say."""


def codings(header: str) -> list[str]:
    """The codings that `Content-Encoding` names (RFC 9110, 8.4), in the order of their making."""
    named = (one.strip().lower() for one in header.split(","))
    return [one for one in named if one and one != "identity"]


def is_known(names: Iterable[str]) -> bool:
    """True if bodies of these codings can be decoded here."""
    found = list(names)
    return len(found) <= _MOST and all(one in (*_GZIP, _DEFLATE) for one in found)


class Decoding:
    """Decodes a body of known codings, piece by piece."""

    def __init__(self, names: Iterable[str]) -> None:
        self._streams = [_Stream(name) for name in reversed(list(names))]

    def feed(self, data: bytes, most: int) -> bytes:
        """What these bytes give, at most so many; `most + 1` of them if there are more.

        Raises Undecodable.
        """
        for stream in self._streams:
            data = stream.feed(data, most + 1)
        return data

    @property
    def is_whole(self) -> bool:
        """True if every stream came to its end."""
        return all(stream.is_whole for stream in self._streams)


class _Stream:
    """One coding. What follows a stream's end is another member of gzip, or is left alone, as
    browsers do.
    """

    def __init__(self, name: str) -> None:
        self._is_gzip = name in _GZIP
        self._inflate = zlib.decompressobj(_ANY if self._is_gzip else zlib.MAX_WBITS)
        self._begun = False
        self._ended = False
        self._rest = b""

    @property
    def is_whole(self) -> bool:
        """True if the stream ended, or if nothing ever came."""
        return self._ended or not (self._begun or self._rest)

    def feed(self, data: bytes, most: int) -> bytes:
        """At most so many bytes of what these give. Raises Undecodable."""
        found = bytearray()
        data = self._rest + data
        self._rest = b""
        if not self._begun and len(data) < _HEAD:
            self._rest = data
            return b""
        while data and len(found) < most:
            if self._ended and not (self._is_gzip and self._restarts(data)):
                break
            found += self._inflated(data, most - len(found))
            self._ended = self._inflate.eof
            data = self._inflate.unused_data if self._ended else self._inflate.unconsumed_tail
        return bytes(found)

    def _restarts(self, data: bytes) -> bool:
        """True if another member begins here."""
        if data[0] != 0x1F or (len(data) > 1 and data[1] != 0x8B):
            return False
        if len(data) == 1:
            self._rest = data
            return False
        self._inflate, self._ended = zlib.decompressobj(_ANY), False
        return True

    def _inflated(self, data: bytes, most: int) -> bytes:
        first, self._begun = not self._begun, True
        try:
            return self._inflate.decompress(data, most)
        except zlib.error as error:
            if self._is_gzip or not first:
                raise Undecodable(str(error)) from error
        self._inflate = zlib.decompressobj(_RAW)  # many servers send what the name says, RFC 1951
        try:
            return self._inflate.decompress(data, most)
        except zlib.error as error:
            raise Undecodable(str(error)) from error
