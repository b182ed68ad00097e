"""The formats of a report: what people, CI services and programs are told of any file."""

from __future__ import annotations

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from archives import TODAY, archive_of

from archivist.checking import policy_of
from archivist.diagnostic import Applicability, Diagnostic, Edit, Fix, Severity, apply_edits
from archivist.document import readable
from archivist.formats import FORMATS, github, junit, sarif, text
from archivist.formats import json as json_format
from archivist.inspection import FolderSource
from archivist.report import Report
from archivist.rules import RULES
from archivist.workspace import Workspace

RENDERERS = {
    "text": text.render,
    "json": json_format.render,
    "sarif": sarif.render,
    "github": github.render,
    "junit": junit.render,
}
EMPTY = Report((), ())


def report_of(described: str, folder: Path) -> Report:
    """The report of a check of an archive, described as `archives` says."""
    source = FolderSource(Workspace(archive_of(described).write(folder)))
    inspection = source.inspect(policy_of(source.settings.check), TODAY)
    return Report(inspection.paths, inspection.found)


def finding(marked: str, excerpt: str = "", **changes: Any) -> Diagnostic:
    """A diagnostic about the first place in a line where this text stands."""
    excerpt = excerpt or marked
    column = excerpt.index(marked) + 1
    one = Diagnostic(
        path="entries/lantern.md",
        line=7,
        column=column,
        code="P501",
        severity=Severity.ERROR,
        message=f"no entry and no source is named “{marked}”",
        end_line=7,
        end_column=column + len(marked),
        entry="lantern",
        hint=None,
        excerpt=excerpt,
    )
    return one._replace(**changes)


def report(*found: Diagnostic) -> Report:
    return Report(tuple(dict.fromkeys(one.path for one in found)), found)


LANTERN = """\
-- entries/lantern.md --
---
layout: coc
organization: Lantern
date archived: 2014-02-04
url: www.lantern.example
language: no
---

Be kind.
-- entries/quay.md --
---
layout: coc
organization: Quay
date archived: Feb 04, 2014
---

Be kind, & be **patient**.
"""

# A file whose name and whose every value would like to be more than text.
HOSTILE = """\
-- entries/%0A::error file=x,line=1::y, 100%:<a>&"'.md escaped --
---
layout: coc\\x1b]0;owned\\x07
organization: ::error file=x.md::boo%0A::stop-commands::x
also known as: "]]> <![CDATA[ & <b a='1'> \\\\"
date archived: ::add-mask::2014
url: https://lantern.example/\\u202e\\x1b[31m%0Aspecies
credited parents:
  - ##[error]boo
  - ::error::
  - a\\x9bb
  - \\udce9\\ufffe
  - <script>
ke%0Ay\\x1b[0m: 1
---

\\x00\\x08\\x1b[2JBe\\u2028 kind.\\r::error::boo\\r
-- entries/quay.md --
---
layout: coc
organization: "Quay\\n::warning::boo\\e[31m"
date archived: "\\n::add-mask::2014"
credited parents:
  - "Kiln\\n::error file=x::boo"
  - "\\r\\n##[error]boo\\0"
---

Be kind.
"""


@pytest.fixture
def lantern(tmp_path: Path) -> Report:
    return report_of(LANTERN, tmp_path)


@pytest.fixture
def hostile(tmp_path: Path) -> Report:
    return report_of(HOSTILE, tmp_path)


def test_every_format_is_tried_here() -> None:
    assert set(RENDERERS) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_no_line_begins_with_what_an_entry_says(name: str, hostile: Report) -> None:
    """A line that begins with `::` is a command to GitHub Actions, whatever prints it."""
    path = "entries/a\n::error::boo.md"
    named = finding("Quay", path=path, message=f"the id “{path}”", hint=path)
    for one in (hostile, report(named)):
        lines = RENDERERS[name](one).split("\n")
        commands = [line for line in lines if re.match(r"\s*(?:::|##\[)", line)]
        assert len(commands) <= (len(one.diagnostics) + 1 if name == "github" else 0), commands


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_gets_through_that_a_terminal_or_a_reader_would_obey(
    name: str, hostile: Report
) -> None:
    rendered = RENDERERS[name](hostile)
    codes = {one.code for one in hostile.diagnostics}
    assert {"F110", "F111", "F112", "C801", "C802", "P501"} <= codes
    unprintable = {char for char in rendered if not char.isprintable()} - {"\n"}
    assert unprintable == set()
    rendered.encode("utf-8")
    assert rendered.endswith("\n")


