"""Hostile entries and servers: where a scan must not go, and what it must not swallow."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scans import POLICY, Scans, page
from web import Web, answer, behaviours

from archivist.net.guard import is_public
from archivist.net.wire import followed, host_of, wire_url


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "0.0.0.0"),
        *("169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "224.0.0.1"),
        *("255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1%eth0"),
        *("fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "nonsense", ""),
    ],
)
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::808:808"])
def test_public(address: str) -> None:
    assert is_public(address)


def test_private_addresses_are_refused_for_every_name_and_hop(scans: Scans) -> None:
    scans.web.host("quay.example").page("/conduct", page())
    scans.add("name", scans.web.url("quay.example", "/conduct"))
    port = scans.web.url("quay.example").rsplit(":", 1)[1].strip("/")
    for number, host in enumerate(("127.0.0.2", "localhost", "[::1]", "0x7f.1", "2130706434")):
        scans.add(f"literal-{number}", f"http://{host}:{port}/conduct")
    scans.network["allow_private_networks"] = False
    scans.wayback = "enabled = false\n"
    found = scans.results()
    assert {one["verdict"] for one in found.values()} == {"excluded"}, found
    assert "not of the public internet" in found["name"]["reason"]
    assert not scans.web.requests


@pytest.mark.parametrize(
    "location",
    [
        *("file:///etc/passwd", "ftp://quay.example/x", "gopher://quay.example/", "javascript:x"),
        *("http://ann:secret@quay.example/", "http://[nonsense/", "data:text/html,x"),
        *("http://quay.example:99999/", "http://a b.example/", "x" * 9000),
    ],
)
def test_what_is_not_followed(location: str) -> None:
    assert followed("http://quay.example/old", location) is None


@pytest.mark.parametrize(("location", "path"), behaviours.ODD_LOCATIONS.items())
def test_odd_locations(location: str, path: str) -> None:
    assert followed("http://quay.example/here/odd", location) == f"http://quay.example{path}"


def test_international_urls() -> None:
    assert wire_url("https://müller.example/straße?q=ä#x") == (
        "https://xn--mller-kva.example/stra%C3%9Fe?q=%C3%A4"
    )
    assert wire_url("http://quay.example/100%") == "http://quay.example/100%25"
    assert host_of("http://[::1]:80/x") == "[::1]"


@given(st.text(max_size=60), st.text(max_size=60))
def test_urls_on_the_wire_are_ascii_http_and_stable(url: str, location: str) -> None:
    for found in (
        wire_url(url),
        wire_url(f"http://{url}"),
        followed("http://quay.example/", location),
    ):
        if found is not None:
            assert found.isascii()
            assert found.lower().startswith(("http://", "https://"))
            assert "@" not in found.partition("://")[2].partition("/")[0].partition("?")[0]
            assert wire_url(found) == found


def _hostile(web: Web, name: str, behaviour: object) -> str:
    web.host(name).behave("/conduct", behaviour)  # type: ignore[arg-type]
    return web.url(name, "/conduct")


def test_bombs_and_floods_are_bounded(scans: Scans) -> None:
    for number, behaviour in enumerate(
        (
            behaviours.BOMB,
            behaviours.layered_bomb(),
            behaviours.ENDLESS_BODY,
            behaviours.HEADER_FLOOD,
            behaviours.HUGE_HEADER,
            behaviours.INTERIM_FLOOD,
            behaviours.drip(0.5),
            behaviours.BAD_GZIP,
            behaviours.BAD_CHUNKS,
            behaviours.CUT,
            behaviours.RESET_BODY,
            behaviours.SILENT_BODY,
        )
    ):
        scans.add(f"evil-{number}", _hostile(scans.web, f"evil-{number}.example", behaviour))
    scans.wayback = "enabled = false\n"
    scans.prepare()
    limit = 400 << 20  # bytes of address space would be too little for libcurl's threads
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "archivist", "links", "--format", "json"],
        cwd=scans.box.root,
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),
    )
    assert done.returncode in (0, 1), done.stderr
    assert time.monotonic() - started < 30
    assert b"Traceback" not in done.stderr


def test_cookies_stay_in_their_chain(scans: Scans) -> None:
    host = scans.web.host("quay.example")
    host.behave("/gate", behaviours.cookie_gate(answer(page())))
    host.page("/other", page())
    scans.add("gate", scans.web.url("quay.example", "/gate"))
    scans.add("other", scans.web.url("quay.example", "/other"))
    scans.network["concurrency"] = 1
    scans.wayback = "enabled = false\n"
    assert {one["verdict"] for one in scans.results().values()} == {"alive"}
    assert {one.path for one in scans.web.requests.with_cookies} == {"/gate"}


def test_manners(scans: Scans) -> None:
    for number in range(5):
        scans.web.host("quay.example").page(f"/{number}", page(), delay=0.1)
        scans.add(f"quay-{number}", scans.web.url("quay.example", f"/{number}"))
    scans.network |= {"per_host_interval": 0.3, "user_agent_contact": "https://ann.example/bot"}
    scans.wayback = "enabled = false\n"
    scans.results()
    asked = scans.web.requests.to("quay.example")
    assert asked.most_in_flight == 1
    assert asked.smallest_gap >= 0.2  # as the server sees it, on a busy machine
    assert {one.method for one in asked} == {"GET"}
    assert all("(+https://ann.example/bot)" in one.headers["user-agent"] for one in asked)


def test_robots_where_asked_for(scans: Scans) -> None:
    host = scans.web.host("quay.example")
    host.robots("User-agent: *\nDisallow: /private\n")
    host.page("/private", page())
    host.page("/public", page())
    for name in ("private", "public"):
        scans.add(name, scans.web.url("quay.example", f"/{name}"))
    scans.wayback = "enabled = false\n"
    assert {one["verdict"] for one in scans.results().values()} == {"alive"}
    scans.network["respect_robots"] = True
    found = scans.results("--max-age", "0")
    assert (found["private"]["verdict"], found["public"]["verdict"]) == ("excluded", "alive")
    assert "robots.txt" in found["private"]["reason"]


def test_a_host_that_does_not_answer_is_left_alone(scans: Scans) -> None:
    scans.web.ignore("quay.example")
    scans.web.host("pier.example").page("/", page())
    scans.add("pier", scans.web.url("pier.example", "/"))
    for number in range(30):
        scans.add(f"quay-{number:02}", scans.web.url("quay.example", f"/{number}"))
    scans.network |= {"timeout": 1, "connect_timeout": 0.5}
    scans.wayback = "enabled = false\n"
    started = time.monotonic()
    found = scans.results()
    assert time.monotonic() - started < 20
    assert {one["verdict"] for name, one in found.items() if name != "pier"} == {"failing"}
    assert "other requests either" in found["quay-29"]["reason"]


def test_entries_that_are_hostile(scans: Scans, tmp_path: Path) -> None:
    scans.add("plain", "http://quay.example/\x1b]0;owned\x07")
    scans.add("no-url", "not a URL at all")
    scans.add("secret", "http://ann:secret@quay.example/")
    scans.box.write("entries/none.md", "no front matter")
    scans.box.write("entries/name-\udce9.md", "---\nurl: http://quay.example/x\n---\nx\n")
    scans.box.write("entries/bytes.md", f"---\nurl: http://quay.example/\udce9\n---\n{POLICY}\n")
    outside = tmp_path / "outside.md"
    outside.write_text("---\nurl: http://outside.example/\n---\n")
    (scans.box.root / "entries" / "link.md").symlink_to(outside)
    scans.wayback = "enabled = false\n"
    outcome = scans.run("--format", "text")
    assert "Traceback" not in outcome.err, outcome.err[-1500:]
    assert "\x1b]" not in outcome.out
    assert "outside.example" not in outcome.out
    assert not scans.web.requests
    assert "Traceback" not in outcome.err


def test_http_2(scans: Scans, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", scans.web.environment()["SSL_CERT_FILE"])
    host = scans.web.http2("two.example", page())
    for number in range(4):
        scans.add(f"quay-{number}", host.url(f"/{number}"))
    scans.network |= {"per_host": 4}
    scans.wayback = "enabled = false\n"
    found = scans.results()
    assert [one["reason"] for one in found.values()] == ["still holds the policy (100 %)"] * 4
    assert sorted(host.paths) == ["/0", "/1", "/2", "/3"]


def test_ipv6(scans: Scans) -> None:
    try:
        scans.web.host("six.example", ipv6=True).page("/conduct", page())
    except OSError:
        pytest.skip("this machine has no IPv6")
    scans.add("quay", scans.web.url("six.example", "/conduct"))
    scans.wayback = "enabled = false\n"
    assert scans.results()["quay"]["reason"] == "still holds the policy (100 %)"


def test_a_page_that_is_made_to_keep_a_parser_busy(scans: Scans) -> None:
    nested = "<html><body>" + "<div>" * 300_000 + POLICY
    scans.web.host("quay.example").page("/conduct", nested)
    scans.add("quay", scans.web.url("quay.example", "/conduct"))
    scans.wayback = "enabled = false\n"
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    found = scans.results()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    assert found["quay"]["reason"] == "is no text that could be compared"
    assert spent < 10
