"""What is remembered of a history: it is quicker, and it is never anything else."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from sandbox import Sandbox, entry, obey_modes, sandbox, unmeasured

from archivist.repository.objects import read_ended
from archivist.repository.process import Repository
from archivist.versions import History, Version, studying

INDEX = Path(".git/archivist/history.sqlite3")
WORDS = ["all", "are", "kind", "bring", "lantern", "quay", "door", "light", "share", "stay"]


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    made = sandbox(tmp_path / "archive", quay=entry("Quay"), mill=entry("Mill"))
    change(made, "quay", "Quay is kind.")
    return made


def change(box: Sandbox, name: str, body: str, archived: str = "Feb 04, 2014") -> None:
    box.write(f"entries/{name}.md", entry("Quay", body=body).replace("Feb 04, 2014", archived))
    box.commit(f"Change {name}")


def anew(box: Sandbox) -> list[Version]:
    """The versions as they are without any memory; that of the archive stays as it is."""
    folder = box.root / INDEX.parent
    aside = folder.with_name("aside")
    if folder.exists():
        folder.rename(aside)
    try:
        return History(box.root).versions()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if aside.exists():
            aside.rename(folder)


def recalled(box: Sandbox) -> list[Version]:
    """The versions as they are told now, the same as without memory."""
    found = History(box.root).versions()
    assert found == anew(box)
    return found


def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands of git that are run from now on."""
    commands: list[str] = []
    usual = Repository._command

    def command(self: Repository, arguments: list[str]) -> list[str]:
        commands.append(
            next(one for one in arguments if not one.startswith("-") and "=" not in one)
        )
        return usual(self, arguments)

    monkeypatch.setattr(Repository, "_command", command)
    return commands


