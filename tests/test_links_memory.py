"""What `archivist links` remembers: strikes, fresh verdicts, interrupts, two scans at once."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sandbox import unmeasured
from scans import NOW, POLICY, Scans, page
from web import behaviours

from archivist.state.verdicts import LinkMemory

STATE = ".git/archivist/links.sqlite3"


@pytest.fixture(autouse=True)
def _no_wayback(scans: Scans) -> None:
    scans.wayback = "enabled = false\n"


def _one(scans: Scans, behaviour: object = behaviours.MISSING) -> str:
    scans.web.host("quay.example").behave("/conduct", behaviour)  # type: ignore[arg-type]
    scans.web.host("pier.example").page("/conduct", page())
    scans.add("quay", scans.web.url("quay.example", "/conduct"))
    scans.add("pier", scans.web.url("pier.example", "/conduct"))
    return scans.web.url("quay.example", "/conduct")


def _verdicts(scans: Scans, *days: str, state: str = "") -> list[str]:
    arguments = ["--max-age", "0", *(["--state", state] if state else [])]
    return [
        scans.results(*arguments, now=f"2026-11-{day}T03:00:00Z")["quay"]["verdict"] for day in days
    ]


def test_three_strikes_over_seven_days(scans: Scans) -> None:
    _one(scans)
    verdicts = _verdicts(scans, "01", "02", "03", "04", "07", "08")
    assert verdicts == ["failing"] * 5 + ["dead"]


def test_three_strikes_in_one_day_are_one(scans: Scans) -> None:
    _one(scans)
    scans.settings = "\n[links]\ndays = 0\nstrikes = 2\n"
    assert _verdicts(scans, "01", "01", "01", "02") == ["failing"] * 3 + ["dead"]


def test_a_success_begins_anew(scans: Scans) -> None:
    _one(scans, behaviours.once(behaviours.MISSING, behaviours.fine(POLICY)))
    assert _verdicts(scans, "01", "05") == ["failing", "alive"]
    scans.web.host("quay.example").behave("/conduct", behaviours.MISSING)
    assert _verdicts(scans, "08", "14", "15") == ["failing", "failing", "dead"]


def test_the_dead_recover(scans: Scans) -> None:
    _one(scans, behaviours.GONE)
    assert _verdicts(scans, "01") == ["dead"]
    scans.web.host("quay.example").page("/conduct", page())
    outcome = scans.run("--max-age", "0", now="2026-11-02T03:00:00Z")
    assert "entries/quay.md: answers again: http://quay.example" in outcome.out
    assert outcome.code == 0


def test_blocked_is_no_strike(scans: Scans) -> None:
    _one(scans, behaviours.FORBIDDEN)
    assert _verdicts(scans, "01", "10", "20") == ["blocked"] * 3


def test_json_lines_remember_as_well(scans: Scans) -> None:
    url = _one(scans)
    verdicts = _verdicts(scans, "01", "04", "08", state="links.jsonl")
    assert verdicts == ["failing", "failing", "dead"]
    lines = [json.loads(line) for line in scans.box.read("links.jsonl").splitlines()]
    assert [one["url"] for one in lines] == sorted(one["url"] for one in lines)
    (dead,) = [one for one in lines if one["url"] == url]
    assert dead["strikes"] == 3
    assert dead["first_failed"] == "2026-11-01T03:00:00Z"
    assert not (scans.box.root / STATE).exists()


def test_json_lines_that_were_cut_short(scans: Scans) -> None:
    _one(scans)
    _verdicts(scans, "01", state="links.jsonl")
    whole = scans.box.read("links.jsonl")
    scans.box.write("links.jsonl", whole + '{"url": "http://qua')
    assert _verdicts(scans, "04", "08", state="links.jsonl") == ["failing", "dead"]
    assert scans.box.read("links.jsonl").count("\n") == whole.count("\n")


@pytest.mark.parametrize(
    "text", ["nonsense\n\n", '{"url": "http://x.example", "odd": 1}\n', '{"found": [1]}\n']
)
def test_json_lines_that_are_not_ours(scans: Scans, text: str) -> None:
    _one(scans)
    scans.box.write("links.jsonl", text)
    outcome = scans.run("--state", "links.jsonl")
    assert outcome.code == 2
    assert "links.jsonl" in outcome.err
    assert scans.box.read("links.jsonl") == text


def test_a_broken_state_is_said_and_kept(scans: Scans) -> None:
    _one(scans)
    scans.box.write(STATE, "this is no database, but it may have been one")
    outcome = scans.run()
    assert outcome.code == 2
    assert "links.sqlite3" in outcome.err
    assert scans.box.read(STATE).startswith("this is")


def test_fresh_verdicts_ask_nothing(scans: Scans) -> None:
    _one(scans, behaviours.fine(POLICY))
    scans.run()
    scans.web.requests.clear()
    found = scans.document()
    assert found["summary"]["requests"] == 0
    assert found["summary"]["urls"] == {"alive": 2}
    assert not scans.web.requests
    assert scans.document(now="2026-11-25T16:00:00Z")["summary"]["requests"] == 2
    assert scans.document("quay")["summary"]["requests"] == 1  # a named entry is asked


def test_another_text_is_compared_anew(scans: Scans) -> None:
    _one(scans, behaviours.fine(POLICY))
    scans.run()
    scans.add("quay", scans.web.url("quay.example", "/conduct"), body=POLICY + "And be merry.")
    found = scans.document()
    assert found["summary"]["requests"] == 1
    assert [one["share"] for one in found["results"]][1] < 1


def test_conditional_requests(scans: Scans) -> None:
    _one(scans, behaviours.revalidated(behaviours.fine(POLICY)))
    first = scans.results("--max-age", "0")["quay"]
    second = scans.results("--max-age", "0", now="2026-11-26T03:00:00Z")["quay"]
    asked = scans.web.requests.to("quay.example")
    assert [one.headers.get("if-none-match") for one in asked] == [None, '"v1"']
    assert (first["status"], second["status"]) == (200, 304)
    assert second["verdict"] == "alive"
    assert second["reason"] == first["reason"] == "still holds the policy (100 %)"


def test_history_of_a_url(scans: Scans) -> None:
    _one(scans)
    assert "no scan has asked" in scans.run("quay", "--history").err
    _verdicts(scans, "01", "04", "08", "09")
    outcome = scans.run("quay", "--history")
    assert outcome.code == 0
    assert outcome.out.splitlines()[1:] == [
        "  2026-11-08T03:00:00Z to 2026-11-09T03:00:00Z, 2 ×: dead  404 Not Found",
        "  2026-11-01T03:00:00Z to 2026-11-04T03:00:00Z, 2 ×: failing  404 Not Found",
    ]


def test_a_network_that_is_down_blames_nobody(scans: Scans) -> None:
    scans.web.refuse("quay.example")
    scans.add("quay", scans.web.url("quay.example", "/conduct"))
    scans.add("none", "http://nowhere.invalid/conduct")
    found = [scans.document(now=f"2026-11-{day}T03:00:00Z") for day in ("01", "05", "09")]
    assert [one["code"] for one in found] == [2, 2, 2]
    assert found[2]["summary"]["urls"] == {"unknown": 2}
    assert "network here seems to be down" in found[2]["results"][0]["reason"]


def _start(scans: Scans, *arguments: str) -> subprocess.Popen[bytes]:
    scans.prepare()
    command = [sys.executable, "-m", "archivist", "links", "--now", NOW, *arguments]
    return subprocess.Popen(command, cwd=scans.box.root, stdout=-1, stderr=-1, env=unmeasured())


def _many(scans: Scans, count: int) -> None:
    for number in range(count):
        name = f"quay-{number:02}.example"
        scans.web.host(name).page("/conduct", page())
        scans.add(f"quay-{number:02}", scans.web.url(name, "/conduct"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_killed_it_goes_on_where_it_was(scans: Scans, how: signal.Signals) -> None:
    _many(scans, 30)
    scans.web.host("quay-00.example").behave("/conduct", behaviours.SILENT)
    scans.network |= {"concurrency": 2, "timeout": 60}
    for number in range(1, 30):
        scans.web.host(f"quay-{number:02}.example").page("/conduct", page(), delay=0.1)
    child = _start(scans)
    end = time.monotonic() + 20
    while len(scans.web.requests) < 20 and time.monotonic() < end:
        time.sleep(0.05)
    child.send_signal(how)
    child.communicate(timeout=20)
    assert child.returncode in (130, -9)
    with sqlite3.connect(scans.box.root / STATE) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (known,) = database.execute("SELECT count(*) FROM link").fetchone()
    assert known > 5
    scans.web.host("quay-00.example").page("/conduct", page())
    scans.web.requests.clear()
    found = scans.document()
    assert found["summary"]["urls"] == {"alive": 30}
    assert found["summary"]["requests"] == 30 - known


@pytest.mark.parametrize("state", [[], ["--state", "links.jsonl"]])
def test_two_scans_at_once(scans: Scans, state: list[str]) -> None:
    _many(scans, 25)
    children = [_start(scans, "--max-age", "0", *state) for _ in range(2)]
    for child in children:
        _, err = child.communicate(timeout=60)
        assert child.returncode == 0, err
    scans.web.requests.clear()
    summary = scans.document(*state)["summary"]
    assert (summary["urls"], summary["requests"]) == ({"alive": 25}, 0)


def test_many_may_begin_the_memory_at_once(tmp_path: Path) -> None:
    """SQLite does not wait for everything that a file is begun with: it is tried again."""
    together = Barrier(4, timeout=30)

    def begin(number: int) -> None:
        together.wait()
        LinkMemory(tmp_path / f"{number}.sqlite3").close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(begin, [number for number in range(40) for _ in range(4)]))


def test_without_git_nothing_is_remembered_and_said_so(scans: Scans, tmp_path: Path) -> None:
    _one(scans)
    os.rename(scans.box.root / ".git", tmp_path / "elsewhere")
    outcome = scans.run()
    assert "nothing is remembered without --state FILE" in outcome.err
    assert outcome.code == 0


def test_entries_are_asked_while_others_are_still_read(scans: Scans) -> None:
    """All of them, each URL once; a parent is external only if no entry of all has that source."""
    host = scans.web.host("quay.example")
    for number in range(20):
        host.page(f"/{number}", page())
    ours = scans.web.url("quay.example", "/ours")
    theirs = scans.web.url("quay.example", "/theirs")
    for path in ("/ours", "/theirs"):
        host.page(path, page())
    for number in range(400):
        url = scans.web.url("quay.example", f"/{number % 20}")
        parent = ours if number % 2 else theirs
        scans.add(f"pier-{number:03}", url, more=f"credited parents: {parent}\n")
    scans.add("zenith", ours)
    found = scans.document("--status-only", "--max-age", "0")
    assert found["summary"]["urls"] == {"alive": 400 + 1 + 200}
    assert found["summary"]["requests"] == 22
    assert found["summary"]["left"] == 0


def test_what_is_excluded_is_excluded_once(scans: Scans) -> None:
    scans.settings = '\n[[links.exclude]]\npattern = "pier"\nreason = "is ours"\n'
    for number in range(300):
        host = "pier.example" if number % 2 else "quay.example"
        scans.add(f"pole-{number:03}", scans.web.url(host, "/conduct"))
    scans.web.host("quay.example").page("/conduct", page())
    found = scans.document("--status-only", "--max-age", "0")
    assert found["summary"]["urls"] == {"alive": 150, "excluded": 150}
    assert found["summary"]["requests"] == 1


def test_who_answered_earlier_is_a_witness_where_all_that_is_left_is_silent(scans: Scans) -> None:
    scans.web.host("pier.example").page("/conduct", page())
    scans.add("pier", scans.web.url("pier.example", "/conduct"))
    scans.web.refuse("quay.example")
    scans.add("quay", scans.web.url("quay.example", "/conduct"))
    for now in ("2026-11-25T03:00:00Z", "2026-11-25T03:10:00Z"):  # then pier is fresh
        found = scans.document(now=now)
        assert found["summary"]["urls"] == {"alive": 1, "failing": 1}, found["err"]
        assert found["code"] == 0
