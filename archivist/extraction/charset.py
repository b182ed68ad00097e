"""The encoding of a page: by byte order mark, header, declaration and content, in this order.

Labels are read as browsers read them (WHATWG Encoding): `latin-1` means Windows-1252. A declared
encoding that the bytes contradict gives way: a page that says ISO-8859-1 and is valid UTF-8 with
characters beyond ASCII is UTF-8.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_LOOKED_AT = 4096  # bytes of a page in which it may declare its encoding; browsers take 1024
_AS_BROWSERS_DO = {
    **dict.fromkeys(("ascii", "us-ascii", "latin-1", "latin1", "iso-8859-1", "l1"), "cp1252"),
    **dict.fromkeys(("iso8859-1", "iso_8859-1", "iso-ir-100", "windows-1252"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("tis-620", "iso-8859-11"), "cp874"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk"), "gb18030"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601"), "cp949"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5"), "big5hkscs"),
    "utf-16": "utf-16-le",
    "x-user-defined": "cp1252",
}
# A declaration inside the page was read as ASCII: it cannot be of these.
_NOT_ASCII = ("utf-16", "utf-32", "utf-7")
# Codecs of Python that no page is in.
_NO_PAGE = ("utf-7", "unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined")
_RUNS = re.compile(rb"[\x80-\xff]{4,}")
_MANY = 40  # bytes in such runs
_REPLACEMENT = "\ufffd"


class Decoded(NamedTuple):
    """A page's text; the encoding it was read in; how many characters could not be read; and the
    bytes, where they are the text in UTF-8 as they stand.
    """

    text: str
    charset: str
    lost: int
    utf8: bytes | None = None


def decode(data: bytes, content_type: str = "") -> Decoded:
    """The text of these bytes. `content_type` is the header's value. Never raises."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _read(data[len(mark) :], name)
    header = _HEADER.search(content_type)
    if header and (known := _codec(header[1])):
        return _agreed(data, known)
    head = data[:_LOOKED_AT]
    declared = _XML.search(head) or _META.search(head)
    if declared and (known := _codec(declared[1].decode("ascii", "replace"))):
        return _agreed(data, "utf-8" if known.startswith(_NOT_ASCII) else known)
    return _guess(data)


def _codec(label: str) -> str | None:
    """Python's codec for a label; None if there is none for text, or if it is not safe."""
    name = label.strip().lower()
    name = _AS_BROWSERS_DO.get(name, name)
    if name.replace("_", "-") in _NO_PAGE:
        return None
    try:
        found = codecs.lookup(name)
        b"".decode(found.name)
    except (LookupError, UnicodeError, ValueError):
        return None
    return found.name


def _agreed(data: bytes, declared: str) -> Decoded:
    """The text in the declared encoding, or in UTF-8 where the bytes say so."""
    if declared == "utf-8":
        found = _read(data, declared)
        return _guess(data) if found.lost > len(found.text) // 100 else found
    if not declared.startswith(_NOT_ASCII) and not data.isascii():
        try:
            return Decoded(data.decode("utf-8"), "utf-8", 0, data)
        except UnicodeDecodeError:
            pass
    return _western(data) if declared == "cp1252" else _read(data, declared)


def _guess(data: bytes) -> Decoded:
    """Undeclared: UTF-16 by its zeros, UTF-8 if it is (but for a few errors), else Windows-1252."""
    sample = data[:_LOOKED_AT]
    if sample.count(0) > len(sample) // 4:
        return _read(data, "utf-16-be" if sample[:1] == b"\0" else "utf-16-le")
    found = _read(data, "utf-8")
    if not found.lost:
        return found
    beyond = sum(data.count(byte) for byte in (b"\xc3", b"\xe2", b"\xc2", b"\xd0", b"\xd1"))
    return found if found.lost * 10 < beyond else _western(data)


def _western(data: bytes) -> Decoded:
    """The text in Windows-1252. What would be words of nothing but accents there is of another
    alphabet, which nobody has named: it counts as lost.
    """
    runs = sum(map(len, _RUNS.findall(data)))
    found = _read(data, "cp1252")
    return found._replace(lost=runs) if runs > _MANY else found


def _read(data: bytes, name: str) -> Decoded:
    text = data.decode(name, "replace")
    lost = text.count(_REPLACEMENT) if _REPLACEMENT in text else 0  # to look is faster
    if lost and name == "cp1252":  # its five holes are C1 controls to a browser
        text, lost = data.decode("cp1252", "archivist-latin1"), 0
    return Decoded(text, name, lost, data if name == "utf-8" and not lost else None)


def _as_latin1(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("archivist-latin1", _as_latin1)
