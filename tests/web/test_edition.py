"""Is an edition issued as it was looked at, once, and by who may?"""

import re
from datetime import date

import pytest
from django.utils import timezone

from relance.core.edition import EditionRequest
from relance.models import Company, Notice
from relance.models.history import Event
from relance.steps import running
from tests.acceptance.world import World, day
from tests.letters.reading import text
from tests.web.conftest import queries

NOW = timezone.localdate().isoformat()
HERE = "/c/ACME/edition/"


def words(answer) -> str:
    """The page as it is read."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split()).replace("\u00a0", " ").replace("&#x27;", "'")


def shown(on: str) -> str:
    """A day as an English page writes it."""
    return date.fromisoformat(on).strftime("%d/%m/%Y")


@pytest.fixture
def books(world: World) -> Company:
    """Two customers at level 1 with late invoices, one with a credit; a third at level 0."""
    world.customer("C001", name="Maison Leblanc", level=1, last_dunned_on=day(NOW, -20), type="10", sales_rep="DUP")
    world.customer("C002", name="Étienne et fils", level=1, last_dunned_on=day(NOW, -9), type="20")
    world.customer("C003", name="Zanzibar", type="30")
    world.invoice("FA-1", due=day(NOW, -40), amount="1234.50", level=1, last_dunned_on=day(NOW, -20))
    world.invoice("FA-2", "C002", due=day(NOW, -30), amount="80.00", level=1, last_dunned_on=day(NOW, -9), payment_method="CHQ")
    world.invoice("FA-3", "C003", due=day(NOW, -8), amount="60.00")
    world.payment("P1", "34.50", day(NOW, -1))
    world.load()
    return Company.objects.get()


def look(browser, books, asked: str = "level=2", role: str = "manager"):
    return browser(role, books).get(f"{HERE}?{asked}")


def hidden(answer, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())[1]


def issued(client, page, asked: str = "level=2", **said: str):
    form = {"seal": hidden(page, "seal"), "last_run": hidden(page, "last_run")}
    return client.post(f"{HERE}issue/?{asked}", form | said, follow=True)


def found(page) -> list[str]:
    return re.findall(r"<td class=\"name\">(FA-\d)</td>", page.content.decode())


# -- the window and the control list


@pytest.mark.spec("A10", "A13", "A16", "A33")
def test_the_control_list_shows_last_level_and_last_date_and_stores_nothing(browser, books):
    page = words(look(browser, books))
    assert f"FA-1 {shown(day(NOW, -70))} {shown(day(NOW, -40))} 40 1 {shown(day(NOW, -20))} 2 €1,234.50" in page
    assert "2 letters, €1,280.00 2 due items, 2 customers" in page
    assert "credit, in deduction -€34.50" in page
    assert Notice.objects.count() == 0


@pytest.mark.spec("A8", "A9", "A12", "A18", "A19", "A20", "A21", "A22", "A24", "A25", "A27", "A28", "A29", "A30", "A31")
@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        ("level=2", ["FA-2", "FA-1"]),
        ("level=1", ["FA-3"]),
        ("level=2&sort=code", ["FA-1", "FA-2"]),
        ("level=2&any_customer_level=on", ["FA-2", "FA-1", "FA-3"]),
        ("level=2&any_customer_level=on&scope=previous_level", ["FA-2", "FA-1"]),
        ("level=2&any_customer_level=on&scope=never_dunned", ["FA-3"]),
        ("level=1&scope=this_level", ["FA-2", "FA-1"]),
        ("level=1&scope=this_level_and_lower", ["FA-2", "FA-1", "FA-3"]),
        (f"level=2&due_from={day(NOW, -35)}&due_to={day(NOW, -25)}", ["FA-2"]),
        ("level=2&type_from=15&type_to=20", ["FA-2"]),
        ("level=2&sales_rep=DUP", ["FA-1"]),
        ("level=2&payment_method=CHQ", ["FA-2"]),
        ("level=2&min_amount=80,00", ["FA-1"]),
        ("level=2&customer=C002", ["FA-2"]),
    ],
)
def test_every_field_of_the_window_narrows_the_list(asked, lines, browser, books):
    assert found(look(browser, books, asked)) == lines


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("level=9", "Select a valid choice"),
        ("level=2&min_amount=much", "This is not an amount."),
        ("level=2&due_from=2026-02-01&due_to=2026-01-01", "This day is before the first one."),
        ("level=2&customer=C404", "There is no customer C404."),
        ("level=2&template=None", "Select a valid choice"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_listed(asked, said, browser, books):
    page = look(browser, books, asked)
    assert said in words(page)
    assert found(page) == []


def test_invoices_of_which_no_pdf_is_kept_are_listed_before_letters_are_issued(browser, books):
    assert "has no PDF" not in words(look(browser, books))
    Company.objects.update(attach_invoices="both")
    assert "2 invoices have no PDF to go with their notices FA-2 (C002) , FA-1 (C001)" in words(look(browser, books))


def test_credits_stay_out_where_the_window_says_so(browser, books):
    assert "2 letters, €1,314.50" in words(look(browser, books, "level=2&credits=0"))


def test_what_is_left_out_is_counted_by_its_reason(browser, books):
    assert "1 not in the selection" in words(look(browser, books))


def test_why_a_customer_that_was_picked_gets_no_letter_is_told_item_by_item(browser, books):
    page = words(look(browser, books, "level=2&customer=C003"))
    assert f"Reason C003 FA-3 {shown(day(NOW, -8))} not in the selection" in page


def test_a_company_without_levels_is_told(browser, world: World):
    world.levels()
    world.load()
    assert "No levels are set up" in words(look(browser, Company.objects.get(), ""))


@pytest.mark.spec("A10", "A14")
@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", "\ufeff".encode())])
def test_the_control_list_comes_as_a_file(kind, begins, browser, books):
    answer = browser("reader", books).get(f"{HERE}control-list/?level=2&as={kind}")
    assert b"".join(answer).startswith(begins)
    assert Notice.objects.count() == 0


def test_the_control_list_names_the_sales_rep_on_the_page_and_in_its_files(browser, books):
    assert "C001 Maison Leblanc Alice Dupuis" in words(look(browser, books))
    file = b"".join(browser("reader", books).get(f"{HERE}control-list/?level=2&as=csv")).decode()
    assert "C001;Maison Leblanc;Alice Dupuis;FA-1" in file


def test_more_customers_need_no_more_queries(world: World, browser, books):
    client = browser("manager", books)

    addresses = (f"{HERE}?level=2", f"{HERE}customers/?level=2")
    before = [queries(client, address) for address in addresses]
    for number in range(40):
        world.customer(f"D{number}", level=1)
        world.invoice(f"FB-{number}", f"D{number}", due=day(NOW, -20), level=1, last_dunned_on=day(NOW, -15))
    world.load()
    assert [queries(client, address) for address in addresses] == before


# -- the choice of customers


@pytest.mark.spec("A31", "A32")
@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("level=2", ["C002", "C001"]),
        ("level=2&at_level=", ["C002", "C001", "C003"]),
        ("at_level=0", ["C003"]),
        (f"at_level=&dunned_to={day(NOW, -15)}", ["C001"]),
        (f"at_level=&dunned_from={day(NOW, -15)}", ["C002"]),
        ("at_level=&never_dunned=1", ["C003"]),
        ("at_level=&text=leb", ["C001"]),
        ("at_level=many&dunned_to=yesterday", ["C002", "C001", "C003"]),
    ],
)
def test_customers_are_narrowed_by_their_last_level_and_last_date(asked, codes, browser, books):
    page = browser("reader", books).get(f"{HERE}customers/?{asked}").content.decode()
    assert re.findall(r'type="checkbox" name="customer" value="(\w+)"', page) == codes


@pytest.mark.spec("A32")
def test_the_list_of_customers_shows_last_level_last_date_and_what_is_overdue(browser, books):
    page = words(browser("reader", books).get(f"{HERE}customers/?level=2"))
    assert f"C002 Étienne et fils 20 1 {shown(day(NOW, -9))} €80.00" in page


def test_customers_picked_are_kept_from_page_to_page_and_taken_back(browser, books):
    client = browser("reader", books)
    page = client.get(f"{HERE}customers/?level=2&min_amount=10&text=leb&customer=C002&take=all")
    carried = re.findall(r'"hidden" name="(level|min_amount|customer)" value="(\w+)"', page.content.decode())
    assert carried == [("level", "2"), ("min_amount", "10"), ("customer", "C002")]
    assert 'value="C001" aria-label="Maison Leblanc" checked' in page.content.decode()
    assert "C002 Étienne et fils" in words(client.get(f"{HERE}?level=2&customer=C002"))


# -- letters


@pytest.mark.spec("A16", "A17")
@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("html", b"<!"), ("zip", b"PK")])
def test_provisional_letters_are_shown_and_store_nothing(kind, begins, browser, books):
    answer = browser("collector", books).get(f"{HERE}provisional/?level=2&as={kind}")
    assert b"".join(answer).startswith(begins)
    assert answer["Content-Disposition"].startswith("inline" if kind == "pdf" else "attachment")
    assert Notice.objects.count() == 0


def test_where_there_is_no_letter_none_is_shown(browser, books):
    answer = browser("collector", books).get(f"{HERE}provisional/?level=2&customer=C003", follow=True)
    assert "There is no letter to write." in words(answer)


@pytest.mark.spec("A5", "A11", "A14", "A15", "A33", "A34")
def test_what_was_seen_is_issued_once_however_often_it_is_pressed(browser, books, world: World):
    client = browser("manager", books)
    page = look(browser, books)
    assert "Level 2 and the date" in words(page)
    answers = [issued(client, page) for _ in range(2)]
    assert {answer.redirect_chain[-1][0] for answer in answers} == {f"{HERE}letters/{Notice.objects.first().run_id}/"}
    assert [world.stored_level(number) for number in ("FA-1", "FA-2", "FA-3")] == [(2, NOW), (2, NOW), (0, None)]
    assert world.stored_customer("C001")["level"] == 2
    assert set(Notice.objects.values_list("status", "by")) == {("printed", "manager@acme.example")}
    assert Notice.objects.count() == 2


def test_what_has_changed_since_it_was_seen_is_not_issued(browser, books, world: World):
    client, page = browser("manager", books), look(browser, books)
    world.payment("P2", "20.00", NOW, {"FA-2": "20.00"}, "C002")
    world.load()
    assert "has changed since" in words(issued(client, page))
    assert Notice.objects.count() == 0
    assert world.stored_level("FA-1") == (1, day(NOW, -20))


@pytest.mark.parametrize("asked", ["level=2", "level=9", ""])
def test_what_was_not_seen_is_not_issued(asked, browser, books):
    browser("manager", books).post(f"{HERE}issue/?{asked}", {"seal": ""})
    browser("manager", books).post(f"{HERE}issue/?{asked}", {"seal": "made up"})
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("role", ["reader", "collector"])
def test_only_a_manager_issues(role, browser, books):
    page = look(browser, books, role=role)
    assert "Issue for good" not in words(page)
    assert browser(role, books).post(f"{HERE}issue/?level=2", {"seal": "x"}).status_code == 403
    assert Notice.objects.count() == 0


@pytest.mark.spec("A35")
def test_issued_letters_are_had_again_identical(browser, books):
    client = browser("manager", books)
    issued(client, look(browser, books))
    address = f"{HERE}letters/{Notice.objects.first().run_id}/"
    first, again = (b"".join(client.get(f"{address}file/")) for _ in range(2))
    assert first.startswith(b"%PDF")
    assert first == again
    assert b"".join(client.get(f"{address}file/?as=zip")).startswith(b"PK")
    assert "2 printed" in words(client.get(address))


@pytest.mark.spec("A35")
def test_a_letter_is_printed_again_as_it_was_or_marked_as_a_duplicate_and_nothing_is_recorded(browser, books):
    Company.objects.update(attach_invoices="both")
    client = browser("manager", books)
    issued(client, look(browser, books))
    notice = f"/c/ACME/notices/{Notice.objects.first().pk}/"
    events = Event.objects.count()
    again, duplicate = (b"".join(client.get(f"{notice}letter/{asked}")) for asked in ("", "?as=duplicate"))
    assert again == client.get(f"{notice}file/").content
    assert text(duplicate) == text(again)
    assert duplicate != again
    assert re.search(r"Invoices with it FA-\d no PDF", words(client.get(notice)))
    assert Event.objects.count() == events


def test_how_far_letters_are_is_told_while_they_are_made(browser, books):
    client = browser("manager", books)
    page = look(browser, books)
    asked = f"{HERE}progress/?after={hidden(page, 'last_run')}"
    assert f'hx-get="{asked}"' in page.content.decode()
    assert "being prepared" in words(client.get(asked))
    running.edition(books, EditionRequest(timezone.localdate(), level=2), output="definitive", wait=False, by="x")
    Notice.objects.filter(pk=Notice.objects.first().pk).update(status="printed")
    assert "1 of 2 letters" in words(client.get(asked))
    assert "1 of 2 letters" in words(client.get(f"{HERE}progress/?run={Notice.objects.first().run_id}"))
    assert browser("reader", books).get(asked).status_code == 403


def test_an_edition_issued_already_is_told(browser, books):
    issued(browser("manager", books), look(browser, books))
    assert "This very edition was already issued on" in words(look(browser, books))


def test_letters_come_in_the_format_asked_for(browser, books):
    client = browser("manager", books)
    issued(client, look(browser, books), form="html")
    answer = client.get(f"{HERE}letters/{Notice.objects.first().run_id}/file/?as=html")
    assert b"".join(answer).startswith(b"<!")


# -- letters that wait


@pytest.fixture
def waiting(world: World) -> Company:
    """An automatic run has made two letters, and nobody has printed them."""
    world.levels({"level": 1, "lower_bound": 0, "upper_bound": None, "channel": "letter"})
    world.invoice("FA-1", due=day(NOW, -10), amount="120.00")
    world.invoice("FA-2", "C002", due=day(NOW, -9), amount="30.00")
    world.load()
    world.batch(NOW)
    return Company.objects.get()


def test_letters_of_automatic_runs_wait_in_a_list(browser, waiting):
    page = words(browser("reader", waiting).get(HERE))
    assert f"Letters waiting to be printed Run Date Made by Letters Claimed 1 {shown(NOW)} automatic run 2 €150.00" in page


def test_waiting_letters_are_printed_once(browser, waiting, world: World):
    client = browser("manager", waiting)
    address = f"{HERE}letters/{Notice.objects.first().run_id}/"
    assert "Print 2 letters" in words(client.get(address))
    for _ in range(2):
        assert client.post(f"{address}print/").status_code == 302
    assert world.stored_level("FA-1") == (1, NOW)
    assert Notice.objects.filter(status="printed").count() == 2
    assert "waiting" not in words(client.get(HERE))


def test_a_run_without_letters_has_no_page(browser, books):
    assert browser("manager", books).get(f"{HERE}letters/1/").status_code == 404


def test_an_interrupted_edition_is_taken_up(browser, books, world: World):
    client, page = browser("manager", books), look(browser, books)
    issued(client, page)
    run = Notice.objects.first().run
    Notice.objects.filter(customer__code="C002").update(status="queued")
    type(run).objects.update(status="running")
    assert "This very edition was interrupted" in words(look(browser, books))
    client.post(f"{HERE}letters/{run.pk}/print/")
    run.refresh_from_db()
    assert run.status == "done"
    assert set(Notice.objects.values_list("status", flat=True)) <= {"printed", "withdrawn"}
