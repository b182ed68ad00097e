"""Repositories that are broken, incomplete, unusual or hostile, under every command that reads one.

What cannot be read is said, the rest is told, nothing is fetched, and nothing that is configured
runs.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from sandbox import Outcome, Sandbox, entry, sandbox
from test_versions import CANARIES

from archivist.cli import main

A = "Be kind to each other. Bring your own lantern, and share its light."
B = "Be kind to each other. Leave your lantern at the door, and share its light."
PATH = "entries/quay.md"
# Every command that reads a history, of the entry `quay`.
COMMANDS = {
    "history": ("history",),
    "history one": ("history", "quay"),
    "json": ("history", "-f", "json"),
    "json show": ("show", "quay", "-f", "json"),
    "json diff": ("diff", "quay", "-f", "json"),
    "json blame": ("blame", "quay", "-f", "json"),
    "json search": ("search", "lantern", "-f", "json"),
    "patch": ("history", "quay", "--patch"),
    "verify": ("history", "--verify"),
    "show": ("show", "quay"),
    "show at": ("show", "quay", "--at", "2015-06-01"),
    "diff": ("diff", "quay"),
    "blame": ("blame", "quay"),
    "across": ("blame", "quay", "--across"),
    "search": ("search", "--history", "lantern"),
    "export": ("export", "-"),
}


def _quay(body: str, day: str = "Feb 04, 2014") -> str:
    return entry("Quay", body=body).replace("Feb 04, 2014", day)


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    """Two versions of one entry, one of another."""
    box = sandbox(tmp_path / "archive", quay=_quay(A), mill=entry("Mill"))
    box.write(PATH, _quay(B, "Mar 01, 2015"))
    box.commit("Change")
    return box


def _lose(box: Sandbox, revision: str) -> None:
    """Take an object away."""
    oid = box.git("rev-parse", revision).strip()
    (box.root / ".git/objects" / oid[:2] / oid[2:]).unlink()


def _spoil(box: Sandbox, revision: str) -> None:
    """Overwrite a part of an object."""
    oid = box.git("rev-parse", revision).strip()
    path = box.root / ".git/objects" / oid[:2] / oid[2:]
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(10)
        file.write(b"garbage")


def _run(place: Path, *command: str) -> Outcome:
    """What a command says, without a process of its own."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["-C", str(place), *command])
    return Outcome(code, out.getvalue(), err.getvalue())


def _all(place: Path) -> dict[str, Outcome]:
    return {name: _run(place, *command) for name, command in COMMANDS.items()}


def _told(outcomes: dict[str, Outcome]) -> dict[str, str]:
    return {name: one.out for name, one in outcomes.items()}


def _is_whole(outcome: Outcome) -> bool:
    """What a document says of itself; what it notes is on stderr, too."""
    document = json.loads(outcome.out)
    assert [f"note: {one}" for one in document["notes"]] == [
        line for line in outcome.err.splitlines() if line.startswith("note: ")
    ]
    return bool(document["complete"])


def test_nothing_is_lacking(box: Sandbox) -> None:
    for name, one in _all(box.root).items():
        assert "note: " not in one.err, name
        assert "json" not in name or (_is_whole(one) and json.loads(one.out)["notes"] == []), name


@pytest.mark.parametrize("damage", ["lose", "spoil"])
def test_a_missing_text_of_the_past(box: Sandbox, damage: str) -> None:
    box.write(PATH, _quay(f"{B} Or not.", "Apr 01, 2016"))
    box.commit("Go on")
    (_lose if damage == "lose" else _spoil)(box, f"HEAD~2:{PATH}")
    for name, one in _all(box.root).items():
        codes = {"diff": 1, "json diff": 1, "export": 1}
        assert one.code == codes.get(name, 0), (name, one.err)
        assert name == "verify" or "quay: 1 of its texts cannot be read" in one.err, name
        assert "json" not in name or not _is_whole(one), name


def test_a_missing_text_before_that_of_today(box: Sandbox) -> None:
    _lose(box, f"HEAD~1:{PATH}")
    found = _all(box.root)
    assert {name: one.code for name, one in found.items()} == dict.fromkeys(COMMANDS, 0) | {
        "diff": 2,
        "json diff": 2,
        "export": 1,
    }
    assert "unreadable" in found["history"].out
    assert "may be older than it seems" in found["blame"].err
    assert "is too large, or cannot be read" in found["diff"].err
    assert B in found["show"].out
    assert "quay" in found["search"].out
    assert "Leave your lantern" in found["blame"].out


