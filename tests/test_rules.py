"""The rules, held against archives that say themselves what is wrong with them: `rules/*.txt`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from time import process_time

import pytest
from archives import Archive, archive_of, escape
from hypothesis import given, settings
from hypothesis import strategies as st

from archivist.archive import Archive as Entries
from archivist.checking import Policy, check_entry, policy_of
from archivist.config import CheckSettings
from archivist.diagnostic import Applicability, Diagnostic
from archivist.entry import Entry
from archivist.fixing import mend
from archivist.inspection import FolderSource, Inspection
from archivist.mending import mended_entries
from archivist.rules import RULES, Context
from archivist.schema import Schemas
from archivist.workspace import Workspace, bytes_of

FOLDER = Path(__file__).parent / "rules"
FIXTURES = {path.stem: path for path in sorted(FOLDER.glob("*.txt"))}

_FENCE = re.compile(rb"^---[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """A fixture's archive, on disk."""

    archive: Archive
    root: Path

    @cached_property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    @cached_property
    def policy(self) -> Policy:
        return policy_of(self.workspace.settings.check)

    def inspect(self, *paths: str) -> Inspection:
        source = FolderSource(self.workspace, paths or None)
        return source.inspect(self.policy, self.archive.today)

    def fix(self, *, unsafe: bool) -> dict[str, bytes]:
        """Fix what can be fixed, on disk; the new content of the files that were changed."""
        mended = mended_entries(self.inspect(), self.policy, unsafe=unsafe)
        fixed = {one.after.path: bytes_of(one.after.text) for one in mended}
        for path, data in fixed.items():
            (self.root / path).write_bytes(data)
        return fixed


def case_of(name: str, root: Path) -> Case:
    archive = archive_of(FIXTURES[name].read_text(encoding="utf-8"))
    (root / "entries").mkdir()
    return Case(archive, archive.write(root))


@pytest.fixture(params=FIXTURES, scope="module")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A fixture that is only read."""
    return case_of(request.param, tmp_path_factory.mktemp("case"))


@pytest.fixture(params=FIXTURES)
def own_case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    """A fixture that may be written to."""
    return case_of(request.param, tmp_path)


def line_of(one: Diagnostic) -> str:
    """A diagnostic as a line of `expect`."""
    hint = f" | {one.hint}" if one.hint else ""
    fix = f" [{one.fix.applicability}]" if one.fix else ""
    head = f"{one.path}:{one.line}:{one.column}: {one.severity} {one.code}"
    return escape(f"{head} {one.message}{hint}{fix}")


def is_safe(one: Diagnostic) -> bool:
    return one.fix is not None and one.fix.applicability is Applicability.SAFE


def body_of(data: bytes) -> bytes:
    """What stands behind the second fence; nothing if there is none."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    fences = list(_FENCE.finditer(data))
    return data[fences[1].end() :] if len(fences) > 1 else b""


def test_what_is_found(case: Case) -> None:
    assert [line_of(one) for one in case.inspect().found] == list(case.archive.expected)


def test_every_place_is_in_its_file(case: Case) -> None:
    for one in case.inspect().found:
        file = case.archive.files[one.path]
        lines = file.data.decode("utf-8", "surrogateescape").split("\n")
        for line, column in ((one.line, one.column), (one.end_line, one.end_column)):
            assert 1 <= line <= len(lines)
            assert 1 <= column <= len(lines[line - 1]) + 1
        assert (one.line, one.column) <= (one.end_line, one.end_column)
        if not file.is_pipe and file.link is None and lines != [""]:
            assert one.excerpt in (lines[one.line - 1], "")


def test_safe_fixes(own_case: Case) -> None:
    case = own_case
    fixed = case.fix(unsafe=False)
    assert fixed == case.archive.fixed
    for path, data in fixed.items():
        before = body_of(case.archive.files[path].data)
        assert body_of(data).rstrip(b"\n") == before.rstrip(b"\n")
    assert case.fix(unsafe=False) == {}
    assert not [one for one in case.inspect().found if is_safe(one)]


def test_unsafe_fixes(own_case: Case) -> None:
    case = own_case
    fixed = case.fix(unsafe=True)
    assert fixed == case.archive.fixed | case.archive.unsafely_fixed
    assert case.fix(unsafe=True) == {}
    assert not [one for one in case.inspect().found if one.fixable]


def test_a_finding_does_not_depend_on_which_files_are_named(case: Case) -> None:
    found = case.inspect().found
    for path in case.archive.files:
        if path.startswith("entries/"):
            of_file = [one for one in found if one.path == path]
            assert list(case.inspect(path).found) == of_file


def fixtures_of(code: str) -> Iterator[tuple[str, ...]]:
    """What the fixtures made for a rule expect."""
    for name, path in FIXTURES.items():
        if name.startswith(code):
            yield archive_of(path.read_text(encoding="utf-8")).expected


@pytest.mark.parametrize("code", RULES)
def test_a_rule_is_shown_where_it_fires_and_where_it_nearly_does(code: str) -> None:
    fires = [
        any(re.search(rf" (?:error|warning) {code} ", line) for line in expected)
        for expected in fixtures_of(code)
    ]
    assert True in fires, "no fixture of this rule breaks it"
    assert False in fires, "no fixture of this rule keeps it"


def test_a_fixture_is_of_a_rule() -> None:
    assert all(name.partition("-")[0] in RULES for name in FIXTURES)


