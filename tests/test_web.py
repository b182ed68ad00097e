"""The web that other tests run on does what it says."""

from __future__ import annotations

from web import Web, answer
from web_client import ask


def test_page_redirect_and_script(web: Web) -> None:
    quay = web.host("quay.example")
    quay.page("/conduct", "Be kind.")
    quay.redirect("/old", "/conduct", 308)
    quay.script("/moody", [answer("no", 503), answer("yes")])
    assert ask(web, "http://quay.example/conduct").body == b"Be kind."
    moved = ask(web, "http://quay.example/old")
    assert (moved.status, moved.headers["location"]) == (308, "/conduct")
    assert [ask(web, "http://quay.example/moody").status for _ in range(3)] == [503, 200, 200]
    assert ask(web, "http://quay.example/else").status == 404
    assert web.requests.to("quay.example").paths[:2] == ["/conduct", "/old"]
