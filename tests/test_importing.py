"""An import brings a history in, and leaves the user's work alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from importing_world import (
    NEW,
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

from archivist.cli import main
from archivist.errors import EnvironmentFailure, GitFailure, UsageError
from archivist.importing import import_archive


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in set_home(tmp_path / "home").items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tangled(tmp_path / "source")


def test_history_comes_along(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    results = import_archive(here, source)
    assert outcomes(results) == {"README.md": "left out"} | dict.fromkeys(NEW, "imported")
    assert log(here, "--follow", "--", "entries/some-conf-2014.md") == ["rename", "add conf"]
    assert log(here, "--", "entries/late.md") == ["late has front matter"]
    row = next(one for one in results if one.entry == "some-conf-2014")
    assert (row.source, row.versions) == ("some-conf-2014.md", 2)
    author = git(here, "log", "-1", "--format=%an|%ae|%ad|%cd|%cn", "--", "entries/late.md")
    date = "Sun Jan 5 12:00:00 2014 +0100"
    assert author == f"Sam Source|sam@source.example|{date}|{date}|Ann Archivist"


def test_topology_is_kept(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    import_archive(here, source)
    assert log(here, "--merges") == ["Import 3 entries from source", "join side"]
    assert "add README" not in log(here)
    assert "late, without front matter" not in log(here)


def test_closing_commit(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    before = git(here, "rev-parse", "HEAD")
    import_archive(here, source, when="2020-02-03T04:05:06+00:00")
    assert git(here, "rev-parse", "HEAD^1") == before
    trailers = git(here, "log", "-1", "--format=%(trailers:only)").splitlines()
    assert trailers == ["Archivist-Source: source", "Archivist-Version: 0.1.0"]
    assert str(tmp_path) not in git(here, "log", "-1", "--format=%B")
    assert git(here, "log", "-1", "--format=%an %aI") == "Ann Archivist 2020-02-03T04:05:06+00:00"
    assert set(tree(here)) == NEW | {"entries/own-conf.md", "notes.txt"}


def test_working_files_index_and_head_agree(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    import_archive(here, source)
    assert git(here, "status", "--porcelain") == ""
    assert git(here, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    git(here, "fsck", "--strict", "--no-dangling")


def test_same_source_same_commits(tmp_path: Path, source: Path) -> None:
    tips = set()
    for name in ("one", "two"):
        here = archive(tmp_path / name)
        commit(here, name)
        import_archive(here, source)
        tips.add(git(here, "rev-parse", "HEAD^2"))
    assert len(tips) == 1


def test_branch_without_commit_begins_at_the_source(tmp_path: Path, source: Path) -> None:
    here = repository(tmp_path / "archive")
    put(here, {"entries/.keep": "", "archivist.toml": ""})
    git(here, "add", "archivist.toml")
    import_archive(here, source)
    assert log(here, "-1") == ["rename"]
    assert git(here, "status", "--porcelain").splitlines() == [
        "A  archivist.toml",
        "?? entries/.keep",
    ]


def test_archive_below_the_top_of_its_repository(tmp_path: Path, source: Path) -> None:
    top = repository(tmp_path / "top")
    here = top / "an archive"
    commit(top, "begin", {"an archive/entries/own.md": text("Own"), "entries/not.md": "x"})
    import_archive(here, source)
    assert {path for path in tree(top) if "some-conf" in path} == {
        "an archive/entries/some-conf-2014.md"
    }
    assert git(top, "status", "--porcelain") == ""
    assert log(top, "--follow", "--", "an archive/entries/some-conf-2014.md") == [
        "rename",
        "add conf",
    ]
    assert set(outcomes(import_archive(here, source)).values()) == {"unchanged", "left out"}


def test_archive_without_git(tmp_path: Path, source: Path) -> None:
    here = tmp_path / "archive"
    put(here, {"entries/late.md": text("Late", "Mine.")})
    results = outcomes(import_archive(here, source))
    assert results["entries/late.md"] == "failed"
    assert (here / "entries/some-conf-2014.md").exists()
    assert not (here / ".git").exists()
    again = outcomes(import_archive(here, source))
    assert again["entries/some-conf-2014.md"] == "unchanged"


def test_dry_run_writes_nothing(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    dry = import_archive(here, source, dry_run=True)
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before
    assert dry == import_archive(here, source)


@pytest.mark.parametrize("how", ["edited", "staged", "untracked", "deleted", "staged away"])
def test_unsaved_work_stops_it_all(tmp_path: Path, source: Path, how: str) -> None:
    here = archive(tmp_path / "archive")
    place = "entries/late.md"
    if how != "untracked":
        import_archive(here, source)
        commit(source, "grow", {"late.md": text("Late", "More.")}, 9)
    put(here, {place: None if how == "deleted" else text("Late", "Mine.")})
    if how.startswith("staged"):
        git(here, "add", place)
    if how == "staged away":
        put(here, {place: text("Late")})
    before = state(here)
    with pytest.raises(UsageError, match="late"):
        import_archive(here, source)
    assert state(here) == before


def test_other_work_is_left_alone(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    put(here, {"notes.txt": "staged\n", "staged-new.txt": "new\n"})
    git(here, "add", "-A")
    put(here, {"notes.txt": "edited\n", "entries/own-conf.md": text("Own", "edited"), "x": "x"})
    before = git(here, "status", "--porcelain")
    import_archive(here, source)
    assert git(here, "status", "--porcelain") == before
    assert git(here, "show", ":notes.txt") == "staged"
    assert git(here, "show", "HEAD:notes.txt") == "mine"


def test_identical_untracked_file_is_no_obstacle(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    put(here, {"entries/late.md": text("Late")})
    assert outcomes(import_archive(here, source))["entries/late.md"] == "imported"
    assert git(here, "status", "--porcelain") == ""


def test_file_where_a_folder_should_be(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    outside = tmp_path / "outside"
    outside.mkdir()
    (here / "entries/sub").symlink_to(outside)
    commit(here, "link")
    row = next(one for one in import_archive(here, source) if one.entry == "side-conf")
    assert (row.outcome, row.reason) == ("failed", "entries/sub is not a folder here")
    assert list(outside.iterdir()) == []


def test_missing_identity(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    set_home(tmp_path / "home", "")
    before = state(here)
    with pytest.raises(EnvironmentFailure, match="does not know who you are"):
        import_archive(here, source)
    assert state(here) == before


def test_merge_under_way(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    git(here, "switch", "-qc", "other")
    commit(here, "other", {"other.txt": "x"})
    git(here, "switch", "-q", "main")
    git(here, "merge", "-q", "--no-ff", "--no-commit", "other")
    with pytest.raises(GitFailure, match="merge is under way"):
        import_archive(here, source)


def test_command(
    tmp_path: Path,
    source: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = archive(tmp_path / "archive")
    monkeypatch.chdir(tmp_path)
    assert main(["-C", "archive", "import", "../source", "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "left out   README.md: no front matter",
        "imported   entries/late.md",
        "imported   entries/some-conf-2014.md (2 versions)",
        "imported   entries/sub/side-conf.md",
        "",
        "3 imported, 1 left out; nothing was written",
    ]
    assert main(["-C", "archive", "import", "-f", "json", "-o", "../out.json", "../source"]) == 0
    document = json.loads((tmp_path / "out.json").read_text())
    assert document["summary"] == {
        "imported": 3,
        "updated": 0,
        "unchanged": 0,
        "left_out": 1,
        "failed": 0,
    }
    assert document["results"][2] == {
        "entry": "some-conf-2014",
        "path": "entries/some-conf-2014.md",
        "source": "some-conf-2014.md",
        "outcome": "imported",
        "reason": None,
        "versions": 2,
    }
    put(here, {"entries/late.md": text("Late", "Mine.")})
    commit(here, "mine")
    commit(source, "theirs", {"late.md": text("Late", "Theirs.")}, 9)
    assert main(["-C", "archive", "import", "../source"]) == 1
    assert main(["-C", "archive", "import", "nowhere"]) == 2
