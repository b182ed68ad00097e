"""Proofs: what agrees is proven, and whatever is changed afterwards is found and named."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from backfills import MIDDLE, NEW, OLD, Backfills, page
from sandbox import Sandbox, entry, sandbox
from web import Web

from archivist import warc
from archivist.capturing.evidence import evidence_of, path_of
from archivist.capturing.provenance import Exhibit, Provenance, moment
from archivist.capturing.recording import NewVersion, record
from archivist.capturing.texts import body_digest, body_of
from archivist.cli import main
from archivist.extraction import VERSION, Extraction, extract
from archivist.repository import Repository
from archivist.repository.recording import Recorder
from archivist.repository.standing import standing

URL = "http://quay.example/conduct"
WHEN = datetime(2026, 11, 25, 3, tzinfo=UTC)


class Captured:
    """An archive with one entry, which was captured with its evidence."""

    def __init__(self, root: Path, *, prefix: str = "") -> None:
        self.top = sandbox(root, git=False)
        self.top.git("init", "--quiet")
        self.box = Sandbox(root / prefix) if prefix else self.top
        self.box.write("entries/pier.md", entry("Pier"))
        self.box.commit("Begin")
        self.record(NEW)

    def record(self, paragraphs: tuple[str, ...], **changes: Any) -> str:
        """Record a capture of a page that shows these; `changes` are of what its commit says."""
        data = page(paragraphs).encode()
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        hop = warc.Hop(URL, moment(WHEN), "200 OK", headers, data)
        made = extract(data, headers[0][1], address=URL)
        assert isinstance(made, Extraction)
        evidence = evidence_of([changes.pop("hop", hop)], made.text, VERSION)
        text = (
            "---\nlayout: coc\norganization: Quay\ndate announced:\ndate archived: Nov 25, 2026\n"
            f"url: {changes.pop('url', URL)}\n---\n{changes.pop('body', body_of(made.text))}"
        )
        said: dict[str, Any] = {
            "entry": "quay",
            "source": URL,
            "captured": moment(WHEN),
            "text": body_digest(text.partition("---\n")[2].partition("---\n")[2]),
            "evidence": Exhibit(path_of("quay"), warc.digest(evidence)),
            "extractor": VERSION,
        }
        provenance = Provenance(**(said | changes))
        version = NewVersion("entries/quay.md", text.encode(), provenance, "Record quay", evidence)
        with Recorder(standing(Repository(self.box.root))) as recorder:
            return record(recorder, version)

    def verify(self, *arguments: str) -> dict[str, Any]:
        """What `archivist verify` says as JSON, in this process."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = main(["-C", str(self.box.root), "verify", "--format", "json", *arguments])
        found: dict[str, Any] = json.loads(out.getvalue())
        return found | {"code": code}

    def names(self, *arguments: str) -> set[str]:
        """The names of what does not agree."""
        found = self.verify(*arguments)
        names = {one["name"] for row in found["results"] for one in row["findings"]}
        names |= {one["name"] for one in found["repository"]}
        assert found["code"] == bool(names)
        return names


@pytest.fixture
def captured(tmp_path: Path) -> Captured:
    """An archive with a captured entry, and one that never was."""
    return Captured(tmp_path / "archive")


def test_what_agrees_is_proven(captured: Captured) -> None:
    captured.record(MIDDLE)
    document = captured.verify()
    assert document["code"] == 0
    assert [one["outcome"] for one in document["results"]] == ["unrecorded", "proven", "proven"]
    assert document["summary"] == {"proven": 2, "unproven": 0, "broken": 0, "unrecorded": 1}
    outcome = captured.box.run("verify")
    assert outcome.out == "2 versions of 1 entry: 2 proven. 1 present text was never captured.\n"
    outcome = captured.box.run("verify", "pier")
    assert "its present text was never captured" in outcome.out