@pytest.mark.parametrize(
    "line", ["caf\udce9: none", "caf\udce9:", "status: \udce9", "language: \udce9"]
)
def test_a_byte_that_is_not_utf_8_stops_no_check(line: str) -> None:
    text = ENTRY.replace("url:", f"{line}\nurl:")
    assert "F111" in {one.code for one in found_in(Entry("entries/lantern.md", text))}


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        "[a](" * 25_000,
        "**a " * 25_000,
        "__a " * 25_000,
        "<a " * 33_000,
        "&a" * 50_000,
        " \n" * 50_000,
        "a\n===\n" * 15_000,
        f"{'a' * 41}\n" * 2_000,
        "\u200e" * 100_000 + "ש",
        "\u200e" * 1_000 + "a" * 100_000 + "ש",
        "\u200d" * 100_000,
        "\udce9\r\x00" * 33_000,
    ],
    ids=range(13),
)
def test_no_text_holds_up_the_check(body: str) -> None:
    start = process_time()
    found_in(Entry("entries/lantern.md", f"{ENTRY}{body}\n"))
    assert process_time() - start < 8  # coverage measures, too


@pytest.mark.parametrize(
    "line",
    [
        f"a{' ' * 4_000}b",
        f"credited parents: a{' ' * 4_000}b",
        f"credited parents: {'a and ' * 600}b",
        f"also known as: [{'a, ' * 1_300}b]",
        f"also known as: {'[' * 2_000}",
        f"wayback snapshot: https://a{'/a' * 2_000}",
        f"licence: {'A AND ' * 600}!",
        "\n".join(f"k{number}: a" for number in range(500)),
    ],
    ids=range(8),
)
def test_no_front_matter_holds_up_the_check(line: str) -> None:
    start = process_time()
    found_in(Entry("entries/lantern.md", ENTRY.replace("url:", f"{line}\nurl:")))
    assert process_time() - start < 8  # coverage measures, too


# Pieces of entries, good and bad, of which any text may be made.
PIECES = (
    *("---\n", "---", "\n", "\n\n", " ", "  ", "\t", ":", ": ", "#", " # x", "- ", "# a remark\n"),
    *("layout: coc\n", "layout: source\n", "layout: cocc\n", "Layout: coc\n", "status: inforce\n"),
    *("organization: Lantern\n", "conference: Quay 2014\n", "organization:\n", "language: no\n"),
    *("date archived: Feb 04, 2014\n", "date archived: 2014-02-04\n", "date announced: 2013\n"),
    *("url: https://lantern.example/c\n", "url: lantern.example\n", "url:https://quay.example\n"),
    *("credited parents:\n  - Quay\n", "credited parents: Quay, many\n", "also known as: [a, b]\n"),
    *("!!", "&", "*", "[", "]", "{", "|", ">", "'", '"', "\\", "~", "12:30", "\xa0", "…"),
    *("\r\n", "\r", "\x00", "\x1b", "\x7f", "\x85", "\u2028", "\ufffe", "\ufeff", "\udce9"),
    *("\u200b", "\u200d", "\u202e", "а", "é", "שלום", "東", "😀", "❤\ufe0f"),
    *("Be kind.\n", "be kind\n", "**b**", "[a](b)", "<br>", "&amp;", "===\n", "```\n", "(a) b\n"),
)
ENTRY = (
    "---\nlayout: coc\norganization: Lantern\ndate archived: Feb 04, 2014\n"
    "url: https://lantern.example/c\n---\n\nBe kind.\n"
)
NEIGHBOUR = Entry(
    "entries/quay-2014.md",
    "---\nlayout: coc\nconference: Quay 2014\ndate archived: Feb 04, 2014\n---\n\nBe glad.\n",
)
SCHEMAS = Schemas()
POLICY = policy_of(CheckSettings())


@st.composite
def texts(draw: st.DrawFn) -> str:
    """An entry into which pieces were dropped, here and there, or nothing but pieces."""
    text = draw(st.sampled_from((ENTRY, ENTRY, ENTRY, "")))
    for piece in draw(st.lists(st.sampled_from(PIECES), max_size=6)):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + piece + text[place + draw(st.integers(0, 3)) :]
    return text


def found_in(entry: Entry, policy: Policy = POLICY) -> list[Diagnostic]:
    context = Context(Entries.of([entry, NEIGHBOUR]), SCHEMAS, date(2026, 11, 23))
    return list(check_entry(entry, context, policy))


@given(texts())
@settings(max_examples=250, deadline=None, derandomize=True, database=None)
def test_whatever_a_file_holds_it_can_be_checked(text: str) -> None:
    for one in found_in(Entry("entries/lantern.md", text)):
        lines = text.split("\n")
        assert 1 <= one.line <= one.end_line <= len(lines)
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1
        assert 1 <= one.end_column <= len(lines[one.end_line - 1]) + 1
        assert "\n" not in f"{one.message}{one.hint}"


@given(texts())
@settings(max_examples=250, deadline=None, derandomize=True, database=None)
def test_whatever_a_file_holds_safe_fixes_leave_nothing_to_fix(text: str) -> None:
    entry = Entry("entries/lantern.md", text)
    alone = POLICY.without_crossing()
    mended = mend(entry, lambda one: found_in(one, alone))
    after = mended.after if mended else entry
    left = [one.code for one in found_in(after, alone) if is_safe(one)]
    assert left == []
    assert len(after.text) <= 2 * len(text) + 10, "a fix adds quotes, blanks and a newline"
    if text.startswith("---"):
        before, behind = bytes_of(text), bytes_of(after.text)
        assert body_of(behind).rstrip(b"\n") == body_of(before).rstrip(b"\n")
