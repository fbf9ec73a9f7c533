"""What does a list of payments of any length tell, payment by payment? Its rows wait in temporary tables until all were read.

A payment is known again by its source, customer, day and reference; without a reference by its amount, and how often that comes. Rows of
one payment may stand anywhere in the list.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection

from relance.models import bulk, tuples

TABLES = {
    "relance_paid": "line bigint PRIMARY KEY, customer_id bigint, customer varchar(80), date date, reference varchar(80), "
    "currency varchar(3), amount bigint, document varchar(500), known_by varchar(200)",
    "relance_received": "known_by varchar(200) PRIMARY KEY, line bigint, customer_id bigint, amount bigint, payment_id bigint, is_new bool",
}
PAID = ("line", "customer_id", "customer", "date", "reference", "currency", "amount", "document")


class Part(NamedTuple):
    """What a row says that a document is paid."""

    document: str
    amount: int


class Received(NamedTuple):
    """A payment of the list, its rows together; what is held of it is None until there is any."""

    known_by: str
    line: int  # the first
    customer_id: int
    customer: str
    on: dt.date
    reference: str
    currency: str
    amount: int
    payment_id: int | None
    is_new: bool
    held: int | None  # its amount there
    held_reference: str | None


class ReceivedPayments:
    """The payments of one list, in the tables of ``TABLES``."""

    def __init__(self, company_id: int, source_key: str) -> None:
        self._company_id, self._source_key = company_id, source_key

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Put rows there, in the order of ``PAID``."""
        bulk.fill_rows("relance_paid", PAID, rows)

    def gather(self) -> None:
        """Put the rows of each payment together, and find those that are held."""
        bulk.analyze("relance_paid")
        bulk.execute(_KNOWN_BY, [self._source_key])
        bulk.execute(_GATHERED)
        bulk.execute("CREATE INDEX relance_paid_of ON relance_paid (customer_id)")
        bulk.execute("CREATE INDEX relance_received_of ON relance_received (customer_id, line)")
        bulk.execute("CREATE INDEX relance_received_held ON relance_received (payment_id)")
        self._find(is_new=False)

    def new(self) -> Iterator[list[Received]]:
        """Payments that are not held, in the order of the list, some at a time."""
        return tuples.batches(_received("WHERE received.payment_id IS NULL ORDER BY received.line"))

    def find_new(self) -> None:
        """Find again those that were new and are written now."""
        self._find(is_new=True)

    def by_customer(self) -> Iterator[list[Received]]:
        """All payments, some customers at a time, none of them twice."""
        some: list[Received] = []
        for _, of_one in groupby(_received("ORDER BY received.customer_id, received.line"), attrgetter("customer_id")):
            some += of_one
            if len(some) >= tuples.BATCH:
                yield some
                some = []
        if some:
            yield some

    def parts(self, received: Sequence[Received]) -> dict[str, list[Part]]:
        """What of these payments, of whole customers, is for which document, in the order of the list."""
        found = defaultdict(list)
        for known_by, *part in tuples.rows_of(_PARTS, [received[0].customer_id, received[-1].customer_id]):
            found[known_by].append(Part(*part))
        return found

    def given_back(self, items: Sequence[int]) -> dict[int, int]:
        """By due item, what payments of the list have settled of it before."""
        among, parameter = tuples.among_sql(items)
        return {pk: int(total) for pk, total in tuples.rows_of(_GIVEN_BACK.format(among), [parameter])}

    def _find(self, *, is_new: bool) -> None:
        bulk.analyze("relance_received")
        bulk.execute(_FOUND, [is_new, self._company_id])


_KNOWN_BY = """
    UPDATE relance_paid SET known_by = told.known_by
    FROM (
        SELECT line, substr(
            %s || '|' || CAST(date AS text) || '|' || customer || '|' || CASE
                WHEN reference <> '' THEN reference
                ELSE CAST(amount AS text) || ' #' || CAST(
                    ROW_NUMBER() OVER (PARTITION BY customer_id, date, amount, reference ORDER BY line) AS text
                )
            END || '|' || currency, 1, 200
        ) AS known_by FROM relance_paid
    ) AS told WHERE told.line = relance_paid.line"""
_GATHERED = """
    INSERT INTO relance_received (known_by, line, customer_id, amount)
    SELECT told.known_by, told.line, first.customer_id, told.amount
    FROM (SELECT known_by, MIN(line) AS line, SUM(amount) AS amount FROM relance_paid GROUP BY known_by) AS told
    JOIN relance_paid AS first ON first.line = told.line"""
_FOUND = """
    UPDATE relance_received SET payment_id = held.id, is_new = %s
    FROM relance_payment AS held
    WHERE held.company_id = %s AND held.source_key = relance_received.known_by AND relance_received.payment_id IS NULL"""
_RECEIVED = """
    SELECT received.known_by, received.line, received.customer_id, first.customer, first.date, first.reference, first.currency,
        received.amount, received.payment_id, received.is_new, held.amount, held.reference
    FROM relance_received AS received JOIN relance_paid AS first ON first.line = received.line
    LEFT JOIN relance_payment AS held ON held.id = received.payment_id """
_PARTS = """
    SELECT part.known_by, part.document, part.amount
    FROM relance_received AS received
    JOIN relance_paid AS part ON part.customer_id = received.customer_id AND part.known_by = received.known_by
    WHERE received.customer_id BETWEEN %s AND %s AND part.document <> '' ORDER BY part.line"""
_GIVEN_BACK = """
    SELECT held.due_item_id, SUM(held.amount)
    FROM relance_allocation AS held JOIN relance_received AS received ON received.payment_id = held.payment_id
    WHERE held.due_item_id IN ({}) GROUP BY held.due_item_id"""


def _received(which: str) -> Iterator[Received]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_RECEIVED + which)
        while some := cursor.fetchmany(tuples.BATCH):
            yield from map(Received._make, some)
