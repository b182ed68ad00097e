"""An import that is killed, or that finds the disk full: nothing is lost, another run completes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from importing_world import archive, commit, git, put, repository, set_home, state, text, tree

from archivist.errors import GitFailure
from archivist.importing import import_archive

# Imports, and dies before the given one of the steps that start git or change its files.
_DRIVER = """
import os, signal, sys
from pathlib import Path
from archivist.importing import import_archive

steps, first, last = 0, 0, int(sys.argv[3])

def watch(event, arguments):
    global steps, first
    changes = event in ("os.link", "os.rename", "os.remove") and sys.argv[1] in str(arguments)
    if changes or event == "subprocess.Popen":
        steps += 1
        if not first and "+refs/archivist/import:" in str(arguments):
            first = steps  # nothing of the archive was changed before
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
import_archive(Path(sys.argv[1]), Path(sys.argv[2]))
print(first, steps)
"""

# Imports with a limit on the size of files, for this process and for git.
_FULL = """
import resource, sys
from pathlib import Path
from archivist.errors import EnvironmentFailure
from archivist.importing import import_archive

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    import_archive(Path(sys.argv[1]), Path(sys.argv[2]))
except EnvironmentFailure as failure:
    print(failure.message)
"""

# Imports, while the user commits what is staged just before the branch is moved.
_MEANWHILE = """
import os, sys
from pathlib import Path
from archivist.importing import import_archive

def watch(event, arguments):
    if event == "subprocess.Popen" and {"update-ref", "HEAD"} <= set(map(str, arguments[1])):
        os.system(f"git -C {sys.argv[1]} commit -q -m meanwhile")

