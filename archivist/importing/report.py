"""An import's rows as text and as JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from archivist.console import escape
from archivist.document import dumped
from archivist.importing.outcome import OUTCOMES, Imported

_WIDTH = 80
_MANY = 10  # folders that are listed
_FEW = 2  # files of one folder that are listed by name, and reasons that are


def as_json(results: Sequence[Imported]) -> str:
    """The rows and how many there are of each outcome, as one object."""
    document = {
        "version": 1,
        "results": [asdict(one) for one in results],
        "summary": {outcome.replace(" ", "_"): _count(results, outcome) for outcome in OUTCOMES},
    }
    return dumped(document, indent=2) + "\n"


def as_text(results: Sequence[Imported], *, dry_run: bool = False) -> str:
    """A line for whatever was written or failed, the files that were left out by folder, then the
    counts. Files that are no entries are told where an import brings something new, not each time.
    """
    lines = [line for one in results if _is_worth(one) for line in _lines(one)]
    if any(one.outcome == "imported" for one in results) or not _count(results, "unchanged"):
        lines = [*_folders([one for one in results if _is_no_entry(one)]), *lines]
    counts = ", ".join(
        f"{count} {outcome}" for outcome in OUTCOMES if (count := _count(results, outcome))
    )
    total = (counts or "nothing to import") + ("; nothing was written" if dry_run else "")
    return "\n".join([*lines, *([""] if lines else []), total, ""])


def _count(results: Sequence[Imported], outcome: str) -> int:
    return sum(one.outcome == outcome for one in results)


def _is_no_entry(one: Imported) -> bool:
    return one.outcome == "left out" and one.path is None


def _is_worth(one: Imported) -> bool:
    return not _is_no_entry(one) and (one.outcome != "unchanged" or one.reason is not None)


def _folders(left_out: Sequence[Imported]) -> Iterator[str]:
    """A line for each top folder, with how many files of it were left out, and why."""
    groups: dict[str, list[Imported]] = {}
    for one in left_out:
        folder, slash, _ = (one.source or "").partition("/")
        groups.setdefault(f"{folder}/" if slash else "", []).append(one)
    for folder, ones in list(groups.items())[:_MANY]:
        if len(ones) <= _FEW:
            yield from (line for one in ones for line in _lines(one))
            continue
        reasons = Counter(one.reason or "" for one in ones).most_common(_FEW)
        said = "; ".join(f"{count} {reason}" for reason, count in reasons)
        yield from _wrapped("left out", f"{folder or 'top folder'} ({len(ones)} files): {said}")
    if len(groups) > _MANY:
        rest = sum(map(len, list(groups.values())[_MANY:]))
        yield f"… and {rest} more files left out"


def _lines(one: Imported) -> list[str]:
    name = one.path or one.source or ""
    if one.reason:
        what = f"{name}: {one.reason}"
    elif one.versions > 1:
        what = f"{name} ({one.versions} versions)"
    else:
        what = name
    return _wrapped(one.outcome, what)


def _wrapped(outcome: str, what: str) -> list[str]:
    return textwrap.wrap(
        f"{outcome:9}  " + escape(what).replace("\n", "\\n"),
        _WIDTH,
        subsequent_indent=" " * 11,
        break_long_words=False,
        break_on_hyphens=False,
    )
