"""Extraction on real policy pages, where they are beside the checkout: what it is good for."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from archivist.extraction import Extraction, extract

FOLDER = Path(__file__).parents[2] / "shared" / "extraction"


class Score(NamedTuple):
    """How well a page came out: F1 of word 5-grams, and of the words in whole lines."""

    page: str
    words: float
    lines: float
    doubts: int


@pytest.fixture(scope="module")
def scores() -> list[Score]:
    """Every page's score, by the measures that are kept with the pages."""
    if not FOLDER.is_dir():
        pytest.skip("the real pages are not here: ../shared/extraction")
    pytest.importorskip("lxml")
    spec = importlib.util.spec_from_file_location("score", FOLDER / "score.py")
    assert spec
    assert spec.loader
    measures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(measures)
    return [_score(page, measures) for page in sorted((FOLDER / "pages").glob("*.html"))]


def _score(page: Path, measures: ModuleType) -> Score:
    found = extract(page.read_bytes(), "text/html")
    assert isinstance(found, Extraction)
    lines = found.text.split("\n")
    gold, _ = measures.gold(page.with_suffix(".md").read_text(encoding="utf-8"))
    cells = [cell for line in lines for cell in line.split("|")]
    have, want = (
        measures.collections.Counter(filter(None, map(measures.normal, some)))
        for some in (cells, gold)
    )
    return Score(
        page.stem,
        measures.overlap(measures.grams(lines), measures.grams(gold))[2],
        measures.overlap(have, want, measures.by_words)[2],
        len(found.doubts),
    )


def test_words_and_lines(scores: list[Score]) -> None:
    assert sum(one.words for one in scores) / len(scores) >= 0.94
    assert sum(one.lines for one in scores) / len(scores) >= 0.93
    assert sum(one.words < 0.9 for one in scores) <= 5


def test_bad_ones_are_doubtful(scores: list[Score]) -> None:
    bad = [one for one in scores if one.words < 0.8]
    assert sum(one.doubts > 0 for one in bad) >= 0.9 * len(bad)
    good = [one for one in scores if one.words >= 0.9]
    assert sum(one.doubts > 0 for one in good) <= 0.25 * len(good)
