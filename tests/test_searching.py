"""Full text over entries and versions."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandbox import Sandbox, entry, sandbox

from archivist.cli import main
from archivist.state import texts
from archivist.state.texts import BadQuery, IndexLost, TextIndex
from archivist.versions.queries import readings

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
    assert "Every guest brings a »lantern«." in text


def test_entries_of_one_id_are_several(box: Sandbox) -> None:
    box.write("entries/old/quay.md", entry("Old Quay", body="No guest brings a torch."))
    box.commit()
    assert _found(box, "torch") == ["quay", "quay"]
    assert _found(box, "--history", "torch") == ["quay", "quay"]


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


def test_what_is_best_depends_on_nothing_but_the_present_texts(box: Sandbox) -> None:
    """Whatever was searched before, or in what order the texts came."""
    for name, body in (("weir", "A torch, a guest."), ("pier", "Torch, torch, " + "light " * 40)):
        box.write(f"entries/{name}.md", entry(name.title(), body=body))
    queries = ("torch OR guest", "every OR torch", "l* OR t*", "guest OR at OR light")
    fresh = []
    for query in queries:
        (box.root / INDEX).unlink(missing_ok=True)
        fresh.append(_found(box, query))
    assert all(len(one) >= 3 for one in fresh)
    for number in range(12):
        box.write("entries/lock.md", entry("Lock", body=f"Torch {number}. " * (number + 1)))
        box.commit()
    _found(box, "--history", "torch")
    _found(box, "torch")
    (box.root / "entries/lock.md").unlink()
    assert [_found(box, query) for query in queries] == fresh


def test_what_is_found_is_of_ones_own_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever others, of another working tree, let be the present ones meanwhile."""
    monkeypatch.setattr(texts, "_FORM", texts._FORM._replace(wait=0.05))
    path = tmp_path / "index"

    def follow(index: TextIndex, oid: str) -> None:
        index.follow([oid], lambda oids: ((one, "a", "a") for one in oids))

    def switch() -> None:
        with closing(TextIndex(path, str)) as other:
            follow(other, "2")
            other.keep()

    for _ in range(2):
        with closing(TextIndex(path, str)) as index:
            follow(index, "1")
            with pytest.raises(IndexLost):
                switch()
            assert index.find("a") == ["1"]
            index.keep()


def test_a_lock_is_no_mistake_of_the_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_FORM", texts._FORM._replace(wait=0.05))
    path = tmp_path / "index"
    with closing(TextIndex(path, lambda _: "a")) as index, closing(sqlite3.connect(path)) as other:
        index.follow(["1"], lambda _: [("1", "a", "a")])
        index.keep()
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(IndexLost):
            index.find("a")


