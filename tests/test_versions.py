"""Versions of entries in real repositories."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sandbox import Sandbox, entry, sandbox

from archivist.cli import main
from archivist.dates import PolicyDate, read
from archivist.entry import Entry
from archivist.errors import UsageError
from archivist.versions import History, Version
from archivist.versions.choosing import newest_first
from archivist.versions.comparing import Text, compare, count_words, middle
from archivist.versions.naming import latest
from archivist.versions.ordering import Dated, valid_order
from archivist.versions.proving import breaks
from archivist.versions.studying import facts_of
from archivist.words import size

A = "Be kind to each other. Bring your own lantern, and share its light."
B = "Be kind to each other. Leave your lantern at the door, and share its light."
PATH = "entries/quay.md"


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    return sandbox(tmp_path / "archive", quay=_entry(A), mill=entry("Mill"))


def _entry(body: str, archived: str = "Feb 04, 2014") -> str:
    return entry("Quay", body=body).replace("Feb 04, 2014", archived)


def _put(box: Sandbox, text: str | None, path: str = PATH, message: str = "Change") -> str:
    if text is None:
        (box.root / path).unlink()
    else:
        box.write(path, text)
    box.commit(message)
    return box.git("rev-parse", "HEAD").strip()


def _versions(box: Sandbox, name: str = "quay") -> list[Version]:
    history = History(box.root)
    assert history.verify() == []
    return history.versions(name)


def _kinds(box: Sandbox, name: str = "quay") -> list[str]:
    return [one.kind for one in _versions(box, name)]


def test_kinds(box: Sandbox) -> None:
    _put(box, _entry(B))
    _put(box, _entry(B).replace("url: https", "url: http"))
    _put(box, _entry(B).replace("url: https", "url: http").replace(". ", ".\n"))
    box.git("mv", PATH, "entries/wharf.md")
    box.commit()
    _put(box, None, "entries/wharf.md")
    _put(box, _entry(A), "entries/wharf.md")
    found = _versions(box, "wharf")
    assert [one.kind for one in found] == [
        *("added", "text", "metadata", "whitespace", "renamed", "removed", "restored"),
    ]
    assert [(one.added, one.removed) for one in found] == [
        *((13, 0), (5, 3), (0, 0), (0, 0), (0, 0), (0, 15), (3, 5)),
    ]
    assert found[4].origin == PATH
    assert found[4].alike == 100
    assert [one.words for one in found] == [13, 15, 15, 15, 15, 0, 13]
    assert found[-1].returns_to == found[0].rev
    assert _versions(box, "quay") == found, "a former name leads there, too"


def test_modes_are_no_versions(box: Sandbox) -> None:
    for mode in (0o755, 0o644):
        (box.root / PATH).chmod(mode)
        box.commit()
    assert _kinds(box) == ["added"]
    assert len(History(box.root).versions()) == 2
    (box.root / PATH).chmod(0o755)
    _put(box, _entry(B))
    assert _kinds(box) == ["added", "text"]


def test_targets_of_links_are_no_text(box: Sandbox) -> None:
    _put(box, _entry("See [the list](https://a.example/?session=1) of rules."))
    _put(box, _entry("See [the list](https://a.example/?session=2) of rules."))
    _put(box, _entry("See [the lists](https://a.example/?session=2) of rules."))
    assert _kinds(box) == ["added", "text", "metadata", "text"]


def test_a_copy_is_no_history(box: Sandbox) -> None:
    _put(box, _entry(A), "entries/copy.md")
    assert _kinds(box, "copy") == ["added"]
    assert len(_versions(box)) == 1


def test_a_rename_wins_over_what_was_there(box: Sandbox) -> None:
    """A path that was left by a rename and taken again is another entry's."""
    box.git("mv", PATH, "entries/wharf.md")
    box.commit()
    _put(box, entry("Another Quay", body="Nothing in common with what was here, at all."))
    assert _kinds(box) == ["added"]
    assert _kinds(box, "wharf") == ["added", "renamed"]


def test_an_id_of_two_entries_is_refused(box: Sandbox) -> None:
    _put(box, _entry(B), "entries/harbour/quay.md")
    for _ in range(2):
        outcome = box.run("history", "quay")
        assert outcome.code == 2
        assert "quay is a name of 2 entries" in outcome.err
        assert "name one of them: entries/harbour/quay.md, entries/quay.md" in outcome.err
        assert box.run("show", "quay").code == 2
        for path in (PATH, "entries/harbour/quay.md"):
            assert [(one.path, one.kind) for one in _versions(box, path)] == [(path, "added")]
        History(box.root).versions()


def test_a_former_name_of_two_entries_is_refused(box: Sandbox) -> None:
    box.git("mv", PATH, "entries/wharf.md")
    box.commit()
    _put(box, entry("Another", body=" ".join(f"other{n}" for n in range(80))))
    assert _kinds(box) == ["added"], "an entry's own name goes before a former one"
    box.git("mv", PATH, "entries/lock.md")
    box.commit()
    for name in ("quay", PATH):
        with pytest.raises(UsageError, match="is a name of 2 entries") as raised:
            History(box.root).versions(name)
        assert raised.value.hint == "name one of them: entries/lock.md, entries/wharf.md"


