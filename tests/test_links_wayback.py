"""Mementos: which is offered, which is none, and what an outage of the archive means."""

from __future__ import annotations

from typing import Any

import pytest
from scans import OTHER, POLICY, Scans, page
from web import archive_org, behaviours


def _source(scans: Scans, **fields: str) -> str:
    scans.web.host("quay.example").page("/conduct", page())
    url = scans.web.url("quay.example", "/conduct")
    scans.add("quay", url, **fields)
    return url


def _checked(scans: Scans, stamp: str, **about: Any) -> dict[str, object]:
    """The result for a snapshot that an entry names, of a capture that is as said."""
    url = _source(scans)
    scans.web.wayback.capture(url, stamp, about.pop("body", page()), **about)
    scans.add("quay", url, snapshot=f"https://web.archive.org/web/{stamp}/{url}")
    return scans.results()["quay wayback snapshot"]


def test_the_nearest_capture_is_offered_and_written(scans: Scans) -> None:
    url = _source(scans)
    for stamp in ("20130101000000", "20140120000000", "20140210000000", "20150101000000"):
        scans.web.wayback.capture(url, stamp, page())
    before = scans.box.read("entries/quay.md")
    outcome = scans.run()
    memento = f"{scans.web.wayback.url}/web/20140210000000/{url}"
    assert memento in outcome.out.replace("\n", "")
    assert outcome.code == 0
    shown = scans.run("--fix", "--dry-run")
    assert f"+wayback snapshot: {memento}" in shown.out
    assert shown.code == 1
    assert scans.box.read("entries/quay.md") == before
    assert scans.run("--fix").code == 0
    line = f"wayback snapshot: {memento}\n"
    assert scans.box.read("entries/quay.md") == before.replace(f"{url}\n", f"{url}\n{line}")
    assert scans.box.run("check").code == 0


def test_a_capture_of_another_page_is_passed_over(scans: Scans) -> None:
    url = _source(scans)
    scans.web.wayback.capture(url, "20140204000000", page(OTHER))
    scans.web.wayback.capture(url, "20140205000000", "gone", status=404)
    scans.web.wayback.capture(url, "20140206000000", "", status=302, location="/login")
    scans.web.wayback.capture(url, "20140301000000", page())
    found = scans.results()["quay"]
    assert found["archived"]["timestamp"] == "20140301000000"
    assert found["archived"]["share"] == 1.0


def test_an_empty_answer_is_asked_twice(scans: Scans) -> None:
    url = _source(scans)
    scans.web.wayback.capture(url, "20140204000000", page())
    scans.web.wayback.forget(url, times=1)
    assert scans.results()["quay"]["archived"]["timestamp"] == "20140204000000"


def test_nothing_is_never_called_never_archived(scans: Scans) -> None:
    _source(scans)
    assert "lists no capture" in scans.results()["quay"]["archived"]["reason"]
    scans.web.requests.clear()
    scans.results("--max-age", "0")
    assert not scans.web.wayback.requests("cdx")  # and it is not asked again every night


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({}, "captured Feb 04, 2014; holds the policy (100 %)"),
        ({"body": page(OTHER)}, "captured Feb 04, 2014; holds none of the policy (0 %)"),
        ({"status": 404, "body": "no"}, "is the capture of an error, 404"),
        ({"status": 429, "body": "no"}, "is the capture of an error, 429"),
        ({"status": 302, "location": "/elsewhere"}, "is the capture of a redirect to "),
        ({"body": behaviours.LOGIN_WALL.body}, "is no capture of the policy: shows a login"),
        ({"listed": False}, "captured Feb 04, 2014"),
    ],
)
def test_a_snapshot_must_be_a_capture(scans: Scans, about: dict[str, object], reason: str) -> None:
    found = _checked(scans, "20140204000000", **about)
    assert str(found["reason"]).startswith(reason)
    assert found["verdict"] == ("alive" if reason.startswith("captured") else "dead")


def test_a_missing_memento_fails_and_gets_its_replacement(scans: Scans) -> None:
    url = _source(scans)
    scans.web.wayback.capture(url, "20140220000000", page())
    scans.add("quay", url, snapshot=f"https://web.archive.org/web/20140204000000/{url}")
    found = scans.document()
    assert found["code"] == 1
    (row,) = [one for one in found["results"] if one["field"] == "wayback snapshot"]
    assert (row["verdict"], row["finding"]) == ("dead", "memento")
    assert row["suggestion"] == f"{scans.web.wayback.url}/web/20140220000000/{url}"
    scans.run("--fix")
    assert "web/20140220000000/" in scans.box.read("entries/quay.md")
    assert scans.document("--max-age", "0")["code"] == 0


