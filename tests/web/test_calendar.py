"""Is the calendar computed once for what stands, and anew when something happens?"""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from relance.models import Company, Customer
from relance.steps.holding import hold
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