def test_another_entry_at_the_same_place_is_noted(box: Sandbox) -> None:
    _put(box, None, "entries/mill.md")
    box.git("mv", PATH, "entries/mill.md")
    box.commit()
    for _ in range(2):
        history = History(box.root)
        assert [one.kind for one in history.versions("mill")] == ["added", "renamed"]
        assert any("another one was at entries/mill.md" in note for note in history.notes.lines)
        History(box.root).versions()
    assert "another one was at entries/mill.md" in box.run("history", "mill").err


def test_a_return_in_another_folder(box: Sandbox) -> None:
    _put(box, None)
    _put(box, _entry(B, "Mar 01, 2014"), "entries/harbour/quay.md")
    _put(box, None, "entries/harbour/quay.md")
    _put(box, _entry(A, "Apr 01, 2014"), "entries/pier/quay.md")
    for _ in range(2):
        assert _kinds(box) == ["added", "removed", "restored", "removed", "restored"]
        assert len(History(box.root).versions()) == 6
    assert _versions(box)[-1].returns_to == _versions(box)[0].rev


def test_a_move_of_an_id_is_one_however_little_stays(box: Sandbox) -> None:
    (box.root / PATH).unlink()
    _put(box, _entry(" ".join(f"other{n}" for n in range(99))), "entries/harbour/quay.md")
    for _ in range(2):
        found = _versions(box)
        assert [one.kind for one in found] == ["added", "text"]
        assert (found[-1].origin, found[-1].alike) == (PATH, None)
        History(box.root).versions()


def test_names_are_no_patterns(box: Sandbox) -> None:
    _put(box, entry("One"), "entries/x/q1.md")
    _put(box, None, "entries/x/q1.md")
    _put(box, entry("Two"), "entries/q[1].md")
    assert _kinds(box, "q[1]") == ["added"]
    _put(box, None, "entries/q[1].md")
    _put(box, entry("Three"), "entries/x/q[1].md")
    assert _kinds(box, "q[1]") == ["added", "removed", "restored"]


def test_an_entry_moves_to_where_another_was_removed(box: Sandbox) -> None:
    _put(box, None, "entries/mill.md")
    box.git("mv", PATH, "entries/mill.md")
    box.commit()
    history = History(box.root)
    assert history.verify() == []
    assert sorted(one.kind for one in history.versions()) == [
        *("added", "added", "removed", "renamed"),
    ]


def test_verify_finds_what_is_wrong(box: Sandbox) -> None:
    history = History(box.root)
    chains = history.chains
    assert sorted(breaks(chains, {})) == [
        *("entries/mill.md: its versions do not end at the text of HEAD",),
        *("entries/quay.md: its versions do not end at the text of HEAD",),
    ]
    oids = {chain.path: str(chain.oid) for chain in chains}
    assert breaks(chains, oids | {b"entries/weir.md": "0"}) == [
        "entries/weir.md: no version leads to the text of HEAD"
    ]
    assert breaks([*chains, chains[0]], oids) == [
        f"{chains[0].path.decode()}: its versions do not end at the text of HEAD"
    ]


def test_swapped_names(box: Sandbox) -> None:
    long = {name: " ".join(f"{name}{n}" for n in range(80)) for name in "ab"}
    _put(box, _entry(long["a"]), "entries/a.md")
    _put(box, _entry(long["b"]), "entries/b.md")
    for old, new in (("a", "t"), ("b", "a"), ("t", "b")):
        box.git("mv", f"entries/{old}.md", f"entries/{new}.md")
    box.commit()
    for name in "ab":
        assert _versions(box, name)[-1].kind in ("text", "renamed")


def test_moves_between_folders_and_from_outside(box: Sandbox) -> None:
    _put(box, _entry(A), "drafts/pier.md")
    _put(box, _entry(B), "drafts/pier.md")
    (box.root / "entries/harbour").mkdir()
    box.git("mv", "drafts/pier.md", "entries/harbour/pier.md")
    box.commit()
    box.git("mv", "entries/harbour/pier.md", "entries/pier.md")
    box.commit()
    assert _kinds(box, "pier") == ["added", "text", "renamed", "renamed"]
    (box.root / "drafts").mkdir(exist_ok=True)
    box.git("mv", "entries/pier.md", "drafts/pier.md")
    box.commit()
    assert _kinds(box, "pier")[-1] == "removed"


def test_a_merge_counts_once(box: Sandbox) -> None:
    box.git("switch", "-qc", "side")
    _put(box, _entry(B), message="one")
    _put(box, _entry(B + " And more."), message="two")
    box.git("switch", "-q", "main")
    _put(box, entry("Weir"), "entries/weir.md")
    box.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")
    assert [one.subject for one in _versions(box)] == ["Begin", "Merge side"]


