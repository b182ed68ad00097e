"""The date that a policy declares for itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archivist.dates import PolicyDate
from archivist.extraction.declared import declared_date
from archivist.extraction.times import times_in

REST = "Whoever comes to the quay is a guest. " * 300


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Last updated: March 3, 2021", (2021, 3, 3)),
        ("Last Updated 3rd of March 2021", (2021, 3, 3)),
        ("This policy was last revised on Mar. 3, 2021.", (2021, 3, 3)),
        ("Effective Date: 2021-03-03", (2021, 3, 3)),
        ("Effective as of March 2021", (2021, 3)),
        ("Version: 3 March 2021", (2021, 3, 3)),
        ("Last updated\n\nMarch 3, 2021", (2021, 3, 3)),
        ("(Last modified – 25/03/2021)", (2021, 3, 25)),
        ("Last modified: 03/25/2021", (2021, 3, 25)),
        ("Last modified: 03/03/2021", (2021, 3, 3)),
        ("Dernière mise à jour : 1er août 2022", (2022, 8, 1)),
        ("Date d’effet : 04/03/2022", (2022, 3, 4)),
        ("Entrée en vigueur : 12.05.2026", (2026, 5, 12)),
        ("Stand: 18. März 2025", (2025, 3, 18)),
        ("Gültig ab 01.02.2020", (2020, 2, 1)),
        ("Última actualización: 5 de enero de 2020", (2020, 1, 5)),
        ("Ultimo aggiornamento: 7 luglio 2020", (2020, 7, 7)),
        ("Última atualização: 5 de janeiro de 2020", (2020, 1, 5)),
        ("Laatst bijgewerkt: 9 mei 2020", (2020, 5, 9)),
        ("March 3, 2021", (2021, 3, 3)),
        ("Effective on March 3, 2021. Download these rules as a file.", (2021, 3, 3)),
        ("Effective Monday, March 3, 2021", (2021, 3, 3)),
        ("Rules of the Quay (last amended: March 3, 2021)", (2021, 3, 3)),
        ("Version 2.1, last updated March 3, 2021 by the guild", (2021, 3, 3)),
        ("The current version of these rules has been in force since March 3, 2021.", (2021, 3, 3)),
        ("Adopted by the guild in May 2020. Posted 3 March 2021.", (2021, 3, 3)),
        ("Date de la dernière mise à jour : 3 mars 2021", (2021, 3, 3)),
        ("Entrée en vigueur le mercredi 3 mars 2021", (2021, 3, 3)),
        ("La présente politique s’applique à partir de 03/03/2021.", (2021, 3, 3)),
    ],
)
def test_declared(line: str, date: tuple[int, ...]) -> None:
    wanted = PolicyDate(*date)
    assert declared_date(f"Rules of the Quay\n\n{line}\n\n{REST}\n") == wanted


def test_at_the_end() -> None:
    text = f"Rules\n\n{REST}\n\nLast updated: May 2, 2019. Last updated: May 3, 2019.\n"
    assert declared_date(text) == PolicyDate(2019, 5, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rules of the Quay",
        "Last updated: 04/03/2021",
        "Last updated: February 30, 2021",
        "Last updated: soon",
        "The guild was founded on March 3, 1921, and the quay was built in 1925.",
        "We comply with the regulation of 27 April 2016.",
        "The Quay Guild, established May 1, 2004, welcomes everybody.",
        "We meet at the crane. Established May 1, 2004.",
        "Posted by Ann on a hot day. Meeting minutes of May 3, 2019 tell more.",
        "The constitution of our state, last amended June 4, 1998, protects you.",
        "If the rules are changed, we tell you 30 days ahead. On May 1, 2005 the hall burnt down.",
        "Effective May 1, 2005, no boats are lent.",
        "The regulation has been in force since May 25, 2018.",
        "Boats are valid until they sink, as of May 1, 2005 at the latest.",
    ],
)
def test_not_declared(text: str) -> None:
    assert declared_date(text) is None


@given(st.text(max_size=300).map(lambda text: f"Last updated {text}"))
def test_any_text(text: str) -> None:
    found = declared_date(text)
    assert found is None or found.first


def test_a_long_text_is_quick() -> None:
    assert declared_date("last updated " * 1_000_000) is None


TIME = "<time class=x datetime='2024-03-04T10:00:00Z' itemprop=y>{}</time>"


@pytest.mark.parametrize(
    ("line", "date"),
    [
        (f"Last updated: {TIME.format('04/03/2024')}", (2024, 3, 4)),
        (f"Last updated: {TIME.format('03/04/2024')}", (2024, 3, 4)),
        (f"Last updated on {TIME.format('Mon, 04/03/2024')}.", (2024, 3, 4)),
        (f"Last updated: {TIME.format('4 marca 2024')}", (2024, 3, 4)),
        (f"Last updated: {TIME.format('March 5, 2024')}", (2024, 3, 5)),  # the words are the text
        (f"Last updated: {TIME.format('05/03/2024')}", None),  # another day
        (f"Last updated: {TIME.format('04/03/24')}", None),
        (f"Founded {TIME.format('04/03/2024')}", None),
        (f"{TIME.format('04/03/2024')} Last updated: 05/03/2024", None),
        (f"Last updated: {TIME.format('04/03/2024').replace('-03-04', '-02-30')}", None),
        ("<meta property='article:modified_time' content=2024-03-04>Last updated: today", None),
        (
            f"Last updated: {TIME.format('04/03/2024')}<time datetime=2024-04-03>04/03/2024</time>",
            None,
        ),
    ],
)
def test_an_element_says_which_day_it_is(line: str, date: tuple[int, ...] | None) -> None:
    text = re.sub("<[^>]*>", "", line)
    found = declared_date(f"Rules of the Quay\n\n{text}\n\n{REST}\n", times_in(f"<p>{line}</p>"))
    assert found == (PolicyDate(*date) if date else None)


@given(st.text("<time datetime='2024-03-04'>04/03/2024 =\"", max_size=200))
def test_whatever_a_page_holds_its_times_can_be_read(text: str) -> None:
    for words, day in times_in(text + "<time datetime=2024-03-04>4.3.2024</time>").items():
        assert str(day.year) in words


def test_a_page_of_times_is_read_quickly() -> None:
    assert len(times_in("<time datetime=2024-03-04>4.3.2024</time>" * 100_000)) == 1
    assert times_in("<time datetime=" * 300_000) == {}
    assert times_in("<time " + "datetime= " * 400_000) == {}
