"""Blame as one JSON object; its keys are only ever added to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archivist.blame import Sentence
from archivist.document import dumped
from archivist.states import State
from archivist.versions.notes import Notes


def render(entry: str, found: Sequence[Sentence], notes: Notes) -> str:
    """The sentences in the order of the text."""
    sentences = [_sentence(one) for one in found]
    document = {"version": 1, "entry": entry, "sentences": sentences, **notes.keys()}
    return dumped(document, indent=2) + "\n"


def _sentence(one: Sentence) -> dict[str, Any]:
    origin = one.origin
    return {
        "text": one.text,
        "line": one.line,
        "rev": one.first.rev,
        "archived": _day(one.first),
        "alike": round(one.alike, 4),
        "reworded": one.reworded and {"rev": one.reworded.rev, "archived": _day(one.reworded)},
        "returned": one.returned and {"rev": one.returned.rev, "archived": _day(one.returned)},
        "origin": origin
        and {
            **_place(origin.state),
            "alike": round(origin.alike, 4),
            "same_day": origin.tie and _place(origin.tie),
        },
    }


def _place(state: State) -> dict[str, Any]:
    """Where a sentence stood: the id is that of today, the path that of then."""
    return {
        "entry": state.id_now,
        "rev": state.rev,
        "archived": _day(state),
        "path": state.entry.path,
    }


def _day(state: State) -> str | None:
    return state.archived.isoformat() if state.archived else None
