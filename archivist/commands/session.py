"""What every command needs: where it acts, what time it is, and where its result goes."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archivist import files
from archivist.console import escape
from archivist.errors import FileFailure, UsageError
from archivist.workspace import Workspace, find_root

if TYPE_CHECKING:
    from archivist.repository.timeline import Cut
    from archivist.states import States
    from archivist.versions import History


def here(args: Namespace) -> Path:
    """The folder that the command acts in: `-C`, or the current one. Raises UsageError."""
    folder = Path(getattr(args, "directory", None) or ".").absolute()
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}")
    return folder


def workspace(args: Namespace) -> Workspace:
    """The archive around that folder. Raises UsageError if there is none."""
    config = getattr(args, "config", None)
    return Workspace(find_root(here(args)), Path(config).absolute() if config else None)


def history_of(args: Namespace) -> History:
    """The history of the archive around that folder, or of a bare repository.

    What is missing of it is said. Raises UsageError where there is no archive, NoRepository.
    """
    from archivist.versions import History

    folder = here(args)
    history = History(folder if is_bare(folder) else workspace(args).root)
    history.notes += _missing(history)
    say_notes(args, history)
    return history


def say_notes(args: Namespace, history: History, begin: int = 0) -> None:
    """Say what has been noted of a history, from the note of this number on."""
    for note in history.notes[begin:]:
        args.console.note(f"note: {note}")


def states_of(args: Namespace, *names: str) -> States:
    """The states that the archive around that folder knows, or a bare repository.

    What is missing of its history is said, and which texts cannot be read. If these names are all
    that will be asked for, and all of them files, there need be no archive. Raises UsageError.
    """
    from archivist.states import States
    from archivist.versions import History

    folder = here(args)

    def tell(text: str) -> None:
        args.console.note(f"note: {text}")

    files_only = States(None, folder, History(folder), tell)
    try:
        place = None if is_bare(folder) else workspace(args)
    except UsageError:
        if names and all(map(files_only.is_file, names)):
            return files_only
        raise
    states = States(place, folder, History(place.root if place else folder), tell)
    if states.history.repository.exists:
        for note in _missing(states.history):
            states.tell(note)
    return states


def is_bare(folder: Path) -> bool:
    """True for the folder of a bare repository."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir()


def _missing(history: History) -> list[str]:
    """What this clone lacks of the history."""
    notes = []
    if history.cut:
        notes.append(cut_off(history.cut))
    if history.extent.is_partial:
        notes.append(
            "this clone is partial: texts that were not fetched cannot be read; "
            "`git fetch --refetch --no-filter` brings them"
        )
    return notes


def cut_off(cut: Cut) -> str:
    """Since when a shallow clone knows the history."""
    from archivist.versions.version import moment

    day = (moment(cut.committed) or "a day of no calendar")[:10]
    return (
        f"this clone is shallow: history starts at {day} ({cut.rev[:8]}), and what was there "
        "before counts as added then; run `git fetch --unshallow`"
    )


def now(args: Namespace) -> datetime:
    """The time, in UTC; `--now` overrides the clock. Raises UsageError."""
    given = getattr(args, "now", None)
    if given is None:
        return datetime.now(UTC)
    try:
        time = datetime.fromisoformat(given)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--now: {given} is no time", "such as 2026-01-31T12:00:00Z") from error


def check_output(args: Namespace) -> None:
    """See that a result can be written where `--output` says, before there is one.

    Raises FileFailure.
    """
    if args.output == "-":
        return
    path = here(args) / args.output
    if path.is_dir():
        raise FileFailure(f"cannot write {args.output}: it is a folder", "name a file in it")
    if not path.parent.is_dir():
        raise FileFailure(f"cannot write {args.output}: there is no folder {path.parent.name}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise FileFailure(f"cannot write {args.output}: permission denied")


def deliver(args: Namespace, text: str) -> None:
    """Print a result, or write it to the file that `--output` names. Raises FileFailure."""
    if args.output == "-":
        args.console.result(text)
    else:
        files.write(here(args) / args.output, text.encode("utf-8", "backslashreplace"))
        args.console.note(f"wrote {escape(args.output)}")


def deliver_parts(args: Namespace, parts: Iterable[str]) -> None:
    """The same for a result that is too long to be held as a whole. Raises FileFailure."""
    if args.output == "-":
        for part in parts:
            args.console.part(part)
            if not args.console.is_read:
                break
        return
    path = here(args) / args.output
    place = nullcontext(path) if path.exists() and not path.is_file() else files.replacing(path)
    with place as file, open(file, "w", encoding="utf-8", errors="backslashreplace") as out:
        out.writelines(parts)
    args.console.note(f"wrote {escape(args.output)}")


def codes(given: str | None) -> list[str]:
    """A comma-separated list of codes."""
    return [code.strip() for code in (given or "").split(",") if code.strip()]
