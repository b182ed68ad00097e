"""Evidence: WARC files, written and read."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archivist import warc
from archivist.warc import Hop

HOPS = (
    Hop(
        "http://quay.example/conduct",
        "2026-01-31T12:00:00Z",
        "301 Moved Permanently",
        (("Location", "https://quay.example/conduct"),),
        b"",
        (("Host", "quay.example"), ("Accept-Encoding", "identity")),
    ),
    Hop(
        "https://quay.example/conduct?a=1#top",
        "2026-01-31T12:00:01Z",
        "200 OK",
        (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Set-Cookie", "a=b")),
        b"<p>Be kind.\r\n\r\nBe patient.\0",
        (("Host", "quay.example"),),
        "192.0.2.7",
    ),
)
TEXT = "Be kind. Be patiént.\n"


def made(hops: tuple[Hop, ...] = HOPS, text: str = TEXT) -> bytes:
    return warc.write(hops, text, "walker/1", "archivist 0.1")


def test_what_is_written_is_read() -> None:
    found = warc.read(made())
    assert found.flaws == ()
    assert (found.text, found.extractor) == (TEXT, "walker/1")
    assert [hop.url for hop in found.hops] == [hop.url for hop in HOPS]
    assert [hop.code for hop in found.hops] == [301, 200]
    assert [hop.body for hop in found.hops] == [hop.body for hop in HOPS]
    assert [hop.asked for hop in found.hops] == [hop.asked for hop in HOPS]
    assert found.hops[0].header("location") == "https://quay.example/conduct"
    assert found.hops[1].address == "192.0.2.7"
    assert found.hops[1].header("Content-Encoding") == ""
    assert found.hops[1].header("X-Archive-Orig-Content-Encoding") == "gzip"


def test_the_same_exchange_gives_the_same_file() -> None:
    assert made() == made()
    assert warc.digest(made()) == warc.digest(made())
    assert made(text="Be kind.\n") != made()


def test_other_tools_read_it() -> None:
    records = list(ArchiveIterator(io.BytesIO(made())))
    kinds = [record.rec_type for record in records]
    assert kinds == ["warcinfo", *["response", "request"] * 2, "conversion"]
    assert made().startswith(b"WARC/1.1\r\n")
    names = {line for line in made().split(b"\r\n") if line.lower().startswith(b"warc-record-id")}
    assert len(names) == len(records)


def test_a_change_of_what_a_digest_covers_is_found() -> None:
    data = made()
    for word in (b"patient", "patiént".encode(), b"Set-Cookie", b"Moved"):
        found = warc.read(data.replace(word, b"x" * len(word)))
        assert any("digest names" in flaw for flaw in found.flaws), word


def test_a_file_that_was_cut_is_found() -> None:
    data = made()
    for end in range(0, len(data) - 4, 7):
        assert warc.read(data[:end]).flaws, end


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (b"", "it is no uncompressed WARC 1.1 file"),
        (b"\x1f\x8b\x08\0", "it is no uncompressed WARC 1.1 file"),
        (b"WARC/1.1" + b"\0" * warc.MAX_SIZE, "it is larger than 64 MiB"),
        (made() * 20, "it has more than 100 records"),
        (made() * 2, "it holds 2 extracted texts, and must hold one"),
        (made().replace(b"conversion", b"metadata.."), "it holds no extracted texts, and must"),
    ],
    ids=["empty", "gzip", "large", "many", "two", "none"],
)
def test_hostile_files(data: bytes, flaw: str) -> None:
    assert any(one.startswith(flaw) for one in warc.read(data).flaws)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_damage(data: st.DataObject) -> None:
    whole = bytearray(made())
    for _ in range(data.draw(st.integers(1, 10))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    warc.read(bytes(whole))


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    assert warc.read(b"WARC/1.1\r\n" + data).flaws


@given(st.binary(max_size=200), st.text(max_size=100))
@settings(deadline=None)
def test_any_body_and_text(body: bytes, text: str) -> None:
    hop = HOPS[1]._replace(body=body)
    clean = text.encode("utf-8", "replace").decode()
    found = warc.read(made((hop,), clean))
    assert (found.flaws, found.hops[0].body, found.text) == ((), body, clean)


@pytest.mark.parametrize(
    "hops",
    [(), (HOPS[0]._replace(url="http://a\r\nb"),), (HOPS[0]._replace(asked=(("A", "b\nc"),)),)],
)
def test_what_cannot_be_written(hops: tuple[Hop, ...]) -> None:
    with pytest.raises(ValueError, match=r"evidence needs|one line"):
        made(hops)


def test_a_status_that_is_none() -> None:
    assert HOPS[0]._replace(status="OK").code == 0
