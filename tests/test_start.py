"""What a command does not import before it is needed: the start is most of what a short one costs.

`dataclasses` brings inspect, ast, dis and tokenize along.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sandbox import Sandbox, entry, sandbox, unmeasured

_CODES = frozenset(("dataclasses", "inspect", "ast", "tokenize"))
_HEAVY = _CODES | {"yaml", "pycurl", "selectolax", "warcio", "pypdf", "markdown_it", "rapidfuzz"}
_READING = {"jsonschema_rs", "tomllib", "archivist.grammar", "archivist.diagnostic"}
_OTHERS = {
    ("--help",): {"subprocess", "hashlib", "json", "sqlite3", "pathlib", "jsonschema_rs"},
    ("check", "--staged"): {"tomllib", "archivist.config.scan", "archivist.net"},
    ("history",): _READING | {"unicodedata"},
    ("history", "quay"): _READING | {"unicodedata"},
    ("links", "--history"): {"jsonschema_rs", "tomllib", "archivist.extraction"},
    ("show", "quay"): {"jsonschema_rs", "tomllib"},
}


@pytest.mark.parametrize("command", _OTHERS, ids=" ".join)
def test_what_is_not_needed_is_not_imported(command: tuple[str, ...], tmp_path: Path) -> None:
    box = sandbox(tmp_path / "archive", quay=entry("Quay"), kiln=entry("Kiln", "Quay"))
    box.write("entries/quay.md", entry("Quay", body="At Quay all are kind, and the tide comes in."))
    box.git("add", "--all")
    imported = _imported(box, *command)
    assert "archivist.cli" in imported
    assert sorted(imported & (_HEAVY | _OTHERS[command])) == []


def test_no_annotation_is_compiled_for_a_history(tmp_path: Path) -> None:
    """The first `compile` of a process makes all classes of syntax trees; `eval`, by which a named
    tuple gets its constructor, does not.
    """
    box = sandbox(tmp_path / "archive", quay=entry("Quay"), kiln=entry("Kiln", "Quay"))
    hook = (
        "import sys; sys.addaudithook(lambda name, given: print(given[0], file=sys.stderr)"
        " if name == 'compile' and given[1] == '<string>' and given[0][:6] != b'lambda' else None)"
        "; from archivist.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    for arguments in (["history", "quay"], ["history"], ["history"]):
        done = subprocess.run(
            [sys.executable, "-c", hook, *arguments],
            cwd=box.root,
            capture_output=True,
            check=False,
            env=unmeasured(),
        )
        assert (done.returncode, done.stderr) == (0, b"")


def test_what_only_a_first_history_needs(tmp_path: Path) -> None:
    box = sandbox(tmp_path / "archive", quay=entry("Quay"))
    time.sleep(2.1)  # younger files are read each time
    first = {"hashlib", "archivist.plainfront", "archivist.repository.log"}
    assert first <= _imported(box, "history")
    assert first & _imported(box, "history") == set()


def test_quotes_and_lists_of_the_usual_form_are_read_without_yaml(tmp_path: Path) -> None:
    kiln = entry("Kiln", "\n  - 'Quay #1'\n  - Mole")
    box = sandbox(tmp_path / "archive", quay=entry('"Quay #1"'), mole=entry("Mole"), kiln=kiln)
    assert "yaml" not in _imported(box, "check", "--strict")


def _imported(box: Sandbox, *command: str) -> set[str]:
    """The modules that a command imports, by what Python says of them."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "archivist", *command],
        cwd=box.root,
        capture_output=True,
        check=False,
        env=unmeasured(),
    )
    assert done.returncode == 0, done.stderr
    lines = done.stderr.decode().splitlines()
    return {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
