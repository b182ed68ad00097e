"""The same source again, grown or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from importing_world import (
    archive,
    commit,
    git,
    log,
    outcomes,
    put,
    repository,
    set_home,
    state,
    tangled,
    text,
    tree,
)

from archivist.importing import import_archive


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in set_home(tmp_path / "home").items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tangled(tmp_path / "source")


def test_again_is_unchanged(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    import_archive(here, source)
    before = state(here)
    assert set(outcomes(import_archive(here, source)).values()) == {"unchanged", "left out"}
    assert state(here) == before


def test_growth_brings_the_new_commits_only(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    import_archive(here, source)
    old = git(here, "rev-parse", "HEAD^2")
    commit(source, "grow", {"late.md": text("Late", "More."), "new.md": text("New")}, 9)
    results = outcomes(import_archive(here, source))
    assert results["entries/late.md"] == "updated"
    assert results["entries/new.md"] == "imported"
    assert git(here, "rev-parse", "HEAD^2^") == old
    assert log(here, "HEAD^1..HEAD") == ["Import 2 entries from source", "grow"]


def test_growth_by_rename_moves_the_entry(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    import_archive(here, source)
    commit(source, "rename again", {"late.md": None, "Later.md": text("Late")}, 9)
    results = import_archive(here, source)
    row = next(one for one in results if one.entry == "later")
    assert (row.outcome, row.reason) == ("updated", "renamed from entries/late.md")
    assert "entries/late.md" not in tree(here)
    assert not (here / "entries/late.md").exists()
    assert git(here, "status", "--porcelain") == ""
    # git's own --follow finds copies, too
    followed = log(here, "--follow", "--", "entries/later.md")
    assert followed[:2] == ["rename again", "late has front matter"]


def test_what_the_source_drops_is_kept(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    import_archive(here, source)
    commit(source, "drop", {"late.md": None, "sub/Side_Conf.markdown": text("Side", "New.")}, 9)
    row = next(one for one in import_archive(here, source) if one.entry == "late")
    assert (row.outcome, row.reason) == ("unchanged", "removed in the source, kept here")
    assert "entries/late.md" in tree(here)


def test_what_the_user_did_since_stands(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    import_archive(here, source)
    put(here, {"entries/late.md": None, "entries/sub/side-conf.md": text("Side", "Mine.")})
    commit(here, "mine")
    rows = {one.path: (one.outcome, one.reason) for one in import_archive(here, source)}
    assert rows["entries/late.md"] == ("left out", "deleted here after an import")
    assert rows["entries/sub/side-conf.md"] == ("unchanged", "edited here after an import")
    commit(source, "theirs", {"sub/Side_Conf.markdown": text("Side", "Theirs.")}, 9)
    rows = {one.path: (one.outcome, one.reason) for one in import_archive(here, source)}
    assert rows["entries/sub/side-conf.md"] == (
        "failed",
        "edited here after an import, and changed in the source",
    )


def test_an_entry_of_ones_own_is_left_alone(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    commit(here, "own", {"entries/late.md": text("Late", "My own.")})
    for _ in range(2):
        rows = {one.path: one for one in import_archive(here, source)}
        assert rows["entries/late.md"].outcome == "failed"
        assert rows["entries/late.md"].reason == "exists already with another text"
        assert "entries/sub/side-conf.md" in tree(here)
        assert (here / "entries/late.md").read_text() == text("Late", "My own.")
    commit(here, "make way", {"entries/late.md": None})
    assert outcomes(import_archive(here, source))["entries/late.md"] == "imported"


def test_equal_entries_get_their_history(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    import_archive(here, source, history=False)
    assert len(git(here, "log", "-1", "--format=%P").split()) == 1
    assert set(outcomes(import_archive(here, source)).values()) == {"unchanged", "left out"}
    assert log(here, "-1") == ["Import the history of 3 entries from source"]
    assert "add conf" in log(here)


def test_without_history_updates_what_it_brought(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    import_archive(here, source, history=False)
    assert log(here, "-1") == ["Import 3 entries from source"]
    assert set(outcomes(import_archive(here, source, history=False)).values()) == {
        "unchanged",
        "left out",
    }
    commit(source, "grow", {"late.md": text("Late", "More.")}, 9)
    assert outcomes(import_archive(here, source, history=False))["entries/late.md"] == "updated"
    assert (here / "entries/late.md").read_text() == text("Late", "More.")
    put(here, {"entries/late.md": text("Late", "Edited.")})
    commit(here, "edit")
    assert outcomes(import_archive(here, source, history=False))["entries/late.md"] == "unchanged"


def test_two_files_of_one_name(tmp_path: Path) -> None:
    here, there = archive(tmp_path / "archive"), repository(tmp_path / "source")
    commit(there, "both", {"A b.md": text("1"), "a-B.md": text("2"), "c.md": text("C")})
    rows = {one.path: one for one in import_archive(here, there)}
    assert rows["entries/a-b.md"].outcome == "failed"
    assert rows["entries/a-b.md"].reason == "a-B.md would become the same entry"
    assert "entries/a-b.md" not in tree(here)
    commit(there, "one", {"A b.md": None}, 2)
    assert outcomes(import_archive(here, there))["entries/a-b.md"] == "imported"
    assert git(here, "show", "HEAD:entries/a-b.md") == text("2").strip()


def test_clone_of_the_archive_brings_nothing(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    import_archive(here, source)
    git(tmp_path, "clone", "-q", "archive", "clone")
    commit(here, "edit", {"entries/own-conf.md": text("Own", "Edited.")})
    before = state(here)
    results = import_archive(here, tmp_path / "clone")
    assert {one.outcome for one in results} == {"unchanged", "left out"}
    assert state(here) == before
