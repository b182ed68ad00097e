"""A sandbox: an archive in a git repository, and the command line acting in it."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ENTRY = """\
---
layout: coc
{kind}: {title}
date announced:
date archived: Feb 04, 2014
url: https://{host}.example/conduct
credited parents: {parents}
---

{body}
"""


def entry(title: str, parents: str = "", body: str = "", kind: str = "organization") -> str:
    """An entry that passes, if its parents do."""
    host = "".join(char for char in title.lower() if char.isalnum())
    text = ENTRY.format(
        title=title, host=host, kind=kind, parents=parents, body=body or f"At {title} all are kind."
    )
    return text.replace("parents: \n", "parents:\n")


def unmeasured() -> dict[str, str]:
    """The environment without what makes coverage measure a process: it takes more time than the
    process, and waits for itself for ever if a signal comes while it takes a note.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


def obey_modes() -> None:
    """In a child: obey file modes even as root (no CAP_DAC_OVERRIDE, no CAP_DAC_READ_SEARCH)."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (1, 2):
            if libc.prctl(24, capability, 0, 0, 0) != 0:
                os._exit(99)


@dataclass(frozen=True)
class Outcome:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Sandbox:
    """An archive's folder."""

    root: Path

    def write(self, path: str, text: str) -> Path:
        """Write a file of the archive."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "surrogateescape"))
        return target

    def read(self, path: str) -> str:
        """Read a file of the archive."""
        return (self.root / path).read_bytes().decode("utf-8", "surrogateescape")

    def git(self, *arguments: str) -> str:
        """Run git in the archive."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, capture_output=True, check=True, text=True
        )
        return done.stdout

    def commit(self, message: str = "A commit") -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def run(self, *arguments: str, stdin: str = "", **environment: str) -> Outcome:
        """Run archivist in the archive, as a process."""
        done = subprocess.run(
            [sys.executable, "-m", "archivist", *arguments],
            cwd=self.root,
            input=stdin.encode(),
            capture_output=True,
            check=False,
            env=os.environ | environment,
        )
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def sandbox(root: Path, *, git: bool = True, **entries: str) -> Sandbox:
    """An archive with these entries (`_` stands for `-` in their ids), committed if in git."""
    box = Sandbox(root)
    (root / "entries").mkdir(parents=True, exist_ok=True)
    for name, text in entries.items():
        box.write(f"entries/{name.replace('_', '-')}.md", text)
    if git:
        box.git("init", "--quiet")
        box.write(".gitignore", "")
        box.commit("Begin")
    return box
