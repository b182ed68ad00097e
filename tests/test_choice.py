"""What entries are called: every command knows the same names, and says the same of others."""

from __future__ import annotations

from pathlib import Path

import pytest
from sandbox import Sandbox, entry, sandbox

from archivist.choice import ambiguous, names_of, paths_of

COMMANDS = {
    **{name: (name,) for name in ("history", "show", "blame", "diff", "verify")},
    "snapshot": ("snapshot", "--dry-run"),
    "backfill": ("backfill", "--dry-run"),
    "links": ("links", "--history"),
}


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    """Three entries, of which two have one title."""
    guild = entry("Quay Guild")
    box = sandbox(tmp_path / "archive", mill=entry("Mill"), quay_long=guild, quay_short=guild)
    box.write("archivist.toml", '[wayback]\nurl = "http://127.0.0.1:9"\n')
    return box


@pytest.mark.parametrize("command", COMMANDS)
def test_names_of_none(box: Sandbox, command: str) -> None:
    for name, near in (("qay-long", "quay-long"), ("Quay Gild", "Quay Guild"), ("xyzzy", "")):
        outcome = box.run(*COMMANDS[command], name)
        assert outcome.code == 2
        assert f"no entry is or was named {name}\n" in outcome.err.replace(
            "is named", "is or was named"
        )
        assert ("did you mean" in outcome.err) == bool(near)
        assert not near or f"hint: did you mean {near}?" in outcome.err


@pytest.mark.parametrize("command", ["history", "show", "blame", "diff"])
def test_the_beginning_of_an_id(box: Sandbox, command: str) -> None:
    """What begins so is nearer than what is merely alike."""
    box.write("entries/aquay.md", entry("Aquay"))
    box.commit()
    for name in ("quay", "Quay", "quay-"):
        outcome = box.run(*COMMANDS[command], name)
        assert outcome.code == 2
        assert "hint: did you mean quay-long or quay-short?" in outcome.err


@pytest.mark.parametrize("command", ["history", "show", "blame", "diff", "backfill"])
def test_names_of_several(box: Sandbox, command: str) -> None:
    outcome = box.run(*COMMANDS[command], "quay guild")
    assert outcome.code == 2
    assert "quay guild is a name of 2 entries" in outcome.err
    assert "hint: name one of them: quay-long, quay-short\n" in outcome.err


@pytest.mark.parametrize("command", ["history", "show", "blame", "verify"])
def test_spellings_of_a_path(box: Sandbox, command: str) -> None:
    box.write("entries/sub/weir.md", entry("Weir"))
    box.commit()
    for path in ("entries/sub/weir", "sub/weir.md", "./entries/sub/weir.md", "weir.md"):
        outcome = box.run(command, path)
        assert outcome.code == 0, (path, outcome.err)
        assert outcome.out == box.run(command, "weir").out
    (box.root / "entries/sub/weir.md").unlink()
    box.commit()
    assert command == "verify" or box.run(command, "entries/sub/weir").code == 0


def test_a_version_is_no_entry(box: Sandbox) -> None:
    for command in ("history", "blame"):
        outcome = box.run(command, "mill@2014")
        assert outcome.code == 2
        assert "named mill@2014\n" in outcome.err
        assert "did you mean mill?" in outcome.err


def test_names_with_an_at(box: Sandbox) -> None:
    """A title may have one, and so may what names a commit."""
    box.write("entries/cafe.md", entry("C@fe Guild"))
    box.write("entries/x@2015.md", entry("Other"))
    box.commit()
    text = box.run("show", "cafe").out
    for name in ("C@fe Guild", "c@fe guild@2014-03", "C@fe Guild@HEAD", "cafe@HEAD@{0}"):
        outcome = box.run("show", name)
        assert (outcome.code, outcome.out) == (0, text), (name, outcome.err)
        assert box.run("diff", name, "cafe").code == 0
    for name in ("x@2015", "entries/x@2015", "x@2015@2014-03", "x@2015@HEAD"):
        assert box.run("show", name).out == "At Other all are kind.\n", name
    assert "did you mean cafe?" in box.run("show", "c@fe@2014").err
    assert "no text of that entry is known for 2012" in box.run("show", "C@fe Guild@2012").err


def test_what_a_path_is_short_for() -> None:
    assert set(paths_of("entries/a/b")) == {"entries/a/b.md", "a/b"}
    assert set(paths_of("./a.md")) == {"a.md", "entries/a.md", "a"}
    assert "" not in paths_of("./.md")


def test_entries_of_one_id_are_named_by_their_paths() -> None:
    paths = ["entries/a/x.md", "entries/b/x.md"]
    assert names_of(paths) == paths
    assert names_of([*paths[:1], "entries/y.md"]) == ["x", "y"]
    assert str(ambiguous("x", [str(n) for n in range(9)]).hint).endswith("6, 7 and 1 more")
