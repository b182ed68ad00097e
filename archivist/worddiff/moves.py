"""Passages that stand in both texts, but in another place: what was moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from archivist.worddiff.pairing import likeness, rare_words, telling_places

_LEAST = 6  # words; fewer are as likely to stand there by chance
_REWORDED = 0.75  # likeness from which a passage that is gone is the one that stands elsewhere
_POSTINGS = 12  # sentences that a word may stand in to lead to them
_MOST = 4_000  # sentences; of more, only the same ones are found


class Move(NamedTuple):
    """Sentences `a:a + size` of the first text that are sentences `b:b + size` of the second."""

    a: int
    b: int
    size: int


def same(
    gone: Iterable[int],
    new: Iterable[int],
    a: Sequence[int],
    b: Sequence[int],
    words: Sequence[int],
) -> list[Move]:
    """Runs of sentences that are gone in one place and new in another, each once.

    `a` and `b` are the sentences' keys, `words` how many words the sentence of each key has.
    """
    left = set(gone)
    places: dict[int, list[int]] = {}
    for i in sorted(left, reverse=True):
        places.setdefault(a[i], []).append(i)
    linked: list[tuple[int, int]] = []
    for j in new:
        i = linked[-1][0] + 1 if linked and linked[-1][1] == j - 1 else -1
        if i not in left or a[i] != b[j]:  # the run before does not go on: the first that is left
            options = places.get(b[j], [])
            while options and options[-1] not in left:
                options.pop()
            if not options:
                continue
            i = options[-1]
        left.remove(i)
        linked.append((i, j))
    return [
        run
        for run in _runs(linked)
        if sum(words[key] for key in a[run.a : run.a + run.size]) >= _LEAST
    ]


def reworded(gone: dict[int, list[str]], new: dict[int, list[str]]) -> list[Move]:
    """Sentences that are gone in one place and stand in another in nearly the same words.

    `gone` and `new` give the words of each sentence.
    """
    if len(gone) + len(new) > _MOST:
        return []
    rare = rare_words(gone.items(), _POSTINGS)
    taken: set[int] = set()
    linked = []
    for j, words in new.items():
        near = _nearest(words, rare, gone, taken) if len(words) > _LEAST else None
        if near is not None:
            taken.add(near)
            linked.append((near, j))
    return list(_runs(linked))


def _nearest(
    words: list[str], rare: dict[str, list[int]], gone: dict[int, list[str]], taken: set[int]
) -> int | None:
    telling = telling_places(words, rare)
    if len(telling) < 2:
        return None
    shared = Counter(chain.from_iterable(telling))
    enough = max(2, len(telling) // 2)
    fitting = [(-number, i) for i, number in shared.items() if number >= enough and i not in taken]
    close = [i for _, i in sorted(fitting)[:3] if _may_be_alike(len(gone[i]), len(words))]
    best = max([(likeness(gone[i], words), -i) for i in close], default=(0.0, 0))
    return -best[1] if best[0] >= _REWORDED else None


def _may_be_alike(a: int, b: int) -> bool:
    """True if so many words of two passages can be in common at all."""
    return 2 * min(a, b) >= _REWORDED * (a + b)


def _runs(linked: list[tuple[int, int]]) -> Iterator[Move]:
    """Links that go on side by side, as one."""
    run: Move | None = None
    for i, j in linked:
        if run and (i, j) == (run.a + run.size, run.b + run.size):
            run = run._replace(size=run.size + 1)
            continue
        if run:
            yield run
        run = Move(i, j, 1)
    if run:
        yield run
