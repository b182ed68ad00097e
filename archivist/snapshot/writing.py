"""A new version of an entry: its file with other fields and another text, its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from archivist.captures import Kept
from archivist.capturing.evidence import FOLDER, SUFFIX, evidence_of, path_of
from archivist.capturing.extractor import extractor_of
from archivist.capturing.provenance import ACCEPTED_STATUS, Exhibit, Provenance, moment
from archivist.capturing.recording import NewVersion
from archivist.capturing.texts import body_digest, body_of
from archivist.dates import PolicyDate, read
from archivist.diagnostic import apply_edits
from archivist.entry import Entry
from archivist.extraction.declared import declared_date
from archivist.frontmatter import set_value
from archivist.snapshot.judging import Finding
from archivist.snapshot.rebuilding import Rebuilt
from archivist.snapshot.subject import Subject
from archivist.versions.comparing import Text, compare, count_words
from archivist.warc import digest
from archivist.workspace import bytes_of

MEMENTO = "wayback snapshot"
SEEN = "first seen"
PENDING = "pending"


@dataclass(frozen=True)
class Manner:
    """How versions are written: when it is, where evidence goes (`commit`, `keep`, `none`), the
    given day of announcement and subject, and whether a memento is to be sought.
    """

    now: datetime
    evidence: str = "commit"
    announced: str = ""
    message: str = ""
    wayback: bool = True


@dataclass(frozen=True)
class Written:
    """A version as it is to be committed, the entry that it makes, and what there is to tell.
    `exhibit` are the bytes of its evidence, if any is kept.
    """

    version: NewVersion
    entry: Entry
    kept: Kept
    exhibit: bytes | None = None


class Words(NamedTuple):
    """What a commit says: its subject, a remark, and what there is of a Wayback snapshot."""

    subject: str
    remark: str = ""
    wayback: str = ""


def edited(entry: Entry, fields: dict[str, str], order: Sequence[str]) -> Entry:
    """The entry with these values, and every other byte as it was. A field that is blank and was
    not there is not added.
    """
    for key, value in fields.items():
        if value or entry.fields.get(key) is not None:
            edit = set_value(entry.front, key, value, order)
            entry = Entry(entry.path, apply_edits(entry.text, [edit]))
    return entry


def with_body(entry: Entry, text: str) -> Entry:
    """The entry with another text behind its front matter."""
    head = entry.text[: entry.front.body_start]
    end = "" if head.endswith("\n") else "\n"
    return Entry(entry.path, f"{head}{end}{body_of(text)}")


def new_version(finding: Finding, manner: Manner, order: Sequence[str]) -> Written:
    """The version that a finding makes. `order` are the keys of the entry's layout."""
    subject = finding.subject
    today = PolicyDate(*manner.now.timetuple()[:3])
    announced = manner.announced or _declared(finding, today)
    fields = {"date announced": announced, "date archived": today.styled()}
    if SEEN in order and (seen := _first_seen(subject, announced)):
        fields[SEEN] = seen
    if subject.moved:
        fields["url"] = subject.moved
    entry = edited(subject.entry, fields, order)
    if manner.wayback and MEMENTO in order and entry.fields.get(MEMENTO) is None:
        edit = set_value(entry.front, MEMENTO, "", order)
        entry = Entry(entry.path, apply_edits(entry.text, [edit]))
    entry = with_body(edited(entry, {MEMENTO: ""}, order), finding.text)
    added, removed = _counts(subject, entry)
    count = f"{added} word{'' if added == 1 else 's'}"
    what = f"{count} added, {removed} removed" if subject.before else f"{count}, new"
    words_of = Words(
        manner.message or f"Record {_name(entry)}: {what}",
        wayback=PENDING if manner.wayback else "",
    )
    written = _written(finding, entry, manner, words_of)
    kept = written.kept._replace(
        archived=today.styled(), announced=announced, added=added, removed=removed
    )
    return replace(written, kept=kept)


