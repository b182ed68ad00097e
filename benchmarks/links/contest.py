"""One contest: commands that check the same URLs, in turns, and what the server saw of each run."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from benchmarks.links.web import Asked, Web
from benchmarks.measuring import ToolFailed, Usage, measure, progress
from benchmarks.tools import ROOT, run


@dataclass(frozen=True)
class Contestant:
    """A command that checks the URLs and writes what it found to `output`.

    `prepare` is called before each run; `primed` commands run once before they are measured.
    `runs` is for what takes minutes: so many instead of the usual number.
    """

    name: str
    folder: Path
    command: tuple[str, ...]
    output: Path
    prepare: Callable[[], None]
    expected: tuple[int, ...] = (0,)
    primed: bool = False
    runs: int | None = None


class Run(NamedTuple):
    """What one run cost, what the server was asked, and how many URLs have which answer."""

    usage: Usage
    asked: Asked
    answers: dict[str, int]


@dataclass
class Outcome:
    """The runs of a contestant, or why there are none."""

    contestant: Contestant
    runs: list[Run] = field(default_factory=list)
    failure: str = ""

    def walls(self) -> list[float]:
        return [run.usage.wall for run in self.runs]

    def median(self, figure: Callable[[Run], float]) -> float:
        """The median of a figure over the runs; NaN where there are none."""
        return statistics.median(map(figure, self.runs)) if self.runs else float("nan")


def contest(web: Web, contestants: Sequence[Contestant], runs: int, urls: int) -> list[Outcome]:
    """Each contestant so many times, in turns. A run that leaves out a URL has failed."""
    outcomes = [Outcome(one) for one in contestants]
    for outcome in outcomes:
        if outcome.contestant.primed:
            _attempt(web, outcome, urls, "the first run, which fills its memory")
            outcome.runs.clear()
    for number in range(1, runs + 1):
        for outcome in outcomes:
            wanted = outcome.contestant.runs or runs
            if number <= wanted and not outcome.failure:
                _attempt(web, outcome, urls, f"run {number} of {wanted}")
    return outcomes


def _attempt(web: Web, outcome: Outcome, urls: int, which: str) -> None:
    one = outcome.contestant
    progress(f"{one.name}: {which}")
    one.prepare()
    one.output.unlink(missing_ok=True)
    web.forget()
    trusted = {"SSL_CERT_FILE": str(web.authority)} if web.tls else {}
    try:
        usage = measure(one.command, one.folder, one.expected, trusted)
        asked, answers = web.asked(), _count(one.output)
        if sum(answers.values()) != urls:
            raise ToolFailed(f"{sum(answers.values())} answers for {urls} URLs: {answers}")
        outcome.runs.append(Run(usage, asked, answers))
    except ToolFailed as failure:
        outcome.failure = str(failure)


def _count(output: Path) -> dict[str, int]:
    """How many URLs have which answer. Another process reads it: what is large would count here."""
    if not output.is_file():
        raise ToolFailed("it wrote no results")
    found = run(sys.executable, "-m", "benchmarks.links.contest", output, folder=ROOT)
    return dict(json.loads(found))


def count_answers(found: object) -> dict[str, int]:
    """Verdicts of archivist's JSON, one a URL, or the totals of lychee's."""
    assert isinstance(found, dict)
    if "results" in found:
        verdicts = {result["url"]: result["verdict"] for result in found["results"]}
        return _tally(verdicts.values())
    kinds = ("successful", "errors", "timeouts", "excludes", "unknown", "unsupported")
    return {kind: found[kind] for kind in kinds if found.get(kind)}


def count_totals(text: str) -> dict[str, int]:
    """The totals of archivist's text: `20 URLs in 20 entries: 19 alive, 1 dead`."""
    totals = text.partition("URLs in ")[2].partition(": ")[2].partition(".\n")[0]
    pairs = (part.split() for part in totals.split(", "))
    return {word: int(number) for number, word in pairs}


def _tally(words: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts


if __name__ == "__main__":
    text = Path(sys.argv[1]).read_text()
    answers = count_answers(json.loads(text)) if text[:1] == "{" else count_totals(text)
    print(json.dumps(answers))
