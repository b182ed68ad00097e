"""The outcome of a scan, for renderers and for the exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from archivist.diagnostic import Diagnostic, Severity
from archivist.state.verdicts import Found
from archivist.verdict import Record

NETWORK_DOWN = "nothing answered any more: the network here seems to be down"


class Kind(StrEnum):
    """What there is to say of a link, the most urgent first."""

    NEWLY_DEAD = "newly-dead"
    DEAD = "dead"
    MEMENTO = "memento"
    LOST = "lost"
    CHANGED = "changed"
    FAILING = "failing"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    MOVED = "moved"
    OFFER = "offer"
    FINE = "fine"


class LinkRule(NamedTuple):
    """What a kind of finding is about, for formats that explain their codes."""

    code: str
    name: str
    severity: Severity
    requirement: str
    explanation: str
    bad: str = ""
    good: str = ""


_RULES = {
    Kind.NEWLY_DEAD: ("L901", "newly-dead", "A source must be there: this one has died."),
    Kind.DEAD: ("L902", "dead", "A source must be there: this one is dead."),
    Kind.MEMENTO: ("L903", "memento", "A `wayback snapshot` must be a capture of the policy."),
    Kind.LOST: ("L904", "lost", "A source must hold the policy: this page holds none of it."),
    Kind.CHANGED: ("L905", "changed", "The archive should hold what the source says now."),
    Kind.FAILING: ("L906", "failing", "A source must answer: this one does not now."),
    Kind.BLOCKED: ("L907", "blocked", "A source that keeps programs out needs a person's look."),
    Kind.UNKNOWN: ("L908", "unknown", "A source must be checked: this one could not be."),
    Kind.MOVED: ("L909", "moved", "A URL must be the one that the policy moved to for good."),
    Kind.OFFER: ("L910", "offer", "An entry should name a `wayback snapshot`: there is one."),
}
_EXPLANATION = (
    "Found by `archivist links`, which asks each source and compares its page with the text of the "
    "entry. What each verdict takes is told in docs/links.md."
)
LINK_RULES: Mapping[str, LinkRule] = {
    code: LinkRule(code, name, Severity.WARNING, requirement, _EXPLANATION)
    for code, name, requirement in _RULES.values()
}
CODES = {kind: rule[0] for kind, rule in _RULES.items()}


class Row(NamedTuple):
    """What is known of one URL in one entry. `share` is how much of the entry's text its page holds
    (None if that is not known), `found` what a search for a memento came to.
    """

    entry: str
    path: str
    field: str
    url: str
    record: Record
    share: float | None
    found: Found | None
    kind: Kind
    fails: bool
    diagnostic: Diagnostic | None = None

    @property
    def is_memento(self) -> bool:
        """True for a `wayback snapshot`."""
        return self.field == "wayback snapshot"


class LinkReport(NamedTuple):
    """What a scan came to. `rows` gives every row by path, anew each time; `findings` those that
    there is something to say of, the most urgent first, each with its place; `recovered` the URLs
    that answer again. `left` URLs were not asked in time.
    """

    entries: int
    rows: Callable[[], Iterator[Row]]
    findings: tuple[Row, ...]
    recovered: tuple[Row, ...]
    counts: Mapping[str, int]
    mementos: Mapping[str, int]
    fixed: tuple[tuple[str, str, int], ...] = ()
    asked: int = 0
    left: int = 0
    network_down: bool = False

    @property
    def failures(self) -> int:
        """How many findings fail the scan."""
        return sum(row.fails for row in self.findings)
