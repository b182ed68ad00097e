"""The line of first parents as one streamed pass: each commit, its words, what it did to paths.

A merge counts once, as what it brought to the branch. Renames are found within a commit; copies are
not looked for: whose text an entry was copied from is lineage, not history.
"""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from archivist.errors import GitFailure
from archivist.repository.fields import LIMIT, nul_fields
from archivist.repository.process import Repository
from archivist.repository.trailers import trailer_lines

# A commit's words are one field, a line each: neither a name nor a subject can have a line's end.
# The message comes last.
_FORMAT = "%H%n%P%n%ct%n%an%n%s%n%B"
_LINES = 5  # before the message
_MOST_RENAMES = (
    "-l1000"  # beyond, files that were edited as they moved cost squares of their number
)
_OPTIONS = (
    *("-c", "log.showRoot=true", "log", "-z", "--raw", "--no-abbrev", "--no-relative"),
    *("--no-ext-diff", "--no-textconv", "--no-color", "--no-notes", "--encoding=UTF-8"),
    *("--first-parent", "--diff-merges=first-parent", f"--format={_FORMAT}", _MOST_RENAMES),
)
_ASKED = (
    *("--show-object-format", "--is-bare-repository", "--is-shallow-repository"),
    *("--git-common-dir", "--show-prefix"),
)
_HEAD = ("--verify", "--quiet", "HEAD^{commit}")


class Move(NamedTuple):
    """What a commit did to a path: blobs before and after, None where there is no plain file.

    `origin` is where a renamed file was before, `alike` how much of it stayed, in per cent.
    """

    path: bytes
    old: str | None
    new: str | None
    origin: bytes | None = None
    alike: int | None = None


class Step(NamedTuple):
    """A commit: when it was made (seconds), by whom, its subject, its trailers a line each."""

    rev: str
    parents: tuple[str, ...]
    committed: int
    author: str
    subject: str
    trailers: str
    moves: tuple[Move, ...]

    def says(self, key: str) -> bool:
        """True if it has a trailer of this key."""
        return any(line.startswith(f"{key}: ") for line in self.trailers.split("\n"))


class Extent(NamedTuple):
    """How much of a repository is here: the commit at HEAD (None before the first), where the
    folder lies in it (`prefix`, ending in `/`), and whether history or texts were left behind.
    """

    head: str | None
    prefix: bytes
    is_bare: bool
    is_shallow: bool
    is_partial: bool
    algorithm: str


def extent(repository: Repository) -> Extent:
    """What there is to read. Raises GitFailure if this is no repository."""
    try:
        said = repository.run("rev-parse", *_ASKED, *_HEAD)
    except GitFailure:
        said = repository.run("rev-parse", *_ASKED) + (_head(repository) or "").encode() + b"\n"
    algorithm, bare, shallow, folder, rest = said.split(b"\n", 4)
    prefix, head = rest[:-1].rsplit(b"\n", 1)
    packs = repository.root / folder.decode("utf-8", "surrogateescape") / "objects" / "pack"
    return Extent(
        head.decode() or None,
        prefix,
        bare == b"true",
        shallow == b"true",
        holds_promises(packs),
        algorithm.decode(),
    )


class Cut(NamedTuple):
    """The commit before which nothing is known, and when it was made (seconds): there a shallow
    clone was cut off, or history breaks off, as something of the commit before it is `lost`.
    """

    rev: str
    committed: int
    lost: str = ""


def cut(repository: Repository, extent: Extent) -> Cut | None:
    """Where the line of first parents is cut off; None if it is whole, even if others are not.

    Raises GitFailure.
    """
    if extent.head is None or not extent.is_shallow:
        return None
    options = ("--first-parent", "--max-parents=0", "--format=%ct")
    said = repository.text("rev-list", *options, "--end-of-options", extent.head, "--").split()
    try:
        cuts = (repository.common_folder / "shallow").read_text(encoding="ascii").split()
    except (OSError, ValueError) as error:
        raise GitFailure("where this clone was cut off cannot be read") from error
    if len(said) != 3 or said[1] not in cuts:  # commit ID TIME
        return None
    return Cut(said[1], int(said[2]))


def timeline(
    repository: Repository,
    tip: str,
    *,
    after: str | None = None,
    exact: bool = False,
    path: str | None = None,
) -> Iterator[Step]:
    """The commits from `tip` back along the first parents, newest first; only those after `after`.

    With `exact`, only files that moved unchanged count as renamed: that needs no texts. With `path`
    (relative to the repository's root folder here) only commits that changed that path, each with
    all that it did: where a file came or went, it may have been moved.
    Raises GitFailure if an object is missing or there are more than `LIMIT` changes; whatever came
    before is then not the whole.
    """
    span = [tip, f"^{after}"] if after else [tip]
    options = (*_OPTIONS, "-M100%" if exact else "-M", "--full-diff")
    below = (path,) if path else ()
    with repository.process(*options, "--end-of-options", *span, "--", *below) as child:
        assert child.stdout
        yield from _steps(child.stdout)