def rebuilt_version(finding: Rebuilt, manner: Manner) -> Written:
    """The version that is made of evidence once more: another text, and all else as it was."""
    entry = with_body(finding.subject.entry, finding.text)
    assert finding.extraction is not None
    tool = extractor_of(finding.extraction.kind)
    words_of = Words(
        manner.message or f"Re-extract {_name(entry)} with {tool}",
        finding.cause,
        entry.value(MEMENTO),
    )
    written = _written(finding, entry, manner, words_of)
    added, removed = _counts(finding.subject, entry)
    archived = entry.value("date archived")
    kept = written.kept._replace(archived=archived, added=added, removed=removed)
    return replace(written, kept=kept)


def moved_version(finding: Finding, manner: Manner, order: Sequence[str]) -> Written:
    """The version of an entry whose source moved and whose text is what it was."""
    entry = edited(finding.subject.entry, {"url": finding.subject.moved}, order)
    said = Provenance(
        entry.id,
        source=finding.subject.asked,
        captured=finding.seen.hops[-1].when,
        text=body_digest(entry.body),
    )
    subject = manner.message or f"Record {_name(entry)}: the source moved, same text"
    version = NewVersion(entry.path, bytes_of(entry.text), said, subject)
    return Written(version, entry, Kept(archived=entry.value("date archived")))


def _written(finding: Finding, entry: Entry, manner: Manner, words_of: Words) -> Written:
    """The version with its evidence and its provenance."""
    assert finding.extraction is not None
    extractor = extractor_of(finding.extraction.kind)
    data, exhibit = None, None
    if manner.evidence != "none":
        data = evidence_of(finding.seen.hops, finding.text, extractor)
        exhibit = Exhibit(evidence_path(entry.id, manner), digest(data))
    said = Provenance(
        entry.id,
        source=finding.seen.asked,
        captured=finding.seen.hops[-1].when,
        text=body_digest(entry.body),
        evidence=exhibit,
        extractor=extractor,
        wayback=words_of.wayback,
        accepted="" if finding.seen.hops[-1].code == 200 else ACCEPTED_STATUS,
    )
    version = NewVersion(
        entry.path,
        bytes_of(entry.text),
        said,
        words_of.subject,
        data if manner.evidence == "commit" else None,
        words_of.remark,
    )
    kept = Kept(evidence=exhibit.path if exhibit else "", extractor=extractor)
    return Written(version, entry, kept, data)


def _name(entry: Entry) -> str:
    return entry.title or entry.id


def evidence_path(entry_id: str, manner: Manner) -> str:
    """Where the evidence goes: to one place for each entry where git keeps the earlier ones; else
    to a file for each capture.
    """
    if manner.evidence == "commit":
        return path_of(entry_id)
    stamp = moment(manner.now).replace("-", "").replace(":", "")
    return f"{FOLDER}/{entry_id}.{stamp}{SUFFIX}"


def _declared(finding: Finding, today: PolicyDate) -> str:
    """The day that the text gives for itself, unless that is still to come, or before the day that
    the version before gave: a new version is not older.
    """
    found = declared_date(finding.text, finding.seen.times)
    if found is None or found.first > today.first:
        return ""
    known = read(finding.subject.entry.value("date announced"))
    is_older = isinstance(known, PolicyDate) and found.last < known.first
    return "" if is_older else found.styled()


def _first_seen(subject: Subject, announced: str) -> str:
    """Since when the policy is known, if a new day of announcement would hide it; else blank."""
    if not subject.before or subject.entry.gives(SEEN):
        return ""
    known = [read(subject.entry.value(key)) for key in ("date announced", "date archived")]
    days = [day for day in known if isinstance(day, PolicyDate) and day.is_day]
    new = read(announced) if announced else None
    if not days or not (isinstance(new, PolicyDate) or days[0] is known[0]):
        return ""
    is_hidden = not isinstance(new, PolicyDate) or new.first > days[0].first
    return days[0].styled() if is_hidden else ""


def _counts(subject: Subject, entry: Entry) -> tuple[int, int]:
    """How many words come and go, as the history will count them."""
    new = Text.of(bytes_of(entry.text))
    if not subject.before:
        return count_words(new.body), 0
    found = compare(Text.of(bytes_of(subject.entry.text)), new)
    return found.added, found.removed
