"""The check of one source: ask, follow, compare, look at a sibling, ask again if it failed."""

from __future__ import annotations

import random
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit

from archivist import page as pages
from archivist.config.scan import NetworkSettings
from archivist.links.following import Chain, follow
from archivist.links.judging import Expected, Seen, holdings, judge
from archivist.net.fetch import Answer, Fetch, Trouble
from archivist.page import Page
from archivist.verdict import Holding, Judgement, Record, Verdict
from archivist.words import containment, shingles, words

_TRANSIENT = frozenset((408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524))
_MOST_LATER = 60.0  # seconds that are waited in one run because a server says so
_ENOUGH = 128 << 10  # bytes that are read where nothing is compared: a connection costs more
_PROBE = 32 << 10  # bytes of a sibling page
_ALIKE = 0.9  # share of a page's words that its sibling shows, too
_MOST_SIBLINGS = 5000


class Known(NamedTuple):
    """What is remembered of a URL before it is asked: the record, and which texts it held."""

    record: Record | None = None
    holdings: tuple[Holding, ...] = ()

    def conditions(self, expected: Sequence[Expected]) -> tuple[str, ...]:
        """Headers that let a server say that nothing has changed, if the texts have not either."""
        record = self.record
        held = {(one.path, one.digest) for one in self.holdings}
        if record is None or record.verdict is not Verdict.ALIVE or record.hops[1:]:
            return ()
        if any((one.path, one.digest) not in held for one in expected):
            return ()
        given = (("If-None-Match", record.etag), ("If-Modified-Since", record.modified))
        return tuple(f"{name}: {value}" for name, value in given if value and value.isprintable())


NOTHING = Known()
Check = Generator[Fetch, Answer, Judgement]


@dataclass
class Asker:
    """What the checks of one run share. `texts` is False if only statuses are wanted."""

    settings: NetworkSettings
    texts: bool = True
    siblings: dict[str, Page | None] = field(default_factory=dict)

    def check(self, url: str, expected: Sequence[Expected], known: Known = NOTHING) -> Check:
        """The judgement on a URL whose page should hold these texts, given what is known of it."""
        fetch = Fetch(
            url, headers=known.conditions(expected), limit=None if self.texts else _ENOUGH
        )
        seen = yield from self._look(fetch, expected, known)
        judgement = judge(url, seen)
        later = _second_opinion(judgement, seen.chain, self.settings.second_opinion)
        if later is None:
            return judgement
        seen = yield from self._look(fetch._replace(later=later), expected, known)
        second = judge(url, seen)
        return second._replace(attempts=judgement.attempts + 1)

    def _look(
        self, fetch: Fetch, expected: Sequence[Expected], known: Known
    ) -> Generator[Fetch, Answer, Seen]:
        chain = yield from follow(fetch, self.settings.url_timeout)
        answer = chain.answer
        if answer.status == 304:
            return Seen(chain, holdings=known.holdings)
        if not self.texts or answer.failure or not answer.body:
            return Seen(chain)
        page = pages.read(answer.body, answer.headers.get("content-type", ""))
        held = holdings(page, expected) if page and answer.status < 300 else ()
        seen = Seen(chain, page, held)
        if page is None or not seen.is_suspect or not urlsplit(chain.url).path.strip("/"):
            return seen
        sibling = yield from self._sibling(chain.url)
        return seen._replace(sibling=_alike(page, sibling))

    def _sibling(self, url: str) -> Generator[Fetch, Answer, Page | None]:
        """What a host shows at a path that nobody ever made, beside this one."""
        folder = url.partition("?")[0].rpartition("/")[0]
        if folder not in self.siblings:
            name = sha256(folder.encode()).hexdigest()[:24]
            chain = yield from follow(
                Fetch(f"{folder}/{name}", limit=_PROBE), self.settings.url_timeout
            )
            answer = chain.answer
            found = None
            if answer.status == 200:
                found = pages.read(answer.body, answer.headers.get("content-type", ""))
            if len(self.siblings) < _MOST_SIBLINGS:
                self.siblings[folder] = found
            return found
        return self.siblings[folder]


def _alike(page: Page, sibling: Page | None) -> str:
    if sibling is None:
        return ""
    own = set(shingles(words(page.text[:_PROBE])))
    if not own or containment(own, shingles(words(sibling.text))) < _ALIKE:
        return ""
    return "a made-up address beside it shows the same page"


def _second_opinion(judgement: Judgement, chain: Chain, usual: float) -> float | None:
    """After how many seconds a URL should be asked again; None if its answer will do. Up to half
    as many more by chance, so that what failed together does not come back together.
    """
    answer = chain.answer
    if judgement.verdict not in (Verdict.FAILING, Verdict.BLOCKED):
        return None
    if answer.failure:
        lasting = (Trouble.URL, Trouble.TLS, Trouble.PRIVATE, Trouble.PROTOCOL, Trouble.TOO_MUCH)
        if answer.failure.trouble in lasting:
            return None
    elif not is_transient(answer):
        return None
    return waited(answer, usual)


def is_transient(answer: Answer) -> bool:
    """True if a server may say something else in a moment."""
    return answer.status in _TRANSIENT


def waited(answer: Answer, usual: float) -> float | None:
    """Seconds before a server is asked again: as many as it says, else as usual; None if it says
    that it would take too long.
    """
    said = retry_after(answer)
    if said is not None and said > _MOST_LATER:
        return None
    return max(said or 0.0, 0.001 + usual * (1 + random.random() / 2))  # noqa: S311 -- only spreads


def retry_after(answer: Answer) -> float | None:
    """The seconds that a server asks to wait: `Retry-After` (RFC 9110, 10.2.3), a number of them or
    a date, taken against the server's own `Date`; None if it does not.
    """
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    if not said:
        return None
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        until = parsedate_to_datetime(said)
        now = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError):
        try:
            until, now = parsedate_to_datetime(said), datetime.now(UTC)
        except (ValueError, TypeError):
            return None
    try:
        return max((until - now).total_seconds(), 0.0)
    except TypeError:  # one of them has no zone
        return None
