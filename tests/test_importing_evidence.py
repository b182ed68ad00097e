"""Importing what archivist captured: evidence comes along, and what came along can be proved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from backfills import MIDDLE, NEW, Backfills
from importing_world import outcomes, state
from sandbox import Sandbox, entry, sandbox
from test_verify import Captured
from web import Web

from archivist.importing import exhibits, import_archive

EVIDENCE = "evidence/quay.warc"


@pytest.fixture
def there(tmp_path: Path) -> Captured:
    """An archive with two captures of an entry."""
    there = Captured(tmp_path / "there")
    there.record(MIDDLE)
    return there


@pytest.fixture
def here(tmp_path: Path) -> Sandbox:
    """The archive that it is imported into."""
    return sandbox(tmp_path / "here", mole=entry("Mole"))


def _verified(box: Sandbox) -> dict[str, Any]:
    outcome = box.run("verify", "-f", "json")
    found: dict[str, Any] = json.loads(outcome.out)
    return found | {"code": outcome.code}


@pytest.mark.parametrize("prefix", ["", "deep/er"])
def test_what_was_imported_can_be_proved(tmp_path: Path, there: Captured, prefix: str) -> None:
    top = sandbox(tmp_path / "here", mole=entry("Mole"))
    here = Sandbox(top.root / prefix)
    here.write("entries/mole.md", entry("Mole"))
    top.git("add", "--all")
    top.git("commit", "--quiet", "--allow-empty", "--message", "Begin")
    results = import_archive(here.root, there.box.root)
    assert outcomes(results) == {"entries/pier.md": "imported", "entries/quay.md": "imported"}
    assert here.read(EVIDENCE) == there.box.read(EVIDENCE)
    assert top.git("status", "--porcelain") == ""
    document = _verified(here)
    assert document["code"] == 0, document
    assert document["summary"] == {"proven": 2, "unproven": 0, "broken": 0, "unrecorded": 2}
    before = state(top.root)
    assert set(outcomes(import_archive(here.root, there.box.root)).values()) == {"unchanged"}
    assert state(top.root) == before
    there.record(NEW)
    assert outcomes(import_archive(here.root, there.box.root))["entries/quay.md"] == "updated"
    assert here.read(EVIDENCE) == there.box.read(EVIDENCE)
    assert _verified(here)["summary"]["proven"] == 3
    here.write(EVIDENCE, here.read(EVIDENCE).replace("tide", "tice"))
    top.git("commit", "--quiet", "--all", "--message", "Damage it")
    assert _verified(here)["code"] == 1


def test_what_was_recovered_there_can_be_proved(tmp_path: Path, web: Web, here: Sandbox) -> None:
    fills = Backfills(tmp_path / "there", web)
    fills.capture("20130301000000", MIDDLE)
    assert fills.run().code == 0
    import_archive(here.root, fills.box.root)
    document = _verified(here)
    assert (document["code"], document["summary"]["proven"]) == (0, 1), document


def test_an_archive_within_a_repository(tmp_path: Path, here: Sandbox) -> None:
    there = Captured(tmp_path / "there", prefix="codes")
    import_archive(here.root, there.top.root)
    assert here.read(EVIDENCE) == there.box.read(EVIDENCE)
    assert _verified(here)["summary"]["proven"] == 1


def test_only_what_commits_name_comes_along(there: Captured, here: Sandbox) -> None:
    there.box.write("evidence/other.warc", "WARC/1.1\n")
    (there.box.root / "evidence/link.warc").symlink_to("/etc/passwd")
    there.box.write("evidence/.hidden.warc", "x")
    there.box.commit("Add what nobody captured")
    message = (
        f"Evil\n\nArchivist-Entry: other\nArchivist-Evidence: evidence/../x sha256:{'0' * 64}\n"
    )
    there.box.git("commit", "--quiet", "--allow-empty", "--message", message)
    rows = import_archive(here.root, there.box.root)
    reasons = {one.source: one.reason for one in rows if one.outcome == "left out"}
    assert reasons == {
        "evidence/.hidden.warc": "hidden",
        "evidence/link.warc": "evidence that no commit names",
        "evidence/other.warc": "evidence that no commit names",
    }
    assert [one.name for one in (here.root / "evidence").iterdir()] == ["quay.warc"]


def test_damage_does_not_come_along(there: Captured, here: Sandbox) -> None:
    there.box.write(EVIDENCE, there.box.read(EVIDENCE).replace("hurts", "harms"))
    there.box.commit("Damage it")
    import_archive(here.root, there.box.root)
    document = _verified(here)
    (message,) = (one["message"] for row in document["results"] for one in row["findings"])
    assert message.startswith(f"{EVIDENCE} is no longer there")


def test_evidence_of_an_entry_that_is_not_taken_stays(there: Captured, tmp_path: Path) -> None:
    here = Captured(tmp_path / "here")
    here.record((*NEW, "Mind the step."))
    own = here.box.read(EVIDENCE)
    rows = import_archive(here.box.root, there.box.root)
    assert {one.path: one.outcome for one in rows} == {
        "entries/pier.md": "unchanged",
        "entries/quay.md": "failed",
    }
    assert here.box.read(EVIDENCE) == own
    document = _verified(here.box)
    assert document["code"] == 0, document


def test_evidence_that_is_in_the_way(there: Captured, here: Sandbox) -> None:
    here.write(EVIDENCE, "mine\n")
    here.commit("Keep my own")
    rows = import_archive(here.root, there.box.root)
    assert [(one.path, one.outcome) for one in rows if one.outcome == "failed"] == [
        (EVIDENCE, "failed")
    ]
    assert here.read(EVIDENCE) == "mine\n"


def test_what_is_too_large_is_said_to_have_been_left_behind(
    there: Captured, here: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exhibits, "MAX_SIZE", 100)
    import_archive(here.root, there.box.root)
    document = _verified(here)
    assert document["code"] == 0
    assert document["summary"]["unproven"] == 2
    assert "was left behind where the version was imported from" in str(document["results"])


def test_without_history_no_evidence_comes_along(there: Captured, here: Sandbox) -> None:
    outcome = here.run("import", "--no-history", str(there.box.root))
    assert "evidence/quay.warc: evidence of versions that stay there" in " ".join(
        outcome.out.split()
    )
    assert not (here.root / "evidence").exists()


def test_the_list_of_what_is_left_out_is_short(there: Captured, here: Sandbox) -> None:
    for number in range(30):
        there.box.write(f"assets/picture-{number}.svg", "<svg/>\n")
        there.box.write(f"assets/text-{number}.md", "No front matter.\n")
    there.box.write("LICENSE", "CC0\n")
    there.box.commit("Add a website")
    outcome = here.run("import", str(there.box.root))
    assert outcome.out.splitlines() == [
        "left out   LICENSE: not Markdown",
        "left out   assets/ (60 files): 30 not Markdown; 30 no front matter",
        "imported   entries/pier.md",
        "imported   entries/quay.md (2 versions)",
        "",
        "2 imported, 61 left out",
    ]
    outcome = here.run("import", str(there.box.root))
    assert outcome.out == "2 unchanged, 61 left out\n"


def test_names_that_an_import_makes_are_known(tmp_path: Path, here: Sandbox) -> None:
    there = Captured(tmp_path / "there")
    data = there.box.read("entries/quay.md")
    there.box.git("rm", "--quiet", "entries/quay.md")
    there.box.write("entries/Old_Quay.md", data)
    message = there.box.git("log", "-1", "--format=%B").replace("Entry: quay", "Entry: Old_Quay")
    there.box.git("add", "--all")
    there.box.git("commit", "--quiet", "--amend", "--message", message)
    assert _verified(there.box)["code"] == 0
    import_archive(here.root, there.box.root)
    document = _verified(here)
    assert (document["code"], document["summary"]["proven"]) == (0, 1), document
