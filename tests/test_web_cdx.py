"""The index of the web's Wayback Machine keeps to the protocol facts."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from urllib.parse import quote

import pytest
from web import Wayback, Web
from web_captured import CONDUCT, YEARS, captured, cdx, play, rows, times


@pytest.fixture
def wayback(web: Web) -> Wayback:
    return captured(web)


def test_rows(web: Web, wayback: Wayback) -> None:
    assert rows(web, limit="1") == [
        {
            "urlkey": "example,quay)/conduct",
            "timestamp": YEARS[0],
            "original": CONDUCT,
            "mimetype": "text/html",
            "statuscode": "200",
            "digest": base64.b32encode(hashlib.sha1(b"<body><p>Be kind, 0.</p>").digest()).decode(),
            "length": "424",
        }
    ]
    assert cdx(web, fl="timestamp,statuscode").text == "".join(f"{one} 200\n" for one in YEARS)
    assert cdx(web, "never.example", output="json").text.strip() == "[]"
    assert cdx(web, "never.example").body == b""


@pytest.mark.parametrize(
    "form",
    [
        "http://quay.example/conduct",
        "quay.example:80/conduct/",
        "https://WWW2.Quay.example:443/CONDUCT",
    ],
)
def test_forms_of_a_url_are_one(web: Web, wayback: Wayback, form: str) -> None:
    assert times(web, form) == list(YEARS)
    assert play(web, YEARS[0], form).status == 200


def test_other_urls_are_others(web: Web, wayback: Wayback) -> None:
    for other in ("conduct?x=1", "conduct.html", "", "conduct/more"):
        assert times(web, f"http://quay.example/{other}") == []
    assert times(web, "http://quay.example:8080/conduct") == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"from": "2014"}, YEARS[1:]),
        ({"from": YEARS[1], "to": YEARS[2]}, YEARS[1:3]),
        ({"to": "2014"}, YEARS[:2]),
        ({"to": "201601"}, YEARS[:2]),
        ({"limit": "2"}, YEARS[:2]),
        ({"offset": "1", "limit": "2"}, YEARS[1:3]),
        ({"collapse": "digest"}, (YEARS[0], YEARS[2])),
        ({"collapse": "timestamp:3"}, (YEARS[0],)),
        ({"filter": "timestamp:201[46].*"}, YEARS[1:3]),
        ({"filter": "timestamp:201"}, ()),
        ({"filter": "~timestamp:201"}, YEARS),
        ({"filter": "!timestamp:2012.*"}, YEARS[1:]),
        ({"filter": ["statuscode:200", "!timestamp:2012.*"]}, YEARS[1:]),
        # asked from the end or nearest, only some parts of the index are read
        ({"limit": "-1"}, (YEARS[1],)),
        ({"limit": "1", "closest": "2019"}, (YEARS[0],)),
        ({"page": "0"}, YEARS[:2]),
    ],
)
def test_queries(
    web: Web, wayback: Wayback, asked: dict[str, str | Sequence[str]], found: Sequence[str]
) -> None:
    table = json.loads(cdx(web, CONDUCT, output="json", **asked).body)
    assert [row[1] for row in table[1:]] == list(found)


def test_scopes(web: Web, wayback: Wayback) -> None:
    wayback.capture("http://shop.quay.example/", "20170101000000")
    assert len(rows(web, "quay.example/*")) == 5
    assert len(rows(web, "quay.example/con", matchType="prefix")) == 4
    assert len(rows(web, "quay.example/any", matchType="host")) == 5
    assert len(rows(web, "*.quay.example")) == 6


@pytest.mark.parametrize(
    "asked",
    [
        *({"filter": "colour:red"}, {"fl": "colour"}, {"from": "yesterday"}, {"limit": "many"}),
        *({"matchType": "none"}, {"filter": "statuscode:["}, {"filter": "statuscode"}),
    ],
)
def test_bad_queries(web: Web, wayback: Wayback, asked: dict[str, str]) -> None:
    assert cdx(web, **asked).status == 400


def test_resume_keys(web: Web, wayback: Wayback) -> None:
    table = json.loads(cdx(web, output="json", limit="3", showResumeKey="true").body)
    assert table[-2] == []
    assert len(table) == 1 + 3 + 2
    for key in (table[-1][0], quote(table[-1][0], safe="")):
        assert times(web, resumeKey=key) == [YEARS[3]]
    assert "\n\n" in cdx(web, limit="3", showResumeKey="true").text
    assert (
        json.loads(cdx(web, output="json", limit="4", showResumeKey="true").body)[-1][1] == YEARS[3]
    )


def test_odd_rows(web: Web) -> None:
    page = b"<p>Be kind.</p>"
    web.wayback.capture(CONDUCT, YEARS[0], page, rows=3, original="http://quay.example:80/conduct")
    web.wayback.capture(CONDUCT, YEARS[1], page, revisit=True, length="-")
    found = rows(web)
    assert found[0] == found[1] == found[2]
    assert found[0]["original"] == "http://quay.example:80/conduct"
    assert (found[3]["mimetype"], found[3]["statuscode"]) == ("warc/revisit", "-")
    assert found[3]["length"] == "-"
    assert found[3]["digest"] == found[0]["digest"]
    assert len(rows(web, filter="statuscode:200")) == 3
    assert len(rows(web, filter="!statuscode:[45]..")) == 4
    assert play(web, YEARS[1]).body == page
