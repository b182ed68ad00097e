"""A collection of terms told again as entries of layout `policy`, version by version.

Texts come first, then the commits. All of it depends on the source's commits alone: a collection
that grew gives the same commits, and some more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from archivist.entry import entry_id
from archivist.files import make_folder
from archivist.importing.collection import Places, record_kind, unfit_terms, with_trailers
from archivist.importing.fetching import GitSource, begin, check_whole
from archivist.importing.outcome import Candidate
from archivist.importing.rewriting import MAX_WORDS, REF, Rewritten, told_by
from archivist.importing.telling import Telling
from archivist.importing.texts import Texts, write_texts
from archivist.repository import Repository
from archivist.repository.fastimport import Words, read_marks, words_of, writing_commits
from archivist.repository.log import Step, raw_commits, steps, tree_files
from archivist.repository.sharing import borrow


class Converted(NamedTuple):
    """The history as it will be here, and the source whose candidates are its last state."""

    told: Rewritten
    source: GitSource


def convert(source: GitSource, prefix: str) -> Converted:
    """Tell a collection's history in the source's own repository, as the ref `REF`.

    `prefix` stands before every path: where the archive lies in its repository.
    Raises GitFailure if an object is missing or the history is cut short.
    """
    repository = source.repository
    check_whole(repository, source.name)
    history = [_of_terms(step) for step in steps(repository, source.tip)]
    places = Places()
    for step in history:
        for path in sorted(one.path for one in step.changes):
            places.of(path)
    made = _made(repository)
    texts, told = _tell(made, source, history, places, prefix)
    if told.tip:
        borrow(repository, made)
        repository.run("update-ref", REF, told.tip)
    found = tuple(_candidates(source, told, texts, places, prefix))
    return Converted(told, replace(source, found=found, made=made if told.tip else None))


def _tell(
    made: Repository, source: GitSource, history: Sequence[Step], places: Places, prefix: str
) -> tuple[Texts, Rewritten]:
    """Write texts, then commits; gives what they became."""
    marks = made.root / "marks"
    with writing_commits(made, REF, marks) as stream:
        texts = write_texts(stream, source.repository, history)
        telling = Telling(stream, (one.commit for one in history), prefix)
        raw = raw_commits(source.repository, [one.commit.oid for one in history], MAX_WORDS)
        for step, (_, words) in zip(history, raw, strict=True):
            worded = partial(_worded, step, places, words)
            telling.add(step.commit, list(_claimed(step, texts, places)), worded)
        tip = telling.end(source.tip)
    return texts, told_by(telling, tip, read_marks(marks))


def _of_terms(step: Step) -> Step:
    """What a commit did to files that may be terms."""
    fit = [one for one in step.changes if unfit_terms(one.path, "100644") is None]
    return step if len(fit) == len(step.changes) else step._replace(changes=fit)


def _made(repository: Repository) -> Repository:
    """A repository beside the source's objects, so that what is written knows nothing of them."""
    made = Repository(repository.root / "made")
    make_folder(made.root)
    begin(made)
    return made


def _claimed(step: Step, texts: Texts, places: Places) -> Iterator[tuple[str, bytes, str | None]]:
    """For each change: the place here, the path there, and the blob, None if the file is gone.

    A version that cannot be an entry is passed over: the one before it stands.
    """
    for one in step.changes:
        key = step.commit.oid, one.path
        if key not in texts.unfit:
            yield places.of(one.path), one.path, texts.marks.get(key)


def _worded(step: Step, places: Places, raw: bytes) -> Words:
    """The commit's words, with trailers that say what it records, and of which commit it tells."""
    words, found = words_of(raw), step.changes
    kind = record_kind(words.message.partition(b"\n")[0].decode("utf-8", "replace"))
    trailers = []
    if kind and len(found) == 1:
        trailers += [("Archivist-Entry", entry_id(places.of(found[0].path)))]
        trailers += [("Archivist-Record", kind)]
    trailers += [("Archivist-Origin", step.commit.oid)]
    return words._replace(message=with_trailers(words.message, trailers))


def _candidates(
    source: GitSource, told: Rewritten, texts: Texts, places: Places, prefix: str
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
