"""`archivist snapshot`: what is a change of the policy, and what is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from snapshots import NEW_TEXT, PARAGRAPHS, TEXT, Captures
from web import Behaviour, Web, answer, behaviours, redirection, script
from web.pages import html

from archivist.entry import Entry
from archivist.snapshot.rotating import only_rotates


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
    named = selector.strip("'")
    assert f"`content selector` may match too little: {named}" in found["objections"][0]["hint"]


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


def test_an_element_says_which_day_the_page_means(captures: Captures) -> None:
    line = "<p>Last updated: <time datetime='2014-05-04'>04/05/2014</time></p>"
    paragraphs = "".join(f"<p>{one}</p>" for one in NEW_TEXT.split("\n\n"))
    captures.add("quay-guild", answer(f"<h1>Rules</h1>{line}{paragraphs}"))
    captures.prepare()
    assert captures.result("quay-guild")["announced"] == "May 04, 2014"


FIRST, SECOND, THIRD, LAST = PARAGRAPHS
NEVER = LAST.replace("within a week", "never")
ONE = " ".join(PARAGRAPHS)
# What is recorded, and what is seen twice: a part that rotates, and a change of the policy.
CHANGED = {
    "a new line, and a clause is gone": (
        TEXT,
        [
            f"Sponsor of the day: {name}\n\n{FIRST}\n\n{SECOND}\n\n{LAST}"
            for name in ("Anvil", "Box")
        ],
    ),
    "a new line, and a clause is another": (
        TEXT,
        [f"{name}\n\n{FIRST}\n\n{SECOND}\n\n{THIRD}\n\n{NEVER}" for name in ("Anvil", "Borax")],
    ),
    "a line instead of a clause": (
        TEXT,
        [f"{FIRST}\n\n{SECOND}\n\n{name} Limited\n\n{LAST}" for name in ("Anvil", "Borax")],
    ),
    "a known line, and a clause is gone": (
        f"{TEXT}\n\nSponsor c",
        [f"{FIRST}\n\n{SECOND}\n\n{LAST}\n\nSponsor {name}" for name in "ab"],
    ),
    "two lines for two clauses": (
        TEXT,
        [f"Sponsor {name}\n\nAlso {name}\n\n{FIRST}\n\n{LAST}" for name in ("Anvil", "Borax")],
    ),
    "a counter in the paragraph of a clause": (
        f"{TEXT} Visitors: 0",
        [f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n\n{NEVER} Visitors: {number}" for number in (1, 2)],
    ),
    "a counter instead of words": (
        f"{TEXT} Ask within a week 0",
        [f"{TEXT} Ask {number}" for number in (1, 2)],
    ),
    "all in one paragraph": (
        f"{ONE} Visitors: 0",
        [f"{ONE.replace('within a week', 'never')} Visitors: {number}" for number in (1, 2)],
    ),
}
# The same, and nothing but the part that rotates.
ROTATES = {
    "a counter": [f"{TEXT} Visitors: {number}" for number in range(3)],
    "a counter in one paragraph": [f"{number} visitors. {ONE} {number} now" for number in range(3)],
    "a quotation": [
        f"{FIRST}\n\n{said}\n\n{SECOND}\n\n{THIRD}\n\n{LAST}"
        for said in (
            "“There is no better quay than this quay, and I saw some.” – Ann",
            "“I came to mend a rope and stayed for the soup.” – Bo",
            "“A quay like a quay should be, and the tide as well.” – Cy",
        )
    ],
    "a line that is not always there": [TEXT, f"{TEXT}\n\nThe ferry is late.", f"{TEXT}\n\nFog."],
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_rotates_hides_no_change(captures: Captures, name: str) -> None:
    known, shown = CHANGED[name]
    captures.add("quay-guild", shows(*shown), body=known)
    captures.prepare()
    found = captures.result("quay-guild")
    assert found["outcome"] == "refused"
    assert names(found) == ["lost" if "two clauses" in name else "unstable"]


@pytest.mark.parametrize("name", ROTATES)
def test_what_rotates_is_no_change(captures: Captures, name: str) -> None:
    known, *shown = ROTATES[name]
    captures.add("quay-guild", shows(*shown), body=known)
    captures.prepare()
    found = captures.result("quay-guild")
    assert (found["outcome"], "remove selector" in found["reason"]) == ("unchanged", True)


LINES = st.lists(st.text("ab c", max_size=8).map(str.strip).filter(bool), max_size=6)


@given(LINES, LINES)
def test_a_text_differs_from_itself_in_nothing(one: list[str], other: list[str]) -> None:
    assert only_rotates(one, one, other)
    assert only_rotates(one, one, one)
    assert only_rotates(one, other, other) == (" ".join(one).split() == " ".join(other).split())


def test_a_page_that_grew_may_hold_other_texts(captures: Captures) -> None:
    captures.add("quay-guild", TEXT)
    captures.prepare()
    fish = "Fish is sold here in the morning, and ropes are mended at noon by the lamp. "
    heads = (
        "<h2>Code of conduct</h2>{}<h2>Privacy policy</h2><p>{}</p><h2>Terms of use</h2><p>{}</p>"
    )
    body = heads.format("".join(f"<p>{one}</p>" for one in PARAGRAPHS), fish * 18, fish * 6)
    captures.show("quay-guild", answer(f"<main>{body}</main>"))
    assert names(captures.result("quay-guild")) == ["several"]
    captures.show("quay-guild", f"{TEXT}\n\n{fish * 50}")
    found = captures.result("quay-guild")
    assert (found["outcome"], names(found)) == ("refused", ["grown"])
    assert "times as many words" in found["reason"]
    assert captures.result("quay-guild", "--accept", "grown")["outcome"] == "recorded"


def test_a_few_words_may_grow(captures: Captures) -> None:
    captures.add("quay-guild", TEXT, body=PARAGRAPHS[2])
    captures.prepare()
    assert captures.result("quay-guild")["outcome"] == "recorded"


def edit(captures: Captures, old: str, new: str) -> str:
    """Edit an entry's text by hand, and commit that; the entry."""
    path = "entries/quay-guild.md"
    captures.box.write(path, captures.box.read(path).replace(old, new))
    captures.box.git("commit", "--quiet", "--all", "--message", "By hand")
    return captures.box.read(path)


