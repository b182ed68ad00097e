"""An archive's history as rows, one after another: texts are read, given and forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import NamedTuple

from archivist.addresses import is_url
from archivist.archive import Archive
from archivist.credit import KEY as PARENTS
from archivist.dates import PolicyDate
from archivist.document import readable
from archivist.entry import Entry
from archivist.errors import GitFailure
from archivist.exporting.tables import FORMAT, VERSION
from archivist.files import MAX_SIZE
from archivist.repository.objects import read_what_can_be
from archivist.state.tables import Row
from archivist.versions import History, Version
from archivist.versions.comparing import count_words, front_end
from archivist.versions.naming import since
from archivist.versions.version import moment

_LINKS = ("url", "wayback snapshot", "forkable file")


class Story(NamedTuple):
    """An entry and its versions, oldest first in valid time; `name` is unique in the export."""

    name: str
    path: str
    is_here: bool
    versions: Sequence[Version]


class _File(NamedTuple):
    """A file: its front matter, the number of its text, and whether it could be read."""

    head: Entry
    text: int | None
    is_readable: bool


_NO_FILE = _File(Entry("", ""), None, is_readable=True)


class _Latest(NamedTuple):
    """The last version with a text: its number in the export, and its front matter."""

    number: int
    version: Version
    head: Entry


def stories(history: History) -> list[Story]:
    """Every entry that is or was, by id; of those of one id the one that is here goes first.

    Raises GitFailure if the history cannot be read.
    """
    told = history.stories()
    told.sort(key=lambda one: (one[1][0].entry, not one[0].is_here, one[1][0].path))
    taken: set[str] = set()
    found = []
    for chain, versions in told:
        plain = _plain(versions[0].entry)
        names = (plain if n == 1 else f"{plain}~{n}" for n in count(1))
        name = next(one for one in names if one not in taken)
        taken.add(name)
        path = _plain(history.place.shown(chain.path))
        found.append(Story(name, path, chain.is_here, versions))
    return found


@dataclass
class Export:
    """The rows of an export, and, once they are read, which texts could not be (`lost`: entry →
    how many).
    """

    history: History
    stories: Sequence[Story]
    lost: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)
    _texts: dict[bytes, int] = field(default_factory=dict)
    _heads: dict[str, Entry] = field(default_factory=dict)
    _number: int = 0

    def rows(self) -> Iterator[Row]:
        """All rows; whether everything could be read is known, and told, at the end."""
        about = (
            *(("format", FORMAT), ("version", str(VERSION))),
            ("commit", self.history.extent.head or ""),
        )
        yield from (("about", row) for row in about)
        wanted = [one.oid for story in self.stories for one in story.versions if one.oid]
        texts = read_what_can_be(self.history.repository, wanted, MAX_SIZE)
        for story in self.stories:
            yield from self._of_story(story, texts)
        yield from self._relations()
        yield from self._completeness()

    def _of_story(self, story: Story, texts: Iterator[bytes | None]) -> Iterator[Row]:
        ids: dict[str, int] = {}
        before: Version | None = None
        latest: _Latest | None = None
        for number, one in enumerate(story.versions, 1):
            file = _NO_FILE
            begin: PolicyDate | None = None
            self._number += 1
            if one.oid:
                file = yield from self._of_file(one.oid, next(texts))
                begin = since(one, before)
                before = one if begin else before
                self.lost[story.name] += not file.is_readable
                if latest is None or latest.version.turn <= one.turn:
                    latest = _Latest(self._number, one, file.head)
            yield (
                "versions",
                (
                    *(self._number, story.name, number, one.kind),
                    *(begin and begin.first.isoformat(), *_of_commit(one)),
                    *(ids.get(one.returns_to or ""), int(file.is_readable), one.oid, file.text),
                ),
            )
            yield from self._details(file.head, one)
            if one.oid:
                ids.setdefault(one.rev or "", self._number)
        yield "entries", _entry(story, latest)
        if story.is_here and latest:
            self._heads[story.name] = Entry(story.path, latest.head.text)

    def _of_file(self, oid: str, data: bytes | None) -> Generator[Row, None, _File]:
        """The file and its text, where they are new; gives what they are."""
        is_new, text = oid not in self._seen, None
        self._seen.add(oid)
        front, body = b"", b""
        if data is not None:
            end = front_end(data)
            front, body = data[:end], data[end:]
            digest = sha256(body)
            text = self._texts.get(digest.digest())
            if text is None:
                text = self._texts[digest.digest()] = len(self._texts) + 1
                shown = _plain(body.decode("utf-8", "surrogateescape"))
                exact = int(shown.encode() == body)
                yield "texts", (text, digest.hexdigest(), count_words(body), exact, shown)
        head = Entry("", front.decode("utf-8", "surrogateescape"))
        if is_new:
            yield "files", (oid, None if data is None else _plain(head.text), text)
        return _File(head, text, data is not None)

    def _details(self, head: Entry, one: Version) -> Iterator[Row]:
        """The version's front matter, and the trailers of its commit."""
        fields = ((one.key, value.text) for one in head.front.fields for value in one.values)
        for name, pairs in (("fields", fields), ("trailers", iter(one.trailers))):
            for place, (key, value) in enumerate(pairs, 1):
                yield name, (self._number, place, _plain(key), _plain(value))

    def _relations(self) -> Iterator[Row]:
        names = {one.path: name for name, one in self._heads.items()}
        archive = Archive.of(self._heads.values())
        parents, links = count(1), count(1)
        for name, entry in self._heads.items():
            for credit in archive.credits(entry):
                found = [names[one.path] for one in archive.resolve(credit.name)[0]]
                kind = "entry" if found else _kind(credit.name, credit.is_vague)
                meant: list[str | None] = [*found] or [None]
                for parent in meant:
                    yield "parents", (next(parents), name, _plain(credit.name), parent, kind)
            for key, url in _links(entry, [one.name for one in archive.credits(entry)]):
                yield "links", (next(links), name, key, _plain(url))

    def _completeness(self) -> Iterator[Row]:
        notes = self.history.notes
        for name, number in (+self.lost).items():
            notes.lack(f"{name}: {number} of its texts cannot be read")
        yield "about", ("complete", "yes" if notes.is_whole else "no")
        if notes.lines:
            yield "about", ("note", "\n".join(notes.lines))


