"""Provenance, evidence and the sameness of texts."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from snapshots import trailers_of
from web import Web, answer, behaviours

from archivist import warc
from archivist.capturing.evidence import evidence_of, hop_of, hop_of_file, is_from_file
from archivist.capturing.extractor import extractor_of
from archivist.capturing.provenance import Exhibit, Provenance
from archivist.capturing.texts import body_digest, body_of, essence, is_same, text_of
from archivist.config.scan import NetworkSettings
from archivist.extraction import Kind
from archivist.net.crawl import Crawl
from archivist.net.fetch import Answer, Fetch

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def ask(web: Web, url: str, **options: object) -> Answer:
    """One recorded answer of the web."""
    answers: list[Answer] = []

    def once() -> Generator[Fetch, Answer, None]:
        answers.append((yield Fetch(url, recorded=True, **options)))  # type: ignore[arg-type]

    settings = NetworkSettings(
        allow_private_networks=True, per_host_interval=0, hosts=tuple(web.addresses.items())
    )
    crawl: Crawl[None] = Crawl(settings, lambda _lane: None, lambda _result: None)
    crawl.add(once())
    crawl.run()
    return answers[0]


def test_the_heads_of_the_wire(web: Web) -> None:
    many = {"X-Mark": ["one", "two"], "Content-Language": "en"}
    web.host("quay.example").page("/conduct", "Be kind.", headers=many)
    found = ask(web, web.url("quay.example", "/conduct"))
    assert found.wire is not None
    assert found.wire.status == "200 OK"
    assert [pair for pair in found.wire.headers if pair[0] == "X-Mark"] == [
        ("X-Mark", "one"),
        ("X-Mark", "two"),
    ]
    asked = dict(found.wire.asked)
    assert asked["Accept-Encoding"] == "identity"
    assert asked["Host"].startswith("quay.example")
    assert asked["User-Agent"].startswith("archivist/")


@pytest.mark.parametrize("packed", [None, "gzip", "deflate"])
@pytest.mark.parametrize("chunked", [False, True])
def test_evidence_is_valid_however_it_came(web: Web, packed: str | None, chunked: bool) -> None:
    text = "Be kind to everybody at the quay. " * 50
    page = answer(text, packed=packed, chunked=chunked)
    web.host("quay.example").behave("/conduct", page)
    found = ask(web, web.url("quay.example", "/conduct"))
    data = evidence_of([hop_of(found, NOW)], text, extractor_of(Kind.HTML))
    read = warc.read(data)
    assert read.flaws == ()
    hop = read.hops[0]
    assert (hop.code, hop.body.decode(), read.text) == (200, text, text)
    assert hop.header("content-length") in ("", str(len(text)))
    assert hop.header("content-encoding") == ""
    assert dict(hop.asked)["Accept-Encoding"] == "identity"
    assert data == evidence_of([hop_of(found, NOW)], text, extractor_of(Kind.HTML))


def test_evidence_of_a_body_without_end(web: Web) -> None:
    web.host("quay.example").behave("/conduct", behaviours.packed("x" * 100_000))
    found = ask(web, web.url("quay.example", "/conduct"), limit=1000)
    assert (found.cut, len(found.body)) == (True, 1000)


def test_evidence_of_a_file() -> None:
    hop = hop_of_file(b"Be kind.", "https://quay.example/", "text/plain", NOW)
    read = warc.read(evidence_of([hop], "Be kind.\n", "walker/2"))
    assert read.flaws == ()
    assert is_from_file(read.hops[0])


def test_what_shaped_the_text() -> None:
    assert extractor_of(Kind.HTML) == extractor_of(Kind.TEXT) == "walker/2"
    assert extractor_of(Kind.MARKDOWN).startswith("walker/2 markdown-it-py/")
    assert extractor_of(Kind.PDF).startswith("walker/2 pypdf/")


WORDS = st.text(max_size=60)


@given(WORDS, WORDS, WORDS, WORDS)
def test_provenance_is_a_line_a_value(
    entry: str, source: str, extractor: str, memento: str
) -> None:
    exhibit = Exhibit("evidence/x.warc", "sha256:" + "0" * 64)
    said = Provenance(entry, source, evidence=exhibit, extractor=extractor, wayback=memento)
    lines = said.lines()
    assert len("\n".join(lines).splitlines()) == len(lines)
    message = "Subject\n\n" + "\n".join(lines)
    found = Provenance.parse(trailers_of(message))
    if found is not None:
        assert found.lines() == lines
        assert found.evidence == exhibit


def test_provenance_of_strangers() -> None:
    assert Provenance.parse([]) is None
    assert Provenance.parse([("Archivist-Source", "x")]) is None
    found = Provenance.parse([("archivist-entry", "a"), ("Archivist-Evidence", "no digest")])
    assert found is not None
    assert (found.entry, found.evidence, found.version) == ("a", None, "")
    assert Provenance("a", captured="2026-11-25T12:00:00Z").when == NOW
    assert Provenance("a", captured="noon").when is None


@given(st.text())
def test_text_and_body(text: str) -> None:
    text = text_of(text)
    assert text_of(body_of(text)) == text


def test_a_digest_sees_every_byte() -> None:
    assert body_digest("\nBe kind.\n") != body_digest("Be kind.\n")
    assert body_digest("\udcff").startswith("sha256:")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Be kind.\n\nBe  fair.", "Be kind. Be fair.\n"),
        ("   * Be kind\n", "Be kind"),
        ('Don\'t "touch" it - ever', "Don\u2019t \u201ctouch\u201d it \u2013 ever"),
        ("Be ki\u00adnd\u200b.", "Be kind."),
        ("\u00a9 2025 Quay", "\u00a9 2026 Quay"),
        ("Copyright 2019-2025 Quay", "Copyright 2019-2026 Quay"),
        ("Page made on Nov 24, 2026 at 11:02", "Page made on Nov 25, 2026 at 09:59"),
        ("Page made 24.11.2026, 11:02", "Page made 25.11.2026, 09:59"),
        ("Today: 24th November 2026", "Today: 25th November 2026"),
        ("Tuesday, November 24, 2026", "Wednesday, November 25, 2026"),
        ("Dienstag, den 24. November 2026", "Mittwoch, den 25. November 2026"),
        ("24 novembre 2026", "25 novembre 2026"),
        ("mardi 24 novembre 2026 à 9h05", "mercredi 25 novembre 2026 à 10h00"),
        ("Tue, 24 Nov 2026 12:00:00 GMT", "Wed, 25 Nov 2026 12:00:07 GMT"),
        ("2026-11-24T12:00:00+01:00", "2026-11-25T12:00:00+01:00"),
        ("2026年11月24日", "2026年11月25日"),
        ("2026年11月24日(火)", "2026年11月25日(水)"),
        ("20261124", "20261125"),
        ("It is Nov 24, 2026. Be kind.", "It is Nov 25, 2026. Be kind."),
        (
            "Printed from the quay's pages on 11/24/2026",
            "Printed from the quay's pages on 11/25/2026",
        ),
        ("Be kind\n\nNov 24, 2026\n\nBe fair", "Be kind\n\nNov 25, 2026\n\nBe fair"),
        ("Rendered at 12:04", "Rendered at 13:55:10"),
        ("Page generated in 0.31 seconds", "Page generated in 1.2 seconds"),
        ("Last updated 3 days ago", "Last updated 18 days ago"),
        ("an hour ago\nBe kind", "2 hours ago\nBe kind"),
        ("Zuletzt geändert: vor 3 Tagen", "Zuletzt geändert: vor 4 Tagen"),
        ("3日前", "4日前"),
        ("© Quay Ltd. 2025", "© Quay Ltd. 2026"),
        ("2025 © Quay", "2026 © Quay"),
        ("Copyright (C) 2025 Quay", "Copyright (C) 2026 Quay"),
        ("Copyright © 2001, 2025", "Copyright © 2001, 2026"),
        ("© 2001 – 2025, 2026 Quay", "© 2001 – 2026, 2027 Quay"),
        ("© 2001 – present. Be kind.", "© 2001. Be kind."),
    ],
)
def test_noise(old: str, new: str) -> None:
    assert is_same(old, new, date(2026, 11, 24), date(2026, 11, 25))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Be kind.", "Be kind"),
        ("Guests are welcome.", "guests are welcome."),
        ("Section 3", "Section 4"),
        ("1. Be kind", "2. Be kind"),
        ("Last updated: Feb 4, 2014", "Last updated: Nov 25, 2026"),
        ("Open until Dec 31, 2026", "Open until Dec 31, 2027"),
        ("Complaints are taken until Nov 24, 2026.", "Complaints are taken until Nov 25, 2026."),
        ("Effective November 24, 2026", "Effective November 25, 2026"),
        ("Effective date\n\nNovember 24, 2026", "Effective date\n\nNovember 25, 2026"),
        ("The ball is on November 24, 2026", "The ball is on November 25, 2026"),
        ("The ball\n      November 24, 2026", "The ball\n      November 25, 2026"),
        ("Stand: 24.11.2026", "Stand: 25.11.2026"),
        ("Gültig ab 24. November 2026", "Gültig ab 25. November 2026"),
        ("Version du 24 novembre 2026", "Version du 25 novembre 2026"),
        ("更新日：2026年11月24日", "更新日：2026年11月25日"),
        ("2026年11月24日施行", "2026年11月25日施行"),
        ("Today's rule holds until Nov 24, 2026", "Today's rule holds until Nov 25, 2026"),
        ("Whoever came 3 days ago is a guest", "Whoever came 30 days ago is a guest"),
        ("Posts published 3 years ago are deleted.", "Posts published 5 years ago are deleted."),
        ("Come if it is 30 seconds late", "Come if it is 60 seconds late"),
        ("Doors open at 12:04", "Doors open at 13:55"),
        ("November 20, 2026", "November 25, 2026"),
        ("(c) Boats of 2025 are lent", "(c) Boats of 2026 are lent"),
    ],
)
def test_no_noise(old: str, new: str) -> None:
    assert not is_same(old, new, date(2026, 11, 24), date(2026, 11, 25))


@given(st.text())
def test_essence_is_stable(text: str) -> None:
    once = essence(text, date(2026, 11, 25))
    assert essence(once) == essence(essence(once))
