"""The evidence of a version: every request and answer on the way to it, and the text, in a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from archivist import __version__, warc
from archivist.capturing.provenance import moment
from archivist.net.fetch import Answer
from archivist.warc import Hop

FOLDER = "evidence"
SUFFIX = ".warc"
_LENGTH = "content-length"


def path_of(entry_id: str) -> str:
    """Where the evidence of an entry's current version lies in the archive."""
    return f"{FOLDER}/{entry_id}{SUFFIX}"


def hop_of(answer: Answer, when: datetime) -> Hop:
    """An answer, with its request, as evidence keeps it.

    Of a fetch that was `recorded` the heads are those of the wire; of another they are what is
    known of them. A body that came compressed is kept as it was decoded; headers that spoke of the
    compressed one are renamed.
    """
    wire = answer.wire
    headers = wire.headers if wire else tuple(answer.headers.items())
    coded = any(name.lower() == "content-encoding" for name, _ in headers)
    kept = tuple(
        (f"X-Archive-Orig-{name}" if coded and name.lower() == _LENGTH else name, _line(value))
        for name, value in headers
    )
    return Hop(
        answer.url,
        moment(when),
        _line(wire.status) if wire else _status(answer.status),
        kept,
        answer.body,
        tuple((name, _line(value)) for name, value in wire.asked) if wire else (),
        answer.address,
    )


def hop_of_file(data: bytes, url: str, content_type: str, when: datetime) -> Hop:
    """A page that somebody saved, as evidence keeps it: it says itself that it was no answer."""
    headers = [("Content-Length", str(len(data))), ("X-Archivist-From-File", "yes")]
    if content_type:
        headers.insert(0, ("Content-Type", content_type))
    return Hop(url, moment(when), "200 OK", tuple(headers), data)


def evidence_of(hops: Sequence[Hop], text: str, extractor: str) -> bytes:
    """The file of evidence. The same exchange gives the same bytes.

    `archivist.warc.read` reads it back. Raises ValueError if there is no hop.
    """
    return warc.write(hops, text, extractor, f"archivist/{__version__}")


def is_from_file(hop: Hop) -> bool:
    """True for a page that somebody saved and gave to archivist."""
    return hop.header("X-Archivist-From-File") == "yes"


def _status(number: int) -> str:
    known = number in set(HTTPStatus)
    return f"{number} {HTTPStatus(number).phrase}" if known else str(number)


def _line(text: str) -> str:
    return " ".join(text.splitlines())
