"""Git manners: nothing else is touched, and every state in which nothing can be done is said."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from snapshots import NEW_TEXT, NOW, TEXT, Captures
from web import Web, behaviours


@pytest.fixture
def captures(tmp_path: Path, web: Web) -> Captures:
    captures = Captures(tmp_path / "archive", web)
    captures.add("quay-guild", NEW_TEXT)
    captures.box.write("notes.txt", "committed\n")
    captures.box.write("mill.txt", "committed\n")
    captures.prepare()
    return captures


def hook(captures: Captures, name: str, script: str) -> None:
    path = captures.box.write(f".git/hooks/{name}", f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def asked(captures: Captures) -> int:
    return len(captures.web.requests.to("quay.example").paths)


def test_what_is_staged_and_edited_stays(captures: Captures) -> None:
    box = captures.box
    box.write("notes.txt", "staged\n")
    box.git("add", "notes.txt")
    box.write("notes.txt", "edited\n")
    box.git("rm", "--quiet", "--cached", "mill.txt")
    box.write("new.txt", "nobody's\n")
    before = captures.state()
    assert captures.result("quay-guild")["outcome"] == "recorded"
    after = captures.state()
    assert after["status"] == before["status"]
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        *("head", "branches", "index"),
        *("entries/quay-guild.md", "evidence/quay-guild.warc"),
    }
    committed = box.git("show", "--format=", "--name-only").split()
    assert committed == ["entries/quay-guild.md", "evidence/quay-guild.warc"]


STATES = {
    "detached": ("switch --quiet --detach", "git switch"),
    "unborn": ("switch --quiet --orphan new", "no commit yet"),
    "identity": ("config --global --unset user.email", "user.email"),
    "merge": (None, "--abort"),
    "lock": (None, "index.lock"),
    "rebase": (None, "--abort"),
    "lock of HEAD": (None, "HEAD.lock"),
    "lock of the branch": (None, "refs/heads/main.lock"),
}
_FILES = {
    "merge": "MERGE_HEAD",
    "lock": "index.lock",
    "rebase": "rebase-merge",
    "lock of HEAD": "HEAD.lock",
    "lock of the branch": "refs/heads/main.lock",
}


@pytest.mark.parametrize("state", STATES)
def test_states(captures: Captures, state: str) -> None:
    command, words = STATES[state]
    if command:
        captures.box.git(*command.split())
    else:
        name = _FILES[state]
        head = captures.box.git("rev-parse", "HEAD")
        captures.box.write(f".git/{name}", head)
    if state == "unborn":
        text = "---\nlayout: coc\norganization: Q\nurl: https://quay.example/\n---\n"
        captures.box.write("entries/quay-guild.md", text)
    before = {path: path.read_bytes() for path in captures.box.root.rglob("*") if path.is_file()}
    outcome = captures.run("quay-guild")
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err
    assert "hint:" in outcome.err
    assert asked(captures) == 0
    after = {path: path.read_bytes() for path in captures.box.root.rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize("how", ["edited", "staged"])
def test_an_entry_that_is_not_committed(captures: Captures, how: str) -> None:
    box = captures.box
    box.write("entries/quay-guild.md", box.read("entries/quay-guild.md") + "\nMine.\n")
    if how == "staged":
        box.git("add", "--all")
    before = captures.state()
    found = captures.result("quay-guild")
    assert found["outcome"] == "failed"
    assert "not committed" in found["reason"]
    assert found["hint"]
    assert captures.state() == before
    assert captures.result("quay-guild", "--dry-run")["outcome"] == "failed"
    found = captures.result("quay-guild", "--no-commit")
    assert found["outcome"] == "failed"
    trial = captures.result("quay-guild", "--no-commit", "--dry-run")
    assert (trial["outcome"], trial["reason"]) == ("failed", found["reason"])
    assert captures.state() == before


def test_without_a_commit(captures: Captures) -> None:
    head = captures.box.git("rev-parse", "HEAD")
    found = captures.result("quay-guild", "--no-commit")
    assert (found["outcome"], found["commit"]) == ("recorded", None)
    status = captures.box.git("status", "--porcelain", "--untracked-files=all").splitlines()
    assert status == [" M entries/quay-guild.md", "?? evidence/quay-guild.warc"]
    assert captures.box.git("rev-parse", "HEAD") == head


def test_a_new_file_is_committed_as_a_whole(captures: Captures) -> None:
    captures.add("weir-guild", NEW_TEXT)
    captures.prepare()
    captures.box.git("rm", "--quiet", "--cached", "entries/weir-guild.md")
    captures.box.git("commit", "--quiet", "--message", "Unknown again")
    assert captures.result("weir-guild")["outcome"] == "recorded"
    assert captures.box.git("status", "--porcelain") == ""


def test_on_another_branch(captures: Captures) -> None:
    box = captures.box
    box.write("notes.txt", "edited\n")
    before = captures.state()
    found = captures.result("quay-guild", "--branch", "captures")
    assert found["outcome"] == "recorded"
    after = captures.state()
    assert {name for name in after if after[name] != before[name]} == {"branches"}
    assert box.git("diff", "--name-only", "main", "captures").split() == [
        "entries/quay-guild.md",
        "evidence/quay-guild.warc",
    ]
    assert box.git("rev-parse", "captures").strip() == found["commit"]
    # The next night: the branch has it already.
    assert captures.result("quay-guild", "--branch", "captures")["outcome"] == "unchanged"
    captures.show("quay-guild", NEW_TEXT.replace("a warden", "two wardens") + "\n\nMore.")
    assert captures.result("quay-guild", "--branch", "captures")["outcome"] == "recorded"
    assert box.git("rev-list", "--count", "main..captures") == "2\n"
    # It was merged: the next one begins at HEAD.
    box.git("stash", "--quiet")
    box.git("merge", "--quiet", "--no-ff", "--message", "Merge", "captures")
    captures.show("quay-guild", NEW_TEXT)
    assert captures.result("quay-guild", "--branch", "captures")["outcome"] == "recorded"
    assert box.git("rev-list", "--count", "main..captures") == "1\n"
    assert box.git("fsck", "--strict") == ""


def test_on_another_branch_of_a_detached_head(captures: Captures) -> None:
    captures.box.git("switch", "--quiet", "--detach")
    assert captures.result("quay-guild", "--branch", "captures")["outcome"] == "recorded"


def test_a_branch_in_another_work_tree(captures: Captures, tmp_path: Path) -> None:
    captures.box.git("worktree", "add", "--quiet", str(tmp_path / "other"), "-b", "captures")
    outcome = captures.run("quay-guild", "--branch", "captures")
    assert outcome.code == 2
    assert "checked out" in outcome.err


def test_in_another_work_tree(captures: Captures, tmp_path: Path) -> None:
    other = tmp_path / "other"
    captures.box.git("worktree", "add", "--quiet", str(other), "-b", "topic")
    from snapshots import run

    outcome = run(other, "snapshot", "quay-guild", "--now", NOW)
    assert outcome.code == 0, outcome.err
    assert captures.box.git("log", "-1", "--format=%s", "topic").startswith("Record Quay Guild")
    assert captures.box.git("-C", str(other), "status", "--porcelain") == ""
    assert captures.box.git("status", "--porcelain") == ""


def test_hooks_run(captures: Captures) -> None:
    hook(captures, "pre-commit", "git diff --cached --name-only > $(git rev-parse --git-dir)/seen")
    hook(captures, "commit-msg", 'echo "Reviewed-by: Ann <ann@archivist.example>" >> "$1"')
    captures.box.write("notes.txt", "staged\n")
    captures.box.git("add", "notes.txt")
    assert captures.result("quay-guild")["outcome"] == "recorded"
    seen = captures.box.read(".git/seen").split()
    assert seen == ["entries/quay-guild.md", "evidence/quay-guild.warc"]
    assert "Reviewed-by: Ann" in captures.box.git("log", "-1", "--format=%(trailers)")


def test_a_hook_says_no(captures: Captures) -> None:
    hook(captures, "pre-commit", "printf 'not on a Sunday\\n  at all\\033[31m\\n'; exit 1")
    before = captures.state()
    found = captures.result("quay-guild")
    assert found["outcome"] == "failed"
    assert found["reason"] == "the pre-commit hook said no"
    assert found["said"] == ["not on a Sunday", "  at all\x1b[31m"]
    assert "    not on a Sunday\n      at all\\x1b[31m\n" in captures.run("quay-guild").out
    assert captures.state() == before


def test_an_edit_while_a_hook_says_no_is_kept(captures: Captures) -> None:
    """Whose change it was cannot be told: the files are put back, and the change is named."""
    hook(captures, "pre-commit", "echo 'My own line.' >> entries/quay-guild.md; exit 1")
    before = captures.state()
    found = captures.result("quay-guild")
    assert found["reason"] == "the pre-commit hook said no"
    assert captures.state() == before
    assert "changed meanwhile, and put back" in found["hint"]
    _, _, oid = found["hint"].partition("git show ")
    assert captures.box.git("show", oid.rstrip("`")).endswith("My own line.\n")


def test_a_hook_that_drops_trailers_is_refused(captures: Captures) -> None:
    hook(captures, "commit-msg", 'head -1 "$1" > "$1.short"; mv "$1.short" "$1"')
    before = captures.state()
    found = captures.result("quay-guild")
    assert found["outcome"] == "failed"
    assert "changed the trailers" in found["reason"]
    assert captures.state() == before


def test_a_checkout_with_other_line_ends(captures: Captures) -> None:
    captures.box.git("config", "core.autocrlf", "true")
    path = captures.box.root / "entries/quay-guild.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    found = captures.result("quay-guild")
    assert "has other line ends in the folder than in its commit" in found["reason"]
    assert found["hint"] == "git config core.autocrlf false; git checkout -- entries/quay-guild.md"
    captures.box.git("config", "core.autocrlf", "false")
    captures.box.git("checkout", "--", "entries/quay-guild.md")
    assert captures.result("quay-guild")["outcome"] == "recorded"


def test_evidence_that_was_edited_is_to_be_restored(captures: Captures) -> None:
    assert captures.result("quay-guild")["outcome"] == "recorded"
    captures.box.write("evidence/quay-guild.warc", "Other.\n")
    captures.show("quay-guild", "Other words.\n\n" + TEXT)
    found = captures.result("quay-guild")
    assert found["outcome"] == "failed"
    assert "git restore --staged --worktree -- evidence/quay-guild.warc" in found["hint"]


def test_the_check_as_a_hook(captures: Captures) -> None:
    """The hook that most archives have, which takes a lock of its own."""
    hook(captures, "pre-commit", f"{sys.executable} -m archivist check --staged")
    found = captures.result("quay-guild")
    assert found["outcome"] == "recorded", found["reason"]


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="nothing here can sign")
def test_commits_are_signed(captures: Captures, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    git = captures.box.git
    git("config", "gpg.format", "ssh")
    git("config", "user.signingKey", str(key))
    git("config", "commit.gpgSign", "true")
    assert captures.result("quay-guild")["outcome"] == "recorded"
    assert "SSH SIGNATURE" in git("cat-file", "commit", "HEAD")
    assert git("log", "-1", "--format=%aI") == "2026-11-25T12:00:00+00:00\n"


def test_one_at_a_time(captures: Captures) -> None:
    import fcntl

    folder = captures.box.root / ".git" / "archivist"
    folder.mkdir(exist_ok=True)
    with (folder / "recording.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        outcome = captures.run("quay-guild")
    assert outcome.code == 2
    assert "another archivist" in outcome.err
    assert captures.result("quay-guild")["outcome"] == "recorded"


def test_the_file_changes_while_the_page_is_read(captures: Captures) -> None:
    path = captures.box.root / "entries/quay-guild.md"
    mine = path.read_bytes() + b"\nMine.\n"

    async def slow(line: object, request: object) -> None:
        path.write_bytes(mine)
        await behaviours.fine(NEW_TEXT)(line, request)  # type: ignore[arg-type]

    captures.show("quay-guild", slow)
    found = captures.result("quay-guild")
    assert found["outcome"] == "failed"
    assert "changed meanwhile" in found["reason"]
    assert path.read_bytes() == mine


def test_evidence_never_leaves_the_archive(captures: Captures, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (captures.box.root / "evidence").symlink_to(tmp_path / "elsewhere")
    captures.box.commit("A link")
    for options in ([], ["--no-commit"]):
        found = captures.result("quay-guild", *options)
        assert found["outcome"] == "failed"
        assert "link" in found["reason"]
    assert not list((tmp_path / "elsewhere").iterdir())


def test_few_processes(captures: Captures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a run in which nothing changed, and of one that records ten."""
    real = shutil.which("git")
    count = tmp_path / "count"
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\necho "$@" >> {count}\nexec {real} "$@"\n')
    wrapper.chmod(0o755)
    for number in range(10):
        name = f"h{number}-guild"
        captures.add(name, f"{TEXT}\n\nNumber {number}.", body="")
    captures.show("quay-guild", TEXT)
    captures.prepare()
    path = f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    assert captures.document("--all")["summary"]["recorded"] == 10
    assert len(count.read_text().splitlines()) <= 15 + 10  # one a commit: the index
    count.unlink()
    assert captures.document("--all")["summary"]["unchanged"] == 11
    assert len(count.read_text().splitlines()) <= 5


