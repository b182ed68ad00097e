"""The web that other tests run on does what it says, and sees what it is asked."""

from __future__ import annotations

import math
import socket
import ssl
import threading
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor

import pytest
from web import Line, Log, Request, Web, answer
from web.behaviours import RESET, SILENT, fine
from web.certificates import Certificate
from web_client import ask, connect, plug, say


def _until(true: object) -> None:
    """Wait until it is so, not for ever."""
    assert callable(true)
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_page_redirect_and_script(web: Web) -> None:
    quay = web.host("quay.example")
    quay.page("/conduct", "Be kind.", headers={"X-Two": ["a", "b"]})
    quay.redirect("/old", "/conduct", 308)
    quay.script("/moody", [answer("no", 503), answer("yes")])
    page = ask(web, "http://quay.example/conduct")
    assert (page.body, page.headers["x-two"]) == (b"Be kind.", "a, b")
    moved = ask(web, "http://quay.example/old")
    assert (moved.status, moved.headers["location"]) == (308, "/conduct")
    assert [ask(web, "http://quay.example/moody").status for _ in range(3)] == [503, 200, 200]
    assert ask(web, "http://quay.example/else").status == 404
    assert web.requests.to("quay.example").paths[:2] == ["/conduct", "/old"]


def test_a_path_may_have_a_query_and_any_letters(web: Web) -> None:
    quay = web.host("quay.example")
    quay.page("/grüße", "one")
    quay.page("/grüße?page=2", "two")
    assert ask(web, "http://quay.example/gr%C3%BC%C3%9Fe?page=1").body == b"one"
    assert ask(web, "http://quay.example/gr%C3%BC%C3%9Fe?page=2").body == b"two"
    assert web.requests[-1].query == {"page": ["2"]}


def test_head_has_no_body_and_the_same_headers(web: Web) -> None:
    web.host("quay.example").page("/", "Be kind.")
    reply = ask(web, "http://quay.example/", method="HEAD")
    assert (reply.status, reply.headers["content-length"], reply.body) == (200, "8", b"")


def test_every_name_has_an_address_of_its_own(web: Web) -> None:
    for name in ("quay.example", "bücher.example"):
        web.host(name).page("/", name)
    web.refuse("shut.example")
    assert web.host("quay.example") is web.host("quay.example")
    settings = tomllib.loads(web.settings(per_host_interval=0.5, concurrency=3))
    pins = settings["network"].pop("hosts")
    assert settings["network"] == {
        "allow_private_networks": True,
        "per_host_interval": 0.5,
        "concurrency": 3,
    }
    assert settings["wayback"] == {"url": web.wayback.url}
    assert set(pins) == {
        *("quay.example", "xn--bcher-kva.example", "shut.example", "web-archive.example")
    }
    assert len(set(pins.values())) == 4
    assert ask(web, "http://bücher.example/").text == "bücher.example"
    assert web.requests[-1].host == "xn--bcher-kva.example"


def test_urls(web: Web) -> None:
    web.host("quay.example")
    plain, secure = web.url("quay.example", "/x"), web.url("quay.example", tls=True, user="a:b")
    assert plain.startswith("http://quay.example:")
    assert plain.endswith("/x")
    assert secure.startswith("https://a:b@quay.example:")
    assert plain.split(":")[2] != secure.split(":")[3]
    assert web.url("nobody.example", "/y").endswith("/y")


def test_refusing_and_ignoring(web: Web) -> None:
    web.refuse("shut.example")
    web.ignore("void.example")
    with pytest.raises(ConnectionRefusedError):
        plug(web, "shut.example")
    with pytest.raises(TimeoutError):
        plug(web, "void.example", 0.2)


def test_ipv6(web: Web) -> None:
    try:
        web.host("six.example", ipv6=True).page("/", "Be kind.")
    except OSError:
        pytest.skip("this machine has no IPv6")
    assert ask(web, "http://six.example/").body == b"Be kind."


def test_tls_is_trusted(web: Web) -> None:
    web.host("quay.example").page("/", "Be kind.")
    assert ask(web, "https://quay.example/").body == b"Be kind."
    assert [one.tls for one in web.requests] == [True]


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        ("other name", "Hostname mismatch"),
        ("expired", "certificate has expired"),
        ("self-signed", "self.signed certificate"),
        ("unknown authority", "unable to get local issuer certificate"),
    ],
)
def test_bad_certificates_are_refused(web: Web, kind: Certificate, complaint: str) -> None:
    web.host("quay.example", certificate=kind).page("/", "Be kind.")
    with pytest.raises(ssl.SSLCertVerificationError, match=complaint):
        ask(web, "https://quay.example/")
    assert ask(web, "http://quay.example/").status == 200
    assert [one.tls for one in web.requests] == [False]


