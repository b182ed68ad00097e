"""What was to be reached, and what was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from benchmarks.links.contest import Outcome, Run
from benchmarks.links.report import others_done
from benchmarks.links.scenarios import SCENARIOS
from benchmarks.tables import table

Outcomes = Mapping[str, Sequence[Outcome]]


class Goal(NamedTuple):
    """A figure, and the most that it may be."""

    what: str
    figure: float
    most: float
    unit: str = ""

    @property
    def verdict(self) -> str:
        if self.figure != self.figure:  # NaN: no run
            return "not measured"
        return "met" if self.figure <= self.most else "**missed**"


def goals_table(outcomes: Outcomes) -> str:
    """Every goal of which all runs are there."""
    rows = [
        (goal.what, f"{goal.figure:.2f}{goal.unit}", f"≤ {goal.most:g}{goal.unit}", goal.verdict)
        for goal in _goals(outcomes)
    ]
    return table("Goals", ("goal", "figure", "limit", "verdict"), rows)


def _goals(outcomes: Outcomes) -> Iterator[Goal]:
    floors = {one.key: one.floor for one in SCENARIOS if one.floor}
    for key, what in (("polite", "polite"), ("few", "few hosts")):
        if key in outcomes:
            figure = outcomes[key][0].median(_wall) / floors[key]
            yield Goal(f"{what}: wall, of the floor", figure, 1.15)
    for key, what in (("plain", "flat out, plain"), ("tls", "flat out, TLS")):
        if key in outcomes:
            yield Goal(f"{what}: wall, of lychee's at 256", _ratio(outcomes[key], _wall), 1.15)
    yield from _memory(outcomes)
    if "bodies" in outcomes:
        statuses, bodies = outcomes["bodies"][:2]
        figure = bodies.median(_cpu) / statuses.median(_cpu)
        yield Goal("bodies compared: CPU, of statuses only", figure, 3)
    if {"calm", "slow"} <= outcomes.keys():
        calm = outcomes["calm"][0].median(lambda run: run.asked.answered(slice(None)))
        figure = outcomes["slow"][0].median(others_done) / calm
        yield Goal("one slow host: when the others are done, of a run without it", figure, 1.05)
    if "fresh" in outcomes:
        own = outcomes["fresh"][0]
        yield Goal("everything fresh: wall", own.median(_wall), 0.5, " s")
        yield Goal("everything fresh: requests", own.median(lambda run: run.asked.requests), 0)


def _memory(outcomes: Outcomes) -> Iterator[Goal]:
    if {"memory-10k", "memory-100k"} <= outcomes.keys():
        small, large = (outcomes[key][0].median(_peak) for key in ("memory-10k", "memory-100k"))
        yield Goal("memory at 100,000 URLs", large, 120, " MB")
        yield Goal("memory at 100,000 URLs, of that at 10,000", large / small, 1.1)


def _ratio(rows: Sequence[Outcome], figure: Callable[[Run], float]) -> float:
    return rows[0].median(figure) / rows[1].median(figure)


def _wall(run: Run) -> float:
    return run.usage.wall


def _cpu(run: Run) -> float:
    return run.usage.cpu


def _peak(run: Run) -> float:
    return run.usage.peak
