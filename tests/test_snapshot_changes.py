"""`archivist snapshot`: what is a change of the policy, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from snapshots import NEW_TEXT, Captures
from web import Behaviour, Web, behaviours, script


@pytest.fixture
def captures(tmp_path: Path, web: Web) -> Captures:
    return Captures(tmp_path / "archive", web)


def shows(*texts: str) -> Behaviour:
    """A page that shows these texts, one after the other."""
    return script(*(behaviours.fine(text, title="") for text in texts))


def test_what_is_unstable_can_be_accepted(captures: Captures) -> None:
    shown = [f"{NEW_TEXT}\n\nVisitor {name} says hello." for name in range(6)]
    captures.add("quay-guild", shows(*shown))
    captures.prepare()
    found = captures.result("quay-guild", "--accept", "unstable")
    assert found["outcome"] == "recorded"
    assert "another text each time" in found["reason"]


def test_names_to_accept_are_told_once(captures: Captures) -> None:
    captures.add("quay-guild", "Boats are cheap here, and ropes are free on Sundays. " * 12)
    captures.prepare()
    outcome = captures.run("quay-guild", "--accept", "login")
    assert "--accept login,lost" in " ".join(outcome.out.split())
    assert "login,login" not in outcome.out
