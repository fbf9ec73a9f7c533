"""Is a file looked at before it is applied, applied once, and told of afterwards?"""

import io
import json
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from relance.models import Company, Customer, Document, DueItem, Event, Upload
from relance.web import imports
from tests.acceptance.world import World
from tests.importers.einvoices import cii, facturx

HISTORY = "/c/ACME/imports/"
TODAY = timezone.localdate()
LIST = """Code client;Nom;N° facture;Date;Échéance;Solde
C7;Leroy;FB-1;01/02/2026;03/03/2026;120,00
C7;Leroy;FB-2;01/03/2026;31/03/2026;80,50
"""
HEADS = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|"
    "PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
)
FEC = f"""{HEADS}
VE|Ventes|1|20260105|411000|Clients|C9|Petit|FC-1|20260105|Facture|240,00|0,00|||20260105||
VE|Ventes|1|20260105|707000|Ventes|||FC-1|20260105|Facture|0,00|240,00|||20260105||
BQ|Banque|2|20260210|512000|Banque|||V1|20260210|Virement|240,00|0,00|||20260210||
BQ|Banque|2|20260210|411000|Clients|C9|Petit|V1|20260210|Virement|0,00|240,00|||20260210||
"""


def words(answer) -> str:
    """The page as it is read."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split()).replace("\u00a0", " ").replace("&#x27;", "'").replace("&quot;", '"')


def uploaded(client, content: str | bytes, name: str = "impayes.csv"):
    """The page that the upload leads to."""
    raw = content.encode() if isinstance(content, str) else content
    return client.post(HISTORY, {"file": SimpleUploadedFile(name, raw)}, follow=True)


def address(answer) -> str:
    """Where the last redirect led."""
    return answer.redirect_chain[-1][0]


def waiting(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "uploads").rglob("*") if path.is_file())


def workbook(text: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Impayés")
        for row, line in enumerate(text.splitlines()):
            sheet.write_row(row, 0, line.split(";"))
    return out.getvalue()


def test_an_electronic_invoice_is_looked_at_then_applied(browser, acme: Company):
    Company.objects.filter(pk=acme.pk).update(siren="100000009")
    client = browser("manager", acme)
    page = uploaded(client, facturx(cii(number="EF-1")), "EF-1.pdf")
    assert "Electronic invoice, or a message about one" in words(page)
    assert "200000008 EF-1 open – 120.00" in words(page)
    assert not Document.objects.filter(number="EF-1").exists()
    assert "EF-1.pdf was imported." in words(client.post(address(page), {"act": "apply"}, follow=True))
    assert Document.objects.get(company=acme, number="EF-1").attachments.count() == 1


def test_an_electronic_invoice_that_does_not_add_up_is_refused_by_its_term(browser, acme: Company):
    page = words(uploaded(browser("manager", acme), cii(payable="119.00"), "FA-1.xml"))
    assert "BT-115 the amount due does not add up: 120.00 less 0.00 prepaid is not 119.00" in page


def test_a_list_is_looked_at_before_anything_is_stored(browser, acme: Company):
    page = words(uploaded(browser("manager", acme), LIST))
    assert "List of open items" in page
    assert "New, open €200.50" in page
    assert re.search(r"new C7 FB-2 31/03/2026 €80.50", page)
    assert Upload.objects.count() == 0
    assert not DueItem.objects.filter(document__number="FB-1").exists()


@pytest.mark.parametrize(("name", "content"), [("impayes.csv", LIST.encode()), ("impayes.xlsx", workbook(LIST))])
def test_a_list_is_applied_once(name, content, browser, acme: Company, home: Path):
    client = browser("manager", acme)
    preview = address(uploaded(client, content, name))
    page = words(client.post(preview, {"act": "apply"}, follow=True))
    again = words(client.post(preview, {"act": "apply"}, follow=True))
    assert f"{name} was imported." in page
    assert "not waiting any more" in again
    assert list(Upload.objects.values_list("filename", "by")) == [(name, "manager@acme.example")]
    assert DueItem.objects.get(document__number="FB-1").open_amount == 120_00
    assert waiting(home) == []


def test_what_is_gone_from_the_next_list_is_shown_as_settled_and_settled_when_applied(browser, acme: Company):
    client = browser("manager", acme)
    first = {"act": "apply", "as_of": (TODAY - timedelta(days=7)).isoformat()}
    client.post(address(uploaded(client, LIST)), first)
    shown = uploaded(client, LIST.replace("80,50", "30,50").replace("FB-1", "FB-3"))
    assert "Paid since the last list €170.00" in words(shown)
    assert re.search(r"settled C7 FB-1 03/03/2026 €120.00 €0.00", words(shown))
    client.post(address(shown), {"act": "apply"})
    left = dict(DueItem.objects.filter(document__number__startswith="FB").values_list("document__number", "open_amount"))
    assert left == {"FB-1": 0, "FB-2": 30_50, "FB-3": 120_00}


def test_a_customer_whom_the_list_calls_otherwise_is_named_before_it_is_applied(browser, acme: Company):
    before = Customer.objects.get(code="C001").name
    page = uploaded(browser("manager", acme), LIST + "C001;Le Nouveau Nom;FB-3;01/03/2026;31/03/2026;10,00\n")
    assert (
        f"Customers called otherwise The list has another name under the same code. Customer Before After C001 {before} Le Nouveau Nom"
        in words(page)
    )
    assert Customer.objects.get(code="C001").name == before


def test_an_extract_settles_nothing(browser, acme: Company):
    client = browser("manager", acme)
    client.post(address(uploaded(client, LIST)), {"act": "apply", "as_of": (TODAY - timedelta(days=7)).isoformat()})
    extract = LIST.splitlines()[0] + "\nC7;Leroy;FB-9;01/02/2026;03/03/2026;1,00\n"
    client.post(address(uploaded(client, extract)), {"act": "apply", "partial": "1"})
    assert DueItem.objects.get(document__number="FB-1").open_amount == 120_00


UNKNOWN = LIST.replace("N° facture", "Lettrage interne")


def test_a_column_that_nobody_knows_is_named_by_the_user_and_remembered_for_the_source(browser, acme: Company):
    client = browser("manager", acme)
    asked = uploaded(client, UNKNOWN)
    assert "no column was recognised as the document's number" in words(asked)
    named = client.get(address(asked), {"column-2": "number", "source": "caisse"})
    assert "€200.50" in words(named)
    client.post(address(asked), {"act": "apply", "column-2": "number", "source": "caisse"})
    assert DueItem.objects.filter(document__number="FB-1").exists()
    later = uploaded(client, UNKNOWN.replace("80,50", "70,50"))
    assert "Paid since the last list €10.00" in words(client.get(address(later), {"source": "caisse"}))


def test_a_column_taken_for_the_wrong_thing_is_corrected(browser, acme: Company):
    client = browser("manager", acme)
    preview = address(uploaded(client, LIST.replace("Nom", "Échéance prévue").replace("Leroy", "15/04/2026")))
    columns = {"column-0": "customer", "column-1": "due_date", "column-2": "number", "column-3": "date", "column-4": "due_date"}
    client.post(preview, {"act": "apply", **columns, "column-5": "open"})
    assert str(DueItem.objects.get(document__number="FB-1").due_date) == "2026-04-15"


def test_every_fault_is_told_at_its_line_and_nothing_can_be_applied(browser, acme: Company):
    client = browser("manager", acme, language="fr")
    shown = uploaded(client, LIST.replace("03/03/2026", "31/02/2026").replace("80,50", "dix"))
    page = words(shown)
    assert re.search(r"2 Échéance ce jour n’existe pas, au format des autres dates : \"31/02/2026\"", page)
    assert re.search(r"3 Solde pas un montant : \"dix\"", page)
    assert 'value="apply"' not in shown.content.decode()
    assert "Rien n’a été importé." in words(client.post(address(shown), {"act": "apply"}, follow=True))
    assert Upload.objects.count() == 0


def test_an_accounting_export_is_recognised_looked_at_and_applied(browser, acme: Company):
    client = browser("manager", acme)
    shown = uploaded(client, FEC, "123456789FEC20261231.txt")
    assert "Accounting export (FEC)" in words(shown)
    assert "Documents 1 0 0 0 Payments 1 0 0 0" in words(shown)
    assert "C9 V1 FC-1 €240.00" in words(shown)
    assert (Upload.objects.count(), DueItem.objects.filter(document__number="FC-1").count()) == (0, 0)
    done = words(client.post(address(shown), {"act": "apply"}, follow=True))
    assert "entries from 05/01/2026 to 10/02/2026" in done
    assert "C9 V1 FC-1 €240.00" in done
    assert DueItem.objects.get(document__number="FC-1").open_amount == 240_00


def test_a_faulty_accounting_export_stores_nothing(browser, acme: Company):
    shown = words(uploaded(browser("manager", acme), FEC.replace("|20260105|411000", "|20261305|411000", 1), "fec.txt"))
    assert "2 EcritureDate no such day in the calendar" in shown
    assert Upload.objects.count() == 0


def dossier(code: str) -> str:
    return json.dumps({"format": "relance/1", "company": {"code": code, "name": "Acme & Cie"}})


def test_a_dossier_is_looked_at_and_brought_in_by_an_administrator_alone(browser, acme: Company):
    assert "only an administrator" in words(uploaded(browser("manager", acme), dossier("ACME"), "acme.json"))
    client = browser("administrator", acme)
    preview = address(uploaded(client, dossier("ACME"), "acme.json"))
    assert Company.objects.get().name != "Acme & Cie"
    client.post(preview, {"act": "apply"})
    client.post(address(uploaded(client, dossier("ACME"), "acme.json")), {"act": "apply"})
    assert Company.objects.get().name == "Acme & Cie"
    assert Upload.objects.get().kind == "dossier"
    assert Event.objects.order_by("-number")[0].what == "file_imported"


def test_a_dossier_of_another_company_touches_neither(browser, acme: Company):
    client = browser("administrator", acme)
    other = Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR")
    shown = uploaded(client, dossier("ELSE"), "else.json")
    client.post(address(shown), {"act": "apply"})
    assert 'this is the dossier of company "ELSE"' in words(shown)
    other.refresh_from_db()
    assert other.name == "Elsewhere"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"\x00\x01\x02", b"only words\nand no table\n"])
def test_what_is_no_receivables_is_told_and_stores_nothing(content, browser, acme: Company):
    page = words(uploaded(browser("manager", acme), content, "x.csv"))
    assert re.search("not empty|this PDF cannot be read|binary file|no row among the first", page)
    assert Upload.objects.count() == 0


def test_a_file_that_is_not_wanted_goes_and_so_does_one_of_yesterday(browser, acme: Company, home: Path):
    client = browser("manager", acme)
    client.post(address(uploaded(client, LIST)), {"act": "drop"})
    assert waiting(home) == []
    uploaded(client, LIST, "hier.csv")
    for place in (home / "uploads").glob("*/*"):
        os.utime(place, (0, 0))
    uploaded(client, FEC, "fec.txt")
    assert waiting(home) == ["fec.txt"]


def test_a_waiting_file_is_not_there_for_another_company(browser, acme: Company):
    preview = address(uploaded(browser("manager", acme), LIST))
    other = Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR")
    answer = browser("manager", other).get(preview.replace("/ACME/", "/ELSE/"), follow=True)
    assert "not waiting any more" in words(answer)


def test_a_file_too_large_is_told_so(browser, acme: Company, monkeypatch, home: Path):
    monkeypatch.setitem(imports.LARGEST, "items", 0)
    assert "is too large" in words(uploaded(browser("manager", acme), LIST))
    assert waiting(home) == []


def test_readers_see_what_came_in_and_bring_in_nothing(world: World, browser, acme: Company):
    client = browser("manager", acme)
    client.post(address(uploaded(client, LIST)), {"act": "apply"})
    reader = browser("reader", acme)
    page = reader.get(HISTORY)
    assert "impayes.csv" in words(page)
    assert 'type="file"' not in page.content.decode()
    assert uploaded(reader, LIST).status_code == 403
    done = words(reader.get(f"{HISTORY}done/{Upload.objects.get().pk}/"))
    assert "Due items 2 0 0 0" in done


def test_the_last_import_is_undone_on_its_page(browser, acme: Company):
    client = browser("manager", acme)
    done = client.post(address(uploaded(client, LIST)), {"act": "apply"}, follow=True)
    assert "Undo this import" in words(done)
    page = words(client.post(f"{address(done)}undo/", follow=True))
    assert "impayes.csv was undone: everything is again as it was before." in page
    assert "Undone on" in page
    assert not DueItem.objects.filter(document__number="FB-1").exists()
    assert "Nothing was undone: it was undone already" in words(client.post(f"{address(done)}undo/", follow=True))


def test_an_import_on_which_something_was_built_says_what(browser, acme: Company):
    client = browser("manager", acme)
    done = client.post(address(uploaded(client, LIST)), {"act": "apply"}, follow=True)
    client.post(address(uploaded(client, FEC, "fec.txt")), {"act": "apply"})
    assert "Nothing was undone: fec.txt was imported after it: undo that first" in words(client.post(f"{address(done)}undo/", follow=True))
    assert DueItem.objects.filter(document__number="FB-1").exists()