def _memento(captured: Captured, web: Web, stamp: str) -> str:
    """Commit a memento to the entry, as a run does after its capture."""
    address = f"{web.wayback.url}/web/{stamp}/{URL}"
    text = captured.box.read("entries/quay.md")
    text = text.replace(f"url: {URL}\n", f"url: {URL}\nwayback snapshot: {address}\n")
    captured.box.write("entries/quay.md", text)
    message = f"Add it\n\nArchivist-Entry: quay\nArchivist-Wayback: {address}\n"
    captured.box.git("commit", "--quiet", "--all", "--message", message)
    rates = "second_opinion = 0\nplaybacks_per_minute = 60000\npause = 0\n"
    captured.box.write("archivist.toml", web.settings() + rates)
    return address


def test_a_memento_that_was_added_later_is_asked(captured: Captured, web: Web) -> None:
    _memento(captured, web, "20261125030000")
    web.wayback.capture(URL, "20261125030000", page(NEW).encode())
    assert captured.verify("--remote")["summary"]["proven"] == 1
    web.wayback.captures.everything[:] = []
    web.wayback.capture(URL, "20261125030000", page(OLD).encode())
    found = captured.verify("--remote")
    assert found["code"] == 1
    (row,) = [one for one in found["results"] if one["findings"]]
    assert "shows another text" in row["reason"]
    assert row["rev"] == captured.box.git("rev-parse", "HEAD").strip()
    web.wayback.fail()
    found = captured.verify("--remote")
    assert (found["code"], found["complete"]) == (2, False)
    assert found["remote"] == {"mementos": 1, "answered": 0}


def test_every_commit_with_trailers_must_be_signed(
    captured: Captured, web: Web, tmp_path: Path
) -> None:
    _sign_by_ssh(captured.box, tmp_path)
    captured.box.git("config", "commit.gpgSign", "true")
    captured.box.git("commit", "--quiet", "--amend", "--no-edit")
    captured.box.git("config", "commit.gpgSign", "false")
    _memento(captured, web, "20261125030000")
    assert captured.names("--signed") == {"signature"}


def test_a_day_that_is_changed_later_is_found(captured: Captured) -> None:
    text = captured.box.read("entries/quay.md")
    captured.box.write("entries/quay.md", text.replace("Nov 25, 2026", "Nov 25, 2001"))
    captured.box.commit("Another day")
    assert captured.names() == {"date"}
    captured.box.write("entries/quay.md", text.replace("Quay\n", "Quay Guild\n"))
    captured.box.commit("Another name")
    assert captured.names() == set()


def test_a_page_that_was_accepted_whatever_its_status(captured: Captured) -> None:
    data = page(OLD).encode()
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    hop = warc.Hop(URL, moment(WHEN), "404 Not Found", headers, data)
    captured.record(OLD, hop=hop, accepted="status")
    assert captured.names() == set()
    captured.record(OLD, hop=hop, body=body_of("Other.\n"))
    assert "evidence" in captured.names()


def test_what_is_made_of_an_earlier_page_has_its_source(captured: Captured) -> None:
    moved = "http://weir.example/conduct"
    text = captured.box.read("entries/quay.md")
    captured.box.write("entries/quay.md", text.replace(URL, moved))
    message = f"Moved\n\nArchivist-Entry: quay\nArchivist-Source: {moved}\n"
    captured.box.git("commit", "--quiet", "--all", "--message", message)
    assert captured.names() == set()
    captured.record(NEW, url=moved)
    assert captured.names() == set()
    captured.record(NEW, url=moved, captured=moment(WHEN + timedelta(days=1)))
    assert "source" in captured.names()


def test_an_archive_may_lie_deep_in_its_repository(tmp_path: Path) -> None:
    captured = Captured(tmp_path / "archive", prefix="deep/er")
    assert captured.verify()["summary"]["proven"] == 1
    full = captured.box.root / "evidence/quay.warc"
    full.write_bytes(full.read_bytes().replace(b"tide", b"tice"))
    assert captured.names() == {"uncommitted"}


