"""The user's hooks, run as `git commit` runs them (githooks(5)): at the top of the work tree, with
the index of the commit to be, and free to say no.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from archivist.errors import GitFailure

_OF_COMMITS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit")
_TRAILER = re.compile("Archivist-[A-Z][a-z]+: ")
_LAST_LINES = 24
_LONGEST = 400  # characters of a line


class Proposal(NamedTuple):
    """A commit to be: its tree, its message, a file for hooks to change the message in, the index
    file that holds the tree, and what tells which tree that holds now.
    """

    tree: str
    message: str
    words: Path
    index_file: Path
    staged: Callable[[], str]


class Hooks:
    """The hooks in a folder that concern a commit, run in the work tree at `top`; false if there
    are none.
    """

    def __init__(self, folder: Path, top: Path) -> None:
        self._folder = folder
        self._top = top
        self._there = frozenset(name for name in _OF_COMMITS if self._is_there(name))

    def __bool__(self) -> bool:
        """True if there is one."""
        return bool(self._there)

    def run(self, name: str, *arguments: str, index: Path | None = None) -> None:
        """Run a hook if there is one. Raises GitFailure, with its last words, if it says no."""
        if name not in self._there:
            return
        try:
            done = subprocess.run(
                [str(self._folder / name), *arguments],
                cwd=self._top,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=_environment(index),
                check=False,
            )
        except OSError as error:
            raise GitFailure(f"the {name} hook cannot be run: {error.strerror}") from error
        if done.returncode != 0:
            refusal = GitFailure(f"the {name} hook said no")
            refusal.said = _last_words(done.stdout)
            raise refusal

    def agreed(self, one: Proposal) -> str:
        """The message of a commit that the hooks agree to. Raises GitFailure if one says no."""
        one.words.write_text(one.message, encoding="utf-8")
        self.run("pre-commit", index=one.index_file)
        if one.staged() != one.tree:
            raise GitFailure(
                "the pre-commit hook changed the files, and evidence must stay what it is",
                "leave these files out of the hook",
            )
        self.run("prepare-commit-msg", str(one.words), "message", index=one.index_file)
        self.run("commit-msg", str(one.words), index=one.index_file)
        message = one.words.read_text(encoding="utf-8", errors="replace")
        kept = message.splitlines()
        if any(line not in kept for line in one.message.splitlines() if _TRAILER.match(line)):
            raise GitFailure(
                "the commit-msg hook changed the trailers, without which nothing can be proved",
                "let it keep lines that begin with `Archivist-`",
            )
        return message

    def after(self) -> None:
        """Run what runs after a commit, and can change nothing about it."""
        with suppress(GitFailure):
            self.run("post-commit")

    def _is_there(self, name: str) -> bool:
        path = self._folder / name
        return path.is_file() and os.access(path, os.X_OK)


def _last_words(output: bytes) -> tuple[str, ...]:
    """The last lines of what a hook said, each of a bounded length."""
    lines = output.decode("utf-8", "replace").strip("\r\n").splitlines()
    kept = tuple(line.rstrip()[:_LONGEST] for line in lines[-_LAST_LINES:])
    left = len(lines) - len(kept)
    return ((f"… {left} line{'' if left == 1 else 's'} before",) if left else ()) + kept


def _environment(index: Path | None) -> Mapping[str, str]:
    """The user's environment, in which git says what it says to hooks."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(("GIT_AUTHOR_", "GIT_COMMITTER_"))
    }
    return kept | {"GIT_EDITOR": ":"} | ({"GIT_INDEX_FILE": str(index)} if index else {})
