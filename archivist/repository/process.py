"""One git repository, and how git is run in it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

from archivist.errors import GitFailure, NoRepository

# Nothing that a repository configures may run or reach the network, or change what is printed. Git
# reads overridden values, too: one that it rejects stops it, whatever is said here.
_HARDENED = (
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.alternateRefsCommand="),
    *("-c", "log.showSignature=false"),
    *("-c", "log.date=default"),
    *("-c", "log.follow=false"),
    *("-c", "format.pretty=medium"),
    *("-c", "core.commentChar=#"),
    *("-c", "trailer.separators=:"),
    *("-c", "diff.orderFile=/dev/null"),
    *("-c", "protocol.allow=never"),
    *("-c", "gc.auto=0"),
    *("-c", "advice.graftFileDeprecated=false"),
)
# What git says of objects that are missing or damaged.
_BROKEN = re.compile(
    r"unable to (?:read|unpack|parse)|is corrupt|bad object|not a tree object"
    r"|[Cc]ould not (?:read|parse) [0-9a-f]{40}"
)
# In a hook git says in these which index and which objects the commit is made of.
_OF_THE_COMMIT = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
)


class Repository:
    """A git repository, seen from the folder `root` (which may lie below its top).

    With `hook_environment` the variables that git sets for hooks are kept, so that the index of
    the commit under way is seen; else every inherited `GIT_*` is dropped. `allowed_protocols`
    names what git may fetch from (`file` for a bundle or a folder); nothing by default.
    """

    def __init__(
        self,
        root: Path,
        *,
        hook_environment: bool = False,
        allowed_protocols: tuple[str, ...] = (),
    ) -> None:
        self.root = root
        self.allowed_protocols = allowed_protocols
        self._environment = _clean_environment(os.environ, hook_environment)

    @property
    def exists(self) -> bool:
        """True if the folder lies in a git work tree (or in a bare repository).

        Raises GitFailure if git does not say: it is missing, or does not trust the repository.
        """
        try:
            self.run("rev-parse", "--git-dir")
        except NoRepository:
            return False
        return True

    @property
    def common_folder(self) -> Path:
        """The `.git` folder, that of the main work tree if there are several."""
        simple = self.root / ".git"
        if simple.is_dir() and "GIT_DIR" not in self._environment:
            return simple
        return self.root / self.text("rev-parse", "--git-common-dir")

    def run(
        self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None
    ) -> bytes:
        """What git prints. Raises GitFailure with git's own words if it fails."""
        done = self._done(arguments, stdin, environment)
        if done.returncode != 0:
            raise _failed(arguments, done.stderr)
        return done.stdout

    def attempt(self, *arguments: str) -> tuple[int, bytes, bytes]:
        """The exit code, what git prints, and what it complains of. Raises GitFailure only if git
        cannot be run.
        """
        done = self._done(arguments, b"", None)
        return done.returncode, done.stdout, done.stderr

    def _done(
        self, arguments: Sequence[str], stdin: bytes, environment: Mapping[str, str] | None
    ) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                self._command(arguments),
                input=stdin,
                capture_output=True,
                env=self._environment | dict(environment or {}),
                check=False,
            )
        except OSError as error:
            raise _not_started(error) from error

    def text(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """What git prints, as one line of text."""
        return os.fsdecode(self.run(*arguments, environment=environment)).rstrip("\n")

    @contextmanager
    def process(
        self, *arguments: str, environment: Mapping[str, str] | None = None, buffer: int = -1
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Git running, with pipes; killed if the block is left before it ends.

        `buffer` says how many bytes are collected before they are written; usually a few thousand.
        Raises GitFailure at the end of the block if git failed.
        """
        try:
            child = subprocess.Popen(
                self._command(arguments),
                bufsize=buffer,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment | dict(environment or {}),
            )
        except OSError as error:
            raise _not_started(error) from error
        with child:
            try:
                yield child
                _, complaint = child.communicate()
            except BrokenPipeError:
                _, complaint = b"", child.stderr.read() if child.stderr else b""
            finally:
                child.kill()
                if child.stdin:
                    with suppress(BrokenPipeError):  # what was not read by one that has died
                        child.stdin.close()
        if child.returncode != 0:
            raise _failed(arguments, complaint)

    def _command(self, arguments: Sequence[str]) -> list[str]:
        allowed = [
            part
            for name in self.allowed_protocols
            for part in ("-c", f"protocol.{name}.allow=always")
        ]
        return ["git", "-C", str(self.root), *_HARDENED, *allowed, *arguments]


def _clean_environment(inherited: Mapping[str, str], hook: bool) -> dict[str, str]:
    """The environment without `GIT_*`, but for what a hook needs, made absolute."""
    kept = {name: value for name, value in inherited.items() if not name.startswith("GIT_")}
    if hook:
        for name in _OF_THE_COMMIT:
            if value := inherited.get(name):
                kept[name] = value if ":" in value else os.path.abspath(value)
    return kept | {
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def _not_started(error: OSError) -> GitFailure:
    return GitFailure(f"git cannot be run: {error.strerror}", "install git 2.31 or newer")


def _failed(arguments: Sequence[str], complaint: bytes) -> GitFailure:
    lines = complaint.decode("utf-8", "replace").splitlines()
    words = " ".join(" ".join(one for one in lines if not one.startswith("hint:")).split())
    if words.startswith("fatal: not a git repository"):
        return NoRepository("this archive is in no git repository", "`git init` begins one")
    if words.startswith("fatal: detected dubious ownership"):
        advice = next((one.strip() for one in lines if "safe.directory" in one), None)
        return GitFailure("git does not trust this repository: it is somebody else's", advice)
    before = ("", *arguments)
    name = next(
        (one for last, one in pairwise(before) if last != "-c" and not one.startswith("-")), ""
    )
    hint = "`git fsck` says what is broken" if _BROKEN.search(words) else None
    return GitFailure(f"git {name} failed: {words or 'it does not say why'}", hint)
