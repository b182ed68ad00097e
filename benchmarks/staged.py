"""One staged file in a large archive: a git repository, and what a commit hook would cost there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.measuring import ToolFailed, Usage, measure, median, progress
from benchmarks.tools import run


@dataclass(frozen=True)
class Staged:
    """What the first run in the repository costs, what later ones do, and a bare start of Python
    with PyYAML for comparison.
    """

    first: Usage
    later: Usage
    slowest: Usage
    bare: Usage


def measure_staged(programs: Path, archive: Path, runs: int, seed: int) -> Staged | str:
    """Commit the archive, then stage one changed entry after the other. A text says what failed."""
    _commit(archive)
    entries = sorted((archive / "entries").glob("*.md"))
    check = (str(programs / "archivist"), "check", "--staged", "--strict")
    bare = (str(programs / "python"), "-c", "import yaml")
    later: list[Usage] = []
    bares: list[Usage] = []
    try:
        _stage(archive, entries[0], 0)
        first = measure(check, archive)
        for number, entry in enumerate(Random(seed).sample(entries, runs), 1):
            progress(f"one staged file: run {number} of {runs}")
            _stage(archive, entry, number)
            later.append(measure(check, archive))
            bares.append(measure(bare, archive))
    except ToolFailed as failure:
        return str(failure)
    slowest = max(later, key=lambda usage: usage.cpu)
    return Staged(first, median(later), slowest, median(bares))


def _commit(archive: Path) -> None:
    progress("committing the archive")
    run("git", "init", "--quiet", "--initial-branch=main", folder=archive)
    run("git", "add", "--all", folder=archive)
    run("git", "commit", "--quiet", "--message", "Add the archive", folder=archive)


def _stage(archive: Path, entry: Path, number: int) -> None:
    """Stage one entry with one more sentence, and nothing else."""
    run("git", "reset", "--quiet", "--hard", folder=archive)
    with entry.open("a", encoding="utf-8", newline="") as file:
        file.write(f"\nWe have mended this text {number} times since.\n")
    run("git", "add", entry, folder=archive)
