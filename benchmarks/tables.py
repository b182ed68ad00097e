"""The figures as Markdown tables."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Result, Usage
from benchmarks.staged import Staged

_MOST_MEMORY = 300  # MB
_STAGED_GOAL = 4
_HELP_GOAL = 2


def machine(versions: Iterable[str]) -> str:
    """When and where this was measured, and with what."""
    day = datetime.now(UTC).date().isoformat()
    where = f"{_processor()}, {os.cpu_count()} cores, {platform.system()}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"Measured on {day}: {where}; {python}, {', '.join(versions)}.\n"


def full_check(entries: int, results: Sequence[Result]) -> str:
    """One row a tool; the first is archivist's, which the others are compared with."""
    rows = [_full_row(result, results[0]) for result in results]
    head = ("tool", "runs", "CPU s", "wall s", "peak MB", "CPU, archivist = 1", "goal")
    return table(f"Full check, {entries:,} entries", head, rows)


def linear(results: Sequence[tuple[int, Result]]) -> str:
    """CPU time an entry, and how it compares with that of the smallest archive."""
    rows = []
    for size, result in results:
        if result.failure:
            rows.append([f"{size:,}: {result.failure}", *["–"] * 4])
            continue
        usage = result.median
        each = usage.cpu / size
        smallest = results[0][1]
        base = smallest.median.cpu / results[0][0] if smallest.usages else each
        figures = (f"{usage.cpu:.2f}", f"{each * 1e6:.0f}", f"{each / base:.2f}")
        rows.append([f"{size:,}", *figures, f"{usage.peak:.0f}"])
    head = ("entries", "CPU s", "CPU µs an entry", "ratio", "peak MB")
    return table("`archivist check`, as the archive grows", head, rows)


def staged(found: Staged | str) -> str:
    """The first run, and later ones beside the bare start."""
    title = "One staged file"
    if isinstance(found, str):
        return f"### {title}\n\n`archivist check --staged` failed: {found}\n"
    rows = [
        _short_row('`python -c "import yaml"`', found.bare, found.bare, ""),
        _short_row("`archivist check --staged`", found.later, found.bare, f"≤ {_STAGED_GOAL}"),
        _short_row("… the slowest of these runs", found.slowest, found.bare, ""),
        _short_row("… the very first run, which reads all entries", found.first, found.bare, ""),
    ]
    return table(title, ("command", "CPU ms", "wall ms", "ratio", "goal"), rows)


def starts(results: Sequence[Result]) -> str:
    """The start of the command line beside Python's own."""
    if any(result.failure for result in results):
        return "\n".join(result.failure for result in results)
    bare = results[-1].median
    rows = [_short_row(results[-1].tool.name, bare, bare, "")]
    goal = f"≤ {_HELP_GOAL}"
    rows += [_short_row(one.tool.name, one.median, bare, goal) for one in results[:-1]]
    return table("Start", ("command", "CPU ms", "wall ms", "ratio", "goal"), rows)


def _full_row(result: Result, own: Result) -> list[str]:
    tool = result.tool
    if not result.usages:
        return [f"{tool.name}: {result.failure}", "0", *["–"] * 4, ""]
    usage = result.median
    ratio = f"{usage.cpu / own.median.cpu:.2f}" if own.usages else "–"
    goal = f"> {tool.goal:g}" if tool.goal else ""
    goal = f"< {_MOST_MEMORY} MB" if result is own else goal
    figures = (f"{usage.cpu:.2f}", f"{usage.wall:.2f}", f"{usage.peak:.0f}")
    return [tool.name, str(len(result.usages)), *figures, ratio, goal]


def _short_row(name: str, usage: Usage, bare: Usage, goal: str) -> list[str]:
    figures = (f"{usage.cpu * 1e3:.1f}", f"{usage.wall * 1e3:.1f}", f"{usage.cpu / bare.cpu:.2f}")
    return [name, *figures, goal]


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A heading and a table; figures to the right."""
    rule = ["---", *("---:" for _ in head[1:])]
    lines = [f"| {' | '.join(row)} |" for row in (head, rule, *rows)]
    return "\n".join((f"### {title}", "", *lines, ""))


def _processor() -> str:
    """The processor's name, as far as the system tells."""
    about = Path("/proc/cpuinfo")
    if about.exists():
        for line in about.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
