"""Reading the texts of many versions once each, to learn their dates and what each step changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from archivist.dates import PolicyDate, read
from archivist.entry import Entry
from archivist.files import MAX_SIZE
from archivist.repository import Repository
from archivist.repository.objects import read_what_can_be
from archivist.versions.comparing import Comparison, Text, compare, count_words


class Facts(NamedTuple):
    """What one text says of itself: its dates, and how many words its body has."""

    archived: PolicyDate | None = None
    announced: PolicyDate | None = None
    words: int = 0
    is_readable: bool = True


UNREADABLE = Facts(is_readable=False)


@dataclass
class Knowledge:
    """What is known of texts, and of pairs of them, by the ids of their blobs."""

    facts: dict[str, Facts] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Comparison | None] = field(default_factory=dict)
    own: dict[str, bytes] = field(default_factory=dict)  # texts that are not in the repository

    def study(self, repository: Repository, chains: Iterable[Sequence[str]]) -> None:
        """Learn all texts of these chains, and all pairs of neighbours in them, in one pass.

        A text that cannot be read is known as such; so is a pair with one (None).
        """
        wanted = [list(self._unknown(chain)) for chain in chains]
        asked = [oid for runs in wanted for run in runs for oid in run if oid not in self.own]
        answers = read_what_can_be(repository, asked, MAX_SIZE)
        for runs in wanted:
            for run in runs:
                self._learn(run, answers)

    def _unknown(self, chain: Sequence[str]) -> Iterator[list[str]]:
        """The parts of a chain that must be read: those with a pair that is not known."""
        run: list[str] = []
        seen = set(self.pairs)
        for before, oid in zip((None, *chain), chain, strict=False):
            pair = (before, oid) if before and before != oid else None
            if pair and pair not in seen:
                seen.add(pair)
                run = run or [pair[0]]
                run.append(oid)
            elif before is None and oid not in self.facts:
                run = [oid]
            elif pair:
                if run:
                    yield run
                run = []
        if run:
            yield run

    def _learn(self, run: Sequence[str], answers: Iterator[bytes | None]) -> None:
        last: Text | None = None
        before: str | None = None
        for oid in run:
            data = self.own[oid] if oid in self.own else next(answers)
            if oid not in self.facts:
                self.facts[oid] = UNREADABLE if data is None else facts_of(data)
            text = None if data is None else Text(data)
            if before:
                known = compare(last, text) if last and text else None
                self.pairs[before, oid] = known
            last, before = text, oid


def facts_of(data: bytes) -> Facts:
    """What a text says of itself."""
    text = Text(data)
    return Facts(*_dates(text.front), count_words(text))


@lru_cache(1024)
def _dates(front: bytes) -> tuple[PolicyDate | None, PolicyDate | None]:
    entry = Entry("", front.decode("utf-8", "surrogateescape"))
    return _date(entry.value("date archived")), _date(entry.value("date announced"))


def _date(value: str) -> PolicyDate | None:
    found = read(value) if value else None
    return found if isinstance(found, PolicyDate) else None


def comparison(
    pairs: Mapping[tuple[str, str], Comparison | None], old: str, new: str
) -> Comparison | None:
    """How two known texts differ; None if one of them could not be read."""
    return Comparison(None) if old == new else pairs.get((old, new))