@pytest.mark.parametrize("evidence", ["commit", "keep"])
@pytest.mark.parametrize("new", ["chalk", "crayons, and " + NEW_TEXT * 3])
def test_an_edit_by_hand_is_not_undone(captures: Captures, evidence: str, new: str) -> None:
    captures.settings = f'[snapshot]\nevidence = "{evidence}"\n'
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    captures.result("quay-guild")
    edited = edit(captures, "crayons", new)
    later = "2026-12-10T12:00:00Z"
    found = captures.result("quay-guild", now=later)
    assert found["outcome"] == "unchanged"
    assert "edited by hand" in found["reason"]
    assert captures.box.read("entries/quay-guild.md") == edited
    captures.show(
        "quay-guild", NEW_TEXT.replace("blue", "red").replace("caps", "hats") + " Be kind."
    )
    assert captures.result("quay-guild", "--dry-run", now=later)["outcome"] != "unchanged"
    captures.show("quay-guild", NEW_TEXT)
    found = captures.result("quay-guild", "--accept", "edited,lost", now=later)
    assert found["outcome"] == "recorded"
    assert "crayons" in captures.box.read("entries/quay-guild.md")


def test_an_edit_by_hand_on_another_branch(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    captures.result("quay-guild")
    edit(captures, "crayons", "chalk")
    found = captures.result("quay-guild", "--branch", "captures")
    assert (found["outcome"], "by hand" in found["reason"]) == ("unchanged", True)


def test_an_edit_by_hand_where_the_page_is_gone(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    captures.result("quay-guild")
    edit(captures, "crayons", "chalk")
    captures.show("quay-guild", answer(html("Rules", *NEW_TEXT.split("\n\n")), 404))
    assert names(captures.result("quay-guild")) == ["status"]


def test_evidence_of_another_version_tells_nothing(captures: Captures) -> None:
    captures.settings = '[snapshot]\nevidence = "keep"\n'
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    before = captures.box.read("entries/quay-guild.md")
    captures.result("quay-guild")
    captures.box.write("entries/quay-guild.md", before)
    captures.box.git("commit", "--quiet", "--all", "--message", "Not merged here")
    assert captures.result("quay-guild")["outcome"] == "recorded"


ABOUT = (
    "We are a guild of boat people. We meet each Tuesday at the old crane and talk about boats and "
    "ropes and the tide and about all that floats. Join us for dinner: there is soup, there is "
    "bread, and there is a view of the harbour in the evening light that nobody forgets."
)
HOME = html("Quay Guild", "Welcome to the quay", *[ABOUT] * 3)
STORIES = [
    f"Story {number}: how crane {number} was mended by friends in June." for number in range(20)
]
WORKS = (
    "This is the page used to test the correct operation of the server after its installation. If "
    "you can read it, the server works. You should replace this file before you go on. "
) * 5
# What is shown where a policy should be, and by which name it is refused.
NO_POLICIES = {
    "a server's page": (html("Apache2 Debian Default Page: It works", WORKS), "missing"),
    "a server's page without a title": (f"<h1>It works!</h1><p>{WORKS}</p>", "missing"),
    "a long page instead of none": (
        html("Quay Guild", "Oops!", "We looked, but this page isn't here any more.", *STORIES),
        "missing",
    ),
    "another page": (HOME, "unlike"),
}


@pytest.mark.parametrize("name", NO_POLICIES)
def test_a_first_capture_of_no_policy(captures: Captures, name: str) -> None:
    shown, wanted = NO_POLICIES[name]
    captures.add("quay-guild", answer(shown), body="")
    captures.prepare()
    found = captures.result("quay-guild")
    assert (found["outcome"], names(found)) == ("refused", [wanted])
    assert captures.result("quay-guild", "--accept", wanted)["outcome"] == "recorded"


@pytest.mark.parametrize("to", ["/?from=conduct", "//mill.example/news"])
def test_a_first_capture_that_is_led_astray(captures: Captures, to: str) -> None:
    captures.web.host("quay.example").page("/", HOME)
    captures.web.host("mill.example").page("/news", HOME)
    captures.web.host("mill.example").page("/conduct", HOME)
    target = to.replace("//mill.example", captures.web.url("mill.example", "").rstrip("/"))
    captures.add("quay-guild", redirection(target), body="")
    captures.prepare()
    found = captures.result("quay-guild")
    assert (found["outcome"], names(found)) == ("refused", ["home"])
    assert "does not call itself a policy" in found["reason"]


def test_a_first_capture_that_is_led_to_a_policy(captures: Captures) -> None:
    captures.web.host("mill.example").page("/news", html("Rules of the Mill", *PARAGRAPHS))
    captures.web.host("mill.example").page("/conduct", html("At the Mill", *PARAGRAPHS))
    captures.add("quay-guild", redirection(captures.web.url("mill.example", "/news")), body="")
    captures.add("pier-guild", redirection(captures.web.url("mill.example", "/conduct")), body="")
    captures.prepare()
    assert [one["outcome"] for one in captures.document("--all")["results"]] == ["recorded"] * 2


def test_a_first_capture_in_a_language_of_which_nothing_is_known(captures: Captures) -> None:
    captures.add("quay-guild", "Ten, kdo přijde na nábřeží, je hostem i hostitelem. " * 20, body="")
    captures.prepare()
    assert captures.result("quay-guild")["outcome"] == "recorded"
