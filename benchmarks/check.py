"""Measure `archivist check` beside other tools, and print the figures as Markdown.

    python -m benchmarks.check --check-peps PATH
    python -m benchmarks.check --entries 1000 --runs 3 --skip remark --skip check-peps

check-peps.py is a single file of https://github.com/python/peps and in no package registry: get it
there. The other tools are installed from PyPI and npm into the folder that `--cache` names.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks import tables, tools
from benchmarks.generate import SEED
from benchmarks.measuring import Result, Tool, side_by_side
from benchmarks.staged import measure_staged

_PARTS = ("check-peps", "check-jsonschema", "remark", "dirty", "linear", "staged", "help")


def main() -> None:
    """The command line."""
    args = _arguments()
    cache: Path = args.cache.absolute()
    cache.mkdir(parents=True, exist_ok=True)
    programs = tools.install_archivist(cache)
    archive = tools.make("archive", cache / "clean", args.entries, args.seed)
    rivals, versions = _rivals(args, cache, archive)
    print(tables.machine([*tools.versions_in(programs, _OWN), *versions]))
    full = [tools.archivist_check(programs, archive), *rivals]
    if "dirty" not in args.skip:
        dirty = tools.make("archive", cache / "dirty", args.entries, args.seed, "--dirty")
        full.append(tools.archivist_check(programs, dirty, dirty=True))
    print(tables.full_check(args.entries, side_by_side(full, args.runs)))
    if "linear" not in args.skip:
        print(tables.linear(_linear(args, cache, programs)))
    if "staged" not in args.skip:
        print(tables.staged(measure_staged(programs, archive, args.starts, args.seed)))
    if "help" not in args.skip:
        print(tables.starts(_starts(args, cache, programs)))


_OWN = ("archivist", "pyyaml", "jsonschema_rs", "jsonschema-rs")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--entries", type=int, default=10_000, metavar="N", help="entries of the full check")
    add("--sizes", default="1000,3000,10000", metavar="N,…", help="sizes for linearity")
    add("--runs", type=int, default=5, metavar="K", help="runs of each full check")
    add("--remark-runs", type=int, default=1, metavar="K", help="runs of remark: it takes minutes")
    add("--starts", type=int, default=40, metavar="K", help="runs of each short command")
    add("--skip", action="append", default=[], choices=_PARTS, help="may be repeated")
    add("--check-peps", type=Path, metavar="PATH", help="check-peps.py; without it, it is skipped")
    add("--cache", type=Path, metavar="DIR", help="where tools and data are put (temporary files)")
    add("--seed", type=int, default=SEED)
    args = parser.parse_args()
    args.cache = args.cache or Path(tempfile.gettempdir()) / "archivist-benchmarks"
    return args


def _rivals(args: argparse.Namespace, cache: Path, archive: Path) -> tuple[list[Tool], list[str]]:
    """The other tools, each with its data, and their versions."""
    rivals: list[Tool] = []
    versions: list[str] = []
    if args.check_peps and "check-peps" not in args.skip:
        folder = tools.make("peps", cache / "peps", args.entries, args.seed)
        rivals.append(tools.check_peps(args.check_peps, folder))
    if "check-jsonschema" not in args.skip:
        programs = tools.install_check_jsonschema(cache)
        folder = tools.make("yaml", cache / "yaml", args.entries, args.seed)
        rivals.append(tools.check_jsonschema(programs, archive, folder))
        versions += tools.versions_in(programs, ("check-jsonschema", "jsonschema", "ruamel.yaml"))
    if "remark" not in args.skip:
        installed = tools.install_remark(cache)
        rivals.append(tools.remark(installed, archive, args.remark_runs))
        versions += tools.versions_of_remark(installed)
    return rivals, versions


def _linear(args: argparse.Namespace, cache: Path, programs: Path) -> list[tuple[int, Result]]:
    sizes = [int(size) for size in args.sizes.split(",")]
    checks = [
        tools.archivist_check(
            programs, tools.make("archive", cache / f"clean-{size}", size, args.seed)
        )
        for size in sizes
    ]
    return list(zip(sizes, side_by_side(checks, args.runs), strict=True))


def _starts(args: argparse.Namespace, cache: Path, programs: Path) -> list[Result]:
    python = str(programs / "python")
    commands = (
        ("`archivist --help`", (str(programs / "archivist"), "--help")),
        ('`python -c "import argparse"`', (python, "-c", "import argparse")),
    )
    return side_by_side([Tool(name, cache, (one,)) for name, one in commands], args.starts)


if __name__ == "__main__":
    main()
