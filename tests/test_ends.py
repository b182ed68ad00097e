"""What two texts have in common at their ends, beside the slow way to tell."""

from __future__ import annotations

from itertools import takewhile

from hypothesis import given
from hypothesis import strategies as st

from archivist.ends import same_end, same_start

BYTES = st.binary(max_size=3)
SHARED = st.one_of(BYTES, st.integers(0, 40_000).map(bytes))


def _same(a: bytes, b: bytes) -> int:
    return sum(1 for _ in takewhile(bool, map(int.__eq__, a, b)))


@given(SHARED, BYTES, BYTES, SHARED, st.integers(0, 3), st.integers(0, 3))
def test_ends(head: bytes, one: bytes, two: bytes, tail: bytes, in_a: int, in_b: int) -> None:
    a, b = b"x" * in_a + head + one + tail, b"y" * in_b + head + two + tail
    most = min(len(a) - in_a, len(b) - in_b)
    assert same_start(a, b, in_a, in_b, most) == _same(a[in_a:], b[in_b:])
    assert same_end(a, b, most) == min(_same(a[::-1], b[::-1]), most)


def test_they_never_overlap() -> None:
    assert same_start(b"aaa", b"aa", 0, 0, 2) == 2
    assert same_end(b"aaa", b"aa", 0) == 0
    assert same_end(b"", b"", 0) == 0
