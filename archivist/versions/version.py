"""One version of an entry, as a value."""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from archivist.dates import TWO_DIGITS, PolicyDate
from archivist.versions.ordering import RECOVERED

Kind = Literal["added", "text", "metadata", "whitespace", "renamed", "removed", "restored"]
KINDS: tuple[Kind, ...] = (
    *("added", "text", "metadata", "whitespace", "renamed", "removed", "restored"),
)
WORKING = "working tree"
_EPOCH = date(1970, 1, 1).toordinal()


class Version(NamedTuple):
    """One state of an entry, and how it came from the version before it.

    `entry` is the id that the entry has now, `path` (relative to the archive) where it was then,
    `origin` where it was before if it moved with this version, `alike` how much of it stayed, in
    per cent. `rev` is the commit, None for edits that are not committed; `oid` the blob, None for a
    removal. `committed` is in seconds of the epoch. `archived` and `announced` are what this
    version's front matter says.

    `words` is how long its text is; `added` and `removed` count words, as few as explain the
    change; None if a text cannot be read. `text` is the number of its text among those of the
    entry: versions of one text have one number, whatever their front matter says. `returns_to` is
    the commit of the earliest version with that text, if another text stood in between. `turn`
    counts up along the main line, whatever the clocks said: the last one at which the entry came
    to this version.
    """

    entry: str
    rev: str | None
    path: str
    oid: str | None
    kind: Kind
    committed: int | None = None
    archived: PolicyDate | None = None
    announced: PolicyDate | None = None
    author: str = ""
    subject: str = ""
    trailers: tuple[tuple[str, str], ...] = ()
    words: int | None = None
    added: int | None = 0
    removed: int | None = 0
    origin: str | None = None
    alike: int | None = None
    text: int | None = None
    returns_to: str | None = None
    is_readable: bool = True
    turn: int = 0

    @property
    def is_recovered(self) -> bool:
        """True if it is of the past, and was committed after what came later."""
        return any(key == RECOVERED for key, _ in self.trailers)

    @property
    def has_text(self) -> bool:
        """True if this version brought words that the one before it had not, or took some away."""
        return self.kind in ("added", "text", "removed", "restored")


def moment(seconds: int | None) -> str | None:
    """Seconds of the epoch as RFC 3339 in UTC; None for what no calendar has."""
    if seconds is None:
        return None
    days, seconds = divmod(seconds, 86400)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    try:
        return f"{_calendar(days)}T{TWO_DIGITS[hours]}:{TWO_DIGITS[minutes]}:{TWO_DIGITS[seconds]}Z"
    except (ValueError, OverflowError):
        return None


@lru_cache(4096)
def _calendar(days: int) -> str:
    """A day of the epoch as ISO 8601 writes it. Raises ValueError or OverflowError."""
    return date.fromordinal(_EPOCH + days).isoformat()
