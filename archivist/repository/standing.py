"""Where a repository stands before something is committed: its branch, its folders, what the user
configured; and every reason why nothing can be committed now.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archivist.errors import GitFailure
from archivist.repository.committing import LOCKS, check_author, check_unlocked, head_of
from archivist.repository.process import Repository

_FOLDERS = (
    *("--is-inside-work-tree", "--show-object-format", "--absolute-git-dir"),
    *("--git-common-dir", "--show-toplevel", "--show-prefix"),
)
_HEAD = ("HEAD", "--symbolic-full-name", "HEAD")
_BRANCH = "refs/heads/"
# What stands in the git folder while something is under way, and how it ends.
_UNDER_WAY = {
    "MERGE_HEAD": ("a merge is", "finish it with `git commit`, or `git merge --abort`"),
    "CHERRY_PICK_HEAD": ("a cherry-pick is", "`git cherry-pick --continue` or `--abort` ends it"),
    "REVERT_HEAD": ("a revert is", "`git revert --continue` or `--abort` ends it"),
    "rebase-merge": ("a rebase is", "`git rebase --continue` or `--abort` ends it"),
    "rebase-apply": ("a rebase is", "`git rebase --continue` or `--abort` ends it"),
}


@dataclass(frozen=True)
class Standing:
    """A repository at a branch with at least one commit, ready for another.

    `prefix` is where the repository's root folder here lies below `top` (ending in `/`, or blank),
    `branch` the full name of the checked-out branch and `head` its commit; `settings` are what git
    is configured to, by its own keys (lower case, but for what stands between two dots).
    """

    repository: Repository
    git_folder: Path
    common_folder: Path
    top: Path
    prefix: str
    branch: str
    head: str
    settings: Mapping[str, str]

    @property
    def signs(self) -> bool:
        """True if the user wants commits signed."""
        value = self.settings.get("commit.gpgsign", "false").lower()
        return value in ("true", "yes", "on", "1")

    @property
    def hooks(self) -> Path:
        """The folder of the user's hooks, which need not exist."""
        given = self.settings.get("core.hookspath")
        if given is None:
            return self.common_folder / "hooks"
        return self.top / os.path.expanduser(given)

    def check_quiet(self) -> None:
        """Raises GitFailure if another git is at work here, or something is under way."""
        for name, (what, hint) in _UNDER_WAY.items():
            if (self.git_folder / name).exists():
                raise GitFailure(f"{what} under way", hint)
        for name in LOCKS:
            check_unlocked(self.git_folder / name, name)
        if self.branch:
            self.check_free(self.branch)

    def check_free(self, branch: str) -> None:
        """Raises GitFailure if a branch (`refs/heads/…`) is locked."""
        check_unlocked(self.common_folder / f"{branch}.lock", f"{branch}.lock")


def standing(repository: Repository, *, any_branch: bool = False) -> Standing:
    """Where the repository stands. With `any_branch`, HEAD may be detached: `branch` is blank then.

    Raises GitFailure or EnvironmentFailure, with what to do, if nothing can be committed: there is
    no work tree, no author, no commit yet, no branch, or something is under way.
    """
    lines = _asked(repository)
    if lines[0] != "true":
        raise GitFailure("a bare repository has no files to be written")
    if lines[1] != "sha1":
        raise GitFailure(f"repositories of {lines[1]} objects are not supported")
    found = Standing(
        repository,
        Path(lines[2]),
        (repository.root / lines[3]).absolute(),
        Path(lines[4]),
        lines[5],
        _branch(lines[7:8], any_branch=any_branch),
        lines[6],
        _settings(repository),
    )
    found.check_quiet()
    check_author(repository)
    return found


def _asked(repository: Repository) -> list[str]:
    """What one git says of folders, HEAD's commit and HEAD's branch."""
    try:
        return os.fsdecode(repository.run("rev-parse", *_FOLDERS, *_HEAD)).split("\n")
    except GitFailure:
        if not repository.exists:
            raise GitFailure(
                "this archive is in no git repository, so nothing can be committed",
                "`git init` begins one",
            ) from None
        if repository.text("rev-parse", "--is-bare-repository") == "true":
            raise GitFailure("a bare repository has no files to be written") from None
        if head_of(repository) is not None:
            raise
        raise GitFailure(
            "this branch has no commit yet",
            "begin with one: git add --all; git commit --message 'Begin the archive'",
        ) from None


def _branch(names: list[str], *, any_branch: bool) -> str:
    """The checked-out branch; blank if there is none."""
    name = next(iter(names), "")
    if name.startswith(_BRANCH):
        return name
    if not any_branch:
        raise GitFailure(
            "HEAD is detached: no branch would hold the commit",
            "`git switch BRANCH` first",
        )
    return ""


def _settings(repository: Repository) -> dict[str, str]:
    """What git is configured to, without what the door itself says."""
    fields = os.fsdecode(repository.run("config", "--list", "-z", "--show-scope")).split("\0")
    found: dict[str, str] = {}
    for scope, item in zip(fields[::2], fields[1::2], strict=False):
        key, _, value = item.partition("\n")
        if scope != "command":
            found[key] = value or "true"
    return found
