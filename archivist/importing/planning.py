"""What becomes of each file: pure decisions over what the source has and what the archive has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from archivist.capturing.evidence import SUFFIX
from archivist.entry import entry_id
from archivist.importing.exhibits import is_exhibit
from archivist.importing.mapping import shown, target
from archivist.importing.outcome import Candidate, Imported, Outcome, Plan, Write
from archivist.importing.past import Past
from archivist.repository.fastimport import REGULAR

# Says why nothing can be written at a path of the archive; None if something can.
Obstacle = Callable[[str], str | None]


def grouped(candidates: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    """The entries of the source by the path that they will have here."""
    groups: dict[str, list[Candidate]] = {}
    for one in sorted(candidates, key=lambda one: one.path):
        if one.unfit is None:
            groups.setdefault(one.place or target(one.path), []).append(one)
    return groups


def plan(
    candidates: Iterable[Candidate], past: Past, versions: Mapping[str, int], obstacle: Obstacle
) -> Plan:
    """What to write, and what to say of each file."""
    candidates = list(candidates)
    groups = grouped(candidates)
    results = [
        Imported(None, None, shown(one.path), "left out", one.unfit)
        for one in candidates
        if one.unfit is not None
    ]
    writes: list[Write] = []
    moved = _moved(groups, past)
    for path, group in groups.items():
        outcome, reason = _outcome(path, group, past, obstacle)
        if outcome == "imported" and path in moved:
            outcome, reason = "updated", f"renamed from {moved[path]}"
            writes.append(_write(moved[path], None, past))
        if outcome in ("imported", "updated"):
            writes.append(_write(path, group[0].oid, past))
        said = "; ".join(filter(None, (reason, group[0].remark))) or None
        results.append(_row(path, shown(group[0].path), outcome, said, versions))
    gone = {write.path for write in writes if write.after is None}
    results += _dropped(groups, past, gone, versions)
    results, writes = _without_exhibits(results, writes)
    results.sort(key=lambda one: (one.path or "", one.source or ""))
    return Plan(tuple(results), tuple(sorted(writes, key=lambda one: one.path)))


def _without_exhibits(
    results: Iterable[Imported], writes: Iterable[Write]
) -> tuple[list[Imported], list[Write]]:
    """What is said of entries only, and what is written: evidence follows its entry, and has a row
    of its own only if it is in the way.
    """
    results = list(results)
    failed = {one.entry for one in results if one.outcome == "failed" and not _is_evidence(one)}
    kept = [
        one
        for one in results
        if not _is_evidence(one) or (one.outcome == "failed" and _owner(one.path) not in failed)
    ]
    wanted = [one for one in writes if not is_exhibit(one.path) or _owner(one.path) not in failed]
    return kept, wanted


def _is_evidence(one: Imported) -> bool:
    return one.path is not None and is_exhibit(one.path)


def _owner(path: str | None) -> str:
    """The id of the entry that evidence is of."""
    return (path or "").rpartition("/")[2].removesuffix(SUFFIX)


def _row(
    path: str, source: str | None, outcome: Outcome, reason: str | None, versions: Mapping[str, int]
) -> Imported:
    return Imported(entry_id(path), path, source, outcome, reason, versions.get(path, 0))


def _write(path: str, oid: str | None, past: Past) -> Write:
    now = past.head.get(path)
    return Write(path, now.oid if now else None, oid, now.mode if now else REGULAR)


def _outcome(
    path: str, group: list[Candidate], past: Past, obstacle: Obstacle
) -> tuple[Outcome, str | None]:
    if len(group) > 1:
        others = ", ".join(shown(one.path) for one in group[1:])
        return "failed", f"{others} would become the same entry"
    outcome, reason = decide(path, group[0].oid, past)
    if outcome in ("imported", "updated") and (why := obstacle(path)):
        return "failed", why
    return outcome, reason


def decide(path: str, new: str, past: Past) -> tuple[Outcome, str | None]:
    """What becomes of an entry whose text in the source is `new`.

    What the user made of an entry after an import stands, as it does when git merges.
    """
    now = past.head[path].oid if path in past.head else None
    last = past.last.get(path)
    seen = last is not None and last in past.here.get(path, ())
    if now == new:
        return "unchanged", None
    if now is None:
        return ("left out", "deleted here after an import") if seen else ("imported", None)
    if seen and new == last:
        return "unchanged", "edited here after an import"
    if now in past.known.get(path, ()):
        return "updated", None
    if seen:
        return "failed", "edited here after an import, and changed in the source"
    return "failed", "exists already with another text"


def _moved(groups: Mapping[str, object], past: Past) -> dict[str, str]:
    """The paths that the source has renamed since the last import, of entries nobody edited."""
    return {
        new: old
        for new, old in past.renamed.items()
        if old not in groups and old in past.head and past.head[old].oid == past.last.get(old)
    }


def _dropped(
    groups: Mapping[str, object], past: Past, gone: set[str], versions: Mapping[str, int]
) -> Iterator[Imported]:
    """The entries that an earlier import brought and that the source no longer has."""
    for path in past.last:
        if path in past.head and path not in groups and path not in gone:
            yield _row(path, None, "unchanged", "removed in the source, kept here", versions)
