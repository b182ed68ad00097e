"""The state, and what rests on it: a check of a commit says what a check of everything says."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from archives import TODAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sandbox import Sandbox, entry, sandbox

from archivist.checking import policy_of
from archivist.config import CheckSettings
from archivist.diagnostic import Diagnostic
from archivist.inspection import FolderSource, IndexSource, state_file
from archivist.repository.process import Repository
from archivist.staged import StagedArchive
from archivist.state.entries import EntryIndex, Known, StateLost
from archivist.workspace import Workspace

FUZZ = settings(derandomize=True, deadline=None, max_examples=150)
REPOSITORIES = settings(
    derandomize=True,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
POLICY = policy_of(CheckSettings())
STATE = ".git/archivist/state.sqlite3"

Said = list[tuple[str, int, int, str, str]]
Steps = list[dict[str, str | None]]


# A check of a commit and a check of everything


def said(found: Iterable[Diagnostic]) -> Said:
    return sorted((one.path, one.line, one.column, one.code, one.message) for one in found)


def staged(root: Path) -> tuple[Diagnostic, ...]:
    """What a check of the staged commit finds."""
    return IndexSource(StagedArchive(Repository(root))).inspect(POLICY, TODAY).found


def whole(root: Path) -> tuple[Diagnostic, ...]:
    """What a check of the whole archive finds."""
    return FolderSource(Workspace(root)).inspect(POLICY, TODAY).found


@dataclass(frozen=True)
class History:
    """An archive whose commits are checked both ways, one after the other."""

    box: Sandbox

    def commit(self, files: dict[str, str | None]) -> None:
        """Write (or, for None, delete) files, stage them, compare both checks, and commit."""
        root = self.box.root
        before = whole(root)
        for path, text in files.items():
            if text is not None:
                self.box.write(path, text)
            elif (root / path).exists():
                (root / path).unlink()
        (root / "entries").mkdir(exist_ok=True)
        self.box.git("add", "--all")
        changed = set(self.box.git("diff", "--cached", "--name-only", "-z").split("\0")) - {""}
        if changed:
            self._compare(changed, before)
            self.box.git("commit", "--quiet", "--message", "step")

    def _compare(self, changed: set[str], before: tuple[Diagnostic, ...]) -> None:
        after, found = whole(self.box.root), staged(self.box.root)
        mine = [one for one in found if one.path in changed]
        assert said(mine) == said(one for one in after if one.path in changed)
        old = {(one.path, one.code, one.message) for one in before}
        broken = [
            one
            for one in after
            if one.path not in changed and (one.path, one.code, one.message) not in old
        ]
        elsewhere = [one for one in found if one.path not in changed]
        assert said(elsewhere) == said(broken)
        assert all((one.hint or "").startswith("this commit breaks it") for one in elsewhere)
        (self.box.root / STATE).unlink(missing_ok=True)
        assert said(staged(self.box.root)) == said(found)


def history(*steps: dict[str, str | None]) -> None:
    """Commit these, one after the other, in an archive of their own."""
    with tempfile.TemporaryDirectory() as folder:
        box = sandbox(Path(folder), git=False)
        box.git("init", "--quiet")
        for step in steps:
            History(box).commit(step)


def coc(title: str, **fields: str) -> str:
    """An entry; `_` stands for a blank in a key. `body` is its text."""
    body = fields.pop("body", f"At {title} all are kind.")
    lines = {"layout": "coc", "conference": title, "date archived": "Feb 04, 2014"}
    lines |= {key.replace("_", " "): value for key, value in fields.items()}
    order = ("layout", "conference", "also known as", "date announced", "date archived", "url")
    keys = sorted(lines, key=lambda key: order.index(key) if key in order else len(order))
    header = "".join(f"{key}: {lines[key]}".rstrip() + "\n" for key in keys)
    return f"---\n{header}---\n\n{body}\n"


A, B, C, D = "entries/a.md", "entries/b.md", "entries/c.md", "entries/d.md"


def test_a_parent_comes_and_goes() -> None:
    history(
        {A: coc("Ash", credited_parents="Birch")},
        {B: coc("Birch")},
        {B: None},
        {B: coc("Beech", also_known_as="Birch")},
        {B: coc("Beech")},
        {C: coc("Cedar", also_known_as="Birch"), B: None},
        {"entries/birch.md": coc("X"), C: None},
    )


def test_a_renamed_parent() -> None:
    history(
        {A: coc("Ash", credited_parents="birch-2014"), "entries/birch-2014.md": coc("Birch 2014")},
        {"entries/sub/birch-2014.md": coc("Birch 2014"), "entries/birch-2014.md": None},
        {"entries/birch.md": coc("Birch 2014"), "entries/sub/birch-2014.md": None},
    )


def test_texts_urls_and_names_given_twice() -> None:
    text = "The very same text."
    url = "https://a.example/b"
    history(
        {A: coc("Ash", body=text, url=url), D: coc("Dogwood")},
        {B: coc("Birch", body=text, url=url)},
        {C: coc("Cedar", body=text, credited_parents="Ash")},
        {A: coc("Ash", body="Another.")},
        {A: coc("Ash", body=text, also_known_as="Dogwood")},
        {"entries/sub/a.md": coc("Alder")},
        {A: None},
        {"entries/sub/d.md": coc("Dogwood 2014")},
    )


def test_dates_and_cycles() -> None:
    history(
        {
            A: coc("Ash", credited_parents="Birch", date_announced="Jan 04, 2013"),
            B: coc("Birch", credited_parents="none", date_announced="Jan 04, 2012"),
        },
        {B: coc("Birch", credited_parents="none", date_announced="Jan 04, 2014")},
        {B: coc("Birch", credited_parents="Ash", date_announced="Jan 04, 2012")},
        {B: coc("Birch", credited_parents="Birch", date_announced="Jan 04, 2012")},
        {B: coc("Birch", date_announced="Jan 04, 2012")},
    )


def test_a_cycle_breaks_every_entry_in_it() -> None:
    history(
        {
            A: coc("Ash", credited_parents="Birch"),
            B: coc("Birch", credited_parents="Cedar"),
            C: coc("Cedar", credited_parents="Dogwood"),
            D: coc("Dogwood", credited_parents="none"),
        },
        {D: coc("Dogwood", credited_parents="Ash")},
    )


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("می\u200cخواهم", id="a joiner that Persian needs"),
        pytest.param("Caf\u00e9 \U0001f469\u200d\U0001f4bb Conf", id="a joiner in an emoji"),
        pytest.param("Soft\u00adware Conf", id="a soft hyphen"),
        pytest.param("\ue000 Conf", id="a private character"),
        pytest.param("Straße", id="a letter that folds to two"),
        pytest.param("İstanbul", id="a letter that folds to two, one combining"),
        pytest.param("The  Ash.", id="what folding drops"),
        pytest.param("'Ash, Birch & Cedar'", id="separators"),
        pytest.param("Caf\udce9", id="a byte that is not UTF-8"),
        pytest.param("https://a.example/Conduct", id="a URL with capitals"),
    ],
)
def test_any_title_can_be_credited(title: str) -> None:
    history(
        {A: coc(title), B: coc("Birch")},
        {B: coc("Birch", credited_parents=title)},
        {A: coc("Another")},
        {A: coc(title)},
    )


@pytest.mark.parametrize("url", ["https://a.example/conduct", "https://A.example/Conduct/?Q=X"])
def test_any_url_can_be_credited(url: str) -> None:
    history(
        {A: coc("Ash", url=url), B: coc("Birch", credited_parents=url)},
        {A: coc("Ash", url="https://b.example/")},
        {A: None},
        {C: coc("Cedar", url=f"{url}#a", credited_parents=url)},
    )


@pytest.mark.parametrize(
    "url",
    [
        *("https://a.example/conduct", "https://a.example/Conduct"),
        *("https://A.example/?Q=R", "https://a.example/b?c=d&e=f"),
        *("https://a.example/b,c;d", "https://a.example/b."),
    ],
)
def test_a_parent_credited_by_its_url_may_become_too_young(url: str) -> None:
    child = coc("Birch", credited_parents=url, date_announced="Jan 04, 2013")
    history(
        {A: coc("Ash", url=url, date_announced="Jan 04, 2012"), B: child},
        {A: coc("Ash", url=url, date_announced="Jan 04, 2014")},
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("entries/ash.md", "ash"),
        ("entries/ash.md", "ASH"),
        ("entries/Ash.md", "ash"),
        ("entries/sub/ash.md", "ash"),
        ("entries/sub/ash.md", "sub/ash"),
        ("entries/the ash.md", "the ash"),
        ("entries/the ash.md", "ash"),
        ("entries/Straße.md", "strasse"),
        ("entries/ash..md", "ash."),
        ("entries/ash.txt", "ash.txt"),
        ("entries/ash.md.md", "ash.md"),
        ("entries/ａｓｈ.md", "ash"),
    ],
)
def test_any_id_can_be_credited(path: str, name: str) -> None:
    history(
        {path: coc("Another"), B: coc("Birch")},
        {B: coc("Birch", credited_parents=name)},
        {path: None},
        {path: coc("Another")},
    )


@pytest.mark.parametrize(
    "credit", ["Ant and Bee&Cat", "Ant & Bee&Cat", "Ant, Bee and Cat", "Ant; Bee&Cat", "[Ant, Bee]"]
)
def test_a_credit_of_several_names_breaks_by_each_of_them(credit: str) -> None:
    parents: dict[str, str | None] = {A: coc("Ant"), B: coc("Bee"), C: coc("Cat")}
    for gone in (A, B, C):
        history({**parents, D: coc("Dogwood", credited_parents=credit)}, {gone: None})
        history({D: coc("Dogwood", credited_parents=credit)}, parents)


def test_links_are_entries() -> None:
    with tempfile.TemporaryDirectory() as folder:
        box = sandbox(Path(folder), git=False)
        box.git("init", "--quiet")
        log = History(box)
        log.commit({A: coc("Ash"), C: coc("Cedar", credited_parents="none")})
        (box.root / B).symlink_to("a.md")
        log.commit({})
        log.commit({C: coc("Cedar", credited_parents="b")})
        log.commit({A: coc("Alder")})
        log.commit({B: None})


def test_unreadable_files_in_between() -> None:
    text = "The very same text."
    history(
        {A: "no front matter", B: coc("Birch", credited_parents="a", body=text)},
        {A: "---\nlayout: coc\nconference: Ash\n", "entries/x.txt": "x"},
        {A: f"---\nlayout: coc\nconference: Ash\n\n{text}\n"},
        {A: "---\n" + "# x\n" * 3000 + f"---\n\n{text}\n"},
        {A: f"\n\n{text}\n"},
        {A: ""},
        {A: None, "entries/x.txt": None},
    )


TITLES = ["Ash", "Birch 2013", "Birch 2014", "The Ash", "Cedar, Elm", "AT&T", "Fir"]
PATHS = [A, B, C, "entries/ash.md", "entries/sub/a.md", "entries/birch-2013.md", "entries/Fir.md"]
URLS = ["", "https://a.example/", "http://www.a.example", "https://a.example/b#c", "nothing"]
DATES = ["", "Jan 01, 2012", "Jan 01, 2013", "2013", "Mar 01, 2014", "unknown"]
BODIES = ["One text.", "One  text.\n", "Another text.", ""]
NAMES = [
    *TITLES,
    "a",
    "ash",
    "birch",
    "Birch",
    "AT",
    "fir.",
    "others",
    "none",
    "Nobody",
    *URLS[1:3],
]
CREDITS = st.one_of(
    st.sampled_from(["", "none", "'Cedar, Elm'"]),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(", ".join),
    st.lists(st.sampled_from(NAMES), min_size=2, max_size=3).map(" & ".join),
)
ENTRIES = st.builds(
    lambda title, alias, day, url, credit, body: coc(
        title,
        also_known_as=alias,
        date_announced=day,
        url=url,
        credited_parents=credit,
        body=body,
    ),
    st.sampled_from(TITLES),
    st.sampled_from(["", "", "Fir", "Ash", "AT"]),
    st.sampled_from(DATES),
    st.sampled_from(URLS),
    CREDITS,
    st.sampled_from(BODIES),
)
COMMITS = st.dictionaries(
    st.sampled_from(PATHS), st.one_of(ENTRIES, ENTRIES, st.none()), min_size=1, max_size=3
)
RENAMES = st.permutations(PATHS).map(lambda paths: (paths[0], paths[1]))


@REPOSITORIES
@given(
    st.dictionaries(st.sampled_from(PATHS), ENTRIES, min_size=2, max_size=5),
    st.lists(st.one_of(COMMITS, RENAMES), min_size=1, max_size=3),
)
def test_both_checks_agree_on_any_history(
    first: dict[str, str], steps: list[dict[str, str | None] | tuple[str, str]]
) -> None:
    files: dict[str, str | None] = dict(first)
    commits: Steps = [dict(first)]
    for step in steps:
        if isinstance(step, tuple):
            old, new = step
            changes: dict[str, str | None] = {}
            if files.get(old):
                changes = {old: None, new: files[old]}
        else:
            changes = step
        commits.append(changes)
        files.update(changes)
    history(*commits)


# Whatever becomes of the file


Answer = tuple[int, str]


def answer(box: Sandbox) -> Answer:
    outcome = box.run("check", "--staged", "-f", "json")
    assert "Traceback" not in outcome.err
    return outcome.code, outcome.out


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sandbox, Answer]:
    """An archive where the staged commit breaks two entries, with a state that knows it, and the
    answer that a state just made has given.
    """
    entries = {f"guild_{number}": entry(f"Guild {number}", "Quay Guild") for number in range(40)}
    with pytest.MonkeyPatch.context() as patch:
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Ann Archivist")
            patch.setenv(f"GIT_{role}_EMAIL", "ann@archivist.example")
        root = tmp_path_factory.mktemp("original")
        made = sandbox(root, git=True, quay_guild=entry("Quay Guild"), **entries)
        for number in range(2, 40):
            text = entry(f"Guild {number}", f"Guild {number - 1}")
            made.write(f"entries/guild-{number}.md", text)
        made.commit()
    made.git("mv", "entries/quay-guild.md", "entries/harbour-guild.md")
    made.write("entries/harbour-guild.md", entry("Harbour Guild"))
    made.write("entries/new-guild.md", entry("New Guild", "Nobody"))
    made.git("add", "--all")
    found = answer(made)
    assert found[0] == 1
    for path in ("guild-0", "guild-1", "new-guild"):
        assert f"entries/{path}.md" in found[1]
    with closing(sqlite3.connect(root / STATE)) as database:
        assert database.execute("SELECT count(*) FROM entry").fetchone()[0] >= 41
    return made, found


@pytest.fixture
def box(tmp_path: Path, original: tuple[Sandbox, Answer]) -> Sandbox:
    """A copy of it to be harmed."""
    shutil.copytree(original[0].root, tmp_path / "copy", symlinks=True)
    return Sandbox(tmp_path / "copy")


@pytest.fixture
def right(original: tuple[Sandbox, Answer]) -> Answer:
    """What every check of it must say."""
    return original[1]


def test_a_known_state_answers_the_same(box: Sandbox, right: Answer) -> None:
    assert answer(box) == right
    (box.root / STATE).unlink()
    assert answer(box) == right
    assert (box.root / STATE).is_file()


def _cut(part: float) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, int(path.stat().st_size * part))


def _overwritten(start: int, stop: int, what: bytes) -> Callable[[Path], None]:
    def overwrite(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[start:stop] = what * (len(data[start:stop]) // len(what))
        path.write_bytes(data)

    return overwrite


def _sql(script: str, *, anew: bool = False) -> Callable[[Path], None]:
    def execute(path: Path) -> None:
        if anew:
            path.unlink()
        with closing(sqlite3.connect(path)) as database:
            database.executescript(script)

    return execute


def _replaced(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def replace(path: Path) -> None:
        path.unlink()
        make(path)

    return replace


def _a_file_for_its_folder(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.write_bytes(b"x")


HARM: dict[str, Callable[[Path], object]] = {
    "empty": _cut(0),
    "cut to a tenth": _cut(0.1),
    "cut to a half": _cut(0.5),
    "cut by a little": _cut(0.99),
    "cut to a page": lambda path: os.truncate(path, 4096),
    "cut to a header": lambda path: os.truncate(path, 100),
    "cut to a byte": lambda path: os.truncate(path, 1),
    "text": lambda path: path.write_bytes(b"not a database\n" * 1000),
    "short text": lambda path: path.write_bytes(b"x"),
    "zeros": lambda path: path.write_bytes(bytes(8192)),
    "a broken header": _overwritten(0, 16, b"\xff"),
    "a broken first page": _overwritten(100, 4096, b"\xa5"),
    "broken pages behind it": _overwritten(4096, 1 << 30, b"\xa5"),
    "zeros behind the first page": _overwritten(4096, 1 << 30, b"\0"),
    "a broken last page": _overwritten(-4096, 1 << 30, b"\0"),
    "a later version": _sql("PRAGMA user_version = 99"),
    "an earlier version": _sql("PRAGMA user_version = -1"),
    "no tables": _sql("DROP TABLE entry; DROP TABLE claim"),
    "no claims": _sql("DROP TABLE claim"),
    "no entries": _sql("DROP TABLE entry"),
    "emptied entries": _sql("DELETE FROM entry"),
    "emptied claims and entries": _sql("DELETE FROM entry; DELETE FROM claim"),
    "another's": _sql("CREATE TABLE a (b); INSERT INTO a VALUES (1)", anew=True),
    "another's with the same names": _sql(
        "CREATE TABLE entry (a, b); CREATE TABLE claim (c); INSERT INTO entry VALUES (1, 2)",
        anew=True,
    ),
    "another's of our version": _sql(
        "CREATE TABLE entry (oid); CREATE VIEW claim AS SELECT 1; PRAGMA user_version = 1",
        anew=True,
    ),
    "views": _sql(
        "CREATE VIEW entry AS SELECT '' oid, '' head, '' digest;"
        "CREATE VIEW claim AS SELECT '' kind, '' key, '' oid",
        anew=True,
    ),
    "columns of other types": _sql(
        "DROP TABLE entry; CREATE TABLE entry (oid BLOB PRIMARY KEY, head BLOB, digest BLOB);"
        "INSERT INTO entry VALUES (x'00', 1, NULL)"
    ),
    "a folder": _replaced(Path.mkdir),
    "a pipe": _replaced(os.mkfifo),
    "a link to nowhere": _replaced(lambda path: path.symlink_to("/nonexistent/state")),
    "a link to nothing": _replaced(lambda path: path.symlink_to("/dev/null")),
    "a loop": _replaced(lambda path: path.symlink_to(path)),
    "gone with its folder": lambda path: shutil.rmtree(path.parent),
    "a file for its folder": _a_file_for_its_folder,
}


@pytest.mark.parametrize("harm", HARM)
def test_a_broken_state_changes_nothing(box: Sandbox, right: Answer, harm: str) -> None:
    HARM[harm](box.root / STATE)
    assert answer(box) == right
    assert answer(box) == right


@pytest.mark.parametrize("harm", ["broken pages behind it", "cut to a page", "text"])
def test_a_broken_state_is_made_anew(box: Sandbox, right: Answer, harm: str) -> None:
    """Else each commit would learn the whole archive again, for ever."""
    HARM[harm](box.root / STATE)
    assert answer(box) == right
    assert answer(box) == right
    with closing(sqlite3.connect(box.root / STATE)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM claim").fetchone()[0] > 40


def test_a_state_that_cannot_be_written(box: Sandbox, right: Answer) -> None:
    path = box.root / STATE
    with closing(sqlite3.connect(path)) as database:
        database.executescript("DELETE FROM entry; DELETE FROM claim")
    for frozen in (path, path.parent):
        done = subprocess.run(["chattr", "+i", str(frozen)], check=False, capture_output=True)
        if done.returncode:
            pytest.skip("files cannot be made immutable here")
        try:
            assert answer(box) == right
        finally:
            subprocess.run(["chattr", "-i", str(frozen)], check=True)


def test_a_state_that_another_holds(box: Sandbox, right: Answer) -> None:
    """A reader does not wait for a reader; who may not write goes on without."""
    with closing(sqlite3.connect(box.root / STATE)) as database:
        database.execute("BEGIN")
        database.execute("SELECT * FROM entry").fetchone()
        assert answer(box) == right


def test_two_at_once_begin_the_state(box: Sandbox, right: Answer) -> None:
    command = [sys.executable, "-m", "archivist", "check", "--staged", "-f", "json"]
    for harm in (HARM["gone with its folder"], HARM["text"], HARM["a later version"]):
        if (box.root / STATE).exists():
            harm(box.root / STATE)
        children = [
            subprocess.Popen(command, cwd=box.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(4)
        ]
        for child in children:
            out, err = child.communicate(timeout=60)
            assert b"Traceback" not in err
            assert (child.returncode, out.decode()) == right
    with closing(sqlite3.connect(box.root / STATE)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# The index itself


def _known(oid: str, *claims: tuple[str, str], head: str = "head") -> Known:
    return Known(oid, head, "digest", claims)


def test_what_is_added_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "state.sqlite3"
    index = EntryIndex(path)
    index.add([_known("1", ("title", "a"), ("url", "b")), _known("2", ("title", "a"))], 2)
    index.add([_known("2", ("title", "c"))], 2)
    for one in (index, EntryIndex(path)):
        assert {"1", "2"} <= one.known()
        assert sorted(one.find("title", "a")) == ["1", "2"]
        assert one.find("url", "b") == ["1"]
        assert one.find("url", "a") == []
        assert one.head("1") == ("head", "digest")
        assert one.head("3") == ("", "")
        one.close()


def test_old_versions_are_forgotten_in_time(tmp_path: Path) -> None:
    index = EntryIndex(tmp_path / "state.sqlite3")
    for batch in range(6):
        oids = [f"{batch}-{number}" for number in range(400)]
        index.add([_known(oid, ("title", oid)) for oid in oids], 10)
        assert set(oids) <= index.known()
        assert len(index.known()) < 1500
    for oid in ("5-0", "0-0"):
        assert index.find("title", oid) == ([oid] if oid in index.known() else [])
    index.close()


@FUZZ
@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=5), st.text())
def test_any_text_can_be_kept(claims: list[tuple[str, str]], head: str) -> None:
    index = EntryIndex(None)
    index.add([_known("1", *claims, head=head)], 1)
    for kind, key in claims:
        assert index.find(kind, key) == ["1"]
    assert index.head("1") == (head, "digest")
    index.close()


def test_an_index_that_is_lost_says_so(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite3"
    index = EntryIndex(path)
    with closing(sqlite3.connect(path)) as database:
        database.executescript("DROP TABLE entry; DROP TABLE claim")
    with pytest.raises(StateLost):
        index.known()
    with pytest.raises(StateLost):
        index.add([_known("1", ("a", "b"))], 1)
    index.close()


def test_where_the_state_lies(tmp_path: Path) -> None:
    """Inside `.git`, one for all work trees of a repository."""
    box = sandbox(tmp_path / "one", quay_guild=entry("Quay Guild"))
    box.git("worktree", "add", "--quiet", "../two")
    first = state_file(Repository(box.root))
    second = state_file(Repository(tmp_path / "two"))
    assert first.resolve() == second.resolve() == box.root / STATE
