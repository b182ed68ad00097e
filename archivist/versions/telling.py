"""From the events of one entry to its versions: their order, and what each of them changed."""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archivist.entry import entry_id
from archivist.versions.following import Event, Place
from archivist.versions.ordering import Dated, valid_order
from archivist.versions.recovering import is_recovered, without_returns
from archivist.versions.studying import UNREADABLE, Facts, Knowledge, comparison
from archivist.versions.version import Kind, Version


class Telling(NamedTuple):
    """An event and what is told of it. One that brings nothing which the version before it in valid
    time had not, `is_silent`: it is no version.
    """

    event: Event
    version: Version
    is_silent: bool = False


# The events of one entry in valid time.
Told = Sequence[Telling]


def ordered(knowledge: Knowledge, events: Sequence[Event]) -> list[Event]:
    """Events, which come in the order of their commits, in valid time."""
    events = list(without_returns(events))
    dated = []
    before: str | None = None
    for event in events:
        oid = event.move.new
        if is_recovered(event):
            dated.append(Dated(_facts(knowledge, event).archived, True, True))
            continue
        known = comparison(knowledge.pairs, before, oid) if before and oid else None
        is_new = known is None or known.kind == "text"
        dated.append(Dated(_facts(knowledge, event).archived, is_new))
        before = oid or before
    return [events[place] for place in valid_order(dated)]


def told(knowledge: Knowledge, place: Place, path: bytes, events: Sequence[Event]) -> Told:
    """What is told of each event of the entry that is, or was last, at a path.

    `events` come in valid time.
    """
    entry = entry_id(place.shown(path))
    found: list[Telling] = []
    texts = _Texts()
    before: str | None = None
    gone, last = False, 0
    for event in events:
        oid = event.move.new
        version = _version(knowledge, place, entry, event, before, gone=gone)
        number, earlier = texts.met(knowledge.body(oid) if oid else None, event.step.rev)
        if version.kind in ("text", "restored"):
            version = version._replace(returns_to=earlier)
        version = version._replace(text=number)
        if found and oid == before and not gone and _is_silent(event, found[last].event):
            # The version is what the entry came to, or came back to, with the later commit.
            kept = found[last].version
            found[last] = found[last]._replace(
                version=kept._replace(turn=max(kept.turn, event.turn))
            )
            found.append(Telling(event, version, is_silent=True))
        else:
            last = len(found)
            found.append(Telling(event, version))
        before, gone = oid or before, oid is None
    return found


def versions_of(told: Iterable[Telling]) -> Iterator[Version]:
    """The versions among what is told."""
    return (one.version for one in told if not one.is_silent)


def _is_silent(event: Event, before: Event) -> bool:
    """True if an event that leads to the very file before it adds nothing to that: such as the way
    back from versions that somebody recovered by hand.
    """
    return event.move.path == before.move.path and is_recovered(event) == is_recovered(before)


class _Texts:
    """The texts that an entry has had, numbered, each with the commit that brought it first."""

    def __init__(self) -> None:
        self._last: str | None = None
        self._numbers: dict[str, int] = {}
        self._revs: dict[str, str] = {}

    def met(self, body: str | None, rev: str) -> tuple[int | None, str | None]:
        """The number of a version's text, and the earlier commit to whose text it returns; `body`
        is None where the entry was taken away.
        """
        before, self._last = self._last, body
        if body is None:
            return None, None
        earlier = None if body == before else self._revs.get(body)
        self._revs.setdefault(body, rev)
        return self._numbers.setdefault(body, len(self._numbers) + 1), earlier


def blobs(events: Iterable[Event]) -> list[str]:
    """The blobs that events led to."""
    return [event.move.new for event in events if event.move.new]


def _facts(knowledge: Knowledge, event: Event) -> Facts:
    oid = event.move.new
    return Facts() if oid is None else knowledge.facts.get(oid, UNREADABLE)


def _version(
    knowledge: Knowledge,
    place: Place,
    entry: str,
    event: Event,
    before: str | None,
    *,
    gone: bool,
) -> Version:
    step, move = event.step, event.move
    facts = _facts(knowledge, event)
    kind, added, removed = _kind(knowledge, event, before, gone=gone)
    pairs = (line.partition(": ") for line in step.trailers.split("\n"))
    return Version(
        entry=entry,
        rev=step.rev or None,
        path=place.shown(move.path),
        oid=move.new,
        kind=kind,
        committed=step.committed if step.rev else None,
        archived=facts.archived,
        announced=facts.announced,
        author=step.author,
        subject=step.subject,
        trailers=tuple((key, value) for key, sep, value in pairs if sep),
        words=facts.words if facts.is_readable else None,
        added=added,
        removed=removed,
        origin=place.shown(move.origin) if move.origin else None,
        alike=move.alike,
        is_readable=facts.is_readable,
        turn=event.turn,
    )


def _kind(
    knowledge: Knowledge, event: Event, before: str | None, *, gone: bool
) -> tuple[Kind, int | None, int | None]:
    """What an event did to the text before it in valid time, and how many words it brought and
    took; `gone` if the entry was away.
    """
    move, facts = event.move, _facts(knowledge, event)
    if move.new is None:
        taken = knowledge.facts.get(before or "", Facts())
        return "removed", 0, taken.words if taken.is_readable else None
    if before is None:
        return "added", facts.words if facts.is_readable else None, 0
    known = comparison(knowledge.pairs, before, move.new)
    counts = (known.added, known.removed) if known else (None, None)
    if gone:
        return "restored", *counts
    if known is None:
        return "text", *counts
    return known.kind or ("renamed" if move.origin else "metadata"), *counts
