"""Run both, and print a table.

python -m benchmarks.snapshot --pages 100 --runs 3
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measuring import Usage, environment, measure, median, progress
from benchmarks.snapshot import engine, made
from benchmarks.tables import machine, table

_GIT = '#!/bin/sh\necho call >> "{log}"\nexec {git} "$@"\n'


@dataclass
class Row:
    """A tool's runs in one state of its archive."""

    tool: str
    state: str
    usages: list[Usage] = field(default_factory=list)
    calls: int = 0

    @property
    def cells(self) -> list[str]:
        used = median(self.usages)
        figures = (f"{used.cpu:.2f}", f"{used.wall:.2f}", f"{used.peak:.0f}", str(self.calls))
        return [f"{self.tool}: {self.state}", str(len(self.usages)), *figures]


@dataclass(frozen=True)
class Bench:
    """The folders, the pages' port, how often each is run."""

    work: Path
    policies: list[made.Policy]
    port: int
    runs: int

    def archivist(self, program: Path, *, with_text: bool) -> Iterator[Row]:
        """Archivist's first run and a second one, over entries with texts or without any."""
        kind = "altered texts" if with_text else "no texts before"
        original = self.work / f"archive-{with_text}"
        made.archive(original, self.policies, self.port, with_text=with_text)
        command = [str(program), "snapshot", "--all", "--no-progress"]
        yield from self._pair("archivist", kind, original, command, ".")

    def engine(self, script: Path) -> Iterator[Row]:
        """The same of Open Terms Archive, which begins without texts."""
        original = self.work / "collection"
        made.collection(original, self.policies, self.port)
        yield from self._pair(
            "Open Terms Archive",
            "no texts before",
            original,
            ["node", str(script)],
            "data/versions",
        )

    def _pair(
        self, tool: str, kind: str, original: Path, command: list[str], history: str
    ) -> Iterator[Row]:
        """Two runs of one tool; `history` is the repository to which it commits the versions."""
        first, later = Row(tool, f"first run, {kind}"), Row(tool, f"unchanged, after {kind}")
        for number in range(self.runs + 1):  # one more to count the processes of git
            progress(f"{tool}, {kind}: run {number + 1} of {self.runs + 1}")
            folder = self.work / "run"
            shutil.copytree(original, folder)
            for row in (first, later):
                if number < self.runs:
                    row.usages.append(measure(command, folder))
                else:
                    row.calls = self._calls(command, folder)
                self._check(folder / history)
            shutil.rmtree(folder)
        yield first
        yield later

    def _check(self, repository: Path) -> None:
        """Raises SystemExit unless there is a version of each policy, and one only."""
        command = ["git", "rev-list", "--count", "HEAD"]
        done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
        if int(done.stdout) - len(self.policies) not in (0, 1):  # one begins the archive
            raise SystemExit(f"{done.stdout.strip()} commits of {len(self.policies)} policies")

    def _calls(self, command: list[str], folder: Path) -> int:
        """How many processes of git a run starts."""
        log = self.work / "calls"
        log.write_text("")
        path = f"{self.work / 'bin'}{os.pathsep}{os.environ['PATH']}"
        measure(command, folder, variables={"PATH": path})
        return len(log.read_text().splitlines())


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """A server of these pages; its port."""
    command = [sys.executable, "-m", "benchmarks.snapshot.serving", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def main() -> None:
    """Make the pages, run everything, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.snapshot")
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("archivist", "engine"), help="measure one of them alone")
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "archivist-bench"
    )
    program = Path(sys.executable).with_name("archivist")
    parser.add_argument("--archivist", type=Path, default=program, metavar="PROGRAM")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-snapshot-") as name:
        rows, versions = _rows(args, Path(name))
    git = subprocess.run(["git", "version"], capture_output=True, text=True, check=True)
    print(machine([*versions, git.stdout.strip()]))
    head = ("command", "runs", "CPU s", "wall s", "peak MB", "git processes")
    print(table(f"{args.pages} local pages", head, [row.cells for row in rows]))


def _rows(args: argparse.Namespace, work: Path) -> tuple[list[Row], list[str]]:
    policies = made.policies(args.pages, args.seed)
    made.show(work / "pages", policies)
    wrapper = work / "bin/git"
    wrapper.parent.mkdir()
    wrapper.write_text(_GIT.format(git=shutil.which("git"), log=work / "calls"))
    wrapper.chmod(0o755)
    said = [str(args.archivist), "--version"]
    done = subprocess.run(said, capture_output=True, text=True, check=True, env=environment())
    versions = [done.stdout.strip()]
    with served(work / "pages") as port:
        bench = Bench(work, policies, port, args.runs)
        rows: list[Row] = []
        if args.only != "engine":
            rows += bench.archivist(args.archivist, with_text=True)
            rows += bench.archivist(args.archivist, with_text=False)
        left_out = "it was left out"
        found = left_out if args.only == "archivist" else engine.installed(args.cache)
        if isinstance(found, str):
            progress(f"Open Terms Archive: {found}")
        else:
            rows += bench.engine(found[0])
            versions.append(f"{engine.PACKAGE} {found[1]}")
    return rows, versions


if __name__ == "__main__":
    main()
