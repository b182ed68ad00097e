"""The sentences of a text: where each begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

_LONGEST = 900  # characters; what has no end before that is cut
_SHORTEST = 300  # … but not before this
# A line's end, or a mark that ends sentences with the quotes and brackets that close behind it.
# The first character is a class by itself: so the search skips what cannot begin an end. Most marks
# that do not end a sentence have a small letter behind them.
_STOP = re.compile(
    r"[\n.!?…。！？](?:(?<=\n)[ \t\r\f\v]*(?:\n\s*)?"
    r"|(?<=[.!?…])[.!?…]{0,8}[\"'”’»)\]]{0,8}[ \t\r\f\v\xa0]++(?![a-z])"
    r"|(?<=[。！？])[。！？]{0,8}[」』）]{0,8}\s*)"
)
_LAST_WORD = re.compile(r"[\w.]*$")
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        "e.g i.e etc cf vs viz al approx incl mr mrs ms dr prof st no nr art sec inc ltd co corp "
        "u.s u.k a.m p.m z.b d.h bzw usw",
    )
)
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})*|[a-z]")  # of a heading or an item: 2, 2.1, a
_WRAPPED = 40  # characters; a shorter line is one that its author ended
_BLANK = re.compile(r"\s+")


class Span(NamedTuple):
    """The characters `start:end` of a text."""

    start: int
    end: int


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of `text[start:end]`, each with the blanks behind it: together they are all of
    it. A line is a sentence of its own, unless it seems to be wrapped; the number before a sentence
    belongs to it. What has no end for long is cut behind a word that its letters choose, so that
    the same passage is cut in the same places.
    """
    found: list[Span] = []
    begin, stop = start, len(text) if end is None else end
    for match in _STOP.finditer(text, start, stop):
        place, behind = match.span()
        if not found and text[begin:behind].isspace():
            continue  # blanks before everything belong to the first sentence
        if behind > begin and (_is_plain(text, begin, place, behind) or _ends(text, begin, match)):
            if behind - begin <= _LONGEST and not text[begin].isspace():
                found.append(Span(begin, behind))
            else:
                _add(found, text, begin, behind)
            begin = behind
    if begin < stop:
        _add(found, text, begin, stop)
    return found


def _is_plain(text: str, begin: int, place: int, behind: int) -> bool:
    """True if a full stop ends a word that is no abbreviation, and no small letter follows."""
    if text[place] != "." or text[behind : behind + 1].islower():
        return False
    word = text[max(text.rfind(" ", begin, place) + 1, begin) : place]
    return len(word) > 1 and word.isalpha() and word.lower() not in _ABBREVIATIONS


def _add(found: list[Span], text: str, begin: int, end: int) -> None:
    if found and text[begin].isspace() and text[begin:end].isspace():
        found[-1] = Span(found[-1].start, end)
    elif end - begin <= _LONGEST:
        found.append(Span(begin, end))
    else:
        found.extend(_pieces(text, begin, end))


def _ends(text: str, begin: int, match: re.Match[str]) -> bool:
    """True if a sentence ends with what matched."""
    mark = text[match.start()]
    following = text[match.end() : match.end() + 1]
    if mark == "\n":
        return not _is_wrapped(text, begin, match, following)
    if mark != ".":
        return not following.islower()
    if following.islower():
        return False
    word = _last_word(text, max(begin, match.start() - 12), match.start())
    lower = word.lower()
    is_initial = len(lower) == 1 and lower.isalpha() and word.isupper()
    if begin + len(word) == match.start() and _NUMBER.fullmatch(word):
        return False  # what it numbers follows
    return lower not in _ABBREVIATIONS and not is_initial


def _last_word(text: str, start: int, end: int) -> str:
    """The letters, digits and dots that stand before `end`."""
    word = text[text.rfind(" ", start, end) + 1 or start : end]
    if word.isalpha():
        return word
    found = _LAST_WORD.search(word)
    return found[0] if found else ""


def _is_wrapped(text: str, begin: int, match: re.Match[str], following: str) -> bool:
    """True if a line goes on in the next: a long one that no mark ends, and no blank line."""
    if "\n" in match[0][1:] or not following.isalnum():
        return False
    line = text.rfind("\n", begin, match.start()) + 1
    width = match.start() - max(line, begin)
    return width >= _WRAPPED and text[match.start() - 1] not in '.!?…:;”"'


def _pieces(text: str, begin: int, end: int) -> Iterator[Span]:
    """What is too long, cut: behind a word whose checksum says so, at the latest at the limit."""
    word = begin
    for blank in _BLANK.finditer(text, begin, end):
        place = blank.end()
        length = place - begin
        chosen = length >= _SHORTEST and not _checksum(text[word : blank.start()]) & 15
        if chosen or length >= _LONGEST:
            yield Span(begin, place)
            begin = place
        word = place
    if begin < end:
        yield Span(begin, end)


def _checksum(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))
