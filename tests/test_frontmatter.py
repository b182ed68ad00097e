"""Front matter: its grammar, the spans of what it reads, edits in place, and YAML's agreement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archivist import plainfront
from archivist.diagnostic import Places, apply_edits
from archivist.entry import Entry
from archivist.fence import MAX_LENGTH
from archivist.frontmatter import Field, FrontMatter, plain_field, set_value
from archivist.grammar import parse
from archivist.workspace import bytes_of, entry_of

FUZZ = settings(derandomize=True, deadline=None, max_examples=200)
LOADERS: list[Any] = [yaml.CSafeLoader, yaml.SafeLoader]
DATES = ("date announced", "date archived", "first seen")
ENTRIES = sorted((Path(__file__).parents[1] / "entries").rglob("*.md"))

SIGNS = " :#,[]{}&*!|>'\"%@`-?=<~.\\_019"
ODD = "\t\r\u00a0\u0085\u2028\u2029\u200b\ufeff\x00\x0b\x0c\x1b\x7f\udce9\U0001f600é東²"
CHARS = st.one_of(
    st.sampled_from("abcN"),
    st.sampled_from(SIGNS),
    st.sampled_from(ODD),
    st.characters(codec="utf-8", exclude_characters="\n"),
)
JUNK = st.text(CHARS, max_size=12)
KEYS = st.one_of(
    st.sampled_from(["layout", "conference", "url", "credited parents", "date announced", "no"]),
    st.builds("k{}".format, JUNK),
)
VALUES = st.one_of(
    st.sampled_from(["", "coc", "Geek Feminism & others", "Dec 10, 2013", "!!Con", "Node #1"]),
    st.sampled_from(['"a b"', "'it''s'", '"a" # b', "[a, b]", "[]", "&x [a]", "- a", "no", "2014"]),
    st.builds("N{}".format, JUNK),
    JUNK,
)
FIELD_LINES = st.builds(
    "{}{}:{}{}{}".format,
    KEYS,
    st.sampled_from(["", "", "", " "]),
    st.sampled_from([" ", " ", " ", "  ", "", "\t"]),
    VALUES,
    st.sampled_from(["", "", "", " ", "\t", "\r"]),
)
LISTS = st.builds(
    lambda key, indent, items: (
        f"{key}:\n" + "\n".join(f"{a}- {item}" for a, item in items)
        if indent is None
        else f"{key}:\n" + "\n".join(f"{indent}- {item}" for _, item in items)
    ),
    KEYS,
    st.one_of(st.none(), st.sampled_from(["", "  "])),
    st.lists(st.tuples(st.sampled_from(["", " ", "  "]), VALUES), min_size=1, max_size=3),
)
LINES = st.one_of(
    FIELD_LINES,
    FIELD_LINES,
    LISTS,
    st.sampled_from(["", "  ", "# comment", "#: b", "---x", "...", "  continued", "- item"]),
    st.builds("#{}".format, JUNK),
    JUNK,
)
HEADERS = st.lists(LINES, max_size=6).map(lambda lines: "".join(f"{line}\n" for line in lines))
TEXTS = st.one_of(
    st.builds("---\n{}---\n{}".format, HEADERS, JUNK),
    st.builds("---\n{}\n---\n\nBody\n".format, HEADERS),
    st.builds("{}---{}\n{}".format, st.sampled_from(["", "\ufeff", "\n"]), JUNK, HEADERS),
    st.text(CHARS | st.just("\n"), max_size=60),
)


# Bytes and spans


@FUZZ
@given(st.one_of(st.binary(max_size=200), TEXTS.map(bytes_of), st.text().map(str.encode)))
@example(b"\xff\xfe-\x00-\x00")
@example(b"---\nconference: Caf\xe9\n---\n\xe2\x80")
@example(b"\xed\xa0\x80")
@example("---\r\na: b\r\n---\r\n".encode("utf-16"))
def test_bytes_come_back(data: bytes) -> None:
    """All of them; a file in UTF-16 is not read at all."""
    entry = entry_of("entries/x.md", data)
    utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    assert entry.obstacle == ("encoding" if utf_16 else None)
    assert bytes_of(entry.text) == (b"" if utf_16 else data)


@FUZZ
@given(TEXTS)
@example("---\na: b")
@example("---\na:\n- b\n-\n- c")
@example("---")
@example("---\r\na: b\r\n---\r\n")
@example('---\nb: &x  "c" # d\n---\n')
def test_fields_and_what_lies_between_them_are_the_text(text: str) -> None:
    assert_made_up_of_pieces(text)


USUAL = st.lists(
    st.one_of(
        st.builds("{}: {}\n".format, KEYS, VALUES),
        st.sampled_from(["\n", "layout: coc\n", "url:\n", "title: Ada’s\n", "status: No\n"]),
        FIELD_LINES.map("{}\n".format),
    ),
    max_size=4,
).map("".join)


@FUZZ
@given(st.one_of(TEXTS, USUAL.map("---\n{}---\nBody\n---\n".format)))
@example("---\nlayout: coc\nurl:\n\n---\n\nBody\n")
@example("---\n---\nBody\n")
@example("---\na:\n- b\n---\n")
def test_the_shortcut_reads_what_the_grammar_reads(text: str) -> None:
    plain, front = plainfront.read(text), parse(text)
    if plain is not None:
        assert not front.flaws
        assert plain.body_start == front.body_start
        assert list(plain.values.items()) == [(one.key, one.text) for one in front.fields]
        assert tuple(plain_field(text, key) for key in plain.values) == front.fields


def test_the_shortcut_is_taken_by_what_is_usual() -> None:
    plain = plainfront.read("---\nlayout: coc\ndate announced:\nurl: https://a.example/\n\n---\nB")
    assert plain is not None
    assert plain.values == {"layout": "coc", "date announced": "", "url": "https://a.example/"}


def assert_made_up_of_pieces(text: str) -> None:
    """Keys, values and what lies between them are the text, character by character."""
    front = parse(text)
    assert 0 <= front.start <= front.end <= front.body_start <= len(text)
    pieces, done = [], 0
    for start, end, piece in _written_pieces(front, text):
        assert done <= start <= end
        pieces += [text[done:start], piece]
        done = end
    assert "".join([*pieces, text[done:]]) == text


def _written_pieces(front: FrontMatter, text: str) -> Iterator[tuple[int, int, str]]:
    """Keys and values as (start, end, what must stand there), in the order of the text."""
    place = front.start
    for field in front.fields:
        assert place <= field.start <= field.key_start < field.colon < field.end <= front.end
        assert text[field.start - 1] == "\n"
        assert text[field.end - 1] == "\n" or field.end == len(text)
        place = field.end
        yield field.key_start, field.colon, field.key
        assert text[field.colon] == ":" or text[field.colon] in " \t"
        for value in field.values:
            assert field.colon < value.start <= value.end <= field.end
            written = text[value.start : value.end]
            if not written or written[0] not in "'\"&!":
                assert value.text == written.replace("\t", " ")  # a tab is reported, and a blank
            yield value.start, value.end, written
        start, end = field.span
        assert field.start <= start <= end <= field.end


@FUZZ
@given(TEXTS)
@example("---\n a: b\nc: d\n---\n")
@example("---\na:\n- b\n\n- c\n---\n")
def test_every_line_is_accounted_for(text: str) -> None:
    """A line of front matter is a field's, a comment, blank, or reported."""
    front = parse(text)
    if any(flaw.kind in ("no-front-matter", "too-large") for flaw in front.flaws):
        return
    place = front.start
    while place < front.end:
        end = text.find("\n", place, front.end) + 1 or front.end
        line = text[place:end]
        in_field = any(field.start <= place < field.end for field in front.fields)
        reported = any(
            flaw.kind == "not-a-field" and flaw.finding.start < end and flaw.finding.end >= place
            for flaw in front.flaws
        )
        assert in_field or reported or not line.strip() or line.startswith("#")
        place = end


