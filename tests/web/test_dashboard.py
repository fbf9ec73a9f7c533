"""Does the first page say how things stand, and what there is to do?"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from relance.models import Batch, Company, DueItem, Notice
from tests.acceptance.world import day
from tests.web.conftest import queries
from tests.web.test_aged import text_of

PAGE = "/c/ACME/"
TODAY = timezone.localdate().isoformat()


@pytest.fixture
def shown(acme, browser):
    return lambda language="en": text_of(browser("reader", acme, language).get(PAGE))


def test_it_says_what_is_owed_and_what_of_it_is_overdue(world, shown):
    world.invoice("FA-3", "C003", date=day(TODAY, -10), due=day(TODAY, 20), amount="50.00")
    world.load()
    page = shown()
    assert "Receivable €150.00" in page
    assert "Overdue €100.00 67% of what is receivable" in page


def test_it_names_the_customers_with_the_most_overdue(shown):
    assert re.search(r"Most overdue .*Client C001 €100\.00", shown())


def test_the_chart_is_told_in_words_to_who_cannot_see_it(acme, browser):
    page = browser("reader", acme).get(PAGE).content.decode()
    assert page.count('role="img"') == 4
    assert "Aged balance. Not due: €0.00, " in page


def test_nothing_waits_where_nothing_does(shown):
    assert "Nothing waits for you." in shown()


def test_a_promise_that_has_come_due_waits_for_somebody(acme, shown):
    DueItem.objects.filter(document__number="FA-1").update(promised_on=timezone.localdate() - timedelta(1))
    assert "1 promise has come due and is still open: €100.00." in shown()


def test_what_is_promised_for_the_week_is_told(acme, shown):
    DueItem.objects.filter(document__number="FA-1").update(promised_on=timezone.localdate() + timedelta(5))
    assert "Promised within the week €100.00 1 due item" in shown()


def test_a_batch_that_is_late_is_told(acme, shown):
    long_ago = timezone.now() - timedelta(1)
    Batch.objects.create(company=acme, code="NUIT", error_address="it@acme.example", times="08:30", next_at=long_ago)
    assert "The automatic run NUIT should have been launched." in shown()


@pytest.mark.parametrize("status", ["unsure", "failed", "drafted"])
def test_notices_that_wait_are_one_click_away(status, acme, world, browser):
    world.batch(TODAY)
    Notice.objects.update(status=status)
    client = browser("reader", acme)
    lead = re.search(rf'href="(/c/ACME/runs/notices/\?status={status})"', client.get(PAGE).content.decode())
    assert "Client C001" in text_of(client.get(lead[1]))


def test_promises_that_have_come_due_are_one_click_away(acme, browser):
    DueItem.objects.filter(document__number="FA-1").update(promised_on=TODAY)
    client = browser("reader", acme)
    lead = re.search(r'href="(/c/ACME/invoices/\?promise=due)"', client.get(PAGE).content.decode())
    assert "FA-1" in text_of(client.get(lead[1]))
    assert "FA-2" not in text_of(client.get(lead[1]))


def test_it_speaks_french(acme, shown):
    page = shown("fr")
    assert "Encours" in page
    assert "Échu 100,00 €" in page


def test_more_customers_need_no_more_queries(acme, world, browser):
    client = browser("reader", acme)

    before = queries(client, PAGE)
    for number in range(10, 30):
        world.invoice(f"FB-{number}", f"C{number}", due="2026-06-01")
    world.load()
    assert queries(client, PAGE) == before  # the figures are added up anew, once, when it is first looked at


def test_a_company_without_anything_has_a_page(browser, db):
    empty = Company.objects.create(code="ACME", name="Acme", currency="EUR")
    assert "Nothing is open." in text_of(browser("reader", empty).get(PAGE))


def test_where_nothing_is_owed_the_way_to_a_first_file_is_shown_to_who_may_bring_one_in(db, browser):
    company = Company.objects.create(code="NEW", name="New", currency="EUR")
    pages = {role: browser(role, company).get("/c/NEW/").content.decode() for role in ("manager", "reader")}
    assert {role: '<a class="button" href="/c/NEW/imports/">' in page for role, page in pages.items()} == {"manager": True, "reader": False}
