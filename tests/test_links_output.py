"""What a scan of links prints, in each format, and when it fails."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from scans import CHANGED, NOW, OTHER, POLICY, Scans, page
from web import behaviours

from archivist.formats import LINK_FORMATS


@pytest.fixture
def mixed(scans: Scans) -> Scans:
    """One of each: alive, moved, dead, failing, blocked, drifted, lost; none of the Wayback's."""
    host = scans.web.host("quay.example")
    host.page("/fine", page())
    host.redirect("/old", "/fine")
    host.behave("/gone", behaviours.GONE)
    host.behave("/forbidden", behaviours.FORBIDDEN)
    host.page("/changed", page(CHANGED))
    host.page("/lost", page(OTHER))
    for name in ("fine", "old", "gone", "absent", "forbidden", "changed", "lost"):
        scans.add(name, scans.web.url("quay.example", f"/{name}"))
    scans.wayback = "enabled = false\n"
    return scans


def test_text_has_the_worst_first_and_the_totals_last(mixed: Scans) -> None:
    outcome = mixed.run()
    assert outcome.code == 1
    heads = [line.split(":")[0] for line in outcome.out.splitlines() if line.startswith("entries/")]
    names = [head.removeprefix("entries/").removesuffix(".md") for head in heads]
    assert names == ["gone", "lost", "changed", "absent", "forbidden", "old"]
    assert "entries/gone.md:6:6: error L901: `url` is dead: 410 Gone" in outcome.out
    assert outcome.out.endswith(
        "7 URLs in 7 entries: 3 alive, 1 moved, 1 dead (1 newly), 1 failing, 1 blocked.\n"
        "2 of the pages that answer do not hold the policy as it is archived.\n"
        "`archivist links --fix` mends 1.\n"
    )
    assert outcome.err == ""


def test_json_lines(mixed: Scans) -> None:
    outcome = mixed.run("--format", "jsonl")
    rows = [json.loads(line) for line in outcome.out.splitlines()]
    assert [row["entry"] for row in rows] == sorted(row["entry"] for row in rows)
    assert {row["verdict"] for row in rows} == {"alive", "moved", "dead", "failing", "blocked"}
    keys = {"entry", "field", "url", "final_url", "verdict", "status", "reason", "checked"}
    assert keys | {"attempts", "first_failed", "suggestion"} <= set(rows[0])


def test_markdown_takes_nothing_for_markup(mixed: Scans) -> None:
    host = mixed.web.host("quay.example")
    host.page("/evil", "<title>404 @octocat <img src=x> | [a](http://evil.example)</title>")
    mixed.add("evil", mixed.web.url("quay.example", "/evil?x=`|<b>"))
    outcome = mixed.run("--format", "markdown")
    assert "## Died since the last scan" in outcome.out
    assert "| entries/gone\\.md:6 |" in outcome.out.replace("entries/gone.md", "entries/gone\\.md")
    assert "<img" not in outcome.out
    assert "@octocat" not in outcome.out.replace("\\@", "")


def test_sarif_github_and_junit_point_to_the_line(mixed: Scans) -> None:
    run = json.loads(mixed.run("--format", "sarif").out)["runs"][0]
    assert {one["ruleId"] for one in run["results"]} == {"L901", "L904", "L905", "L906", "L907"} | {
        "L909"
    }
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (6, 6)
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == sorted(
        {one["ruleId"] for one in run["results"]}
    )
    assert "::error file=entries/gone.md,line=6," in mixed.run("--format", "github").out
    suite = ET.fromstring(mixed.run("--format", "junit").out)[0]
    assert suite.attrib == {"name": "archivist links", "tests": "7", "failures": "1"}


@pytest.mark.parametrize("name", LINK_FORMATS)
def test_an_empty_archive(scans: Scans, name: str) -> None:
    outcome = scans.run("--format", name)
    assert outcome.code == 0
    assert outcome.err == ""


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [
        ("none", 0),
        ("newly-dead", 1),
        ("dead", 1),
        ("memento", 0),
        ("moved,unknown", 1),
        ("lost", 1),
        ("changed", 1),
        ("failing", 1),
        ("blocked", 1),
    ],
)
def test_fail_on(mixed: Scans, fail_on: str, code: int) -> None:
    assert mixed.run("--fail-on", fail_on).code == code


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--fail-on", "newly-ded"], "did you mean newly-dead?"),
        (["--max-age", "soon"], "such as 30m, 12h, 2d or 0"),
        (["finn"], "did you mean fine?"),
        (["--dry-run"], "--dry-run needs --fix"),
    ],
)
def test_mistakes(mixed: Scans, arguments: list[str], words: str) -> None:
    outcome = mixed.run(*arguments)
    assert outcome.code == 2
    assert words in outcome.err
    assert outcome.out == ""


