"""Reading the texts of many versions once each, to learn their dates and what each step changed."""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from archivist.dates import PolicyDate, read
from archivist.entry import Entry
from archivist.files import MAX_SIZE
from archivist.repository import Repository
from archivist.repository.objects import read_ended
from archivist.versions.comparing import (
    Comparison,
    Middle,
    Text,
    compare,
    count_words,
    expect_many,
    middle,
)


class Facts(NamedTuple):
    """What one text says of itself: its dates, and how many words its body has, and how many bytes
    (`size`, without blanks at both ends). Its `digest` is known where that is needed: of an entry's
    texts that are of one length.
    """

    archived: PolicyDate | None = None
    announced: PolicyDate | None = None
    words: int = 0
    size: int = 0
    digest: str = ""
    is_readable: bool = True


UNREADABLE = Facts(is_readable=False)
_DAY = re.compile(
    rb"^date (?:archived|announced): ([A-Z][a-z]{2} [0-9]{2}, [0-9]{4})$", re.MULTILINE
)
_STAND_INS = (b"Jan 00, 0001", b"Jan 00, 0002")  # as long, and no date that anybody could mean
_DIGITS = 32  # of a digest: 16 bytes
_MANY = 500  # texts
_HELD = 1 << 26  # bytes of the texts of one chain that are kept until its order is known

# Gives the blobs of a chain, by its number, in the order in which they are to be told.
Ordered = Callable[[int], Sequence[str]]


class Knowledge:
    """What is known of texts, and of pairs of them, by the ids of their blobs."""

    def __init__(self) -> None:
        self.facts: dict[str, Facts] = {}
        self.pairs: dict[tuple[str, str], Comparison | None] = {}
        self.own: dict[str, bytes] = {}  # texts that are not in the repository
        self.digested: set[str] = set()  # texts whose digests were not known before

    def study(
        self, repository: Repository, chains: Iterable[Sequence[str]], ordered: Ordered
    ) -> None:
        """Learn all texts of these chains, and all pairs of neighbours in them and in what
        `ordered` makes of each, once the chain itself is known: in one pass, if none is huge.

        A text that cannot be read is known as such; so is a pair with one (None). Texts of one
        chain that may be the same get their digests.
        """
        chains = list(chains)
        wanted = [list(self._unknown(chain)) for chain in chains]
        asked = [oid for runs in wanted for run in runs for oid in run if oid not in self.own]
        if len(asked) > _MANY:
            expect_many()
        answers = read_ended(repository, asked, MAX_SIZE)
        late = []
        for number, (chain, runs) in enumerate(zip(chains, wanted, strict=True)):
            held: dict[str, Text | None] = {}
            for run in runs:
                self._learn(run, answers, held)
            late += list(self._unknown(ordered(number), held))
            late += [[oid] for oid in self._alike(chain) if not self._digest(oid, held.get(oid))]
        if late:
            asked = [oid for run in late for oid in run if oid not in self.own]
            answers = read_ended(repository, asked, MAX_SIZE)
            for run in late:
                self._learn(run, answers, held := {})
                if len(run) == 1:
                    self._digest(run[0], held[run[0]])

    def body(self, oid: str) -> str:
        """What tells a text from the others of its entry: the same for the same body."""
        return self.facts.get(oid, UNREADABLE).digest or oid

    def _alike(self, chain: Sequence[str]) -> Iterator[str]:
        """The texts of a chain that may be the same as another of it, as long as that is open."""
        sizes: dict[tuple[int, int], list[str]] = {}
        for oid in dict.fromkeys(chain):
            facts = self.facts.get(oid, UNREADABLE)
            if facts.is_readable:
                sizes.setdefault((facts.size, facts.words), []).append(oid)
        for same in sizes.values():
            if len(same) > 1:
                yield from (oid for oid in same if not self.facts[oid].digest)

    def _digest(self, oid: str, text: Text | None) -> bool:
        """Know the digest of a text; False if it is not at hand."""
        if text is None:
            return False
        from hashlib import sha256  # with OpenSSL in its wake

        digest = sha256(text.body.strip()).hexdigest()[:_DIGITS]
        self.facts[oid] = self.facts[oid]._replace(digest=digest)
        self.digested.add(oid)
        return True

    def _unknown(
        self, chain: Sequence[str], held: Mapping[str, Text | None] | None = None
    ) -> Iterator[list[str]]:
        """The parts of a chain that must be read: those with a pair that is neither known, nor of
        texts that are held, which are compared at once.
        """
        run: list[str] = []
        seen: set[tuple[str, str]] = set()
        for before, oid in zip((None, *chain), chain, strict=False):
            pair = (before, oid) if before and before != oid else None
            if pair and held and before in held and oid in held and pair not in self.pairs:
                self.pairs[pair] = _compared(held[pair[0]], held[oid])
            # Another run may have learnt a pair while its texts were looked up.
            is_open = pair and (pair not in self.pairs or oid not in self.facts)
            if pair and is_open and pair not in seen:
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

    def _learn(
        self, run: Sequence[str], answers: Iterator[bytes | None], held: dict[str, Text | None]
    ) -> None:
        """Read the texts of a run; those that there is room for are kept in `held`."""
        last: Text | None = None
        before: str | None = None
        room = _HELD - sum(len(one.whole) for one in held.values() if one)
        for oid in run:
            whole = self.own[oid] + b"\n" if oid in self.own else next(answers)
            text = None if whole is None else Text(whole)
            between = middle(last, text) if last and text else None
            if before and (before, oid) not in self.pairs:
                self.pairs[before, oid] = _compared(last, text, between)
            if oid not in self.facts:
                self.facts[oid] = facts_of(text, self._words(before, oid, between))
            last, before = text, oid
            room -= len(text.whole) if text else 0
            if room > 0:
                held[oid] = text

    def _words(self, before: str | None, oid: str, between: Middle | None) -> int | None:
        """How many words a text has, if that follows from the one before it: only those are counted
        that either of them has alone.
        """
        if before is None or between is None:
            return None
        words, change = self.facts[before].words, self.pairs[before, oid]
        if change and change.kind == "text":
            return words + change.added - change.removed
        return words - count_words(between.old) + count_words(between.new)