def test_a_missing_text_of_today(box: Sandbox) -> None:
    """What is in the working tree is there to read; in a bare clone it is missing."""
    _lose(box, f"HEAD:{PATH}")
    bare = box.root / ".git"
    found = _all(bare)
    assert "may have replaced it, and cannot be read" in found["show at"].err
    for name in ("show", "diff", "blame", "across"):
        assert found[name].code == 2, name
        assert "cannot be read" in found[name].err, name
    assert found["history"].code == 0
    assert found["export"].code == 1
    assert "quay: 1 of its texts cannot be read" in found["search"].err


@pytest.mark.parametrize("lost", ["HEAD", "HEAD^{tree}"])
def test_a_missing_state_of_today(box: Sandbox, lost: str) -> None:
    """Without that of HEAD there is nothing to tell."""
    _lose(box, lost)
    for name, one in _all(box.root).items():
        assert one.code == 2, name
        assert one.err.startswith("error: "), name
        assert one.out == "" or name == "export", name
        assert lost != "HEAD" or "the commit at HEAD is missing or broken" in one.err
        assert "hint: `git fsck` says what is broken" in one.err, name


@pytest.mark.parametrize("damage", ["lose", "spoil"])
@pytest.mark.parametrize("lost", ["HEAD~2", "HEAD~2^{tree}", "HEAD~2:entries"])
def test_a_missing_commit_or_tree(box: Sandbox, lost: str, damage: str) -> None:
    """What is newer is told, and where history breaks off, as in a shallow clone."""
    box.git("mv", "entries/mill.md", "entries/mill-house.md")
    box.write("entries/mill-house.md", entry("Mill", body="At Mill all are kind. Most of them."))
    box.commit("Move")
    box.write(PATH, _quay(f"{B} Or not.", "Apr 01, 2016"))
    box.commit("Go on")
    end = box.git("rev-parse", "HEAD~1").strip()
    (_lose if damage == "lose" else _spoil)(box, lost)
    found = _all(box.root)
    for name, one in found.items():
        assert one.code == int(name in ("verify", "export", "diff", "json diff")), (name, one.err)
        assert "json" not in name or not _is_whole(one), name
        said = one.out if name == "verify" else one.err
        assert f"({end[:8]}), and what was there before counts as added then" in said, name
    document = json.loads(found["json"].out)
    assert len(document["notes"]) == 1
    assert [(one["entry"], one["kind"], one["rev"] == end) for one in document["versions"]] == [
        *(("quay", "text", False), ("quay", "added", True), ("mill-house", "added", True)),
    ]
    assert "share its light. {+Or\nnot.+}" in found["diff"].out
    assert '"key": "complete", "value": "no"' in found["export"].out
    assert _told(_all(box.root)) == _told(found), "something of it was remembered"


def test_a_break_in_what_was_imported(box: Sandbox, tmp_path: Path) -> None:
    """A history that was imported counts as one commit if it cannot be read; all else is told."""
    other = sandbox(tmp_path / "other", weir=entry("Weir", body=A))
    for number in range(3):
        other.write("entries/weir.md", entry("Weir", body=f"{A} {number}"))
        other.commit(f"Weir {number}")
    assert _run(box.root, "import", str(other.root)).code == 0
    box.git("mv", "entries/mill.md", "entries/mill-house.md")
    box.write("entries/mill-house.md", entry("Mill", body="At Mill all are kind. Most of them."))
    box.commit("Move")
    _lose(box, box.git("log", "--format=%H", "--grep=Weir 0").strip())
    outcome = _run(box.root, "history", "-f", "json")
    assert outcome.code == 0, outcome.err
    document = json.loads(outcome.out)
    assert {(one["entry"], one["kind"]) for one in document["versions"]} == {
        *(("weir", "added"), ("quay", "text"), ("quay", "added")),
        *(("mill-house", "text"), ("mill-house", "added")),
    }
    assert document["complete"] is False
    assert _run(box.root, "history", "--verify").code == 1


