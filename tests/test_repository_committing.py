from __future__ import annotations

from pathlib import Path

import pytest
from importing_world import archive, commit, git, put, repository, set_home, tree

from archivist.errors import EnvironmentFailure, GitFailure
from archivist.repository import Repository
from archivist.repository.committing import (
    PathState,
    check_can_commit,
    commit_paths,
    head_of,
    in_work_tree,
)
from archivist.repository.fastimport import store_blobs


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in set_home(tmp_path / "home").items():
        monkeypatch.setenv(name, value)


def stored(folder: Path, data: bytes) -> str:
    store_blobs(Repository(folder), [data])
    return git(folder, "hash-object", "--stdin", stdin=data)


def test_only_these_paths(tmp_path: Path) -> None:
    here = archive(tmp_path / "archive")
    commit(here, "more", {"entries/old.md": "old", "entries/x.md": "1"})
    put(here, {"notes.txt": "staged"})
    git(here, "add", "-A")
    put(here, {"notes.txt": "edited", "entries/x.md": "2", "entries/old.md": None})
    files = [PathState("entries/x.md", stored(here, b"2")), PathState("entries/old.md", None)]
    oid = commit_paths(Repository(here), files, "Change x\n\nTrailer: ö\n")
    assert git(here, "rev-parse", "main") == oid
    assert set(tree(here)) == {"entries/own-conf.md", "entries/x.md", "notes.txt"}
    assert git(here, "status", "--porcelain") == "MM notes.txt"
    assert git(here, "log", "-1", "--format=%B%an <%ae>").splitlines() == [
        "Change x",
        "",
        "Trailer: ö",
        "Ann Archivist <ann@example.org>",
    ]


def test_first_commit(tmp_path: Path) -> None:
    here = repository(tmp_path / "new")
    put(here, {"a": "1"})
    commit_paths(Repository(here), [PathState("a", stored(here, b"1"))], "begin")
    assert git(here, "status", "--porcelain") == ""
    assert git(here, "log", "--format=%s") == "begin"


def test_below_the_top(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    commit(top, "begin", {"sub folder/x": "1"})
    put(top, {"sub folder/y": "2"})
    here = Repository(top / "sub folder")
    commit_paths(here, [PathState("y", stored(top, b"2"))], "y", when="2020-01-02T03:04:05+00:00")
    assert set(tree(top)) == {"sub folder/x", "sub folder/y"}
    assert git(top, "log", "-1", "--format=%aI %cI") == " ".join(["2020-01-02T03:04:05+00:00"] * 2)


def test_detached_head(tmp_path: Path) -> None:
    here = archive(tmp_path / "archive")
    git(here, "switch", "-q", "--detach")
    commit_paths(Repository(here), [PathState("z", stored(here, b"2"))], "z")
    assert git(here, "log", "-1", "--format=%s", "HEAD") == "z"
    assert git(here, "log", "-1", "--format=%s", "main") == "begin"


def test_locked_index(tmp_path: Path) -> None:
    here = archive(tmp_path / "archive")
    blob = stored(here, b"2")
    (here / ".git/index.lock").touch()
    with pytest.raises(GitFailure, match=r"index\.lock"):
        commit_paths(Repository(here), [PathState("z", blob)], "z")
    assert git(here, "log", "-1", "--format=%s") == "begin"


def test_author_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = archive(tmp_path / "archive")
    set_home(tmp_path / "home", "")
    with pytest.raises(EnvironmentFailure) as caught:
        check_can_commit(Repository(here))
    assert caught.value.hint is not None
    assert "user.email" in caught.value.hint
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Robot")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "robot@example.org")
    check_can_commit(Repository(here))
    commit_paths(Repository(here), [PathState("z", stored(here, b"2"))], "z")
    assert git(here, "log", "-1", "--format=%an %ce") == "Robot robot@example.org"


def test_in_work_tree(tmp_path: Path) -> None:
    assert not in_work_tree(Repository(tmp_path))
    assert head_of(Repository(repository(tmp_path / "r"))) is None
    (tmp_path / "r" / "sub").mkdir()
    assert in_work_tree(Repository(tmp_path / "r" / "sub"))
    git(tmp_path, "init", "-q", "--object-format=sha256", "new")
    with pytest.raises(GitFailure, match="sha256"):
        in_work_tree(Repository(tmp_path / "new"))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/.git").write_text("gitdir: nowhere\n")
    with pytest.raises(GitFailure):
        in_work_tree(Repository(tmp_path / "broken"))
