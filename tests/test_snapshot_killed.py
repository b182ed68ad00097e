"""A capture that is killed, or whose git, disk or network fails: the repository is as before, or
complete, and nothing of the user's is lost.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sandbox import unmeasured
from snapshots import NEW_TEXT, Captures
from web import Web, answer, behaviours

# Takes a snapshot, and dies before the given one of the steps that start git, say something to it,
# or change the files of the archive.
_DRIVER = """
import os, signal, sys
from archivist.cli import main
from archivist.repository.store import Store

steps, first, last, root = 0, 0, int(sys.argv[2]), sys.argv[1]

def step():
    global steps
    steps += 1
    if steps == last:
        os.kill(os.getpid(), int(sys.argv[3]))

def watch(event, arguments):
    global first
    changes = event in ("os.link", "os.rename", "os.remove") and root in str(arguments)
    if changes and not first:
        first = steps + 1  # nothing was changed before
    if changes or event == "subprocess.Popen":
        step()

say = Store._send
def said(self, name, question):
    step()
    say(self, name, question)
Store._send = said
sys.addaudithook(watch)
code = main(["snapshot", "-C", root, "--all", "--now", "2026-11-25T12:00:00Z"])
print("steps", first, steps)
sys.exit(code)
"""

# Takes a snapshot with a limit on the size of files, for this process and for git.
_FULL = """
import resource, signal, sys
from archivist.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
sys.exit(main(["snapshot", "-C", sys.argv[1], "--all", "--now", "2026-11-25T12:00:00Z"]))
"""
_OWN = ("entries/quay-guild.md", "evidence/quay-guild.warc")


@pytest.fixture
def captures(tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> Captures:
    (tmp_path / "tmp").mkdir()  # what killed processes leave behind is swept up with the test's
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    captures = Captures(tmp_path / "archive", web)
    captures.add("quay-guild", NEW_TEXT)
    captures.box.write("notes.txt", "committed\n")
    captures.prepare()
    captures.box.write("notes.txt", "staged\n")
    captures.box.git("add", "notes.txt")
    captures.box.write("notes.txt", "edited\n")
    return captures


def drive(captures: Captures, script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, str(captures.box.root), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=unmeasured(),
    )


def copied(captures: Captures, to: Path) -> Captures:
    """The same archive, elsewhere."""
    shutil.copytree(captures.box.root, to, symlinks=True)
    other = object.__new__(Captures)
    other.__dict__.update(captures.__dict__)
    other.box = type(captures.box)(to)
    return other


def settled(captures: Captures) -> None:
    """Wait for the git processes that outlive who started them."""
    lock = captures.box.root / ".git/index.lock"
    for _ in range(100):
        if not lock.exists():
            return
        time.sleep(0.02)


def check_whole(captures: Captures, before: dict[str, str], new: str) -> None:
    """Nothing of the user's is lost, and every file is whole."""
    git = captures.box.git
    settled(captures)
    assert git("fsck", "--strict", "--no-dangling") == ""
    assert captures.box.read("notes.txt") == "edited\n"
    assert git("show", ":notes.txt") == "staged\n"
    assert captures.box.read(_OWN[0]) in (before[_OWN[0]], new)
    log = git("log", "--format=%s").splitlines()
    assert log[0] == "Prepared" or log[1] == "Prepared"


def check_complete(captures: Captures) -> None:
    """Another run has made of it what should be."""
    git = captures.box.git
    assert git("status", "--porcelain") == "MM notes.txt\n"
    log = git("log", "--format=%s").splitlines()
    assert log[0].startswith("Record Quay Guild")
    assert log[1] == "Prepared"
    assert git("show", "--format=", "--name-only").split() == list(_OWN)
    assert git("fsck", "--strict", "--no-dangling") == ""
    assert not (captures.box.root / ".git/archivist/recording.json").exists()
    assert not list(captures.box.root.rglob(".archivist-*"))


