"""The words that two wordings of a sentence share, as a reader would see them.

A longest common subsequence keeps every chance word: “the” between two passages that have nothing
to do with each other. Such islands are given up, and what is left reads as an editor's mark-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archivist.worddiff.hunks import Change, Gap
from archivist.worddiff.matching import common
from archivist.worddiff.tokens import LIGHTEST, tokens, weight

_SHARE = 0.35  # of the lighter change beside it: what weighs less is given up
_HEAVY = _SHARE / LIGHTEST  # times as many words as in that change never weigh less
_KEPT = 0.22  # of the heavier wording: if less is kept, one replaces the other as a whole

Run = tuple[int, int, int]  # as a `Block`


def changed(a: str, b: str, gap: Gap, *, sure: bool) -> list[Change]:
    """What tokens changed in a gap; `sure` as in `kept`."""
    in_a, in_b = tokens(a, gap.a, gap.a_end), tokens(b, gap.b, gap.b_end)
    found: list[Change] = []
    at_a, at_b = gap.a, gap.b
    for i, j, size in kept(in_a.texts, in_b.texts, sure=sure):
        to_i, to_j = i + size - 1, j + size - 1
        start, end = in_a.starts[i], in_a.ends[to_i]
        other, other_end = in_b.starts[j], in_b.ends[to_j]
        found.append((at_a, start, at_b, other))
        if a[start:end] != b[other:other_end]:  # the blanks between the tokens differ
            blanks_a = zip(in_a.ends[i:to_i], in_a.starts[i + 1 : to_i + 1], strict=True)
            blanks_b = zip(in_b.ends[j:to_j], in_b.starts[j + 1 : to_j + 1], strict=True)
            found += [(*one, *another) for one, another in zip(blanks_a, blanks_b, strict=True)]
        at_a, at_b = end, other_end
    found.append((at_a, gap.a_end, at_b, gap.b_end))
    return found


def kept(a: Sequence[str], b: Sequence[str], *, sure: bool = False) -> list[Run]:
    """The runs of tokens that stay, in order; `sure` if it is known that one wording does not
    replace the other as a whole.
    """
    runs = [run for run in without_islands([*common(a, b), (len(a), len(b), 0)], a, b) if run[2]]
    if sure or not runs:
        return runs
    total = sum([_weight(a[i : i + size]) for i, _, size in runs])
    return runs if total >= _KEPT * max(_weight(a), _weight(b)) else []


def without_islands(runs: Iterable[Run], a: Sequence[str], b: Sequence[str]) -> list[Run]:
    """The runs of words that weigh something beside the changes around them. The last of `runs` has
    no size, and is the end of both texts; there, as at their beginning, a run may have none.
    """
    left: list[Run] = [(0, 0, 0)]
    for one in runs:
        run = one
        while len(left) > 1:
            i, j, size = left[-1]
            after = max(run[0] - i, run[1] - j) - size
            if size >= _HEAVY * after or not _is_island(left, after, run, a, b):
                break
            left.pop()
            run = _closer(left, run, a, b)
        left.append(run)
    return left


def _closer(left: list[Run], run: Run, a: Sequence[str], b: Sequence[str]) -> Run:
    """The run, with the words before it that are the same; those behind the last run go to that."""
    (from_i, from_j, size), (i, j, more) = left[-1], run
    while from_i + size < i and from_j + size < j and a[from_i + size] == b[from_j + size]:
        size += 1
    left[-1] = from_i, from_j, size
    while from_i + size < i and from_j + size < j and a[i - 1] == b[j - 1]:
        i, j, more = i - 1, j - 1, more + 1
    return i, j, more


def _is_island(left: list[Run], after: int, run: Run, a: Sequence[str], b: Sequence[str]) -> bool:
    """True if the last run weighs little beside the changes between the one before and this one,
    of which that behind it has so many words.
    """
    (from_i, from_j, before), (i, j, size) = left[-2:]
    from_i, from_j = from_i + before, from_j + before
    least = _SHARE * min(after, max(i - from_i, j - from_j))
    if weight(a[i]) >= least:
        return False
    own, end_i, end_j = _weight(a[i : i + size]), i + size, j + size
    most = int(own / _SHARE / LIGHTEST) + 1  # words, to have weighed enough of them
    return own < least and own < _SHARE * min(
        max(_weight(a[max(from_i, i - most) : i]), _weight(b[max(from_j, j - most) : j])),
        max(_weight(a[end_i : run[0]][:most]), _weight(b[end_j : run[1]][:most])),
    )


def _weight(words: Iterable[str]) -> float:
    return sum(map(weight, words))