def test_a_lock_of_the_other_branch(captures: Captures) -> None:
    captures.box.git("branch", "captures")
    lock = captures.box.root / ".git/refs/heads/captures.lock"
    lock.touch()
    outcome = captures.run("quay-guild", "--branch", "captures")
    assert (outcome.code, outcome.out) == (2, "")
    assert "there is .git/refs/heads/captures.lock" in outcome.err
    assert asked(captures) == 0
    lock.unlink()
    captures.show("quay-guild", NEW_TEXT)
    assert captures.result("quay-guild", "--branch", "captures")["outcome"] == "recorded"


def test_a_lock_that_is_taken_meanwhile(captures: Captures) -> None:
    lock = captures.box.root / ".git/index.lock"

    async def locking(line: object, request: object) -> None:
        lock.touch()
        await behaviours.fine(NEW_TEXT, title="")(line, request)  # type: ignore[arg-type]

    captures.show("quay-guild", locking)
    before = captures.state()
    found = captures.result("quay-guild")
    assert found["outcome"] == "failed"
    assert "index.lock" in found["reason"]
    lock.unlink()
    assert captures.state() == before
    captures.show("quay-guild", NEW_TEXT)
    assert captures.result("quay-guild")["outcome"] == "recorded"


# What hooks see of a commit on another branch: where they run, what is staged, and what lies there.
_LOOK = """
exec > "{notes}" 2>&1
test -f .git && echo "a work tree of its own"
git rev-parse HEAD
git diff --cached --name-only
git status --porcelain
test -f untracked.txt || echo "nothing of the user"
cat notes.txt
tail -c 20 entries/quay-guild.md
"""


