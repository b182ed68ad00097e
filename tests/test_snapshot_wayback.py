"""Wayback snapshots of new versions: asked for when the version is safe, completed later."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from snapshots import NEW_TEXT, TEXT, Captures, trailers_of
from web import Web, behaviours
from web.pages import html

from archivist.capturing.provenance import Provenance
from archivist.entry import Entry
from archivist.snapshot.mementos import is_local

STAMP = "20261125120010"


@pytest.fixture
def captures(tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> Captures:
    captures = Captures(tmp_path / "archive", web)
    captures.wayback = (
        "second_opinion = 0\nsaves_per_minute = 60000\nsearches_per_minute = 60000\n"
        "playbacks_per_minute = 60000\nsave_deadline = 3\npause = 0\n"
    )
    web.wayback.saving.retry_after = "0"
    monkeypatch.setenv("IA_ACCESS_KEY", "access")
    monkeypatch.setenv("IA_SECRET_KEY", "secret")
    monkeypatch.setenv("IA_KEYS_FOR", web.wayback.url)
    return captures


def value(captures: Captures) -> str:
    text = captures.box.read("entries/quay-guild.md")
    return Entry("entries/quay-guild.md", text).value("wayback snapshot")


def memory(captures: Captures) -> dict[str, object]:
    path = captures.box.root / ".git/archivist/captures.json"
    found: dict[str, object] = json.loads(path.read_text())["pending"] if path.exists() else {}
    return found


def test_a_version_gets_its_memento(captures: Captures, web: Web) -> None:
    url = captures.add("quay-guild", NEW_TEXT)
    web.wayback.saving.will(url, STAMP, body=html("Rules", NEW_TEXT).encode(), pending=1)
    captures.prepare()
    found = captures.result("quay-guild")
    assert found["outcome"] == "recorded"
    assert found["wayback"] == f"{web.wayback.url}/web/{STAMP}/{url}"
    assert value(captures) == found["wayback"]
    subjects = captures.box.git("log", "-2", "--format=%s").splitlines()
    assert subjects[0] == "Add the Wayback snapshot of Quay Guild"
    assert subjects[1].startswith("Record Quay Guild")
    said = Provenance.parse(trailers_of(captures.box.git("log", "-1", "--format=%B")))
    assert said is not None
    assert said.wayback == found["wayback"]
    assert captures.box.git("status", "--porcelain") == ""
    assert captures.result("quay-guild")["outcome"] == "unchanged"
    everything = captures.box.git("log", "-p") + json.dumps(memory(captures))
    assert "secret" not in everything


@pytest.mark.parametrize("shown", [TEXT, "Just a moment, your browser is looked at."])
def test_a_capture_of_another_text_is_not_written(captures: Captures, web: Web, shown: str) -> None:
    url = captures.add("quay-guild", NEW_TEXT)
    web.wayback.saving.will(url, STAMP, body=html("Rules", shown).encode())
    captures.prepare()
    found = captures.result("quay-guild")
    assert (found["outcome"], found["wayback"]) == ("recorded", None)
    assert "the capture of" in found["reason"]
    assert "shows another text" in found["reason"]
    assert value(captures) == ""
    assert "quay-guild" not in memory(captures)


def test_a_late_capture_is_of_the_version_that_it_was_asked_for(
    captures: Captures, web: Web
) -> None:
    url = captures.add("quay-guild", NEW_TEXT)
    web.wayback.saving.will(url, STAMP, body=html("Rules", NEW_TEXT).encode(), visible=False)
    captures.prepare()
    captures.result("quay-guild")
    newer = NEW_TEXT.replace("yellow scarf", "green hat")
    captures.show("quay-guild", newer)
    assert captures.result("quay-guild", "--no-wayback")["outcome"] == "recorded"
    web.wayback.captures.everything[:] = []
    web.wayback.capture(url, STAMP, html("Rules", NEW_TEXT).encode())
    found = captures.result("quay-guild", "--pending")
    assert (found["outcome"], found["wayback"]) == ("unchanged", None)
    assert value(captures) == ""


def test_what_is_pending_is_completed(captures: Captures, web: Web) -> None:
    url = captures.add("quay-guild", NEW_TEXT)
    body = html("Rules", NEW_TEXT).encode()
    web.wayback.saving.will(url, STAMP, body=body, visible=False)
    captures.prepare()
    found = captures.result("quay-guild")
    assert (found["outcome"], found["wayback"]) == ("recorded", None)
    assert "not visible yet" in found["reason"]
    assert "--pending" in found["hint"]
    assert value(captures) == ""
    assert "quay-guild" in memory(captures)
    assert captures.result("quay-guild", "--pending")["outcome"] == "unchanged"
    web.wayback.saving.captures.everything.clear()
    web.wayback.capture(url, STAMP, body)
    done = captures.result("quay-guild", "--pending")
    assert (done["outcome"], done["wayback"]) == ("recorded", value(captures))
    assert memory(captures) == {}
    assert captures.document("--pending", "--all")["results"] == []


def moved(captures: Captures, web: Web) -> tuple[str, str]:
    """An entry whose source redirects: the URL that it names, and where the page is."""
    url = captures.add("quay-guild", behaviours.temporary("/rules"))
    web.host("quay.example").behave("/rules", behaviours.fine(NEW_TEXT, title=""))
    captures.prepare()
    return url, web.url("quay.example", "/rules")


def test_a_source_that_redirects_is_captured_at_its_end(captures: Captures, web: Web) -> None:
    url, final = moved(captures, web)
    web.wayback.saving.will(url, STAMP, body=html("Rules", NEW_TEXT).encode(), final=final)
    found = captures.result("quay-guild")
    assert (found["outcome"], found["final_url"]) == ("recorded", final)
    assert found["wayback"] == value(captures) == f"{web.wayback.url}/web/{STAMP}/{final}"


def test_its_evidence_tells_a_later_run_where_it_ended(captures: Captures, web: Web) -> None:
    url, final = moved(captures, web)
    web.wayback.fail()
    assert captures.result("quay-guild")["wayback"] is None
    (captures.box.root / ".git/archivist/captures.json").unlink(missing_ok=True)
    web.wayback.recover()
    web.wayback.saving.will(url, STAMP, body=html("Rules", NEW_TEXT).encode(), final=final)
    found = captures.result("quay-guild", "--pending")
    assert found["wayback"] == f"{web.wayback.url}/web/{STAMP}/{final}"


def test_a_capture_that_was_led_elsewhere_is_not_of_this_text(captures: Captures, web: Web) -> None:
    url, _ = moved(captures, web)
    elsewhere = web.url("quay.example", "/login")
    web.wayback.saving.will(url, STAMP, body=b"Who are you?", final=elsewhere)
    found = captures.result("quay-guild")
    assert (found["outcome"], found["wayback"]) == ("recorded", None)
    assert elsewhere in found["reason"]
    assert value(captures) == ""


def test_an_outage_loses_nothing(captures: Captures, web: Web) -> None:
    url = captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    web.wayback.fail()
    found = captures.result("quay-guild")
    assert (found["outcome"], found["wayback"]) == ("recorded", None)
    assert "Wayback" in found["reason"]
    assert "within three days" in captures.box.read("entries/quay-guild.md")
    web.wayback.recover()
    web.wayback.saving.will(url, STAMP, body=html("Rules", NEW_TEXT).encode())
    assert captures.result("quay-guild", "--pending")["outcome"] == "recorded"


def test_an_older_version_gets_the_capture_of_its_day(captures: Captures, web: Web) -> None:
    url = captures.add("quay-guild", TEXT, more="wayback snapshot:\n")
    web.wayback.capture(url, "20140206101010", html("Rules", *TEXT.split("\n\n")).encode())
    captures.prepare()
    before = captures.state()
    assert captures.result("quay-guild", "--pending", "-n")["outcome"] == "recorded"
    assert captures.state() == before
    found = captures.result("quay-guild", "--pending")
    assert "/web/20140206101010/" in found["wayback"]
    assert value(captures) == found["wayback"]
    assert len(captures.web.requests.to("quay.example").paths) == 0


def test_the_wayback_machine_is_left_alone(captures: Captures, web: Web) -> None:
    captures.add("quay-guild", NEW_TEXT, more="wayback snapshot: https://x.example/old\n")
    captures.prepare()
    assert captures.result("quay-guild", "--no-wayback")["reason"] == ""
    assert value(captures) == ""  # the old one was of the text before
    assert web.requests.to("web-archive.example").paths == []
    outcome = captures.run("quay-guild", "--pending", "--no-wayback")
    assert outcome.code == 2


@pytest.mark.parametrize("option", ["--branch", "--no-commit"])
def test_elsewhere_too(captures: Captures, web: Web, option: str) -> None:
    url = captures.add("quay-guild", NEW_TEXT)
    web.wayback.saving.will(url, STAMP, body=html("Rules", NEW_TEXT).encode())
    captures.prepare()
    found = captures.result("quay-guild", option, *(["topic"] if option == "--branch" else []))
    assert (found["outcome"], bool(found["wayback"])) == ("recorded", True)
    if option == "--branch":
        text = captures.box.git("show", "topic:entries/quay-guild.md")
        assert Entry("", text).value("wayback snapshot") == found["wayback"]
        assert captures.box.git("status", "--porcelain") == ""
    else:
        assert value(captures) == found["wayback"]


def test_half_a_pair_of_keys(captures: Captures, monkeypatch: pytest.MonkeyPatch) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    monkeypatch.delenv("IA_SECRET_KEY")
    before = captures.state()
    outcome = captures.run("quay-guild")
    assert outcome.code == 2
    assert "IA_SECRET_KEY" in outcome.err
    assert captures.state() == before


def test_nobody_is_there_to_be_asked(captures: Captures, web: Web) -> None:
    captures.add("quay-guild", TEXT, more="wayback snapshot:\n")
    captures.prepare()
    web.wayback.fail()
    outcome = captures.run("quay-guild", "--pending")
    assert outcome.code == 2
    assert "failed" in outcome.out
    assert "does not answer" in outcome.err


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8080/x", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://files.internal/", True),
        ("http://192.168.1.7/", True),
        ("http://quay.example/", False),
        ("http://93.184.215.14/", False),
    ],
)
def test_what_the_wayback_machine_cannot_reach(url: str, local: bool) -> None:
    assert is_local(url) is local


def test_a_trial_asks_for_no_capture(captures: Captures, web: Web) -> None:
    url = captures.add("quay-guild", NEW_TEXT, more="wayback snapshot:\n")
    web.wayback.saving.will(url, STAMP, body=html("Rules", TEXT).encode())
    path = "entries/quay-guild.md"
    text = captures.box.read(path).replace("Feb 04, 2014", "Nov 25, 2026")
    captures.box.write(path, text)
    captures.prepare()
    before = captures.state()
    found = captures.result("quay-guild", "--pending", "--dry-run")
    assert (found["outcome"], "a run would ask" in found["reason"]) == ("unchanged", True)
    assert captures.result("quay-guild", "--dry-run")["outcome"] == "recorded"
    assert captures.state() == before
    assert not web.wayback.requests("save")
    assert captures.result("quay-guild", "--pending")["outcome"] == "recorded"
    assert web.wayback.requests("save")
