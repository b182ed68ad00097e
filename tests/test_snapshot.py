"""`archivist snapshot`: what is recorded, and what is no version."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox import Sandbox
from snapshots import NEW_TEXT, NOW, PARAGRAPHS, TEXT, Captures, run, trailers_of
from web import Behaviour, Web, answer, behaviours, script
from web.pages import html

from archivist import warc
from archivist.capturing.evidence import evidence_of
from archivist.capturing.provenance import Provenance
from archivist.capturing.texts import body_digest, text_of
from archivist.entry import Entry
from archivist.links.following import Chain
from archivist.net.fetch import Answer
from archivist.refusal import NAMES
from archivist.snapshot.judging import judge
from archivist.snapshot.looking import Seen, saved
from archivist.snapshot.subject import Subject
from archivist.snapshot.writing import Manner, new_version
from archivist.verdict import Hop


@pytest.fixture
def captures(tmp_path: Path, web: Web) -> Captures:
    return Captures(tmp_path / "archive", web)


def entry_of(captures: Captures, name: str = "quay-guild") -> Entry:
    return Entry(f"entries/{name}.md", captures.box.read(f"entries/{name}.md"))


def provenance(captures: Captures, rev: str = "HEAD") -> Provenance:
    found = Provenance.parse(trailers_of(captures.box.git("log", "-1", "--format=%B", rev)))
    assert found is not None
    return found


def test_a_new_version(captures: Captures) -> None:
    url = captures.add("quay-guild", NEW_TEXT + "\n\nLast updated: March 3, 2024")
    captures.prepare()
    found = captures.result("quay-guild")
    assert found["outcome"] == "recorded"
    entry = entry_of(captures)
    assert "within three days" in entry.body
    assert entry.value("date archived") == "Nov 25, 2026"
    assert entry.value("date announced") == "Mar 03, 2024"
    said = provenance(captures)
    assert (said.entry, said.source, said.captured) == ("quay-guild", url, NOW)
    assert said.text == body_digest(entry.body)
    assert said.extractor == "walker/2"
    data = (captures.box.root / "evidence/quay-guild.warc").read_bytes()
    assert said.evidence == ("evidence/quay-guild.warc", warc.digest(data))
    evidence = warc.read(data)
    assert evidence.flaws == ()
    assert evidence.text == text_of(entry.body)
    assert dict(evidence.hops[0].asked)["Accept-Encoding"] == "identity"
    assert captures.box.git("status", "--porcelain") == ""
    assert captures.box.git("log", "-1", "--format=%ad", "--date=iso-strict").startswith(
        "2026-11-25T12:00:00"
    )
    assert captures.box.git("fsck", "--strict") == ""
    assert captures.result("quay-guild")["outcome"] == "unchanged"


def test_the_first_capture_of_a_blank_entry(captures: Captures) -> None:
    captures.add("quay-guild", TEXT, body="")
    captures.prepare()
    assert captures.result("quay-guild")["outcome"] == "recorded"
    assert text_of(entry_of(captures).body) == TEXT + "\n"
    assert len(captures.web.requests.to("quay.example").paths) == 1
    assert "new" in captures.box.git("log", "-1", "--format=%s")


NOISE = {
    "markup": html("Rules", *PARAGRAPHS, around="<div class=x><section>{}</section></div>"),
    "targets": html("Rules", *PARAGRAPHS, around="<main>{}</main><a href=/?token=7>Home</a>"),
    "blanks": html("Rules", *(one.replace(" ", " \n\t ") for one in PARAGRAPHS)),
    "quotes": html("Rules", *(one.replace("'", "\u2019") for one in PARAGRAPHS)),
    "banner": html(
        "Rules",
        *PARAGRAPHS,
        around="<div class=cookie-banner>We use cookies <button>Yes</button></div><main>{}</main>",
    ),
    "rendered": html("Rules", *PARAGRAPHS, around="<main>{}<p>\u00a9 2026 Quay</p></main>"),
}


@pytest.mark.parametrize("name", NOISE)
def test_noise_makes_no_version(captures: Captures, name: str) -> None:
    body = TEXT + ("\n\n\u00a9 2019 Quay" if name == "rendered" else "")
    captures.add("quay-guild", answer(NOISE[name]), body=body)
    captures.prepare()
    before = captures.state()
    assert captures.result("quay-guild")["outcome"] == "unchanged"
    assert captures.state() == before


def test_a_banner_that_rotates(captures: Captures) -> None:
    shown = [behaviours.fine(f"{TEXT}\n\nSponsor of the day: {name}.", title="") for name in "abc"]
    captures.add("quay-guild", script(*shown), body=f"{TEXT}\n\nSponsor of the day: z.")
    captures.prepare()
    found = captures.result("quay-guild")
    assert found["outcome"] == "unchanged"
    assert "remove selector" in found["reason"]


def test_a_page_that_never_says_the_same(captures: Captures) -> None:
    shown = [
        behaviours.fine(f"{NEW_TEXT}\n\nSponsor of the day: {name}.", title="") for name in "abc"
    ]
    captures.add("quay-guild", script(*shown))
    captures.prepare()
    before = captures.state()
    found = captures.result("quay-guild")
    assert (found["outcome"], found["objections"][0]["name"]) == ("refused", "unstable")
    assert captures.state() == before
    assert captures.result("quay-guild", "--accept", "unstable")["outcome"] == "recorded"


def test_two_texts_in_turn(captures: Captures) -> None:
    captures.add("quay-guild", script(behaviours.fine(NEW_TEXT, ""), behaviours.fine(TEXT, "")))
    captures.prepare()
    found = captures.result("quay-guild")
    assert (found["outcome"], found["commit"]) == ("unchanged", None)
    assert "in turn" in found["reason"]


def test_a_return_is_doubted_and_confirmed(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    captures.result("quay-guild", now="2026-11-25T12:00:00Z")
    captures.show("quay-guild", TEXT)
    found = captures.result("quay-guild", now="2026-11-25T20:00:00Z")
    assert found["outcome"] == "recorded"
    assert "returns to a text of the last days" in found["reason"]
    captures.show("quay-guild", NEW_TEXT)
    found = captures.result("quay-guild", now="2026-12-25T20:00:00Z")
    assert (found["outcome"], found["reason"]) == ("recorded", "")


REFUSED: dict[str, Behaviour] = {
    "status": answer("<h1>Gone</h1>", 410),
    "missing": behaviours.SOFT_404,
    "login": behaviours.LOGIN_WALL,
    "consent": behaviours.temporary("/consent?next=/conduct"),
    "parked": behaviours.PARKED,
    "home": behaviours.TO_HOME,
    "scripts": behaviours.SPA_SHELL,
    "lost": behaviours.fine("Boats are cheap here, and ropes are free on Sundays. " * 12),
    "language": behaviours.fine(
        "Wer an den Kai kommt, ist Gast und Gastgeber zugleich. Fragt, bevor ihr das Boot eines "
        "anderen anfasst. Wenn euch jemand sagt, dass ihr aufhören sollt, dann hört ihr auf. Die "
        "Hafenmeisterin hört sich Beschwerden zu jeder Stunde an und sagt nicht, von wem sie sind."
    ),
    "redirects": behaviours.permanent("file:///etc/passwd"),
    "empty": answer(""),
    "cut": behaviours.CUT,
    "unreadable": behaviours.BINARY,
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(captures: Captures, name: str) -> None:
    captures.add("quay-guild", REFUSED[name])
    captures.web.host("quay.example").page("/", html("The Quay", "Welcome to the quay."))
    captures.web.host("quay.example").behave("/consent", behaviours.CONSENT_WALL)
    captures.prepare()
    before = captures.state()
    outcome = captures.run("quay-guild")
    assert outcome.code == 1
    found = captures.result("quay-guild")
    assert found["outcome"] == "refused"
    names = [one["name"] for one in found["objections"]]
    assert name in names
    assert all(one["reason"] and one["hint"] for one in found["objections"])
    assert name in outcome.out
    assert "hint:" in outcome.out
    assert captures.state() == before


def test_a_wall_at_the_same_url_is_called_one(captures: Captures) -> None:
    captures.add("quay-guild", behaviours.CONSENT_WALL)
    captures.add("mill-guild", behaviours.CONSENT_WALL, body="")
    captures.prepare()
    for found in captures.document("--all")["results"]:
        assert found["outcome"] == "refused"
        assert "consent" in [one["name"] for one in found["objections"]]


def test_accepted_by_name(captures: Captures) -> None:
    captures.add("quay-guild", "Boats are cheap here, and ropes are free on Sundays. " * 12)
    captures.prepare()
    assert captures.result("quay-guild", "--accept", "login")["outcome"] == "refused"
    assert captures.result("quay-guild", "--accept", "login,lost")["outcome"] == "recorded"


def test_what_has_no_text_cannot_be_accepted(captures: Captures) -> None:
    captures.add("quay-guild", behaviours.BINARY)
    captures.prepare()
    outcome = captures.run("quay-guild", "--accept", "unreadable")
    assert (outcome.code, outcome.out) == (2, "")
    assert "no objection unreadable" in outcome.err


def test_a_doubtful_first_capture(captures: Captures) -> None:
    captures.add("quay-guild", "Be kind to each other.", body="")
    captures.prepare()
    found = captures.result("quay-guild")
    assert [one["name"] for one in found["objections"]] == ["short"]
    assert captures.result("quay-guild", "--accept", "short")["outcome"] == "recorded"


def test_no_answer_is_a_failure(captures: Captures) -> None:
    captures.add("quay-guild")
    captures.web.refuse("dam.example")
    text = captures.box.read("entries/quay-guild.md")
    url = captures.web.url("dam.example", "/conduct")
    lines = [f"url: {url}" if line.startswith("url:") else line for line in text.splitlines()]
    captures.box.write("entries/quay-guild.md", "\n".join(lines) + "\n")
    captures.prepare()
    outcome = captures.run("quay-guild")
    assert outcome.code == 1
    assert "refuses the connection" in outcome.out


def test_a_server_that_comes_back(captures: Captures) -> None:
    captures.add("quay-guild", script(behaviours.UNAVAILABLE, behaviours.fine(NEW_TEXT)))
    captures.prepare()
    assert captures.result("quay-guild")["outcome"] == "recorded"


def test_every_hop_is_evidence(captures: Captures) -> None:
    captures.add("quay-guild", behaviours.permanent("/rules"))
    captures.web.host("quay.example").behave("/rules", behaviours.packed(NEW_TEXT))
    captures.prepare()
    found = captures.result("quay-guild")
    assert found["final_url"].endswith("/rules")
    evidence = warc.read((captures.box.root / "evidence/quay-guild.warc").read_bytes())
    assert evidence.flaws == ()
    assert [hop.code for hop in evidence.hops] == [301, 200]
    assert "within three days" in evidence.text


def test_all_that_follow_a_source(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.add("mill-guild", TEXT + "\n\nThe wheel turns.", body=TEXT + "\n\nThe wheel stands.")
    captures.add("weir-guild", TEXT + "\n\nThe weir.", body=TEXT + "\n\nThe weir.")
    captures.add("lock-guild", NEW_TEXT, more="status: superseded\n")
    captures.box.write(
        "entries/sources/dam.md", "---\nlayout: source\norganization: Dam\nurl:\n---\n"
    )
    captures.prepare()
    document = captures.document("--all")
    outcomes = {one["entry"]: one["outcome"] for one in document["results"]}
    assert outcomes == {
        "mill-guild": "recorded",
        "quay-guild": "recorded",
        "weir-guild": "unchanged",
    }
    assert document["summary"]["left_out"] == 2
    assert len(captures.box.git("log", "--format=%H", "--grep=Archivist-Entry").split()) == 2


def test_stale(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    assert captures.document("--stale", "36500", now="2026-11-25T12:00:00Z")["results"] == []
    assert captures.document("--stale", "30")["results"][0]["outcome"] == "recorded"
    assert captures.document("--stale", "30")["results"] == []


def test_one_page_of_several_entries_is_asked_once(captures: Captures) -> None:
    captures.add("quay-long", TEXT)
    captures.add("quay-short", TEXT)
    captures.prepare()
    assert captures.document("--all")["summary"]["unchanged"] == 2
    assert len(captures.web.requests.to("quay.example").paths) == 1


def test_a_trial_writes_nothing(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    before = captures.state()
    outcome = captures.run("quay-guild", "--dry-run")
    assert "[-a week-]{+three days+}" in outcome.out
    assert "Nothing was written" in outcome.out
    assert captures.state() == before
    found = captures.document("quay-guild", "-n")
    assert found["dry_run"] is True
    hunks = found["results"][0]["difference"]["hunks"]
    assert "".join(one["text"] for one in hunks if one["op"] != "delete") == (
        "\n" + NEW_TEXT + "\n"
    )


def test_selectors_are_tried_out(captures: Captures) -> None:
    page = html("Rules", *PARAGRAPHS, around="<div id=menu><p>Menu of the day</p></div><i>{}</i>")
    captures.add("quay-guild", answer(page), body="", more="content selector: '#rules'\n")
    captures.prepare()
    found = captures.result("quay-guild", "--dry-run")
    assert found["objections"][0]["name"] == "unreadable"
    assert "matches nothing" in found["reason"]
    text = captures.box.read("entries/quay-guild.md").replace("'#rules'", "i")
    captures.box.write("entries/quay-guild.md", text)  # not committed: a trial
    outcome = captures.run("quay-guild", "--dry-run")
    assert "yellow" not in outcome.out
    assert "Everybody who comes" in outcome.out
    assert "Menu of the day" not in outcome.out


def test_a_file_that_somebody_saved(captures: Captures, tmp_path: Path) -> None:
    captures.add("quay-guild", behaviours.SPA_SHELL)
    captures.prepare()
    (tmp_path / "page.html").write_text(html("Rules", *NEW_TEXT.split("\n\n")))
    file = str(tmp_path / "page.html")
    assert captures.result("quay-guild", "--from-file", file)["outcome"] == "recorded"
    assert captures.web.requests.to("quay.example").paths == []
    evidence = warc.read((captures.box.root / "evidence/quay-guild.warc").read_bytes())
    assert evidence.flaws == ()
    assert evidence.hops[0].header("X-Archivist-From-File") == "yes"
    assert captures.run("quay-guild", "--from-file", "nowhere.html").code == 2


def test_a_markdown_file(captures: Captures, tmp_path: Path) -> None:
    captures.add("quay-guild")
    captures.prepare()
    (tmp_path / "rules.md").write_text("# Rules\n\n" + NEW_TEXT.replace("boat", "*boat*"))
    found = captures.result("quay-guild", "--from-file", str(tmp_path / "rules.md"))
    assert found["extractor"].startswith("walker/2 markdown-it-py/")


def test_the_source_moved(captures: Captures) -> None:
    captures.add("quay-guild", behaviours.MISSING)
    captures.web.host("new.example").behave("/rules", behaviours.fine(TEXT, title=""))
    captures.prepare()
    url = captures.web.url("new.example", "/rules")
    found = captures.result("quay-guild", "--url", url)
    assert found["outcome"] == "recorded"
    entry = entry_of(captures)
    assert entry.value("url") == url
    assert entry.value("date archived") == "Feb 04, 2014"  # the text is what it was
    assert "the source moved" in captures.box.git("log", "-1", "--format=%s")
    captures.web.host("new.example").behave("/rules", behaviours.fine(NEW_TEXT, title=""))
    captures.result("quay-guild", "--url", url)
    assert entry_of(captures).value("date archived") == "Nov 25, 2026"


def test_words_of_ones_own(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    message = "Quay Guild\nanswers \x1b[31m faster"
    captures.result("quay-guild", "--message", message, "--announced", "2024-03-01")
    assert captures.box.git("log", "-1", "--format=%s") == ("Quay Guild answers \\x1b[31m faster\n")
    assert entry_of(captures).value("date announced") == "Mar 01, 2024"


def test_front_matter_keeps_every_other_byte(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT, more="# a remark\nlanguage:   en  \n")
    captures.prepare()
    captures.result("quay-guild")
    text = captures.box.read("entries/quay-guild.md")
    assert "# a remark\nlanguage:   en  \n---\n" in text
    assert "date announced:\ndate archived: Nov 25, 2026\n" in text


def test_a_day_that_is_still_to_come(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT + "\n\nEffective: January 1, 2027")
    captures.prepare()
    captures.result("quay-guild")
    assert entry_of(captures).value("date announced") == ""


def test_evidence_beside_the_commits(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.settings = '[snapshot]\nevidence = "keep"\n'
    captures.prepare()
    captures.result("quay-guild")
    path = "evidence/quay-guild.20261125T120000Z.warc"
    said = provenance(captures)
    assert said.evidence == (path, warc.digest((captures.box.root / path).read_bytes()))
    assert captures.box.git("show", "--format=", "--name-only").split() == ["entries/quay-guild.md"]
    assert captures.box.git("status", "--porcelain") == ""


@pytest.mark.parametrize("option", ["--no-wayback", "--no-commit"])
def test_evidence_of_another_capture_at_the_same_time(captures: Captures, option: str) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.settings = '[snapshot]\nevidence = "keep"\n'
    captures.prepare()
    captures.result("quay-guild")
    before = captures.state()
    captures.show("quay-guild", f"{NEW_TEXT}\n\nGulls are nobody's guests.")
    trial = captures.result("quay-guild", option, "--dry-run")
    found = captures.result("quay-guild", option)
    assert (found["outcome"], found["reason"]) == (trial["outcome"], trial["reason"])
    assert found["outcome"] == "failed"
    assert "evidence of another capture at the same time" in found["reason"]
    assert captures.state() == before
    later = captures.result("quay-guild", option, now="2026-11-25T12:00:01Z")
    assert later["outcome"] == "recorded"
    assert len(list(captures.box.root.glob("evidence/*.warc"))) == 2


def test_no_evidence(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.settings = '[snapshot]\nevidence = "none"\n'
    captures.prepare()
    captures.result("quay-guild")
    assert provenance(captures).evidence is None
    assert not (captures.box.root / "evidence").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('evidence = "comit"', "commit, keep, none"),
        ("minimum_share = 2", "between 0 and 1"),
        ("confirm_hour = 1", "did you mean `confirm_hours`"),
    ],
)
def test_wrong_settings(captures: Captures, line: str, words: str) -> None:
    captures.settings = f"[snapshot]\n{line}\n"
    captures.prepare()
    outcome = captures.run("--all")
    assert outcome.code == 2
    assert words in outcome.err


def test_the_share_that_must_stay(captures: Captures) -> None:
    captures.add("quay-guild", "\n\n".join([*PARAGRAPHS[:2], "All else is said at the gate."]))
    captures.settings = "[snapshot]\nminimum_share = 0.9\n"
    captures.prepare()
    assert captures.result("quay-guild")["objections"][0]["name"] == "lost"
    captures.settings = "[snapshot]\nminimum_share = 0.2\n"
    captures.prepare()
    assert captures.result("quay-guild")["outcome"] == "recorded"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name the entries"),
        (["quay-guild", "--all"], "exclude each other"),
        (["--all", "--url", "https://x.example/"], "needs one entry"),
        (["quay-guild", "--branch", "x", "--no-commit"], "exclude each other"),
        (["quay-guild", "--announced", "soon"], "is no date"),
        (["quay-guild", "--accept", "los"], "did you mean lost?"),
        (["quay-gild"], "did you mean quay-guild?"),
        (["quay-guild", "--url", "ftp://x.example/"], "--url"),
        (["quay-guild", "--url", ""], "--url must not be blank"),
        (["quay-guild", "--branch", ""], "--branch must not be blank"),
        (["--pending", "--all"], "switch the Wayback Machine off"),
        (["quay-guild", "--branch", "a..b"], "no name of a branch"),
        (["quay-guild", "--branch", "main"], "checked out"),
        (["--stale", "soon"], "number of days"),
    ],
)
def test_mistakes(captures: Captures, arguments: list[str], words: str) -> None:
    captures.add("quay-guild")
    captures.prepare()
    outcome = captures.run(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err
    assert captures.web.requests.to("quay.example").paths == []


def test_obstacles_are_told(captures: Captures) -> None:
    captures.add("quay-guild")
    for name, text in {
        "stub": "---\nlayout: source\norganization: Stub\nurl: https://x.example/\n---\n",
        "nowhere": "---\nlayout: coc\norganization: Nowhere\nurl:\n---\n\nBe kind.\n",
        "broken": "no front matter\n",
        "wrong": "---\nlayout: coc\norganization: W\nurl: example\n---\n\nBe kind.\n",
    }.items():
        captures.box.write(f"entries/{name}.md", text)
    captures.prepare()
    document = captures.document("stub", "nowhere", "broken", "wrong")
    reasons = {one["entry"]: one["reason"] for one in document["results"]}
    assert document["code"] == 1
    assert "stub" in reasons["stub"]
    assert "no `url`" in reasons["nowhere"]
    assert "front matter" in reasons["broken"]
    assert "`url`" in reasons["wrong"]


def test_a_forkable_file(captures: Captures) -> None:
    from archivist.snapshot.subject import raw_file

    assert raw_file("https://github.com/a/b/blob/main/conduct.md#top") == (
        "https://raw.githubusercontent.com/a/b/main/conduct.md"
    )
    assert raw_file("https://gitlab.forge.example/a/b/-/blob/main/c.md?plain=1") == (
        "https://gitlab.forge.example/a/b/-/raw/main/c.md"
    )
    assert raw_file("https://codeberg.org/a/b/src/branch/main/c.md") == (
        "https://codeberg.org/a/b/raw/branch/main/c.md"
    )
    assert raw_file("https://quay.example/conduct#x") == "https://quay.example/conduct#x"


def test_what_is_excluded_is_not_asked(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.settings = "[[links.exclude]]\npattern = 'quay'\nreason = 'for members only'\n"
    captures.prepare()
    document = captures.document("--all")
    assert (document["results"], document["summary"]["left_out"]) == ([], 1)
    found = captures.result("quay-guild")
    assert (found["outcome"], "members only" in found["reason"]) == ("failed", True)
    assert captures.web.requests.to("quay.example").paths == []


@settings(deadline=None)  # the first PDF imports its reader
@given(st.binary(max_size=3000), st.sampled_from(["text/html", "text/plain", "", "x/y"]))
def test_whatever_a_page_holds(data: bytes, kind: str) -> None:
    """It is judged, and what is new makes an entry that reads back."""
    text = "---\nlayout: coc\norganization: Q\nurl: https://quay.example/\n---\n"
    subject = Subject(Entry("entries/q.md", text))
    now = datetime(2026, 11, 25, tzinfo=UTC)
    seen = saved(data, subject.asked, kind, now)
    accepted = frozenset(NAMES) - {"empty"}
    found = judge(subject, seen, now.date(), accepted, 0.6)
    if found.is_new:
        written = new_version(found, Manner(now), ("url", "wayback snapshot"))
        assert text_of(written.entry.body) == found.text
        assert warc.read(written.exhibit or b"").flaws == ()
        assert written.entry.value("url") == subject.asked


def test_robots_are_respected_if_wanted(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.web.host("quay.example").robots("User-agent: *\nDisallow: /conduct\n")
    captures.network["respect_robots"] = True
    captures.prepare()
    found = captures.result("quay-guild")
    assert (found["outcome"], found["objections"][0]["name"]) == ("refused", "robots")


def test_a_made_up_page_is_escaped(captures: Captures) -> None:
    evil = NEW_TEXT.replace("dry.", "dry.\u202e\x1b]0;owned\x07")
    captures.add("quay-guild", answer(html("x", *evil.split("\n\n"))))
    captures.prepare()
    outcome = captures.run("quay-guild", "--dry-run")
    assert "\x1b" not in outcome.out
    assert "\u202e" not in outcome.out


def test_a_table_fits_80_columns(captures: Captures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    captures.add("quay-guild-of-the-very-long-name-that-somebody-made-up-one-day", NEW_TEXT)
    captures.add("mill-guild", behaviours.LOGIN_WALL)
    captures.prepare()
    outcome = captures.run("--all")
    assert max(map(len, outcome.out.splitlines())) <= 80
    assert "2 entries: 1 recorded, 1 refused." in outcome.out


def test_again_from_the_evidence(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    captures.result("quay-guild")
    asked = len(captures.web.requests.to("quay.example").paths)
    assert captures.result("quay-guild", "--re-extract")["outcome"] == "unchanged"
    entry = captures.box.read("entries/quay-guild.md")
    captures.box.write(
        "entries/quay-guild.md", entry.replace("url:", "content selector: main\nurl:")
    )
    page = captures.box.root / "evidence/quay-guild.warc"
    captures.box.git("commit", "--quiet", "--all", "--message", "A selector")
    assert captures.result("quay-guild", "--re-extract")["outcome"] == "unchanged"
    entry = captures.box.read("entries/quay-guild.md")
    captures.box.write(
        "entries/quay-guild.md", entry.replace("selector: main", "selector: 'main p:first-of-type'")
    )
    captures.box.git("commit", "--quiet", "--all", "--message", "Another selector")
    before = captures.state()
    found = captures.result("quay-guild", "--re-extract", now="2026-12-01T00:00:00Z")
    assert [one["name"] for one in found["objections"]] == ["lost"]
    assert captures.state() == before
    found = captures.result(
        *("quay-guild", "--re-extract", "--accept", "lost"), now="2026-12-01T00:00:00Z"
    )
    assert found["outcome"] == "recorded"
    again = entry_of(captures)
    assert text_of(again.body).strip() == PARAGRAPHS[0]
    assert again.value("date archived") == "Nov 25, 2026"
    message = captures.box.git("log", "-1", "--format=%B")
    assert "Re-extract Quay Guild" in message
    assert "A change of selectors, not of policy" in message
    assert "`content selector` main p:first-of-type" in message
    said = provenance(captures)
    assert said.captured == NOW
    assert said.text == body_digest(again.body)
    assert warc.read(page.read_bytes()).text == text_of(again.body)
    assert len(captures.web.requests.to("quay.example").paths) == asked


def _captured_then_edited(captures: Captures, old: str, new: str) -> None:
    """An entry whose page was captured, and whose file was edited and committed by hand since."""
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    captures.result("quay-guild")
    text = captures.box.read("entries/quay-guild.md")
    captures.box.write("entries/quay-guild.md", text.replace(old, new))
    captures.box.git("commit", "--quiet", "--all", "--message", "By hand")


def test_a_change_of_selectors_makes_no_version(captures: Captures) -> None:
    selector = "content selector: 'main p:nth-of-type(n+2)'\nurl:"
    _captured_then_edited(captures, "url:", selector)
    before = captures.state()
    found = captures.result("quay-guild", now="2026-12-01T00:00:00Z")
    assert found["outcome"] == "unchanged"
    assert found["reason"] == (
        "the page shows what was captured; the selectors, as of now, would make another text of "
        "it: --re-extract does"
    )
    trial = captures.result("quay-guild", "--dry-run", now="2026-12-01T00:00:00Z")
    assert (trial["outcome"], trial["reason"]) == (found["outcome"], found["reason"])
    assert trial["difference"]["front_matter"] == []
    assert trial["difference"]["summary"]["removed"] > 0
    assert captures.state() == before
    assert captures.result("quay-guild", "--re-extract")["outcome"] == "recorded"
    assert captures.result("quay-guild")["outcome"] == "unchanged"
    captures.show("quay-guild", f"{NEW_TEXT}\n\nGulls are nobody's guests.")
    assert captures.result("quay-guild")["outcome"] == "recorded"


def test_a_change_of_selectors_and_of_the_page(captures: Captures) -> None:
    _captured_then_edited(captures, "url:", "remove selector: 'main p:first-of-type'\nurl:")
    captures.show("quay-guild", f"{NEW_TEXT}\n\nGulls are nobody's guests.")
    assert captures.result("quay-guild")["outcome"] == "recorded"


def test_edited_texts_are_not_made_again(captures: Captures) -> None:
    _captured_then_edited(captures, "crayons", "pencils")
    found = captures.result("quay-guild", "--re-extract")
    assert found["objections"][0]["name"] == "edited"
    assert captures.result("quay-guild", "--re-extract", "--accept", "edited")["outcome"] == (
        "recorded"
    )
    assert "crayons" in captures.box.read("entries/quay-guild.md")
    assert "edited by hand" in captures.box.git("log", "-1", "--format=%B")


def test_another_extractor_is_a_change_of_tool(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    captures.result("quay-guild")
    path = captures.box.root / "evidence/quay-guild.warc"
    read = warc.read(path.read_bytes())
    older = read.text.replace("crayons", "pencils")
    path.write_bytes(evidence_of(read.hops, older, "walker/0"))
    entry = captures.box.read("entries/quay-guild.md").replace("crayons", "pencils")
    captures.box.write("entries/quay-guild.md", entry)
    captures.box.git("commit", "--quiet", "--all", "--message", "As an older walker would have")
    found = captures.result("quay-guild")
    assert found["outcome"] == "unchanged"
    assert "archivist, as of now, would make another text of it" in found["reason"]
    assert captures.result("quay-guild", "--re-extract")["outcome"] == "recorded"
    message = captures.box.git("log", "-1", "--format=%B")
    assert "A change of tool, not of policy: walker/0 had read" in message


def test_broken_evidence_is_not_used(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    assert "no evidence" in captures.result("quay-guild", "--re-extract")["reason"]
    captures.result("quay-guild")
    path = captures.box.root / "evidence/quay-guild.warc"
    path.write_bytes(path.read_bytes().replace(b"yellow", b"purple"))
    assert "cannot be trusted" in captures.result("quay-guild", "--re-extract")["reason"]


def test_new_from_url(captures: Captures) -> None:
    captures.add("quay-guild", TEXT + "\n\nLast updated: March 3, 2024")
    (captures.box.root / "entries/quay-guild.md").unlink()
    captures.prepare()
    root, url = captures.box.root, captures.web.url("quay.example", "/conduct")
    outcome = run(root, "new", "Quay Guild", "--from-url", url, "--now", NOW)
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith("entries/quay-guild.md  ")
    entry = entry_of(captures)
    assert (entry.value("url"), entry.value("date announced")) == (url, "Mar 03, 2024")
    assert provenance(captures).text == body_digest(entry.body)
    assert captures.box.git("status", "--porcelain") == ""
    assert captures.result("quay-guild")["outcome"] == "unchanged"
    again = run(root, "new", "Quay Guild", "--from-url", url)
    assert (again.code, "exists already" in again.err) == (2, True)


@pytest.mark.parametrize("option", ["--dry-run", "--no-commit"])
def test_new_from_url_without_a_commit(captures: Captures, option: str) -> None:
    captures.add("quay-guild")
    (captures.box.root / "entries/quay-guild.md").unlink()
    captures.prepare()
    url = captures.web.url("quay.example", "/conduct")
    outcome = run(captures.box.root, "new", "Quay Guild", "--from-url", url, option)
    assert outcome.code == 0, outcome.err
    status = captures.box.git("status", "--porcelain", "--untracked-files=all").split()
    written = ["??", "entries/quay-guild.md", "??", "evidence/quay-guild.warc"]
    assert status == ([] if option == "--dry-run" else written)


@pytest.mark.parametrize("option", [(), ("--no-commit",)])
@pytest.mark.parametrize("evidence", ["keep", "none"])
def test_new_from_url_keeps_evidence_where_the_settings_say(
    captures: Captures, evidence: str, option: tuple[str, ...]
) -> None:
    captures.settings = f'[snapshot]\nevidence = "{evidence}"\n'
    captures.add("quay-guild")
    (captures.box.root / "entries/quay-guild.md").unlink()
    captures.prepare()
    url = captures.web.url("quay.example", "/conduct")
    outcome = run(captures.box.root, "new", "Quay Guild", "--from-url", url, "--now", NOW, *option)
    assert outcome.code == 0, outcome.err
    found = sorted(one.name for one in captures.box.root.glob("evidence/*.warc"))
    assert found == (["quay-guild.20261125T120000Z.warc"] if evidence == "keep" else [])
    status = captures.box.git("status", "--porcelain", "--untracked-files=all").split()
    assert status == (["??", "entries/quay-guild.md"] if option else [])
    if not option:
        assert captures.box.git("ls-files", "evidence") == ""
        said = provenance(captures).evidence
        assert (said and said.path) == (f"evidence/{found[0]}" if found else None)


def test_kept_evidence_goes_if_there_is_no_commit(captures: Captures) -> None:
    captures.settings = '[snapshot]\nevidence = "keep"\n'
    captures.add("quay-guild")
    (captures.box.root / "entries/quay-guild.md").unlink()
    captures.prepare()
    hook = captures.box.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    url = captures.web.url("quay.example", "/conduct")
    assert run(captures.box.root, "new", "Quay Guild", "--from-url", url).code == 2
    assert list(captures.box.root.glob("evidence/*.warc")) == []
    assert not (captures.box.root / "entries/quay-guild.md").exists()


def test_new_from_a_page_that_lies(captures: Captures) -> None:
    captures.add("quay-guild", behaviours.LOGIN_WALL)
    (captures.box.root / "entries/quay-guild.md").unlink()
    captures.prepare()
    url = captures.web.url("quay.example", "/conduct")
    before = captures.state()
    outcome = run(captures.box.root, "new", "Quay Guild", "--from-url", url)
    assert outcome.code == 1
    assert "login" in outcome.out
    assert "was not written" in outcome.err
    assert captures.state() == before
    for mistake in (["--text", "x"], ["--archived", "2014"], ["--layout", "source"]):
        found = run(captures.box.root, "new", "X", "--from-url", url, *mistake)
        assert found.code == 2
    assert run(captures.box.root, "new", "X", "--text", "-", "--accept", "short").code == 2
    assert run(captures.box.root, "new", "X", "--from-url", "nowhere").code == 2


def test_json_is_sorted_and_ascii(captures: Captures) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.add("mill-guild", NEW_TEXT + "\u00e4", body=TEXT + "\u00e4")
    captures.prepare()
    outcome = captures.run("--all", "--format", "json", "--output", "found.json")
    assert outcome.out == ""
    text = (captures.box.root / "found.json").read_text()
    assert text.isascii()
    assert [one["entry"] for one in json.loads(text)["results"]] == ["mill-guild", "quay-guild"]


def test_outside_of_git(tmp_path: Path, web: Web) -> None:
    captures = Captures(tmp_path / "archive", web)
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    import shutil

    shutil.rmtree(captures.box.root / ".git")
    outcome = captures.run("quay-guild")
    assert outcome.code == 2
    assert "--no-commit" in outcome.err
    assert captures.result("quay-guild", "--no-commit")["outcome"] == "recorded"
    assert "within three days" in Sandbox(captures.box.root).read("entries/quay-guild.md")
    assert (captures.box.root / "evidence/quay-guild.warc").is_file()


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"headers": {"content-type": "text/html", "date": "later", "etag": "x"}}, True),
        ({"headers": {"content-type": "text/plain"}}, False),
        ({"headers": {"content-type": "text/html", "x-datadome": "1"}}, False),
        ({"body": b"Be cruel."}, False),
        ({"status": 203}, False),
        ({"cut": True}, False),
    ],
)
def test_an_answer_is_like_another_but_for_its_time(change: dict[str, Any], same: bool) -> None:
    url = "https://quay.example/conduct"
    answer_ = Answer(url, 200, {"content-type": "text/html", "date": "now"}, b"Be kind.")
    first, other = (
        Seen(url, Chain((Hop(url, 200),), one), ()) for one in (answer_, answer_._replace(**change))
    )
    assert first.is_like(other) == same
    elsewhere = Chain((Hop(url, 301), Hop(f"{url}/", 200)), answer_)
    assert not first.is_like(Seen(url, elsewhere, ()))
    assert not first.is_like(Seen(url, first.chain._replace(broken="in a circle"), ()))


def test_a_parent_that_is_revised_stays_older_than_its_child(captures: Captures) -> None:
    """The hook asks P504, which must not forbid that a parent changes."""
    captures.add("quay-guild", f"{NEW_TEXT}\n\nLast updated: March 3, 2024")
    captures.add("mill-guild", body="Another text.", more="credited parents: Quay Guild\n")
    text = captures.box.read("entries/mill-guild.md")
    text = text.replace("date announced:", "date announced: Jan 10, 2014")
    captures.box.write("entries/mill-guild.md", text)
    text = captures.box.read("entries/quay-guild.md")
    text = text.replace("date announced:", "date announced: Jan 03, 2014")
    captures.box.write("entries/quay-guild.md", text)
    captures.prepare()
    assert captures.result("quay-guild")["outcome"] == "recorded"
    entry = entry_of(captures)
    assert entry.value("date announced") == "Mar 03, 2024"
    keys = [field.key for field in entry.front.fields]
    assert keys.index("first seen") == keys.index("date archived") + 1
    assert entry.value("first seen") == "Jan 03, 2014"
    checked = run(captures.box.root, "check", "--select", "P504,D303,K206")
    assert checked.code == 0, checked.out


@pytest.mark.parametrize(
    ("announced", "more", "seen"),
    [
        ("Jan 2014", "", "Feb 04, 2014"),  # only a day says since when
        ("", "", "Feb 04, 2014"),
        ("Jan 03, 2014", "first seen: Jan 02, 2014\n", "Jan 02, 2014"),
        ("Mar 03, 2024", "", ""),  # the same day hides nothing
    ],
)
def test_since_when_a_policy_is_known(
    captures: Captures, announced: str, more: str, seen: str
) -> None:
    captures.add("quay-guild", NEW_TEXT, more=more)
    text = captures.box.read("entries/quay-guild.md")
    text = text.replace("date announced:", f"date announced: {announced}".rstrip())
    captures.box.write("entries/quay-guild.md", text)
    captures.prepare()
    captures.result("quay-guild", "--announced", "2024-03-03")
    assert entry_of(captures).value("first seen") == seen


def test_the_root_cause_is_named_alone(captures: Captures) -> None:
    captures.add("quay-guild", answer("<h1>Not found</h1><p>There is nothing here.</p>", 404))
    captures.prepare()
    outcome = captures.run("quay-guild")
    assert "status: " in outcome.out
    assert "lost: " not in outcome.out
    accept = captures.result("quay-guild")["accept"]
    assert f"--accept {','.join(accept)}" in " ".join(outcome.out.split())
    assert captures.result("quay-guild", "--accept", ",".join(accept))["outcome"] == "recorded"


def test_a_title_is_a_name_too(captures: Captures) -> None:
    captures.add("quay-guild")
    captures.prepare()
    assert captures.result("The Quay Guild")["entry"] == "quay-guild"
    outcome = captures.run("Quay Gild")
    assert (outcome.code, "did you mean Quay Guild?" in outcome.err) == (2, True)


def test_quiet_is_silent_about_what_is_unchanged(captures: Captures) -> None:
    captures.add("quay-guild")
    captures.add("mill-guild", NEW_TEXT)
    captures.prepare()
    shown = captures.run("-q", "--all").out
    assert "mill-guild" in shown
    assert "quay-guild" not in shown
    assert captures.run("-q", "--all").out == ""


@pytest.mark.parametrize("where", ["nowhere/x.json", "entries"])
def test_the_output_is_tried_before_anything_is_asked(captures: Captures, where: str) -> None:
    captures.add("quay-guild", NEW_TEXT)
    captures.prepare()
    before = captures.state()
    outcome = captures.run("quay-guild", "--output", where)
    assert (outcome.code, "cannot write" in outcome.err) == (2, True)
    assert captures.state() == before
    assert captures.web.requests.to("quay.example").paths == []


def test_a_page_that_is_too_large_names_the_setting(captures: Captures) -> None:
    captures.add("quay-guild", "All are welcome here, always. " * 200)
    captures.network["max_body"] = 2000
    captures.prepare()
    found = captures.result("quay-guild")
    assert (found["outcome"], found["objections"][0]["name"]) == ("refused", "cut")
    assert "max_body" in found["objections"][0]["hint"]


def test_a_private_host_is_not_asked_twice(captures: Captures) -> None:
    captures.add("quay-guild")
    captures.network |= {"allow_private_networks": False, "second_opinion": 30}
    captures.prepare()
    found = captures.result("quay-guild")
    assert found["outcome"] == "failed"
    assert "allow_private_networks" in found["hint"]


def test_hints_of_new_name_options_of_new(captures: Captures) -> None:
    captures.web.host("quay.example").behave("/conduct", behaviours.LOGIN_WALL)
    captures.prepare()
    url = captures.web.url("quay.example", "/conduct")
    outcome = run(captures.box.root, "new", "Quay Guild", "--from-url", url)
    assert outcome.code == 1
    assert "--text" in outcome.out
    assert "--from-file" not in outcome.out
    stub = run(captures.box.root, "new", "Q", "--layout", "source", "--from-url", url)
    assert (stub.code, "--layout source" in stub.err) == (2, True)


@pytest.mark.parametrize("body", [TEXT, ""])
def test_words_are_counted_as_the_history_counts_them(captures: Captures, body: str) -> None:
    captures.add("quay-guild", body=body)
    captures.prepare()
    moved = "\n\n".join([*PARAGRAPHS[2:], PARAGRAPHS[0], PARAGRAPHS[1].replace("a blue", "no")])
    captures.show("quay-guild", moved)
    found = captures.result("quay-guild")
    document = json.loads(captures.box.run("history", "quay-guild", "--format", "json").out)
    newest = document["versions"][0]
    counts = found["added"], found["removed"]
    assert counts == (newest["added"], newest["removed"])
    said = f"{counts[0]} words added, {counts[1]} removed" if body else f"{counts[0]} words, new"
    assert said in newest["subject"]
