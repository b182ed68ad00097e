"""Bodies that come compressed: decoded to their end, or known to be cut."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from snapshots import PARAGRAPHS, TEXT, Captures
from web import Web, answer
from web.pages import html

from archivist.net.decoding import Decoding, Undecodable, codings, is_known

PAGE = html("Rules", *PARAGRAPHS).encode()


def raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw deflate": raw,
    "gzip, gzip": lambda data: gzip.compress(gzip.compress(data)),
    "deflate, gzip": lambda data: gzip.compress(zlib.compress(data)),
}


def decoding(name: str) -> Decoding:
    return Decoding(codings(name.removeprefix("raw ")))


@given(st.sampled_from(sorted(PACKED)), st.binary(max_size=3000), st.integers(1, 500))
def test_piece_by_piece(name: str, data: bytes, size: int) -> None:
    packed = PACKED[name](data)
    one = decoding(name)
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert b"".join(one.feed(piece, 1 << 20) for piece in pieces) == data
    assert one.is_whole


@given(st.sampled_from(sorted(PACKED)), st.binary(min_size=1, max_size=3000), st.data())
def test_what_breaks_off_is_not_whole(name: str, data: bytes, drawn: st.DataObject) -> None:
    packed = PACKED[name](data)
    one = decoding(name)
    found = one.feed(packed[: drawn.draw(st.integers(1, len(packed) - 1))], 1 << 20)
    assert data.startswith(found)
    assert not one.is_whole


def test_members_and_what_follows_them() -> None:
    one = decoding("gzip")
    packed = gzip.compress(b"Be ") + gzip.compress(b"kind.")
    assert b"".join(one.feed(bytes([byte]), 100) for byte in packed + b"\0 rubbish") == b"Be kind."
    assert one.is_whole


def test_no_more_than_is_wanted() -> None:
    one = decoding("gzip, gzip")
    assert len(one.feed(gzip.compress(gzip.compress(b"a" * 10_000_000)), 1000)) == 1001


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_what_is_not_compressed_at_all(name: str) -> None:
    with pytest.raises(Undecodable):
        decoding(name).feed(PAGE, 1000)


def test_codings() -> None:
    assert codings(" GZIP , identity,") == ["gzip"]
    assert is_known(["x-gzip", "deflate"])
    assert not is_known(["br"])
    assert not is_known(["gzip"] * 6)


@pytest.fixture
def captures(tmp_path: Path, web: Web) -> Captures:
    return Captures(tmp_path / "archive", web)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_capture_of_a_stream_that_breaks_off(
    captures: Captures, coding: str, chunked: bool
) -> None:
    for body in ("", TEXT):
        packed = PACKED[coding](html("Rules", *PARAGRAPHS, "Boats are lent by the day.").encode())
        shown = answer(packed[:-12], headers={"Content-Encoding": coding}, chunked=chunked)
        captures.add("quay-guild", shown, body=body)
        captures.prepare()
        found = captures.result("quay-guild")
        assert (found["outcome"], found["objections"][0]["name"]) == ("refused", "cut")


def test_a_capture_of_what_only_libcurl_decodes(captures: Captures) -> None:
    brotli = b"\x0b\x02\x80hello\x03"  # RFC 7932
    shown = answer(brotli, headers={"Content-Encoding": "br"})
    captures.add("quay-guild", shown, body="")
    captures.prepare()
    assert captures.result("quay-guild", "--accept", "short")["outcome"] == "recorded"
    assert "hello" in captures.box.read("entries/quay-guild.md")


def test_a_capture_of_what_cannot_be_decoded(captures: Captures) -> None:
    captures.add("quay-guild", answer(PAGE, headers={"Content-Encoding": "gzip"}))
    captures.prepare()
    found = captures.result("quay-guild")
    assert found["outcome"] == "failed"
    assert "cannot be decoded" in found["reason"]