def test_what_was_recovered_is_proven(tmp_path: Path, web: Web) -> None:
    fills = Backfills(tmp_path / "archive", web)
    fills.capture("20120301000000", OLD)
    memento = fills.capture("20130301000000", MIDDLE)
    assert fills.run().code == 0
    outcome = fills.box.run("verify", "--format", "json")
    assert outcome.code == 0, outcome.out
    summary = json.loads(outcome.out)["summary"]
    assert summary == {"proven": 2, "unproven": 0, "broken": 0, "unrecorded": 1}
    assert fills.box.run("verify", "--remote").code == 0
    web.wayback.captures.everything[1:] = []
    fills.capture("20130301000000", OLD)
    outcome = fills.box.run("verify", "--remote")
    assert outcome.code == 1
    assert memento in outcome.out
    assert "shows another text" in " ".join(outcome.out.split())
    web.wayback.fail()
    outcome = fills.box.run("verify", "--remote")
    assert outcome.code == 2
    assert "could be asked" in outcome.err


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"status": 404}, "shows no text: it is the capture of a 404"),
        ({"mimetype": "image/png"}, "shows no text: the source is image/png"),
        ({"playable": False}, "the Wayback Machine does not show it"),
    ],
)
def test_a_witness_that_does_not_agree(
    tmp_path: Path, web: Web, about: dict[str, Any], words: str
) -> None:
    fills = Backfills(tmp_path / "archive", web)
    fills.capture("20130301000000", MIDDLE)
    assert fills.run().code == 0
    web.wayback.captures.everything.clear()
    fills.capture("20130301000000", MIDDLE, **about)
    outcome = fills.box.run("verify", "--remote", "--no-fsck")
    assert outcome.code == 1
    assert words in " ".join(outcome.out.split())


def test_other_witnesses_are_not_asked(tmp_path: Path, web: Web, captured: Captured) -> None:
    text = captured.box.read("entries/quay.md")
    elsewhere = f"https://weir.example/web/20261125030000/{URL}"
    text = text.replace(f"url: {URL}\n", f"url: {URL}\nwayback snapshot: {elsewhere}\n")
    captured.box.write("entries/quay.md", text)
    message = f"Add it\n\nArchivist-Entry: quay\nArchivist-Wayback: {elsewhere}\n"
    captured.box.git("commit", "--quiet", "--all", "--message", message)
    captured.box.write("archivist.toml", web.settings())
    outcome = captured.box.run("verify", "--remote")
    assert outcome.code == 0, outcome.out
    captured.record(NEW, wayback=f"https://weir.example/web/2026/{URL}")
    outcome = captured.box.run("verify", "--remote")
    assert outcome.code == 1
    assert "full timestamp" in " ".join(outcome.out.split())
    captured.box.write("archivist.toml", "[wayback]\nenabled = false\n")
    assert captured.box.run("verify", "--remote").code == 2


def _loose(box: Sandbox, name: str) -> tuple[Path, bytes]:
    """The file of a loose object, and its content."""
    oid = box.git("rev-parse", name).strip()
    path = box.root / ".git" / "objects" / oid[:2] / oid[2:]
    return path, zlib.decompress(path.read_bytes())


def _flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


_RECORDED = ["HEAD:entries/quay.md", "HEAD:evidence/quay.warc"]
_OTHERS = ["HEAD:entries", "HEAD^{tree}", "HEAD", "HEAD:entries/pier.md", "HEAD~1"]