def _compared(
    old: Text | None, new: Text | None, between: Middle | None = None
) -> Comparison | None:
    return compare(old, new, between) if old and new else None


def facts_of(text: Text | None, words: int | None = None) -> Facts:
    """What a text says of itself, None being one that cannot be read."""
    if text is None:
        return UNREADABLE
    count = count_words(text.body) if words is None else words
    return Facts(*_dates(text.front), count, text.size)


def _dates(front: bytes) -> tuple[PolicyDate | None, PolicyDate | None]:
    """When a text was archived and announced, as its front matter says.

    From version to version often nothing but a day changes: what else there is, is parsed once,
    with stand-ins for days that are written as usual.
    """
    days: dict[str, str] = {}
    end = 0
    for stand_in in _STAND_INS:
        found = _DAY.search(front, end)
        if not found:
            break
        begin, end = found.span(1)
        days[stand_in.decode()] = found[1].decode()
        front = front[:begin] + stand_in + front[end:]
    archived, announced = _values(front)
    return _date(days.get(archived, archived)), _date(days.get(announced, announced))


@lru_cache(1024)
def _values(front: bytes) -> tuple[str, str]:
    entry = Entry("", front.decode("utf-8", "surrogateescape"))
    return entry.value("date archived"), entry.value("date announced")


def _date(value: str) -> PolicyDate | None:
    found = read(value) if value else None
    return found if isinstance(found, PolicyDate) else None


def comparison(
    pairs: Mapping[tuple[str, str], Comparison | None], old: str, new: str
) -> Comparison | None:
    """How two known texts differ; None if one of them could not be read."""
    return Comparison(None) if old == new else pairs.get((old, new))
