"""The hooks, run by the real pre-commit on a scratch archive."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from sandbox import Sandbox, entry

ROOT = Path(__file__).parents[1]


def _commit(box: Sandbox) -> subprocess.CompletedProcess[str]:
    scripts = Path(sys.executable).parent
    return subprocess.run(
        ["git", "commit", "--message", "A change"],
        cwd=box.root,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ
        | {"PATH": f"{scripts}:{os.environ['PATH']}", "PRE_COMMIT_HOME": str(box.root / ".cache")},
    )


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    """An archive as `init` begins it, with its hook installed, a parent and a child."""
    box = Sandbox(tmp_path)
    assert box.run("init", "--quiet").code == 0
    box.write(".gitignore", ".cache\n")
    box.write("entries/quay-guild.md", entry("Quay Guild"))
    box.write("entries/mill-guild.md", entry("Mill Guild", parents="Quay Guild"))
    box.commit("Begin")
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"],
        cwd=box.root,
        check=True,
        capture_output=True,
    )
    return box


def test_a_bad_entry_is_blocked_with_what_to_do(box: Sandbox) -> None:
    text = entry("Weir Guild", parents="Quay Gild").replace("Feb 04, 2014", "2014-02-04")
    box.write("entries/weir-guild.md", text)
    box.git("add", ".")
    done = _commit(box)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "entries/weir-guild.md:7:19: error P501: no entry and no source is named" in said
    assert "7 | credited parents: Quay Gild" in said
    assert "did you mean `Quay Guild`?" in said
    assert "= fix: write `Feb 04, 2014` (--fix)" in said


def test_a_good_entry_passes(box: Sandbox) -> None:
    box.write("entries/weir-guild.md", entry("Weir Guild", parents="Quay Guild"))
    box.git("add", ".")
    done = _commit(box)
    assert done.returncode == 0, done.stderr
    assert "Passed" in done.stderr


def test_a_commit_that_only_deletes_a_parent_is_blocked(box: Sandbox) -> None:
    box.git("rm", "--quiet", "entries/quay-guild.md")
    done = _commit(box)
    assert done.returncode == 1
    assert "entries/mill-guild.md:7:19: error P501" in done.stdout + done.stderr


def test_what_is_not_staged_does_not_count(box: Sandbox) -> None:
    box.write("entries/weir-guild.md", entry("Weir Guild", parents="Quay Guild"))
    box.git("add", ".")
    box.write("entries/mill-guild.md", "not staged, and no entry")
    done = _commit(box)
    assert done.returncode == 0, done.stderr
    assert box.read("entries/mill-guild.md") == "not staged, and no entry"


def test_the_fixing_hook_mends_and_stops(box: Sandbox) -> None:
    config = yaml.safe_load(box.read(".pre-commit-config.yaml"))
    hook = next(one for one in _offered() if one["id"] == "archivist-fix")
    config["repos"][0]["hooks"] = [{**hook, "language": "system"}]
    box.write(".pre-commit-config.yaml", yaml.safe_dump(config))
    text = entry("Weir Guild").replace("Feb 04, 2014", "2014-02-04")
    box.write("entries/weir-guild.md", text)
    box.git("add", ".")
    assert _commit(box).returncode == 1
    assert box.read("entries/weir-guild.md") == entry("Weir Guild")
    box.git("add", ".")
    assert _commit(box).returncode == 0


def _offered() -> list[dict[str, object]]:
    hooks: list[dict[str, object]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    return hooks


def test_the_hooks_offered_run_once_and_always() -> None:
    assert [hook["id"] for hook in _offered()] == ["archivist-check", "archivist-fix"]
    for hook in _offered():
        assert hook["always_run"]
        assert hook["pass_filenames"] is False
        assert hook["require_serial"]


@pytest.mark.parametrize("command", ["validate-config", "validate-manifest"])
def test_pre_commit_accepts_the_files(command: str) -> None:
    name = ".pre-commit-config.yaml" if command == "validate-config" else ".pre-commit-hooks.yaml"
    subprocess.run([sys.executable, "-m", "pre_commit", command, str(ROOT / name)], check=True)