@pytest.mark.parametrize("name", [*_RECORDED, *_OTHERS])
@pytest.mark.parametrize("kind", ["on the disk", "as if git had stored it"])
def test_a_flipped_bit_in_an_object_is_found(captured: Captured, name: str, kind: str) -> None:
    path, content = _loose(captured.box, name)
    raw = path.read_bytes()
    flipped = _flip(raw, len(raw) // 2)
    if kind != "on the disk":
        flipped = zlib.compress(_flip(content, len(content) - 3))
    path.chmod(0o644)
    path.write_bytes(flipped)
    document = captured.verify()
    assert document["code"] == 1
    said = json.dumps(document)
    assert path.parent.name + path.name in said
    if name in _RECORDED:
        assert name.partition(":")[2] in said


def test_a_missing_object_is_found(captured: Captured) -> None:
    path, _ = _loose(captured.box, "HEAD:evidence/quay.warc")
    path.unlink()
    assert captured.names() == {"object", "evidence"}


def test_a_flipped_bit_in_a_pack_is_found(captured: Captured) -> None:
    captured.record(MIDDLE)
    captured.box.git("repack", "-a", "-d", "-q")
    (pack,) = (captured.box.root / ".git/objects/pack").glob("*.pack")
    pack.chmod(0o644)
    data = pack.read_bytes()
    for place in range(20, len(data) - 20, max(len(data) // 4, 1)):
        pack.write_bytes(_flip(data, place))
        assert captured.verify()["code"] == 1, place


def _rewritten(captured: Captured, change: Callable[[bytes], bytes], path: str) -> None:
    """Commit a file with other bytes, under the message that it had."""
    full = captured.box.root / path
    data = full.read_bytes()
    changed = change(data)
    assert changed != data
    full.write_bytes(changed)
    captured.box.git("commit", "--quiet", "--all", "--amend", "--no-edit")


@pytest.mark.parametrize(
    ("path", "change", "names"),
    [
        ("entries/quay.md", lambda data: data.replace(b"tide", b"tice"), {"text", "edited"}),
        ("entries/quay.md", lambda data: data.replace(b"25, 2026", b"23, 2026"), {"date"}),
        (
            "entries/quay.md",
            lambda data: data.replace(b"url: http://q", b"url: http://k"),
            {"source"},
        ),
        ("evidence/quay.warc", lambda data: data.replace(b"tide", b"tice"), {"evidence"}),
        ("evidence/quay.warc", lambda data: data[:-1], {"evidence"}),
        ("evidence/quay.warc", lambda data: data[:0], {"evidence"}),
    ],
)
def test_a_commit_that_was_made_anew_is_found(
    captured: Captured, path: str, change: Callable[[bytes], bytes], names: set[str]
) -> None:
    _rewritten(captured, change, path)
    assert captured.names() == names


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"text": f"sha256:{'0' * 64}"}, {"text", "edited"}),
        ({"evidence": Exhibit(path_of("quay"), f"sha256:{'0' * 64}")}, {"evidence"}),
        ({"evidence": Exhibit("evidence/pier.warc", f"sha256:{'0' * 64}")}, {"evidence"}),
        ({"evidence": None}, set()),
        ({"extractor": "walker/0"}, {"extractor"}),
        ({"captured": "2026-11-24T03:00:00Z"}, {"date"}),
        ({"source": "http://pier.example/"}, {"source"}),
        ({"wayback": "https://web.archive.org/web/20261125030000/" + URL}, {"wayback"}),
        ({"body": "\nAnother text.\n"}, {"text"}),
        (
            {"hop": warc.Hop(URL, moment(WHEN), "404 Not Found", (), page(NEW).encode())},
            {"evidence"},
        ),
        (
            {"hop": warc.Hop(URL, moment(WHEN), "200 OK", (), page(OLD).encode())},
            {"extractor"},
        ),
        (
            {"hop": warc.Hop("http://evil.example/", moment(WHEN), "200 OK", (), b"<p>x")},
            {"source", "extractor"},
        ),
    ],
)
def test_what_a_commit_says_must_be_so(
    captured: Captured, changes: dict[str, Any], names: set[str]
) -> None:
    captured.record(MIDDLE if "hop" not in changes else NEW, **changes)
    assert captured.names() == names


