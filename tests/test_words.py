"""Words, and the quick ways to them: what they find is what the slow ways find."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archivist import languages
from archivist.extraction import declared
from archivist.words import IDEOGRAPHS, containment, has_words, shingles, size, words

_SIGNS = "aZé_-0٣²’.ʼ ß\n\u0345\u2028\x1c漢"
_TEXTS = st.text(max_size=60) | st.text(st.sampled_from(_SIGNS), max_size=60)


@given(_TEXTS | st.text(st.characters(max_codepoint=127), max_size=60))
def test_words_of_plain_texts_are_found_as_of_others(text: str) -> None:
    each = rf"[{IDEOGRAPHS}]|[^\W{IDEOGRAPHS}]+"
    assert words(text) == re.findall(each, text.casefold())
    assert has_words(text) == bool(re.search(r"\w", text))


@given(_TEXTS)
def test_runs_of_letters(text: str) -> None:
    found = [word.decode("utf-8", "surrogatepass") for word in languages._words(text)]
    assert found == re.findall(r"[^\W\d_]+", text.lower())


def test_containment_is_a_share_of_different_shingles() -> None:
    part = words("Be kind to all who come to the quay, be kind to all.")
    assert containment(set(shingles(part)), shingles(part)) == 1
    assert containment(set(shingles(part)), shingles(part[:4])) == 1 / 9
    assert containment(list(shingles(part)), iter(())) == 0
    assert containment([], shingles(part)) == 0


@given(
    st.lists(
        st.sampled_from(
            (
                *("\n", "\n\n", " ", "x" * 50, "Last updated: ", "effective date of", "Stand "),
                *(
                    "Feb 04, 2014",
                    "2014-02-04",
                    "4/13/2014",
                    "in force from",
                    "en date du ",
                    "2019",
                ),
            )
        ),
        max_size=16,
    )
)
def test_dates_are_looked_for_only_where_years_are(parts: list[str]) -> None:
    text = "".join(parts)
    near = [m for span in declared._near_years(text) for m in declared._LABEL.finditer(text, *span)]
    far = {m.span() for m in declared._LABEL.finditer(text)} - {m.span() for m in near}
    assert not any(re.search("(19|20)[0-9]{2}", text[end : end + 60]) for _, end in far)
    assert {m.span() for m in near} <= {m.span() for m in declared._LABEL.finditer(text)}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Be kind, and it's fine.", 5),
        ("第1条 客人 is a guest", 8),
        ("ผู้มา", 5),
        ("𠀀々〇", 3),
        ("Gäste sind frei", 3),
        ("", 0),
    ],
)
def test_size(text: str, number: int) -> None:
    assert size(text) == number
