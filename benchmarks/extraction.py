"""Extraction: pages a second on one core, and how its time grows with the page.

    python benchmarks/extraction.py [FOLDER]

`FOLDER` holds pages (`*.html`); without it, pages are made up. Times are CPU times.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from archivist.extraction import extract

ROUNDS = 3
SIZES = (100, 500, 1_000, 2_000, 5_000)  # kB
WORDS = ("lantern", "quay", "guild", "tide", "rope", "steward", "guest", "harbour", "keeper")


def page(size: int, seed: int) -> bytes:
    """A page of about `size` kB: a menu, then paragraphs, lists and tables."""
    chance = random.Random(seed)

    def prose(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count)).capitalize() + "."

    menu = "".join(f'<li class="item"><a href="/{word}">{word}</a></li>' for word in WORDS)
    parts = [f"<title>Rules</title><nav><ul>{menu}</ul></nav><main><h1>Rules</h1>"]
    length = 0
    while length < size * 1000:
        parts.append(
            f'<div class="block"><h2 id="h{length}">{prose(3)}</h2><p>{prose(60)} '
            f'<a href="#">{prose(2)}</a> {prose(30)}</p><ul><li>{prose(9)}</li><li>{prose(12)}</li>'
            f"</ul><table><tr><th>{prose(1)}<th>{prose(1)}<tr><td>{prose(4)}<td>{prose(5)}</table>"
            "</div>"
        )
        length += len(parts[-1])
    return "".join(parts).encode()


def seconds(pages: list[bytes]) -> float:
    """The least CPU time of some rounds over these pages."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for data in pages:
            extract(data, "text/html")
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    """Print the figures."""
    if len(sys.argv) > 1:
        pages = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.html"))]
    else:
        pages = [page(150, seed) for seed in range(40)]
    extract(pages[0], "text/html")
    total = sum(map(len, pages)) // len(pages) // 1000
    print(f"{len(pages)} pages of {total} kB: {len(pages) / seconds(pages):.0f} pages/s")
    for size in SIZES:
        taken = seconds([page(size, 1)])
        print(f"{size:>5} kB: {taken * 1000:7.1f} ms, {taken / size * 1e6:.1f} µs/kB")


if __name__ == "__main__":
    main()
