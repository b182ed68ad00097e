"""Bytes in, diagnostics out: whatever strangers put into an archive, the check says what it found,
soon, and in little memory.
"""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from archives import TODAY
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sandbox import entry, sandbox, unmeasured

from archivist import cli
from archivist.archive import Archive
from archivist.checking import check_entries, policy_of
from archivist.config import CheckSettings
from archivist.diagnostic import Diagnostic, apply_edits
from archivist.entry import Entry
from archivist.files import MAX_SIZE
from archivist.formats import github, junit, sarif, text
from archivist.formats import json as as_json
from archivist.report import Report
from archivist.rules import Context
from archivist.schema import Schemas
from archivist.workspace import bytes_of, entry_of

FUZZ = settings(
    derandomize=True,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
POLICY = policy_of(CheckSettings())
NOW = "2026-01-01T00:00:00Z"
FORMATS = ("text", "json", "github", "sarif", "junit")
PATH = "entries/lantern.md"

SECONDS = 5.0  # of CPU, the start of Python included; half of it where nothing else runs
MEGABYTES = 300
SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # 10,000 files are made there


# Processes, measured


@dataclass(frozen=True)
class Measured:
    """A check in a process of its own: what it said, and what it took."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: float


def measure(root: Path, *arguments: str, limit: int = 10) -> Measured:
    """Check the archive; after `limit` seconds of CPU the process is killed."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))

    command = [sys.executable, "-m", "archivist", "-C", str(root), "--now", NOW, *arguments]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(
            command,
            stdout=out,
            stderr=err,
            preexec_fn=bound,  # noqa: PLW1509 -- no thread runs here
            env=unmeasured(),
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        inherited = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        out.seek(0)
        err.seek(0)
        return Measured(
            child.returncode,
            out.read().decode("utf-8", "replace"),
            err.read().decode("utf-8", "replace"),
            used.ru_utime + used.ru_stime,
            # What is forked begins with the size of its parent, which may be a large test run.
            used.ru_maxrss / 1024 if used.ru_maxrss > inherited else 0.0,
        )


def assert_answered(
    found: Measured, seconds: float = SECONDS, megabytes: float = MEGABYTES
) -> None:
    assert "Traceback" not in found.err
    assert "mistake" not in found.err
    assert found.code in (0, 1), found.err[-500:] or f"killed after {found.seconds:.1f} s"
    assert found.seconds < seconds
    assert found.megabytes < megabytes


HEAD = b"---\nlayout: coc\nconference: Lantern\ndate archived: Feb 04, 2014\n"
BODY = HEAD + b"---\n\n"


def filled(start: bytes, unit: bytes | str, end: bytes = b"") -> bytes:
    """As many units as a file of 1 MiB holds."""
    piece = unit.encode() if isinstance(unit, str) else unit
    return start + piece * ((MAX_SIZE - len(start) - len(end)) // len(piece)) + end


UNITS: dict[str, bytes | str] = {
    "opening brackets": b"[",
    "blanks": b" ",
    "CR": b"\r",
    "CR LF": b"\r\n",
    "LF": b"\n",
    "blank lines": b" \n",
    "hashes": b"#",
    "tags": b"<a ",
    "closed tags": b"<b>",
    "ampersands": b"&",
    "references": b"&a",
    "stars": b"**",
    "starred words": b"**a",
    "underscores": b"_",
    "links": b"[](",
    "RIGHT-TO-LEFT OVERRIDE": "\u202e",
    "zero-width spaces": "\u200b",
    "soft hyphens": "\u00ad",
    "one line": b"a",
    "short lines": b"a\n",
    "words": b"ab cd ",
    "broken lines": b"word word word word word word word word word\n",
    "tabs": b"\t",
    "tab lines": b"a\t\n",
    "quotes": b'"',
    "fences": b"---\n",
    "dashes": b"-",
    "NUL": b"\0",
    "bytes that are no UTF-8": b"\xff",
    "emoji": "\U0001f600",
    "wide": "東",
}
PLACES: dict[str, Callable[[bytes | str], bytes]] = {
    "file": lambda unit: filled(b"", unit),
    "header": lambda unit: filled(b"---\n", unit),
    "value": lambda unit: filled(b"---\nlayout: coc\nconference: ", unit),
    "body": lambda unit: filled(BODY, unit),
}


@pytest.mark.parametrize("name", UNITS)
def test_a_mebibyte_of_one_thing(tmp_path: Path, name: str) -> None:
    """As the whole file, as front matter, as a value, as a body.

    Mostly all four together are checked in the time that one may take; else each by itself.
    """
    entries = tmp_path / "entries"
    entries.mkdir()
    for place, make in PLACES.items():
        (entries / f"{place}.md").write_bytes(make(UNITS[name]))
    found = measure(tmp_path, "check")
    if not (found.code == 1 and found.seconds < SECONDS and found.megabytes < MEGABYTES):
        for place, make in PLACES.items():
            shutil.rmtree(entries)
            entries.mkdir()
            (entries / f"{place}.md").write_bytes(make(UNITS[name]))
            assert_answered(measure(tmp_path, "check"))
    assert len(found.out) < 100_000


KEY = b"---\nlayout: coc\n"
CASES: dict[str, bytes] = {
    "nested flow sequences": KEY + b"url: " + b"[" * 4000 + b"]" * 4000 + b"\n---\n\nx\n",
    "nested flow mappings": KEY + b"url: " + b"{a: " * 1900 + b"\n---\n\nx\n",
    "a few nested flow sequences in many fields": KEY
    + b"".join(b"k%d: %s\n" % (number, b"[" * 20) for number in range(290))
    + b"---\n\nx\n",
    "nested block sequences": KEY + b"url:\n" + b"- " * 4000 + b"a\n---\n\nx\n",
    "nested block sequences in a value": KEY + b"url: " + b"- " * 4000 + b"a\n---\n\nx\n",
    "nested questions": KEY + b"url: " + b"? " * 4000 + b"\n---\n\nx\n",
    "billion laughs": KEY
    + b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(
        b"%c: &%c [%s]\n" % (number, number, b",".join([b"*%c" % (number - 1)] * 9))
        for number in range(98, 123)
    )
    + b"---\n\nx\n",
    "billion laughs in one value": KEY
    + b"url: [&a [x,x,x], &b [*a,*a,*a], &c [*b,*b,*b], &d [*c,*c,*c]]\n---\n\nx\n",
    "anchors": KEY + b"url: " + b"&a " * 2700 + b"\n---\n\nx\n",
    "aliases": KEY + b"url: [&a x" + b",*a" * 2500 + b"]\n---\n\nx\n",
    "tags": KEY + b"url: " + b"!a " * 2700 + b"\n---\n\nx\n",
    "100,000 keys": KEY + b"".join(b"k%d: v\n" % number for number in range(100_000)) + b"---\n",
    "100,000 keys, not closed": KEY + b"".join(b"k%d:\n" % number for number in range(100_000)),
    "as many keys as fit": KEY + b"".join(b"k%d:\n" % n for n in range(1150)) + b"---\n\nx\n",
    "one key as often as it fits": KEY + b"k:\n" * 2700 + b"---\n\nx\n",
    "a key of 8 KiB": KEY + b"k" * 8150 + b": v\n---\n\nx\n",
    "keys of 1 KiB": KEY + b"".join(b"%c" % n * 1000 + b":\n" for n in range(97, 105)) + b"---\n",
    "misspelt keys": KEY + b"".join(b"conferencf%d:\n" % n for n in range(500)) + b"---\n\nx\n",
    "a layout of 8 KiB": b"---\nlayout: " + b"coc" * 2700 + b"\n---\n\nx\n",
    "items": KEY + b"credited parents:\n" + b"- a\n" * 2000 + b"---\n\nx\n",
    "many parents": KEY + b"credited parents: " + b"a," * 4000 + b"a\n---\n\nx\n",
    "many glued parents": KEY + b"credited parents: " + b"a&" * 4000 + b"a\n---\n\nx\n",
    "many parents by `and`": KEY + b"credited parents: " + b"a and " * 1350 + b"a\n---\n\nx\n",
    "blanks among parents": KEY + b"credited parents: a" + b" " * 8100 + b"b\n---\n\nx\n",
    "blanks and commas among parents": KEY
    + b"credited parents: "
    + b"a" * 10
    + (b" " * 400 + b"," + b" " * 400) * 10
    + b"\n---\n\nx\n",
    "a sentence of parents": KEY + b"credited parents: " + b"this is " * 1000 + b"\n---\n\nx\n",
    "blanks before a colon": KEY + b"a" + b" " * 8100 + b": b\n---\n\nx\n",
    "blanks and no colon": KEY + b"a" + b" " * 8100 + b"\n---\n\nx\n",
    "blanks around a colon": KEY + b"a" + b" " * 4000 + b": b" + b" " * 4100 + b"\x0b\n---\n\nx\n",
    "lines of blanks and no colon": KEY + (b"a" + b" " * 800 + b"\n") * 10 + b"---\n\nx\n",
    "a date of blanks": KEY
    + b"date archived: a"
    + b" " * 4000
    + b"1"
    + b" " * 4000
    + b"\n---\n\nx\n",
    "a title of parentheses": KEY + b"conference: " + b"(" * 8100 + b"\n---\n\nx\n",
    "a title of years": KEY + b"conference: " + b"2014 " * 1600 + b"\n---\n\nx\n",
    "a title of initials": KEY + b"conference: " + b"a " * 4000 + b"\n---\n\nx\n",
    "a title of look-alikes": KEY + b"conference: " + "aа".encode() * 2700 + b"\n---\n\nx\n",
    "a URL of slashes": KEY + b"url: https://a" + b"/" * 8100 + b"\n---\n\nx\n",
    "a URL of digits": KEY + b"wayback snapshot: https://a/" + b"1/" * 4000 + b"x\n---\n\nx\n",
    "a URL of colons": KEY + b"url: https://" + b"a:" * 4000 + b"\n---\n\nx\n",
    "not closed: blanks around a colon": b"---\na" + b" " * 4000 + b": x" + b" " * 10**6 + b"\x0b",
    "not closed: blanks among parents": KEY + b"credited parents: a" + b" " * 10**6 + b"b\n",
    "not closed: a date of blanks": KEY + b"date archived: a 1" + b" " * 10**6 + b"x\n",
    "not closed: tabs": filled(b"---\na: ", b"x\t"),
    "not closed: parents": filled(KEY + b"credited parents: ", b"a,"),
    "not closed: anchors": filled(KEY + b"url: ", b"&a "),
    "not closed: quotes": filled(KEY + b'url: "', b"\\"),
    "not closed: a list": filled(KEY + b"url: [", b"a,"),
    "not closed: words": filled(KEY + b"conference: ", b"a b 2014 "),
    "an open quote": filled(HEAD + b'url: "https://\n---\n\n', b"a"),
    "marks and a letter from right to left": filled(BODY, "\u200e", "א\n".encode()),
    "a letter from right to left and marks": filled(BODY + "א".encode(), "\u200f"),
    "joiners and letters": filled(BODY, "\u200d\u200c"),
    "all findings in one line": filled(
        BODY + "\U0001f600".encode(), "<b>**a**&amp;\x01\u202e\u200b"
    ),
    "all findings in lines": filled(BODY, "<b>**a**&amp;\x01\u202e\u200b \n"),
    "wide characters in one line": filled(BODY + b"\x01" * 100, "東"),
    "blanks before an end of line": filled(BODY, b" ", b"\n"),
    "blanks and a word": filled(BODY, b" ", b"a"),
    "dashes and blanks": BODY + b"-" * 500_000 + b" " * 500_000 + b"x",
    "a heading of blanks": BODY + b"# " + b" " * 10**6,
    "UTF-16": "---\nlayout: coc\n---\n".encode("utf-16") * 20_000,
    "UTF-32": "---\nlayout: coc\n---\n".encode("utf-32") * 10_000,
}


@pytest.mark.parametrize("name", CASES)
def test_worst_cases(tmp_path: Path, name: str) -> None:
    assert len(CASES[name]) <= MAX_SIZE
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "x.md").write_bytes(CASES[name])
    found = measure(tmp_path, "check")
    assert_answered(found)
    assert found.code == 1 or "body" in name or found.out


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ["all findings in one line", "wide characters in one line"])
def test_worst_cases_in_every_format(tmp_path: Path, name: str, form: str) -> None:
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "x.md").write_bytes(CASES[name])
    assert_answered(measure(tmp_path, "check", "-f", form))


