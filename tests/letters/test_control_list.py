"""What does a control list hold, in each of its three formats?"""

import csv
import datetime as dt
import io
import re
import zipfile

import pytest

from relance.letters import control_list
from relance.letters.control_list import Heading, Row, inert, write
from tests.letters.reading import lines, pages, text

FRENCH = Heading("Maison Aubrelle", "fr", dt.date(2026, 7, 18), 2)
TABLE = """
    C001  FA-1  2026-05-01  2026-06-01  1   2026-07-01  2  47  1234.50  EUR
    C001  FA-2  2026-05-02  2026-06-02  0   -           2  46   100.00  USD
    C001  AV-1  2026-06-03  2026-06-03  -   -           -  -    -34.50  EUR
    C002  FA-3  2026-05-01  2026-06-01  NA  -           2  47     0.07  EUR
"""


def rows(table=TABLE):
    for line in table.strip().splitlines():
        code, document, dated, due, before, last, after, late, amount, currency = (None if word == "-" else word for word in line.split())
        yield Row(
            customer=code,
            name=f"Client {code}",
            sales_rep="DUP",
            document=document,
            date=dt.date.fromisoformat(dated),
            due_date=dt.date.fromisoformat(due),
            level_before=int(before) if before and before.isdigit() else before,
            last_dunned_on=dt.date.fromisoformat(last) if last else None,
            level_after=int(after) if after else None,
            days_overdue=int(late) if late else None,
            open=round(float(amount) * 100),
            currency=currency,
        )


def written(tmp_path, suffix, heading=FRENCH, of=None):
    out = tmp_path / f"list{suffix}"
    write(rows() if of is None else of, heading, out)
    return out.read_bytes()


def table(content):
    return [";".join(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")]


def test_as_text_it_opens_in_a_french_spreadsheet(tmp_path):
    content = written(tmp_path, ".csv")
    assert content.startswith(b"\xef\xbb\xbf")
    assert table(content) == [
        "Client;Nom;Commercial;Pièce;Date;Échéance;Dernier niveau;Dernière relance;Nouveau niveau;Retard (jours);Reste dû;Devise",
        "C001;Client C001;DUP;FA-1;01/05/2026;01/06/2026;1;01/07/2026;2;47;1234,50;EUR",
        "C001;Client C001;DUP;FA-2;02/05/2026;02/06/2026;0;;2;46;100,00;USD",
        "C001;Client C001;DUP;AV-1;03/06/2026;03/06/2026;;;;;-34,50;EUR",
        "C001;Client C001;;;;;;;;Total client;1200,00;EUR",
        "C001;Client C001;;;;;;;;Total client;100,00;USD",
        "C002;Client C002;DUP;FA-3;01/05/2026;01/06/2026;NA;;2;47;0,07;EUR",
        "C002;Client C002;;;;;;;;Total client;0,07;EUR",
        ";;;;;;;;;Total général;1200,07;EUR",
        ";;;;;;;;;Total général;100,00;USD",
    ]


def test_as_text_in_english_commas_separate_and_decimals_have_a_point(tmp_path):
    assert "C001,Client C001,DUP,FA-1,01/05/2026,01/06/2026,1,01/07/2026,2,47,1234.50,EUR" in table(
        written(tmp_path, ".csv", FRENCH._replace(language="en"))
    )


def cells(content):
    """The cells of the sheet: where, and the number or text."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    numbers = {place: float(value) for place, value in re.findall(r'<c r="(\w+)"(?: s="\d+")?><v>([^<]*)</v>', sheet)}
    texts = dict(re.findall(r'<c r="(\w+)"[^>]*t="inlineStr"><is><t[^>]*>([^<]*)</t>', sheet))
    assert "<f>" not in sheet
    return numbers | texts


def test_as_a_spreadsheet_amounts_are_numbers_and_dates_are_dates(tmp_path):
    found = cells(written(tmp_path, ".xlsx"))
    assert [found[place] for place in ("A2", "D2", "K2", "L2", "K4", "G5" if "G5" in found else "G7")][:5] == [
        "C001",
        "FA-1",
        1234.5,
        "EUR",
        -34.5,
    ]
    assert (found["E2"], found["H2"]) == (46143, 46204)  # 1 May and 1 July 2026, counted from 1900
    assert (found["J5"], found["K5"], found["L5"]) == ("Total client", 1200, "EUR")
    assert (found["J10"], found["K10"], found["L10"]) == ("Total général", 100, "USD")


def test_as_a_page_it_groups_by_customer_and_adds_up(tmp_path):
    seen = lines(written(tmp_path, ".pdf"))
    assert seen[0] == "Liste de contrôle Niveau 2 – 18 juillet 2026 Maison Aubrelle"
    assert seen[2:] == [
        "C001 Client C001 Commercial DUP",
        "FA-1 01/05/2026 01/06/2026 1 01/07/2026 2 47 1 234,50 €",
        "FA-2 02/05/2026 02/06/2026 0 2 46 100,00 $US",
        "AV-1 03/06/2026 03/06/2026 -34,50 €",
        "Total client 1 200,00 €",
        "Total client 100,00 $US",
        "C002 Client C002 Commercial DUP",
        "FA-3 01/05/2026 01/06/2026 NA 2 47 0,07 €",
        "Total client 0,07 €",
        "Total général 1 200,07 €",
        "Total général 100,00 $US",
        "Page 1",
    ]


def test_a_long_list_is_set_in_parts_whose_pages_are_numbered_through(tmp_path, monkeypatch):
    monkeypatch.setattr(control_list, "ON_A_PART", 3)
    many = "\n".join(f"C{number} FA-{number} 2026-05-01 2026-06-01 1 - 2 47 1.00 EUR" for number in range(10))
    content = written(tmp_path, ".pdf", of=rows(many))
    assert [lines(content, page)[-1] for page in range(1, pages(content) + 1)] == ["Page 1", "Page 2", "Page 3", "Page 4"]
    assert "Total général" not in text(content, 3)
    assert "Total général 10,00 €" in lines(content, 4)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".pdf", ".PDF"])
def test_an_empty_list_is_a_list(tmp_path, suffix):
    assert written(tmp_path, suffix, of=())


def test_another_format_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"only \.pdf, \.xlsx, \.csv"):
        written(tmp_path, ".doc")
    assert not (tmp_path / "list.doc").exists()


@pytest.mark.parametrize("formula", ["=1+1", "+33 1 02", "-cmd", "@SUM(A1)", "\tx", "\r=x"])
def test_what_a_customer_is_called_is_never_a_formula(tmp_path, formula):
    row = next(rows())._replace(name=formula, document=formula, customer=formula, sales_rep=formula)
    assert inert(formula) == f"'{formula}"
    fields = next(
        csv.reader(io.StringIO(written(tmp_path, ".csv", of=[row]).decode("utf-8-sig").split("\r\n", 1)[1], newline=""), delimiter=";")
    )
    assert [field[0] for field in fields[:4]] == ["'"] * 4
    assert "B2" in cells(written(tmp_path, ".xlsx", of=[row]))
