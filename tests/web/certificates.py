"""Certificates of a test authority, good ones and such as a client must refuse."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import trustme

# How a host shows itself: as it should, as another host, with a certificate that has run out, with
# one that nobody but itself signed, with one of an authority that nobody knows.
Certificate = Literal["good", "other name", "expired", "self-signed", "unknown authority"]


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
        if kind == "self-signed":
            _load(context, *_self_signed(name))
        else:
            self._issue(name, address, kind).configure_cert(context)
        return context

    def _issue(self, name: str, address: str, kind: Certificate) -> trustme.LeafCert:
        if kind == "other name":
            return self._authority.issue_cert("somebody-else.example")
        if kind == "expired":
            years = datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
            return self._authority.issue_cert(name, not_before=years[0], not_after=years[1])
        authority = _authority("Nobody") if kind == "unknown authority" else self._authority
        return authority.issue_cert(name, address)


def _self_signed(name: str) -> tuple[bytes, bytes]:
    """A certificate that signs itself, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(pem), private


def _load(context: ssl.SSLContext, certificate: bytes, key: bytes) -> None:
    """Let a context serve with a certificate: contexts read files only."""
    with NamedTemporaryFile(suffix=".pem") as file:
        file.write(certificate + key)
        file.flush()
        context.load_cert_chain(file.name)