def _trees(captures: Captures) -> list[str]:
    return captures.box.git("worktree", "list").splitlines()


def test_hooks_run_for_another_branch(captures: Captures, tmp_path: Path) -> None:
    notes, said, after = (tmp_path / name for name in ("seen", "said", "after"))
    captures.box.git("switch", "--quiet", "--create", "captures")
    captures.box.git("commit", "--quiet", "--allow-empty", "--message", "On the branch only")
    captures.box.git("switch", "--quiet", "main")
    tip = captures.box.git("rev-parse", "captures").strip()
    captures.box.write("notes.txt", "edited\n")
    captures.box.write("mill.txt", "staged\n")
    captures.box.git("add", "mill.txt")
    captures.box.write("untracked.txt", "\n")
    hook(captures, "pre-commit", _LOOK.format(notes=notes))
    hook(captures, "commit-msg", f'cat "$1" > "{said}"; echo "Seen-by: the hook" >> "$1"')
    hook(captures, "post-commit", f'git log -1 --format=%s > "{after}"; exit 1')
    before = captures.state()
    found = captures.result("quay-guild", "--branch", "captures")
    assert found["outcome"] == "recorded", found
    assert notes.read_text().splitlines()[:-1] == [
        "a work tree of its own",
        tip,  # new commits stand on the branch, not on the user's HEAD
        "entries/quay-guild.md",
        "evidence/quay-guild.warc",
        "M  entries/quay-guild.md",
        "A  evidence/quay-guild.warc",
        "nothing of the user",
        "committed",
    ]
    assert said.read_text().startswith("Record Quay Guild")
    assert after.read_text().startswith("Record Quay Guild")
    trailers = captures.box.git("log", "-1", "--format=%(trailers)", "captures")
    assert "Seen-by: the hook" in trailers
    assert "Archivist-Entry: quay-guild" in trailers
    state = captures.state()
    assert {name for name in state if state[name] != before[name]} == {"branches"}
    assert len(_trees(captures)) == 1
    assert captures.box.git("fsck", "--strict") == ""


