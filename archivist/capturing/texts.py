"""The text of an entry: how it stands behind the front matter, and when two texts are the same."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

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
_DATE = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"|(?P<named>[A-Za-z]{3,9}\.? [0-9]{1,2}(?:st|nd|rd|th)?,? [0-9]{4})"
    r"|(?P<day>[0-9]{1,2}(?:st|nd|rd|th|\.)? [A-Za-z]{3,9}\.?,? [0-9]{4})"
    r"|(?P<slashed>[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4})"
    r")(?:[T ,]+(?:at )?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
    r"(?: ?[AaPp]\.?[Mm]\.?)?(?: ?(?:UTC|GMT|Z))?)?"
    r"(?![\w/-])"
)
_YEAR = re.compile("[0-9]{4}")  # every such date has one
_COPYRIGHT = re.compile(r"(©|\(c\)|[Cc]opyright)(?: ?[0-9]{4}(?: ?- ?[0-9]{4})?)")
_OF_COPYRIGHT = ("©", "(c)", "opyright")
_NEAR = timedelta(days=1)  # zones


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
    quotes and dashes and invisible characters do not count, nor does the year of a copyright; nor,
    of a page that was seen on a day, that day's date, which is when it was rendered.
    """
    plain = text
    if not text.isascii():
        plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
        for sign, common in _QUOTES.items():
            plain = plain.replace(sign, common)
    if any(sign in plain for sign in _OF_COPYRIGHT):
        plain = _COPYRIGHT.sub(r"\1", plain)
    if seen is not None and _YEAR.search(plain):
        plain = "\n".join(_undated(line, seen) for line in plain.split("\n"))
    parts = plain.split()
    marks = {part for part in set(parts) if not part.strip(_MARKS)}
    return " ".join([part for part in parts if part not in marks] if marks else parts)


def is_same(old: str, new: str, then: date | None = None, now: date | None = None) -> bool:
    """True if two texts, seen on these days, are the same policy."""
    return essence(old, then) == essence(new, now)


def _undated(line: str, day: date) -> str:
    """A line without the dates that mean this day."""
    if not _YEAR.search(line):
        return line
    return _DATE.sub(lambda match: "" if _is_of(match, day) else match[0], line)


def _is_of(match: re.Match[str], day: date) -> bool:
    """True if a date in a text means this day; of a date in numbers, if it may mean it."""
    from archivist.dates import PolicyDate, Unreadable, read

    written = match[match.lastgroup or 0]
    found = read(re.sub(r"(?<=[0-9])(?:st|nd|rd|th|\.)(?= )", "", written))
    guesses = found.guesses if isinstance(found, Unreadable) else ()
    dates = [found, *map(read, guesses)]
    return any(
        isinstance(one, PolicyDate) and one.is_day and abs(one.first - day) <= _NEAR
        for one in dates
    )
