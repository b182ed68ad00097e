"""The transport under stress: thousands of requests to servers that are slow, stall, reset or close
in the middle, while the process sleeps for a while as a laptop does.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from web import Web, answer, nasty
from web.answer import Behaviour
from web.line import Line
from web.request import Request

from archivist.config import parse_settings
from archivist.net.fetch import Answer, Fetch, Trouble
from archivist.net.transport import Transport

HOSTS, ROUNDS = 24, 6
TIMEOUT = 3.0
ASLEEP = (3.3, 0.5)  # seconds; the first is longer than any server is waited for

# Asks all URLs by one crawl, and tells what came of each and what is still open.
_DRIVER = """
import json, os, sys, time
from archivist.config import parse_settings
from archivist.net.crawl import Crawl
from archivist.net.fetch import Fetch

settings = parse_settings(open(sys.argv[1], "rb").read(), "archivist.toml").scan.network

def open_files():
    return len(os.listdir("/dev/fd"))

def one(url):
    answer = yield Fetch(url)
    trouble = answer.failure.trouble.value if answer.failure else ""
    return url, answer.status, trouble, answer.cut, answer.seconds

found = []
crawl = Crawl(settings, lambda lane: None, found.append)
urls = json.load(sys.stdin)
before = open_files()
begin = time.monotonic()
for url in urls:
    crawl.add(one(url))
