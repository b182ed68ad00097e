"""Which sentences of two texts are wordings of each other, where none is the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, product
from typing import NamedTuple

from archivist.worddiff.chains import Link, heaviest
from archivist.worddiff.matching import similarity

ALIKE = 0.4  # the share of words in common from which two sentences are wordings of each other
_TAKEN = 0.6  # the share of a sentence that another must hold to have been split from it
_FEW = 100  # pairs; so many are all looked at
_CANDIDATES = 6  # sentences that each is compared with, where there are more
_ENOUGH = 32  # words of a sentence that lead to others, about
_TELLING = 4  # one in so many of a sentence's rare words must stand in another to lead to it
_POSTINGS = 24  # sentences that a word may stand in to lead to them
_MOST = 20_000  # sentences; in a longer gap none are paired
_WIDEST = 4  # sentences that one can be split into

Words = Sequence[str]


class Group(NamedTuple):
    """Sentences `a:a_end` of the one text that sentences `b:b_end` of the other are wordings of."""

    a: int
    a_end: int
    b: int
    b_end: int


def likeness(a: Words, b: Words) -> float:
    """The words that two sentences share in order, of all their words: 0.0 to 1.0."""
    return 2 * similarity(a, b) / (len(a) + len(b)) if a and b else 0.0


def pairs(a: Sequence[Words], b: Sequence[Words]) -> list[Group]:
    """The sentences that are wordings of each other, in order; those without words never are."""
    if len(a) + len(b) > _MOST:
        return []
    few = len(a) * len(b) <= _FEW
    numbers = product(range(len(a)), range(len(b))) if few else _likely(a, b)
    links = heaviest([link for i, j in numbers if (link := _linked(i, j, a[i], b[j]))])
    groups = [Group(link.a, link.a + 1, link.b, link.b + 1) for link in links]
    return list(_widened(groups, a, b))


def _likely(a: Sequence[Words], b: Sequence[Words]) -> Iterator[tuple[int, int]]:
    """Sentences that share rare words, or have the same place from either end; looked for are those
    of the text that has fewer.
    """
    if len(a) > len(b):
        yield from sorted((i, j) for j, i in _likely(b, a))
        return
    rare = rare_words(enumerate(b), _POSTINGS)
    most = _CANDIDATES * len(b) // len(a)
    for i, words in enumerate(a):
        telling = telling_places(words, rare)
        shared = Counter(chain.from_iterable(telling))
        least = max(2, len(telling) // _TELLING)
        found = {j for j in (i, len(b) - len(a) + i) if 0 <= j < len(b)}
        if len(telling) >= 2 * _TELLING:
            found = {j for j in found if shared.get(j, 0) > 1}
        fitting = sorted([(-number, j) for j, number in shared.items() if number >= least])
        found.update([j for _, j in fitting[:most]])
        for j in sorted(found):
            yield i, j


def rare_words(sentences: Iterable[tuple[int, Words]], most: int) -> dict[str, list[int]]:
    """The words that stand in so many of these numbered sentences at most, and in which ones."""
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for number, words in sentences:
        for word in set(words):
            postings[word].append(number)
    return {word: found for word, found in postings.items() if len(found) <= most}


def telling_places(words: Words, rare: dict[str, list[int]]) -> list[list[int]]:
    """In which sentences the rare words of a sentence stand; of a long one, some are looked at."""
    some = dict.fromkeys(words[:: len(words) // _ENOUGH + 1])
    return [rare[word] for word in some if word in rare]


def _linked(i: int, j: int, one: Words, other: Words) -> Link | None:
    """What it is worth to take two sentences for wordings of each other, if they are."""
    shorter, longer = len(one), len(other)
    if shorter > longer:
        shorter, longer = longer, shorter
    if shorter * 5 < longer or not shorter or (shorter < longer * ALIKE / 2 and shorter < 4):
        return None
    shared = similarity(one, other)
    share = 2 * shared / (shorter + longer)
    held = shared >= 4 and shared >= _TAKEN * shorter and shared * 5 >= longer
    if share >= ALIKE or held:
        return Link(i, j, shared * max(share, ALIKE))
    return None


def _widened(groups: list[Group], a: Sequence[Words], b: Sequence[Words]) -> Iterator[Group]:
    """The groups, each with the sentences beside it that were split from or joined to it."""
    a_from, b_from = 0, 0
    for number, group in enumerate(groups):
        after = groups[number + 1] if number + 1 < len(groups) else Group(len(a), 0, len(b), 0)
        wide = _widen(group, a, b, (a_from, after.a), (b_from, after.b))
        yield wide
        a_from, b_from = wide.a_end, wide.b_end


def _widen(
    group: Group,
    a: Sequence[Words],
    b: Sequence[Words],
    in_a: tuple[int, int],
    in_b: tuple[int, int],
) -> Group:
    for _ in range(_WIDEST):
        options = (
            group._replace(a_end=group.a_end + 1) if group.a_end < in_a[1] else None,
            group._replace(a=group.a - 1) if group.a > in_a[0] else None,
            group._replace(b_end=group.b_end + 1) if group.b_end < in_b[1] else None,
            group._replace(b=group.b - 1) if group.b > in_b[0] else None,
        )
        wider = next((one for one in options if one and _gains(group, one, a, b)), None)
        if wider is None:
            break
        group = wider
    return group


def _gains(group: Group, wider: Group, a: Sequence[Words], b: Sequence[Words]) -> bool:
    """True if most of the sentence that the wider group has more stands on the other side."""
    before, after = _of(group, a, b), _of(wider, a, b)
    more = len(after[0]) + len(after[1]) - len(before[0]) - len(before[1])
    gain = similarity(*after) - similarity(*before)
    return gain >= 3 and gain >= _TAKEN * more


def _of(group: Group, a: Sequence[Words], b: Sequence[Words]) -> tuple[list[str], list[str]]:
    return (
        [word for words in a[group.a : group.a_end] for word in words],
        [word for words in b[group.b : group.b_end] for word in words],
    )
