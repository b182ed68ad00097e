"""Measure `archivist links` beside lychee on a web on loopback; print the figures as Markdown.

    python -m benchmarks.links
    python -m benchmarks.links --only polite --only tls --runs 5

It needs Linux, a C compiler, OpenSSL with its headers, and lychee, which it gets from PyPI.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import tables, tools
from benchmarks.generate import SEED
from benchmarks.links import contestants
from benchmarks.links.contest import Contestant, Outcome, contest
from benchmarks.links.goals import goals_table
from benchmarks.links.report import scenario_table
from benchmarks.links.scenarios import SCENARIOS, Scenario
from benchmarks.links.web import build, certify, serving
from benchmarks.measuring import progress

_OWN = ("archivist", "pycurl")


def main() -> None:
    """The command line."""
    args = _arguments()
    cache: Path = args.cache.absolute()
    cache.mkdir(parents=True, exist_ok=True)
    own = args.archivist.absolute() if args.archivist else tools.install_archivist(cache)
    lychee = contestants.install_lychee(cache)
    versions = [
        *tools.versions_in(own, _OWN),
        *tools.versions_in(lychee, (contestants.LYCHEE,)),
        tools.run("openssl", "version").strip(),
    ]
    build(cache)
    certify(cache / "certificates")
    print(tables.machine(versions), flush=True)
    outcomes: dict[str, list[Outcome]] = {}
    for scenario in SCENARIOS:
        if scenario.key in (args.only or [one.key for one in SCENARIOS]):
            outcomes[scenario.key] = _measured(args, scenario, cache, own, lychee)
            print(scenario_table(scenario, outcomes[scenario.key]), flush=True)
    print(goals_table(outcomes))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.links", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    keys = [scenario.key for scenario in SCENARIOS]
    add("--only", action="append", choices=keys, metavar="SCENARIO", help=", ".join(keys))
    add("--runs", type=int, default=3, metavar="K", help="runs of each client (3)")
    add("--archivist", type=Path, metavar="DIR", help="programs of a virtualenv that has it")
    add("--cache", type=Path, metavar="DIR", help="where tools and data are put (temporary files)")
    add("--seed", type=int, default=SEED)
    args = parser.parse_args()
    args.cache = args.cache or Path(tempfile.gettempdir()) / "archivist-benchmarks"
    return args


def _measured(
    args: argparse.Namespace, scenario: Scenario, cache: Path, own: Path, lychee: Path
) -> list[Outcome]:
    folder = cache / "links" / scenario.key
    progress(f"making {scenario.urls} entries: {scenario.key}")
    options = ["--kind", scenario.kind, "--urls", str(scenario.urls), "--seed", str(args.seed)]
    options += ["--tls"] if scenario.tls else []
    tools.run(sys.executable, "-m", "benchmarks.links.made", folder, *options, folder=tools.ROOT)
    rows = list(_contestants(scenario, folder, own, lychee))
    runs = 1 if scenario.is_large else args.runs
    pages = folder / "pages"
    with serving(cache, scenario.latency, tls=scenario.tls, pages=pages) as web:
        outcomes = contest(web, rows, runs, scenario.urls)
    shutil.rmtree(folder / "archive")
    return outcomes


def _contestants(scenario: Scenario, folder: Path, own: Path, lychee: Path) -> Iterator[Contestant]:
    for concurrency in scenario.ours:
        yield contestants.archivist(own, folder, scenario, concurrency)
        if scenario.bodies:
            yield contestants.archivist(own, folder, scenario, concurrency, bodies=True)
    for concurrency, runs in scenario.theirs:
        yield contestants.lychee(lychee, folder, scenario, concurrency, runs)


if __name__ == "__main__":
    main()
