"""Every ready-made behaviour behaves, as seen by a client without opinions."""

from __future__ import annotations

import gzip
import time
import zlib
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import pytest
from web import Behaviour, Web, behaviours
from web.answer import answer
from web_client import Reply, ask, wire

QUAY = "http://quay.example"
PAGE = behaviours.fine("Be kind.\nHelp each other.")


def _reply(web: Web, behaviour: Behaviour, **asked: str) -> Reply:
    web.host("quay.example").behave("/x", behaviour)
    return ask(web, f"{QUAY}/x", {name.replace("_", "-"): text for name, text in asked.items()})


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [
        *((behaviours.MISSING, 404), (behaviours.GONE, 410), (behaviours.FORBIDDEN, 403)),
        *((behaviours.UNAUTHORIZED, 401), (behaviours.LEGAL_REASONS, 451)),
        *((behaviours.BROKEN, 500), (behaviours.BAD_GATEWAY, 502), (behaviours.UNAVAILABLE, 503)),
        *((behaviours.GATEWAY_TIMEOUT, 504), (behaviours.NO_CONTENT, 204), (PAGE, 200)),
    ],
)
def test_statuses_stay(web: Web, behaviour: Behaviour, status: int) -> None:
    assert [_reply(web, behaviour).status for _ in range(2)] == [status, status]


def test_rate_limits(web: Web) -> None:
    assert "retry-after" not in _reply(web, behaviours.limited()).headers
    reply = _reply(web, behaviours.limited(2))
    assert (reply.status, reply.headers["retry-after"]) == (429, "2")
    reply = _reply(web, behaviours.limited_until(3, 503))
    until = parsedate_to_datetime(reply.headers["retry-after"]).timestamp() - time.time()
    assert reply.status == 503
    assert 1.5 < until <= 4


def test_fails_once(web: Web) -> None:
    moody = behaviours.once(behaviours.UNAVAILABLE, PAGE)
    web.host("quay.example").behave("/x", moody)
    assert [ask(web, f"{QUAY}/x").status for _ in range(3)] == [503, 200, 200]


@pytest.mark.parametrize("status", [405, 404])
def test_head_lies(web: Web, status: int) -> None:
    web.host("quay.example").behave("/x", behaviours.head_lies(PAGE, status))
    assert ask(web, f"{QUAY}/x", method="HEAD").status == status
    assert ask(web, f"{QUAY}/x").status == 200


@pytest.mark.parametrize(
    ("behaviour", "status", "header", "words"),
    [
        (behaviours.CLOUDFLARE, 403, ("cf-mitigated", "challenge"), "Just a moment"),
        (behaviours.CLOUDFLARE_BUSY, 503, ("server", "cloudflare"), "Just a moment"),
        (behaviours.AWS_WAF, 202, ("x-amzn-waf-action", "challenge"), ""),
        (behaviours.DATADOME, 403, ("x-datadome", "protected"), "captcha-delivery"),
        (behaviours.IMPERVA, 200, ("x-cdn", "Imperva"), "_Incapsula_Resource"),
        (behaviours.LINKEDIN, 999, ("content-type", "text/html; charset=utf-8"), "authwall"),
    ],
)
def test_bot_walls(
    web: Web, behaviour: Behaviour, status: int, header: tuple[str, str], words: str
) -> None:
    reply = _reply(web, behaviour)
    assert (reply.status, reply.headers[header[0]]) == (status, header[1])
    assert words in reply.text
    assert bool(reply.text) is bool(words)


