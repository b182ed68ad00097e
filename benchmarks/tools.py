"""The tools that are measured: installing them, and the commands that run them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import Tool, environment, progress

ROOT = Path(__file__).parent.parent
REMARK_PACKAGES = ("remark-cli", "remark-frontmatter", "remark-lint-frontmatter-schema")
_LAYOUTS = {"coc": "./entries/*.md", "policy": "./entries/policies/*.md"}
_LAYOUTS |= {"source": "./entries/sources/*.md"}
_DRAFT_07 = "http://json-schema.org/draft-07/schema#"


def run(*command: str | Path, folder: Path | None = None) -> str:
    """What a command that is not measured prints. Raises CalledProcessError."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout


def make(kind: str, folder: Path, count: int, seed: int, *options: str) -> Path:
    """Made-up data, by another process: what is large there must not count here."""
    progress(f"making {count} {kind} files")
    shutil.rmtree(folder, ignore_errors=True)
    numbers = ("--entries", str(count), "--seed", str(seed))
    run(sys.executable, "-m", "benchmarks.generate", kind, folder, *numbers, *options, folder=ROOT)
    return folder


def install_archivist(cache: Path) -> Path:
    """This checkout as a wheel in its own virtualenv; the folder of its programs."""
    programs = virtualenv(cache / "archivist", str(ROOT))
    pip = (programs / "python", "-m", "pip", "install", "-qq")
    run(*pip, "--force-reinstall", "--no-deps", ROOT)
    run(programs / "python", "-m", "compileall", "-q", programs.parent / "lib")
    return programs


def install_check_jsonschema(cache: Path) -> Path:
    """check-jsonschema from PyPI; the folder of its programs."""
    return virtualenv(cache / "check-jsonschema", "check-jsonschema")


def install_remark(cache: Path) -> Path:
    """The program remark and its plugins from npm; their folder."""
    folder = cache / "remark"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules").is_dir():
        progress("installing remark")
        (folder / "package.json").write_text('{"private": true}\n')
        run(
            "npm", "install", "--silent", "--no-fund", "--no-audit", *REMARK_PACKAGES, folder=folder
        )
    return folder


def archivist_check(programs: Path, archive: Path, *, dirty: bool = False) -> Tool:
    """The full check. `--strict`: in the clean archive there must not be a single warning."""
    name = f"archivist check{', an archive full of mistakes' if dirty else ''}"
    command = (str(programs / "archivist"), "check", "--strict")
    return Tool(name, archive, (command,), expected=int(dirty))


def check_peps(script: Path, folder: Path) -> Tool:
    """The script of python/peps, which looks for PEPs in the folder `peps` beside itself."""
    own = folder / "check-peps.py"
    shutil.copyfile(script, own)
    return Tool("check-peps.py", folder, ((sys.executable, str(own)),), goal=1)


def check_jsonschema(programs: Path, archive: Path, folder: Path) -> Tool:
    """One run a layout: it takes one schema at a time."""
    commands = []
    for layout in _LAYOUTS:
        files = sorted(f"{layout}/{item.name}" for item in os.scandir(folder / layout))
        schema = archive / "schema" / f"{layout}.schema.json"
        program = str(programs / "check-jsonschema")
        commands.append((program, "--schemafile", str(schema), *files))
    return Tool("check-jsonschema, the front matter only", folder, tuple(commands), goal=5)


def remark(installed: Path, archive: Path, runs: int) -> Tool:
    """The program remark, on the entries themselves; its plugin knows drafts up to 07."""
    for layout in _LAYOUTS:
        text = (archive / "schema" / f"{layout}.schema.json").read_text()
        (archive / "draft-07").mkdir(exist_ok=True)
        schema = json.loads(text) | {"$schema": _DRAFT_07}
        (archive / "draft-07" / f"{layout}.schema.json").write_text(json.dumps(schema))
    globs = {f"./draft-07/{layout}.schema.json": [glob] for layout, glob in _LAYOUTS.items()}
    plugins = ["remark-frontmatter", ["remark-lint-frontmatter-schema", {"schemas": globs}]]
    settings = installed / ".remarkrc.json"
    settings.write_text(json.dumps({"plugins": plugins}))
    program = str(installed / "node_modules" / ".bin" / "remark")
    options = ("--rc-path", str(settings), "--frail", "--no-stdout", "--quiet")
    return Tool("remark", archive, ((program, *options, "entries"),), runs=runs, goal=50)


def versions_in(programs: Path, wanted: Sequence[str]) -> list[str]:
    """`name version` of packages in a virtualenv."""
    listed = json.loads(run(programs / "python", "-m", "pip", "list", "--format", "json"))
    return [f"{one['name']} {one['version']}" for one in listed if one["name"].lower() in wanted]


def versions_of_remark(installed: Path) -> list[str]:
    """`name version` of remark, its plugins and node."""
    found = []
    for name in REMARK_PACKAGES:
        about = json.loads((installed / "node_modules" / name / "package.json").read_text())
        found.append(f"{name} {about['version']}")
    return [*found, f"node {run('node', '--version').strip().removeprefix('v')}"]


def virtualenv(folder: Path, requirement: str) -> Path:
    """A virtualenv with this in it, made if it is not there; the folder of its programs."""
    programs = folder / "bin"
    if not (programs / "python").exists():
        progress(f"installing {Path(requirement).name}")
        run(sys.executable, "-m", "venv", folder)
        run(programs / "python", "-m", "pip", "install", "-qq", requirement)
    return programs
