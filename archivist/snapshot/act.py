"""The run: look at all sources, in parallel and politely; judge; commit one after another."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from archivist.captures import Objection, Outcome, Result
from archivist.capturing.texts import is_same
from archivist.config.scan import ScanSettings
from archivist.config.snapshot import SnapshotSettings
from archivist.difference import difference
from archivist.entry import Entry
from archivist.errors import EnvironmentFailure, FileFailure, GitFailure
from archivist.links.following import Chain
from archivist.links.robots import Robots
from archivist.links.source import Asker
from archivist.net.crawl import Conversation, Crawl
from archivist.net.fetch import Answer, Fetch
from archivist.net.wire import host_of, wire_url
from archivist.refusal import NAMES, root_of
from archivist.schema import Schemas
from archivist.snapshot.judging import UNSTABLE, Finding, confirmed, judge
from archivist.snapshot.keeping import Keeping
from archivist.snapshot.lately import Lately
from archivist.snapshot.looking import Seen, look, saved
from archivist.snapshot.rebuilding import EDITED, Captured, Rebuilt, rebuild
from archivist.snapshot.subject import Subject
from archivist.snapshot.writing import Manner, Written, moved_version, new_version, rebuilt_version
from archivist.states import State
from archivist.verdict import Hop

_BY_HAND = (
    "the page shows what was captured of it; the text here was edited by hand since "
    f"(--accept {EDITED} gives the edits up)"
)
_OF_ANSWER = {"status", "redirects", "cut"}
UNPROVEN = "only a commit that the command makes says what was captured, for `verify` to prove"
_SOON = 0.001  # seconds: behind what else its host is asked
# Why a version, written on top of an entry, would not be kept; None if it would.
Obstacle = Callable[[Entry, Written], EnvironmentFailure | None]


@dataclass
class Snapshots:
    """One run over subjects. `keeping` writes what is new: nothing is written without it, and what
    would be is compared. `lately` knows the texts of the last hours, to which one may return.
    `progress` is told how many are done, and of how many. `obstacle` says of a trial why an entry
    would not be written, `captured` what the evidence of an entry shows.
    """

    settings: ScanSettings
    rules: SnapshotSettings
    schemas: Schemas
    manner: Manner
    keeping: Keeping | None = None
    lately: Lately | None = None
    accepted: frozenset[str] = frozenset()
    clock: Callable[[], datetime] = field(default=lambda: datetime.now().astimezone())
    progress: Callable[[int, int], None] = lambda _done, _total: None
    obstacle: Obstacle = lambda _before, _written: None
    captured: Callable[[Subject], Captured | None] = lambda _subject: None

    def __post_init__(self) -> None:
        self._robots = Robots(Asker(self.settings.network))
        self._waiting: dict[str, deque[list[Subject]]] = {}
        self._results: list[Result] = []
        self._total = 0

    def run(self, subjects: Iterable[Subject]) -> list[Result]:
        """Look at all of them; the results by path. Raises EnvironmentFailure.

        What was recorded until then stays, also if the run is interrupted.
        """
        self._distribute(subjects)
        crawl: Crawl[list[Finding]] = Crawl(self.settings.network, self._begin, self._end)
        crawl.expect((lane, len(groups)) for lane, groups in self._waiting.items())
        try:
            crawl.run()
        finally:
            self.progress(1, 1)
        return sorted(self._results, key=lambda one: one.path)

    def take(self, subjects: Iterable[Subject], data: bytes, content_type: str) -> list[Result]:
        """The results of entries of which somebody has saved the page."""
        self._distribute(subjects)
        for groups in self._waiting.values():
            for one in (one for group in groups for one in group):
                seen = saved(data, one.asked, content_type, self.clock())
                self._results.append(self._settle(self._judged(one, seen)))
        return self._results

    def rebuild(self, subjects: Iterable[Subject], root: Path) -> list[Result]:
        """The results of entries whose texts are made of their evidence again.

        Raises FileFailure.
        """
        return [
            _failed(one, "its front matter cannot be read: `archivist check` says why")
            if not one.entry.is_readable
            else self._settle(rebuild(one, root, self.accepted, self.rules.minimum_share))
            for one in subjects
        ]

    def _distribute(self, subjects: Iterable[Subject]) -> None:
        """Let those of one URL be asked together, each host in its lane."""
        by_url: dict[str, list[Subject]] = {}
        for one in subjects:
            if one.obstacle:
                self._results.append(_failed(one, one.obstacle))
            elif why := one.excluded(self.settings.links.exclude):
                self._results.append(_failed(one, f"its URL is excluded from being asked: {why}"))
            else:
                by_url.setdefault(one.asked, []).append(one)
        for url, group in by_url.items():
            lane = host_of(wire_url(url) or "")
            self._waiting.setdefault(lane, deque()).append(group)
            self._total += len(group)

    def _begin(self, lane: str) -> Conversation[list[Finding]] | None:
        groups = self._waiting.get(lane)
        return self._conversation(groups.popleft()) if groups else None

    def _conversation(self, group: list[Subject]) -> Generator[Fetch, Answer, list[Finding]]:
        """Look at the page of these entries; twice, if there seems to be another text."""
        url = group[0].asked
        network = self.settings.network
        if network.respect_robots and (why := (yield from self._robots.forbids(url))):
            return [_forbidden(one, why) for one in group]
        seen = yield from look(url, network.url_timeout, self.clock, network.second_opinion)
        found = [self._judged(one, seen) for one in group]
        doubted = [one for one in found if one.is_new and one.subject.before]
        if not doubted:
            return found
        returns = any(self._returns(one) for one in doubted)
        later = max(network.second_opinion if returns else 0.0, _SOON)
        again = yield from look(url, network.url_timeout, self.clock, network.second_opinion, later)
        return [self._again(one, again) if one in doubted else one for one in found]

    def _again(self, first: Finding, seen: Seen) -> Finding:
        same = seen.is_like(first.seen)  # then there is no need to read it again
        second = replace(first, seen=seen) if same else self._judged(first.subject, seen)
        second = confirmed(first, second, self._today, self.accepted)
        if second.is_new and self._returns(second):
            return replace(second, remark="returns to a text of the last days (seen twice)")
        return second

    def _judged(self, subject: Subject, seen: Seen) -> Finding:
        found = judge(subject, seen, self._today, self.accepted, self.rules.minimum_share)
        if unchanged := self._as_captured(found):
            return unchanged
        most = self.settings.network.max_body
        if not (seen.answer.cut and len(seen.answer.body) >= most):
            return found
        hint = f"[network] max_body is {most} bytes: give more"
        reason = "the page is larger than what is read of it"
        return replace(
            found,
            objections=tuple(
                one._replace(reason=reason, hint=hint) if one.name == "cut" else one
                for one in found.objections
            ),
        )

    def _as_captured(self, found: Finding) -> Finding | None:
        """The finding that the page is what was captured of it last, though the entry has another
        text: it was edited by hand, or is made otherwise now. None if the page is not.
        """
        subject = found.subject
        if found.same or found.failed or not (subject.before and found.text):
            return None
        if not _OF_ANSWER.isdisjoint(one.name for one in found.objections):
            return None
        known = self.captured(subject)
        if known is None:
            return None
        if is_same(known.text, found.text, known.day, self._today):
            by_hand = replace(found, same=True, objections=(), remark=_BY_HAND)
            return None if EDITED in self.accepted else by_hand
        return known.remade(found, self._today)

    def _returns(self, found: Finding) -> bool:
        """True if the text stood there before, not long ago."""
        return bool(self.lately and self.lately.had(found.subject, found.text, self._today))

    @property
    def _today(self) -> date:
        return self.manner.now.date()

    def _end(self, found: list[Finding]) -> None:
        for one in found:
            self._results.append(self._settle(one))
        self.progress(len(self._results), self._total)

    def _settle(self, found: Finding) -> Result:
        """Write what is new; what became of it."""
        subject = found.subject
        base = Result(
            subject.entry.id,
            subject.entry.path,
            Outcome.UNCHANGED,
            found.remark,
            url=subject.asked,
            final_url=found.seen.chain.url,
            status=found.seen.answer.status,
            hops=tuple(hop.url for hop in found.seen.chain.hops),
        )
        if found.failed:
            return replace(base, outcome=Outcome.FAILED, reason=found.failed, hint=found.hint)
        if found.objections:
            refused = self._refused(base, found.objections, has_text=bool(found.text))
            return self._tried(refused, found) if self.keeping is None else refused
        if found.same and not subject.moved:
            is_trial = self.keeping is None and isinstance(found, Rebuilt) and found.differs
            return self._tried(base, found) if is_trial else base
        recorded = replace(base, outcome=Outcome.RECORDED)
        return self._tried(recorded, found) if self.keeping is None else self._kept(recorded, found)

    def _refused(
        self, base: Result, objections: tuple[Objection, ...], *, has_text: bool
    ) -> Result:
        names = [one.name for one in objections]
        root = root_of(names)
        first = objections[names.index(root) if root else 0]
        can = has_text and all(one in (*NAMES, UNSTABLE, EDITED) for one in names)
        return replace(
            base,
            outcome=Outcome.REFUSED,
            reason=first.reason,
            hint=first.hint,
            objections=objections,
            root=root,
            accept=tuple(dict.fromkeys((*sorted(self.accepted), *names))) if can else (),
        )

    def _kept(self, result: Result, found: Finding) -> Result:
        """The result, once the version is written."""
        written = self._written(found)
        assert written is not None
        assert self.keeping is not None
        try:
            commit = self.keeping.keep(found.subject.entry, written)
        except (GitFailure, FileFailure) as error:
            hint = error.hint or ""
            return replace(
                result, outcome=Outcome.FAILED, reason=error.message, hint=hint, said=error.said
            )
        hint = "" if commit else UNPROVEN
        return replace(result, kept=written.kept._replace(commit=commit), hint=hint)

    def _tried(self, result: Result, found: Finding) -> Result:
        """The result of a trial: what would be written, also of what is refused, so that selectors
        can be tried.
        """
        written = self._written(found)
        if written is None:
            return result
        if result.outcome is Outcome.RECORDED and (
            why := self.obstacle(found.subject.entry, written)
        ):
            result = replace(
                result, outcome=Outcome.FAILED, reason=why.message, hint=why.hint or ""
            )
        after = Entry(f"{written.entry.id} (captured)", written.entry.text)
        compared = difference(State(found.subject.entry), State(after, outside=True))
        return replace(result, kept=written.kept, difference=compared)

    def _written(self, found: Finding) -> Written | None:
        schema = self.schemas.get(found.subject.entry.layout)
        order = schema.keys if schema else ()
        if found.same and found.subject.moved:
            return moved_version(found, self.manner, order)
        if isinstance(found, Rebuilt):
            return rebuilt_version(found, self.manner)
        return new_version(found, self.manner, order) if found.extraction else None


def _failed(subject: Subject, reason: str) -> Result:
    return Result(subject.entry.id, subject.entry.path, Outcome.FAILED, reason, url=subject.asked)


def _forbidden(subject: Subject, reason: str) -> Finding:
    hint = "[network] respect_robots decides; or save the page, and give it with --from-file"
    seen = Seen(subject.asked, Chain((Hop(subject.asked, 0),), Answer(subject.asked)), ())
    return Finding(subject, seen, objections=(Objection("robots", reason, hint),))
