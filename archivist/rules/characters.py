"""Rules C8xx: characters that deceive the reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from archivist.credit import KEY as PARENTS
from archivist.diagnostic import Applicability, Edit, Finding, Fix, Severity
from archivist.entry import TITLE_KEYS, Entry
from archivist.rules.rule import Context, When, rule

# Embeddings, overrides and isolates: N. Boucher and R. Anderson, "Trojan Source", 2021.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# These, and what cannot be seen: zero-width characters, joiners and marks (200C to 200F, 061C, of
# use in some scripts), tags, other line ends, C1 controls.
_HIDDEN = frozenset(
    map(
        chr,
        (
            *(*range(0x80, 0xA0), 0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010)),
            *(*range(0x2028, 0x202F), *range(0x2060, 0x206A), 0xFEFF, *range(0xE0000, 0xE0080)),
        ),
    )
)
_ASCII = bytes(range(128))
_LINE_ENDS = "\u2028\u2029\u0085"
_TAGS = frozenset(map(chr, range(0xE0000, 0xE0080)))
_BLACK_FLAG = "\U0001f3f4"
_JOINERS = "\u200c\u200d"
_MARKS = "\u200e\u200f\u061c"
# Letters of other scripts that look like Latin ones; after Unicode TR 39, "confusables".
_LOOKALIKES = frozenset("аеорсухіјѕһԁԛԝкмтвнАВЕКМНОРСТУХІЈЅοαινκρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")


@rule("C801", "bidirectional-control", when=When.NOT_ASCII)
def bidirectional_control(entry: Entry, context: Context) -> Iterator[Finding]:
    r"""A file must not contain bidirectional embeddings, overrides or isolates.

    They change the order in which text is shown: a reader sees another sentence than the one that
    is archived and compared.

    Bad:
        No \u202edesaelp\u202c is allowed.

    Good:
        No pleased is allowed.
    """
    found = _hidden(entry, context) & _BIDI
    for place, char in enumerate(entry.text if found else ""):
        if char in found:
            yield _unwanted(entry.text, place, "must not change the direction of text")


@rule("C802", "invisible-character", Severity.WARNING, when=When.NOT_ASCII)
def invisible_character(entry: Entry, context: Context) -> Iterator[Finding]:
    r"""A file must not contain characters that cannot be seen.

    Zero-width spaces, soft hyphens, direction marks and other line separators hide differences
    and break searches. Joiners are allowed beside letters that are joined by them and inside
    emoji, direction marks in lines with right-to-left letters.

    Bad:
        Be\u200b kind.

    Good:
        Be kind.
    """
    found = _hidden(entry, context) - _BIDI  # C801 says those
    use = _Use(entry.text)
    for place, char in enumerate(entry.text if found else ""):
        if char in found and place and not use.of(char, place):  # F109 says the one at the start
            yield _unwanted(entry.text, place, "must not be invisible")


def _hidden(entry: Entry, context: Context) -> frozenset[str]:
    """Which characters that cannot be seen there are in the text."""

    def find() -> frozenset[str]:
        # Without the ASCII characters next to nothing is left to look at.
        rest = context.encoded(entry).translate(None, _ASCII)
        return _HIDDEN.intersection(rest.decode("utf-8", "surrogatepass"))

    return context.last("hidden", entry, find)


def _unwanted(text: str, place: int, requirement: str) -> Finding:
    char = text[place]
    name = unicodedata.name(char, "a control character").lower()
    instead = " " if char in _LINE_ENDS else ""
    title = "write a blank" if instead else "remove it"
    fix = Fix(title, (Edit(place, place + 1, instead),), Applicability.UNSAFE)
    message = f"a character {requirement}; this is U+{ord(char):04X}, {name}"
    return Finding(place, place + 1, message, fix=fix)


class _Use:
    """Tells where an invisible character has its use. Each line is looked at once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = (0, 0)
        self._has_rtl = False

    def of(self, char: str, place: int) -> bool:
        """True for joiners in scripts and emoji that need them, marks beside right-to-left."""
        if char in _JOINERS:
            around = self._text[max(0, place - 2) : place + 2]
            return any(ord(one) > 0x2FF and one not in _JOINERS + _MARKS for one in around)
        if char in _MARKS:
            return self._in_rtl_line(place)
        if char in _TAGS:  # the flags of Scotland and Wales are a black flag and tags
            return self._text[place - 1] in _TAGS or self._text[place - 1] == _BLACK_FLAG
        return False

    def _in_rtl_line(self, place: int) -> bool:
        start, end = self._line
        if not start <= place < end:
            start = self._text.rfind("\n", 0, place) + 1
            end = self._text.find("\n", place) + 1 or len(self._text) + 1
            letters = set(self._text[start:end]) - set(_MARKS)
            self._line = (start, end)
            self._has_rtl = any(unicodedata.bidirectional(one) in ("R", "AL") for one in letters)
        return self._has_rtl


@rule("C803", "look-alike")
def look_alike(entry: Entry, context: Context) -> Iterator[Finding]:
    r"""Names and URLs must not mix look-alike letters of another script into Latin ones.

    A Cyrillic `а` in `https://lаntern.example` leads to another host; one in a title makes it a
    name that nobody can type. A word that is in another script as a whole is fine.

    Bad:
        url: https://l\u0430ntern.example/conduct

    Good:
        url: https://lantern.example/conduct
    """
    front = entry.text[: entry.body_start]
    if front.isascii() and "\\" not in front:  # it may be written as an escape
        return
    for key in (*TITLE_KEYS, "also known as", "url", "wayback snapshot", "forkable file", PARENTS):
        if entry.value(key).isascii() and entry.value(key):
            continue
        for value in entry.values(key):
            text = value.text
            if text.isascii():
                continue
            for word in map(_mixed_word, _names_in(text)):
                if word:
                    yield _look_alike(entry.text, value.start, word)


def _names_in(text: str) -> Iterator[str]:
    """The words in which a look-alike deceives: of a URL its scheme and host."""
    for word in text.split():
        scheme, is_url, rest = word.partition("://")
        yield from (scheme, rest.partition("/")[0]) if is_url else (word,)


def _look_alike(text: str, start: int, word: str) -> Finding:
    char = next(char for char in word if char in _LOOKALIKES)
    place = text.find(word, start)
    place = start if place < 0 else place + word.index(char)  # not found: written as an escape
    name = unicodedata.name(char, "").lower()
    message = f"“{word}” must not mix scripts; this is U+{ord(char):04X}, {name}"
    return Finding(place, place + 1, message)


def _mixed_word(text: str) -> str | None:
    """The first word in which Latin letters stand beside look-alikes of another script."""
    for word in re.findall(r"\w+", text):
        latin = any(char.isascii() and char.isalpha() for char in word)
        if latin and any(char in _LOOKALIKES for char in word):
            return str(word)
    return None