# text

TEXT = """\
entries/lantern.md:4:16: warning D302: `date archived` must be written `Feb 04, 2014`
  |
4 | date archived: 2014-02-04
  |                ^^^^^^^^^^
  = fix: write `Feb 04, 2014` (--fix)

entries/lantern.md:5:6: error U401: `url` must be absolute: begin with https:// or http://
  |
5 | url: www.lantern.example
  |      ^^^^^^^^^^^^^^^^^^^
  = fix: write `https://www.lantern.example` (--unsafe-fixes)

entries/lantern.md:6:11: error F105: YAML reads a truth value here
  |
6 | language: no
  |           ^^
  = fix: quote the value (--fix)

entries/quay.md:7:15: warning B703: a body must be plain text; this is bold type
  |
7 | Be kind, & be **patient**.
  |               ^^^^^^^^^^^
  = hint: paste the text as the page shows it

2 entries checked: 2 errors and 2 warnings in 2 entries.
`archivist check --fix` mends 2;
`archivist check --unsafe-fixes` mends 1 more;
`archivist rule U401` explains U401.
"""


def test_text(lantern: Report) -> None:
    assert text.render(lantern) == TEXT


def test_text_of_a_good_archive() -> None:
    assert text.render(EMPTY) == "0 entries checked: all good.\n"
    assert text.render(Report(("a.md",), ())) == "1 entry checked: all good.\n"
    known = Report(("a.md", "b.md"), (), known=3)
    assert text.render(known) == "2 entries checked: all good; 3 more are in the baseline.\n"


def columns(shown: str) -> int:
    """The columns of a terminal that a text takes."""
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in shown
    )


def excerpt_of(rendered: str) -> tuple[str, str]:
    """The line of the entry that is shown, and the line of carets below it."""
    lines = rendered.split("\n")
    place = next(number for number, line in enumerate(lines) if "^" in line)
    assert lines[place - 2].strip() == "|"
    return lines[place - 1], lines[place]


@pytest.mark.parametrize(
    ("before", "marked", "shown"),
    [
        ("credited parents: ", "Quay", "Quay"),
        ("", "Quay", "Quay"),
        ("東京の港, ", "港町", "港町"),
        ("ｆｕｌｌ ", "Quay", "Quay"),
        ("Cafe\u0301 de la Gare\u0301, ", "Que\u0301", "Que\u0301"),
        ("a\tb\t", "Quay", "Quay"),
        ("\x1b[31m red \x07", "Quay", "Quay"),
        ("\u202e\u200b", "Quay", "Quay"),
        ("", "a\x1bb", "a\\x1bb"),
        ("\udce9\ufffe ", "\udcff", "\\xff"),
        ("😀 👩\u200d🚀 ", "🚀", "🚀"),
        ("ที่นี่ ", "Quay", "Quay"),
        ("दोस्ती ", "Quay", "Quay"),
        ("9\u00a0o'clock ", "Quay", "Quay"),
    ],
)
def test_the_caret_stands_below_the_characters_it_marks(
    before: str, marked: str, shown: str
) -> None:
    line = before + marked + " and more"
    place = len(before) + 1
    one = finding(marked, line, column=place, end_column=place + len(marked))
    excerpt, carets = excerpt_of(text.render(report(one)))
    start = excerpt.rindex(shown)
    assert excerpt.startswith("7 | ")
    assert columns(excerpt[:start]) == carets.index("^")
    assert columns(shown) == carets.count("^")


def test_an_empty_place_has_one_caret() -> None:
    one = finding("Quay", "credited parents: Quay", column=23, end_column=23)
    assert excerpt_of(text.render(report(one))) == (
        "7 | credited parents: Quay",
        "  |                       ^",
    )


def test_what_goes_on_in_other_lines_is_marked_to_the_end_of_the_first() -> None:
    one = finding("Quay", "credited parents: Quay", end_line=9, end_column=2)
    excerpt, carets = excerpt_of(text.render(report(one)))
    assert carets.count("^") == len("Quay")
    assert carets.rstrip() == carets
    assert len(carets) == len(excerpt)


