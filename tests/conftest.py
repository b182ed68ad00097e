"""What all tests share: a home of their own for git, a collector that collects."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from scans import Scans
from web import Web

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.fixture(autouse=True)
def _apart_from_the_machine(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ann Archivist\n\temail = ann@archivist.example\n"
        "[init]\n\tdefaultBranch = main\n[core]\n\tautocrlf = false\n"
    )
    # A run that a script begins in the background ignores it, and so would all that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "GIT_DIR", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    yield
    gc.enable()  # the command line switches it off


@pytest.fixture
def corpus() -> Path:
    """A real archive to run on, where there is one beside the checkout."""
    if not CORPUS.is_dir():
        pytest.skip("the real archive is not here: ../shared/corpus")
    return CORPUS


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A web of its own, whose authority this process and those that it starts trust."""
    with Web() as web:
        for name, value in web.environment().items():
            monkeypatch.setenv(name, value)
        yield web


@pytest.fixture
def scans(tmp_path: Path, web: Web) -> Scans:
    """An archive whose links lie on that web."""
    return Scans(tmp_path / "archive", web)
