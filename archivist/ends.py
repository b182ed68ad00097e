"""What two texts have in common where they begin and where they end: pure functions over bytes."""

from typing import Literal

_BLOCK = 1 << 14  # bytes that are compared at a time
_FEW = 1 << 8  # bytes that are compared as numbers


def same_start(a: bytes, b: bytes, in_a: int, in_b: int, most: int) -> int:
    """How many bytes, of `most`, two texts have in common from these places on."""
    low, high, size = 0, most, _BLOCK
    while high - low > _FEW:
        size = min(size, high - low)
        if a.startswith(b[in_b + low : in_b + low + size], in_a + low):
            low += size
        else:
            high, size = low + size - 1, size // 2
    return low + _equal(a[in_a + low : in_a + high], b[in_b + low : in_b + high], "big")


def same_end(a: bytes, b: bytes, most: int) -> int:
    """How many bytes, of `most`, two texts end with alike."""
    low, high, size = 0, most, _BLOCK
    while high - low > _FEW:
        size = min(size, high - low)
        if a.endswith(b[len(b) - low - size : len(b) - low], 0, len(a) - low):
            low += size
        else:
            high, size = low + size - 1, size // 2
    one, two = a[len(a) - high : len(a) - low], b[len(b) - high : len(b) - low]
    return low + _equal(one, two, "little")


def _equal(a: bytes, b: bytes, order: Literal["big", "little"]) -> int:
    """How many bytes of two of one length are equal, before the first that weighs and differs."""
    differing = int.from_bytes(a, order) ^ int.from_bytes(b, order)
    return len(a) - (differing.bit_length() + 7) // 8
