"""Extraction with a `content selector`: how much of a text comes out that lies in one element.

    python -m benchmarks.selectors FOLDER

`FOLDER` holds `score.py` and `pages/`, each (`*.html`) with its text selected by hand (`*.md`).
For every second page the selector is that of the smallest element that holds 99 % of what the page
has of that text: what a maintainer would point at. Words are compared by 5-grams.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archivist.extraction import Extraction, Selection, extract
from archivist.extraction.charset import decode

_ENOUGH = 0.99


def main() -> None:
    """Print each page's F1 with its selector and without, then the means."""
    folder = Path(sys.argv[1])
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec
    assert spec.loader
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    rows = [_row(page, score) for page in sorted((folder / "pages").glob("*.html"))[::2]]
    for chosen, found, name, selector in sorted(rows):
        print(f"{chosen:.3f} without {found:.3f} {name}: {selector}")
    for at, what in enumerate(("with a selector", "without")):
        figures = [float(row[at]) for row in rows]
        good = sum(one >= 0.98 for one in figures)
        mean, middle = statistics.mean(figures), statistics.median(figures)
        print(f"{what}: mean F1 {mean:.3f}, median {middle:.3f}, {good} of {len(rows)} ≥ 0.98")


def _row(path: Path, score: Any) -> tuple[float, float, str, str]:
    page = path.read_bytes()
    lines, _ = score.gold(path.with_suffix(".md").read_text(encoding="utf-8"))
    wanted: Counter[Any] = score.grams(lines)
    tree = LexborHTMLParser(decode(page, "text/html").text)
    assert tree.body
    selector = _path(_smallest(tree.body, wanted, score))

    def quality(selection: Selection) -> float:
        found = extract(page, "text/html", selection=selection)
        text = found.text if isinstance(found, Extraction) else ""
        return float(score.overlap(score.grams(text.split("\n")), wanted)[2])

    return quality(Selection(selector)), quality(Selection()), path.stem, selector


def _smallest(node: LexborNode, wanted: Counter[Any], score: Any) -> LexborNode:
    """The innermost element that holds nearly all that this one holds of the text."""

    def held(one: LexborNode) -> int:
        return sum((score.grams([one.text(separator=" ")]) & wanted).values())

    enough = held(node) * _ENOUGH
    while inner := next((one for one in node.iter() if held(one) >= enough), None):
        node = inner
    return node


def _path(node: LexborNode) -> str:
    """A selector of this element alone, by its place."""
    parts: list[str] = []
    current: LexborNode | None = node
    while current is not None and current.tag != "body":
        place, before = 1, current.prev
        while before is not None:
            place += before.tag == current.tag
            before = before.prev
        parts.append(f"{current.tag}:nth-of-type({place})")
        current = current.parent
    return " > ".join(["body", *reversed(parts)])


if __name__ == "__main__":
    main()
