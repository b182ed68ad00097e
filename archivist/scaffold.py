"""Beginning things: an archive's files, an entry's text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archivist import __version__, files, schema
from archivist.credit import KEY as PARENTS
from archivist.entry import SUFFIX
from archivist.names import id_for
from archivist.repository.process import Repository
from archivist.yamlreading import is_plain, quoted, written

_TEMPLATES = Path(__file__).parent / "templates"
_USUAL = ("date announced", "date archived", "url", PARENTS)
_SEPARATORS = (",", ";", "&", " and ")


@dataclass(frozen=True, slots=True)
class Begun:
    """A file or folder of a new archive: its path, and whether it was there already."""

    path: str
    existed: bool


def archive_files() -> dict[str, bytes]:
    """The files that a new archive begins with, by path."""
    found = {
        f"{files.ENTRIES}/.gitkeep": b"",
        "archivist.toml": (_TEMPLATES / "archivist.toml").read_bytes(),
        ".gitattributes": (_TEMPLATES / "gitattributes").read_bytes(),
        ".pre-commit-config.yaml": (_TEMPLATES / "pre-commit-config.yaml").read_bytes(),
        ".github/workflows/check.yml": _workflow("check.yml"),
        ".github/workflows/links.yml": _workflow("links.yml"),
    }
    for path in sorted(schema.built_in_folder().glob(f"*{schema.SUFFIX}")):
        found[f"{schema.FOLDER}/{path.name}"] = path.read_bytes()
    return found


def _workflow(name: str) -> bytes:
    text = (_TEMPLATES / name).read_text(encoding="utf-8")
    return text.replace("{version}", __version__).encode()


def begin_archive(folder: Path, *, dry_run: bool = False) -> Iterator[Begun]:
    """Make a folder an archive: a git repository and the files that are missing in it.

    What exists is left as it is. Raises FileFailure or GitFailure.
    """
    if not dry_run:
        files.make_folder(folder)
    existed = folder.is_dir() and Repository(folder).exists
    if not existed and not dry_run:
        Repository(folder).run("init", "--quiet", "--initial-branch=main")
    yield Begun(".git", existed)
    for path, data in archive_files().items():
        target = folder / path
        existed = target.exists() or (path.endswith(".gitkeep") and target.parent.is_dir())
        if not existed and not dry_run:
            files.create(target, data)
        yield Begun(path, existed)


def entry_path(title: str, layout: str, entry_id: str | None = None) -> str:
    """Where a new entry belongs. Blank if no id can be made of its title."""
    name = entry_id or id_for(title)
    folder = f"{files.ENTRIES}/sources" if layout == "source" else files.ENTRIES
    return f"{folder}/{name}{SUFFIX}" if name else ""


def entry_text(
    fields: dict[str, str], parents: Sequence[str], body: str, order: Sequence[str]
) -> str:
    """A new entry: the given fields in the schema's order, the usual ones also where blank.

    `order` are the keys of its layout; the body's lines lose their trailing blanks.
    """
    lines = []
    for key in order:
        if key == PARENTS and len(parents) > 1 and _needs_list(parents):
            lines += [f"{key}:", *(f"  - {_item(name)}" for name in parents)]
        elif key == PARENTS and parents:
            lines.append(f"{key}: {written(', '.join(parents))}")
        elif fields.get(key) or key in _USUAL:
            lines.append(f"{key}: {written(fields.get(key, ''))}".rstrip())
    text = "\n".join(line.rstrip() for line in body.strip().splitlines())
    head = "\n".join(("---", *lines, "", "---"))
    return f"{head}\n\n{text}\n" if text else f"{head}\n"


def _needs_list(parents: Sequence[str]) -> bool:
    return any(sign in name for name in parents for sign in _SEPARATORS)


def _item(name: str) -> str:
    return name if is_plain(name) else quoted(name)
