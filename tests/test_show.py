"""`archivist show`: which text, how well that is known, and which entry a name means."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from sandbox import Sandbox, entry, sandbox

FIRST = "Bring a lantern to the quay."
SECOND = "Bring a torch to the quay."


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    """An entry of two versions, committed on two days of 2014 and 2015."""
    box = sandbox(tmp_path / "archive", git=False, mill=entry("Mill Guild", body="At the mill."))
    box.git("init", "--quiet")
    box.write("entries/quay.md", _quay(FIRST, "Feb 04, 2014", "Dec 10, 2013"))
    _commit(box, "2014-02-04")
    box.write("entries/quay.md", _quay(SECOND, "Jun 01, 2015", "Jul 01, 2015"))
    _commit(box, "2015-06-01")
    return box


def _quay(body: str, archived: str, announced: str) -> str:
    text = entry("Quay Guild", body=body).replace("Feb 04, 2014", archived)
    return text.replace("date announced:", f"date announced: {announced}")


def _commit(box: Sandbox, day: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00Z")
        box.commit(day)


def test_a_removed_entry_is_never_shown_without_saying_so(box: Sandbox) -> None:
    (box.root / "entries/quay.md").unlink()
    assert "removed from the archive (working tree)" in box.run("show", "quay").err
    _commit(box, "2016-05-05")
    for options in ((), ("--at", "2016-05-05"), ("--at", "2016-05"), ("--at", "2020-01-01")):
        outcome = box.run("show", "quay", *options)
        assert (outcome.code, outcome.out) == (0, f"{SECOND}\n")
        assert "removed from the archive on May 05, 2016 (commit " in outcome.err, options
        document = json.loads(box.run("show", "quay", "-f", "json", *options).out)
        assert document["removed"]["kind"] == "removed"
    for options in (("--at", "2016-05-04"), ("--rev", "HEAD~1")):
        assert "removed" not in box.run("show", "quay", *options).err
    for command in (("diff", "quay"), ("blame", "quay"), ("diff", "quay", "mill")):
        assert "note: quay: removed from the archive on May 05, 2016" in box.run(*command).err
    box.write("entries/quay.md", _quay(SECOND, "Jun 01, 2015", "Jul 01, 2015"))
    _commit(box, "2017-01-01")
    assert "removed" not in box.run("show", "quay").err
    assert "removed" not in box.run("show", "quay", "--at", "2017-01-01").err
    assert "removed" in box.run("show", "quay", "--at", "2016-12-31").err


def test_a_file_gets_the_very_text_and_a_terminal_what_is_harmless(box: Sandbox) -> None:
    text = _quay("A\u00a0torch\u200f and \ufeffa\u00adlight.\r\nNo newline", "Feb 04, 2014", "")
    box.write("entries/quay.md", text.rstrip())
    whole = subprocess.run(
        [sys.executable, "-m", "archivist", "show", "quay", "--whole"],
        cwd=box.root,
        capture_output=True,
        check=True,
    ).stdout
    assert whole == (box.root / "entries/quay.md").read_bytes()
    box.write("entries/quay.md", text.replace("torch", "\x1b[31mtorch\x9b\r\udcff"))
    out = box.run("show", "quay").out
    assert "A\u00a0\\x1b[31mtorch\\x9b\\x0d\\xff\u200f" in out
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "archivist", "-q", "show", "quay"]
    subprocess.run(command, cwd=box.root, stdout=follower, check=True)
    os.close(follower)
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    assert "A \\x1b[31mtorch\\x9b\\x0d\\xff\\u200f and \\ufeffa\\xadlight." in shown


def test_a_text_counts_by_one_rule(box: Sandbox) -> None:
    """From its announcement if that came first; what is announced later is said to be."""
    outcome = box.run("show", "quay", "--at", "2013-12-09")
    assert outcome.code == 2
    assert "the earliest is from Dec 10, 2013" in outcome.err
    assert "archived Feb 04, 2014, after that day" in box.run("show", "quay@2013-12-10").err
    outcome = box.run("show", "quay", "--at", "2015-06-15")
    assert outcome.out == f"{SECOND}\n"
    assert "announced Jul 01, 2015, after that day" in outcome.err
    assert "after" not in box.run("show", "quay", "--at", "2015-07-01").err
    since = box.run("export", "-f", "jsonl", "-").out
    assert [row["since"] for row in map(json.loads, since.splitlines()) if row.get("since")] == [
        "2014-02-04",
        "2013-12-10",
        "2015-06-01",
    ]


def test_diff_takes_days_by_the_same_rule_and_says_so(box: Sandbox) -> None:
    outcome = box.run("diff", "quay@2014-01-01", "quay")
    assert "note: quay: known from its announcement (Dec 10, 2013) only" in outcome.err
    assert (
        "note: quay: the text was announced Jul 01, 2015, after that day"
        in box.run("diff", "quay@2015-06-15", "mill").err
    )
    assert box.run("diff", "quay@2014-03-01", "quay").err == ""


def test_a_month_and_a_year_mean_their_end(box: Sandbox) -> None:
    assert box.run("show", "quay", "--at", "2014").out == f"{FIRST}\n"
    assert box.run("show", "quay", "--at", "2015").out == f"{SECOND}\n"
    for option in (("--rev", ""), ("--rev", " "), ("--at", "")):
        outcome = box.run("show", "quay", *option)
        assert (outcome.code, outcome.out) == (2, "")
        assert "such as" in outcome.err


def test_texts_that_are_not_here_may_be_it(box: Sandbox) -> None:
    box.git("config", "uploadpack.allowFilter", "true")
    url = f"file://{box.root}"
    box.git("clone", "--quiet", "--filter=blob:none", url, str(box.root.parent / "part"))
    part = Sandbox(box.root.parent / "part")
    outcome = part.run("show", "quay", "--at", "2014-03-01")
    assert outcome.code == 2
    assert "1 of its versions cannot be read, and may be it" in outcome.err


ALL = (("history",), ("show",), ("diff",), ("blame",))


@pytest.mark.parametrize("command", ALL, ids=" ".join)
@pytest.mark.parametrize(
    "name",
    ["quay", "Quay Guild", "the quay guild", "Keepers", "entries/quay.md", "quay.md", "QUAY"],
)
def test_every_command_takes_every_name(box: Sandbox, command: tuple[str], name: str) -> None:
    box.write(
        "entries/quay.md",
        box.read("entries/quay.md").replace("url:", "also known as: Keepers\nurl:"),
    )
    assert box.run(*command, name).out == box.run(*command, "quay").out != ""


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_a_title_of_several_names_them(box: Sandbox, command: tuple[str]) -> None:
    for name in ("mill-long", "mill-short"):
        box.write(f"entries/{name}.md", entry("Mill Guild", body=f"At the mill, {name}."))
    _commit(box, "2016-01-01")
    outcome = box.run(*command, "Mill Guild")
    assert (outcome.code, outcome.out) == (2, "")
    assert "Mill Guild is a name of 3 entries" in outcome.err
    assert "name one of them: mill, mill-long, mill-short" in outcome.err
    for name, near in (("Kwai Guild", "Quay Guild"), ("quai", "quay")):
        assert f"did you mean {near}?" in box.run(*command, name).err


def test_names_in_folders(box: Sandbox) -> None:
    box.write("entries/north/weir.md", entry("Weir", body="At the weir."))
    _commit(box, "2016-01-01")
    for name in ("north/weir", "north/weir.md", "./entries/north/weir.md", "weir", "Weir"):
        assert box.run("show", name).out == "At the weir.\n", name


def test_titles_in_a_bare_repository(box: Sandbox) -> None:
    box.git("clone", "--quiet", "--bare", ".", str(box.root.parent / "bare.git"))
    bare = Sandbox(box.root.parent / "bare.git")
    assert bare.run("show", "Quay Guild").out == f"{SECOND}\n"
    assert bare.run("history", "Quay Guild").code == 0


def test_a_folder_without_git_has_present_texts(tmp_path: Path) -> None:
    box = sandbox(tmp_path, git=False, quay=entry("Quay Guild", body=FIRST))
    for name in ("quay", "Quay Guild", "quay.md"):
        outcome = box.run("show", name)
        assert (outcome.code, outcome.out) == (0, f"{FIRST}\n")
        assert "quay: archived Feb 04, 2014; working tree" in outcome.err
    assert "did you mean quay?" in box.run("show", "quai").err
    for options in (
        ("show", "quay", "--at", "2015"),
        ("show", "quay", "--rev", "x"),
        ("blame", "quay"),
    ):
        outcome = box.run(*options)
        assert outcome.code == 2
        assert "no git repository" in outcome.err


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("quay", "did you mean quay-guild or quay-meetup-2014?"),
        ("Quay Meet", "did you mean quay-meetup-2014?"),
        ("quay-meetup-2041", "did you mean quay-meetup-2014?"),
        ("zzz", "`archivist history` lists all"),
    ],
)
def test_the_beginning_of_an_id_is_understood(tmp_path: Path, name: str, near: str) -> None:
    box = sandbox(
        tmp_path,
        quay_guild=entry("Quay Guild"),
        quay_meetup_2014=entry("Quay Meetup 2014", kind="conference"),
    )
    assert near in box.run("show", name).err
