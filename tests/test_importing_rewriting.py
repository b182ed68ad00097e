"""The told history is the source's, commit by commit, with nothing but its entries."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from importing_world import commit, git, put, repository, set_home, text, tree

from archivist.importing.fetching import GitSource, fetched
from archivist.importing.mapping import target, unfit_file
from archivist.importing.rewriting import REF, count_versions, rewrite
from archivist.repository.log import changes, commits

NAMES = ("a.md", "A.md", "entries/a.md", "b c.md", "b-c.md", "d/e.md", "f.md", "g.txt", "README.md")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in set_home(tmp_path / "home").items():
        monkeypatch.setenv(name, value)


def _random_history(folder: Path, seed: int, size: int) -> None:
    """A tangle of commits, roots and merges, in which files come, go and collide."""
    chance = random.Random(seed)
    stream = [b"blob\nmark :100000\ndata 6\nplain\n"]
    trees: list[dict[str, int]] = []
    for number in range(size):
        stream.append(b"blob\nmark :%d\ndata %d\n" % (200000 + number, 13 + len(str(number))))
        stream.append(b"---\nno: %d\n---\n\n" % number)
    for number in range(size):
        count = chance.choice((0, 1, 1, 1, 1, 2, 2, 3)) if number else 0
        parents = chance.sample(range(max(0, number - 6), number), min(count, number, 6))
        files = dict(trees[parents[0]]) if parents else {}
        for _ in range(chance.choice((0, 0, 1, 1, 2, 4))):
            name = chance.choice(NAMES)
            if files.pop(name, None) is None or chance.random() < 0.7:
                files[name] = chance.choice((100000, 200000 + chance.randrange(size)))
        trees.append(files)
        if not parents:
            stream.append(b"reset refs/heads/main\n")
        stream.append(b"commit refs/heads/main\nmark :%d\n" % (number + 1))
        stream.append(b"committer C <c@d> %d +0000\ndata 1\nx\n" % number)
        stream += [
            b"%s :%d\n" % (b"merge" if place else b"from", parent + 1)
            for place, parent in enumerate(parents)
        ]
        stream.append(b"deleteall\n")
        stream += [b"M 100644 :%d %s\n" % (mark, name.encode()) for name, mark in files.items()]
    git(folder, "fast-import", "--quiet", stdin=b"".join(stream))


def _entries(folder: Path, revision: str) -> frozenset[tuple[str, str]]:
    """What the told tree must be, worked out the slow way."""
    found: dict[str, list[str]] = {}
    for path, oid in tree(folder, revision).items():
        fits = unfit_file(path.encode(), "100644") is None
        if fits and git(folder, "cat-file", "blob", oid).startswith("---"):
            found.setdefault(target(path.encode()), []).append(oid)
    return frozenset((path, oids[0]) for path, oids in found.items() if len(oids) == 1)


@pytest.mark.parametrize("seed", range(6))
def test_every_state_is_told(tmp_path: Path, seed: int) -> None:
    there = repository(tmp_path / "source")
    _random_history(there, seed, 40)
    wanted = {_entries(there, oid) for oid in git(there, "rev-list", "main").split()}
    with fetched(there, "source", history=True) as source:
        told = rewrite(source, "")
        own = source.repository.root
        kept = [one.commit.oid for one in told.kept]
        states = {one: frozenset(tree(own, one).items()) for one in kept}
        assert set(states.values()) - {frozenset()} == wanted - {frozenset()}
        assert told.tip is not None
        assert states[told.tip] == _entries(there, "main")
        for one in kept:
            parents = git(own, "rev-parse", f"{one}^@").split()
            assert len(set(parents)) == len(parents)
            assert len(parents) > 1 or states[one] != (states[parents[0]] if parents else None)
        assert told == rewrite(source, "")


@pytest.mark.parametrize("seed", range(6))
def test_versions_are_counted(tmp_path: Path, seed: int) -> None:
    """As they would be if git were asked for the renames of every commit."""
    there = repository(tmp_path / "source")
    _random_history(there, seed, 60)
    counts = Counter[str]()
    with fetched(there, "source", history=True) as source:
        told = rewrite(source, "")
        line = commits(source.repository, REF, first_parent=True)
        for _, found in changes(source.repository, line, renames=True):
            before = {one.origin: counts.pop(_text(one.origin), 0) for one in found if one.origin}
            for one in found:
                if one.oid:
                    counts[_text(one.path)] += 1 + before.get(one.origin or b"", 0)
        assert count_versions(source, told, "") == counts
        assert [one.commit for one in told.kept if one.commit in line] == line


def _text(path: bytes | None) -> str:
    return (path or b"").decode()


def _tell(folder: Path) -> tuple[list[str], dict[str, int]]:
    """The subjects of the told history, newest first, and the versions."""
    with fetched(folder, "source", history=True) as source:
        told = rewrite(source, "")
        if told.tip is None:
            return [], {}
        listing = git(source.repository.root, "log", "--topo-order", "--format=%s", REF)
        return listing.splitlines(), dict(count_versions(source, told, ""))


def test_silent_commits_are_left_out(tmp_path: Path) -> None:
    there = repository(tmp_path / "source")
    commit(there, "readme", {"README.md": "# x\n"}, 1)
    commit(there, "entry", {"a.md": text("A")}, 2)
    commit(there, "readme again", {"README.md": "# y\n"}, 3)
    (there / "a.md").chmod(0o755)
    commit(there, "mode", day=4)
    assert _tell(there) == (["entry"], {"entries/a.md": 1})


def test_no_entry_at_all(tmp_path: Path) -> None:
    there = repository(tmp_path / "source")
    commit(there, "readme", {"README.md": "# x\n"})
    assert _tell(there) == ([], {})


def test_merge_into_a_line_without_entries(tmp_path: Path) -> None:
    there = repository(tmp_path / "source")
    commit(there, "readme", {"README.md": "# x\n"}, 1)
    git(there, "switch", "-qc", "side")
    commit(there, "entry", {"a.md": text("A")}, 2)
    git(there, "switch", "-q", "main")
    git(there, "merge", "-q", "--no-ff", "-m", "join", "side")
    assert _tell(there) == (["entry"], {"entries/a.md": 1})


def test_merge_of_silent_lines_is_no_merge(tmp_path: Path) -> None:
    there = repository(tmp_path / "source")
    commit(there, "entry", {"a.md": text("A")}, 1)
    git(there, "switch", "-qc", "side")
    commit(there, "side", {"x.txt": "x"}, 2)
    git(there, "switch", "-q", "main")
    commit(there, "main", {"y.txt": "y"}, 3)
    git(there, "merge", "-q", "--no-ff", "-m", "join", "side")
    assert _tell(there)[0] == ["entry"]


def test_front_matter_comes_and_goes(tmp_path: Path) -> None:
    there = repository(tmp_path / "source")
    commit(there, "plain", {"a.md": "x\n", "b.md": text("B")}, 1)
    commit(there, "with", {"a.md": "\ufeff---\r\nlayout: coc\r\n---\r\n"}, 2)
    commit(there, "without", {"a.md": "x\n"}, 3)
    commit(there, "with again", {"a.md": text("A")}, 4)
    put(there, {"a.md": None})
    (there / "a.md").symlink_to("b.md")
    commit(there, "link", day=5)
    subjects, versions = _tell(there)
    assert subjects == ["link", "with again", "without", "with", "plain"]
    assert versions == {"entries/a.md": 2, "entries/b.md": 1}


def test_source_type_is_what_it_says(tmp_path: Path) -> None:
    there = repository(tmp_path / "source")
    commit(there, "entry", {"a.md": text("A")})
    with fetched(there, "source", history=True) as source:
        assert isinstance(source, GitSource)
        folder = source.repository.root
        assert folder.exists()
    assert not folder.exists()
