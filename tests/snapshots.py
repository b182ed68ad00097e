"""Captures: an archive whose entries' sources lie on a web of their own."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from sandbox import Outcome, Sandbox, sandbox
from scans import POLICY, entry
from web import Behaviour, Web, behaviours

from archivist.cli import main

_TRAILER = re.compile(r"([A-Za-z][A-Za-z0-9-]*): *(\S.*)")
NOW = "2026-11-25T12:00:00Z"
# A policy of several paragraphs, long enough to be no doubt.
PARAGRAPHS = (
    POLICY,
    (
        "Whoever sees that somebody is treated badly does not look away, but says so, or "
        "fetches one of the wardens, who wear a blue cap and sit by the old crane from noon "
        "until midnight. The wardens write down what they were told, read it back, and ask "
        "what would help."
    ),
    (
        "Photographs are taken of boats, and of people only if they have agreed. Children are "
        "in the care of those who brought them; the wardens know where the crayons are. Dogs "
        "may come along and stay dry."
    ),
    (
        "A complaint is answered within a week. Its answer says what was found, what follows "
        "from it, and to whom one may turn if it seems wrong. Nobody who complained in good "
        "faith has to fear anything for having done so, whatever was found in the end."
    ),
)
TEXT = "\n\n".join(PARAGRAPHS)
NEW_TEXT = TEXT.replace("within a week", "within three days").replace("blue cap", "yellow scarf")


class Captures:
    """An archive on a web. `settings` are further lines of `archivist.toml`."""

    def __init__(self, root: Path, web: Web) -> None:
        self.box: Sandbox = sandbox(root)
        self.web = web
        self.settings = ""
        self.wayback = "enabled = false\n"
        self.network: dict[str, Any] = {"timeout": 3, "connect_timeout": 2, "second_opinion": 0}
        self.paths: dict[str, str] = {}

    def add(self, name: str, shown: str | Behaviour = TEXT, body: str = TEXT, **fields: str) -> str:
        """Write an entry, and show a text, or whatever behaves, where its source is; its URL."""
        host = f"{name.partition('-')[0]}.example"
        self.show(name, shown)
        url = self.web.url(host, "/conduct")
        self.box.write(
            f"entries/{name}.md", entry(name.replace("-", " ").title(), url, body=body, **fields)
        )
        return url

    def show(self, name: str, shown: str | Behaviour) -> None:
        """Show something else where the source of an entry is."""
        host = self.web.host(f"{name.partition('-')[0]}.example")
        page = behaviours.fine(shown, title="") if isinstance(shown, str) else shown
        host.behave("/conduct", page)

    def prepare(self) -> None:
        """Write the settings, and commit everything."""
        text = self.web.settings(**self.network) + self.wayback + self.settings
        self.box.write("archivist.toml", text)
        self.box.git("add", "--all")
        self.box.git("commit", "--quiet", "--allow-empty", "--message", "Prepared")

    def run(self, *arguments: str, now: str = NOW) -> Outcome:
        """Run `archivist snapshot`."""
        return run(self.box.root, "snapshot", "--now", now, *arguments)

    def document(self, *arguments: str, now: str = NOW) -> dict[str, Any]:
        """What a run says as JSON."""
        outcome = self.run("--format", "json", *arguments, now=now)
        assert outcome.out, outcome.err
        found: dict[str, Any] = json.loads(outcome.out)
        return found | {"code": outcome.code, "err": outcome.err}

    def result(self, *arguments: str, now: str = NOW) -> dict[str, Any]:
        """The only result of a run."""
        (found,) = self.document(*arguments, now=now)["results"]
        assert isinstance(found, dict)
        return found

    def state(self) -> dict[str, str]:
        """Everything that a run must leave alone if it records nothing."""
        git = self.box.git
        return {
            "head": git("rev-parse", "HEAD"),
            "branches": git("for-each-ref"),
            "index": git("ls-files", "--stage"),
            "status": git("status", "--porcelain"),
            **{
                path.relative_to(self.box.root).as_posix(): path.read_bytes().decode("latin-1")
                for path in self.box.root.rglob("*")
                if path.is_file() and ".git" not in path.relative_to(self.box.root).parts
            },
        }


def run(root: Path, command: str, *arguments: str) -> Outcome:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([command, "-C", str(root), *arguments])
    return Outcome(code, out.getvalue(), err.getvalue())


def trailers_of(message: str) -> list[tuple[str, str]]:
    """The trailers in a message: the `Key: value` lines of its last paragraph."""
    last = message.strip().rpartition("\n\n")[2]
    matches = (_TRAILER.fullmatch(line.strip()) for line in last.splitlines())
    return [(match[1], match[2]) for match in matches if match]
