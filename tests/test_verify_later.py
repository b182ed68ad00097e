"""What happens to versions after they were captured: damage that is committed, renames, clones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from backfills import MIDDLE, NEW, Backfills
from sandbox import Sandbox, entry
from test_verify import Captured
from web import Web

EVIDENCE = "evidence/quay.warc"


@pytest.fixture
def captured(tmp_path: Path) -> Captured:
    """An archive with a captured entry, and one that never was."""
    return Captured(tmp_path / "archive")


def _commit(captured: Captured, message: str) -> str:
    captured.box.git("add", "--all")
    captured.box.git("commit", "--quiet", "--message", message)
    return captured.box.git("rev-parse", "HEAD").strip()[:10]


def _damage(captured: Captured, path: str) -> bytes:
    """Change a word of a file; its former bytes."""
    full = captured.box.root / path
    data = full.read_bytes()
    full.write_bytes(data.replace(b"tide", b"tice"))
    assert full.read_bytes() != data
    return data


def _messages(document: dict[str, Any]) -> list[str]:
    return [one["message"] for row in document["results"] for one in row["findings"]]


@pytest.mark.parametrize("prefix", ["", "deep/er"])
def test_evidence_that_was_damaged_in_a_commit(tmp_path: Path, prefix: str) -> None:
    captured = Captured(tmp_path / "archive", prefix=prefix)
    data = _damage(captured, EVIDENCE)
    rev = _commit(captured, "Correct a word")
    assert captured.names() == {"evidence"}
    (message,) = _messages(captured.verify())
    assert message.startswith(f"{EVIDENCE} is not the file that was captured last")
    assert message.endswith(f"{rev} changed it")
    assert captured.names("pier") == set()
    (captured.box.root / EVIDENCE).write_bytes(data)
    _commit(captured, "Put it right")
    document = captured.verify()
    assert document["code"] == 0
    assert document["notes"] == [f"{EVIDENCE} was damaged in {rev}; a later commit put it right"]


def test_evidence_that_was_removed_in_a_commit(captured: Captured) -> None:
    captured.box.git("rm", "--quiet", EVIDENCE)
    rev = _commit(captured, "Save space")
    assert captured.names() == {"evidence"}
    assert _messages(captured.verify()) == [f"{EVIDENCE} is no longer there: {rev} removed it"]
    captured.box.git("rm", "--quiet", "entries/quay.md")
    _commit(captured, "Remove the entry as well")
    assert captured.names() == set()
    outcome = captured.box.run("verify")
    assert "1 proven. 1 present text was never captured. 1 entry of these is no longer there." in (
        outcome.out
    )
    assert "the entry was removed in" in captured.box.run("verify", "quay").out


def test_evidence_of_a_removed_entry_is_still_looked_at(captured: Captured) -> None:
    captured.box.git("rm", "--quiet", "entries/quay.md")
    _damage(captured, EVIDENCE)
    _commit(captured, "Remove the entry, and damage its evidence")
    assert captured.names() == {"evidence"}


def test_evidence_that_a_link_replaces(captured: Captured) -> None:
    (captured.box.root / EVIDENCE).unlink()
    (captured.box.root / EVIDENCE).symlink_to("/dev/null")
    _commit(captured, "Link it")
    assert "evidence" in captured.names()


def test_evidence_that_a_later_capture_replaced(captured: Captured) -> None:
    captured.record(MIDDLE)
    assert captured.names() == set()
    old = captured.box.git("rev-parse", f"HEAD~1:{EVIDENCE}").strip()
    captured.box.git("update-index", "--cacheinfo", f"100644,{old},{EVIDENCE}")
    captured.box.git("commit", "--quiet", "--message", "Take the older one back")
    captured.box.git("checkout", "--quiet", "--", EVIDENCE)
    assert captured.names() == {"evidence"}
    captured.record(NEW)
    document = captured.verify()
    assert (document["code"], document["notes"]) == (0, [])


def test_evidence_that_two_captures_share(captured: Captured) -> None:
    message = captured.box.git("log", "-1", "--format=%B")
    captured.box.git("commit", "--quiet", "--allow-empty", "--message", message)
    assert captured.names() == set()


def test_a_backfill_leaves_the_evidence_in_its_place(tmp_path: Path, web: Web) -> None:
    fills = Backfills(tmp_path / "archive", web)
    fills.capture("20130301000000", MIDDLE)
    assert fills.run().code == 0
    document = json.loads(fills.box.run("verify", "-f", "json").out)
    assert (document["notes"], document["summary"]["broken"]) == ([], 0)


def test_edits_behind_a_rename_are_found(captured: Captured) -> None:
    captured.box.git("mv", "entries/quay.md", "entries/mole.md")
    _commit(captured, "Rename it")
    document = captured.verify()
    assert document["code"] == 0
    assert document["summary"] == {"proven": 1, "unproven": 0, "broken": 0, "unrecorded": 1}
    (row,) = (one for one in document["results"] if one["entry"] == "quay")
    assert (row["path"], row["present"]) == ("entries/quay.md", "entries/mole.md")
    _damage(captured, "entries/mole.md")
    _commit(captured, "Change a word")
    assert captured.names() == {"edited"}
    assert captured.names("mole") == captured.names("entries/mole.md") == {"edited"}
    assert captured.names("pier") == set()
    said = " ".join(captured.box.run("verify", "mole").out.split())
    assert "entries/mole.md, captured as entries/quay.md in" in said
    assert "not the one that was captured last, as entries/quay.md, in" in said


def test_evidence_may_move_with_its_entry(captured: Captured) -> None:
    captured.box.git("mv", "entries/quay.md", "entries/mole.md")
    captured.box.git("mv", EVIDENCE, "evidence/mole.warc")
    _commit(captured, "Rename both")
    assert captured.names() == set()
    _damage(captured, "evidence/mole.warc")
    _commit(captured, "Damage it")
    assert captured.names() == {"evidence"}


def test_a_name_that_is_taken_again(captured: Captured) -> None:
    captured.box.git("mv", "entries/quay.md", "entries/quay-2012.md")
    _commit(captured, "Make room")
    captured.record(MIDDLE)
    document = captured.verify()
    assert document["code"] == 0, document
    assert document["summary"]["proven"] == 2
    presents = {one["present"] for one in document["results"] if one["entry"] == "quay"}
    assert presents == {"entries/quay.md", "entries/quay-2012.md"}
    _damage(captured, "entries/quay-2012.md")
    _commit(captured, "Change the older one")
    assert captured.names() == {"edited"}


def test_captures_on_a_branch_that_was_merged(captured: Captured) -> None:
    captured.box.git("switch", "--quiet", "--create", "proposal")
    captured.record(MIDDLE)
    captured.record(NEW)
    captured.box.git("switch", "--quiet", "main")
    captured.box.write("notes.txt", "Meanwhile.\n")
    _commit(captured, "Go on")
    captured.box.git("merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    assert captured.names() == set()
    assert captured.verify()["summary"]["proven"] == 3
    _damage(captured, EVIDENCE)
    _damage(captured, "entries/quay.md")
    _commit(captured, "Change both")
    assert captured.names() == {"edited", "evidence"}


def test_a_shallow_clone_does_not_prove_the_whole(captured: Captured, tmp_path: Path) -> None:
    captured.record(MIDDLE)
    captured.box.git("clone", "--quiet", "--depth=1", f"file://{captured.box.root}", "../shallow")
    outcome = Sandbox(tmp_path / "shallow").run("verify", "-f", "json")
    document = json.loads(outcome.out)
    assert (outcome.code, document["complete"]) == (0, False)
    assert document["summary"]["proven"] == 1
    assert "this clone is shallow" in outcome.err
    assert "git fetch --unshallow" in document["notes"][0]


def test_what_a_partial_clone_lacks_is_not_broken(captured: Captured, tmp_path: Path) -> None:
    captured.record(MIDDLE)
    captured.box.git("config", "uploadpack.allowFilter", "true")
    options = ("--filter=blob:none", f"file://{captured.box.root}", "../partial")
    captured.box.git("clone", "--quiet", *options)
    outcome = Sandbox(tmp_path / "partial").run("verify", "-f", "json")
    document = json.loads(outcome.out)
    assert (outcome.code, document["complete"]) == (0, False), outcome
    assert document["summary"]["unproven"] == 1
    assert "was not fetched" in outcome.out
    assert "this clone is partial" in outcome.err


def test_mementos_are_counted(tmp_path: Path, web: Web) -> None:
    fills = Backfills(tmp_path / "archive", web)
    fills.prepare()
    assert fills.box.run("verify", "--remote").out.endswith(" No memento was asked.\n")
    fills.capture("20130301000000", MIDDLE)
    assert fills.run().code == 0
    outcome = fills.box.run("verify", "--remote")
    assert outcome.out.endswith(" 1 memento was asked, 1 answered.\n")
    web.wayback.fail()
    outcome = fills.box.run("verify", "--remote", "-f", "json")
    document = json.loads(outcome.out)
    assert outcome.code == 2
    assert document["remote"] == {"mementos": 1, "answered": 0}
    assert document["complete"] is False
    assert json.loads(fills.box.run("verify", "-f", "json").out)["remote"] is None


def test_stubs_have_no_text_to_capture(captured: Captured) -> None:
    stub = entry("Guild").replace("layout: coc", "layout: source")
    captured.box.write("entries/sources/guild.md", stub.rpartition("---\n")[0] + "---\n")
    _commit(captured, "Add a stub")
    assert captured.verify()["summary"]["unrecorded"] == 1
    assert captured.box.run("verify", "guild").out == "No version was captured.\n"


def test_names_that_nobody_has(captured: Captured) -> None:
    assert "did you mean quay?" in captured.box.run("verify", "qay").err
    outcome = captured.box.run("verify", "xyzzy")
    assert outcome.code == 2
    assert "`archivist verify` proves all entries" in outcome.err
    assert captured.box.run("verify", EVIDENCE).code == 2