def test_a_corrupt_pack(box: Sandbox) -> None:
    """Git answers for most of it and exits with 0; every answer counts."""
    words = " ".join(f"word{number * number}" for number in range(4000))
    box.write("entries/weir.md", entry("Weir", body=words))
    box.commit("Another")
    weir = box.git("rev-parse", "HEAD:entries/weir.md").strip()
    box.git("repack", "-adq")
    index = next((box.root / ".git/objects/pack").glob("*.idx"))
    listing = box.git("verify-pack", "-v", str(index))
    offset = int(next(line for line in listing.splitlines() if line.startswith(weir)).split()[4])
    pack = index.with_suffix(".pack")
    pack.chmod(0o644)
    with pack.open("r+b") as file:
        file.seek(offset + 200)
        file.write(bytes(300))
    (box.root / "entries/weir.md").unlink()
    bare = box.root / ".git"
    found = _all(bare)
    for name in ("history", "show", "diff", "blame", "search"):
        assert found[name].code in (0, 1), found[name].err
    assert "weir: 1 of its texts cannot be read" in found["search"].err
    assert "weir: 1 of its texts cannot be read" in found["export"].err
    assert _run(bare, "show", "weir").code == 2
    rows = [json.loads(line) for line in found["export"].out.splitlines()]
    assert {row["entry"] for row in rows if row["table"] == "versions" and row["text"]} == {
        *("quay", "mill"),
    }


@pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
def test_a_partial_clone(box: Sandbox, tmp_path: Path, kind: str) -> None:
    """It is said to be one, and what it lacks is never fetched."""
    box.git("config", "uploadpack.allowFilter", "true")
    box.git("config", "uploadpack.allowAnySHA1InWant", "true")
    clone = tmp_path / "partial"
    box.git("clone", "-q", "--no-checkout", f"--filter={kind}", box.root.as_uri(), str(clone))
    subprocess.run(["git", "reset", "-q"], cwd=clone, check=False, capture_output=True)
    (clone / "entries").mkdir(exist_ok=True)
    (clone / PATH).write_text(_quay(B, "Mar 01, 2015"))
    (clone / "entries/mill.md").write_text(entry("Mill"))
    packs = sorted((clone / ".git/objects/pack").iterdir())
    found = _all(clone)
    assert sorted((clone / ".git/objects/pack").iterdir()) == packs, "something was fetched"
    for name, one in found.items():
        assert "this clone is partial" in one.err, name
    assert ("history breaks off at 20" in found["history"].err) == (kind == "tree:0")
    assert json.loads(found["json"].out)["complete"] is False
    assert found["history"].code == 0
    assert found["export"].code == 1
    assert '"key": "complete", "value": "no"' in found["export"].out
    for name in ("diff", "show"):
        assert found[name].code == 2
        assert "cannot be read" in found[name].err


def test_a_shallow_clone(box: Sandbox, tmp_path: Path) -> None:
    clone = tmp_path / "shallow"
    box.git("clone", "-q", "--depth=1", box.root.as_uri(), str(clone))
    found = _all(clone)
    for name, one in found.items():
        assert "run `git fetch --unshallow`" in " ".join(one.err.split()), name
        assert "history starts at 20" in one.err, name
    assert not any(_is_whole(found[name]) for name in ("json", "json show", "json search"))
    assert '"key": "complete", "value": "no"' in found["export"].out
    assert "one version only" in found["diff"].err


def test_a_sparse_checkout(box: Sandbox) -> None:
    whole = _told(_all(box.root))
    box.git("sparse-checkout", "set", "--no-cone", "/entries/mill.md")
    assert not (box.root / PATH).exists()
    assert _told(_all(box.root)) == whole


def test_elsewhere(box: Sandbox, tmp_path: Path) -> None:
    """Worktrees, subfolders, a detached HEAD, bare clones: the same is told."""
    whole = _told(_all(box.root))
    box.git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    box.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    (box.root / "entries/sub").mkdir()
    for place in (tmp_path / "tree", box.root / "entries/sub", tmp_path / "bare.git"):
        told = _told(_all(place))
        if place.suffix == ".git":  # where a version is that of HEAD, and not of a file
            for name in ("diff", "blame", "across"):
                told[name] = re.sub(r"quay@\w{10}", "quay (working tree)", told[name])
        assert {name: one for name, one in told.items() if name != "diff"} == {
            name: one for name, one in whole.items() if name != "diff"
        }, place.name
        assert "[-Bring-]{+Leave+}" in told["diff"]


def test_a_bare_repository_has_no_files(box: Sandbox, tmp_path: Path) -> None:
    box.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    for command in (("check",), ("links",), ("snapshot", "quay"), ("import", "x")):
        outcome = _run(tmp_path / "bare.git", *command)
        assert outcome.code == 2
        assert "a bare repository has no files" in outcome.err


