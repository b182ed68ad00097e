"""What `archivist snapshot` needs besides the run: whom it is about, and where versions go."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime, timedelta

from archivist import files, refusal
from archivist.addresses import problem
from archivist.captures import Captures, Outcome
from archivist.commands.keeping import Opened
from archivist.commands.naming import chosen_paths
from archivist.commands.session import codes, here, now
from archivist.dates import style
from archivist.entry import Entry
from archivist.errors import FileFailure, UsageError
from archivist.markup import MAX_BYTES
from archivist.names import nearest
from archivist.snapshot.act import Snapshots
from archivist.snapshot.mementos import Mementos, lacks_memento
from archivist.snapshot.pending import PendingCaptures
from archivist.snapshot.rebuilding import EDITED, captured, has_evidence, hops_of
from archivist.snapshot.subject import Subject
from archivist.snapshot.writing import Manner
from archivist.wayback.keys import keys_for
from archivist.wayback.mementos import OUT
from archivist.workspace import Workspace, entry_from, entry_of

_EXCLUDING = (
    *(("entries", "all"), ("branch", "no_commit"), ("pending", "re_extract")),
    *(("pending", "from_file"), ("pending", "url"), ("pending", "no_wayback")),
    *(("re_extract", "from_file"), ("re_extract", "url")),
)
_TYPES = {
    **dict.fromkeys((".html", ".htm", ".xhtml"), "text/html"),
    **dict.fromkeys((".md", ".markdown"), "text/markdown"),
    ".txt": "text/plain",
    ".pdf": "application/pdf",
}


def check_usage(args: Namespace) -> None:
    """Raises UsageError for options that say nothing together."""
    if not (args.entries or args.all or args.pending or args.stale is not None):
        raise UsageError(
            "name the entries to look at", "by id, title, file or folder; or --all, or --stale DAYS"
        )
    for one, other in _EXCLUDING:
        if _given(args, one) and _given(args, other):
            raise UsageError(f"{_option(one)} and {_option(other)} exclude each other")
    for name in ("url", "from_file", "branch"):  # such as a variable that is not set
        if getattr(args, name) == "":
            raise UsageError(f"--{name.replace('_', '-')} must not be blank")
    for name in ("url", "from_file", "announced"):
        if _given(args, name) and len(args.entries) != 1:
            raise UsageError(f"{_option(name)} needs one entry")
    if args.announced and not style(args.announced):
        raise UsageError(f"--announced: {args.announced} is no date", "such as Dec 10, 2013")
    if args.url and (wrong := problem(args.url)):
        raise UsageError(f"--url: {args.url} {wrong}")


def check_settings(args: Namespace, place: Workspace) -> None:
    """Raises UsageError for what the settings switch off."""
    if args.pending and not place.settings.scan.wayback.enabled:
        raise UsageError("the settings switch the Wayback Machine off", "[wayback] enabled = true")


def _given(args: Namespace, name: str) -> bool:
    return getattr(args, name) not in (None, False, "", [])


def _option(name: str) -> str:
    return "naming entries" if name == "entries" else f"--{name.replace('_', '-')}"


def accepted(args: Namespace) -> frozenset[str]:
    """The names of objections that are accepted. Raises UsageError for one that does not exist."""
    names = frozenset(one for given in args.accept for one in codes(given))
    known = (*refusal.NAMES, "unstable", EDITED)
    for name in sorted(names):
        if name not in known:
            near = nearest(name, known, 0.5)
            hint = f"did you mean {near}?" if near else f"there are {', '.join(known)}"
            raise UsageError(f"--accept: there is no objection {name}", hint)
    return names


def manner_of(args: Namespace, place: Workspace) -> Manner:
    """How versions are to be written."""
    settings = place.settings
    return Manner(
        now(args),
        settings.snapshot.evidence,
        style(args.announced) or "" if args.announced else "",
        args.message or "",
        settings.scan.wayback.enabled and not args.no_wayback,
    )


def clock_of(args: Namespace) -> Callable[[], datetime]:
    """The clock: that of the machine, or `--now`, which stands still."""
    if getattr(args, "now", None) is None:
        return lambda: datetime.now().astimezone()
    time = now(args)
    return lambda: time


def subjects(
    args: Namespace, place: Workspace, read: Callable[[str], bytes | None]
) -> tuple[list[Subject], int]:
    """The entries to look at, and how many were left out because they do not follow a source.

    `read` gives an entry as it is committed elsewhere. Raises UsageError or FileFailure.
    """
    named, excluded = bool(args.entries), place.settings.scan.links.exclude
    found, left = [], 0
    for path in chosen_paths(args, place, [path for path, _ in files.listed(place.root)]):
        data = read(path)
        source = files.read_entry(place.root, path)
        entry = entry_from(source) if data is None else entry_of(path, data)
        one = Subject(entry, args.url or "")
        if args.stale is not None and not _is_stale(args, one):
            continue
        follows = not one.obstacle and one.is_of_today and not one.excluded(excluded)
        if not named and entry.is_readable and not follows:
            left += 1
            continue
        found.append(one)
    return found, left


def _is_stale(args: Namespace, one: Subject) -> bool:
    return one.archived is None or now(args).date() - one.archived > timedelta(days=args.stale)


def captures(args: Namespace, place: Workspace, where: Opened) -> Captures:
    """What becomes of the entries that the command line names. Raises FileFailure or
    EnvironmentFailure.
    """
    chosen, left = subjects(args, place, where.read)
    settings, progress = place.settings, args.console.progress
    if args.pending:
        found = [one for one in chosen if lacks_memento(one)]
        hops = {one.entry.path: hops_of(one, place.root) for one in found}
        run = mementos(args, place, where)
        results = run.run(found, hops)
        is_lost = run.is_silent and all(one.outcome is not Outcome.RECORDED for one in results)
        return Captures(tuple(results), args.dry_run, trouble=OUT if is_lost else "")
    act = Snapshots(
        *(settings.scan, settings.snapshot, place.schemas, manner_of(args, place)),
        *(where.keeping, where.lately, accepted(args), clock_of(args)),
        lambda done, total: progress(done, total, "entries"),
        *(where.obstacle, lambda one: captured(one, place.root, where.read)),
    )
    if args.re_extract:
        known = [one for one in chosen if args.entries or has_evidence(one.entry.id, place.root)]
        left += len(chosen) - len(known)
        return Captures(tuple(act.rebuild(known, place.root)), args.dry_run, left)
    asks = act.manner.wayback and where.keeping is not None
    completing = mementos(args, place, where) if asks else None
    results = act.take(chosen, *saved_page(args)) if args.from_file else act.run(chosen)
    if completing:
        results = completing.complete(results)
    return Captures(tuple(results), args.dry_run, left)


def mementos(args: Namespace, place: Workspace, where: Opened) -> Mementos:
    """What completes entries by the Wayback Machine's copies. Raises UsageError for bad keys."""
    settings, progress = place.settings.scan, args.console.progress

    def entry_at(path: str) -> Entry:
        data = where.read(path)
        return (
            entry_from(files.read_entry(place.root, path)) if data is None else entry_of(path, data)
        )

    return Mementos(
        *(settings, place.schemas, where.keeping, entry_at, now(args)),
        PendingCaptures(where.memory),
        keys_for(settings.wayback.url, os.environ),
        lambda done, total: progress(done, total, "Wayback snapshots"),
    )


def saved_page(args: Namespace) -> tuple[bytes, str]:
    """The bytes of the file that `--from-file` names, and what they are by its name.

    Raises FileFailure.
    """
    try:
        if args.from_file == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            found = files.read_bounded(here(args) / args.from_file, MAX_BYTES)
            data = b"\0" * (MAX_BYTES + 1) if found is None else found
    except OSError as error:
        raise FileFailure(f"cannot read {args.from_file}: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise FileFailure(f"{args.from_file} is larger than {MAX_BYTES >> 20} MiB")
    stem, dot, ending = args.from_file.rpartition(".")
    return data, _TYPES.get(f".{ending.lower()}", "") if stem and dot else ""
