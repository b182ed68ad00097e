"""What `archivist links` calls each behaviour of a server, after one night and after three."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from scans import CHANGED, OTHER, POLICY, Scans, page
from web import Web, answer, behaviours

NIGHTS = ("2026-11-01T03:00:00Z", "2026-11-05T03:00:00Z", "2026-11-09T03:00:00Z")


class Case(NamedTuple):
    """How a host is set up, the verdict on its `/conduct` after one night, and after three (the
    same if blank), and words of its evidence.
    """

    set_up: Callable[[Web, str], object]
    first: str
    words: str = ""
    third: str = ""
    tls: bool = False


def _does(behaviour: Any) -> Callable[[Web, str], object]:
    return lambda web, name: web.host(name).behave("/conduct", behaviour)


def _leads(behaviour: Any, target: str, shown: str) -> Callable[[Web, str], object]:
    def set_up(web: Web, name: str) -> None:
        web.host(name).behave("/conduct", behaviour)
        web.host(name).page(target, shown)

    return set_up


def _certified(kind: Any) -> Callable[[Web, str], object]:
    return lambda web, name: web.host(name, certificate=kind).page("/conduct", page())


def _chain(statuses: list[int]) -> Callable[[Web, str], object]:
    def set_up(web: Web, name: str) -> None:
        web.host(name).page("/new", page())
        behaviours.chain(web.host(name), "/conduct", statuses, "/new")

    return set_up


def _whole(behaviour: Any) -> Callable[[Web, str], object]:
    return lambda web, name: behaviours.catch_all(web.host(name), behaviour)


GOOD = behaviours.fine(POLICY)
DEAD = "dead"
CASES = {
    "fine": Case(_does(GOOD), "alive", "still holds the policy (100 %)"),
    "fine over tls": Case(_does(GOOD), "alive", "still holds", tls=True),
    "changed": Case(_does(behaviours.fine(CHANGED)), "alive", "holds a changed policy ("),
    "another text": Case(_does(behaviours.fine(OTHER)), "alive", "holds none of the policy"),
    "head lies": Case(_does(behaviours.head_lies(answer(page()))), "alive"),
    "gzip": Case(_does(behaviours.packed(POLICY)), "alive", "100 %"),
    "chunked": Case(_does(behaviours.chunked(POLICY)), "alive", "100 %"),
    "no length": Case(_does(behaviours.NO_LENGTH), "alive"),
    "latin-1": Case(_does(behaviours.in_charset(POLICY, "latin-1", "header")), "alive", "100 %"),
    "utf-16": Case(_does(behaviours.in_charset(POLICY, "utf-16-le", "bom")), "alive", "100 %"),
    "plain text": Case(_does(behaviours.plain(POLICY)), "alive", "100 %"),
    "pdf": Case(_does(behaviours.PDF), "alive", "no text that could be compared"),
    "script shell": Case(_does(behaviours.SPA_SHELL), "alive", "made by scripts"),
    "cookie gate": Case(_does(behaviours.cookie_gate(answer(page()))), "alive", "100 %"),
    "503 once": Case(_does(behaviours.once(behaviours.UNAVAILABLE, GOOD)), "alive", "100 %"),
    "429 once": Case(_does(behaviours.once(behaviours.limited(1), GOOD)), "alive", "100 %"),
    "429 until": Case(_does(behaviours.once(behaviours.limited_until(1), GOOD)), "alive"),
    "endless body": Case(_does(behaviours.ENDLESS_BODY), "alive"),
    "temporary": Case(_leads(behaviours.temporary("/en"), "/en", page()), "alive", "100 %"),
    "mixed chain": Case(_chain([301, 302, 308]), "alive"),
    "moved": Case(_leads(behaviours.permanent("/new"), "/new", page()), "moved", "100 %"),
    "moved 308": Case(_chain([308, 301]), "moved", "100 %"),
    "moved to another": Case(
        _leads(behaviours.permanent("/new"), "/new", page(OTHER)), "alive", "redirects for good"
    ),
    "404": Case(_does(behaviours.MISSING), "failing", "404 Not Found", DEAD),
    "410": Case(_does(behaviours.GONE), DEAD, "410 Gone"),
    "soft 404": Case(_does(behaviours.SOFT_404), "failing", "“", DEAD),
    "404 page": Case(_does(behaviours.TO_404_PAGE), "failing", "404", DEAD),
    "to home": Case(_leads(behaviours.TO_HOME, "/", page(OTHER)), "failing", "home page", DEAD),
    "to login": Case(_leads(behaviours.TO_LOGIN, "/login", page("Hi")), "failing", "login", DEAD),
    "consent wall": Case(_does(behaviours.CONSENT_WALL), "blocked", "asks for consent first"),
    "login wall": Case(_does(behaviours.LOGIN_WALL), "failing", "login", DEAD),
    "parked": Case(_whole(behaviours.PARKED), "failing", "domain is parked", DEAD),
    "catch-all": Case(_whole(None), "failing", "made-up address", DEAD),
    "500": Case(_does(behaviours.BROKEN), "failing", "500 Internal Server Error", DEAD),
    "reset": Case(_does(behaviours.RESET), "failing", "closed the connection", DEAD),
    "empty": Case(_does(behaviours.EMPTY_REPLY), "failing", "closed the connection", DEAD),
    "silent": Case(_does(behaviours.SILENT), "failing", "did not answer within 2 s", DEAD),
    "refused": Case(lambda web, name: web.refuse(name), "failing", "refuses", DEAD),
    "ignored": Case(lambda web, name: web.ignore(name), "failing", "be connected to", DEAD),
    "garbage": Case(_does(behaviours.GARBAGE), "failing", "HTTP", DEAD),
    "header flood": Case(_does(behaviours.HEADER_FLOOD), "failing", "without end", DEAD),
    "huge header": Case(_does(behaviours.HUGE_HEADER), "failing", "", DEAD),
    "slow drip": Case(_does(behaviours.slow_head(0.5)), "failing", "did not answer", DEAD),
    "loop": Case(_does(behaviours.temporary("/conduct")), "failing", "in a circle", DEAD),
    "endless chain": Case(_does(behaviours.ENDLESS_CHAIN), "failing", "more than 10 times", DEAD),
    "to file": Case(_does(behaviours.TO_FILE), "failing", "no public web page", DEAD),
    "to nowhere": Case(_does(behaviours.TO_NOISE), "failing", "no public web page", DEAD),
    "credentials": Case(
        _does(behaviours.with_credentials("quay.example/")), "failing", "no public web page", DEAD
    ),
    "expired": Case(_certified("expired"), "failing", "has expired", tls=True),
    "other name": Case(_certified("other name"), "failing", "another name", tls=True),
    "self-signed": Case(_certified("self-signed"), "failing", "certificate", tls=True),
    "401": Case(_does(behaviours.UNAUTHORIZED), "blocked", "asks for a password"),
    "403": Case(_does(behaviours.FORBIDDEN), "blocked", "(403)"),
    "451": Case(_does(behaviours.LEGAL_REASONS), "blocked", "legal reasons"),
    "429": Case(_does(behaviours.limited()), "blocked", "too often (429)"),
    "999": Case(_does(behaviours.LINKEDIN), "blocked", "(999)"),
    "cloudflare": Case(_does(behaviours.CLOUDFLARE), "blocked", "Cloudflare"),
    "cloudflare busy": Case(_does(behaviours.CLOUDFLARE_BUSY), "blocked", "wall"),
    "aws waf": Case(_does(behaviours.AWS_WAF), "blocked", "AWS WAF"),
    "datadome": Case(_does(behaviours.DATADOME), "blocked", "DataDome"),
    "imperva": Case(_does(behaviours.IMPERVA), "blocked", "wall"),
}


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """The results of three nights, all cases in each; the third has what must not be dead."""
    with Web() as web, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
            patch.setenv(f"{name}_NAME", "Ann")
            patch.setenv(f"{name}_EMAIL", "ann@archivist.example")
        for key, value in web.environment().items():
            patch.setenv(key, value)
        scans = Scans(tmp_path_factory.mktemp("archive"), web)
        for number, case in enumerate(CASES.values()):
            name = f"quay-{number:02}.example"
            case.set_up(web, name)
            scans.add(f"quay-{number:02}", web.url(name, "/conduct", tls=case.tls))
        scans.add("no-such-host", "http://no-such-host.invalid/conduct")
        scans.settings = "\nenabled = false\n"
        yield [scans.results("--max-age", "0", now=night) for night in NIGHTS]


@pytest.mark.parametrize("name", CASES)
def test_behaviour(name: str, nights: list[dict[str, Any]]) -> None:
    case = CASES[name]
    number = list(CASES).index(name)
    found = [night[f"quay-{number:02}"] for night in nights]
    assert found[0]["verdict"] == case.first, found[0]
    assert case.words in found[0]["reason"]
    if "once" not in name and "until" not in name:
        assert found[2]["verdict"] == (case.third or case.first), found[2]


def test_a_name_that_does_not_exist_is_dead_on_the_second_day(nights: list[dict[str, Any]]) -> None:
    found = [night["no-such-host"] for night in nights]
    assert [one["verdict"] for one in found] == ["failing", "dead", "dead"]
    assert "no such name" in found[0]["reason"]


def test_new_death_is_reported_once(nights: list[dict[str, Any]]) -> None:
    host = f"quay-{list(CASES).index('410'):02}"
    assert [night[host]["finding"] for night in nights] == ["newly-dead", "dead", "dead"]
    host = f"quay-{list(CASES).index('404'):02}"
    assert [night[host]["finding"] for night in nights] == ["failing", "failing", "newly-dead"]