def test_a_hook_says_no_to_another_branch(captures: Captures) -> None:
    captures.add("weir-guild", NEW_TEXT)
    captures.prepare()
    hook(
        captures,
        "pre-commit",
        "echo spoilt >> entries/weir-guild.md; ! git diff --cached --name-only | grep -q quay",
    )
    before = captures.state()
    found = captures.document("--all", "--branch", "captures")
    quay, weir = found["results"]
    assert (quay["outcome"], quay["reason"]) == ("failed", "the pre-commit hook said no")
    assert "where only committed files are" in quay["hint"]
    assert weir["outcome"] == "recorded"  # what the first hook did to the files is of no matter
    assert "spoilt" not in captures.box.git("show", "captures:entries/weir-guild.md")
    files = captures.box.git("diff", "--name-only", "main", "captures").split()
    assert files == ["entries/weir-guild.md", "evidence/weir-guild.warc"]
    after = captures.state()
    assert {name for name in after if after[name] != before[name]} == {"branches"}
    assert len(_trees(captures)) == 1


def test_a_hook_that_stages_on_another_branch_is_refused(captures: Captures) -> None:
    hook(captures, "pre-commit", "echo more >> entries/quay-guild.md; git add entries")
    before = captures.state()
    found = captures.result("quay-guild", "--branch", "captures")
    assert (found["outcome"], "changed the files" in found["reason"]) == ("failed", True)
    assert captures.state() == before


