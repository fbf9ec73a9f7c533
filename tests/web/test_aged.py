"""Is the aged balance on its page what it is on the command line?"""

import io
import re

import pikepdf
import pytest
from python_calamine import CalamineWorkbook

from relance.models import Company, Customer, Document, DueItem
from tests.acceptance.world import World, day
from tests.web.conftest import queries


def text_of(answer) -> str:
    """The page as it is read."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.spec("K4", "K9", "K10", "K13")
def test_an_account_stands_with_its_amounts_and_the_sums(acme, browser):
    page = text_of(browser("reader", acme).get("/c/ACME/aged/?as_of=2026-07-15"))
    assert "C001 Client C001 €100.00" not in page
    assert "C001 Client C001 100.00 €100.00" in page
    assert page.endswith("Total EUR 0.00 100.00 0.00 0.00 0.00 0.00 €100.00")


@pytest.mark.spec("K12")
def test_age_may_be_counted_from_the_invoice_date(acme, browser):
    page = text_of(browser("reader", acme).get("/c/ACME/aged/?as_of=2026-07-15&by=invoice_date"))
    assert "0–30 31–60 61–90 91–180 181+" in page
    assert page.endswith("Total EUR 0.00 100.00 0.00 0.00 0.00 €100.00")


@pytest.mark.spec("K11")
def test_the_operations_of_an_account_open_under_its_row(acme, browser):
    asked = "/c/ACME/aged/operations/?as_of=2026-07-15&account=C001&currency=EUR"
    part = browser("reader", acme).get(asked, headers={"hx-request": "true"})
    assert part.content.decode().strip().startswith("<tr")
    assert "07/06/2026 FA-1 07/07/2026 8 100.00" in text_of(part)
    assert "<html" in browser("reader", acme).get(asked).content.decode()


def test_an_account_that_is_not_there_is_not_found(acme, browser):
    assert browser("reader", acme).get("/c/ACME/aged/operations/?account=NADA").status_code == 404


def test_what_makes_no_sense_is_as_if_it_was_not_asked(acme, browser):
    assert browser("reader", acme).get("/c/ACME/aged/?as_of=tomorrow&by=colour&side=x&group_by=moon").status_code == 200


def test_more_customers_need_no_more_queries(acme, world: World, browser):
    client = browser("reader", acme)

    before = queries(client, "/c/ACME/aged/")
    for number in range(10, 30):
        world.invoice(f"FB-{number}", f"C{number}", due=day("2026-06-01", number))
    world.load()
    assert queries(client, "/c/ACME/aged/") == before  # the balance is added up anew, once, when it is first looked at


ALL_AGES = ["not_due", "1-30", "31-60", "61-90", "91-180", "181+"]


def with_ages(*shown: str, joined: tuple[str, ...] = ()) -> dict:
    """What the form sends where these ages are ticked."""
    return {"as_of": "2026-07-15", "by": "due_date", "chosen": "1", "offered": ALL_AGES, "age": list(shown), "joined": list(joined)}


@pytest.mark.spec("K7")
def test_an_age_that_is_hidden_stays_in_the_totals_which_say_so_and_is_hidden_the_next_time(acme, world, browser):
    world.invoice("FA-9", "C001", due="2026-05-01", amount="30.00")
    world.load()
    client = browser("reader", acme)
    page = text_of(client.get("/c/ACME/aged/", with_ages("1-30", "31-60")))
    assert page.endswith("Total EUR 100.00 0.00 €130.00")
    assert "1–30 31–60 Total, hidden ages too" in page
    assert text_of(client.get("/c/ACME/aged/?as_of=2026-07-15")).endswith("Total EUR 100.00 0.00 €130.00")
    assert text_of(client.get("/c/ACME/aged/", with_ages(*ALL_AGES))).endswith("Total EUR 0.00 100.00 0.00 30.00 0.00 0.00 €130.00")


@pytest.mark.spec("K7")
def test_ages_put_together_are_one_column_with_one_sum_and_are_sorted_by_it(acme, world, browser):
    world.invoice("FA-8", "C003", due="2026-05-20", amount="60.00")
    world.invoice("FA-9", "C001", due="2026-05-01", amount="30.00")
    world.load()
    asked = with_ages(*ALL_AGES, joined=("61-90", "91-180", "181+")) | {"sort": "2", "group_by": "type"}
    page = text_of(browser("reader", acme).get("/c/ACME/aged/", asked))
    assert "1–30 31+ Total" in page
    assert page.endswith("Total EUR 0.00 100.00 90.00 €190.00")
    assert page.index("Client C003 60.00 €60.00") < page.index("Client C001 100.00 30.00 €130.00")
    assert "– 100.00 90.00 €190.00" in page


def test_an_age_hidden_from_the_due_date_on_does_not_hide_one_from_the_invoice_date_on(acme, browser):
    client = browser("reader", acme)
    page = text_of(client.get("/c/ACME/aged/", with_ages("31-60", joined=("31-60",)) | {"by": "invoice_date"}))
    assert "0–30 31–60 Total, hidden ages too" not in page
    assert "0–60 Total, hidden ages too" in page
    assert "Up to 30" in text_of(client.get("/c/ACME/aged/", with_ages("not_due", "1-30", joined=("1-30",))))


@pytest.mark.spec("K7")
def test_columns_and_groups_once_chosen_are_there_the_next_time(acme, browser):
    client = browser("reader", acme)
    client.get("/c/ACME/aged/?chosen=1&column=type&column=sales_rep&group_by=type&by=invoice_date")
    page = text_of(client.get("/c/ACME/aged/?as_of=2026-07-15"))
    assert "Name Type Sales rep 0–30 31–60" in page
    assert "Account" not in page.partition("Name Type")[2]
    assert "10 0.00" in page or "By customer type" in page


def test_the_largest_come_first_where_that_is_asked(acme, world, browser):
    world.invoice("FA-3", "C003", amount="900.00")
    world.load()
    client = browser("reader", acme)
    page = text_of(client.get("/c/ACME/aged/?as_of=2026-07-15&sort=total"))
    assert page.index("Client C003") < page.index("Client C001")
    page = text_of(client.get("/c/ACME/aged/?as_of=2026-07-15&sort=-total"))
    assert page.index("Client C001") < page.index("Client C003")


def test_groups_have_their_sums_beside_their_names(acme, world, browser):
    world.customer("C003", type="20")
    world.invoice("FA-3", "C003", amount="900.00")
    world.load()
    page = text_of(browser("reader", acme).get("/c/ACME/aged/?as_of=2026-07-15&group_by=type"))
    assert "20 900.00 €900.00 C003 Client C003 900.00 €900.00" in page


def test_an_account_is_looked_for_by_name_and_the_sums_are_of_what_is_found(acme, world, browser):
    world.invoice("FA-3", "C003", amount="900.00")
    world.load()
    page = text_of(browser("reader", acme).get("/c/ACME/aged/?as_of=2026-07-15&q=c003"))
    assert "Client C001" not in page
    assert page.endswith("Total EUR 0.00 900.00 0.00 0.00 0.00 0.00 €900.00")


def test_suppliers_have_a_balance_without_a_way_to_dun_them(acme, world, browser):
    world.dossier["suppliers"] = [{"code": "F001", "name": "Verrerie"}]
    bill = {"number": "AC-1", "supplier": "F001", "date": "2026-06-01", "currency": "EUR"}
    world.dossier["documents"].append(bill | {"due": [{"no": 1, "due_date": "2026-07-01", "amount": "70.00"}]})
    world.load()
    page = text_of(browser("reader", acme).get("/c/ACME/aged/?as_of=2026-07-15&side=supplier"))
    assert "F001 Verrerie 70.00 €70.00 Total EUR" in page
    assert "Dun" not in page


@pytest.mark.spec("K5")
def test_from_an_account_one_goes_on_to_dun_its_overdue_invoices(acme, browser):
    client = browser("collector", acme)
    page = client.get("/c/ACME/aged/?as_of=2026-07-15").content.decode()
    (way,) = re.findall(r'href="([^"]*customer=C001)"', page)
    assert "FA-1" in text_of(client.get(way.replace("&amp;", "&")))


def test_several_companies_are_added_up_for_who_has_a_part_in_them_and_no_other(acme, browser):
    other = Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR")
    strange = Company.objects.create(code="STRANGE", name="Strange", currency="EUR")
    for company in (other, strange):
        owing = Customer.objects.create(company=company, code="X1", name=f"Owing {company.code}")
        bill = Document.objects.create(
            company=company, number="X", customer=owing, billed_customer=owing, date="2026-06-07", currency="EUR"
        )
        DueItem.objects.create(
            company=company,
            document=bill,
            billed_customer=owing,
            no=1,
            due_date="2026-07-07",
            amount=100,
            open_amount=100,
        )
    client = browser("reader", acme)
    browser("reader", other)
    page = text_of(client.get("/c/ACME/aged/?as_of=2026-07-15&scope=all&group_by=entity"))
    assert "Owing ELSE" in page
    assert "STRANGE" not in page
    hidden = "/c/ACME/aged/operations/?as_of=2026-07-15&scope=all&company=STRANGE&account=X1&currency=EUR"
    assert client.get(hidden).status_code == 404


def exported(client, suffix) -> bytes:
    answer = client.get(f"/c/ACME/aged/export/?as_of=2026-07-15&format={suffix}")
    assert f"aged-balance-ACME-2026-07-15.{suffix}" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)


@pytest.mark.spec("K8")
def test_the_balance_is_exported_as_text_with_its_sums(acme, browser):
    rows = exported(browser("reader", acme), "csv").decode("utf-8-sig").splitlines()
    assert rows[0] == "Account,Name,Currency,Not due,1–30,31–60,61–90,91–180,181+,Total"
    assert rows[1] == "C001,Client C001,EUR,0.00,100.00,0.00,0.00,0.00,0.00,100.00"
    assert rows[-1] == ",Grand total,EUR,0.00,100.00,0.00,0.00,0.00,0.00,100.00"


def test_the_spreadsheet_has_every_operation_on_a_sheet_of_its_own(acme, browser):
    book = CalamineWorkbook.from_filelike(io.BytesIO(exported(browser("reader", acme), "xlsx")))
    accounts, listed = (book.get_sheet_by_name(name).to_python() for name in ("Aged balance", "Operations"))
    assert accounts[1] == ["C001", "Client C001", "EUR", 0.0, 100.0, 0.0, 0.0, 0.0, 0.0, 100.0]
    assert [row[2] for row in listed] == ["Document", "FA-1"]
    assert listed[1][6:] == [8.0, "EUR", 100.0]


def test_the_balance_on_paper_has_its_accounts_and_sums(acme, browser, tmp_path):
    (tmp_path / "balance.pdf").write_bytes(exported(browser("reader", acme), "pdf"))
    with pikepdf.open(tmp_path / "balance.pdf") as pdf:
        assert len(pdf.pages) == 1