@pytest.mark.parametrize("name", ["short lines", "CR LF", "RIGHT-TO-LEFT OVERRIDE", "NUL"])
def test_a_mebibyte_to_be_mended(tmp_path: Path, name: str) -> None:
    (tmp_path / "entries").mkdir()
    path = tmp_path / "entries" / "x.md"
    data = filled(BODY.replace(b"Feb 04, 2014", b"2014-02-04"), UNITS[name])
    path.write_bytes(data[:-10])  # the style of a date takes more room
    assert_answered(measure(tmp_path, "check", "--fix"), 2 * SECONDS)
    mended = data[:-10].replace(b"2014-02-04", b"Feb 04, 2014")
    assert path.read_bytes() == (mended if mended.endswith(b"\n") else mended + b"\n")


def test_a_file_just_above_the_limit_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "x.md").write_bytes(filled(BODY, b"a") + b"a" * 100)
    found = measure(tmp_path, "check")
    assert_answered(found, 1)
    assert "error F113" in found.out


def test_files_that_are_none(tmp_path: Path) -> None:
    """A pipe, a folder, devices, loops, and links out of the archive."""
    top = tmp_path / "archive" / "entries"
    top.mkdir(parents=True)
    (tmp_path / "secret.md").write_bytes(BODY + b"THE SECRET\n")
    (top / "lantern.md").write_bytes(BODY + b"Be kind.\n")
    os.mkfifo(top / "pipe.md")
    (top / "folder.md").mkdir()
    (top / "zero.md").symlink_to("/dev/zero")
    (top / "random.md").symlink_to("/dev/random")
    (top / "tty.md").symlink_to("/dev/tty")
    (top / "loop.md").symlink_to("loop.md")
    (top / "one.md").symlink_to("two.md")
    (top / "two.md").symlink_to("one.md")
    (top / "out.md").symlink_to("../../secret.md")
    (top / "up").symlink_to("..")
    (top / "environ.md").symlink_to("/proc/self/environ")
    if os.geteuid() == 0:
        os.mknod(top / "disk.md", stat.S_IFBLK | 0o600, os.makedev(7, 200))
    found = measure(tmp_path / "archive", "check")
    assert_answered(found, 1)
    assert "SECRET" not in found.out
    refused = {line.split(":")[0] for line in found.out.splitlines() if " error F114" in line}
    names = {path.name for path in top.iterdir()} - {"lantern.md", "folder.md"}
    assert refused == {f"entries/{name}" for name in names}