print("begun", flush=True)
done = crawl.run(60)
print(json.dumps({
    "done": done, "took": time.monotonic() - begin, "found": found,
    "left": open_files() - before,
}))
"""


def slow(seconds: float) -> Behaviour:
    """Takes its time, and answers."""
    fine = answer("<p>Be kind.</p>")

    async def behave(line: Line, request: Request) -> None:
        await line.sleep(seconds)
        await fine(line, request)

    return behave


# What a server does, and what is to be said of it: a status, a trouble, whether it was cut.
FINE = (200, "", False)
KINDS: dict[str, tuple[Behaviour, tuple[int, str, bool]]] = {
    "fine": (answer("<p>Be kind.</p>" * 300), FINE),
    "slow": (slow(0.3), FINE),
    "drip": (nasty.drip(0.05, 8), FINE),
    "stale": (nasty.STALE_KEEP_ALIVE, FINE),
    "old": (nasty.NO_LENGTH, FINE),
    "reset": (nasty.RESET, (0, "closed", False)),
    "empty": (nasty.EMPTY_REPLY, (0, "closed", False)),
    "cut": (nasty.CUT, (200, "", True)),
    "half": (nasty.HALF_CLOSED, (200, "", True)),
    "garbage": (nasty.GARBAGE, (0, "protocol", False)),
}
STALLS = {"stall": nasty.SILENT, "stalled body": nasty.SILENT_BODY}


def _ask(web: Web, tmp_path: Path) -> tuple[list[str], subprocess.Popen[str]]:
    """The URLs, and a process that asks for all of them."""
    urls = []
    for number in range(HOSTS):
        host = web.host(f"quay{number}.example")
        for kind, (behaviour, _) in KINDS.items():
            host.behave(f"/{kind}", behaviour)
        kinds = [kind for kind in KINDS for _ in range(3 if kind in ("fine", "stale") else 1)]
        urls += [
            web.url(f"quay{number}.example", f"/{kind}?{turn}")
            for turn in range(ROUNDS)
            for kind in kinds
        ]
    for kind, behaviour in STALLS.items():
        name = f"{kind.replace(' ', '-')}.example"
        web.host(name).otherwise(behaviour)
        urls += [web.url(name, f"/{turn}") for turn in range(10)]
    settings = tmp_path / "archivist.toml"
    settings.write_text(
        web.settings(timeout=TIMEOUT, connect_timeout=1.0, concurrency=64, per_host=8)
    )
    child = subprocess.Popen(
        [sys.executable, "-c", _DRIVER, str(settings)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdin
    assert child.stdout
    child.stdin.write(json.dumps(urls))
    child.stdin.close()
    child.stdin = None
    assert child.stdout.readline() == "begun\n"
    return urls, child


def test_every_request_ends_and_servers_are_not_blamed(web: Web, tmp_path: Path) -> None:
    urls, child = _ask(web, tmp_path)
    with child:
        for seconds in ASLEEP:
            time.sleep(0.5)
            os.kill(child.pid, signal.SIGSTOP)
            time.sleep(seconds)
            os.kill(child.pid, signal.SIGCONT)
        out, said = child.communicate(timeout=60)
    assert said == ""
    assert child.returncode == 0
    report: dict[str, Any] = json.loads(out)
    assert report["done"]
    assert report["left"] == 0
    assert sorted(one[0] for one in report["found"]) == sorted(urls)
    assert report["took"] < 25 + sum(ASLEEP)
    wrong = Counter(
        (kind, *judged)
        for url, *judged, seconds in report["found"]
        if (kind := url.partition("/quay")[2].partition("/")[2].partition("?")[0])
        if tuple(judged) != KINDS[kind][1]
    )
    assert not wrong
    assert max(one[4] for one in report["found"]) < TIMEOUT + 1
    stalled = Counter(one[2] for one in report["found"] if "/stall" in one[0])
    assert set(stalled) <= {"timeout", "silent"}
    assert 3 <= stalled["timeout"] <= 2 * 10


def _waited(transport: Transport) -> Answer:
    """The answer to the only fetch."""
    deadline = time.monotonic() + 30
    try:
        while time.monotonic() < deadline:
            for _, found in transport.wait(0.1):
                return found
    finally:
        transport.close()
    raise AssertionError("there is no answer")


@pytest.mark.parametrize(
    ("behaviour", "status"), [(nasty.SILENT, 200), (nasty.RESET, 200), (nasty.CUT, 200)]
)
def test_a_machine_that_slept_asks_again(web: Web, behaviour: Behaviour, status: int) -> None:
    """Its clock stood still meanwhile, and its connections are gone; its calendar tells."""
    web.host("quay.example").script("/rules", [behaviour, answer("<p>Be kind.</p>")])
    settings = parse_settings(web.settings(timeout=0.5).encode(), "archivist.toml").scan.network
    days = iter((0.0, 0.0))
    transport = Transport(settings, calendar=lambda: next(days, 3600.0))
    transport.start("quay", Fetch(web.url("quay.example", "/rules")))
    found = _waited(transport)
    assert (found.status, found.cut, found.failure) == (status, False, None)
    assert len(web.requests.to("quay.example").paths) == 2


def test_a_server_that_never_answers_is_not_asked_for_ever(web: Web) -> None:
    web.host("quay.example").otherwise(nasty.SILENT)
    settings = parse_settings(web.settings(timeout=0.2).encode(), "archivist.toml").scan.network
    hours = count()
    transport = Transport(settings, calendar=lambda: next(hours) * 3600.0)
    transport.start("quay", Fetch(web.url("quay.example", "/rules")))
    found = _waited(transport)
    assert found.failure
    assert found.failure.trouble is Trouble.TIMEOUT
    assert len(web.requests.to("quay.example").paths) == 4


@pytest.mark.parametrize(("limit", "is_enough"), [("-S -n 64", True), ("-n 64", False)])
def test_no_server_is_blamed_where_no_file_can_be_opened(
    web: Web, tmp_path: Path, limit: str, is_enough: bool
) -> None:
    urls = []
    for number in range(40):
        web.host(f"quay{number}.example").otherwise(slow(0.2))
        urls += [web.url(f"quay{number}.example", f"/{turn}") for turn in range(3)]
    settings = tmp_path / "archivist.toml"
    settings.write_text(web.settings(timeout=5, concurrency=100, per_host=3))
    done = subprocess.run(
        ["sh", "-c", f'ulimit {limit} && exec "$@"', "sh", sys.executable, "-c", _DRIVER, settings],
        input=json.dumps(urls),
        capture_output=True,
        check=False,
        text=True,
    )
    if is_enough:  # as long as we may, we let ourselves open more
        report = json.loads(done.stdout.splitlines()[-1])
        assert Counter(one[1] for one in report["found"]) == {200: 120}
    else:
        assert "EnvironmentFailure: no more connections can be opened: Too many" in done.stderr
        assert "Exception ignored" not in done.stderr
