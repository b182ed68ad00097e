"""The words that two wordings of a sentence share, as a reader would see them.

A longest common subsequence keeps every chance word: “the” between two passages that have nothing
to do with each other. Such islands are given up, and what is left reads as an editor's mark-up.
"""

from __future__ import annotations

from collections.abc import Iterator

from archivist.worddiff.hunks import Shared
from archivist.worddiff.matching import Block, common
from archivist.worddiff.tokens import Tokens, tokens

_SHARE = 0.35  # of the lighter change beside it: what weighs less is given up
_KEPT = 0.22  # of the heavier wording: if less is kept, one replaces the other as a whole
_PASSES = 4


def shared_tokens(
    a: str, span_a: tuple[int, int], b: str, span_b: tuple[int, int], *, sure: bool
) -> Iterator[Shared]:
    """The tokens that two passages share; `sure` as in `kept`."""
    in_a, in_b = tokens(a, *span_a), tokens(b, *span_b)
    for block in kept(in_a, in_b, sure=sure):
        start, end = in_a.starts[block.a], in_a.ends[block.a + block.size - 1]
        other, other_end = in_b.starts[block.b], in_b.ends[block.b + block.size - 1]
        if a[start:end] == b[other:other_end]:
            yield Shared(start, other, end - start)
            continue
        for n in range(block.size):  # the blanks between the tokens differ
            i, j = block.a + n, block.b + n
            yield Shared(in_a.starts[i], in_b.starts[j], in_a.ends[i] - in_a.starts[i])


def kept(a: Tokens, b: Tokens, *, sure: bool = False) -> list[Block]:
    """The runs of tokens that stay, in order; `sure` if it is known that one wording does not
    replace the other as a whole.
    """
    blocks = common(a.texts, b.texts)
    if not blocks:
        return []
    of_a, of_b = a.weights(), b.weights()
    for _ in range(_PASSES):
        left = _without_islands(blocks, of_a, of_b)
        if len(left) == len(blocks):
            break
        blocks = left
    if sure:
        return blocks
    total = sum(of_a[one.a + one.size] - of_a[one.a] for one in blocks)
    return blocks if total >= _KEPT * max(of_a[-1], of_b[-1]) else []


def _without_islands(blocks: list[Block], of_a: list[float], of_b: list[float]) -> list[Block]:
    left: list[Block] = []
    a_end, b_end = 0, 0
    for number, one in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        next_a, next_b = (following.a, following.b) if following else (len(of_a), len(of_b))
        before = max(of_a[one.a] - of_a[a_end], of_b[one.b] - of_b[b_end])
        after = max(
            of_a[min(next_a, len(of_a) - 1)] - of_a[one.a + one.size],
            of_b[min(next_b, len(of_b) - 1)] - of_b[one.b + one.size],
        )
        own = of_a[one.a + one.size] - of_a[one.a]
        if own < _SHARE * min(before, after):
            continue
        left.append(one)
        a_end, b_end = one.a + one.size, one.b + one.size
    return left
