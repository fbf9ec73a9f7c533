"""Is the calendar computed once for what stands, and anew when something happens?"""

from concurrent.futures import Future

import pytest
from django.utils.timezone import localdate

from relance.models import Company, Customer
from relance.steps.holding import hold
from relance.web import beside
from tests.web.conftest import queries
from tests.web.test_imports import words

CALENDAR = "/c/ACME/calendar/"


@pytest.fixture
def later(monkeypatch):
    """A ledger that is large, and threads that work when they are told to: how many things they had to compute."""
    waiting = []

    class Threads:
        def submit(self, compute, *given):
            waiting.append((Future(), compute, given))
            return waiting[-1][0]

    def work() -> int:
        done = len(waiting)
        for future, compute, given in waiting:
            future.set_result(compute(*given))
        waiting.clear()
        return done

    monkeypatch.setattr(beside, "is_short", lambda _company: False)
    monkeypatch.setattr(beside, "_threads", Threads())
    monkeypatch.setattr(beside, "_closing", lambda compute: compute())
    monkeypatch.setattr(beside, "_kept", type(beside._kept)())
    return work


def test_the_calendar_is_computed_once(browser, acme: Company):
    client = browser("reader", acme)
    assert queries(client, CALENDAR, before=False) > queries(client, CALENDAR, before=False)


def test_what_happens_since_shows(browser, acme: Company):
    client = browser("reader", acme)
    assert "Nothing will be sent" not in words(client.get(CALENDAR))
    hold(Customer.objects.get(code="C001"), since=localdate(), by="tests")
    assert "Nothing will be sent" in words(client.get(CALENDAR))


def test_a_large_calendar_shows_what_was_computed_last_while_it_is_computed_beside_the_page(browser, acme: Company, later):
    client = browser("reader", acme)
    client.get(CALENDAR)
    assert later() == 1
    hold(Customer.objects.get(code="C001"), since=localdate(), by="tests")
    seen = words(client.get(CALENDAR))
    assert "being computed anew" in seen
    assert "Nothing will be sent" not in seen
    later()
    assert "Nothing will be sent" in words(client.get(CALENDAR))


@pytest.mark.parametrize("address", ["/c/ACME/runs/today/", "/c/ACME/edition/?level=1&any_customer_level=on&as_of=2026-11-28"])
def test_what_decides_a_large_ledger_is_computed_once_beside_the_page(browser, acme: Company, later, address):
    client = browser("manager", acme)
    assert "The whole ledger is being looked through" in words(client.get(address))
    assert later() == 1
    assert "C001" in words(client.get(address))
    assert "C001" in words(client.get(address))
    assert later() == 0
    hold(Customer.objects.get(code="C001"), since=localdate(), by="tests")
    assert "The whole ledger is being looked through" in words(client.get(address))
