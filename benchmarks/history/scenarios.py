"""What is measured of histories: each scenario runs its commands in turns and makes a table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.history.made import BLOBS
from benchmarks.measuring import Result, Tool, Usage, measure, median, side_by_side
from benchmarks.tables import table
from benchmarks.tools import ROOT, run, virtualenv

_COMMITS, _ENTRIES, _SIZE = 5000, 150, 50_000
_ENTRY = "guild-7"
_PATH = f"entries/{_ENTRY}.md"
_FORGET = ("rm", "-rf", ".git/archivist")
_LOG = ("git", "log", "--first-parent")
_SOME = 10  # entries that git-history reads; it takes a process for each
_HEAD = ("command", "CPU s", "wall s", "peak MB", "ratio", "goal")


@dataclass(frozen=True)
class Place:
    """Where made archives are kept, and the programs of the archivist that is measured."""

    cache: Path
    programs: Path

    def archive(self, commits: int = _COMMITS, entries: int = _ENTRIES, size: int = _SIZE) -> Path:
        """The archive of these numbers, made if it is not there."""
        folder = self.cache / "histories" / f"{commits}-{entries}-{size}"
        if not (folder / ".git" / BLOBS).exists():
            numbers = ("--commits", commits, "--entries", entries, "--size", size)
            words = [str(one) for one in numbers]
            run(sys.executable, "-m", "benchmarks.history.made", folder, *words, folder=ROOT)
        return folder

    def history(self, name: str, folder: Path, *arguments: str) -> Tool:
        """`archivist history` without any memory of earlier runs."""
        command = (str(self.programs / "archivist"), "history", *arguments)
        return Tool(name, folder, (_FORGET, command))


def whole(place: Place, runs: int) -> str:
    """All versions of all entries, beside what git does of it."""
    folder = place.archive()
    batch = ("sh", "-c", f"git cat-file --batch --buffer < .git/{BLOBS}")
    words = Tool("git log -M -p --word-diff=porcelain", folder, ((*_LOG, *_PATCH),))
    bare = Tool("git log --raw -M, git cat-file --batch", folder, ((*_LOG, "--raw", "-M"), batch))
    full = place.history("archivist history -f jsonl", folder, "-f", "jsonl")
    lines = place.history("archivist history --verify", folder, "--verify")
    found = side_by_side([words, bare, full, lines], runs)
    rows = [
        _row(found[0], found[0], ""),
        _row(found[1], found[1], ""),
        _row(found[2], found[0], "≤ 1.5 of the word diff"),
        _row(found[3], found[1], "without texts: ≤ 2 of the bare pass"),
    ]
    return table(f"All versions: {_COMMITS:,} commits, {_ENTRIES} entries, 250 MB", _HEAD, rows)


_PATCH = ("-M", "-p", "--word-diff=porcelain")


def entry(place: Place, runs: int) -> str:
    """The versions of one entry, beside git's log of its path."""
    folder = place.archive()
    program = str(place.programs / "archivist")
    bare = Tool(f"git log --raw -- {_PATH}", folder, (("git", "log", "--raw", "--", _PATH),))
    cold = place.history(f"archivist history {_ENTRY}, no index", folder, _ENTRY)
    found = side_by_side([bare, cold], runs)
    measure((program, "history"), folder)
    found += side_by_side(
        [Tool(f"archivist history {_ENTRY}, index", folder, ((program, "history", _ENTRY),))], runs
    )
    start = Tool("archivist history --help", folder, ((program, "history", "--help"),))
    found += side_by_side([start], runs)
    goals = ("", "≤ 2", "", "the start alone")
    rows = [_row(one, found[0], goal) for one, goal in zip(found, goals, strict=True)]
    return table("One entry", _HEAD, rows)


def second(place: Place, runs: int) -> str:
    """A run without an index, and one with it after one more commit."""
    rows = []
    for commits in (_COMMITS, 4 * _COMMITS):
        folder = place.archive(commits)
        for form in ("text", "jsonl"):
            first, later = _twice(place, folder, form, runs)
            name = f"{commits:,} commits, -f {form}"
            rows.append(_line(f"{name}: first run", first, first, ""))
            rows.append(_line(f"{name}: after one more commit", later, first, "< 0.1"))
    return table("A second run", _HEAD, rows)