@pytest.mark.parametrize("path", ENTRIES, ids=lambda path: path.stem)
def test_the_entries_of_this_repository_have_no_flaws(path: Path) -> None:
    entry = entry_of(f"entries/{path.name}", path.read_bytes())
    dates = {value.start for key in DATES for value in entry.values(key)}  # 2015 is one
    assert [flaw for flaw in entry.front.flaws if flaw.finding.start not in dates] == []
    assert entry.layout in ("coc", "policy", "source")


def test_real_entries_come_back(corpus: Path) -> None:
    paths = sorted(corpus.rglob("*.md"))
    assert paths
    for path in paths:
        data = path.read_bytes()
        entry = entry_of(path.name, data)
        assert bytes_of(entry.text) == data
        assert_made_up_of_pieces(entry.text)
        for field in entry.front.fields:
            edit = set_value(entry.front, field.key, "X")
            assert parse(apply_edits(entry.text, [edit])).get(field.key) is not None


# The fences


@pytest.mark.parametrize("missing", range(-6, 12))
@pytest.mark.parametrize("line", ["---x", "--- x", "----", "---"])
def test_only_a_whole_line_closes_at_the_limit(missing: int, line: str) -> None:
    """Where the limit falls into the middle of a line, its beginning is no fence."""
    filler = "#" * (MAX_LENGTH - missing - 1)
    text = f"---\n{filler}\n{line}\nkey: value\n---\n\nBody\n"
    front = parse(text)
    fence = text[front.end : front.body_start]
    assert fence == "---\n"
    assert text[front.end - 1] == "\n"
    if line != "---":
        assert front.body_start == text.index("\n---\n", 10) + 5


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", ["no-front-matter"]),
        ("Text\n", ["no-front-matter"]),
        ("\n---\na: b\n---\n", ["no-front-matter"]),
        (" ---\na: b\n---\n", ["no-front-matter"]),
        ("----\na: b\n---\n", ["no-front-matter"]),
        ("--- \na: b\n---\t\n", []),
        ("---\r\na: b\r\n---\r\n", []),
        ("\ufeff---\na: b\n---\n", []),
        ("---\n---\n", []),
        ("---\n---", []),
        ("---\n\n---\n", []),
        ("---\n# only a comment\n---\n", []),
        ("---", ["unclosed-front-matter"]),
        ("---\n", ["unclosed-front-matter"]),
        ("---\na: b\n", ["unclosed-front-matter"]),
        ("---\na: b\n----\n", ["unclosed-front-matter"]),
        ("---\na: b\n ---\n", ["unclosed-front-matter"]),
        ("---\na: b\n...\n---\n", ["not-a-field"]),
        ("---\na: '---'\n---\n", []),
        ("---\na\n---\n", ["not-a-field"]),
        ("---\na:b\n---\n", ["not-a-field"]),
        ("---\n- a\n---\n", ["not-a-field"]),
        ("---\na: b\n  c\n---\n", ["not-a-field"]),
        ("---\n1: b\n---\n", ["not-a-field"]),
        ("---\na: b\na: c\n---\n", ["duplicate-key"]),
        ("---\na: # b\n---\n", ["yaml-misreads"]),
        ("---\na:\tb\n---\n", ["tab"]),
        ("---\na:  b\n---\n", ["stray-blanks"]),
        ("---\na: b \n---\n", ["stray-blanks"]),
        ("---\na : b\n---\n", ["stray-blanks"]),
        ("---\n  \n---\n", ["stray-blanks"]),
        ("---\n" + "#\n" * MAX_LENGTH + "---\n", ["too-large"]),
    ],
)
def test_flaws(text: str, kinds: list[str]) -> None:
    assert [flaw.kind for flaw in parse(text).flaws] == kinds


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("---\na: b\n", [("a", ["b"])]),
        ("---\na: b\n# c\nd: e\nText.\nf: g\n", [("a", ["b"]), ("d", ["e"])]),
        ("---\na: b\nc:\n- d\n\nText: this is none", [("a", ["b"]), ("c", ["d"])]),
    ],
)
def test_fields_of_front_matter_that_is_not_closed(
    text: str, fields: list[tuple[str, list[str]]]
) -> None:
    assert _values(parse(text)) == fields


