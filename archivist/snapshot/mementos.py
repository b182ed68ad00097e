"""The Wayback Machine's copy of a version: asked for once the version is safe, written down when it
is there.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from archivist.captures import Kept, Outcome, Result
from archivist.capturing.provenance import Provenance
from archivist.capturing.recording import NewVersion
from archivist.capturing.shown import unlike
from archivist.capturing.texts import body_digest
from archivist.config.scan import ScanSettings
from archivist.entry import Entry
from archivist.errors import FileFailure, GitFailure
from archivist.links.judging import Expected
from archivist.net.crawl import Conversation, Crawl
from archivist.net.fetch import Answer, Fetch
from archivist.net.guard import is_public
from archivist.net.wire import host_of, wire_url
from archivist.schema import Schemas
from archivist.snapshot.keeping import Keeping
from archivist.snapshot.pending import PendingCaptures
from archivist.snapshot.subject import Subject
from archivist.snapshot.writing import MEMENTO, Written, edited
from archivist.wayback.asked import UNANSWERED, Pending, Refused, Saved
from archivist.wayback.cdx import Capture as Listed
from archivist.wayback.keys import Keys
from archivist.wayback.mementos import WaybackMachine
from archivist.wayback.saving import Outcome as Capture
from archivist.wayback.saving import Saver
from archivist.workspace import bytes_of

_FRESH = timedelta(days=2)  # after which a capture made now would not be of that text
_TRIAL = "there is none yet, and a run would ask for a capture"
_LOCAL = "its URL is a local address, which the Wayback Machine cannot reach"
_OWN = (".localhost", ".local", ".internal", ".home.arpa")  # RFC 6761, 6762, 8375; ICANN, 2024
_NO_HOPS: Mapping[str, tuple[str, ...]] = {}


@dataclass
class Mementos:
    """One run that completes entries. `keeping` writes (None: nothing is written); `read` gives an
    entry as it is now; `keys` are None for the anonymous way.
    """

    settings: ScanSettings
    schemas: Schemas
    keeping: Keeping | None
    read: Callable[[str], Entry]
    now: datetime
    pending: PendingCaptures
    keys: Keys | None = None
    progress: Callable[[int, int], None] = lambda _done, _total: None
    _results: list[Result] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._machine = WaybackMachine(self.settings.wayback, self._pause)
        self._saver = Saver(self._machine, self.keys, self.now)

    def run(
        self, subjects: Iterable[Subject], hops: Mapping[str, tuple[str, ...]] = _NO_HOPS
    ) -> list[Result]:
        """Ask for a capture of each, or go on with what was asked for; the results by path:
        recorded if there is a memento, unchanged if not yet. Raises EnvironmentFailure.

        `hops` are, by path, the URLs by which a text was reached: a capture of any of them is one
        of the text.
        """
        wanted = list(subjects)
        self._crawl: Crawl[tuple[Subject, Capture]] = Crawl(
            self.settings.network,
            lambda _lane: None,
            lambda found: self._end(*found, total=len(wanted)),
            self._machine.manners(),
        )
        for one in wanted:
            self._crawl.add(self._conversation(one, hops.get(one.entry.path, ())))
        try:
            self._crawl.run()
        finally:
            self.progress(1, 1)
        return sorted(self._results, key=lambda one: one.path)

    @property
    def is_silent(self) -> bool:
        """True if the Wayback Machine gave no answer when it was asked last."""
        return self._machine.failures > 0

    def complete(self, results: Iterable[Result]) -> list[Result]:
        """The results of captures, with the mementos of those that were recorded."""
        found = {one.path: one for one in results}
        subjects = (
            Subject(self.read(one.path))
            for one in found.values()
            if one.outcome is Outcome.RECORDED and one.kept.extractor
        )
        hops = {path: one.hops for path, one in found.items()}
        for one in self.run((one for one in subjects if lacks_memento(one)), hops):
            first = found[one.path]
            kept = first.kept._replace(memento=one.kept.memento)
            reason = "; ".join(filter(None, (first.reason, one.reason)))
            found[one.path] = replace(first, kept=kept, reason=reason, hint=one.hint or first.hint)
        return list(found.values())

    def _pause(self, lane: str, seconds: float) -> None:
        self._crawl.pause(lane, seconds)

    def _conversation(
        self, subject: Subject, hops: tuple[str, ...]
    ) -> Conversation[tuple[Subject, Capture]]:
        if is_local(subject.asked):
            return subject, Refused(subject.asked, "local", _LOCAL, True)
        known = self.pending.get(subject.entry.id)
        day = subject.archived or self.now.date()
        is_fresh = self.now.date() - day <= _FRESH
        if known is not None and known.url == subject.asked:
            found = yield from self._saver.complete(known)
            # What never reached the service is asked for again, as long as the text is new.
            if not (is_fresh and _is_unanswered(found) and not (known.job or self.is_silent)):
                return subject, _if_shown(subject, found)
        if is_fresh and self.keeping is None:
            return subject, Refused(subject.asked, "trial", _TRIAL, False)
        if is_fresh:
            return subject, _if_shown(subject, (yield from self._saver.save(subject.asked, hops)))
        return subject, (yield from self._found(subject))

    def _found(self, subject: Subject) -> Generator[Fetch, Answer, Capture]:
        """The capture nearest to the day on which the text was archived, if one shows it."""
        entry = subject.entry
        day = subject.archived or self.now.date()
        expected = [Expected(entry.path, entry.body, entry.digest)]
        search = yield from self._machine.find(subject.asked, day, expected)
        if search.memento:
            return Saved(subject.asked, search.memento, "", subject.asked)
        return Refused(subject.asked, "" if search.known else UNANSWERED, search.reason, False)

    def _end(self, subject: Subject, found: Capture, *, total: int) -> None:
        self._results.append(self._settled(subject, found))
        self.progress(len(self._results), total)

    def _settled(self, subject: Subject, found: Capture) -> Result:
        name = subject.entry.id
        base = Result(name, subject.entry.path, Outcome.UNCHANGED, url=subject.asked)
        if self.is_silent and (isinstance(found, Pending) or _is_unanswered(found)):
            base = replace(base, outcome=Outcome.FAILED)
        if self.keeping is not None:
            self.pending.note(name, found if isinstance(found, Pending) else None)
        if isinstance(found, Pending):
            hint = "`archivist snapshot --pending` completes it"
            return replace(base, reason=f"no Wayback snapshot yet: {found.reason}", hint=hint)
        if isinstance(found, Refused):
            return replace(base, reason=f"no Wayback snapshot: {found.reason}")
        return self._written(replace(base, outcome=Outcome.RECORDED), found)

    def _written(self, result: Result, found: Saved) -> Result:
        """Write the memento into the entry as it is now."""
        result = replace(result, kept=Kept(memento=found.memento))
        if self.keeping is None:
            return result
        try:
            entry = self.read(result.path)
            commit = self.keeping.keep(entry, self._version(entry, found))
        except (GitFailure, FileFailure) as error:
            return replace(
                result,
                outcome=Outcome.FAILED,
                reason=error.message,
                hint=error.hint or "",
                said=error.said,
            )
        return replace(result, kept=result.kept._replace(commit=commit))

    def _version(self, entry: Entry, found: Saved) -> Written:
        schema = self.schemas.get(entry.layout)
        after = edited(entry, {MEMENTO: found.memento}, schema.keys if schema else ())
        said = Provenance(
            entry.id, source=found.url, text=body_digest(after.body), wayback=found.memento
        )
        subject = f"Add the Wayback snapshot of {entry.title or entry.id}"
        version = NewVersion(entry.path, bytes_of(after.text), said, subject)
        return Written(version, after, Kept())


def _if_shown(subject: Subject, found: Capture) -> Capture:
    """What came of a capture, if it shows the text that it is to be the copy of."""
    if not isinstance(found, Saved) or found.answer is None:
        return found
    capture = Listed(found.stamp, found.original, found.answer.status, "")
    words = unlike(found.answer, capture, subject.entry, subject.archived)
    if not words:
        return found
    return Refused(found.url, "unlike", f"the capture of {capture.moment:%H:%M:%S} {words}", False)


def _is_unanswered(found: Capture) -> bool:
    return isinstance(found, Refused) and found.code == UNANSWERED


def is_local(url: str) -> bool:
    """True for a URL that by its look leads nowhere but into one's own network."""
    host = host_of(wire_url(url) or "")
    if host == "localhost" or host.endswith(_OWN):
        return True
    address = host.strip("[]")
    return (":" in address or address.replace(".", "").isdecimal()) and not is_public(address)


def lacks_memento(subject: Subject) -> bool:
    """True for an entry with a text and a source whose `wayback snapshot` is there and blank."""
    field = subject.entry.fields.get(MEMENTO)
    return field is not None and not subject.entry.gives(MEMENTO) and bool(subject.before)
