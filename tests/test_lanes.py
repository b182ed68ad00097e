"""Whose turn it is: the scheduler alone, on a clock of its own."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archivist.net.lanes import Lanes, Manners


def _lanes(manners: Manners, **groups: Manners) -> Lanes[str]:
    return Lanes(lambda name: groups.get(name, manners), lambda name: f"{name} made")


def test_a_host_waits_for_its_interval_and_others_do_not_wait_for_it() -> None:
    lanes = _lanes(Manners(1, 1.0))
    lanes.expect("quay", 2)
    lanes.expect("pier", 1)
    assert lanes.next(10.0) == ("quay", "quay made")
    assert lanes.next(10.0) == ("pier", "pier made")
    assert lanes.next(10.0) is None
    lanes.done("quay")
    assert lanes.next(10.5) is None
    assert lanes.wait(10.5) == 0.5
    assert lanes.next(11.0) == ("quay", "quay made")
    lanes.done("quay")
    lanes.done("pier")
    assert lanes.wait(11.0) is None


def test_no_more_at_once_than_allowed() -> None:
    lanes = _lanes(Manners(2, 0.0))
    lanes.expect("quay", 3)
    assert [lanes.next(1.0) is not None for _ in range(3)] == [True, True, False]
    lanes.done("quay")
    assert lanes.next(1.0) is not None


def test_what_goes_on_comes_first_and_what_comes_again_last() -> None:
    lanes = _lanes(Manners(1, 0.0))
    lanes.put("quay", "again", at=2.0)
    lanes.expect("quay", 1)
    lanes.put("quay", "going on")
    order = []
    for _ in range(3):
        found = lanes.next(3.0)
        assert found is not None
        order.append(found[1])
        lanes.done("quay")
    assert order == ["going on", "quay made", "again"]


def test_a_pause_holds_for_the_whole_group() -> None:
    search, playback = Manners(1, 0.0, "wayback"), Manners(1, 0.0, "wayback")
    lanes = _lanes(Manners(1, 0.0), search=search, playback=playback)
    for name in ("search", "playback", "quay"):
        lanes.expect(name, 1)
    lanes.pause("search", 60.0)
    assert lanes.next(1.0) == ("quay", "quay made")
    assert lanes.next(1.0) is None
    assert lanes.next(60.0) is not None
    assert lanes.next(60.0) is not None


def test_a_turn_that_was_not_taken_comes_back() -> None:
    lanes = _lanes(Manners(1, 5.0))
    lanes.expect("quay", 2)
    assert lanes.next(1.0) is not None
    lanes.done("quay", asked=False)
    assert lanes.next(1.0) is not None


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.01, 0.6)), min_size=1, max_size=40),
    st.integers(1, 3),
)
def test_gaps_and_limits_hold_whatever_comes(work: list[tuple[str, float]], limit: int) -> None:
    lanes = _lanes(Manners(limit, 0.5))
    for name, _ in work:
        lanes.expect(name, 1)
    now, running, started = 0.0, list[tuple[float, str]](), dict[str, list[float]]()
    seconds = iter([one for _, one in work])
    while len([time for times in started.values() for time in times]) < len(work):
        while (found := lanes.next(now)) is not None:
            started.setdefault(found[0], []).append(now)
            running.append((now + next(seconds), found[0]))
            assert sum(name == found[0] for _, name in running) <= limit
        now += 0.05
        for end, name in [one for one in running if one[0] <= now]:
            running.remove((end, name))
            lanes.done(name)
        assert now < 100
    for times in started.values():
        gaps = [b - a for a, b in pairwise(times)]
        assert all(gap >= 0.5 * 0.9 - 1e-9 for gap in gaps)