def test_a_link_into_the_archive(tmp_path: Path) -> None:
    top = tmp_path / "entries"
    top.mkdir()
    (tmp_path / "note.md").write_bytes(BODY + b"Be kind.\n")
    (top / "lantern.md").symlink_to("../note.md")
    found = measure(tmp_path, "check")
    assert_answered(found, 1)
    assert found.out == "1 entry checked: all good.\n"


# Many entries


def many(root: Path, count: int, make: Callable[[int], str]) -> None:
    """Write entries, a thousand a folder."""
    for number in range(count):
        if number % 1000 == 0:
            folder = root / "entries" / f"f{number // 1000}"
            folder.mkdir(parents=True)
        (folder / f"p{number}.md").write_bytes(make(number).encode())


def coc(
    title: str, parents: str = "", *, url: str = "", body: str = "Be kind.", more: str = ""
) -> str:
    return (
        f"---\nlayout: coc\nconference: {title}\n{more}date announced: Jan 04, 2014\n"
        f"date archived: Feb 04, 2014\nurl: {url}\ncredited parents: {parents}\n---\n\n{body}\n"
    )


MANY: dict[str, tuple[int, Callable[[int], str]]] = {
    "one title, one text, one URL": (10_000, lambda _: coc("Same", url="https://a.example/b")),
    "a chain": (10_000, lambda n: coc(f"P{n}", f"P{n + 1}" if n < 9999 else "none", body=f"{n}")),
    "a cycle": (10_000, lambda n: coc(f"P{n}", f"P{(n + 1) % 10_000}", body=f"{n}")),
    "one title, credited by all": (3000, lambda n: coc("Same", "Same", body=f"{n}")),
    "one series, credited by all": (
        3000,
        lambda n: coc(f"Same {1900 + n % 150}", "Same", body=f"{n}"),
    ),
    "one title, credited by many": (
        3000,
        lambda n: coc("Same", body=f"{n}") if n % 2 else coc(f"P{n}", "Same", body=f"{n}"),
    ),
    "one alias": (3000, lambda n: coc(f"P{n}", more="also known as: Same\n", body=f"{n}")),
    "one URL, credited by all": (
        3000,
        lambda n: coc(f"P{n}", "https://a.example/b", url="https://a.example/b", body=f"{n}"),
    ),
    "everybody credits thirty": (
        500,
        lambda n: coc(
            f"P{n}", ", ".join(f"P{(n * 7 + k * 13) % 500}" for k in range(30)), body=f"{n}"
        ),
    ),
    "unknown names that are like known ones": (
        2000,
        lambda n: coc(f"Policy Of Group {n}", f"Polity Of Group {n}", body=f"{n}"),
    ),
    "unknown names that are like nothing": (
        3000,
        lambda n: coc(f"P{n}", f"Nobody {n} Knows", body=f"{n}"),
    ),
}