def test_sha256(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--object-format=sha256", str(tmp_path / "r")], check=True)
    box = Sandbox(tmp_path / "r")
    for body in (A, B):
        box.write(PATH, _quay(body))
        box.commit()
    for name, one in _all(box.root).items():
        assert one.code in (0, 1), (name, one.err)
    rows = [json.loads(line) for line in _run(box.root, "export", "-").out.splitlines()]
    assert {len(row["rev"]) for row in rows if row["table"] == "versions"} == {64}


def test_uncommitted_edits(box: Sandbox) -> None:
    committed = _run(box.root, "export", "-").out
    box.write(PATH, _quay("Only this is left.", "Apr 01, 2015"))
    box.git("add", PATH)
    box.write("entries/new.md", entry("New", body="Lantern, lantern."))
    found = _all(box.root)
    assert "working tree" in found["history one"].out
    assert found["show"].out.strip() == "Only this is left."
    assert "{+Only this is left.+}" in found["diff"].out
    assert "Only this is left." in found["blame"].out
    assert "new" in found["search"].out
    assert found["export"].out == committed
    assert box.git("diff", "--cached", "--name-only").strip() == PATH


def test_an_edit_that_is_too_large(box: Sandbox) -> None:
    """It is said, and not taken for no edit; what is committed like that is none."""
    committed = _run(box.root, "export", "-").out
    box.write(PATH, _quay(f"{A} " * 20_000))
    found = _all(box.root)
    assert "unreadable  working tree" in found["history one"].out
    assert not _is_whole(found["json"])
    for name in ("show", "diff", "blame"):
        assert found[name].code == 2
        assert "cannot be read" in found[name].err
    assert "quay: 1 of its texts cannot be read" in found["search"].err
    assert (found["export"].code, found["export"].out) == (0, committed)
    box.commit("Grow")
    assert "working tree" not in _run(box.root, "history").out
    assert _run(box.root, "history", "quay").out.count("unreadable") == 1


def test_a_repository_of_somebody_else(box: Sandbox, tmp_path: Path) -> None:
    """Git's mistrust is heard, and the user's word that it is safe is honoured."""
    mistrust = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}  # is dropped on the way to git
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    real = subprocess.run(["which", "git"], capture_output=True, check=True, text=True).stdout
    set_ = "export GIT_TEST_ASSUME_DIFFERENT_OWNER=1"
    wrapper.write_text(f'#!/bin/sh\n{set_}\nexec {real.strip()} "$@"\n')
    wrapper.chmod(0o755)
    path = f"{wrapper.parent}:{os.environ['PATH']}"
    refused = box.run("history", PATH=path, **mistrust)
    assert refused.code == 2
    assert "git does not trust this repository: it is somebody else's" in refused.err
    assert f"git config --global --add safe.directory {box.root}" in refused.err
    home = Path(os.environ["HOME"]) / ".gitconfig"
    home.write_text(home.read_text() + f"[safe]\n\tdirectory = {box.root}\n")
    assert box.run("history", PATH=path).out == _run(box.root, "history").out


@pytest.mark.parametrize("dates", [(0, 4_300_000_000, 86_400), (10**9, 10**9 - 1, 10**9 - 2)])
def test_clocks_that_are_wrong(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, dates: tuple[int, ...]
) -> None:
    """Commits of 1970 and 2106, and of clocks that run backwards: their order is that of git."""
    for number, date in enumerate(dates):
        for name in ("GIT_COMMITTER_DATE", "GIT_AUTHOR_DATE"):
            monkeypatch.setenv(name, f"@{date} +0000")
        box.write(PATH, _quay(f"{A} {number}", "Mar 01, 2015"))
        box.commit(f"Change {number}")
    found = _all(box.root)
    assert all(one.code in (0, 1) for one in found.values())
    document = json.loads(_run(box.root, "history", "quay", "-f", "json").out)
    subjects = [one["subject"] for one in document["versions"]]
    assert subjects == ["Change 2", "Change 1", "Change 0", "Change", "Begin"]
    assert f"{A} 2" in found["show"].out


