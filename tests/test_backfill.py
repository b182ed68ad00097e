"""Backfills: what is recovered, in which order, and that nothing else changes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from backfills import MIDDLE, NEW, OLD, Backfills, body, page
from scans import NOW, OTHER
from web import Web
from web.answer import answer

from archivist import warc

ANOTHER = (
    "Fish is sold here in the morning, ropes are mended at noon, and songs are sung at night.",
)


@pytest.fixture
def fills(tmp_path: Path, web: Web) -> Backfills:
    """An archive with an entry, and no capture yet."""
    return Backfills(tmp_path / "archive", web)


def _outcomes(document: dict[str, Any]) -> dict[str, str]:
    return {one["captured"][:10]: one["name"] or one["outcome"] for one in document["results"]}


def test_the_past_comes_back_in_its_order(fills: Backfills) -> None:
    fills.capture("20120301120000", OLD)
    fills.capture("20120601120000", OLD, "<footer>Seen 17 times</footer>")
    memento = fills.capture("20130301123456", MIDDLE)
    before, head = fills.state(), fills.box.git("rev-parse", "HEAD").strip()
    outcome = fills.run()
    assert outcome.code == 0, outcome.err
    assert fills.state() == before
    assert fills.log("%s|%ad|%cd", "--date=format:%Y-%m-%d", f"{head}..HEAD") == [
        "Recover quay as of 2012-03-01|2012-03-01|2026-11-25",
        "Recover quay as of 2013-03-01|2013-03-01|2026-11-25",
        "Come back to the present text of quay|2026-11-25|2026-11-25",
    ]
    fills.box.git("merge-base", "--is-ancestor", head, "HEAD")
    text = fills.box.git("show", "HEAD~1:entries/quay.md")
    assert text == (
        "---\nlayout: coc\norganization: Quay\ndate announced:\ndate archived: Mar 01, 2013\n"
        f"url: {fills.url}\nwayback snapshot: {memento}\n---\n\n{body(MIDDLE)}\n"
    )
    trailers = dict(
        line.split(": ", 1)
        for line in fills.box.git("log", "-1", "--format=%(trailers)", "HEAD~1").splitlines()
        if line
    )
    assert trailers["Archivist-Captured"] == "2013-03-01T12:34:56Z"
    assert trailers["Archivist-Wayback"] == memento
    assert trailers["Archivist-Text"] == warc.digest(f"\n{body(MIDDLE)}\n".encode())
    assert trailers["Archivist-Recovered"] == head
    data = subprocess.run(
        ["git", "show", "HEAD~1:evidence/quay.warc"],
        cwd=fills.box.root,
        capture_output=True,
        check=True,
    ).stdout
    path, digest = trailers["Archivist-Evidence"].split()
    assert (path, digest) == ("evidence/quay.warc", warc.digest(data))
    evidence = warc.read(data)
    assert (evidence.flaws, evidence.text) == ((), f"{body(MIDDLE)}\n")
    (hop,) = evidence.hops
    assert hop.url == fills.web.wayback.memento(fills.url, "20130301123456", "id_")
    assert hop.header("memento-datetime")
    assert fills.box.git("fsck", "--strict") == ""


def test_history_tells_it_in_valid_time(fills: Backfills) -> None:
    fills.capture("20120301000000", OLD)
    fills.capture("20130301000000", MIDDLE)
    assert fills.run().code == 0
    outcome = fills.box.run("history", "quay", "--format", "json")
    told = [(one["archived"], one["kind"]) for one in json.loads(outcome.out)["versions"]]
    assert told == [
        ("2014-02-04", "text"),
        ("2013-03-01", "text"),
        ("2012-03-01", "added"),
    ]
    assert "tide" not in fills.box.run("show", "quay", "--at", "2013-06-01").out
    assert "tide" in fills.box.run("show", "quay").out
    assert fills.box.run("history", "--verify").code == 0
    found = fills.box.run("search", "--history", "tide", "--format", "json")
    (hit,) = json.loads(found.out)["results"]
    assert hit["first"]["archived"] == "2014-02-04"
    assert "quay" in fills.box.run("search", "tide").out
    blamed = fills.box.run("blame", "quay", "--format", "json")
    dates = {one["text"][:12]: one["archived"] for one in json.loads(blamed.out)["sentences"]}
    assert dates["Ask before y"] == "2012-03-01"
    assert dates["Engines rest"] == "2014-02-04"


def test_corrections_after_a_backfill_stay_at_the_end(fills: Backfills) -> None:
    fills.capture("20120301000000", OLD)
    assert fills.run().code == 0
    text = fills.box.read("entries/quay.md").replace("Feb 04, 2014", "Feb 01, 2014")
    fills.box.write("entries/quay.md", text)
    fills.box.git("commit", "--quiet", "--all", "--message", "Correct the date")
    outcome = fills.box.run("history", "quay", "--format", "json")
    told = [(one["archived"], one["kind"]) for one in json.loads(outcome.out)["versions"]]
    assert told == [
        ("2014-02-01", "metadata"),
        ("2014-02-04", "text"),
        ("2012-03-01", "added"),
    ]


def test_again_it_finds_nothing_more_and_asks_for_nothing(fills: Backfills) -> None:
    fills.capture("20120301000000", OLD)
    fills.capture("20120401000000", OLD, "<b></b>")
    assert fills.run().code == 0
    head, asked = fills.log(), len(fills.web.wayback.requests("playback"))
    document = fills.document()
    assert document["summary"]["recovered"] == 0
    assert fills.log() == head
    assert len(fills.web.wayback.requests("playback")) == asked
    fills.capture("20130301000000", MIDDLE)
    assert fills.document()["summary"]["recovered"] == 1
    outcome = fills.box.run("history", "quay", "--format", "json")
    told = [one["archived"] for one in json.loads(outcome.out)["versions"]]
    assert told == ["2014-02-04", "2013-03-01", "2012-03-01"]


def test_what_the_page_showed_already_is_dated_earlier(fills: Backfills) -> None:
    fills.capture("20130901000000", NEW)
    assert _outcomes(fills.document()) == {"2013-09-01": "recovered"}
    outcome = fills.box.run("history", "quay", "--format", "json")
    told = [(one["archived"], one["kind"]) for one in json.loads(outcome.out)["versions"]]
    assert told == [("2014-02-04", "metadata"), ("2013-09-01", "added")]


def test_what_is_newer_is_for_snapshots(fills: Backfills) -> None:
    fills.capture("20140204120000", NEW)
    fills.capture("20180301000000", MIDDLE)
    document = fills.document("--to", "2020")
    assert _outcomes(document) == {"2014-02-04": "unchanged"}
    outcome = fills.run("--from", "2015")
    assert outcome.code == 2
    assert "archivist snapshot" in outcome.err


def test_a_dry_run_writes_nothing(fills: Backfills) -> None:
    fills.capture("20120301000000", OLD)
    fills.capture("20130301000000", MIDDLE)
    before = (fills.log("%H"), fills.state())
    outcome = fills.run("--dry-run")
    assert outcome.code == 0
    assert "Mar 01, 2012  recovered" in outcome.out
    assert "2 versions would be recovered" in outcome.out
    assert all(len(line) <= 80 for line in outcome.out.splitlines())
    assert (fills.log("%H"), fills.state()) == before
    assert fills.box.git("for-each-ref", "--format=%(refname)") == "refs/heads/main\n"


def test_what_is_staged_and_edited_stays(fills: Backfills) -> None:
    fills.capture("20120301000000", OLD)
    fills.box.write("entries/quay.md", fills.box.read("entries/quay.md") + "\nEdited.\n")
    fills.box.write("staged.txt", "staged")
    fills.box.git("add", "staged.txt")
    before = fills.state()
    assert fills.run().code == 0
    assert fills.state() == before
    assert "staged.txt" not in fills.box.git("log", "--name-only", "--format=")


def test_wrong_captures_make_no_version(fills: Backfills) -> None:
    fills.capture("20110101000000", OLD)
    fills.capture("20110201000000", ("Gone.",), status=404)
    fills.capture("20110301000000", (), location="/login", status=302)
    fills.capture("20110401000000", ANOTHER)
    login = "<form><input type=password></form><p>Log in to go on</p>"
    fills.capture("20110501000000", (), shown=f"<html><title>Log in</title>{login}</html>")
    fills.capture("20110601000000", (), shown="%PDF-1.4 broken", mimetype="application/pdf")
    fills.capture("20110701000000", MIDDLE, playable=False)
    document = fills.document()
    found = _outcomes(document)
    assert found["2011-01-01"] == "recovered"
    assert found["2011-04-01"] == "lost"
    assert found["2011-05-01"] in ("login", "lost")
    assert found["2011-06-01"] == "refused"
    assert found["2011-07-01"] == "missing"
    assert document["summary"]["others"] == {"errors": 1, "redirects": 1}
    assert document["code"] == 1
    assert len([one for one in fills.log() if one.startswith("Recover")]) == 1
    taken = fills.document("--accept", "lost")
    assert _outcomes(taken)["2011-04-01"] == "recovered"


def test_revisits_tell_nothing_new(fills: Backfills) -> None:
    fills.capture("20110101000000", OLD)
    fills.capture("20110601000000", OLD, revisit=True)
    fills.capture("20120101000000", MIDDLE, revisit=True)  # of a capture that is not listed
    found = fills.document()
    assert _outcomes(found) == {"2011-01-01": "recovered", "2012-01-01": "recovered"}


def test_a_text_that_comes_back_is_a_version_again(fills: Backfills) -> None:
    for stamp, text in (("20110101", OLD), ("20110601", MIDDLE), ("20120101", OLD)):
        fills.capture(f"{stamp}000000", text)
    assert list(_outcomes(fills.document()).values()) == ["recovered"] * 3


def test_a_slip_is_no_version(fills: Backfills) -> None:
    for stamp, text in (("20110101000000", OLD), ("20110101060000", MIDDLE)):
        fills.capture(stamp, text)
    fills.capture("20110101120000", OLD, "<i></i>")
    document = fills.document()
    assert [one["outcome"] for one in document["results"]] == [
        "recovered", "unchanged", "unchanged"
    ]  # fmt: skip


def test_a_selector_of_today_need_not_match_the_past(fills: Backfills) -> None:
    fills.add("pier", more="content selector: '#policy'\n")
    shown = page(MIDDLE).replace("<main>", "<main id='policy'>")
    fills.capture("20110101000000", OLD)
    fills.capture("20120101000000", (), shown=shown)
    assert list(_outcomes(fills.document(entry="pier")).values()) == ["recovered"] * 2
    assert "content selector" not in fills.box.git("show", "HEAD~2:entries/pier.md")
    assert "content selector" in fills.box.git("show", "HEAD~1:entries/pier.md")


@pytest.mark.parametrize("where", ["keep", "none"])
def test_evidence_goes_where_the_settings_say(fills: Backfills, where: str) -> None:
    fills.wayback += f"[snapshot]\nevidence = '{where}'\n"
    fills.capture("20120301000000", OLD)
    fills.capture("20130301000000", MIDDLE)
    before = fills.state()
    assert fills.run().code == 0
    assert fills.state() == before
    assert "evidence" not in fills.box.git("log", "--name-only", "--format=")
    folder = fills.box.root / "evidence"
    found = sorted(one.name for one in folder.glob("*.warc")) if folder.exists() else []
    stamps = ["20120301T000000Z", "20130301T000000Z"] if where == "keep" else []
    assert found == [f"quay.{stamp}.warc" for stamp in stamps]
    outcome = fills.box.run("verify", "--format", "json")
    summary = json.loads(outcome.out)["summary"]
    assert (summary["proven"], summary["unproven"]) == ((2, 0) if where == "keep" else (0, 2))


def test_kept_evidence_goes_if_the_past_cannot_be_told(fills: Backfills) -> None:
    fills.wayback += "[snapshot]\nevidence = 'keep'\n"
    fills.capture("20120301000000", OLD)
    fills.capture("20130301000000", MIDDLE)
    other = fills.box.write("evidence/quay.20130301T000000Z.warc", "of another")
    outcome = fills.run()
    assert outcome.code == 2
    assert "quay.20130301T000000Z.warc is there" in outcome.err
    assert other.read_text() == "of another"
    assert [one.name for one in other.parent.glob("*.warc")] == [other.name]
    other.unlink()
    assert fills.run().code == 0


def test_another_address_of_the_past(fills: Backfills) -> None:
    fills.web.wayback.capture("http://old.example/rules", "20110101000000", page(OLD))
    document = fills.document("--url", "http://old.example/rules")
    assert _outcomes(document) == {"2011-01-01": "recovered"}
    assert "url: http://old.example/rules\n" in fills.box.git("show", "HEAD~1:entries/quay.md")


def test_an_empty_index_is_no_proof(fills: Backfills) -> None:
    outcome = fills.run()
    assert outcome.code == 2
    assert "does not prove" in outcome.err
    assert len(fills.web.wayback.requests("cdx")) == 2
    fills.capture("20110101000000", OLD)
    fills.web.wayback.forget(fills.url, 1)
    assert _outcomes(fills.document()) == {"2011-01-01": "recovered"}


def test_windows_that_are_full_are_halved(fills: Backfills, monkeypatch: Any) -> None:
    from datetime import date

    from archivist.config import parse_settings
    from archivist.net.crawl import Crawl
    from archivist.wayback import cdx
    from archivist.wayback.listing import Listing, list_captures
    from archivist.wayback.mementos import WaybackMachine

    for month in range(1, 13):
        fills.capture(f"2011{month:02}01000000", (f"Text {month}.",))
    monkeypatch.setattr(cdx, "MOST", 4)
    fills.prepare()
    settings = parse_settings(fills.box.read("archivist.toml").encode(), "archivist.toml").scan
    found: list[Listing] = []
    machine = WaybackMachine(settings.wayback)
    crawl: Crawl[Listing] = Crawl(
        settings.network, lambda _lane: None, found.append, machine.manners()
    )
    crawl.add(list_captures(machine, fills.url, date(1996, 1, 1), date(2014, 1, 1)))
    crawl.run(30)
    assert [one.timestamp[4:6] for one in found[0].captures] == [f"{n:02}" for n in range(1, 13)]
    asked = [one.query for one in fills.web.wayback.requests("cdx")]
    assert len(asked) > 4
    assert all("closest" not in one and int(one["limit"][0]) > 0 for one in asked)


def test_excluded_sites_are_called_so(fills: Backfills) -> None:
    fills.web.wayback.exclude("quay.example")
    outcome = fills.run()
    assert outcome.code == 2
    assert "excluded" in outcome.err


def test_an_outage_loses_nothing(fills: Backfills) -> None:
    for month in range(1, 7):
        fills.capture(f"2011{month:02}01000000", (*OLD, f"Boats of month {month} leave first."))
    fills.web.wayback.limit("playback", 3, 600)
    outcome = fills.run()
    assert outcome.code == 2
    assert "asks for a pause" in outcome.err
    assert "what was fetched is kept" in outcome.err
    assert fills.log() == ["Begin", "Add quay"]
    asked = len(fills.web.wayback.requests("playback"))
    assert asked <= 5  # a second 429 ends the run
    fills.web.wayback.limit("playback", 1000, 1)
    assert fills.document()["summary"]["recovered"] == 6
    assert len(fills.web.wayback.requests("playback")) == asked + 3


def test_what_fails_once_is_asked_again(fills: Backfills) -> None:
    fills.capture("20110101000000", OLD)
    fills.web.wayback.instead("playback", answer("", 520))
    assert fills.document()["summary"]["recovered"] == 1


def test_an_outage_of_the_index(fills: Backfills) -> None:
    fills.capture("20110101000000", OLD)
    fills.web.wayback.fail()
    outcome = fills.run()
    assert outcome.code == 2
    assert "does not answer now" in outcome.err


def test_an_archived_429_is_not_a_limit(fills: Backfills) -> None:
    fills.capture("20110101000000", OLD)
    fills.capture("20110201000000", ("Slow down.",), status=429, revisit=True)
    fills.capture("20110301000000", MIDDLE)
    document = fills.document()
    assert document["summary"]["recovered"] == 2
    assert document["summary"]["refused"] == 1


def test_so_many_captures_at_the_most(fills: Backfills) -> None:
    for month in range(1, 13):
        fills.capture(f"2011{month:02}01000000", (*OLD, f"Boats of month {month} leave first."))
    document = fills.document("--most", "4")
    assert len(document["results"]) == 4
    assert document["results"][0]["captured"] == "2011-01-01T00:00:00Z"
    assert document["results"][-1]["captured"] == "2011-12-01T00:00:00Z"
    assert list(document["summary"]["others"].values()) == [8]


def test_hostile_mementos(fills: Backfills) -> None:
    deep = "<div>" * 50_000 + "x"
    fills.capture("20110101000000", (), shown=deep)
    fills.capture("20110201000000", (), shown="x" * (5 << 20))
    fills.capture("20110301000000", (), shown="<p>" + "\x1b[31m Be kind. \u202e" * 40)
    fills.capture("20110401000000", OLD, headers=(("X-Evil", "a: b"), ("Location", "no")))
    fills.capture("20110501000000", (*OLD, "---", "layout: evil", "---"), "<script>1</script>")
    started = time.monotonic()
    outcome = fills.run()
    assert time.monotonic() - started < 60
    assert "\x1b" not in outcome.out
    assert outcome.code in (0, 1)
    for rev in fills.log("%H", "--grep=^Recover"):
        text = fills.box.git("show", f"{rev}:entries/quay.md")
        assert text.startswith("---\nlayout: coc\norganization: Quay\n")
    assert fills.box.git("fsck", "--strict") == ""


def test_killed_in_the_middle_it_goes_on(fills: Backfills) -> None:
    for month in range(1, 9):
        fills.capture(f"2011{month:02}01000000", (*OLD, f"Boats of month {month} leave first."))
    fills.web.wayback.delay = 0.2
    fills.prepare()
    before = fills.state()
    child = subprocess.Popen(
        [sys.executable, "-m", "archivist", "backfill", "quay", "--now", NOW],
        cwd=fills.box.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while len(fills.web.wayback.requests("playback")) < 4 and child.poll() is None:
        time.sleep(0.02)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    asked = len(fills.web.wayback.requests("playback"))
    assert 4 <= asked < 8
    assert fills.state() == before
    assert fills.log() == ["Begin", "Add quay"]
    fills.web.wayback.delay = 0
    assert fills.document()["summary"]["recovered"] == 8
    assert len(fills.web.wayback.requests("playback")) <= 8 + 1  # one was under way
    assert fills.state() == before


def test_killed_at_any_moment_it_is_as_before_or_complete(fills: Backfills) -> None:
    for month in range(1, 7):
        fills.capture(f"2011{month:02}01000000", (*OLD, f"Boats of month {month} leave first."))
    fills.run("--dry-run")  # fetches everything
    state, before = fills.state(), fills.log()
    started = time.monotonic()
    fills.run("--dry-run")
    whole = time.monotonic() - started
    command = [sys.executable, "-m", "archivist", "backfill", "quay", "--now", NOW]
    for share in (0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2):
        child = subprocess.Popen(
            command, cwd=fills.box.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(whole * share)
        child.kill()
        child.wait()
        assert fills.state() == state
        assert len(fills.log()) in (len(before), len(before) + 7)
    assert fills.run().code == 0
    assert len(fills.log()) == len(before) + 7
    assert fills.state() == state
    assert fills.box.git("fsck", "--strict", "--no-dangling") == ""


@pytest.mark.parametrize(
    "command", ["hash-object", "hash-object -t commit", "update-ref", "cat-file"]
)
def test_where_git_fails_nothing_happens(fills: Backfills, tmp_path: Path, command: str) -> None:
    fills.capture("20110101000000", OLD)
    fills.prepare()
    state, before = fills.state(), fills.log()
    real = subprocess.run(["which", "git"], capture_output=True, check=True, text=True).stdout
    folder = tmp_path / "bin"
    folder.mkdir()
    script = f'case " $* " in *" {command} "*) echo "fatal: no" >&2; exit 128;; esac'
    (folder / "git").write_text(f'#!/bin/sh\n{script}\nexec {real.strip()} "$@"\n')
    (folder / "git").chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    outcome = fills.box.run("backfill", "--now", NOW, "quay", PATH=path)
    assert outcome.code == 2
    assert "error: git" in outcome.err or "cannot" in outcome.err
    assert (fills.state(), fills.log()) == (state, before)


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (["checkout", "--quiet", "--detach"], "HEAD is detached"),
        (["config", "user.name", ""], "git does not know who you are"),
    ],
)
def test_where_nothing_can_be_committed_nothing_is_asked(
    fills: Backfills, prepare: list[str], message: str
) -> None:
    fills.capture("20110101000000", OLD)
    fills.box.git(*prepare)
    outcome = fills.run()
    assert outcome.code == 2
    assert message in outcome.err
    assert not fills.web.wayback.requests("cdx")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["quays"], "did you mean quay?"),
        (["quay", "--from", "spring"], "--from: spring is not a date"),
        (["quay", "--from", "2013", "--to", "2012"], "--from is behind --to"),
        (["quay", "--most", "none"], "--most"),
        (["quay", "--accept", "lots"], "did you mean lost?"),
        (["stub"], "is a stub"),
        (["fresh"], "was never committed"),
        (["nowhere"], "has no `url`"),
    ],
)
def test_mistakes(fills: Backfills, arguments: list[str], message: str) -> None:
    fills.box.write("entries/stub.md", "---\nlayout: source\norganization: Stub\nurl:\n---\n")
    text = fills.box.read("entries/quay.md")
    fills.box.write("entries/nowhere.md", text.replace("url: h", "x: "))
    fills.box.commit()
    fills.box.write("entries/fresh.md", fills.box.read("entries/quay.md"))
    fills.prepare()
    outcome = fills.box.run("backfill", "--now", NOW, *arguments)
    assert outcome.code == 2
    assert message in outcome.err


def test_other_pages_are_not_taken_for_this_one(fills: Backfills) -> None:
    fills.capture("20110101000000", OLD)
    fills.capture("20120101000000", (), shown=page((OTHER,)), original="http://evil.example/x")
    document = fills.document()
    assert document["summary"]["others"] == {"another page": 1}
    assert document["summary"]["recovered"] == 1


LOGIN = "<form><input type=password></form><p>Log in to go on</p>"


def _refused(fills: Backfills) -> None:
    fills.capture("20110101000000", OLD)
    fills.capture("20110401000000", ANOTHER)
    fills.capture("20110501000000", (), shown=f"<html><title>Log in</title>{LOGIN}</html>")
    fills.capture("20110601000000", (), shown="%PDF-1.4 broken", mimetype="application/pdf")


def test_what_was_refused_is_said_once(fills: Backfills) -> None:
    _refused(fills)
    first = fills.run()
    assert (first.code, first.out.count("refused  ")) == (1, 3)
    playbacks = len(fills.web.wayback.requests("playback"))
    second = fills.run()
    assert second.code == 0
    assert "refused  " not in second.out
    assert "3 captures were refused earlier (login, lost); `--again` looks at them" in second.out
    assert all(len(line) <= 80 for line in second.out.splitlines())
    document = fills.document()
    assert [one["earlier"] for one in document["results"]] == [False, True, True, True]
    assert document["summary"]["refused_earlier"] == 3
    assert document["summary"]["refused"] == 3
    assert len(fills.web.wayback.requests("playback")) == playbacks
    again = fills.run("--again")
    assert (again.code, again.out.count("refused  ")) == (1, 3)
    fills.capture("20110701000000", (), shown=f"<html><title>Log in</title>{LOGIN}.</html>")
    more = fills.run()
    assert (more.code, more.out.count("refused  ")) == (1, 1)


def test_what_was_refused_is_not_fetched_again(fills: Backfills) -> None:
    _refused(fills)
    fills.capture("20110801000000", (), shown="<p>" + "never ends " * 5000)
    fills.network["max_body"] = 20_000
    first = fills.document()
    assert first["results"][-1]["outcome"] == "refused"
    assert "max_body" in first["results"][-1]["reason"]
    database = sqlite3.connect(fills.box.root / ".git" / "archivist" / "mementos.sqlite3")
    with closing(database), database:
        database.execute("DELETE FROM memento")  # as if they had been too many
    asked = len(fills.web.wayback.requests("playback"))
    second = fills.document()
    assert second["code"] == 0
    assert second["summary"]["refused_earlier"] == 4
    # The one that is read again shows a text; whether that is lost depends on the others.
    again = [one.path for one in fills.web.wayback.requests("playback")[asked:]]
    assert [one.split("/")[2] for one in again] == ["20110101000000id_", "20110401000000id_"]


def test_other_rules_look_again(fills: Backfills, monkeypatch: pytest.MonkeyPatch) -> None:
    _refused(fills)
    assert fills.run().code == 1
    monkeypatch.setattr("archivist.extraction.VERSION", "walker/next")
    assert fills.run().code == 1
    assert fills.run().code == 0
    monkeypatch.setattr("archivist.backfill.refusals.__version__", "9.9")
    assert fills.run().code == 1
    text = fills.box.read("entries/quay.md")
    fills.box.write("entries/quay.md", text.replace("\nurl:", "\nremove selector: .menu\nurl:"))
    fills.box.commit()
    assert fills.run().code == 1
    assert fills.run().code == 0


def test_what_was_accepted_is_not_refused_any_more(fills: Backfills) -> None:
    _refused(fills)
    assert fills.run().code == 1
    taken = fills.document("--accept", "login")
    assert _outcomes(taken)["2011-05-01"] in ("recovered", "lost")
    taken = fills.document("--accept", "login,lost")
    assert _outcomes(taken)["2011-05-01"] == "recovered"
    after = fills.document()
    assert _outcomes(after)["2011-05-01"] == "unchanged"
    assert after["code"] == 0


def test_a_trial_remembers_no_refusal(fills: Backfills) -> None:
    _refused(fills)
    assert fills.run("--dry-run").code == 1
    assert fills.run("--dry-run").code == 1
    assert fills.run().code == 1
    assert fills.run("--dry-run").code == 0


@pytest.mark.parametrize(
    "name", ["quay", "entries/quay.md", "Quay", "the quay", "http://quay.example/conduct"]
)
def test_an_entry_by_any_name(fills: Backfills, name: str) -> None:
    fills.capture("20110101000000", OLD)
    assert fills.document("--dry-run", entry=name)["summary"]["recovered"] == 1


def test_a_name_of_several_entries(fills: Backfills) -> None:
    fills.add("pier")
    for name in ("quay", "pier"):
        text = fills.box.read(f"entries/{name}.md")
        fills.box.write(f"entries/{name}.md", text.replace(f": {name.title()}\n", ": Harbour\n"))
    outcome = fills.run(entry="Harbour")
    assert outcome.code == 2
    assert "Harbour is a name of 2 entries" in outcome.err
    assert "name one of them: pier, quay" in outcome.err
