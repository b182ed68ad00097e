"""Certificates of a test authority, good ones and such as a client must refuse."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import trustme

# How a host shows itself: as it should, as another host, with a certificate that has run out,
# with one of an authority that nobody knows.
Certificate = Literal["good", "other name", "expired", "self-signed"]


@cache
def _authority(name: str) -> trustme.CA:
    """The authority of that name. To make one takes longer than most tests: a process has each
    once.
    """
    import trustme  # most tests need none

    return trustme.CA(organization_name=name)


class Authority:
    """A certificate authority that only the tests trust."""

    def __init__(self, folder: Path) -> None:
        self._authority = _authority("The tests")
        self.bundle = folder / "authority.pem"  # what SSL_CERT_FILE names
        self._authority.cert_pem.write_to_path(self.bundle)

    def context(self, name: str, address: str, kind: Certificate) -> ssl.SSLContext:
        """The context by which the host of that name and address serves."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        self._issue(name, address, kind).configure_cert(context)
        return context

    def _issue(self, name: str, address: str, kind: Certificate) -> trustme.LeafCert:
        if kind == "other name":
            return self._authority.issue_cert("somebody-else.example")
        if kind == "expired":
            years = datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
            return self._authority.issue_cert(name, not_before=years[0], not_after=years[1])
        authority = _authority("Nobody") if kind == "self-signed" else self._authority
        return authority.issue_cert(name, address)