# Values


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        ("a:", [""]),
        ("a:   ", [""]),
        ("a: b", ["b"]),
        ("a: b: ", ["b:"]),
        ("a: b c  ", ["b c"]),
        ('a: "b"', ["b"]),
        ("a: 'it''s'", ["it's"]),
        ('a: "b" # c', ["b"]),
        ("a: https://b.example/c#d", ["https://b.example/c#d"]),
        ("a: [b, 'c, d']", ["b", "c, d"]),
        ("a: []", []),
        ("a:\n- b\n- c", ["b", "c"]),
        ("a:\n  - b\n  - 'c'", ["b", "c"]),
        ("a: &yet", ["&yet"]),
        ("a: Node #1", ["Node #1"]),
        ("a: # 1", ["# 1"]),
        ("a: !!Con", ["!!Con"]),
        ("a: no", ["no"]),
        ("a: 2014-02-30", ["2014-02-30"]),
        ("a: b\u2028c", ["b\u2028c"]),
    ],
)
def test_values(lines: str, values: list[str]) -> None:
    front = parse(f"---\n{lines}\n---\n")
    assert _values(front) == [("a", values)]


def _values(front: FrontMatter) -> list[tuple[str, list[str]]]:
    return [(field.key, [value.text for value in field.values]) for field in front.fields]