@pytest.mark.parametrize(
    ("how", "part"), [*((signal.SIGKILL, part) for part in range(4)), (signal.SIGINT, 0)]
)
def test_killed_at_every_step(
    captures: Captures, tmp_path: Path, how: signal.Signals, part: int
) -> None:
    """Every step in four parts, because each takes its time; interrupted at every fourth."""
    before = captures.state()
    whole = copied(captures, tmp_path / "whole")
    done = drive(whole, _DRIVER, 0, int(how))
    assert done.returncode == 0, done.stderr
    check_complete(whole)
    new = whole.box.read(_OWN[0])
    first, count = map(int, done.stdout.split()[-2:])
    assert count - first > 8
    begin = first - 2 if how is signal.SIGKILL else first
    for step in range(begin + part, count + 1, 4):
        here = copied(captures, tmp_path / f"step-{step}")
        done = drive(here, _DRIVER, step, int(how))
        assert done.returncode != 0, step
        check_whole(here, before, new)
        if how is signal.SIGINT:
            assert done.returncode in (130, -2), done.stderr
            after = here.state()
            assert all(after[name] == before[name] for name in before) or (
                here.box.git("status", "--porcelain") == "MM notes.txt\n"
            ), step
        outcome = here.run("--all")
        assert outcome.code == 0, (step, outcome)
        check_complete(here)
        shutil.rmtree(here.box.root)


@pytest.mark.parametrize(
    "failing", ["hash-object", "hash-object -t commit", "update-index", "update-ref", "ls-files"]
)
def test_git_fails(
    captures: Captures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    real = shutil.which("git")
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(
        f'#!/bin/sh\ncase " $* " in *" {failing} "*) echo "fatal: no space" >&2; exit 128;; esac\n'
        f'exec {real} "$@"\n'
    )
    wrapper.chmod(0o755)
    before = captures.state()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")
        outcome = captures.run("--all")
    assert outcome.code in (1, 2)
    assert "no space" in outcome.out + outcome.err
    after = captures.state()
    if failing != "update-index":  # which undoing needs, too
        assert after == before
    check_whole(captures, before, "")
    assert captures.run("--all").code == 0
    check_complete(captures)


@pytest.mark.parametrize("size", [10, 200, 500, 1200, 2000, 3000])
def test_the_disk_is_full(captures: Captures, size: int) -> None:
    before = captures.state()
    done = drive(captures, _FULL, size)
    assert done.returncode in (1, 2), done.stdout + done.stderr
    assert "mistake" not in done.stderr
    settled(captures)
    assert captures.state() == before
    assert captures.run("--all").code == 0
    check_complete(captures)


CUT: dict[str, Any] = {
    "cut": behaviours.CUT,
    "cut in a chunk": behaviours.CUT_CHUNKED,
    "reset": behaviours.RESET_BODY,
    "silent": behaviours.SILENT_BODY,
    "bad chunks": behaviours.BAD_CHUNKS,
    "bad gzip": behaviours.BAD_GZIP,
    "no answer": behaviours.EMPTY_REPLY,
}


@pytest.mark.parametrize("name", CUT)
def test_the_network_breaks(captures: Captures, name: str) -> None:
    captures.show("quay-guild", CUT[name])
    before = captures.state()
    outcome = captures.run("--all", "--format", "json")
    assert outcome.code == 1
    (found,) = json.loads(outcome.out)["results"]
    assert found["outcome"] in ("refused", "failed")
    assert captures.state() == before


HOSTILE: dict[str, Any] = {
    "bomb": behaviours.bomb(64),
    "endless": behaviours.ENDLESS_BODY,
    "headers": behaviours.HEADER_FLOOD,
    "a huge header": behaviours.HUGE_HEADER,
    "garbage": behaviours.GARBAGE,
    "deep": answer(b"<div>" * 200_000),
    "a page to itself": behaviours.permanent("/conduct"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_servers(captures: Captures, name: str) -> None:
    captures.show("quay-guild", HOSTILE[name])
    before = captures.state()
    started = time.monotonic()
    outcome = captures.run("--all", "--format", "json")
    assert time.monotonic() - started < 30
    assert outcome.code == 1, outcome.err
    assert captures.state() == before


def test_a_user_who_edits_what_a_killed_run_left(captures: Captures, tmp_path: Path) -> None:
    """What was edited since stays, and is said to be in the way."""
    done = drive(copied(captures, tmp_path / "whole"), _DRIVER, 0, 9)
    count = int(done.stdout.split()[-1])
    for step in range(count - 1, 0, -1):
        here = copied(captures, tmp_path / f"step-{step}")
        drive(here, _DRIVER, step, 9)
        settled(here)
        left = (here.box.root / ".git/archivist/recording.json").exists()
        if left and here.box.read(_OWN[0]) != captures.box.read(_OWN[0]):
            break
    mine = here.box.read(_OWN[0]) + "\nMine.\n"
    here.box.write(_OWN[0], mine)
    outcome = here.run("--all")
    assert outcome.code == 1
    assert "not committed" in outcome.out
    assert here.box.read(_OWN[0]) == mine