def test_entries_are_named_by_id_file_and_folder(mixed: Scans) -> None:
    for names in (["fine", "old"], ["entries/fine.md", "entries/old.md"]):
        assert sorted(mixed.results(*names)) == ["fine", "old"]
    assert len(mixed.results("entries")) == len(mixed.results("entries/")) == 7


def test_fix_changes_one_value_only(mixed: Scans) -> None:
    before = mixed.box.read("entries/old.md")
    shown = mixed.run("--fix", "--dry-run")
    assert shown.code == 1
    assert mixed.box.read("entries/old.md") == before
    assert mixed.run("--fix").code == 1
    assert mixed.box.read("entries/old.md") == before.replace("/old\n", "/fine\n")


def test_excluded_with_a_reason(mixed: Scans) -> None:
    mixed.settings = "\n[[links.exclude]]\npattern = '/g.ne$'\nreason = 'known to be gone'\n"
    found = mixed.results()["gone"]
    assert (found["verdict"], found["reason"]) == ("excluded", "known to be gone")
    assert not mixed.web.requests.to("quay.example", "/gone")


def test_what_is_excluded_is_not_sought_elsewhere(scans: Scans) -> None:
    scans.add("quay", scans.web.url("quay.example", "/conduct"))
    scans.settings = "\n[[links.exclude]]\npattern = 'quay'\nreason = 'reserved'\n"
    found = scans.document()
    assert (found["code"], found["summary"]["requests"]) == (0, 0)
    assert found["summary"]["urls"] == {"excluded": 1}


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("[links]\nstrike = 2", "did you mean `strikes`?"),
        ("[links]\nfail_on = ['ded']", "not “ded”"),
        ("[[links.exclude]]\npattern = '('\nreason = 'x'", "is no regular expression"),
        ("[[links.exclude]]\npattern = 'x'", "`links.exclude.reason` must be given"),
    ],
)
def test_wrong_settings(mixed: Scans, setting: str, words: str) -> None:
    mixed.settings = f"\n{setting}\n"
    outcome = mixed.run()
    assert outcome.code == 2
    assert words in outcome.err


def test_statuses_only(mixed: Scans) -> None:
    found = mixed.results("--status-only")
    assert found["lost"]["verdict"] == "alive"
    assert found["lost"]["share"] is None


def test_every_kind_of_link(scans: Scans) -> None:
    host = scans.web.host("quay.example")
    for path in ("/a", "/file", "/parent", "/stub", "/body"):
        host.page(path, page())
    url = scans.web.url("quay.example", "/")
    more = f"credited parents: Stub; {url}parent\nforkable file: {url}file\n"
    scans.add("one", f"{url}a", more=more, body=f"{POLICY} See {url}body.")
    scans.add("two", f"{url}a")
    scans.box.write(
        "entries/sources/stub.md", f"---\nlayout: source\norganization: Stub\nurl: {url}stub\n---\n"
    )
    scans.wayback = "enabled = false\n"
    assert scans.document()["summary"]["urls"] == {"alive": 5}
    assert len(scans.web.requests.to("quay.example", "/a")) == 1
    assert not scans.web.requests.to("quay.example", "/body")
    fields = {(one["entry"], one["field"]) for one in scans.document("--bodies")["results"]}
    assert ("one", "body") in fields
    assert ("one", "credited parents") in fields
    assert ("stub", "url") in fields


def test_a_bar_on_a_terminal_only(mixed: Scans) -> None:
    mixed.prepare()
    leader, follower = pty.openpty()
    for number in range(20):
        name = f"pier-{number:02}.example"
        mixed.web.host(name).page("/", page(), delay=0.3)
        mixed.add(f"pier-{number:02}", mixed.web.url(name, "/"))
    mixed.network["concurrency"] = 4
    mixed.prepare()
    child = subprocess.Popen(
        [sys.executable, "-m", "archivist", "links", "--now", NOW],
        cwd=mixed.box.root,
        stdout=subprocess.PIPE,
        stderr=follower,
        env=os.environ | {"TERM": "xterm"},
    )
    out, _ = child.communicate(timeout=60)
    os.close(follower)
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    assert "█" in shown
    assert "/27 URLs" in shown
    assert "█" not in out.decode()


def test_of_two_entries_with_one_source_each_is_told_of_its_own_text(scans: Scans) -> None:
    host = scans.web.host("quay.example")
    host.page("/conduct", page(POLICY))
    for name, text in (("quay", POLICY), ("ropes", OTHER)):
        scans.add(name, scans.web.url("quay.example", "/conduct"), body=text)
    scans.wayback = "enabled = false\n"
    results = scans.results()
    assert results["quay"]["reason"] == "still holds the policy (100 %)"
    assert results["ropes"]["finding"] == "lost"
    assert results["ropes"]["reason"] == "answers, but holds none of the policy (0 %)"
    said = scans.run("--max-age", "12h").out
    assert "entries/ropes.md:6:6: warning L904: `url` answers, but holds none" in said
