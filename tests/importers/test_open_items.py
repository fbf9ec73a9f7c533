"""What does a table of open items say, however it looks?"""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from relance.core import money
from relance.importers.open_items import OpenItem, Table, read_open_items
from relance.importers.problems import Unreadable
from relance.importers.sheet_heads import HEADS, plain_head

FRENCH = """
    Balance clients au 22/11/2026;;;;;
    ;;;;;
    N° client;Nom du client;N° facture;Date;Échéance;Montant TTC;Reste dû
    C001;Dupont & Fils;FA-1;01/10/2026;31/10/2026;1 234,50;234,50
    ;;FA-2;01/10/2026;31/10/2026;12,00 €;12,00 €
    Total C001;;;;;;246,50
    C002;"Martin; SARL";FA-3;13/10/2026;13/11/2026;(5,00);
"""


def table(text: str, codec: str = "utf-8", **asked: object) -> Table:
    """The table of a text file whose lines are indented."""
    lines = "\r\n".join(line.strip(" ") for line in text.strip("\n").splitlines())
    return read_open_items(io.BytesIO(lines.encode(codec)), "EUR", **asked)


def shown(items: list[OpenItem]) -> list[str]:
    """``C001 FA-1 2026-10-31 1234.50/234.50 EUR`` for each item: customer, number, due date, amount and what is open of it."""
    return [
        f"{item.customer} {item.number} {item.due_date} {money.show(item.amount, item.currency or 'EUR')}"
        f"/{money.show(item.open, item.currency or 'EUR')} {item.currency or 'EUR'}"
        for item in items
    ]


def read(text: str, codec: str = "utf-8", **asked: object) -> list[str]:
    """The items of a text file."""
    return shown(list(table(text, codec, **asked).items()))


