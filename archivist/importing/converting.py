"""A collection of terms told again as entries of layout `policy`, version by version.

Texts come first, file by file, so that each is read beside the one before it; then the commits. All
of it depends on the source's commits alone: a collection that grew gives the same commits, and some
more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from archivist.dates import PolicyDate
from archivist.entry import entry_id
from archivist.extraction.chunks import MarkdownReader, Plain
from archivist.files import MAX_SIZE, make_folder
from archivist.importing.collection import (
    Places,
    Terms,
    record_kind,
    terms_of,
    unfit_terms,
    with_trailers,
)
from archivist.importing.fetching import GitSource, begin, check_whole
from archivist.importing.outcome import Candidate
from archivist.importing.rewriting import MAX_WORDS, REF, Rewritten
from archivist.importing.telling import Telling
from archivist.repository import Repository
from archivist.repository.fastimport import (
    CommitStream,
    Words,
    read_marks,
    words_of,
    writing_commits,
)
from archivist.repository.log import (
    Change,
    Commit,
    changes,
    commits,
    dated_commits,
    raw_commits,
    tree_files,
)
from archivist.repository.objects import check_present, read_what_can_be
from archivist.repository.sharing import borrow
from archivist.yamlreading import written

_MAX_SOURCE = 4 * MAX_SIZE  # bytes of Markdown, of which link targets are often the most
_LARGE = f"larger than {MAX_SIZE >> 20} MiB as a text"
_BINARY = "not a text"
_EPOCH = PolicyDate(1970, 1, 1)


class Converted(NamedTuple):
    """The history as it will be here, and the source whose candidates are its last state."""

    told: Rewritten
    source: GitSource


class _Record(NamedTuple):
    """A text in the source: its path and blob, the commit that brought it, and when that was."""

    path: bytes
    oid: str
    commit: str
    seconds: int


@dataclass
class _Texts:
    """What the texts became: blobs of the stream by (commit, path), and why some became none."""

    marks: dict[tuple[str, bytes], str] = field(default_factory=dict)
    unfit: dict[tuple[str, bytes], str] = field(default_factory=dict)


def convert(source: GitSource, prefix: str) -> Converted:
    """Tell a collection's history in the source's own repository, as the ref `REF`.

    `prefix` stands before every path: where the archive lies in its repository.
    Raises GitFailure if an object is missing or the history is cut short.
    """
    repository = source.repository
    check_whole(repository, source.name)
    history = dated_commits(repository, source.tip)
    steps = _steps(repository, (commit for commit, _ in history))
    places = Places()
    for commit, _ in history:
        for path in sorted(one.path for one in steps.get(commit.oid, ())):
            places.of(path)
    made = _made(repository)
    marks = made.root / "marks"
    with writing_commits(made, REF, marks) as stream:
        texts = _write_texts(stream, repository, _records(history, steps))
        worded = partial(_worded, steps=steps, places=places)
        telling = Telling(stream, (commit for commit, _ in history), prefix, worded)
        raw = raw_commits(repository, [commit.oid for commit, _ in history], MAX_WORDS)
        for (commit, _), (_, words) in zip(history, raw, strict=True):
            telling.add(commit, words, list(_claimed(commit, steps, texts, places)))
        tip = telling.numbers[source.tip]
        if tip:
            stream.end_at(tip)
    told = Rewritten()
    if tip:
        ids = read_marks(marks)
        borrow(repository, made)
        repository.run("update-ref", REF, ids[f":{tip}"])
        blobs = {
            place: frozenset(map(ids.__getitem__, one)) for place, one in telling.texts.items()
        }
        line = tuple(one.oid for one in commits(repository, REF))
        told = Rewritten(line, ids[f":{tip}"], blobs)
    found = tuple(_candidates(source, told, texts, places, prefix))
    return Converted(told, replace(source, found=found, made=made if tip else None))


def _made(repository: Repository) -> Repository:
    """A repository beside the source's objects, so that what is written knows nothing of them."""
    made = Repository(repository.root / "made")
    make_folder(made.root)
    begin(made)
    return made


def _steps(repository: Repository, history: Iterable[Commit]) -> dict[str, list[Change]]:
    """What each commit did to files that may be terms."""
    return {
        oid: fit
        for oid, found in changes(repository, history)
        if (fit := [one for one in found if unfit_terms(one.path, "100644") is None])
    }


