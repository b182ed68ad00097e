"""Names that an import's history had on its way are not the names of this archive."""

from __future__ import annotations

from pathlib import Path

from importing_world import archive, commit, put, repository, text

from archivist.importing import import_archive
from archivist.versions import History

A, B, OWN = "entries/a.md", "entries/b.md", "entries/own-conf.md"
LONG = "A long line of words, by which git knows a text again after it has moved."


def _kinds(folder: Path, name: str) -> list[tuple[str, str]]:
    """The kind and the path of each version, newest first."""
    versions = History(folder).versions(name)
    return [(one.kind, one.path) for one in reversed(versions)]


def _renamed(folder: Path) -> Path:
    """A source whose entry was renamed, and then edited."""
    repository(folder)
    commit(folder, "add a", {A: text("There", LONG)}, 1)
    commit(folder, "rename", {A: None, B: text("There", LONG)}, 2)
    commit(folder, "edit", {B: text("There", f"{LONG} Twice.")}, 3)
    return folder


def test_a_name_that_is_taken_here(tmp_path: Path) -> None:
    here = archive(tmp_path / "here")
    commit(here, "own a", {A: text("Own A", "Mine.")}, 1)
    commit(here, "edit it", {A: text("Own A", "Mine, still.")}, 2)
    import_archive(here, _renamed(tmp_path / "there"))
    for _ in range(2):  # told, and as it is remembered
        assert _kinds(here, "a") == [("text", A), ("added", A)]
        assert _kinds(here, "b") == [("text", B), ("renamed", B), ("added", A)]
        assert History(here).verify() == []
    commit(here, "edit both", {A: text("Own A", "New."), B: text("There", "New.")}, 5)
    assert len(_kinds(here, "a")) == 3
    assert len(_kinds(here, "b")) == 4
    assert History(here).verify() == []


def test_a_rename_there_after_an_edit_here(tmp_path: Path) -> None:
    there, here = repository(tmp_path / "there"), archive(tmp_path / "here")
    commit(there, "add a", {A: text("There", LONG)}, 1)
    import_archive(here, there)
    commit(here, "edit", {A: text("There", f"{LONG} Here.")}, 2)
    commit(there, "rename", {A: None, B: text("There", LONG)}, 2)
    commit(there, "edit", {B: text("There", f"{LONG} There.")}, 3)
    import_archive(here, there)
    assert _kinds(here, "a") == [("text", A), ("added", A)]
    assert _kinds(here, "b") == [("text", B), ("added", B)]
    assert History(here).verify() == []


def test_a_rename_there_of_what_nobody_edited_here(tmp_path: Path) -> None:
    there, here = repository(tmp_path / "there"), archive(tmp_path / "here")
    commit(there, "add a", {A: text("There", LONG)}, 1)
    import_archive(here, there)
    commit(there, "rename", {A: None, B: text("There", LONG)}, 2)
    commit(there, "edit", {B: text("There", f"{LONG} There.")}, 3)
    import_archive(here, there)
    assert _kinds(here, "b") == [("text", B), ("renamed", B), ("added", A)]
    assert History(here).verify() == []


def test_names_that_come_back_and_change_places(tmp_path: Path) -> None:
    there, here = repository(tmp_path / "there"), archive(tmp_path / "here")
    other = "Another text altogether, about boats, tides, lamps and the harbour master."
    commit(there, "add", {A: text("A", LONG), B: text("B", other)}, 1)
    import_archive(here, there)
    put(here, {"entries/c.md": text("Own C", "Mine.")})
    commit(here, "own c", {}, 2)
    commit(there, "one", {A: None, "entries/c.md": text("A", LONG)}, 2)
    commit(there, "two", {B: None, A: text("B", other)}, 3)
    commit(there, "three", {"entries/c.md": None, B: text("A", LONG)}, 4)
    commit(there, "four", {B: text("A", f"{LONG} More."), A: text("B", f"{other} More.")}, 5)
    import_archive(here, there)
    assert _kinds(here, "c") == [("added", "entries/c.md")]
    assert [kind for kind, _ in _kinds(here, "own-conf")] == ["added"]
    assert History(here).verify() == []
