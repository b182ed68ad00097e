"""Texts made again from their evidence: what differs then is the tool's doing, not the policy's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from archivist import files, warc
from archivist.captures import Objection
from archivist.capturing.evidence import FOLDER, SUFFIX, path_of
from archivist.capturing.extractor import extractor_of
from archivist.capturing.texts import is_same, text_of
from archivist.extraction import Extraction
from archivist.links.following import Chain
from archivist.markup import MAX_BYTES
from archivist.net.fetch import Answer
from archivist.refusal import MINIMUM_SHARE, of_share
from archivist.snapshot.judging import Finding
from archivist.snapshot.looking import Seen
from archivist.snapshot.subject import Subject
from archivist.verdict import Hop as Step
from archivist.warc import Evidence
from archivist.words import words

EDITED = "edited"
_NONE = Evidence()


@dataclass(frozen=True)
class Rebuilt(Finding):
    """A text that was made of evidence, which names what made the text before."""

    evidence: Evidence = _NONE

    @property
    def differs(self) -> bool:
        """True if the text is not the entry's."""
        return self.text != text_of(self.subject.entry.body)

    @property
    def cause(self) -> str:
        """Why the text differs from the entry's, in words: not because of the policy."""
        assert self.extraction is not None
        tool = extractor_of(self.extraction.kind)
        before = self.evidence.extractor
        if self.text == self.evidence.text:
            return (
                "The text had been edited by hand, not by the policy's authors: it is again what "
                f"{tool} makes of its evidence."
            )
        if before != tool:
            return (
                "A change of tool, not of policy: "
                f"{before or 'another extractor'} had read the same evidence."
            )
        given = _selectors(self.subject)
        return f"A change of selectors, not of policy: {tool} read the same evidence {given}."


def _selectors(subject: Subject) -> str:
    keys = ("content selector", "remove selector")
    given = [f"`{key}` {value}" for key in keys if (value := subject.entry.value(key))]
    return f"with {' and '.join(given)}" if given else "without any"


def rebuild(
    subject: Subject, root: Path, accepted: frozenset[str], minimum_share: float = MINIMUM_SHARE
) -> Finding:
    """The text of an entry made again from its evidence, by the extractor as it is now and the
    selectors as they are now. Raises FileFailure.
    """
    path, data = _evidence_of(subject.entry.id, root)
    if data is None:
        return _without(subject, f"there is no {path_of(subject.entry.id)} to make it of")
    found = warc.read(data)
    if found.flaws or not found.hops:
        flaw = found.flaws[0] if found.flaws else "it holds no response"
        return _without(subject, f"{path} cannot be trusted: {flaw}")
    seen = seen_in(found)
    made = seen.extracted(subject.selection)
    if not isinstance(made, Extraction):
        return _refused(subject, seen, Objection("unreadable", made.reason, made.hint))
    text = text_of(subject.entry.body)
    if made.text == text:
        return Rebuilt(subject, seen, extraction=made, same=True, evidence=found)
    objections = [Objection(*one) for one in of_share(text, made.text, minimum_share)]
    if objections:
        hint = "look at the selectors; --dry-run shows what they make of the evidence"
        objections = [one._replace(hint=hint) for one in objections]
    if text != found.text:
        reason = "its text was edited since it was made of its evidence"
        hint = f"look at both; --accept {EDITED} gives the edits up"
        objections.append(Objection(EDITED, reason, hint))
    objections = [one for one in objections if one.name not in accepted or not words(made.text)]
    return Rebuilt(subject, seen, objections=tuple(objections), extraction=made, evidence=found)


