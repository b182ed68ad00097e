from __future__ import annotations

from pathlib import Path

import pytest
from importing_world import commit, git, put, repository, set_home, text

from archivist.errors import GitFailure
from archivist.repository import Repository
from archivist.repository.log import (
    Change,
    Commit,
    changes,
    commits,
    difference,
    raw_commits,
    steps,
    tree_files,
)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in set_home(tmp_path / "home").items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return repository(tmp_path / "r")


def test_commits(folder: Path) -> None:
    first = commit(folder, "1", {"a": "1"}, 3)
    git(folder, "switch", "-qc", "side")
    side = commit(folder, "2", {"b": "1"}, 1)
    git(folder, "switch", "-q", "main")
    main = commit(folder, "3", {"a": "2"}, 2)
    git(folder, "merge", "-q", "-m", "4", "side")
    join = git(folder, "rev-parse", "HEAD")
    whole = commits(Repository(folder), "HEAD")
    assert whole[0].oid == first
    assert whole[-1].oid == join
    assert whole[-1].parents == (main, side)
    line = commits(Repository(folder), "HEAD", first_parent=True)
    assert [one.oid for one in line] == [first, main, join]
    with pytest.raises(GitFailure):
        commits(Repository(folder), "nothing")


def test_changes(folder: Path) -> None:
    first = commit(folder, "1", {"a": "1\n", "sub/b": "2\n"}, 1)
    commit(folder, "silent", day=2)
    last = commit(folder, "3", {"a": None, ":odd\n": "1\n", "sub/b": "3\n"}, 3)
    one, two, three = (git(folder, "hash-object", "--stdin", stdin=b"%d\n" % n) for n in (1, 2, 3))
    here = Repository(folder)
    history = commits(here, "HEAD")
    assert dict(changes(here, history)) == {
        first: [Change(b"a", "100644", one), Change(b"sub/b", "100644", two)],
        last: [
            Change(b":odd\n", "100644", one),
            Change(b"a", "000000", None),
            Change(b"sub/b", "100644", three),
        ],
    }
    assert dict(changes(here, history, "sub"))[last] == [Change(b"sub/b", "100644", three)]
    assert dict(changes(Repository(folder / "sub"), history))[last] == [
        Change(b"b", "100644", three)
    ]
    assert difference(here, first, last)[0] == Change(b":odd\n", "100644", one, b"a")


def test_steps(folder: Path) -> None:
    """The commits with what they changed, whatever the repository configures."""
    commit(folder, "1", {"a": "1\n", ":odd\n": "2\n"}, 3)
    git(folder, "switch", "-qc", "side")
    commit(folder, "2", {"b": "1\n"}, 1)
    git(folder, "switch", "-q", "main")
    commit(folder, "3", {"a": None, "c": "1\n"}, 2)
    git(folder, "merge", "-q", "-m", "4", "side")
    commit(folder, "silent", day=5)
    git(folder, "switch", "-q", "--orphan", "other")
    commit(folder, "root", {"d": "1\n"}, 6)
    git(folder, "switch", "-q", "main")
    git(folder, "merge", "-q", "--allow-unrelated-histories", "-m", "5", "other")
    git(folder, "config", "diff.renames", "copies")
    git(folder, "config", "log.diffMerges", "off")
    git(folder, "config", "log.showRoot", "false")
    here = Repository(folder)
    found = steps(here, "HEAD")
    assert [one.commit for one in found] == commits(here, "HEAD")
    assert {one.commit.oid: one.changes for one in found if one.changes} == dict(
        changes(here, commits(here, "HEAD"))
    )
    assert [one.seconds for one in found] == [
        int(git(folder, "show", "-s", "--format=%at", one.commit.oid)) for one in found
    ]
    with pytest.raises(GitFailure):
        steps(here, "nothing")


def test_a_commit_without_a_time_keeps_its_parent(folder: Path) -> None:
    first = commit(folder, "1", {"a": "1"})
    tree = git(folder, "rev-parse", "HEAD^{tree}")
    raw = f"tree {tree}\nparent {first}\nauthor nobody\ncommitter nobody\n\nx\n".encode()
    bad = git(folder, "hash-object", "-w", "-t", "commit", "--literally", "--stdin", stdin=raw)
    (_, step) = steps(Repository(folder), bad)
    assert (step.commit, step.seconds, step.changes) == (Commit(bad, (first,)), 0, [])


def test_tree_files(folder: Path) -> None:
    commit(folder, "1", {"sub/a": "1", "b": "2"})
    assert [one.path for one in tree_files(Repository(folder), "HEAD")] == [b"b", b"sub/a"]
    assert [one.path for one in tree_files(Repository(folder / "sub"), "HEAD")] == [b"a"]
    with pytest.raises(GitFailure):
        tree_files(Repository(folder), "nothing")


def test_raw_commits(folder: Path) -> None:
    oid = commit(folder, "words", {"a": "1"})
    here = Repository(folder)
    ((_, raw),) = raw_commits(here, [oid], 1000)
    assert raw.endswith(b"\n\nwords\n")
    assert list(raw_commits(here, [oid, oid], 10)) == [(oid, raw[:10])] * 2
    blob = git(folder, "rev-parse", "HEAD:a")
    with pytest.raises(GitFailure):
        list(raw_commits(here, [blob], 10))


def test_missing_objects_are_noticed(folder: Path) -> None:
    commit(folder, "1", {"sub/a": text("A")}, 1)
    commit(folder, "2", {"sub/a": text("B")}, 2)
    here = Repository(folder)
    history = commits(here, "HEAD")
    sub = git(folder, "rev-parse", "HEAD:sub")
    (folder / ".git/objects" / sub[:2] / sub[2:]).unlink()
    with pytest.raises(GitFailure, match="diff-tree"):
        list(changes(here, history))


def test_more_than_a_pipe_holds(folder: Path) -> None:
    put(folder, {f"file-{number:05}-{'x' * 60}": "x" for number in range(4000)})
    commit(folder, "many")
    here = Repository(folder)
    assert len(tree_files(here, "HEAD")) == 4000
    ((_, found),) = changes(here, commits(here, "HEAD"))
    assert len(found) == 4000
