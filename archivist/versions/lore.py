"""Lore: what was learnt of the texts of one entry, as it is remembered.

Columns in JSON: of the texts their blobs, dates, words, sizes, and digests as far as those are
known; of the pairs the numbers of both texts, the kind of the change, and the words that came and
went.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from archivist.versions.comparing import Comparison
from archivist.versions.story import read_day, written_day
from archivist.versions.studying import Facts, Knowledge


def written(
    knowledge: Knowledge, befores: Mapping[str, Sequence[str]], oids: Iterable[str]
) -> bytes:
    """What is known of these blobs, and of pairs of them, where they are in the repository and can
    be read. `befores` are the blobs with which each was compared.
    """
    facts, pairs = knowledge.facts, knowledge.pairs
    texts = [
        oid
        for oid in dict.fromkeys(oids)
        if oid not in knowledge.own and oid in facts and facts[oid].is_readable
    ]
    numbers = {oid: number for number, oid in enumerate(texts)}
    changes = [
        (numbers[old], number, *change)
        for new, number in numbers.items()
        for old in befores.get(new, ())
        if old in numbers and (change := pairs[old, new])
    ]
    columns = (
        texts,
        [written_day(facts[oid].archived) for oid in texts],
        [written_day(facts[oid].announced) for oid in texts],
        [facts[oid].words for oid in texts],
        [facts[oid].size for oid in texts],
        [facts[oid].digest for oid in texts],
        *(zip(*changes, strict=True) if changes else [()] * 5),
    )
    return json.dumps(columns, separators=(",", ":")).encode()


def befores(knowledge: Knowledge) -> dict[str, list[str]]:
    """The blobs with which each blob was compared."""
    found: dict[str, list[str]] = {}
    for old, new in knowledge.pairs:
        found.setdefault(new, []).append(old)
    return found


def read(knowledge: Knowledge, lore: bytes) -> None:
    """Let it be known what was written."""
    texts, archived, announced, words, sizes, digests, olds, news, *changes = json.loads(lore)
    facts, pairs = knowledge.facts, knowledge.pairs
    columns = zip(texts, archived, announced, words, sizes, digests, strict=True)
    for oid, came, said, count, size, digest in columns:
        facts.setdefault(oid, Facts(read_day(came), read_day(said), count, size, digest))
    for old, new, *change in zip(olds, news, *changes, strict=True):
        pairs.setdefault((texts[old], texts[new]), Comparison(*change))
