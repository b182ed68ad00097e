"""`archivist new --from-url`: an entry whose text is captured, in one commit with its evidence."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

from archivist import files
from archivist.captures import Captures, Result
from archivist.capturing.recording import record
from archivist.commands.session import now
from archivist.commands.snapshotting import accepted, clock_of
from archivist.dates import style
from archivist.entry import Entry
from archivist.formats import snapshottext
from archivist.repository.process import Repository
from archivist.repository.recording import Recorder
from archivist.repository.standing import standing
from archivist.snapshot.act import Snapshots
from archivist.snapshot.keeping import evidence_beside
from archivist.snapshot.subject import Subject
from archivist.snapshot.writing import Manner, Written
from archivist.workspace import Workspace

# What `snapshot` has, and what stands for it here.
_OPTIONS = (
    ("save it when its text is there, and give it with --from-file", "give its text with --text"),
    ("save it, and give it with --from-file", "give its text with --text"),
    ("give it with --from-file", "give it with --text"),
    ("--url", "--from-url"),
    ("give a `content selector`", "give its text with --text"),
)


@dataclass
class Drafts:
    """Keeps new versions in memory, until they have passed the check."""

    found: list[Written] = field(default_factory=list)

    def keep(self, before: Entry, written: Written) -> str:  # noqa: ARG002 -- it was blank
        """Keep it."""
        self.found.append(written)
        return ""


def capture(
    args: Namespace, place: Workspace, path: str, text: str, passes: Callable[[Entry], bool]
) -> int:
    """Capture the text of a new entry, given its file without one; write and commit it, if it
    passes. 1 if it was refused, failed or does not pass. Raises GitFailure, EnvironmentFailure or
    FileFailure.
    """
    repository = Repository(place.root)
    if args.dry_run or args.no_commit:
        recording: Recorder | nullcontext[None] = nullcontext()
    else:
        recording = Recorder(standing(repository))
    with recording as recorder:
        written = _captured(args, place, Entry(path, text))
        if written is None or not passes(written.entry):
            return 1
        if args.dry_run:
            args.console.note(f"would write {path}")
            args.console.result(written.entry.text)
        elif recorder is None:
            with evidence_beside(place.root, written):
                for name, data in written.version.files.items():
                    files.create(place.root / name, data or b"")
            args.console.result(path)
        else:
            when = now(args) if getattr(args, "now", None) else None
            with evidence_beside(place.root, written):
                rev = record(recorder, written.version, written=when, committed=when)
            args.console.result(f"{path}  {rev[:10]}")
    return 0


def _for_new(one: Result) -> Result:
    """A result whose hints name what `new` has."""
    objections = tuple(found._replace(hint=_hint(found.hint)) for found in one.objections)
    return replace(one, hint=_hint(one.hint), objections=objections)


def _hint(hint: str) -> str:
    for option, other in _OPTIONS:
        hint = hint.replace(option, other)
    return hint


def _captured(args: Namespace, place: Workspace, entry: Entry) -> Written | None:
    """The first version of an entry; None, said why, if there is none."""
    settings = place.settings
    manner = Manner(
        now(args),
        settings.snapshot.evidence,
        style(args.announced) or "" if args.announced else "",
        f"Add {entry.title or entry.id}",
        settings.scan.wayback.enabled,
    )
    drafts = Drafts()
    act = Snapshots(
        *(settings.scan, settings.snapshot, place.schemas, manner, drafts),
        accepted=accepted(args),
        clock=clock_of(args),
        progress=lambda done, total: args.console.progress(done, total, "page"),
    )
    results = act.run([Subject(entry)])
    if drafts.found:
        return drafts.found[0]
    console = args.console
    shown = snapshottext.render(
        Captures(tuple(map(_for_new, results))), color=console.colors_out, width=console.width
    )
    console.result(shown)
    console.error(f"{entry.path} was not written")
    return None
