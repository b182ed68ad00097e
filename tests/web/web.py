"""The web: hosts on loopback addresses, real sockets, one thread."""

from __future__ import annotations

import json
import socket
import tempfile
from functools import cached_property
from ipaddress import IPv4Address
from pathlib import Path
from types import TracebackType
from typing import Self

from web.archive_org import Wayback
from web.certificates import Authority, Certificate
from web.host import Host
from web.http2 import Http2Host
from web.log import Log
from web.serving import Server

ARCHIVE = "web-archive.example"
_FIRST = IPv4Address("127.0.0.2")  # 127.0.0.1 keeps the ports for us, and refuses


class Web:
    """Hosts, each of an address of its own, on one port for HTTP and one for HTTPS.

        with Web() as web:
            web.host("quay.example").page("/conduct", "Be kind.")
            get(web.url("quay.example", "/conduct"))
            assert web.requests.to("quay.example").paths == ["/conduct"]

    On exit it raises what went wrong in the server itself.
    """

    def __init__(self) -> None:
        self.requests = Log()
        self.hosts: dict[str, Host] = {}
        self.addresses: dict[str, str] = {}  # of every name, also of those that nobody serves
        self._server = Server(self.requests)
        self._secure: set[str] = set()
        self._sockets: list[socket.socket] = []
        self._http2: list[Http2Host] = []

    def __enter__(self) -> Self:
        """Take two ports, and start."""
        self._folder = tempfile.TemporaryDirectory(prefix="web-")
        self._port, self._tls_port = (
            self._bound("127.0.0.1", 0).getsockname()[1] for _ in range(2)
        )
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self._server.stop()
        for host in self._http2:
            host.close()
        for one in self._sockets:
            one.close()
        self._folder.cleanup()
        if self._server.mistakes and error is None:
            raise self._server.mistakes[0]

    def host(self, name: str, *, certificate: Certificate = "good", ipv6: bool = False) -> Host:
        """The host of a name, which is made when it is first asked for. One host may stand on
        `::1`, if the machine has IPv6.
        """
        name = _ascii(name)
        if name not in self.hosts:
            address = "::1" if ipv6 else self._take(name)
            self.addresses[name] = address
            self.hosts[name] = Host(name, address, certificate)
            self._server.listen(self.hosts[name], self._bound(address, self._port), None)
        return self.hosts[name]

    def http2(self, name: str, text: str) -> Http2Host:
        """A host that speaks only HTTP/2, on a port of its own, and shows one page everywhere."""
        address = self._take(name)
        context = self._authority.context(name, address, "good")
        self._http2.append(Http2Host(name, address, context, text))
        return self._http2[-1]

    def refuse(self, name: str) -> None:
        """Let a name have an address at which every connection is refused."""
        self._take(_ascii(name))

    def ignore(self, name: str) -> None:
        """Let a name have an address at which connections are never established."""
        address = self._take(_ascii(name))
        for port in (self._port, self._tls_port):
            self._bound(address, port).listen(0)
            for _ in range(2):  # fill the queue: the kernel drops what comes then
                one = socket.socket()
                self._sockets.append(one)
                one.setblocking(False)
                one.connect_ex((address, port))

    def url(self, name: str, path: str = "/", *, tls: bool = False, user: str = "") -> str:
        """The URL of a path at a host, which need not exist; `user` as `name:password`."""
        host = self.hosts.get(_ascii(name))
        if tls and host and host.name not in self._secure:
            self._secure.add(host.name)
            context = self._authority.context(host.name, host.address, host.certificate)
            self._server.listen(host, self._bound(host.address, self._tls_port), context)
        scheme, port = ("https", self._tls_port) if tls else ("http", self._port)
        return f"{scheme}://{user and f'{user}@'}{name}:{port}{path}"

    @cached_property
    def wayback(self) -> Wayback:
        """The Wayback Machine of this web, on web-archive.example."""
        host = self.host(ARCHIVE)
        return Wayback(host, self.url(ARCHIVE, ""), self.requests)

    def settings(self, **network: bool | float | str) -> str:
        """`archivist.toml` for this web: pins names to addresses, names its Wayback Machine. Keys
        of `[network]` can be given; what is appended to the text belongs to `[wayback]`.
        """
        keys = {"allow_private_networks": True, "per_host_interval": 0} | network
        pins = ", ".join(f"{json.dumps(name)} = {json.dumps(at)}" for name, at in self._pins())
        lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
        address = json.dumps(self.wayback.url)
        return "\n".join(
            ["[network]", *lines, f"hosts = {{ {pins} }}", "[wayback]", f"url = {address}", ""]
        )

    def environment(self) -> dict[str, str]:
        """Variables that make a process trust the test authority."""
        return {"SSL_CERT_FILE": str(self._authority.bundle)}

    def _pins(self) -> list[tuple[str, str]]:
        self.wayback  # noqa: B018 - it is one of the hosts
        return list(self.addresses.items())

    @cached_property
    def _authority(self) -> Authority:
        return Authority(Path(self._folder.name))

    def _take(self, name: str) -> str:
        """An address that nobody else has."""
        if name not in self.addresses:
            self.addresses[name] = str(_FIRST + len(self.addresses))
        return self.addresses[name]

    def _bound(self, address: str, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        one = socket.socket(family, socket.SOCK_STREAM)
        if port:  # a port that is only kept must not be shared
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((address, port))
        self._sockets.append(one)
        return one


def _ascii(name: str) -> str:
    """A host's name as it goes over the line."""
    return name.encode("idna").decode()
