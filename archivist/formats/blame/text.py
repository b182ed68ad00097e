"""Blame for people: the text, with the day that each sentence came in beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archivist.blame import Origin, Sentence
from archivist.console import escape, paint
from archivist.dates import PolicyDate, style
from archivist.formats.wrapping import wrapped
from archivist.states import State

_MARGIN = 25  # columns: the day and the commit
_WIDEST = 110


def render(found: Sequence[Sentence], *, color: bool = False, width: int = 80) -> str:
    """A block a sentence; the day and the commit stand where they change."""
    lines: list[str] = []
    last, line = "", 0
    for one in found:
        if lines and one.line > line + 1:
            lines.append(" " * _MARGIN + "│")
        margin = _state(one.first)
        room = max(min(width, _WIDEST) - _MARGIN - 2, 20)
        body = wrapped(escape(" ".join(one.text.split())), room)
        notes = [part for note in _notes(one) for part in wrapped(note, room - 2)]
        for number, text in enumerate(body):
            shown = margin if number == 0 and margin != last else ""
            lines.append(f"{paint(f'{shown:{_MARGIN}}', 'cyan', on=color)}│ {text}")
        lines += [f"{' ' * _MARGIN}│ {paint(f'  {note}', 'dim', on=color)}" for note in notes]
        last, line = margin, one.line + one.text.count("\n")
    return "\n".join(lines) + "\n"


def _state(state: State) -> str:
    return f"{_day(state):14}{state.rev[:10] if state.rev else 'no commit'}"


def _notes(one: Sentence) -> Iterator[str]:
    if one.reworded:
        share = f"{100 * one.alike:.0f} % of it as it was"
        yield f"↳ reworded {_day(one.reworded)} ({share})"
    if one.returned:
        yield f"↳ gone for a while; back {_day(one.returned)}"
    if one.origin:
        yield from _origin(one.origin, one.first)


def _origin(origin: Origin, first: State) -> Iterator[str]:
    """Where else it stood as early, or earlier than where it stood first in the entry."""
    own = first.id_now
    tie = f"the same day in {_place(origin.tie)}" if origin.tie else ""
    if origin.state.id_now == own:
        if tie:
            yield f"↳ {tie}"
        return
    share = "" if origin.alike == 1.0 else f", {100 * origin.alike:.0f} % alike"
    also = f"; {tie}" if tie and origin.tie and origin.tie.id_now != own else ""
    when = _day(origin.state)
    announced = style(origin.state.entry.value("date announced"))
    if origin.state.archived == first.archived and announced:
        when += f" (announced {announced})"
    yield f"↳ first in {_place(origin.state)}, {when}{share}{also}"


def _place(state: State) -> str:
    """An entry by its present id, and by its name of then if that was another."""
    was = "" if state.entry.id == state.id_now else f", as {state.entry.id}"
    return escape(state.id_now + was)


def _day(state: State) -> str:
    day = state.archived
    return PolicyDate(day.year, day.month, day.day).styled() if day else "undated"
