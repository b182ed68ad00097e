"""A timeline as text, JSON, JSON Lines and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from archivist.console import columns, counted, escape, escape_controls, paint
from archivist.dates import PolicyDate
from archivist.document import dumped
from archivist.versions.choosing import Oscillation, day_of
from archivist.versions.notes import Notes
from archivist.versions.rows import as_row, indented, members
from archivist.versions.version import WORKING, Kind, Version, moment

FORMATS = ("text", "json", "jsonl", "csv")
_SHORT = 8  # characters of a commit
_COLORS: dict[Kind, tuple[str, ...]] = {
    "added": ("green",),
    "text": ("bold",),
    "removed": ("red",),
    "restored": ("green",),
    "renamed": ("cyan",),
    "metadata": ("dim",),
    "whitespace": ("dim",),
}


# More keys for the row of a version, or more lines below it.
More = Callable[[Version], dict[str, Any]]
Below = Callable[[Version], Iterable[str]]


def no_keys(_: Version) -> dict[str, Any]:
    """No more keys than those of the timeline."""
    return {}


def no_lines(_: Version) -> Iterable[str]:
    """No more lines."""
    return ()


def as_json(
    versions: Iterable[Version],
    swings: Iterable[Oscillation],
    notes: Notes,
    more: More = no_keys,
) -> str:
    """All versions as one object."""
    document = {
        "version": 1,
        "versions": [],
        "oscillations": [one._asdict() for one in swings],
        **notes.keys(),
    }
    if more is no_keys:
        rows = ",\n".join(f"    {{\n      {one}\n    }}" for one in members(versions, ",\n      "))
    else:
        rows = ",\n".join(indented(as_row(one) | more(one), 4) for one in versions)
    whole = dumped(document, indent=2) + "\n"
    return whole.replace("[]", f"[\n{rows}\n  ]", 1) if rows else whole


def as_jsonl(versions: Iterable[Version], more: More = no_keys) -> str:
    """A JSON object a line."""
    if more is no_keys:
        return "".join(f"{{{one}}}\n" for one in members(versions, ", "))
    return "".join(dumped(as_row(one) | more(one)) + "\n" for one in versions)


def as_csv(versions: Iterable[Version]) -> str:
    """A table with a header; trailers are left out.

    What a spreadsheet would take for a formula begins with a quote, and what a terminal would obey
    is escaped; `true` and `false` are as in JSON.
    """
    import csv
    from io import StringIO

    out = StringIO()
    rows = [as_row(one) for one in versions]
    names = [name for name in as_row(_NOTHING) if name != "trailers"]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return out.getvalue()


def as_text(
    versions: Sequence[Version],
    swings: Iterable[Oscillation],
    *,
    color: bool,
    width: int,
    below: Below = no_lines,
    detailed: bool = False,
) -> str:
    """A line a version, newest first, with more lines for what is remarkable; then the counts.

    `detailed` says more of each: when it was announced, whose commit it is, and its trailers.
    """
    names = {one.entry: escape(one.entry) for one in versions}
    known = {one.rev: one for one in versions}
    revs = len(WORKING) if None in known else _SHORT
    lines = []
    for one in versions:
        if len(names) > 1:
            rev = one.rev[:_SHORT] if one.rev else WORKING
            lines.append(f"{_head(one, color)}  {rev.ljust(revs)}  {names[one.entry]}")
        else:
            lines.append(f"{_head(one, color)}  {_commit(one, width)}".rstrip())
        if one.origin or one.returns_to:
            lines += (" " * 14 + text for text in _remarks(one, known))
        if detailed:
            lines += (" " * 14 + text for text in _details(one))
        if below is not no_lines:
            lines += below(one)
    swung = [
        f"{escape(one.entry)} went back and forth between {one.first[:_SHORT]} and "
        f"{one.second[:_SHORT]}, {one.turns} times"
        for one in swings
    ]
    return "\n".join([*lines, *([""] if lines else []), *swung, _summary(versions, len(names))])


def _head(one: Version, color: bool) -> str:
    """What a line begins with: the day that a text says it was archived on, or that of the commit
    by which it was removed; what changed, and how many words.
    """
    archived = one.archived
    if archived is None and one.rev and not one.oid:
        day = day_of(one)
        archived = PolicyDate(day.year, day.month, day.day) if day else None
    return f"{_day(archived)}  {_kind(one.kind, color)}  {_words(one.added, one.removed)}"


def _commit(one: Version, width: int) -> str:
    """What a line about the only entry ends with: the commit, its day and its subject."""
    if one.rev is None:
        return WORKING
    when = (moment(one.committed) or "no date")[:10]
    return f"{one.rev[:_SHORT]} {when:10}  {_cut(escape(one.subject), width - 62)}"


def _details(one: Version) -> Iterator[str]:
    announced = f"announced {one.announced.styled()}" if one.announced else ""
    author = f"committed by {escape(one.author)}" if one.rev and one.author else ""
    if said := "; ".join(filter(None, (announced, author))):
        yield said
    for key, value in one.trailers:
        yield f"{escape(key)}: {escape(value)}"


def _day(day: PolicyDate | None) -> str:
    return (day.styled() if day else "no date").ljust(12)


@cache
def _kind(kind: Kind, color: bool) -> str:
    return paint(f"{kind:10}", *_COLORS[kind], on=color)


@lru_cache(4096)
def _words(added: int | None, removed: int | None) -> str:
    if added is None or removed is None:
        return "unreadable".rjust(12)
    parts = (f"+{added:,}" if added else "", f"-{removed:,}" if removed else "")
    return " ".join(filter(None, parts)).rjust(12)


def _remarks(one: Version, known: Mapping[str | None, Version]) -> Iterator[str]:
    if one.origin:
        alike = "" if one.alike in (None, 100) else f" ({one.alike} % alike)"
        yield f"from {escape(one.origin)}{alike}"
    if one.returns_to:
        earlier = known.get(one.returns_to)
        of = f" of {earlier.archived.styled()}" if earlier and earlier.archived else ""
        yield f"returns to the text{of} ({one.returns_to[:_SHORT]})"


def _summary(versions: Sequence[Version], entries: int) -> str:
    if not versions:
        return "no versions\n"
    changes = counted([one.kind for one in versions].count("text"), "change")
    of = f" of {entries} entries" if entries > 1 else ""
    return f"{counted(len(versions), 'version')}{of}; {changes} of text\n"


def _cut(text: str, room: int) -> str:
    room = max(room, 12)
    if columns(text) <= room:
        return text
    return text[: next(n for n in range(room, -1, -1) if columns(text[:n]) < room)] + "…"


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    return escape_controls("'" + value if value[:1] in tuple("=+-@\t\r") else value)


_NOTHING = Version("", None, "", None, "text")
