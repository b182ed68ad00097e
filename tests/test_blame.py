"""`archivist blame`: by sentences, over all versions, across entries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox import Sandbox, entry, sandbox

from archivist.blame import across, blame
from archivist.entry import Entry
from archivist.states import State

LANTERN = "Bring a lantern to the quay when it is dark."
MASTER = "Tell the harbour master about every boat before noon."
KIND = "Be kind to all who come."
SHOUT = "Nobody may be shouted at in the boat house."


def states(*bodies: str, name: str = "quay") -> list[State]:
    """States of an entry, a year after each other."""
    return [
        State(
            Entry(f"entries/{name}.md", f"---\ndate archived: Feb 04, {2010 + n}\n---\n\n{body}\n"),
            rev=f"{n}" * 40,
        )
        for n, body in enumerate(bodies)
    ]


def years(*bodies: str) -> dict[str, int]:
    """The year in which each sentence came in."""
    return {
        one.text: one.first.archived.year for one in blame(states(*bodies)) if one.first.archived
    }


def test_a_sentence_dates_from_when_it_came_in_though_its_paragraph_is_newer() -> None:
    assert years(LANTERN, f"{LANTERN} {MASTER}", f"{KIND} {LANTERN} {MASTER}") == {
        KIND: 2012,
        LANTERN: 2010,
        MASTER: 2011,
    }


def test_moved_split_and_joined_sentences_keep_their_day() -> None:
    a, b = f"{LANTERN} {MASTER}\n\n{SHOUT}", f"{SHOUT}\n\n{LANTERN}\n\n{MASTER} {KIND}"
    assert years(a, b) == {SHOUT: 2010, LANTERN: 2010, MASTER: 2010, KIND: 2011}


def test_reworded_is_the_same_and_says_so() -> None:
    reworded = MASTER.replace("noon", "dusk")
    (one,) = blame(states(MASTER, reworded))
    assert one.first.archived
    assert one.reworded
    assert one.reworded.archived
    assert (one.first.archived.year, one.reworded.archived.year) == (2010, 2011)
    assert one.alike == pytest.approx(8 / 9)


def test_reworded_without_blanks_between_words() -> None:
    found = blame(states("乗客は親切にすること。静かに。", "乗客はとても親切にすること。静かに。"))
    assert [one.first.rev for one in found] == ["0" * 40, "0" * 40]


def test_many_small_steps_make_another_sentence() -> None:
    tokens = MASTER.rstrip(".").split()
    bodies = []
    for number in range(len(tokens) + 1):
        new = [f"word{n}" for n in range(number)]
        bodies.append(" ".join([*new, *tokens[number:]]) + ".")
    (one,) = blame(states(*bodies))
    assert one.first.archived
    assert one.first.archived.year >= 2010 + len(tokens) * 6 // 10 - 1
    assert one.alike >= 0.6


def test_what_came_back_dates_from_before_it_was_gone() -> None:
    found = blame(states(f"{LANTERN} {KIND}", KIND, f"{LANTERN} {KIND}"))
    lantern = next(one for one in found if one.text == LANTERN)
    assert lantern.first.rev == "0" * 40
    assert lantern.returned
    assert lantern.returned.rev == "2" * 40


def test_across_finds_the_earliest_of_the_archive() -> None:
    own = states(f"{MASTER} {KIND}")
    others = [*states(f"{SHOUT}\n\n{MASTER.replace('every', 'each')}", name="mill"), *own]
    master, kind = across(blame(own), others)
    assert master.origin
    assert kind.origin
    assert (master.origin.state.entry.id, round(master.origin.alike, 2)) == ("mill", 0.89)
    assert (kind.origin.state.entry.id, kind.origin.alike) == ("quay", 1.0)


def test_what_came_back_reworded_is_the_same_by_the_same_rule() -> None:
    """And says both: that it was gone, and that it is reworded."""
    master, lantern = MASTER.replace("the harbour master", "our harbour master"), LANTERN
    found = blame(states(f"{lantern} {MASTER} {KIND}", f"{lantern} {KIND}", f"{lantern} {master}"))
    one = next(one for one in found if one.text == master)
    assert one.first.rev == "0" * 40
    assert (one.returned or one.first).rev == "2" * 40
    assert (one.reworded or one.first).rev == "2" * 40
    assert one.alike == pytest.approx(8 / 9)
    other = "Tell nobody about it, and never look for a boat before noon."
    found = blame(states(f"{lantern} {MASTER}", lantern, f"{lantern} {other}"))
    assert next(one for one in found if one.text == other).first.rev == "2" * 40


def test_what_is_back_does_not_come_back_again() -> None:
    """A sentence that is like one which is here again is a new one."""
    like = MASTER.replace("noon", "the ebb")
    found = blame(states(f"{MASTER} {KIND}", KIND, f"{MASTER} {KIND}", f"{like} {KIND} {MASTER}"))
    assert next(one for one in found if one.text == like).first.rev == "3" * 40


def test_a_short_sentence_that_moved_was_never_gone() -> None:
    found = blame(states(f"Go. {LANTERN} {MASTER}", f"{LANTERN} {MASTER} Go."))
    go = next(one for one in found if one.text == "Go.")
    assert (go.first.rev, go.returned) == ("0" * 40, None)


def test_of_one_day_the_entry_itself_was_first() -> None:
    """Then the order of commits, which is that of the states; never that of the alphabet."""
    zebra, mill, ant = (states(MASTER, name=name)[0] for name in ("zebra", "mill", "ant"))
    (one,) = across(blame([zebra]), [zebra, mill, ant])
    assert one.origin
    assert one.origin.state is zebra
    assert one.origin.tie is mill
    (one,) = across(blame(states(f"{KIND} {MASTER}")[:1]), [zebra, mill, ant])[1:]
    assert one.origin
    assert (one.origin.state, one.origin.tie) == (zebra, mill)


BODIES = st.lists(st.sampled_from([LANTERN, MASTER, KIND, SHOUT, "\n\n", "Go."]), max_size=6)


@settings(deadline=None, max_examples=60)
@given(st.lists(BODIES.map(" ".join), min_size=1, max_size=5))
def test_the_sentences_are_the_text_and_each_stood_there(bodies: list[str]) -> None:
    chain = states(*bodies)
    found = blame(chain)
    assert "".join("".join(one.text.split()) for one in found) == "".join(bodies[-1].split())
    lines = chain[-1].entry.text.split("\n")
    for one in found:
        if one.text:
            assert one.text.split("\n")[0] in lines[one.line - 1]
            assert one.alike < 1 or one.text in one.first.entry.body


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    box = sandbox(tmp_path, mill=entry("Mill", body=f"{MASTER}\n\n{SHOUT}").replace("2014", "2012"))
    box.write("entries/quay.md", entry("Quay", body=f"{LANTERN} {MASTER}"))
    box.commit("Add the quay's")
    newer = entry("Quay", body=f"{LANTERN} {MASTER} {KIND}").replace("Feb 04, 2014", "Mar 05, 2015")
    box.write("entries/quay.md", newer)
    box.commit("Take the text of 2015")
    return box


def test_as_text(box: Sandbox) -> None:
    outcome = box.run("blame", "quay", "--across")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0].startswith("Feb 04, 2014")
    assert lines[0].endswith(f"│ {LANTERN}")
    assert any("↳ first in mill, Feb 04, 2012" in line for line in lines)
    assert lines[-1].startswith("Mar 05, 2015")
    assert max(map(len, lines)) <= 80


def test_as_json(box: Sandbox) -> None:
    def sentences(*options: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(
            box.run("blame", "quay", "-f", "json", *options).out
        )["sentences"]
        return found

    lantern, master, kind = sentences("--across")
    assert lantern["origin"]["entry"] == "quay"
    assert master["origin"]["entry"] == "mill"
    assert (kind["archived"], kind["line"]) == ("2015-03-05", 10)
    assert all(one["origin"] is None for one in sentences())


def test_origins_have_the_ids_of_today(box: Sandbox) -> None:
    """Which can be asked for; their names of then are said, and nothing of the entry itself."""
    box.git("mv", "entries/mill.md", "entries/old-mill.md")
    box.git("mv", "entries/quay.md", "entries/quay-guild.md")
    box.commit("Rename both")
    out = box.run("blame", "quay-guild", "--across").out
    assert out.count("↳") == 1
    assert "↳ first in old-mill, as mill, Feb 04, 2012" in out
    lantern, master, _ = json.loads(box.run("blame", "quay-guild", "-f", "json", "--across").out)[
        "sentences"
    ]
    assert lantern["origin"]["entry"] == "quay-guild"
    assert master["origin"]["entry"] == "old-mill"
    assert master["origin"]["path"] == "entries/mill.md"
    assert box.run("history", master["origin"]["entry"]).code == 0


def test_a_tie_is_said(tmp_path: Path) -> None:
    box = sandbox(tmp_path, zebra=entry("Zebra", body=f"{MASTER} {KIND}"))
    box.write("entries/ant.md", entry("Ant", body=f"{MASTER} {SHOUT}"))
    box.commit("Add the ant's")
    out = box.run("blame", "zebra", "--across").out
    assert out.count("↳") == 1
    assert "↳ the same day in ant" in out
    master = json.loads(box.run("blame", "zebra", "--across", "-f", "json").out)["sentences"][0]
    assert master["origin"]["entry"] == "zebra"
    assert master["origin"]["same_day"]["entry"] == "ant"


def test_what_decides_between_entries_of_one_day_is_said(tmp_path: Path) -> None:
    announced = entry("Ant", body=MASTER).replace("announced:", "announced: Dec 10, 2013")
    box = sandbox(tmp_path, zebra=entry("Zebra", body=MASTER), ant=announced)
    out = " ".join(box.run("blame", "zebra", "--across").out.split())
    assert "↳ first in ant, Feb 04, 2014 (announced Dec 10, │ 2013)" in out


def test_of_no_entry_is_2(box: Sandbox) -> None:
    outcome = box.run("blame", "quai")
    assert (outcome.code, outcome.out) == (2, "")
    assert "did you mean quay?" in outcome.err


def test_of_an_entry_with_escapes(box: Sandbox) -> None:
    box.write("entries/evil.md", entry("Evil", body="Be \x1b]0;owned\x07 kind, \u202e all."))
    outcome = box.run("blame", "evil")
    assert "\x1b" not in outcome.out
    assert "\\x1b]0;owned" in outcome.out
    assert "no commit" in outcome.out
