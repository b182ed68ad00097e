"""Dates: every real day in every accepted spelling, and what is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archivist import dates
from archivist.dates import MONTHS, PolicyDate, Unreadable

FUZZ = settings(derandomize=True, deadline=None, max_examples=200)
DAYS = st.dates(date(1900, 1, 1), date(9999, 12, 31))
FULL = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
ENDINGS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


def short(day: date) -> str:
    return MONTHS[day.month - 1]


def full(day: date) -> str:
    return FULL[day.month - 1]


def ordinal(day: date) -> str:
    return f"{day.day}{ENDINGS.get(day.day, 'th')}"


SPELLINGS: dict[str, Callable[[date], str]] = {
    "Dec 01, 2013": lambda day: f"{short(day)} {day.day:02}, {day.year}",
    "Dec 1, 2013": lambda day: f"{short(day)} {day.day}, {day.year}",
    "Dec 1 2013": lambda day: f"{short(day)} {day.day} {day.year}",
    "Dec. 1, 2013": lambda day: f"{short(day)}. {day.day}, {day.year}",
    "Dec  1,  2013": lambda day: f"{short(day)}  {day.day},  {day.year}",
    "Dec 1st, 2013": lambda day: f"{short(day)} {ordinal(day)}, {day.year}",
    "December 1, 2013": lambda day: f"{full(day)} {day.day}, {day.year}",
    "December 01 2013": lambda day: f"{full(day)} {day.day:02} {day.year}",
    "December 1st 2013": lambda day: f"{full(day)} {ordinal(day)} {day.year}",
    "DECEMBER 1, 2013": lambda day: f"{full(day).upper()} {day.day}, {day.year}",
    "dec 1, 2013": lambda day: f"{short(day).lower()} {day.day}, {day.year}",
    "1 December 2013": lambda day: f"{day.day} {full(day)} {day.year}",
    "01 Dec 2013": lambda day: f"{day.day:02} {short(day)} {day.year}",
    "1 Dec, 2013": lambda day: f"{day.day} {short(day)}, {day.year}",
    "1. December 2013": lambda day: f"{day.day}. {full(day)} {day.year}",
    "1st December 2013": lambda day: f"{ordinal(day)} {full(day)} {day.year}",
    "2013-12-01": lambda day: day.isoformat(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_day_of_a_leap_year_and_another(spelling: str) -> None:
    day = date(2012, 1, 1)
    while day < date(2014, 1, 1):
        assert dates.read(SPELLINGS[spelling](day)) == PolicyDate(day.year, day.month, day.day)
        day += timedelta(days=1)


@FUZZ
@given(DAYS, st.sampled_from(sorted(SPELLINGS)))
@example(date(2000, 2, 29), "2013-12-01")
@example(date(9999, 12, 31), "2013-12-01")
@example(date(1900, 1, 1), "1 Dec, 2013")
def test_a_day_reads_the_same_in_every_spelling(day: date, spelling: str) -> None:
    text = SPELLINGS[spelling](day)
    found = dates.read(text)
    assert found == PolicyDate(day.year, day.month, day.day)
    assert isinstance(found, PolicyDate)
    assert found.first == day
    assert found.is_day
    assert dates.style(text) == found.styled() == f"{short(day)} {day.day:02}, {day.year:04}"


@FUZZ
@given(DAYS, st.sampled_from(["day", "month", "year"]))
def test_styled_dates_read_back_to_themselves(day: date, precision: str) -> None:
    known = PolicyDate(
        day.year,
        day.month if precision != "year" else None,
        day.day if precision == "day" else None,
    )
    styled = known.styled()
    assert dates.read(styled) == known
    assert dates.style(styled) == styled
    assert dates.is_styled(styled) == (precision == "day")
    assert known.is_day == (precision == "day")
    assert known.first <= day


@pytest.mark.parametrize("month", range(12))
def test_months(month: int) -> None:
    known = PolicyDate(2014, month + 1)
    for text in (
        f"{MONTHS[month]} 2014",
        f"{FULL[month]} 2014",
        f"{FULL[month].upper()}  2014",
        f"{MONTHS[month]}. 2014",
        f"2014-{month + 1:02}",
    ):
        assert dates.read(text) == known, text


@pytest.mark.parametrize("text", ["December, 2013", "Dec, 2013", "Dec ,2013"])
def test_a_comma_between_month_and_year(text: str) -> None:
    assert dates.style(text) == "Dec 2013"


@pytest.mark.parametrize(
    ("text", "styled"),
    [
        ("Dec 10, 2013", "Dec 10, 2013"),
        ("March 17, 2013", "Mar 17, 2013"),
        ("Nov 29 2010", "Nov 29, 2010"),
        ("Jul 2, 2012", "Jul 02, 2012"),
        ("Sept 4, 2014", "Sep 04, 2014"),
        ("Sept. 4th, 2014", "Sep 04, 2014"),
        ("4 Sept 2014", "Sep 04, 2014"),
        ("2014-02-04", "Feb 04, 2014"),
        ("Feb 29, 2012", "Feb 29, 2012"),
        ("2014/02/04", "Feb 04, 2014"),
        ("2014.2.4", "Feb 04, 2014"),
        ("Dec 10,2013", "Dec 10, 2013"),
        ("Feb 2014", "Feb 2014"),
        ("2014-02", "Feb 2014"),
        ("2014", "2014"),
        ("9999", "9999"),
        ("Dec 31, 9999", "Dec 31, 9999"),
        ("1900", "1900"),
    ],
)
def test_what_is_read(text: str, styled: str) -> None:
    assert dates.style(text) == styled


@pytest.mark.parametrize(
    ("text", "reason", "guess"),
    [
        ("", "is not a date", None),
        ("unknown", "is not a date", None),
        ("May", "is not a date", None),
        ("Sat", "is not a date", None),
        ("10", "is not a date", None),
        ("Dec 10", "is not a date", None),
        ("Dec 10, 13", "is not a date", None),
        ("Feb 30, 2014", "is no day of the calendar: there is no Feb 30, 2014", "Feb 28, 2014"),
        ("30 February 2014", "is no day of the calendar: there is no Feb 30, 2014", "Feb 28, 2014"),
        ("2014-02-30", "is no day of the calendar: there is no Feb 30, 2014", "Feb 28, 2014"),
        ("Feb 29, 2014", "is no day of the calendar: there is no Feb 29, 2014", "Feb 28, 2014"),
        ("Feb 29, 1900", "is no day of the calendar: there is no Feb 29, 1900", "Feb 28, 1900"),
        ("Sept 31, 2014", "is no day of the calendar: there is no Sep 31, 2014", "Sep 30, 2014"),
        ("Dec 00, 2013", "is no day of the calendar: there is no Dec 00, 2013", None),
        ("0 Dec 2013", "is no day of the calendar: there is no Dec 00, 2013", None),
        ("2013-12-00", "is no day of the calendar: there is no Dec 00, 2013", None),
        ("00/12/2013", "is not a date", None),
        ("Dec 32, 2013", "is no day of the calendar: there is no Dec 32, 2013", "Dec 31, 2013"),
        ("2014-13-01", "has no such month: 13", None),
        ("2014-00-01", "has no such month: 0", None),
        ("2014-00", "has no such month: 0", None),
        ("Decembre 10, 2013", "names no month: “Decembre”", "Dec 10, 2013"),
        ("Dez 10, 2013", "names no month: “Dez”", None),
        ("10 Smarch 2013", "names no month: “Smarch”", "Mar 10, 2013"),
        ("10 Dez 2013", "names no month: “Dez”", None),
        ("Febuary 30, 2013", "names no month: “Febuary”", None),
        ("“Feb 4, 2014”", "has quotes that are part of it", "Feb 04, 2014"),
        ("“soon”", "is not a date", None),
        ("July 08, 2012 (DRAFT ONLY)", "has more than a date: “(DRAFT ONLY)”", "Jul 08, 2012"),
        ("Feb 04, 2014 (v2)", "has more than a date: “(v2)”", "Feb 04, 2014"),
        ("2014-02-04T10:00:00Z", "has more than a date: “T10:00:00Z”", "Feb 04, 2014"),
        ("Feb 2014 or so", "has more than a date: “or so”", "Feb 2014"),
        ("2014?", "has more than a date: “?”", "2014"),
        ("Feb 04, 0214", "has the year 0214, which is before any archive", None),
        ("0214-02-04", "has the year 0214, which is before any archive", None),
        ("Dec 31, 1899", "has the year 1899, which is before any archive", None),
        ("0000", "has the year 0000, which is before any archive", None),
        ("04/02/2014", "is not a date", "Feb 04, 2014 or Apr 02, 2014"),
        ("4.2.2014", "is not a date", "Feb 04, 2014 or Apr 02, 2014"),
        ("04/04/2014", "is not a date", "Apr 04, 2014"),
        ("13/02/2014", "is not a date", "Feb 13, 2014"),
        ("02/13/2014", "is not a date", "Feb 13, 2014"),
        ("13/13/2014", "is not a date", None),
        ("31/02/2014", "is not a date", None),
        ("04/02/0214", "is not a date", None),
        ("04/02/14", "is not a date", None),
    ],
)
def test_what_is_not_read(text: str, reason: str, guess: str | None) -> None:
    assert dates.read(text) == Unreadable(reason, tuple(guess.split(" or ")) if guess else ())
    assert dates.style(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "２０１４-０２-０４",
        "２０１４",
        "Dec １０, 2013",
        "٢٠١٤-٠٢-٠٤",
        "Dec ¹⁰, 2013",
        "１0 Dec 2013",
        "Deс 10, 2013",
        "2014‑02‑04",
        "2014-02-041",
        "20140204",
        "Dec 100, 2013",
        "Dec 10, 20130",
        "-2014",
        "2014-02.04",
        "2014/02-04",
        "2014-02-",
    ],
)
def test_digits_and_letters_of_other_scripts_are_not_taken_for_dates(text: str) -> None:
    assert isinstance(dates.read(text), Unreadable)
    assert not dates.is_styled(text)


NEAR_DATES = st.one_of(
    st.text(st.sampled_from("DecSept 0123456789,./-thndrs２٢²\n\u2028\u00a0"), max_size=20),
    st.builds(
        "{}{}{}".format,
        st.text(max_size=3),
        st.builds(lambda day, how: SPELLINGS[how](day), DAYS, st.sampled_from(sorted(SPELLINGS))),
        st.text(max_size=5),
    ),
    st.text(max_size=40),
)


@FUZZ
@given(NEAR_DATES)
@example("Dec\n10,\n2013")
def test_whatever_is_read_reads_back(text: str) -> None:
    """Never raises; what is read has one style; what is guessed would be read as well."""
    found = dates.read(text)
    if isinstance(found, PolicyDate):
        assert 1900 <= found.year <= 9999
        assert dates.read(found.styled()) == found
        assert dates.style(found.styled()) == found.styled()
        assert found.first.year == found.year
    else:
        assert found.reason
        assert dates.style(text) is None
        for guess in found.guesses:
            assert dates.style(guess) == guess


@FUZZ
@given(st.text(st.sampled_from("DecSpt 0123456789,"), min_size=12, max_size=12))
@example("Dec 10, 2013")
@example("Feb 30, 2014")
def test_the_style_is_three_letters_two_digits_and_four(text: str) -> None:
    styled = text[:3] in MONTHS and text[3] == " " and text[4:6].isdigit() and text[6:8] == ", "
    assert dates.is_styled(text) == (styled and text[8:].isdigit())
