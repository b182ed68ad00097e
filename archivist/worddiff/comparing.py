"""Comparing two texts: anchors, moves, pairs, words, one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from archivist.worddiff import moves
from archivist.worddiff.chains import Link, heaviest
from archivist.worddiff.cleanup import kept
from archivist.worddiff.comparison import Comparison, Hunk
from archivist.worddiff.hunks import Moved, Shared, hunks
from archivist.worddiff.matching import Block, common
from archivist.worddiff.moves import Move
from archivist.worddiff.pairing import Group, pairs
from archivist.worddiff.passages import passages
from archivist.worddiff.sentences import Span, sentences
from archivist.worddiff.tokens import tokens
from archivist.words import words

_WORD = re.compile(r"\S+")
_PARAGRAPH = "\n\n"


class Text:
    """A text with its sentences and their keys: sentences of one key have the same words."""

    def __init__(self, text: str, spans: list[Span], keys: list[int]) -> None:
        self.text = text
        self.spans = spans
        self.keys = keys
        self._words: dict[int, list[str]] = {}

    @classmethod
    def read(cls, text: str, start: int, end: int, known: dict[str, int]) -> Text:
        """The sentences of `text[start:end]`; `known` gives their keys and takes new ones."""
        spans = sentences(text, start, end)
        keys = [known.setdefault(" ".join(text[s:e].split()), len(known)) for s, e in spans]
        return cls(text, spans, keys)

    @classmethod
    def around(
        cls, text: str, start: int, end: int, runs: list[tuple[int, int]], known: dict[str, int]
    ) -> Text:
        """The sentences around runs of whole paragraphs (place, length), each of which counts as
        one sentence.
        """
        if not runs:
            return cls.read(text, start, end, known)
        whole = cls(text, [], [])
        for place, size in [*runs, (end, 0)]:
            if start < place:
                part = cls.read(text, start, place, known)
                whole.spans += part.spans
                whole.keys += part.keys
            if size:
                whole.spans.append(Span(place, place + size))
                whole.keys.append(known.setdefault(text[place : place + size], len(known)))
            start = place + size
        return whole

    def left(
        self, other: Text, stay: Iterable[Block], moved: Iterable[Move] = ()
    ) -> tuple[list[int], list[int]]:
        """The sentences of both texts that neither stay nor have moved."""
        in_a, in_b = set(range(len(self.keys))), set(range(len(other.keys)))
        runs = [(one.a, one.b, one.size) for one in stay]
        runs += [(one.a, one.b, one.size) for one in moved]
        for i, j, size in runs:
            in_a.difference_update(range(i, i + size))
            in_b.difference_update(range(j, j + size))
        return sorted(in_a), sorted(in_b)

    def words(self, number: int) -> list[str]:
        """The words of a sentence."""
        found = self._words.get(number)
        if found is None:
            start, end = self.spans[number]
            found = self._words[number] = words(self.text[start:end])
        return found


def compare(a: str, b: str) -> Comparison:
    """The difference of two texts. Undecodable bytes may stand in them as surrogates."""
    if a == b:
        return Comparison((Hunk("equal", a),) if a else ())
    start, end = _paragraphs_in_common(a, b)
    known: dict[str, int] = {}
    runs = passages(a, b, start, end)
    one = Text.around(a, start, len(a) - end, [(run.a, run.size) for run in runs], known)
    other = Text.around(b, start, len(b) - end, [(run.b, run.size) for run in runs], known)
    sizes = [key.count(" ") + 1 for key in known]
    anchors = anchors_of(one.keys, other.keys, sizes)
    moved = moves.same(*one.left(other, anchors), one.keys, other.keys, sizes)
    groups = list(groups_of(one, other, anchors, moved))
    moved += reworded_moves(one, other, anchors, groups, moved)
    shared = [Shared(0, 0, start), *_shared(one, other, anchors, groups)]
    shared.append(Shared(len(a) - end, len(b) - end, end))
    moved.sort(key=lambda move: move.b)
    gone = [Moved(*_of(one, move.a, move.size), n) for n, move in enumerate(moved, 1)]
    new = [Moved(*_of(other, move.b, move.size), n) for n, move in enumerate(moved, 1)]
    return Comparison(hunks(a, b, shared, sorted(gone), new))


def _paragraphs_in_common(a: str, b: str) -> tuple[int, int]:
    """How many characters of whole paragraphs are the same at the beginning and at the end."""
    most = min(len(a), len(b))
    start = _same(most, lambda size: a.startswith(b[:size]))
    start = a.rfind(_PARAGRAPH, 0, start) + len(_PARAGRAPH)
    start = 0 if start < len(_PARAGRAPH) else start
    if a[start : start + 1].isspace() or b[start : start + 1].isspace():
        start = 0  # blanks of more than a line belong together
    end = _same(most - start, lambda size: a.endswith(b[len(b) - size :]))
    mark = a.find(_PARAGRAPH, len(a) - end)
    inner = len(a) - mark - len(_PARAGRAPH)
    return start, inner if mark >= 0 and a[mark + 2 : mark + 3].strip() else 0


def _same(most: int, is_same: Callable[[int], bool]) -> int:
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_same(middle) else (low, middle - 1)
    return low


def anchors_of(a: list[int], b: list[int], sizes: list[int]) -> list[Block]:
    """The sentences that stay: first those that stand once in each text, then what lies between.

    Where their order differs, those stay that have more words; the others have moved.
    """
    once_a, once_b = _once(a), _once(b)
    chain = heaviest(
        [Link(i, once_b[key], sizes[key]) for key, i in once_a.items() if key in once_b]
    )
    found: list[Block] = []
    at_a = at_b = 0
    for i, j in [*((link.a, link.b) for link in chain), (len(a), len(b))]:
        if at_a < i and at_b < j:
            between = common(a[at_a:i], b[at_b:j])
            found += [Block(one.a + at_a, one.b + at_b, one.size) for one in between]
        found.append(Block(i, j, 1))
        at_a, at_b = i + 1, j + 1
    return found[:-1]


def _once(keys: list[int]) -> dict[int, int]:
    """The keys that occur once, and where."""
    places: dict[int, int] = {}
    for place, key in enumerate(keys):
        places[key] = -1 if key in places else place
    return {key: place for key, place in places.items() if place >= 0}


def groups_of(one: Text, other: Text, anchors: list[Block], moved: list[Move]) -> Iterator[Group]:
    """Between the anchors: the sentences that are wordings of each other."""
    away_a = {i for move in moved for i in range(move.a, move.a + move.size)}
    away_b = {j for move in moved for j in range(move.b, move.b + move.size)}
    at_a = at_b = 0
    for block in [*anchors, Block(len(one.keys), len(other.keys), 0)]:
        if at_a < block.a and at_b < block.b:
            in_a = [[] if i in away_a else one.words(i) for i in range(at_a, block.a)]
            in_b = [[] if j in away_b else other.words(j) for j in range(at_b, block.b)]
            for group in pairs(in_a, in_b):
                yield Group(group.a + at_a, group.a_end + at_a, group.b + at_b, group.b_end + at_b)
        at_a, at_b = block.a + block.size, block.b + block.size


def reworded_moves(
    one: Text, other: Text, anchors: list[Block], groups: list[Group], moved: list[Move]
) -> list[Move]:
    """The sentences that stand elsewhere in nearly the same words."""
    gone, new = one.left(other, anchors, moved)
    paired_a = {i for group in groups for i in range(group.a, group.a_end)}
    paired_b = {j for group in groups for j in range(group.b, group.b_end)}
    return moves.reworded(
        {i: one.words(i) for i in gone if i not in paired_a},
        {j: other.words(j) for j in new if j not in paired_b},
    )


def _shared(one: Text, other: Text, anchors: list[Block], groups: list[Group]) -> Iterator[Shared]:
    parts: list[Block | Group] = [*anchors, *groups]
    for part in sorted(parts, key=lambda part: part.a):
        if isinstance(part, Group):
            yield from _reworded(one, other, part)
        else:
            for n in range(part.size):
                yield from _same_sentence(one, other, part.a + n, part.b + n)


def _reworded(one: Text, other: Text, group: Group) -> Iterator[Shared]:
    """The words that sentences have in common which are wordings of each other."""
    from_a, to_a = _of(one, group.a, group.a_end - group.a)
    from_b, to_b = _of(other, group.b, group.b_end - group.b)
    start, end = _edges(one.text[from_a:to_a], other.text[from_b:to_b])
    if start:
        yield Shared(from_a, from_b, start)
    in_a = tokens(one.text, from_a + start, to_a - end)
    in_b = tokens(other.text, from_b + start, to_b - end)
    for block in kept(in_a, in_b, sure=start + end > 0):
        a, a_end = in_a.starts[block.a], in_a.ends[block.a + block.size - 1]
        b, b_end = in_b.starts[block.b], in_b.ends[block.b + block.size - 1]
        if one.text[a:a_end] == other.text[b:b_end]:
            yield Shared(a, b, a_end - a)
            continue
        for n in range(block.size):  # the blanks between the tokens differ
            i, j = block.a + n, block.b + n
            yield Shared(in_a.starts[i], in_b.starts[j], in_a.ends[i] - in_a.starts[i])
    if end:
        yield Shared(to_a - end, to_b - end, end)


def _edges(a: str, b: str) -> tuple[int, int]:
    """How many characters of whole words two wordings begin and end with that are the same; 0, 0
    if that is less than most of them: then it is not sure that they stay.
    """
    most = min(len(a), len(b))
    start = a.rfind(" ", 0, _same(most, lambda size: a.startswith(b[:size]))) + 1
    end = _same(most - start, lambda size: a.endswith(b[len(b) - size :]))
    blank = a.find(" ", len(a) - end)
    end = len(a) - blank - 1 if blank >= 0 else 0
    return (start, end) if 2 * (start + end) > max(len(a), len(b)) else (0, 0)


def _same_sentence(one: Text, other: Text, i: int, j: int) -> Iterator[Shared]:
    """A sentence that stays, word by word where its blanks do not."""
    (a, a_end), (b, b_end) = one.spans[i], other.spans[j]
    if one.text[a:a_end] == other.text[b:b_end]:
        yield Shared(a, b, a_end - a)
        return
    in_a = _WORD.finditer(one.text, a, a_end)
    for x, y in zip(in_a, _WORD.finditer(other.text, b, b_end), strict=True):
        yield Shared(x.start(), y.start(), x.end() - x.start())


def _of(text: Text, first: int, size: int) -> tuple[int, int]:
    """The characters that so many sentences stand in."""
    return text.spans[first].start, text.spans[first + size - 1].end
