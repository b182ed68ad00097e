"""Playback of the web's Wayback Machine keeps to the protocol facts, and its bad days come."""

from __future__ import annotations

import gzip
import time
from urllib.parse import urlsplit

import pytest
from web import Wayback, Web, answer
from web.archive_org import OUTAGE, too_many
from web.captures import Form
from web_captured import CONDUCT, YEARS, captured, cdx, play, rows, times
from web_client import ask


@pytest.fixture
def wayback(web: Web) -> Wayback:
    return captured(web)


def test_a_memento(web: Web, wayback: Wayback) -> None:
    wayback.capture(
        CONDUCT, "20150101000000", b"x", headers=(("set-cookie", "a"), ("set-cookie", "b"))
    )
    reply = play(web, YEARS[1])
    assert (reply.status, reply.body) == (200, b"<body><p>Be kind, 0.</p>")
    assert reply.headers["memento-datetime"] == "Tue, 04 Feb 2014 00:00:00 GMT"
    assert reply.headers["x-archive-orig-content-length"] == str(len(reply.body))
    for link in [
        f'<{CONDUCT}>; rel="original"',
        f'/web/{YEARS[0]}id_/{CONDUCT}>; rel="first prev memento"; datetime="Sun, 04 Mar 2012',
        f'/web/{YEARS[1]}id_/{CONDUCT}>; rel="memento"',
        f'/web/20150101000000id_/{CONDUCT}>; rel="next memento"',
        f'/web/{YEARS[3]}id_/{CONDUCT}>; rel="last memento"',
    ]:
        assert link in reply.headers["link"]
    assert play(web, "20150101000000").headers["x-archive-orig-set-cookie"] == "a, b"


def test_the_view_has_a_toolbar(web: Web, wayback: Wayback) -> None:
    assert "TOOLBAR" in play(web, YEARS[0], flag="").text
    assert "TOOLBAR" not in play(web, YEARS[0], flag="if_").text


@pytest.mark.parametrize("status", [404, 429, 500])
def test_captured_errors_are_mementos(web: Web, status: int) -> None:
    web.wayback.capture(CONDUCT, YEARS[0], "no", status=status)
    reply = play(web, YEARS[0])
    assert reply.status == status
    assert "memento-datetime" in reply.headers
    assert rows(web)[0]["statuscode"] == str(status)


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("absolute", "http://web-archive.example:"),
        ("path", "/web/"),
        ("schemeless", "//web-archive.example:"),
    ],
)
def test_captured_redirects(web: Web, form: Form, begins: str) -> None:
    web.wayback.capture(CONDUCT, YEARS[0], status=301, location="http://mill.example/", form=form)
    reply = play(web, YEARS[0])
    assert (reply.status, reply.headers["memento-datetime"]) == (
        301,
        "Sun, 04 Mar 2012 05:06:07 GMT",
    )
    assert reply.headers["location"].startswith(begins)
    assert reply.headers["location"].endswith(f"/web/{YEARS[0]}id_/http://mill.example/")
    view = play(web, YEARS[0], flag="")
    assert (view.status, view.headers.get("memento-datetime")) == (200, None)
    assert "Got an HTTP 301 response at crawl time" in view.text


@pytest.mark.parametrize(
    ("timestamp", "nearest"),
    [("20140204000001", YEARS[1]), ("2011", YEARS[0]), ("2018", YEARS[3]), ("2030", YEARS[3])],
)
def test_the_nearest_is_a_redirect_of_its_own(
    web: Web, wayback: Wayback, timestamp: str, nearest: str
) -> None:
    reply = play(web, timestamp)
    assert (reply.status, reply.headers.get("memento-datetime")) == (302, None)
    assert reply.headers["x-archive-redirect-reason"] == f"found capture at {nearest}"
    assert reply.headers["location"] == wayback.memento(CONDUCT, nearest, "id_")


def test_timegate(web: Web, wayback: Wayback) -> None:
    asked = {"Accept-Datetime": "Sat, 09 Jul 2016 00:00:00 GMT"}
    reply = ask(web, f"{wayback.url}/web/{CONDUCT}", asked)
    assert reply.headers["location"] == wayback.memento(CONDUCT, YEARS[2])
    latest = ask(web, f"{wayback.url}/web/{CONDUCT}")
    assert latest.headers["location"] == wayback.memento(CONDUCT, YEARS[3])


