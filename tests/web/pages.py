"""Pages: such as hold a policy, such as only look so, and in which bytes they come."""

from __future__ import annotations

import codecs
import json
from collections.abc import Sequence
from email.utils import formatdate, parsedate_to_datetime
from html import escape
from typing import Literal
from urllib.parse import quote

from web.answer import Answer, Behaviour, answer, computed, redirection
from web.host import Host
from web.request import Request


def html(title: str, *paragraphs: str, head: str = "", around: str = "{}") -> str:
    """A whole page; `around` is what the paragraphs stand in."""
    text = "\n".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    body = around.replace("{}", text)
    return (
        f"<!doctype html>\n<html lang=en><head>{head}<title>{escape(title)}</title></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )


def fine(text: str, title: str = "Code of Conduct", delay: float = 0.0) -> Answer:
    """A page with navigation and a footer that holds a policy: a paragraph of it a line."""
    paragraphs = [line for line in text.splitlines() if line.strip()]
    around = (
        "<nav><a href=/>Home</a> <a href=/tickets>Tickets</a></nav>\n"
        f"<main><h1>{escape(title)}</h1>\n{{}}\n</main>\n<footer>The harbour office</footer>"
    )
    return answer(html(title, *paragraphs, around=around), delay=delay)


def packed(text: str, by: Literal["gzip", "deflate"] = "gzip") -> Answer:
    """The fine page, compressed."""
    return answer(fine(text).body, packed=by)


def chunked(text: str) -> Answer:
    """The fine page, in chunks instead of with a length."""
    return answer(fine(text).body, chunked=True)


def in_charset(
    text: str, charset: str, said: Literal["header", "meta", "bom", "nowhere"]
) -> Answer:
    """A fine page in a charset, which the Content-Type says, or a meta element, or a BOM."""
    meta = f'<meta charset="{charset}">' if said == "meta" else ""
    page = html("Code of Conduct", *text.splitlines(), head=meta)
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    start = mark.get(charset, codecs.BOM_UTF8) if said == "bom" else b""
    kind = f"text/html; charset={charset}" if said == "header" else "text/html"
    return answer(start + page.encode(charset), content_type=kind)


# Soft 404s: 200, and yet not there.
SOFT_404 = answer(html("Page not found", "Sorry, the page you are looking for could not be found."))
SPA_SHELL = answer(
    html("App", head='<script src="/bundle.js" defer></script>', around='<div id="root"></div>')
)
PARKED = answer(
    html(
        "quay.example is for sale",
        "This domain is for sale. Buy this domain today!",
        "Related searches: harbour tours, boat insurance, cheap anchors.",
        head='<script src="https://parking.example/park.js"></script>',
    )
)
LOGIN_WALL = answer(
    html(
        "Log in",
        "Please log in to go on.",
        around=(
            "{}<form action=/login method=post><input name=user>"
            "<input type=password name=password><button>Log in</button></form>"
        ),
    )
)
CONSENT_WALL = answer(
    html(
        "Before you continue",
        "We and our partners use cookies. Choose whether you accept all of them to go on.",
        around="{}<form action=/consent method=post><button>Accept all</button></form>",
    )
)


def catch_all(host: Host, page: Behaviour | None = None) -> None:
    """Let a host answer the same 200 page to every path that nothing was said about."""
    host.otherwise(
        page or answer(html("The Quay", "Welcome to the quay.", "Boats, berths, ropes."))
    )


def revalidated(
    page: Answer, *, etag: str | None = '"v1"', last_modified: float | None = None
) -> Behaviour:
    """A page with an ETag, a Last-Modified (seconds since 1970), or both; 304 if it is known."""
    given = {} if etag is None else {"ETag": etag}
    if last_modified is not None:
        given["Last-Modified"] = formatdate(last_modified, usegmt=True)

    def chosen(request: Request) -> Answer:
        known = request.headers.get("if-none-match")
        since = request.headers.get("if-modified-since")
        if known is not None:  # then the date does not count (RFC 9110, 13.1.3)
            unchanged = etag is not None and etag in [one.strip() for one in known.split(",")]
        else:
            unchanged = (
                bool(since) and last_modified is not None and _not_after(last_modified, since)
            )
        answered = answer("", 304, content_type=None) if unchanged else page
        return _with(answered, given)

    return computed(chosen)


def _not_after(moment: float, date: str | None) -> bool:
    return date is not None and int(moment) <= parsedate_to_datetime(date).timestamp()


def _with(page: Answer, headers: dict[str, str]) -> Answer:
    for name, value in headers.items():
        page = page.header(name, value)
    return page


def cookie_gate(page: Answer, cookie: str = "seen=yes") -> Behaviour:
    """A page that first sets a cookie by a redirect to itself; without cookies it never ends."""
    name, _, value = cookie.partition("=")

    def chosen(request: Request) -> Answer:
        if request.cookies.get(name) == value:
            return page
        return redirection(
            quote(request.target, safe="/?=&%"), 302, {"Set-Cookie": f"{cookie}; Path=/"}
        )

    return computed(chosen)


def of_type(content_type: str | None, body: bytes = b"") -> Answer:
    """Bytes of a type; None says none."""
    return answer(body, content_type=content_type)


def plain(text: str) -> Answer:
    """A policy as plain text."""
    return answer(text, content_type="text/plain; charset=utf-8")


PDF = of_type("application/pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
BINARY = of_type("application/octet-stream", bytes(range(256)) * 16)
EMPTY_PAGE = answer("")


def data(value: object) -> Answer:
    """JSON."""
    return of_type("application/json", json.dumps(value).encode())


def links(*urls: str) -> Answer:
    """A page of links."""
    return answer(html("Links", around=_listed(urls)))


def _listed(urls: Sequence[str]) -> str:
    return "".join(f'<p><a href="{escape(url)}">{escape(url)}</a></p>' for url in urls)
