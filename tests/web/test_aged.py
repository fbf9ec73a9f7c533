"""Is the aged balance on its page what it is on the command line?"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.acceptance.world import World, day


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

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/c/ACME/aged/")
        return len(captured)

    queries()
    before = queries()
    for number in range(10, 30):
        world.invoice(f"FB-{number}", f"C{number}", due=day("2026-06-01", number))
    world.load()
    assert queries() == before