@pytest.mark.parametrize("name", MANY)
def test_many_entries(name: str) -> None:
    """Time that grows with the number of entries, not with its square: 2 ms an entry and less."""
    count, make = MANY[name]
    with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
        many(Path(folder), count, make)
        found = measure(Path(folder), "check", "-f", "github", limit=25)
    assert_answered(found, 1 + count / 500, 400)
    assert len(found.out) < 1000 * count


def test_many_files_of_one_id() -> None:
    with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
        for number in range(3000):
            path = Path(folder) / "entries" / f"f{number}" / "same.md"
            path.parent.mkdir(parents=True)
            path.write_bytes(coc("Same", "same", body=f"{number}").encode())
        found = measure(Path(folder), "check", "-f", "github", limit=25)
    assert_answered(found, 7, 400)


# Any bytes


@cache
def schemas() -> Schemas:
    return Schemas()


@cache
def neighbours() -> tuple[Entry, ...]:
    names = {"quay-guild": "Quay Guild", "lantern-2013": "Lantern 2013", "mill": "Mill, Ltd"}
    return tuple(
        entry_of(f"entries/{name}.md", entry(title).encode()) for name, title in names.items()
    )


def diagnose(data: bytes, path: str = PATH) -> list[Diagnostic]:
    """Check a file in a small archive; what is said of it must make sense, in every format."""
    started = time.process_time()
    one = entry_of(path, data)
    context = Context(Archive.of([*neighbours(), one]), schemas(), TODAY)
    found = check_entries([*neighbours(), one], context, POLICY)
    assert_formats(Report(tuple(x.path for x in (*neighbours(), one)), tuple(found)))
    assert time.process_time() - started < 8  # coverage measures, too
    for diagnostic in found:
        if diagnostic.path == path:
            assert_place(one, diagnostic)
    assert bytes_of(one.text) == (b"" if one.obstacle else data)
    return found


def assert_place(one: Entry, found: Diagnostic) -> None:
    """Lines and columns are in the file, the excerpt is the line, a fix fits the text."""
    lines = one.text.split("\n")
    assert 1 <= found.line <= found.end_line <= len(lines)
    assert found.excerpt == lines[found.line - 1]
    assert 1 <= found.column <= len(found.excerpt) + 1
    assert 1 <= found.end_column <= len(lines[found.end_line - 1]) + 1
    assert found.line < found.end_line or found.column <= found.end_column
    assert found.message
    for edit in found.fix.edits if found.fix else ():
        assert 0 <= edit.start <= edit.end <= len(one.text)
    if found.fix:
        assert apply_edits(one.text, found.fix.edits) != one.text


def assert_formats(report: Report) -> None:
    count = len(report.diagnostics)
    for color in (False, True):
        shown = text.render(report, color=color, width=80)
        assert shown.replace("\x1b", "").replace("\n", "").replace("\u00a0", "").isprintable()
        assert ("\x1b" in shown) <= color
    lines = github.render(report).splitlines()
    assert all(line.isprintable() for line in lines)
    document = json.loads(as_json.render(report))
    assert len(document["diagnostics"]) == count
    results = json.loads(sarif.render(report))["runs"][0]["results"]
    assert len(results) == count
    regions = [one["locations"][0]["physicalLocation"]["region"] for one in results]
    assert all(value >= 1 for region in regions for value in region.values())
    assert ET.fromstring(junit.render(report)).tag == "testsuites"


