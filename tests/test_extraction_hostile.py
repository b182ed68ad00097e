"""Extraction of what strangers may send: bounded in time, memory and depth; nothing ever raises."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archivist import markup
from archivist.extraction import Extraction, Selection, Unextracted, extract

TAGS = (
    *("p", "div", "ul", "ol", "li", "table", "tr", "td", "b", "a", "span", "h1", "br", "pre"),
    *("dl", "dd", "blockquote", "main", "article", "nav", "form", "button", "details", "ruby"),
    *("rt", "q", "script", "style", "template", "svg", "title", "body", "html", "head", "select"),
)
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(['<ol start="-3">', '<li value="9999999999">', "<p hidden>", "<!--", "-->"]),
    st.sampled_from(['<div style="display:none">', '<a href="#x">', '<i id="x" class="modal">']),
    st.text(max_size=60),
)


@given(st.lists(PIECES, max_size=60).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_page(html: str) -> None:
    data = html.encode("utf-8", "surrogatepass")
    found = extract(data, "text/html")
    assert found == extract(data, "text/html")
    assert isinstance(found, Extraction)
    assert all(line == line.rstrip() for line in found.text.split("\n"))
    assert "\n\n\n" not in found.text
    assert not found.text or (found.text.strip() and found.text.endswith("\n"))
    found.text.encode()


@given(st.binary(max_size=400), st.sampled_from(["", "text/html", "text/plain", "text/markdown"]))
@settings(max_examples=300, deadline=None)
def test_any_bytes(data: bytes, content_type: str) -> None:
    assert isinstance(extract(data, content_type), Extraction | Unextracted)


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_selector(content: str, remove: str) -> None:
    html = b"<main><p class=a>one<p id=b>two</main>"
    assert extract(html, "text/html", selection=Selection(content, remove))


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<div>" * 1_000_000, "nested"),
        ("<ul><li>" * 100_000, "nested"),
        ("<b><div>" * 50_000 + "</b>" * 50_000, "nested"),
        ("<p>x" * 5_000_000, "tags"),
        ("<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">", "attributes"),
        ("<p " + " ".join(f"a{number}='>'" for number in range(100_000)) + ">", "attributes"),
        (
            "<p>"
            + "".join(f"<b a{number}>" for number in range(900))
            + "</p>"
            + "<p>x</p>" * 20_000,
            "formatting",
        ),
    ],
    ids=["depth", "lists", "misnested", "tags", "attributes", "quoted attributes", "formatting"],
)
def test_what_would_cost_minutes_is_refused_in_seconds(html: str, reason: str) -> None:
    start = time.process_time()
    found = extract(html.encode(), "text/html")
    assert time.process_time() - start < 5
    assert isinstance(found, Unextracted)
    assert reason in found.reason


@pytest.mark.parametrize(
    "html",
    [
        "<" * 2_000_000,
        "<!--" * 500_000,
        "&amp;" * 2_000_000,
        "a " * 10_000_000,
        "<script>" + "x" * 5_000_000,
        "<a x='" * 200_000,
        "<table><tr><td>" * 300 + "x",
        "<em><p>" * 900 + "x",
        "<p>" + "<br>" * 100_000,
        "<p title='" + "x" * 5_000_000 + "'>a",
        "<div>" * 140
        + "<i></i>" * 100_000
        + "as of"
        + "</div>" * 140
        + "<div>"
        + "<p>Be kind. " * 99,
        "<h2>x</h2>" * 20_000 + "<p>As of 2024" * 20_000 + "<div>" + "<p>Be kind to all. " * 20_000,
    ],
    ids=range(12),
)
def test_odd_pages_are_quick(html: str) -> None:
    start = time.process_time()
    extract(html.encode(), "text/html")
    assert time.process_time() - start < 6


def test_a_deep_page_keeps_its_text() -> None:
    found = extract(("<div>a" * 900).encode(), "text/html", selection=Selection("body"))
    assert isinstance(found, Extraction)
    assert found.text.count("a") == 900


def test_memory_grows_with_the_page() -> None:
    def peak(times: int) -> int:
        html = ("<p>Whoever comes to the <b>quay</b> is a guest." * times).encode()
        tracemalloc.start()
        extract(html, "text/html")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(8_000) < 10 * peak(1_000)


@given(
    st.lists(
        st.sampled_from(
            ["<", ">", "<p", "</p", "x", "x" * 7_990, "x" * 7_999, "x" * 8_000, "x" * 16_001]
        ),
        max_size=8,
    )
)
def test_long_tags_are_found_by_leaps(parts: list[str]) -> None:
    html = "".join(parts)
    assert markup._has_long_tag(html) == bool(markup._LONG_TAG.search(html))
