"""The generated pages are current, every command is documented, its examples run."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from sandbox import entry, sandbox
from scans import page
from web import Web

from archivist.cli import COMMANDS, command_parser
from docs.generate import FOLDER, pages

README = FOLDER.parent / "README.md"


@pytest.mark.parametrize("name", ["rules.md", "cli.md", "entries.md", "export.md"])
def test_page_is_current(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "run `make docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_readme_names_the_command(name: str) -> None:
    assert f"archivist {name}" in README.read_text(encoding="utf-8")


def _examples() -> list[str]:
    return [
        line.strip()
        for name in COMMANDS
        for line in (command_parser(name).epilog or "").splitlines()
        if line.startswith("  ")
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_ends_with_examples(name: str) -> None:
    assert 2 <= sum(line.startswith(f"archivist {name}") for line in _examples()) <= 3


@pytest.mark.parametrize("example", _examples())
def test_example_runs(example: str, tmp_path: Path, web: Web) -> None:
    box = sandbox(tmp_path / "archive", quay_guild=_served(web, "Quay Guild"))
    if not example.startswith("archivist new"):  # which makes it
        box.write("entries/lantern-conf-2019.md", _served(web, "Lantern Conf 2019"))
    box.write("conduct.txt", "Be kind to each other.\n")
    # The past is asked for where there is one; links do without, and without its pace.
    is_of_the_past = example.startswith("archivist backfill")
    enabled = "true" if is_of_the_past else "false"
    box.write("archivist.toml", web.settings() + f"enabled = {enabled}\n")
    box.commit()
    sandbox(tmp_path / "other-archive", mill_guild=entry("Mill Guild"))
    home = sandbox(tmp_path / "home" / "policies", weir_guild=entry("Weir Guild")).root.parent
    box.git("bundle", "create", "--quiet", "codes.bundle", "main")
    words = [word.replace("~", str(home), 1) for word in shlex.split(example)[1:]]
    outcome = box.run(*words, stdin="Be patient.\n")
    assert outcome.code in (0, 1), outcome.err
    assert "error" not in outcome.err


def _served(web: Web, title: str) -> str:
    """An entry whose page shows its text."""
    text = entry(title)
    name = next(line for line in text.splitlines() if line.startswith("url: ")).split("/")[2]
    shown = page(text.partition("\n\n")[2], title)
    web.host(name).page("/conduct", shown)
    web.wayback.capture(web.url(name, "/conduct"), "20120501000000", shown)
    return text.replace(f"https://{name}/conduct", web.url(name, "/conduct"))