def test_what_cannot_be_repeated_is_said(captured: Captured, monkeypatch: Any) -> None:
    from archivist import extraction
    from archivist.verifying.act import Proof

    monkeypatch.setattr(extraction, "VERSION", "walker/99")
    report = Proof(captured.box.root).run(["quay"])
    (result,) = report.results
    assert result.outcome == "unproven"
    assert f"{VERSION}, and this is walker/99" in result.reason
    assert not report.is_broken


def test_evidence_beside_the_commits(captured: Captured) -> None:
    data = (captured.box.root / "evidence/quay.warc").read_bytes()
    exhibit = Exhibit("evidence/quay.20261125T030000Z.warc", warc.digest(data))
    rev = captured.record(NEW, evidence=exhibit)
    captured.box.git("rm", "--quiet", "--cached", exhibit.path)
    captured.box.git("commit", "--quiet", "--amend", "--no-edit", "--allow-empty")
    assert captured.names() == set()
    (captured.box.root / exhibit.path).unlink()
    document = captured.verify()
    assert document["code"] == 0
    assert document["summary"]["unproven"] == 1
    (captured.box.root / exhibit.path).write_bytes(_flip(data, 700))
    assert captured.names() == {"evidence"}
    assert rev


def test_edits_are_told_from_captures(captured: Captured) -> None:
    text = captured.box.read("entries/quay.md")
    captured.box.write("entries/quay.md", text.replace("tide", "moon"))
    assert captured.names() == {"uncommitted"}
    captured.box.git("commit", "--quiet", "--all", "--message", "Improve the wording")
    assert captured.names() == {"edited"}
    outcome = captured.box.run("verify")
    assert "the present text is not the one that was captured last" in " ".join(outcome.out.split())
    captured.record(NEW)
    assert captured.names() == set()
    text = captured.box.read("entries/quay.md").replace("date announced:", "date announced: 2026")
    captured.box.write("entries/quay.md", text)
    captured.box.git("commit", "--quiet", "--all", "--message", "Add the date")
    assert captured.names() == set()


def test_a_flipped_bit_in_the_folder_is_found(captured: Captured) -> None:
    for path in ("entries/quay.md", "evidence/quay.warc"):
        full = captured.box.root / path
        data = full.read_bytes()
        full.write_bytes(_flip(data, len(data) - 10))
        assert captured.names() == {"uncommitted"}
        full.write_bytes(data)
    assert captured.names() == set()


def test_only_what_is_named(captured: Captured) -> None:
    _rewritten(captured, lambda data: data.replace(b"tide", b"tice"), "entries/quay.md")
    assert captured.names("entries/quay.md", "--no-fsck") == {"text", "edited"}
    assert captured.names("entries") == {"text", "edited"}
    assert captured.names("pier") == set()
    outcome = captured.box.run("verify", "quai")
    assert outcome.code == 2
    assert "did you mean quay?" in outcome.err


def test_without_git(tmp_path: Path) -> None:
    box = sandbox(tmp_path, git=False, quay=entry("Quay"))
    outcome = box.run("verify")
    assert outcome.code == 2
    assert "no git repository" in outcome.err
    box.git("init", "--quiet")
    assert box.run("verify").out == "No version was captured.\n"


