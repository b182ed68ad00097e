"""A real archive, imported and checked: every finding is known, and true."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from sandbox import Sandbox

# Errors: what a person must settle. (path, line, column, code)
ERRORS = {
    ("example-conference", 11, 1, "N605"),
    ("example-organization", 11, 1, "N605"),
    ("heroku-2013", 7, 19, "P501"),
    ("jrubyconfeu-2013", 7, 19, "P501"),
    ("linux-tag-2014", 7, 19, "P501"),
    ("linux-tag-2014", 7, 31, "P501"),
    ("papers-we-love-org", 7, 34, "P501"),
    ("papers-we-love-org", 7, 41, "P501"),
    ("pass-summit-2012-draft", 4, 18, "D301"),
    ("ploneconf-2013", 7, 38, "P501"),
    ("rubyconf-2013-long", 7, 1, "K202"),
    ("rubyconf-uruguay-2014", 3, 1, "K205"),
}
# Warnings: how many of each rule.
WARNINGS = {
    "B703": 17,
    "B705": 3,
    "B706": 13,
    "C802": 32,
    "D302": 11,
    "F107": 27,
    "F108": 29,
    "N602": 2,
    "P505": 4,
    "U405": 2,
}


@pytest.fixture
def box(corpus: Path, tmp_path: Path) -> Sandbox:
    box = Sandbox(tmp_path)
    box.run("init", "--quiet")
    outcome = box.run("import", str(corpus / "history.bundle"))
    assert outcome.code == 0, outcome
    assert "32 imported, 2 left out" in outcome.out
    return box


def test_findings(box: Sandbox) -> None:
    found = json.loads(box.run("check", "-f", "json").out)["diagnostics"]
    errors = [one for one in found if one["severity"] == "error"]
    assert {(one["entry"], one["line"], one["column"], one["code"]) for one in errors} == ERRORS
    assert Counter(one["code"] for one in found if one not in errors) == WARNINGS
    shared = {one["entry"] for one in found if one["code"] == "U405"}
    assert shared == {"ploneconf-2013", "pycon-australia-2013"}


def test_safe_fixes_leave_every_body_alone(box: Sandbox) -> None:
    folder = box.root / "entries"
    before = {path.name: path.read_bytes() for path in folder.glob("*.md")}
    assert box.run("check", "--fix").code == 1
    for path in folder.glob("*.md"):
        old, new = before[path.name], path.read_bytes()
        assert new.partition(b"\n---\n")[2] == old.partition(b"\n---\n")[2].rstrip(b"\n") + b"\n"
    fixed = box.git("diff", "--stat")
    again = box.run("check", "--fix")
    assert "fixed" not in again.err
    assert box.git("diff", "--stat") == fixed


def test_history_came_along(box: Sandbox) -> None:
    log = box.git("log", "--follow", "--format=%an|%ad|%s", "--", "entries/rubyconf-au-2014.md")
    assert log.startswith("Leonard Garvey|Thu Feb 6 14:51:10 2014 -0700|Add rubyconf-au-2014")
    renamed = "entries/geek-feminism-long-20140204.md"
    assert len(box.git("log", "--follow", "--format=%h", "--", renamed).split()) == 2
