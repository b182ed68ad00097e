"""Full text over entries, and over all their versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from archivist.entry import Entry
from archivist.errors import GitFailure, UsageError
from archivist.files import MAX_SIZE
from archivist.repository.objects import read_what_can_be
from archivist.state.texts import BadQuery, IndexLost, TextIndex
from archivist.versions.history import History
from archivist.versions.queries import Query, readings
from archivist.versions.resolving import version_of_file
from archivist.versions.version import Version

_STATE = ("archivist", "search.sqlite3")
_MAX_QUERY = 1000  # characters
_RESERVED = TextIndex.RESERVED.encode()
_WORDS = 24  # of an excerpt
HINT = 'such as: lantern, "every guest", harass*, NEAR(guest host, 5), lantern NOT light'


class Hit(NamedTuple):
    """An entry that says what was looked for: the first version that does by valid time, the last
    one, how many do, and an excerpt of the first, without marks where its title alone says so.
    """

    first: Version
    last: Version
    versions: int
    excerpt: str

    @property
    def in_title(self) -> bool:
        """True if the title has what was looked for, and the text does not."""
        return TextIndex.MARKS[0] not in self.excerpt


class Answer(NamedTuple):
    """What was found, and the query that was answered in the end."""

    hits: list[Hit]
    query: Query


def search(history: History, query: str, *, all_versions: bool) -> Answer:
    """The entries whose present title or text, or any text they ever had, has what a query looks
    for.

    Best first; with `all_versions` the earliest first. Texts that cannot be read are told in the
    history's notes. Raises UsageError for a query that cannot be read.
    """
    wanted = _readings(query, all_versions)
    stories = _searched(history, all_versions)
    path = history.repository.common_folder.joinpath(*_STATE)
    for place in (path, None):
        with suppress(IndexLost):
            return _searched_in(place, history, wanted, stories, all_versions)
    raise GitFailure("texts cannot be searched: SQLite fails in memory, too")


def _searched_in(
    path: Path | None,
    history: History,
    wanted: list[Query],
    stories: list[list[Version]],
    all_versions: bool,
) -> Answer:
    """The answer from the index in a file, or in memory. Raises IndexLost."""
    with closing(TextIndex(path, lambda oid: _text_of(history, oid)[1])) as index:
        oids = [one.oid for story in stories for one in story if one.oid]
        (index.learn if all_versions else index.follow)(oids, partial(_texts, history))
        answer = _answer(index, wanted, stories, all_versions)
        index.keep()
        return answer


def search_files(entries: Iterable[Entry], query: str) -> Answer:
    """The same over files that no repository holds. Raises UsageError."""
    wanted = _readings(query, in_bodies=False)
    files = [one for one in entries if not one.obstacle]
    texts = {one.path: _parts(one.text.encode("utf-8", "surrogateescape")) for one in files}
    with closing(TextIndex(None, lambda path: texts[path][1])) as index:
        index.follow(texts, lambda paths: ((path, *texts[path]) for path in paths))
        return _answer(index, wanted, [[version_of_file(one)] for one in files], all_versions=False)


def _readings(query: str, in_bodies: bool) -> list[Query]:
    """How a query may be meant. Raises UsageError for one without words, or of titles in vain."""
    if not query.strip() or len(query) > _MAX_QUERY or "\0" in query:
        raise UsageError("the query must have some words, and not too many", HINT)
    found = list(readings(query.encode("utf-8", "surrogateescape").decode("utf-8", "replace")))
    if not found:
        raise UsageError("the query has no word to look for", HINT)
    if in_bodies and found[0].asks_for_titles:
        raise UsageError(
            "the query asks for titles, and --history searches texts",
            "leave out title: or --history",
        )
    return found


def _answer(
    index: TextIndex, wanted: list[Query], stories: list[list[Version]], all_versions: bool
) -> Answer:
    query, found = _found(index, wanted, past=all_versions)
    excerpt = partial(index.excerpt, past=all_versions)
    rank = {oid: place for place, oid in enumerate(found)}
    hits = [
        Hit(own[0], own[-1], len(own), excerpt(query.text, own[0].oid or "", _WORDS))
        for story in stories
        if (own := [one for one in story if one.oid in rank])
    ]
    if all_versions:
        hits.sort(key=lambda hit: (_day(hit.first), hit.first.turn, hit.first.entry))
    else:
        hits.sort(key=lambda hit: (rank[hit.first.oid or ""], hit.first.entry))
    return Answer(hits, query)


def _found(index: TextIndex, wanted: list[Query], *, past: bool) -> tuple[Query, list[str]]:
    """The first of the readings that is a query at all, and what it finds."""
    for query in wanted[:-1]:
        with suppress(BadQuery):
            return query, index.find(query.text, past=past)
    try:
        return wanted[-1], index.find(wanted[-1].text, past=past)
    except BadQuery as error:
        raise UsageError(f"the query cannot be read: {error}", HINT) from error


def _searched(history: History, all_versions: bool) -> list[list[Version]]:
    """The versions of each entry that have a text; without the past those that are here."""
    stories = [
        (chain, [one for one in versions if one.oid]) for chain, versions in history.stories()
    ]
    if all_versions:
        return [texts for _, texts in stories]
    present = [
        [one for one in texts if not one.is_recovered] for chain, texts in stories if chain.is_here
    ]
    return [[max(texts, key=lambda one: one.turn)] for texts in present if texts]


def _texts(history: History, oids: list[str]) -> Iterator[tuple[str, str, str]]:
    """Each text that can be read, with its title and body."""
    own = history.knowledge.own
    stored = [oid for oid in oids if oid not in own]
    for oid, data in zip(
        stored, read_what_can_be(history.repository, stored, MAX_SIZE), strict=True
    ):
        if data is not None:
            yield oid, *_parts(data)
    for oid in oids:
        if oid in own:
            yield oid, *_parts(own[oid])


def _text_of(history: History, oid: str) -> tuple[str, str]:
    """The title and body of a blob; blank if it cannot be read any more."""
    try:
        own = history.knowledge.own.get(oid)
        data = own or next(read_what_can_be(history.repository, [oid], MAX_SIZE))
    except GitFailure:
        data = None
    return _parts(data or b"")


def _parts(data: bytes) -> tuple[str, str]:
    """A text's title and body, without the characters that the index has other uses for."""
    entry = Entry("", data.translate(None, _RESERVED).decode("utf-8", "replace"))
    return entry.title, entry.body


def _day(one: Version) -> str:
    return one.archived.first.isoformat() if one.archived else "9999"
