"""Objects of one repository in another: borrowed for a while, or taken over as they are."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from archivist.errors import GitFailure
from archivist.repository.process import Repository
from archivist.repository.timeline import holds_promises

_SUFFIXES = (".pack", ".idx")  # in this order: git sees a pack when its index is there


def borrow(repository: Repository, other: Repository) -> bool:
    """Let a repository read the objects of another one, as long as both are where they are; True
    if that is a partial clone.

    Nothing else of the other is looked at, its configuration least of all. Where its history is cut
    short, this one's is too. Raises GitFailure if the other cannot be read, or is of another kind.
    """
    kinds = {_answer(one, "--show-object-format") for one in (repository, other)}
    if len(kinds) > 1:
        raise GitFailure("its objects are of another kind (SHA-256) than those of this archive")
    own, theirs = _folder(repository), _folder(other)
    line = _quoted(os.fsencode(theirs / "objects"))
    try:
        info = own / "objects" / "info"
        info.mkdir(exist_ok=True)
        with (info / "alternates").open("ab") as file:
            file.write(line + b"\n")
        if (theirs / "shallow").exists():
            shutil.copyfile(theirs / "shallow", own / "shallow")
    except OSError as error:
        raise GitFailure(f"its objects cannot be borrowed: {error.strerror}") from error
    return holds_promises(theirs / "objects" / "pack")


def adopt(repository: Repository, other: Repository) -> None:
    """Take over the packs of a repository that was written here, and is whole by itself.

    Each file is there as a whole or not at all. Raises GitFailure.
    """
    target = _folder(repository) / "objects" / "pack"
    try:
        target.mkdir(exist_ok=True)
        for pack in sorted((_folder(other) / "objects" / "pack").glob("*.idx")):
            for suffix in _SUFFIXES:
                _copy(pack.with_suffix(suffix), target / f"{pack.stem}{suffix}")
    except OSError as error:
        raise GitFailure(f"the objects cannot be written: {error.strerror}") from error


def _folder(repository: Repository) -> Path:
    """The `.git` folder that holds the objects."""
    return Path(os.path.abspath(repository.root / _answer(repository, "--git-common-dir")))


def _answer(repository: Repository, question: str) -> str:
    """What `rev-parse` says; a bare repository is named as what it is (safe.bareRepository)."""
    bare = not (repository.root / ".git").exists() and (repository.root / "HEAD").is_file()
    raw = repository.run("rev-parse", question, environment={"GIT_DIR": "."} if bare else None)
    return os.fsdecode(raw).rstrip("\n")


def _quoted(path: bytes) -> bytes:
    """A path as a line of `alternates` may hold it: in quotes where it has to be."""
    if b"\n" not in path and not path.startswith((b'"', b"#")):
        return path
    inner = path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + inner + b'"'


def _copy(source: Path, target: Path) -> None:
    if target.exists():
        return
    temporary = target.with_name(f"tmp_archivist_{os.getpid()}_{target.name}")  # git sweeps `tmp_`
    try:
        with source.open("rb") as old, temporary.open("xb") as new:
            shutil.copyfileobj(old, new, 1 << 20)
            new.flush()
            os.fsync(new.fileno())
        temporary.chmod(0o444)
        temporary.rename(target)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
