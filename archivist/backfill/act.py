"""A backfill: gather, judge, commit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from archivist.backfill.gathering import Gathered, Gathering
from archivist.backfill.past import Past, past_of
from archivist.backfill.reading import NotShown, Shown, Wanted, read_memento
from archivist.backfill.result import Report, Result
from archivist.backfill.telling import Manner, Recovered, tell
from archivist.backfill.timeline import Judged, Seen, judge
from archivist.capturing.evidence import evidence_of
from archivist.errors import GitFailure, UsageError
from archivist.repository import Repository
from archivist.repository.recording import Recorder
from archivist.repository.standing import standing
from archivist.versions.comparing import Text, compare
from archivist.wayback.cdx import Capture
from archivist.workspace import Workspace, bytes_of

_BEGIN = date(1996, 1, 1)  # the Wayback Machine has nothing before


@dataclass(frozen=True)
class Span:
    """From which day to which; None for as far as there is something to recover."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Backfill:
    """Backfills entries of an archive. `accepted` are the names of refusals that a person has
    looked at; `evidence` says where the mementos go (`[snapshot] evidence`).
    """

    place: Workspace
    gathering: Gathering
    accepted: Collection[str] = ()
    confirm: timedelta = timedelta(hours=24)
    evidence: str = "commit"

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
        found = self.gathering.gather(source, first, last)
        shown = [self._seen(one, past, source, found) for one in found.captures]
        judged = self._judged(past, found.captures, shown)
        report = _report(past, source, found, judged, shown, self.gathering)
        if where is None or not report.is_complete or not report.counts["recovered"]:
            return report
        with Recorder(where) as recorder:
            self._check(recorder, past)
            versions = self._recovered(source, found.captures, shown, judged)
            manner = Manner(self.gathering.now, self.evidence, self._order(past))
            revs = iter(tell(recorder, past.entry, versions, manner))
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
        self, one: Capture, past: Past, source: str, found: Gathered
    ) -> tuple[Seen, Shown | None]:
        when = one.moment
        if one in found.reasons:
            return Seen(when, None, "", found.reasons[one], is_missing=True), None
        exchange = self.gathering.exchange(one)
        if exchange is None:
            return Seen(when, None, "", "it was not fetched", is_missing=True), None
        wanted = Wanted(past.selection, past.entry.value("language"), past.text)
        shown = read_memento(exchange, source, wanted, self.accepted)
        if isinstance(shown, NotShown):
            return Seen(when, None, shown.name, shown.reason), None
        return Seen(when, shown.text), shown

    def _judged(
        self, past: Past, captures: Sequence[Capture], seen: Sequence[tuple[Seen, Shown | None]]
    ) -> list[Judged]:
        judged = judge(past.known, [one for one, _ in seen], self.accepted, self.confirm)
        return [
            one._replace(outcome="unchanged", reason="it was recovered before")
            if one.outcome == "recovered" and self._memento(captures[one.place]) in past.taken
            else one
            for one in judged
        ]

    def _recovered(
        self,
        source: str,
        captures: Sequence[Capture],
        seen: Sequence[tuple[Seen, Shown | None]],
        judged: Sequence[Judged],
    ) -> Iterator[Recovered]:
        for verdict in judged:
            one, (_, shown) = captures[verdict.place], seen[verdict.place]
            if verdict.outcome != "recovered" or shown is None:
                continue
            exchange = self.gathering.exchange(one)
            if exchange is None:
                raise GitFailure("a memento was lost on the way", "run the command again")
            yield Recovered(
                one.moment,
                self._memento(one),
                source,
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
    past: Past,
    source: str,
    found: Gathered,
    judged: Sequence[Judged],
    seen: Sequence[tuple[Seen, Shown | None]],
    gathering: Gathering,
) -> Report:
    results = []
    for one in judged:
        capture, (sight, _) = found.captures[one.place], seen[one.place]
        known = None
        if one.outcome == "recovered":
            known = compare(Text(one.before.encode()), Text((sight.text or "").encode()))
        results.append(
            Result(
                sight.when,
                _memento(gathering, capture),
                one.outcome,
                one.name,
                one.reason,
                known.added if known else 0,
                known.removed if known else 0,
            )
        )
    return Report(
        past.entry.id,
        source,
        tuple(results),
        found.listed,
        found.others,
        found.trouble,
        found.left,
        found.is_known,
    )


def _memento(gathering: Gathering, one: Capture) -> str:
    return f"{gathering.settings.wayback.url}/web/{one.timestamp}/{one.original}"
