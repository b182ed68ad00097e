"""URLs: their form, how they compare, and mementos."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archivist import addresses
from archivist.addresses import Memento, is_url, memento, problem, suggestion, url_key

FUZZ = settings(derandomize=True, deadline=None, max_examples=200)
WAYBACK = "https://web.archive.org/web"


PORT = "must have a port between 1 and 65535 behind the colon"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example", "a.example"),
        ("http://a.example/", "a.example"),
        ("HTTPS://A.Example/B?c=D#e", "a.example"),
        ("https://a.example:8443/b", "a.example"),
        ("https://a.example./b", "a.example."),
        ("https://a.example?b", "a.example"),
        ("https://a.example#b", "a.example"),
        ("http://[2001:db8::1]/b", "[2001:db8::1]"),
        ("http://[::1]:8080/b", "[::1]"),
        ("http://[::ffff:192.0.2.1]/", "[::ffff:192.0.2.1]"),
        ("http://192.0.2.1/b", "192.0.2.1"),
        ("https://bücher.example/straße", "bücher.example"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://例え.テスト/", "例え.テスト"),
        ("https://a.example/@user/b:c", "a.example"),
        ("https://a.example/?next=https://b.example/", "a.example"),
        ("https://a.example/b%20c(d),e;f&g'h", "a.example"),
        ("http://localhost:8000/", "localhost"),
    ],
)
def test_urls(url: str, host: str) -> None:
    assert problem(url) is None
    assert suggestion(url) is None
    assert addresses.host(url) == host
    assert is_url(url)


@pytest.mark.parametrize(
    ("url", "reason", "meant"),
    [
        ("https://a.example/b c", "must not contain white space", None),
        ("https://a.example/\tb", "must not contain white space", None),
        ("https://a.example/b\u00a0c", "must not contain white space", None),
        ("https://a.example/b\u2028c", "must not contain white space", None),
        (
            "https://user:secret@a.example/b",
            "must not carry a user name or password",
            "https://a.example/b",
        ),
        ("https://user@a.example", "must not carry a user name or password", "https://a.example"),
        ("https://@a.example", "must not carry a user name or password", "https://a.example"),
        ("https://a@b@c.example/", "must not carry a user name or password", "https://c.example/"),
        ("https://a.example:0/", PORT, None),
        ("https://a.example:65536/", PORT, None),
        ("https://a.example:/b", PORT, None),
        ("https://a.example:123456/", PORT, None),
        ("https://a.example:x/", PORT, None),
        ("https://a.example:８０/", PORT, None),
        ("https://a.example:-1/", PORT, None),
        ("https://a.exa<mple/", "has a host name with a character that no host name has", None),
        ("https://a.example%2e/", "has a host name with a character that no host name has", None),
        ("https://a..example/", "has a host name with an empty part", None),
        ("https://.example/", "has a host name with an empty part", None),
        ("https://./", "has a host name with an empty part", None),
        ("www.a.example/b", "must be absolute: begin with https:// or http://", None),
        ("a.example:8080/b", "must be absolute: begin with https:// or http://", None),
        ("//a.example/b", "must be absolute: begin with https:// or http://", None),
        ("/conduct", "must be absolute: begin with https:// or http://", None),
        ("conduct.html", "must be absolute: begin with https:// or http://", None),
        ("ftp://a.example/", "must be an http or https URL", None),
        ("mailto:a@b.example", "must be an http or https URL", None),
        ("javascript:alert(1)", "must be an http or https URL", None),
        ("data:text/html,x", "must be an http or https URL", None),
        ("file:///etc/passwd", "must be an http or https URL", None),
        ("view-source:https://a.example/", "must be an http or https URL", None),
        ("http:///b", "has no host", None),
        ("http://", "has no host", None),
        ("http:a.example/b", "has no host", None),
        ("https:/a.example/b", "has no host", None),
        ("https://?b", "has no host", None),
        ("https://[::1/b", "has no host", None),
        ("https://[g::1]/b", "has no host", None),
        ("https://::1/b", "has no host", None),
    ],
)
def test_what_is_no_url(url: str, reason: str, meant: str | None) -> None:
    assert problem(url) == reason
    if meant is not None:
        assert suggestion(url) == meant


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("www.a.example/b", "https://www.a.example/b"),
        ("//a.example/b", "https://a.example/b"),
        ("http:a.example/b", "https://a.example/b"),
        ("https:/a.example/b", "https://a.example/b"),
        ("conduct", None),
        ("/conduct", None),
        ("https://a.example/b c", None),
        ("", None),
    ],
)
def test_what_was_meant(url: str, meant: str | None) -> None:
    assert suggestion(url) == meant


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "mailto:a@b.example", "javascript:alert(1).x", "file:///etc/a.b"]
)
def test_another_scheme_is_not_made_part_of_a_host(url: str) -> None:
    meant = suggestion(url)
    assert meant is None or addresses.host(meant) == "a.example"


TEXTS = st.one_of(
    st.text(st.sampled_from("htps:/@.[]?#%a1 \t-é"), max_size=30),
    st.builds("http{}://{}".format, st.sampled_from(["", "s"]), st.text(max_size=20)),
    st.text(max_size=20),
)


@FUZZ
@given(TEXTS)
@example("http://user:pa/ss@a.example")
@example("http://a:b@c")
@example("https://[")
def test_whatever_is_suggested_is_a_url(text: str) -> None:
    assert (problem(text) is None) == bool(addresses.host(text) and _is_good(text))
    meant = suggestion(text)
    if meant is not None:
        assert problem(meant) is None
        assert meant != text
        assert "@" not in addresses.host(meant)


def _is_good(text: str) -> bool:
    return problem(text) is None


# How URLs compare


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://a.example/b", "http://a.example/b"),
        ("https://www.a.example/b", "https://a.example/b"),
        ("https://A.Example/b", "https://a.example/b"),
        ("HTTPS://a.example/b", "https://a.example/b"),
        ("https://a.example/b/", "https://a.example/b"),
        ("https://a.example/", "https://a.example"),
        ("https://a.example:443/b", "https://a.example/b"),
        ("http://a.example:80/b", "https://a.example/b"),
        ("https://a.example/b#c", "https://a.example/b"),
        ("https://a.example/b/#c/d", "https://a.example/b"),
        ("https://a.example#b://c", "https://a.example"),
    ],
)
def test_urls_that_are_the_same(url: str, other: str) -> None:
    assert url_key(url) == url_key(other)


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://a.example/b", "https://a.example/c"),
        ("https://a.example/b", "https://a.example/B"),
        ("https://a.example/b", "https://b.example/b"),
        ("https://a.example/b", "https://a.example/b?c"),
        ("https://a.example?B", "https://a.example?b"),
        ("https://a.example/?B", "https://a.example/?b"),
        ("https://a.example:81/b", "https://a.example/b"),
        ("https://web.example/b", "https://example/b"),
    ],
)
def test_urls_that_are_not_the_same(url: str, other: str) -> None:
    assert url_key(url) != url_key(other)


LABELS = st.text(st.sampled_from("abcXYZ019é-"), min_size=1, max_size=6)
PATHS = st.text(st.sampled_from("aB1/?&=:%#.-é"), max_size=20)


@FUZZ
@given(
    st.sampled_from(["http", "https", "HTTP"]),
    st.lists(LABELS, min_size=1, max_size=3).map(".".join),
    st.sampled_from(["", ":8080"]),
    PATHS,
)
@example("http", "a.example", "", "b//")
@example("http", "a.example", "", "?q=http://b/#c")
def test_a_key_is_its_own_key(scheme: str, host: str, port: str, path: str) -> None:
    """Keys are URLs without a scheme; as a URL again, such a key is its own."""
    url = f"{scheme}://{host}{port}/{path}"
    key = url_key(url)
    assert url_key(f"https://{key}") == key
    for other in (f"https://www.{host}{port}/{path}", f"{url}#x" if "#" not in url else url):
        assert url_key(other) == key


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("http://a", True),
        ("HTTPS://a", True),
        ("httpx://a", False),
        ("http:/a", False),
        (" http://a", False),
        ("a http://b", False),
        ("", False),
    ],
)
def test_what_is_meant_as_a_url(text: str, is_one: bool) -> None:
    assert is_url(text) == is_one


# Mementos


@pytest.mark.parametrize(
    ("url", "captured", "original"),
    [
        (f"{WAYBACK}/20140204093000/https://a.example/b", date(2014, 2, 4), "https://a.example/b"),
        (f"{WAYBACK}/20140204093000id_/http://a.example", date(2014, 2, 4), "http://a.example"),
        (f"{WAYBACK}/20140204093000if_/http://a.example/", date(2014, 2, 4), "http://a.example/"),
        (f"{WAYBACK}/20140204093000/a.example/b", date(2014, 2, 4), "http://a.example/b"),
        (f"{WAYBACK}/20000229235959/http://a.example/", date(2000, 2, 29), "http://a.example/"),
        (
            f"{WAYBACK}/20140204093000/{WAYBACK}/20130101000000/http://a.example/",
            date(2014, 2, 4),
            f"{WAYBACK}/20130101000000/http://a.example/",
        ),
        (
            "http://localhost:8080/web/20140204093000/http://a.example/?b=c#d",
            date(2014, 2, 4),
            "http://a.example/?b=c#d",
        ),
        (
            "https://archive.example/wayback/all/20140204093000/http://a.example/20150101000000/b",
            date(2014, 2, 4),
            "http://a.example/20150101000000/b",
        ),
        (
            f"{WAYBACK}/20140204093000/https://a.example/20130101000000/http://b.example/",
            date(2014, 2, 4),
            "https://a.example/20130101000000/http://b.example/",
        ),
    ],
)
def test_mementos(url: str, captured: date, original: str) -> None:
    assert problem(url) is None
    found = memento(url)
    assert isinstance(found, Memento)
    assert (found.captured, found.original) == (captured, original)
    assert len(found.stamp) == 14
    assert f"/{found.stamp}" in url


SHORT = "must carry the capture's full timestamp: 14 digits, YYYYMMDDhhmmss"
NONE = "must be the URL of a memento: https://web.archive.org/web/YYYYMMDDhhmmss/URL"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", NONE),
        ("https://a.example/b", NONE),
        (f"{WAYBACK}/20140204093000/", NONE),
        (f"{WAYBACK}/20140204093000id_/", NONE),
        (f"{WAYBACK}/save/https://a.example/", NONE),
        ("20140204093000/https://a.example/", NONE),
        (f"{WAYBACK}/2014/https://a.example/", SHORT),
        (f"{WAYBACK}/20140204/https://a.example/", SHORT),
        (f"{WAYBACK}/20140204*/https://a.example/", SHORT),
        (f"{WAYBACK}/*/https://a.example/", SHORT),
        (f"{WAYBACK}/201402040930000/https://a.example/", NONE),
        (f"{WAYBACK}/２０１４０２０４０９３０００/https://a.example/", NONE),
        (f"{WAYBACK}/20140230093000/https://a.example/", "carries a timestamp that is no date"),
        (f"{WAYBACK}/00000204093000/https://a.example/", "carries a timestamp that is no date"),
        (f"{WAYBACK}/20141304093000/https://a.example/", "carries a timestamp that is no date"),
        (f"{WAYBACK}/20140204256000/https://a.example/", "carries a timestamp that is no date"),
        (f"{WAYBACK}/20140204096000/https://a.example/", "carries a timestamp that is no date"),
    ],
)
def test_what_is_no_memento(url: str, reason: str) -> None:
    found = memento(url)
    assert isinstance(found, str)
    assert found.startswith(reason)


@FUZZ
@given(
    st.dates(date(1000, 1, 1)),
    st.times(),
    st.sampled_from(["", "id_", "if_", "js_", "im_"]),
    st.sampled_from(["https://a.example/b", "http://a.example", "http://b.example/c?d=e#f"]),
)
def test_any_capture_is_read(day: date, time: object, kind: str, original: str) -> None:
    stamp = f"{day:%Y%m%d}{str(time)[:8].replace(':', '')}".rjust(14, "0")
    assert memento(f"{WAYBACK}/{stamp}{kind}/{original}") == Memento(day, original, stamp)


@FUZZ
@given(st.one_of(TEXTS, TEXTS.map(f"{WAYBACK}/20140204093000/{{}}".format)))
def test_nothing_raises(text: str) -> None:
    assert isinstance(memento(text), Memento | str)
    assert isinstance(url_key(text), str)
    assert isinstance(addresses.host(text), str)
