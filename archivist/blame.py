"""When each sentence of an entry came in: in this entry, and in the archive at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from archivist.states import State
from archivist.worddiff import alike, sentences, trace
from archivist.words import shingles, words

SAME = 0.6  # the share of words in common from which two wordings are the same sentence
_SHINGLES = 0.2  # the share of a sentence's shingles that leads to a look at another


@dataclass(frozen=True)
class Origin:
    """Where a sentence stood first in the archive, and how much of its wording is the same.

    `tie` is a state of another entry that is of the same day, and has it too.
    """

    state: State
    alike: float
    tie: State | None = None


@dataclass(frozen=True)
class Sentence:
    """A sentence of an entry: its line in the file, and the state in which it first stood there.

    `alike` is how much of its wording then is in its wording now; `reworded` the last state that
    changed it since, `returned` that which brought it back after it was gone.
    """

    text: str
    line: int
    first: State
    alike: float = 1.0
    reworded: State | None = None
    returned: State | None = None
    origin: Origin | None = None


@dataclass
class _Life:
    """The wordings of a sentence, oldest first, with the number of the state that brought each;
    of the state that brought it back, and of that which had it no more.
    """

    wordings: list[tuple[int, str]]
    returned: int | None = None
    left: int = -1


class _Gone:
    """The sentences that are gone, to be known again if they come back, though reworded.

    Compared are those only that share the most of a sentence's rarer words.
    """

    _POSTINGS, _CANDIDATES = 24, 6

    def __init__(self) -> None:
        self._lives: dict[str, _Life] = {}
        self._keys: dict[str, dict[str, None]] = {}  # of each word, in order

    def add(self, text: str, life: _Life) -> None:
        """A sentence is gone, in this wording."""
        key = _key(text)
        if key not in self._lives:
            for word in set(words(text)):
                self._keys.setdefault(word, {})[key] = None
        self._lives[key] = life

    def find(self, text: str) -> tuple[str, _Life] | None:
        """The sentence that this one is, and the key to drop it by."""
        key = _key(text)
        if key in self._lives:
            return key, self._lives[key]
        postings = [self._keys.get(word, {}) for word in set(words(text))]
        shared = Counter(one for keys in postings if len(keys) <= self._POSTINGS for one in keys)
        likely = sorted(shared, key=lambda one: (-shared[one], one))[: self._CANDIDATES]
        share, best = max(((alike(one, key), one) for one in likely), default=(0.0, ""))
        return (best, self._lives[best]) if share >= SAME else None

    def drop(self, key: str) -> None:
        """A sentence is back."""
        del self._lives[key]
        for word in set(words(key)):
            del self._keys[word][key]


def blame(states: Sequence[State]) -> list[Sentence]:
    """The sentences of the last of these states of an entry, oldest first, in order.

    A sentence dates from the earliest of its wordings that has `SAME` of its words; one that was
    gone and came back, though reworded, from before it was gone.
    """
    lives: list[_Life] = []
    gone = _Gone()
    body, texts = "", list[str]()
    for number, state in enumerate(states):
        before, body = body, state.entry.body
        if body == before:
            continue
        traced = trace(before, body)
        taken = {source for source in traced.sources if source is not None}
        for place, text in enumerate(texts):
            if place not in taken:
                gone.add(text, replace(lives[place], left=number))
        found = [
            (None if source is not None else gone.find(text), source)
            for text, source in zip(traced.texts, traced.sources, strict=True)
        ]
        for key in {back[0] for back, _ in found if back}:
            gone.drop(key)
        lives = [
            _lived(number, text, lives[source] if source is not None else back and back[1])
            for text, (back, source) in zip(traced.texts, found, strict=True)
        ]
        texts = traced.texts
    return list(_told(states, texts, lives))


def _lived(number: int, text: str, life: _Life | None) -> _Life:
    """The life of a sentence up to this state. One that left with this state only moved in it."""
    if life is None:
        return _Life([(number, text)])
    was_gone = 0 <= life.left < number
    returned = number if was_gone else life.returned
    if _key(life.wordings[-1][1]) == _key(text):
        return _Life(life.wordings, returned)
    return _Life([*life.wordings, (number, text)], returned)


def _told(states: Sequence[State], texts: list[str], lives: list[_Life]) -> Iterator[Sentence]:
    entry = states[-1].entry
    line = entry.text.count("\n", 0, entry.body_start) + 1
    for text, life in zip(texts, lives, strict=True):
        lead = text[: len(text) - len(text.lstrip())]
        first, share = _first(text, life)
        last = life.wordings[-1][0]
        yield Sentence(
            text.strip(),
            line + lead.count("\n"),
            states[first],
            share,
            states[last] if last != first else None,
            None if life.returned is None else states[life.returned],
        )
        line += text.count("\n")


def _first(text: str, life: _Life) -> tuple[int, float]:
    """The earliest wording that is the same sentence, and how much of it is the same."""
    for number, wording in life.wordings:
        share = alike(wording.strip(), text.strip())
        if share >= SAME:
            return number, share
    return life.wordings[-1][0], 1.0


def across(found: Sequence[Sentence], states: Iterable[State]) -> list[Sentence]:
    """The sentences, each with the state, of these of all entries, in which it first stood.

    `states` come by valid time, the earliest first. Sentences without words have no origin.
    """
    wanted = [words(one.text) for one in found]
    index: dict[tuple[str, ...], list[int]] = {}
    for number, tokens in enumerate(wanted):
        for shingle in set(shingles(tokens)):
            index.setdefault(shingle, []).append(number)
    sizes = [len(set(shingles(tokens))) for tokens in wanted]
    origins: list[Origin | None] = [None] * len(found)
    seen: dict[str, State] = {}
    tied: set[tuple[str, str]] = set()
    for state in states:
        for text in _new_sentences(state, seen, tied):
            hits = Counter(n for one in set(shingles(words(text))) for n in index.get(one, ()))
            for number, shared in hits.items():
                if shared >= _SHINGLES * sizes[number] and _may_be(origins[number], state):
                    share = alike(text, found[number].text)
                    if share >= SAME:
                        known = origins[number]
                        origins[number] = (
                            replace(known, tie=state) if known else Origin(state, share)
                        )
    return [replace(one, origin=origin) for one, origin in zip(found, origins, strict=True)]


def _may_be(known: Origin | None, state: State) -> bool:
    """True if a state can be the origin of a sentence, or of the same day as that."""
    if known is None:
        return True
    return known.tie is None and _is_tie(known.state, state)


def _is_tie(first: State, state: State) -> bool:
    """True if two entries' states are of one day, and neither says that it was announced before."""
    is_dated = state.archived is not None
    return is_dated and first.valid_time == state.valid_time and first.id_now != state.id_now


def _new_sentences(
    state: State, seen: dict[str, State], tied: set[tuple[str, str]]
) -> Iterator[str]:
    """The sentences that no state had before, or none but others of the same day: nearly all
    paragraphs stay from state to state.
    """
    for paragraph in state.entry.body.split("\n\n"):
        first = seen.setdefault(paragraph, state)
        if first is not state:
            key = state.id_now, paragraph
            if not _is_tie(first, state) or key in tied:
                continue
            tied.add(key)
        for start, end in sentences(paragraph):
            yield paragraph[start:end].strip()


def _key(text: str) -> str:
    return " ".join(text.split())