def test_pages(web: Web) -> None:
    assert "<p>Be kind.</p>\n<p>Help each other.</p>" in _reply(web, PAGE).text
    assert "could not be found" in _reply(web, behaviours.SOFT_404).text
    assert "<p>" not in _reply(web, behaviours.SPA_SHELL).text
    assert "for sale" in _reply(web, behaviours.PARKED).text
    assert "type=password" in _reply(web, behaviours.LOGIN_WALL).text
    assert "cookies" in _reply(web, behaviours.CONSENT_WALL).text
    assert _reply(web, behaviours.EMPTY_PAGE).body == b""
    assert _reply(web, behaviours.PDF).headers["content-type"] == "application/pdf"
    assert _reply(web, behaviours.BINARY).headers["content-type"] == "application/octet-stream"
    assert "content-type" not in _reply(web, behaviours.of_type(None, b"?")).headers
    assert _reply(web, behaviours.data({"a": 1})).body == b'{"a": 1}'
    assert (
        _reply(web, behaviours.plain("Be kind.")).headers["content-type"].startswith("text/plain")
    )
    assert (
        'href="http://a.example/?x=1&amp;y"'
        in _reply(web, behaviours.links("http://a.example/?x=1&y")).text
    )


def test_catch_all(web: Web) -> None:
    behaviours.catch_all(web.host("quay.example"))
    one, other = ask(web, f"{QUAY}/any"), ask(web, f"{QUAY}/thing?at=all")
    assert (one.status, one.body) == (200, other.body)
    web.host("quay.example").robots("User-agent: *\nDisallow: /private\n")
    assert ask(web, f"{QUAY}/robots.txt").headers["content-type"] == "text/plain"


def test_compressed_and_chunked(web: Web) -> None:
    assert gzip.decompress(_reply(web, behaviours.packed("Be kind.")).body).endswith(b"</html>\n")
    deflated = _reply(web, behaviours.packed("Be kind.", "deflate"))
    assert b"Be kind." in zlib.decompress(deflated.body)
    assert deflated.headers["content-encoding"] == "deflate"
    reply = _reply(web, behaviours.chunked("Be kind."))
    assert "content-length" not in reply.headers
    assert "Be kind." in reply.text
    assert _reply(web, answer("", chunked=True)).body == b""


@pytest.mark.parametrize(
    ("charset", "said", "text"),
    [
        ("latin-1", "header", "Höflich"),
        ("windows-1252", "meta", "“Höflich” – 5 €"),
        ("shift_jis", "meta", "行動規範"),
        ("shift_jis", "header", "行動規範"),
        ("utf-16-le", "bom", "Höflich"),
        ("utf-16-be", "bom", "Höflich"),
        ("utf-8", "bom", "Höflich"),
        ("windows-1252", "nowhere", "Höflich"),
    ],
)
def test_charsets(web: Web, charset: str, said: str, text: str) -> None:
    behaviour = behaviours.in_charset(text, charset, said)  # type: ignore[arg-type]  # a parameter
    reply = _reply(web, behaviour)
    codec = {"bom": {"utf-8": "utf-8-sig"}.get(charset, "utf-16")}.get(said, charset)
    assert text in reply.body.decode(codec)
    assert ("charset" in reply.headers["content-type"]) is (said == "header")
    assert (b"<meta charset" in reply.body) is (said == "meta")


def test_revalidation(web: Web) -> None:
    page = behaviours.revalidated(PAGE, etag='"v2"', last_modified=1_400_000_000)
    first = _reply(web, page)
    assert first.status == 200
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    for asked, status in [
        ({"If_None_Match": etag}, 304),
        ({"If_None_Match": f'"v1", {etag}'}, 304),
        ({"If_None_Match": '"v1"'}, 200),
        ({"If_Modified_Since": modified}, 304),
        ({"If_Modified_Since": "Thu, 01 Jan 2009 00:00:00 GMT"}, 200),
        ({"If_None_Match": '"v1"', "If_Modified_Since": modified}, 200),
    ]:
        reply = _reply(web, page, **asked)
        assert (reply.status, bool(reply.body)) == (status, status == 200)
        assert reply.headers["etag"] == etag
    undated = behaviours.revalidated(PAGE)
    assert _reply(web, undated, If_Modified_Since=modified).status == 200