# YAML reads the same


# CR, control characters and bytes that are not UTF-8 have rules of their own: F110, F111, F112.
RULED_OUT = re.compile("[\x00-\x08\x0b-\x1f\x7f\udc80-\udcff]")


def assert_yaml_agrees(header: str) -> bool:
    """Where there is nothing to complain about, PyYAML reads the very same keys and values.

    Stray blanks are no complaint: they are valid. Returns False if there were complaints.
    """
    text = f"---\n{header}---\n\nBody\n"
    front = parse(text)
    if RULED_OUT.search(header) or any(flaw.kind != "stray-blanks" for flaw in front.flaws):
        return False
    header = text[front.start : front.end]  # a line of it may have closed it
    for loader in LOADERS:
        try:
            node = yaml.compose(header, Loader=loader)
        except (yaml.YAMLError, UnicodeError) as error:
            pytest.fail(f"no flaw, but YAML cannot read {header!r}: {error}")
        pairs = [] if node is None else _pairs(node)
        ours = [
            (field.key, [one.text for one in field.values] if field.is_list else field.text)
            for field in front.fields
        ]
        assert pairs == ours
    return True


def _pairs(node: yaml.Node) -> list[tuple[str, str | list[str]]]:
    assert isinstance(node, yaml.MappingNode)
    return [(key.value, _text_or_list(value)) for key, value in node.value]


def _text_or_list(node: yaml.Node) -> str | list[str]:
    if isinstance(node, yaml.SequenceNode):
        return [_text(one) for one in node.value]
    return _text(node, blank=True)


def _text(node: yaml.Node, *, blank: bool = False) -> str:
    assert isinstance(node, yaml.ScalarNode)
    if node.value or not blank:
        assert node.tag == "tag:yaml.org,2002:str"
    return str(node.value)


@FUZZ
@given(HEADERS)
def test_yaml_reads_what_the_lines_say(header: str) -> None:
    assert_yaml_agrees(header)


@FUZZ
@given(st.lists(st.one_of(FIELD_LINES, LISTS), min_size=1, max_size=3))
def test_yaml_reads_what_single_fields_say(lines: list[str]) -> None:
    for line in lines:
        assert_yaml_agrees(f"{line}\n")


