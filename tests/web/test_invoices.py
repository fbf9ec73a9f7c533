"""Is the right invoice found, and reminded of as its reader saw?"""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from relance.models import Company, Customer, Document, DueItem, Notice
from tests.acceptance.world import World, day
from tests.web.conftest import queries

NOW = timezone.localdate().isoformat()


def words(answer) -> str:
    """The page as it is read."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()).replace("\u00a0", " ").replace("&#x27;", "'")


@pytest.fixture
def books(world: World) -> Company:
    """Four invoices of two customers: late ones, one in dispute, one paid; levels count from the due date."""
    world.levels((1, 0, 20), (2, 21, 60), (3, 61, None))
    world.invoice("FA-1", due=day(NOW, -10), amount="120.00")
    world.invoice("FA-2", due=day(NOW, -30), amount="80.00", level=1, last_dunned_on=day(NOW, -20))
    world.invoice("FA-3", "C002", due=day(NOW, -5), status="LITIGE")
    world.invoice("FA-4", "C002", due=day(NOW, -50), amount="10.00")
    world.payment("P4", "10.00", day(NOW, -1), {"FA-4": "10.00"}, "C002")
    world.load()
    return Company.objects.get()


def listed(browser, books, asked: str = "", role: str = "reader") -> list[str]:
    page = browser(role, books).get(f"/c/ACME/invoices/?{asked}").content.decode()
    return re.findall(r">(FA-\d)</a>", page)


@pytest.mark.spec("K37", "K38", "K39", "K40")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["FA-2", "FA-1", "FA-3"]),
        ("state=all", ["FA-4", "FA-2", "FA-1", "FA-3"]),
        ("state=settled", ["FA-4"]),
        ("dunnable=1", ["FA-2", "FA-1"]),
        ("level=1", ["FA-2"]),
        ("text=c002", ["FA-3"]),
        ("text=client", ["FA-2", "FA-1", "FA-3"]),
        ("status=LITIGE", ["FA-3"]),
        ("least=100,00&most=119,99", ["FA-3"]),
        (f"due_from={day(NOW, -11)}&due_to={day(NOW, -9)}", ["FA-1"]),
        ("sort=open", ["FA-2", "FA-3", "FA-1"]),
        ("sort=open&order=down", ["FA-1", "FA-3", "FA-2"]),
        ("level=much&due_from=yesterday&least=many", ["FA-2", "FA-1", "FA-3"]),
    ],
)
def test_an_invoice_is_found_by_every_criterion(asked, found, browser, books):
    assert listed(browser, books, asked) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("promise=due", ["FA-1"]),
        ("promise=coming", ["FA-2"]),
        ("promise=any", ["FA-2", "FA-1"]),
        ("promise=perhaps", ["FA-2", "FA-1", "FA-3"]),
    ],
)
def test_promises_are_found_by_whether_they_have_come_due(asked, found, browser, books):
    DueItem.objects.filter(document__number="FA-1").update(promised_on=day(NOW, 0))
    DueItem.objects.filter(document__number="FA-2").update(promised_on=day(NOW, 3))
    assert listed(browser, books, asked) == found


@pytest.mark.parametrize(("asked", "found"), [("einvoice=disputed", ["FA-1"]), ("einvoice=refused", ["FA-2"])])
def test_invoices_are_found_by_what_the_customers_platform_says(asked, found, browser, books):
    Document.objects.filter(number="FA-1").update(einvoice_status="207")
    Document.objects.filter(number="FA-2").update(einvoice_status="210")
    assert listed(browser, books, asked) == found


def test_a_promise_whose_day_has_passed_is_told(browser, books):
    DueItem.objects.filter(document__number="FA-1").update(promised_on=day(NOW, -1))
    assert f"promise past {timezone.localdate() - timedelta(1):%d/%m/%Y}" in words(browser("reader", books).get("/c/ACME/invoices/"))


def test_the_sum_of_the_selection_is_shown(browser, books):
    assert "€300.00 open in this selection" in words(browser("reader", books).get("/c/ACME/invoices/"))


def test_more_rows_need_no_more_queries(world: World, browser, books):
    client = browser("reader", books)

    before = queries(client, "/c/ACME/invoices/")
    for number in range(120):
        world.invoice(f"FB-{number}", f"C{number % 7}", due=day(NOW, -number))
    world.load()
    assert queries(client, "/c/ACME/invoices/") == before


# -- the review window


def due(number: str) -> int:
    return DueItem.objects.get(document__number=number).pk


def reviewed(client, *numbers: str, **said: str):
    return client.post("/c/ACME/invoices/review/", {"item": [due(number) for number in numbers]} | said)


def seal_of(answer) -> str:
    return re.search(r'name="seal" value="([^"]*)"', answer.content.decode())[1]


@pytest.mark.spec("K41", "K42")
def test_the_window_proposes_a_level_for_each_due_item(browser, books):
    page = words(reviewed(browser("collector", books), "FA-1", "FA-2", "FA-3"))
    assert re.search(r"FA-2 Client C001 [\d/]+ €80.00 [\d/]+ 1 − 2 \+ c001@clients.example", page)
    assert re.search(r"FA-1 Client C001 [\d/]+ €120.00 0 − 1 \+", page)
    assert "disputed" in page
    assert Notice.objects.count() == 0


@pytest.mark.spec("K43", "K44")
def test_a_level_is_raised_and_lowered(browser, books):
    client, pk = browser("collector", books), due("FA-1")
    raised = reviewed(client, "FA-1", **{f"level-{pk}": "1", f"levels-{pk}": "1 2 3", "act": f"up:{pk}"})
    assert re.search(r"0 − 2 \+", words(raised))
    lowered = reviewed(client, "FA-1", **{f"level-{pk}": "2", f"levels-{pk}": "1 2 3", "act": f"down:{pk}"})
    assert re.search(r"0 − 1 \+", words(lowered))


@pytest.mark.spec("K45")
def test_a_line_is_dropped(browser, books):
    page = words(reviewed(browser("collector", books), "FA-1", "FA-2", act=f"drop:{due('FA-1')}"))
    assert "FA-1" not in page
    assert "FA-2" in page


@pytest.mark.spec("K46", "K49", "K51", "K53")
def test_what_was_seen_is_sent_once(browser, books, world: World):
    client = browser("collector", books)
    seal = seal_of(reviewed(client, "FA-1", "FA-2"))
    for _ in range(2):
        reviewed(client, "FA-1", "FA-2", seal=seal, act="issue", channel="email")
    assert len(world.mails()) == 2
    assert [world.stored_level(number)[0] for number in ("FA-1", "FA-2")] == [1, 2]
    assert set(Notice.objects.values_list("by", flat=True)) == {"collector@acme.example"}


@pytest.mark.spec("K47", "K48")
def test_a_collaborator_sends_and_others_read_a_copy(browser, books, world: World):
    client = browser("collector", books)
    said = {"sender": "dupuis@acme.example", "cc": "MAR, chef@acme.example", "channel": "email"}
    seal = seal_of(reviewed(client, "FA-1", **said))
    reviewed(client, "FA-1", seal=seal, act="issue", **said)
    [mail] = world.mails()
    assert "dupuis@acme.example" in mail["From"]
    assert {"marchand@acme.example", "chef@acme.example"} <= set(re.findall(r"[\w.]+@[\w.]+", mail["Cc"]))


def test_what_has_changed_since_it_was_seen_is_not_sent(browser, books, world: World):
    client = browser("collector", books)
    seal = seal_of(reviewed(client, "FA-1"))
    world.payment("P1", "20.00", NOW, {"FA-1": "20.00"})
    world.load()
    reviewed(client, "FA-1", seal=seal, act="issue", channel="email")
    assert world.mails() == []
    assert world.stored_level("FA-1") == (0, None)


@pytest.mark.spec("K50", "K52")
def test_drafts_come_as_a_file(browser, books):
    client = browser("collector", books)
    seal = seal_of(reviewed(client, "FA-1", channel="draft"))
    answer = reviewed(client, "FA-1", seal=seal, act="issue", channel="draft")
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer).startswith(b"PK")


@pytest.mark.spec("K55", "K56", "K57", "K58")
def test_letters_come_as_a_pdf_and_are_issued(browser, books, world: World):
    client = browser("collector", books)
    seal = seal_of(reviewed(client, "FA-1", channel="letter"))
    answer = reviewed(client, "FA-1", seal=seal, act="issue", channel="letter")
    assert b"".join(answer).startswith(b"%PDF")
    assert world.stored_level("FA-1") == (1, NOW)


def test_a_wrong_address_is_told_and_sends_nothing(browser, books, world: World):
    page = words(reviewed(browser("collector", books), "FA-1", sender="nobody", act="issue"))
    assert "nobody" in page
    assert world.mails() == []


def test_a_reader_sends_nothing(browser, books):
    assert reviewed(browser("reader", books), "FA-1").status_code == 403


def test_choosing_nothing_is_told(browser, books):
    answer = browser("collector", books).post("/c/ACME/invoices/review/", follow=True)
    assert "Choose at least one due item." in words(answer)


# -- page by page


@pytest.mark.parametrize("sort", ["due", "open", "document", "customer"])
@pytest.mark.parametrize("order", ["", "down"])
def test_every_invoice_stands_once_on_the_pages_however_they_are_sorted(world: World, browser, monkeypatch, sort, order):
    for number in range(23):
        world.invoice(f"FB-{number % 17:02}", f"C{number % 5}{number // 17}", due=day(NOW, -(number % 4)), amount=f"{100 + number % 3}.00")
    world.load()
    Customer.objects.update(name="Dupont", sort_name="dupont")  # all of one name but one
    Customer.objects.filter(code="C10").update(name="Abel", sort_name="abel")
    monkeypatch.setattr("relance.web.invoices._PAGE", 4)
    client, address, seen, way = browser("reader", Company.objects.get()), f"?sort={sort}&order={order}", [], []
    while address:
        page = client.get(f"/c/ACME/invoices/{address}").content.decode()
        seen += re.findall(r'href="/c/ACME/documents/(\d+)/">FB-', page)
        way.append(re.findall(r'rel="prev" href="([^"]*)"', page))
        address = unescape(next(iter(re.findall(r'rel="next" href="([^"]*)"', page)), ""))
    assert len(seen) == len(set(seen)) == DueItem.objects.count()
    key = {"due": "due_date", "open": "open_amount", "document": "document__number", "customer": "billed_customer__sort_name"}[sort]
    signs = ("-", "-") if order else ("", "")
    every = DueItem.objects.order_by(f"{signs[0]}{key}", f"{signs[1]}pk").values_list("document_id", flat=True)
    assert [int(one) for one in seen] == list(every)
    last = (len(seen) - 1) // 4 * 4
    back = client.get(f"/c/ACME/invoices/{unescape(way[-1][0])}").content.decode()
    assert re.findall(r'href="/c/ACME/documents/(\d+)/">FB-', back) == seen[last - 4 : last]
