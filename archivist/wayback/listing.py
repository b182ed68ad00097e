"""All captures of a page between two days, as far as the index tells, and which of them differ.

An answer has so many rows at the most: a window that is full is halved. An answer without any row
proves nothing, so it is asked again, without the window.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from archivist.addresses import url_key
from archivist.net.fetch import Answer, Fetch
from archivist.wayback.cdx import Capture, captures, is_full, query, window_query
from archivist.wayback.mementos import WaybackMachine

_MOST_QUERIES = 60
_OK = 200


class Listing(NamedTuple):
    """The captures that the index lists, oldest first. `trouble` says why that is not all, or why
    nothing is known; `is_known` is False if there was no telling at all.
    """

    captures: tuple[Capture, ...] = ()
    is_known: bool = True
    trouble: str = ""


class Distinct(NamedTuple):
    """The captures that may show another text than the one before, and how many others there are,
    by what they are.
    """

    captures: list[Capture]
    others: Counter[str]


def list_captures(
    machine: WaybackMachine, url: str, first: date, last: date
) -> Generator[Fetch, Answer, Listing]:
    """List the captures of a page from one day to another."""
    windows, found, asked = [(first, last)], list[Capture](), 0
    while windows:
        begin, end = windows.pop()
        if asked >= _MOST_QUERIES:
            words = f"the index lists too much: what is after {begin.isoformat()} was not asked for"
            return Listing(tuple(sorted(found)), True, words)
        body = yield from machine.index(window_query(machine.settings.url, url, begin, end))
        asked += 1
        rows = None if body is None else captures(body)
        if body is None or rows is None:
            trouble = machine.why
            return Listing(tuple(sorted(found)), False, trouble)
        if is_full(body) and begin < end:
            middle = begin + (end - begin) // 2
            windows += [(middle + timedelta(days=1), end), (begin, middle)]
        else:
            found += rows
    if found:
        return Listing(tuple(sorted(set(found))))
    return (yield from _asked_again(machine, url, first, last))


def _asked_again(
    machine: WaybackMachine, url: str, first: date, last: date
) -> Generator[Fetch, Answer, Listing]:
    later = 0.001 + machine.settings.second_opinion
    rows = yield from machine.rows(query(machine.settings.url, url, None, None), later)
    if rows is None:
        return Listing((), False, machine.why)
    found = tuple(sorted(one for one in rows if first <= one.day <= last))
    if found:
        return Listing(found, True, "the index lists one capture a month only")
    words = "the Wayback Machine lists no capture (asked twice), which does not prove that it has"
    return Listing((), False, f"{words} none")


def distinct(found: Sequence[Capture], url: str) -> Distinct:
    """Of captures, oldest first, those that may show another text than the one before them.

    Captures of redirects and errors are left out, and of other pages that the index takes for the
    same; so is whatever has the bytes of the one before. A revisit repeats an earlier capture, by
    its digest; if that is not listed, it may be anything.
    """
    statuses = {one.digest: one.status for one in found if one.status}
    kept: list[Capture] = []
    others = Counter[str]()
    for one in found:
        status = one.status or statuses.get(one.digest, _OK)
        if url_key(one.original).lower() != url_key(url).lower():
            others["another page"] += 1
        elif 300 <= status < 400:
            others["redirects"] += 1
        elif status != _OK:
            others["errors"] += 1
        elif kept and kept[-1].digest == one.digest:
            others["the same bytes"] += 1
        else:
            kept.append(one)
    return Distinct(kept, others)


def thinned(found: Sequence[Capture], most: int) -> list[Capture]:
    """As many captures as are wanted, spread evenly, the first and the last among them."""
    if len(found) <= most:
        return list(found)
    if most < 2:
        return list(found[:most])
    step = (len(found) - 1) / (most - 1)
    return [found[round(number * step)] for number in range(most)]
