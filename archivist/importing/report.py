"""An import's rows as text and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict

from archivist.console import escape
from archivist.importing.outcome import OUTCOMES, Imported

_WIDTH = 80
_MANY = 20  # files left out for one reason that are listed


def as_json(results: Sequence[Imported]) -> str:
    """The rows and how many there are of each outcome, as one object."""
    document = {
        "version": 1,
        "results": [asdict(one) for one in results],
        "summary": {outcome.replace(" ", "_"): _count(results, outcome) for outcome in OUTCOMES},
    }
    return json.dumps(document, indent=2) + "\n"


def as_text(results: Sequence[Imported], *, dry_run: bool = False) -> str:
    """A line for whatever was written, failed or was left out, then the counts."""
    lines = [line for one in _told(results) for line in _lines(one)]
    hidden = len([one for one in results if _is_worth(one)]) - len(_told(results))
    if hidden:
        lines.append(f"… and {hidden} more files left out")
    counts = ", ".join(
        f"{count} {outcome}" for outcome in OUTCOMES if (count := _count(results, outcome))
    )
    total = (counts or "nothing to import") + ("; nothing was written" if dry_run else "")
    return "\n".join([*lines, *([""] if lines else []), total, ""])


def _count(results: Sequence[Imported], outcome: str) -> int:
    return sum(one.outcome == outcome for one in results)


def _is_worth(one: Imported) -> bool:
    return one.outcome != "unchanged" or one.reason is not None


def _told(results: Sequence[Imported]) -> list[Imported]:
    """The rows worth a line, without the many that are left out for one reason."""
    seen: dict[str | None, int] = {}
    told = []
    for one in filter(_is_worth, results):
        if one.outcome == "left out":
            seen[one.reason] = seen.get(one.reason, 0) + 1
        if one.outcome != "left out" or seen[one.reason] <= _MANY:
            told.append(one)
    return told


def _lines(one: Imported) -> list[str]:
    name = one.path or one.source or ""
    if one.reason:
        what = f"{name}: {one.reason}"
    elif one.versions > 1:
        what = f"{name} ({one.versions} versions)"
    else:
        what = name
    return textwrap.wrap(
        f"{one.outcome:9}  " + escape(what).replace("\n", "\\n"),
        _WIDTH,
        subsequent_indent=" " * 11,
        break_long_words=False,
        break_on_hyphens=False,
    )
