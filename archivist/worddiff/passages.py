"""Whole paragraphs that stay: what need not be cut into sentences."""

from __future__ import annotations

from typing import NamedTuple

_PARAGRAPH = "\n\n"
_LEAST = 6  # words; shorter paragraphs are compared with their neighbours


class Run(NamedTuple):
    """`size` characters of whole paragraphs, at `a` in the one text and at `b` in the other."""

    a: int
    b: int
    size: int


def passages(a: str, b: str, start: int, end: int) -> list[Run]:
    """The runs of paragraphs that stand once in each text and in the same order in both; none if
    any of them has moved. The first `start` and the last `end` characters are left out.
    """
    in_a, in_b = _paragraphs(a, start, len(a) - end), _paragraphs(b, start, len(b) - end)
    shared = [text for text in in_a if text in in_b and in_a[text] >= 0 and in_b[text] >= 0]
    places = [in_b[text] for text in shared]
    if places != sorted(places):
        return []
    runs: list[Run] = []
    for text in shared:
        last = runs[-1] if runs else Run(-1, -1, 0)
        if (last.a + last.size, last.b + last.size) == (in_a[text], in_b[text]):
            runs[-1] = last._replace(size=last.size + len(text))
        else:
            runs.append(Run(in_a[text], in_b[text], len(text)))
    return runs


def _paragraphs(text: str, start: int, end: int) -> dict[str, int]:
    """Where each paragraph stands, with the blank line behind it; -1 for one that stands twice.

    Left out are the last one, and those at whose edges there are more blanks: they belong together.
    """
    places: dict[str, int] = {}
    blank = True
    at = start
    parts = text[start:end].split(_PARAGRAPH)
    for part in parts[:-1]:
        here, at = at, at + len(part) + len(_PARAGRAPH)
        following = text[at : at + 1]
        alone = not blank and not part[:1].isspace() and not following.isspace()
        blank = False
        if alone and part.count(" ") >= _LEAST:
            whole = part + _PARAGRAPH
            places[whole] = -1 if whole in places else here
    return places
