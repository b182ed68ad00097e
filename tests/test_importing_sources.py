"""What can be imported from."""

from __future__ import annotations

from pathlib import Path

import pytest
from importing_world import (
    NEW,
    archive,
    git,
    log,
    outcomes,
    put,
    repository,
    set_home,
    tangled,
    text,
)

from archivist.errors import GitFailure, UsageError
from archivist.importing import import_archive
from archivist.importing.mapping import blob_id, target


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in set_home(tmp_path / "home").items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tangled(tmp_path / "source")


def test_folder(tmp_path: Path) -> None:
    here = archive(tmp_path / "archive")
    there = tmp_path / "folder"
    put(there, {"A B.md": text("A B"), "entries/c.md": text("C"), "d.txt": "d", ".hid/e.md": "e"})
    (there / "link.md").symlink_to(there / "A B.md")
    (there / "linked").symlink_to(there)
    results = import_archive(here, there)
    assert {(one.source, one.path, one.reason) for one in results} == {
        ("A B.md", "entries/a-b.md", None),
        ("entries/c.md", "entries/c.md", None),
        ("d.txt", None, "not Markdown"),
        (".hid", None, "hidden"),
        ("link.md", None, "a symbolic link"),
        ("linked", None, "a symbolic link"),
    }
    assert log(here, "-1") == ["Import 2 entries from folder"]
    assert git(here, "status", "--porcelain") == ""


def test_bundle_and_heads(tmp_path: Path, source: Path) -> None:
    here = archive(tmp_path / "archive")
    git(source, "bundle", "create", "../two.bundle", "main", "side")
    with pytest.raises(UsageError, match="main, side"):
        import_archive(here, tmp_path / "two.bundle")
    git(source, "bundle", "create", "../one.bundle", "side")
    assert set(outcomes(import_archive(here, tmp_path / "one.bundle"))) == {
        "README.md",
        "entries/some-conf.md",
        "entries/sub/side-conf.md",
    }
    git(source, "bundle", "create", "../part.bundle", "side..main")
    with pytest.raises(GitFailure, match="prerequisite"):
        import_archive(here, tmp_path / "part.bundle")


def test_bare_and_linked_sources(tmp_path: Path, source: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(source), "bare.git")
    git(source, "worktree", "add", "-q", "--detach", "../linked", "side")
    here = archive(tmp_path / "archive")
    assert set(outcomes(import_archive(here, tmp_path / "bare.git"))) >= NEW
    other = archive(tmp_path / "other")
    assert "entries/late.md" not in outcomes(import_archive(other, tmp_path / "linked"))


def test_settings_of_the_user(tmp_path: Path, source: Path) -> None:
    """Settings that people have, and that change what git takes for granted."""
    settings = ("[safe]\nbareRepository = explicit\n", "[init]\ndefaultObjectFormat = sha256\n")
    git(tmp_path, "clone", "-q", "--bare", str(source), "bare.git")
    here = archive(tmp_path / "archive")
    with (tmp_path / "home/.gitconfig").open("a") as file:
        file.writelines(settings)
    assert set(outcomes(import_archive(here, tmp_path / "bare.git"))) >= NEW


def test_shallow_source(tmp_path: Path, source: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{source}", "shallow")
    here = archive(tmp_path / "archive")
    with pytest.raises(GitFailure, match="cut short") as caught:
        import_archive(here, tmp_path / "shallow")
    assert caught.value.hint is not None
    assert "--unshallow" in caught.value.hint
    assert set(outcomes(import_archive(here, tmp_path / "shallow", history=False))) >= NEW


def test_partial_source(tmp_path: Path, source: Path) -> None:
    git(source, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{source}", "partial")
    here = archive(tmp_path / "archive")
    with pytest.raises(GitFailure, match="partial is a partial clone, and lacks texts") as caught:
        import_archive(here, tmp_path / "partial")
    assert caught.value.hint is not None
    assert "--refetch" in caught.value.hint
    assert set(outcomes(import_archive(here, tmp_path / "partial", history=False))) >= NEW
    git(tmp_path / "partial", "fetch", "-q", "--refetch", "--no-filter")
    import_archive(here, tmp_path / "partial")


def test_sources_that_cannot_be(tmp_path: Path) -> None:
    here = archive(tmp_path / "archive")
    put(tmp_path, {"file": "x"})
    repository(tmp_path / "empty")
    for given, words in (
        (here, "this archive itself"),
        (here / "entries", "lie in each other"),
        (tmp_path, "lie in each other"),
        (tmp_path / "file", "neither a folder"),
        (tmp_path / "none", "there is no"),
        (tmp_path / "empty", "has no commit"),
    ):
        with pytest.raises(UsageError, match=words):
            import_archive(here, given)


@pytest.mark.parametrize("url", ["https://host.example/x", "git@host.example:x/y.git"])
def test_an_address_is_cloned_first(tmp_path: Path, url: str) -> None:
    here = archive(tmp_path / "archive")
    with pytest.raises(UsageError, match="there is no") as caught:
        import_archive(here, here / url)
    assert caught.value.hint == "clone it first, then import the clone"


@pytest.mark.parametrize(
    ("there", "here"),
    [
        (b"foo/Bar Baz.md", "entries/foo/bar-baz.md"),
        (b"entries/sources/x.md", "entries/sources/x.md"),
        (b"x.MARKDOWN", "entries/x.md"),
        ("Köln Café.md".encode(), "entries/koln-cafe.md"),
        (b"--evil\n../x.md", "entries/evil/x.md"),
        (b"\xff\xfe.md", "entries/unnamed-9f7b1427.md"),
        (b"a" * 300 + b".md", f"entries/{'a' * 100}.md"),
    ],
)
def test_path_map(there: bytes, here: str) -> None:
    assert target(there) == here


def test_blob_id(tmp_path: Path) -> None:
    repository(tmp_path / "r")
    assert git(tmp_path / "r", "hash-object", "--stdin", stdin=b"abc") == blob_id(b"abc")


def test_real_archive(tmp_path: Path, corpus: Path) -> None:
    here = archive(tmp_path / "archive")
    results = import_archive(here, corpus / "history.bundle")
    left_out = [one.source for one in results if one.outcome == "left out"]
    assert left_out == ["CONTRIBUTING.md", "README.md"]
    assert sum(one.outcome == "imported" for one in results) == 32
    assert len(log(here, "HEAD^2")) == 36
    again = import_archive(here, corpus / "entries")
    assert [one.outcome for one in again] == ["unchanged"] * 32
