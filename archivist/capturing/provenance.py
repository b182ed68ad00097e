"""Where a version comes from: the trailers of the commit that recorded it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, Self

from archivist import __version__
from archivist.console import escape

ACCEPTED_STATUS = "status"  # the objection to an answer that is no page by its status
_LONGEST = 2000  # characters of a value
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_KEYS = {
    "Archivist-Entry": "entry",
    "Archivist-Source": "source",
    "Archivist-Captured": "captured",
    "Archivist-Text": "text",
    "Archivist-Evidence": "evidence",
    "Archivist-Extractor": "extractor",
    "Archivist-Wayback": "wayback",
    "Archivist-Accepted": "accepted",
    "Archivist-Version": "version",
}


class Exhibit(NamedTuple):
    """A file of evidence: its path in the archive, and its digest (`sha256:…`)."""

    path: str
    digest: str

    def __str__(self) -> str:
        """As the trailer writes it."""
        return f"{self.path} {self.digest}"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a commit's trailers say of the version that it records; blank where they say nothing.

    `entry` is the id, `source` the URL that was asked, `captured` when it was answered (RFC 3339,
    UTC), `text` the digest of the body, `extractor` what made it, `wayback` a memento's URL or
    why there is none yet, `accepted` objections that somebody overruled and that show in the
    evidence (`status`), `version` that of archivist.
    """

    entry: str
    source: str = ""
    captured: str = ""
    text: str = ""
    evidence: Exhibit | None = None
    extractor: str = ""
    wayback: str = ""
    accepted: str = ""
    version: str = __version__

    def lines(self) -> list[str]:
        """The trailers, each on one line, whatever the values hold; blank ones left out."""
        values = ((key, getattr(self, name)) for key, name in _KEYS.items())
        safe = ((key, _on_one_line(str(value))) for key, value in values if value)
        return [f"{key}: {value}" for key, value in safe if value]

    @classmethod
    def parse(cls, trailers: Iterable[tuple[str, str]]) -> Self | None:
        """What these trailers (key, value) say; None if they name no entry. Of a key that is given
        twice, the first counts. Never raises: a commit may be anybody's.
        """
        found: dict[str, str] = {}
        names = {key.lower(): name for key, name in _KEYS.items()}
        for key, value in trailers:
            name = names.get(key.lower())
            if name and value.strip():
                found.setdefault(name, value.strip())
        if "entry" not in found:
            return None
        exhibit = _exhibit(found.pop("evidence", ""))
        return cls(**({"version": ""} | found), evidence=exhibit)

    @property
    def when(self) -> datetime | None:
        """The time of the capture, in UTC; None if it is not given, or no time."""
        try:
            return datetime.fromisoformat(self.captured).astimezone(UTC)
        except (ValueError, OverflowError):
            return None


def moment(when: datetime) -> str:
    """A time as trailers and evidence write it: RFC 3339 in UTC, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _exhibit(value: str) -> Exhibit | None:
    path, _, digest = value.rpartition(" ")
    return Exhibit(path.strip(), digest) if path and _DIGEST.fullmatch(digest) else None


def _on_one_line(value: str) -> str:
    """The value without anything that could end its line, or be taken for another sign."""
    return escape(" ".join(value.split())).encode("utf-8", "backslashreplace").decode()[:_LONGEST]
