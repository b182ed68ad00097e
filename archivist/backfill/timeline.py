"""Which mementos are versions: pure functions over texts and times.

A memento is a version if it shows another text than what stood before it, in valid time. What is
known already counts: a text that a person has archived stands before the mementos behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from archivist.capturing.texts import essence
from archivist.words import containment, shingles, words

Outcome = Literal["recovered", "unchanged", "refused", "missing"]

_RELATED = 0.2  # the share of the shorter text's shingles from which two texts are of one policy
_NEAR = 0.95  # the share of either text from which a memento shows what a person has typed
LOST = "lost"  # the name of the refusal of a text that is not related


class Known(NamedTuple):
    """A version that the archive has: the day of which it is, its text, and whether archivist made
    it of the page, or a person typed it.
    """

    day: date
    text: str
    is_made: bool


class Seen(NamedTuple):
    """A memento: when it was captured, and the text that it shows; None with the name and the
    reason if it shows none. `is_missing` is True if the Wayback Machine does not show it.
    """

    when: datetime
    text: str | None
    name: str = ""
    reason: str = ""
    is_missing: bool = False


class Judged(NamedTuple):
    """What becomes of a memento (its place in what was given), and why. For a recovered one
    `before` is the text that stood before it, blank if none did.
    """

    place: int
    outcome: Outcome
    name: str = ""
    reason: str = ""
    before: str = ""


@dataclass(frozen=True)
class _Text:
    """A text in the forms in which it compares."""

    text: str
    essence: str
    is_made: bool = True

    def is_same(self, other: _Text) -> bool:
        """True if both are one policy's text in one version."""
        if self.essence == other.essence:
            return True
        if self.is_made and other.is_made:
            return False
        return self._share(other) >= _NEAR and other._share(self) >= _NEAR

    def is_related(self, other: _Text) -> bool:
        """True if both seem to be of one policy."""
        return max(self._share(other), other._share(self)) >= _RELATED

    def _share(self, other: _Text) -> float:
        return containment(_shingles(self.text), iter(_shingles(other.text)))


@lru_cache(maxsize=8)  # those of neighbours: of all texts they would fill the memory
def _shingles(text: str) -> set[tuple[str, ...]]:
    return set(shingles(words(text)))


def judge(
    known: Sequence[Known],
    seen: Sequence[Seen],
    accepted: Collection[str] = (),
    confirm: timedelta = timedelta(0),
) -> list[Judged]:
    """What becomes of each memento, oldest first. `known` and `seen` come in valid time.

    What is not related to any text around it is refused, unless `lost` is accepted; a text that
    stood for less than `confirm` between two captures of another one was a slip of the page.
    """
    texts = [
        None if one.text is None else _text_of(one.text, seen_on=one.when.date()) for one in seen
    ]
    have = [_text_of(one.text, is_made=one.is_made) for one in known]
    strangers = set() if LOST in accepted else set(_strangers(known, have, seen, texts))
    slips = set(_slips(seen, texts, strangers, confirm))
    return list(_judged(known, have, seen, texts, strangers, slips))


def _judged(
    known: Sequence[Known],
    have: Sequence[_Text],
    seen: Sequence[Seen],
    texts: Sequence[_Text | None],
    strangers: Collection[int],
    slips: Collection[int],
) -> Iterator[Judged]:
    before: _Text | None = None
    following = 0
    for place, (one, text) in enumerate(zip(seen, texts, strict=True)):
        while following < len(known) and known[following].day < one.when.date():
            before, following = have[following], following + 1
        if text is None:
            yield Judged(place, "missing" if one.is_missing else "refused", one.name, one.reason)
        elif place in strangers:
            yield Judged(place, "refused", LOST, "it has hardly a sentence of any known version")
        elif place in slips:
            yield Judged(place, "unchanged", "", "it stood there for a moment only")
        elif (before and before.is_same(text)) or _is_of_its_day(one, text, known, have, following):
            yield Judged(place, "unchanged")
            before = text
        else:
            yield Judged(place, "recovered", before=before.text if before else "")
            before = text


def _is_of_its_day(
    one: Seen, text: _Text, known: Sequence[Known], have: Sequence[_Text], place: int
) -> bool:
    """True if a known version of the same day has this text."""
    while place < len(known) and known[place].day == one.when.date():
        if have[place].is_same(text):
            return True
        place += 1
    return False


def _text_of(text: str, *, is_made: bool = True, seen_on: date | None = None) -> _Text:
    return _Text(text, essence(text, seen_on), is_made)


def _strangers(
    known: Sequence[Known],
    have: Sequence[_Text],
    seen: Sequence[Seen],
    texts: Sequence[_Text | None],
) -> Iterator[int]:
    """The mementos whose texts are not related to the nearest trusted texts on either side. Trust
    begins at what a person has archived, and spreads from there.
    """
    days = [one.when.date() for one in seen]
    rows = [(one.day, -1, text) for one, text in zip(known, have, strict=True)]
    rows += [
        (day, place, text)
        for place, (day, text) in enumerate(zip(days, texts, strict=True))
        if text is not None
    ]
    rows.sort(key=lambda row: row[0])
    trusted: set[int] = set()
    for line in (rows, rows[::-1], rows):
        last: _Text | None = None
        for _, place, text in line:
            if place < 0 or place in trusted or (last and last.is_related(text)):
                last = text
                trusted.add(place)
    yield from (place for _, place, _ in rows if place >= 0 and place not in trusted)


def _slips(
    seen: Sequence[Seen],
    texts: Sequence[_Text | None],
    strangers: Collection[int],
    confirm: timedelta,
) -> Iterator[int]:
    line = [
        (place, text)
        for place, text in enumerate(texts)
        if text is not None and place not in strangers
    ]
    for (first, before), (place, text), (last, behind) in zip(
        line, line[1:], line[2:], strict=False
    ):
        was_short = seen[last].when - seen[first].when <= confirm
        if was_short and before.is_same(behind) and not before.is_same(text):
            yield place