def test_returns_and_oscillation(box: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    for text in (B, A, B):
        _put(box, _entry(text))
    found = _versions(box)
    assert [one.returns_to for one in found] == [None, None, found[0].rev, found[1].rev]
    assert main(["-C", str(box.root), "history", "quay"]) == 0
    assert "went back and forth" in capsys.readouterr().out


def test_returns_of_texts_whose_dates_go_on(box: Sandbox) -> None:
    """Every snapshot has another day: what came back is the text, and not the file."""
    for day, text in enumerate((B, B, A, B), 5):
        _put(box, _entry(text, f"Feb {day:02d}, 2014"))
    found = _versions(box)
    assert [one.kind for one in found] == ["added", "text", "metadata", "text", "text"]
    assert [one.text for one in found] == [1, 2, 2, 1, 2]
    assert [one.returns_to for one in found] == [
        *(None, None, None, found[0].rev, found[1].rev),
    ]
    said = box.run("history", "quay").out
    assert "returns to the text of Feb 05, 2014" in said
    assert "went back and forth" in said
    assert box.run("history").out.count("went back and forth") == 1


def test_a_changed_front_matter_is_no_return(box: Sandbox) -> None:
    for url in ("http:", "https:", "http:"):
        _put(box, _entry(A).replace("https:", url))
    found = _versions(box)
    assert {one.text for one in found} == {1}
    assert not any(one.returns_to for one in found)
    assert "back and forth" not in box.run("history", "quay").out


def test_texts_of_one_length_are_told_apart(box: Sandbox) -> None:
    for word in ("ones", "twos", "ones", "many", "twos"):
        _put(box, _entry(f"Bring {word} along."))
    found = _versions(box)
    assert [one.text for one in found] == [1, 2, 3, 2, 4, 3]
    assert found[-1].returns_to == found[2].rev


def test_what_is_recovered_later_sorts_to_where_it_belongs(box: Sandbox) -> None:
    _put(box, _entry("Be there.", "Mar 01, 2012"), message="recovered")
    _put(box, _entry(B, "Feb 04, 2014"), message="later")
    _put(box, _entry("Bring nothing but yourself.", "Jan 01, 2013"), message="recovered too")
    _put(box, _entry(B, "Feb 04, 2014"), message="as it was")
    found = _versions(box)
    days = [one.archived.first.isoformat() for one in found if one.archived]
    assert days == sorted(days)
    assert [one.subject for one in found] == ["recovered", "recovered too", "Begin", "later"]


def test_the_way_back_of_a_recovery_by_hand_is_no_version(box: Sandbox) -> None:
    first = _put(box, _entry(A, "Feb 04, 2016"), message="now")
    _put(box, _entry(B, "Mar 01, 2012"), message="recovered")
    _put(box, _entry(A, "Feb 04, 2016"), message="as it was")
    for _ in range(2):
        found = _versions(box)
        assert [(one.subject, one.kind) for one in found] == [
            *(("recovered", "added"), ("Begin", "text"), ("now", "metadata")),
        ]
        assert latest(found).rev == first
        History(box.root).versions()
    assert "[-" in box.run("history", "quay", "--patch").out
    assert box.run("show", "quay").out.strip() == A
    assert box.run("export", "out.db").code == 0
    _put(box, _entry(A, "Mar 04, 2016"), message="later")
    recalled = History(box.root).versions()
    shutil.rmtree(box.root / ".git/archivist")
    assert recalled == History(box.root).versions()


def test_a_removal_by_hand_in_between_is_told(box: Sandbox) -> None:
    _put(box, None)
    _put(box, _entry(A))
    found = _versions(box)
    assert [one.kind for one in found] == ["added", "removed", "restored"]
    assert found[-1].returns_to == found[0].rev


def test_a_corrected_date_moves_nothing(box: Sandbox) -> None:
    _put(box, _entry(A, "Feb 04, 2013"))
    assert _kinds(box) == ["added", "metadata"]


def test_uncommitted_edits(box: Sandbox) -> None:
    box.write(PATH, _entry(B))
    box.write("entries/new.md", entry("New", body="Nothing that Mill ever said. " * 40))
    (box.root / "entries/mill.md").unlink()
    edited, new, gone = (_versions(box, name)[-1] for name in ("quay", "new", "mill"))
    assert (edited.kind, edited.rev, edited.added) == ("text", None, 5)
    assert (new.kind, gone.kind) == ("added", "removed")
    assert History(box.root).text(edited) == _entry(B)
    box.write(PATH, _entry(A).replace("\n", "\r\n"))
    assert len(_versions(box)) == 1, "git may turn line ends"


@pytest.mark.parametrize("staged", [True, False])
def test_uncommitted_moves(box: Sandbox, staged: bool) -> None:
    _put(box, _entry(B))
    (box.root / "entries/harbour").mkdir()
    moves = {PATH: "entries/wharf.md", "entries/mill.md": "entries/harbour/mill.md"}
    for old, new in moves.items():
        if staged:
            box.git("mv", old, new)
        else:
            (box.root / old).rename(box.root / new)
    box.write("entries/harbour/mill.md", entry("Mill", body="Wholly other words. " * 40))
    for _ in range(2):
        found = _versions(box, "wharf")
        assert [one.kind for one in found] == ["added", "text", "renamed"]
        assert (found[-1].rev, found[-1].origin, found[-1].alike) == (None, PATH, 100)
        assert _versions(box) == found, "a former name leads there, too"
        mill = _versions(box, "mill")
        assert [(one.kind, one.origin) for one in mill] == [
            *(("added", None), ("text", "entries/mill.md")),
        ]
        assert len(History(box.root).versions()) == 5
    box.write("entries/wharf.md", _entry(B).replace("kind", "good"))
    edited = _versions(box, "wharf")[-1]
    assert (edited.kind, edited.origin) == ("text", PATH)
    assert 50 < (edited.alike or 0) < 100
    box.git("add", "--all")
    box.git("commit", "-qm", "Moved")
    assert [one.kind for one in _versions(box, "wharf")] == ["added", "text", "text"]
    recalled = History(box.root).versions()
    shutil.rmtree(box.root / ".git/archivist")
    assert recalled == History(box.root).versions()


def test_what_came_and_went_apart_did_not_move(box: Sandbox) -> None:
    (box.root / PATH).unlink()
    box.write("entries/wharf.md", entry("Wharf", body=" ".join(f"word{n}" for n in range(99))))
    assert _kinds(box) == ["added", "removed"]
    assert _kinds(box, "wharf") == ["added"]


def test_an_uncommitted_return_in_another_folder(box: Sandbox) -> None:
    _put(box, None)
    box.write("entries/harbour/quay.md", _entry(B))
    assert _kinds(box) == ["added", "removed", "restored"]


def test_links_are_no_edits(box: Sandbox) -> None:
    (box.root / "entries/link.md").symlink_to("quay.md")
    box.commit()
    for _ in range(2):
        assert [one.rev for one in History(box.root).versions() if not one.rev] == []
        with pytest.raises(UsageError, match="no entry is or was named link"):
            History(box.root).versions("link")
    (box.root / PATH).unlink()
    (box.root / PATH).symlink_to("mill.md")
    assert _kinds(box) == ["added", "removed"]


def test_the_table_says_when_and_who(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "@1546300800 +0000")
    text = _entry(B).replace("announced:", "announced: Dec 2013")
    _put(box, text, message="Change\n\nArchivist-Source: https://quay.example/")
    _put(box, None)
    found = box.run("history", "quay").out
    assert found.startswith("Jan 01, 2019  removed")
    assert "Dec 2013" not in found
    assert "Ann Archivist" not in found
    patched = box.run("history", "quay", "--patch").out
    assert "announced Dec 2013; committed by Ann Archivist\n" in patched
    assert "Archivist-Source: https://quay.example/\n" in patched
    box.write(PATH, _entry(A))
    for command in (["history"], ["history", "quay"]):
        assert "working tree" in box.run(*command).out
        assert "edited" not in box.run(*command).out


def test_show(box: Sandbox) -> None:
    _put(box, _entry(B, "Jun 01, 2015"))
    run = box.run
    assert run("show", "quay", "--at", "2014-03-01").out.strip() == A
    assert (
        "archived Feb 04, 2014; next version Jun 01, 2015"
        in run("show", "quay", "--at", "2014-03-01").err
    )
    assert run("show", "quay@2016").out.strip() == B
    assert run("show", "quay", "--rev", "HEAD~1").out.strip() == A
    assert run("show", "quay@HEAD~1").out.strip() == A
    early = run("show", "quay", "--at", "2013-01-01")
    assert early.code == 2
    assert "the earliest is from Feb 04, 2014" in early.err
    for wrong in (
        ("quay@--all",),
        ("quey",),
        ("quay", "--rev", "--output=x"),
        ("quay", "--at", "x"),
    ):
        outcome = run("show", *wrong)
        assert outcome.code == 2
        assert "hint" in outcome.err or "--" in outcome.err
    assert not (box.root / "x").exists()
    found: dict[str, Any] = json.loads(run("show", "quay", "--at", "2014", "-f", "json").out)
    assert found["next"]["archived"] == "2015-06-01"
    assert A in found["text"]


def test_an_announced_text_counts_from_then(box: Sandbox) -> None:
    text = _entry(B, "Jun 01, 2015").replace("announced:", "announced: May 2015")
    _put(box, text)
    outcome = box.run("show", "quay", "--at", "2015-05-10")
    assert outcome.out.strip() == B
    assert "archived Jun 01, 2015, after that day; announced May 2015" in outcome.err


def test_formats(box: Sandbox) -> None:
    _put(box, _entry(B), message="=1+1\n\nArchivist-Entry: quay")
    document = json.loads(box.run("history", "-f", "json").out)
    newest = document["versions"][0]
    assert newest["subject"] == "=1+1"
    assert newest["trailers"] == [{"key": "Archivist-Entry", "value": "quay"}]
    assert (newest["added"], newest["removed"], newest["words"]) == (5, 3, 15)
    assert document["complete"] is True
    lines = box.run("history", "-f", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == document["versions"]
    rows = list(csv.DictReader(io.StringIO(box.run("history", "-f", "csv").out)))
    assert [row["rev"] for row in rows] == [one["rev"] for one in document["versions"]]
    assert rows[0]["subject"] == "'=1+1", "a spreadsheet takes it for a formula"
    assert {row["readable"] for row in rows} == {"true"}
    assert box.run("history", "--text-only", "--since", "2015").out == "no versions\n"
    assert "2 versions" in box.run("history", "quay", "--until", "2014-02").out
    _put(box, _entry(A, "2015").replace("announced:", "announced: Dec 2013"))
    newest = json.loads(box.run("history", "quay", "-f", "jsonl").out.splitlines()[0])
    assert (newest["archived"], newest["announced"]) == ("2015", "2013-12")
    assert "2015,2013-12" in box.run("history", "quay", "-f", "csv").out


def _of(box: Sandbox) -> list[tuple[str, str]]:
    rows = json.loads(box.run("history", "-f", "json").out)["versions"]
    return [(row["entry"], row["subject"]) for row in rows]


def test_newest_first_over_all_entries(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "@1546300800 +0000")  # 2019
    for name, day in (("quay", "Feb 03, 2015"), ("pier", "Mar 16, 2014"), ("lock", "Jan 01, 2013")):
        _put(box, _entry(f"{B} {name} " * 20, day), f"entries/{name}.md", f"{name} {day}")
    _put(box, _entry(A, ""), message="quay without a date")
    _put(box, None, "entries/lock.md", "lock gone")
    assert _of(box) == [
        ("lock", "lock gone"),
        ("quay", "quay without a date"),
        ("quay", "quay Feb 03, 2015"),
        ("pier", "pier Mar 16, 2014"),
        ("mill", "Begin"),
        ("quay", "Begin"),
        ("lock", "lock Jan 01, 2013"),
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.integers(2000, 2004) | st.none(),
            st.integers(0, 10**9),
            st.booleans(),
        ),
        max_size=10,
    )
)
def test_each_entry_keeps_its_order(given_: list[tuple[str, int | None, int, bool]]) -> None:
    versions = [
        Version(name, "", "", "0" if here else None, "text", seconds, PolicyDate(year or 1999))
        for name, year, seconds, here in sorted(given_, key=lambda one: one[0])
    ]
    versions = [
        one if one.archived != PolicyDate(1999) else one._replace(archived=None) for one in versions
    ]
    versions = [one._replace(turn=7 * turn % 11) for turn, one in enumerate(versions)]
    turned = newest_first(versions)
    for name in "ab":
        assert [one for one in turned if one.entry == name][::-1] == [
            one for one in versions if one.entry == name
        ]


