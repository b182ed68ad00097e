"""What a comparison says: the texts cut into what stayed, came and went."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from archivist.words import words

Op = Literal["equal", "insert", "delete"]


class Hunk(NamedTuple):
    """A piece of text: `equal` stands in both texts, `delete` in the first, `insert` in the second.

    `move` is 0, or the number of the move that the piece was part of: what is deleted here is then
    inserted elsewhere under the same number, in the same words. Words that changed as they moved
    have no number: they stand between pieces that have one.
    """

    op: Op
    text: str
    move: int = 0


class Count(NamedTuple):
    """How many words came, went, moved and stayed; moved ones are in no other count."""

    added: int
    removed: int
    moved: int
    kept: int


@dataclass(frozen=True)
class Comparison:
    """Two texts compared: the hunks but the inserts, joined, are the first; all but the deletes,
    the second.
    """

    hunks: tuple[Hunk, ...]

    @property
    def a(self) -> str:
        """The first text."""
        return "".join(hunk.text for hunk in self.hunks if hunk.op != "insert")

    @property
    def b(self) -> str:
        """The second text."""
        return "".join(hunk.text for hunk in self.hunks if hunk.op != "delete")

    @property
    def is_same(self) -> bool:
        """True if the texts are the same, to the last blank."""
        return all(hunk.op == "equal" for hunk in self.hunks)

    @property
    def only_blanks(self) -> bool:
        """True if the texts differ, but in nothing but white space."""
        changed = [hunk.text for hunk in self.hunks if hunk.op != "equal"]
        return bool(changed) and all(not text.strip() for text in changed)

    @cached_property
    def moves(self) -> dict[int, tuple[str, str]]:
        """Each move's number, with what moved, as the first text has it and as the second."""
        found: dict[int, tuple[str, str]] = {}
        for hunk in self.hunks:
            if hunk.move:
                old, new = found.get(hunk.move, ("", ""))
                gone = hunk.op == "delete"
                found[hunk.move] = (old + hunk.text, new) if gone else (old, new + hunk.text)
        return found

    @cached_property
    def count(self) -> Count:
        """The words of the hunks."""
        added = removed = moved = kept = 0
        for hunk in self.hunks:
            number = len(words(hunk.text))
            if hunk.op == "equal":
                kept += number
            elif hunk.move:
                moved += number if hunk.op == "insert" else 0
            elif hunk.op == "insert":
                added += number
            else:
                removed += number
        return Count(added, removed, moved, kept)

    @property
    def similarity(self) -> float:
        """The share of the words of both texts that stayed or moved: 0.0 to 1.0."""
        count = self.count
        same = 2 * (count.kept + count.moved)
        total = same + count.added + count.removed
        return same / total if total else float(self.is_same or self.only_blanks)