def test_cookie_gate(web: Web) -> None:
    gate = behaviours.cookie_gate(PAGE)
    shut = _reply(web, gate)
    assert (shut.status, shut.headers["location"]) == (302, "/x")
    assert _reply(web, gate, Cookie=shut.headers["set-cookie"].partition(";")[0]).status == 200
    assert _reply(web, gate, Cookie="seen=no").status == 302
    assert len(web.requests.with_cookies) == 2


def _locations(web: Web, path: str, most: int = 8) -> list[tuple[int, str]]:
    """The hops from a path on, while they stay on the host."""
    hops: list[tuple[int, str]] = []
    while len(hops) < most and (reply := ask(web, QUAY + path)).status in range(300, 400):
        path = reply.headers["location"]
        hops.append((reply.status, path))
    return hops


def test_chains(web: Web) -> None:
    quay = web.host("quay.example")
    quay.behave("/end", PAGE)
    behaviours.chain(quay, "/a", [301, 302, 308], "/end")
    assert _locations(web, "/a") == [(301, "/a-1"), (302, "/a-2"), (308, "/end")]
    behaviours.loop(quay, "/b", "/c")
    assert [where for _, where in _locations(web, "/b", 4)] == ["/c", "/b", "/c", "/b"]
    behaviours.loop(quay, "/self")
    assert _locations(web, "/self", 2) == [(302, "/self")] * 2
    quay.behave("/on", behaviours.ENDLESS_CHAIN)
    assert len({where for _, where in _locations(web, "/on", 30)}) == 30


@pytest.mark.parametrize(
    ("behaviour", "status", "location"),
    [
        (behaviours.TO_HOME, 301, "/"),
        (behaviours.TO_LOGIN, 302, "/login?next=%2Fconduct"),
        (behaviours.TO_404_PAGE, 302, "/404.html"),
        (behaviours.TO_FILE, 302, "file:///etc/passwd"),
        (behaviours.TO_FTP, 302, "ftp://quay.example/conduct"),
        (behaviours.TO_DATA, 302, "data:text/html,<p>Be kind.</p>"),
        (behaviours.TO_JAVASCRIPT, 302, "javascript:alert(1)"),
        (behaviours.TO_LOOPBACK, 302, "http://127.0.0.1/"),
        (behaviours.TO_PRIVATE, 302, "http://10.0.0.1/"),
        (behaviours.TO_METADATA, 302, "http://169.254.169.254/latest/meta-data/"),
        (behaviours.TO_IPV6_LOOPBACK, 302, "http://[::1]/"),
        (behaviours.TO_MAPPED_LOOPBACK, 302, "http://[::ffff:127.0.0.1]/"),
        (behaviours.TO_ODD_LOOPBACK, 302, "http://0x7f.1/"),
        (behaviours.TO_NOWHERE, 301, None),
        (behaviours.TO_EMPTY, 301, ""),
        (behaviours.TO_NOISE, 301, "http://[not a host/"),
        (behaviours.TO_OTHER_PORT, 302, "http://quay.example:99999/"),
        (behaviours.with_credentials("quay.example/x"), 302, "http://ann:secret@quay.example/x"),
        (behaviours.permanent("https://mill.example/"), 301, "https://mill.example/"),
        (behaviours.temporary("https://mill.example/"), 302, "https://mill.example/"),
    ],
)
def test_redirects(web: Web, behaviour: Behaviour, status: int, location: str | None) -> None:
    reply = _reply(web, behaviour)
    assert (reply.status, reply.headers.get("location")) == (status, location)


def test_odd_locations_go_out_as_they_are(web: Web) -> None:
    quay = web.host("quay.example")
    for location, leads_to in behaviours.ODD_LOCATIONS.items():
        quay.redirect("/here/odd", location)
        assert f"Location: {location}\r\n".encode() in wire(web, f"{QUAY}/here/odd").data
        quay.page(leads_to, location)
        assert ask(web, QUAY + leads_to).text == location
        assert quote(leads_to, safe="/%?=") == leads_to
    assert "url=/there" in _reply(web, behaviours.refresh("/there")).text
