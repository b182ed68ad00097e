"""What reading a history costs beside git itself: `python -m benchmarks.history`.

Makes an archive of one branch, long texts that change a little at a time, in a temporary folder,
then runs every command in turns. Times are CPU seconds of the process and its children; medians.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import monotonic

from benchmarks.prose import sentence

_HEAD = "---\nlayout: policy\norganization: Guild {0}\ndate archived: {1:%b %d, %Y}\n---\n\n"
_BEGIN = date(2006, 1, 1)
_RECOVERED = 0.03  # of the versions: archived long before the one that they were committed behind


def stream(commits: int, entries: int, size: int, seed: int) -> Iterator[bytes]:
    """A `git fast-import` stream: each commit changes one entry, in one of four ways."""
    random = Random(seed)
    stock = [" ".join(sentence(random) for _ in range(4)) for _ in range(4000)]
    texts: list[list[str]] = []
    for number in range(commits):
        which = number if number < entries else random.randrange(entries)
        if which == len(texts):
            texts.append([])
            while sum(map(len, texts[which])) < size:
                texts[which].append(random.choice(stock))
        else:
            _change(random, texts[which], stock)
        days = number * 7000 / commits
        days *= random.random() if random.random() < _RECOVERED else 1
        archived = _BEGIN + timedelta(days)
        body = _HEAD.format(which, archived) + "\n\n".join(texts[which]) + "\n"
        data = body.encode()
        yield b"commit refs/heads/main\ncommitter A <a@a.example> %d +0000\n" % (10**9 + number)
        yield b"data 6\nChange\nM 100644 inline entries/guild-%d.md\n" % which
        yield b"data %d\n%s\n" % (len(data), data)


def _change(random: Random, text: list[str], stock: list[str]) -> None:
    place = random.randrange(len(text))
    way = random.random()
    if way < 0.5:
        words = text[place].split()
        words[random.randrange(len(words))] = random.choice(stock).split()[0]
        text[place] = " ".join(words)
    elif way < 0.8:
        text[place] = random.choice(stock)
    elif way < 0.9:
        text.insert(place, random.choice(stock))
    else:
        del text[place]


def timed(command: list[str], folder: Path, stdin: bytes = b"") -> float:
    """CPU seconds of a command and its children."""
    before = os.times()
    done = subprocess.run(command, cwd=folder, input=stdin, stdout=subprocess.DEVNULL, check=False)
    after = os.times()
    assert done.returncode == 0, command
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def main() -> None:
    """Make the archive, run everything in turns, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=5000)
    parser.add_argument("--entries", type=int, default=150)
    parser.add_argument("--size", type=int, default=50_000, help="characters of a text")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["git", "init", "-q", "-b", "main", "."], cwd=folder, check=True)
        data = stream(args.commits, args.entries, args.size, 1)
        child = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=folder, stdin=-1)
        assert child.stdin
        for part in data:
            child.stdin.write(part)
        child.stdin.close()
        assert child.wait() == 0
        subprocess.run(["git", "repack", "-adfq"], cwd=folder, check=True)
        subprocess.run(["git", "reset", "-q", "--hard"], cwd=folder, check=True)
        _measure(folder, args.runs)


def _measure(folder: Path, runs: int) -> None:
    listing = subprocess.run(
        ["git", "rev-list", "--objects", "--filter=object:type=blob", "HEAD"],
        cwd=folder,
        capture_output=True,
        check=True,
    ).stdout.splitlines()
    rows = sorted(row.split(b" ", 1) for row in listing if b".md" in row)
    oids = b"".join(row[0] + b"\n" for row in sorted(rows, key=lambda row: row[1]))
    log = ["git", "log", "-M", "--first-parent"]
    tool = [sys.executable, "-m", "archivist"]
    batch = ["git", "cat-file", "--batch", "--buffer"]
    commands: dict[str, list[tuple[list[str], bytes]]] = {
        "git log --word-diff=porcelain": [([*log, "-p", "--word-diff=porcelain"], b"")],
        "git log --raw + cat-file --batch": [([*log, "--raw"], b""), (batch, oids)],
        "git log --raw -- PATH": [([*log, "--raw", "--", "entries/guild-7.md"], b"")],
        "archivist history": [([*tool, "history", "-f", "jsonl"], b"")],
        "archivist history ENTRY": [([*tool, "history", "guild-7"], b"")],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, parts in commands.items():
            begun = monotonic()
            times[name].append(sum(timed(part, folder, stdin) for part, stdin in parts))
            print(f"{name}: {monotonic() - begun:.2f} s", file=sys.stderr)
    print("| command | CPU s |\n| --- | ---: |")
    for name, taken in times.items():
        print(f"| `{name}` | {median(taken):.2f} |")


if __name__ == "__main__":
    main()
