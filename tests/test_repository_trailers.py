"""Trailers as git reads them, whatever a repository configures."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archivist.repository.trailers import trailer_lines

FORMAT = "%(trailers:only=true,unfold=true)%x00"
LINES = [
    *("Key: v", "Other-Key:w", "Key : x", "Key:", "K ey: v", "a=b", "https://quay.example/"),
    *("  goes on", "\tgoes on", "no trailer", "with: a colon", "# a comment", "", " ", "---"),
    *("Signed-off-by: A", "(cherry picked from commit 12)"),
]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


@pytest.mark.parametrize("seed", range(4))
def test_the_same_as_git(empty: Path, seed: int) -> None:
    from random import Random

    random = Random(seed)
    messages = [
        "\n".join(["Subject", *(random.choice(LINES) for _ in range(random.randrange(9)))])
        for _ in range(200)
    ]
    stream = "".join(
        f"commit refs/heads/s{seed}\ncommitter A <a@quay.example> {number} +0000\n"
        f"data {len(message.encode())}\n{message}\n"
        for number, message in enumerate(messages)
    )
    subprocess.run(["git", "fast-import", "--quiet"], cwd=empty, input=stream.encode(), check=True)
    said = subprocess.run(
        ["git", "log", "--reverse", f"--format={FORMAT}", f"s{seed}"],
        cwd=empty,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for message, theirs in zip(messages, said.split("\0"), strict=False):
        assert trailer_lines(message) == [line for line in theirs.split("\n") if line], message


@given(st.text(alphabet="aK:-# \t\r\n\u2028", max_size=40))
def test_each_is_one_line_with_a_key(message: str) -> None:
    for line in trailer_lines(message):
        key, colon, _ = line.partition(": ")
        assert colon
        assert key
        assert "\n" not in line
