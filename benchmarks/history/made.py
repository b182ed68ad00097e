"""Make an archive of one branch, whose long texts change a little at a time.

    python -m benchmarks.history.made FOLDER --commits 5000 --entries 150 --size 50000

The same numbers make the same archive. Beside it lies a list of all its texts, by their paths.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from benchmarks.measuring import environment
from benchmarks.prose import sentence

SEED = 1
BLOBS = "made-blobs"  # in `.git`
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


def make(folder: Path, commits: int, entries: int, size: int) -> None:
    """The archive as a repository of one pack, with its working tree."""
    folder.mkdir(parents=True)
    _git(folder, "init", "-q", "-b", "main", ".")
    with subprocess.Popen(
        ["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE, env=environment()
    ) as child:
        assert child.stdin
        for part in stream(commits, entries, size, SEED):
            child.stdin.write(part)
    assert child.returncode == 0
    _git(folder, "repack", "-adfq")
    _git(folder, "reset", "-q", "--hard")
    rows = _git(folder, "log", "--first-parent", "--raw", "--no-abbrev", "--format=").splitlines()
    blobs = sorted((row.split(b"\t")[1], row.split()[3]) for row in rows if row)
    (folder / ".git" / BLOBS).write_bytes(b"".join(oid + b"\n" for _, oid in blobs))


def _git(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, env=environment()
    ).stdout


def main() -> None:
    """The command line: it is run as a process of its own, so that what is large here is gone."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history.made", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--commits", type=int, default=5000)
    parser.add_argument("--entries", type=int, default=150)
    parser.add_argument("--size", type=int, default=50_000, help="characters of a text")
    args = parser.parse_args()
    make(args.folder, args.commits, args.entries, args.size)


if __name__ == "__main__":
    main()
