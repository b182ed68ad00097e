"""A Wayback Machine with some captures, and how to ask it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from web import Wayback, Web
from web_client import Reply, ask

CONDUCT = "https://www.quay.example/conduct"
YEARS = ("20120304050607", "20140204000000", "20160708091011", "20190101000000")


def captured(web: Web) -> Wayback:
    """With four captures of a page, and one of another."""
    for number, timestamp in enumerate(YEARS):
        web.wayback.capture(CONDUCT, timestamp, f"<body><p>Be kind, {number // 2}.</p>")
    web.wayback.capture("http://quay.example/other", "20130101000000", "else")
    return web.wayback


def cdx(web: Web, url: str = CONDUCT, **asked: str | Sequence[str]) -> Reply:
    query = urlencode({"url": url, **asked}, doseq=True)
    return ask(web, f"{web.wayback.url}/cdx/search/cdx?{query}")


def rows(web: Web, url: str = CONDUCT, **asked: str | Sequence[str]) -> list[dict[str, str]]:
    table = json.loads(cdx(web, url, output="json", **asked).body)
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def times(web: Web, url: str = CONDUCT, **asked: str | Sequence[str]) -> list[str]:
    return [row["timestamp"] for row in rows(web, url, **asked)]


def play(web: Web, timestamp: str, url: str = CONDUCT, flag: str = "id_", **asked: str) -> Reply:
    headers = {name.replace("_", "-"): text for name, text in asked.items()}
    return ask(web, web.wayback.memento(url, timestamp, flag), headers)
