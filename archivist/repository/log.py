"""Reading a history: its commits, what each of them changed, their words, the files of one state.

Everything is one pass of plumbing that runs nothing the repository configures. Paths are bytes:
a stranger's need not be text.
"""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archivist.errors import GitFailure
from archivist.repository.dialogue import asking
from archivist.repository.fields import LIMIT, nul_fields
from archivist.repository.process import Repository

_CHUNK = 1 << 16
_RENAMES = ("-M", "-l2000")
_STEPS = (
    *("-c", "log.showRoot=true", "log", "-z", "--raw", "--no-abbrev", "--no-relative"),
    *("--topo-order", "--reverse", "--diff-merges=first-parent", "--no-renames"),
    *("--ignore-submodules=none", "--no-ext-diff", "--no-textconv", "--no-color", "--no-notes"),
    "--format=%H %at %P",
)


class Commit(NamedTuple):
    """A commit and its parents."""

    oid: str
    parents: tuple[str, ...]


class TreeFile(NamedTuple):
    """A file of one state: its path, its mode and its blob."""

    path: bytes
    mode: str
    oid: str


class Change(NamedTuple):
    """What a commit made of a path: its mode and blob, None if it is gone.

    `origin` is where a renamed file was before.
    """

    path: bytes
    mode: str
    oid: str | None
    origin: bytes | None = None


class Step(NamedTuple):
    """A commit, its author's time (seconds), and what it changed against its first parent."""

    commit: Commit
    seconds: int
    changes: list[Change]


def commits(repository: Repository, tip: str, *, first_parent: bool = False) -> list[Commit]:
    """The commits that lead to `tip`, parents before children; or only its line of first parents.

    Raises GitFailure if one is missing.
    """
    line = ("--first-parent",) if first_parent else ()
    listing = repository.text(
        *(
            "rev-list",
            "--topo-order",
            "--reverse",
            "--parents",
            *line,
            "--end-of-options",
            tip,
            "--",
        )
    )
    rows = (row.split() for row in listing.splitlines())
    return [Commit(oid, tuple(parents)) for oid, *parents in rows]


def steps(repository: Repository, tip: str) -> list[Step]:
    """The commits that lead to `tip`, parents before children, with what each of them changed.

    Raises GitFailure if an object is missing, or if there are more than `LIMIT` changes.
    """
    with repository.process(*_STEPS, "--end-of-options", tip, "--") as child:
        assert child.stdout
        return list(_steps(nul_fields(child.stdout)))


def last_subjects(repository: Repository, tip: str, count: int) -> list[str]:
    """The subjects of the last commits, newest first. Raises GitFailure."""
    options = (f"-{count}", "--format=%s", "--encoding=UTF-8", "--no-show-signature")
    raw = repository.run("log", "-z", *options, "--end-of-options", tip, "--")
    return [one.decode("utf-8", "replace") for one in raw.split(b"\0")[:-1]]


def changes(
    repository: Repository, history: Iterable[Commit], *paths: str, renames: bool = False
) -> Iterator[tuple[str, list[Change]]]:
    """Each commit that changed something against its first parent, below `paths`, and what.

    Paths are relative to the repository's root folder here. Raises GitFailure if an object is
    missing, or if there are more than `LIMIT` changes.
    """
    detect = _RENAMES if renames else ("--no-renames",)
    lines = (" ".join((one.oid, *one.parents[:1])) for one in history)
    options = ("-r", "-z", "--raw", "--root", "--relative", "--no-abbrev", *detect)
    below = ("--", *paths) if paths else ()
    with asking(repository, lines, "diff-tree", "--stdin", *options, *below) as answers:
        yield from _grouped(nul_fields(answers))


def difference(repository: Repository, old: str, new: str) -> list[Change]:
    """What differs between two commits, with renames."""
    pair = [Commit(new, (old,))]
    return [one for _, found in changes(repository, pair, renames=True) for one in found]


def tree_files(
    repository: Repository, revision: str, *paths: str, full: bool = False
) -> list[TreeFile]:
    """The files of a commit, below `paths`, relative to the repository's root folder here; with
    `full` relative to its top, wherever they are.

    Raises GitFailure if there is no such commit, or if there are more than `LIMIT` files.
    """
    files = []
    options = ("-r", "-z", *(("--full-tree",) if full else ()))
    with repository.process("ls-tree", *options, revision, "--", *paths) as child:
        assert child.stdout
        for field in nul_fields(child.stdout):
            about, _, path = field.partition(b"\t")
            mode, _, oid = about.decode().split(" ")
            files.append(TreeFile(path, mode, oid))
            if len(files) > LIMIT:
                raise GitFailure(f"{revision} holds more than {LIMIT} files")
    return files


def raw_commits(
    repository: Repository, oids: Sequence[str], limit: int
) -> Iterator[tuple[str, bytes]]:
    """Each commit with its bytes, cut at `limit`, in the order asked for. Raises GitFailure."""
    with asking(repository, oids, "cat-file", "--batch", "--buffer") as answers:
        for oid in oids:
            header = answers.readline().split()
            if len(header) != 3 or header[1] != b"commit":
                raise GitFailure(f"the repository lacks the commit {oid}")
            size = int(header[2])
            data = answers.read(min(size, limit))
            if len(data) < min(size, limit):
                raise GitFailure(f"the commit {oid} is cut short")
            left = size - len(data) + 1
            while left and (chunk := answers.read(min(left, _CHUNK))):
                left -= len(chunk)
            yield oid, data


def _steps(fields: Iterator[bytes]) -> Iterator[Step]:
    step, total = None, 0
    for field in fields:
        if step and field.startswith((b":", b"\n:")):
            step.changes.append(_change(field, fields))
            total += 1
            if total > LIMIT:
                raise GitFailure(f"the history holds more than {LIMIT} changes")
            continue
        if step:
            yield step
        oid, when, parents = field.decode().split(" ", 2)  # of a broken author the time is blank
        seconds = int(when) if when.isdecimal() else 0
        step = Step(Commit(oid, tuple(parents.split())), seconds, [])
    if step:
        yield step


def _grouped(fields: Iterator[bytes]) -> Iterator[tuple[str, list[Change]]]:
    oid, found, total = "", list[Change](), 0
    for field in fields:
        if field.startswith(b":"):
            found.append(_change(field, fields))
            total += 1
            if total > LIMIT:
                raise GitFailure(f"the history holds more than {LIMIT} changes")
            continue
        if found:
            yield oid, found
        oid, found = field.decode(), []
    if found:
        yield oid, found


def _change(about: bytes, fields: Iterator[bytes]) -> Change:
    _, mode, _, oid, status = about.decode().split(" ")
    path = next(fields, b"")
    origin = None
    if status[0] in "RC":
        origin, path = path, next(fields, b"")
    return Change(path, mode, None if mode == "000000" else oid, origin)