def test_listed_but_not_shown_is_not_missing_yet(scans: Scans) -> None:
    found = _checked(scans, "20140204000000", playable=False)
    assert found["verdict"] == "failing"
    assert "is listed" in str(found["reason"])


def test_excluded(scans: Scans) -> None:
    url = _source(scans)
    scans.web.wayback.exclude("quay.example")
    scans.add("quay", url, snapshot=f"https://web.archive.org/web/20140204000000/{url}")
    found = scans.results()["quay wayback snapshot"]
    assert "is excluded from the Wayback Machine" in found["reason"]


def test_an_outage_blames_nobody(scans: Scans) -> None:
    url = _source(scans)
    scans.web.wayback.capture(url, "20140204000000", page())
    scans.add("quay", url, snapshot=f"https://web.archive.org/web/20140204000000/{url}")
    scans.web.wayback.fail()
    found = scans.document()
    assert found["code"] == 0
    by_field = {one["field"]: one for one in found["results"]}
    assert by_field["url"]["verdict"] == "alive"
    assert by_field["wayback snapshot"]["verdict"] == "unknown"
    scans.web.wayback.recover()
    assert scans.results()["quay wayback snapshot"]["verdict"] == "alive"


def test_a_known_memento_survives_an_outage(scans: Scans) -> None:
    assert _checked(scans, "20140204000000")["verdict"] == "alive"
    scans.web.wayback.fail()
    found = scans.results("--max-age", "0", now="2026-11-26T03:00:00Z")
    assert found["quay wayback snapshot"]["verdict"] == "unknown"
    scans.web.wayback.recover()
    past = scans.run("quay", "--history").out
    assert "alive" in past


def test_limits_are_kept_and_429_pauses_everything(scans: Scans) -> None:
    for number in range(6):
        name = f"quay-{number}.example"
        scans.web.host(name).page("/conduct", page())
        url = scans.web.url(name, "/conduct")
        scans.web.wayback.capture(url, "20140204000000", page())
        scans.add(f"quay-{number}", url)
    scans.wayback += "searches_per_minute = 300\nplaybacks_per_minute = 600\n"
    scans.web.wayback.instead("cdx", archive_org.too_many())
    scans.wayback += "lookups = 6\npause = 1.5\n"
    found = scans.document()
    searches = scans.web.wayback.requests("cdx")
    assert searches[1].started - searches[0].started > 1.4
    assert searches.most_in_flight == 1
    assert searches.smallest_gap > 0.12  # as the server sees it, on a busy machine
    assert scans.web.wayback.requests("playback").most_in_flight == 1
    assert found["summary"]["urls"] == {"alive": 6}


def test_a_dead_source_gets_its_replacement(scans: Scans) -> None:
    scans.web.host("quay.example").behave("/conduct", behaviours.GONE)
    scans.web.host("pier.example").page("/", "hello")
    url = scans.web.url("quay.example", "/conduct")
    scans.add("quay", url)
    scans.add("pier", scans.web.url("pier.example", "/"))
    scans.web.wayback.capture(url, "20140204000000", page())
    outcome = scans.run()
    assert outcome.code == 1
    assert "hint: archived: " in outcome.out
    assert scans.run("--fix").code == 1
    assert f"wayback snapshot: {scans.web.wayback.url}/web/20140204000000/" in scans.box.read(
        "entries/quay.md"
    )


def test_a_good_snapshot_is_left_alone(scans: Scans) -> None:
    url = _source(scans)
    for stamp in ("20140204000000", "20140301000000"):
        scans.web.wayback.capture(url, stamp, page())
    scans.run()  # finds the nearer one
    chosen = f"{scans.web.wayback.url}/web/20140301000000/{url}"
    scans.add("quay", url, snapshot=chosen)
    scans.web.host("quay.example").behave("/conduct", behaviours.GONE)
    before = scans.box.read("entries/quay.md")
    assert scans.run("--max-age", "0", "--fix").code == 1
    assert scans.box.read("entries/quay.md") == before


def test_without_wayback_it_is_not_asked(scans: Scans) -> None:
    url = _source(scans)
    scans.add("quay", url, snapshot=f"https://web.archive.org/web/20140204000000/{url}")
    scans.wayback = "enabled = false\n"
    assert list(scans.results()) == ["quay"]
    assert not scans.web.wayback.requests("cdx")
    assert not scans.web.wayback.requests("playback")
    assert POLICY in scans.box.read("entries/quay.md")
