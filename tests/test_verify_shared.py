"""Proofs by several processes: the same results, and nobody is left behind, whoever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from itertools import repeat
from multiprocessing import active_children
from pathlib import Path

import pytest
from backfills import NEW, OLD
from sandbox import unmeasured
from test_verify import Captured

from archivist.errors import EnvironmentFailure
from archivist.repository import Repository
from archivist.repository.timeline import extent
from archivist.verifying import sharing
from archivist.verifying.claims import Claim, Objects, claims, with_objects

# Proves an archive whose versions never come to an end, and says when it is at it.
_ENDLESS = """
import sys
from archivist.cli import main
from archivist.verifying import act

real = act.with_objects

def endless(*arguments, **options):
    pairs = list(real(*arguments, **options))
    for _ in range(20):
        yield from pairs
    print("at it", flush=True)
    while True:
        yield from pairs

if __name__ == "__main__":
    act.with_objects = endless
    sys.exit(main(["-C", sys.argv[1], "verify", "--jobs", "2", "--no-fsck"]))
"""


@pytest.fixture
def captured(tmp_path: Path) -> Captured:
    """Seven versions, of which the fifth is not what its commit says."""
    box = Captured(tmp_path / "archive")
    for turn in range(5):
        box.record(OLD if turn % 2 else (*NEW, f"Turn {turn}."))
    box.record(NEW, text="sha256:" + "0" * 64)
    box.record(OLD)
    return box


def _pairs(captured: Captured) -> list[tuple[Claim, Objects]]:
    repository = Repository(captured.box.root)
    known = extent(repository)
    assert known.head
    every = claims(repository, known.head, known.prefix)
    return list(with_objects(repository, every, lambda _path: None))


def test_several_processes_prove_the_same(captured: Captured) -> None:
    alone = captured.verify("--jobs", "1")
    assert alone["code"] == 1
    assert [one["outcome"] for one in alone["results"]].count("broken") == 1
    assert captured.verify("--jobs", "3") == alone
    assert captured.verify() == alone
    assert not active_children()


def test_results_keep_the_order_of_what_was_asked(captured: Captured) -> None:
    pairs = _pairs(captured) * 12
    revs = [claim.rev for claim, _ in pairs]
    found = list(sharing.checked(pairs, len(pairs), 3))
    assert [one.claim.rev for one in found] == revs
    assert found == list(sharing.checked(pairs, len(pairs), 1))


def test_others_help_only_where_it_takes_long(
    captured: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = _pairs(captured)
    began: list[int] = []
    real = sharing._workers

    def counted(count: int) -> AbstractContextManager[list[sharing._Worker]]:
        began.append(count)
        return real(count)

    monkeypatch.setattr(sharing, "_workers", counted)
    monkeypatch.setattr(sharing, "usual_jobs", lambda: 2)
    list(sharing.checked(pairs, len(pairs)))
    assert not began
    monkeypatch.setattr(sharing, "_SOON", 0.0)
    found = list(sharing.checked(pairs, 10**9))
    assert began == [2]
    assert [one.claim.rev for one in found] == [claim.rev for claim, _ in pairs]


def test_no_more_is_read_than_keeps_everyone_busy(captured: Captured) -> None:
    (pair, *_) = _pairs(captured)
    read = 0

    def counted() -> Iterator[tuple[Claim, Objects]]:
        nonlocal read
        for one in repeat(pair):
            read += 1
            yield one

    with closing(sharing.checked(counted(), 10**9, 2)) as answers:
        for number in range(1, 50):
            next(answers)
            assert read <= number + 2 * sharing._AHEAD + 2
    assert not active_children()


def test_a_process_that_dies_is_no_finding(captured: Captured) -> None:
    (pair, *_) = _pairs(captured)
    answers = sharing.checked(repeat(pair), 10**9, 2)
    next(answers)
    victim = active_children()[0].pid
    assert victim
    os.kill(victim, signal.SIGKILL)
    with pytest.raises(EnvironmentFailure, match="ended from outside") as caught:
        deque(answers, maxlen=0)
    assert "--jobs 1" in (caught.value.hint or "")
    assert not active_children()


def test_a_check_that_fails_is_no_finding_either(captured: Captured) -> None:
    claim, objects = _pairs(captured)[0]
    broken = Objects("no bytes", objects.evidence)  # type: ignore[arg-type]  # that is the mistake
    with pytest.raises(RuntimeError, match="Traceback"):
        list(sharing.checked([(claim, broken)] * 3, 3, 2))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nobody_is_left_behind(captured: Captured, tmp_path: Path, how: signal.Signals) -> None:
    driver = tmp_path / "endless.py"
    driver.write_text(_ENDLESS)
    with subprocess.Popen(
        [sys.executable, str(driver), str(captured.box.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=unmeasured(),
    ) as child:
        assert child.stdout
        assert child.stdout.readline() == b"at it\n"
        if how is signal.SIGINT:
            os.killpg(child.pid, how)  # as a terminal does
        else:
            child.send_signal(how)
        _, said = child.communicate(timeout=30)  # ends when nobody holds the pipes any more
    if how is signal.SIGINT:
        assert (child.returncode, said) == (130, b"error: interrupted\n")


@pytest.mark.parametrize("given", ["0", "none", "-1", "1000"])
def test_jobs_are_a_number(captured: Captured, given: str) -> None:
    outcome = captured.box.run("verify", f"--jobs={given}")
    assert outcome.code == 2
    assert "between 1 and 256" in outcome.err