def test_connections_are_kept_alive(web: Web) -> None:
    web.host("quay.example").page("/", "Be kind.")
    connection = connect(web, "http://quay.example/")
    for _ in range(3):
        say(connection, "http://quay.example/")
    connection.close()
    ask(web, "http://quay.example/", {"Connection": "close"})
    assert (len(web.requests), web.requests.connections) == (4, 2)


def test_three_hundred_at_once(web: Web) -> None:
    async def when_all_are_there(line: Line, request: Request) -> None:
        while len(web.requests) < 300:
            await line.sleep(0.01)
        await answer("Be kind.")(line, request)

    for number in range(10):
        web.host(f"h{number}.example").behave("/", when_all_are_there)
    lines = []
    for number in range(300):
        line = plug(web, f"h{number % 10}.example", 5)
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        lines.append(line)
    assert all(line.recv(1000).startswith(b"HTTP/1.1 200") for line in lines)
    for line in lines:
        line.close()
    assert web.requests.most_in_flight == web.requests.connections == 300
    by_host = web.requests.most_in_flight_by_host()
    assert by_host == {f"h{number}.example": 30 for number in range(10)}


def test_in_flight_are_those_that_wait_for_an_answer(web: Web) -> None:
    quay = web.host("quay.example")
    quay.page("/", "Be kind.", delay=0.1)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: ask(web, "http://quay.example/"), range(6)))
    assert 2 <= web.requests.most_in_flight <= 3
    web.requests.clear()
    for _ in range(2):
        ask(web, "http://quay.example/")
    assert web.requests.most_in_flight == 1
    assert 0.1 <= web.requests.smallest_gap < math.inf
    assert web.requests.smallest_gap_by_host() == {"quay.example": web.requests.smallest_gap}


def test_a_client_that_goes_away_ends_its_request(web: Web) -> None:
    web.host("quay.example").behave("/", SILENT)
    line = plug(web, "quay.example")
    line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    _until(lambda: len(web.requests) == 1)
    assert web.requests[0].ended is None
    line.close()
    _until(lambda: web.requests[0].ended is not None)


def test_headers_and_bodies_are_logged(web: Web) -> None:
    web.host("quay.example").page("/form", "Thanks.")
    ask(
        web,
        "http://quay.example/form?a=1",
        {"Cookie": "x=1; y=2", "Authorization": "Basic YQ=="},
        method="POST",
        body="url=a%20b&flag=1",
    )
    request = web.requests.to("quay.example", "/form", "POST")[0]
    assert request.cookies == {"x": "1", "y": "2"}
    assert request.form == {"url": ["a b"], "flag": ["1"]}
    assert len(web.requests.with_cookies) == len(web.requests.with_credentials) == 1


def test_log_counts_windows() -> None:
    log = Log([_at(0.0, 0.5), _at(0.2, 0.3), _at(0.9, None), _at(1.0, 1.1), _at(3.0, 4.0)])
    assert log.most_in_flight == 2
    assert log.most_within(1.0) == 3
    assert log.most_within(1.5) == 4
    assert log.since(0.9) == 2
    assert log.smallest_gap == pytest.approx(0.1)
    assert Log().smallest_gap == math.inf
    assert Log([_at(0, 1), _at(1, 2)]).most_in_flight == 1


def _at(started: float, ended: float | None) -> Request:
    return Request(started, "quay.example", "GET", "/", {}, 1, ended=ended)


def test_requests_that_are_none_end_the_connection(web: Web) -> None:
    web.host("quay.example")
    with plug(web, "quay.example") as line:
        line.sendall(b"what is this\r\n\r\n")
        assert line.recv(100) == b""
    assert len(web.requests) == 0


def test_mistakes_of_a_behaviour_come_out() -> None:
    async def wrong(line: Line, request: Request) -> None:
        raise ZeroDivisionError

    def visit() -> None:
        with Web() as web:
            web.host("quay.example").behave("/", wrong)
            with plug(web, "quay.example") as line:
                line.sendall(b"GET / HTTP/1.1\r\n\r\n")
                assert line.recv(100) == b""

    with pytest.raises(ZeroDivisionError):
        visit()


def test_it_leaves_nothing_behind() -> None:
    with Web() as web:
        web.host("quay.example").page("/", "Be kind.")
        web.host("quay.example").behave("/reset", RESET)
        bundle = web.environment()["SSL_CERT_FILE"]
        line = plug(web, "quay.example")
        line.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert line.recv(1000)
        address, port = line.getpeername()
    assert line.recv(100) == b""
    line.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address, port), 1)
    assert not [one for one in threading.enumerate() if one.name == "web"]
    with pytest.raises(FileNotFoundError):
        open(bundle).close()


def test_two_webs_side_by_side(web: Web) -> None:
    web.host("quay.example").behave("/", fine("This one."))
    with Web() as other:
        other.host("quay.example").behave("/", fine("That one."))
        assert "That one." in ask(other, "http://quay.example/").text
    assert "This one." in ask(web, "http://quay.example/").text