def test_shallow_bare_worktree_subfolder_detached(box: Sandbox, tmp_path: Path) -> None:
    _put(box, _entry(B))
    box.git("clone", "-q", "--depth", "1", box.root.as_uri(), str(tmp_path / "shallow"))
    shallow = Sandbox(tmp_path / "shallow")
    outcome = shallow.run("history", "-f", "json")
    assert "git fetch --unshallow" in outcome.err
    assert json.loads(outcome.out)["complete"] is False
    head, day = box.git("log", "-1", "--format=%h %cs", "--abbrev=8").split()
    for command in (["history"], ["history", "quay"], ["history", "quay", "-q"]):
        assert shallow.run(*command).err.count(f"history starts at {day} ({head})") == 1
    _put(shallow, _entry(A), message="Behind the cut")
    since = ["history", "quay", "-q", "--since", "2015"]
    assert shallow.run(*since).err == ""
    shallow.git("fetch", "-q", "--unshallow")
    assert shallow.run("history", "quay").err == ""
    # The cut of another branch is none of this one.
    box.git("switch", "-q", "--orphan", "other")
    _put(box, entry("Elsewhere"), "entries/elsewhere.md")
    box.git("switch", "-q", "main")
    url = box.root.as_uri()
    shallow.git("fetch", "-q", "--depth", "1", url, "other")
    (shallow.root / ".git/shallow").write_text(shallow.git("rev-parse", "FETCH_HEAD"))
    assert shallow.git("rev-parse", "--is-shallow-repository").strip() == "true"
    document = shallow.run("history", "-f", "json")
    assert (document.err, json.loads(document.out)["complete"]) == ("", True)
    box.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    box.git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    whole = box.run("history").out
    assert "1 change of text" in whole
    for place in (tmp_path / "bare", tmp_path / "tree", box.root / "entries"):
        assert Sandbox(place).run("history").out == whole


