"""What hostile servers of the web do on the socket."""

from __future__ import annotations

import gzip
import http.client
import time

import pytest
from web import Behaviour, Web, behaviours
from web_client import Reply, ask, connect, say, wire

QUAY = "http://quay.example"
PAGE = behaviours.fine("Be kind.")


def _reply(web: Web, behaviour: Behaviour) -> Reply:
    web.host("quay.example").behave("/x", behaviour)
    return ask(web, f"{QUAY}/x")


@pytest.mark.parametrize(
    ("behaviour", "begins", "end"),
    [
        (behaviours.SILENT, b"", "waiting"),
        (behaviours.SILENT_BODY, b"HTTP/1.1 200", "waiting"),
        (behaviours.HEADER_FLOOD, b"HTTP/1.1 200 OK\r\nX-Flood-0-0: water", "enough"),
        (behaviours.INTERIM_FLOOD, b"HTTP/1.1 103", "enough"),
        (behaviours.ENDLESS_BODY, b"HTTP/1.1 200", "enough"),
        (behaviours.CUT, b"HTTP/1.1 200", "closed"),
        (behaviours.CUT_CHUNKED, b"HTTP/1.1 200", "closed"),
        (behaviours.RESET, b"", "reset"),
        (behaviours.RESET_BODY, b"HTTP/1.1 200", "reset"),
        (behaviours.EMPTY_REPLY, b"", "closed"),
        (behaviours.GARBAGE, b"SSH-2.0", "closed"),
        (behaviours.BAD_CHUNKS, b"HTTP/1.1 200", "closed"),
        (behaviours.BAD_GZIP, b"HTTP/1.1 200", "closed"),
        (behaviours.NO_LENGTH, b"HTTP/1.0 200", "closed"),
        (behaviours.STALE_KEEP_ALIVE, b"HTTP/1.1 200", "closed"),
    ],
)
def test_on_the_wire(web: Web, behaviour: Behaviour, begins: bytes, end: str) -> None:
    web.host("quay.example").behave("/x", behaviour)
    came = wire(web, f"{QUAY}/x", 1 << 21, 0.5 if end == "waiting" else 5)
    assert (came.data[: len(begins)], came.end) == (begins, end)
    assert bool(came.data) is bool(begins)
    web.host("quay.example").behave("/x", PAGE)
    assert ask(web, f"{QUAY}/x").status == 200  # the server has not taken harm


def test_endless_floods_are_endless(web: Web) -> None:
    quay = web.host("quay.example")
    for behaviour in (behaviours.ENDLESS_BODY, behaviours.HEADER_FLOOD, behaviours.INTERIM_FLOOD):
        quay.behave("/x", behaviour)
        assert wire(web, f"{QUAY}/x", most=8 << 20).end == "enough"


def test_huge_header(web: Web) -> None:
    web.host("quay.example").behave("/x", behaviours.HUGE_HEADER)
    came = wire(web, f"{QUAY}/x", most=20 << 20)
    assert len(came.data) > 10_000_000
    assert came.data.endswith(b"<p>Be kind.</p>")


def test_drips(web: Web) -> None:
    quay = web.host("quay.example")
    for behaviour, begins in [
        (behaviours.drip(0.02), b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nBe kind. Be"),
        (behaviours.slow_head(0.005), b"HTTP/1.1 200 OK\r\nX-Slow: aa"),
    ]:
        quay.behave("/x", behaviour)
        start = time.monotonic()
        came = wire(web, f"{QUAY}/x", most=len(begins))
        assert (came.data, came.end) == (begins, "enough")
        assert time.monotonic() - start > 0.1


def test_a_drip_can_end(web: Web) -> None:
    assert _reply(web, behaviours.drip(0.001, 8)).body == b"Be kind."


def test_bombs(web: Web) -> None:
    reply = _reply(web, behaviours.bomb(8))
    assert gzip.decompress(reply.body) == bytes(8 << 20)
    assert len(reply.body) < 20_000
    layers = _reply(web, behaviours.layered_bomb())
    assert layers.headers["content-encoding"] == "gzip, gzip, gzip"
    assert len(layers.body) < 2_000
    body = layers.body
    for _ in range(3):
        body = gzip.decompress(body)
    assert body == bytes(16 << 20)


def test_the_bomb_is_of_a_gigabyte(web: Web) -> None:
    web.host("quay.example").behave("/x", behaviours.BOMB)
    connection = connect(web, f"{QUAY}/x")
    connection.request("GET", "/x")
    packed = connection.getresponse().read()
    connection.close()
    assert len(packed) < 1_200_000
    size = int.from_bytes(packed[-4:], "little")
    assert size == 1 << 30


def test_http_clients_stumble_as_they_should(web: Web) -> None:
    for behaviour, error in [
        (behaviours.CUT, http.client.IncompleteRead),
        (behaviours.EMPTY_REPLY, http.client.RemoteDisconnected),
        (behaviours.GARBAGE, http.client.BadStatusLine),
        (behaviours.HUGE_HEADER, http.client.LineTooLong),
        (behaviours.RESET, ConnectionResetError),
    ]:
        with pytest.raises(error):
            _reply(web, behaviour)
    assert _reply(web, behaviours.NO_LENGTH).body.endswith(b"<p>Be kind.</p>")


def test_stale_keep_alive(web: Web) -> None:
    web.host("quay.example").behave("/x", behaviours.STALE_KEEP_ALIVE)
    connection = connect(web, f"{QUAY}/x")
    assert say(connection, f"{QUAY}/x").status == 200
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        say(connection, f"{QUAY}/x")
    connection.close()
