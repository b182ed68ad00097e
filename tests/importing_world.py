"""Real repositories to import from and into."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from archivist.importing import Imported

_CONFIG = (
    "[user]\n\tname = Ann Archivist\n\temail = ann@example.org\n[init]\n\tdefaultBranch = main\n"
)


def set_home(home: Path, config: str = _CONFIG) -> dict[str, str]:
    """The variables that make git see this home, and nothing of the machine's."""
    home.mkdir(exist_ok=True)
    (home / ".gitconfig").write_text(config)
    return {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}


def git(folder: Path, *arguments: str, stdin: bytes = b"", **variables: str) -> str:
    """What git prints."""
    done = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        check=True,
        env=os.environ | variables,
    )
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def text(title: str, body: str = "Be kind.") -> str:
    """An entry."""
    return f"---\nlayout: coc\nconference: {title}\n---\n\n{body}\n"


def put(folder: Path, files: Mapping[str, str | bytes | None]) -> None:
    """Write these files; None removes one."""
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def repository(folder: Path) -> Path:
    """An empty repository."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def commit(
    folder: Path, message: str, files: Mapping[str, str | bytes | None] | None = None, day: int = 1
) -> str:
    """Commit these files as somebody else, on a day of 2014."""
    put(folder, files or {})
    git(folder, "add", "-A")
    date = f"2014-01-{day:02}T12:00:00+0100"
    git(
        folder,
        *("commit", "-q", "--allow-empty", "-m", message),
        GIT_AUTHOR_NAME="Sam Source",
        GIT_AUTHOR_EMAIL="sam@source.example",
        GIT_AUTHOR_DATE=date,
        GIT_COMMITTER_DATE=date,
    )
    return git(folder, "rev-parse", "HEAD")


def archive(folder: Path) -> Path:
    """An archive with one commit."""
    repository(folder)
    commit(folder, "begin", {"entries/own-conf.md": text("Own Conf"), "notes.txt": "mine\n"})
    return folder


def tangled(folder: Path) -> Path:
    """A source with a rename, a merge, and a file that is no entry at first."""
    repository(folder)
    commit(folder, "add README", {"README.md": "# read me\n"}, 1)
    commit(folder, "add conf", {"Some Conf.md": text("Some Conf")}, 2)
    git(folder, "switch", "-qc", "side")
    commit(folder, "add side", {"sub/Side_Conf.markdown": text("Side Conf")}, 3)
    git(folder, "switch", "-q", "main")
    commit(folder, "late, without front matter", {"late.md": "plain\n"}, 4)
    commit(folder, "late has front matter", {"late.md": text("Late")}, 5)
    git(folder, "merge", "-q", "--no-ff", "-m", "join side", "side")
    renamed = text("Some Conf", "Be kind, always.")
    commit(folder, "rename", {"Some Conf.md": None, "some-conf-2014.md": renamed}, 6)
    return folder


# The entries of the tangled source, here.
NEW = {"entries/late.md", "entries/some-conf-2014.md", "entries/sub/side-conf.md"}


def outcomes(results: tuple[Imported, ...]) -> dict[str | None, str]:
    """The outcome of each file, by its path here or there."""
    return {one.path or one.source: one.outcome for one in results}


def log(folder: Path, *arguments: str) -> list[str]:
    """The subjects of commits, newest first."""
    return git(folder, "log", "--format=%s", *arguments).splitlines()


def tree(folder: Path, revision: str = "HEAD") -> dict[str, str]:
    """Path → blob of a commit."""
    rows = git(folder, "ls-tree", "-r", "-z", revision).split("\0")
    return {
        path: about.split()[2] for about, _, path in (row.partition("\t") for row in rows if row)
    }


def state(folder: Path) -> tuple[object, ...]:
    """Everything a user could lose: refs, index, working files."""
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }
    return git(folder, "for-each-ref"), git(folder, "ls-files", "-s"), files
