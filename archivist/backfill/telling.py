"""Recovered versions as commits: a series on top of the branch, which ends with the present text.

Nothing that is committed is rewritten, and no file of the work tree changes: the last commit has
the tree that the branch had before. All objects are made first; then the branch moves, once. The
trailers `Archivist-Recovered` and `Archivist-Restored` tell `archivist history` which commits of
the series are of the past, and which one only ends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from archivist.captures import Kept
from archivist.capturing.evidence import path_of
from archivist.capturing.provenance import Exhibit, Provenance, moment
from archivist.capturing.recording import NewVersion
from archivist.capturing.texts import body_digest, body_of
from archivist.dates import PolicyDate
from archivist.diagnostic import apply_edits
from archivist.entry import Entry
from archivist.errors import GitFailure
from archivist.extraction.declared import declared_date
from archivist.frontmatter import set_value
from archivist.repository.commits import Times
from archivist.repository.recording import Recorder
from archivist.snapshot.keeping import write_exhibit
from archivist.snapshot.writing import Manner as SnapshotManner
from archivist.snapshot.writing import Written, evidence_path
from archivist.versions.ordering import RECOVERED, RESTORED
from archivist.warc import digest
from archivist.workspace import bytes_of

_SELECTORS = ("content selector", "remove selector")


@dataclass(frozen=True)
class Recovered:
    """A version of the past: when its memento was captured, the memento's URL and the URL that was
    captured, the text, what made it and whether by the entry's selectors, and the evidence.
    """

    when: datetime
    memento: str
    source: str
    text: str
    extractor: str
    is_selected: bool
    evidence: bytes


@dataclass(frozen=True)
class Manner:
    """How versions are told: at which time, where evidence goes (`commit`, `keep`, `none`; see
    `[snapshot]`), and in which order the keys of the entry's layout stand.
    """

    now: datetime
    evidence: str = "commit"
    order: Sequence[str] = ()


def recovered_entry(present: Entry, one: Recovered, order: Sequence[str]) -> Entry:
    """The entry as it would have been archived on the day of the memento: its front matter is the
    present one with the dates, the source and the snapshot of then. `order` are the keys in the
    order in which they stand.
    """
    day = PolicyDate(one.when.year, one.when.month, one.when.day)
    declared = declared_date(one.text)
    announced = declared.styled() if declared and declared.first <= day.first else ""
    values = {"date archived": day.styled(), "url": one.source, "wayback snapshot": one.memento}
    if "date announced" in present.fields or announced:
        values["date announced"] = announced
    entry = present if one.is_selected else _without(present, _SELECTORS)
    for key, value in values.items():
        if entry.value(key) != value or key not in entry.fields:
            edit = set_value(entry.front, key, value, order)
            entry = Entry(entry.path, apply_edits(entry.text, [edit]))
    text = entry.text[: entry.front.body_start] + body_of(one.text)
    return Entry(entry.path, text)


def tell(
    recorder: Recorder, present: Entry, recovered: Iterable[Recovered], manner: Manner
) -> list[str]:
    """Commit the recovered versions, oldest first, and restore the present one: the commits of the
    versions. Raises GitFailure, FileFailure: nothing has happened then.
    """
    with ExitStack() as undo:
        commits = _told(recorder, present, recovered, manner, undo)
        undo.pop_all()
    return commits


def _told(
    recorder: Recorder,
    present: Entry,
    recovered: Iterable[Recovered],
    manner: Manner,
    undo: ExitStack,
) -> list[str]:
    head, commits, now = recorder.head, list[str](), manner.now
    tip = head
    for one in recovered:
        written = _written(present, one, manner)
        if manner.evidence == "keep":
            full = write_exhibit(recorder.standing.repository.root, written)
            if full is not None:
                undo.callback(full.unlink, missing_ok=True)
        message = _with_trailer(written.version.message, f"{RECOVERED}: {head}")
        tip = recorder.commit(tip, written.version.files, message, Times(one.when, now))
        commits.append(tip)
    paths = [present.path, *([path_of(present.id)] if manner.evidence == "commit" else ())]
    before = {path: recorder.committed(path, head) for path in paths}
    tip = recorder.commit(tip, before, _restoring(present, len(commits), head), Times(now, now))
    if recorder.store.tree_of(tip) != recorder.store.tree_of(head):
        raise GitFailure("the series does not end where it began", "please report it")
    recorder.move(recorder.standing.branch, tip, head)
    return commits


def _written(present: Entry, one: Recovered, manner: Manner) -> Written:
    entry = recovered_entry(present, one, manner.order)
    exhibit = None
    if manner.evidence != "none":
        path = evidence_path(present.id, SnapshotManner(one.when, manner.evidence))
        exhibit = Exhibit(path, digest(one.evidence))
    provenance = Provenance(
        entry=present.id,
        source=one.source,
        captured=moment(one.when),
        text=body_digest(entry.body),
        evidence=exhibit,
        extractor=one.extractor,
        wayback=one.memento,
    )
    subject = f"Recover {present.id} as of {one.when:%Y-%m-%d}"
    kept = one.evidence if manner.evidence == "commit" else None
    version = NewVersion(present.path, bytes_of(entry.text), provenance, subject, kept)
    return Written(version, entry, Kept(), one.evidence if exhibit else None)


def _restoring(present: Entry, count: int, head: str) -> str:
    provenance = Provenance(entry=present.id, text=body_digest(present.body))
    versions = "1 version" if count == 1 else f"{count} versions"
    return "\n\n".join(
        (
            f"Come back to the present text of {present.id}",
            f"{versions} before this commit are of the past: the Wayback Machine had them.",
            "\n".join([*provenance.lines(), f"{RESTORED}: {head}", ""]),
        )
    )


def _with_trailer(message: str, line: str) -> str:
    return f"{message.rstrip()}\n{line}\n"


def _without(entry: Entry, keys: Sequence[str]) -> Entry:
    lines = [(field.start, field.end) for field in entry.front.fields if field.key in keys]
    return Entry(entry.path, "".join(_kept(entry.text, lines)))


def _kept(text: str, left_out: Sequence[tuple[int, int]]) -> Iterator[str]:
    done = 0
    for start, end in sorted(left_out):
        yield text[done:start]
        done = end
    yield text[done:]
