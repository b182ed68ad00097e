"""One fetch under way: a libcurl handle, what it may do, and what it has read so far."""

from __future__ import annotations

import errno
import os
import socket

import pycurl

from archivist.config.scan import NetworkSettings
from archivist.errors import EnvironmentFailure
from archivist.net.decoding import Decoding, Undecodable, codings, is_known
from archivist.net.failures import failure_of
from archivist.net.fetch import Answer, Failure, Fetch, Trouble, Wire
from archivist.net.guard import is_public
from archivist.net.wire import host_of, port_of

_OURS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)  # of no server's making
_MAX_HEADERS = 64 << 10  # bytes of an answer's headers
_UNDECODED = Failure(Trouble.PROTOCOL, "sends a body that cannot be decoded")
_ACCEPT = "Accept: text/html,application/xhtml+xml,*/*;q=0.8"


class Exchange:
    """A handle for one fetch after the other. It connects to public addresses only, unless private
    ones are allowed, speaks only HTTP, verifies certificates, sends no credentials, knows no
    proxy, and reads no more than it should.
    """

    def __init__(self, settings: NetworkSettings, agent: str, authorities: str) -> None:
        self._settings = settings
        self._pins = dict(settings.hosts)
        self.handle = pycurl.Curl()
        self._fetch = Fetch("")
        self._sockets: list[socket.socket] = []
        self._has_cookies = False
        self._reset()
        for option, value in (
            (pycurl.NOSIGNAL, 1),
            (pycurl.USERAGENT, agent),
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.PROXY, ""),
            (pycurl.NETRC, pycurl.NETRC_IGNORED),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.CAINFO, authorities),
            (pycurl.SSL_VERIFYPEER, 1),
            (pycurl.SSL_VERIFYHOST, 2),
            (pycurl.COOKIEFILE, ""),
            (pycurl.CONNECTTIMEOUT_MS, _milliseconds(settings.connect_timeout)),
            (pycurl.OPENSOCKETFUNCTION, self._open_socket),
            (pycurl.HEADERFUNCTION, self._take_header),
            (pycurl.WRITEFUNCTION, self._take_body),
            (pycurl.DEBUGFUNCTION, self._take_request),
        ):
            self.handle.setopt(option, value)

    def begin(self, fetch: Fetch, url: str, *, anyhow: bool = False) -> None:
        """Set out for a fetch, whose URL on the wire is `url`. A recorded body is decoded here, to
        see whether it is whole; `anyhow`: by libcurl, which knows more codings.
        """
        self._reset()
        self._let_go()
        self._decodes = fetch.recorded and not anyhow
        self._fetch = fetch
        self._limit = self._settings.max_body if fetch.limit is None else fetch.limit
        handle = self.handle
        handle.setopt(pycurl.URL, url)
        handle.setopt(pycurl.ACCEPT_ENCODING, "identity" if fetch.recorded else "")
        handle.setopt(pycurl.HTTP_CONTENT_DECODING, int(not self._decodes))
        handle.setopt(pycurl.VERBOSE, int(fetch.recorded))  # else nobody hears of the request
        accepts = any(one[:7].lower() == "accept:" for one in fetch.headers)
        handle.setopt(pycurl.HTTPHEADER, [*fetch.headers] if accepts else [_ACCEPT, *fetch.headers])
        if fetch.form is None:
            handle.setopt(pycurl.HTTPGET, 1)
        else:
            handle.setopt(pycurl.COPYPOSTFIELDS, fetch.form)
        timeout = self._settings.timeout if fetch.timeout is None else fetch.timeout
        handle.setopt(pycurl.TIMEOUT_MS, _milliseconds(timeout))
        if self._has_cookies:  # those of another conversation
            handle.setopt(pycurl.COOKIELIST, "ALL")
        self._has_cookies = bool(fetch.cookies)
        for cookie in fetch.cookies:
            handle.setopt(pycurl.COOKIELIST, cookie)
        if self._pins:
            self._pin(url)

    def end(self, code: int, message: str) -> Answer:
        """What came of it, given libcurl's error code and message.

        Raises EnvironmentFailure if this process may open no more connections.
        """
        handle = self.handle
        self._let_go()
        if code != pycurl.E_OK and self._shortage:
            raise EnvironmentFailure(
                f"no more connections can be opened: {self._shortage}",
                "let it open more files (`ulimit -n`), or lower [network] concurrency",
            )
        status = handle.getinfo(pycurl.RESPONSE_CODE)
        cut = code in (pycurl.E_WRITE_ERROR, pycurl.E_PARTIAL_FILE) and bool(status)
        cut = cut or (code == pycurl.E_OPERATION_TIMEDOUT and len(self._body) > self._limit // 2)
        if self._undecodable:
            cut = False
        elif code == pycurl.E_OK and self._decoding is not None:
            cut = not self._decoding.is_whole
        failure = None if code == pycurl.E_OK or cut else self._failure(code, message)
        if self._too_many_headers:
            failure = Failure(Trouble.TOO_MUCH, "sends headers without end")
        cookies = tuple(handle.getinfo(pycurl.INFO_COOKIELIST))
        self._has_cookies = self._has_cookies or bool(cookies)
        return Answer(
            self._fetch.url,
            0 if failure else status,
            self._headers,
            bytes(self._body),
            cut,
            failure,
            handle.getinfo(pycurl.TOTAL_TIME),
            handle.getinfo(pycurl.PRIMARY_IP),
            cookies,
            self._wire() if self._fetch.recorded and not failure else None,
        )

    def close(self) -> None:
        """Let go of everything, whatever is under way."""
        self.handle.close()
        self._let_go()

    def _let_go(self) -> None:
        while self._sockets:
            self._sockets.pop().close()

    @property
    def is_beyond_us(self) -> bool:
        """True if the body came in a coding that only libcurl decodes: it was not read."""
        return self._is_beyond_us

    def _reset(self) -> None:
        self._decodes = False
        self._decoding: Decoding | None = None
        self._is_beyond_us = False
        self._undecodable = False
        self._headers: dict[str, str] = {}
        self._heads: list[bytes] = []
        self._request = b""
        self._header_bytes = 0
        self._too_many_headers = False
        self._body = bytearray()
        self._limit = 0
        self._refused = ""
        self._shortage = ""

    def _failure(self, code: int, message: str) -> Failure:
        if self._refused:
            words = f"is at {self._refused}, an address that is not of the public internet"
            return Failure(Trouble.PRIVATE, words)
        if code == pycurl.E_BAD_CONTENT_ENCODING or self._undecodable:
            return _UNDECODED
        connected = self.handle.getinfo(pycurl.CONNECT_TIME) > 0
        return failure_of(code, message, self.handle.getinfo(pycurl.OS_ERRNO), connected)

    def _pin(self, url: str) -> None:
        host = host_of(url)
        address = self._pins.get(host)
        pinned = [f"{host}:{port_of(url)}:{address}"] if address else []
        self.handle.setopt(pycurl.RESOLVE, pinned)

    def _open_socket(self, _purpose: int, place: tuple[int, int, int, tuple[str, int]]) -> object:
        """Refuse or make the socket for an address: names are resolved by now."""
        family, kind, protocol, address = place
        if not self._settings.allow_private_networks and not is_public(address[0]):
            self._refused = address[0]
            return pycurl.SOCKET_BAD
        try:
            made = socket.socket(family, kind, protocol)
            self._sockets.append(made)  # libcurl gets a duplicate; this one is closed at the end
            os.close(os.dup(made.fileno()))  # there is room for that
        except OSError as error:
            if error.errno in _OURS:
                self._shortage = error.strerror or "there is no room"
            return pycurl.SOCKET_BAD
        return made

    def _take_header(self, line: bytes) -> int | None:
        self._header_bytes += len(line)
        if self._header_bytes > _MAX_HEADERS:
            self._too_many_headers = True
            return -1
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            name, value = name.strip().lower(), value.strip()
            known = self._headers.get(name)
            self._headers[name] = value if known is None else f"{known}, {value}"
        elif name.startswith("HTTP/"):
            self._headers = {}  # those before were of an interim answer
            self._heads = []
        if self._fetch.recorded:
            self._heads.append(line)
        return None

    def _take_request(self, kind: int, data: bytes) -> None:
        if kind == pycurl.INFOTYPE_HEADER_OUT and len(data) <= _MAX_HEADERS:
            self._request = data  # of several the last one: a connection that was dead

    def _wire(self) -> Wire:
        first, *lines = self._heads or [b""]
        status = first.decode("latin-1").partition(" ")[2].strip()
        asked = self._request.split(b"\r\n")[1:]
        return Wire(_pairs(asked), status, _pairs(lines))

    def _take_body(self, data: bytes) -> int | None:
        room = self._limit - len(self._body)
        if self._decodes:
            found = self._decoded(data, room)
            if found is None:
                return 0
            data = found
        if len(data) > room:
            self._body += data[:room]
            return 0  # enough: libcurl ends with E_WRITE_ERROR
        self._body += data
        return None

    def _decoded(self, data: bytes, room: int) -> bytes | None:
        """What these bytes of the body give; None if they give nothing that can be read."""
        names = codings(self._headers.get("content-encoding", ""))
        if not names:
            return data
        if not is_known(names):
            self._is_beyond_us = self._undecodable = True
            return None
        if self._decoding is None:
            self._decoding = Decoding(names)
        try:
            return self._decoding.feed(data, room)
        except Undecodable:
            self._undecodable = True
            return None


def _pairs(lines: list[bytes]) -> tuple[tuple[str, str], ...]:
    """The headers in these lines; what is none is left out."""
    parts = (line.decode("latin-1").strip().partition(":") for line in lines)
    return tuple((name.strip(), value.strip()) for name, colon, value in parts if colon)


def _milliseconds(seconds: float) -> int:
    return max(int(seconds * 1000), 1)
