"""A text cut into sentences, for comparison with another."""

from __future__ import annotations

from collections.abc import Iterable

from archivist.worddiff.matching import Block
from archivist.worddiff.moves import Move
from archivist.worddiff.sentences import Span, sentences
from archivist.words import words


class Text:
    """Passages of a text, their sentences, and the keys of these: sentences of one key have the
    same words.
    """

    def __init__(self, text: str, known: dict[str, int]) -> None:
        """No passage yet; `known` gives keys and takes new ones."""
        self.text = text
        self.spans: list[Span] = []
        self.keys: list[int] = []
        self._known = known
        self._words: dict[int, list[str]] = {}

    def read(self, start: int, end: int) -> None:
        """Add the sentences of the passage `start:end`."""
        text, known = self.text, self._known
        spans = sentences(text, start, end)
        self.spans += spans
        flat = text[start:end].rstrip().replace("\n\n", " ")
        if flat.isprintable() and "  " not in flat:  # no blanks but single ones
            keys = [text[s:e].rstrip() for s, e in spans]
        else:
            keys = [" ".join(text[s:e].split()) for s, e in spans]
        self.keys += [known.setdefault(key, len(known)) for key in keys]

    def read_nothing(self, place: int) -> None:
        """Add a sentence without characters, which parts those before it from those behind."""
        self.spans.append(Span(place, place))
        self.keys.append(self._known.setdefault("", len(self._known)))

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

    def characters(self, first: int, size: int) -> tuple[int, int]:
        """The characters that so many sentences stand in."""
        return self.spans[first].start, self.spans[first + size - 1].end
