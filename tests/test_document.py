"""Documents of JSON hold nothing that a strict reader refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandbox import entry, sandbox

from archivist.document import dumped, readable

ANY = st.text(st.characters(codec=None), max_size=30) | st.text("a\\ud\udc80\udcff\ud83d\ude00é")


@given(st.recursive(ANY | st.integers() | st.none(), lambda some: st.lists(some, max_size=4)))
def test_a_strict_reader_takes_whatever_is_written(value: object) -> None:
    read = json.loads(dumped(value))
    json.dumps(read, ensure_ascii=False).encode()  # fails for a lone surrogate


@given(st.text(max_size=30))
def test_what_is_utf_8_stays(text: str) -> None:
    assert readable(text) == text
    assert json.loads(dumped({"a": [text, 1, True]}, indent=2)) == {"a": [text, 1, True]}


def test_bytes_and_lone_surrogates_are_shown() -> None:
    assert readable("caf\udce9 \ud800 é") == r"caf\xe9 \ud800 é"


@pytest.mark.parametrize(
    "command",
    [
        *("check --format json", "check --format sarif", "search kind --format json"),
        *("history --format json", "history --format jsonl", "show quay --format json"),
        *("blame quay --format json", "diff quay lake --format json", "verify --format json"),
    ],
)
def test_every_command_writes_it_so(tmp_path: Path, command: str) -> None:
    odd = entry("Quay", body="Be \udcff kind.\n").replace("Quay\n", "Qu\udce9ay\n", 1)
    box = sandbox(tmp_path, quay=odd, lake=entry("Lake", body="Be kind to \udc80 all.\n"))
    box.write("entries/odd\udcff.md", odd.replace("Quay", "Pier"))
    box.commit("An odd name")
    out = box.run(*command.split()).out
    for line in out.splitlines() if "jsonl" in command else [out]:
        json.dumps(json.loads(line), ensure_ascii=False).encode()