def test_an_index_that_cannot_be_written_to(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another process holds it for long, or it is somebody else's: the answer is the same."""
    _found(box, "torch")
    _found(box, "--history", "torch")
    box.write("entries/quay.md", entry("Quay", body="A candle."))
    box.commit()
    monkeypatch.setattr(texts, "_FORM", texts._FORM._replace(wait=0.05))
    with closing(sqlite3.connect(box.root / INDEX)) as other:
        other.execute("BEGIN IMMEDIATE")
        for options in ((), ("--history",)):
            assert main(["-C", str(box.root), "search", "candle", *options]) == 0
            assert "A »candle«." in capsys.readouterr().out


@pytest.mark.parametrize("query", ["*", '"', "a" * 2000, " ", "^", "-"])
def test_a_bad_query_says_what_would_be_right(box: Sandbox, query: str) -> None:
    outcome = box.run("search", query)
    assert outcome.code == 2
    assert "query" in outcome.err
    assert "NEAR(guest host, 5)" in outcome.err


def test_what_is_found_is_escaped(box: Sandbox) -> None:
    body = "A \x1b[31mred \x02torch\x03 \u202etorch."
    box.write("entries/quay.md", entry("Quay", body=body))
    out = box.run("search", "torch").out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\x1b[31mred »torch« »torch«." in out


@pytest.mark.parametrize(
    ("query", "searched"),
    [
        ("anti-harassment", '"anti-harassment"'),
        ("don't", '"don\'t"'),
        ("c++", "c"),
        ("everyone-", "everyone"),
        ("anti-harass*", '"anti-harass"*'),
        ("(rude OR anti-harassment) NOT torch", '(rude OR "anti-harassment") NOT torch'),
        ("NEAR(anti-harassment rude, 9)", 'NEAR("anti-harassment" rude, 9)'),
        ('"rude', '"rude"'),
        ("rude AND", '"rude" "AND"'),
        ("(rude", '"rude"'),
        ("rude:everyone", '"rude:everyone"'),
    ],
)
def test_what_is_no_query_is_searched_as_words(box: Sandbox, query: str, searched: str) -> None:
    body = "Don't be rude: everyone and C++. Our anti-harassment policy."
    box.write("entries/quay.md", entry("Quay", body=body))
    outcome = box.run("search", query)
    assert outcome.code == 0, outcome
    assert outcome.err == f"searched for: {searched}\n"
    assert "found in 1 entry" in outcome.out
    assert json.loads(box.run("search", "-f", "json", query).out)["query"] == searched


@pytest.mark.parametrize(
    "query", ["every guest", '"every guest"', "lant*", "NEAR(guest host, 3)", "guest NOT (a OR b)"]
)
def test_a_query_is_left_as_it_is(query: str) -> None:
    (one, *_) = readings(query)
    assert (one.text, one.is_changed) == (query, False)


def test_titles_are_found_and_said_to_be_titles(box: Sandbox) -> None:
    """The history is of texts: nobody “first said” a title."""
    assert "quay, Feb 04, 2014, in the title\n" in box.run("search", "quay").out
    assert [
        one["in_title"]
        for one in json.loads(box.run("search", "quay", "-f", "json").out)["results"]
    ] == [True]
    assert _found(box, "--history", "quay") == []
    assert _found(box, "title:mill") == ["mill"]
    assert _found(box, "body:mill") == []
    assert "asks for titles" in box.run("search", "--history", "title:mill").err


def test_letters_that_are_written_without_blanks(box: Sandbox) -> None:
    box.write("entries/quay.md", entry("Quay", body="東京で親切にする。ABC灯台Ｘ [insert name]"))
    for query in ("親切", "東京で親切にする", "灯台", "親切 灯台", "灯*", "abc", '"親切"'):
        outcome = box.run("search", query)
        assert "found in 1 entry" in outcome.out, query
        assert outcome.err == ""
    assert "東京で»親切«にする。ABC灯台Ｘ [insert name]" in box.run("search", "親切").out
    assert _found(box, "切親") == []
    assert _found(box, "--history", "親切") == ["quay"]


def test_marks_of_direction_are_left_out_of_excerpts(box: Sandbox) -> None:
    box.write("entries/quay.md", entry("Quay", body="A \u200ftorch\u200b light\u00ad house."))
    assert "  A »torch« light house.\n" in box.run("search", "torch").out


def test_a_folder_without_git_is_searched(tmp_path: Path) -> None:
    box = sandbox(tmp_path, git=False, quay=entry("Quay", body="Every guest brings a torch."))
    assert _found(box, "torch") == ["quay"]
    outcome = box.run("search", "torch")
    assert (outcome.code, outcome.err) == (0, "")
    assert "quay, Feb 04, 2014\n  Every guest brings a »torch«." in outcome.out
    outcome = box.run("search", "--history", "torch")
    assert outcome.code == 2
    assert "no history" in outcome.err


@given(st.text(st.sampled_from("ab \"*():^+-{},NEAR'親\x01"), min_size=1, max_size=20))
def test_every_query_with_a_word_is_answered(query: str) -> None:
    """By one reading at least, unless it is of operators alone."""
    index = TextIndex(None, lambda _: "a b 親")
    index.follow(["1"], lambda _: [("1", "a", "a b 親")])
    found = list(readings(query))
    for one in found[-1:]:
        index.find(one.text)
    index.close()


@given(st.text(st.sampled_from('ab "*():^+-{},NEAR\0'), min_size=1, max_size=20))
def test_no_query_breaks_the_index(query: str) -> None:
    index = TextIndex(None, lambda _: "a b")
    index.follow(["1"], lambda _: [("1", "a", "a b")])
    with suppress(BadQuery):
        assert index.find(query) in ([], ["1"])
    index.close()
