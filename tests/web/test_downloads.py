"""Can every list be had as a file, whole, as it is filtered and sorted, in both formats, with figures that are figures?"""

import io
import re
from datetime import date
from html import unescape

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from relance.models import Batch, Company, Customer, DueItem, Launch, MailReport, Notice, Run, Upload
from relance.steps import running
from relance.steps.banking import import_bank
from relance.telling.list_file import Amount, Sheet
from tests.importers.banks import Move, camt
from tests.web.test_access import OURS, SAMPLES

LISTS = {
    "batch",
    "batches",
    "calendar",
    "customers",
    "customers_past",
    "customers_record",
    "customers_sheet",
    "customers_written",
    "document",
    "edition_customers",
    "edition_letters",
    "imports",
    "invoices",
    "letter_templates",
    "levels",
    "matching",
    "reports",
    "run",
    "run_today",
    "runs",
    "runs_notices",
    "short_lists",
    "short_lists_types",
    "tokens",
    "users",
    "webhooks",
}
WITHOUT = {
    "aged": "the balance, which has a file of its own, and as PDF too",
    "company": "how a company is set up",
    "policies": "how a company is set up",
    "notice": "one notice: its letter or message is the file",
    "customers_due_item": "one due item: its document has its history as a file",
    "imports_done": "one import: the list of imports has what it brought",
    "dashboard": "its rows lead to the lists they are of",
    "rates": "nothing of the company's: the table of the statutory rates",
}
ROWS = re.compile(r"<tbody(?: data-rows)?>\s*<tr(?!><td class=.empty)")
LINK = re.compile(r'href="([^"]*download=(?:xlsx|csv)[^"]*)"')


@pytest.fixture
def lived(acme: Company, world, tmp_path) -> Company:
    """ACME after a run, with letters that wait, a batch that was launched, a template, and something of everything else."""
    Customer.objects.filter(code="C001").update(name="=CMD|' /C calc'!A0")
    running.batch(acme, date(2026, 11, 21), by="eva")
    Notice.objects.update(channel="letter")
    batch = Batch.objects.create(company=acme, code="NIGHT", error_address="eva@acme.example")
    now = timezone.now()
    bank = tmp_path / "releve.xml"
    bank.write_bytes(camt([Move("2026-07-10", 900, "DIVERS", "QUI SAIT")]))
    import_bank(acme, bank, "eva")
    MailReport.objects.create(company=acme, key="k", recipients="ann@clients.example", text="no such mailbox", at=now, compressed=b"")
    Launch.objects.create(company=acme, batch=batch, as_of=now.date(), by="eva", started_at=now, status="done")
    Upload.objects.create(
        company=acme, kind="fec", filename="fec.txt", sha256="0" * 64, at=now, by="eva", counts={"customers": {"created": 2}}
    )
    return acme


def let_go(answer) -> None:
    """Close the file of an answer, and not the connection to the database, as closing the answer would."""
    for close in answer._resource_closers:
        close()


def content_of(answer) -> bytes:
    found = b"".join(answer.streaming_content)
    let_go(answer)
    return found


