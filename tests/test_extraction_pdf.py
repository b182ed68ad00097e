"""PDF, made by hand here."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archivist.extraction import Extraction, Kind, Unextracted, extract

LINES = (
    "Rules of the Quay",
    "",
    "Whoever comes to the quay is a guest, and whoever is a guest is",
    "fed before the tide turns.",
)


def pdf(lines: tuple[str, ...]) -> bytes:
    """A document of one page."""
    shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
    content = f"BT /F1 12 Tf 72 720 Td {shown} ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Font<</F1 5 0 R>>>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    return data + head + table + end


def test_a_pdf_with_text() -> None:
    found = extract(pdf(LINES), "application/pdf")
    assert isinstance(found, Extraction)
    assert found.kind is Kind.PDF
    assert found.text.startswith("Rules of the Quay\n")
    assert "whoever is a guest is fed before" in found.text


def test_a_pdf_is_known_by_its_first_bytes() -> None:
    found = extract(pdf(LINES), "text/html")
    assert isinstance(found, Extraction)
    assert found.kind is Kind.PDF


def test_a_scan_holds_no_text() -> None:
    found = extract(pdf(()), "application/pdf")
    assert isinstance(found, Unextracted)
    assert found.reason == "the PDF holds no text: it may be a scan"


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    found = extract(pdf(LINES), "application/pdf")
    assert isinstance(found, Unextracted)
    assert "archivist[pdf]" in found.hint


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damaged(data: st.DataObject) -> None:
    whole = bytearray(pdf(LINES))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(8, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    assert isinstance(extract(bytes(whole), "application/pdf"), Extraction | Unextracted)
