"""Files of the working tree that are known are not read again, nor taken for what they were."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sandbox import Sandbox, entry, sandbox

from archivist import files, stamps
from archivist.versions import History, Version

INDEX = ".git/archivist/history.sqlite3"
PATH = "entries/quay.md"
A, B = "Quay is kind.", "Quay is cold."  # of one length


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    monkeypatch.setattr(stamps, "_RACY", 20_000_000)  # two seconds are long for a test
    made = sandbox(tmp_path / "archive", quay=entry("Quay", body=A), mill=entry("Mill"))
    told(made)
    return made


def told(box: Sandbox) -> list[Version]:
    """What is told of the working tree, when its files are not young any more."""
    time.sleep(0.03)
    return [one for one in History(box.root).versions() if one.rev is None]


@pytest.fixture
def read(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    usual = files.read_bounded

    def read_bounded(full: str | Path, limit: int = files.MAX_SIZE) -> bytes | None:
        names.append(Path(full).name)
        return usual(full, limit)

    monkeypatch.setattr(files, "read_bounded", read_bounded)
    return names


def test_only_files_that_changed_are_read(box: Sandbox, read: list[str]) -> None:
    assert told(box) == []
    assert read == []
    box.write(PATH, entry("Quay", body=B))
    for _ in range(2):
        (edit,) = told(box)
        assert (edit.entry, edit.kind, edit.added) == ("quay", "text", 1)
    assert read == ["quay.md"] * 2, "what differs is read each time"
    box.commit("Cold")
    assert told(box) == []
    assert told(box) == []
    assert read == ["quay.md"] * 3


def test_one_entry_is_asked_for(box: Sandbox, read: list[str]) -> None:
    os.utime(box.root / PATH)
    time.sleep(0.03)
    for _ in range(2):
        assert [one.rev is None for one in History(box.root).versions("quay")] == [False]
    assert read == ["quay.md"]


def test_young_files_are_read_again(
    box: Sandbox, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(box.root / PATH)
    monkeypatch.setattr(stamps, "_RACY", 60_000_000_000)
    for _ in range(2):
        assert told(box) == []
    assert read == ["mill.md", "quay.md"] * 2


def test_neither_size_nor_time_tells(box: Sandbox) -> None:
    before = (box.root / PATH).stat()
    box.write(PATH, entry("Quay", body=B))
    os.utime(box.root / PATH, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = (box.root / PATH).stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert len(told(box)) == 1


def test_another_file_in_its_place(box: Sandbox) -> None:
    other = box.write("other", entry("Quay", body=B))
    told(box)
    other.rename(box.root / PATH)
    assert len(told(box)) == 1


def test_another_commit_beneath_the_same_files(box: Sandbox, read: list[str]) -> None:
    box.write(PATH, entry("Quay", body=B))
    box.commit("Cold")
    assert told(box) == []
    box.git("reset", "-q", "--soft", "HEAD~1")
    assert [one.entry for one in told(box)] == ["quay"]
    box.git("reset", "-q", "--soft", "HEAD@{1}")
    read.clear()
    assert told(box) == []
    assert set(read) <= {"quay.md"}


def test_line_ends_are_compared_once(box: Sandbox, read: list[str]) -> None:
    box.write(PATH, box.read(PATH).replace("\n", "\r\n"))
    for _ in range(3):
        assert told(box) == []
    assert read == ["quay.md"]


def test_links_are_followed_each_time(box: Sandbox) -> None:
    target = box.write("target.md", box.read(PATH))
    (box.root / PATH).unlink()
    (box.root / PATH).symlink_to(target)
    assert told(box) == []
    box.write("target.md", entry("Quay", body=B))
    assert [one.kind for one in told(box)] == ["removed"]


def test_filters_change_nothing(box: Sandbox) -> None:
    box.write(".gitattributes", "*.md filter=cold\n")
    box.git("config", "filter.cold.clean", "sed s/cold/kind/")
    box.write(PATH, entry("Quay", body=B))
    for _ in range(3):
        box.git("update-index", "--refresh", "-q")
        assert [one.kind for one in told(box)] == ["text"], "though git counts it as unchanged"


def test_working_trees_of_one_repository(box: Sandbox, tmp_path: Path) -> None:
    box.git("worktree", "add", "-q", str(tmp_path / "other"), "-b", "other")
    other = Sandbox(tmp_path / "other")
    for _ in range(2):
        assert told(box) == told(other) == []
    other.write(PATH, entry("Quay", body=B))
    for _ in range(2):
        assert (len(told(box)), len(told(other))) == (0, 1)


@pytest.mark.parametrize("harm", ["UPDATE tree SET states = '{}'", "DROP TABLE tree"])
def test_what_is_remembered_is_broken(
    box: Sandbox, harm: str, read: list[str], execute: Callable[[str], None]
) -> None:
    execute(harm)
    assert told(box) == []
    assert sorted(read) == ["mill.md", "quay.md"]


@pytest.fixture
def execute(box: Sandbox) -> Callable[[str], None]:
    """Do something to the index."""

    def statement(text: str) -> None:
        with sqlite3.connect(box.root / INDEX) as database:
            assert database.execute("SELECT count(*) FROM tree").fetchone() == (1,)
            database.execute(text)
        database.close()

    return statement
