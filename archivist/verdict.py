"""What a link check concludes about one URL, and what is remembered of it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

HELD, LOST = 0.9, 0.2  # from the one a page still holds a policy, below the other nothing of it


def held_words(share: float) -> str:
    """What a page that shows this share of a text is said to do."""
    percent = f"{share:.0%}".replace("%", " %")
    if share >= HELD:
        return f"still holds the policy ({percent})"
    if share >= LOST:
        return f"holds a changed policy ({percent})"
    return f"answers, but holds none of the policy ({percent})"


class Verdict(StrEnum):
    """The conclusion about a URL.

    `FAILING` does not answer as it should, but not yet for long enough to be `DEAD`; `BLOCKED`
    answers, but not to programs; `UNKNOWN` could not be asked, through no fault of its own.
    """

    ALIVE = "alive"
    MOVED = "moved"
    DEAD = "dead"
    FAILING = "failing"
    BLOCKED = "blocked"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


class Weight(StrEnum):
    """How much one failure counts on the way to `DEAD`.

    `FINAL` is the server's own word that the page will not come back; `NAME` a host name that does
    not exist; `USUAL` counts by strikes and days; `LIGHT` never makes a URL dead: something is
    there, but cannot be seen safely.
    """

    FINAL = "final"
    NAME = "name"
    USUAL = "usual"
    LIGHT = "light"


class Hop(NamedTuple):
    """One step of a chain of redirects: what was asked, and the status that came back."""

    url: str
    status: int


class Holding(NamedTuple):
    """How much of an entry's text a page holds, 0.0 to 1.0, and the digest of that text."""

    path: str
    share: float
    digest: str


class Judgement(NamedTuple):
    """What one check says. `reason` is the evidence in words; `hops` the chain of redirects with
    the page at its end; `suggestion` the URL that should stand there instead; `holdings` how much
    of each entry's text was found. `no_answer` is True if no server was heard at all, so that the
    fault may lie with our own network.
    """

    url: str
    verdict: Verdict
    reason: str
    weight: Weight = Weight.USUAL
    hops: tuple[Hop, ...] = ()
    attempts: int = 1
    suggestion: str = ""
    holdings: tuple[Holding, ...] = ()
    etag: str = ""
    modified: str = ""
    no_answer: bool = False

    @property
    def status(self) -> int:
        """The last status; 0 if there was none."""
        return self.hops[-1].status if self.hops else 0

    @property
    def final_url(self) -> str:
        """Where the chain ended."""
        return self.hops[-1].url if self.hops else self.url


class Record(NamedTuple):
    """What is remembered of a URL. Times are RFC 3339 in UTC, days the first ten characters of
    one; `strikes` is on how many days it failed since `first_failed`; `since` when the verdict
    became what it is.
    """

    url: str
    verdict: Verdict
    reason: str = ""
    status: int = 0
    final_url: str = ""
    hops: tuple[Hop, ...] = ()
    attempts: int = 0
    suggestion: str = ""
    checked: str = ""
    since: str = ""
    first_failed: str = ""
    last_failed: str = ""
    last_alive: str = ""
    strikes: int = 0
    etag: str = ""
    modified: str = ""


class Past(NamedTuple):
    """A stretch of checks that said the same: the first and the last of them, and how many."""

    verdict: Verdict
    reason: str
    first: str
    last: str
    times: int
