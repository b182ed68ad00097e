"""`archivist snapshot`: what is a change of the policy, and what is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from snapshots import NEW_TEXT, TEXT, Captures
from web import Behaviour, Web, answer, behaviours, script
from web.pages import html

from archivist.entry import Entry


@pytest.fixture
def captures(tmp_path: Path, web: Web) -> Captures:
    return Captures(tmp_path / "archive", web)


def shows(*texts: str) -> Behaviour:
    """A page that shows these texts, one after the other."""
    return script(*(behaviours.fine(text, title="") for text in texts))


def names(found: dict[str, Any]) -> list[str]:
    """The names of the objections in a result; none if it was not refused."""
    return [one["name"] for one in found["objections"]]


def test_what_is_unstable_can_be_accepted(captures: Captures) -> None:
    shown = [f"{NEW_TEXT}\n\nVisitor {name} says hello." for name in range(6)]
    captures.add("quay-guild", shows(*shown))
    captures.prepare()
    found = captures.result("quay-guild", "--accept", "unstable")
    assert found["outcome"] == "recorded"
    assert "another text each time" in found["reason"]


def test_names_to_accept_are_told_once(captures: Captures) -> None:
    captures.add("quay-guild", "Boats are cheap here, and ropes are free on Sundays. " * 12)
    captures.prepare()
    outcome = captures.run("quay-guild", "--accept", "login")
    assert "--accept login,lost" in " ".join(outcome.out.split())
    assert "login,login" not in outcome.out


UNSPACED = {
    "zh": "来到码头的每个人都是客人，也是主人。在触摸别人的船之前请先询问。请立即停下并后退。",
    "ja": "波止場に来る人は、客であり主人でもあります。他人の船に触れる前に必ず聞いてください。",
}


@pytest.mark.parametrize("language", UNSPACED)
def test_scripts_without_blanks_are_measured_by_characters(
    captures: Captures, language: str
) -> None:
    text = "\n\n".join(f"第{number}条 {UNSPACED[language]}" for number in range(8))
    captures.add("quay-guild", text, body="")
    captures.prepare()
    assert captures.result("quay-guild")["outcome"] == "recorded"
    captures.show("quay-guild", text.replace("客", "友"))
    assert captures.result("quay-guild")["outcome"] == "recorded"
    captures.show("quay-guild", "\n\n".join(line[:14] for line in text.split("\n\n")))
    assert names(captures.result("quay-guild")) == ["lost"]


def test_an_encoding_that_breaks_is_no_change(captures: Captures) -> None:
    text = f"{TEXT}\n\nWir grüßen alle Gäste – von überall."
    captures.add("quay-guild", text, body="")
    captures.prepare()
    assert captures.result("quay-guild")["outcome"] == "recorded"
    broken = html("Rules", *text.split("\n\n")).encode().replace("ü".encode(), b"\xfc", 1)
    captures.show("quay-guild", answer(broken))
    before = captures.state()
    found = captures.result("quay-guild")
    assert (found["outcome"], names(found)) == ("refused", ["encoding"])
    assert "gr\ufffd" in found["reason"]
    assert captures.state() == before
    assert captures.result("quay-guild", "--accept", "encoding")["outcome"] == "recorded"


@pytest.mark.parametrize(
    ("selector", "shown"),
    [
        ("h1", f"<h1>Rules of the quay</h1><p>{TEXT}</p>"),
        ("'#policy'", "<title>Rules</title><div id=policy>Loading policy</div>"),
    ],
)
def test_a_selector_that_finds_hardly_a_word(captures: Captures, selector: str, shown: str) -> None:
    captures.add("quay-guild", answer(shown), body="", more=f"content selector: {selector}\n")
    captures.prepare()
    found = captures.result("quay-guild")
    assert (found["outcome"], names(found)) == ("refused", ["short"])


@pytest.mark.parametrize(
    ("line", "announced"),
    [
        ("The Quay Guild, established May 1, 2014, welcomes everybody.", ""),
        ("Last updated: May 1, 2012", ""),  # before the day that the version before gave
        ("Last updated: May 1, 2014", "May 01, 2014"),
    ],
)
def test_the_day_that_a_page_gives_for_itself(
    captures: Captures, line: str, announced: str
) -> None:
    captures.add("quay-guild", f"{line}\n\n{NEW_TEXT}")
    path = "entries/quay-guild.md"
    text = captures.box.read(path).replace("date announced:", "date announced: Jan 02, 2013")
    captures.box.write(path, text)
    captures.prepare()
    assert captures.result("quay-guild")["outcome"] == "recorded"
    assert Entry(path, captures.box.read(path)).value("date announced") == announced