def workbook(*rows: list[object], sheets: tuple[str, ...] = ("Feuille1",)) -> io.BytesIO:
    """An XLSX file with these rows on its first sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        pages = [book.add_worksheet(name) for name in sheets]
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                pages[0].write(number, column, cell) if not isinstance(cell, dt.date) else pages[0].write_datetime(number, column, cell)
    out.seek(0)
    return out


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "iso8859-15", "cp858"])
def test_titles_totals_blank_cells_and_quotes_are_read_as_a_person_reads_them(codec: str):
    text = FRENCH if codec != "cp858" else FRENCH.replace("€", "")
    assert read(text, codec) == [
        "C001 FA-1 2026-10-31 1234.50/234.50 EUR",
        "C001 FA-2 2026-10-31 12.00/12.00 EUR",
        "C002 FA-3 2026-11-13 -5.00/-5.00 EUR",
    ]


def test_the_customer_named_above_his_invoices_is_theirs():
    items = table("""
        Compte;Intitulé;Pièce;Date;Échéance;Débit;Crédit
        411DUP;Dupont;;;;;
        ;;FA-1;01/10/2026;31/10/2026;120,00;
        ;;RG-1;05/10/2026;05/10/2026;;20,00
        411MAR;Martin;;;;;
        ;;FA-2;02/10/2026;31/10/2026;80,00;
        """).items()
    assert [(item.customer, item.name, item.number, item.open, item.type) for item in items] == [
        ("411DUP", "Dupont", "FA-1", 12000, "invoice"),
        ("411DUP", "Dupont", "RG-1", -2000, "credit_note"),
        ("411MAR", "Martin", "FA-2", 8000, "invoice"),
    ]


def test_english_figures_dates_and_heads():
    text = """
        Customer ID,Customer Name,Invoice No,Invoice Date,Due Date,Amount,Amount Due,Currency
        C1,"Smith, Ltd",INV-1,10/13/2026,11/12/2026,"1,234.50","1,000.50",GBP
        C1,"Smith, Ltd",INV-2,10/01/2026,10/31/2026,99.00,99.00,GBP
        """
    assert read(text) == ["C1 INV-1 2026-11-12 1234.50/1000.50 GBP", "C1 INV-2 2026-10-31 99.00/99.00 GBP"]
    assert any("month first" in str(remark) for remark in table(text).remarks())


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("1234,5", 123450),
        ("1 234,50", 123450),
        ("1\u202f234,50 €", 123450),
        ("1.234,50", 123450),
        ("-12,00", -1200),
        ("12,00-", -1200),
        ("−12,00", -1200),
        ("(12,00)", -1200),
        ("EUR 12,00", 1200),
        ("+12", 1200),
    ],
)
def test_an_amount_is_read_in_all_the_ways_a_table_writes_it(written: str, cents: int):
    [item] = table(f"Client;Facture;Date;Solde\nC1;F1;01/02/2026;{written}").items()
    assert item.open == cents


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("03/04/2026", "2026-04-03"),
        ("3.4.26", "2026-04-03"),
        ("2026-04-03", "2026-04-03"),
        ("20260403", "2026-04-03"),
        ("3 avril 2026", "2026-04-03"),
        ("3-apr-2026", "2026-04-03"),
        ("April 3, 2026", "2026-04-03"),
        ("03/04/2026 00:00", "2026-04-03"),
    ],
)
def test_a_date_is_read_in_all_the_ways_a_table_writes_it(written: str, day: str):
    [item] = table(f"Client;Facture;Échéance;Solde\nC1;F1;{written};1,00").items()
    assert str(item.due_date) == day


def test_every_fault_is_told_by_its_line_and_column():
    found = table("""
        Client;Facture;Date;Échéance;Solde
        C1;F1;31/02/2026;30/04/2026;12,5O
        C1;;01/02/2026;;10,00
        C1;F3;;;10,00
        C1;F4;01/02/2026;demain;10,00
        """)
    assert list(found.items()) == []
    assert [str(problem) for problem in found.problems] == [
        'line 2, Date: no such day in the calendar, as the other dates are written: "31/02/2026"',
        'line 2, Solde: not an amount: "12,5O"',
        "line 3, Facture: no document number",
        "line 4: neither a date nor a due date",
        'line 5, Échéance: not a date: "demain"',
    ]


def test_columns_that_the_heads_do_not_tell_are_named_by_hand():
    text = "Qui;Quoi;Quand;Combien\nC1;F1;01/02/2026;10,00"
    mapping = {"customer": "Qui", "number": "Quoi", "due_date": "Quand", "open": "Combien"}
    assert read(text, mapping=mapping) == ["C1 F1 2026-02-01 10.00/10.00 EUR"]
    with pytest.raises(Unreadable, match="names columns"):
        table(text)


def test_what_was_recognised_and_what_was_not_is_told():
    found = table("Client;Facture;Date;Solde;Pointage\nC1;F1;01/02/2026;1,00;x")
    assert found.recognised() == {"name": "Client", "number": "Facture", "date": "Date", "open": "Solde"}
    assert [str(remark) for remark in found.remarks()] == ["columns not used: Pointage"]


@pytest.mark.parametrize("missed", ["the customer's code or name", "the document's number", "an amount"])
def test_a_table_that_lacks_what_is_needed_is_refused_by_name(missed: str):
    heads = {"the customer's code or name": "Client", "the document's number": "Facture", "an amount": "Solde"}
    del heads[missed]
    with pytest.raises(Unreadable, match=missed):
        table(f"{';'.join(heads.values())};Date\n1;2;01/02/2026")


# -- workbooks


def test_a_workbook_is_read_with_its_numbers_and_dates():
    book = workbook(
        ["Relevé"],
        [],
        ["", "Code client", "Facture", "Échéance", "Solde"],
        ["", 411001, "F1", dt.datetime(2026, 2, 1), 1234.5],
        ["", 411001, 2026002, 46054, 0.1 + 0.2],
        sheets=("Impayés", "Notes"),
    )
    found = read_open_items(book, "EUR")
    assert shown(list(found.items())) == ["411001 F1 2026-02-01 1234.50/1234.50 EUR", "411001 2026002 2026-02-01 0.30/0.30 EUR"]
    assert 'only the sheet "Impayés" was read, not Notes' in [str(remark) for remark in found.remarks()]


def test_a_fault_in_a_workbook_has_the_number_of_its_row():
    found = read_open_items(workbook([], ["Client", "Facture", "Date", "Solde"], ["C1", "F1", "hier", 1]), "EUR")
    assert [list(found.items()), *map(str, found.problems)] == [[], 'line 3, Date: not a date: "hier"']


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "PDF"),
        (b"<html>", "web page"),
        (b"PK\x03\x04 and no more", "damaged"),
        (zipped(readme_dot_txt=b"hello"), "not a workbook"),
        (zipped(xl__workbook_dot_xml=b"<a/>", xl__vbaProject_dot_bin=b"x"), "macros"),
        (zipped(xl__workbook_dot_xml=b" " * 50_000_000), "unpacks to far more"),
        (zipped(xl__workbook_dot_xml=b"<a/>"), "cannot be read"),
        (b'Client;Facture;Date;Solde\nC1;"F1;01/02/2026;1,00\n' + b"x" * 200_000, "quotation mark"),
        (b"Client;Facture;Date;Solde\n" + b"x" * 2_000_000, "more than a megabyte"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused_in_words(content: bytes, said: str):
    with pytest.raises(Unreadable, match=said):
        list(read_open_items(io.BytesIO(content), "EUR").items())


# -- what is always true


def test_every_head_is_written_as_heads_are_compared():
    assert [head for heads in HEADS.values() for head in heads if plain_head(head) != head] == []
    every = [head for heads in HEADS.values() for head in heads]
    assert len(set(every)) == len(every)


CODES = st.text("ABCdé0123456789-/&", min_size=1, max_size=12)
AMOUNTS = st.integers(-(10**9), 10**9)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
FORMS: list[tuple[str, Callable[[int], str], str]] = [
    (";", lambda cents: f"{money.show(cents, 'EUR')}".replace(".", ","), "%d/%m/%Y"),
    ("\t", lambda cents: f"{cents / 100:,.2f}".replace(",", " ").replace(".", ","), "%d/%m/%Y"),
    (",", lambda cents: money.show(cents, "EUR"), "%Y-%m-%d"),
    ("|", lambda cents: f"{cents / 100:,.2f}", "%Y%m%d"),
]


@given(st.lists(st.tuples(CODES, CODES, DAYS, AMOUNTS), min_size=1, max_size=8), st.sampled_from(FORMS))
def test_what_one_program_writes_is_read_back(rows: list[tuple[str, str, dt.date, int]], form: tuple[str, Callable[[int], str], str]):
    separator, figure, day = form
    heads = separator.join(["Code client", "Facture", "Échéance", "Solde"])
    lines = [separator.join([code, number, on.strftime(day), figure(cents)]) for code, number, on, cents in rows]
    found = read_open_items(io.BytesIO("\n".join([heads, *lines]).encode()), "EUR")
    assert [(item.customer, item.number, item.due_date, item.open) for item in found.items()] == rows
    assert not found.problems


@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)), st.booleans())
def test_no_bytes_raise_anything_but_a_refusal(content: bytes, headed: bool):
    source = io.BytesIO((b"Client;Facture;Date;Solde\n" if headed else b"") + content)
    with suppress(Unreadable):
        found = read_open_items(source, "EUR")
        assert all(item.customer and item.number for item in found.items())