def test_a_blank_line_is_not_shown() -> None:
    one = finding("", "", line=1, column=1, end_line=1, end_column=1, message="no text")
    assert text.render(report(one)).startswith(
        "entries/lantern.md:1:1: error P501: no text\n\n1 entry checked"
    )


@pytest.mark.parametrize("width", [80, 60, 132])
@pytest.mark.parametrize("unit", ["word ", "東京", "e\u0301", "\x1b", "😀 ", "\u202e"])
@pytest.mark.parametrize("place", [0, 1, 50, 400, 999])
def test_a_long_line_is_cut_to_the_width_around_the_caret(
    width: int, unit: str, place: int
) -> None:
    line = f"{unit * place}Quay{unit * (1000 - place)}"
    one = finding("Quay", line, line=12345, end_line=12345)
    rendered = text.render(report(one), width=width)
    excerpt, carets = excerpt_of(rendered)
    assert columns(excerpt) <= width
    assert columns(carets) <= width
    assert columns(excerpt) > width // 2
    start = excerpt.index("Quay")
    assert columns(excerpt[:start]) == carets.index("^")
    assert carets.count("^") == 4
    assert excerpt.endswith("…") == (place < 990)
    if place in (0, 400):
        assert excerpt.startswith("12345 | …") == (place > 0)


def test_a_long_mark_ends_with_the_line_that_is_shown() -> None:
    one = finding("x" * 500, f"key: {'x' * 500} end")
    excerpt, carets = excerpt_of(text.render(report(one)))
    assert columns(excerpt) <= 80
    assert columns(carets) <= 80
    assert carets.count("^") > 40


def many(count: int, **changes: Any) -> list[Diagnostic]:
    return [
        finding("Quay", line=number, end_line=number, **changes) for number in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("count", "shown", "rest"),
    [
        (3, 3, None),
        (4, 4, None),
        (5, 3, "2 more like this, in lines 4, 5"),
        (15, 3, f"12 more like this, in lines {', '.join(map(str, range(4, 16)))}"),
        (16, 3, f"13 more like this, in lines {', '.join(map(str, range(4, 16)))} …"),
    ],
)
def test_many_findings_of_one_rule_in_one_file_are_shown_as_one(
    count: int, shown: int, rest: str | None
) -> None:
    rendered = text.render(report(*many(count)))
    assert rendered.count("^^^^") == shown
    if rest:
        assert f"\nentries/lantern.md: error P501: {rest}\n" in rendered
    else:
        assert "more like this" not in rendered
    assert f"1 entry checked: {count} errors and 0 warnings in 1 entry.\n" in rendered


def test_findings_of_several_rules_and_files_are_not_put_together() -> None:
    found = [*many(3), *many(3, code="P505"), *many(3, path="entries/quay.md")]
    assert "more like this" not in text.render(report(*found))


def test_lines_with_several_findings_are_named_once() -> None:
    found = [finding("Quay", line=1, end_line=1), *[finding("Quay", line=2, end_line=2)] * 5]
    assert "3 more like this, in line 2\n" in text.render(report(*found))


@pytest.mark.parametrize(
    ("kinds", "advice"),
    [
        ((), "`archivist rule P501` explains P501.\n"),
        (("safe",), "`archivist check --fix` mends 1;\n`archivist rule P501` explains"),
        (("unsafe",), "`archivist check --unsafe-fixes` mends 1;\n`archivist rule P501` explains"),
        (
            ("safe", "safe", "unsafe"),
            "--fix` mends 2;\n`archivist check --unsafe-fixes` mends 1 more;\n`archivist",
        ),
        (("shown",), "`archivist rule P501` explains P501.\n"),
    ],
)
def test_the_summary_says_what_can_be_done(kinds: tuple[str, ...], advice: str) -> None:
    fixes = [Fix("mend it", (Edit(0, 1, ""),), Applicability(kind)) for kind in kinds]
    rendered = text.render(report(finding("Quay"), *[finding("Quay", fix=fix) for fix in fixes]))
    assert advice in rendered.rpartition("them.\n")[2]


def test_colour_adds_nothing_but_colour(lantern: Report, hostile: Report) -> None:
    for one in (lantern, hostile, EMPTY):
        plain, colored = text.render(one), text.render(one, color=True)
        assert "\x1b" not in plain
        assert "\x1b[" in colored
        assert re.sub(r"\x1b\[[0-9;]+m", "", colored) == plain
        assert colored.count("\x1b[0m") * 2 == colored.count("\x1b[")


