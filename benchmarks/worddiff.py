"""Measure the word diff beside `git diff --word-diff`, and print the figures as Markdown.

    python -m benchmarks.worddiff
    python -m benchmarks.worddiff --runs 21

Ours is measured within one process, start-up aside; git's is the wall time of its process, and
below it that of `git --version`, its start-up.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from archivist.worddiff import compare
from benchmarks.measuring import environment
from benchmarks.prose import paragraph

_GIT = ("git", "diff", "--no-index", "--no-ext-diff", "--word-diff=porcelain")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worddiff", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--runs", type=int, default=11, metavar="K", help="runs of each")
    parser.add_argument("--seed", type=int, default=20131210)
    args = parser.parse_args()
    compare("one word", "another word")  # imports
    bare = _median(lambda: _run("git", "--version"), args.runs)
    print(f"`git --version` alone: {bare:.1f} ms\n")
    print("| texts | ours ms | git ms | ours : git | ours : git without its start |")
    print("| --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for name, a, b in _pairs(Random(args.seed)):
            ours, git = _both(a, b, Path(folder), args.runs)
            ratios = f"{ours / git:.2f} | {ours / max(git - bare, 0.1):.2f}"
            print(f"| {name} | {ours:.2f} | {git:.1f} | {ratios} |")


def _pairs(random: Random) -> Iterator[tuple[str, str, str]]:
    words = [f"{_syllables(random)}" for _ in range(8000)]
    small, large = _prose(random, 3_000), _prose(random, 100_000)
    yield "3 KB, one word in a hundred replaced", small, _edited(random, small, words, 0.01)
    yield "3 KB, one word in twenty replaced", small, _edited(random, small, words, 0.05)
    yield "100 KB, one word in a hundred replaced", large, _edited(random, large, words, 0.01)
    yield "100 KB, of the same phrases", large, _prose(random, 100_000)
    one, other = _zipf(random, words, 100_000), _zipf(random, words, 100_000)
    yield "100 KB that share only their vocabulary", one, other


def _prose(random: Random, size: int) -> str:
    text = ""
    while len(text) < size:
        text += paragraph(random) + "\n\n"
    return text


def _zipf(random: Random, words: list[str], size: int) -> str:
    """Text in which the frequency of words falls as in a language."""
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    text = ""
    while len(text) < size:
        some = random.choices(words, weights, k=random.randint(40, 120))
        for place in range(12, len(some), random.randint(9, 25)):
            some[place - 1] += "."
        text += " ".join(some).capitalize() + ".\n\n"
    return text


def _syllables(random: Random) -> str:
    return "".join(
        random.choice("bdfglmnprst") + random.choice("aeiou") for _ in range(random.randint(1, 4))
    )


def _edited(random: Random, text: str, words: list[str], share: float) -> str:
    return " ".join(
        random.choice(words) if random.random() < share else word for word in text.split(" ")
    )


def _both(a: str, b: str, folder: Path, runs: int) -> tuple[float, float]:
    """Milliseconds of ours and of git's, run in turns."""
    one, other = folder / "a", folder / "b"
    one.write_text(a, encoding="utf-8")
    other.write_text(b, encoding="utf-8")
    ours, git = [], []
    for _ in range(runs):
        ours.append(_median(lambda: compare(a, b), 1))
        git.append(_median(lambda: _run(*_GIT, str(one), str(other)), 1))
    return statistics.median(ours), statistics.median(git)


def _median(act: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        act()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _run(*command: str) -> None:
    subprocess.run(command, stdout=subprocess.PIPE, env=environment(), check=False)


if __name__ == "__main__":
    main()
