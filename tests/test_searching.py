"""Full text over entries and versions."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandbox import Sandbox, entry, sandbox

from archivist.state.texts import BadQuery, TextIndex

INDEX = ".git/archivist/search.sqlite3"


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    made = sandbox(
        tmp_path / "archive",
        quay=entry("Quay", body="Every guest brings a lantern."),
        mill=entry("Mill", body="Every guest is a host. No lanterns.").replace("Feb 04", "Jan 04"),
    )
    made.write("entries/quay.md", entry("Quay", body="Every guest brings a torch."))
    made.commit()
    return made


def _found(box: Sandbox, *arguments: str) -> list[str]:
    outcome = box.run("search", "-f", "json", *arguments)
    assert outcome.code == 0, outcome.err
    return [one["entry"] for one in json.loads(outcome.out)["results"]]


def test_queries(box: Sandbox) -> None:
    assert _found(box, "torch") == ["quay"]
    assert _found(box, "LANTERN") == []
    assert _found(box, "lantern*") == ["mill"]
    assert sorted(_found(box, '"every guest"')) == ["mill", "quay"]
    assert _found(box, "NEAR(guest host, 3)") == ["mill"]
    assert _found(box, "guest NOT torch") == ["mill"]


def test_history(box: Sandbox) -> None:
    assert _found(box, "--history", "lantern") == ["quay"]
    assert _found(box, "--history", "guest") == ["mill", "quay"], "the earliest first"
    text = box.run("search", "--history", "lantern").out
    assert "quay, Feb 04, 2014 (" in text
    assert "Every guest brings a [lantern]." in text


def test_the_index_follows_and_can_be_deleted(box: Sandbox) -> None:
    assert _found(box, "torch") == ["quay"]
    box.write("entries/quay.md", entry("Quay", body="A candle."))
    assert _found(box, "candle") == ["quay"]
    assert _found(box, "torch") == []
    box.commit()
    (box.root / "entries/mill.md").unlink()
    assert _found(box, "guest") == []
    assert _found(box, "--history", "torch") == ["quay"]
    for harm in (b"", b"not a database" * 999):
        (box.root / INDEX).write_bytes(harm)
        assert _found(box, "candle") == ["quay"]
    (box.root / INDEX).unlink()
    assert _found(box, "candle") == ["quay"]


@pytest.mark.parametrize("query", ['"open', "foo:bar", "*", "AND", "NEAR(", "a" * 2000, " ", "^"])
def test_a_bad_query_says_what_would_be_right(box: Sandbox, query: str) -> None:
    outcome = box.run("search", query)
    assert outcome.code == 2
    assert "query" in outcome.err
    assert "NEAR(guest host, 5)" in outcome.err


def test_what_is_found_is_escaped(box: Sandbox) -> None:
    body = "A \x1b[31mred \x02torch\x03 \\x02 \u202etorch."
    box.write("entries/quay.md", entry("Quay", body=body))
    out = box.run("search", "torch").out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\x1b[31mred [torch] \\x02" in out


@given(st.text(st.sampled_from('ab "*():^+-{},NEAR\0'), min_size=1, max_size=20))
def test_no_query_breaks_the_index(query: str) -> None:
    index = TextIndex(None, lambda _: "a b")
    index.add([("1", "a", "a b")])
    with suppress(BadQuery):
        assert index.find(query) in ([], ["1"])
    index.close()
