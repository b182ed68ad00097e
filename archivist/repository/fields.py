"""The fields of what git prints, which end in NUL: a path may hold anything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

LIMIT = 5_000_000  # changes in a history, or files in a state: a tree can be made to hold billions
_CHUNK = 1 << 16


def nul_fields(stream: IO[bytes]) -> Iterator[bytes]:
    """What stands between the NULs."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