def _sign_by_ssh(box: Sandbox, tmp_path: Path) -> Path:
    """Let commits be signed by a key, which the user believes."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    signers = tmp_path / "signers"
    public = key.with_suffix(".pub").read_text()
    signers.write_text(f"ann@archivist.example {public}")
    for name, value in (
        ("gpg.format", "ssh"),
        ("user.signingKey", str(key)),
        ("gpg.ssh.allowedSignersFile", str(signers)),
    ):
        box.git("config", "--global", name, value)
    return signers


def test_signatures(captured: Captured, tmp_path: Path) -> None:
    signers = _sign_by_ssh(captured.box, tmp_path)
    assert captured.names("--signed") == {"signature"}
    captured.box.git("config", "commit.gpgSign", "true")
    captured.box.git("commit", "--quiet", "--amend", "--no-edit")
    assert captured.names("--signed") == set()
    captured.box.write("archivist.toml", "[verify]\nrequire_signatures = true\n")
    assert captured.names() == set()
    signers.write_text("")
    assert captured.names() == {"signature"}


def test_nothing_that_the_repository_configures_runs(captured: Captured, tmp_path: Path) -> None:
    signers = _sign_by_ssh(captured.box, tmp_path)
    captured.box.git("config", "commit.gpgSign", "true")
    captured.box.git("commit", "--quiet", "--amend", "--no-edit")
    canary, program = tmp_path / "ran", tmp_path / "evil"
    program.write_text(f"#!/bin/sh\ntouch {canary}\nexec cat\n")
    program.chmod(0o755)
    for name in ("gpg.program", "gpg.ssh.program", "gpg.openpgp.program", "gpg.x509.program"):
        captured.box.git("config", name, str(program))
    for name in ("core.fsmonitor", "core.pager", "diff.external", "core.alternateRefsCommand"):
        captured.box.git("config", name, str(program))
    captured.box.git("config", "filter.evil.smudge", str(program))
    captured.box.git("config", "diff.evil.textconv", str(program))
    (captured.box.root / ".git/info/attributes").write_text("* filter=evil diff=evil\n")
    # A stranger's file of signers is not believed either.
    other = tmp_path / "strangers"
    other.write_text(signers.read_text())
    captured.box.git("config", "gpg.ssh.allowedSignersFile", str(other))
    signers.write_text("")
    assert captured.names("--signed") == {"signature"}
    signers.write_text(other.read_text())
    other.write_text("")
    assert captured.names("--signed") == set()
    assert not canary.exists()


def test_hostile_trailers(captured: Captured) -> None:
    message = (
        "Evil\n\nArchivist-Entry: ../../etc/passwd\nArchivist-Text: sha256:0\n"
        f"Archivist-Evidence: ../../../etc/passwd sha256:{'0' * 64}\n"
    )
    captured.box.git("commit", "--quiet", "--allow-empty", "--message", message)
    message = (
        "Evil\n\nArchivist-Entry: quay\x1b[31m\nArchivist-Extractor: x\n"
        f"Archivist-Evidence: evidence/../x sha256:{'0' * 64}\nArchivist-Captured: 9999-99\n"
    )
    captured.box.git("commit", "--quiet", "--allow-empty", "--message", message)
    message = "Evil\n\nArchivist-Entry: quay\nArchivist-Wayback: http://\\x\n"
    captured.box.git("commit", "--quiet", "--allow-empty", "--message", message)
    outcome = captured.box.run("verify")
    assert outcome.code == 1
    assert "\x1b" not in outcome.out
    assert "root:" not in outcome.out


def test_it_takes_few_processes(captured: Captured, tmp_path: Path) -> None:
    for number in range(6):
        captured.record((*OLD, f"Boats of month {number} leave first."))
    real = subprocess.run(["which", "git"], capture_output=True, check=True, text=True).stdout
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text(
        f'#!/bin/sh\necho x >> {tmp_path}/count\nexec {real.strip()} "$@"\n'
    )
    (folder / "git").chmod(0o755)
    outcome = captured.box.run("verify", PATH=f"{folder}:{os.environ['PATH']}")
    assert outcome.code == 0
    assert "7 proven" in outcome.out
    assert (tmp_path / "count").read_text().count("x") <= 10


@pytest.mark.parametrize("name", ["quay", "Quay", "the QUAY", "entries/quay.md", URL])
def test_an_entry_by_any_name(captured: Captured, name: str) -> None:
    found = captured.verify(name)
    assert (found["code"], [one["entry"] for one in found["results"]]) == (0, ["quay"])
