"""A backfill: gather, judge, commit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from archivist.backfill.gathering import Gathered, Gathering
from archivist.backfill.past import Past, past_of
from archivist.backfill.reading import NotShown, Shown, Wanted, read_memento
from archivist.backfill.refusals import Refusals, rules_of
from archivist.backfill.result import Report, Result
from archivist.backfill.telling import Manner, Recovered, tell
from archivist.backfill.timeline import Judged, Seen, judge
from archivist.capturing.evidence import evidence_of
from archivist.errors import GitFailure, UsageError
from archivist.refusal import NAMES
from archivist.repository import Repository
from archivist.repository.recording import Recorder
from archivist.repository.standing import Standing, standing
from archivist.versions.comparing import Text, compare
from archivist.wayback.cdx import Capture
from archivist.workspace import Workspace, bytes_of

_LARGE = "it is larger than what is read of a page ([network] max_body)"
_BEGIN = date(1996, 1, 1)  # the Wayback Machine has nothing before


@dataclass(frozen=True)
class Span:
    """From which day to which; None for as far as there is something to recover."""

    first: date | None = None
    last: date | None = None


class _Looked(NamedTuple):
    """What came of a look at the captures of a URL: what each shows, and what becomes of it."""

    source: str
    captures: Sequence[Capture]
    seen: Sequence[tuple[Seen, Shown | None]]
    judged: Sequence[Judged]


@dataclass(frozen=True)
class Backfill:
    """Backfills entries of an archive. `accepted` are the names of refusals that a person has
    looked at; `evidence` says where the mementos go (`[snapshot] evidence`). What was refused
    before is looked at only `again`.
    """

    place: Workspace
    gathering: Gathering
    accepted: Collection[str] = ()
    confirm: timedelta = timedelta(hours=24)
    evidence: str = "commit"
    again: bool = False

    def run(self, name: str, url: str, span: Span, *, dry_run: bool) -> Report:
        """Recover the past of an entry, from captures of `url` (blank: of the entry's own).

        Raises UsageError, GitFailure, EnvironmentFailure: nothing is written then.
        """
        past = past_of(self.place.root, name)
        where = None if dry_run else standing(Repository(self.place.root))
        source = url or past.entry.value("url")
        if not source.startswith(("http://", "https://")):
            hint = "--url names the page whose captures are to be looked at"
            raise UsageError(f"{past.entry.id} has no `url`", hint)
        first, last = self._days(past, span)
        refusals = self._refusals(past, source)
        found = self.gathering.gather(source, first, last, refusals.settles)
        seen = [self._seen(one, past, found, refusals) for one in found.captures]
        looked = _Looked(source, found.captures, seen, self._judged(past, found.captures, seen))
        report = _report(past, found, looked, self.gathering, refusals)
        if where is None or not report.is_complete:
            return report
        if report.counts["recovered"]:
            report = self._written(where, past, looked, report)
        refusals.learn(found.captures, report.results)
        return report

    def _refusals(self, past: Past, source: str) -> Refusals:
        settings, language = self.gathering.settings, past.entry.value("language")
        rules = rules_of(source, past.selection, language, past.text, settings.network.max_body)
        taken = partial(self._is_taken, past)
        return Refusals(
            *(self.gathering.kept, settings.wayback.url, rules),
            *(self.accepted, taken, self.again),
        )

    def _is_taken(self, past: Past, one: Capture) -> bool:
        """True if a version was made of this capture, or one names it."""
        return self._memento(one) in past.taken

    def _written(self, where: Standing, past: Past, looked: _Looked, report: Report) -> Report:
        """The report, once what is recovered is committed."""
        with Recorder(where) as recorder:
            self._check(recorder, past)
            manner = Manner(self.gathering.now, self.evidence, self._order(past))
            revs = iter(tell(recorder, past.entry, self._recovered(looked), manner))
        return replace(
            report,
            is_written=True,
            results=tuple(
                one._replace(rev=next(revs)) if one.outcome == "recovered" else one
                for one in report.results
            ),
        )

    def _days(self, past: Past, span: Span) -> tuple[date, date]:
        """The days to look at: what is newer than the present text is for `snapshot`."""
        present = max(one.day for one in past.known)
        newest = self.gathering.now.date() if present == date.min else present
        if span.first and span.last and span.first > span.last:
            raise UsageError("--from is behind --to")
        first, last = span.first or _BEGIN, min(span.last or newest, newest)
        if first > last:
            raise UsageError(
                f"there is nothing between {first.isoformat()} and {last.isoformat()}",
                f"the present text of {past.entry.id} was archived on {newest.isoformat()}; "
                "`archivist snapshot` keeps newer ones",
            )
        return first, last

    def _seen(
        self, one: Capture, past: Past, found: Gathered, refusals: Refusals
    ) -> tuple[Seen, Shown | None]:
        when = one.moment
        if refusals.settles(one) and (known := refusals.of(one)):
            return Seen(when, None, known.name, known.reason), None
        if one in found.large:
            return Seen(when, None, "", _LARGE), None
        if one in found.reasons:
            return Seen(when, None, "", found.reasons[one], is_missing=True), None
        exchange = self.gathering.exchange(one)
        if exchange is None:
            return Seen(when, None, "", "it was not fetched", is_missing=True), None
        wanted = Wanted(past.selection, past.entry.value("language"), past.text)
        accepted = NAMES if self._is_taken(past, one) else self.accepted
        shown = read_memento(exchange, found.url, wanted, accepted)
        if isinstance(shown, NotShown):
            return Seen(when, None, shown.name, shown.reason), None
        return Seen(when, shown.text), shown

    def _judged(
        self, past: Past, captures: Sequence[Capture], seen: Sequence[tuple[Seen, Shown | None]]
    ) -> list[Judged]:
        judged = judge(past.known, [one for one, _ in seen], self.accepted, self.confirm)
        return [
            one._replace(outcome="unchanged", reason="it was recovered before")
            if one.outcome == "recovered" and self._is_taken(past, captures[one.place])
            else one
            for one in judged
        ]

    def _recovered(self, looked: _Looked) -> Iterator[Recovered]:
        for verdict in looked.judged:
            one, (_, shown) = looked.captures[verdict.place], looked.seen[verdict.place]
            if verdict.outcome != "recovered" or shown is None:
                continue
            exchange = self.gathering.exchange(one)
            if exchange is None:
                raise GitFailure("a memento was lost on the way", "run the command again")
            yield Recovered(
                one.moment,
                self._memento(one),
                looked.source,
                shown.text,
                shown.extractor,
                shown.is_selected,
                evidence_of([exchange], shown.text, shown.extractor),
            )

    def _memento(self, one: Capture) -> str:
        return _memento(self.gathering, one)

    def _order(self, past: Past) -> Sequence[str]:
        schema = self.place.schemas.get(past.entry.layout)
        return tuple(schema.keys) if schema else ()

    def _check(self, recorder: Recorder, past: Past) -> None:
        if recorder.committed(past.entry.path) != bytes_of(past.entry.text):
            raise GitFailure(f"{past.entry.id} was changed meanwhile", "run the command again")


def _report(
    past: Past, found: Gathered, looked: _Looked, gathering: Gathering, refusals: Refusals
) -> Report:
    results = []
    for one in looked.judged:
        capture, (sight, _) = looked.captures[one.place], looked.seen[one.place]
        known = None
        if one.outcome == "recovered":
            known = compare(Text.of(one.before.encode()), Text.of((sight.text or "").encode()))
        before = refusals.of(capture) if one.outcome == "refused" else None
        results.append(
            Result(
                sight.when,
                _memento(gathering, capture),
                one.outcome,
                one.name,
                one.reason,
                known.added if known else 0,
                known.removed if known else 0,
                is_earlier=before is not None,
            )
        )
    return Report(
        past.entry.id,
        looked.source,
        tuple(results),
        found.listed,
        found.others,
        found.trouble,
        found.left,
        found.is_known,
    )


def _memento(gathering: Gathering, one: Capture) -> str:
    return f"{gathering.settings.wayback.url}/web/{one.timestamp}/{one.original}"
