"""Is the calendar computed once for what stands, and anew when something happens?"""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from relance.models import Company, Customer
from relance.steps.foreseeing import foretell
from relance.steps.holding import hold
from relance.web.calendar import DAYS
from tests.web.test_imports import words

CALENDAR = "/c/ACME/calendar/"


def statements(client) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(CALENDAR)
    return len(asked)


def test_the_calendar_is_computed_once(browser, acme: Company):
    client = browser("reader", acme)
    assert statements(client) > statements(client)


def test_what_happens_since_shows(browser, acme: Company):
    client = browser("reader", acme)
    assert "Nothing will be sent" not in words(client.get(CALENDAR))
    hold(Customer.objects.get(code="C001"), since=localdate(), by="tests")
    assert "Nothing will be sent" in words(client.get(CALENDAR))


def test_a_large_calendar_shows_what_was_computed_last_while_it_is_computed_beside_the_page(browser, acme: Company, monkeypatch):
    client, beside = browser("reader", acme), []
    client.get(CALENDAR)
    hold(Customer.objects.get(code="C001"), since=localdate(), by="tests")
    monkeypatch.setattr("relance.web.calendar.is_quick", lambda _company: False)
    monkeypatch.setattr("relance.web.calendar._compute_beside", lambda *asked: beside.append(asked))
    seen = words(client.get(CALENDAR))
    assert "being computed anew" in seen
    assert "Nothing will be sent" not in seen
    foretell(*beside[0], DAYS)
    assert "Nothing will be sent" in words(client.get(CALENDAR))