# JSON


def test_json_keeps_its_contract(lantern: Report) -> None:
    document = json.loads(json_format.render(lantern))
    assert document["version"] == 1
    assert document["summary"] == {"entries": 2, "errors": 2, "warnings": 2, "baseline": 0}
    assert document["fixed"] == []
    assert {tuple(one) for one in document["diagnostics"]} == {
        (
            *("code", "severity", "message", "path", "line", "column", "end_line", "end_column"),
            *("entry", "hint", "fixable", "fix"),
        )
    }
    assert document["diagnostics"][2] == {
        "code": "F105",
        "severity": "error",
        "message": "YAML reads a truth value here",
        "path": "entries/lantern.md",
        "line": 6,
        "column": 11,
        "end_line": 6,
        "end_column": 13,
        "entry": "lantern",
        "hint": "quote the value",
        "fixable": True,
        "fix": {
            "title": "quote the value",
            "applicability": "safe",
            "edits": [{"start": 99, "end": 101, "text": '"no"'}],
        },
    }


def test_json_is_sorted_and_ascii(hostile: Report, tmp_path: Path) -> None:
    rendered = json_format.render(hostile)
    assert rendered.isascii()
    places = [
        (one["path"], one["line"], one["column"], one["code"])
        for one in json.loads(rendered)["diagnostics"]
    ]
    assert places == sorted(places)
    assert len(places) > 10


def test_json_says_everything_as_it_is(hostile: Report) -> None:
    told = json.loads(json_format.render(hostile))["diagnostics"]
    for one, other in zip(hostile.diagnostics, told, strict=True):
        assert other["message"] == readable(one.message)
        assert other["hint"] == (one.hint and readable(one.hint))
        assert other["path"] == readable(one.path)
        assert other["entry"] == readable(one.entry)


def test_json_of_what_was_mended_and_known() -> None:
    fixed = (("entries/lantern.md", "D302", 2), ("entries/quay.md", "F108", 1))
    document = json.loads(json_format.render(Report(("entries/quay.md",), (), 4, fixed)))
    assert document["summary"] == {"entries": 1, "errors": 0, "warnings": 0, "baseline": 4}
    assert document["fixed"] == [
        {"path": "entries/lantern.md", "code": "D302", "count": 2},
        {"path": "entries/quay.md", "code": "F108", "count": 1},
    ]


def test_a_fix_that_only_people_can_apply_is_not_fixable() -> None:
    fix = Fix("think", (Edit(0, 1, "x"),), Applicability.SHOWN)
    shown = json.loads(json_format.render(report(finding("Quay", fix=fix))))["diagnostics"][0]
    assert shown["fixable"] is False
    assert shown["fix"]["applicability"] == "shown"
    assert "fixes" not in sarif_of(report(finding("Quay", fix=fix)))["results"][0]


# SARIF

# The properties that SARIF 2.1.0 knows of the objects that archivist writes; those in capitals are
# required. Its schema allows no others.
SARIF = {
    "log": {"$schema", "VERSION", "RUNS", "inlineExternalProperties", "properties"},
    "run": {
        *("TOOL", "results", "columnKind", "originalUriBaseIds", "artifacts", "invocations"),
        *("automationDetails", "defaultEncoding", "language", "newlineSequences", "taxonomies"),
    },
    "tool": {"DRIVER", "extensions", "properties"},
    "driver": {
        *("NAME", "version", "semanticVersion", "informationUri", "rules", "organization"),
        *("fullName", "shortDescription", "fullDescription", "downloadUri", "language"),
    },
    "rule": {
        *("ID", "name", "shortDescription", "fullDescription", "help", "helpUri", "guid"),
        *("defaultConfiguration", "messageStrings", "deprecatedIds", "properties"),
    },
    "result": {
        *("ruleId", "ruleIndex", "rule", "level", "kind", "MESSAGE", "locations", "fixes"),
        *("partialFingerprints", "fingerprints", "relatedLocations", "suppressions", "rank"),
    },
    "location": {"physicalLocation", "logicalLocations", "message", "id"},
    "physicalLocation": {"artifactLocation", "region", "contextRegion"},
    "artifactLocation": {"uri", "uriBaseId", "index", "description"},
    "region": {
        *("startLine", "startColumn", "endLine", "endColumn", "charOffset", "charLength"),
        *("byteOffset", "byteLength", "snippet", "message"),
    },
    "message": {"text", "markdown", "id", "arguments"},
    "multiformat": {"TEXT", "markdown"},
    "configuration": {"level", "enabled", "rank", "parameters"},
    "fix": {"description", "ARTIFACTCHANGES"},
    "artifactChange": {"ARTIFACTLOCATION", "REPLACEMENTS"},
    "replacement": {"DELETEDREGION", "insertedContent"},
    "content": {"text", "binary", "rendered"},
}
LEVELS = {"none", "note", "warning", "error"}


