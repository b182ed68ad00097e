"""What libcurl's errors mean."""

from __future__ import annotations

import errno
import re
import socket

import pycurl

from archivist.net.fetch import Failure, Trouble

_OF_CODE = {
    pycurl.E_COULDNT_RESOLVE_HOST: Trouble.NAME_LOOKUP,
    pycurl.E_COULDNT_CONNECT: Trouble.UNREACHABLE,
    pycurl.E_OPERATION_TIMEDOUT: Trouble.TIMEOUT,
    pycurl.E_URL_MALFORMAT: Trouble.URL,
    pycurl.E_UNSUPPORTED_PROTOCOL: Trouble.PROTOCOL,
    pycurl.E_GOT_NOTHING: Trouble.CLOSED,
    pycurl.E_SEND_ERROR: Trouble.CLOSED,
    pycurl.E_RECV_ERROR: Trouble.CLOSED,
    pycurl.E_SSL_CONNECT_ERROR: Trouble.TLS,
    pycurl.E_PEER_FAILED_VERIFICATION: Trouble.TLS,
    pycurl.E_SSL_CERTPROBLEM: Trouble.TLS,
    pycurl.E_SSL_CIPHER: Trouble.TLS,
}
_WORDS = {
    Trouble.NAME_LOOKUP: "could not be looked up by its name now",
    Trouble.NO_SUCH_NAME: "has no address: there is no such name",
    Trouble.REFUSED: "refuses the connection",
    Trouble.UNREACHABLE: "cannot be reached",
    Trouble.CLOSED: "closed the connection without an answer",
    Trouble.PROTOCOL: "does not speak HTTP",
}
_CERTIFICATE = {
    "expired": "shows a certificate that has expired",
    "not yet valid": "shows a certificate that is not valid yet",
    "self-signed": "shows a certificate that it signed itself",
    "self signed": "shows a certificate that it signed itself",
    "unable to get local issuer": "shows a certificate that no known authority issued",
    "does not match": "shows a certificate for another name",
    "no alternative certificate subject name": "shows a certificate for another name",
}
_NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))


def failure_of(code: int, message: str, os_error: int, connected: bool) -> Failure:
    """The failure that a libcurl error code is, with its message and the system's error number."""
    trouble = _OF_CODE.get(code, Trouble.PROTOCOL)
    if trouble is Trouble.UNREACHABLE and os_error == errno.ECONNREFUSED:
        trouble = Trouble.REFUSED
    if trouble is Trouble.TIMEOUT:
        return Failure(trouble, _timeout(message, connected))
    if trouble is Trouble.TLS:
        return Failure(trouble, _of_tls(message))
    return Failure(trouble, _WORDS.get(trouble, message))


def name_failure(host: str) -> Failure:
    """Why a name has no address: there is none, or it cannot be told. Waits for the resolver."""
    try:
        socket.getaddrinfo(host, None)
    except socket.gaierror as error:
        if error.errno in _NO_SUCH_NAME:
            return Failure(Trouble.NO_SUCH_NAME, _WORDS[Trouble.NO_SUCH_NAME])
    except (OSError, UnicodeError):
        pass
    return Failure(Trouble.NAME_LOOKUP, _WORDS[Trouble.NAME_LOOKUP])


def _timeout(message: str, connected: bool) -> str:
    after = re.search(r"after ([0-9]+) (?:ms|milliseconds)", message)
    seconds = f" within {round(int(after[1]) / 1000, 1):g} s" if after else ""
    return f"{'did not answer' if connected else 'could not be connected to'}{seconds}"


def _of_tls(message: str) -> str:
    lower = message.lower()
    for sign, words in _CERTIFICATE.items():
        if sign in lower:
            return words
    return f"cannot be spoken to over TLS: {message.rpartition('error:')[2].strip()[:120]}"
