"""Commits as objects: no branch, no file and no index knows of them yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from archivist.repository.committing import author_environment
from archivist.repository.standing import Standing
from archivist.repository.store import Item, Store

REGULAR = "100644"

Files = Mapping[str, bytes | None]


class Times(NamedTuple):
    """When a commit's text was written, and when it was committed; None for the clock's time."""

    author: datetime | None = None
    committer: datetime | None = None


CLOCK = Times()


class CommitWriter:
    """Writes commits that change given files. Paths are relative to the archive, those of trees to
    the top of its repository. Every method may raise GitFailure.
    """

    def __init__(self, standing: Standing, store: Store) -> None:
        self._standing = standing
        self._store = store
        self._identities: dict[str, str] = {}

    def item(self, commit: str, path: str) -> Item | None:
        """What stands at a path in a commit."""
        return self._store.file(self._store.tree_of(commit), self._standing.prefix + path)

    def items(self, parent: str, files: Files) -> dict[str, Item | None]:
        """What these files become, by path; one that is executable stays so."""
        found: dict[str, Item | None] = {}
        for path, data in files.items():
            known = self.item(parent, path)
            mode = known.mode if known and known.mode.startswith("100") else REGULAR
            found[path] = None if data is None else Item(mode, self._store.blob(data))
        return found

    def tree(self, parent: str, items: Mapping[str, Item | None]) -> str:
        """The tree of a commit with these files changed."""
        changed = {self._standing.prefix + path: item for path, item in items.items()}
        return self._store.with_files(self._store.tree_of(parent), changed)

    def commit(self, tree: str, parent: str, message: str, times: Times) -> str:
        """A commit, signed if the user wants commits signed."""
        if self._standing.signs:
            return self._signed(tree, parent, message, times)
        author, committer = map(self._identity, ("AUTHOR", "COMMITTER"), times)
        lines = [f"tree {tree}", f"parent {parent}", f"author {author}", f"committer {committer}"]
        text = "\n".join([*lines, "", message.strip("\n"), ""])
        return self._store.commit(text.encode("utf-8", "surrogateescape"))

    def _signed(self, tree: str, parent: str, message: str, times: Times) -> str:
        """A commit that the user's own program signs."""
        dates = {
            f"GIT_{who}_DATE": time.isoformat()
            for who, time in zip(("AUTHOR", "COMMITTER"), times, strict=True)
            if time is not None
        }
        done = self._standing.repository.run(
            *(
                "-c",
                "i18n.commitEncoding=UTF-8",
                "commit-tree",
                "-S",
                "-p",
                parent,
                "-F",
                "-",
                tree,
            ),
            stdin=(message.strip("\n") + "\n").encode("utf-8", "surrogateescape"),
            environment={**author_environment(None), **dates},
        )
        return done.decode().strip()

    def _identity(self, who: str, time: datetime | None) -> str:
        """`Name <mail> seconds zone` of the author or the committer, as git has it."""
        known = self._identities.get(who)
        if known is None:
            known = self._standing.repository.text(
                "var", f"GIT_{who}_IDENT", environment=author_environment(None)
            )
            self._identities[who] = known
        name, _, _ = known.rpartition("> ")
        when = time or datetime.now().astimezone()
        return f"{name}> {int(when.timestamp())} {when:%z}"
