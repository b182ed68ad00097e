"""The built wheel, with its run-time dependencies only, and this project's own archive."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from sandbox import Sandbox, entry, sandbox

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `archivist` of a wheel that was built from this tree, in an environment of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--wheel-dir", str(folder), str(ROOT)], check=True)
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    install = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*install, str(next(folder.glob("*.whl")))], check=True)
    return folder / "venv" / "bin" / "archivist"


def test_the_wheel_works_alone(installed: Path, tmp_path: Path) -> None:
    box = sandbox(tmp_path, quay_guild=entry("Quay Guild", parents="Nobody"))
    done = subprocess.run(
        [installed, "check", "-f", "json"], cwd=box.root, capture_output=True, check=False
    )
    assert [one["code"] for one in json.loads(done.stdout)["diagnostics"]] == ["P501"]
    begun = subprocess.run(
        [installed, "init", "new"], cwd=tmp_path, capture_output=True, check=False
    )
    assert begun.returncode == 0
    assert (tmp_path / "new" / "schema" / "coc.schema.json").is_file()


def test_this_archive_has_no_findings() -> None:
    outcome = Sandbox(ROOT).run("check", "--strict", "-f", "json")
    assert outcome.code == 0, outcome.out
    assert json.loads(outcome.out)["summary"]["entries"] >= 10


def test_this_archive_is_on_reserved_names() -> None:
    from archivist.addresses import host
    from archivist.workspace import Workspace

    for one in Workspace(ROOT).entries():
        for key in ("url", "forkable file"):
            if one.value(key):
                assert host(one.value(key)).endswith(".example")
