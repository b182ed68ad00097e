"""A difference as one JSON object; its keys are only ever added to."""

from __future__ import annotations

from typing import Any

from archivist.difference import Difference
from archivist.document import dumped
from archivist.states import State
from archivist.versions.notes import Notes


def render(found: Difference, notes: Notes) -> str:
    """The document, with what there is to say of the history that A and B are from."""
    return dumped(document(found) | notes.keys(), indent=2) + "\n"


def document(found: Difference) -> dict[str, Any]:
    """The hunks but the inserts, joined, are A's text; all but the deletes, B's."""
    count = found.text.count
    return {
        "version": 1,
        "a": _state(found.a),
        "b": _state(found.b),
        **changes(found),
        "similarity": round(found.text.similarity, 4),
        "summary": {
            "added": count.added,
            "removed": count.removed,
            "moved": count.moved,
            "kept": count.kept,
        },
    }


def changes(found: Difference) -> dict[str, Any]:
    """What differs: in the front matter by keys, in the text by hunks."""
    return {
        "front_matter": [{"key": key, "from": old, "to": new} for key, old, new in found.fields],
        "hunks": [_hunk(*hunk) for hunk in found.text.hunks],
    }


def _state(state: State) -> dict[str, Any]:
    return {
        "entry": None if state.outside else state.entry.id,
        "path": state.entry.path,
        "rev": state.rev,
        "archived": state.archived and state.archived.isoformat(),
    }


def _hunk(op: str, text: str, move: int) -> dict[str, Any]:
    return {"op": op, "text": text} | ({"move": move} if move else {})
