"""What importing a collection of terms costs beside git itself: `python -m benchmarks.collection`.

Makes a versions repository of that form in a temporary folder (terms that change a little at a
time, most changes in link targets alone), then imports it and lets git read the same history, its
blobs included, and write these blobs, in turns. Times are CPU seconds of the processes and seconds
of the clock; the ratio is one of the least CPU seconds.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import median
from time import monotonic

from benchmarks.prose import sentence

_KINDS = ("Terms of Service", "Privacy Policy", "Community Guidelines", "Cookie Policy")


def stream(commits: int, files: int, size: int, seed: int) -> Iterator[bytes]:
    """A `git fast-import` stream: each commit records one version of one file."""
    random = Random(seed)
    stock = [_paragraph(random) for _ in range(6000)]
    texts: list[list[str]] = []
    for number in range(commits):
        which = number if number < files else random.randrange(files)
        name = f"Service {which // len(_KINDS):04} {_KINDS[which % len(_KINDS)]}"
        if which == len(texts):
            texts.append([f"{_KINDS[which % len(_KINDS)]}\n=============="])
            while sum(map(len, texts[which])) < size:
                texts[which].append(random.choice(stock))
            subject = f"First record of {name}"
        else:
            _change(random, texts[which], stock, number)
            subject = f"Record new changes of {name}"
        data = ("\n\n".join(texts[which]) + "\n").encode()
        yield b"commit refs/heads/main\ncommitter A <a@a.example> %d +0000\n" % (
            1_600_000_000 + 900 * number
        )
        yield b"data %d\n%s\n" % (len(subject), subject.encode())
        path = f"Service {which // len(_KINDS):04}/{_KINDS[which % len(_KINDS)]}.md"
        yield b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)


def _paragraph(random: Random) -> str:
    text = " ".join(sentence(random) for _ in range(4))
    kind = random.random()
    if kind < 0.3:
        words = text.split(" ", 6)
        words[3] = f"[{words[3]}](https://service.example/{random.randrange(999)}?session=1)"
        text = " ".join(words)
    if kind < 0.1:
        return f"*   {text}\n    \n*   {sentence(random)}"
    return f"**{text[:12].strip()}** and so on" if kind > 0.97 else text


def _change(random: Random, text: list[str], stock: list[str], number: int) -> None:
    linked = [place for place, one in enumerate(text) if "session=" in one]
    if linked and random.random() < 0.56:
        place = random.choice(linked)
        head, _, rest = text[place].partition("session=")
        text[place] = f"{head}session={number}{rest[rest.index(')') :]}"
    elif random.random() < 0.7:
        text[random.randrange(1, len(text))] = random.choice(stock)
    else:
        text.insert(random.randrange(1, len(text)), random.choice(stock))


def made(folder: Path, commits: int, files: int, size: int) -> Path:
    """A collection in a new repository."""
    folder.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "main", "."], cwd=folder, check=True)
    with subprocess.Popen(["git", "fast-import", "--quiet"], cwd=folder, stdin=-1) as child:
        assert child.stdin
        for part in stream(commits, files, size, 1):
            child.stdin.write(part)
        child.stdin.close()
        assert child.wait() == 0
    subprocess.run(["git", "repack", "-adfq"], cwd=folder, check=True)
    return folder


def bare_pass(collection: Path) -> None:
    """Git reads the history, and every blob in it, file by file."""
    batch = ["git", "cat-file", "--batch", "--buffer"]
    with open("/dev/null", "wb") as nowhere:
        asked = _asked(collection)
        subprocess.run(batch, cwd=collection, input=asked, stdout=nowhere, check=True)


def floor(collection: Path, number: int) -> None:
    """Git reads as much, and writes the same blobs into a new repository: no import through
    `git fast-import` can cost less.
    """
    folder = collection.parent / f"floor-{number}"
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    asked = collection.parent / "asked"
    asked.write_bytes(_asked(collection))
    batch = ["git", "cat-file", "--buffer", "--batch=blob\ndata %(objectsize)"]
    keeping = {"MALLOC_TRIM_THRESHOLD_": "67108864", "MALLOC_MMAP_THRESHOLD_": "16777216"}
    with (
        asked.open("rb") as questions,
        subprocess.Popen(batch, cwd=collection, stdin=questions, stdout=-1) as child,
    ):
        writer = ["git", "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"]
        variables = os.environ | keeping
        subprocess.run(writer, cwd=folder, stdin=child.stdout, check=True, env=variables)


def _asked(collection: Path) -> bytes:
    """The ids of all blobs, a line each, file by file, each file's oldest first."""
    log = ["git", "log", "--raw", "-z", "-M", "--no-abbrev", "--first-parent", "--format=%H"]
    raw = subprocess.run(log, cwd=collection, capture_output=True, check=True).stdout
    fields = raw.split(b"\0")
    rows = [
        (fields[place + 1], field.split(b" ")[3])
        for place, field in enumerate(fields)
        if field.lstrip(b"\n").startswith(b":")
    ]
    rows.reverse()
    return b"".join(oid + b"\n" for _, oid in sorted(rows, key=lambda row: row[0]))


def imported(collection: Path, number: int) -> None:
    """A new archive imports it."""
    archive = collection.parent / f"archive-{number}"
    (archive / "entries").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main", "."], cwd=archive, check=True)
    for key, value in (("user.name", "A"), ("user.email", "a@a.example")):
        subprocess.run(["git", "config", key, value], cwd=archive, check=True)
    tool = [sys.executable, "-m", "archivist", "-C", str(archive), "import", str(collection)]
    subprocess.run(tool, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Make the collection, run both in turns, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=5_000)
    parser.add_argument("--files", type=int, default=150)
    parser.add_argument("--size", type=int, default=50_000, help="characters of a text")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        collection = made(Path(name) / "versions", args.commits, args.files, args.size)
        taken: dict[str, list[tuple[float, float]]] = {}
        for number in range(args.runs):
            for what, act in _acts(collection, number).items():
                taken.setdefault(what, []).append(_timed(act))
    least = {what: min(cpu for cpu, _ in times) for what, times in taken.items()}
    bare = next(iter(least.values()))
    print(
        "| what | CPU s, least | CPU s, median | s | ratio |\n| --- | ---: | ---: | ---: | ---: |"
    )
    for what, times in taken.items():
        cpu, clock = (median(one) for one in zip(*times, strict=True))
        ratio = least[what] / bare
        print(f"| {what} | {least[what]:.2f} | {cpu:.2f} | {clock:.1f} | {ratio:.1f} |")


def _acts(collection: Path, number: int) -> dict[str, Callable[[], None]]:
    return {
        "`git log --raw` + `git cat-file --batch`": lambda: bare_pass(collection),
        "… whose blobs go to `git fast-import`": lambda: floor(collection, number),
        "`archivist import`": lambda: imported(collection, number),
    }


def _timed(act: Callable[[], None]) -> tuple[float, float]:
    """CPU seconds of the processes that it starts, and seconds of the clock."""
    before, begun = os.times(), monotonic()
    act()
    after = os.times()
    spent = after.children_user + after.children_system
    return spent - before.children_user - before.children_system, monotonic() - begun


if __name__ == "__main__":
    main()
