"""`archivist links` on a web of its own: what each behaviour is called, and what is done about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sandbox import Outcome, Sandbox, sandbox
from web import Web, answer

POLICY = (
    "Everybody who comes to the quay is a guest and a host at the same time. Ask before you touch "
    "another person's boat. If somebody tells you to stop, stop at once and step back. The harbour "
    "master listens to complaints at any hour and will not say who told her what she was told."
)
PAGE = (
    f"<html><head><title>Conduct</title></head><body><h1>Conduct</h1><p>{POLICY}</p></body></html>"
)
OTHER = (
    "<html><body>" + "<p>Fish is sold here in the morning, and ropes are mended at noon.</p>" * 20
)
NOW = "2026-11-25T03:00:00Z"


def entry(title: str, url: str, snapshot: str = "", body: str = POLICY) -> str:
    """An entry whose source is at this URL."""
    line = f"wayback snapshot: {snapshot}\n" if snapshot else ""
    return (
        f"---\nlayout: coc\norganization: {title}\ndate announced:\ndate archived: Feb 04, 2014\n"
        f"url: {url}\ncredited parents:\n{line}---\n\n{body}\n"
    )


class Scans:
    """An archive on a web: its entries by id, and its scans."""

    def __init__(self, root: Path, web: Web) -> None:
        self.box: Sandbox = sandbox(root)
        self.web = web
        self.settings = ""

    def add(self, name: str, url: str, snapshot: str = "", body: str = POLICY) -> None:
        """Write an entry."""
        self.box.write(f"entries/{name}.md", entry(name.title(), url, snapshot, body))

    def run(self, *arguments: str, now: str = NOW) -> Outcome:
        """Run `archivist links`."""
        settings = self.web.settings(timeout=2, connect_timeout=1)
        self.box.write("archivist.toml", settings + self.settings)
        return self.box.run("links", "--now", now, *arguments)

    def results(self, *arguments: str, now: str = NOW) -> dict[str, dict[str, Any]]:
        """The results of a scan, by entry and field (`url` left out)."""
        outcome = self.run("--format", "json", *arguments, now=now)
        assert outcome.code in (0, 1, 2), outcome
        assert outcome.out, outcome.err
        return {
            one["entry"] if one["field"] == "url" else f"{one['entry']} {one['field']}": one
            for one in json.loads(outcome.out)["results"]
        }


@pytest.fixture
def scans(tmp_path: Path, web: Web) -> Scans:
    return Scans(tmp_path / "archive", web)


def test_first(scans: Scans) -> None:
    host = scans.web.host("quay.example")
    host.page("/conduct", PAGE)
    host.redirect("/old", "/conduct")
    host.page("/gone", "gone", status=410)
    scans.add("fine", scans.web.url("quay.example", "/conduct"))
    scans.add("moved", scans.web.url("quay.example", "/old"))
    scans.add("gone", scans.web.url("quay.example", "/gone"))
    scans.add("absent", scans.web.url("quay.example", "/absent"))
    scans.web.wayback.capture(scans.web.url("quay.example", "/conduct"), "20140201000000", PAGE)
    o = scans.run()
    print(o.out, o.err, o.code)
    o = scans.run("-f", "json")
    print(o.out[:3000], o.err)
    assert answer and OTHER
    o = scans.run("--fix", "-f", "markdown")
    print(o.out, o.err)
    print(scans.box.git("diff"))
    assert 0
