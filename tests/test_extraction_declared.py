"""The date that a policy declares for itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archivist.dates import PolicyDate
from archivist.extraction.declared import declared_date

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
