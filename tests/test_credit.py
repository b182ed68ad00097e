"""Credits: the names in `credited parents`, and where each of them stands."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archivist.credit import KEY, Credit, candidate_names, credits_of, is_sentence
from archivist.frontmatter import Field
from archivist.grammar import parse
from archivist.names import fold

FUZZ = settings(derandomize=True, deadline=None, max_examples=200)


def header_of(lines: str) -> str:
    return f"---\nlayout: coc\n{KEY}:{lines}\n---\n\nBody\n"


def field_of(text: str) -> Field:
    field = parse(text).get(KEY)
    assert field is not None
    return field


class _Known:
    """Knows names as an archive does: compared folded."""

    def __init__(self, names: tuple[str, ...] | list[str]) -> None:
        self._folded = {fold(name) for name in names}

    def __call__(self, name: str) -> bool:
        return fold(name) in self._folded


@pytest.mark.parametrize(
    ("lines", "known", "names"),
    [
        ("", (), []),
        ("  ", (), []),
        (" none", (), []),
        (" None", (), []),
        (' "none"', (), []),
        (" Ada Initiative", (), ["Ada Initiative"]),
        (" Geek Feminism, !!Con & Hacker School", (), ["Geek Feminism", "!!Con", "Hacker School"]),
        (" A; B", (), ["A", "B"]),
        (" A,B , C", (), ["A", "B", "C"]),
        (" A, , B,", (), ["A", "B"]),
        (" ,", (), []),
        (" A and B", (), ["A", "B"]),
        (" A AND B", (), ["A", "B"]),
        (" A, and B", (), ["A", "B"]),
        (" A, & B", (), ["A", "B"]),
        (" A & B and C", (), ["A", "B", "C"]),
        (" Andover & Sandra", (), ["Andover", "Sandra"]),
        (" Rock and Roll Conf, B", ("Rock and Roll Conf",), ["Rock and Roll Conf", "B"]),
        (" Rock and Roll Conf, B", (), ["Rock", "Roll Conf", "B"]),
        (" A, B & C", ("A, B & C",), ["A, B & C"]),
        (" Ash, Oak & Elm", ("Oak & Elm",), ["Ash", "Oak & Elm"]),
        (" AT&T", (), ["AT&T"]),
        (" AT&T", ("AT", "T"), ["AT", "T"]),
        (" AT&T", ("AT&T", "AT", "T"), ["AT&T"]),
        (" AT&T & IBM", (), ["AT&T", "IBM"]),
        (" Ash&Oak", ("Ash", "Oak"), ["Ash", "Oak"]),
        (" Ash&Oak", ("Ash",), ["Ash&Oak"]),
        (" Geek Feminism & others", (), ["Geek Feminism", "others"]),
        (" https://a.example/b?c=d", (), ["https://a.example/b?c=d"]),
        (' "A, B"', (), ["A", "B"]),
        (" 'A, B'", ("A, B",), ["A, B"]),
        ("\n- A, B\n- C & D\n- 'E, F'", (), ["A, B", "C & D", "E, F"]),
        (" [A, 'B, C']", (), ["A", "B, C"]),
        (" []", (), []),
        ("\n- none", (), []),
        ("\n- none\n- Ash", (), ["none", "Ash"]),
    ],
)
def test_names(lines: str, known: tuple[str, ...], names: list[str]) -> None:
    text = header_of(lines)
    found = credits_of(field_of(text), _Known(known))
    assert [one.name for one in found] == names
    for one in found:
        assert text[one.start : one.end].strip("'\"") == one.name


def test_no_field_credits_nobody() -> None:
    assert credits_of(None, bool) == ()


@pytest.mark.parametrize(
    "name", ["many", "others", "Other", "the others", "various", "several.", "many more"]
)
def test_vague(name: str) -> None:
    assert Credit(name, 0, 1).is_vague


@pytest.mark.parametrize("name", ["Many Hands", "none", "Several Conf"])
def test_not_vague(name: str) -> None:
    assert not Credit(name, 0, 1).is_vague


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("policy URL is to EuRuCamp's, so consider this a clone.", True),
        ("this is the same as last year", True),
        ("Geek Feminism", False),
        ("The Open Source Bridge Code Of Conduct", False),
        ("a b c d", False),
        ("", False),
    ],
)
def test_sentences(text: str, said: bool) -> None:
    assert is_sentence(text) == said


def test_places_in_a_quoted_value_with_escapes() -> None:
    """Where places cannot be counted, the whole value is the place."""
    text = header_of(" 'A''s, B'")
    (found,) = credits_of(field_of(text), _Known(()))
    assert (found.name, text[found.start : found.end]) == ("A's, B", "'A''s, B'")


# Properties

PLAIN_NAMES = st.sampled_from(
    [
        "Ash",
        "Oak Conf",
        "Elm 2013",
        "AT&T",
        "Élan",
        "Sandra",
        "Andy",
        "!!Con",
        "R&D Days",
        "none so",
    ]
)
JOINTS = st.sampled_from(
    [", ", "; ", " & ", " and ", ",", " , ", " AND ", "  &  ", ", and ", ", & "]
)


@FUZZ
@given(st.lists(st.tuples(PLAIN_NAMES, JOINTS), min_size=1, max_size=5), st.booleans())
def test_names_joined_in_any_way_come_back(pairs: list[tuple[str, str]], quoted: bool) -> None:
    names = [name for name, _ in pairs]
    value = "".join(name + joint for name, joint in pairs[:-1]) + names[-1]
    if value[0] == "!" and not quoted:
        value = f"Ash, {value}"
        names = ["Ash", *names]
    text = header_of(f' "{value}"' if quoted else f" {value}")
    found = credits_of(field_of(text), _Known(names))
    assert [one.name for one in found] == names
    quotes = '"' if quoted and len(names) == 1 else ""  # one name: its place is the whole value
    assert [text[one.start : one.end].strip(quotes or " ") for one in found] == names


@FUZZ
@given(
    st.lists(
        st.sampled_from(["Ash, Oak", "Elm & Fir", "Yew and Bay", "Box; Ivy", "A, B & C and D"]),
        min_size=1,
        max_size=3,
        unique=True,
    ),
    st.sampled_from([", ", "; "]),
)
def test_a_known_name_stays_whole_as_a_whole_value(names: list[str], joint: str) -> None:
    """A value that is one known name, whatever separators are in it; so are the items of a list."""
    for name in names:
        text = header_of(f" {name}")
        (found,) = credits_of(field_of(text), _Known(names))
        assert (found.name, text[found.start : found.end]) == (name, name)
    text = header_of("".join(f"\n- {name}" for name in names))
    assert [one.name for one in credits_of(field_of(text), _Known(()))] == names
    without = [name for name in names if "," not in name and ";" not in name]
    if without:
        text = header_of(f" {joint.join(without)}")
        assert [one.name for one in credits_of(field_of(text), _Known(names))] == without


KNOWN = st.lists(st.text(st.sampled_from("aAnd &,;B"), max_size=6).filter(fold), max_size=4)
ANYTHING = st.one_of(
    st.text(st.sampled_from("aAnd &,;.\"'[]-:#\u00a0é\U0001f600"), max_size=30),
    st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=20),
    st.lists(st.sampled_from(["a", "B", "and", "&", ",", "B&C", "none", "the"]), max_size=9).map(
        " ".join
    ),
)


@FUZZ
@given(ANYTHING, KNOWN)
@example("a & & b", [])
@example("& a", [])
@example("and", [])
@example("a and", [])
@example("a,&,b", [])
@example("a & &b", ["b"])
def test_credits_stand_where_they_are_said_to_stand(value: str, known: list[str]) -> None:
    text = header_of(f" {value}")
    field = parse(text).get(KEY)
    if field is None or field.is_list:
        return
    found = credits_of(field, _Known(known))
    (scalar,) = field.values
    done = scalar.start
    for one in found:
        assert done <= one.start < one.end <= scalar.end
        assert one.name == one.name.strip()
        assert one.name
        done = one.end
        exact = text[scalar.start : scalar.end] in (scalar.text, f'"{scalar.text}"')
        if exact and (len(found) > 1 or scalar.text == text[scalar.start : scalar.end]):
            assert text[one.start : one.end] == one.name
    covered = "".join(one.name for one in found)
    kept = [char for char in scalar.text if char.isalnum()]
    lost = len(kept) - sum(char.isalnum() for char in covered)
    words = scalar.text.lower().split()
    assert lost <= 3 * words.count("and") + 9 * (fold(scalar.text) == "none")


@FUZZ
@given(ANYTHING, KNOWN)
@example("Ant and Bee&Cat", ["Bee", "Cat"])
@example("Ant & Bee&Cat", ["Bee", "Cat"])
@example("Ant, Bee & Cat", ["Bee & Cat"])
@example("Ant, and Bee", ["Bee"])
@example("Ant, and Bee", ["and Bee"])
@example("the Ant & the Bee", ["Ant"])
def test_candidates_hold_every_name_whatever_is_known(value: str, known: list[str]) -> None:
    """What an index remembers as possibly credited must hold whatever a check will resolve."""
    field = parse(header_of(f" {value}")).get(KEY)
    asked: set[str] = set()

    def is_known(name: str) -> bool:
        asked.add(fold(name))
        return fold(name) in {fold(one) for one in known}

    found = credits_of(field, is_known)
    candidates = {fold(name) for name in candidate_names(field)}
    assert {fold(one.name) for one in found} <= candidates
    assert asked <= candidates