VALID = entry("Lantern", "Quay Guild & Mill", "At Lantern all are kind.\n\n   * One\n   * Two")
SNIPPETS = st.one_of(
    st.sampled_from(
        [
            *("---", "---\n", "\n", "\r\n", "\r", "\t", " ", "  ", ": ", ":", "- "),
            *("#", " #", "&a ", "*a", "!!Con ", "!a ", "[", "]", "{", "}", ",", " & "),
            *(" and ", ";", '"', "'", "|", ">", "%", "@", "`", "\\", "\\n", "\ufeff"),
            *("\u202e", "\u200e", "\u200b", "\u200d", "\u00ad", "\u2028", "\x00"),
            *("\x1b[31m", "\x7f", "\x85", "\u00a0", "\udce9", "\udc80", "\U0001f600"),
            *("а", "א", "2014-02-30", "Feb 00, 2014", "none", "many", "Lantern"),
            *("https://", "://", "user:pass@", "web/20140230000000id_/", "<b>"),
            *("&amp;", "**a**", "[a](b)", "# ", "===\n", "unknown", "\nlayout: coc\n"),
            *("\nlayout: source\n", "\ncredited parents:\n- a\n", "9999", "0000"),
            *('"\\u0430bc"', '"a\\nb"', '"\\0"', '"\\ud800"', "\n  continued\n"),
            *("\nkey: value\n",),
        ]
    ),
    st.text(max_size=6),
)
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), SNIPPETS), min_size=1, max_size=6)


def changed(text: str, changes: list[tuple[float, int, str]]) -> str:
    """A text with pieces put in the place of others."""
    for place, length, piece in changes:
        start = int(place * len(text))
        text = text[:start] + piece + text[start + length :]
    return text


def as_bytes(text: str) -> bytes:
    """Text with its lone surrogates as the bytes they stand for, other ones as they are."""
    return b"".join(
        char.encode(
            "utf-8", "surrogateescape" if 0xDC80 <= ord(char) <= 0xDCFF else "surrogatepass"
        )
        for char in text
    )


@FUZZ
@given(st.binary(max_size=300))
@example(b"")
@example(b"---\n---\n")
@example("---\n---\n".encode("utf-16"))
@example(b"\xef\xbb\xbf---\n")
@example(b"---\nlayout: \xff\n---\n")
def test_any_bytes(data: bytes) -> None:
    diagnose(data)


@FUZZ
@given(CHANGES)
def test_any_change_of_a_valid_entry(changes: list[tuple[float, int, str]]) -> None:
    diagnose(as_bytes(changed(VALID, changes)))


@FUZZ
@given(CHANGES, st.integers(0, 130))
def test_any_change_of_front_matter(changes: list[tuple[float, int, str]], cut: int) -> None:
    header = VALID[: VALID.index("\n---\n") + 1]
    text = changed(header, changes)
    diagnose(as_bytes(f"{text}---\n\nBody é\n"))
    diagnose(as_bytes(text[:cut]))


@FUZZ
@given(st.lists(SNIPPETS, max_size=12).map("".join))
def test_any_snippets(text: str) -> None:
    diagnose(as_bytes(text))
    diagnose(as_bytes(f"---\nlayout: coc\nconference: {text}\n---\n\nBody é\n"))


@FUZZ
@given(CHANGES, st.sampled_from(["source", "policy", "coc"]))
def test_the_whole_command(changes: list[tuple[float, int, str]], layout: str) -> None:
    """From files to exit code."""
    data = as_bytes(changed(VALID.replace("coc", layout), changes))
    with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
        root = Path(folder)
        (root / "entries").mkdir()
        (root / "entries" / "lantern.md").write_bytes(data)
        (root / "entries" / "quay-guild.md").write_text(entry("Quay Guild"))
        code, out, err = command("-C", folder, "--now", NOW, "check", "-f", "json")
        assert (code in (0, 1), err) == (True, "")
        assert json.loads(out)["summary"]["entries"] == 2
        code, out, err = command("-C", folder, "--now", NOW, "check", "--fix", "-f", "junit")
        assert code in (0, 1), err
        assert "mistake" not in err


