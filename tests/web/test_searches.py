"""Is a search kept under its name, for its user or for all, and does one of them open the list?"""

import pytest

from relance.models import Company, SavedSearch
from tests.web.test_imports import words

SAVE = "/c/ACME/invoices/searches/"
OVERDUE = {"name": "Grands comptes", "criteria": "state=overdue&least=100"}


def test_a_search_is_kept_and_offered(browser, acme: Company):
    client = browser("reader", acme)
    assert client.post(SAVE, OVERDUE)["Location"] == "/c/ACME/invoices/?state=overdue&least=100"
    assert 'href="?state=overdue&amp;least=100"' in client.get("/c/ACME/invoices/").content.decode()


def test_a_search_of_the_same_name_takes_its_place(browser, acme: Company):
    client = browser("reader", acme)
    client.post(SAVE, OVERDUE)
    client.post(SAVE, OVERDUE | {"criteria": "state=all"})
    assert SavedSearch.objects.get().query == "state=all"


def test_only_criteria_are_kept(browser, acme: Company):
    browser("reader", acme).post(SAVE, OVERDUE | {"criteria": "after=100&next=http://bad.example&text=roy"})
    assert SavedSearch.objects.get().query == "text=roy"


@pytest.mark.parametrize(("shared", "seen"), [({}, False), ({"is_shared": "on"}, True)])
def test_colleagues_see_what_is_shared(browser, acme: Company, shared, seen):
    browser("manager", acme).post(SAVE, OVERDUE | shared)
    assert ("Grands comptes" in words(browser("reader", acme).get("/c/ACME/invoices/"))) is seen


def test_one_search_opens_the_list(browser, acme: Company):
    client = browser("reader", acme)
    client.post(SAVE, OVERDUE | {"is_default": "on"})
    client.post(SAVE, {"name": "All", "criteria": "state=all", "is_default": "on"})
    assert client.get("/c/ACME/invoices/")["Location"] == "/c/ACME/invoices/?state=all"
    assert client.get("/c/ACME/invoices/?state=open").status_code == 200
    assert browser("manager", acme).get("/c/ACME/invoices/").status_code == 200


def test_a_search_is_removed_by_its_user_alone(browser, acme: Company):
    client = browser("reader", acme)
    client.post(SAVE, OVERDUE | {"is_shared": "on"})
    address = f"{SAVE}{SavedSearch.objects.get().pk}/remove/"
    assert browser("administrator", acme).post(address).status_code == 404
    client.post(address)
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("wrong", [{"name": " "}, {"criteria": ""}, {"name": "x" * 81}])
def test_a_search_without_a_name_or_a_criterion_is_not_kept(browser, acme: Company, wrong):
    assert "A search needs a name" in words(browser("reader", acme).post(SAVE, OVERDUE | wrong, follow=True))
    assert not SavedSearch.objects.exists()
