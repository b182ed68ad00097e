"""Behaviours of the web: what a host does, and what is true of the page that an entry names.

The hosts are those of the tests (`tests/web`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from web.answer import Behaviour as Acting
from web.answer import answer, redirection, script
from web.certificates import Certificate
from web.host import Host
from web.line import Line
from web.request import Request
from web.web import Web

POLICY = """\
We meet on the quay to mend boats, and whoever comes is welcome there.

Speak with each other as you would with the person who holds your rope. Ask before you take a \
picture, and before you touch a hull that is not yours. Nobody is mocked for a knot that slips.

If somebody frightens or hurts you, come to the lantern at the gate: two of us are always there, \
and we listen before we decide. Whoever cannot let others be may be sent home for the day, or for \
good, and we write down why.
"""
PATH = "/conduct"


class Truth(StrEnum):
    """What a person would find out about the page."""

    THERE = "there"
    MOVED = "there, elsewhere"
    GONE = "gone"
    HIDDEN = "hidden from programs"
    DOWN = "down for long"


class Stage(NamedTuple):
    """Where a behaviour is played: a host of its own, and how URLs are written for this tool."""

    web: Web
    name: str
    at: Callable[[str, str], str]

    @property
    def host(self) -> Host:
        return self.web.host(self.name)


@dataclass(frozen=True)
class Behaviour:
    """One behaviour. `url` is written out where there is no host at all."""

    title: str
    truth: Truth
    play: Callable[[Stage], object]
    tls: bool = False
    url: str = ""


def page(text: str = POLICY, title: str = "Conduct") -> str:
    """A page that holds a text."""
    paragraphs = "".join(f"<p>{part}</p>" for part in text.strip().split("\n\n"))
    return f"<!doctype html><title>{title}</title><main><h1>{title}</h1>{paragraphs}</main>"


_OTHER = "Boats for sale, boats for hire, and the best prices on the whole coast, every day anew."
_LOST = page("Sorry, we could not find what you were looking for.", "Page not found")
_PARKED = page("This domain is for sale. Buy this domain now, or see related searches.", "Parked")
_CLOUDFLARE = {"Server": "cloudflare", "cf-mitigated": "challenge"}
_GOOD = answer(page())


def _on_the_line(act: Callable[[Line], Coroutine[Any, Any, None]]) -> Acting:
    """A behaviour that does the same whatever is asked."""

    async def behave(line: Line, request: Request) -> None:  # noqa: ARG001 - as behaviours are
        await act(line)

    return behave


@_on_the_line
async def _reset(line: Line) -> None:
    line.reset()


@_on_the_line
async def _silence(line: Line) -> None:
    await line.sleep(None)


@_on_the_line
async def _close(line: Line) -> None:
    line.close()


@_on_the_line
async def _garbage(line: Line) -> None:
    await line.write(b"220 quay mail service ready\r\n")
    line.close()


@_on_the_line
async def _endless(line: Line) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
    await line.write(head + page().encode())
    for _ in range(4096):  # 256 MiB: enough to see who stops, and when
        await line.write(b"<p>and so on " * 5041)
    line.close()


async def _no_head(line: Line, request: Request) -> None:
    await (answer("", 405) if request.method == "HEAD" else _GOOD)(line, request)


async def _cookie(line: Line, request: Request) -> None:
    seen = redirection(PATH, 302, {"Set-Cookie": "seen=1; Path=/"})
    await (_GOOD if request.cookies.get("seen") else seen)(line, request)


def _says(status: int, body: str = "<h1>No</h1>", **headers: str) -> Callable[[Stage], object]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda stage: stage.host.page(PATH, body, status, named)


def _after(*first: Acting) -> Callable[[Stage], object]:
    """Does something else the first time."""
    return lambda stage: stage.host.behave(PATH, script(*first, _GOOD))


def _redirects(status: int, target: str, body: str) -> Callable[[Stage], object]:
    def play(stage: Stage) -> None:
        stage.host.page(target, body)
        stage.host.redirect(PATH, target, status)

    return play


def _elsewhere(stage: Stage) -> None:
    stage.web.host(f"new-{stage.name}").page("/policy", page())
    stage.host.redirect(PATH, stage.at(f"new-{stage.name}", "/policy"))


def _certificate(kind: Certificate) -> Callable[[Stage], object]:
    def play(stage: Stage) -> None:
        stage.web.host(stage.name, certificate=kind).page(PATH, page())

    return play


T = Truth
BEHAVIOURS = (
    Behaviour("200, holds the policy", T.THERE, _says(200, page())),
    Behaviour("200 over TLS", T.THERE, _says(200, page()), tls=True),
    Behaviour("200 to GET, 405 to HEAD", T.THERE, lambda s: s.host.behave(PATH, _no_head)),
    Behaviour("200 after two seconds", T.THERE, lambda s: s.host.page(PATH, page(), delay=2.0)),
    Behaviour("a redirect that sets a cookie", T.THERE, lambda s: s.host.behave(PATH, _cookie)),
    Behaviour("302 to a page that holds it", T.THERE, _redirects(302, "/en/conduct", page())),
    Behaviour("500 once", T.THERE, _after(answer("", 500))),
    Behaviour("503 once", T.THERE, _after(answer("", 503))),
    Behaviour("429 once, `Retry-After: 1`", T.THERE, _after(answer("", 429, {"Retry-After": "1"}))),
    Behaviour("reset once", T.THERE, _after(_reset)),
    Behaviour("endless page that begins with it", T.THERE, lambda s: s.host.behave(PATH, _endless)),
    Behaviour("301 to another host that has it", T.MOVED, _elsewhere),
    Behaviour("308 on the same host", T.MOVED, _redirects(308, "/en/conduct", page())),
    Behaviour("404", T.GONE, _says(404)),
    Behaviour("410", T.GONE, _says(410)),
    Behaviour("no such host", T.GONE, lambda _: None, url="http://no-such-quay.home.arpa/conduct"),
    Behaviour("redirect to the home page", T.GONE, _redirects(302, "/", page(_OTHER, "Quay"))),
    Behaviour("redirect to a login", T.GONE, _redirects(302, "/login", page("Password", "Log in"))),
    Behaviour("200, “page not found”", T.GONE, _says(200, _LOST)),
    Behaviour("200 to whatever path", T.GONE, lambda s: s.host.otherwise(answer(page(_OTHER)))),
    Behaviour("200, a parked domain", T.GONE, lambda s: s.host.otherwise(answer(_PARKED))),
    Behaviour("401", T.HIDDEN, _says(401, WWW_Authenticate="Basic")),
    Behaviour("403", T.HIDDEN, _says(403)),
    Behaviour("403, Cloudflare's challenge", T.HIDDEN, _says(403, "", **_CLOUDFLARE)),
    Behaviour("202, AWS WAF", T.HIDDEN, _says(202, "", x_amzn_waf_action="challenge")),
    Behaviour("429 always", T.HIDDEN, _says(429)),
    Behaviour("500 always", T.DOWN, _says(500)),
    Behaviour("connection refused", T.DOWN, lambda s: s.web.refuse(s.name)),
    Behaviour("never connects", T.DOWN, lambda s: s.web.ignore(s.name)),
    Behaviour("connects, never answers", T.DOWN, lambda s: s.host.behave(PATH, _silence)),
    Behaviour("closes without an answer", T.DOWN, lambda s: s.host.behave(PATH, _close)),
    Behaviour("speaks no HTTP", T.DOWN, lambda s: s.host.behave(PATH, _garbage)),
    Behaviour("redirects to itself", T.DOWN, lambda s: s.host.redirect(PATH, PATH, 302)),
    Behaviour("certificate expired", T.DOWN, _certificate("expired"), tls=True),
    Behaviour("certificate of another name", T.DOWN, _certificate("other name"), tls=True),
    Behaviour("certificate of an unknown authority", T.DOWN, _certificate("self-signed"), tls=True),
)
