"""Reports as workflow commands, which GitHub Actions shows as annotations.

GitHub shows ten errors and ten warnings a step; errors come first, and a notice says what is not
shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from archivist.console import escape_lines
from archivist.diagnostic import Diagnostic, Severity
from archivist.report import Report
from archivist.rules import RULES

_SHOWN = 10
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


class Named(Protocol):
    """What has a name: a rule of entries or of links."""

    @property
    def name(self) -> str:
        """Its name."""


def render(report: Report, rules: Mapping[str, Named] = RULES) -> str:
    """One command a line, errors first; `rules` tells the names of the codes."""
    ordered = sorted(report.diagnostics, key=lambda one: one.severity is not Severity.ERROR)
    lines = [_command(one, rules[one.code].name) for one in ordered]
    hidden = max(report.errors - _SHOWN, 0) + max(report.warnings - _SHOWN, 0)
    if hidden:
        lines.append(f"::notice::{hidden} more findings are in the log of this step")
    return "".join(f"{line}\n" for line in lines)


def _command(one: Diagnostic, name: str) -> str:
    title = f"{one.code} {name}"
    properties = {
        "file": one.path,
        "line": one.line,
        "endLine": one.end_line,
        "col": one.column,
        "endColumn": one.end_column,
        "title": title,
    }
    written = ",".join(
        f"{key}={escape_lines(str(value)).translate(_PROPERTY)}"
        for key, value in properties.items()
    )
    message = f"{one.message} — {one.hint}" if one.hint else one.message
    return f"::{one.severity.value} {written}::{escape_lines(message).translate(_DATA)}"