@pytest.mark.parametrize(
    "header",
    [
        "layout: coc\nconference: A, B & C\nurl: https://a.example/b#c\n",
        "a: b\n\n\nc: d\n# e\n\n",
        "a:\nb: c\n",
        "a:  b \nc :   d\n",
        "a:\n- b\n- c\nd: e\n",
        "a:\n  - b\n  - c\n",
        "a: [b, 'c, d']\n",
        "a: []\n",
        'a: "b\\u0041" # c\n',
        "yes: a\n",
        "a b, c & d: e\n",
        "é東: \U0001f600é\n",
    ],
)
def test_yaml_agrees_without_flaws(header: str) -> None:
    assert assert_yaml_agrees(header)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("a:\n- b\n  - c\n", id="an item that YAML takes for more of the one above"),
        pytest.param("a:\n  - b\n- c\n", id="items that go back to the left"),
        pytest.param("a:\n- b\n - c\n", id="items that go to the right"),
        pytest.param("a: &x [b]\n", id="a list behind an anchor"),
        pytest.param("a: !!seq [b]\n", id="a list behind a tag"),
        pytest.param("a: !!int '5'\n", id="a number in quotes"),
        pytest.param("a: !!Con 'b'\n", id="quotes behind a tag that nobody knows"),
        pytest.param("a:\n- !!Con 'b'\n- c\n", id="an item behind a tag that nobody knows"),
        pytest.param("# a\u2028url: https://evil.example\n", id="a comment with U+2028"),
        pytest.param("# a\u0085url: https://evil.example\n", id="a comment with U+0085"),
        pytest.param("# a\x80b\n", id="a comment with a C1 control"),
        pytest.param("# a\ufffeb\n", id="a comment with a noncharacter"),
        pytest.param("a\x80b: c\n", id="a key with a C1 control"),
        pytest.param("a\ufffeb: c\n", id="a key with a noncharacter"),
        pytest.param("a:\n-\n", id="a list of one blank item"),
        pytest.param("a\u2028b: c\n", id="a key with U+2028"),
        pytest.param("a\u0085b: c\n", id="a key with U+0085"),
        pytest.param("a" * 1200 + ": b\n", id="a key longer than YAML reads"),
        pytest.param("a: b\n\u00a0\nc: d\n", id="a line of a no-break space"),
        pytest.param("a:\n\u2003\nc: d\n", id="a line of an em space"),
    ],
)
def test_where_yaml_disagrees_there_is_a_flaw(header: str) -> None:
    assert_yaml_agrees(header)


# Edits in place


FORMS = [
    "{k}:",
    "{k}: ",
    "{k}:    ",
    "{k}: old",
    "{k} :  old  ",
    "{k}: 'old'",
    '{k}: "old" # note',
    "{k}: old # note",
    "{k}: &yet",
    "{k}: [a, b]",
    "{k}: [a, 'b'] # note",
    "{k}: []",
    "{k}: [ ]",
    "{k}:\n- a\n- b",
    "{k}:\n  - a\n  - 'b'",
    "{k}:\n- a\n- 'b' # note",
    "{k}:\n- a\n-",
    "{k}:\n- a  ",
]
ONE_LINE = st.text(
    st.one_of(st.sampled_from(SIGNS), st.sampled_from("abN é東\U0001f600")), max_size=20
).filter(str.isprintable)


def assert_sets(text: str, key: str, value: str) -> str:
    """Set a value; everything else must stay. Returns the new text."""
    front = parse(text)
    edit = set_value(front, key, value)
    changed = apply_edits(text, [edit])
    field = front.get(key)
    if field is None:
        assert edit.start == edit.end
    else:
        assert field.colon < edit.start <= edit.end <= field.end
    after = parse(changed)
    found = after.get(key)
    assert found is not None
    assert found.text == value
    assert not found.is_list
    assert _others(after, key) == _others(front, key)
    assert changed[after.body_start :] == text[front.body_start :]
    assert len(after.fields) == len(front.fields) + (field is None)
    kinds = {flaw.kind for flaw in after.flaws}
    assert kinds <= {flaw.kind for flaw in front.flaws} | {"stray-blanks"}
    return changed


def _others(front: FrontMatter, key: str) -> list[tuple[str, list[str]]]:
    return [(name, values) for name, values in _values(front) if name != key]


@FUZZ
@given(st.sampled_from(FORMS), ONE_LINE)
@example("{k}: old", "[" * 21)
@example("{k}:", " ")
@example("{k}: old", "")
@example("{k}: old", "no")
def test_a_value_is_set_whatever_stood_there(form: str, value: str) -> None:
    lines = form.format(k="key")
    text = f"---\r\nfirst: 1a \r\n{lines}\n# note\nlast:\n\n---\r\n\r\nBody \udce9\r\n\n"
    assert_sets(text, "key", value)


