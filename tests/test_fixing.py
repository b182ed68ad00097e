"""Fixes: what safe ones may change, that they come to an end, and that they do not get in each
other's way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

import pytest
from archives import TODAY
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archivist import dates
from archivist.archive import Archive
from archivist.checking import Policy, check_entry, policy_of
from archivist.config import CheckSettings
from archivist.diagnostic import Applicability, Diagnostic, Edit, Fix, Severity, apply_edits
from archivist.entry import Entry
from archivist.fixing import Mended, mend
from archivist.mending import diff
from archivist.rules import Context
from archivist.schema import Schemas
from archivist.workspace import bytes_of, entry_of

FUZZ = settings(derandomize=True, deadline=None, max_examples=150)
PATH = "entries/lantern-conf-2014.md"
POLICY = policy_of(CheckSettings())
BODY = "\nBe kind.\n"
LOST = {"F101", "F113"}  # front matter that could not be read at all


@cache
def schemas() -> Schemas:
    return Schemas()


def check(entry: Entry) -> list[Diagnostic]:
    context = Context(Archive.of([entry]), schemas(), TODAY)
    return list(check_entry(entry, context, POLICY.without_crossing()))


def entry(text: str) -> Entry:
    return Entry(PATH, text)


def mended(text: str, *, unsafe: bool = False) -> Mended | None:
    return mend(entry(text), check, unsafe=unsafe)


def after(text: str, *, unsafe: bool = False) -> str:
    found = mended(text, unsafe=unsafe)
    return text if found is None else found.after.text


def form_errors(one: Entry) -> set[str]:
    """The codes of errors in the form of the file and its front matter."""
    return {
        found.code
        for found in check(one)
        if found.severity is Severity.ERROR and found.code[0] == "F"
    }


def assert_safe(text: str) -> str:
    """Mend the text; what safe fixes promise must hold. Returns the new text."""
    before, new = entry(text), entry(after(text))
    if before.is_readable:
        assert new.is_readable
        if before.front.end < before.front.body_start:
            assert new.body in (before.body, f"{before.body}\n")
        old_errors = form_errors(before)
        uncovered = {"F104", "F105"} if "F103" in old_errors else set()  # lines that are now fields
        assert form_errors(new) <= old_errors | uncovered
        assert _lost_values(before, new) == []
    found = [one for one in check(new) if one.fix and one.fix.applicability is Applicability.SAFE]
    assert found == [], "nothing that is called safe to mend may be left"
    again = mended(new.text)
    assert again is None, f"not at rest: {again}"
    return new.text


def _lost_values(before: Entry, new: Entry) -> list[str]:
    """Safe fixes respell dates and write blanks for tabs, and change no other value.

    A list that YAML misreads somewhere is left out: its items are then taken as they are written.
    """
    misread = [flaw.finding.start for flaw in before.front.flaws if flaw.kind == "yaml-misreads"]
    kept = Counter(_letters(one.text) for field in new.front.fields for one in field.values)
    values = Counter(
        _letters(one.text)
        for field in before.front.fields
        for one in field.values
        if not (field.is_list and any(field.start <= start < field.end for start in misread))
    )
    return sorted((values - kept).elements())


def _letters(value: str) -> str:
    """What a safe fix may not change: the text but for blanks and quotes, a date as its style."""
    plain = " ".join(value.split()).strip("'\"")
    return dates.style(plain) or plain


# Arbitrary entries

VALUES = st.one_of(
    st.sampled_from(["", "coc", "source", "Lantern Conf 2014", "2014-02-04", "March 17, 2013"]),
    st.sampled_from(["&yet", "Node #1", "!!Con", "no", "2014", "a: b", '"a"', "'a' # b", "[a, b]"]),
    st.sampled_from(
        ["Caf\udce9", "a\x01b", "a\tb", "a\u2028b", "\u00a0a", "[[[[", "|", "- a", "'"]
    ),
    st.text(max_size=8).filter(lambda text: "\n" not in text),
)
KEYS = st.sampled_from(
    [
        *("layout", "conference", "organization", "date announced"),
        *("date archived", "url", "credited parents", "Conference", "CONFERENCE"),
        *("conferense", "Date Archived", "forkable", "date-archived"),
        *("also known as", "status", "unknown", "Layout", "layuot"),
    ]
)
LINES = st.one_of(
    st.builds(
        "{}{}:{}{}{}".format,
        KEYS,
        st.sampled_from(["", "", " "]),
        st.sampled_from([" ", " ", "  ", "", "\t"]),
        VALUES,
        st.sampled_from(["", "", " ", "\t", "\r"]),
    ),
    st.builds("{}:\n- {}\n- {}".format, KEYS, VALUES, VALUES),
    st.sampled_from(["", "  ", "# note", "  2014", "- item", "key:value", "\u00a0", "Text."]),
)
TEXTS = st.builds(
    "{}---{}\n{}{}{}{}".format,
    st.sampled_from(["", "", "", "", "\ufeff", "\n", " \n", "\ufeff\n", "Text\n"]),
    st.sampled_from(["", "", " ", "\r"]),
    st.lists(LINES, max_size=6).map(lambda lines: "".join(f"{line}\n" for line in lines)),
    st.sampled_from(["---\n", "---\n", "---\n", "\n---\n", "---", "", "--- \r\n"]),
    st.sampled_from(["\nBe kind.", "\nBe kind.\n", "", "\n", "  a \n\tb\t\n\n\n", "x\r\ny"]),
    st.sampled_from(["", "\n", "\nCaf\udce9", "\r", " ", "\n---\n"]),
)


@FUZZ
@given(TEXTS)
def test_safe_fixes_of_any_entry(text: str) -> None:
    assert_safe(text)


@FUZZ
@given(st.lists(LINES, max_size=8))
def test_safe_fixes_of_front_matter(lines: list[str]) -> None:
    header = "".join(f"{line}\n" for line in lines)
    assert_safe(f"---\n{header}---\n{BODY}")


@FUZZ
@given(st.one_of(st.binary(max_size=80), TEXTS.map(bytes_of).map(lambda data: data[:-7])))
def test_safe_fixes_of_any_bytes(data: bytes) -> None:
    assert_safe(entry_of(PATH, data).text)


@FUZZ
@given(TEXTS)
def test_unsafe_fixes_come_to_an_end(text: str) -> None:
    new = after(text, unsafe=True)
    assert after(new, unsafe=True) == new


HEAD = "---\nlayout: coc\nconference: Lantern Conf 2014\n"
TAIL = f"date archived: Feb 04, 2014\n---\n{BODY}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{HEAD}{TAIL}", id="nothing to do"),
        pytest.param(f"{HEAD}{TAIL}"[:-1], id="no final newline"),
        pytest.param(f"\ufeff{HEAD}{TAIL}", id="byte order mark"),
        pytest.param(f"\ufeff{HEAD}{TAIL}"[:-1], id="byte order mark and no final newline"),
        pytest.param(f"\n{HEAD}{TAIL}", id="a blank line before the front matter"),
        pytest.param(f"\n \n{HEAD}{TAIL}"[:-1], id="blank lines before, no newline behind"),
        pytest.param(f"\ufeff\n{HEAD}{TAIL}", id="byte order mark and a blank line"),
        pytest.param("\ufeffText", id="byte order mark and no front matter"),
        pytest.param("Text", id="no front matter"),
        pytest.param("---\nlayout: coc\nconference: Caf\udce9\n" + TAIL, id="Latin-1"),
        pytest.param("---\nlayout: coc\nconference: a\x01b\n" + TAIL, id="a control character"),
        pytest.param("---\nlayout: coc\nconference: a\u2028b\n" + TAIL, id="a line separator"),
        pytest.param("---\nlayout: coc\nconference: " + "[" * 25 + "\n" + TAIL, id="brackets"),
        pytest.param("---\nlayout: coc\nconference: '" + "[" * 25 + "\n" + TAIL, id="and a quote"),
        pytest.param("---\nlayout: coc\nconference: &a 'b'\n" + TAIL, id="an anchor"),
        pytest.param("---\nlayout: coc\nconference: | \n" + TAIL, id="a block sign"),
        pytest.param("---\nlayout: coc\nconference: 'a\n" + TAIL, id="an open quote"),
        pytest.param('---\nlayout: coc\nconference: "a\\qb"\n' + TAIL, id="no escape"),
        pytest.param(f"{HEAD}# note\n\ndate archived:\t2014-02-04 \n---\n{BODY}", id="at once"),
        pytest.param(f"---\nlayout: coc\nConference: a\nCONFERENCE: b\n{TAIL}", id="two respelt"),
        pytest.param(f"---\nlayout: coc\nconferenc:\nconferense:\n{TAIL}", id="two blank misspelt"),
        pytest.param("---\nlayout: coc\nLAYOUT: coc\n" + TAIL, id="a duplicate misspelt"),
        pytest.param(
            f"---\nlayout: coc\ndate archived: Feb 04, 2014\nconference: Lantern\n---\n{BODY}",
            id="out of order",
        ),
        pytest.param(
            "---\nlayout: coc\ndate archived: Feb 04, 2014\nconference: Lantern Conf 2014",
            id="out of order, not closed, no final newline",
        ),
        pytest.param(
            "---\nlayout: coc\ndate archived: Feb 04, 2014\nconference: Lantern Conf 2014\n---",
            id="out of order, no final newline",
        ),
        pytest.param(f"---\r\n{HEAD[4:]}{TAIL}".replace("\n", "\r\n"), id="CR LF"),
        pytest.param(f"{HEAD}date archived: 2014-02-04\r\n---\r\n{BODY}", id="some CR LF"),
        pytest.param(f"{HEAD}first seen: '2014-02-04' # note\n{TAIL}", id="a quoted date"),
        pytest.param(f"{HEAD}\u00a0\n{TAIL}", id="a line of a no-break space"),
        pytest.param(f"{HEAD}key:value\n{TAIL}", id="no blank behind the colon"),
        pytest.param(f"{HEAD}a:b:c\n{TAIL}", id="no blank behind two colons"),
        pytest.param(f"{HEAD}\tx\ty\t\n{TAIL}", id="tabs"),
    ],
)
def test_safe_fixes(text: str) -> None:
    assert_safe(text)


def test_a_line_that_continues_a_value_stays_behind_it() -> None:
    text = (
        "---\nlayout: coc\ndate archived: Feb 04, 2014\nconference: Lantern Conf\n  2014\n"
        f"url: https://lantern.example/\n---\n{BODY}"
    )
    assert "conference: Lantern Conf\n  2014\n" in assert_safe(text)


def test_comment_lines_stay_above_their_key() -> None:
    text = f"---\nlayout: coc\n# 1\ndate archived: Feb 04, 2014\n# 2\n\nconference: L\n---\n{BODY}"
    assert after(text) == (
        f"---\nlayout: coc\n# 2\n\nconference: L\n# 1\ndate archived: Feb 04, 2014\n---\n{BODY}"
    )


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("conference:  L", "conference: L"),
        ("conference: L  ", "conference: L"),
        ("conference : L", "conference: L"),
        ("conference:\tL", "conference: L"),
        ("Conference: L", "conference: L"),
        ("conferense:", "conference:"),
        ("conference: Node #1", 'conference: "Node #1"'),
        ("conference: &yet", 'conference: "&yet"'),
        ('conference: &"yet"', "conference: '&\"yet\"'"),
        ("conference: !!Con", 'conference: "!!Con"'),
        ("conference: it's: so", 'conference: "it\'s: so"'),
        ('conference: "it": \\o/', "conference: '\"it\": \\o/'"),
        ("conference: no", 'conference: "no"'),
        ("conference: 2014", 'conference: "2014"'),
        ("conference:L", "conference: L"),
    ],
)
def test_one_line(line: str, fixed: str) -> None:
    assert after(f"---\nlayout: coc\n{line}\n{TAIL}") == f"---\nlayout: coc\n{fixed}\n{TAIL}"


@pytest.mark.parametrize(
    ("written", "styled"),
    [
        ("2014-02-04", "Feb 04, 2014"),
        ("March 17, 2013", "Mar 17, 2013"),
        ("Nov 29 2010", "Nov 29, 2010"),
        ('"2014-02-04"', "Feb 04, 2014"),
        ("  2014-02-04  ", "Feb 04, 2014"),
    ],
)
def test_dates(written: str, styled: str) -> None:
    text = f"{HEAD}date archived: {written}\n---\n{BODY}"
    assert after(text) == f"{HEAD}date archived: {styled}\n---\n{BODY}"


@pytest.mark.parametrize(
    "written", ["04/02/2014", "Feb 2014", "Feb 30, 2014", "Jul 08, 2012 (DRAFT ONLY)", "unknown"]
)
def test_what_needs_judgement_is_left(written: str) -> None:
    text = f"{HEAD}date archived: {written}\n---\n{BODY}"
    assert mended(text) is None


@pytest.mark.parametrize(
    "body",
    [
        *("\nA   \nb\t\n\n\n\nc\n", "\r\nA\r\nb\r\n", "\n# A\n\n**b** <br>\n"),
        *("\nA\u200b\u202eb\n", "", "\n" + "word " * 20 + "\nand more\n"),
        *("\nCaf\udce9 \x00\n", "\n\n\n", "---\n---\n"),
    ],
)
def test_a_body_is_never_touched(body: str) -> None:
    text = f"{HEAD}date archived: 2014-02-04 \n---\n{body}"
    assert after(text) == f"{HEAD}date archived: Feb 04, 2014\n---\n{body}"


# Overlaps


def _diagnostic(code: str, edits: Iterable[tuple[int, int, str]], safe: bool = True) -> Diagnostic:
    applicability = Applicability.SAFE if safe else Applicability.UNSAFE
    fix = Fix("mend", tuple(Edit(*one) for one in edits), applicability)
    return Diagnostic(PATH, 1, 1, code, Severity.ERROR, "", 1, 1, "x", None, "", fix)


def _once(text: str, *found: Diagnostic, unsafe: bool = False) -> Mended | None:
    """Mend with these diagnostics in the first round and none in the next."""
    rounds: Iterator[list[Diagnostic]] = iter([list(found)])
    return mend(entry(text), lambda _: next(rounds, []), unsafe=unsafe)


TEXT = "---\nabcdefgh\n---\n"


@pytest.mark.parametrize(
    ("fixes", "fixed", "codes"),
    [
        ([[(4, 6, "X")], [(6, 8, "Y")]], "XYefgh", ["A", "B"]),
        ([[(6, 8, "Y")], [(4, 6, "X")]], "XYefgh", ["A", "B"]),
        ([[(4, 7, "X")], [(6, 8, "Y")]], "Xdefgh", ["A"]),
        ([[(4, 8, "X")], [(5, 6, "Y")]], "Xefgh", ["A"]),
        ([[(5, 6, "Y")], [(4, 8, "X")]], "Xefgh", ["B"]),
        ([[(4, 6, "X")], [(4, 6, "Y")]], "Xcdefgh", ["A"]),
        ([[(4, 4, "X")], [(4, 4, "Y")]], "Xabcdefgh", ["A"]),
        ([[(4, 4, "X")], [(4, 5, "Y")]], "Xabcdefgh", ["A"]),
        ([[(5, 5, "X")], [(4, 6, "Y")]], "Ycdefgh", ["B"]),
        ([[(4, 5, "X"), (8, 9, "Y")], [(6, 7, "Z")]], "XbZdYfgh", ["A", "B"]),
        ([[(4, 5, "X"), (8, 9, "Y")], [(8, 10, "Z")]], "XbcdYfgh", ["A"]),
        ([[(6, 7, "X"), (4, 5, "Y")], [(5, 6, "Z")]], "YZXdefgh", ["A", "B"]),
    ],
)
def test_overlapping_fixes(
    fixes: list[list[tuple[int, int, str]]], fixed: str, codes: list[str]
) -> None:
    """A fix is applied whole or not at all; of two that overlap, the first in the text."""
    found = [_diagnostic(code, edits) for code, edits in zip("ABC", fixes, strict=False)]
    result = _once(TEXT, *found)
    assert result is not None
    assert result.after.text == TEXT.replace("abcdefgh", fixed)
    assert [code for code, _ in result.counts] == codes


EDITS = st.lists(
    st.tuples(st.integers(4, 12), st.integers(0, 4), st.sampled_from(["", "X", "YZ"])),
    min_size=1,
    max_size=1,
).map(lambda many: [(start, min(start + length, 12), text) for start, length, text in many])


@FUZZ
@given(st.lists(EDITS, max_size=6))
@example([[(4, 6, "")], [(6, 6, "X")], [(6, 7, "Y")]])
def test_any_fixes_can_be_applied_together(fixes: list[list[tuple[int, int, str]]]) -> None:
    """Those chosen do not overlap; each that is left out overlaps one that was chosen."""
    found = [_diagnostic(f"C{number}", edits) for number, edits in enumerate(fixes)]
    result = _once(TEXT, *found)
    if result is None:
        return
    chosen = {code for code, _ in result.counts}
    edits = [edit for one in found if one.code in chosen and one.fix for edit in one.fix.edits]
    assert result.after.text == apply_edits(TEXT, edits)


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    one, other = _diagnostic("A", [(4, 5, "X")]), _diagnostic("B", [(6, 7, "Y")], safe=False)
    safe, both = _once(TEXT, one, other), _once(TEXT, one, other, unsafe=True)
    assert safe is not None
    assert both is not None
    assert safe.after.text == TEXT.replace("abcdefgh", "Xbcdefgh")
    assert both.after.text == TEXT.replace("abcdefgh", "XbYdefgh")


def test_a_fix_that_would_change_a_body_is_not_safe() -> None:
    """Whatever a rule says: a safe fix that touches the text is not applied."""
    text = f"{HEAD}{TAIL}"
    place = text.index("kind")
    assert _once(text, _diagnostic("A", [(place, place + 1, "m")])) is None


def test_a_fix_that_never_comes_to_rest_ends() -> None:
    found = _diagnostic("A", [(4, 4, "X")])
    result = mend(entry(TEXT), lambda _: [found])
    assert result is not None
    assert len(result.after.text) < len(TEXT) + 1000


def test_the_diff_shows_what_changes() -> None:
    result = mended(f"{HEAD}date archived: 2014-02-04\n---\n\nBe kind.")
    assert result is not None
    assert diff(result) == (
        f"--- a/{PATH}\n+++ b/{PATH}\n@@ -1,7 +1,7 @@\n ---\n layout: coc\n"
        " conference: Lantern Conf 2014\n-date archived: 2014-02-04\n+date archived: Feb 04, 2014\n"
        " ---\n \n-Be kind.\n\\ No newline at end of file\n+Be kind.\n"
    )


def test_a_policy_without_rules_mends_nothing() -> None:
    policy = Policy(())
    context = Context(Archive.of([]), schemas(), TODAY)
    assert mend(entry("\ufeffx"), lambda one: check_entry(one, context, policy)) is None


def test_however_many_tabs_there_are() -> None:
    """A check reports a hundred findings of a rule; a fix mends all of them."""
    many = "a\t" * 1500
    assert "\t" not in assert_safe(f"{HEAD}# {many}b\n{TAIL}")


def test_however_many_lines_end_in_blanks() -> None:
    assert " \n" not in after(f"{HEAD}{TAIL}" + "Be kind. \n" * 2000, unsafe=True)
