"""The edge: exit codes, suggestions, global options, where things are said."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sandbox import Sandbox, entry, sandbox, unmeasured

from archivist import __version__


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    return sandbox(tmp_path, git=False, quay_guild=entry("Quay Guild"))


def test_version(box: Sandbox) -> None:
    assert box.run("--version").out == f"archivist {__version__}\n"


def test_help_without_arguments(box: Sandbox) -> None:
    outcome = box.run()
    assert outcome.code == 0
    assert "check     validate entries" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80


@pytest.mark.parametrize("command", ["check", "rule", "init", "new", "import"])
def test_help_fits_80_columns(box: Sandbox, command: str) -> None:
    outcome = box.run(command, "--help")
    assert outcome.code == 0
    assert max(map(len, outcome.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["chek"], "did you mean `archivist check`?"),
        (["check", "--fixx"], "did you mean `--fix`?"),
        (["check", "--select", "X9"], "`archivist rule` lists them"),
        (["check", "--select", "date-stile"], "did you mean D302?"),
        (["rule", "date-stile"], "did you mean date-style?"),
        (["--now", "noon", "check"], "such as 2026-01-31T12:00:00Z"),
        (["new", "X", "--layout", "polcy"], "did you mean policy?"),
    ],
)
def test_mistakes_get_a_suggestion(box: Sandbox, arguments: list[str], hint: str) -> None:
    outcome = box.run(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert hint in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--dry-run"],
        ["check", "--staged", "entries/quay-guild.md"],
        ["check", "--stdin-filename", "entries/x.md", "--fix"],
        ["check", "--write-baseline", "--select", "D"],
        ["check", "entries/none.md"],
        ["check", "-C", "nowhere"],
        ["check", "--config", "none.toml"],
        ["check", "--stdin-filename", "../outside.md"],
    ],
)
def test_what_cannot_be_answered_is_2(box: Sandbox, arguments: list[str]) -> None:
    outcome = box.run(*arguments)
    assert outcome.code == 2, outcome
    assert outcome.out == ""
    assert outcome.err.startswith("error: ")
    assert "Traceback" not in outcome.err


def test_no_archive(tmp_path: Path) -> None:
    outcome = Sandbox(tmp_path).run("check")
    assert outcome.code == 2
    assert "archivist init" in outcome.err


def test_globals_stand_before_and_after(box: Sandbox, tmp_path: Path) -> None:
    elsewhere = Sandbox(tmp_path.parent)
    before = elsewhere.run("-C", str(box.root), "check", "-f", "json")
    after = elsewhere.run("check", "-f", "json", "-C", str(box.root))
    assert before == after
    assert json.loads(before.out)["summary"]["entries"] == 1


def test_now_moves_the_clock(box: Sandbox) -> None:
    assert box.run("check", "--now", "2013-01-01T00:00:00Z", "--select", "D304").code == 1
    assert box.run("check", "--now", "2014-02-03T23:00:00Z", "--select", "D304").code == 0


def test_output_to_a_file(box: Sandbox) -> None:
    outcome = box.run("check", "-f", "json", "-o", "report.json")
    assert (outcome.out, outcome.code) == ("", 0)
    assert json.loads(box.read("report.json"))["version"] == 1


def test_color_only_where_wanted(box: Sandbox) -> None:
    box.write("entries/bad.md", "x")
    assert "\x1b[" not in box.run("check").out
    assert "\x1b[" in box.run("check", "--color", "always").out
    assert "\x1b[" in box.run("check", FORCE_COLOR="1").out
    assert "\x1b[" not in box.run("check", FORCE_COLOR="1", NO_COLOR="1").out


def test_a_reader_that_goes_away(box: Sandbox) -> None:
    for number in range(300):
        box.write(f"entries/bad-{number}.md", "x")
    command = f"{sys.executable} -m archivist check | head -n 1"
    done = subprocess.run(["sh", "-c", command], cwd=box.root, capture_output=True, check=False)
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


def test_interrupt_is_130(box: Sandbox) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "archivist", "check", "--stdin-filename", "entries/x.md"],
        cwd=box.root,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=unmeasured(),
    )
    time.sleep(1)  # it waits for its input
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=10)
    assert child.returncode == 130
    assert b"Traceback" not in err


def test_terminal_gets_color_and_escapes(box: Sandbox) -> None:
    box.write("entries/evil.md", entry("Evil \x1b]0;owned\x07 Guild"))
    leader, follower = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "archivist", "check"],
        cwd=box.root,
        stdout=follower,
        stderr=follower,
        env=os.environ | {"TERM": "xterm"},
    )
    child.wait(timeout=20)
    os.close(follower)
    shown = os.read(leader, 65536)
    os.close(leader)
    assert b"\x1b[1m" in shown
    assert b"\x1b]0;" not in shown
    assert b"\\x1b]0;owned\\x07" in shown


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["export", "-f", "jsonl", "-"], 0),
        (["show", "quay-guild", "--whole"], 0),
        (["diff", "quay-guild", "a.txt", "--full", "-f", "json"], 1),
    ],
)
def test_a_reader_that_has_enough_changes_no_exit_code(
    box: Sandbox, command: list[str], code: int
) -> None:
    """What `| head` leaves unread is neither a mistake nor a finding."""
    box.write("a.txt", "Be kind.")
    box.write("entries/quay-guild.md", entry("Quay Guild", body="Be kind to all. " * 20_000))
    box.git("init", "--quiet")
    box.commit()
    with subprocess.Popen(
        [sys.executable, "-m", "archivist", *command],
        cwd=box.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout
        assert child.stderr
        child.stdout.readline()
        child.stdout.close()
        said = child.stderr.read()
        assert child.wait(timeout=60) == code, said
    assert b"error" not in said
    assert b"Traceback" not in said


def test_interrupted_while_it_starts() -> None:
    code = (
        "import sys\n"
        "class Late:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'argparse': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Late())\n"
        "from archivist.__main__ import run\n"
        "sys.exit(run())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"error: interrupted\n")