@pytest.mark.parametrize("form", FORMS)
def test_a_value_is_set_in_each_form(form: str) -> None:
    lines = form.format(k="key")
    assert_sets(f"---\n{lines}\nlast: b\n---\n\nBody\n", "key", "New Conf 2014")


@FUZZ
@given(ONE_LINE, st.sampled_from(["", "a: b\n", "# a\n\n", "a:\n- b\n- c\n\n"]))
def test_a_missing_key_gets_a_line(value: str, header: str) -> None:
    assert_sets(f"---\n{header}---\n\nBody\n", "key", value)


@pytest.mark.parametrize("text", ["---\na: b", "---\na:\n- b", "---"])
def test_a_missing_key_gets_a_line_of_its_own_at_the_end_of_a_file(text: str) -> None:
    front = parse(text)
    after = parse(apply_edits(text, [set_value(front, "key", "c")]))
    assert _values(after) == [*_values(front), ("key", ["c"])]


def test_a_missing_key_stands_where_the_order_puts_it() -> None:
    text = "---\na: 1x\nc: 3x\n# about e\ne: 5x\n---\n"
    order = ["a", "b", "c", "d", "e"]
    edit = set_value(parse(text), "b", "2x", order)
    assert apply_edits(text, [edit]) == text.replace("a: 1x\n", "a: 1x\nb: 2x\n")
    edit = set_value(parse(text), "d", "4x", order)
    assert apply_edits(text, [edit]) == text.replace("c: 3x\n", "c: 3x\nd: 4x\n")


@pytest.mark.parametrize("value", ["a\nb", "a\n", "a\rb"])
def test_a_value_of_two_lines_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        set_value(parse("---\na: b\n---\n"), "a", value)


@FUZZ
@given(
    st.lists(st.sampled_from([*FORMS, "# note", "", "  ", "# {k}: old"]), min_size=1, max_size=5),
    st.integers(0, 5),
    ONE_LINE,
)
def test_an_edit_of_one_field_changes_that_field_only(
    forms: list[str], which: int, value: str
) -> None:
    lines = [form.format(k=f"key {number}") for number, form in enumerate(forms)]
    text = "---\n" + "".join(f"{line}\n" for line in lines) + "---\n\nBody\n"
    assert_sets(text, f"key {which % len(forms)}", value)


# Positions


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c", "\r"])
def test_only_a_line_feed_ends_a_line(odd: str) -> None:
    text = f"---\n# a{odd}b\n# \U0001f600\nkey: x{odd}y\nbad\n---\n"
    front = parse(text)
    place = text.index("bad")
    (flaw,) = [flaw for flaw in front.flaws if flaw.kind == "not-a-field"]
    assert flaw.finding.start == place
    assert Places(text).of(place) == (5, 1)
    assert Places(text).of(text.index("y\n")) == (4, 8)


@FUZZ
@given(st.text(st.sampled_from("a\n\r\u2028\x0b\U0001f600"), max_size=30), st.integers(0, 30))
def test_positions_count_lines_and_code_points(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    line, column = Places(text).of(offset)
    lines = text[:offset].split("\n")
    assert (line, column) == (len(lines), len(lines[-1]) + 1)


def test_places_of_an_entry() -> None:
    entry = Entry("entries/x.md", '---\n# é\U0001f600\nkey:  "a b"\nlist: [c, "d"]\n---\n\nBody\n')
    key, other = entry.front.fields
    assert _places(entry, key) == [(3, 7)]
    assert _places(entry, other) == [(4, 8), (4, 11)]
    assert entry.body == "\nBody\n"


def _places(entry: Entry, field: Field) -> list[tuple[int, int]]:
    return [Places(entry.text).of(value.start) for value in field.values]


def test_a_value_goes_with_the_blank_before_it() -> None:
    text = "---\nurl: https://quay.example/\nwayback snapshot: x\ntitle:\n---\n"
    for key in ("url", "wayback snapshot", "title"):
        edit = set_value(parse(text), key, "")
        text = apply_edits(text, [edit])
    assert text == "---\nurl:\nwayback snapshot:\ntitle:\n---\n"
