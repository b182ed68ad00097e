"""What YAML makes of one field: `is_plain`, `written`, `quoted` and `read_field` against PyYAML."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from archivist.yamlreading import (
    Misreading,
    YamlText,
    certain_text,
    is_plain,
    quoted,
    read_field,
    written,
)

FUZZ = settings(derandomize=True, deadline=None, max_examples=200)
LOADERS: list[Any] = [yaml.CSafeLoader, yaml.SafeLoader]
STR = "tag:yaml.org,2002:str"

SIGNS = " \t:#,[]{}&*!|>'\"%@`-?=<~.+_0123456789eExXoO"
ODD = "\u00a0\u0085\u2028\u2029\u200b\u200e\ufeff\x00\x07\x0b\x0c\x1b\x7f\x80\udce9\U0001f600é東ǅª²"
WORDS = ["yes", "No", "ON", "off", "true", "False", "null", "NULL", "y", "N", "none", "Infinity"]
ONE_LINE = st.text(
    st.one_of(
        st.sampled_from(SIGNS),
        st.sampled_from("abcxyzN"),
        st.sampled_from(ODD),
        st.characters(codec="utf-8", exclude_characters="\r\n"),
    ),
    max_size=30,
)
PRINTABLE = ONE_LINE.map(lambda text: "".join(char for char in text if char.isprintable()))


def scalar(text: str, loader: Any) -> tuple[str, str]:
    """What YAML reads as the value of the one key, and the tag that it gives it."""
    node = yaml.compose(text, Loader=loader)
    assert isinstance(node, yaml.MappingNode)
    assert len(node.value) == 1
    value = node.value[0][1]
    if isinstance(value, yaml.SequenceNode):
        (value,) = value.value
    assert isinstance(value, yaml.ScalarNode)
    return value.value, value.tag


@FUZZ
@given(st.one_of(ONE_LINE, st.sampled_from(WORDS), st.builds("a{}".format, ONE_LINE)))
@example("Node #1")
@example("Node#1")
@example("a: b")
@example("a:")
@example("a:b")
@example("a ")
@example("Geek Feminism, !!Con & Hacker School")
@example("a - b ? c")
@example("a\ufeff")
@example("aa\u2028b")
@example("東京")
def test_a_plain_value_is_what_yaml_reads(value: str) -> None:
    assume(is_plain(value))
    for loader in LOADERS:
        for line in (f"key: {value}\n", f"key:\n- {value}\n", f"key:\n   - {value}\n"):
            assert scalar(line, loader) == (value, STR)


@FUZZ
@given(st.one_of(ONE_LINE, *(ONE_LINE.map(f"{sign}{{}}{sign}".format) for sign in "'\"")))
@example('"Node #1"')
@example("'a: b'")
@example('"a" # b"')
@example("'it''s'")
@example('"a\\"')
@example('" a "')
@example("'2014'")
@example('""')
def test_a_certain_text_is_what_yaml_reads(value: str) -> None:
    text = certain_text(value)
    assume(text is not None)
    for loader in LOADERS:
        for line in (f"key: {value}\n", f"key:\n- {value}\n", f"key:\n   - {value}\n"):
            assert scalar(line, loader) == (text, STR)


@pytest.mark.parametrize(
    "value",
    [
        *("", " a", "a ", "1", "2014-02-30", "no", "NO", "&yet", "!!Con", "*x"),
        *("# 1", "a #1", "a: b", "[a]", "{a}", '"a"', "'a'", "- a", "? a", "| a"),
        *("> a", "%a", "@a", "`a", "a\u00a0b", "a:", "12:30", "1_000", "~", "="),
        *("<<", ".inf", "0x1F", "a\tb", "a\x85b", "caf\udce9"),
    ],
)
def test_what_is_not_certain_is_not_plain(value: str) -> None:
    assert not is_plain(value)
    assert (certain_text(value) is None) == (value not in ('"a"', "'a'"))


@pytest.mark.parametrize(
    "value", ["Dec 10, 2013", "https://a.example/b?c=d&e#f", "AT&T", "none", "Café", "a.b", "Yes!"]
)
def test_usual_values_are_plain(value: str) -> None:
    assert is_plain(value)


@FUZZ
@given(PRINTABLE)
@example("#")
@example('"')
@example("'")
@example("\\")
@example("\\\"'")
@example("''")
@example("no")
@example("2014")
@example("[a]")
@example("['")
@example("- - a")
@example(" ")
@example("a: 'b' \"c\"")
def test_a_written_value_is_read_back(value: str) -> None:
    line = f"key: {written(value)}\n"
    for loader in LOADERS:
        text, tag = scalar(line, loader)
        assert text == value
        assert tag == STR or not value


@FUZZ
@given(PRINTABLE)
@example("\\n")
def test_a_quoted_value_is_read_back(value: str) -> None:
    for loader in LOADERS:
        assert scalar(f"key: {quoted(value)}\n", loader) == (value, STR)


@pytest.mark.parametrize(
    "value", ["[" * 30, "a: " + "{" * 30, "Who {" + "}" * 10 + "{" * 30 + " #"]
)
def test_many_brackets_in_quotes_are_no_nested_structure(value: str) -> None:
    (found,) = _texts(read_field(f"key: {quoted(value)}\n", [quoted(value)]))
    assert found.value == value


@FUZZ
@given(ONE_LINE)
@example('"a" # b')
@example("&x [a]")
@example("!!str [a, b]")
@example("&x 'a'")
@example("!!int '5'")
@example("!!Con 'a'")
@example("[]")
@example("[a, [b]]")
@example("[a, no]")
@example("[" * 5000)
def test_a_reading_is_what_yaml_reads(value: str) -> None:
    """What `read_field` returns is what PyYAML reads, as text; all else is a misreading."""
    value = value.strip(" \t")
    chunk = f"key: {value}\n"
    reading = read_field(chunk, [value])
    if isinstance(reading, Misreading):
        assert reading.reason
        return
    for loader in LOADERS:
        if loader is yaml.SafeLoader and "\t" in value:
            continue  # the two differ about tabs, which front matter must not contain
        node = yaml.compose(chunk, Loader=loader)
        assert isinstance(node, yaml.MappingNode)
        found = node.value[0][1]
        is_list = isinstance(found, yaml.SequenceNode)
        assert is_list == value.startswith("["), "a list must look like one"
        scalars = found.value if is_list else [found]
        assert [one.value for one in scalars] == [one.value for one in reading]
        assert [one.tag for one in scalars] == [STR] * len(scalars)
    for one in reading:
        assert 0 <= one.start <= one.end <= len(chunk)


@FUZZ
@given(st.lists(ONE_LINE, max_size=4), st.text(max_size=40))
def test_no_lines_whatever_raise(values: list[str], lines: str) -> None:
    for chunk in (lines, f"key:\n{lines}", "key:\n" + "".join(f"- {one}\n" for one in values)):
        assert isinstance(read_field(chunk, values), list | Misreading)


@pytest.mark.parametrize(
    ("lines", "values", "reason"),
    [
        ("key: Node #1\n", ["Node #1"], "takes what follows “#” for a comment and reads “Node”"),
        ("key: # 1\n", ["# 1"], "takes the value for a comment and reads nothing"),
        ("key: !!Con\n", ["!!Con"], "takes the beginning for a type tag and reads nothing"),
        ("key: &yet\n", ["&yet"], "takes the beginning for an anchor and reads nothing"),
        ("key: *yet\n", ["*yet"], "takes `*` for a reference to another value"),
        ("key: no\n", ["no"], "reads a truth value"),
        ("key: 2014\n", ["2014"], "reads a number"),
        ("key: 1.5\n", ["1.5"], "reads a number"),
        ("key: 2014-02-04\n", ["2014-02-04"], "reads a timestamp"),
        ("key: ~\n", ["~"], "reads nothing"),
        ("key: a: b\n", ["a: b"], "takes the colon for the end of a key"),
        ("key: @a\n", ["@a"], "cannot read a value that begins with this character"),
        ("key: 'a\n", ["'a"], "misses the closing quote or bracket"),
        ("key: [a\n", ["[a"], "misses the closing quote or bracket"),
        ("key: {a: b}\n", ["{a: b}"], "takes this for nested structure"),
        ("key: caf\udce9\n", ["caf\udce9"], "cannot read these characters"),
        ("key:\n- a\n  - b\n", ["a", "b"], "reads a list of 1"),
    ],
)
def test_the_reason(lines: str, values: list[str], reason: str) -> None:
    reading = read_field(lines, values)
    assert isinstance(reading, Misreading)
    assert reading.reason == reason


@pytest.mark.parametrize(
    ("line", "text", "place"),
    [
        ('key: "a b"\n', "a b", (5, 10)),
        ("key: 'it''s'\n", "it's", (5, 12)),
        ('key: "é\\u0041"\n', "éA", (5, 14)),
        ('key:   "a" \n', "a", (7, 10)),
    ],
)
def test_where_a_quoted_text_stands(line: str, text: str, place: tuple[int, int]) -> None:
    (found,) = _texts(read_field(line, [line[5:].strip()]))
    assert (found.value, (found.start, found.end)) == (text, place)


def test_a_list_in_brackets() -> None:
    found = _texts(read_field("key: [a, 'b, c', \"d\"]\n", ["[a, 'b, c', \"d\"]"]))
    assert [one.value for one in found] == ["a", "b, c", "d"]


def _texts(reading: list[YamlText] | Misreading) -> list[YamlText]:
    assert not isinstance(reading, Misreading), reading
    return reading
