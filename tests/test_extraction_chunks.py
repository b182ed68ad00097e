"""Markdown read in parts gives the text of Markdown read as a whole."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archivist.extraction.chunks import MarkdownReader
from archivist.extraction.sources import of_markdown

PIECES = [
    *("Be kind.", "Guests & hosts, all of you!", "A", "é à la carte", "(in brackets)", "a\u00a0b"),
    *("# Heading", "###### Small #", "Heading\n=====", "Heading\n---", "#none", "Title\n\n-----"),
    *("*   item", "* item", "- item\n\n    more of it", "+ item", "1. one", "7) seven", "2\\. no"),
    *("    code", "\tcode", "> quoted\n> more", "***", "* * *", "broken  \nline", "two\nlines"),
    *("[a](https://a.example/x?y=1&z=%20)", "[a](https://a.example)[b](https://b.example)"),
    *('[a](https://a.example "A title")', "see [a b](http://a.example/#c), please", "![p](p.png)"),
    *("[*a*](https://a.example)", "[a][b]", "[b]: https://b.example", "[ a ](https://a.example)"),
    *("**strong** words", "a**b**c", "**strong**er", "*weak* words", "a_b_c", "__init__", "`code`"),
    *("\\*not\\*", "a\\\nb", "&copy; &amp; &", "1 < 2 > 0", "<https://a.example>", "a <b>c</b>"),
    *("<div>\n\ninner", "</div>", "<!-- no\n\nno -->", "```\ncode\n\nmore\n```", "~~~", "```"),
    *(
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "a | b",
        "*   item\n    \n*   item",
        "1.  one\n    \n2.  two",
    ),
    *(
        "*   item\n\n    para",
        "\\",
        "!",
        "[",
        "](",
        "* a) b",
        "- • c",
        "* 1. d",
        "Ab\u00adc",
        "x\0y",
    ),
    *(
        "**[a](https://a.example)**",
        "[**a**](https://a.example)",
        "**a** **b**",
        "** a **",
        "é**b**",
    ),
    *("* a\n* b", "*   a\n    \n*   b\n    \n*   c", "* a\n- b", "- a\n---", "* a\n\n* b"),
    *("*   a\n    *   b", "* a\n  \n  b", "* A\n+ [b](https://b.example)", "- a\n=", "# a\n---"),
    *("* a\nb", "* a\n* b #", "*   A\n    \n*   1. b", "- [a](https://a.example)\n- **b** c"),
]
SOURCES = st.lists(st.sampled_from(PIECES), max_size=8).map("\n\n".join)


@pytest.mark.parametrize("piece", PIECES)
def test_each_piece(piece: str) -> None:
    assert MarkdownReader().read(piece.encode()).text.decode() == of_markdown(piece)


@settings(deadline=None, max_examples=300)
@given(st.lists(SOURCES, min_size=1, max_size=3))
@example(["Be kind.\n\n1. one\n\n1. two", "Be kind.\n\n1. one\n\ntext\n\n1. two"])
def test_parts_are_the_whole(sources: list[str]) -> None:
    reader = MarkdownReader()  # remembers parts of the sources before
    for source in sources:
        assert reader.read(source.encode()).text.decode() == of_markdown(source)


LINES = st.sampled_from(["A", "b c", "", "", "  ", "- i", "1. n", "   on", "> q", "# h", "*i*"])


@settings(deadline=None, max_examples=200)
@given(
    *[st.lists(LINES, max_size=5)] * 4, st.sampled_from(["", "\n", "\n\n<b>x</b>", "\n\n[b]: c"])
)
@example(["A", ""], [], ["", "b"], [], "")
@example(["1. n", ""], ["A"], ["   c", "", "1. n"], [], "")
@example(["A"], ["", ""], ["", "", ""], ["b"], "")
@example(["A", ""], ["b"], ["   on"], [""], "")
def test_versions_that_share_ends(
    head: list[str], one: list[str], two: list[str], tail: list[str], rest: str
) -> None:
    """Blank lines, few or many, where what is shared ends and begins."""
    reader = MarkdownReader()
    for middle in (one, two, one):
        source = "\n".join([*head, *middle, *tail]) + rest
        assert reader.read(source.encode()).text.decode() == of_markdown(source)


SIGNS = st.text('aé \\*_[]()!&;#<>`~-+1.\n\n\n"/:\r\x0c', max_size=6)
PLACES = st.integers(0, 400)


@settings(deadline=None, max_examples=200)
@given(SOURCES, st.lists(st.tuples(PLACES, PLACES, st.one_of(SIGNS, SOURCES)), max_size=6))
@example("A\n\n[a][b]", [(3, 3, "[b]: c\n\n"), (3, 10, "")])
@example("a <b>c</b>", [(2, 3, "\\"), (0, 0, "```\n\n"), (2, 3, "")])
def test_edits_of_edits(source: str, edits: list[tuple[int, int, str]]) -> None:
    """Each version is read as it would be alone, whatever was read before it."""
    reader = MarkdownReader()
    for start, end, new in [(0, 0, ""), *edits]:
        source = source[:start] + new + source[max(start, end) :]
        assert reader.read(source.encode()) == MarkdownReader().read(source.encode())


@settings(deadline=None, max_examples=300)
@given(st.text('aé \\*_[]()!&;#<>`~-+1.\n"/:', max_size=60))
def test_any_signs(source: str) -> None:
    assert MarkdownReader().read(source.encode()).text.decode() == of_markdown(source)


@given(st.binary(max_size=80))
def test_any_bytes(data: bytes) -> None:
    found = MarkdownReader().read(data)
    assert found.text.decode().encode() == found.text


def test_targets_are_apart() -> None:
    read = MarkdownReader().read
    one = read(b"See [the list](https://a.example/?s=1), and ![it](p.png) [*so*](/x).\n")
    two = read(b"See [the list](https://a.example/?s=2), and ![it](p.png) [*so*](/x).\n")
    assert one.text == two.text == b"See the list, and so.\n"
    assert (one.links, two.links) == (3, 3)
    assert one.targets != two.targets
    assert read(b"No link.").links == 0


@pytest.mark.parametrize(
    "data",
    [
        *(b"[" * 100_000, b"*a_ " * 40_000, b"> " * 60_000, b"a\n\n" * 60_000, b"\\" * 100_000),
        *(b"<b>" * 60_000, b"[a](https://a.example/" * 8_000, b"*a** **b" * 20_000),
        *(b"- a\n\n" * 20_000, b"**a" * 40_000, b"x [a](https://a.example)" * 6_000),
        b"1\n\n" * 1_000_000,
    ],
    ids=range(12),
)
def test_takes_its_time_by_the_size(data: bytes) -> None:
    begun = process_time()
    MarkdownReader().read(data)
    assert process_time() - begun < 40  # a minute and more if it were quadratic
