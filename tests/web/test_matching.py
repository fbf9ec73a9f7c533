"""Can forty entries be matched one after the other: accepted, split, left on account, set aside, and undone?"""

import re

import pytest

from relance.models import BankEntry, Company, DueItem, Match, Payment, Upload
from tests.acceptance.world import World
from tests.importers.banks import Move, camt
from tests.web.test_downloads import lines_of

PAGE, ACT = "/c/ACME/matching/", "/c/ACME/matching/act/"


@pytest.fixture
def books(world: World) -> World:
    """An open invoice of each of two customers, and three entries that wait."""
    world.customer("C001", name="Dupont Vins")
    world.invoice("FA-2026-001", "C001", amount="120.00", due="2026-06-30")
    world.invoice("FA-2026-002", "C002", amount="80.00", due="2026-07-05")
    world.load()
    moves = [
        Move("2026-07-10", 12000, "REGLEMENT", "DUPONT VINS"),
        Move("2026-07-11", 5000, "VIREMENT", "INCONNU"),
        Move("2026-07-12", 900, "REMBOURSEMENT"),
    ]
    path = world.folder / "releve.xml"
    path.write_bytes(camt(moves))
    world.relance("import", "bank", path, "--company", "ACME", "--json").done()
    return world


@pytest.fixture
def manager(books, browser):
    return browser("manager", Company.objects.get(code="ACME"))


def keys() -> list[str]:
    return [f"e{pk}" for pk in BankEntry.objects.order_by("booked_on").values_list("pk", flat=True)]


def open_of(number: str) -> int:
    return DueItem.objects.get(document__number=number).open_amount


def test_the_first_proposal_has_the_focus_and_accepting_it_leads_to_the_next(books, manager):
    first, second, _ = keys()
    page = manager.get(PAGE).content.decode()
    assert page.count('value="accept:1" autofocus') == 1
    item = DueItem.objects.get(document__number="FA-2026-001")
    proposal = {"customer-1": item.billed_customer_id, "part-1": f"{item.pk}:12000", "reason-1": "same_name"}
    answer = manager.post(ACT, proposal | {"key": first, "next": second, "act": "accept:1"})
    assert answer.url == f"{PAGE}?at={second}"
    assert (open_of("FA-2026-001"), Match.objects.get().how) == (0, "accepted")


def test_a_document_that_was_searched_takes_a_part_and_the_rest_stays_on_account(books, manager):
    second = keys()[1]
    assert "FA-2026-002" in manager.get(PAGE, {"at": second, "q": "2026-002"}).content.decode()
    item = DueItem.objects.get(document__number="FA-2026-002")
    manager.post(ACT, {"key": second, "act": "settle", "item": item.pk, f"amount-{item.pk}": "30,00"})
    assert (open_of("FA-2026-002"), Payment.objects.get().remaining_amount) == (5000, 2000)


def test_after_a_search_enter_matches_what_is_picked_and_the_document_that_fits_is_picked(books, manager):
    first, second, _ = keys()
    form = manager.get(PAGE, {"at": first, "q": "dupont"}).content.decode().partition('name="item"')[2]
    assert form.partition(">")[0].endswith(" checked autofocus")
    assert re.findall(r'name="act" value="(\w+)', form)[:2] == ["settle", "leave"]
    form = manager.get(PAGE, {"at": second, "q": "2026-002"}).content.decode().partition('name="item"')[2]
    assert form.partition(">")[0].endswith('" autofocus')


def test_what_no_customer_paid_is_set_aside_and_what_was_done_is_undone(books, manager):
    first, _, third = keys()
    manager.post(ACT, {"key": third, "act": "aside"})
    assert BankEntry.objects.get(pk=third[1:]).state == "ignored"
    customer = DueItem.objects.get(document__number="FA-2026-001").billed_customer_id
    manager.post(ACT, {"key": first, "act": f"leave:{customer}"})
    manager.post(ACT, {"show": "done", "act": f"undo:{first}"})
    assert (Payment.objects.count(), BankEntry.objects.get(pk=first[1:]).state) == (0, "waiting")


def test_what_was_set_aside_is_told_before_its_statement_is_undone(books, manager):
    manager.post(ACT, {"key": keys()[2], "act": "aside"})
    page = f"/c/ACME/imports/done/{Upload.objects.get().pk}/"
    assert "1 of its bank entries was set aside since: undoing forgets that." in manager.get(page).content.decode()
    manager.post(f"{page}undo/")
    assert BankEntry.objects.count() == 3
    manager.post(f"{page}undo/", {"forget": "1"})
    assert BankEntry.objects.count() == 0


def test_what_waits_and_what_was_matched_can_be_had_as_files(books, manager):
    [first, *_] = keys()
    customer = DueItem.objects.get(document__number="FA-2026-001").billed_customer_id
    manager.post(ACT, {"key": first, "act": f"leave:{customer}"})
    heads, *waiting = lines_of(manager.get(PAGE, {"show": "entries", "download": "xlsx"}))
    assert [dict(zip(heads, row, strict=True))["Amount"] for row in waiting] == [50.0, 9.0]
    heads, left = lines_of(manager.get(PAGE, {"show": "done", "download": "xlsx"}))
    assert (left[heads.index("Customer")], left[heads.index("How")]) == ("Dupont Vins", "left on account")
    assert lines_of(manager.get(PAGE, {"show": "payments", "download": "xlsx"}))[0][:3] == ["Key", "Date", "Payer"]


def test_what_was_set_aside_is_listed_had_as_a_file_and_let_wait_again(books, manager):
    manager.post(ACT, {"key": keys()[2], "act": "aside"})
    page = manager.get(PAGE, {"show": "aside"}).content.decode()
    assert "REMBOURSEMENT" in page
    assert "VIREMENT" not in page
    heads, line = lines_of(manager.get(PAGE, {"show": "aside", "download": "xlsx"}))
    assert (line[heads.index("Reference")], line[heads.index("Amount")]) == ("REMBOURSEMENT", 9)
    answer = manager.post(ACT, {"show": "aside", "act": f"undo:{keys()[2]}"})
    assert answer.url == f"{PAGE}?show=aside"
    assert "Nothing was set aside." in manager.get(answer.url).content.decode()
    assert set(BankEntry.objects.values_list("state", flat=True)) == {"waiting"}


def test_money_that_was_never_to_be_matched_is_not_among_what_was_set_aside(books, manager):
    BankEntry.objects.filter(amount=900).update(kind="other", state="ignored")
    assert "REMBOURSEMENT" not in manager.get(PAGE, {"show": "aside"}).content.decode()


def test_what_was_decided_in_the_meantime_is_not_decided_again(books, manager):
    first = keys()[0]
    manager.post(ACT, {"key": first, "act": "aside"})
    item = DueItem.objects.get(document__number="FA-2026-001")
    manager.post(ACT, {"key": first, "act": "settle", "item": item.pk})
    assert (open_of("FA-2026-001"), Match.objects.count()) == (12000, 0)


@pytest.mark.parametrize("what", ["accept:1", "accept:x", "settle", "leave:", "leave:999999999", "undo:e0", "undo:x", "aside", "none"])
def test_a_form_that_makes_no_sense_changes_nothing(books, manager, what: str):
    answer = manager.post(ACT, {"key": "e99999999", "act": what, "item": "1", "part-1": "a:b"})
    assert (answer.status_code, Match.objects.count()) == (302, 0)


def test_the_dashboard_says_how_many_wait(books, manager):
    assert PAGE in manager.get("/c/ACME/").content.decode()