sys.addaudithook(watch)
import_archive(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in set_home(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    (tmp_path / "tmp").mkdir()  # what killed processes leave behind is swept up with the test's
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A source that was imported once, and has an update, a rename and a new entry since."""
    folder = repository(tmp_path / "source")
    commit(folder, "one", {"a.md": text("A"), "b.md": text("B", "Long " * 50)}, 1)
    return folder


@pytest.fixture
def here(tmp_path: Path, source: Path) -> Path:
    """An archive with work in it that is not committed."""
    folder = archive(tmp_path / "archive")
    import_archive(folder, source)
    commit(source, "two", {"a.md": text("A", "More."), "new.md": text("New")}, 2)
    commit(source, "three", {"b.md": None, "c.md": text("B", "Long " * 50)}, 3)
    put(folder, {"notes.txt": "staged\n", "staged.txt": "staged\n"})
    git(folder, "add", "-A")
    put(folder, {"notes.txt": "edited\n", "entries/own-conf.md": text("Own", "Edited.")})
    put(folder, {"untracked.txt": "untracked\n"})
    return folder


def run(script: str, *arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=check,
    )


def assert_users_work_is_there(here: Path) -> None:
    assert (here / "notes.txt").read_text() == "edited\n"
    assert git(here, "show", ":notes.txt") == "staged"
    assert git(here, "show", ":staged.txt") == "staged"
    assert (here / "entries/own-conf.md").read_text() == text("Own", "Edited.")
    assert (here / "untracked.txt").read_text() == "untracked\n"


def assert_complete(here: Path) -> None:
    assert_users_work_is_there(here)
    git(here, "fsck", "--strict", "--no-dangling")
    assert git(here, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    entries = {path for path in tree(here) if path.startswith("entries/")}
    assert entries == {f"entries/{name}.md" for name in ("a", "c", "new", "own-conf")}
    assert git(here, "show", "HEAD:entries/a.md") == text("A", "More.").strip()
    assert git(here, "log", "-1", "--format=%s", "HEAD^2") == "three"
    changed = git(here, "status", "--porcelain").splitlines()
    leftovers = [line for line in changed if "entries/.archivist-" in line]
    assert [line for line in changed if line not in leftovers] == [
        "M entries/own-conf.md",
        "MM notes.txt",
        "A  staged.txt",
        "?? untracked.txt",
    ]


def copy_of(here: Path, name: str) -> Path:
    copied = here.parent / name
    shutil.copytree(here, copied, symlinks=True)
    return copied


def test_killed_before_every_step(tmp_path: Path, here: Path, source: Path) -> None:
    whole = copy_of(here, "whole")
    first, steps = map(int, run(_DRIVER, whole, source, 0).stdout.split())
    assert_complete(whole)
    assert steps > first > 1
    old = git(here, "rev-parse", "HEAD")
    moved = 0
    for step in (1, first // 2, *range(first, steps + 1)):
        tried = copy_of(here, "tried")
        assert run(_DRIVER, tried, source, step, check=False).returncode == -signal.SIGKILL
        assert_users_work_is_there(tried)
        git(tried, "fsck", "--strict", "--no-dangling")
        moved += git(tried, "rev-parse", "HEAD") != old
        import_archive(tried, source)
        assert_complete(tried)
        shutil.rmtree(tried)
    assert 0 < moved < steps


def test_killed_with_git_at_many_moments(here: Path, source: Path) -> None:
    started = time.monotonic()
    run(_DRIVER, copy_of(here, "whole"), source, 0)
    length = time.monotonic() - started
    for part in range(1, 13):
        tried = copy_of(here, "tried")
        child = subprocess.Popen(
            [sys.executable, "-c", _DRIVER, str(tried), str(source), "0"],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with child:
            time.sleep(length * part / 12)
            os.killpg(child.pid, signal.SIGKILL)
        assert_users_work_is_there(tried)
        for lock in (tried / ".git").rglob("*.lock"):
            # Git itself leaves these when it is killed, and tells the user to remove them.
            with pytest.raises(GitFailure, match=r"\.lock"):
                import_archive(tried, source)
            lock.unlink()
        import_archive(tried, source)
        assert_complete(tried)
        shutil.rmtree(tried)


def test_index_that_is_locked(here: Path, source: Path) -> None:
    before = _entries(here)
    (here / ".git/index.lock").touch()
    with pytest.raises(GitFailure, match="another git is at work"):
        import_archive(here, source)
    assert _entries(here) == before


def _entries(here: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (here / "entries").glob("*.md")}


@pytest.mark.parametrize("limit", [60, 130, 200, 600])
def test_no_room(here: Path, source: Path, limit: int) -> None:
    before, files = state(here), _entries(here)
    done = run(_FULL, here, source, limit)
    assert "failed" in done.stdout or "cannot write" in done.stdout
    assert _entries(here) == files
    assert_users_work_is_there(here)
    assert git(here, "rev-parse", "HEAD") in str(before[0])
    import_archive(here, source)
    assert_complete(here)


def test_no_room_without_git(tmp_path: Path) -> None:
    here, there = tmp_path / "archive", tmp_path / "folder"
    put(here, {"entries/own.md": text("Own")})
    put(there, {"a.md": text("A"), "large.md": text("Large", "x" * 5000)})
    done = run(_FULL, here, there, 1000)
    assert done.stdout.endswith("large.md: File too large\n")
    assert sorted(path.name for path in (here / "entries").iterdir()) == ["a.md", "own.md"]
    import_archive(here, there)
    assert (here / "entries/large.md").exists()


def test_branch_that_moves_meanwhile(here: Path, source: Path) -> None:
    """The user commits while the import writes: the branch keeps what they did."""
    done = run(_MEANWHILE, here, source, check=False)
    assert "git update-ref failed" in done.stderr
    assert git(here, "log", "-1", "--format=%s") == "meanwhile"
    assert git(here, "status", "--porcelain", "entries") == "M entries/own-conf.md"
    import_archive(here, source)
    assert git(here, "log", "-1", "--format=%s", "HEAD^1") == "meanwhile"
    assert (here / "notes.txt").read_text() == "edited\n"
    assert git(here, "show", "HEAD:staged.txt") == "staged"
    assert git(here, "show", "HEAD:entries/a.md") == text("A", "More.").strip()
