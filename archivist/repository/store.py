"""Objects written and read by a few processes that live as long as they are needed: a commit then
costs no process of its own.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from hashlib import sha1
from pathlib import Path
from subprocess import Popen
from types import TracebackType
from typing import IO, NamedTuple, Self

from archivist.errors import GitFailure
from archivist.repository.process import Repository

FOLDER = "40000"
_REMEMBERED = 12  # trees
_OID = re.compile("[0-9a-f]{40}")
_BATCH = {
    "blob": ("hash-object", "-w", "--no-filters", "--stdin-paths"),
    "commit": ("hash-object", "-t", "commit", "-w", "--no-filters", "--stdin-paths"),
    "tree": ("hash-object", "-t", "tree", "-w", "--no-filters", "--stdin-paths"),
    "odd tree": ("mktree", "-z", "--missing", "--batch"),
    "read": ("cat-file", "--batch"),
    "refs": ("update-ref", "--stdin", "-m"),
}


class Item(NamedTuple):
    """One line of a tree: a mode (`100644`, `40000`) and an object."""

    mode: str
    oid: str


Tree = dict[bytes, Item]


class Store:
    """The objects of a repository. A context: at its end the processes end.

    Every method may raise GitFailure; what was written until then is whole, and nothing refers to
    it yet.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._stack = ExitStack()
        self._running: dict[str, tuple[Popen[bytes], ExitStack]] = {}
        self._trees: dict[str, Tree] = {}  # the last ones: commits in a row share nearly all
        self._tree_of: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Nothing runs before it is needed."""
        folder = tempfile.TemporaryDirectory(prefix="archivist-")
        self._file = Path(self._stack.enter_context(folder)) / "object"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the processes."""
        for name in list(self._running):
            self._end(name)
        self._stack.__exit__(kind, error, traceback)

    def blob(self, data: bytes) -> str:
        """Store a file's bytes."""
        return self._hashed("blob", data)

    def commit(self, data: bytes) -> str:
        """Store a commit, which git checks."""
        return self._hashed("commit", data)

    def tree(self, items: Tree) -> str:
        """Store a tree. `mktree` would open every object in it, so that a commit would cost more
        the more entries there are; it is asked for trees that git would not make today.
        """
        try:
            oid = self._hashed("tree", _tree(items))
        except GitFailure:
            oid = self._answer("odd tree", _listing(items) + b"\0").decode().strip()
        return self._keep(oid, items)

    def read(self, name: str, kind: str) -> bytes | None:
        """The bytes of an object (`REV:PATH` is one, too) of this kind; None if there is none."""
        if "\n" in name:
            return None
        header = self._answer("read", os.fsencode(name) + b"\n").split()
        if len(header) != 3:
            return None  # “NAME missing”
        size = int(header[2])
        data = _exactly(self._running["read"][0].stdout, size + 1)[:-1]
        return data if header[1] == kind.encode() else None

    def items(self, oid: str) -> Tree:
        """The lines of a tree."""
        known = self._trees.get(oid)
        if known is not None:
            return dict(known)
        data = self.read(oid, "tree")
        if data is None:
            raise GitFailure(f"the repository lacks the tree {oid}", "git fsck says what is broken")
        found: Tree = {}
        place = 0
        while place < len(data):
            end = data.index(b"\0", place)
            mode, _, name = data[place:end].partition(b" ")
            found[name] = Item(mode.decode(), data[end + 1 : end + 21].hex())
            place = end + 21
        self._keep(oid, found)
        return dict(found)

    def tree_of(self, commit: str) -> str:
        """The tree of a commit."""
        known = self._tree_of.get(commit)
        if known is not None:
            return known
        data = self.read(commit, "commit")
        if data is None or not data.startswith(b"tree "):
            raise GitFailure(f"the repository lacks the commit {commit}")
        tree = data[5:45].decode()
        if _OID.fullmatch(commit):
            self._tree_of = {commit: tree}
        return tree

    def with_files(self, tree: str, files: Mapping[str, Item | None]) -> str:
        """The tree with these files (by path) put in, or taken out where there is None."""
        items = self.items(tree) if tree else {}
        deeper: dict[str, dict[str, Item | None]] = {}
        for path, item in files.items():
            first, slash, rest = path.partition("/")
            if slash:
                deeper.setdefault(first, {})[rest] = item
            elif item is None:
                items.pop(os.fsencode(first), None)
            else:
                items[os.fsencode(first)] = item
        for name, inner in deeper.items():
            known = items.pop(os.fsencode(name), None)
            below = self.with_files(known.oid if known and known.mode == FOLDER else "", inner)
            if below:
                items[os.fsencode(name)] = Item(FOLDER, below)
        return self.tree(items) if items else ""

    def file(self, tree: str, path: str) -> Item | None:
        """What stands at a path of a tree; None if nothing does."""
        *folders, name = path.split("/")
        for folder in folders:
            item = self.items(tree).get(os.fsencode(folder))
            if item is None or item.mode != FOLDER:
                return None
            tree = item.oid
        return self.items(tree).get(os.fsencode(name))

    def move(self, ref: str, new: str, old: str) -> None:
        """Let a ref, which must be at `old`, name another commit; all zeros stand for no ref."""
        for word, lines in (
            ("start", b"start\n"),
            ("", os.fsencode(f"update {ref} {new} {old}\n")),
            ("prepare", b"prepare\n"),
            ("commit", b"commit\n"),
        ):
            if not word:
                self._send("refs", lines)
            elif self._answer("refs", lines).strip() != f"{word}: ok".encode():
                raise GitFailure(f"git did not move {ref}")

    def _keep(self, oid: str, items: Tree) -> str:
        """Remember a tree, and forget the oldest of several."""
        self._trees.pop(oid, None)
        self._trees[oid] = dict(items)
        if len(self._trees) > _REMEMBERED:
            del self._trees[next(iter(self._trees))]
        return oid

    def _hashed(self, kind: str, data: bytes) -> str:
        try:
            self._file.write_bytes(data)
        except OSError as error:
            raise GitFailure(f"cannot write an object: {error.strerror}") from error
        return self._answer(kind, os.fsencode(self._file) + b"\n").decode().strip()

    def _answer(self, name: str, question: bytes) -> bytes:
        """The first line that a process says to this."""
        self._send(name, question)
        child, _ = self._running[name]
        line = child.stdout.readline() if child.stdout else b""
        if not line:
            raise self._broken(name)
        return line

    def _send(self, name: str, question: bytes) -> None:
        if name not in self._running:
            own = ExitStack()
            child = own.enter_context(self._repository.process(*self._command(name)))
            self._running[name] = child, own
        child, _ = self._running[name]
        assert child.stdin
        try:
            child.stdin.write(question)
            child.stdin.flush()
        except BrokenPipeError:
            raise self._broken(name) from None

    def _command(self, name: str) -> tuple[str, ...]:
        return (*_BATCH[name], "archivist: record a version") if name == "refs" else _BATCH[name]

    def _broken(self, name: str) -> GitFailure:
        """What a process that broke off said; another will be started when it is needed again."""
        child, _ = self._running[name]
        said = child.stderr.read() if child.stderr else b""
        self._end(name)
        words = " ".join(said.decode("utf-8", "replace").split()) or "it broke off"
        return GitFailure(f"git {_BATCH[name][0]} failed: {words}")

    def _end(self, name: str) -> None:
        _, own = self._running.pop(name)
        with suppress(GitFailure):  # said already, or of no use to anybody
            own.close()


def blob_id(data: bytes) -> str:
    """The name of a file's bytes as a blob, which need not be stored."""
    return sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest()


def _tree(items: Tree) -> bytes:
    """A tree as git stores it: in the order of the names, those of folders taken as ending in /."""
    return b"".join(
        b"%s %s\0%s" % (item.mode.lstrip("0").encode(), name, bytes.fromhex(item.oid))
        for name, item in sorted(items.items(), key=_place)
    )


def _place(line: tuple[bytes, Item]) -> bytes:
    name, item = line
    return name + b"/" if item.mode.endswith(FOLDER) else name


def _listing(items: Tree) -> bytes:
    """A tree as `mktree` reads it."""
    kinds = {"40000": b"tree", "160000": b"commit"}
    return b"".join(
        b"%06d %s %s\t%s\0"
        % (int(item.mode), kinds.get(item.mode, b"blob"), item.oid.encode(), name)
        for name, item in items.items()
    )


def _exactly(stream: IO[bytes] | None, size: int) -> bytes:
    data = stream.read(size) if stream else b""
    if len(data) != size:
        raise GitFailure("git broke off")
    return data
