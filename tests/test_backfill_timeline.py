"""Which mementos are versions, and where recovered versions stand: pure functions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archivist.backfill.reading import NotShown, Shown, Wanted, read_memento
from archivist.backfill.report import as_text
from archivist.backfill.result import Report
from archivist.backfill.timeline import Judged, Known, Seen, judge
from archivist.dates import PolicyDate
from archivist.extraction import Selection
from archivist.versions.ordering import Dated, valid_order
from archivist.warc import Hop

_BEGIN = datetime(2012, 1, 1, 12, tzinfo=UTC)
_SHARED = (
    "Everybody on the quay is a guest and a host, and nobody has to say why they want to leave."
)
_TEXTS = [f"{_SHARED} {more}" for more in ("Lamps are dimmed.", "Nets dry north.", "Dogs are led.")]


def _seen(day: int, text: str | None) -> Seen:
    return Seen(_BEGIN + timedelta(days=day), text)


def _known(day: int, text: str, *, is_made: bool = True) -> Known:
    return Known((_BEGIN + timedelta(days=day)).date(), text, is_made)


def _outcomes(found: list[Judged]) -> list[str]:
    return [one.name or one.outcome for one in found]


def test_only_changes_are_versions() -> None:
    a, b, _ = _TEXTS
    seen = [_seen(0, a), _seen(9, f"  {a}  "), _seen(18, b), _seen(27, a)]
    found = judge([_known(90, b)], seen)
    assert _outcomes(found) == ["recovered", "unchanged", "recovered", "recovered"]
    assert [one.before for one in found] == ["", "", seen[1].text, b]


def test_what_the_archive_has_counts() -> None:
    a, b, _ = _TEXTS
    known = [_known(10, a), _known(90, b)]
    seen = [_seen(0, b), _seen(10, a), _seen(20, a), _seen(90, b)]
    assert _outcomes(judge(known, seen)) == ["recovered", "unchanged", "unchanged", "unchanged"]


def test_a_typed_text_may_differ_a_little_from_the_page() -> None:
    typed = " ".join(f"Rule {n} of the harbour holds." for n in range(200))
    shown = typed + " Share this page."
    seen = [_seen(20, shown), _seen(30, shown + " Now.")]
    assert _outcomes(judge([_known(10, typed, is_made=False)], seen)) == ["unchanged", "recovered"]
    assert _outcomes(judge([_known(10, typed)], seen[:1])) == ["recovered"]


def test_trust_spreads_from_what_is_archived() -> None:
    words = [f"word{n}" for n in range(400)]
    steps = [" ".join(words[n : n + 100]) for n in range(0, 300, 50)]
    seen = [_seen(n, text) for n, text in enumerate(steps)]
    assert "lost" not in _outcomes(judge([_known(90, steps[-1])], seen))
    far = [_known(90, " ".join(words[-100:]))]
    assert _outcomes(judge(far, seen[:2])) == ["lost", "lost"]
    assert _outcomes(judge(far, seen[:2], ["lost"])) == ["recovered", "recovered"]


@pytest.mark.parametrize(("hours", "outcome"), [(48, "unchanged"), (1, "recovered")])
def test_a_slip_between_two_captures(hours: int, outcome: str) -> None:
    a, b, _ = _TEXTS
    found = judge(
        [_known(90, a)], [_seen(0, a), _seen(1, b), _seen(2, a)], (), timedelta(hours=hours)
    )
    assert found[1].outcome == outcome


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from([*_TEXTS, None])), max_size=12),
    st.lists(st.tuples(st.integers(61, 90), st.sampled_from(_TEXTS)), min_size=1, max_size=3),
)
def test_once_recovered_nothing_is_left_to_recover(
    captures: list[tuple[int, str | None]], versions: list[tuple[int, str]]
) -> None:
    days = dict(captures)  # one capture a day
    seen = [_seen(day, days[day]) for day in sorted(days)]
    known = [_known(day, text) for day, text in sorted(dict(versions).items())]
    found = judge(known, seen)
    assert [one.place for one in found] == list(range(len(seen)))
    more = [
        Known(seen[one.place].when.date(), seen[one.place].text or "", True)
        for one in found
        if one.outcome == "recovered"
    ]
    again = judge(sorted([*known, *more], key=lambda one: one.day), seen)
    assert "recovered" not in _outcomes(again)
    told = [one.before for one in found if one.outcome == "recovered"]
    kept = [seen[one.place].text for one in found if one.outcome == "recovered"]
    assert all(before != text for before, text in zip(told, kept, strict=True))


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.booleans()), max_size=12))
def test_recovered_versions_do_not_move_the_others(rows: list[tuple[int, bool, bool]]) -> None:
    versions = [Dated(PolicyDate(2012, 1, 1 + day), new, rec) for day, new, rec in rows]
    order = valid_order(versions)
    assert sorted(order) == list(range(len(rows)))
    own = [place for place in range(len(rows)) if not versions[place].is_recovered]
    alone = valid_order([versions[place] for place in own])
    assert [place for place in order if place in own] == [own[place] for place in alone]
    recovered = [rows[place][0] for place in order if versions[place].is_recovered]
    assert recovered == sorted(recovered)


def test_recovered_versions_without_a_date_come_first() -> None:
    day = PolicyDate(2012, 1, 1)
    assert valid_order([Dated(day, True), Dated(None, True, True)]) == [1, 0]


def _exchange(body: str, status: str = "200 OK", *headers: tuple[str, str]) -> Hop:
    shown = (("Content-Type", "text/html"), *headers)
    return Hop("http://weir.example/", "2026-11-25T00:00:00Z", status, shown, body.encode())


def test_what_a_memento_shows() -> None:
    url = "http://quay.example/conduct"
    page = f"<html><body><main><p>{_SHARED}</p></main></body></html>"
    shown = read_memento(_exchange(page), url, Wanted())
    assert shown == Shown(f"{_SHARED}\n", "walker/2", False)
    wanted = Wanted(Selection("#policy"))
    assert read_memento(_exchange(page), url, wanted) == shown
    page = page.replace("<main>", "<main id=policy>")
    assert read_memento(_exchange(page), url, wanted) == Shown(f"{_SHARED}\n", "walker/2", True)


@pytest.mark.parametrize(
    ("exchange", "name"),
    [
        (_exchange("", "302 Found", ("Location", "/login")), ""),
        (_exchange("<p>Gone", "404 Not Found"), ""),
        (_exchange("<html><title>404 Not Found</title><p>Nothing is here.</p>"), "missing"),
        (_exchange("<html><body></body></html>"), "empty"),
    ],
)
def test_what_shows_no_policy(exchange: Hop, name: str) -> None:
    found = read_memento(exchange, "http://quay.example/conduct", Wanted())
    assert isinstance(found, NotShown)
    assert found.name == name
    assert found.reason


def test_days_are_those_of_utc() -> None:
    assert _known(0, "x").day == date(2012, 1, 1)


def test_a_report_of_nothing_is_no_line() -> None:
    report = Report("quay-guild", "http://quay.example/", trouble="nobody answers", is_known=False)
    assert as_text(report, dry_run=False, color=False, width=80) == ""