def _records(
    history: Iterable[tuple[Commit, int]], steps: Mapping[str, list[Change]]
) -> list[_Record]:
    """All texts, file by file, each file's in the order of the commits."""
    records = [
        _Record(one.path, one.oid, commit.oid, seconds)
        for commit, seconds in history
        for one in steps.get(commit.oid, ())
        if one.oid and unfit_terms(one.path, one.mode) is None
    ]
    return sorted(records, key=lambda one: one.path)


def _write_texts(stream: CommitStream, repository: Repository, records: list[_Record]) -> _Texts:
    texts, reader = _Texts(), MarkdownReader()
    answers = read_what_can_be(repository, [one.oid for one in records], _MAX_SOURCE)
    for one, data in zip(records, answers, strict=True):
        key = one.commit, one.path
        if data is None:
            texts.unfit[key] = _LARGE
        elif b"\0" in data:
            texts.unfit[key] = _BINARY
        else:
            entry = entry_bytes(one.path, one.seconds, reader.read(data))
            if len(entry) > MAX_SIZE:
                texts.unfit[key] = _LARGE
            else:
                texts.marks[key] = stream.add_blob(entry)
    check_present(repository, [one.oid for one in records if (one.commit, one.path) in texts.unfit])
    return texts


def entry_bytes(path: bytes, seconds: int, plain: Plain) -> bytes:
    """The entry that a version becomes. Its links are counted and their targets told by a digest,
    so that a version with other targets differs in nothing but its front matter.
    """
    service, kind = terms_of(path) or Terms("unnamed", "unnamed")
    lines = [
        *("---", "layout: policy", f"organization: {written(service)}"),
        f"also known as: {written(f'{service} {kind}')}",
        *("date announced:", f"date archived: {_day(seconds).styled()}", "url:"),
        *("credited parents:",),
        *((f"link targets: {plain.links}, sha256:{plain.targets[:16]}",) if plain.links else ()),
        *("", "---", "", ""),
    ]
    return "\n".join(lines).encode("utf-8", "backslashreplace") + plain.text


def _day(seconds: int) -> PolicyDate:
    try:
        day = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return _EPOCH
    return PolicyDate(day.year, day.month, day.day)


def _claimed(
    commit: Commit, steps: Mapping[str, list[Change]], texts: _Texts, places: Places
) -> Iterator[tuple[str, bytes, str | None]]:
    """For each change: the place here, the path there, and the blob, None if the file is gone.

    A version that cannot be an entry is passed over: the one before it stands.
    """
    for one in steps.get(commit.oid, ()):
        key = commit.oid, one.path
        if key not in texts.unfit:
            yield places.of(one.path), one.path, texts.marks.get(key)


def _worded(
    commit: Commit, raw: bytes, *, steps: Mapping[str, list[Change]], places: Places
) -> Words:
    """The commit's words, with trailers that say what it records, and of which commit it tells."""
    words = words_of(raw)
    found = steps.get(commit.oid, ())
    kind = record_kind(words.message.partition(b"\n")[0].decode("utf-8", "replace"))
    trailers = []
    if kind and len(found) == 1:
        trailers += [("Archivist-Entry", entry_id(places.of(found[0].path)))]
        trailers += [("Archivist-Record", kind)]
    trailers += [("Archivist-Origin", commit.oid)]
    return replace(words, message=with_trailers(words.message, trailers))


def _candidates(
    source: GitSource, told: Rewritten, texts: _Texts, places: Places, prefix: str
) -> Iterator[Candidate]:
    """The files of the source's last state, with the texts that they have here."""
    here = {one.path: one.oid for one in tree_files(source.repository, REF)} if told.tip else {}
    passed = Counter(path for _, path in texts.unfit)
    why = {path: reason for (_, path), reason in texts.unfit.items()}
    for one in tree_files(source.repository, source.tip):
        if unfit := unfit_terms(one.path, one.mode):
            yield Candidate(one.path, one.oid, unfit)
            continue
        place = places.of(one.path)
        oid = here.get((prefix + place).encode())
        count, reason = passed[one.path], why.get(one.path, "")
        remark = f"{count} version{'s' * (count > 1)} passed over: {reason}" if count else None
        if oid:
            yield Candidate(one.path, oid, None, place, remark)
        else:
            yield Candidate(one.path, one.oid, reason or "not a text")
