"""Are the figures of the dashboard those of the aged balance, on every day they are shown for?"""

import json
from datetime import date, timedelta

import pytest

from relance import dossier
from relance.core.aging import Basis, aged_balance, grid
from relance.demo import demo_dossier
from relance.models import Allocation, DueItem, Payment
from relance.models.lists.aged import open_operations
from relance.models.lists.standing import SALES_DAYS, latest, month_ends, standings
from tests.demo_book import TODAY


@pytest.fixture
def company(db):
    """The demo company, with an allocation and a payment that only count tomorrow."""
    company = dossier.load(json.dumps(demo_dossier(TODAY)).encode(), by="tests").company
    tomorrow = TODAY + timedelta(1)
    first, second = Payment.objects.filter(company=company, allocations__isnull=False, customer__isnull=False).order_by("-date")[:2]
    Allocation.objects.filter(payment=first).update(date=tomorrow)
    DueItem.objects.filter(allocations__payment=first).update(last_allocated_on=tomorrow)
    Payment.objects.filter(pk=first.pk).update(last_allocated_on=tomorrow)
    Payment.objects.filter(pk=second.pk).update(date=tomorrow)
    return company


def balance(company, on):
    return aged_balance(open_operations([company], on), on, grid(Basis.DUE_DATE)).totals.by_currency()


def test_every_point_is_the_aged_balance_of_its_day(company):
    found = standings(company, TODAY)
    assert found[0].currency == "EUR"
    for one in found:
        for point in one.trend:
            amounts = balance(company, point.on).get(one.currency, (0,) * 6)
            assert (point.on, point.receivable, point.overdue) == (point.on, sum(amounts), sum(amounts[1:]))


def test_the_ages_of_today_are_those_of_the_aged_balance(company):
    assert {one.currency: one.amounts for one in standings(company, TODAY)} == balance(company, TODAY)


def test_the_latest_customers_are_those_with_the_most_overdue(company):
    accounts = aged_balance(open_operations([company], TODAY), TODAY, grid(Basis.DUE_DATE)).groups[0].accounts
    most = sorted(((sum(one.amounts[1:]), one.code) for one in accounts), reverse=True)
    found = latest(company, TODAY)
    assert [(one.overdue, one.customer.code) for one in found] == most[: len(found)]
    assert all(one.since < TODAY for one in found)


def test_days_of_sales_are_not_told_before_the_ledger_reaches_back_so_far(company):
    early = standings(company, TODAY - timedelta(830 - SALES_DAYS))[0].trend
    assert early[0].dso is None
    assert early[-1].dso is not None or early[-1].receivable <= 0


def test_the_ends_of_months_end_with_today():
    assert month_ends(date(2026, 3, 31), 3) == [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def test_figures_are_new_when_documents_are_brought_in(company):
    before = standings(company, TODAY)[0].now.receivable
    told = demo_dossier(TODAY)
    more = {
        "number": "FA-NEW",
        "customer": told["customers"][0]["code"],
        "date": TODAY.isoformat(),
        "currency": "EUR",
        "due": [{"no": 1, "due_date": TODAY.isoformat(), "amount": "10.00"}],
    }
    company = dossier.load(json.dumps(told | {"documents": [more], "payments": []}).encode(), by="tests").company
    company.refresh_from_db()
    assert standings(company, TODAY)[0].now.receivable == before + 1000