def conforms(one: dict[str, Any], kind: str) -> dict[str, Any]:
    """The object, if it has all properties that it must have, and none that SARIF does not know."""
    known = {name.lower(): name for name in SARIF[kind]}
    assert {name.lower() for name in one} <= set(known), (kind, sorted(one))
    required = {lower for lower, name in known.items() if name.isupper()}
    assert required <= {name.lower() for name in one}, (kind, sorted(one))
    return one


def sarif_of(one: Report) -> dict[str, Any]:
    """The only run of a report, after a look at all that SARIF wants of it."""
    log = conforms(json.loads(sarif.render(one)), "log")
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    assert len(log["runs"]) == 1
    run = conforms(log["runs"][0], "run")
    assert run["columnKind"] == "unicodeCodePoints"
    driver = conforms(conforms(run["tool"], "tool")["driver"], "driver")
    assert driver["name"] == "archivist"
    rules = [conforms(rule, "rule") for rule in driver["rules"]]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert conforms(rule["defaultConfiguration"], "configuration")["level"] in LEVELS
        for key in ("shortDescription", "fullDescription", "help"):
            assert conforms(rule[key], "multiformat")["text"].strip()
    for base in run["originalUriBaseIds"].values():
        conforms(base, "artifactLocation")
    for result in run["results"]:
        check_result(conforms(result, "result"), run)
    return run


def check_result(result: dict[str, Any], run: dict[str, Any]) -> None:
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in LEVELS
    assert conforms(result["message"], "message")["text"].strip()
    assert all(isinstance(one, str) for one in result["partialFingerprints"].values())
    assert len(result["locations"]) == 1
    place = conforms(conforms(result["locations"][0], "location")["physicalLocation"], "location_")
    check_artifact(place["artifactLocation"], run)
    region = conforms(place["region"], "region")
    start = (region["startLine"], region["startColumn"])
    end = (region["endLine"], region["endColumn"])
    assert min(*start, *end) >= 1
    assert start <= end
    for fix in result.get("fixes", ()):
        conforms(conforms(fix, "fix")["description"], "message")
        for change in fix["artifactChanges"]:
            check_artifact(conforms(change, "artifactChange")["artifactLocation"], run)
            assert change["artifactLocation"] == place["artifactLocation"]
            assert change["replacements"]
            for replacement in change["replacements"]:
                deleted = conforms(conforms(replacement, "replacement")["deletedRegion"], "region")
                assert deleted["charOffset"] >= 0
                assert deleted["charLength"] >= 0
                conforms(replacement["insertedContent"], "content")


def check_artifact(artifact: dict[str, Any], run: dict[str, Any]) -> None:
    conforms(artifact, "artifactLocation")
    assert re.fullmatch(r"(?:[A-Za-z0-9._~/()!$'*+@-]|%[0-9A-F]{2})+", artifact["uri"])
    assert not artifact["uri"].startswith("/")
    assert artifact["uriBaseId"] in run["originalUriBaseIds"]


SARIF["location_"] = SARIF["physicalLocation"]