def test_sha256_and_an_archive_in_a_folder(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--object-format=sha256", str(tmp_path / "r")], check=True)
    box = Sandbox(tmp_path / "r" / "inner")
    box.write(PATH, _entry(A))
    box.write("../entries/quay.md", _entry(A))
    box.commit()
    _put(box, _entry(B))
    assert _kinds(box) == ["added", "text"]
    box.write(PATH, _entry(A))
    assert len(_versions(box)) == 3


def test_no_repository_and_no_commit(tmp_path: Path) -> None:
    box = sandbox(tmp_path / "a", git=False, quay=_entry(A))
    assert "no git repository" in box.run("history").err
    box.git("init", "-q")
    assert "working tree" in box.run("history").out


def test_show_says_of_which_day_the_commit_is(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-30T12:00:00Z")
    rev = _put(box, _entry(B))[:10]  # an edit that leaves `date archived` alone
    said = f"quay: archived Feb 04, 2014; commit {rev} of Nov 30, 2026\n"
    assert box.run("show", "quay", "--at", "2014-03-01").err == said
    box.write(PATH, _entry(A))
    assert box.run("show", "quay").err == "quay: archived Feb 04, 2014; working tree\n"


def test_an_imported_history_is_told(box: Sandbox, tmp_path: Path) -> None:
    other = sandbox(tmp_path / "other", pier=_entry(A))
    _put(other, _entry(B), "entries/pier.md", "Their change")
    assert box.run("import", str(other.root)).code == 0
    assert [one.subject for one in _versions(box, "pier")] == ["Begin", "Their change"]
    _put(other, _entry(B + " Stay."), "entries/pier.md", "Another")
    assert box.run("import", str(other.root)).code == 0
    _put(box, _entry(B), "entries/pier.md", "Ours")
    found = [one.subject for one in _versions(box, "pier")]
    assert found == ["Begin", "Their change", "Another", "Ours"]


@pytest.mark.parametrize("is_remembered", [True, False])
@pytest.mark.parametrize("by", ["import", "hand"])
def test_what_stands_here_gets_the_history_that_an_import_brings(
    box: Sandbox, tmp_path: Path, by: str, *, is_remembered: bool
) -> None:
    other = sandbox(tmp_path / "other", pier=_entry(A, "Feb 03, 2014"), dock=_entry(A))
    _put(other, _entry(B), "entries/pier.md", "Their change")
    other.git("mv", "entries/dock.md", "entries/dyke.md")
    other.commit("Their move")
    if by == "import":
        assert box.run("import", str(other.root), "--no-history").code == 0
    else:
        for name in ("pier", "dyke"):
            box.write(f"entries/{name}.md", (other.root / f"entries/{name}.md").read_text())
        box.commit("Copied")
    assert "4 versions of 4 entries" in box.run("history").out
    assert box.run("import", str(other.root)).code == 0
    if not is_remembered:
        shutil.rmtree(box.root / ".git/archivist", ignore_errors=True)
        shown = box.run("show", "pier@2014-02-03")  # of the entry's own path, nothing else is read
        assert shown.out.strip() == A
    assert [one.subject for one in _versions(box, "pier")] == ["Begin", "Their change"]
    assert [(one.kind, one.subject) for one in _versions(box, "dyke")] == [
        ("added", "Begin"),
        ("renamed", "Their move"),
    ]
    _put(box, _entry(B + " Ours."), "entries/pier.md", "Ours")
    assert [one.subject for one in _versions(box, "pier")] == ["Begin", "Their change", "Ours"]
    assert box.run("history").out.count("dyke") == 2


def test_a_history_that_is_imported_later_goes_on_from_what_stood_here(
    box: Sandbox, tmp_path: Path
) -> None:
    other = sandbox(tmp_path / "other", pier=_entry(A))
    _put(other, _entry(B), "entries/pier.md", "Their change")
    assert box.run("import", str(other.root), "--no-history").code == 0
    _put(other, _entry(B + " Stay."), "entries/pier.md", "Another")
    assert box.run("import", str(other.root)).code == 0
    assert {one.subject for one in _versions(box, "pier")} >= {"Their change", "Another"}


def test_an_entry_of_ones_own_keeps_to_its_own_history(box: Sandbox, tmp_path: Path) -> None:
    other = sandbox(tmp_path / "other", quay=_entry("Another."), mill=entry("Mill", body="Turn."))
    _put(other, _entry(B), message="Their change")
    _put(other, entry("Mill", body="Grind."), "entries/mill.md", "Theirs")
    _put(box, _entry(B), message="The same here")
    assert box.run("import", str(other.root)).code == 1  # the mill has another text
    assert [one.subject for one in _versions(box, "mill")] == ["Begin"]
    _put(box, _entry(B + " More."), message="Ours")
    assert [one.subject for one in _versions(box)][-1] == "Ours"


def test_broken_and_missing_texts(box: Sandbox) -> None:
    _put(box, _entry(B))
    oid = box.git("rev-parse", f"HEAD~1:{PATH}").strip()
    path = box.root / ".git/objects" / oid[:2] / oid[2:]
    path.chmod(0o644)
    for harm in (lambda: path.write_bytes(b"broken"), path.unlink):
        harm()
        outcome = box.run("history", "-f", "json")
        assert outcome.code == 0, outcome.err
        found = {(one["entry"], one["kind"]): one for one in json.loads(outcome.out)["versions"]}
        assert found["quay", "added"]["readable"] is False
        assert found["quay", "text"]["added"] is None
        assert [found["quay", kind]["words"] for kind in ("added", "text")] == [None, 15]
        assert found["mill", "added"]["readable"] is True


def test_odd_names_and_dates(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["entries/-rf.md", "entries/a\nb.md", "entries/:(glob)*.md", "entries/\udcff.md"]
    for number, name in enumerate(names):
        box.write(name, entry(f"Odd {number}"))
    for date in ("@0 +0000", "@4300000000 +0000", "@86400 +0000"):
        monkeypatch.setenv("GIT_COMMITTER_DATE", date)
        _put(box, _entry(B + date), message="\x1b[31mred\x1b[0m\x01\x02")
    outcome = box.run("history", "-f", "json")
    document = json.loads(outcome.out)
    assert {one["entry"] for one in document["versions"]} >= {"-rf", "a\nb", ":(glob)*", "\\xff"}
    assert {one["committed"][:4] for one in document["versions"]} >= {"1970", "2106"}
    assert "\x1b" not in box.run("history", "-f", "csv").out
    text = box.run("history").out
    assert "\x1b" not in text
    assert "a\\x0ab" in text
    assert box.run("history", "--verify").code == 0


CANARIES = {
    "fsmonitor": "core.fsmonitor",
    "pager": "core.pager",
    "gpg": "gpg.program",
    "external": "diff.external",
    "textconv": "diff.bad.textconv",
    "command": "diff.bad.command",
    "clean": "filter.bad.clean",
    "smudge": "filter.bad.smudge",
    "alternate": "core.alternateRefsCommand",
    "editor": "core.editor",
    "ssh": "core.sshCommand",
    "trailer": "trailer.sign.command",
    "askpass": "core.askPass",
    "uploadpack": "remote.origin.uploadpack",
}


def test_nothing_that_a_repository_configures_runs(box: Sandbox, tmp_path: Path) -> None:
    _put(box, _entry(B), message="Change\n\nsign: me")
    nest = tmp_path / "nest"
    nest.mkdir()
    program = tmp_path / "canary"
    program.write_text(f'#!/bin/sh\necho x > "{nest}/$1"\ncat\n')
    program.chmod(0o755)
    for name, key in CANARIES.items():
        box.git("config", key, f"{program} {name}")
    box.git("config", "filter.bad.required", "true")
    box.git("config", "log.showSignature", "true")
    box.git("config", "log.follow", "true")
    box.git("config", "diff.renames", "copies")
    box.git("config", "diff.relative", "true")
    box.git("config", "log.showRoot", "false")
    for hook in ("post-index-change", "reference-transaction", "pre-auto-gc", "post-checkout"):
        path = box.root / ".git/hooks" / hook
        path.write_text(f"#!/bin/sh\n{program} hook-{hook}\n")
        path.chmod(0o755)
    (box.root / ".git/info/attributes").write_text("* diff=bad filter=bad\n")
    box.write(PATH, _entry(A + " Edited."))
    for command in (
        ("history",),
        ("history", "--verify"),
        ("show", "quay", "--rev", "HEAD~1"),
        ("show", "quay@2014"),
    ):
        assert box.run(*command).code == 0
    assert list(nest.iterdir()) == []
    assert len(History(box.root).versions("quay")) == 3
    subprocess.run(["git", "status"], cwd=box.root, check=False, capture_output=True)
    assert list(nest.iterdir()), "the canaries sing at all"


HOSTILE = {
    "trailer": {
        "trailer.separators": "#",
        "trailer.archivist-recovered.key": "Nothing",
        "trailer.archivist-restored.key": "Nothing",
        "core.commentChar": "A",
    },
    "log": {
        "log.date": "bogus",
        "log.follow": "true",
        "log.mailmap": "true",
        "log.showRoot": "false",
        "log.showSignature": "true",
        "log.diffMerges": "off",
        "log.decorate": "full",
        "log.abbrevCommit": "true",
        "log.excludeDecoration": "*",
        "mailmap.blob": "HEAD:.mailmap",
        "format.pretty": "bogus",
    },
    "diff": {
        "diff.renames": "false",
        "diff.renameLimit": "1",
        "diff.algorithm": "patience",
        "diff.noprefix": "true",
        "diff.relative": "true",
        "diff.context": "0",
        "diff.ignoreSubmodules": "all",
        "diff.orderFile": ".gitignore",
        "color.ui": "always",
        "color.diff": "always",
    },
    "copies": {"diff.renames": "copies", "i18n.commitEncoding": "latin1"},
    "core": {
        "core.quotePath": "false",
        "core.abbrev": "4",
        "core.notesRef": "refs/notes/x",
        "core.ignoreCase": "true",
        "core.autocrlf": "true",
        "core.bigFileThreshold": "1",
        "core.commitGraph": "false",
        "notes.displayRef": "*",
        "format.notes": "x",
        "i18n.logOutputEncoding": "UTF-16",
        "grep.patternType": "fixed",
    },
}


def _much(box: Sandbox) -> None:
    """A way back from the past, a merge, a rename, a copy, notes."""
    box.write(PATH, _entry(A, "Feb 10, 2016"))
    box.commit("Now")
    _put(box, _entry(B, "Mar 01, 2012"), message="Old\n\nArchivist-Recovered: 2012")
    _put(box, _entry(A, "Feb 10, 2016"), message="Back\n\nArchivist-Restored: x")
    box.git("switch", "-qc", "side")
    _put(box, entry("Weir é"), "entries/weir.md", "Side é")
    box.git("switch", "-q", "main")
    box.git("mv", PATH, "entries/wharf.md")
    box.commit("Move")
    box.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    box.write(".mailmap", "Somebody Else <else@quay.example> <ann@archivist.example>\n")
    _put(box, _entry(A), "entries/copy.md")
    box.git("notes", "add", "-m", "Note: well")


def _said(box: Sandbox, capsys: pytest.CaptureFixture[str]) -> list[str]:
    said = []
    for command in (
        *(["history", "wharf", "-f", "json"], ["history", "-f", "json"], ["history", "--verify"]),
        ["show", "wharf@2012", "-f", "json"],
    ):
        shutil.rmtree(box.root / ".git/archivist", ignore_errors=True)
        assert main(["-C", str(box.root), *command]) == 0, capsys.readouterr().err
        said.append(capsys.readouterr().out)
    return said


@pytest.mark.parametrize("group", HOSTILE)
def test_what_git_is_configured_to_print_changes_nothing(
    box: Sandbox, group: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _much(box)
    before = _said(box, capsys)
    assert '"Archivist-Recovered"' in before[0]
    for key, value in HOSTILE[group].items():
        box.git("config", key, value)
    assert _said(box, capsys) == before


def test_a_setting_that_stops_git_is_named(box: Sandbox) -> None:
    box.git("config", "color.diff.old", "bogus")
    outcome = box.run("history")
    assert outcome.code == 2
    assert "color.diff.old" in outcome.err


def test_replacements_and_grafts_forge_nothing(box: Sandbox) -> None:
    first = box.git("rev-parse", "HEAD").strip()
    second = _put(box, _entry(B))
    whole = _kinds(box)
    box.git("replace", "--graft", second)
    assert _kinds(box) == whole
    shutil.rmtree(box.root / ".git/refs/replace")
    (box.root / ".git/info/grafts").write_text(f"{second}\n")
    assert _kinds(box) == whole
    assert first


WORDS = st.lists(st.sampled_from(["a", "b", "c", "\n", "é"]), max_size=20).map(" ".join)


@example("a \n a a a \n \n", "\n \n a a a \n")  # a blank line is none that stays
@example("b a a \n c \n", "c a a a a a b b a b \n c \n")
@given(WORDS, WORDS)
def test_counts_balance(old: str, new: str) -> None:
    found = compare(Text.of(old.encode()), Text.of(new.encode()))
    back = compare(Text.of(new.encode()), Text.of(old.encode()))
    assert (found.kind, found.added, found.removed) == (back.kind, back.removed, back.added)
    assert len(old.split()) + found.added - found.removed == len(new.split())
    assert (found.kind is None) == (old == new)
    assert (found.kind == "text") == (old.split() != new.split() and found != (None, 0, 0)) or (
        "".join(old.split()) == "".join(new.split())
    )


@given(st.lists(st.tuples(st.integers(2000, 2003) | st.none(), st.booleans()), max_size=12))
def test_the_order_is_of_all_versions(given_: list[tuple[int | None, bool]]) -> None:
    dated = [Dated(PolicyDate(year) if year else None, new) for year, new in given_]
    order = valid_order(dated)
    assert sorted(order) == list(range(len(dated)))
    if all(new for _, new in given_) and all(year for year, _ in given_):
        years = [given_[place][0] for place in order]
        assert years == sorted(year for year in years if year)


LINES = st.lists(st.sampled_from(["", "a", "b", "a b", " ", "a\r", "ab"]), max_size=7).map(
    "\n".join
)


@given(LINES)
def test_the_size_is_that_without_blanks_at_both_ends(body: str) -> None:
    for text in (body, f"{body}\n{' ' * 99}\n", f"\n \n{body}x\r\n"):
        assert Text.of(text.encode()).size == len(text.encode().strip())


@given(LINES, LINES)
def test_the_middle_is_what_lies_between_the_same_lines(old: str, new: str) -> None:
    """Against the same, found line by line."""
    a, b = old.split("\n"), new.split("\n")
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    found = middle(Text.of(old.encode()), Text.of(new.encode()))
    assert found == tuple("".join(f"{line}\n" for line in lines).encode() for lines in (a, b))


@given(LINES, LINES)
def test_long_lines_have_the_same_middle(old: str, new: str) -> None:
    filler = "word " * 5000
    pair = [text.replace("a", filler) for text in (old, new)]
    found = middle(*(Text.of(text.encode()) for text in pair))
    short = middle(Text.of(old.encode()), Text.of(new.encode()))
    assert found == tuple(one.replace(b"a", filler.encode()) for one in short)


@pytest.mark.parametrize(
    "dates",
    [
        "date archived: Feb 04, 2014\ndate announced: Jan 01, 2014\n",
        "date announced: Jan 01, 2014\ndate archived: Feb 04, 2014\n",
        "date archived: Feb 04, 2014\ndate archived: Mar 04, 2014\n",
        "date archived: Feb 31, 2014\ndate announced: 2014\n",
        "date archived: Feb 04, 2014 # well\n",
        "date archived: 'Feb 04, 2014'\n",
        "date archived: Feb 04, 2014\r\n",
        "note: |\n  x\ndate archived: Feb 04, 2014\n",
        "date archived:\n- Feb 04, 2014\n",
    ],
)
def test_dates_are_those_that_the_entry_says(dates: str) -> None:
    text = f"---\nlayout: coc\n{dates}---\nText.\n"
    plain = Entry("", text)
    read_ = [read(plain.value(f"date {key}")) for key in ("archived", "announced")]
    facts = facts_of(Text.of(text.encode()))
    assert [facts.archived, facts.announced] == [
        one if isinstance(one, PolicyDate) else None for one in read_
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("Be kind, don't shout — ever…", 6), ("Gäste sind “frei”", 3), ("", 0)),
        *(("親切に、してください。", 9), ("第1条 客人 is a guest", 8), ("ผู้มา ok", 6), ("🙂 。", 2)),
    ],
)
def test_words_are_counted_without_blanks_too(text: str, number: int) -> None:
    assert count_words(text.encode()) == number
    assert compare(Text.of(b"same"), Text.of(f"same {text}".encode())).added == number
    old, new = (Text.of(f"{text}x {end}".encode()) for end in ("was", "is now"))
    assert (compare(old, new).added, compare(old, new).removed) == (2, 1)


@given(st.characters(min_codepoint=128, categories=["L", "M", "N"]))
def test_every_letter_without_blanks_counts(letter: str) -> None:
    """Whatever is one by itself for a text is told by its bytes."""
    assert count_words((letter * 3).encode()) == size(letter * 3)
