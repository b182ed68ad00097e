"""Histories made by chance: whatever was done to paths, what is told leads to HEAD."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sandbox import Sandbox, entry

from archivist.versions import History

NAMES = (
    *("entries/a.md", "entries/b.md", "entries/c.md", "entries/x/a.md", "entries/x/b.md"),
    *("entries/y/a.md", "drafts/a.md"),
)
WORDS = [f"{a}{b}" for a in ("kind", "loud", "calm") for b in ("ly", "er", "est", "ness", "ish")]
HISTORIES, COMMITS = 60, 14


def _text(random: Random) -> str:
    body = " ".join(random.choice(WORDS) + str(random.randrange(9)) for _ in range(60))
    day = f"Feb {random.randrange(1, 29):02d}, 2014"
    return entry("Quay", body=body).replace("Feb 04, 2014", day)


def _edited(random: Random, text: str) -> str:
    words = text.split(" ")
    words[random.randrange(20, len(words) - 1)] = random.choice(WORDS)
    return " ".join(words)


def _changed(random: Random, files: dict[str, str], gone: list[str]) -> None:
    """One commit's worth: an entry comes, changes, moves, swaps its place, goes or returns."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        path, other = random.choice(NAMES), random.choice(NAMES)
        way = random.randrange(7)
        if way == 0 and path not in files:
            files[path] = _text(random)
        elif way == 1 and path in files:
            files[path] = _edited(random, files[path])
        elif way in (2, 3) and path in files:
            moved = files.pop(path)
            gone.append(files.get(other, moved))
            files[other] = _edited(random, moved) if way == 3 else moved
        elif way == 4 and path in files:
            gone.append(files.pop(path))
        elif way == 5 and gone:
            files[path] = random.choice(gone)
        elif way == 6 and path in files and other in files:
            files[path], files[other] = files[other], files[path]


def _stream(seed: int) -> Iterator[str]:
    """A branch, as `git fast-import` takes it."""
    random = Random(seed)
    files: dict[str, str] = {}
    gone: list[str] = []
    for number in range(COMMITS):
        _changed(random, files, gone)
        who = f"A <a@quay.example> {1_400_000_000 + number * 86_400} +0000"
        yield f"commit refs/heads/h{seed}\ncommitter {who}\ndata 2\nc\ndeleteall\n"
        for path, text in files.items():
            yield f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    box = Sandbox(tmp_path_factory.mktemp("random"))
    box.git("init", "-q", "--bare")
    box.git("config", "core.logAllRefUpdates", "false")
    stream = "".join(part for seed in range(HISTORIES) for part in _stream(seed))
    subprocess.run(
        ["git", "fast-import", "--quiet"], cwd=box.root, input=stream.encode(), check=True
    )
    return box


def _at(bare: Sandbox, seed: int) -> Path:
    tip = bare.git("rev-parse", f"h{seed}").strip()
    bare.git("update-ref", "--no-deref", "HEAD", tip)
    return bare.root


@pytest.mark.parametrize("first", range(0, HISTORIES, 10))
def test_every_history_leads_to_head(bare: Sandbox, first: int) -> None:
    for seed in range(first, first + 10):
        assert History(_at(bare, seed)).verify() == [], seed


@pytest.mark.parametrize("first", range(0, HISTORIES, 10))
def test_an_entry_alone_is_told_as_among_all(bare: Sandbox, first: int) -> None:
    for seed in range(first, first + 10):
        root = _at(bare, seed)
        shutil.rmtree(root / "archivist", ignore_errors=True)
        whole = History(root)
        paths = [whole.place.shown(chain.path) for chain in whole.chains if chain.is_here]
        for path in paths:
            # Along its own path an entry's turns are counted by themselves.
            alone, among = (
                [one._replace(turn=0) for one in history.versions(path)]
                for history in (History(root), whole)
            )
            assert alone == among, (seed, path)
        assert len(paths) == len(set(paths))


@pytest.mark.parametrize("first", range(0, HISTORIES, 20))
def test_what_is_remembered_goes_on_as_it_was(bare: Sandbox, first: int) -> None:
    for seed in range(first, first + 20):
        tip = bare.git("rev-parse", f"h{seed}").strip()
        shutil.rmtree(bare.root / "archivist", ignore_errors=True)
        for back in (9, 6, 3, 0):
            bare.git("update-ref", "--no-deref", "HEAD", f"{tip}~{back}")
            going_on = History(bare.root).versions()
        shutil.rmtree(bare.root / "archivist")
        assert going_on == History(bare.root).versions(), seed
