"""Which renderer prints a report."""

from __future__ import annotations

from importlib import import_module

from archivist.console import Console
from archivist.report import Report


def render(name: str, report: Report, console: Console, to_terminal: bool) -> str:
    """The report in the format of this name; in colour if it goes to a terminal."""
    if name == "text":
        from archivist.formats import text

        return text.render(
            report,
            color=to_terminal and console.colors_out,
            width=console.width,
            wrap=to_terminal and console.out.isatty(),
        )
    module = import_module(f"archivist.formats.{name}")
    rendered: str = module.render(report)
    return rendered