class Captured(NamedTuple):
    """The text that was captured last, the day of that, and the evidence that shows it."""

    text: str
    day: date
    evidence: Evidence

    def remade(self, found: Finding, today: date) -> Rebuilt | None:
        """What was found today, if it is what would be made of the evidence by now, and is not what
        was: then the page is as it was, and only the tool or the selectors have changed.
        """
        made = seen_in(self.evidence).extracted(found.subject.selection)
        if not isinstance(made, Extraction) or is_same(made.text, self.text, self.day, self.day):
            return None
        if not is_same(made.text, found.text, self.day, today):
            return None
        by_tool = self.evidence.extractor != extractor_of(made.kind)
        cause = "archivist" if by_tool else "the selectors"
        return Rebuilt(
            *(found.subject, found.seen),
            extraction=found.extraction,
            same=True,
            remark=f"the page shows what was captured; {cause}, as of now, would make another text "
            "of it: --re-extract does",
            evidence=self.evidence,
        )


def captured(
    subject: Subject, root: Path, read: Callable[[str], bytes | None] = lambda _path: None
) -> Captured | None:
    """What the evidence of an entry's version shows; None if there is none that tells. `read` gives
    a file as it is committed elsewhere. Raises FileFailure.

    Evidence that is kept beside the commits may be of another version: it counts for that of its
    day.
    """
    path = path_of(subject.entry.id)
    data = read(path)
    if data is None:
        path, data = _evidence_of(subject.entry.id, root)
    found = warc.read(data) if data else _NONE
    if found.flaws or not found.hops or not found.text:
        return None
    try:
        day = datetime.fromisoformat(found.hops[-1].when).date()
    except ValueError:
        return None
    is_its = path == path_of(subject.entry.id) or (
        subject.archived is not None and abs(day - subject.archived) <= timedelta(days=1)
    )
    return Captured(found.text, day, found) if is_its else None


def seen_in(evidence: Evidence) -> Seen:
    """What was seen, by its evidence."""
    first, last = evidence.hops[0], evidence.hops[-1]
    headers = {name.lower(): value for name, value in reversed(last.headers)}
    steps = tuple(Step(hop.url, hop.code) for hop in evidence.hops)
    answer = Answer(last.url, last.code, headers, last.body, address=last.address)
    return Seen(first.url, Chain(steps, answer), evidence.hops)


def hops_of(subject: Subject, root: Path) -> tuple[str, ...]:
    """The URLs by which the text of an entry was reached, by its evidence; none without any, or if
    it was reached from elsewhere. Raises FileFailure.
    """
    _, data = _evidence_of(subject.entry.id, root)
    hops = tuple(hop.url for hop in warc.read(data).hops) if data else ()
    return hops if hops[:1] == (subject.asked,) else ()


def has_evidence(entry_id: str, root: Path) -> bool:
    """True if evidence of an entry is kept in the archive."""
    return next(_files(entry_id, root), None) is not None


def _evidence_of(entry_id: str, root: Path) -> tuple[str, bytes | None]:
    """The path and the bytes of the newest evidence of an entry; None if there is none that can be
    read.
    """
    full = next(_files(entry_id, root), None)
    if full is None:
        return "", None
    return f"{FOLDER}/{full.name}", files.read_bounded(full, MAX_BYTES * 2)


def _files(entry_id: str, root: Path) -> Iterator[Path]:
    """The files of evidence of an entry, the committed one first, then the newest."""
    folder = root / FOLDER
    names = [path_of(entry_id).partition("/")[2]]
    if folder.is_dir() and not folder.is_symlink():
        dated = [one.name for one in folder.iterdir() if one.name.startswith(f"{entry_id}.2")]
        names += sorted((one for one in dated if one.endswith(SUFFIX)), reverse=True)
    for name in names:
        full = folder / name
        if full.is_file() and not full.is_symlink():
            yield full


def _without(subject: Subject, reason: str) -> Finding:
    seen = Seen(subject.asked, Chain((Step(subject.asked, 0),), Answer(subject.asked)), ())
    return Finding(subject, seen, failed=reason)


def _refused(subject: Subject, seen: Seen, objection: Objection) -> Finding:
    return Finding(subject, seen, objections=(objection,))
