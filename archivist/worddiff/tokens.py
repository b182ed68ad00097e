"""The tokens of a text: words, and marks between them. Blanks are what is left."""

from __future__ import annotations

import re
import string
from functools import lru_cache
from typing import NamedTuple

from archivist.words import IDEOGRAPHS

IDEOGRAPH = "\u3040"  # from here on, a word may be several tokens
_LETTER = rf"[^\W{IDEOGRAPHS}]"
_TOKEN = re.compile(rf"{_LETTER}+(?:['’\-]{_LETTER}+)*|[{IDEOGRAPHS}]|([^\w\s])\1{{3,}}|[^\w\s]|\w")
_CONTENT, _LIGHT, LIGHTEST = 1.0, 0.4, 0.1
_MARKS = string.punctuation + string.whitespace + "“”‘’«»…–—"
_SHORT = 3  # letters; what is shorter carries little in any language
_FREQUENT = frozenset(
    re.findall(
        r"\w+",
        "about also been does each from have here into just like more most must only other over "
        "same shall should some such than that their them then there these they this those very "
        "were what when where which will with would your yours ours because before after could "
        "every while who aber auch auf dass dem den der die das ein eine einer einem einen eines "
        "für ist mit nicht oder sich sind und von werden wird zum zur dans des elle est les leur "
        "mais nous par pas plus pour que qui sont sur une vous con del los las para por una",
    )
)


class Tokens(NamedTuple):
    """The tokens of a part of a text, in order, and the characters each stands in."""

    texts: list[str]
    starts: list[int]
    ends: list[int]


def tokens(text: str, start: int = 0, end: int | None = None) -> Tokens:
    """The tokens of `text[start:end]`."""
    stop = len(text) if end is None else end
    spans = [match.span() for match in _TOKEN.finditer(text, start, stop)]
    return Tokens(
        [text[first:last] for first, last in spans],
        [first for first, _ in spans],
        [last for _, last in spans],
    )


@lru_cache(maxsize=8192)  # a language has few words that are used often
def weight(token: str) -> float:
    """What a token tells, or a word with marks: a word 1, a short or very frequent word less, a
    mark hardly anything.
    """
    bare = token.strip(_MARKS)
    if not bare or not bare[0].isalnum():
        return LIGHTEST
    if len(bare) <= _SHORT or bare.lower() in _FREQUENT:
        return _LIGHT if bare[0] < IDEOGRAPH else _CONTENT
    return _CONTENT
