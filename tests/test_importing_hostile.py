"""Sources that were made to do harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from importing_world import archive, commit, git, put, repository, set_home, text, tree

from archivist.errors import ArchivistError
from archivist.files import MAX_SIZE
from archivist.importing import import_archive
from archivist.importing.report import as_text

GOOD = text("Good").encode()


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in set_home(tmp_path / "home").items():
        monkeypatch.setenv(name, value)


def _blob(folder: Path, data: bytes) -> str:
    return git(folder, "hash-object", "-w", "--stdin", stdin=data)


def _tree(folder: Path, *rows: tuple[str, str, bytes]) -> str:
    """A tree of (mode, object, name), written as it is: git itself would refuse some of them."""
    raw = b"".join(
        mode.lstrip("0").encode() + b" " + name + b"\0" + bytes.fromhex(oid)
        for mode, oid, name in sorted(rows, key=lambda row: row[2])
    )
    return git(folder, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=raw)


def _commit(folder: Path, raw: bytes) -> str:
    oid = git(folder, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw)
    git(folder, "update-ref", "refs/heads/main", oid)
    return oid


def _raw(tree_oid: str, rest: bytes, *parents: str) -> bytes:
    lines = [f"tree {tree_oid}", *(f"parent {one}" for one in parents)]
    return "\n".join(lines).encode() + b"\n" + rest


PERSON = b"author A <a@b> 1400000000 +0000\ncommitter A <a@b> 1400000000 +0000\n"


def test_names(tmp_path: Path) -> None:
    there = repository(tmp_path / "source")
    good = _blob(there, GOOD)
    inner = _tree(there, ("100644", good, b"inner.md"))
    names = (b"-n.md", b"--output=x.md", b":(glob)*.md", b"new\nline.md", b"\xff.md", b'"q".md')
    top = _tree(
        there,
        *(("100644", good, name) for name in names),
        *(("40000", inner, name) for name in (b"..", b".git", b".", b"\x1b[31m")),
        ("120000", good, b"link.md"),
        ("160000", good, b"module.md"),
    )
    _commit(there, _raw(top, PERSON + b"\nnames\n"))
    here = archive(tmp_path / "archive")
    results = import_archive(here, there)
    assert {path for path in tree(here) if path.startswith("entries/")} == {
        "entries/31m/inner.md",
        "entries/glob.md",
        "entries/n.md",
        "entries/new-line.md",
        "entries/output-x.md",
        "entries/own-conf.md",
        "entries/q.md",
        "entries/unnamed-708935f9.md",
    }
    reasons = {one.source: one.reason for one in results if one.outcome == "left out"}
    assert reasons == {
        "../inner.md": "hidden",
        ".git/inner.md": "hidden",
        "./inner.md": "hidden",
        "link.md": "a symbolic link",
        "module.md": "a submodule",
    }
    assert "\x1b" not in as_text(results)
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "home", "source"}
    git(here, "fsck", "--strict", "--no-dangling")


def test_large_files(tmp_path: Path) -> None:
    there = repository(tmp_path / "source")
    commit(there, "large", {"a.md": GOOD + b"x" * MAX_SIZE, "b.md": GOOD}, 1)
    commit(there, "small", {"a.md": GOOD + b"y"}, 2)
    commit(there, "large", {"b.md": GOOD + b"x" * MAX_SIZE}, 3)
    here = archive(tmp_path / "archive")
    rows = {one.source: (one.outcome, one.reason) for one in import_archive(here, there)}
    assert rows == {"a.md": ("imported", None), "b.md": ("left out", "larger than 1 MiB")}
    assert "entries/b.md" not in tree(here)
    assert git(here, "log", "--format=%s", "HEAD^2", "--", "entries/b.md").split() == ["large"] * 2
    objects = git(here, "cat-file", "--batch-all-objects", "--batch-check=%(objectsize)")
    assert max(map(int, objects.split())) < MAX_SIZE


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        (b"Ann <a@b> 1 +0100", b"Ann <a@b> 1 +0100"),
        (b"\xc4nn <a@b> 1 +0100", b"\xc4nn <a@b> 1 +0100"),
        (b"<a@b> 1 +0100", b" <a@b> 1 +0100"),
        (b"Ann <<a@b>> 1 +0100", b"Ann <a@b> 1 +0100"),
        (b"Ann a@b 1 +0100", b"Ann a@b <> 1 +0100"),
        (b"Ann <a@b 1 +0100", b"Ann <a@b> 1 +0100"),
        (b"Ann <a@b>1 +0100", b"Ann <a@b> 1 +0100"),
        (b"Ann <a@b> 0001 +051800", b"Ann <a@b> 1 +0000"),
        (b"Ann <a@b> -5 +0100", b"Ann <a@b> 0 +0100"),
        (b"Ann <a@b> 99999999999999999999 +0100", b"Ann <a@b> 0 +0100"),
        (b"Ann <a@b>", b"Ann <a@b> 0 +0000"),
        (b"A\0n\x07n <a@b> 1 +0100", b"Ann <a@b> 1 +0100"),
        (b"", b" <> 0 +0000"),
    ],
)
def test_malformed_authors(tmp_path: Path, line: bytes, mended: bytes) -> None:
    there = repository(tmp_path / "source")
    top = _tree(there, ("100644", _blob(there, GOOD), b"a.md"))
    _commit(there, _raw(top, b"author %s\ncommitter %s\n\nx\n" % (line, line)))
    here = archive(tmp_path / "archive")
    import_archive(here, there)
    raw = os.fsencode(git(here, "cat-file", "commit", "HEAD^2"))
    assert b"\nauthor %s\ncommitter %s\n" % (mended, mended) in raw
    git(here, "fsck", "--strict", "--no-dangling")


def test_headers_are_missing_or_strange(tmp_path: Path) -> None:
    there = repository(tmp_path / "source")
    first = _tree(there, ("100644", _blob(there, GOOD), b"a.md"))
    second = _tree(there, ("100644", _blob(there, GOOD + b"2"), b"a.md"))
    one = _commit(there, _raw(first, b"committer A <a@b> 1 +0000\n\nno author\n"))
    strange = PERSON + b"encoding a b\ngpgsig -----BEGIN\n X\n author no <n@n> 1 +0000\n\nx\n"
    _commit(there, _raw(second, strange, one))
    here = archive(tmp_path / "archive")
    import_archive(here, there)
    assert os.fsencode(git(here, "cat-file", "commit", "HEAD^2")).endswith(PERSON + b"\nx")


def test_messages(tmp_path: Path) -> None:
    there = repository(tmp_path / "source")
    messages = (
        b"encoding ISO-8859-1\n\nK\xf6ln\n",
        b"\nzero \0 byte\ncommit refs/heads/evil\n",
        b"\n" + b"long " * 2_000_000,
        b"\n",
        b"",
    )
    parents: list[str] = []
    for number, message in enumerate(messages):
        blob = _blob(there, GOOD + str(number).encode())
        raw = _raw(_tree(there, ("100644", blob, b"a.md")), PERSON + message, *parents)
        parents = [_commit(there, raw)]
    here = archive(tmp_path / "archive")
    import_archive(here, there)
    told = git(here, "rev-list", "--topo-order", "--reverse", "HEAD^2").split()
    assert git(here, "log", "-1", "--format=%s", told[0]) == "Köln"
    for oid, message in zip(told, messages, strict=True):
        raw = os.fsencode(git(here, "cat-file", "commit", oid))
        assert raw.endswith((PERSON + message).strip())
    assert git(here, "for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_nothing_of_the_source_runs(tmp_path: Path) -> None:
    there = repository(tmp_path / "source")
    canary, script = tmp_path / "ran", tmp_path / "evil"
    put(tmp_path, {"evil": f"#!/bin/sh\necho $0 $@ >> {canary}\nexec cat\n"})
    script.chmod(0o755)
    put(there, {"a.md": GOOD, ".gitattributes": "* filter=evil diff=evil\n"})
    blob = _blob(there, GOOD)
    signature = b"gpgsig -----BEGIN PGP SIGNATURE-----\n X\n\nx\n"
    _commit(there, _raw(_tree(there, ("100644", blob, b"a.md")), PERSON + signature))
    (there / ".git/hooks").mkdir(exist_ok=True)
    for hook in ("pre-commit", "post-checkout", "reference-transaction", "post-index-change"):
        (there / ".git/hooks" / hook).symlink_to(script)
    for key in (
        "core.fsmonitor", "core.sshCommand", "core.editor", "core.pager", "core.hooksPath",
        "core.alternateRefsCommand", "core.gitProxy", "uploadpack.packObjectsHook",
        "diff.external", "diff.evil.textconv", "diff.evil.command", "filter.evil.clean",
        "filter.evil.smudge", "filter.evil.process", "gpg.program", "credential.helper",
        "trailer.x.command", "alias.upload-pack",
    ):  # fmt: skip
        git(there, "config", key, str(script))
    git(there, "config", "log.showSignature", "true")
    here = archive(tmp_path / "archive")
    import_archive(here, there)
    assert not canary.exists()
    git(there, "status")
    assert canary.exists(), "the trap works"


def test_hooks_of_the_archive_do_not_run(tmp_path: Path) -> None:
    here, there = archive(tmp_path / "archive"), repository(tmp_path / "source")
    commit(there, "a", {"a.md": GOOD})
    for hook in ("reference-transaction", "post-index-change", "pre-commit", "post-merge"):
        path = here / ".git/hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        path.chmod(0o755)
    import_archive(here, there)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["evil", "a=b", "UPPER"])
def test_filters_of_the_archive_do_not_run(tmp_path: Path, name: str) -> None:
    here, there = archive(tmp_path / "archive"), repository(tmp_path / "source")
    commit(there, "a", {"a.md": GOOD})
    program = tmp_path / "filter"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
    program.chmod(0o755)
    put(here, {"racy.md": "Written in the second in which the index is written.\n"})
    git(here, "add", "-A")
    git(here, "commit", "-q", "-m", "racy")
    for key in ("clean", "smudge", "process"):
        git(here, "config", f"filter.{name}.{key}", str(program))
    git(here, "config", f"filter.{name}.required", "true")
    (here / ".git/info/attributes").write_text(f"* filter={name}\n")
    written = (here / "racy.md").stat().st_mtime_ns
    os.utime(here / ".git/index", ns=(written, written))  # git cannot trust what it says
    import_archive(here, there)
    assert not (tmp_path / "ran").exists()
    assert git(here, "show", "HEAD:entries/a.md") == GOOD.decode().strip()


def test_settings_that_would_prune(tmp_path: Path) -> None:
    here, there = archive(tmp_path / "archive"), repository(tmp_path / "source")
    commit(there, "a", {"a.md": GOOD})
    git(here, "tag", "mine")
    for key in (
        "fetch.prune",
        "fetch.pruneTags",
        "fetch.writeCommitGraph",
        "transfer.fsckObjects",
        "core.splitIndex",
    ):
        git(here, "config", key, "true")
    import_archive(here, there)
    assert git(here, "tag") == "mine"
    assert git(here, "status", "--porcelain") == ""


def test_broken_sources(tmp_path: Path) -> None:
    here, there = archive(tmp_path / "archive"), repository(tmp_path / "source")
    commit(there, "a", {"a.md": GOOD})
    git(there, "bundle", "create", "../cut.bundle", "main")
    whole = (tmp_path / "cut.bundle").read_bytes()
    (tmp_path / "cut.bundle").write_bytes(whole[:-30])
    blob = git(there, "rev-parse", "HEAD:a.md")
    (there / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for given in (there, tmp_path / "cut.bundle"):
        with pytest.raises(ArchivistError):
            import_archive(here, given)
    assert git(here, "for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_name_of_the_source_cannot_forge_trailers(tmp_path: Path) -> None:
    here = archive(tmp_path / "archive")
    there = repository(tmp_path / "x\n\nArchivist-Text: forged\x1b[31m")
    commit(there, "a", {"a.md": GOOD})
    import_archive(here, there)
    trailers = git(here, "log", "-1", "--format=%(trailers:only)").splitlines()
    assert trailers == [
        "Archivist-Source: x Archivist-Text: forged\\x1b[31m",
        "Archivist-Version: 0.1.0",
    ]


def test_folder_of_traps(tmp_path: Path) -> None:
    here, there = archive(tmp_path / "archive"), tmp_path / "folder"
    deep = there
    for _ in range(600):
        deep = deep / "dd"
        os.mkdir(deep) if deep.parent.exists() else deep.mkdir(parents=True)
    put(there, {"a.md": GOOD, "-b.md": GOOD, "large.md": GOOD + b"x" * MAX_SIZE})
    os.mkfifo(there / "pipe.md")
    (there / "up").symlink_to("..")
    (there / "passwd.md").symlink_to("/etc/passwd")
    Path(os.fsdecode(os.fsencode(there) + b"/\xff.md")).write_bytes(GOOD)
    rows = {one.source: (one.outcome, one.reason) for one in import_archive(here, there)}
    assert rows.pop("\\xff.md") == ("imported", None)
    assert {source: row for source, row in rows.items() if "dd" not in (source or "")} == {
        "a.md": ("imported", None),
        "-b.md": ("imported", None),
        "large.md": ("left out", "larger than 1 MiB"),
        "pipe.md": ("left out", "not a plain file"),
        "up": ("left out", "a symbolic link"),
        "passwd.md": ("left out", "a symbolic link"),
    }
    (too_deep,) = (row for source, row in rows.items() if source and "dd" in source)
    assert too_deep == ("left out", "a folder too far down")