def test_timemap(web: Web, wayback: Wayback) -> None:
    lines = ask(web, f"{wayback.url}/web/timemap/link/{CONDUCT}").text.splitlines()
    assert len(lines) == 1 + len(YEARS)
    assert lines[2].startswith(f'<{wayback.memento(CONDUCT, YEARS[1])}>; rel="memento"')
    assert len(wayback.requests("cdx")) == 1  # the same pool


def test_never_archived(web: Web, wayback: Wayback) -> None:
    for reply in (
        play(web, YEARS[0], "http://never.example/"),
        ask(web, f"{wayback.url}/web/timemap/link/http://never.example/"),
        ask(web, f"{wayback.url}/about"),
    ):
        assert (reply.status, reply.headers.get("memento-datetime")) == (404, None)


def test_listed_and_not_playable(web: Web) -> None:
    web.wayback.capture(CONDUCT, YEARS[1], "x", playable=False)
    assert times(web) == [YEARS[1]]
    assert play(web, YEARS[1]).status == 404
    web.wayback.capture(CONDUCT, YEARS[0], "x")
    assert play(web, YEARS[1]).headers["location"].endswith(f"/web/{YEARS[0]}id_/{CONDUCT}")


def test_playable_and_not_listed(web: Web, wayback: Wayback) -> None:
    wayback.capture(CONDUCT, "20200101000000", "x", listed=False)
    assert times(web) == list(YEARS)
    assert play(web, "20200101000000").status == 200
    wayback.forget(CONDUCT, 2)
    assert [len(times(web)) for _ in range(3)] == [0, 0, 4]
    wayback.forget(CONDUCT)
    assert cdx(web).body == b""


def test_redirects_in_a_circle(web: Web) -> None:
    here, there = YEARS[:2]
    web.wayback.capture(CONDUCT, here, sends_to=there)
    web.wayback.capture(CONDUCT, there, sends_to=here)
    assert play(web, here).headers["location"].endswith(f"/web/{there}id_/{CONDUCT}")
    assert play(web, there).headers["location"].endswith(f"/web/{here}id_/{CONDUCT}")


def test_excluded(web: Web, wayback: Wayback) -> None:
    wayback.exclude("quay.example")
    reply = cdx(web)
    assert (reply.status, reply.headers["content-type"]) == (403, "text/plain")
    assert "AccessControlException" in reply.headers["x-archive-wayback-runtime-error"]
    played = play(web, YEARS[0])
    assert (played.status, played.headers.get("memento-datetime")) == (200, None)
    assert "excluded" in played.text
    assert cdx(web, "http://mill.example/").status == 200


def test_twice_encoded(web: Web) -> None:
    web.wayback.capture(CONDUCT, YEARS[0], "Be kind.", twice_encoded=True)
    reply = play(web, YEARS[0])
    assert reply.headers["content-encoding"] == "gzip, gzip"
    assert gzip.decompress(reply.body) == b"Be kind."


def test_months_that_are_none(web: Web) -> None:
    web.wayback.capture(CONDUCT, "20000015103040", "x")
    assert (
        play(web, "20000015103040").headers["memento-datetime"] == "Sat, 15 Jan 2000 10:30:40 GMT"
    )


def test_bad_days(web: Web, wayback: Wayback) -> None:
    wayback.instead("cdx", too_many(), too_many("7"), answer("gone", 504))
    assert [play(web, YEARS[0]).status] == [200]
    replies = [cdx(web) for _ in range(4)]
    assert [reply.status for reply in replies] == [429, 429, 504, 200]
    assert [reply.headers.get("retry-after") for reply in replies[:2]] == [None, "7"]
    assert "429 Too Many Requests" in replies[0].text
    wayback.fail()
    assert [cdx(web).status, play(web, YEARS[0]).status] == [503, 503]
    assert b"Temporarily Offline" in OUTAGE.body
    wayback.recover()
    assert cdx(web).status == 200


def test_delay(web: Web, wayback: Wayback) -> None:
    wayback.delay = 0.1
    start = time.monotonic()
    assert cdx(web).status == 200
    assert time.monotonic() - start >= 0.1


def test_rates(web: Web, wayback: Wayback) -> None:
    wayback.limit("cdx", 2, 60)
    assert [cdx(web).status for _ in range(3)] == [200, 200, 429]
    assert play(web, YEARS[0]).status == 200
    wayback.limit("cdx", 2, 0.05)
    time.sleep(0.1)
    assert cdx(web).status == 200
    assert len(wayback.requests("cdx")) == wayback.requests("cdx").most_within(60) == 4
    assert wayback.requests("playback").paths == [
        urlsplit(wayback.memento(CONDUCT, YEARS[0], "id_")).path
    ]
