"""Which version is meant: `ID`, `ID@2014-02-06` (a day, a month, a year), `ID@REV`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from archivist.choice import stems
from archivist.dates import PolicyDate, read
from archivist.errors import GitFailure, UnknownName, UsageError
from archivist.repository.log import tree_files
from archivist.versions.choosing import committed_day
from archivist.versions.history import History
from archivist.versions.version import Version

_SUCH_AS = "such as 2014-02-06, 2014-02, HEAD~3 or a commit's id"


class InForce(NamedTuple):
    """The version that stood on a day, the next one with another text, and whether the day lies
    before the text was archived: it is then known from what was announced only. `doubt` is a
    version that cannot be read, and may have stood there instead; `removed` that by which the entry
    had been taken out of the archive by then, which does not say that the policy ceased.
    """

    version: Version
    next: Version | None
    is_early: bool
    doubt: Version | None = None
    removed: Version | None = None
    is_announced_later: bool = False


def resolved(history: History, name: str) -> InForce:
    """The version that a name means: the present one (uncommitted edits too), the one in force at
    the end of a day, month or year, or that of a revision; and how well it is known.

    Raises UsageError, with what would be right, if there is none; GitFailure.
    """
    version, versions = _parted(history, name)
    if not version:
        return InForce(latest(versions), None, is_early=False, removed=removal(versions))
    day = read(version[1:])
    if isinstance(day, PolicyDate):
        return in_force(versions, day)
    return InForce(at_revision(history, versions, version[1:]), None, is_early=False)


def _parted(history: History, name: str) -> tuple[str, list[Version]]:
    """What stands in a name from an `@` on, and the versions of the entry that the rest means."""
    unknown = UnknownName(name)
    for stem, version in stems(name):
        try:
            return version, history.versions(stem)
        except UnknownName as error:
            unknown = error
    raise unknown


def latest(versions: Sequence[Version]) -> Version:
    """The version with a text that was committed last, or is not committed yet.

    Raises UsageError if there is none.
    """
    texts = [one for one in versions if one.oid and not one.is_recovered]
    found = max(texts, key=lambda one: one.turn, default=None)
    if found is None:
        raise UsageError("that entry has no version with a text")
    return found


def removal(versions: Sequence[Version], by: date | None = None) -> Version | None:
    """The version by which an entry is gone from the archive, now or at the end of a day; None if
    it is there.
    """
    done = [one for one in versions if not one.is_recovered and (by is None or _was_by(one, by))]
    last = max(done, key=lambda one: one.turn, default=None)
    return last if last and last.oid is None else None


def _was_by(version: Version, by: date) -> bool:
    day = committed_day(version)
    return version.rev is not None and day is not None and day <= by


def in_force(versions: Sequence[Version], day: PolicyDate) -> InForce:
    """The version in force on a day, by what the versions (oldest first) say of themselves.

    From when each counts is said by `since`. Raises UsageError for a day before all of them.
    """
    dated = [one for one in versions if one.oid and since(one, None)]
    found: Version | None = None
    before: Version | None = None
    for one in dated:
        begin = since(one, before)
        if begin and begin.first <= day.last:
            found = one
        before = one
    if found is None:
        raise UsageError(
            f"no text of that entry is known for {day.styled()}", _earliest(versions, dated)
        )
    later = dated[dated.index(found) + 1 :]
    following = next((one for one in later if one.kind in ("text", "restored")), None)
    early = found.archived is not None and found.archived.first > day.last
    behind = versions[versions.index(found) + 1 :]
    between = behind[: behind.index(later[0])] if later else behind
    doubt = next((one for one in between if one.oid and not one.is_readable), None)
    late = found.announced is not None and found.announced.first > day.last
    return InForce(found, following, early, doubt, removal(versions, day.last), late)


def _earliest(versions: Sequence[Version], dated: Sequence[Version]) -> str:
    """What there is, where there is nothing for a day."""
    unread = sum(1 for one in versions if one.oid and not one.is_readable)
    may_be = f"{unread} of its versions cannot be read, and may be it"
    if begin := since(dated[0], None) if dated else None:
        known = f"the earliest that is known is from {begin.styled()}"
        return f"{known}; {may_be}" if unread else known.replace("that is known ", "")
    return (
        may_be if unread else "its versions say no `date archived`; --rev names one by its commit"
    )


def since(version: Version, before: Version | None) -> PolicyDate | None:
    """From when a text counts: from the day it was announced, if that is not after the day it was
    archived, and later than the version before was archived; else from the day it was archived.
    None if it does not say.
    """
    announced, archived = version.announced, version.archived
    if announced and (archived is None or announced.first <= archived.first):
        earlier = before.archived if before else None
        if earlier is None or announced.first > earlier.first:
            return announced
    return archived


def at_revision(history: History, versions: Sequence[Version], revision: str) -> Version:
    """The version of an entry, of which these are all that are known, that stands in a revision, of
    whatever branch. Raises UsageError.
    """
    if not revision.strip():
        raise UsageError("no date and no commit is named", _SUCH_AS)
    try:
        commit = history.repository.text(
            *("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        )
    except GitFailure as error:
        raise UsageError(
            f"{revision} is neither a date nor a commit of this repository",
            _SUCH_AS,
        ) from error
    exact = next((one for one in versions if one.rev == commit and one.oid), None)
    if exact:
        return exact
    paths = sorted({one.path for one in versions})
    for file in tree_files(history.repository, commit, *paths):
        same = [one for one in versions if one.oid == file.oid]
        if same:
            return same[0]
        return Version(
            versions[-1].entry,
            commit,
            file.path.decode("utf-8", "surrogateescape"),
            file.oid,
            "text",
            added=None,
            removed=None,
        )
    raise UsageError(f"{versions[-1].entry} is not in {revision}")