@pytest.mark.parametrize("described", [LANTERN, HOSTILE], ids=["usual", "hostile"])
def test_sarif(described: str, tmp_path: Path) -> None:
    found = report_of(described, tmp_path)
    results = sarif_of(found)["results"]
    assert len(results) == len(found.diagnostics)
    for one, result in zip(found.diagnostics, results, strict=True):
        assert result["ruleId"] == one.code
        assert result["level"] == one.severity.value
        assert readable(one.message) in result["message"]["text"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert unquote(uri, errors="surrogateescape") == one.path


def test_sarif_of_a_good_archive() -> None:
    run = sarif_of(Report(("entries/lantern.md",), ()))
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []


def test_sarif_describes_every_rule() -> None:
    found = [finding("Quay", code=code) for code in RULES]
    rules = sarif_of(report(*found))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(RULES)


def test_sarif_fixes_do_what_ours_do(tmp_path: Path) -> None:
    described = LANTERN.replace("organization: Lantern", "organization:  Käfer 😀 #1 ")
    found = report_of(described, tmp_path)
    fixes = 0
    for one, result in zip(found.diagnostics, sarif_of(found)["results"], strict=True):
        before = (tmp_path / one.path).read_text(encoding="utf-8")
        for fix in result.get("fixes", ()):
            edits = [
                Edit(
                    replacement["deletedRegion"]["charOffset"],
                    replacement["deletedRegion"]["charOffset"]
                    + replacement["deletedRegion"]["charLength"],
                    replacement["insertedContent"]["text"],
                )
                for replacement in fix["artifactChanges"][0]["replacements"]
            ]
            assert one.fix
            assert apply_edits(before, edits) == apply_edits(before, one.fix.edits)
            fixes += 1
    assert fixes == 5


def fingerprints(found: Report) -> list[str]:
    return [one["partialFingerprints"]["archivist/v1"] for one in sarif_of(found)["results"]]


def test_sarif_knows_a_mistake_again_when_lines_have_moved() -> None:
    one = finding("Quay", "credited parents: Quay")
    moved = one._replace(line=12, end_line=12)
    others = [
        one._replace(path="entries/quay.md"),
        one._replace(code="P505"),
        one._replace(message="another"),
        one._replace(excerpt="credited parents: Quay, Kiln"),
    ]
    prints = fingerprints(report(one, moved, *others))
    assert prints[0] == prints[1]
    assert len(set(prints)) == len(prints) - 1


# GitHub

COMMAND = re.compile(
    r"::(?P<kind>error|warning) file=(?P<file>[^,:\r\n]+),line=(?P<line>[0-9]+),"
    r"endLine=(?P<endLine>[0-9]+),col=(?P<col>[0-9]+),endColumn=(?P<endColumn>[0-9]+),"
    r"title=(?P<title>[^,:\r\n]+)::(?P<message>[^\r\n]+)"
)


def decoded(value: str, *, of_property: bool = False) -> str:
    """What GitHub Actions reads in a command's message or property."""
    escapes = {"%0D": "\r", "%0A": "\n", "%25": "%"}
    if of_property:
        escapes |= {"%3A": ":", "%2C": ","}
    return re.sub("%0D|%0A|%3A|%2C|%25", lambda match: escapes.get(match[0], match[0]), value)


def test_github(lantern: Report) -> None:
    place = "file=entries/lantern.md"
    assert github.render(lantern).splitlines() == [
        (
            f"::error {place},line=5,endLine=5,col=6,endColumn=25,title=U401 url-form::"
            "`url` must be absolute: begin with https:// or http:// — "
            "did you mean `https://www.lantern.example`?"
        ),
        (
            f"::error {place},line=6,endLine=6,col=11,endColumn=13,title=F105 yaml-misreads::"
            "YAML reads a truth value here — quote the value"
        ),
        (
            f"::warning {place},line=4,endLine=4,col=16,endColumn=26,title=D302 date-style::"
            "`date archived` must be written `Feb 04, 2014`"
        ),
        (
            "::warning file=entries/quay.md,line=7,endLine=7,col=15,endColumn=26,title=B703 "
            "markup::a body must be plain text; this is bold type"
            " — paste the text as the page shows it"
        ),
    ]


def test_github_is_given_one_command_a_finding_and_no_other(hostile: Report) -> None:
    lines = github.render(hostile).removesuffix("\n").split("\n")
    ordered = sorted(hostile.diagnostics, key=lambda one: one.severity is Severity.WARNING)
    commands = [line for line in lines if not line.startswith("::notice::")]
    assert len(lines) - len(commands) <= 1
    for line, one in zip(commands, ordered, strict=True):
        match = COMMAND.fullmatch(line)
        assert match, line
        assert match["kind"] == one.severity.value
        assert decoded(match["file"], of_property=True) == one.path
        assert decoded(match["title"], of_property=True).startswith(one.code)
        assert (int(match["line"]), int(match["col"])) == (one.line, one.column)
        if one.message.isprintable() and (one.hint or "").isprintable():
            said = f"{one.message} — {one.hint}" if one.hint else one.message
            assert decoded(match["message"]) == said


def test_github_escapes_all_that_would_end_a_command() -> None:
    one = finding(
        "Quay",
        path="entries/a,b:c%2C\nd.md",
        message="100%: a, b\r\n::error::boo\n%0A",
        hint="so::that,%25",
    )
    line = github.render(report(one)).removesuffix("\n")
    match = COMMAND.fullmatch(line)
    assert match
    assert decoded(match["file"], of_property=True) == one.path
    assert decoded(match["message"]) == "100%: a, b\\x0d\n::error::boo\n%0A — so::that,%25"


def test_github_shows_errors_before_warnings() -> None:
    found = [
        finding("Quay", path=f"entries/{name}.md", severity=severity)
        for name, severity in (
            ("a", Severity.WARNING),
            ("b", Severity.ERROR),
            ("c", Severity.WARNING),
            ("d", Severity.ERROR),
        )
    ]
    shown = re.findall(r"^::(\w+) file=entries/(\w)", github.render(report(*found)), re.MULTILINE)
    assert shown == [("error", "b"), ("error", "d"), ("warning", "a"), ("warning", "c")]


@pytest.mark.parametrize(
    ("errors", "warnings", "hidden"), [(10, 10, 0), (11, 0, 1), (0, 13, 3), (12, 11, 3), (0, 0, 0)]
)
def test_github_says_how_many_findings_it_will_not_show(
    errors: int, warnings: int, hidden: int
) -> None:
    found = [*many(errors), *many(warnings, severity=Severity.WARNING)]
    lines = github.render(report(*found)).splitlines()
    notices = [line for line in lines if line.startswith("::notice")]
    assert len(lines) == errors + warnings + len(notices)
    if hidden:
        assert len(notices) == 1
        assert lines[-1] == notices[0]
        assert notices[0].startswith(f"::notice::{hidden} more ")
    else:
        assert notices == []


# JUnit


def suite_of(one: Report) -> ET.Element:
    root = ET.fromstring(junit.render(one))
    assert root.tag == "testsuites"
    assert [child.tag for child in root] == ["testsuite"]
    suite = root[0]
    assert suite.get("tests") == str(len(suite.findall("testcase")))
    assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
    return suite


def test_junit(lantern: Report) -> None:
    suite = suite_of(lantern._replace(paths=(*lantern.paths, "entries/kiln.md")))
    assert [(one.get("name"), one.get("file")) for one in suite] == [
        (path, path) for path in ("entries/kiln.md", "entries/lantern.md", "entries/quay.md")
    ]
    good, bad, warned = suite
    assert list(good) == []
    failure, output = bad
    url = "U401: `url` must be absolute: begin with https:// or http://"
    assert failure.get("message") == url
    assert (failure.text or "").split("\n") == [
        f"entries/lantern.md:5:6: {url}",
        "entries/lantern.md:6:11: F105: YAML reads a truth value here",
    ]
    assert output.tag == "system-out"
    assert (output.text or "").startswith("entries/lantern.md:4:16: D302: ")
    assert [child.tag for child in warned] == ["system-out"]


def test_junit_is_well_formed_whatever_is_said(hostile: Report) -> None:
    failures = suite_of(hostile).findall("testcase/failure")
    errors = [one for one in hostile.diagnostics if one.severity is Severity.ERROR]
    assert sum(len((one.text or "").split("\n")) for one in failures) == len(errors)


def test_junit_of_characters_that_xml_has_not() -> None:
    said = "".join(map(chr, (*range(9), 11, 12, *range(14, 32), 127, 0xDCE9, 0xFFFE, 0xFFFF)))
    one = finding("Quay", message=f"{said}]]></failure>&amp;\r\n<", path=f"entries/{said}.md")
    (case,) = suite_of(report(one))
    assert "]]></failure>&amp;" in (case[0].get("message") or "")
    assert "\\x00\\x01" in (case.get("name") or "")


def test_junit_of_a_good_archive() -> None:
    assert len(suite_of(Report(("entries/a.md", "entries/b.md"), ()))) == 2
    assert len(suite_of(EMPTY)) == 0
