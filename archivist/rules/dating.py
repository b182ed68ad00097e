"""Rules D3xx: dates."""

from __future__ import annotations

from collections.abc import Iterator

from archivist import dates
from archivist.diagnostic import Finding, Fix, Severity
from archivist.entry import Entry
from archivist.frontmatter import value_edit
from archivist.rules.rule import Context, rule

SEEN = "first seen"
KEYS = ("date announced", "date archived", SEEN)
UNKNOWN = "unknown"
_AHEAD = 1  # days that a calendar may be ahead of UTC


def date_of(entry: Entry, key: str) -> dates.PolicyDate | None:
    """The date in a field; None if it is blank, missing or unreadable."""
    value = entry.value(key)
    found = dates.read(value) if value else None
    return found if isinstance(found, dates.PolicyDate) else None


@rule("D301", "date-unreadable")
def date_unreadable(entry: Entry, context: Context) -> Iterator[Finding]:
    """A date must be a day of the calendar, written like `Dec 10, 2013`.

    `date announced` may also be a month (`Dec 2013`), a year (`2013`), `unknown` or blank.
    `date archived` and `first seen` name the day. Nothing may stand beside the date; whether a
    policy is a draft says `status: draft`. `04/02/2014` is not read, because it means April to
    some and February to others.

    Bad:
        date archived: Feb 30, 2014

    Good:
        date archived: Feb 28, 2014
    """
    for key in KEYS:
        value = entry.value(key)
        if not value or (key == "date announced" and value.lower() == UNKNOWN):
            continue
        found = dates.read(value)
        if isinstance(found, dates.Unreadable):
            yield Finding(*entry.fields[key].span, f"`{key}` {found.reason}", _hint(found, value))
        elif not found.is_day and key != "date announced":
            message = f"`{key}` must name the day, as in `Dec 10, 2013`"
            yield Finding(*entry.fields[key].span, message)


def _hint(found: dates.Unreadable, value: str) -> str:
    meant = " or ".join(f"`{guess}`" for guess in found.guesses)
    if "draft" in value.lower() and meant:
        return f"write {meant}, and `status: draft` on a line of its own"
    if "calendar" in found.reason and meant:
        return f"the last day of that month is {meant}"
    return f"write {meant}" if meant else "write it like `Dec 10, 2013`"


@rule("D302", "date-style", Severity.WARNING)
def date_style(entry: Entry, context: Context) -> Iterator[Finding]:
    """A date must have the archive's style: `Dec 10, 2013`.

    Three letters of the month, two digits of the day, four of the year. Other spellings are read
    (`March 17, 2013`, `Nov 29 2010`, `2013-12-10`), and rewritten by `--fix`.

    Bad:
        date archived: 2014-02-04

    Good:
        date archived: Feb 04, 2014
    """
    for key in KEYS:
        value = entry.value(key)
        if not value or dates.is_styled(value):
            continue
        styled = dates.style(value)
        if styled is not None and styled != value:
            start, end = entry.fields[key].span
            fix = Fix(f"write `{styled}`", (value_edit(entry.fields[key], styled),))
            yield Finding(start, end, f"`{key}` must be written `{styled}`", fix=fix)


@rule("D303", "announced-after-archived")
def announced_after_archived(entry: Entry, context: Context) -> Iterator[Finding]:
    """A policy must not be announced after it was archived.

    A month or a year is taken at its beginning, so `2014` agrees with every day of 2014.
    `first seen` must not be after `date archived` either.

    Bad:
        date announced: Mar 01, 2014
        date archived: Feb 04, 2014

    Good:
        date announced: Jan 03, 2014
        date archived: Feb 04, 2014
    """
    archived = date_of(entry, "date archived")
    if archived is None or not archived.is_day:
        return
    for key in ("date announced", SEEN):
        found = date_of(entry, key)
        if found and found.first > archived.first:
            message = f"`{key}` must not be after `date archived`, {archived.styled()}"
            yield Finding(*entry.fields[key].span, message)


@rule("D304", "archived-in-future")
def archived_in_future(entry: Entry, context: Context) -> Iterator[Finding]:
    """A policy must not be archived in the future.

    A day is allowed for contributors whose calendar is ahead of the machine's (UTC).

    Bad:
        date archived: Feb 04, 2140

    Good:
        date archived: Feb 04, 2014
    """
    archived = date_of(entry, "date archived")
    if archived and archived.first.toordinal() > context.today.toordinal() + _AHEAD:
        today = dates.PolicyDate(context.today.year, context.today.month, context.today.day)
        message = f"`date archived` must not be in the future; today is {today.styled()}"
        yield Finding(*entry.fields["date archived"].span, message)