def lines_of(answer) -> list[list]:
    """The lines of a workbook."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content_of(answer))).get_sheet_by_index(0).to_python()


def links_of(client, address: str) -> list[str]:
    return [unescape(link) for link in LINK.findall(client.get(address).content.decode())]


def pages(company: Company) -> dict[str, str]:
    """The pages of a company that need no form to be sent, by name, with what there is in the place of the parts of their address."""
    customer, run, notice = Customer.objects.get(code="C001"), Run.objects.first(), Notice.objects.first()
    item = DueItem.objects.filter(billed_customer=customer).first()
    known = {
        "imports": Upload.objects.first(),
        "runs": run,
        "edition": run,
        "notices": notice,
        "customers": customer,
        "documents": DueItem.objects.first().document,
    }
    found = {}
    for pattern, one in OURS:
        if not pattern.startswith("c/<str:company>/"):
            continue
        family = pattern.split("/")[2]
        parts = SAMPLES | {"company": company.code, "code": "NIGHT", "item": item.pk, "pk": known[family].pk if family in known else 1}
        found[one.name] = "/" + re.sub(r"<\w+:(\w+)>", lambda part, parts=parts: str(parts.get(part[1], 1)), pattern)
    return found


def test_every_page_that_shows_a_list_offers_it_in_both_formats(lived: Company, browser):
    client, offered, bare = browser("administrator", lived), set(), set()
    for name, address in pages(lived).items():
        answer = client.get(address + ("?current=-1" if name == "levels" else ""))
        if answer.status_code != 200 or answer.streaming or "html" not in answer["Content-Type"]:
            let_go(answer)
            continue
        links = LINK.findall(answer.content.decode())
        if {"xlsx", "csv"} <= {re.search(r"download=(\w+)", link)[1] for link in links}:
            offered.add(name)
        elif ROWS.search(answer.content.decode()):
            bare.add(name)
    assert bare - WITHOUT.keys() == set()
    assert offered == LISTS


def test_every_file_that_is_offered_can_be_had(lived: Company, browser):
    client, addresses = browser("administrator", lived), pages(lived)
    for name in sorted(LISTS):
        asked = "?current=-1" if name == "levels" else ""
        for link in links_of(client, addresses[name] + asked):
            answer = client.get(addresses[name] + link)
            assert answer.get("Content-Disposition", "").startswith("attachment"), (name, link)
            if "xlsx" in link:
                assert all(lines_of(answer)[0]), (name, link)
            else:
                assert content_of(answer).startswith("\ufeff".encode()), (name, link)


def test_a_file_holds_the_whole_list_as_it_is_filtered_and_sorted(acme: Company, world, browser):
    for number in range(120):
        world.invoice(f"FC-{number:03}", "C003", amount=f"{100 + number}.00")
    world.load()
    client = browser("reader", acme)
    found = lines_of(client.get("/c/ACME/invoices/?text=FC-&sort=open&order=down&after=100&download=xlsx"))
    assert [line[0] for line in found[1:]] == [f"FC-{number:03}" for number in reversed(range(120))]


def test_amounts_and_dates_are_figures_with_their_currency_beside_them(acme: Company, browser):
    found = lines_of(browser("reader", acme).get("/c/ACME/invoices/?text=FA-2&download=xlsx"))
    line = dict(zip(found[0], found[1], strict=True))
    assert (line["Open"], line["Currency"], line["Due on"]) == (50.0, "EUR", date(2099, 1, 31))


def test_a_french_reader_has_french_heads_semicolons_and_decimal_commas(acme: Company, browser):
    text = content_of(browser("reader", acme, "fr").get("/c/ACME/invoices/?text=FA-2&download=csv")).decode()
    heads, line = text.splitlines()[:2]
    assert heads.startswith("\ufeffPièce;Type;Code client;")
    assert ";50,00;50,00;EUR;" in line
    assert ";31/01/2099;" in line


def test_an_english_reader_has_commas_and_decimal_points(acme: Company, browser):
    line = content_of(browser("reader", acme).get("/c/ACME/invoices/?text=FA-2&download=csv")).decode().splitlines()[1]
    assert ",50.00,50.00,EUR," in line
    assert ",2099-01-31," in line


@pytest.mark.parametrize("text", ["=1+1", "+33 1 23", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_compute_is_disarmed(text: str, lived: Company, browser):
    Customer.objects.filter(code="C001").update(name=text)
    client = browser("reader", lived)
    said = content_of(client.get("/c/ACME/customers/?download=csv")).decode()
    assert f"'{text}" in said
    cells = lines_of(client.get("/c/ACME/customers/?download=xlsx"))
    assert text.strip() in [str(line[1]).strip() for line in cells]


def test_a_customer_who_owes_in_two_currencies_has_a_line_for_each(acme: Company, world, browser):
    world.invoice("FD-1", "C001", amount="70.00", currency="USD")
    world.load()
    found = lines_of(browser("reader", acme).get("/c/ACME/customers/?q=C001&download=xlsx"))
    assert [(line[0], line[2], line[4]) for line in found[1:]] == [("C001", 100.0, "EUR"), ("C001", 70.0, "USD")]


def test_what_a_run_left_out_is_had_with_its_reasons(acme: Company, world, browser):
    world.invoice("FB-1", "C002", payment_method="PRLV")
    world.load()
    run = running.batch(acme, date(2026, 11, 21), by="eva").run
    found = lines_of(browser("reader", acme).get(f"/c/ACME/runs/{run}/?download=xlsx&list-of=left-out"))
    assert [line[:2] for line in found[1:]] == [["C002", "FB-1"]]


@pytest.mark.parametrize("asked", ["pdf", "", "../x"])
def test_another_format_is_the_page(asked: str, acme: Company, browser):
    assert "html" in browser("reader", acme).get(f"/c/ACME/invoices/?download={asked}")["Content-Type"]


def test_who_may_not_see_the_page_does_not_have_the_file(acme: Company, browser):
    assert browser("manager", acme).get("/c/ACME/settings/users/?download=xlsx").status_code == 403


def test_a_list_longer_than_a_sheet_goes_on_on_the_next(monkeypatch):
    from relance.telling import list_file

    monkeypatch.setattr(list_file, "_ROWS_OF_A_SHEET", 3)
    file = io.BytesIO()
    list_file._as_spreadsheet(Sheet("list", [("No.", lambda row: row), ("Sum", lambda row: Amount(row, "JPY"))], range(7)), file)
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue()))
    assert [len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names] == [4, 4, 2]