def _twice(place: Place, folder: Path, form: str, runs: int) -> tuple[Usage, Usage]:
    command = (str(place.programs / "archivist"), "history", "-f", form)
    path = folder / _PATH
    text = path.read_bytes()
    first, later = [], []
    for number in range(runs):
        run(*_FORGET, folder=folder)
        first.append(measure(command, folder))
        path.write_bytes(text + b"\nOne more sentence, of run %d.\n" % number)
        run("git", "commit", "-q", "-a", "-m", "One more", folder=folder)
        later.append(measure(command, folder))
        run("git", "reset", "-q", "--hard", "HEAD~1", folder=folder)
    return median(first), median(later)


def growth(place: Place, runs: int) -> str:
    """Texts of 5,000 characters, from 5,000 to 50,000 commits."""
    rows = []
    base: float | None = None
    for commits in (5000, 20_000, 50_000):
        folder = place.archive(commits, 500, 5000)
        tool = place.history("history", folder, "-f", "jsonl")
        (found,) = side_by_side([tool], min(runs, 3))
        usage = found.median
        each = usage.cpu / commits
        base = base or each
        figures = (
            f"{usage.cpu:.2f}",
            f"{usage.peak:.0f}",
            f"{each * 1e6:.0f}",
            f"{each / base:.2f}",
        )
        rows.append((f"{commits:,}", *figures))
    head = ("commits", "CPU s", "peak MB", "CPU µs a commit", "ratio")
    return table("As the history grows: 500 entries of 5 kB", head, rows)


def others(place: Place, runs: int) -> str:
    """git-history and GitPython, for the answers that they can give."""
    folder = place.archive()
    paths = [f"entries/guild-{number}.md" for number in range(_ENTRIES)]
    python = str(virtualenv(place.cache / "gitpython", "GitPython") / "python")
    script = str(Path(__file__).parent / "others.py")
    program = str(virtualenv(place.cache / "git-history", "git-history") / "git-history")
    database = str(place.cache / "git-history.sqlite3")
    commands: list[tuple[str, ...]] = [("rm", "-f", database)]
    convert = '[{"text": content.decode()}]'
    commands += [
        (program, "file", database, path, "--repo", ".", "--convert", convert, "--silent")
        for path in paths[:_SOME]
    ]
    some = paths[:_SOME]
    found = side_by_side(
        [
            place.history("archivist history -f jsonl, all entries", folder, "-f", "jsonl"),
            place.history("archivist history --verify, all entries", folder, "--verify"),
            Tool(f"GitPython, texts, {_SOME} entries", folder, ((python, script, "texts", *some),)),
            Tool(
                f"GitPython, commits, {_SOME} entries",
                folder,
                ((python, script, "commits", *some),),
            ),
            Tool(f"git-history, {_SOME} entries", folder, tuple(commands)),
            place.history(f"archivist history {_ENTRY}", folder, _ENTRY),
            Tool("GitPython, texts, one entry", folder, ((python, script, "texts", _PATH),)),
            Tool("git-history, one entry", folder, tuple(commands[:2])),
        ],
        min(runs, 3),
    )
    all_of_them = _ENTRIES // _SOME
    against = ((0, 1), (1, 1), (0, all_of_them), (1, all_of_them), (0, all_of_them))
    rows = [
        _row(one, found[own], "≥ 20" if number > 1 else "", times)
        for number, (one, (own, times)) in enumerate(zip(found, against, strict=False))
    ]
    rows += [_row(one, found[5], "") for one in found[5:]]
    title = f"Other tools; ratios of {_SOME} entries are of {all_of_them} times as much"
    return table(title, _HEAD, rows)


def _row(one: Result, other: Result, goal: str, times: int = 1) -> Sequence[str]:
    if one.failure or other.failure:
        return (f"{one.tool.name}: {one.failure}", *["–"] * 4, goal)
    return _line(one.tool.name, one.median, other.median, goal, times)


def _line(name: str, usage: Usage, other: Usage, goal: str, times: int = 1) -> Sequence[str]:
    ratio = f"{times * usage.cpu / other.cpu:.2f}"
    return (name, f"{usage.cpu:.2f}", f"{usage.wall:.2f}", f"{usage.peak:.0f}", ratio, goal)
