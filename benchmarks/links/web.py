"""The web that is asked: `server.c`, compiled, with certificates of its own authority."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks.measuring import progress
from benchmarks.tools import run

HOSTS = 200
PORT, CONTROL = 8431, 8432
SOURCE = Path(__file__).parent / "server.c"
_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


@dataclass(frozen=True)
class Asked:
    """What the hosts were asked; milliseconds on the server's clock."""

    connections: int
    hosts: tuple[dict[str, Any], ...]

    @cached_property
    def _busy(self) -> list[dict[str, Any]]:
        return [host for host in self.hosts if host["requests"]]

    @property
    def requests(self) -> int:
        return sum(host["requests"] for host in self._busy)

    @property
    def most_in_flight(self) -> int:
        """The most that any one host was asked at a time."""
        return max((host["most_in_flight"] for host in self._busy), default=0)

    @property
    def smallest_gap(self) -> float:
        """The shortest time between two requests to one host."""
        gaps = [host["smallest_gap"] for host in self._busy if host["requests"] > 1]
        return min(gaps, default=0.0)

    def answered(self, hosts: slice) -> float:
        """Seconds from the first request of all until all of these hosts but one had given their
        last answer: where the slow do not answer, one of the others is asked again at the end, to
        know whether the network is still there.
        """
        last = sorted(host["answered"] for host in self.hosts[hosts] if host["requests"])
        began = min(host["first"] for host in self._busy)
        return float(last[-2] - began) / 1e3


@dataclass(frozen=True)
class Web:
    """The running web; it speaks plain HTTP to those who ask for its statistics if it can."""

    tls: bool
    authority: Path

    def asked(self) -> Asked:
        """What was asked since it was told to forget."""
        found = json.loads(self._get("__stats"))
        return Asked(found["connections"], tuple(found["hosts"]))

    def forget(self) -> None:
        """Count from zero again; also what is answered otherwise the first time only."""
        self._get("__reset")

    def _get(self, name: str) -> bytes:
        with urlopen(f"http://127.0.0.2:{CONTROL}/{name}") as answer:
            return bytes(answer.read())


def build(cache: Path) -> Path:
    """The server's program. It needs a C compiler and OpenSSL's headers."""
    program = cache / "server"
    progress("compiling the server")
    run("cc", "-O2", "-std=c11", "-o", program, SOURCE, "-lssl", "-lcrypto")
    return program


def certify(folder: Path, hosts: int = HOSTS) -> None:
    """An authority and a certificate for the addresses, good for a month."""
    folder.mkdir(parents=True, exist_ok=True)
    days = ("-days", "30")
    new = ("openssl", "req")
    authority = ("-keyout", "authority.key", "-out", "authority.pem", "-subj", "/CN=Benchmarks")
    run(*new, "-x509", *_CURVE, *authority, *days, folder=folder)
    request = ("-keyout", "hosts.key", "-out", "hosts.csr", "-subj", "/CN=Hosts of benchmarks")
    run(*new, *_CURVE, *request, folder=folder)
    names = ",".join(f"IP:127.0.0.{number}" for number in range(2, hosts + 2))
    (folder / "extensions").write_text(f"subjectAltName={names}\nbasicConstraints=CA:FALSE\n")
    signing = ("-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial")
    files = ("-in", "hosts.csr", "-out", "hosts.pem", "-extfile", "extensions")
    run("openssl", "x509", "-req", *signing, *files, *days, folder=folder)


@contextmanager
def serving(
    cache: Path, latency: int, *, tls: bool = False, pages: Path | None = None
) -> Iterator[Web]:
    """The web, for as long as it is needed; every answer takes `latency` milliseconds."""
    keys = cache / "certificates"
    command = [str(cache / "server"), "-p", str(PORT), "-s", str(CONTROL), "-a", str(HOSTS)]
    command += ["-l", str(latency), "-d", str(pages or cache)]
    if tls:
        command += ["-c", str(keys / "hosts.pem"), "-k", str(keys / "hosts.key")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        if server.stdout.readline() != b"ready\n":
            raise RuntimeError("the server did not start")
        try:
            yield Web(tls, keys / "authority.pem")
        finally:
            server.terminate()