def test_documents_are_unicode_whatever_the_texts_are(box: Sandbox) -> None:
    r"""Bytes that are not UTF-8 are `\x80` to readers that take no half of a character."""
    for body in (A, A.replace("lantern", "\udcfflantern"), B.replace("lantern", "l\udc80 💀")):
        box.write("entries/odd\udcff.md", _quay(body).replace("Quay", "Qu\udcffay"))
        box.commit("Odd \udcff")
    name = "odd\udcff"
    for command in (
        *(("show", name), ("diff", name), ("blame", name, "--across"), ("search", "share")),
        *(("history", name, "--patch"), ("history", "--patch")),
    ):
        document = json.loads(_run(box.root, *command, "-f", "json").out)
        json.dumps(document, ensure_ascii=False).encode("utf-8")  # raises for half a character
        assert "\\xff" in str(document)
    for line in _run(box.root, "history", "--patch", "-f", "jsonl").out.splitlines():
        json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8")


ODD_NAMES = ["-rf", "--output=x", "a\nb", ":(glob)*", "\udcff", "HEAD", "a b", "ü", "x@2014", '"q"']


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names(box: Sandbox, name: str) -> None:
    path = f"entries/{name}.md"
    for body in (A, B):
        box.write(path, entry("Odd", body=body))
        box.commit()
    for command in (("history",), ("show",), ("diff",), ("blame",), ("search", "lantern")):
        arguments = command if command[0] == "search" else (*command, "--", name)
        outcome = _run(box.root, *arguments)
        assert outcome.code in (0, 1), outcome.err
        assert "\x1b" not in outcome.out
        assert "lantern" in outcome.out or command[0] == "history"
    rows = [json.loads(line) for line in _run(box.root, "export", "-").out.splitlines()]
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    assert {row["entry"] for row in rows if row["table"] == "versions"} >= {shown, "quay"}
    assert not (box.root / "x").exists()


@pytest.mark.parametrize(
    "revision", ["--all", "--output=x", "-n1", "--", "HEAD..HEAD", ":/Change", "@{-1}", "^HEAD", ""]
)
def test_revisions_that_look_like_options(box: Sandbox, revision: str) -> None:
    box.git("update-ref", "refs/heads/--output=x", "HEAD")
    box.git("update-ref", "refs/heads/--all", "HEAD")
    for command in (
        ("show", "quay", f"--rev={revision}"),
        ("show", f"quay@{revision}"),
        ("diff", f"quay@{revision}", "quay"),
    ):
        outcome = _run(box.root, *command)
        assert outcome.code in (0, 1, 2)
        assert "made a mistake" not in outcome.err
    assert not (box.root / "x").exists()


def test_nothing_that_is_configured_runs(box: Sandbox, tmp_path: Path) -> None:
    nest = tmp_path / "nest"
    nest.mkdir()
    program = tmp_path / "canary"
    program.write_text(f'#!/bin/sh\necho x > "{nest}/$1"\ncat\n')
    program.chmod(0o755)
    for name, key in CANARIES.items():
        box.git("config", key, f"{program} {name}")
    for key, value in {
        "filter.bad.process": f"{program} process",
        "merge.bad.driver": f"{program} merge",
        "uploadpack.packObjectsHook": f"{program} pack",
        "credential.helper": f"!{program} credential",
        "core.gitProxy": f"{program} proxy",
        "core.hooksPath": str(box.root / "hooks"),
        "sequence.editor": f"{program} sequence",
        "alias.log": f"!{program} alias",
        "gpg.ssh.program": f"{program} ssh-gpg",
        "gpg.x509.program": f"{program} x509",
        "remote.origin.url": f"ext::{program} ext",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "extensions.partialClone": "origin",
        "protocol.ext.allow": "always",
        "log.showSignature": "true",
        "include.path": str(tmp_path / "included"),
    }.items():
        box.git("config", "--add", key, value)
    (tmp_path / "included").write_text(f"[diff]\n\texternal = {program} included\n")
    (box.root / "hooks").mkdir()
    for name in ("post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc"):
        for folder in (box.root / "hooks", box.root / ".git/hooks"):
            (folder / name).write_text(f"#!/bin/sh\n{program} hook\n")
            (folder / name).chmod(0o755)
    box.write(".gitattributes", "* diff=bad filter=bad merge=bad ident\n")
    (box.root / ".git/info/attributes").write_text("* diff=bad filter=bad\n")
    _lose(box, "HEAD:entries/mill.md")  # which a promisor would be asked for
    for name, one in _all(box.root).items():
        assert one.code in (0, 1), (name, one.err)
    other = sandbox(tmp_path / "other", weir=entry("Weir"))
    assert _run(other.root, "import", str(box.root)).code == 2
    assert list(nest.iterdir()) == []
