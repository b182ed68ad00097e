"""Extraction: pages of our own, and the text that must come of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from archivist.extraction import Extraction, Kind, Selection, Unextracted, extract
from archivist.extraction.tree import Element, grow

PAGES = Path(__file__).parent / "pages"
PROSE = "Whoever comes to the quay is a guest, and whoever is a guest is fed before the tide turns."


def text_of(html: str, **selectors: str) -> str:
    found = extract(html.encode(), "text/html; charset=utf-8", selection=Selection(**selectors))
    assert isinstance(found, Extraction), found
    return found.text


def names(html: str) -> set[str]:
    found = extract(html.encode(), "text/html; charset=utf-8")
    assert isinstance(found, Extraction)
    return {doubt.name for doubt in found.doubts}


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.txt")), ids=lambda page: page.stem)
def test_golden_pages(page: Path) -> None:
    html = page.with_suffix(".html").read_bytes()
    found = extract(html, "text/html")
    assert isinstance(found, Extraction)
    assert found.text == page.read_text(encoding="utf-8")
    assert extract(html, "text/html") == found


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<br>two<p>three", "one\ntwo\n\nthree\n"),
        ("<p>one<br><br>two", "one\n\ntwo\n"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "   * a\n\n      * b\n\n   * c\n"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "   * a\n\n      * b\n"),
        ("<ul><li></li><li>a</li></ul>", "   * a\n"),
        ("<ol><li>a<li value=9>b<li>c</ol>", "   1. a\n\n   9. b\n\n   10. c\n"),
        ("<ol reversed><li>a<li>b</ol>", "   2. a\n\n   1. b\n"),
        ("<ol type=I start=4><li>a<li>b</ol>", "   IV. a\n\n   V. b\n"),
        ("<ol><li>1. a<li>(b) c</ol>", "   1. a\n\n   2. (b) c\n"),
        ("<ul><li>• a</ul>", "   * a\n"),
        ("<ul><li>a<br>b<p>c</ul>", "   * a\n     b\n\n     c\n"),
        ("<dl><dt>a<dd>b</dl>", "a\n\n   b\n"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "   a\n\n      b\n"),
        ("<ul><li>a<blockquote>b</blockquote></ul>", "   * a\n\n        b\n"),
        ("<pre>\n\na\n  b\n</pre>", "a\n  b\n"),
        ('<div style="white-space:pre-line">a\nb</div><p>c', "a\nb\n\nc\n"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a | b\nc | d\n"),
        ("<table><tr><td>a<tr><td>b</table>", "a\n\nb\n"),
        ("<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>", "a\n\nb\n\nc\n\nd\n"),
        ("<p>a&amp;b &lt;c&gt; &copy; &#8212;", "a&b <c> © —\n"),
        ("<p>a\u00adb\u200bc\ufeff \ue001d", "abc d\n"),
        ("<ruby>漢<rt>kan</rt></ruby>", "漢(kan)\n"),
        ("<p><q>a</q>", "“a”\n"),
        ("<a href=x>a</a><a href=y>b</a>", "a b\n"),
        ("<details><summary>a</summary>b</details>", "a\n\nb\n"),
        ('<span style="display:block">a</span>b', "a\n\nb\n"),
        ('<p>a <div style="display:inline-block">b</div> c', "a\n\nb c\n"),
        ("<p>a<noscript>b</noscript><svg><text>c</text></svg>", "a\n"),
        ("<p>a<template>d</template>", "a\n"),
        ("", ""),
    ],
)
def test_what_an_element_becomes(html: str, text: str) -> None:
    assert text_of(f"<main>{html}</main>", content="main") == text


@pytest.mark.parametrize(
    "noise",
    [
        "<nav><p>Home of all boats, and of those who look for one in the fog.</nav>",
        '<div role="navigation"><p>All the talks, all the tickets, and all that was said.</div>',
        '<div id="onetrust-consent-sdk"><p>We value your privacy, and would like to have it.</div>',
        '<div class="cookie-banner">This site sets cookies, as we do. <b>Is that well?</b></div>',
        '<div class="cky-modal"><p>This site sets cookies, as others do. Is that well?</div>',
        '<div class="CookieNotice"><p>This site sets cookies, as others do. Is that well?</div>',
        "<footer><p>Printed at the quay, by the guild, for whom it may concern.</footer>",
        '<aside><a href="/a">The ten best boats of the year, as our readers see them</a></aside>',
        "<p hidden>A draft that nobody but the writer shall ever see in his life.",
        '<p style="visibility: hidden">A draft that nobody but the writer shall ever see.',
        '<ul class="breadcrumb"><li>Home<li>Rules</ul>',
        "<button>Subscribe</button>",
        '<a class="skip-link" href="#main">Skip to the content</a>',
        "<dialog open><p>Leave us your address, and we shall write to you each week.</dialog>",
    ],
)
def test_what_is_around_the_content_is_left_out(noise: str) -> None:
    policy = "".join(f"<p>{number}. {PROSE}" for number in range(8))
    plain = text_of(f"<div>{policy}</div>")
    assert plain.count(PROSE) == 8
    assert text_of(f"{noise}<div>{policy}</div>{noise}") == plain


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<form action=/>", "</form>"),
        ('<aside class="cookie-policy">', "</aside>"),
        ("<div hidden>", "</div>"),
        ('<div class="modal popup">', "</div>"),
        ("<header>", "</header>"),
        ('<div class="sidebar">', "</div>"),
        ('<body style="visibility:hidden">', ""),
        ('<div class="toc-visible:md:grid dropdown">', "</div>"),
    ],
)
def test_what_holds_the_policy_stays_whatever_it_is_called(opening: str, closing: str) -> None:
    policy = "".join(f"<p>{number}. {PROSE}" for number in range(8))
    assert text_of(f"{opening}{policy}{closing}").count(PROSE) == 8


def test_navigation_without_a_name_before_the_title() -> None:
    menu = '<div><a href="/a">Boats and all that belongs to boats</a><p>Sails, ropes, oars</div>'
    policy = "".join(f"<div><p>{PROSE}</div>" for _ in range(8))
    text = text_of(f"<body>{menu}<div><h1>Rules</h1></div>{policy}")
    assert text.startswith("Rules\n")
    assert text.count(PROSE) == 8


def test_a_title_above_the_content_belongs_to_it() -> None:
    policy = "".join(f"<p>{PROSE}" for _ in range(8))
    assert text_of(f"<div><h1>Rules</h1></div><div>{policy}</div>").startswith("Rules\n\nWhoever")


@pytest.mark.parametrize(
    ("before", "lines"),
    [
        (
            "<h1>Rules</h1><p>Last updated: March 3, 2024</p>",
            ["Rules", "Last updated: March 3, 2024"],
        ),
        (
            "<h1>Hafen</h1><span>Stand: 3. Mai 2024</span><h2>Regeln</h2>",
            ["Hafen", "Stand: 3. Mai 2024", "Regeln"],
        ),
        (
            "<div><h2>Rules</h2><div><b>Effective</b> 2024-03-03</div></div>",
            ["Rules", "Effective 2024-03-03"],
        ),
        ("<h2>Rules</h2><p>They hold for everybody.</p>", ["Rules", "They hold for everybody."]),
        ("<div>Boats for hire</div><h2>Rules</h2>", ["Rules"]),
        ("<h2>Rules</h2><div>Boats for hire</div>", []),
        ("<h2><a href=/>Quay Guild</a></h2>", []),
        ("<p>Boats for hire</p>", []),
        ("Boats for hire <h3>Rules</h3> ", ["Rules"]),
    ],
)
def test_headings_and_dates_directly_before_the_content(before: str, lines: list[str]) -> None:
    policy = "".join(f"<p>{number}. {PROSE}" for number in range(12))
    text = text_of(f"<h1>Quay</h1><ul><li>Boats</ul><div>{before}<div>{policy}</div></div>")
    title = [] if "<h1>" in before else ["Quay"]  # the only one of the page
    assert text.partition("\n\n0. ")[0].split("\n\n") == [*title, *lines]


def test_a_heading_before_the_content_stands_once() -> None:
    policy = "".join(f"<p>{PROSE}" for _ in range(12))
    text = text_of(f"<div><div><h1>Rules</h1></div><p>As of May 4, 2024</div><div>{policy}</div>")
    assert text.startswith("Rules\n\nAs of May 4, 2024\n\nWhoever")
    text = text_of(f"<h2>Rules</h2><div><h1>Quay</h1><div>Hire</div><div>{policy}</div></div>")
    assert text.startswith("Quay\n\nWhoever")


def test_panels_that_a_reader_can_open_are_read() -> None:
    policy = "".join(f"<p>{PROSE}" for _ in range(8))
    panel = '<a href="#p">More</a><div id="p" style="display:none"><p>It is there to be read.</div>'
    assert "It is there to be read." in text_of(policy + panel)


@pytest.mark.parametrize(
    "box",
    [
        "<aside class=callout><p>{}</p></aside>",
        "<footer class=entry-footer><p>{}</p></footer>",
        "<header class=entry-header><h2>Weapons</h2><p>{}</p></header>",
        "<div class=alert role=alert>{}</div>",
        "<div role=status>{}</div>",
        "<menu><li>{}</menu>",
        "<h3>Weapons</h3><div style='display: none'><p>{}</p></div>",
    ],
)
def test_boxes_of_the_text_are_read(box: str) -> None:
    rule = "Weapons stay at home, and whoever brings one is asked to leave the quay at once."
    inside = f"<div class=page><h1>Rules</h1><p>{PROSE}</p><p>{PROSE}</p>{box.format(rule)}</div>"
    around = "<header><a href=/>Quay Guild</a></header>{}<footer>Made by the guild.</footer>"
    found = text_of(around.format(inside))
    assert rule in found
    assert "Made by" not in found
    assert rule in text_of(f"<main>{inside}</main>")


def test_boxes_of_links_are_left_out() -> None:
    links = "".join(f"<li><a href=/{n}>The other page of the quay, number {n}</a>" for n in "1234")
    page = f"<div class=page><h1>Rules</h1><p>{PROSE}</p><p>{PROSE}</p>{{}}</div>"
    for box in ("<menu>{}</menu>", "<aside><ul>{}</ul></aside>", "<footer><ul>{}</ul></footer>"):
        assert "other page" not in text_of(page.format(box.format(links)))


def test_selectors() -> None:
    html = '<div class="a"><p>one<p class="x">two</div><div class="a"><p>three</div><p>four'
    assert text_of(html, content=".a") == "one\n\ntwo\n\nthree\n"
    assert text_of(html, content=".a", remove=".x") == "one\n\nthree\n"
    assert text_of(html, content="div, p") == "one\n\ntwo\n\nthree\n\nfour\n"
    assert "two" not in text_of(html, remove=".x")
    assert text_of(html, content="#none, .a p:first-child") == "one\n\nthree\n"


@pytest.mark.parametrize("key", ["content", "remove"])
@pytest.mark.parametrize(
    ("selector", "reason"),
    [
        (".gone", "matches nothing on the page: .gone"),
        ("p[", "is not a CSS selector"),
        ("p" * 501, "is not a CSS selector"),
        ("p\0", "is not a CSS selector"),
    ],
)
def test_a_selector_that_does_not_find(key: str, selector: str, reason: str) -> None:
    found = extract(b"<p>one", "text/html", selection=Selection(**{key: selector}))
    assert isinstance(found, Unextracted)
    assert f"`{key} selector` {reason}" in found.reason


def test_doubts() -> None:
    policy = "".join(f"<p>{PROSE}" for _ in range(12))
    assert names(f"<h1>Rules</h1>{policy}") == set()
    assert names("<p>Be kind.") == {"short"}
    assert names("<div id=root></div><script src=x></script>") == {"short", "scripts"}
    assert "several" in names(f"<h2>Terms of Service</h2>{policy}<h2>Privacy Policy</h2>{policy}")
    assert "several" not in names(f"<h1>Terms</h1>{policy}<h2>Changes to our terms</h2>{policy}")
    assert "repeats" in names(f"<h1>Rules</h1>{'<h3>Good to know</h3>' * 4}{policy}")
    links = "".join(f'<p><a href="/{number}">{PROSE}</a> Read more' for number in range(9))
    assert "links" in names(f"<main>{links}</main>")
    other = "".join(f"<p>{PROSE}" for _ in range(30))
    named = f'<div id="policy-text">{policy}</div><div id="other">{other}</div>'
    assert "elsewhere" in names(named)


def test_a_title_and_a_language() -> None:
    html = "<html lang=' de-AT '><title> Regeln \n am Kai </title><svg><title>x</title></svg><p>a"
    found = extract(html.encode(), "text/html")
    assert isinstance(found, Extraction)
    assert (found.title, found.language) == ("Regeln am Kai", "de-AT")


@pytest.mark.parametrize(
    ("html", "title"),
    [
        (
            "<meta charset=utf-8><script>1</script><!-- x --><title>Quay</title><title>y</title>",
            "Quay",
        ),
        ("<head><meta name=x><noscript><title>Quay</title></noscript><title>y</title>", "Quay"),
        ("<p>a<svg><title>Quay</title></svg>", "Quay"),
        ("<p>a", ""),
    ],
)
def test_the_first_title_of_a_page_counts(html: str, title: str) -> None:
    found = extract(html.encode(), "text/html")
    assert isinstance(found, Extraction)
    assert found.title == title


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("be kind", "be kind"),
        ("  be  kind ", "be kind"),
        ("be\n\tkind\u00a0", "be kind"),
        ("be\x1ckind", "bekind"),
        ("\u200b be\u00ad kind", "be kind"),
        ("be \u200b kind", "be kind"),
        ("\u200b", ""),
    ],
)
def test_blanks_and_unseen_signs_on_the_short_way_and_the_long(text: str, line: str) -> None:
    found = extract(f"<body><p>{text}</p>".encode(), "text/html", selection=Selection("body"))
    assert isinstance(found, Extraction)
    assert found.text == (f"{line}\n" if line else "")


@pytest.mark.parametrize(
    ("data", "content_type", "address", "kind"),
    [
        (b"<p>a", "text/html", "", Kind.HTML),
        (b"<p>a", "application/xhtml+xml; charset=utf-8", "", Kind.HTML),
        (b"  <!DOCTYPE html>a", "", "", Kind.HTML),
        (b"\xff\xfe<\0p\0>\0a\0", "", "", Kind.HTML),
        (b"# a", "text/markdown", "", Kind.MARKDOWN),
        (b"# a", "text/plain", "https://forge.example/CONDUCT.md?raw=1", Kind.MARKDOWN),
        (b"# a", "", "CONDUCT.MD", Kind.MARKDOWN),
        (b"a", "text/plain", "https://forge.example/CONDUCT.txt", Kind.TEXT),
        (b"<html> is how a page begins", "text/plain", "", Kind.TEXT),
        (b"a", "", "", Kind.TEXT),
        (b"a", "", "page.html", Kind.HTML),
    ],
)
def test_kinds(data: bytes, content_type: str, address: str, kind: Kind) -> None:
    found = extract(data, content_type, address=address)
    assert isinstance(found, Extraction)
    assert found.kind is kind


@pytest.mark.parametrize(
    ("data", "content_type", "reason"),
    [
        (b"\x89PNG", "image/png", "the source is image/png, not a text"),
        (b"{}", "application/json", "the source is application/json, not a text"),
        (b"a\0\1\2", "", "the source is binary data, not a text"),
        (b" " * (24 * 1024 * 1024 + 1), "text/html", "the source is larger than 24 MiB"),
    ],
)
def test_what_is_no_text(data: bytes, content_type: str, reason: str) -> None:
    found = extract(data, content_type)
    assert isinstance(found, Unextracted)
    assert found.reason == reason


def test_selectors_need_html() -> None:
    found = extract(b"a", "text/plain", selection=Selection("p"))
    assert isinstance(found, Unextracted)
    assert found.reason == "the source is text, and a selector needs HTML"


def test_plain_text_is_unwrapped_where_its_width_ran_out() -> None:
    source = (
        b"RULES OF THE QUAY\r\n\r\n\r\n"
        b"Whoever comes to the quay is a guest, and whoever is a guest is\r\n"
        b"fed before the tide turns.\r\n"
        b"- Bring a lamp, for the way is dark, and the steps are wet in the\r\n"
        b"  morning.\r\n"
        b"- Ring twice.\r\n\r\n"
        b"Lantern Society\r\nQuay 7\r\n"
    )
    found = extract(source, "text/plain")
    assert isinstance(found, Extraction)
    assert found.text == (
        "RULES OF THE QUAY\n\n"
        f"{PROSE}\n"
        "- Bring a lamp, for the way is dark, and the steps are wet in the morning.\n"
        "- Ring twice.\n\n"
        "Lantern Society\nQuay 7\n"
    )


def test_markdown_is_read_and_not_kept() -> None:
    source = (
        b"---\ntitle: Rules\n---\n# Rules\n\nBe **kind**, and\nread [this](https://quay.example/).\n"
        b"\n* one\n  1. two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<b>three</b>\n"
    )
    found = extract(source, "text/markdown")
    assert isinstance(found, Extraction)
    assert found.text == (
        "Rules\n\nBe kind, and read this.\n\n   * one\n\n      1. two\n\na | b\n1 | 2\n\nthree\n"
    )
    long = extract(b"a *b*\n" * 200_000, "text/markdown")
    assert isinstance(long, Extraction)
    assert long.text.startswith("a *b*\n")


def test_a_button_that_is_a_heading_stays_in_what_a_selector_names() -> None:
    page = (
        "<main><button aria-expanded=false aria-controls=one><h3>1.1 What you give us</h3></button>"
        "<div id=one hidden><p>Your name, and that of your boat.</div>"
        "<button>Share this page</button></main>"
    )
    found = extract(page.encode(), "text/html", selection=Selection("main"))
    assert isinstance(found, Extraction)
    assert found.text == "1.1 What you give us\n\nYour name, and that of your boat.\n"


@given(
    st.recursive(
        st.sampled_from(
            ["Be kind. ", "Whoever comes to the quay is a guest, and a guest is fed. "]
        ),
        lambda inner: st.builds(
            lambda tag, name, parts: f"<{tag} class={name}>{''.join(parts)}</{tag.split()[0]}>",
            st.sampled_from(["div", "p", "a href=x", "a", "section", "span"]),
            st.sampled_from(["x", "sidebar"]),
            st.lists(inner, max_size=4),
        ),
        max_leaves=20,
    )
)
def test_a_tree_measures_what_is_left(html: str) -> None:
    body = LexborHTMLParser(html).body
    assert body is not None
    tree = grow(body)
    tree = tree.without([one for one in tree.order if one.get("class") == "sidebar"])
    assert [(one.chars, one.prose, one.linked) for one in tree.order] == list(
        map(_measured, tree.order)
    )


def _measured(element: Element) -> tuple[int, int, int]:
    """The characters, the prose and the linked characters of an element, from its texts alone."""
    texts = [child.strip() for child in element.children if isinstance(child, str)]
    chars, prose = sum(map(len, texts)), sum(len(one) for one in texts if len(one) >= 40)
    below = [_measured(one) for one in element.elements()]
    chars, prose = chars + sum(one[0] for one in below), prose + sum(one[1] for one in below)
    linked = sum(one[2] for one in below)
    is_link = element.tag == "a" and "href" in element.attributes
    return (chars, 0, chars) if is_link else (chars, prose, linked)
