"""The baseline: the debt of an old archive, as counts per file and code.

Counts, not lines: lines move with every edit. What is new fails; what was paid off is said, so
that the baseline can shrink.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from archivist.diagnostic import Diagnostic
from archivist.errors import ConfigurationError

VERSION = 1
Counts = dict[tuple[str, str], int]


class Weighed(NamedTuple):
    """Findings after the baseline: what is new, how many were known, what was paid off."""

    new: tuple[Diagnostic, ...]
    known: int
    paid_off: tuple[tuple[str, str, int], ...]


def count(found: Iterable[Diagnostic]) -> Counts:
    """How many findings there are per path and code."""
    return Counter((one.path, one.code) for one in found)


def weigh(
    found: Iterable[Diagnostic], baseline: Counts, checked: set[str], ran: frozenset[str]
) -> Weighed:
    """Hold findings against the baseline.

    A file and code with more findings than the baseline allows is reported whole: which of them
    is the new one cannot be told. Paid off is only what was `checked` (paths) by rules that `ran`
    (codes). What is found in a file that was not is new: it is what a commit breaks elsewhere,
    beside what was there before.
    """
    found = tuple(found)
    counts = count(found)
    known = {
        (path, code): allowed
        for (path, code), allowed in baseline.items()
        if path in checked and code in ran
    }
    new = tuple(
        one for one in found if counts[one.path, one.code] > known.get((one.path, one.code), 0)
    )
    paid_off = tuple(
        (path, code, allowed - counts.get((path, code), 0))
        for (path, code), allowed in sorted(known.items())
        if counts.get((path, code), 0) < allowed
    )
    return Weighed(new, len(found) - len(new), paid_off)


def dump(counts: Counts) -> str:
    """The baseline as its file: JSON, sorted, one code a line."""
    table: dict[str, dict[str, int]] = {}
    for (path, code), number in sorted(counts.items()):
        table.setdefault(path, {})[code] = number
    import json  # most archives have no baseline

    return json.dumps({"version": VERSION, "counts": table}, indent=2) + "\n"


def load(data: bytes, name: str) -> Counts:
    """The counts in a baseline's file. Raises ConfigurationError if it is none."""
    import json

    try:
        document = json.loads(data)
        if document["version"] != VERSION:
            raise ValueError(f"version {document['version']} is not {VERSION}")
        return {
            (path, code): int(number)
            for path, codes in document["counts"].items()
            for code, number in codes.items()
        }
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        hint = "write it anew with `archivist check --write-baseline`"
        raise ConfigurationError(f"{name} is not a baseline: {error}", hint) from error
