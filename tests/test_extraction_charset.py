"""The encodings of pages."""

from __future__ import annotations

import codecs

import pytest

from archivist.extraction import Extraction, extract
from archivist.extraction.charset import decode

TEXT = "Straße, façade, „Licht“ – 5 €"


@pytest.mark.parametrize(
    ("data", "content_type", "charset"),
    [
        (TEXT.encode(), "text/html; charset=utf-8", "utf-8"),
        (TEXT.encode(), "text/html; charset=iso-8859-1", "utf-8"),
        (TEXT.encode(), "text/html", "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "text/html; charset=latin-1", "utf-8"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "", "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "text/html; charset=x", "utf-16-be"),
        (TEXT.encode("utf-16-le"), "", "utf-16-le"),
        (TEXT.encode("cp1252"), "text/html; charset=ISO-8859-1", "cp1252"),
        (TEXT.encode("cp1252"), "text/html; charset=utf-8", "cp1252"),
        (TEXT.encode("cp1252"), "text/html; charset=nonsense", "cp1252"),
        (b"<meta charset='windows-1252'>" + TEXT.encode("cp1252"), "", "cp1252"),
        (b"<meta http-equiv=x content='a; charset=cp1252'>" + TEXT.encode("cp1252"), "", "cp1252"),
        (b"<?xml version='1.0' encoding='cp1252'?>" + TEXT.encode("cp1252"), "", "cp1252"),
        (b"<meta charset=utf-16>" + TEXT.encode(), "", "utf-8"),
        (b"<meta charset=utf-7>" + TEXT.encode(), "", "utf-8"),
    ],
)
def test_decode(data: bytes, content_type: str, charset: str) -> None:
    found = decode(data, content_type)
    assert found.text.endswith(TEXT)
    assert (found.charset, found.lost) == (charset, 0)


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("燈が明るい", "cp932", "Shift_JIS"),
        ("燈が明るい", "euc_jp", "euc-jp"),
        ("灯笼很亮", "gb18030", "gb2312"),
        ("등불이 밝다", "cp949", "euc-kr"),
        ("фонарь светит", "koi8-r", "koi8-r"),
        ("фонарь светит", "cp1251", "windows-1251"),
    ],
)
def test_other_scripts(text: str, name: str, label: str) -> None:
    assert decode(text.encode(name), f"text/html; charset={label}").text == text


def test_holes_of_windows_1252_are_what_browsers_make_of_them() -> None:
    found = decode(b"a\x81b\xe4", "text/html; charset=windows-1252")
    assert (found.text, found.lost) == ("a\x81b\xe4", 0)


def test_what_could_not_be_decoded_is_a_doubt() -> None:
    found = extract("<p>Wörter, Wörter".encode() * 50 + b"\xff", "text/html; charset=utf-8")
    assert isinstance(found, Extraction)
    assert found.lost == 1
    assert [one.reason for one in found.doubts] == ["1 of its characters are not utf-8"]


@pytest.mark.parametrize("content_type", ["text/html", "text/html; charset=iso-8859-1"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cp932", "だれもが岸壁の客です。武器は家に置いてきてください。"),
        ("euc_jp", "だれもが岸壁の客です。武器は家に置いてきてください。"),
        ("cp1251", "Каждый на причале гость, и оружие остаётся дома."),
    ],
)
def test_an_alphabet_that_nobody_names_is_a_doubt(name: str, text: str, content_type: str) -> None:
    found = extract(f"<main><h1>R</h1><p>{text * 4}</main>".encode(name), content_type)
    assert isinstance(found, Extraction)
    assert "encoding" in {doubt.name for doubt in found.doubts}


def test_accents_are_no_other_alphabet() -> None:
    text = "Für größere Änderungen fragt man den Wärter; là où l’été naît, ça va déjà mieux. " * 50
    found = extract(f"<main><h1>R</h1><p>{text}</main>".encode("cp1252"), "text/html")
    assert isinstance(found, Extraction)
    assert found.lost == 0
