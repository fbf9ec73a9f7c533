"""Do tables that were without their indexes while many rows came have them again?"""

import pytest
from django.db import connection, transaction

from relance.models import Allocation, Document
from relance.models.indexes import indexed_afterwards

MANY = 2_000
pytestmark = pytest.mark.django_db


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        return {name for table in (Document, Allocation) for name in connection.introspection.get_constraints(cursor, table._meta.db_table)}


def test_indexes_are_back_when_the_rows_are_there_and_what_is_unique_never_left() -> None:
    before = indexes()
    with transaction.atomic(), indexed_afterwards((Document, Allocation), MANY):
        meanwhile = indexes()
    assert indexes() == before
    assert ("document_number" in meanwhile) == (connection.vendor == "postgresql")
    assert "document_customer_number_unique" in meanwhile


def test_indexes_are_back_when_it_failed() -> None:
    before = indexes()
    with pytest.raises(ZeroDivisionError), transaction.atomic(), indexed_afterwards((Document, Allocation), MANY):
        _ = 1 // 0
    assert indexes() == before


def test_few_rows_come_with_their_indexes() -> None:
    before = indexes()
    with transaction.atomic(), indexed_afterwards((Document, Allocation), MANY // 2):
        assert indexes() == before
