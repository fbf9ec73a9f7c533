"""Are rows that are written many at a time written as they are, or not at all?"""

from collections.abc import Iterable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from relance.models import Company, Customer, Document, bulk
from relance.models.backlog import MANY, backlog, go_on
from relance.models.incoming.posting import DocumentRow, Posting

ON = date(2026, 7, 31)
ODD = ["a tab\tand a \\ and \\N", "two\nlines\r", "“é” \N{NO-BREAK SPACE}€", "", "%s"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> Customer:
    company = Company.objects.create(code="ACME", name="Acme", currency="EUR")
    return Customer.objects.create(company=company, code="C1", name="Dupont")


def invoice(pk: int, customer: int, label: str = "") -> DocumentRow:
    return DocumentRow(pk, f"FA-{pk}", ON, "EUR", customer_id=customer, billed_customer_id=customer, label=label)


def test_texts_come_back_as_they_were(customer: Customer) -> None:
    posting, ids = Posting(customer.company_id), bulk.reserve_ids(Document, len(ODD))
    posting.add_documents([invoice(pk, customer.pk, label) for pk, label in zip(ids, ODD, strict=True)])
    assert list(Document.objects.order_by("pk").values_list("label", flat=True)) == ODD


def test_what_waits_is_there_for_the_next_statement(customer: Customer) -> None:
    posting = Posting(customer.company_id)
    with transaction.atomic(), backlog():
        for _ in range(3):
            posting.add_documents([invoice(pk, customer.pk) for pk in bulk.reserve_ids(Document, MANY)])
            go_on()
        assert Document.objects.filter(customer=customer, date=ON).count() == 3 * MANY


def test_one_row_that_may_not_be_keeps_out_all_that_waits(customer: Customer) -> None:
    first, second, third = (invoice(pk, customer.pk) for pk in bulk.reserve_ids(Document, 3))
    with pytest.raises(IntegrityError):
        store_by_and_by([first, second._replace(customer_id=None), third], customer)
    assert not Document.objects.exists()


def test_a_parent_that_is_missing_is_told_where_rows_wait(customer: Customer) -> None:
    [pk] = bulk.reserve_ids(Document, 1)
    with pytest.raises(IntegrityError):
        store_by_and_by([invoice(pk, customer.pk + 1)], customer)
    assert not Document.objects.exists()


def test_what_waits_is_forgotten_where_something_else_fails(customer: Customer) -> None:
    ids = bulk.reserve_ids(Document, 2)
    with pytest.raises(ZeroDivisionError):
        store_by_and_by((invoice(pk + 0 // (ids[1] - pk), customer.pk) for pk in ids), customer)
    assert not Document.objects.exists()


def store_by_and_by(rows: Iterable[DocumentRow], customer: Customer) -> None:
    """Insert each by itself, and let it wait."""
    with transaction.atomic():
        with backlog():
            for row in rows:
                Posting(customer.company_id).add_documents([row])
        connection.check_constraints()
