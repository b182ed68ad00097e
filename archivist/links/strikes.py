"""From what a check says today to a verdict, given what earlier checks said."""

from __future__ import annotations

from datetime import datetime, timedelta

from archivist.config.scan import LinksSettings
from archivist.verdict import Judgement, Record, Verdict, Weight

_DAY = 10  # characters of an RFC 3339 time that are its day
_NAME_STRIKES = 2
_GOOD = (Verdict.ALIVE, Verdict.MOVED)


def remember(
    before: Record | None, judgement: Judgement, now: datetime, settings: LinksSettings
) -> Record:
    """The record after a check.

    A failing URL is dead once it has failed on `strikes` days, the first and the last of them at
    least `days` apart, without a success between them; at once if the server says that it is gone
    for good; on the second day if its host's name does not exist. What could not be asked changes
    nothing but the verdict of today, and neither does what is blocked.
    """
    before = before or Record(judgement.url, Verdict.UNKNOWN)
    time = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    record = before._replace(
        verdict=judgement.verdict,
        reason=judgement.reason,
        status=judgement.status,
        final_url=judgement.final_url,
        hops=judgement.hops,
        attempts=judgement.attempts,
        suggestion=judgement.suggestion,
        checked=time,
    )
    if judgement.verdict in _GOOD:
        record = record._replace(
            first_failed="",
            last_failed="",
            strikes=0,
            last_alive=time,
            etag=judgement.etag,
            modified=judgement.modified,
        )
    elif judgement.verdict is Verdict.FAILING:
        record = _struck(record, judgement.weight, time, settings)
    elif judgement.verdict is Verdict.UNKNOWN and before.verdict is Verdict.DEAD:
        record = record._replace(verdict=Verdict.DEAD, reason=before.reason)
    same = record.verdict is before.verdict and before.since
    return record._replace(since=before.since if same else time)


def _struck(record: Record, weight: Weight, time: str, settings: LinksSettings) -> Record:
    another_day = record.last_failed[:_DAY] != time[:_DAY]
    record = record._replace(
        first_failed=record.first_failed or time,
        last_failed=time,
        strikes=record.strikes + another_day,
    )
    return record._replace(verdict=Verdict.DEAD) if _is_dead(record, weight, settings) else record


def _is_dead(record: Record, weight: Weight, settings: LinksSettings) -> bool:
    if weight is Weight.FINAL:
        return True
    if weight is Weight.LIGHT:
        return False
    if weight is Weight.NAME and record.strikes >= _NAME_STRIKES:
        return True
    lasted = _time(record.last_failed) - _time(record.first_failed)
    return record.strikes >= settings.strikes and lasted >= timedelta(days=settings.days)


def dead_from(record: Record, settings: LinksSettings) -> str:
    """The day from which a failing URL will be dead if it goes on failing."""
    return (_time(record.first_failed) + timedelta(days=settings.days)).date().isoformat()


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