def command(*arguments: str) -> tuple[int, str, str]:
    """Run a command line in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.main(list(arguments))
    return code, _said(out), _said(err)


def _said(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


LATIN_1 = "Caf\u00e9".encode("latin-1")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"---\nlayout: coc\nconference: " + LATIN_1 + b"\n---\n\nx\n", id="title"),
        pytest.param(b"---\nlayout: coc\nk" + LATIN_1 + b": x\n---\n\nx\n", id="key"),
        pytest.param(b"---\nlayout: " + LATIN_1 + b"\n---\n\nx\n", id="layout"),
        pytest.param(BODY.replace(b"date", b"url: " + LATIN_1 + b"\ndate", 1), id="url"),
        pytest.param(BODY[:-5] + b"credited parents: " + LATIN_1 + b"\n---\n\nx\n", id="parent"),
        pytest.param(BODY[:-5] + b"also known as:\n- " + LATIN_1 + b"\n---\n\nx\n", id="alias"),
        pytest.param(BODY[:-5] + b"status: " + LATIN_1 + b"\n---\n\nx\n", id="a choice"),
        pytest.param(BODY[:-5] + b"language: " + LATIN_1 + b"\n---\n\nx\n", id="a pattern"),
        pytest.param(BODY[:-5] + b"first seen: " + LATIN_1 + b"\n---\n\nx\n", id="a date"),
        pytest.param(BODY + LATIN_1, id="body"),
        pytest.param(BODY[:-5] + b'status: "\\ud800"\n---\n\nx\n', id="an escaped surrogate"),
        pytest.param(BODY[:-5] + b'status: "\\0"\n---\n\nx\n', id="an escaped NUL"),
        pytest.param(BODY[:-5] + b'status: "\\x1b[2J"\n---\n\nx\n', id="an escaped escape"),
        pytest.param(BODY[:-5] + b'url: "a\\nb"\n---\n\nx\n', id="an escaped line feed"),
    ],
)
@pytest.mark.parametrize("staged", [False, True], ids=["folder", "staged"])
def test_characters_that_are_none(tmp_path: Path, data: bytes, staged: bool) -> None:
    """Bytes that are not UTF-8, and escapes, in every field; also on the way through the state."""
    diagnose(data)
    box = sandbox(tmp_path, git=False)
    (tmp_path / "entries" / "lantern.md").write_bytes(data)
    (tmp_path / "entries" / "other.md").write_text(entry("Other", "Quay Guild"))
    arguments = ["-C", str(tmp_path), "--now", NOW, "check", "-f", "json"]
    if staged:
        box.git("init", "--quiet")
        box.git("add", "--all")
        arguments.append("--staged")
    code, out, err = command(*arguments)
    assert "mistake" not in err
    assert code == 1
    assert json.loads(out)["summary"]["entries"] == 2


@pytest.mark.parametrize(
    "title", ['"l\\u0430ntern"', "lаntern", '"l\\x61ntern \\u0430b"', "'lа''b'", "&x 'lаb'"]
)
def test_look_alikes_are_found_however_they_are_written(title: str) -> None:
    for more in ("", " é"):
        found = diagnose(f"---\nlayout: coc\nconference: {title}\n---\n\nx{more}\n".encode())
        assert [one.line for one in found if one.code == "C803"] == [3]


# What is shown cannot be taken for something else

FORGED = "::error file=a::forged"


def assert_not_forged(out: str, form: str) -> None:
    """No line of the output begins with what a stranger wrote."""
    for line in out.splitlines():
        assert not line.startswith(FORGED)
        assert not line.startswith("entries/good.md")
        if form == "github" and line.startswith("::"):
            assert line.startswith(
                ("::error file=entries/", "::warning file=entries/", "::notice::")
            )
    assert "\r" not in out


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_name_cannot_forge_output(tmp_path: Path, form: str) -> None:
    for end in ("\n", "\r", "\r\n", "\x0b", "\x85", "\u2028"):
        folder = tmp_path / "entries" / f"a{end}{FORGED}{end}entries"
        folder.mkdir(parents=True)
        (folder / "good.md: all good.md").write_bytes(b"x")
    for arguments in ((), ("--fix",)):
        code, out, err = command("-C", str(tmp_path), "--now", NOW, "check", "-f", form, *arguments)
        assert code == 1
        assert_not_forged(out + err, form)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "key",
    [
        *("conference", "url", "credited parents", "date archived", "status"),
        *("layout", "language", "wayback snapshot", "also known as"),
        *("forkable file", "date announced"),
    ],
)
def test_a_value_cannot_forge_output(form: str, key: str) -> None:
    lines = {"layout": "coc", "conference": "Lantern", "date archived": "2014-02-30"}
    lines[key] = f'"zz\\n{FORGED}\\r{FORGED}\\u2028{FORGED}\\nentries/good.md:1:1: x"'
    header = "".join(f"{name}: {value}\n" for name, value in lines.items())
    one = entry_of("entries/x.md", f"---\n{header}---\n\nx\n".encode())
    context = Context(Archive.of([one]), schemas(), TODAY)
    report = Report((one.path,), tuple(check_entries([one], context, POLICY)))
    renderers = {"json": as_json, "github": github, "sarif": sarif, "junit": junit}
    out = renderers[form].render(report) if form in renderers else text.render(report)
    assert report.diagnostics
    assert_not_forged(out, form)


# Settings, baselines and schemas come from strangers too


def assert_no_mistake(root: Path, *arguments: str) -> None:
    code, _, err = command("-C", str(root), "--now", NOW, "check", *arguments)
    assert code in (0, 1, 2)
    assert "mistake" not in err, err
    assert "Traceback" not in err
    assert (code == 2) == any(line.startswith("error: ") for line in err.splitlines())


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "lantern.md").write_bytes(b"---\nlayout: own\nstatus: x\n---\n\nx\n")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pyproject.toml", b"tool = 1"),
        ("pyproject.toml", b"tool = []"),
        ("pyproject.toml", b"[tool]\narchivist = 1"),
        ("pyproject.toml", b"[tool]\narchivist = []"),
        ("pyproject.toml", b"[[tool]]\narchivist = {}"),
        ("pyproject.toml", b"[[tool.archivist]]\n"),
        ("archivist.toml", b""),
        ("archivist.toml", b"\xff"),
        ("archivist.toml", b"\0"),
        ("archivist.toml", b"check = 1"),
        ("archivist.toml", b"[[check]]"),
        ("archivist.toml", b"[check]\nseverity = 1"),
        ("archivist.toml", b"[check]\nseverity = {D301 = []}"),
        ("archivist.toml", b"[check]\nseverity = {D301 = {}}"),
        ("archivist.toml", b"[check]\nseverity = {'' = 'error'}"),
        ("archivist.toml", b"[check]\ndisable = 1"),
        ("archivist.toml", b"[check]\ndisable = [1]"),
        ("archivist.toml", b"[check]\ndisable = ['']"),
        ("archivist.toml", b"[check]\ndisable = ['\\u0000']"),
        ("archivist.toml", b"[check]\nignore = [1]"),
        ("archivist.toml", b"[[check.ignore]]\nentry = 1\ncodes = 1\nreason = 1"),
        ("archivist.toml", b"[[check.ignore]]\nentry = 'a'\ncodes = [[]]\nreason = 'b'"),
        ("archivist.toml", b"[check]\nbaseline = 1"),
        ("archivist.toml", b"[check]\nbaseline = ''"),
        ("archivist.toml", b"[check]\nbaseline = 'entries'"),
        ("archivist.toml", b"[check]\nbaseline = '/dev/zero'"),
        ("archivist.toml", b"[check]\nbaseline = '\\u0000'"),
        ("archivist.toml", b"[check]\nbaseline = '" + b"a" * 5000 + b"'"),
        ("archivist.toml", b"x = " + b"1" * 5000),
        ("archivist.toml", b"x = " + b"[" * 50_000),
        ("archivist.toml", b"x = 2014-02-30"),
        ("archivist.toml", b"x = 0x" + b"f" * 5000),
        ("archivist-baseline.json", b""),
        ("archivist-baseline.json", b"\xff\xfe"),
        ("archivist-baseline.json", b"null"),
        ("archivist-baseline.json", b'"a"'),
        ("archivist-baseline.json", b"[]"),
        ("archivist-baseline.json", b"{}"),
        ("archivist-baseline.json", b'{"version": 1}'),
        ("archivist-baseline.json", b'{"version": 1, "counts": []}'),
        ("archivist-baseline.json", b'{"version": 1, "counts": {"a": 1}}'),
        ("archivist-baseline.json", b'{"version": 1, "counts": {"a": {"b": "c"}}}'),
        ("archivist-baseline.json", b'{"version": 1, "counts": {"a": {"b": []}}}'),
        ("archivist-baseline.json", b'{"version": 1, "counts": {"a": {"b": Infinity}}}'),
        ("archivist-baseline.json", b'{"version": 1, "counts": {"a": {"b": NaN}}}'),
        ("archivist-baseline.json", b'{"version": 1, "counts": {"a": {"b": 1e999}}}'),
        ("archivist-baseline.json", b'{"version": 1, "counts": {"a": {"b": -1}}}'),
        ("archivist-baseline.json", b'{"version": 1, "counts": {"\\ud800": {"b": 1}}}'),
        ("archivist-baseline.json", b"[" * 100_000),
        ("archivist-baseline.json", b"1" * 5000),
        ("schema/own.schema.json", b""),
        ("schema/own.schema.json", b"null"),
        ("schema/own.schema.json", b"true"),
        ("schema/own.schema.json", b"{}"),
        ("schema/own.schema.json", b"[" * 100_000),
        ("schema/own.schema.json", b'{"properties": []}'),
        ("schema/own.schema.json", b'{"properties": {"x": true}, "required": ["x"]}'),
        ("schema/own.schema.json", b'{"properties": {"x": {"examples": 5}}, "required": ["x"]}'),
        ("schema/own.schema.json", b'{"properties": {"x": {"examples": [5]}}, "required": ["x"]}'),
        (
            "schema/own.schema.json",
            b'{"properties": {"status": true}, "patternProperties": {"s": {"pattern": "^y"}}}',
        ),
        ("schema/own.schema.json", b'{"properties": {"status": {"const": 1}}}'),
        ("schema/own.schema.json", b'{"properties": {"status": {"enum": []}}}'),
        ("schema/own.schema.json", b'{"properties": {"status": {"enum": [null, 1, {}]}}}'),
        ("schema/own.schema.json", b'{"properties": {"status": false}}'),
        ("schema/own.schema.json", b'{"properties": {"status": {"type": ["integer", "array"]}}}'),
        ("schema/own.schema.json", b'{"properties": {"status": {"not": {}}}}'),
        ("schema/own.schema.json", b'{"additionalProperties": {"type": "integer"}}'),
        ("schema/own.schema.json", b'{"unevaluatedProperties": false}'),
        ("schema/own.schema.json", b'{"propertyNames": {"maxLength": 1}}'),
        ("schema/own.schema.json", b'{"minProperties": 100}'),
        ("schema/own.schema.json", b'{"dependentRequired": {"status": ["b"]}}'),
        ("schema/own.schema.json", b'{"required": ["\\u0000"]}'),
        ("schema/own.schema.json", b'{"$ref": "#"}'),
        ("schema/own.schema.json", b'{"$ref": "own.schema.json"}'),
        ("schema/own.schema.json", b'{"$ref": "nothing.schema.json"}'),
        ("schema/own.schema.json", b'{"$ref": "http://127.0.0.1:9/a.schema.json"}'),
        ("schema/own.schema.json", b'{"$ref": "file:///etc/passwd"}'),
        ("schema/own.schema.json", b'{"$dynamicRef": "#a"}'),
        ("schema/own.schema.json", b'{"$schema": "http://127.0.0.1:9/a"}'),
        ("schema/own.schema.json", b'{"$id": 1}'),
        ("schema/own.schema.json", b'{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}'),
        ("schema/own.schema.json", b'{"properties": {"status": {"pattern": "(a+)+$"}}}'),
        ("schema/own.schema.json", b'{"properties": {"status": {"pattern": "(?=a)b"}}}'),
        ("schema/own.schema.json", b'{"properties": {"status": {"pattern": "("}}}'),
        ("schema/own.schema.json", b'{"properties": {"status": {"pattern": "(a{999}){999}"}}}'),
        ("schema/own.schema.json", b'{"properties": {"status": {"minLength": 1e400}}}'),
        (
            "schema/own.schema.json",
            b'{"properties": {"status": {"minLength": ' + b"9" * 400 + b"}}}",
        ),
        ("schema/\xff.schema.json", b"{}"),
        ("schema/.schema.json", b"{}"),
    ],
)
def test_files_of_the_archive_that_are_wrong(small: Path, name: str, data: bytes) -> None:
    path = os.fsencode(small) + b"/" + os.fsencode(name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    Path(os.fsdecode(path)).write_bytes(data)
    assert_no_mistake(small)
    assert_no_mistake(small, "-f", "sarif")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("archivist.toml", b"a." * 100_000 + b"b = 1", id="a key of many parts"),
        pytest.param("archivist.toml", b"[" + b"a." * 100_000 + b"b]", id="a deep table"),
        pytest.param("archivist.toml", b"a = " + b"{b = " * 100_000, id="tables in tables"),
        pytest.param("archivist.toml", b"a = " + b"'" * 500_000, id="quotes"),
        pytest.param(
            "archivist.toml",
            b"".join(b"a%d = 1\n" % number for number in range(60_000)),
            id="many keys",
        ),
        pytest.param(
            "archivist-baseline.json",
            b'{"version": 1, "counts": {' + b'"a": {' * 100_000,
            id="deep JSON",
        ),
        pytest.param("archivist-baseline.json", b"1" * 900_000, id="a long number"),
        pytest.param(
            "schema/own.schema.json",
            b'{"properties": {"status": {"pattern": "^' + b"(a|b)?" * 20_000 + b'$"}}}',
            id="a long pattern",
        ),
        pytest.param(
            "schema/own.schema.json",
            b'{"allOf": [' * 5000 + b"{}" + b"]}" * 5000,
            id="schemas in schemas",
        ),
    ],
)
def test_files_of_the_archive_that_take_their_time(small: Path, name: str, data: bytes) -> None:
    (small / name).parent.mkdir(exist_ok=True)
    (small / name).write_bytes(data)
    found = measure(small, "check", limit=5)
    assert "Traceback" not in found.err
    assert found.code in (0, 1, 2), f"killed after {found.seconds:.1f} s: {found.code}"
    assert found.seconds < SECONDS
    assert found.megabytes < MEGABYTES


@pytest.mark.parametrize(
    "name",
    ["archivist.toml", "pyproject.toml", "archivist-baseline.json", "schema/own.schema.json"],
)
def test_files_of_the_archive_that_are_none(small: Path, name: str) -> None:
    path = small / name
    path.parent.mkdir(exist_ok=True)
    for make in (
        lambda: os.mkfifo(path),
        path.mkdir,
        lambda: path.symlink_to(path),
        lambda: path.symlink_to("/dev/zero"),
        lambda: path.symlink_to("/nonexistent"),
        lambda: path.write_bytes(b"\n" * (1 << 21)),
    ):
        make()
        assert_no_mistake(small)
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 5),
        st.floats(),
        st.sampled_from(["string", "null", "array", "status", "layout", "own", "x", "#", "", "^x"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    *("type", "properties", "required", "enum", "const", "pattern", "items"),
                    *("allOf", "anyOf", "oneOf", "not", "examples", "status", "layout"),
                    *("additionalProperties", "$ref", "if", "then", "else", "minLength"),
                    *("patternProperties", "propertyNames", "version", "counts"),
                    *("unevaluatedProperties", "dependentSchemas", "contains"),
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


@FUZZ
@given(JSON)
def test_any_json_as_schema_or_baseline(document: object) -> None:
    with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
        root = Path(folder)
        for name in ("entries", "schema"):
            (root / name).mkdir()
        (root / "entries" / "x.md").write_bytes(b"---\nlayout: own\nstatus: x\nk:\n- a\n---\n\nx\n")
        (root / "schema" / "own.schema.json").write_text(json.dumps(document))
        assert_no_mistake(root)
        (root / "schema" / "own.schema.json").write_text("{}")
        (root / "archivist-baseline.json").write_text(json.dumps(document))
        assert_no_mistake(root)


def test_a_baseline_of_a_large_archive_is_read(tmp_path: Path) -> None:
    """What `--write-baseline` wrote is known debt, also if it takes more than a mebibyte."""
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "x.md").write_bytes(b"---\nlayout: coc\n---\n\nx")
    assert measure(tmp_path, "check", "--write-baseline").code == 0
    path = tmp_path / "archivist-baseline.json"
    document = json.loads(path.read_text())
    document["counts"] |= {f"entries/of-a-conference-{n}.md": {"F108": 1} for n in range(25_000)}
    path.write_text(json.dumps(document))
    assert path.stat().st_size > 1 << 20
    found = measure(tmp_path, "check")
    assert_answered(found)
    assert found.code == 0


@pytest.mark.parametrize("now", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_at_the_ends_of_time(small: Path, now: str) -> None:
    path = small / "entries" / "lantern.md"
    for date in ("Dec 31, 9999", "Jan 01, 1900"):
        path.write_bytes(BODY.replace(b"Feb 04, 2014", date.encode()) + b"Be kind.\n")
        code, _, err = command("-C", str(small), "--now", now, "check")
        assert "mistake" not in err
        assert code in (0, 1)


@pytest.mark.parametrize("now", ["9999-12-31T23:59:59-10:00", "0001-01-01T00:00:00+10:00"])
def test_beyond_the_ends_of_time(small: Path, now: str) -> None:
    code, _, err = command("-C", str(small), "--now", now, "check")
    assert "mistake" not in err
    assert code in (1, 2)


@pytest.mark.parametrize(
    "name", ["/etc/x.md", "../x.md", "x.md", "entries/../../x.md", "loop/x.md", "entries", ""]
)
def test_names_for_stdin_that_lie_elsewhere(small: Path, name: str) -> None:
    (small / "loop").symlink_to("loop")
    done = subprocess.run(
        [sys.executable, "-m", "archivist", "-C", str(small), "check", f"--stdin-filename={name}"],
        input=BODY,
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode in (1, 2)
