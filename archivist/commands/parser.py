"""How command lines are read: the options that every command knows, errors with a suggestion."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import NoReturn

from archivist.errors import UsageError


class CommandParser(argparse.ArgumentParser):
    """An ArgumentParser whose mistakes are UsageErrors and whose help keeps its examples' lines."""

    def __init__(self, **settings: object) -> None:
        settings.setdefault("formatter_class", HelpFormatter)
        settings.setdefault("allow_abbrev", False)
        super().__init__(**settings)  # type: ignore[arg-type]  # what argparse takes, passed on
        self._positionals.title = "arguments"

    def error(self, message: str) -> NoReturn:
        """A mistake on the command line ends with exit code 2 and a suggestion."""
        raise UsageError(message, self._suggest(message) or f"see {self.prog} --help")

    def _suggest(self, message: str) -> str | None:
        _, found, wrong = message.partition("unrecognized arguments: ")
        if not found:
            return None
        if not wrong.startswith("-"):
            return "a name of several words stands in quotes"
        from archivist.names import nearest

        options = [option for option in self._option_string_actions if option.startswith("--")]
        close = nearest(wrong.split()[0].partition("=")[0], options)
        return f"did you mean `{close}`?" if close else None


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Help in the same words on every Python: `-f, --format FORMAT`, 80 columns."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=80)

    def add_text(self, text: str | None) -> None:
        """A paragraph, filled; text of several lines stays as it is."""
        filled = text and "\n" not in text and self._split_lines(text, 78)
        super().add_text("\n".join(filled) if filled else text)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if not action.option_strings or action.nargs == 0:
            return ", ".join(action.option_strings) or super()._format_action_invocation(action)
        value = self._format_args(action, self._get_default_metavar_for_optional(action))
        return f"{', '.join(action.option_strings)} {value}"


def add_globals(parser: argparse.ArgumentParser) -> None:
    """Add the options that stand before or after any command."""
    group = parser.add_argument_group("options of every command")
    missing = argparse.SUPPRESS
    group.add_argument("-C", dest="directory", metavar="DIR", default=missing, help="act in DIR")
    group.add_argument("--config", metavar="FILE", default=missing, help="read settings from FILE")
    group.add_argument(
        "-q", "--quiet", action="store_true", default=missing, help="say nothing but results"
    )
    group.add_argument(
        "-v", "--verbose", action="store_true", default=missing, help="say more about the work"
    )
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default=missing,
        help="colour the output (default: auto)",
    )
    group.add_argument(
        "--now", metavar="TIME", default=missing, help="act as if it were TIME (RFC 3339)"
    )
    group.add_argument("--no-progress", action="store_true", default=missing, help="show no bars")


def add_output(parser: argparse.ArgumentParser, formats: Iterable[str]) -> None:
    """Add `-f/--format` and `-o/--output`."""
    parser.add_argument(
        "-f", "--format", choices=list(formats), default="text", help="output (default: text)"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", default="-", help="write to FILE instead of stdout"
    )


def add_dry_run(parser: argparse.ArgumentParser, what: str) -> None:
    """Add `-n/--dry-run`."""
    parser.add_argument("-n", "--dry-run", action="store_true", help=what)
