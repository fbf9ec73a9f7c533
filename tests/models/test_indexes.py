"""Does SQLite know the condition of a partial index again in the query that the index is there for?

It compares the conditions word for word: with a list of values handed over apart it does not, and reads the table from end to end.
"""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.db.models import QuerySet

from relance.models import BankEntry, Company, Document, DueItem
from relance.models.bank import SET_ASIDE
from relance.models.lists.agenda import letters_to_print, to_see_to
from relance.models.reports import to_deal_with

TODAY = date(2026, 7, 31)
QUERIES: dict[str, Callable[[Company], QuerySet]] = {
    "notice_to_look_at": lambda company: to_see_to(company, TODAY).filter(status="unsure"),
    "notice_queued": letters_to_print,
    "bankentry_waiting": lambda company: BankEntry.objects.filter(company=company, state="waiting"),
    "bankentry_set_aside": lambda company: BankEntry.objects.filter(SET_ASIDE, company=company),
    "mailreport_to_do": to_deal_with,
    "document_blocked_temporarily": lambda company: Document.objects.filter(company=company, no_dunning_temporary=True),
    "document_paid_elsewhere": lambda company: Document.objects.filter(company=company, paid_elsewhere=True),
    "dueitem_open": lambda company: DueItem.objects.filter(company=company, billed_customer=1).exclude(open_amount=0),
    "dueitem_due": lambda company: DueItem.objects.filter(company=company, due_date__lt=TODAY).exclude(open_amount=0),
    "dueitem_last_allocated": lambda company: DueItem.objects.filter(company=company, last_allocated_on__gt=TODAY),
    "dueitem_promised": lambda company: DueItem.objects.filter(company=company, promised_on__isnull=False, promised_on__lte=TODAY),
}


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL proves what follows from what, and chooses by its statistics")
@pytest.mark.parametrize("name", QUERIES)
def test_an_index_of_some_rows_is_taken_by_the_query_it_is_there_for(name):
    company = Company.objects.create(code="ACME", name="Acme", currency="EUR")
    assert name in QUERIES[name](company).explain()
