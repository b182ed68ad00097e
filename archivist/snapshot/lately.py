"""What entries said within the last hours: a text that comes back so soon may be a flicker."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from archivist import files
from archivist.capturing.texts import essence, text_of
from archivist.dates import PolicyDate, read
from archivist.repository.lately import blobs_since
from archivist.repository.objects import read_blobs
from archivist.repository.process import Repository
from archivist.repository.store import blob_id
from archivist.snapshot.subject import Subject
from archivist.workspace import bytes_of, entry_of


@dataclass
class Lately:
    """The texts that entries have had since a time. The history is read when it is asked for."""

    repository: Repository
    since: datetime
    _blobs: dict[str, list[str]] | None = None
    _known: dict[tuple[str, str], bool] = field(default_factory=dict)  # what was asked last

    def had(self, subject: Subject, text: str, today: date) -> bool:
        """True if the entry had this text, though it has another now. Raises GitFailure."""
        if self._blobs is None:
            self._blobs = blobs_since(self.repository, self.since, files.ENTRIES)
        path, wanted = subject.entry.path, essence(text, today)
        if (path, wanted) not in self._known:
            self._known = {(path, wanted): self._had(subject, wanted)}
        return self._known[path, wanted]

    def _had(self, subject: Subject, wanted: str) -> bool:
        assert self._blobs is not None
        path = subject.entry.path
        present = blob_id(bytes_of(subject.entry.text))
        blobs = [one for one in self._blobs.get(path, []) if one != present]
        for _, data in read_blobs(self.repository, blobs, files.MAX_SIZE):
            entry = entry_of(path, data or b"")
            day = read(entry.value("date archived"))
            seen = day.first if isinstance(day, PolicyDate) else None
            if essence(text_of(entry.body), seen) == wanted:
                return True
        return False
