"""What there is to import: a source as entries, with the history that they will have here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from archivist.errors import UsageError
from archivist.importing.collection import is_collection
from archivist.importing.exhibits import with_exhibits
from archivist.importing.fetching import GitSource
from archivist.importing.outcome import Candidate
from archivist.importing.planning import grouped
from archivist.importing.rewriting import Rewritten, count_versions, rewrite
from archivist.importing.sources import Source
from archivist.repository.log import last_subjects, tree_files

ARCHIVE, COLLECTION = "archive", "open-terms-archive"
FORMS = ("auto", ARCHIVE, COLLECTION)
_LAST = 500  # commits that are looked at to know a collection


class Reading(NamedTuple):
    """A source's candidates, its history as it will be told here (None if it will not), and how
    many versions each path has in it.
    """

    source: Source
    candidates: Sequence[Candidate]
    told: Rewritten | None
    versions: Counter[str]


def read(source: Source, form: str, prefix: str, *, history: bool) -> Reading:
    """Read a source as what it is, or as the `form` (one of `FORMS`) that is asked for.

    `prefix` says where the archive lies in its repository. Raises UsageError for a collection
    without git, GitFailure if an object is missing or a history is cut short.
    """
    if _is_collection(source, form):
        return _collection(source, prefix, history=history)
    found = source.candidates()
    if not history or not isinstance(source, GitSource):
        candidates = [with_exhibits(one, None) for one in found]
        return Reading(source, candidates, None, Counter(grouped(candidates).keys()))
    told = rewrite(source, prefix)
    candidates = [with_exhibits(one, told.exhibits) for one in found]
    versions = count_versions(source, told, prefix) if told.tip else Counter[str]()
    return Reading(source, candidates, told, versions)


def _collection(source: Source, prefix: str, *, history: bool) -> Reading:
    from archivist.importing.converting import convert

    if not isinstance(source, GitSource):
        raise UsageError(
            "a collection of Open Terms Archive is read with its git history, which has the dates",
            "name its repository, or a bundle of it",
        )
    told, converted = convert(source, prefix)
    candidates = converted.candidates()
    if not history:
        return Reading(converted, candidates, None, Counter(grouped(candidates).keys()))
    versions = count_versions(converted, told, prefix) if told.tip else Counter[str]()
    return Reading(converted, candidates, told, versions)


def _is_collection(source: Source, form: str) -> bool:
    if form != "auto" or not isinstance(source, GitSource):
        return form == COLLECTION
    paths = [one.path for one in tree_files(source.repository, source.tip)]
    return is_collection(paths, last_subjects(source.repository, source.tip, _LAST))
