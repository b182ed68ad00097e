"""`archivist verify`: prove that text, evidence and history agree."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial

from archivist.commands.naming import names_in_history, title_like
from archivist.commands.parser import add_output
from archivist.commands.session import deliver, workspace
from archivist.errors import NO_ANSWER, UsageError

USAGE = "[ENTRY …]"
DESCRIPTION = (
    "Prove from the repository alone that every version that was captured is what its commit says: "
    "its text and its evidence have their digests, the text is what the extractor makes of the "
    "evidence, the front matter and the commit agree, and no object is broken. Without ENTRY (an "
    "id, a file, a folder or a title), all entries are proved."
)
EXAMPLES = """\
  archivist verify
  archivist verify lantern-conf-2019 --format json
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("entries", nargs="*", metavar="ENTRY", help="ids, files, folders or titles")
    add("--remote", action="store_true", help="ask the Wayback Machine for the same texts, too")
    add("--signed", action="store_true", help="demand good signatures (`require_signatures`)")
    add("--no-fsck", action="store_true", help="look at what was captured, at no other object")
    add("--jobs", metavar="N", help="check with so many processes (default: as many as pay)")
    add_output(parser, ("text", "json"))


def run(args: Namespace) -> int:
    """Prove and report; 1 if something does not agree, 2 if something could not be asked."""
    import gc

    from archivist.verifying.act import Proof
    from archivist.verifying.report import as_json, as_text

    gc.enable()
    jobs = _jobs(args.jobs)
    place = workspace(args)
    settings, show = place.settings, args.console.progress
    witnesses = None
    if args.remote:
        if not settings.scan.wayback.enabled:
            raise UsageError("the settings switch the Wayback Machine off", "leave --remote out")
        from archivist.verifying.remote import Witnesses

        witnesses = Witnesses(settings.scan, lambda done, total: show(done, total, "mementos"))
    signed = args.signed or settings.verify.require_signatures
    suggest = partial(title_like, place)
    proof = Proof(place.root, signed, not args.no_fsck, witnesses, jobs, suggest)
    report = proof.run(names_in_history(args, place))
    for note in report.notes:
        args.console.note(f"note: {note}")
    colors, width = args.console.colors_out and args.output == "-", args.console.width
    wraps = args.output == "-" and args.console.out.isatty()
    text = as_text(report, color=colors, width=width, named=bool(args.entries), wraps=wraps)
    deliver(args, as_json(report) if args.format == "json" else text)
    if report.is_broken:
        return 1
    if report.trouble:
        args.console.error(f"not everything could be asked: {report.trouble}", "try again later")
        return NO_ANSWER
    return 0


def _jobs(given: str | None) -> int | None:
    """How many processes check; None if that is not said. Raises UsageError."""
    if given is None:
        return None
    if not (given.isascii() and given.isdecimal()) or not 0 < int(given[:4]) <= 256:
        raise UsageError(f"--jobs: {given} is no number between 1 and 256")
    return int(given)
