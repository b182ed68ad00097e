"""Rules U4xx: URLs, and the Wayback mementos of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from archivist import addresses
from archivist.archive import Archive
from archivist.diagnostic import Applicability, Edit, Finding, Fix, Severity
from archivist.entry import Entry
from archivist.names import series
from archivist.rules.dating import date_of
from archivist.rules.rule import Context, rule

KEYS = ("url", "wayback snapshot", "forkable file")
_MEMENTO_DAYS = timedelta(days=31)


@rule("U401", "url-form")
def url_form(entry: Entry, context: Context) -> Iterator[Finding]:
    """A URL must be absolute, http or https, without credentials and without white space.

    A blank value says that the URL is not known.

    Bad:
        url: www.lantern.example/conduct

    Good:
        url: https://www.lantern.example/conduct
    """
    for key in KEYS:
        value = entry.value(key)
        problem = addresses.problem(value) if value else None
        if problem:
            start, end = entry.fields[key].span
            start, end = _blank_in(entry.text, start, end) or (start, end)
            meant = addresses.suggestion(value)
            edit = Edit(start, end, meant or "")
            fix = Fix(f"write `{meant}`", (edit,), Applicability.UNSAFE) if meant else None
            hint = f"did you mean `{meant}`?" if meant else None
            yield Finding(start, end, f"`{key}` {problem}", hint, fix)


def _blank_in(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The first white space between two places."""
    match = re.search(r"\s+", text[start:end])
    return (start + match.start(), start + match.end()) if match else None


@rule("U402", "not-a-memento", needs="wayback snapshot")
def not_a_memento(entry: Entry, context: Context) -> Iterator[Finding]:
    """`wayback snapshot` must be the URL of one memento, with its full timestamp.

    `https://web.archive.org/web/20140204093000/https://…` names one capture for ever; a shorter
    timestamp or `*` leads to another one tomorrow.

    Bad:
        wayback snapshot: https://web.archive.org/web/2014/https://lantern.example/conduct

    Good:
        url: https://lantern.example/conduct
        wayback snapshot: https://web.archive.org/web/20140204093000/https://lantern.example/conduct
    """
    value = entry.value("wayback snapshot")
    if value and addresses.problem(value) is None:
        found = addresses.memento(value)
        if isinstance(found, str):
            yield Finding(*entry.fields["wayback snapshot"].span, f"`wayback snapshot` {found}")


@rule("U403", "memento-of-another", needs="wayback snapshot")
def memento_of_another(entry: Entry, context: Context) -> Iterator[Finding]:
    """`wayback snapshot` must be a memento of this entry's `url`.

    http and https, `www.` and a final slash make no difference.

    Bad:
        url: https://lantern.example/conduct
        wayback snapshot: https://web.archive.org/web/20140204093000/https://quay.example/conduct

    Good:
        url: https://lantern.example/conduct
        wayback snapshot: https://web.archive.org/web/20140204093000/https://lantern.example/conduct
    """
    found, url = addresses.memento(entry.value("wayback snapshot")), entry.value("url")
    if isinstance(found, str) or (url and addresses.problem(url)):
        return
    if not url:
        message = "`url` must be given: `wayback snapshot` is a memento of it"
        start, end = entry.fields["wayback snapshot"].span
        yield Finding(start, end, message, f"the memento is of {found.original}")
    elif addresses.url_key(url) != addresses.url_key(found.original):
        message = f"`wayback snapshot` must be a memento of `url`; it is of {found.original}"
        yield Finding(*entry.fields["wayback snapshot"].span, message)


@rule("U404", "memento-date", Severity.WARNING, needs="wayback snapshot")
def memento_date(entry: Entry, context: Context) -> Iterator[Finding]:
    """The memento's timestamp must agree with `date archived`, give or take 31 days.

    A capture of another month may hold another version of the policy.

    Bad:
        date archived: Feb 04, 2014
        url: https://lantern.example/conduct
        wayback snapshot: https://web.archive.org/web/20160801000000/https://lantern.example/conduct

    Good:
        date archived: Feb 04, 2014
        url: https://lantern.example/conduct
        wayback snapshot: https://web.archive.org/web/20140211000000/https://lantern.example/conduct
    """
    found = addresses.memento(entry.value("wayback snapshot"))
    archived = date_of(entry, "date archived")
    if isinstance(found, str) or archived is None or not archived.is_day:
        return
    apart = abs(found.captured - archived.first)
    if apart > _MEMENTO_DAYS:
        message = (
            f"`wayback snapshot` must agree with `date archived`; "
            f"it was captured {apart.days} days {_side(found.captured < archived.first)}"
        )
        yield Finding(*entry.fields["wayback snapshot"].span, message)


def _side(earlier: bool) -> str:
    return "earlier" if earlier else "later"


@rule("U405", "shared-source", Severity.WARNING, crosses=True)
def shared_source(entry: Entry, context: Context) -> Iterator[Finding]:
    """Two entries must not have the same `url`, unless one credits the other or is its edition.

    Mostly the URL was copied along with another entry's front matter. It is reported on the entry
    whose id has less in common with the URL.

    Bad:
        # entries/quay-conf.md
        conference: Quay Conf
        url: https://quay.example/conduct
        # entries/lantern-conf.md
        conference: Lantern Conf
        url: https://quay.example/conduct

    Good:
        # entries/quay-conf.md
        conference: Quay Conf
        url: https://quay.example/conduct
        # entries/lantern-conf.md
        conference: Lantern Conf
        url: https://lantern.example/conduct
    """
    url = entry.value("url")
    if not addresses.is_url(url):
        return
    key = addresses.url_key(url)
    sharing = context.archive.find("url", key)
    if len(sharing) < 2:
        return
    first = context.once("source", key, lambda: min(sharing, key=lambda one: _rank(one, key)))
    if first.path != entry.path and not _related(entry, first, context.archive):
        message = (
            f"`url` is also the source of `{first.id}`, no parent and no edition of this entry"
        )
        hint = f"was it copied along? If the policy derives from `{first.id}`, credit it"
        yield Finding(*entry.fields["url"].span, message, hint)


def _rank(entry: Entry, key: str) -> tuple[int, str]:
    """Sorts entries that share a URL: the one whose id stands most in it comes first."""
    words = [word for word in entry.id.lower().split("-") if not word.isdigit()]
    return -sum(len(word) for word in words if word in key.lower()), entry.path


def _related(one: Entry, other: Entry, archive: Archive) -> bool:
    if series(one.title) == series(other.title):
        return True
    return archive.seems_to_credit(one, other) or archive.seems_to_credit(other, one)
