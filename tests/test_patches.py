"""What versions changed, shown with the timeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sandbox import Sandbox, entry, sandbox

from archivist.patches import patches
from archivist.versions import History

A = "Be kind to each other. Bring your own lantern, and share its light."
B = "Be kind to each other. Leave your own lantern, and share its light."


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    """An entry that was written, reworded, renamed with a new date, removed and restored."""
    made = sandbox(tmp_path / "archive", quay=_text(A), mill=entry("Mill"))
    made.write("entries/quay.md", _text(B))
    made.commit("Reword")
    made.git("mv", "entries/quay.md", "entries/wharf.md")
    made.write("entries/wharf.md", _text(B).replace("Feb 04", "Feb 05"))
    made.commit("Move")
    text = made.read("entries/wharf.md")
    (made.root / "entries/wharf.md").unlink()
    made.commit("Remove")
    made.write("entries/wharf.md", text)
    made.commit("Restore")
    return made


def _text(body: str) -> str:
    return entry("Quay", body=body)


def test_a_timeline_with_patches(box: Sandbox) -> None:
    said = box.run("history", "wharf", "--patch").out
    assert "    Be kind to each other. [-Bring-]{+Leave+} your own lantern," in said
    assert "    date archived  [-Feb 04, 2014-] → {+Feb 05, 2014+}" in said
    assert said.endswith("\n5 versions; 1 change of text\n")
    assert "[-" not in box.run("history", "wharf").out


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_hunks_make_up_both_texts(box: Sandbox, form: str) -> None:
    said = box.run("history", "-f", form, "-p").out
    rows: list[dict[str, Any]] = (
        json.loads(said)["versions"]
        if form == "json"
        else [json.loads(line) for line in said.splitlines()]
    )
    own = {one["subject"]: one for one in rows if one["entry"] == "wharf"}
    assert [own[name]["hunks"] for name in ("Begin", "Remove")] == [None, None]
    hunks = own["Reword"]["hunks"]
    assert "".join(one["text"] for one in hunks if one["op"] != "insert").strip() == A
    assert "".join(one["text"] for one in hunks if one["op"] != "delete").strip() == B
    assert own["Move"]["front_matter"] == [
        {"key": "date archived", "from": "Feb 04, 2014", "to": "Feb 05, 2014"}
    ]
    assert {one["op"] for one in own["Restore"]["hunks"]} == {"equal"}
    assert "hunks" not in box.run("history", "-f", form).out


def test_a_table_has_no_room_for_them(box: Sandbox) -> None:
    outcome = box.run("history", "-f", "csv", "--patch")
    assert outcome.code == 2
    assert "jsonl" in outcome.err


def test_only_what_is_chosen_is_compared(box: Sandbox) -> None:
    box.write("entries/wharf.md", _text(A))
    history = History(box.root)
    versions = history.versions()
    edited = [one for one in versions if one.rev is None]
    ((version, found),) = patches(history, versions, edited).items()
    assert version.rev is None
    assert found.b.entry.body.strip() == A
    assert found.a.entry.body.strip() == B


def test_what_cannot_be_read_has_no_patch(box: Sandbox) -> None:
    oid = box.git("rev-parse", "HEAD~4:entries/quay.md").strip()
    (box.root / ".git/objects" / oid[:2] / oid[2:]).unlink()
    history = History(box.root)
    versions = history.versions()
    found = patches(history, versions, versions)
    assert "Reword" not in {one.subject for one in found}
    assert "Move" in {one.subject for one in found}