def test_the_check_as_a_hook_of_another_branch(captures: Captures) -> None:
    hook(captures, "pre-commit", f"{sys.executable} -m archivist check --staged")
    found = captures.result("quay-guild", "--branch", "captures")
    assert found["outcome"] == "recorded", found
    hook(captures, "pre-commit", f"{sys.executable} -m archivist check --staged --select T999")
    captures.show("quay-guild", NEW_TEXT + "\n\nMore.")
    found = captures.result("quay-guild", "--branch", "captures")
    assert (found["outcome"], found["reason"]) == ("failed", "the pre-commit hook said no")


def test_hooks_in_the_folder_of_the_work_tree(captures: Captures, tmp_path: Path) -> None:
    """What is set relative to the work tree is the user's, not what another branch has there."""
    captures.box.git("branch", "captures")
    path = captures.box.write("own/commit-msg", f"#!/bin/sh\npwd > {tmp_path}/ran\n")
    path.chmod(0o755)
    captures.box.git("config", "core.hooksPath", "own")
    assert captures.result("quay-guild", "--branch", "captures")["outcome"] == "recorded"
    assert "archivist-" in (tmp_path / "ran").read_text()


def test_the_work_tree_of_one_that_was_killed_is_removed(captures: Captures) -> None:
    hook(captures, "pre-commit", "kill -9 $PPID; sleep 1; exit 1")
    command = [sys.executable, "-m", "archivist", "snapshot", "--all", "--branch", "captures"]
    done = subprocess.run(command, cwd=captures.box.root, capture_output=True, check=False)
    assert done.returncode == -9
    assert len(_trees(captures)) == 2
    (left,) = (Path(line.split()[0]) for line in _trees(captures)[1:])
    assert left.is_dir()
    hook(captures, "pre-commit", "exit 0")
    assert captures.result("quay-guild", "--branch", "captures")["outcome"] == "recorded"
    assert len(_trees(captures)) == 1
    assert not left.exists()


def test_no_work_tree_where_nothing_is_new(captures: Captures, tmp_path: Path) -> None:
    hook(captures, "pre-commit", f"echo ran >> {tmp_path}/ran")
    captures.show("quay-guild", TEXT)
    assert captures.result("quay-guild", "--branch", "captures")["outcome"] == "unchanged"
    assert not (tmp_path / "ran").exists()


