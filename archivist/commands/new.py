"""`archivist new`: add an entry."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from archivist import files
from archivist.addresses import problem
from archivist.checking import policy_of
from archivist.commands.parser import add_dry_run
from archivist.commands.questions import ask_about
from archivist.commands.rendering import render
from archivist.commands.session import here, now, workspace
from archivist.dates import PolicyDate, style
from archivist.drafts import keep_draft
from archivist.entry import Entry
from archivist.errors import FileFailure, UsageError
from archivist.inspection import FolderSource, broken_by, judge
from archivist.names import nearest, slug, years
from archivist.scaffold import entry_path, entry_text
from archivist.workspace import Workspace, bytes_of, entry_of

USAGE = "TITLE [--from-url URL | --text FILE]"
DESCRIPTION = (
    "Add an entry: a policy with its text, or with `--layout source` a stub for one that others "
    "credit. With `--from-url` the text is captured, and committed with its evidence. On a "
    "terminal and without a title, everything is asked for. Nothing is written unless it passes "
    "the check."
)
EXAMPLES = """\
  archivist new "Lantern Conf 2019" --text conduct.txt
  archivist new --layout source "Harbour Guild" --url https://harbour.example/
  archivist new "Quay Society" --text - --dry-run
"""
_OPTIONAL = ("status", "language", "licence")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("title", nargs="?", metavar="TITLE", help="name of the conference or organization")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--conference", action="store_true", help="a conference (with a year: default)"
    )
    kind.add_argument("--organization", action="store_true", help="an organization")
    add("--layout", default="coc", help="coc, policy, source, or one of schema/ (default: coc)")
    add("--url", default="", help="where the text was published")
    add("--text", metavar="FILE", help="the policy's plain text; - reads stdin")
    add("--from-url", metavar="URL", help="capture the text from where it is published")
    add("--accept", metavar="NAMES", action="append", default=[], help="accept objections by name")
    add("--no-commit", action="store_true", help="with --from-url: write the files only")
    add("--announced", metavar="DATE", default="", help="when it was published, if known")
    add("--archived", metavar="DATE", default="", help="when the text was taken (default: today)")
    add(
        "--parent",
        metavar="NAME",
        action="append",
        default=[],
        help="a credited parent; repeatable",
    )
    add("--status", default="", help="draft, in force, superseded or withdrawn")
    add("--language", default="", help="BCP 47 tag, such as en")
    add("--licence", default="", help="SPDX identifier, such as CC-BY-4.0")
    add("--id", metavar="ID", help="the file's name without .md (default: from the title)")
    add_dry_run(parser, "print the entry, write nothing")


def run(args: Namespace) -> int:
    """Write the entry, if it passes."""
    _check_usage(args)
    place = workspace(args)
    schema = place.schemas.get(args.layout)
    if schema is None:
        near = nearest(args.layout, place.schemas.layouts, 0.5)
        known = f"there are {', '.join(place.schemas.layouts)}"
        hint = f"did you mean {near}? {known}" if near else known
        raise UsageError(f"there is no layout {args.layout}", hint)
    asked = args.console.is_interactive
    if asked and not args.title:
        ask_about(args)
    if not args.title:
        raise UsageError("a title must be given", 'such as archivist new "Lantern Conf 2019"')
    path = _free_path(args, place)
    if args.from_url:
        from archivist.commands.fromurl import capture

        text = entry_text(_fields(args), args.parent, "", schema.keys)
        return capture(args, place, path, text, lambda entry: _passes(args, place, entry))
    body = _body(args)
    if args.layout != "source" and not body.strip():
        if asked and args.text is None:
            body = args.console.ask_text("Paste the policy's text, then press Enter and Ctrl-D:")
        if not body.strip():
            hint = "--text FILE, or --text - for stdin; --layout source for a stub without text"
            raise UsageError("the policy's text must be given", hint)
    text = entry_text(_fields(args), args.parent, body, schema.keys)
    return _write(args, place, path, text)


def _free_path(args: Namespace, place: Workspace) -> str:
    """Where the entry will be. Raises UsageError or FileFailure if it cannot be there."""
    if args.id and args.id != slug(args.id):
        better = slug(args.id.removesuffix(".md"))
        hint = f"such as {better}" if better else None
        raise UsageError(f"--id {args.id}: an id is lower-case words joined by hyphens", hint)
    path = entry_path(args.title, args.layout, args.id)
    if not path:
        raise UsageError("no id can be made of this title", "give one with --id")
    if (place.root / path).exists():
        raise FileFailure(f"{path} exists already", "edit it, or give another --id")
    return path


def _check_usage(args: Namespace) -> None:
    """Raises UsageError for options that say nothing together."""
    if not args.from_url:
        for name in ("accept", "no_commit"):
            if getattr(args, name):
                raise UsageError(f"--{name.replace('_', '-')} needs --from-url")
        return
    given = ("--text", args.text is not None), ("--url", args.url), ("--archived", args.archived)
    for option, is_given in (*given, ("--layout source", args.layout == "source")):
        if is_given:
            why = "a stub has no text" if "source" in option else "the capture says it"
            raise UsageError(f"{option} and --from-url exclude each other: {why}")
    if wrong := problem(args.from_url):
        raise UsageError(f"--from-url: {args.from_url} {wrong}")
    args.url = args.from_url


def _passes(args: Namespace, place: Workspace, entry: Entry) -> bool:
    """True if an entry that is no file yet passes the check; what there is to say is said."""
    source = FolderSource(place, (entry.path,), entry)
    policy = policy_of(place.settings.check)
    inspection = source.inspect(policy, now(args).date())
    unfixable = tuple(one._replace(fix=None) for one in inspection.found)  # it is no file yet
    report = judge(inspection._replace(found=unfixable), source, policy).report
    broken = broken_by(place, entry, policy, now(args).date())
    broken = tuple(one._replace(fix=None) for one in broken)  # what `new` writes is not these
    report = report._replace(diagnostics=report.diagnostics + broken)
    shown = render("text", report, args.console, to_terminal=True)
    if report.errors:
        args.console.result(shown)
        own = any(one.path == entry.path for one in report.diagnostics)
        why = "it does not pass" if own else "with it, other entries do not pass"
        args.console.error(f"{entry.path} was not written: {why}")
        return False
    if report.diagnostics:
        args.console.note(shown.rstrip())
    return True


def _write(args: Namespace, place: Workspace, path: str, text: str) -> int:
    if not _passes(args, place, entry_of(path, bytes_of(text))):
        if args.console.is_interactive:
            draft = keep_draft(bytes_of(text))
            args.console.note(f"what you typed is in {draft}; mend it and move it to {path}")
        return 1
    if args.dry_run:
        args.console.note(f"would write {path}")
        args.console.result(text)
        return 0
    with files.locked(place.root):
        files.create(place.root / path, bytes_of(text))
    args.console.result(path)
    return 0


def _body(args: Namespace) -> str:
    """The text that was given; blank if none was. Raises FileFailure."""
    if args.text is None:
        return ""
    try:
        if args.text == "-":
            data = sys.stdin.buffer.read(files.MAX_SIZE + 1)
        else:
            with (here(args) / args.text).open("rb") as file:
                data = file.read(files.MAX_SIZE + 1)
    except OSError as error:
        raise FileFailure(f"cannot read {args.text}: {error.strerror}") from error
    if len(data) > files.MAX_SIZE:
        raise FileFailure(f"{args.text} is larger than 1 MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFailure(f"{args.text} is not UTF-8", "save it as UTF-8") from error


def _fields(args: Namespace) -> dict[str, str]:
    today = now(args).date()
    is_conference = args.conference or (years(args.title) and not args.organization)
    fields = {
        "layout": args.layout,
        "conference" if is_conference else "organization": args.title,
        "date announced": style(args.announced) or args.announced,
        "url": args.url,
        **{key: getattr(args, key) for key in _OPTIONAL},
    }
    if args.layout != "source":
        default = PolicyDate(today.year, today.month, today.day).styled()
        fields["date archived"] = style(args.archived) or args.archived or default
    return fields
