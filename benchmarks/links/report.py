"""The outcomes as Markdown: a table a scenario."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.links.contest import Outcome, Run
from benchmarks.links.scenarios import Scenario
from benchmarks.links.web import HOSTS
from benchmarks.tables import table

_HEAD = ("client, in flight", "runs", "wall s", "CPU s", "peak MB", "requests", "connections")
_MANNERS = ("most in flight per host", "smallest gap ms", "answers")


def scenario_table(scenario: Scenario, outcomes: Sequence[Outcome]) -> str:
    """One row a client: medians, with the smallest and the largest wall time."""
    extra = ("the other hosts done, s",) if scenario.kind == "slow" else ()
    rows = [_row(outcome, bool(extra)) for outcome in outcomes]
    floor = f"; floor {scenario.floor:.2f} s" if scenario.floor else ""
    return table(scenario.title + floor, (*_HEAD, *extra, *_MANNERS), rows)


def others_done(run: Run) -> float:
    """Seconds from the first request to the last answer of any host but the slow one."""
    return run.asked.answered(slice(1, HOSTS))


def _row(outcome: Outcome, slow: bool) -> list[str]:
    name = outcome.contestant.name
    if not outcome.runs:
        columns = len(_HEAD) + len(_MANNERS) + slow
        return [f"{name}: {outcome.failure}", "0", *["–"] * (columns - 2)]
    walls = outcome.walls()
    last = outcome.runs[-1]
    figures = [
        str(len(walls)),
        f"{outcome.median(lambda run: run.usage.wall):.2f} ({min(walls):.2f}–{max(walls):.2f})",
        f"{outcome.median(lambda run: run.usage.cpu):.2f}",
        f"{outcome.median(lambda run: run.usage.peak):.0f}",
        f"{outcome.median(lambda run: run.asked.requests):.0f}",
        f"{outcome.median(lambda run: run.asked.connections):.0f}",
        *([f"{outcome.median(others_done):.2f}"] if slow else []),
        f"{max(run.asked.most_in_flight for run in outcome.runs)}",
        f"{min(run.asked.smallest_gap for run in outcome.runs):.1f}",
        ", ".join(f"{count} {kind}" for kind, count in sorted(last.answers.items())),
    ]
    name = f"{name} ({outcome.failure})" if outcome.failure else name
    return [name, *figures]
