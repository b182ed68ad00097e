"""Make an archive whose entries name URLs of the web, the list of these URLs, and the pages.

    python -m benchmarks.links.made FOLDER --kind ok --urls 2000

`FOLDER/archive` has an entry a URL, in the order of their paths; `FOLDER/urls.txt` is what other
link checkers get; `FOLDER/pages/N.html` holds the text of entry N, for URLs of the kind `text`.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

from benchmarks.entries import Made, make_entries
from benchmarks.generate import SCHEMAS, SEED
from benchmarks.links.urls import urls

# Fields that would name other URLs, or that `links` would look up in other entries.
_LEFT_OUT = ("url", "forkable file", "wayback snapshot", "credited parents")
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>body {{ max-width: 40em; margin: auto }}</style></head>
<body><header><nav><a href="/">Home</a> <a href="/programme">Programme</a></nav></header>
<main><h1>{title}</h1>
{text}
</main><footer><p>Last changed in spring. <a href="/imprint">Imprint</a></p></footer></body></html>
"""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.links.made", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", default="ok")
    parser.add_argument("--urls", type=int, default=2000, metavar="N")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--seed", type=int, default=SEED)
    args = parser.parse_args()
    make(args.folder, args.kind, urls(args.kind, args.urls, tls=args.tls), args.seed)


def make(folder: Path, kind: str, named: list[str], seed: int) -> None:
    """Write the archive, the list and, where they are asked for, the pages."""
    shutil.rmtree(folder, ignore_errors=True)
    archive = folder / "archive"
    shutil.copytree(SCHEMAS, archive / "schema")
    entries = list(_pointing(make_entries(len(named), seed), named))
    for path in {Path(entry.path).parent for entry in entries}:
        (archive / path).mkdir(parents=True, exist_ok=True)
    for entry in entries:
        (archive / entry.path).write_bytes(entry.text.encode())
    (folder / "urls.txt").write_text("".join(f"{url}\n" for url in named))
    if kind == "text":
        (folder / "pages").mkdir()
        for number, entry in enumerate(entries):
            (folder / "pages" / f"{number}.html").write_text(_page(entry), encoding="utf-8")


def _pointing(entries: list[Made], named: list[str]) -> Iterator[Made]:
    for entry, url in zip(sorted(entries, key=lambda one: one.path), named, strict=True):
        kept = tuple(field for field in entry.fields if field[0] not in _LEFT_OUT)
        yield replace(entry, fields=(*kept, ("url", url)))


def _page(entry: Made) -> str:
    paragraphs = "\n".join(f"<p>{escape(part)}</p>" for part in entry.body.split("\n\n"))
    return _PAGE.format(title=escape(entry.title), text=paragraphs)


if __name__ == "__main__":
    main()
