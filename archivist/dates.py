"""Dates as archives write them: `Dec 10, 2013`, and the other spellings that people use.

Read by hand and not by a date library: those fill in what is missing from today, guess the order
of day and month, or depend on the locale.
"""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

import re
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FULL = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_NUMBER = (
    {name.lower(): n for n, name in enumerate(MONTHS, 1)}
    | {name: n for n, name in enumerate(_FULL, 1)}
    | {"sept": 9}
)
_EARLIEST = 1900
_QUOTES = "“”„‟‘’‚‛«»\"'"
_LONGEST = 12  # letters of a misspelt month
_ALIKE = 0.75  # how like a month a misspelt one is
# Looked up: to format a number to a width costs more than all the rest of a date.
TWO_DIGITS = tuple(f"{number:02}" for number in range(100))

_STYLE = re.compile(rf"(?:{'|'.join(MONTHS)}) [0-9]{{2}}, [0-9]{{4}}")
_MONTH_FIRST = (
    r"([A-Za-z]+)\.?(?:\s+([0-9]{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)|\s*,\s*|\s+)"
    r"([0-9]{4})(?![0-9])(.*)"
)
_DAY_FIRST = r"([0-9]{1,2})(?:st|nd|rd|th)?\.?\s+([A-Za-z]+)\.?,?\s+([0-9]{4})(?![0-9])(.*)"
_ISO = r"([0-9]{4})(?:([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?)?(?![0-9])(.*)"
_SLASHED = r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})"


class PolicyDate(NamedTuple):
    """A day, a month (`day` is None) or a year (`month` is None too)."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def is_day(self) -> bool:
        """True if the date is known to the day."""
        return self.day is not None

    @property
    def first(self) -> date:
        """The first day it may mean."""
        return date(self.year, self.month or 1, 1 if self.day is None else self.day)

    @property
    def last(self) -> date:
        """The last day it may mean."""
        month = self.month or 12
        return date(self.year, month, self.day or _days(self.year, month))

    def styled(self) -> str:
        """The date in the archive's style: `Dec 10, 2013`, `Dec 2013` or `2013`."""
        year, month, day = self
        if month is None:
            return f"{year}"
        name = MONTHS[month - 1]
        return f"{name} {year}" if day is None else f"{name} {TWO_DIGITS[day]}, {year}"

    def iso(self) -> str:
        """The date as ISO 8601 writes it, which sorts: `2013-12-10`, `2013-12` or `2013`."""
        year, month, day = self
        parts = TWO_DIGITS[year // 100] + TWO_DIGITS[year % 100]
        if month is None:
            return parts
        parts = f"{parts}-{TWO_DIGITS[month]}"
        return parts if day is None else f"{parts}-{TWO_DIGITS[day]}"


def _days(year: int, month: int) -> int:
    from calendar import monthrange

    return monthrange(year, month)[1]


class Unreadable(NamedTuple):
    """A value that is no date: why, and what it may have meant (in the archive's style)."""

    reason: str
    guesses: tuple[str, ...] = ()


@lru_cache(maxsize=4096)  # an archive has far fewer days than dates
def read(text: str) -> PolicyDate | Unreadable:
    """The one date that the text can mean, in any of the spellings that archives use."""
    if _STYLE.fullmatch(text):
        year, month, day = int(text[8:]), _NUMBER[text[:3].lower()], int(text[4:6])
        return _checked(year, month, day, "")
    for pattern, order in _spellings():
        if match := pattern.fullmatch(text):
            of_year, of_month, of_day = (match[group] for group in order)
            return _of_parts(of_year, of_month, of_day, match.groups()[-1])
    if (bare := text.strip(_QUOTES)) != text and isinstance(found := read(bare), PolicyDate):
        return Unreadable("has quotes that are part of it", (found.styled(),))
    return Unreadable("is not a date", _guess_slashed(text))


@cache
def _spellings() -> tuple[tuple[re.Pattern[str], tuple[int, int, int]], ...]:
    """The other spellings, each with its groups of year, month and day: many runs meet none."""
    spellings = ((_ISO, (1, 3, 4)), (_MONTH_FIRST, (3, 1, 2)), (_DAY_FIRST, (3, 2, 1)))
    return tuple((re.compile(pattern, re.DOTALL), order) for pattern, order in spellings)


def is_styled(text: str) -> bool:
    """True if the text has the archive's style, whether or not there is such a day."""
    return _STYLE.fullmatch(text) is not None


def style(text: str) -> str | None:
    """The text rewritten to the archive's style; None if it is not a date."""
    found = read(text)
    return found.styled() if isinstance(found, PolicyDate) else None


def _of_parts(year: str, month: str | None, day: str | None, rest: str) -> PolicyDate | Unreadable:
    number = (
        None if month is None else int(month) if month.isdigit() else _NUMBER.get(month.lower())
    )
    if month is not None and number is None:
        from archivist.names import nearest  # with the tables of Unicode in its wake

        near = nearest(month, _FULL, _ALIKE) if len(month) <= _LONGEST else None
        meant = near and _checked(int(year), _NUMBER[near], int(day) if day else None, "")
        guesses = (meant.styled(),) if isinstance(meant, PolicyDate) else ()
        return Unreadable(f"names no month: “{month}”", guesses)
    return _checked(int(year), number, None if day is None else int(day), rest)


def _checked(year: int, month: int | None, day: int | None, rest: str) -> PolicyDate | Unreadable:
    if year < _EARLIEST:
        return Unreadable(f"has the year {year:04}, which is before any archive")
    if month is not None and not 1 <= month <= len(MONTHS):
        return Unreadable(f"has no such month: {month}")
    found = PolicyDate(year, month, day)
    try:
        found.first  # noqa: B018 -- asks the calendar whether there is such a day
    except ValueError:
        last = PolicyDate(year, month, _days(year, month or 1))
        reason = f"is no day of the calendar: there is no {found.styled()}"
        return Unreadable(reason, (last.styled(),) if day else ())
    if rest.strip():
        return Unreadable(f"has more than a date: “{rest.strip()}”", (found.styled(),))
    return found


def _guess_slashed(text: str) -> tuple[str, ...]:
    """Both readings of `04/02/2014`, or the only one that the calendar allows."""
    match = re.fullmatch(_SLASHED, text)
    if not match:
        return ()
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    readings = (_checked(year, second, first, ""), _checked(year, first, second, ""))
    styled = [one.styled() for one in readings if isinstance(one, PolicyDate)]
    return tuple(dict.fromkeys(styled))