def check_whole(history: History) -> None:
    """Raises GitFailure if there is no commit to export."""
    if history.extent.head is None:
        raise GitFailure(
            "there is no commit yet, and so nothing to export", "commit the entries first"
        )


def _of_commit(one: Version) -> tuple[object, ...]:
    """The columns of a version from `announced` to `removed`."""
    return (
        *(_iso(one.announced), _iso(one.archived), moment(one.committed)),
        *(one.rev, _plain(one.author), _plain(one.subject), _plain(one.path)),
        *(one.origin and _plain(one.origin), one.alike, one.added, one.removed),
    )


def _entry(story: Story, latest: _Latest | None) -> tuple[object, ...]:
    head = latest.head if latest else Entry(story.path, "")
    values = (_plain(head.value(key)) or None for key in ("url", "language", "licence", "status"))
    return (
        *(story.name, _plain(head.title), story.path, int(story.is_here), _plain(head.layout)),
        *(
            (_iso(latest.version.announced), _iso(latest.version.archived))
            if latest
            else (None, None)
        ),
        *values,
        *(len(story.versions), latest and latest.number),
    )


def _kind(name: str, is_vague: bool) -> str:
    if is_url(name):
        return "url"
    return "vague" if is_vague else "unknown"


def _links(entry: Entry, credited: Iterable[str]) -> Iterator[tuple[str, str]]:
    for key in _LINKS:
        if entry.value(key):
            yield key, entry.value(key)
    yield from ((PARENTS, name) for name in credited if is_url(name))


def _iso(date: PolicyDate | None) -> str | None:
    """A date at its own precision."""
    return date and date.iso()


def _plain(text: str) -> str:
    r"""Text that every program can read: bytes that are not UTF-8, and NUL, as `\x80`."""
    return readable(text).replace("\0", r"\x00")
