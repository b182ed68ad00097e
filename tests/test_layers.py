"""The order of the layers: a module imports only from those before its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import archivist

# Modules and packages, lowest first; those of one line may know each other in this order only.
ORDER = [
    *("errors", "names", "console", "document", "config", "words", "ends", "worddiff", "languages"),
    *("diagnostic", "dates", "addresses", "verdict", "markup", "page"),
    *("fence", "yamlreading", "frontmatter", "fieldlines", "grammar", "plainfront"),
    *("entry", "credit", "archive", "cycles"),
    *("stamps", "files", "choice", "drafts", "state", "net", "repository", "warc"),
    *("schema", "rules", "checking", "fixing", "baseline", "report"),
    *("versions", "extraction", "links", "wayback", "linkreport", "refusal"),
    "capturing",
    *("workspace", "states", "difference", "patches", "blame", "captures", "formats"),
    *("staged", "impact", "inspection", "mending", "scaffold", "importing", "scanning"),
    *("exporting", "snapshot", "backfill", "verifying"),
    "commands",
    *("cli", "__main__"),
]
PACKAGE = Path(archivist.__file__).parent
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem != "__init__"
)


def _top(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def _imports(path: Path) -> Iterator[str]:
    """The top-level modules of archivist that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "archivist":
                yield from (alias.name for alias in node.names if alias.name != "__version__")
            elif node.module.startswith("archivist."):
                yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("archivist."):
                    yield alias.name.split(".")[1]


def test_every_module_has_a_place() -> None:
    assert {_top(path) for path in MODULES} == set(ORDER)


def test_the_design_has_the_same_order() -> None:
    table = (PACKAGE.parent / "docs/design.md").read_text(encoding="utf-8").partition("|---|")[2]
    rows = table[: table.index("| commands |")]
    assert re.findall(r"`(\w+)`", rows) == ORDER[: ORDER.index("commands")]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path: Path) -> None:
    own = ORDER.index(_top(path))
    up = {name for name in _imports(path) if ORDER.index(name) > own}
    assert not up, f"{path.name} imports from a layer above its own"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_are_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert lines <= 40, f"{node.name} has {lines} lines"
