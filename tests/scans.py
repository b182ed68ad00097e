"""Scans of links: an archive on a web of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sandbox import Outcome, Sandbox, sandbox
from web import Web

POLICY = (
    "Everybody who comes to the quay is a guest and a host at the same time. Ask before you touch "
    "another person's boat. If somebody tells you to stop, stop at once and step back. The harbour "
    "master listens to complaints at any hour and will not say who told her what she was told. "
    "Whoever hurts others goes home for the day, and comes back when the tide has turned."
)
CHANGED = POLICY[:250] + (
    "Pets are on a leash. Engines rest after nine in the evening, and lamps are dimmed. Nets dry "
    "on the north side only. The kitchen is cleaned by those who used it, pans included."
)
OTHER = (
    "Fish is sold here in the morning, ropes are mended at noon, and songs are sung at night. " * 9
)
NOW = "2026-11-25T03:00:00Z"


def page(text: str = POLICY, title: str = "Conduct") -> str:
    """A page that shows a text."""
    return f"<html><title>{title}</title><body><h1>{title}</h1><p>{text}</p></body></html>"


def entry(title: str, url: str, *, snapshot: str = "", body: str = POLICY, more: str = "") -> str:
    """An entry whose source is at this URL; `more` are further lines of front matter."""
    line = f"wayback snapshot: {snapshot}\n" if snapshot else ""
    return (
        f"---\nlayout: coc\norganization: {title}\ndate announced:\ndate archived: Feb 04, 2014\n"
        f"url: {url}\n{line}{more}---\n\n{body}\n"
    )


class Scans:
    """An archive on a web: its entries by id, and its scans. `settings` are further lines of
    `archivist.toml`; `network` those of its `[network]`.
    """

    def __init__(self, root: Path, web: Web) -> None:
        self.box: Sandbox = sandbox(root)
        self.web = web
        self.settings = ""
        self.wayback = "second_opinion = 0\n"
        self.network: dict[str, Any] = {"timeout": 2, "connect_timeout": 1, "second_opinion": 0}

    def add(self, name: str, url: str, **fields: str) -> None:
        """Write an entry."""
        self.box.write(f"entries/{name}.md", entry(name.replace("-", " ").title(), url, **fields))

    def prepare(self) -> None:
        """Write the settings."""
        text = self.web.settings(**self.network) + self.wayback + self.settings
        self.box.write("archivist.toml", text)

    def run(self, *arguments: str, now: str = NOW) -> Outcome:
        """Run `archivist links`."""
        self.prepare()
        return self.box.run("links", "--now", now, *arguments)

    def document(self, *arguments: str, now: str = NOW) -> dict[str, Any]:
        """What a scan says as JSON."""
        outcome = self.run("--format", "json", *arguments, now=now)
        assert outcome.out, outcome.err
        found: dict[str, Any] = json.loads(outcome.out)
        return found | {"code": outcome.code, "err": outcome.err}

    def results(self, *arguments: str, now: str = NOW) -> dict[str, dict[str, Any]]:
        """The results of a scan, by entry, and by entry and field for fields but `url`."""
        return {
            one["entry"] if one["field"] == "url" else f"{one['entry']} {one['field']}": one
            for one in self.document(*arguments, now=now)["results"]
        }
