"""A client that shows what came over the line, without any opinion of its own."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from web import Web


@dataclass(frozen=True)
class Reply:
    """What came back. Headers by lower-case name; values of one name joined by `, `."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body, as UTF-8."""
        return self.body.decode("utf-8", "replace")


def connect(web: Web, url: str, timeout: float = 5.0) -> http.client.HTTPConnection:
    """A connection to the host of a URL; its port may be left out."""
    parts = urlsplit(url)
    name = (parts.hostname or "").encode("idna").decode()
    tls = parts.scheme == "https"
    place = urlsplit(web.url(name, tls=tls))
    if not tls:
        return http.client.HTTPConnection(web.addresses[name], place.port, timeout=timeout)
    connection = http.client.HTTPSConnection(name, place.port, timeout=timeout, context=trust(web))
    connection._create_connection = (  # type: ignore[attr-defined]  # pins the name
        lambda address, *rest: _create(web.addresses[name], address[1], *rest)
    )
    return connection


def trust(web: Web) -> ssl.SSLContext:
    """A context that trusts the web's authority only."""
    return ssl.create_default_context(cafile=web.environment()["SSL_CERT_FILE"])


def ask(
    web: Web,
    url: str,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "GET",
    body: str | None = None,
    timeout: float = 5.0,
) -> Reply:
    """The reply to one request by a connection of its own."""
    connection = connect(web, url, timeout)
    try:
        return say(connection, url, headers, method=method, body=body)
    finally:
        connection.close()


def say(
    connection: http.client.HTTPConnection,
    url: str,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "GET",
    body: str | None = None,
) -> Reply:
    """The reply to one request by a connection that is there."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request(method, target, body, {"Host": parts.netloc, **(headers or {})})
    response = connection.getresponse()
    data = response.read()
    found: dict[str, str] = {}
    for name, value in response.getheaders():
        lower = name.lower()
        found[lower] = f"{found[lower]}, {value}" if lower in found else value
    return Reply(response.status, found, data)


@dataclass(frozen=True)
class Wire:
    """What came over a plain socket, and how it ended: `closed`, `reset`, `waiting`, `enough`."""

    data: bytes
    end: str


def wire(web: Web, url: str, most: int = 1 << 20, timeout: float = 5.0) -> Wire:
    """The bytes that answer a GET: at most so many, waiting so long for each portion."""
    parts = urlsplit(url)
    data = bytearray()
    with plug(web, parts.hostname or "", timeout) as line:
        request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close"
        line.sendall(f"{request}\r\n\r\n".encode())
        while len(data) < most:
            try:
                portion = line.recv(1 << 16)
            except ConnectionResetError:
                return Wire(bytes(data), "reset")
            except TimeoutError:
                return Wire(bytes(data), "waiting")
            if not portion:
                return Wire(bytes(data), "closed")
            data += portion
    return Wire(bytes(data), "enough")


def plug(web: Web, name: str, timeout: float = 1.0) -> socket.socket:
    """A plain connection to a name."""
    port = urlsplit(web.url(name)).port
    return socket.create_connection((web.addresses[name], port or 0), timeout)


def _create(address: str, port: int, timeout: float, *_: object) -> socket.socket:
    return socket.create_connection((address, port), timeout)
