"""Exports: what they hold, that the same commit gives the same bytes, and what they never do."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox import Sandbox, entry, sandbox, unmeasured

from archivist.cli import main
from archivist.exporting import prepare
from archivist.exporting.tables import TABLES
from archivist.versions import History
from docs.generate import FOLDER

A = "Be kind to each other. Bring your own lantern, and share its light."
B = "Be kind to each other. Leave your lantern at the reporting contact's door."
PATH = "entries/quay.md"


def _quay(body: str, day: str) -> str:
    return entry("Quay", "Mill Guild, many & https://weir.example/rules", body).replace(
        "Feb 04, 2014", day
    )


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    """An archive in which every kind of version, of credit and of text occurs."""
    box = sandbox(
        tmp_path / "archive",
        quay=_quay(A, "Feb 04, 2014"),
        mill_2013=entry("Mill Guild", "Nobody Known", "All are guests."),
        mill_2014=entry("Mill Guild", "Quay", "All are guests."),
        gone=entry("Gone", body="Bytes \udcff and more."),
    )
    for text, message in (
        (_quay(B, "Mar 01, 2015"), "Other words\n\nArchivist-Source: https://quay.example/"),
        (_quay(A, "Apr 01, 2016"), "Back again"),
        (_quay(A, "Apr 01, 2016").replace("https://quay", "http://quay"), "Metadata"),
    ):
        box.write(PATH, text)
        box.commit(message)
    box.git("rm", "-q", "entries/gone.md")
    box.git("mv", PATH, "entries/wharf.md")
    box.commit("Remove and rename")
    return box


def _export(box: Sandbox, name: str = "out.db", *more: str) -> Path:
    assert main(["-C", str(box.root), "export", name, *more]) == 0
    return box.root / name


def _rows(path: Path, query: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query, values).fetchall()


def test_what_it_holds(box: Sandbox) -> None:
    path = _export(box)
    assert _rows(path, "PRAGMA foreign_key_check") == []
    assert _rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert _rows(path, "SELECT id, title, present, versions FROM entries ORDER BY id") == [
        ("gone", "Gone", 0, 2),
        ("mill-2013", "Mill Guild", 1, 1),
        ("mill-2014", "Mill Guild", 1, 1),
        ("wharf", "Quay", 1, 5),
    ]
    wharf = "SELECT kind, archived, returns_to FROM versions WHERE entry = 'wharf' ORDER BY number"
    first = _rows(path, "SELECT id FROM versions WHERE entry = 'wharf' AND number = 1")[0][0]
    assert _rows(path, wharf) == [
        ("added", "2014-02-04", None),
        ("text", "2015-03-01", None),
        ("text", "2016-04-01", first),  # the same words in another file
        ("metadata", "2016-04-01", None),
        ("renamed", "2016-04-01", None),
    ]
    assert _rows(path, "SELECT count(*) FROM versions WHERE text = (SELECT text FROM versions"
                       " WHERE id = ?)", first) == [(4,)]  # fmt: skip
    assert _rows(path, "SELECT key, value FROM trailers") == [
        ("Archivist-Source", "https://quay.example/")
    ]
    about = dict(_rows(path, "SELECT key, value FROM about"))
    assert about == {
        "format": "archivist export",
        "version": "1",
        "commit": box.git("rev-parse", "HEAD").strip(),
        "complete": "yes",
    }


def test_parents_and_links(box: Sandbox) -> None:
    path = _export(box)
    assert _rows(path, "SELECT entry, credit, parent, kind FROM parents ORDER BY id") == [
        ("mill-2013", "Nobody Known", None, "unknown"),
        ("mill-2014", "Quay", "wharf", "entry"),
        ("wharf", "Mill Guild", "mill-2013", "entry"),
        ("wharf", "Mill Guild", "mill-2014", "entry"),
        ("wharf", "many", None, "vague"),
        ("wharf", "https://weir.example/rules", None, "url"),
    ]
    assert _rows(path, "SELECT field, url FROM links WHERE entry = 'wharf' ORDER BY id") == [
        ("url", "http://quay.example/conduct"),
        ("credited parents", "https://weir.example/rules"),
    ]


def test_files_and_texts_are_the_blobs(box: Sandbox) -> None:
    path = _export(box)
    for blob, front, body, exact, digest in _rows(
        path,
        "SELECT blob, front_matter, body, exact, sha256 FROM files JOIN texts ON texts.id = text",
    ):
        data = subprocess.run(
            ["git", "cat-file", "blob", blob], cwd=box.root, capture_output=True, check=True
        ).stdout
        whole = data.endswith(body.encode()) and (front + body).encode() == data
        assert whole == bool(exact)
        assert sha256(data[len(front) :]).hexdigest() == digest
    bodies = [row for (row,) in _rows(path, "SELECT body FROM texts")]
    assert len(bodies) == len(set(bodies)) == 4
    assert _rows(path, "SELECT body FROM texts WHERE NOT exact") == [("\nBytes \\xff and more.\n",)]


def test_a_version_is_in_force_as_show_says(box: Sandbox) -> None:
    path = _export(box)
    for day in ("2014-02-04", "2015-02-28", "2015-03-01", "2016-12-31"):
        shown = json.loads(box.run("show", "wharf", "--at", day, "-f", "json").out)["found"]
        found = _rows(
            path,
            "SELECT rev, kind FROM versions WHERE entry = 'wharf' AND since <= ?"
            " ORDER BY number DESC LIMIT 1",
            day,
        )
        assert found == [(shown["rev"], shown["kind"])]


def test_versions_are_those_of_history(box: Sandbox) -> None:
    path = _export(box)
    told = json.loads(box.run("history", "-f", "json").out)["versions"]
    keys = ("entry", "rev", "kind", "path", "origin", "added", "removed", "blob", "committed")
    rows = _rows(path, f"SELECT {', '.join(keys)} FROM versions")
    assert sorted(map(str, rows)) == sorted(str(tuple(one[key] for key in keys)) for one in told)


def test_the_same_commit_gives_the_same_bytes(box: Sandbox, tmp_path: Path) -> None:
    for name in ("out.db", "out.jsonl"):
        first = _export(box, name).read_bytes()
        assert _export(box, name).read_bytes() == first
        box.write("entries/mill-2014.md", entry("Mill Guild", body="Not committed."))
        box.write("entries/new.md", entry("New"))
        assert _export(box, name).read_bytes() == first
        for state in box.root.glob(".git/archivist/*"):
            state.unlink()
        box.git("gc", "-q")
        clone = tmp_path / name / "bare.git"
        box.git("clone", "-q", "--bare", ".", str(clone))
        assert main(["-C", str(clone), "export", f"../{name}"]) == 0
        assert (tmp_path / name / name).read_bytes() == first


def test_lines_have_the_same_rows(box: Sandbox) -> None:
    database, lines = _export(box), _export(box, "out.jsonl").read_text().splitlines()
    assert box.run("export", "-").out.splitlines() == lines
    rows = [json.loads(line) for line in lines]
    for table in TABLES:
        names = [one.name for one in table.columns]
        found = [tuple(row[name] for name in names) for row in rows if row["table"] == table.name]
        assert sorted(found, key=str) == sorted(
            _rows(database, f"SELECT {', '.join(names)} FROM {table.name}"), key=str
        )
    assert rows[0] == {"table": "about", "key": "format", "value": "archivist export"}


def test_the_page_has_every_table_and_column(box: Sandbox) -> None:
    page = (FOLDER / "export.md").read_text(encoding="utf-8")
    path = _export(box)
    made = [
        name
        for (name,) in _rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
        if not re.search("_fts_|^sqlite_", name)
    ]
    assert {*made} == {one.name for one in TABLES} | {"texts_fts"}
    for name in made:
        assert f"### {name}\n" in page or f"`{name}` is the full-text index" in page
        for column in _rows(path, "SELECT name FROM pragma_table_info(?)", name):
            assert f"| `{column[0]}` |" in page


def test_datasette_finds_the_full_text_index(box: Sandbox) -> None:
    """By the form of the statement: what Datasette 0.65 and sqlite-utils 3 ask of a database."""
    box.run("export", "made.db")
    with closing(sqlite3.connect(box.root / "made.db")) as database:
        found = database.execute(
            "SELECT name FROM sqlite_master WHERE rootpage = 0 AND ("
            """ sql LIKE '%VIRTUAL TABLE%USING FTS%content="texts"%'"""
            " OR sql LIKE '%VIRTUAL TABLE%USING FTS%content=[texts]%')"
        ).fetchall()
    assert found == [("texts_fts",)]


def test_every_reference_is_a_foreign_key_with_an_index(box: Sandbox) -> None:
    path = _export(box)
    for table in TABLES:
        keys = _rows(path, 'SELECT "from", "table" || "." || "to" FROM pragma_foreign_key_list(?)',
                     table.name)  # fmt: skip
        assert dict(keys) == {one.name: one.refers for one in table.columns if one.refers}
        leading = {columns[0] for columns in (*table.indexes, table.key) if columns}
        assert {name for name, _ in keys} <= leading


def _queries() -> list[str]:
    page = (FOLDER / "export.md").read_text(encoding="utf-8")
    return re.findall(r"```sql\n(.*?)```", page, re.DOTALL)


# What the queries of the page give for the archive above: columns 0 and 1 of their rows.
ANSWERS = [
    [("gone", 1), ("mill-2013", 1), ("mill-2014", 1), ("wharf", 5)],
    [("Quay", 2)],
    [("wharf", "2015-03-01")],
    [("mill-2013", 2), ("mill-2014", 2), ("wharf", 2)],
    [("wharf", "2014-02-04")],
]


def test_there_are_five_questions() -> None:
    assert len(_queries()) == len(ANSWERS) == 5


@pytest.mark.parametrize("number", range(5))
def test_questions(box: Sandbox, number: int) -> None:
    found = _rows(_export(box), _queries()[number])
    assert [row[:2] for row in found] == ANSWERS[number]


def test_the_question_about_returns(box: Sandbox) -> None:
    """A text that is again what it was, in another file or in the very same."""
    for body in (A, B, A):
        box.write("entries/mill-2013.md", entry("Mill Guild", body=body))
        box.commit()
    found = _rows(_export(box), _queries()[4])
    assert found == [
        ("mill-2013", "2014-02-04", "2014-02-04", 0.0),
        ("wharf", "2014-02-04", "2016-04-01", 787.0),
    ]


def test_what_is_not_ours_is_kept(box: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(box.root / "mine.db")) as database:
        database.execute("CREATE TABLE notes (words TEXT)")
    box.write("mine.jsonl", '{"mine": 1}\n')
    box.write("empty.db", "")
    for name in ("mine.db", "mine.jsonl"):
        before = (box.root / name).read_bytes()
        assert main(["-C", str(box.root), "export", name]) == 2
        assert "is no export of archivist's" in capsys.readouterr().err
        assert (box.root / name).read_bytes() == before
        _export(box, name, "--force")
        _export(box, name)
    _export(box, "empty.db")


def test_a_database_at_work_is_never_replaced(box: Sandbox) -> None:
    path = _export(box)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE note (words TEXT)")
        database.commit()
        outcome = box.run("export", "out.db", "--force")
    assert outcome.code == 2
    assert "another program writes to out.db" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["archive"], "does not say what it shall be"),
        (["archive.csv"], ".jsonl"),
        (["entries.db"], "is a folder"),
        (["/dev/null", "-f", "jsonl", "--force"], "is a device or a pipe"),
        (["nowhere/archive.db"], "there is no folder"),
        (["-", "-f", "sqlite"], "cannot be written to stdout"),
    ],
)
def test_mistakes(box: Sandbox, arguments: list[str], said: str) -> None:
    (box.root / "entries.db").mkdir()
    outcome = box.run("export", *arguments)
    assert outcome.code == 2
    assert said in outcome.err


def test_without_a_commit_there_is_nothing(tmp_path: Path) -> None:
    box = sandbox(tmp_path, git=False, quay=entry("Quay"))
    assert "in no git repository" in box.run("export", "a.db").err
    box.git("init", "-q")
    outcome = box.run("export", "a.db")
    assert (outcome.code, (box.root / "a.db").exists()) == (2, False)
    assert "no commit yet" in outcome.err


def test_dry_run_writes_nothing(box: Sandbox) -> None:
    outcome = box.run("export", "out.db", "--dry-run")
    assert outcome.err == "would write out.db: 4 entries, 9 versions\n"
    assert not (box.root / "out.db").exists()


def test_a_link_stays_one_and_its_target_keeps_its_mode(box: Sandbox, tmp_path: Path) -> None:
    target = _export(box)
    target.chmod(0o640)
    link = tmp_path / "link.db"
    link.symlink_to(target)
    assert main(["-C", str(box.root), "export", str(link)]) == 0
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640


def test_interrupted_it_leaves_what_was_there(box: Sandbox, tmp_path: Path) -> None:
    before = _export(box).read_bytes()
    hold = tmp_path / "hold.py"
    hold.write_text(
        "import sys, time\n"
        "from archivist.exporting import rows\n"
        "whole = rows.Export._relations\n"
        "def slow(self):\n"
        "    print('here', flush=True)\n"
        "    time.sleep(30)\n"
        "    yield from whole(self)\n"
        "rows.Export._relations = slow\n"
        "from archivist.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, str(hold), "-C", str(box.root), "export", "out.db"]
    with subprocess.Popen(command, stdout=-1, stderr=-1, env=unmeasured()) as child:
        assert child.stdout
        assert child.stdout.readline() == b"here\n"
        child.send_signal(signal.SIGINT)
        child.communicate()
    assert child.returncode == 130
    assert (box.root / "out.db").read_bytes() == before
    assert not list(box.root.glob(".archivist-*"))


def test_a_full_disk_leaves_what_was_there(box: Sandbox) -> None:
    before = _export(box).read_bytes()
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
    code = limit + "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    code += "import sys; from archivist.cli import main; sys.exit(main(sys.argv[1:]))"
    for name in ("out.db", "new.jsonl"):
        done = subprocess.run(
            [sys.executable, "-c", code, "-C", str(box.root), "export", name],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2, done.stderr
        assert "cannot" in done.stderr
    assert (box.root / "out.db").read_bytes() == before
    assert not (box.root / "new.jsonl").exists()
    assert not list(box.root.glob(".archivist-*"))


def test_ids_that_two_entries_had(box: Sandbox) -> None:
    """One was removed, another moved to where it was."""
    box.git("mv", "entries/mill-2014.md", "entries/gone.md")
    box.commit()
    path = _export(box)
    assert _rows(path, "SELECT id, title, present FROM entries WHERE id LIKE 'gone%'") == [
        ("gone", "Mill Guild", 1),
        ("gone~2", "Gone", 0),
    ]


def test_one_is_no_plural(tmp_path: Path) -> None:
    box = sandbox(tmp_path / "small", quay=entry("Quay"))
    assert box.run("export", "out.db").err == "wrote out.db: 1 entry, 1 version\n"


def test_ways_back_are_no_versions(box: Sandbox) -> None:
    """Of a recovery by a backfill, and of one by hand; what comes behind them is in its place."""
    before = box.read("entries/mill-2013.md")
    old = entry("Mill Guild", body="All were guests.").replace("Feb 04, 2014", "Mar 01, 2012")
    for text, message in (
        *((old, "Old\n\nArchivist-Recovered: 2012"), (before, "Back\n\nArchivist-Restored: x")),
        *((old.replace("2012", "2011"), "By hand"), (before, "Back by hand")),
    ):
        box.write("entries/mill-2013.md", text)
        box.commit(message)
    path = _export(box)
    assert _rows(path, "SELECT id, versions FROM entries ORDER BY id") == [
        *(("gone", 2), ("mill-2013", 3), ("mill-2014", 1), ("wharf", 5)),
    ]
    assert _rows(path, "SELECT subject FROM versions WHERE entry = 'mill-2013'") == [
        *(("By hand",), ("Old",), ("Begin",)),
    ]


def test_texts_that_cannot_be_read(box: Sandbox) -> None:
    blob = box.git("rev-parse", "HEAD:entries/mill-2014.md").strip()
    object_ = box.root / ".git/objects" / blob[:2] / blob[2:]
    object_.chmod(0o644)
    object_.write_bytes(b"broken")
    outcome = box.run("export", "out.db")
    assert outcome.code == 1
    assert "mill-2014: 1 of its texts cannot be read" in outcome.err
    path = box.root / "out.db"
    assert _rows(path, "SELECT entry, text FROM versions WHERE NOT readable") == [
        ("mill-2014", None)
    ]
    assert _rows(path, "PRAGMA foreign_key_check") == []
    about = dict(_rows(path, "SELECT key, value FROM about"))
    assert about["complete"] == "no"
    assert about["note"] == "mill-2014: 1 of its texts cannot be read"
    assert _rows(path, "SELECT count(*) FROM entries") == [(4,)]


def test_few_git_processes(box: Sandbox, tmp_path: Path) -> None:
    log = tmp_path / "calls"
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    real = subprocess.run(["which", "git"], capture_output=True, check=True, text=True).stdout
    wrapper.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {real.strip()} "$@"\n')
    wrapper.chmod(0o755)
    box.run("export", "out.db", PATH=f"{wrapper.parent}:{os.environ['PATH']}")
    assert len(log.read_text().splitlines()) <= 8


def test_memory_does_not_grow_with_the_texts(tmp_path: Path) -> None:
    box = sandbox(tmp_path / "archive", quay=entry("Quay"))
    peaks = []
    for count in (4, 60):
        for number in range(count):
            box.write(PATH, entry("Quay", body=f"{count} {number} " + "Be kind. " * 90_000))
            box.git("add", "-A")
            box.git("-c", "core.looseCompression=1", "commit", "-qm", "Change")
        box.run("history")  # learns what changed, which is not ours to measure
        code = (
            "import resource, sys; from archivist.cli import main; code = main(sys.argv[1:]);"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss); sys.exit(code)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, "-C", str(box.root), "export", "a.db"],
            capture_output=True,
            check=True,
        )
        peaks.append(int(done.stdout))
    assert peaks[1] < peaks[0] + 20_000, "KiB, where the texts are 45 MB"


_TEXTS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "sub/a"]), st.none() | st.binary(max_size=40)), max_size=6
)


@settings(deadline=None, max_examples=40)
@given(_TEXTS)
def test_any_history(changes: list[tuple[str, bytes | None]]) -> None:
    """Whatever was committed: the rows fit together."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _fast_import(root, changes)
        tables: dict[str, list[tuple[object, ...]]] = {one.name: [] for one in TABLES}
        for name, row in prepare(History(root)).rows():
            tables[name].append(row)
        ids = {
            f"{one.name}.{column.name}": {row[place] for row in tables[one.name]}
            for one in TABLES
            for place, column in enumerate(one.columns)
        }
        for one in TABLES:
            for column in one.columns:
                if column.refers:
                    assert ids[f"{one.name}.{column.name}"] - {None} <= ids[column.refers]
        assert len(ids["entries.id"]) == len(tables["entries"])


def _fast_import(root: Path, changes: list[tuple[str, bytes | None]]) -> None:
    def stream() -> Iterator[bytes]:
        for number, (name, data) in enumerate([("z", b"---\n---\n"), *changes]):
            yield b"commit refs/heads/main\ncommitter A <a@a.example> %d +0000\n" % (10**9 + number)
            yield b"data 6\nChange\n"
            path = f"entries/{name}.md".encode()
            if data is None:
                yield b"D %s\n" % path
            else:
                yield b"M 100644 inline %s\ndata %d\n%s\n" % (path, len(data), data)

    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", "."], cwd=root, check=True)
    subprocess.run(
        ["git", "fast-import", "--quiet"], cwd=root, input=b"".join(stream()), check=True
    )
