"""Measure the word diff beside `git diff --word-diff`, and print the figures as Markdown.

    python -m benchmarks.worddiff
    python -m benchmarks.worddiff --runs 41

Both in milliseconds of CPU time, user and system, in turns. Ours is measured within one process,
start-up aside; git's is that of its process with its start, which `git --version` shows alone.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from archivist.worddiff import compare
from benchmarks.measuring import measure
from benchmarks.prose import paragraph, sentence

_GIT = ("git", "diff", "--no-index", "--no-ext-diff", "--word-diff=porcelain")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worddiff", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--runs", type=int, default=11, metavar="K", help="runs of each")
    parser.add_argument("--seed", type=int, default=20131210)
    args = parser.parse_args()
    compare("one word", "another word")  # imports
    print("| texts | ours ms | git ms | ours : git | medians | `git --version` ms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for name, a, b in _pairs(Random(args.seed)):
            ours, git, bare = _in_turns(a, b, Path(folder), args.runs)
            least = f"{min(ours):.2f} | {min(git):.2f} | {min(ours) / min(git):.2f}"
            ratio = statistics.median(ours) / statistics.median(git)
            print(f"| {name} | {least} | {ratio:.2f} | {min(bare):.2f} |", flush=True)


def _pairs(random: Random) -> Iterator[tuple[str, str, str]]:
    words = [f"{_syllables(random)}" for _ in range(8000)]
    small, large = _prose(random, 3_000), _prose(random, 100_000)
    yield "3 KB, one word in a hundred replaced", small, _edited(random, small, words, 0.01)
    yield "3 KB, one word in twenty replaced", small, _edited(random, small, words, 0.05)
    yield "3 KB, one word in five replaced", small, _edited(Random(5), small, words, 0.2)
    more, fewer = _came_and_went(Random(6), small)
    yield "3 KB, two sentences added", small, more
    yield "3 KB, a paragraph moved, a sentence gone", small, fewer
    yield "100 KB, one word in a hundred replaced", large, _edited(random, large, words, 0.01)
    yield "100 KB, of the same phrases", large, _prose(random, 100_000)
    one, other = _zipf(random, words, 100_000), _zipf(random, words, 100_000)
    yield "100 KB that share only their vocabulary", one, other


def _came_and_went(random: Random, text: str) -> tuple[str, str]:
    """The text with more sentences, and with a paragraph elsewhere and a sentence less."""
    parts = text.strip().split("\n\n")
    more = list(parts)
    for place in (2, 6):
        more[place] = f"{sentence(random)} {more[place]}"
    fewer = [*parts[1:5], parts[0], *parts[5:]]
    fewer[-1] = fewer[-1].partition(". ")[2]
    return "\n\n".join(more) + "\n", "\n\n".join(fewer) + "\n"


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


def _in_turns(
    a: str, b: str, folder: Path, runs: int
) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of ours, of git's, and of git's that does nothing."""
    (folder / "a").write_text(a, encoding="utf-8")
    (folder / "b").write_text(b, encoding="utf-8")
    ours, git, bare = [], [], []
    for _ in range(runs):
        started = time.process_time()
        compare(a, b)
        ours.append((time.process_time() - started) * 1000)
        git.append(measure((*_GIT, "a", "b"), folder, (1,)).cpu * 1000)
        bare.append(measure(("git", "--version"), folder).cpu * 1000)
    return ours, git, bare


if __name__ == "__main__":
    main()
