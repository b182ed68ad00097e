"""What two texts have in common where they begin and where they end: pure functions over bytes."""

from typing import Literal

_BLOCKS = (1 << 14, 1 << 11, 1 << 8, 1 << 5)  # bytes that are compared at a time, larger ones first


def same_start(a: bytes, b: bytes, in_a: int, in_b: int, most: int) -> int:
    """How many bytes, of `most`, two texts have in common from these places on."""
    low, high, other = 0, most, memoryview(b)
    for size in _BLOCKS:
        while low < high:
            end = min(low + size, high)
            if not a.startswith(other[in_b + low : in_b + end], in_a + low):
                high = end
                break
            low = end
    return low + _equal(a[in_a + low : in_a + high], b[in_b + low : in_b + high], "big")


def same_end(a: bytes, b: bytes, most: int) -> int:
    """How many bytes, of `most`, two texts end with alike."""
    end_a, end_b = len(a), len(b)
    low, high, other = 0, most, memoryview(b)
    for size in _BLOCKS:
        while low < high:
            end = min(low + size, high)
            if not a.endswith(other[end_b - end : end_b - low], 0, end_a - low):
                high = end
                break
            low = end
    return low + _equal(a[end_a - high : end_a - low], b[end_b - high : end_b - low], "little")


def _equal(a: bytes, b: bytes, order: Literal["big", "little"]) -> int:
    """How many bytes of two of one length are equal, before the first that weighs and differs."""
    differing = int.from_bytes(a, order) ^ int.from_bytes(b, order)
    return len(a) - (differing.bit_length() + 7) // 8
