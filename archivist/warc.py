"""WARC files, the evidence of a version: what was asked, what came back, what text was made of it.

One file a version (ISO 28500, WARC 1.1), uncompressed, because git finds what two versions share
only in plain bytes. The same exchange gives the same file, byte by byte: record ids are digests.
The digests inside are SHA-1, as is the custom; that of the whole file is kept elsewhere.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

VERSION = "WARC/1.1"
MAX_SIZE = 64 * 1024 * 1024
_MAX_RECORDS = 100
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "tag:archivist,2026:warc")
# A body is kept without the codings of the transfer: the headers that speak of them are renamed.
_OF_TRANSFER = frozenset(("transfer-encoding", "content-encoding"))
_RENAMED = "X-Archive-Orig-"

Headers = tuple[tuple[str, str], ...]


class Hop(NamedTuple):
    """A request and its response. `when` is RFC 3339 in UTC; `status` such as `200 OK`."""

    url: str
    when: str
    status: str
    headers: Headers
    body: bytes
    asked: Headers = ()
    address: str = ""

    @property
    def code(self) -> int:
        """The status as a number; 0 if it is none."""
        number = self.status.partition(" ")[0]
        return int(number) if number.isascii() and number.isdecimal() else 0

    def header(self, name: str) -> str:
        """The first header of that name; blank if there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


class Evidence(NamedTuple):
    """What a WARC file holds, and what is wrong with it: nothing, if it can be trusted.

    `text` is the extracted text, `extractor` what made it.
    """

    hops: tuple[Hop, ...] = ()
    text: str = ""
    extractor: str = ""
    flaws: tuple[str, ...] = ()


def digest(data: bytes) -> str:
    """The digest of a file as trailers write it: `sha256:…`."""
    return f"sha256:{sha256(data).hexdigest()}"


def write(hops: Sequence[Hop], text: str, extractor: str, software: str) -> bytes:
    """The file of a version: of every hop the request and the response, and of the last the text.

    Raises ValueError if there is no hop, or a line break in a header or a URL.
    """
    from warcio.warcwriter import WARCWriter

    _check(hops)
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=False, warc_version=VERSION)
    about = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
    _add(writer, "warcinfo", hops[0], about, {}, ("application/warc-fields", None))
    answered = ""
    for hop in hops:
        answered = _add_hop(writer, hop)
    extra = {"WARC-Refers-To": answered, "X-Archivist-Extractor": extractor}
    _add(writer, "conversion", hops[-1], text.encode(), extra, ("text/plain;charset=utf-8", None))
    return file.getvalue()


def read(data: bytes) -> Evidence:
    """What a file holds, checked against its own digests. Never raises: the file may be anybody's.

    Time and memory are bounded by the size, of which there are 64 MiB at most.
    """
    if len(data) > MAX_SIZE:
        return Evidence(flaws=(f"it is larger than {MAX_SIZE // 1024 // 1024} MiB",))
    if not data.startswith(VERSION.encode()):
        return Evidence(flaws=("it is no uncompressed WARC 1.1 file",))
    flaws: list[str] = []
    records: list[tuple[str, Any, bytes]] = []
    try:
        for record, content in _records(io.BytesIO(data)):
            if len(records) >= _MAX_RECORDS:
                flaws.append(f"it has more than {_MAX_RECORDS} records")
                break
            kind = str(record.rec_type)
            flaws += [f"its {kind} record: {problem}" for problem in _problems(record)]
            records.append((kind, record, content))
    except Exception as error:  # whatever a parser meets in a stranger's file
        flaws.append(f"it cannot be read: {type(error).__name__}")
    return _evidence(records, flaws)


def _check(hops: Sequence[Hop]) -> None:
    if not hops:
        raise ValueError("evidence needs a response")
    for hop in hops:
        names = [part for pair in (*hop.headers, *hop.asked) for part in pair]
        if any("\n" in one or "\r" in one for one in (hop.url, hop.status, hop.when, *names)):
            raise ValueError("a header must stand on one line")


def _add_hop(writer: Any, hop: Hop) -> str:
    """Write a hop's records; gives the id of the response."""
    from warcio.statusandheaders import StatusAndHeaders

    kept = [(_kept_name(name), value) for name, value in hop.headers]
    response = StatusAndHeaders(hop.status, kept, protocol="HTTP/1.1")
    extra = {"WARC-IP-Address": hop.address} if hop.address else {}
    answered = _add(writer, "response", hop, hop.body, extra, ("", response))
    path = "/" + hop.url.partition("://")[2].partition("/")[2].partition("#")[0]
    request = StatusAndHeaders(f"GET {path} HTTP/1.1", list(hop.asked), is_http_request=True)
    _add(writer, "request", hop, b"", {"WARC-Concurrent-To": answered}, ("", request))
    return answered


def _add(
    writer: Any, kind: str, hop: Hop, body: bytes, extra: dict[str, str], form: tuple[str, Any]
) -> str:
    """Write a record; gives its id. `form` is its content type, or its HTTP headers."""
    media, http = form
    seed = "\0".join((kind, hop.url, hop.when, str(http or ""), sha256(body).hexdigest()))
    name = f"<urn:uuid:{uuid.uuid5(_NAMESPACE, seed)}>"
    headers = {"WARC-Record-ID": name, "WARC-Date": hop.when, **extra}
    writer.write_record(
        writer.create_warc_record(
            "" if kind == "warcinfo" else hop.url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            warc_content_type=media,
            warc_headers_dict=headers,
            http_headers=http,
        )
    )
    return name


def _kept_name(name: str) -> str:
    return f"{_RENAMED}{name}" if name.lower() in _OF_TRANSFER else name


def _records(file: IO[bytes]) -> Iterator[tuple[ArcWarcRecord, bytes]]:
    from warcio.archiveiterator import ArchiveIterator

    for record in ArchiveIterator(file, check_digests=True):
        yield record, record.raw_stream.read()


def _problems(record: ArcWarcRecord) -> Iterator[str]:
    checker = record.digest_checker
    if checker.passed is False:
        yield "its bytes are not those that its digest names"
    elif checker.passed is None:
        yield "it has no digest"


def _evidence(records: list[tuple[str, Any, bytes]], flaws: list[str]) -> Evidence:
    asked: dict[str, Headers] = {}
    for kind, record, _ in records:
        if kind == "request" and record.http_headers:
            of = record.rec_headers.get_header("WARC-Concurrent-To") or ""
            asked[of] = tuple(record.http_headers.headers)
    hops = tuple(
        _hop(record, content, asked)
        for kind, record, content in records
        if kind == "response" and record.http_headers
    )
    texts = [(record, content) for kind, record, content in records if kind == "conversion"]
    if not hops:
        flaws.append("it holds no response")
    if len(texts) != 1:
        flaws.append(f"it holds {len(texts) or 'no'} extracted texts, and must hold one")
        return Evidence(hops, flaws=tuple(flaws))
    record, content = texts[0]
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = ""
        flaws.append("its extracted text is not UTF-8")
    extractor = record.rec_headers.get_header("X-Archivist-Extractor") or ""
    return Evidence(hops, text, extractor, tuple(flaws))


def _hop(record: Any, content: bytes, asked: dict[str, Headers]) -> Hop:
    of = record.rec_headers.get_header
    return Hop(
        of("WARC-Target-URI") or "",
        of("WARC-Date") or "",
        record.http_headers.statusline,
        tuple(record.http_headers.headers),
        content,
        asked.get(of("WARC-Record-ID") or "", ()),
        of("WARC-IP-Address") or "",
    )
