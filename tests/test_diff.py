"""`archivist diff`: what is compared, and how it is shown."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sandbox import Sandbox, entry, sandbox

from archivist.console import columns

OLD = "Bring a lantern to the quay. Tell the harbour master before noon.\n\nBe kind to all."
NEW = "Bring a lantern to the quay. Tell the harbour master before dusk.\n\nBe kind to all."


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    box = sandbox(tmp_path / "archive", quay_guild=entry("Quay Guild", body=OLD))
    newer = entry("Quay Guild", body=NEW).replace("Feb 04, 2014", "Mar 05, 2015")
    box.write("entries/quay-guild.md", newer)
    box.commit("Take the text of 2015")
    return box


def test_one_argument_is_the_version_before(box: Sandbox) -> None:
    outcome = box.run("diff", "quay-guild")
    assert outcome.code == 1, outcome
    assert "before [-noon-]{+dusk+}." in outcome.out
    assert "date archived  [-Feb 04, 2014-] → {+Mar 05, 2015+}" in outcome.out
    assert "⋯ 1 paragraph, 4 words unchanged" in outcome.out
    assert outcome.out.endswith("1 word added, 1 removed; 94 % of the words are the same.\n")


def test_an_edit_is_of_the_working_tree(box: Sandbox) -> None:
    box.write("entries/quay-guild.md", box.read("entries/quay-guild.md").replace("dusk", "dawn"))
    outcome = box.run("diff", "quay-guild")
    assert "+++ quay-guild (working tree)" in outcome.out
    assert "[-dusk-]{+dawn+}" in outcome.out


@pytest.mark.parametrize(
    "name", ["quay-guild@2014-12-31", "quay-guild@HEAD~1", "Quay Guild@2014-02-04"]
)
def test_versions_by_day_and_by_revision(box: Sandbox, name: str) -> None:
    outcome = box.run("diff", name, "quay-guild")
    assert (outcome.code, outcome.err) == (1, "")
    assert "[-noon-]{+dusk+}" in outcome.out


def test_a_version_under_its_earlier_name(box: Sandbox) -> None:
    box.git("mv", "entries/quay-guild.md", "entries/quay-circle.md")
    box.commit("Rename")
    outcome = box.run("diff", "quay-circle@HEAD~2", "quay-circle")
    assert "[-noon-]{+dusk+}" in outcome.out
    assert outcome.out.startswith("--- quay-guild@")


def test_a_file_outside_of_the_archive(box: Sandbox) -> None:
    draft = box.root.parent / "draft.txt"
    draft.write_text(NEW.replace("all", "everyone") + "\n")
    outcome = box.run("diff", "quay-guild", str(draft))
    assert outcome.code == 1
    assert "Be kind to [-all-]{+everyone+}." in outcome.out


def test_the_same_is_0(box: Sandbox) -> None:
    outcome = box.run("diff", "quay-guild", "quay-guild@HEAD")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.endswith("The texts and the front matter are the same.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["quay-gild"], "did you mean quay-guild?"),
        (["quay-guild@2013-01-01", "quay-guild"], "the earliest is from Feb 04, 2014"),
        (["quay-guild@--output=x", "quay-guild"], "--output=x is neither a date nor a commit"),
        (["quay-guild@v9", "quay-guild"], "v9 is neither a date nor a commit"),
        (["quay-guild", "quay-guild", "--context", "none"], "none is not a number of words"),
        ([".gitignore"], "name what to compare it with"),
    ],
)
def test_what_cannot_be_compared_is_2(box: Sandbox, arguments: list[str], said: str) -> None:
    outcome = box.run("diff", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err


def test_one_version_is_2(box: Sandbox) -> None:
    box.write("entries/mill.md", entry("Mill Guild"))
    box.commit()
    outcome = box.run("diff", "mill")
    assert outcome.code == 2
    assert "has one version only" in outcome.err
    box.git("mv", "entries/mill.md", "entries/weir.md")
    box.commit()
    assert "weir never changed but for its path: name another" in box.run("diff", "weir").err


def test_json_holds_both_texts(box: Sandbox) -> None:
    document = json.loads(box.run("diff", "quay-guild", "--format", "json").out)
    hunks = document["hunks"]
    assert "".join(one["text"] for one in hunks if one["op"] != "insert").strip() == OLD
    assert "".join(one["text"] for one in hunks if one["op"] != "delete").strip() == NEW
    assert document["a"]["archived"] == "2014-02-04"
    assert document["front_matter"] == [
        {"key": "date archived", "from": "Feb 04, 2014", "to": "Mar 05, 2015"}
    ]
    assert document["summary"] == {"added": 1, "removed": 1, "moved": 0, "kept": 15}


def test_side_by_side(box: Sandbox) -> None:
    outcome = box.run("diff", "quay-guild", "--columns", "2", COLUMNS="120")
    rows = [line for line in outcome.out.splitlines() if "│" in line]
    assert {line.index("│") for line in rows} == {59}
    assert any("[-noon-]" in line.split("│")[0] for line in rows)
    assert any("{+dusk+}" in line.split("│")[1] for line in rows)
    assert max(map(len, rows)) <= 120


def test_lines_of_letters_without_blanks(box: Sandbox) -> None:
    """They are as wide as the terminal, whatever changed in them, and no mark begins one."""
    text = "参加者は、親切にしてください。" * 12
    box.write("entries/kaigi.md", entry("Kaigi", body=text))
    box.commit()
    box.write("other.txt", text.replace("親切", "とても親切", 3))
    for command in (("diff", "kaigi", "other.txt"), ("blame", "kaigi"), ("search", "親切")):
        lines = box.run(*command, COLUMNS="60").out.splitlines()
        running = [line for line in lines if "、" in line]
        assert {columns(line) for line in running[:-1]} <= {57, 58, 59, 60}
        assert not any(line[0] in "、。" or line.endswith(("{+", "「")) for line in running)
    assert "»親切«" in running[-1]
    box.write("entries/kaigi.md", entry("Kaigi", body="短い。"))
    box.commit("参加者は、親切にしてください。" * 5)
    line = box.run("history", "kaigi", COLUMNS="80").out.splitlines()[0]
    assert line.endswith("…")
    assert 76 < columns(line) <= 80


def test_color_wraps_as_plain_text_does(box: Sandbox) -> None:
    box.write("conduct.txt", "Bring a lantern to the quay. " + "The harbour master waits. " * 20)
    plain = box.run("diff", "quay-guild", "conduct.txt", COLUMNS="70").out
    colored = box.run("diff", "quay-guild", "conduct.txt", "--color", "always", COLUMNS="70").out
    assert "\x1b[32m" in colored
    assert "[-" not in colored
    for text in (plain, re.sub("\x1b\\[[0-9;]*m", "", colored)):
        assert max(len(line) for line in text.splitlines() if "archived" not in line) <= 70


def test_moves_split_paragraphs_and_what_is_left_out(box: Sandbox) -> None:
    box.write("a.txt", f"One thing comes first in this text.\n\n{OLD}\n\nThe end is near.")
    box.write(
        "b.txt",
        "Bring a lantern to the quay.\n\nTell the harbour master before noon.\n\n"
        "Be kind to all.\n\nOne thing comes first in this text.\n\nThe end is near.",
    )
    outcome = box.run("diff", "a.txt", "b.txt")
    assert "[-⇅1:One thing comes first in this text.-]" in outcome.out
    assert "{+⇅1:One thing comes first in this text.+}" in outcome.out
    assert "Bring a lantern to the quay.{+¶+}" in outcome.out
    assert "0 words added, 0 removed, 7 moved; 100 % of the words are the same." in outcome.out
    box.write("b.txt", box.read("a.txt").replace(". ", ".\n\n"))
    assert "white space only" in box.run("diff", "a.txt", "b.txt").out


def test_nothing_of_a_text_reaches_the_terminal_or_the_page(box: Sandbox) -> None:
    box.write(
        "evil.txt", "Be <script>alert(1)</script> \x1b]0;owned\x07 kind to all, \u202e they say."
    )
    shown = box.run("diff", "quay-guild", "evil.txt", "--color", "always").out
    assert "\x1b]0" not in shown
    assert "\\x1b]0;owned\\x07" in shown
    page = box.run("diff", "quay-guild", "evil.txt", "--format", "html").out
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page


def test_the_page_links_both_places_of_a_move(box: Sandbox) -> None:
    box.write("a.txt", f"One thing comes first in this text.\n\n{OLD}")
    box.write("b.txt", f"{OLD}\n\nOne thing comes first in this text.")
    page = box.run("diff", "a.txt", "b.txt", "-f", "html", "--full").out
    assert 'id="from-1"' in page
    assert 'href="#from-1"' in page
    assert "<script" not in page
    assert page.count("<p>") == page.count("</p>") - page.count('<p class="out">')


def test_an_archive_without_git(tmp_path: Path) -> None:
    box = sandbox(tmp_path, git=False, a=entry("Quay A", body=OLD), b=entry("Quay B", body=NEW))
    outcome = box.run("diff", "a", "b")
    assert outcome.code == 1
    assert "[-noon-]{+dusk+}" in outcome.out


def test_the_page_marks_whole_paragraphs_and_items(box: Sandbox) -> None:
    """By a sign and not by colour alone; what changed in part is marked word by word."""
    box.write("a.txt", "Stay here, all of you.\n\nGo away now.\n\n   * old item of a list\n")
    box.write("b.txt", "Stay here, some of you.\n\n   * another thing, quite unlike it\n")
    page = box.run("diff", "a.txt", "b.txt", "-f", "html", "--full").out
    assert '<p class="whole gone"><del>Go away now.</del></p>' in page
    assert "<p>Stay here, <del>all</del><ins>some</ins> of you.</p>" in page
    assert 'class="item' in page
    for sign in ("− ", "+ "):
        assert f'::before {{ content: "{sign}"; }}' in page


def test_the_page_fits_every_screen(box: Sandbox) -> None:
    page = box.run("diff", "quay-guild", "-f", "html").out
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    assert "prefers-color-scheme: dark" in page
    assert "max-width: 34rem" in page
    assert "default-src 'none'" in page
    assert not re.search(r"<(?:script|link|img|iframe)|url\(|@import", page)


def test_what_stands_is_what_is_compared(box: Sandbox) -> None:
    """Also where the text that was committed last is not the latest by its own date."""
    box.write("entries/quay-guild.md", entry("Quay Guild", body=OLD.replace("noon", "one")))
    box.commit("Put back what stood there, by hand")
    assert "before one." in box.run("show", "quay-guild").out
    assert "[-noon-]{+one+}" in box.run("diff", "quay-guild").out
    assert "before one." in " ".join(box.run("blame", "quay-guild").out.split())
    box.write("entries/quay-guild.md", entry("Quay Guild", body=OLD).replace("2014", "2012"))
    box.commit("Put back what is older than all")
    assert "before noon." in box.run("show", "quay-guild").out
    assert "[-one-]{+noon+}" in box.run("diff", "quay-guild").out, "the one committed before"


def test_the_version_before_is_another_one(box: Sandbox) -> None:
    """Though an older text was recovered by hand, and the present one committed again."""
    now = box.read("entries/quay-guild.md")
    middle = entry("Quay Guild", body=OLD.replace("noon", "one")).replace("2014", "2015")
    box.write("entries/quay-guild.md", middle)
    box.commit("Recover")
    box.write("entries/quay-guild.md", now)
    box.commit("Back to the present")
    box.git("mv", "entries/quay-guild.md", "entries/quay-circle.md")
    box.commit("Rename")
    outcome = box.run("diff", "quay-circle")
    assert outcome.code == 1
    assert "[-one-]{+dusk+}" in outcome.out


def test_stdin_and_pipes_are_files(box: Sandbox) -> None:
    for name in ("-", "/dev/stdin"):
        outcome = box.run("diff", "quay-guild", name, stdin=NEW.replace("all", "everyone") + "\n")
        assert "[-all-]{+everyone+}" in outcome.out
        assert (outcome.code, outcome.err) == (1, "")
    script = f"{sys.executable} -m archivist diff <(echo '{OLD}') <(echo '{NEW}')"
    done = subprocess.run(["bash", "-c", script], cwd=box.root, capture_output=True, check=False)
    assert "[-noon-]{+dusk+}" in done.stdout.decode(), done.stderr
    assert "once only" in box.run("diff", "-", "-").err
    outcome = box.run("diff", "quay-guild", "-", stdin="Be kind. " * 200_000)
    assert (outcome.code, outcome.err) == (2, "error: - is larger than 1 MiB\n")


def test_two_files_need_no_archive(tmp_path: Path) -> None:
    box = Sandbox(tmp_path)
    box.write("a.txt", OLD)
    box.write("b.txt", NEW)
    outcome = box.run("diff", "a.txt", "b.txt")
    assert (outcome.code, outcome.err) == (1, "")
    assert "[-noon-]{+dusk+}" in outcome.out
    for arguments in (("a.txt",), ("a.txt", "quay")):
        outcome = box.run("diff", *arguments)
        assert outcome.code == 2
        assert "there is no archive here" in outcome.err


@pytest.mark.parametrize("data", [b"\x89PNG\0\0", "Be kind.".encode("utf-16")])
def test_what_is_no_text_is_said_to_be_none(box: Sandbox, data: bytes) -> None:
    (box.root / "draft").write_bytes(data)
    outcome = box.run("diff", "quay-guild", "draft")
    assert (outcome.code, outcome.out) == (2, "")
    assert "draft is not a text" in outcome.err


def test_no_context(box: Sandbox) -> None:
    old = "One two three four five six seven. Eight nine ten eleven twelve, thirteen, fourteen."
    box.write("a.txt", old)
    box.write("b.txt", old.replace("three", "3").replace("thirteen", "13"))
    outcome = box.run("diff", "a.txt", "b.txt", "-U", "0")
    assert "One two [-three-]{+3+} … [-thirteen-]{+13+}, fourteen." in outcome.out


def test_the_page_counts_one_word(box: Sandbox) -> None:
    page = box.run("diff", "quay-guild", "-f", "html").out
    assert "<p>1 word added, 1 removed," in page
    assert "1 words" not in page
