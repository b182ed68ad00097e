"""Words of a text, and how much of one text stands in another. Pure functions.

Words are compared case-folded and without punctuation. A shingle is a run of a few words; the
share of one text's shingles that another holds is its *containment* (Broder, "On the resemblance
and containment of documents", 1997).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

SHINGLE = 4  # words
# Letters that are written without blanks between words, as a range of a regular expression.
IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
_WORD = re.compile(r"\w+")
_IDEOGRAPH = f"[{IDEOGRAPHS}]"
_EACH = rf"[{IDEOGRAPHS}]|[^\W{IDEOGRAPHS}]+"
_ASCII = bytes(code if chr(code).isalnum() or chr(code) == "_" else 32 for code in range(128))
_PARTED = _ASCII.lower() + bytes(128)  # for ASCII: what is no part of a word becomes a blank
# All scripts that put no blanks between words: Thai to Lao, Burmese, Khmer, and rarer ideographs.
_UNSPACED = (
    f"{IDEOGRAPHS}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u31f0-\u31ff"
    "\U00020000-\U0003ffff"
)
_RUNS_ON = f"[{_UNSPACED}]"
_LEADS = bytes([0xE0, 0xE1, *range(0xE3, 0xEA), 0xEF, 0xF0])
_MEASURE = rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+"


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    """An expression of many scripts, compiled when it is needed: that takes milliseconds."""
    return re.compile(expression)


def words(text: str) -> list[str]:
    """The words of a text, case-folded: runs of letters, digits and `_`; each letter of a script
    that has no blanks between words.
    """
    if text.isascii():  # the same, several times faster
        return text.encode().translate(_PARTED).decode().split()
    return (_pattern(_EACH) if _pattern(_IDEOGRAPH).search(text) else _WORD).findall(
        text.casefold()
    )


def has_words(text: str) -> bool:
    """True if the text has a word at all, found without reading all of them."""
    return _WORD.search(text) is not None


def measure(text: str) -> list[str]:
    """The words of a text as its size is measured: of scripts that put no blanks between words each
    character counts as one.
    """
    return words(text) if text.isascii() else _pattern(_MEASURE).findall(text.casefold())


def size(text: str) -> int:
    """How many words a text has: what blanks part, and characters as in `measure`."""
    return len(_pattern(_MEASURE).findall(text) if runs_on(text) else text.split())


def runs_on(text: str) -> bool:
    """True if there are letters of a script that puts no blanks between words."""
    if text.isascii():
        return False
    data = text.encode("utf-8", "surrogatepass")
    return may_run_on(data) and _pattern(_RUNS_ON).search(text) is not None


def may_run_on(data: bytes) -> bool:
    """True if there are bytes in UTF-8 with which such letters begin: told many times as fast."""
    return len(data.translate(None, _LEADS)) < len(data)


def letters(word: str) -> list[str]:
    """What stands between two blanks as the words that are counted: it, or each character of
    scripts that put no blanks between words.
    """
    return (_pattern(_MEASURE).findall(word) if runs_on(word) else None) or [word]


def shingles(tokens: Sequence[str], size: int = SHINGLE) -> Iterator[tuple[str, ...]]:
    """Every run of `size` words; one shorter run if there are fewer words than that."""
    if len(tokens) < size:
        return iter([tuple(tokens)] if tokens else [])
    return zip(*(tokens[start:] for start in range(size)), strict=False)


def containment(part: Collection[tuple[str, ...]], whole: Iterator[tuple[str, ...]]) -> float:
    """The share of the shingles in `part` that stand in `whole` too, 0.0 to 1.0.

    An empty part stands nowhere: 0.0.
    """
    wanted = part if isinstance(part, set) else set(part)
    left = set(wanted)
    left.difference_update(whole)
    return (len(wanted) - len(left)) / len(wanted) if wanted else 0.0
