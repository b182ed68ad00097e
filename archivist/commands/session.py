"""What every command needs: where it acts, what time it is, and where its result goes."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archivist import files
from archivist.console import escape
from archivist.errors import FileFailure, NoRepository, UsageError
from archivist.workspace import Workspace, find_root

if TYPE_CHECKING:
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

    What is lacking of it is said. Raises UsageError where there is no archive, NoRepository.
    """
    folder = here(args)
    history = _history(args, folder if is_bare(folder) else workspace(args).root)
    _ = history.extent  # raises, and notes
    return history


def states_of(args: Namespace, *names: str) -> States:
    """The states that the archive around that folder knows, or a bare repository.

    What is lacking of its history is said, and which texts cannot be read. If these names are all
    that will be asked for, and all of them files, there need be no archive. Raises UsageError.
    """
    from archivist.states import States

    folder = here(args)
    place: Workspace | None = None
    states = States(None, folder, _history(args, folder))
    are_files = names and all(map(states.is_file, names))
    try:
        place = None if is_bare(folder) else workspace(args)
    except UsageError:
        if not are_files:
            raise
    if place:
        states = States(place, folder, _history(args, place.root))
    if not are_files:
        with suppress(NoRepository):
            _ = states.history.extent
    return states


def _history(args: Namespace, root: Path) -> History:
    from archivist.versions import History

    return History(root, tell=lambda line: args.console.note(f"note: {line}"))


def is_bare(folder: Path) -> bool:
    """True for the folder of a bare repository."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir()


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