def test_where_no_work_tree_can_be_made(
    captures: Captures, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(captures, "pre-commit", "exit 0")
    monkeypatch.setattr("archivist.repository.owntree._PREFIX", "no/such/folder-")
    before = captures.state()
    found = captures.result("quay-guild", "--branch", "captures")
    assert (found["outcome"], "no work tree" in found["reason"]) == ("failed", True)
    assert captures.state() == before


def _stage_only(captures: Captures) -> None:
    path = "entries/quay-guild.md"
    text = captures.box.read(path)
    captures.box.write(path, text + "\nStaged.\n")
    captures.box.git("add", path)
    captures.box.write(path, text)


def _edit(captures: Captures) -> None:
    path = "entries/quay-guild.md"
    captures.box.write(path, captures.box.read(path) + "\nEdited.\n")


def _edit_and_stage(captures: Captures) -> None:
    _edit(captures)
    captures.box.git("add", "entries")


def _forget(captures: Captures) -> None:
    captures.box.git("rm", "--quiet", "--cached", "entries/quay-guild.md")
    captures.box.git("commit", "--quiet", "--message", "Unknown again")


def _forget_and_stage(captures: Captures) -> None:
    _forget(captures)
    captures.box.git("add", "entries")


def _stage_removal(captures: Captures) -> None:
    captures.box.git("rm", "--quiet", "--cached", "entries/quay-guild.md")


def _edit_evidence(captures: Captures) -> None:
    captures.box.write("evidence/quay-guild.warc", "committed\n")
    captures.box.commit()
    captures.box.write("evidence/quay-guild.warc", "edited\n")


def _link_evidence(captures: Captures) -> None:
    (captures.box.root / "elsewhere").mkdir()
    (captures.box.root / "evidence").symlink_to("elsewhere")


def _edit_fields(captures: Captures) -> None:
    path = "entries/quay-guild.md"
    text = captures.box.read(path)
    captures.box.write(path, text.replace("date announced:", "date announced: Jan 01, 2020"))


def _another_on_the_branch(captures: Captures) -> None:
    captures.box.git("switch", "--quiet", "--create", "captures")
    captures.box.write(
        "entries/quay-guild.md", captures.box.read("entries/quay-guild.md") + "\nThere.\n"
    )
    captures.box.commit()
    captures.box.git("switch", "--quiet", "main")


def _conflict(captures: Captures) -> None:
    _another_on_the_branch(captures)
    _edit(captures)
    captures.box.git("commit", "--quiet", "--all", "--message", "Here")
    captures.box.git("switch", "--quiet", "--detach")


STATES_OF_FILES = {
    "clean": lambda _captures: None,
    "edited": _edit,
    "edited, staged": _edit_and_stage,
    "staged, and taken back": _stage_only,
    "not known to git": _forget,
    "new, staged": _forget_and_stage,
    "removed, staged": _stage_removal,
    "evidence edited": _edit_evidence,
    "evidence is a link": _link_evidence,
    "fields edited": _edit_fields,
    "another on the branch": _another_on_the_branch,
    "detached": _conflict,
}


@pytest.mark.parametrize("options", [[], ["--branch", "captures"], ["--no-commit"]], ids=str)
@pytest.mark.parametrize("state", STATES_OF_FILES)
def test_a_trial_says_what_a_run_would(captures: Captures, state: str, options: list[str]) -> None:
    STATES_OF_FILES[state](captures)
    before = captures.state()
    trial = captures.run("quay-guild", "--dry-run", "--format", "json", *options)
    assert captures.state() == before
    outcome = captures.run("quay-guild", "--format", "json", *options)
    if outcome.code == 2:  # nothing could be done at all
        assert "note: nothing could be committed now" in trial.err
        assert outcome.err.partition("error: ")[2].splitlines()[0] in trial.err
        return
    (said,), (done,) = (json.loads(one.out)["results"] for one in (trial, outcome))
    keys = ["outcome", "reason"]
    keys += ["added", "removed", "announced", "archived"] if done["outcome"] == "recorded" else []
    assert {key: said[key] for key in keys} == {key: done[key] for key in keys}
    assert trial.code == outcome.code


def test_a_trial_where_nothing_can_be_committed(captures: Captures) -> None:
    captures.box.git("switch", "--quiet", "--detach")
    outcome = captures.run("quay-guild", "--dry-run")
    assert outcome.code == 0
    assert "note: nothing could be committed now: HEAD is detached" in outcome.err
    assert "{+three days+}" in outcome.out
    assert captures.run("quay-guild", "--dry-run", "--branch", "captures").err == ""
