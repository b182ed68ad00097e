"""Collections of Open Terms Archive become entries with their whole history."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importing_world import archive, commit, git, log, outcomes, put, repository, set_home, tree

from archivist.cli import main
from archivist.entry import Entry
from archivist.errors import GitFailure, UsageError
from archivist.files import MAX_SIZE
from archivist.importing import import_archive
from archivist.importing.collection import (
    Places,
    is_collection,
    record_kind,
    unfit_terms,
    with_trailers,
)
from archivist.versions import History, Version

ONE = """\
Terms of the Kiln
=================

Whoever fires a pot here **agrees** to [the list](https://kiln.example/list?session=1) of rules.

*   Ask before you open a door.
    
*   Leave the glaze where it was.
"""  # noqa: W293 -- as such collections have it
SESSION_2 = ONE.replace("session=1", "session=2")
TWO = ONE.replace("Ask before", "Knock before")
TERMS = "Kiln & Co/Terms of Service.md"
ID = "kiln-co-terms-of-service"
PLACE = f"entries/kiln-co/{ID}.md"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in set_home(tmp_path / "home").items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Records of every kind, of two services."""
    there = repository(tmp_path / "kiln-versions")
    commit(there, "First record of Kiln & Co Terms of Service", {TERMS: ONE}, 1)
    commit(there, "Record new changes of Kiln & Co Terms of Service", {TERMS: SESSION_2}, 2)
    body = "\n\nThis version was recorded after extracting.\n\nX-engine-version: 14.1.0"
    commit(there, f"Record new changes of Kiln & Co Terms of Service{body}", {TERMS: TWO}, 3)
    commit(there, "Start tracking Épée Forum", {"Épée/Forum «1».md": "Be *kind*.\n"}, 4)
    commit(there, "Refilter Kiln & Co Terms of Service", {TERMS: ONE}, 5)
    commit(there, "Tell what this is", {"README.md": "# A collection\n"}, 6)
    return there


def _text(folder: Path, path: str = PLACE, revision: str = "HEAD") -> str:
    return git(folder, "show", f"{revision}:{path}")


def _versions(folder: Path, name: str = ID) -> list[Version]:
    history = History(folder)
    assert history.verify() == []
    return history.versions(name)


def test_entries(tmp_path: Path, collection: Path) -> None:
    here = archive(tmp_path / "archive")
    results = import_archive(here, collection)
    assert outcomes(results) == {
        PLACE: "imported",
        "entries/epee/epee-forum-1.md": "imported",
        "README.md": "left out",
    }
    entry = Entry(PLACE, _text(here))
    assert entry.layout == "policy"
    assert entry.title == "Kiln & Co"
    assert entry.value("also known as") == "Kiln & Co Terms of Service"
    assert entry.value("date archived") == "Jan 05, 2014"
    assert entry.value("link targets").startswith("1, sha256:")
    assert entry.body.strip() == (
        "Terms of the Kiln\n\nWhoever fires a pot here agrees to the list of rules.\n\n"
        "   * Ask before you open a door.\n\n   * Leave the glaze where it was."
    )
    assert "organization: Épée" in _text(here, "entries/epee/epee-forum-1.md")
    row = next(one for one in results if one.entry == ID)
    assert (row.source, row.versions) == (TERMS, 4)


def test_the_entries_pass_the_check(tmp_path: Path, collection: Path) -> None:
    commit(collection, 'First record of #1: "Q"', {'#1: "Q"/No: 5.md': "Text, text.\n"})
    here = archive(tmp_path / "archive")
    import_archive(here, collection)
    (here / "entries/own-conf.md").unlink()
    assert main(["-C", str(here), "check", "--strict", "--now", "2026-01-01T00:00:00Z"]) == 0


def test_versions_and_what_they_change(tmp_path: Path, collection: Path) -> None:
    here = archive(tmp_path / "archive")
    import_archive(here, collection)
    found = _versions(here)
    assert [(one.kind, one.added, one.removed) for one in found] == [
        ("added", 29, 0),
        ("metadata", 0, 0),
        ("text", 1, 1),
        ("text", 1, 1),
    ]
    assert [one.archived.styled() for one in found if one.archived] == [
        f"Jan 0{day}, 2014" for day in (1, 2, 3, 5)
    ]
    assert [dict(one.trailers)["Archivist-Record"] for one in found] == [
        *("first", "changes", "changes", "upgrade"),
    ]
    assert {dict(one.trailers)["Archivist-Entry"] for one in found} == {ID}
    origins = [dict(one.trailers)["Archivist-Origin"] for one in found]
    assert origins == log(collection, "--format=%H", "--reverse", "--", TERMS)
    assert dict(found[2].trailers)["X-engine-version"] == "14.1.0"
    assert found[0].author == "Sam Source"


def test_an_address_that_can_be_read_is_text(tmp_path: Path) -> None:
    there = repository(tmp_path / "kiln-versions")
    for day, session in enumerate((1, 2, 3), 1):
        shown = 1 if session < 3 else 2
        body = (
            f"See [it](https://kiln.example/?s={session}), <https://kiln.example/{shown}> and "
            f"[https://kiln.example/{shown}](https://kiln.example/?s={session}).\n"
        )
        commit(there, "Record new changes of Kiln & Co Terms of Service", {TERMS: body}, day)
    import_archive(here := archive(tmp_path / "archive"), there)
    text = "See it, https://kiln.example/2 and https://kiln.example/2."
    assert Entry(PLACE, _text(here)).body.strip() == text
    assert [(one.kind, one.added) for one in _versions(here)] == [
        *(("added", 5), ("metadata", 0), ("text", 2)),
    ]


def test_a_second_import_adds_only_what_is_new(tmp_path: Path, collection: Path) -> None:
    here = archive(tmp_path / "archive")
    import_archive(here, collection)
    head = git(here, "rev-parse", "HEAD")
    assert set(outcomes(import_archive(here, collection)).values()) == {"unchanged", "left out"}
    assert git(here, "rev-parse", "HEAD") == head
    before = _versions(here)
    commit(collection, "Record new changes of Kiln & Co Terms of Service", {TERMS: TWO}, 7)
    assert outcomes(import_archive(here, collection))[PLACE] == "updated"
    assert _versions(here)[: len(before)] == before
    assert len(_versions(here)) == len(before) + 1
    git(here, "fsck", "--strict", "--no-dangling")
    assert git(here, "for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_a_record_of_the_same_text_is_told(tmp_path: Path, collection: Path) -> None:
    """Its entry need not differ from the one before: what was recorded and why is history, too."""
    same = ONE.replace("*   Ask", "-   Ask").replace("*   Leave", "-   Leave")
    commit(collection, "Refilter Kiln & Co Terms of Service", {TERMS: same}, 5)
    commit(collection, "Apply technical or declaration upgrade on Kiln & Co", {TERMS: ONE}, 5)
    here = archive(tmp_path / "archive")
    import_archive(here, collection)
    told = log(here, "--format=%s", "HEAD^2")
    assert told.count("Refilter Kiln & Co Terms of Service") == 2
    assert told[0] == "Apply technical or declaration upgrade on Kiln & Co"
    assert git(here, "rev-parse", "HEAD^2^{tree}") == git(here, "rev-parse", "HEAD^2~2^{tree}")
    git(here, "fsck", "--strict", "--no-dangling")


def test_every_archive_gets_the_same_commits(tmp_path: Path, collection: Path) -> None:
    tips = []
    for name in ("one", "two"):
        here = archive(tmp_path / name)
        import_archive(here, collection)
        tips.append(git(here, "rev-parse", "HEAD^2"))
        git(collection, "gc", "-q")
    assert tips[0] == tips[1]


def test_a_bundle_and_a_bare_clone(tmp_path: Path, collection: Path) -> None:
    git(collection, "bundle", "create", "-q", str(tmp_path / "it.bundle"), "main")
    git(tmp_path, "clone", "-q", "--bare", str(collection), "bare.git")
    for number, name in enumerate(("it.bundle", "bare.git")):
        here = archive(tmp_path / f"archive-{number}")
        assert outcomes(import_archive(here, tmp_path / name))[PLACE] == "imported"


def test_an_archive_in_a_folder_of_its_repository(tmp_path: Path, collection: Path) -> None:
    top = repository(tmp_path / "top")
    put(top, {"codes/entries/.gitkeep": ""})
    commit(top, "begin")
    results = import_archive(top / "codes", collection)
    assert outcomes(results)[PLACE] == "imported"
    assert f"codes/{PLACE}" in tree(top)
    assert set(outcomes(import_archive(top / "codes", collection)).values()) == {
        *("unchanged", "left out"),
    }
    assert len(_versions(top / "codes")) == 4


def test_last_state_only_and_dry_run(tmp_path: Path, collection: Path) -> None:
    here = archive(tmp_path / "archive")
    before = git(here, "count-objects")
    dry = import_archive(here, collection, dry_run=True)
    assert git(here, "count-objects") == before
    assert not (here / PLACE).exists()
    assert dry == import_archive(here, collection)
    plain = tmp_path / "plain"
    (plain / "entries").mkdir(parents=True)
    import_archive(plain, collection)
    assert "date archived: Jan 05, 2014" in (plain / PLACE).read_text()
    single = archive(tmp_path / "single")
    import_archive(single, collection, history=False)
    assert [one.kind for one in _versions(single)] == ["added"]


def test_removed_terms_are_removed_in_the_history(tmp_path: Path, collection: Path) -> None:
    commit(collection, "Remove a service", {TERMS: None}, 7)
    commit(collection, "First record of Kiln & Co Terms of Service", {TERMS: TWO}, 8)
    here = archive(tmp_path / "archive")
    import_archive(here, collection)
    assert [one.kind for one in _versions(here)][-2:] == ["removed", "restored"]
    commit(collection, "Remove it again", {TERMS: None}, 9)
    rows = {one.path: one for one in import_archive(here, collection)}
    assert rows[PLACE].reason == "removed in the source, kept here"


def test_names_that_are_one_id(tmp_path: Path) -> None:
    there = repository(tmp_path / "versions")
    names = [
        "A/B C.md",
        "A B/C.md",
        "a/b c.md",
        "東京/規約.md",
        "大阪/規約.md",
        "A∕C/D's.md",
        "A/B-C.md",
    ]
    for day, name in enumerate(names, 1):
        commit(there, f"First record of {name}", {name: f"Text of {name}.\n"}, day)
    here = archive(tmp_path / "archive")
    found = {one.source: one.path or "" for one in import_archive(here, there)}
    assert found["A/B C.md"] == "entries/a/a-b-c.md"
    assert found["A∕C/D's.md"] == "entries/a-c/a-c-ds.md"
    ids = [path.rpartition("/")[2] for path in found.values()]
    assert len(set(ids)) == len(names)
    for source, path in found.items():
        assert f"Text of {source}." in _text(here, path)
    commit(there, "First record of A-B C", {"A-B/C.md": "Late.\n"}, 20)
    again = {one.source: one.path for one in import_archive(here, there)}
    assert again.items() >= found.items()


def test_renamed_services_keep_their_history(tmp_path: Path, collection: Path) -> None:
    git(collection, "mv", "Kiln & Co", "Kiln")
    git(collection, "commit", "-qm", "Rename Kiln & Co to Kiln")
    here = archive(tmp_path / "archive")
    import_archive(here, collection)
    found = _versions(here, "kiln-terms-of-service")
    assert len(found) == 5
    assert found[-1].origin == PLACE
    assert found[-1].kind in ("metadata", "renamed")


def test_a_text_that_was_only_moved_was_archived_before(tmp_path: Path, collection: Path) -> None:
    renamed = "Oven & Co/Terms of Service.md"
    git(collection, "mv", "Kiln & Co", "Oven & Co")
    commit(collection, "Rename Kiln & Co", {}, 7)
    other = {"Kiln & Co/Rules.md": ONE, renamed: TWO}
    commit(collection, "Record new changes of Oven & Co Terms of Service", other, 8)
    import_archive(here := archive(tmp_path / "archive"), collection)
    found = _versions(here, "oven-co-terms-of-service")[-2:]
    assert [one.archived and one.archived.styled() for one in found] == [
        "Jan 05, 2014",
        "Jan 08, 2014",
    ]
    assert "date archived: Jan 08, 2014" in _text(here, "entries/kiln-co/kiln-co-rules.md")


def test_merges_come_along(tmp_path: Path, collection: Path) -> None:
    git(collection, "switch", "-qc", "side", "HEAD~3")
    commit(collection, "First record of Weir Rules", {"Weir/Rules.md": "Be wet.\n"}, 7)
    git(collection, "switch", "-q", "main")
    git(collection, "merge", "-q", "--no-ff", "-m", "Merge side", "side")
    here = archive(tmp_path / "archive")
    assert outcomes(import_archive(here, collection))["entries/weir/weir-rules.md"] == "imported"
    assert "Merge side" in log(here, "--merges")
    assert [one.kind for one in _versions(here, "weir-rules")] == ["added"]


def test_absurd_files(tmp_path: Path, collection: Path) -> None:
    """They are passed over, and everything else comes along."""
    large = b"Be kind. " * (MAX_SIZE // 8)
    put(
        collection,
        {
            "Large/Terms.md": large,
            "Huge/Terms.md": b"x" * (20 << 20),
            "Binary/Terms.md": b"\x89PNG\0\0",
            "Latin/Terms.md": b"Caf\xe9 rules.\n",
            "Empty/Terms.md": b"",
            "deep/er/Terms.md": "no\n",
            "Notes/Terms.txt": "no\n",
            ".hidden/Terms.md": "no\n",
            "Long/" + "x" * 240 + ".md": "Long name.\n",
            "New\nline/-dash.md": "Odd name.\n",
        },
    )
    os.symlink("/etc/passwd", collection / "Kiln & Co" / "Link.md")
    bad = os.fsencode(collection) + b"/B\xffd"
    os.mkdir(bad)
    with open(bad + b"/Te\xfems.md", "wb") as file:
        file.write(b"Bad name.\n")
    commit(collection, "First record of much")
    commit_of_large = {TERMS: large}
    commit(collection, "Record new changes of Kiln & Co Terms of Service", commit_of_large, 8)
    sub = git(collection, "rev-parse", "HEAD")
    git(collection, "update-index", "--add", "--cacheinfo", f"160000,{sub},Sub/Module.md")
    git(collection, "commit", "-qm", "Update a submodule")
    here = archive(tmp_path / "archive")
    rows = {one.source: one for one in import_archive(here, collection)}
    reasons = {source: one.reason for source, one in rows.items() if one.outcome == "left out"}
    assert reasons == {
        "Large/Terms.md": "larger than 1 MiB as a text",
        "Huge/Terms.md": "larger than 1 MiB as a text",
        "Binary/Terms.md": "not a text",
        "deep/er/Terms.md": "not of the form Service/Terms.md",
        "Notes/Terms.txt": "not Markdown",
        ".hidden/Terms.md": "hidden",
        "Kiln & Co/Link.md": "a symbolic link",
        "Sub/Module.md": "a submodule",
        "README.md": "not of the form Service/Terms.md",
    }
    assert rows[TERMS].reason == "1 version passed over: larger than 1 MiB as a text"
    assert "Ask before you open" in _text(here)
    assert "Caf\ufffd rules." in _text(here, "entries/latin/latin-terms.md")
    assert "organization: B\\xffd" in _text(here, rows["B\\xffd/Te\\xfems.md"].path or "")
    assert rows["New\nline/-dash.md"].path == "entries/new-line/new-line-dash.md"
    git(here, "fsck", "--strict", "--no-dangling")
    assert git(here, "status", "--porcelain") == ""


def test_the_last_reason_is_told(tmp_path: Path, collection: Path) -> None:
    commit(collection, "Record new changes of Kiln & Co Terms of Service", {TERMS: b"\x89\0"}, 7)
    large = "Be kind. " * (MAX_SIZE // 8)
    commit(collection, "Record new changes of both", {TERMS: large, "Weir/Rules.md": b"\0"}, 8)
    commit(collection, "Record new changes of Weir Rules", {"Weir/Rules.md": large}, 9)
    rows = {one.source: one for one in import_archive(archive(tmp_path / "archive"), collection)}
    assert rows[TERMS].reason == "2 versions passed over: larger than 1 MiB as a text"
    assert rows["Weir/Rules.md"].reason == "larger than 1 MiB as a text"


def test_missing_texts_are_no_large_ones(tmp_path: Path, collection: Path) -> None:
    blob = git(collection, "rev-parse", f"HEAD:{TERMS}")
    (collection / ".git/objects" / blob[:2] / blob[2:]).unlink()
    here = archive(tmp_path / "archive")
    with pytest.raises(GitFailure, match="lacks"):
        import_archive(here, collection)
    assert log(here) == ["begin"]


def test_a_shallow_clone_is_refused(tmp_path: Path, collection: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=2", collection.as_uri(), "shallow")
    here = archive(tmp_path / "archive")
    for history in (True, False):
        with pytest.raises(GitFailure, match="cut short") as caught:
            import_archive(here, tmp_path / "shallow", history=history)
        assert ("--no-history" in str(caught.value.hint)) == history


def test_what_is_no_collection(tmp_path: Path) -> None:
    there = repository(tmp_path / "docs")
    commit(there, "Write a guide", {"docs/guide.md": "Text.\n"})
    here = archive(tmp_path / "archive")
    assert outcomes(import_archive(here, there)) == {"docs/guide.md": "left out"}
    forced = import_archive(here, there, form="open-terms-archive")
    assert outcomes(forced) == {"entries/docs/docs-guide.md": "imported"}
    folder = tmp_path / "folder"
    put(folder, {"docs/guide.md": "Text.\n"})
    with pytest.raises(UsageError, match="git history"):
        import_archive(here, folder, form="open-terms-archive")


def test_forced_to_be_an_archive(tmp_path: Path, collection: Path) -> None:
    here = archive(tmp_path / "archive")
    assert set(outcomes(import_archive(here, collection, form="archive")).values()) == {"left out"}


def test_the_command(tmp_path: Path, collection: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = archive(tmp_path / "archive")
    arguments = ["-C", str(here), "import", str(collection), "--as", "open-terms-archive"]
    assert main([*arguments, "-f", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["summary"]["imported"] == 2
    assert {one["source"] for one in document["results"]} >= {TERMS, "Épée/Forum «1».md"}


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        *(("First record of A B", "first"), ("Start tracking A B", "first")),
        *(("Record new changes of A B", "changes"), ("Update A B", "changes")),
        ("Apply technical or declaration upgrade on A B", "upgrade"),
        *(("Refilter A B", "upgrade"), ("Fix a typo", None), ("Updated A", None), ("", None)),
    ],
)
def test_subjects(subject: str, kind: str | None) -> None:
    assert record_kind(subject) == kind


def test_detection() -> None:
    terms, records = [b"A/B.md", b"README.md"], ["Update A B", "Update A B", "Merge"]
    assert is_collection(terms, records)
    assert not is_collection([*terms, b"entries/a.md"], records)
    assert not is_collection([b"README.md"], records)
    assert not is_collection(terms, ["Update A B", "Fix", "Fix"])


def test_trailers_join_those_that_are_there() -> None:
    added = [("Archivist-Record", "first")]
    assert with_trailers(b"Subject\n", added) == b"Subject\n\nArchivist-Record: first\n"
    assert with_trailers(b"S\n\nA: b\n", added) == b"S\n\nA: b\nArchivist-Record: first\n"
    assert with_trailers(b"S\n\nWords.\n", added) == b"S\n\nWords.\n\nArchivist-Record: first\n"
    assert with_trailers(b"Update: it", added) == b"Update: it\n\nArchivist-Record: first\n"


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=30), st.binary(min_size=1, max_size=150))))
def test_places_are_apart_and_stay(names: list[tuple[bytes, bytes]]) -> None:
    paths = [b"%s/%s.md" % pair for pair in names]
    paths = [one for one in dict.fromkeys(paths) if unfit_terms(one, "100644") is None]
    places = Places()
    found = [places.of(one) for one in paths]
    assert len({one.rpartition("/")[2] for one in found}) == len(paths)
    assert [places.of(one) for one in paths] == found
    half = Places()
    assert [half.of(one) for one in paths[: len(paths) // 2]] == found[: len(paths) // 2]
    assert all(one.isascii() and len(one) < 250 for one in found)
