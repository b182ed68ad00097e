"""Mementos that were fetched: a cache that is kept, bounded, and never in the way."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from archivist.state import mementos
from archivist.state.mementos import Kept, Mementos


def _kept(stamp: str = "20120301000000", body: bytes = b"Be kind.") -> Kept:
    return Kept(
        *("https://weir.example", "http://quay.example/", stamp, f"2026-11-25T03:00:{stamp[:2]}Z"),
        status="200 OK",
        headers=(("Content-Type", "text/html"), ("X-Odd", "é\udce9")),
        asked=(("Host", "weir.example"),),
        address="127.0.0.1",
        body=body,
    )


def _found(cache: Mementos, one: Kept) -> Kept | None:
    return cache.find(one.machine, one.original, one.stamp)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the cache is."""
    return tmp_path / "deep" / "mementos.sqlite3"


def test_what_is_kept_comes_back(file: Path) -> None:
    one = _kept()
    cache = Mementos(file)
    assert cache.add(one)
    cache.close()
    cache = Mementos(file)
    assert _found(cache, one) == one
    assert cache.has(one.machine, one.original, one.stamp)
    assert not cache.has(one.machine, one.original, "20120301000001")
    assert _found(cache, _kept("20130101000000")) is None
    cache.close()


def test_what_cannot_be_kept_is_not(file: Path) -> None:
    cache = Mementos(file)
    assert not cache.add(_kept()._replace(original="http://quay.example/\udce9"))
    cache.close()


def test_the_oldest_are_forgotten(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mementos, "_MOST", 3000)
    cache = Mementos(file)
    for year in range(12, 17):
        stamp = f"{year}120301000000"
        assert cache.add(_kept(stamp, os.urandom(1000)))
    cache.shrink()
    assert [cache.has(*_kept(f"{year}120301000000")[:3]) for year in range(12, 17)] == [
        *(False, False, False, True, True)
    ]
    cache.close()


def test_a_broken_or_older_file_is_begun_anew(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"This is no database, and never was one." * 100)
    cache = Mementos(file)
    assert cache.add(_kept())
    cache.close()
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    cache = Mementos(file)
    assert _found(cache, _kept()) is None
    cache.close()


def test_a_body_that_was_damaged_is_not_believed(file: Path) -> None:
    cache = Mementos(file)
    assert cache.add(_kept())
    cache.close()
    with sqlite3.connect(file) as database:
        database.execute("UPDATE memento SET body = substr(body, 1, length(body) - 4)")
    database.close()
    cache = Mementos(file)
    assert _found(cache, _kept()) is None
    cache.close()


def test_without_a_file_it_lasts_for_a_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (None, tmp_path / "file" / "below"):
        cache = Mementos(place)
        assert cache.add(_kept())
        assert _found(cache, _kept()) == _kept()
        cache.close()
