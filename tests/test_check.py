"""`archivist check` as a maintainer uses it: fixes, baseline, settings, one file, stdin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sandbox import Sandbox, entry, sandbox

DIRTY = entry("Mill Guild").replace("Feb 04, 2014", "2014-02-04 ").replace("---\n\nAt", "---\n\nAt")


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    return sandbox(tmp_path, git=False, quay_guild=entry("Quay Guild"), mill_guild=DIRTY)


def test_fix_mends_and_says_so(box: Sandbox) -> None:
    outcome = box.run("check", "--fix")
    assert outcome.code == 0
    assert outcome.err == "fixed entries/mill-guild.md: D302, F107\n"
    assert outcome.out == "2 entries checked: all good.\n"
    assert box.read("entries/mill-guild.md") == entry("Mill Guild")
    again = box.run("check", "--fix")
    assert (again.code, again.err) == (0, "")


def test_dry_run_shows_a_diff_and_writes_nothing(box: Sandbox) -> None:
    outcome = box.run("check", "--fix", "--dry-run")
    assert outcome.code == 1
    assert "-date archived: 2014-02-04 \n+date archived: Feb 04, 2014\n" in outcome.out
    assert outcome.err == "would fix entries/mill-guild.md: D302, F107\n"
    assert box.read("entries/mill-guild.md") == DIRTY


def test_json_says_what_was_fixed(box: Sandbox) -> None:
    report = json.loads(box.run("check", "--fix", "-q", "-f", "json").out)
    assert report["fixed"] == [
        {"path": "entries/mill-guild.md", "code": "D302", "count": 1},
        {"path": "entries/mill-guild.md", "code": "F107", "count": 1},
    ]
    assert report["diagnostics"] == []


def test_warnings_fail_only_if_strict(box: Sandbox) -> None:
    assert box.run("check").code == 0
    assert box.run("check", "--strict").code == 1


def test_one_file_against_the_whole_archive(box: Sandbox) -> None:
    box.write("entries/weir-guild.md", entry("Weir Guild", parents="Quay Guild, Nobody Guild"))
    outcome = box.run("check", "entries/weir-guild.md")
    assert outcome.code == 1
    assert "Nobody Guild" in outcome.out
    assert "mill-guild" not in outcome.out
    assert "1 entry checked" in outcome.out


def test_a_folder_and_a_relative_path(box: Sandbox) -> None:
    box.write("entries/sources/weir-guild.md", "x")
    inside = Sandbox(box.root / "entries")
    assert "1 entry checked" in inside.run("check", "sources").out
    assert "2 entries checked" in inside.run("check", "mill-guild.md", "quay-guild.md").out
    assert "3 entries checked" in inside.run("check", ".").out


def test_stdin_stands_in_for_a_file(box: Sandbox) -> None:
    text = entry("Quay Guild", parents="Nobody Guild")
    outcome = box.run("check", "--stdin-filename", "entries/quay-guild.md", stdin=text)
    assert outcome.code == 1
    assert "entries/quay-guild.md:7:19: error P501" in outcome.out
    assert box.run("check", "entries/quay-guild.md").code == 0


def test_settings(box: Sandbox) -> None:
    box.write("entries/weir-guild.md", entry("Weir Guild", parents="Nobody Guild"))
    box.write(
        "archivist.toml",
        '[check]\ndisable = ["F107"]\n[check.severity]\nD302 = "error"\n'
        '[[check.ignore]]\nentry = "weir-guild"\ncodes = ["P501"]\nreason = "soon"\n',
    )
    outcome = box.run("check")
    assert outcome.code == 1
    assert "1 error and 0 warnings" in outcome.out
    assert "error D302" in outcome.out


def test_severities_by_the_beginning_of_a_code(box: Sandbox) -> None:
    box.write("archivist.toml", '[check.severity]\nd3 = "error"\nF107 = "error"\n')
    assert "2 errors and 0 warnings" in box.run("check").out


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("[chekc]\n", "there is no setting `chekc`"),
        ('[check]\ndisabel = ["B"]\n', "there is no setting `check.disabel`"),
        ('[check]\ndisable = ["Q1"]\n', "check.disable: there is no rule Q1"),
        ('[check]\ndisable = "D302"\n', "`check.disable` must be a list of texts"),
        ('[check.severity]\nD302 = "fatal"\n', 'must be "error" or "warning"'),
        (
            '[[check.ignore]]\nentry = "x"\ncodes = ["D302"]\n',
            "`check.ignore.reason` must be given",
        ),
        ("[check\n", "archivist.toml is not TOML"),
        ("[links]\n\n[links]\n", "hint: put all keys of [links] below one line of that name"),
        ('[check]\nbaseline = "none.json"\n', "there is no baseline none.json"),
    ],
)
def test_wrong_settings_are_2(box: Sandbox, settings: str, message: str) -> None:
    box.write("archivist.toml", settings)
    outcome = box.run("check")
    assert outcome.code == 2
    assert message in outcome.err


def test_settings_in_pyproject(box: Sandbox) -> None:
    box.write("pyproject.toml", '[tool.archivist.check.severity]\nD302 = "error"\n')
    assert box.run("check").code == 1
    box.write("pyproject.toml", '[project]\nname = "x"\n')
    assert box.run("check").code == 0


def test_baseline(box: Sandbox) -> None:
    box.write("entries/weir-guild.md", entry("Weir Guild", parents="Nobody Guild"))
    assert box.run("check").code == 1
    assert "known debt" in box.run("check", "--write-baseline").err
    assert json.loads(box.read("archivist-baseline.json"))["counts"] == {
        "entries/mill-guild.md": {"D302": 1, "F107": 1},
        "entries/weir-guild.md": {"P501": 1},
    }
    clean = box.run("check")
    assert clean.code == 0
    assert "3 more are in the baseline" in clean.out
    assert "paid off" not in box.run("check", "--ignore", "F107").err

    box.write("entries/weir-guild.md", entry("Weir Guild", parents="Nobody Guild, No One"))
    worse = box.run("check")
    assert worse.code == 1
    assert worse.out.count("error P501") == 2

    box.write("entries/weir-guild.md", entry("Weir Guild"))
    paid = box.run("check")
    assert paid.code == 0
    assert "paid off: 1 finding of the baseline" in paid.err


def test_a_broken_baseline_is_2(box: Sandbox) -> None:
    box.write("archivist-baseline.json", '{"version": 7}')
    outcome = box.run("check")
    assert outcome.code == 2
    assert "--write-baseline" in outcome.err


def test_own_schema_adds_a_layout_and_overrides_one(box: Sandbox) -> None:
    menu = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "layout": {"const": "menu"},
            "organization": {"type": "string"},
            "chef": {"type": "string", "pattern": "^[A-Z]", "examples": ["Ada"]},
        },
        "required": ["chef"],
        "additionalProperties": False,
    }
    box.write("schema/menu.schema.json", json.dumps(menu))
    text = "---\nlayout: menu\norganization: Menu\nchef: {}\n---\n\nSoup.\n"
    box.write("entries/menu.md", text.format("Ada"))
    assert box.run("check", "entries/menu.md").code == 0
    box.write("entries/menu.md", text.format("ada"))
    assert "`chef` must look like `Ada`" in box.run("check").out


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "must be a JSON object"),
        ('{"type": "bogus"}', "is no JSON Schema"),
        ('{"$ref": "https://elsewhere.example/x.json"}', "is no JSON Schema"),
        ('{"$ref": "file:///etc/passwd"}', "is no JSON Schema"),
    ],
)
def test_a_broken_schema_is_2(box: Sandbox, schema: str, message: str) -> None:
    box.write("schema/coc.schema.json", schema)
    outcome = box.run("check")
    assert outcome.code == 2
    assert message in outcome.err


def test_a_schema_may_refer_to_its_neighbour(box: Sandbox) -> None:
    box.write("schema/strict.schema.json", '{"$ref": "coc.schema.json"}')
    text = entry("Weir Guild").replace("layout: coc", "layout: strict")
    box.write("entries/weir-guild.md", text)
    assert "`layout` must be one of `coc`" not in box.run("check").err


def test_the_seed_needs_its_parent(corpus: Path, tmp_path: Path) -> None:
    box = sandbox(tmp_path / "seed", git=False)
    box.write("entries/heroku-2013.md", (corpus / "seed-heroku.txt").read_text(encoding="utf-8"))
    report = json.loads(box.run("check", "-f", "json").out)
    errors = [one for one in report["diagnostics"] if one["severity"] == "error"]
    assert [(one["code"], one["line"], one["column"]) for one in errors] == [("P501", 7, 19)]
    command = errors[0]["hint"].removeprefix("add a stub: archivist ")
    assert command == 'new --layout source "Ada Initiative" --url URL'
    stub = ("new", "--layout", "source", "Ada Initiative", "--url", "https://ada.example/policy")
    assert box.run(*stub).code == 0
    assert box.run("check").code == 0
