"""The days that a page's `<time>` elements stand for, by the words that a reader sees.

They say which of two days `04/03/2024` is. They are no word of the policy about itself: a system
that keeps pages touches such data, and so they only ever help to read a date that stands in the
text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from archivist.dates import PolicyDate, read

_MOST = 50  # elements
_TIME = re.compile(
    r"<time\b[^<>]{0,300}?\bdatetime\s*=\s*[\"']?\s*(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])"
    r"[^<>]{0,300}>(?P<words>[^<>]{1,80})</time\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]+")


def times_in(html: str) -> Mapping[str, PolicyDate]:
    """The days of a page's `<time>` elements, by their words, white space folded; without those
    whose words stand for two days, or name other numbers than the day's.
    """
    found: dict[str, PolicyDate] = {}
    doubtful: set[str] = set()
    for _, match in zip(range(_MOST), _TIME.finditer(html), strict=False):
        words, day = " ".join(unescape(match["words"]).split()), read(match["day"])
        if not isinstance(day, PolicyDate) or not _agrees(words, day):
            continue
        if found.setdefault(words, day) != day:
            doubtful.add(words)
    return {words: day for words, day in found.items() if words not in doubtful}


def _agrees(words: str, day: PolicyDate) -> bool:
    """True if the words name the day and the year, and no other number but the month's."""
    numbers = [int(one) for one in _NUMBER.findall(words)]
    rest = sorted(numbers)
    for one in (day.year, day.day):
        if one not in rest:
            return False
        rest.remove(one)
    return rest in ([], [day.month])
