"""What every command needs: where it acts, what time it is, and where its result goes."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archivist import files
from archivist.console import escape
from archivist.errors import UsageError
from archivist.workspace import Workspace, find_root

if TYPE_CHECKING:
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

    What is missing of it is said. Raises UsageError where there is none.
    """
    from archivist.versions import History

    folder = here(args)
    bare = (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    history = History(folder if bare else workspace(args).root)
    if history.extent.is_shallow:
        history.notes.append(
            "this clone is shallow: its history starts where it was cut off; "
            "`git fetch --unshallow` brings the rest"
        )
    if history.extent.is_partial:
        history.notes.append(
            "this clone is partial: texts that were not fetched cannot be read; "
            "`git fetch --refetch --no-filter` brings them"
        )
    for note in history.notes:
        args.console.note(f"note: {note}")
    return history


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


def deliver(args: Namespace, text: str) -> None:
    """Print a result, or write it to the file that `--output` names. Raises FileFailure."""
    if args.output == "-":
        args.console.result(text)
    else:
        files.write(here(args) / args.output, text.encode("utf-8", "backslashreplace"))
        args.console.note(f"wrote {escape(args.output)}")


def codes(given: str | None) -> list[str]:
    """A comma-separated list of codes."""
    return [code.strip() for code in (given or "").split(",") if code.strip()]