def beginning(repository: Repository, rev: str) -> Step:
    """A commit as if there had been nothing before it: all files of its tree are new.

    Raises GitFailure if it cannot be read, or if there are more than `LIMIT` files.
    """
    from archivist.repository.log import tree_files  # nearly all histories do without

    options = ("-z", "--no-walk", "--no-patch", "--no-notes", "--no-show-signature", "--no-color")
    said = repository.run("log", *options, "--encoding=UTF-8", f"--format={_FORMAT}", rev, "--")
    files = tree_files(repository, rev, full=True)
    moves = [Move(one.path, None, one.oid) for one in files if one.mode.startswith("100")]
    return _step(said.rstrip(b"\0"), moves)._replace(parents=())


def was_elsewhere(repository: Repository, tip: str, path: str) -> bool:
    """True if there was, up to a commit, a file of the same name in another folder next to the
    topmost one of this path (relative to the repository's root folder here), or below it.

    Raises GitFailure.
    """
    top, name = path.partition("/")[0], path.rpartition("/")[2]
    others = (f":(glob){_plainly(top)}/**/{_plainly(name)}", f":(exclude,literal){path}")
    options = ("log", "--first-parent", "--max-count=1", "--format=%H", "--no-show-signature")
    return bool(
        repository.run("--no-literal-pathspecs", *options, "--end-of-options", tip, "--", *others)
    )


def merges_say(repository: Repository, tip: str, since: str, key: str) -> bool:
    """True if a merge on the line of first parents, from `tip` back to a commit, may have a trailer
    of this key (of letters and hyphens). Raises GitFailure.
    """
    options = ("log", "--first-parent", "--merges", "--max-count=1", "--format=%H")
    asked = ("--no-show-signature", "--extended-regexp", f"--grep=^{key}: ")
    return bool(repository.run(*options, *asked, "--end-of-options", tip, f"^{since}", "--"))


def _plainly(name: str) -> str:
    """A name without meaning in a pattern."""
    return re.sub(r"([*?\[\\])", r"\\\1", name)


def _head(repository: Repository) -> str | None:
    try:
        return repository.text("rev-parse", *_HEAD)
    except GitFailure:
        code, branch, _ = repository.attempt("symbolic-ref", "--quiet", "HEAD")
        known = ("for-each-ref", "--format=%(refname)", os.fsdecode(branch).strip())
        if code or repository.run(*known):
            raise GitFailure(
                "the commit at HEAD is missing or broken", "`git fsck` says what is broken"
            ) from None
        return None


def holds_promises(packs: Path) -> bool:
    """True for a partial clone: packs whose objects refer to some that were not fetched."""
    try:
        return any(packs.glob("*.promisor"))
    except OSError:
        return False


def _steps(stream: IO[bytes]) -> Iterator[Step]:
    fields = nul_fields(stream)
    head: bytes | None = None
    moves: list[Move] = []
    total = 0
    for field in fields:
        if field.startswith((b"\n:", b":")):
            moves += _moves(field.lstrip(b"\n"), fields)
            total += 1
            if total > LIMIT:
                raise GitFailure(f"the history holds more than {LIMIT} changes")
            continue
        if head is not None:
            yield _step(head, moves)
        head, moves = field, []
    if head is not None:
        yield _step(head, moves)


def _step(head: bytes, moves: list[Move]) -> Step:
    words = head.decode("utf-8", "replace").split("\n", _LINES)
    if len(words) <= _LINES:
        raise GitFailure("git log says something that is no commit")
    rev, parents, committed, author, subject, message = words
    seconds = int(committed) if committed.lstrip("-").isdecimal() else 0
    trailers = "\n".join(trailer_lines(message))
    return Step(rev, tuple(parents.split()), seconds, author, subject, trailers, tuple(moves))


def _moves(about: bytes, fields: Iterator[bytes]) -> Iterator[Move]:
    """The change that a raw line tells; links and submodules count as no file, and that a file
    became executable as no change.
    """
    old_mode, new_mode, old, new, status = about[1:].decode().split(" ")
    path = next(fields, b"")
    before = old if old_mode.startswith("100") else None
    after = new if new_mode.startswith("100") else None
    if status[0] != "R":
        if before != after:
            yield Move(path, before, after)
        return
    origin, path = path, next(fields, b"")
    if before and after:
        yield Move(path, before, after, origin, int(status[1:]))
    else:  # a link that moved
        yield Move(origin, before, None)
        yield Move(path, None, after)