def test_few_processes_and_none_for_texts_that_are_known(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = asked(monkeypatch)
    first = History(box.root).versions()
    assert sorted(commands) == ["cat-file", "log", "ls-tree", "rev-parse"]
    commands.clear()
    assert History(box.root).versions() == first
    assert commands == ["rev-parse"]
    change(box, "mill", "Mill is kind.")
    commands.clear()
    assert len(History(box.root).versions()) == len(first) + 1
    assert sorted(commands) == ["cat-file", "log", "rev-parse"]


def test_one_entry_is_told_without_the_others(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = asked(monkeypatch)
    assert len(History(box.root).versions("quay")) == 2
    # The path's log, and whether its id was in another folder before, or an import came after it.
    assert sorted(commands) == ["cat-file", "log", "log", "log", "ls-tree", "rev-parse"]
    commands.clear()
    blobs = asked_for(monkeypatch)
    History(box.root).versions("quay")
    assert len(blobs) == 2


def test_a_return_is_told_though_the_earlier_text_was_read_in_another_run(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(box, "quay", "Quay is good.", "Feb 05, 2014")
    assert not any(one.returns_to for one in recalled(box))
    change(box, "quay", "Quay is kind.", "Feb 06, 2014")
    told = recalled(box)
    assert [one.returns_to for one in told if one.returns_to] == [
        box.git("rev-parse", "HEAD~2").strip()
    ]
    change(box, "quay", "Quay is good.", "Feb 07, 2014")
    blobs = asked_for(monkeypatch)
    assert len([one for one in History(box.root).versions() if one.returns_to]) == 2
    assert sorted(blobs) == sorted(
        box.git("rev-parse", f"{rev}:entries/quay.md").strip() for rev in ("HEAD", "HEAD~1")
    )


def test_digests_are_remembered_without_the_timelines(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, word in enumerate(("good", "kind", "good"), 5):
        change(box, "quay", f"Quay is {word}.", f"Feb {day:02}, 2014")
    told = recalled(box)
    assert any(one.returns_to for one in told)
    _execute(box.root / INDEX, "DELETE FROM line")
    blobs = asked_for(monkeypatch)
    assert History(box.root).versions() == told
    assert blobs == []


def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The blobs that are read from now on."""
    blobs: list[str] = []

    def read(repository: Repository, oids: list[str], limit: int) -> Iterator[bytes | None]:
        blobs.extend(oids)
        return read_ended(repository, oids, limit)

    monkeypatch.setattr(studying, "read_ended", read)
    return blobs


def _random_commit(box: Sandbox, random: Random, number: int) -> None:
    entries = sorted((box.root / "entries").rglob("*.md"))
    path = random.choice(entries)
    way = random.randrange(9)
    text = path.read_text()
    if way < 3:
        words = text.split(" ")
        words[random.randrange(len(words))] = random.choice(WORDS)
        path.write_text(" ".join(words))
    elif way == 3:
        path.write_text(text.replace("2014", str(random.randrange(2009, 2020)), 1))
    elif way == 4:
        path.rename(path.with_name(f"r{number}.md"))
    elif way == 5 and len(entries) > 2:
        path.unlink()
    elif way == 6:
        (box.root / f"entries/n{random.randrange(6)}.md").write_text(entry(f"New {number}"))
    elif way == 7:
        outside = box.root / "drafts"
        outside.mkdir(exist_ok=True)
        drafts = sorted(outside.iterdir())
        if drafts:
            drafts[0].rename(box.root / f"entries/d{number}.md")
        else:
            path.rename(outside / f"o{number}.md")
    else:
        box.git("switch", "-qc", f"side{number}")
        path.write_text(text + "\nAnd a side.\n")
        box.commit("Side")
        box.git("switch", "-q", "main")
        box.git("merge", "-q", "--no-ff", "-m", "Merge", f"side{number}")
        return
    box.git("add", "--all")
    box.git("commit", "-q", "--allow-empty", "-m", f"Commit {number}")


@pytest.mark.parametrize("seed", range(4))
def test_going_on_is_the_same_as_beginning_anew(box: Sandbox, seed: int) -> None:
    random = Random(seed)
    for number in range(24):
        _random_commit(box, random, number)
        if random.random() < 0.3:
            recalled(box)
        if random.random() < 0.2:
            box.git("reset", "-q", "--hard", f"HEAD~{random.randrange(1, 3)}")
    history = History(box.root)
    assert history.verify() == []
    whole = recalled(box)
    for name in sorted({one.entry for one in whole}):
        shutil.rmtree(box.root / INDEX.parent, ignore_errors=True)
        alone = History(box.root).versions(name)
        together = History(box.root)
        _ = together.chains
        # Along its own path an entry's turns are counted by themselves.
        expected = [one._replace(turn=0) for one in together.versions(name)]
        assert [one._replace(turn=0) for one in alone] == expected


def test_other_branches_and_rewritten_history(box: Sandbox) -> None:
    recalled(box)
    box.git("switch", "-qc", "other", "HEAD~1")
    change(box, "mill", "Another mill.")
    recalled(box)
    box.git("switch", "-q", "main")
    recalled(box)
    box.git("commit", "-q", "--amend", "-m", "Rewritten")
    assert {one.subject for one in recalled(box)} == {"Begin", "Rewritten"}
    box.git("reflog", "expire", "--expire=now", "--all")
    box.git("branch", "-qD", "other")
    box.git("gc", "-q", "--prune=now")
    recalled(box)


def test_uncommitted_edits_are_not_remembered(box: Sandbox) -> None:
    edited = entry("Quay", body="Quay is edited.")
    box.write("entries/quay.md", edited)
    box.write("entries/new.md", entry("New"))
    assert [one.rev for one in recalled(box)].count(None) == 2
    box.git("checkout", "-q", "entries/quay.md")
    (box.root / "entries/new.md").unlink()
    assert None not in [one.rev for one in recalled(box)]


def _garbage(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _other_version(path: Path) -> None:
    _execute(path, "PRAGMA user_version = 99")


def _lost_table(path: Path) -> None:
    _execute(path, "DROP TABLE chain")


def _false_story(path: Path) -> None:
    _execute(path, "UPDATE chain SET story = '[]'")


def _false_facts(path: Path) -> None:
    _execute(path, "DELETE FROM line; UPDATE lore SET data = '[]'")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "elsewhere")


def _execute(path: Path, script: str) -> None:
    database = sqlite3.connect(path)
    database.executescript(script)
    database.close()


@pytest.mark.parametrize(
    "harm",
    [_garbage, _cut, _other_version, _lost_table, _false_story, _false_facts, _folder, _link],
)
def test_a_broken_index_is_done_without(box: Sandbox, harm: Callable[[Path], None]) -> None:
    first = recalled(box)
    harm(box.root / INDEX)
    assert History(box.root).versions() == first
    change(box, "mill", "Mill is kind.")
    assert len(recalled(box)) == len(first) + 1
    assert not (box.root / INDEX.parent / "elsewhere").exists()


def test_a_locked_index_is_done_without(box: Sandbox) -> None:
    first = recalled(box)
    change(box, "mill", "Mill is kind.")
    database = sqlite3.connect(box.root / INDEX, isolation_level=None)
    for lock in ("BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"):
        database.execute(lock)
        assert len(History(box.root).versions()) == len(first) + 1
        database.execute("ROLLBACK")
    database.close()
    recalled(box)


def test_a_lock_is_waited_for_once(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    recalled(box)
    waits: list[float] = []
    usual = sqlite3.connect

    def connect(path: Path, timeout: float) -> sqlite3.Connection:
        waits.append(timeout)
        return usual(path, timeout=timeout / 20)

    with closing(sqlite3.connect(box.root / INDEX, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        monkeypatch.setattr(sqlite3, "connect", connect)
        History(box.root).versions()
    assert len(waits) == 1


def test_where_nothing_can_be_written(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    first = anew(box)
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert History(box.root).versions() == first
    assert not (box.root / INDEX).exists()


@pytest.mark.parametrize("mode", [0o555, 0o444, 0])
def test_an_index_that_is_somebody_elses(box: Sandbox, mode: int) -> None:
    command = [sys.executable, "-m", "archivist", "history", "-f", "jsonl"]
    recalled(box)
    change(box, "mill", "Mill is kind.")
    (box.root / INDEX).chmod(0o444)
    (box.root / INDEX.parent).chmod(mode)
    try:
        done = subprocess.run(
            command,
            cwd=box.root,
            capture_output=True,
            check=False,
            preexec_fn=obey_modes,
            env=unmeasured(),
        )
    finally:
        (box.root / INDEX.parent).chmod(0o755)
    assert done.stderr == b""
    assert done.stdout.decode() == box.run("history", "-f", "jsonl").out


def test_several_runs_at_once(box: Sandbox) -> None:
    command = [sys.executable, "-m", "archivist", "history", "-f", "jsonl"]
    for number in range(3):
        change(box, "mill", f"Mill is kind {number} times.")
        running = [
            subprocess.Popen(command, cwd=box.root, stdout=subprocess.PIPE) for _ in range(4)
        ]
        said = {one.communicate()[0] for one in running}
        assert len(said) == 1
        assert all(one.returncode == 0 for one in running)
    recalled(box)


def test_what_was_learnt_is_lost_with_the_timelines(box: Sandbox) -> None:
    first = recalled(box)
    _execute(box.root / INDEX, "DELETE FROM lore; DELETE FROM line")
    assert recalled(box) == first


def test_a_pair_that_is_known_without_its_texts(box: Sandbox) -> None:
    known, fresh = History(box.root), History(box.root)
    first = known.versions()
    (box.root / INDEX).unlink()
    fresh.knowledge.pairs |= known.knowledge.pairs
    assert fresh.knowledge.pairs
    assert fresh.versions() == first
    assert all(one.is_readable for one in first)


def test_what_cannot_be_read_now_is_asked_for_again(box: Sandbox) -> None:
    oid = box.git("rev-parse", "HEAD:entries/quay.md").strip()
    path = box.root / ".git/objects" / oid[:2] / oid[2:]
    data = path.read_bytes()
    path.unlink()
    assert not all(one.is_readable for one in History(box.root).versions())
    path.write_bytes(data)
    assert all(one.is_readable for one in recalled(box))


def test_archives_in_folders_of_one_repository(tmp_path: Path) -> None:
    box = Sandbox(tmp_path)
    box.git("init", "-q")
    for name in "ab":
        box.write(f"{name}/entries/quay.md", entry(f"Quay {name}"))
    box.commit()
    for _ in range(2):
        for name in "ab":
            (found,) = History(tmp_path / name).versions()
            assert found.oid == box.git("rev-parse", f"HEAD:{name}/entries/quay.md").strip()
