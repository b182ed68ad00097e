"""Rules C8xx: characters that deceive the reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from archivist.addresses import host
from archivist.credit import KEY as PARENTS
from archivist.diagnostic import Applicability, Edit, Finding, Fix, Severity
from archivist.entry import TITLE_KEYS, Entry
from archivist.rules.rule import Context, rule

# Embeddings, overrides and isolates: N. Boucher and R. Anderson, "Trojan Source", 2021.
_BIDI = "[\u202a-\u202e\u2066-\u2069]"
# Zero-width and other invisible characters; joiners (200C, 200D) and marks (200E, 200F, 061C) have
# their use in some scripts.
_INVISIBLE = "[\u200b-\u200f\u061c\u00ad\u2060-\u2064\ufeff\u180e\U000e0000-\U000e007f]"
_JOINERS = "\u200c\u200d"
_MARKS = "\u200e\u200f\u061c"
_C1 = "[\u0080-\u009f\u2028\u2029]"
# Letters of other scripts that look like Latin ones; after Unicode TR 39, "confusables".
_LOOKALIKES = frozenset("аеорсухіјѕһԁԛԝкмтвнАВЕКМНОРСТУХІЈЅοαινκρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")


@rule("C801", "bidirectional-control")
def bidirectional_control(entry: Entry, context: Context) -> Iterator[Finding]:
    r"""A file must not contain bidirectional embeddings, overrides or isolates.

    They change the order in which text is shown: a reader sees another sentence than the one that
    is archived and compared.

    Bad:
        No \u202edesaelp\u202c is allowed.

    Good:
        No pleased is allowed.
    """
    if not entry.text.isascii():
        for match in re.finditer(_BIDI, entry.text):
            yield _unwanted(match, "must not change the direction of text")


@rule("C802", "invisible-character", Severity.WARNING)
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
    if entry.text.isascii():
        return
    for pattern in (_INVISIBLE, _C1):
        for match in re.finditer(pattern, entry.text):
            if match.start() and not _has_its_use(entry.text, match.start()):
                yield _unwanted(match, "must not be invisible")


def _unwanted(match: re.Match[str], requirement: str) -> Finding:
    char = match[0]
    name = unicodedata.name(char, "a control character").lower()
    fix = Fix("remove it", (Edit(*match.span(), ""),), Applicability.UNSAFE)
    message = f"a character {requirement}; this is U+{ord(char):04X}, {name}"
    return Finding(*match.span(), message, fix=fix)


def _has_its_use(text: str, place: int) -> bool:
    char = text[place]
    if char in _JOINERS:
        around = text[max(0, place - 2) : place + 2]
        return any(ord(one) > 0x2FF and one not in _JOINERS + _MARKS for one in around)
    if char in _MARKS:
        line = text[text.rfind("\n", 0, place) + 1 : text.find("\n", place) % (len(text) + 1)]
        return any(
            unicodedata.bidirectional(one) in ("R", "AL") for one in line if one not in _MARKS
        )
    return False


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
    if entry.text.isascii():
        return
    for key in (*TITLE_KEYS, "also known as", "url", "wayback snapshot", "forkable file", PARENTS):
        for value in entry.values(key):
            text = value.text
            mixed = _mixed_word(host(text) or text.partition(":")[0] if "://" in text else text)
            if mixed:
                char = next(char for char in mixed if char in _LOOKALIKES)
                place = entry.text.find(char, value.start)
                name = unicodedata.name(char, "").lower()
                message = f"“{mixed}” must not mix scripts; this is U+{ord(char):04X}, {name}"
                yield Finding(place, place + 1, message)


def _mixed_word(text: str) -> str | None:
    """The first word in which Latin letters stand beside look-alikes of another script."""
    for word in re.findall(r"\w+", text):
        latin = any(char.isascii() and char.isalpha() for char in word)
        if latin and any(char in _LOOKALIKES for char in word):
            return str(word)
    return None
