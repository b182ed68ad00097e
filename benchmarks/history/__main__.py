"""Measure reading histories beside git and other tools; print the figures as Markdown.

    python -m benchmarks.history
    python -m benchmarks.history --only whole --only entry --runs 5

It needs git; git-history and GitPython come from PyPI, each into a virtualenv of its own.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import tables, tools
from benchmarks.history.scenarios import Place, entry, growth, others, second, whole
from benchmarks.measuring import progress

_SCENARIOS: dict[str, Callable[[Place, int], str]] = {
    "whole": whole,
    "entry": entry,
    "second": second,
    "growth": growth,
    "others": others,
}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--only", action="append", choices=_SCENARIOS, help=", ".join(_SCENARIOS))
    add("--runs", type=int, default=5, metavar="K", help="runs of each command (5)")
    add("--archivist", type=Path, metavar="DIR", help="programs of a virtualenv that has it")
    add("--cache", type=Path, metavar="DIR", help="where tools and data are put (temporary files)")
    args = parser.parse_args()
    cache = (args.cache or Path(tempfile.gettempdir()) / "archivist-benchmarks").absolute()
    cache.mkdir(parents=True, exist_ok=True)
    own = args.archivist.absolute() if args.archivist else tools.install_archivist(cache)
    versions = [*tools.versions_in(own, ("archivist", "rapidfuzz")), tools.run("git", "--version")]
    print(tables.machine(one.strip() for one in versions), flush=True)
    for name in args.only or _SCENARIOS:
        progress(name)
        print(_SCENARIOS[name](Place(cache, own), args.runs), flush=True)


if __name__ == "__main__":
    main()
