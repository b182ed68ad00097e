"""The file system: what is read, how it is written, and what is left when a write fails."""

from __future__ import annotations

import fcntl
import os
import signal
import stat
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sandbox import obey_modes, unmeasured

from archivist import files
from archivist.commands.session import deliver
from archivist.console import Console
from archivist.errors import FileFailure
from archivist.files import MAX_SIZE, SourceFile

ENTRY = "---\nlayout: coc\nconference: {}\ndate archived: {}\n---\n\nBe kind, says {}.{}"
NOW = "2026-01-01T00:00:00Z"
IS_ROOT = os.geteuid() == 0


def entry(name: str, *, fixed: bool) -> bytes:
    """An entry with a date and an end to be mended, or as it is when mended."""
    date, end = ("Feb 04, 2014", "\n") if fixed else ("2014-02-04", "")
    return ENTRY.format(name.replace("-", " ").title(), date, name, end).encode()


def name_of(number: int) -> str:
    return f"lantern-{'abcdefghij'[number % 10]}{'klmnopqrst'[number // 10 % 10]}-{number:04}x"


def archive(root: Path, count: int = 3) -> dict[Path, tuple[bytes, bytes]]:
    """An archive of entries to be mended; each path with its bytes before and after."""
    (root / "entries").mkdir(parents=True)
    known = {}
    for number in range(count):
        name = name_of(number)
        path = root / "entries" / f"{name}.md"
        known[path] = entry(name, fixed=False), entry(name, fixed=True)
        path.write_bytes(known[path][0])
    return known


def command(root: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "archivist", "-C", str(root), "--now", NOW, *arguments]


def run(
    root: Path, *arguments: str, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(root, *arguments),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=before,
    )


