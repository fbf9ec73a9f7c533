"""Are rows that are read together, column by column, read as each of them is alone?"""

import io
from contextlib import suppress
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.importers.listing import read_listing
from relance.importers.open_items import read_open_items
from relance.importers.problems import Unreadable

HEADS = {
    "items": ["Code client", "Nom", "N° facture", "Date", "Échéance", "Montant TTC", "Reste dû", "Devise", "Type", "Libellé"],
    "ledger": ["Code client", "N° facture", "Date", "Débit", "Crédit"],
    "customers": ["Code client", "Raison sociale", "Ville"],
    "contacts": ["Nom client", "Prénom", "Fonction", "Parti le"],
    "payments": ["Code client", "Date de règlement", "N° règlement", "Facture réglée", "Débit", "Montant réglé", "Devise"],
}
PLAIN = {
    "date": st.dates().filter(lambda day: 1900 <= day.year < 2200).map("{:%d/%m/%Y}".format),
    "amount": st.integers(-(10**9), 10**9).map(lambda cents: f"{cents // 100},{cents % 100:02}"),
    "currency": st.sampled_from(["EUR", ""]),
    "type": st.sampled_from(["Facture", ""]),
    "text": st.text("ABCdé 0123456789-", min_size=1, max_size=12),
}
OF_HEADS = dict.fromkeys(["Date", "Échéance", "Date de règlement", "Parti le"], "date") | {
    **dict.fromkeys(["Montant TTC", "Reste dû", "Débit", "Crédit", "Montant réglé"], "amount"),
    "Devise": "currency",
    "Type": "type",
}
ODD = st.one_of(
    st.sampled_from(["", " ", "  a  b ", "a\rb\nc\r\nd", "a\u00a0b", "Total", "Sous-total", "hier", "1.234,50 €", "0,05", "12.3", "eur"]),
    st.sampled_from(["Avoir", "x" * 81, "x" * 501, "00/00/0000", "31/02/2026", *HEADS["items"]]),
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=5),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """A kind of list, and rows as most programs write them, with some among them that are not."""
    kind = draw(st.sampled_from(sorted(HEADS)))
    plain = st.tuples(*(PLAIN[OF_HEADS.get(head, "text")] for head in HEADS[kind])).map(list)
    rows = draw(st.lists(plain, max_size=5))
    for row in rows:
        if draw(st.integers(0, 4)) == 0:
            row[draw(st.integers(0, len(row) - 1))] = draw(ODD)
    odd = st.one_of(st.just(HEADS[kind]), st.lists(ODD, max_size=len(HEADS[kind]) + 2))
    for row in draw(st.lists(odd, max_size=1)):
        rows.insert(draw(st.integers(0, len(rows))), row)
    return kind, rows


def read(kind: str, rows: list[list[str]]) -> tuple[Any, ...]:
    """What a table says, with its faults and remarks."""
    written = [HEADS[kind], *([cell.replace('"', '""') for cell in row] for row in rows)]
    source = io.BytesIO("\n".join(";".join(f'"{cell}"' for cell in row) for row in written).encode())
    if kind in ("items", "ledger"):
        table = read_open_items(source, "EUR")
        said: list[Any] = list(table.items())
    else:
        table = read_listing(source, kind, "EUR")
        said = list(table.rows())
    return said, list(table.problems), table.problems.count, table.remarks()


@given(tables())
def test_rows_say_together_what_each_says_alone(table: tuple[str, list[list[str]]]):
    with suppress(Unreadable):  # odd cells may look like another separator
        together = read(*table)
        with mock.patch("relance.importers.sheet_columns._tried", return_value=None):
            assert read(*table) == together


@pytest.mark.parametrize("kind", sorted(HEADS))
def test_rows_as_most_programs_write_them_are_read_together(kind: str):
    said = {"date": "31/01/2026", "amount": "12,50", "currency": "EUR", "type": "", "text": "C 1"}
    row = [said[OF_HEADS.get(head, "text")] for head in HEADS[kind]]
    with mock.patch("relance.importers.listing._Reader.alone"), mock.patch("relance.importers.open_items._Reader.alone"):
        found, problems, *_ = read(kind, [row] * 300)
    assert len(found) == 300
    assert not problems


def test_a_fault_is_told_at_its_line_whatever_ends_the_lines_within_cells():
    rows = [["C1", "Dupont\rSARL\r\n\nParis", "FA-1", "01/01/2026", "", "1,00", "1,00", "", "", ""], ["C1", "", "FA-2", "hier", *[""] * 6]]
    [item], [problem], *_ = read("items", rows)
    assert (item.line, problem.line) == (5, 6)
