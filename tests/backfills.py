"""Backfills: an archive with one entry, whose page the Wayback Machine of a web has captured."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

from sandbox import Outcome, Sandbox, sandbox
from scans import NOW, entry
from web import Web

from archivist.cli import main

OLD = (
    "Be a guest and a host at the same time. Ask before you touch another person's boat.",
    "If somebody tells you to stop, stop at once. The harbour master listens to complaints.",
)
MIDDLE = (*OLD, "Whoever hurts others goes home for the day.")
NEW = (
    *OLD,
    "Whoever hurts others goes home, and comes back when the tide has turned.",
    "Engines rest after nine in the evening, and lamps are dimmed on all boats.",
)


def page(paragraphs: tuple[str, ...], more: str = "") -> str:
    """A page that shows these paragraphs, with `more` markup that is no text."""
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<html><title>Quay</title><body><main><h1>Conduct</h1>{text}</main>{more}</body></html>"


def body(paragraphs: tuple[str, ...]) -> str:
    """The text that is archived of such a page."""
    return "\n\n".join(("Conduct", *paragraphs))


class Backfills:
    """The archive and its web. `wayback` are further lines of `[wayback]`."""

    def __init__(self, root: Path, web: Web) -> None:
        self.web = web
        self.box: Sandbox = sandbox(root)
        self.url = "http://quay.example/conduct"
        self.network: dict[str, float] = {"timeout": 2}
        self.wayback = "second_opinion = 0\nsearches_per_minute = 60000\npause = 0\n"
        self.wayback += "playbacks_per_minute = 60000\n"
        self.add("quay")

    def add(self, name: str, **fields: str) -> None:
        """Commit an entry whose present text is `NEW`, archived on Feb 04, 2014."""
        text = entry(name.title(), self.url, **({"body": body(NEW)} | fields))
        self.box.write(f"entries/{name}.md", text)
        self.box.commit(f"Add {name}")

    def capture(self, stamp: str, paragraphs: tuple[str, ...], more: str = "", **about: Any) -> str:
        """Let the Wayback Machine have a capture; its memento."""
        shown = about.pop("shown", page(paragraphs, more))
        return self.web.wayback.capture(self.url, stamp, shown, **about)

    def prepare(self) -> None:
        """Write the settings, which git ignores."""
        self.box.write(".git/info/exclude", "archivist.toml\n")
        self.box.write("archivist.toml", self.web.settings(**self.network) + self.wayback)

    def run(self, *arguments: str, entry: str = "quay") -> Outcome:
        """Run `archivist backfill`, in this process."""
        self.prepare()
        out, err = io.StringIO(), io.StringIO()
        words = ["-C", str(self.box.root), "backfill", "--now", NOW, *arguments, entry]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(words)
        return Outcome(code, out.getvalue(), err.getvalue())

    def document(self, *arguments: str, entry: str = "quay") -> dict[str, Any]:
        """What it says as JSON."""
        outcome = self.run("--format", "json", *arguments, entry=entry)
        assert outcome.out, outcome.err
        found: dict[str, Any] = json.loads(outcome.out)
        return found | {"code": outcome.code, "err": outcome.err}

    def log(self, form: str = "%s", *arguments: str) -> list[str]:
        """The commits, oldest first."""
        out = self.box.git("log", "--reverse", f"--format={form}", *arguments)
        return out.splitlines()

    def state(self) -> tuple[str, str, str]:
        """HEAD's tree, what is staged, what differs in the work tree."""
        return (
            self.box.git("rev-parse", "HEAD^{tree}"),
            self.box.git("diff", "--cached"),
            self.box.git("status", "--porcelain"),
        )