def fix(root: Path, before: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    return run(root, "check", "--fix", "--ignore", "N", before=before)


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2 and a sentence on stderr that says what and why; no traceback."""
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    assert "mistake" not in done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")][-1:]
    for word in words:
        assert word in line


def assert_whole(known: dict[Path, tuple[bytes, bytes]]) -> int:
    """Every file is as it was or as it should be; how many are mended."""
    mended = 0
    for path, (before, after) in known.items():
        data = path.read_bytes()
        assert data in (before, after)
        mended += data == after
    return mended


def leftovers(root: Path) -> list[str]:
    return [path.name for path in root.rglob("*") if path.name.startswith(".archivist")]


# Reading


def found(root: Path) -> dict[str, SourceFile]:
    return {one.path: one for one in files.read_entries(root)}


def test_entries_are_read_in_order_and_hidden_files_are_not(tmp_path: Path) -> None:
    for path in ("b.md", "a/z.md", "a.md", ".c.md", ".d/e.md", "a/.archivist-x.md", "f/g/h.md"):
        target = tmp_path / "entries" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.encode())
    paths = [one.path for one in files.read_entries(tmp_path)]
    assert sorted(paths) == ["entries/a.md", "entries/a/z.md", "entries/b.md", "entries/f/g/h.md"]
    assert found(tmp_path)["entries/a/z.md"].data == b"a/z.md"
    assert list(files.read_entries(tmp_path)) == list(files.read_entries(tmp_path))


def test_no_folder_of_entries_is_an_empty_archive(tmp_path: Path) -> None:
    assert found(tmp_path) == {}


def test_what_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_bytes(b"secret")
    root = tmp_path / "archive"
    top = root / "entries"
    (top / "folder").mkdir(parents=True)
    (top / "folder" / "y.md").write_bytes(b"y")
    (root / "note.md").write_bytes(b"note")
    os.mkfifo(top / "pipe.md")
    (top / "to-pipe.md").symlink_to("pipe.md")
    (top / "out.md").symlink_to(outside / "secret.md")
    (top / "out-relative.md").symlink_to("../../outside/secret.md")
    (top / "device.md").symlink_to("/dev/zero")
    (top / "loop.md").symlink_to("loop.md")
    (top / "one.md").symlink_to("other.md")
    (top / "other.md").symlink_to("one.md")
    (top / "nowhere.md").symlink_to("nothing.md")
    (top / "folder-link.md").symlink_to("folder")
    (top / "out-folder").symlink_to(outside)
    (top / "in.md").symlink_to("folder/y.md")
    (top / "beside.md").symlink_to("../note.md")
    (top / "x.txt").write_bytes(b"x")
    (top / "nest.md").mkdir()
    (top / "nest.md" / "z.md").write_bytes(b"z")
    if IS_ROOT:
        os.mknod(top / "null.md", stat.S_IFCHR | 0o600, os.makedev(1, 3))
    seen = found(root)
    obstacles = {path: one.obstacle for path, one in seen.items() if one.obstacle}
    expected = {
        f"entries/{name}": "not-a-plain-file"
        for name in ("pipe.md", "to-pipe.md", "out.md", "out-relative.md", "device.md", "loop.md")
        + ("one.md", "other.md", "nowhere.md", "folder-link.md", "out-folder")
        + (("null.md",) if IS_ROOT else ())
    }
    assert obstacles == expected | {"entries/x.txt": "other-file"}
    texts = {path: one.data for path, one in seen.items() if not one.obstacle}
    assert texts == {
        "entries/folder/y.md": b"y",
        "entries/in.md": b"y",
        "entries/beside.md": b"note",
        "entries/nest.md/z.md": b"z",
    }
    assert all(one.data == b"" for one in seen.values() if one.obstacle)
    for path, one in seen.items():
        assert files.read_entry(root, path) == one


@pytest.mark.parametrize("inside", [True, False])
def test_the_folder_of_entries_may_be_a_link_within_the_archive(
    tmp_path: Path, inside: bool
) -> None:
    root = tmp_path / "archive"
    root.mkdir()
    real = (root if inside else tmp_path) / "real"
    real.mkdir()
    (real / "x.md").write_bytes(b"x")
    (root / "entries").symlink_to(real)
    expected = (
        SourceFile("entries/x.md", b"x")
        if inside
        else SourceFile("entries", obstacle="not-a-plain-file")
    )
    assert list(files.read_entries(root)) == [expected]


def test_a_folder_beside_the_archive_with_a_longer_name_is_outside(tmp_path: Path) -> None:
    (tmp_path / "archive-2").mkdir()
    (tmp_path / "archive-2" / "x.md").write_bytes(b"secret")
    top = tmp_path / "archive" / "entries"
    top.mkdir(parents=True)
    (top / "x.md").symlink_to("../../archive-2/x.md")
    assert found(tmp_path / "archive")["entries/x.md"].obstacle == "not-a-plain-file"


@pytest.mark.parametrize(("size", "fits"), [(0, True), (MAX_SIZE, True), (MAX_SIZE + 1, False)])
def test_a_file_of_more_than_the_limit_is_not_read(tmp_path: Path, size: int, fits: bool) -> None:
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "x.md").write_bytes(b"a" * size)
    (one,) = files.read_entries(tmp_path)
    assert (one.obstacle, len(one.data)) == ((None, size) if fits else ("too-large", 0))


def test_a_sparse_file_of_a_terabyte_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "entries").mkdir()
    with (tmp_path / "entries" / "x.md").open("wb") as file:
        file.truncate(1 << 40)
    (one,) = files.read_entries(tmp_path)
    assert one.obstacle == "too-large"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert files.read_bounded(tmp_path / "pipe") == b""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc here")
def test_a_file_that_does_not_know_its_size_is_bounded() -> None:
    assert len(files.read_bounded("/proc/self/status", 100_000) or b"") <= 100_000
    assert len(files.read_bounded("/dev/zero", 1000) or b"") <= 1000


def test_a_missing_file_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(FileFailure, match=r"cannot read entries/x\.md: No such file"):
        files.read_entry(tmp_path, "entries/x.md")


def test_folders_as_deep_as_the_file_system_allows(tmp_path: Path) -> None:
    """1500 folders one in another, as git can hold and check out: an answer, not a recursion."""
    here = os.open(tmp_path, os.O_RDONLY)
    (tmp_path / "entries").mkdir()
    folder = os.open("entries", os.O_RDONLY, dir_fd=here)
    descriptors = [here, folder]
    try:
        for _ in range(1500):
            os.mkdir("a", dir_fd=folder)
            folder = os.open("a", os.O_RDONLY, dir_fd=folder)
            descriptors.append(folder)
            if len(descriptors) > 100:
                os.close(descriptors.pop(2))
        file = os.open("x.md", os.O_WRONLY | os.O_CREAT, dir_fd=folder)
        os.write(file, entry("x", fixed=True))
        os.close(file)
    finally:
        for one in descriptors:
            os.close(one)
    done = run(tmp_path, "check", "--ignore", "N")
    subprocess.run(["rm", "-rf", str(tmp_path / "entries")], check=True)  # shutil cannot either
    assert "mistake" not in done.stderr
    assert done.returncode in (0, 2)


def test_an_unreadable_file_is_no_answer(tmp_path: Path) -> None:
    known = archive(tmp_path)
    path = list(known)[1]
    path.chmod(0)
    done = run(tmp_path, "check", before=obey_modes)
    assert_refused(done, "cannot read", path.name, "Permission denied")


# Writing


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755, 0o2644])
def test_a_write_keeps_the_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(b"old")
    path.chmod(mode)
    files.write(path, b"new", expected=b"old")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert os.listdir(tmp_path) == ["x.md"]


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_that_the_user_wants(tmp_path: Path, umask: int) -> None:
    old = os.umask(umask)
    try:
        files.create(tmp_path / "a" / "x.md", b"new")
        files.write(tmp_path / "y.md", b"new")
    finally:
        assert os.umask(old) == umask
    for path in (tmp_path / "a" / "x.md", tmp_path / "y.md"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


def test_what_is_no_plain_file_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    said = Namespace(output="pipe", directory=str(tmp_path), console=Console(quiet=True))
    deliver(said, "new")
    assert os.read(reader, 10) == b"new"
    os.close(reader)
    assert pipe.is_fifo(), "the pipe was not replaced by a file"


def test_a_write_through_a_link_writes_its_target(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    target = tmp_path / "a" / "x.md"
    target.write_bytes(b"old")
    link, far = tmp_path / "link.md", tmp_path / "far.md"
    link.symlink_to("a/x.md")
    far.symlink_to("link.md")
    files.write(far, b"new")
    assert link.is_symlink()
    assert far.is_symlink()
    assert target.read_bytes() == b"new"
    assert sorted(os.listdir(tmp_path)) == ["a", "far.md", "link.md"]
    assert os.listdir(tmp_path / "a") == ["x.md"]


def test_an_entry_and_a_link_to_it_are_mended_once(tmp_path: Path) -> None:
    known = archive(tmp_path, 1)
    (path,) = known
    (tmp_path / "entries" / "alias.md").symlink_to(path.name)
    done = run(tmp_path, "check", "--fix", "--select", "D,F")
    assert done.returncode == 0, done.stderr
    assert assert_whole(known) == 1
    assert (tmp_path / "entries" / "alias.md").is_symlink()


def test_what_was_changed_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(b"edited")
    with pytest.raises(FileFailure, match=r"x\.md was changed meanwhile"):
        files.write(path, b"new", expected=b"old")
    assert path.read_bytes() == b"edited"
    path.unlink()
    with pytest.raises(FileFailure, match="No such file"):
        files.write(path, b"new", expected=b"old")
    assert os.listdir(tmp_path) == []


def test_a_file_is_created_only_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "x.md"
    files.create(path, b"1")
    with pytest.raises(FileFailure, match=r"x\.md exists already"):
        files.create(path, b"2")
    assert path.read_bytes() == b"1"
    assert os.listdir(path.parent) == ["x.md"]


def test_nothing_is_created_through_a_dangling_link(tmp_path: Path) -> None:
    (tmp_path / "x.md").symlink_to("y.md")
    with pytest.raises(FileFailure, match="exists already"):
        files.create(tmp_path / "x.md", b"1")
    assert os.listdir(tmp_path) == ["x.md"]


def test_a_loop_of_links_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "x.md").symlink_to("x.md")
    with pytest.raises(FileFailure, match=r"cannot write .*x\.md"):
        files.write(tmp_path / "x.md", b"1", expected=b"0")
    assert os.listdir(tmp_path) == ["x.md"]


@pytest.mark.parametrize("name", ["entries", "x.md/y.md"])
def test_a_folder_cannot_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "entries").mkdir()
    (tmp_path / "x.md").write_bytes(b"x")
    with pytest.raises(FileFailure, match="cannot write"):
        files.write(tmp_path / name, b"1")
    assert sorted(os.listdir(tmp_path)) == ["entries", "x.md"]
    with pytest.raises(FileFailure, match="cannot make the folder"):
        files.make_folder(tmp_path / "x.md" / "z")


# What the machine refuses


def test_a_read_only_file(tmp_path: Path) -> None:
    known = archive(tmp_path)
    path = list(known)[1]
    path.chmod(0o444)
    done = fix(tmp_path, before=obey_modes)
    assert_refused(done, "cannot write", f"{path.name}: it is read-only")
    assert assert_whole(known) == 2
    assert path.read_bytes() == known[path][0]
    assert leftovers(tmp_path) == []
    path.chmod(0o644)
    assert fix(tmp_path).returncode == 0
    assert assert_whole(known) == 3


def test_a_read_only_folder(tmp_path: Path) -> None:
    known = archive(tmp_path)
    folder = tmp_path / "entries"
    folder.chmod(0o555)
    done = fix(tmp_path, before=obey_modes)
    folder.chmod(0o755)
    assert_refused(done, "cannot write", "Permission denied")
    assert done.stderr.count("error: ") == 3
    assert assert_whole(known) == 0
    assert leftovers(tmp_path) == []


def test_a_folder_that_cannot_be_listed(tmp_path: Path) -> None:
    archive(tmp_path)
    (tmp_path / "entries").chmod(0o300)
    done = fix(tmp_path, before=obey_modes)
    (tmp_path / "entries").chmod(0o755)
    assert_refused(done, "cannot read entries: Permission denied")


def test_a_file_that_nobody_may_change(tmp_path: Path) -> None:
    known = archive(tmp_path)
    path = next(iter(known))
    if subprocess.run(["chattr", "+i", str(path)], check=False, capture_output=True).returncode:
        pytest.skip("files cannot be made immutable here")
    try:
        done = fix(tmp_path)
    finally:
        subprocess.run(["chattr", "-i", str(path)], check=True)
    assert_refused(done, "cannot write", path.name)
    assert assert_whole(known) == 2
    assert leftovers(tmp_path) == []


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A file system in memory at this folder; skips the test where none may be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, check=False, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode:
        pytest.skip("file systems may not be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> None:
    """Leave no room."""
    with (folder / "filler").open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            return


def test_a_full_disk(tmp_path: Path) -> None:
    root = tmp_path / "disk"
    with mounted(root, "size=512k"):
        known = archive(root, 5)
        (root / "archivist-baseline.json").write_bytes(b'{"version": 1, "counts": {}}')
        fill(root)
        done = fix(root)
        assert_refused(done, "cannot write", "No space left on device")
        assert done.stderr.count("error: ") == 5
        assert assert_whole(known) == 0
        assert leftovers(root) == []
        done = run(root, "check", "--write-baseline")
        assert_refused(done, "archivist-baseline.json: No space left on device")
        done = run(root, "check", "-o", "report.txt")
        assert_refused(done, "report.txt: No space left on device")
        assert (root / "archivist-baseline.json").stat().st_size == 28
        assert not (root / "report.txt").exists()
        (root / "filler").unlink()
        assert fix(root).returncode == 0
        assert assert_whole(known) == 5


def test_no_room_for_another_file(tmp_path: Path) -> None:
    root = tmp_path / "disk"
    with mounted(root, "size=1m,nr_inodes=8"):
        known = archive(root, 4)
        for number in range(8):
            try:
                (root / f"filler-{number}").write_bytes(b"")
            except OSError:
                break
        done = fix(root)
        assert_refused(done, "cannot write", "No space left on device")
        assert assert_whole(known) == 0


def test_a_read_only_file_system(tmp_path: Path) -> None:
    root = tmp_path / "disk"
    with mounted(root, "size=1m"):
        known = archive(root)
        subprocess.run(["mount", "-o", "remount,ro", str(root)], check=True)
        done = fix(root)
        assert_refused(done, "cannot write", "read-only")
        assert done.stderr.count("error: ") == 3
        assert assert_whole(known) == 0
        assert run(root, "check", "--ignore", "N").returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("form", ["text", "json"])
def test_an_output_that_takes_nothing(tmp_path: Path, form: str) -> None:
    archive(tmp_path)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command(tmp_path, "check", "-f", form), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2, done
    assert b"No space left on device" in done.stderr
    assert b"Exception ignored" not in done.stderr


# Interruptions and others


@contextmanager
def mending(root: Path, count: int) -> Iterator[subprocess.Popen[bytes]]:
    """A run of `check --fix` that has said that it mended `count` files.

    What it says goes into a small pipe that nobody empties further: it waits there, at most some
    90 files ahead.
    """
    child = subprocess.Popen(
        command(root, "check", "--fix", "--ignore", "N"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        bufsize=0,
        env=unmeasured(),
    )
    with child:
        assert child.stderr
        fcntl.fcntl(child.stderr, fcntl.F_SETPIPE_SZ, 4096)
        for _ in range(count):
            assert child.stderr.readline()
        yield child


@pytest.mark.parametrize("count", [0, 1, 2, 10, 40, 100])
def test_killed_while_it_mends(tmp_path: Path, count: int) -> None:
    """After `count` files: all are whole, leftovers are no entries, a later run completes."""
    known = archive(tmp_path, 200)
    with mending(tmp_path, count) as child:
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert count <= assert_whole(known) <= count + 99
    assert_completes(tmp_path, known)


@pytest.mark.parametrize("delay", [0.0, 0.0003, 0.0006, 0.001, 0.002, 0.004])
def test_killed_in_the_middle_of_a_write(tmp_path: Path, delay: float) -> None:
    known = archive(tmp_path, 200)
    with mending(tmp_path, 3) as child:
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert 3 <= assert_whole(known) < 200
    assert_completes(tmp_path, known)


def assert_completes(root: Path, known: dict[Path, tuple[bytes, bytes]]) -> None:
    (root / "entries" / ".archivist-abc.md").write_bytes(b"half an ent")  # as a kill may leave it
    done = fix(root)
    assert done.returncode == 0, done
    assert f"{len(known)} entries checked" in done.stdout
    assert assert_whole(known) == len(known)
    assert [path for path in known if not path.is_file()] == []
    assert ".archivist" not in done.stdout


@pytest.mark.parametrize("count", [1, 30])
def test_interrupted_while_it_mends(tmp_path: Path, count: int) -> None:
    """Ctrl-C: no traceback, exit code 130; at most the file being written has left a trace."""
    known = archive(tmp_path, 200)
    with mending(tmp_path, count) as child:
        child.send_signal(signal.SIGINT)
        assert child.stderr
        rest = child.stderr.read()
        child.wait()
    assert count <= assert_whole(known) < 200
    assert len(leftovers(tmp_path)) <= 1
    assert b"Traceback" not in rest
    assert rest.endswith(b"error: interrupted\n")
    assert child.returncode == 130


def test_two_at_once(tmp_path: Path) -> None:
    """Whoever comes second finds the work done or is told so; nothing is lost."""
    known = archive(tmp_path, 80)
    arguments = command(tmp_path, "check", "--fix", "--ignore", "N")
    children = [
        subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for child in children:
        _, said = child.communicate(timeout=60)
        assert child.returncode in (0, 2)
        assert "Traceback" not in said
        if child.returncode == 2:
            assert "was changed meanwhile" in said
            assert "run the command again" in said
    assert assert_whole(known) == len(known)
    assert leftovers(tmp_path) == []
    assert fix(tmp_path).returncode == 0


def test_a_writer_waits_for_another(tmp_path: Path) -> None:
    known = archive(tmp_path)
    descriptor = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with subprocess.Popen(
        command(tmp_path, "check", "--fix", "--ignore", "N"), stdout=subprocess.DEVNULL
    ) as child:
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(1)
        assert assert_whole(known) == 0
        assert leftovers(tmp_path) == []
        os.close(descriptor)
        assert child.wait(30) == 0
    assert assert_whole(known) == 3


def test_an_edit_between_check_and_write_is_kept(tmp_path: Path) -> None:
    """While a writer waits for its turn somebody saves a file: it is theirs."""
    known = archive(tmp_path)
    path = list(known)[1]
    descriptor = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with subprocess.Popen(
        command(tmp_path, "check", "--fix", "--ignore", "N"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        wait_for_lock(child.pid)
        path.write_bytes(b"mine")
        os.close(descriptor)
        _, said = child.communicate(timeout=30)
    assert child.returncode == 2
    assert f"error: {path.name} was changed meanwhile" in said
    assert path.read_bytes() == b"mine"
    del known[path]
    assert assert_whole(known) == 2


def wait_for_lock(pid: int) -> None:
    """Wait until the process waits for a lock (or for three seconds)."""
    for _ in range(300):
        waiting = [line for line in Path("/proc/locks").read_text().splitlines() if "->" in line]
        if any(line.split()[5] == str(pid) for line in waiting):
            return
        time.sleep(0.01)


def test_what_is_no_file_is_written_into_and_stays_what_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        files.write(pipe, b"a result")
        assert os.read(reader, 100) == b"a result"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert [one.name for one in tmp_path.iterdir()] == ["pipe"]


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileFailure, match="it is no file"), files.replacing(pipe):
        pytest.fail("it began")  # pragma: no cover
    assert stat.S_ISFIFO(pipe.stat().st_mode)
