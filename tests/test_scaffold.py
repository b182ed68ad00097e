"""`archivist init` and `archivist new`."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sandbox import Sandbox, entry, sandbox

ROOT = Path(__file__).parents[1]


def test_init_makes_a_clean_archive(tmp_path: Path) -> None:
    box = Sandbox(tmp_path)
    assert box.run("init", "codes").code == 0
    inside = Sandbox(tmp_path / "codes")
    made = sorted(
        path.relative_to(inside.root).as_posix()
        for path in inside.root.rglob("*")
        if path.is_file() and ".git/" not in path.as_posix()
    )
    assert made == [
        ".gitattributes",
        ".github/workflows/check.yml",
        ".github/workflows/links.yml",
        ".pre-commit-config.yaml",
        "archivist.toml",
        "entries/.gitkeep",
        "schema/coc.schema.json",
        "schema/policy.schema.json",
        "schema/source.schema.json",
    ]
    assert inside.run("check").code == 0
    assert inside.git("branch", "--show-current") == "main\n"


def test_init_keeps_what_is_there(tmp_path: Path) -> None:
    box = sandbox(tmp_path, quay_guild=entry("Quay Guild"))
    box.write("archivist.toml", "# mine\n")
    outcome = box.run("init")
    assert "kept archivist.toml" in outcome.out
    assert "kept .git" in outcome.out
    assert "--write-baseline" in outcome.err
    assert box.read("archivist.toml") == "# mine\n"
    assert not (tmp_path / "entries" / ".gitkeep").exists()
    again = box.run("init")
    assert "made" not in again.out


def test_init_dry_run_makes_nothing(tmp_path: Path) -> None:
    outcome = Sandbox(tmp_path).run("init", "codes", "--dry-run")
    assert "would make archivist.toml" in outcome.out
    assert list(tmp_path.iterdir()) == []


def test_workflows_are_valid(tmp_path: Path) -> None:
    Sandbox(tmp_path).run("init")
    workflows = [*tmp_path.glob(".github/workflows/*.yml"), *ROOT.glob(".github/workflows/*.yml")]
    subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.github-workflows", *map(str, workflows)),
        ],
        check=True,
    )


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    return sandbox(tmp_path, git=False, quay_guild=entry("Quay Guild"))


def test_new_writes_an_entry_that_passes(box: Sandbox) -> None:
    outcome = box.run(
        *("new", "Lantern Conf 2019", "--url", "https://lantern.example/conduct", "--text", "-"),
        *("--announced", "2 March 2019", "--parent", "Quay Guild", "--language", "en"),
        *("--now", "2026-11-23T10:00:00Z"),
        stdin="Be kind.  \r\n\r\nBe patient.",
    )
    assert (outcome.code, outcome.out) == (0, "entries/lantern-conf-2019.md\n")
    assert box.read("entries/lantern-conf-2019.md") == (
        "---\nlayout: coc\nconference: Lantern Conf 2019\ndate announced: Mar 02, 2019\n"
        "date archived: Nov 23, 2026\nurl: https://lantern.example/conduct\n"
        "credited parents: Quay Guild\nlanguage: en\n\n---\n\nBe kind.\n\nBe patient.\n"
    )
    assert box.run("check", "--strict").code == 0


@pytest.mark.parametrize(
    "title", ["!!Con", "Node Night #1", "Yes", "a: b", "12:30", '"quoted"', "'tis", "- dash", "[x]"]
)
def test_new_quotes_what_yaml_would_change(box: Sandbox, title: str) -> None:
    arguments = ("--text", "-", "--id", "strange-title", "--organization")
    outcome = box.run("new", *arguments, "--", title, stdin="Be kind.")
    assert outcome.code == 0, outcome
    assert box.run("check").code == 0


def test_new_writes_parents_as_a_list_where_it_must(box: Sandbox) -> None:
    box.write("entries/salt-and-sons.md", entry("Salt, Silt and Sons"))
    parents = ("--parent", "Salt, Silt and Sons", "--parent", "Quay Guild")
    assert box.run("new", "Weir Guild", "--text", "-", *parents, stdin="Be kind.").code == 0
    text = box.read("entries/weir-guild.md")
    assert "credited parents:\n  - Salt, Silt and Sons\n  - Quay Guild\n" in text


def test_new_does_not_write_what_does_not_pass(box: Sandbox) -> None:
    outcome = box.run("new", "Weir Guild", "--text", "-", "--parent", "Nobody", stdin="Be kind.")
    assert outcome.code == 1
    assert "error P501" in outcome.out
    assert "was not written" in outcome.err
    assert not (box.root / "entries" / "weir-guild.md").exists()


def test_new_needs_a_title_and_a_text(box: Sandbox) -> None:
    assert "a title must be given" in box.run("new").err
    assert "the policy's text must be given" in box.run("new", "Weir Guild").err
    assert box.run("new", "Weir Guild", "--text", "none.txt").code == 2


def test_new_never_overwrites(box: Sandbox) -> None:
    outcome = box.run("new", "Quay Guild", "--text", "-", stdin="Another text.")
    assert outcome.code == 2
    assert "exists already" in outcome.err
    assert box.read("entries/quay-guild.md") == entry("Quay Guild")


def test_new_dry_run_prints_the_entry(box: Sandbox) -> None:
    outcome = box.run("new", "Weir Guild", "--text", "-", "--dry-run", stdin="Be kind.")
    assert outcome.out.startswith("---\nlayout: coc\norganization: Weir Guild\n")
    assert not (box.root / "entries" / "weir-guild.md").exists()


def test_new_asks_on_a_terminal(box: Sandbox) -> None:
    leader, follower = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "archivist", "new"],
        cwd=box.root,
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    for answer in (
        *("Weir Guild", "https://weir.example/conduct", "Dec 2013", "Quay Guild", "Be kind."),
        "\x04",
    ):
        time.sleep(0.2)
        os.write(leader, f"{answer}\n".encode() if answer != "\x04" else b"\x04")
    assert child.wait(timeout=20) == 0
    os.close(leader)
    text = box.read("entries/weir-guild.md")
    assert "date announced: Dec 2013\n" in text
    assert text.endswith("---\n\nBe kind.\n")


def test_new_breaks_nothing_elsewhere(box: Sandbox) -> None:
    """The older of two entries of one text is the one that was taken from."""
    body = box.read("entries/quay-guild.md").rpartition("---\n")[2]
    box.write("text.txt", body)
    arguments = ("new", "Harbour Guild", "--text", "text.txt", "--archived", "Feb 04, 2009")
    outcome = box.run(*arguments)
    assert outcome.code == 1
    assert "entries/quay-guild.md" in outcome.out
    assert "N605" in outcome.out
    assert "`harbour-guild` breaks it" in outcome.out
    assert "was not written: with it, other entries do not pass" in outcome.err
    assert not (box.root / "entries/harbour-guild.md").exists()
    assert box.run("check").code == 0


def test_new_says_how_to_credit_an_entry_of_the_same_text(box: Sandbox) -> None:
    body = "At Quay Guild all are kind."
    arguments = ("new", "A Guild", "--archived", "2014-02-03", "--text", "-")
    outcome = box.run(*arguments, stdin=body)
    assert "`a-guild` breaks it; if the other text derives from this one" in outcome.out
    assert "credit it: --parent quay-guild" in outcome.out
    assert box.run(*arguments, "--parent", "quay-guild", stdin=body).code == 0
