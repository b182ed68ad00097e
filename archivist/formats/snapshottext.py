"""Captures for the terminal: a table with an outcome for each entry; of a trial the differences."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace

from archivist.captures import Captures, Outcome, Result
from archivist.console import escape, paint
from archivist.formats.diff import text as difftext

_COLORS = {
    Outcome.RECORDED: "green",
    Outcome.UNCHANGED: "dim",
    Outcome.REFUSED: "red",
    Outcome.FAILED: "red",
}
_FIRST = max(map(len, Outcome))
_WIDEST = 100
_LEAST = 24  # columns for the words


def render(found: Captures, *, color: bool = False, width: int = 80, quiet: bool = False) -> str:
    """The table, and how many there are of each outcome; if `quiet`, without what is unchanged."""
    if quiet:
        told = tuple(one for one in found.results if one.outcome is not Outcome.UNCHANGED)
        if not told:
            return ""
        found = replace(found, results=told)
    parts = [
        difftext.render(one.difference, color=color, width=width)
        for one in found.results
        if one.difference is not None
    ]
    if found.results:
        parts.append("".join(f"{line}\n" for line in _table(found, color, min(width, _WIDEST))))
    return "\n".join([*parts, f"{_summary(found)}\n"])


def _table(found: Captures, color: bool, width: int) -> Iterator[str]:
    most = max(min(width * 2 // 5, width - _FIRST - _LEAST - 4), 12)
    room = min(max(len(escape(one.entry)) for one in found.results), most)
    indent = _FIRST + 2
    for one in found.results:
        outcome = f"{one.outcome.value:{_FIRST}}"
        lines = textwrap.wrap(
            f"{escape(one.entry):{room}}  {escape(_words(one))}".rstrip(),
            width - indent,
            subsequent_indent=" " * (room + 2),
            break_on_hyphens=False,
        )
        yield f"{paint(outcome, _COLORS[one.outcome], on=color)}  {lines[0]}"
        yield from (" " * indent + line for line in lines[1:])
        yield from _more(one, " " * (indent + room + 2), color, width)


def _words(one: Result) -> str:
    if one.outcome is not Outcome.RECORDED:
        name = one.root or (one.objections[0].name if one.objections else "")
        named = f"{name}: " if name else ""
        return named + one.reason
    kept = one.kept
    counts = f"+{kept.added} −{kept.removed} words"
    if not kept.extractor:
        counts = kept.memento or "same text, the source moved"
    day = f", announced {kept.announced}" if kept.announced else ""
    return f"{counts}{day}{f'  {kept.commit[:10]}' if kept.commit else ''}"


def _more(one: Result, indent: str, color: bool, width: int) -> Iterator[str]:
    """What else there is to know, further objections, and what to do about each."""
    place = indent, color, width
    if one.outcome is Outcome.RECORDED and one.reason:
        yield from _wrapped(one.reason, indent, width)
    yield from (f"    {escape(line)}".rstrip() for line in one.said)
    shown = [objection for objection in one.objections if one.root in ("", objection.name)]
    for number, objection in enumerate(shown):
        if number:
            yield from _wrapped(f"{objection.name}: {objection.reason}", indent, width)
        if objection.hint:
            yield from _hint(objection.hint, indent, color, width)
    if one.accept and not any("--accept" in objection.hint for objection in shown):
        names = ",".join(one.accept)
        yield from _hint(f"or, if it is the policy all the same: --accept {names}", *place)
    if one.hint and not one.objections:
        yield from _hint(one.hint, indent, color, width)


def _hint(hint: str, indent: str, color: bool, width: int) -> Iterator[str]:
    first, *rest = _wrapped(f"= hint: {hint}", indent, width)
    yield first.replace("= hint:", f"{paint('= hint:', 'cyan', on=color)}", 1)
    yield from rest


def _wrapped(words: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(
        escape(words),
        max(width, len(indent) + _LEAST),
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_on_hyphens=False,
    )


def _summary(found: Captures) -> str:
    total = len(found.results)
    if not total and not found.left_out:
        return "No entry was to be looked at."
    counts = ", ".join(
        f"{count} {'would be ' if found.trial and name == Outcome.RECORDED else ''}{name}"
        for name, count in found.counts.items()
        if count
    )
    entries = f"{total} entr{'y' if total == 1 else 'ies'}"
    left = f"; {found.left_out} without a source to ask left out" if found.left_out else ""
    trial = " Nothing was written." if found.trial else ""
    return f"{entries}{f': {counts}' if counts else ''}{left}.{trial}"
