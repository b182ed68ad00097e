"""Captures as one JSON object; keys are only ever added to."""

from __future__ import annotations

from typing import Any

from archivist.captures import Captures, Result
from archivist.document import dumped
from archivist.formats.diff import json as diffjson

VERSION = 1


def render(found: Captures) -> str:
    """A result for each entry, by path; everything that is not ASCII is escaped."""
    document = {
        "version": VERSION,
        "dry_run": found.trial,
        "results": [_result(one) for one in found.results],
        "summary": {"entries": len(found.results), "left_out": found.left_out, **found.counts},
    }
    return dumped(document, indent=2) + "\n"


def _result(one: Result) -> dict[str, Any]:
    kept = one.kept
    result: dict[str, Any] = {
        "entry": one.entry,
        "outcome": one.outcome.value,
        "reason": one.reason,
        "hint": one.hint or None,
        "said": list(one.said),
        "objections": [objection._asdict() for objection in one.objections],
        "accept": list(one.accept),
        "path": one.path,
        "url": one.url or None,
        "final_url": one.final_url or None,
        "status": one.status or None,
        "commit": kept.commit or None,
        "archived": kept.archived or None,
        "announced": kept.announced or None,
        "added": kept.added,
        "removed": kept.removed,
        "evidence": kept.evidence or None,
        "extractor": kept.extractor or None,
        "wayback": kept.memento or None,
    }
    if one.difference is not None:
        result["difference"] = diffjson.document(one.difference)
    return result
