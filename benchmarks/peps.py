"""Made-up files in the shape of Python Enhancement Proposals, which check-peps.py accepts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from benchmarks import prose

MOST = 10_000  # a number has at most four digits

_SECTIONS = ("Abstract", "Motivation", "Rationale", "Specification", "Rejected Ideas")
_STATUSES = ("Accepted", "Active", "Deferred", "Draft", "Final", "Rejected", "Withdrawn")
_TYPES = ("Standards Track", "Informational", "Process")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WIDTH = 79
_FIRST = date(2001, 2, 1)


def make_peps(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many file names and texts of about 3 KB; the same for the same seed."""
    if count > MOST:
        raise ValueError(f"there are no more than {MOST} numbers")
    random = Random(seed)
    for number in range(count):
        length = min(4400, max(1300, round(random.gauss(3000, 550))))
        yield f"pep-{number:04}.rst", _pep(random, number, length)


def _pep(random: Random, number: int, length: int) -> str:
    parts = ["\n".join(_headers(random, number)) + "\n"]
    sections = list(_SECTIONS)
    while sum(map(len, parts)) < length - 150:
        if sections:
            heading = sections.pop(0)
            parts.append(f"\n{heading}\n{'=' * len(heading)}\n")
        parts.append("\n" + textwrap.fill(prose.paragraph(random), _WIDTH) + "\n")
    return "".join(parts)


def _headers(random: Random, number: int) -> Iterator[str]:
    created = _FIRST + timedelta(days=random.randrange(8000))
    thread = f"https://discuss.python.org/t/{random.randrange(1000, 60000)}"
    names = random.sample(("Mara Tolland", "Jon Birkett", "Ida Vance", "Zoë Béland"), 2)
    yield f"PEP: {number}"
    yield f"Title: {prose.sentence(random)[:60].strip()}"
    yield f"Author: {names[0]} <{names[0][:3].lower().replace('ë', 'e')}@example.com>,"
    yield f"        {names[1]}"
    yield f"Discussions-To: {thread}"
    yield f"Status: {random.choice(_STATUSES)}"
    yield f"Type: {random.choice(_TYPES)}"
    if random.random() < 0.3:
        yield f"Topic: {random.choice(('Packaging', 'Typing', 'Release'))}"
    yield f"Created: {_dashed(created)}"
    yield f"Python-Version: 3.{random.randrange(1, 15)}"
    yield f"Post-History: `{_dashed(created)} <{thread}>`__"


def _dashed(day: date) -> str:
    return f"{day.day:02}-{_MONTHS[day.month - 1]}-{day.year}"
