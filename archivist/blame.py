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
    """Where a sentence stood first in the archive, and how much of its wording is the same."""

    state: State
    alike: float


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
    """The wordings of a sentence, oldest first, with the number of the state that brought each."""

    wordings: list[tuple[int, str]]
    returned: int | None = None


def blame(states: Sequence[State]) -> list[Sentence]:
    """The sentences of the last of these states of an entry, oldest first, in order.

    A sentence dates from the earliest of its wordings that has `SAME` of its words; one that was
    gone and came back, from before it was gone.
    """
    lives: list[_Life] = []
    gone: dict[str, _Life] = {}
    body, texts = "", list[str]()
    for number, state in enumerate(states):
        before, body = body, state.entry.body
        if body == before:
            continue
        traced = trace(before, body)
        taken = {source for source in traced.sources if source is not None}
        gone |= {_key(text): lives[i] for i, text in enumerate(texts) if i not in taken}
        lives = [
            _lived(number, text, None if source is None else lives[source], gone)
            for text, source in zip(traced.texts, traced.sources, strict=True)
        ]
        texts = traced.texts
    return list(_told(states, texts, lives))


def _lived(number: int, text: str, life: _Life | None, gone: dict[str, _Life]) -> _Life:
    """The life of a sentence up to this state."""
    if life is None:
        earlier = gone.get(_key(text))
        return _Life(earlier.wordings, number) if earlier else _Life([(number, text)])
    if _key(life.wordings[-1][1]) == _key(text):
        return life
    return _Life([*life.wordings, (number, text)], life.returned)


def _told(states: Sequence[State], texts: list[str], lives: list[_Life]) -> Iterator[Sentence]:
    entry = states[-1].entry
    line = entry.text.count("\n", 0, entry.front.body_start) + 1
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
    seen: set[str] = set()
    for state in states:
        for text in _new_sentences(state.entry.body, seen):
            hits = Counter(n for one in set(shingles(words(text))) for n in index.get(one, ()))
            for number, shared in hits.items():
                if origins[number] is None and shared >= _SHINGLES * sizes[number]:
                    share = alike(text, found[number].text)
                    if share >= SAME:
                        origins[number] = Origin(state, share)
    return [replace(one, origin=origin) for one, origin in zip(found, origins, strict=True)]


def _new_sentences(body: str, seen: set[str]) -> Iterator[str]:
    """The sentences that no state had before: nearly all paragraphs stay from state to state."""
    for paragraph in body.split("\n\n"):
        if paragraph in seen:
            continue
        seen.add(paragraph)
        for start, end in sentences(paragraph):
            yield paragraph[start:end].strip()


def _key(text: str) -> str:
    return " ".join(text.split())
