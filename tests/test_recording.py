"""One commit with given files: nothing else changes, whatever else is staged or edited."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from sandbox import Sandbox, entry, sandbox
from snapshots import trailers_of

from archivist.capturing.evidence import path_of
from archivist.capturing.provenance import Exhibit, Provenance
from archivist.capturing.recording import NewVersion, record
from archivist.errors import ArchivistError
from archivist.repository import Repository
from archivist.repository.recording import Recorder
from archivist.repository.standing import standing
from archivist.repository.store import Item, Store, _listing
from archivist.warc import digest


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    box = sandbox(tmp_path / "archive", quay_guild=entry("Quay Guild"))
    box.write("notes.txt", "one\n")
    box.write("other.txt", "one\n")
    box.commit("Notes")
    return box


def recorder(box: Sandbox) -> Recorder:
    return Recorder(standing(Repository(box.root)))


def version(text: str = "Be kind.\n", evidence: bytes | None = b"WARC") -> NewVersion:
    path = path_of("quay-guild")
    said = Provenance(
        "quay-guild",
        source="https://quayguild.example/conduct",
        evidence=Exhibit(path, digest(evidence)) if evidence else None,
    )
    data = f"---\nlayout: coc\n---\n\n{text}".encode()
    return NewVersion("entries/quay-guild.md", data, said, "Quay Guild: a new version", evidence)


def make_hook(box: Sandbox, name: str, script: str) -> None:
    path = box.write(f".git/hooks/{name}", f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_nothing_else_is_touched(box: Sandbox) -> None:
    box.write("notes.txt", "staged\n")
    box.git("add", "notes.txt")
    box.write("notes.txt", "edited\n")
    box.write("new.txt", "staged, new\n")
    box.git("add", "new.txt")
    box.write("untracked.txt", "nobody's\n")
    staged = box.git("ls-files", "-s")
    with recorder(box) as one:
        rev = record(one, version())
    assert box.git("rev-parse", "main").strip() == rev
    assert box.git("show", "--format=", "--name-only", "HEAD").split() == [
        "entries/quay-guild.md",
        "evidence/quay-guild.warc",
    ]
    status = box.git("status", "--porcelain").splitlines()
    assert sorted(status) == ["?? untracked.txt", "A  new.txt", "MM notes.txt"]
    left = [line for line in box.git("ls-files", "-s").splitlines() if "quay-guild" not in line]
    assert left == [line for line in staged.splitlines() if "quay-guild" not in line]
    assert box.read("notes.txt") == "edited\n"
    assert box.git("fsck", "--strict") == ""


def test_trailers_come_back(box: Sandbox) -> None:
    with recorder(box) as one:
        record(one, version())
    message = box.git("log", "-1", "--format=%B")
    said = Provenance.parse(trailers_of(message))
    assert said == version().provenance
    keys = box.git("log", "-1", "--format=%(trailers:keyonly)").split()
    assert keys[:2] == ["Archivist-Entry", "Archivist-Source"]


def test_several_in_a_row_below_the_top(tmp_path: Path) -> None:
    top = Sandbox(tmp_path)
    top.git("init", "--quiet")
    box = sandbox(tmp_path / "sub folder" / "archive", git=False, quay_guild=entry("Quay Guild"))
    top.commit("Begin")
    with recorder(box) as one:
        for text in ("One.\n", "Two.\n", "Three.\n"):
            record(one, version(text, text.encode()))
    assert top.git("status", "--porcelain") == ""
    assert top.git("log", "--format=%s").count("new version") == 3
    assert box.read("entries/quay-guild.md").endswith("Three.\n")
    assert top.git("fsck", "--strict") == ""


def test_a_chain_that_no_branch_knows(box: Sandbox) -> None:
    before = box.git("rev-parse", "HEAD").strip()
    text = box.read("entries/quay-guild.md")
    with recorder(box) as one:
        old = version("Old.\n")
        first = one.commit(one.head, old.files, old.message)
        back = one.commit(
            first,
            {"entries/quay-guild.md": text.encode(), "evidence/quay-guild.warc": None},
            "Back",
        )
        assert box.git("rev-parse", "HEAD").strip() == before
        one.move("refs/heads/main", back, before)
    assert box.git("status", "--porcelain") == ""
    assert box.git("log", "-3", "--format=%s").splitlines()[:2] == [
        "Back",
        "Quay Guild: a new version",
    ]
    assert box.git("rev-parse", "HEAD^{tree}") == box.git("rev-parse", f"{before}^{{tree}}")


@pytest.mark.parametrize("how", ["edits", "staged"])
def test_unsaved_work_is_not_overwritten(box: Sandbox, how: str) -> None:
    box.write("entries/quay-guild.md", "mine\n")
    if how == "staged":
        box.git("add", "entries/quay-guild.md")
    before = box.git("status", "--porcelain")
    with recorder(box) as one, pytest.raises(ArchivistError, match=how):
        record(one, version())
    assert box.read("entries/quay-guild.md") == "mine\n"
    assert box.git("status", "--porcelain") == before


def test_a_file_that_git_does_not_know(box: Sandbox) -> None:
    box.write("entries/mill-guild.md", "draft\n")
    one = version()
    new = NewVersion("entries/mill-guild.md", b"whole\n", one.provenance, "Mill", one.evidence)
    with recorder(box) as open_one:
        record(open_one, new)
    assert box.git("status", "--porcelain") == ""


def test_a_folder_that_is_a_link(box: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (box.root / "evidence").symlink_to(tmp_path / "elsewhere")
    with recorder(box) as one, pytest.raises(ArchivistError, match="link"):
        record(one, version())
    assert not list((tmp_path / "elsewhere").iterdir())


def test_hooks_see_the_commit_and_agree(box: Sandbox) -> None:
    make_hook(box, "pre-commit", "git diff --cached --name-only > seen; cat entries/quay-guild.md")
    make_hook(box, "commit-msg", 'echo "Signed-off-by: Ann <ann@archivist.example>" >> "$1"')
    make_hook(box, "post-commit", "git log -1 --format=%s > after")
    box.write("notes.txt", "staged\n")
    box.git("add", "notes.txt")
    with recorder(box) as one:
        record(one, version())
        record(one, version("Two.\n"))
    assert box.read("seen").split() == ["entries/quay-guild.md"]
    assert box.read("after") == "Quay Guild: a new version\n"
    assert "Signed-off-by: Ann" in box.git("log", "-1", "--format=%B")
    assert "M  notes.txt" in box.git("status", "--porcelain")


@pytest.mark.parametrize(
    "script",
    ["exit 1", "echo x >> entries/quay-guild.md; exit 1", "git rm -q --cached notes.txt"],
)
def test_hooks_that_say_no(box: Sandbox, script: str) -> None:
    make_hook(box, "pre-commit", f"echo because; {script}")
    before = box.read("entries/quay-guild.md")
    with recorder(box) as one, pytest.raises(ArchivistError, match="hook"):
        record(one, version())
    assert box.read("entries/quay-guild.md") == before
    assert box.git("status", "--porcelain") == ""
    assert box.git("log", "-1", "--format=%s") == "Notes\n"


def test_hooks_in_a_folder_of_the_user(box: Sandbox, tmp_path: Path) -> None:
    hook = tmp_path / "hooks" / "pre-commit"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\necho not today; exit 1\n")
    hook.chmod(0o755)
    box.git("config", "core.hooksPath", str(hook.parent))
    with recorder(box) as one, pytest.raises(ArchivistError, match="hook said no") as caught:
        record(one, version())
    assert caught.value.said == ("not today",)


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (["switch", "--quiet", "--detach"], "detached"),
        (["switch", "--quiet", "--orphan", "new"], "no commit yet"),
        (["config", "--global", "--unset", "user.email"], "who you are"),
    ],
)
def test_states_in_which_nothing_is_committed(box: Sandbox, prepare: list[str], words: str) -> None:
    box.git(*prepare)
    with pytest.raises(ArchivistError, match=words) as caught:
        recorder(box)
    assert caught.value.hint


@pytest.mark.parametrize("name", ["MERGE_HEAD", "CHERRY_PICK_HEAD", "rebase-merge"])
def test_something_is_under_way(box: Sandbox, name: str) -> None:
    box.write(f".git/{name}", box.git("rev-parse", "HEAD"))
    with pytest.raises(ArchivistError) as caught:
        recorder(box)
    assert caught.value.hint


@pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "refs/heads/main.lock"])
def test_a_lock(box: Sandbox, name: str) -> None:
    with recorder(box) as one:
        (box.root / ".git" / name).touch()
        with pytest.raises(ArchivistError, match=rf"there is \.git/{name}"):
            record(one, version())
    with pytest.raises(ArchivistError, match=rf"there is \.git/{name}") as caught:
        recorder(box)
    assert caught.value.hint == f"if no git runs: rm {box.root}/.git/{name}"


def test_the_branch_moved_meanwhile(box: Sandbox) -> None:
    with recorder(box) as one:
        box.git("commit", "--quiet", "--allow-empty", "--message", "Meanwhile")
        with pytest.raises(ArchivistError, match="update-ref"):
            record(one, version())
    assert box.git("log", "-1", "--format=%s") == "Meanwhile\n"
    assert box.git("status", "--porcelain") == ""


def test_another_branch_was_checked_out(box: Sandbox) -> None:
    with recorder(box) as one:
        box.git("switch", "--quiet", "--create", "topic")
        with pytest.raises(ArchivistError, match="another branch"):
            record(one, version())
    assert box.git("status", "--porcelain") == ""


def test_dates_and_modes_are_kept(box: Sandbox) -> None:
    from datetime import UTC, datetime

    os.chmod(box.root / "entries/quay-guild.md", 0o755)
    box.commit("Executable, for whatever reason")
    with recorder(box) as one:
        record(
            one,
            version(),
            written=datetime(2014, 2, 4, tzinfo=UTC),
            committed=datetime(2026, 11, 25, 12, tzinfo=UTC),
        )
    assert box.git("log", "-1", "--format=%ad %cd", "--date=iso").split()[::3] == [
        "2014-02-04",
        "2026-11-25",
    ]
    assert box.git("ls-files", "-s", "entries").startswith("100755")
    assert box.git("status", "--porcelain") == ""


def test_trees_are_those_of_git(box: Sandbox) -> None:
    blob = box.git("rev-parse", "HEAD:notes.txt").strip()
    folder = box.git("rev-parse", "HEAD:entries").strip()
    commit = box.git("rev-parse", "HEAD").strip()
    items = {
        b"a": Item("40000", folder),
        b"a-b": Item("100644", blob),
        b"a.b": Item("100755", blob),
        b"a0": Item("120000", blob),
        b"a b\n\xff": Item("100644", blob),
        b"module": Item("160000", commit),
        b"missing": Item("100644", "1" * 40),
    }
    with Store(Repository(box.root)) as store:
        tree = store.tree(items)
        assert store.items(tree) == items
        assert store._answer("odd tree", _listing(items) + b"\0").decode().strip() == tree
        assert list(store._running) == ["tree", "odd tree"]
    with Store(Repository(box.root)) as store:
        order = [b"a b\n\xff", b"a-b", b"a.b", b"a", b"a0", b"missing", b"module"]
        assert list(store.items(tree)) == order


def test_trees_that_git_would_not_make_today(
    box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapper = tmp_path / "bin/git"
    wrapper.parent.mkdir()
    wrapper.write_text(
        '#!/bin/sh\ncase " $* " in *" hash-object -t tree "*) read -r _; exit 128;; esac\n'
        f'exec {shutil.which("git")} "$@"\n'
    )
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")
    with recorder(box) as one:
        rev = record(one, version())
    assert box.git("rev-parse", "HEAD").strip() == rev
    assert box.git("status", "--porcelain") == ""
    assert box.git("fsck", "--strict", "--no-dangling") == ""
