"""Are the lines that the database adds up those that the operations add up to, on any day?"""

import json
from datetime import timedelta

import pytest

from relance import dossier
from relance.core.aging import Basis, GroupBy, aged_balance, grid
from relance.demo import demo_dossier
from relance.models import Allocation, Company, DueItem, Payment
from relance.models.lists.aged import open_operations
from relance.models.lists.aged_accounts import aged_accounts, balance
from tests.demo_book import TODAY


@pytest.fixture
def company(db) -> Company:
    return dossier.load(json.dumps(demo_dossier(TODAY)).encode(), by="tests").company


def operations_added_up(company, on, basis, *, suppliers):
    found = aged_balance(open_operations([company], on, suppliers=suppliers), on, grid(basis))
    return [account._replace(operations=()) for group in found.groups for account in group.accounts]


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("suppliers", [False, True], ids=["customers", "suppliers"])
@pytest.mark.parametrize("days_ago", [-30, 0, 1, 31, 100, 400])
def test_the_lines_are_those_of_the_operations(days_ago, suppliers, basis, company):
    on = TODAY - timedelta(days_ago)
    assert aged_accounts([company], on, grid(basis), suppliers=suppliers) == operations_added_up(company, on, basis, suppliers=suppliers)


def test_an_allocation_whose_payment_or_document_comes_later_does_not_count_yet(company):
    tomorrow = TODAY + timedelta(1)
    first, second = Payment.objects.filter(company=company, allocations__isnull=False, customer__isnull=False).order_by("-date")[:2]
    Allocation.objects.filter(payment=first).update(date=tomorrow)
    DueItem.objects.filter(allocations__payment=first).update(last_allocated_on=tomorrow)
    Payment.objects.filter(pk=first.pk).update(last_allocated_on=tomorrow)
    Payment.objects.filter(pk=second.pk).update(date=tomorrow)
    lines = aged_accounts([company], TODAY, grid(Basis.DUE_DATE))
    assert lines == operations_added_up(company, TODAY, Basis.DUE_DATE, suppliers=False)


def test_groups_add_up_to_the_whole(company):
    found = balance([company], TODAY, grid(Basis.DUE_DATE), GroupBy.TYPE)
    assert len(found.groups) > 1
    summed = [sum(amounts) for amounts in zip(*(group.totals.by_currency().get("EUR", (0,) * 6) for group in found.groups), strict=True)]
    assert tuple(summed) == found.totals.by_currency()["EUR"]


def test_what_is_recorded_is_in_the_next_balance(company):
    before = balance([company], TODAY, grid(Basis.DUE_DATE)).totals.by_currency()["EUR"]
    told = demo_dossier(TODAY)
    more = {
        "number": "FA-NEW",
        "customer": told["customers"][0]["code"],
        "date": TODAY.isoformat(),
        "currency": "EUR",
        "due": [{"no": 1, "due_date": TODAY.isoformat(), "amount": "10.00"}],
    }
    dossier.load(json.dumps(told | {"documents": [more], "payments": []}).encode(), by="tests")
    company.refresh_from_db()
    after = balance([company], TODAY, grid(Basis.DUE_DATE)).totals.by_currency()["EUR"]
    assert sum(after) - sum(before) == 1000
