"""Made-up entries: front matter and body of an archive in which `archivist check` finds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks import prose
from benchmarks.naming import Names, slug

Value = str | tuple[str, ...]
Fields = list[tuple[str, Value]]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FOLDERS = {"coc": "", "policy": "policies/", "source": "sources/"}
_FIRST, _LAST = date(2009, 1, 5), date(2023, 12, 20)
_FRONT_LENGTH = 290  # characters of front matter, on average
_PLAIN = re.compile(r"[^\W\d_](?:(?!: | #).)*")


@dataclass(frozen=True)
class Made:
    """An entry: its id, its fields in the schema's order, its body; what it may be credited by."""

    id: str
    title: str
    fields: tuple[tuple[str, Value], ...]
    body: str = ""
    names: tuple[str, ...] = ()

    @property
    def layout(self) -> str:
        return str(self.fields[0][1])

    @property
    def path(self) -> str:
        return f"entries/{_FOLDERS[self.layout]}{self.id}.md"

    @property
    def front(self) -> str:
        """The lines between the fences."""
        return "".join(_lines(key, value) for key, value in self.fields)

    @property
    def text(self) -> str:
        return f"---\n{self.front}\n---\n" + (f"\n{self.body}" if self.body else "")


def make_entries(count: int, seed: int) -> list[Made]:
    """So many entries, stubs included; the same for the same seed."""
    return _Maker(Random(seed)).entries(count)


class _Maker:
    """Makes entries in the order of their announcement, so that every parent is older."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.names = Names(random)
        self.made: list[Made] = []

    def entries(self, count: int) -> list[Made]:
        stubs = max(2, count // 50)
        self.made += [self._stub() for _ in range(stubs)]
        span = (_LAST - _FIRST).days
        for offset in sorted(self.random.randint(0, span) for _ in range(count - stubs)):
            self.made.append(self._entry(_FIRST + timedelta(days=offset)))
        return self.made

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _stub(self) -> Made:
        title, host = self.names.organization()
        url = self.names.url(host)
        fields: Fields = [("layout", "source"), ("organization", title), ("url", url)]
        return Made(slug(title), title, tuple(fields), names=(title, slug(title), url))

    def _entry(self, announced: date) -> Made:
        if self._chance(0.6):
            title, host = self.names.conference(announced.year)
            url = self.names.url(host, str(announced.year))
            return self._written(slug(title), ("conference", title), url, announced)
        last = self.made[-1]
        if self._chance(0.05) and last.fields[1][0] == "organization" and last.body:
            url = self.names.url(f"{last.id}.example", "short")
            edition = f"{last.id}-short"
            return self._written(edition, ("organization", last.title), url, announced)
        title, host = self.names.organization()
        return self._written(slug(title), ("organization", title), self.names.url(host), announced)

    def _written(self, made_id: str, name: tuple[str, str], url: str, announced: date) -> Made:
        title = name[1]
        alias = self.names.alias(title) if self._chance(0.06) else ""
        archived = announced + timedelta(days=self.random.randint(10, 600))
        fields: Fields = [
            ("layout", "policy" if self._chance(0.1) else "coc"),
            name,
            *([("also known as", alias)] if alias else []),
            *self._announced(announced),
            ("date archived", styled(archived)),
            *([("first seen", styled(announced))] if self._chance(0.04) else []),
            ("url", url),
            *self._snapshot(archived, url),
            *self._credits(title),
            *self._remarks(made_id),
        ]
        length = min(4400, max(1300, round(self.random.gauss(3000, 550)))) - _FRONT_LENGTH
        host = url.split("/")[2].removeprefix("www.")
        body = prose.body(self.random, title, f"care@{host}", length)
        names = tuple(filter(None, (title, made_id, url, alias)))
        return Made(made_id, title, tuple(fields), body, names)

    def _announced(self, day: date) -> Fields:
        """`date announced`, mostly to the day; now and then less is known, or nothing."""
        month = f"{_MONTHS[day.month - 1]} {day.year}"
        values = (styled(day), month, str(day.year), "", "unknown")
        value = self.random.choices(values, (80, 6, 3, 8, 3))[0]
        return [] if self._chance(0.01) else [("date announced", value)]

    def _snapshot(self, archived: date, url: str) -> Fields:
        if not self._chance(0.2):
            return []
        captured = archived + timedelta(days=self.random.randint(-20, 20))
        clock = self.random.randrange(86400)
        time = f"{clock // 3600:02}{clock // 60 % 60:02}{clock % 60:02}"
        memento = f"https://web.archive.org/web/{captured:%Y%m%d}{time}/{url}"
        return [("wayback snapshot", memento)]

    def _credits(self, title: str) -> Fields:
        """`credited parents`: names of older entries in six cases of ten."""
        key = "credited parents"
        if not self._chance(0.6):
            value = self.random.choices((None, "", "none"), (12, 63, 25))[0]
            return [] if value is None else [(key, value)]
        wanted = self.random.choices((1, 2, 3), (65, 25, 10))[0]
        names = list(dict.fromkeys(self._parent(title) for _ in range(wanted)))
        if len(names) > 1 and any("&" in name or "//" in name for name in names):
            return [(key, tuple(names))]
        glue = self.random.choice((" & ", " and ", ", ")) if len(names) == 2 else ", "
        return [(key, glue.join(names))]

    def _parent(self, title: str) -> str:
        """An older entry by one of its names; a few are credited by many."""
        if self._chance(0.02):
            return self.names.outside()
        pool = self.made[: max(2, len(self.made) // 50)] if self._chance(0.4) else self.made
        parent = self.random.choice(pool)
        if parent.title == title:  # another edition of the same: by its id
            return parent.id
        if parent.fields[1][0] == "conference" and self._chance(0.1):
            return parent.title[: -len(" 2014")]
        return parent.title if self._chance(0.7) else self.random.choice(parent.names)

    def _remarks(self, made_id: str) -> Fields:
        statuses = ("in force", "superseded", "withdrawn", "draft")
        chosen = (
            (0.1, "forkable file", f"https://code.example/{made_id}/blob/main/policy.txt"),
            (0.4, "status", self.random.choice(statuses)),
            (0.3, "language", self.random.choice(("en", "en-GB", "en-NZ"))),
            (0.3, "licence", self.random.choice(("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-3.0"))),
        )
        return [(key, value) for share, key, value in chosen if self._chance(share)]


def styled(day: date) -> str:
    """A day as archives write it: `Feb 04, 2014`."""
    return f"{_MONTHS[day.month - 1]} {day.day:02}, {day.year}"


def _lines(key: str, value: Value) -> str:
    return "".join(_line(key, value))


def _line(key: str, value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield f"{key}: {_scalar(value)}".rstrip() + "\n"
        return
    yield f"{key}:\n"
    yield from (f"  - {_scalar(one)}\n" for one in value)


def _scalar(value: str) -> str:
    """The value as YAML reads it back, in quotes where it must be."""
    return value if not value or _PLAIN.fullmatch(value) else f'"{value}"'
