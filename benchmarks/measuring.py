"""Running a command and what it cost: whole-process CPU time, wall time, peak memory.

The kernel counts: `wait4` gives the CPU seconds of the process and of all its children that it
waited for, and the largest resident set that any one of them had. A process also inherits the
peak of the one that started it, so the measuring one stays small and leaves making data to others.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# `ru_maxrss` is in KiB on Linux, in bytes on macOS.
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


class ToolFailed(Exception):
    """A tool ended otherwise than it should have: its time says nothing."""


@dataclass(frozen=True)
class Usage:
    """CPU seconds (user and system), wall seconds, peak memory in MB."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True)
class Tool:
    """Commands that together do one job in a folder, and the exit code that each must have."""

    name: str
    folder: Path
    commands: tuple[tuple[str, ...], ...]
    expected: int = 0
    runs: int | None = None  # instead of the usual number
    goal: float | None = None  # how many times archivist's CPU seconds this must at least cost


@dataclass
class Result:
    """What the runs of one tool cost, or why there are none."""

    tool: Tool
    usages: list[Usage] = field(default_factory=list)
    failure: str = ""

    @property
    def median(self) -> Usage:
        return median(self.usages)


def side_by_side(tools: Sequence[Tool], runs: int) -> list[Result]:
    """Each tool so many times, in turns, so that a busy minute is shared by all."""
    results = [Result(tool) for tool in tools]
    for number in range(runs):
        for result in results:
            wanted = runs if result.tool.runs is None else result.tool.runs
            if number >= wanted or result.failure:
                continue
            progress(f"{result.tool.name}: run {number + 1} of {wanted}")
            try:
                result.usages.append(run_tool(result.tool))
            except ToolFailed as failure:
                result.failure = str(failure)
    return results


def run_tool(tool: Tool) -> Usage:
    """One run: the sum of its commands' times, and the largest of their peaks."""
    usages = [measure(command, tool.folder, (tool.expected,)) for command in tool.commands]
    return Usage(
        sum(one.cpu for one in usages),
        sum(one.wall for one in usages),
        max(one.peak for one in usages),
    )


def measure(
    command: Sequence[str],
    folder: Path,
    expected: Sequence[int] = (0,),
    variables: Mapping[str, str] | None = None,
) -> Usage:
    """Run a command to its end, with these variables added to its environment. Raises ToolFailed
    if its exit code is none of those expected.
    """
    with tempfile.TemporaryFile() as complaints:
        started = time.perf_counter()
        child = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            env=environment() | dict(variables or {}),
        )
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        complaints.seek(0)
        said = complaints.read().decode("utf-8", "replace")
    _, crashed, trace = said.partition("Traceback (most recent call last):\n")
    if crashed:
        error = next((line for line in trace.splitlines() if not line.startswith(" ")), "")
        raise ToolFailed(f"crashed: {error[:160]}")
    if child.returncode not in expected:
        last = said.strip().rpartition("\n")[2]
        wanted = " or ".join(map(str, expected))
        raise ToolFailed(f"exit code {child.returncode}, not {wanted}: {last[:160]}")
    cpu = used.ru_utime + used.ru_stime
    return Usage(cpu, wall, used.ru_maxrss * _PEAK_UNIT / 1e6)


def median(usages: Iterable[Usage]) -> Usage:
    """The median of each figure."""
    rows = [(one.cpu, one.wall, one.peak) for one in usages]
    return Usage(*(statistics.median(column) for column in zip(*rows, strict=True)))


def environment() -> dict[str, str]:
    """The environment without what changes how Python, node or git run."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "NODE_", "GIT_", "VIRTUAL_ENV"))
    }
    author = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Bench"), ("EMAIL", "bench@bench.example"))
    }
    return kept | author | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def progress(text: str) -> None:
    """Say on stderr what is going on."""
    print(f"… {text}", file=sys.stderr, flush=True)
