"""The edge: the table of commands, and exceptions → exit codes."""

from __future__ import annotations

import gc
import sys
from argparse import Namespace
from importlib import import_module

from archivist import __version__
from archivist.commands.parser import CommandParser, add_globals
from archivist.console import INTERRUPTED as INTERRUPTED_MESSAGE
from archivist.console import Console
from archivist.errors import INTERRUPTED, NO_ANSWER, ArchivistError, UsageError

# name → (module in archivist.commands, summary). Modules are imported when their command runs.
COMMANDS = {
    "init": ("init", "begin an archive"),
    "new": ("new", "add an entry"),
    "import": ("import_", "bring another archive in, with its history"),
    "check": ("check", "validate entries, and mend them"),
    "history": ("history", "the timeline of versions"),
    "show": ("show", "one version of an entry, now or on a given day"),
    "search": ("search", "full text over entries, and over all versions"),
    "diff": ("diff", "what differs between two texts, in words"),
    "blame": ("blame", "when each sentence came in, and from where"),
    "export": ("export", "the archive with its history as SQLite or JSON Lines"),
    "rule": ("rule", "list or explain the rules"),
    "snapshot": ("snapshot", "look at sources now, and keep new versions"),
    "links": ("links", "check source URLs and Wayback snapshots"),
    "backfill": ("backfill", "recover earlier versions from the Wayback Machine"),
    "verify": ("verify", "prove that text, evidence and history agree"),
}

_EXAMPLES = """\
examples:
  archivist init my-archive
  archivist check
  archivist rule D301
"""


def main(argv: list[str] | None = None) -> int:
    """Run a command line; returns its exit code: 0, 1 (findings), 2 (no answer), 130."""
    gc.disable()  # a short life: hundreds of thousands of values and hardly a cycle
    console = Console()
    try:
        return _run(sys.argv[1:] if argv is None else argv)
    except ArchivistError as error:
        console.error(error.message, error.hint, error.said)
        return NO_ANSWER
    except KeyboardInterrupt:
        console.error(INTERRUPTED_MESSAGE)
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_gone()
    except OSError as error:
        console.error(_os_message(error))
        return NO_ANSWER
    except Exception as error:  # whatever it is: exit code 1 means findings
        return _own_mistake(console, error)
    finally:
        gc.freeze()  # at the exit Python looks for cycles once more: what for?


def top_parser() -> CommandParser:
    """The parser of what stands before the command."""
    width = max(map(len, COMMANDS)) + 2
    table = "\n".join(f"  {name:{width}}{summary}" for name, (_, summary) in COMMANDS.items())
    parser = CommandParser(
        prog="archivist",
        usage="archivist [options] COMMAND …",
        description="Maintain and validate a Git archive of policies.",
        epilog=f"commands:\n{table}\n\n{_EXAMPLES}",
    )
    add_globals(parser)
    parser.add_argument("--version", action="version", version=f"archivist {__version__}")
    parser.add_argument("command", nargs="?", help=_hidden())
    parser.add_argument("rest", nargs="...", help=_hidden())
    return parser


def command_parser(name: str) -> CommandParser:
    """The parser of one command. Raises UsageError for a command that does not exist."""
    if name not in COMMANDS:
        from archivist.names import nearest

        close = None if name == "help" else nearest(name, COMMANDS, 0.6)
        hint = f"did you mean `archivist {close}`?" if close else "archivist --help lists them"
        raise UsageError(f"there is no command `{name}`", hint)
    module = import_module(f"archivist.commands.{COMMANDS[name][0]}")
    parser = CommandParser(
        prog=f"archivist {name}",
        usage=f"archivist {name} [options] {module.USAGE}",
        description=module.DESCRIPTION,
        epilog=f"examples:\n{module.EXAMPLES}",
    )
    module.add_arguments(parser)
    add_globals(parser)
    parser.set_defaults(run=module.run)
    return parser


def _run(argv: list[str]) -> int:
    args, rest = _command(argv)
    if not args.command:
        top_parser().print_help()
        return 0
    args = command_parser(args.command).parse_args(rest, args)
    args.console = Console(
        getattr(args, "color", "auto"),
        quiet=getattr(args, "quiet", False),
        verbose=getattr(args, "verbose", False),
    )
    args.console.shows_progress = not getattr(args, "no_progress", False)
    code: int = args.run(args)
    args.console.finish()
    return code


def _command(argv: list[str]) -> tuple[Namespace, list[str]]:
    """The command, with the options before it, and what stands behind it."""
    if argv and argv[0] in COMMANDS:  # as usual: that needs no parser
        return Namespace(command=argv[0]), argv[1:]
    names = argv[argv.index("--") :] if "--" in argv else []  # which argparse would lose here
    args = top_parser().parse_args(argv[: len(argv) - len(names)])
    return args, [*args.rest, *names]


def _hidden() -> str:
    from argparse import SUPPRESS

    return SUPPRESS


def _reader_gone() -> int:
    """The reader of what is said went away: say nothing more, not even at exit."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return NO_ANSWER


def _own_mistake(console: Console, error: Exception) -> int:
    import traceback

    console.note("".join(traceback.format_exception(error)).rstrip())
    console.error(f"archivist itself made a mistake: {error!r}", "please report it, with the above")
    return NO_ANSWER


def _os_message(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}"
