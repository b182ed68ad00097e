"""The text of an entry: how it stands behind the front matter, and when two texts are the same."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

from archivist.capturing.rendered import without_rendering
from archivist.warc import digest

_QUOTES = dict(
    zip(
        "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
        "''''\"\"\"\"-------",
        strict=True,
    )
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_MARKS = "*•·‣◦▪|=_~–—+-"  # of these are bullets, rules, the bars of tables


def body_of(text: str) -> str:
    """What stands behind the front matter of an entry with this text: a blank line, and the text.

    `text_of` gives the text back.
    """
    return f"\n{text}" if text else ""


def text_of(body: str) -> str:
    """The text of a body: its lines, without the blank ones around them."""
    text = body.strip("\r\n")
    return f"{text}\n" if text else ""


def body_digest(body: str) -> str:
    """The digest of a body, to the last byte, as the trailer `Archivist-Text` gives it."""
    return digest(body.encode("utf-8", "surrogateescape"))


@lru_cache(
    maxsize=16
)  # the texts of an entry are looked at again and again, some entries at a time
def essence(text: str, seen: date | None = None) -> str:
    """What two texts have in common that are the same policy: white space, bullets, the form of
    quotes and dashes and invisible characters do not count, nor does what a page says of its own
    making (see `rendered`), which it does by the day on which it was `seen`.
    """
    return _on_a_line(_plain(text, seen))


def essence_lines(text: str, seen: date | None = None) -> list[str]:
    """The essence, line by line, without blank ones."""
    lines = map(_on_a_line, _plain(text, seen).split("\n"))
    return [line for line in lines if line]


def _plain(text: str, seen: date | None) -> str:
    plain = text
    if not text.isascii():
        plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
        for sign, common in _QUOTES.items():
            plain = plain.replace(sign, common)
    return without_rendering(plain, seen)


def _on_a_line(text: str) -> str:
    """The text on one line, without marks that stand alone."""
    parts = text.split()
    marks = {part for part in set(parts) if not part.strip(_MARKS)}
    return " ".join([part for part in parts if part not in marks] if marks else parts)


def is_same(old: str, new: str, then: date | None = None, now: date | None = None) -> bool:
    """True if two texts, seen on these days, are the same policy."""
    return essence(old, then) == essence(new, now)
