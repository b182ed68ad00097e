"""Make up an archive of N clean entries, one full of mistakes, or the same much for other tools.

    python -m benchmarks.generate archive FOLDER --entries 10000
    python -m benchmarks.generate archive FOLDER --entries 10000 --dirty
    python -m benchmarks.generate yaml FOLDER --entries 10000
    python -m benchmarks.generate peps FOLDER --entries 10000

The same numbers and the same seed make the same bytes. `archivist check` finds nothing in the
clean archive. `yaml` is the front matter of the same entries, a folder a layout.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from benchmarks.entries import Made, make_entries
from benchmarks.mistakes import spoilt
from benchmarks.peps import make_peps

SEED = 20140204
SCHEMAS = Path(__file__).parent.parent / "schema"


def make_archive(folder: Path, count: int, seed: int = SEED, *, dirty: bool = False) -> None:
    """An archive with its own copy of the schemas, as `archivist init` makes it."""
    entries = make_entries(count, seed)
    shutil.copytree(SCHEMAS, folder / "schema", dirs_exist_ok=True)
    _write(folder, _spoilt(entries, seed) if dirty else ((one.path, one.text) for one in entries))


def make_yaml(folder: Path, count: int, seed: int = SEED) -> None:
    """The front matter of the clean archive, for tools that read YAML files only."""
    entries = make_entries(count, seed)
    _write(folder, ((f"{one.layout}/{one.id}.yaml", one.front) for one in entries))


def make_pep_folder(folder: Path, count: int, seed: int = SEED) -> None:
    """PEP-shaped files, where check-peps.py looks for them."""
    _write(folder / "peps", make_peps(count, seed))


def _spoilt(entries: list[Made], seed: int) -> Iterator[tuple[str, str]]:
    random = Random(seed)
    for one in entries:
        yield one.path, spoilt(random, one.text)


def _write(folder: Path, files: Iterable[tuple[str, str]]) -> None:
    for path, text in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "surrogateescape"))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("kind", choices=("archive", "yaml", "peps"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--entries", type=int, default=10_000, metavar="N")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--dirty", action="store_true", help="an archive with typical mistakes")
    args = parser.parse_args()
    if args.kind == "archive":
        make_archive(args.folder, args.entries, args.seed, dirty=args.dirty)
    elif args.kind == "yaml":
        make_yaml(args.folder, args.entries, args.seed)
    else:
        make_pep_folder(args.folder, args.entries, args.seed)


if __name__ == "__main__":
    main()
