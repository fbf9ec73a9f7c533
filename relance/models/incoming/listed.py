"""How is a list of any length compared with the ledger? Beside it, in temporary tables of the same database, never in memory.

The lines of the list are put there as they are read, and summed up to one row for each due item. The database itself tells what is plainly
new (nothing is held of the document) and what becomes of an item that is plainly known again; ``core.snapshot`` decides the rest, a
document at a time. Then a few statements write into the ledger whatever came of all of them. All of it happens in one transaction of the
caller, who keeps other writers out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from relance.core.snapshot import Held, Listed, Outcome, compare
from relance.models import bulk, tuples
from relance.models.bulk import Row
from relance.models.incoming.posting import DocumentRow, DueItemRow, PaymentRow, Posting, unsaid
from relance.models.ledger import Allocation, Document, DueItem

_LINE = "customer_id bigint, number varchar(80), currency varchar(3), due_date date, open bigint, listed_amount bigint"
TABLES = {
    "relance_listed": f"line bigint PRIMARY KEY, {_LINE}, type varchar(20), date date, label varchar(200), payment_method_id bigint",
    "relance_held": "id bigint PRIMARY KEY, customer_id bigint, number varchar(80), currency varchar(3), due_date date, open bigint, "
    "amount bigint, ours bool",
    # ``kind`` is null until it is decided; ``no`` counts the new items of a document
    "relance_outcome": f"kind varchar(10), line bigint, {_LINE}, document_id bigint, no integer, amount bigint, settled bigint, "
    "held_id bigint, held_due_date date, held_open bigint, held_amount bigint",
    "relance_settling": "payment_id bigint, customer_id bigint, currency varchar(3)",
}
LINE = ("line", "customer_id", "number", "currency", "due_date", "open", "listed_amount", "type", "date", "label", "payment_method_id")
_OUTCOME = (
    *("kind", "line", "customer_id", "number", "currency", "due_date", "open", "listed_amount", "document_id", "no"),
    *("amount", "settled", "held_id", "held_due_date", "held_open", "held_amount"),
)


class Sums(NamedTuple):
    """What a list changes in one currency: what is new and open, and what was paid of what was held."""

    currency: str
    new: int
    settled: int


class ListedItems:
    """The lines of one list, in the tables of ``TABLES``: added, compared, told of, written."""

    def __init__(self, company_id: int, source_key: str, as_of: date) -> None:
        self._company_id, self._source_key = company_id, source_key
        self._as_of = connection.ops.adapt_datefield_value(as_of)
        self.kinds: Counter[str] = Counter()  # how many items are new, changed, the same, gone, kept; known once they were compared

    def add(self, columns: Sequence[Sequence[Any]]) -> None:
        """Put lines there, column by column, in the order of ``LINE``."""
        bulk.fill("relance_listed", LINE, columns)

    def in_two_currencies(self) -> list[tuple[int, str]]:
        """Line and number of each document of which the list tells in two currencies: a document has one."""
        return tuples.rows_of(
            "SELECT MAX(line), number FROM relance_listed GROUP BY customer_id, number HAVING MIN(currency) <> MAX(currency) ORDER BY 1"
        )

    def compare(self, *, whole: bool) -> None:
        """Decide what becomes of every item of the list, and of what is held besides. ``whole``: the list holds all that is open."""
        bulk.analyze("relance_listed")
        bulk.execute(_SUMMED_UP)
        bulk.analyze("relance_outcome")
        bulk.execute(_NUMBERED)
        self._gather_held(whole=whole)
        bulk.execute(_PLAINLY_KNOWN)
        bulk.fill_rows("relance_outcome", _OUTCOME, self._decided(whole=whole))
        bulk.execute("DELETE FROM relance_outcome WHERE kind IS NULL")
        bulk.analyze("relance_outcome")
        self.kinds.update(dict(tuples.rows_of("SELECT kind, COUNT(*) FROM relance_outcome GROUP BY kind")))

    def _gather_held(self, *, whole: bool) -> None:
        """What is held of the documents named; where the list is whole, also what is open of those that lists of this source have named."""
        bulk.execute(_HELD_OF_THOSE_NAMED, [self._source_key])
        if whole:
            bulk.execute(_HELD_BESIDES, [self._company_id, self._source_key])
        bulk.execute("CREATE INDEX relance_held_item ON relance_held (customer_id, number, due_date)")
        bulk.analyze("relance_held")

    def _decided(self, *, whole: bool) -> Iterator[Row]:
        """The outcomes of all documents of which not everything is plain."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(_UNDECIDED)
            rows = (row for some in iter(lambda: cursor.fetchmany(tuples.BATCH), []) for row in some)
            for (customer, number), sides in groupby(rows, itemgetter(0, 1)):
                yield from _decided(customer, number, list(sides), whole=whole)

    def outcomes(self, most: int) -> list[tuple[str, Outcome]]:
        """The first that are not the same, each with its customer's code: in the order of the list, what is gone from it last."""
        return [(row[0], _outcome(*row[1:])) for row in tuples.rows_of(_TOLD, [most])]

    def sums(self) -> list[Sums]:
        """By currency."""
        return [Sums(currency, int(new), int(settled)) for currency, new, settled in tuples.rows_of(_SUMS)]

    def book(self, posting: Posting) -> None:
        """Write new documents and due items, and what has changed of those that are held."""
        same = {"company_id": self._company_id, "source_key": self._source_key}
        columns = ("number", "date", "currency", "type", "customer_id", "billed_customer_id", "label", "payment_method_id")
        bulk.insert_selected(Document, columns, _NEW_DOCUMENTS, unsaid(DocumentRow, columns) | same)
        columns = ("document_id", "billed_customer_id", "no", "due_date", "amount", "allocated_amount", "open_amount", "last_allocated_on")
        same = unsaid(DueItemRow, columns) | {"company_id": self._company_id}
        bulk.insert_selected(DueItem, columns, _NEW_DUE_ITEMS, same, [self._as_of])
        bulk.insert_selected(DueItem, columns, _DUE_ITEMS_MORE, same, [self._as_of])
        with connection.chunked_cursor() as cursor:
            cursor.execute("SELECT held_id FROM relance_outcome WHERE kind IN ('changed', 'gone') ORDER BY held_id")
            while some := cursor.fetchmany(tuples.BATCH):
                posting.watch([pk for (pk,) in some])
        bulk.execute(_CHANGED_DUE_ITEMS, [self._as_of, self._as_of])

    def settled(self) -> Iterator[tuple[int, str, str, int]]:
        """Identifier and code of each customer who has paid something, with the currency and how much."""
        yield from tuples.rows_of(_SETTLED)

    def settle(self, posting: Posting, payments: Sequence[PaymentRow], mark: int) -> None:
        """Write a payment for each that ``settled`` told of, and allocate them; due items above the mark are those just booked."""
        posting.add_allocated_payments(payments)
        bulk.fill_rows(
            "relance_settling", ("payment_id", "customer_id", "currency"), ((row.id, row.customer_id, row.currency) for row in payments)
        )
        bulk.analyze("relance_settling")
        columns, same = ("payment_id", "due_item_id", "date", "amount"), {"company_id": self._company_id}
        bulk.insert_selected(Allocation, columns, _ALLOCATIONS, same, [self._as_of])
        bulk.insert_selected(Allocation, columns, _ALLOCATIONS_OF_NEW, same, [self._as_of, mark])


# -- the statements


_OF_DOCUMENT = "document.customer_id = listed.customer_id AND document.number = listed.number"


def _amount(listed: str, left: str, held: str) -> str:
    """What compare() of core/snapshot takes for the amount of an item that is held: what the list says, else what it implies."""
    return f"COALESCE({listed}, CASE WHEN ({left} > 0) = ({left} > {held}.amount) THEN {left} ELSE {held}.amount END)"


# The document is held, or else all of its items are new. Of most documents the one item that is held is the one that is listed, unchanged:
# nothing else is asked of those.
_SUMMED_UP = f"""
    INSERT INTO relance_outcome
        (kind, line, customer_id, number, currency, due_date, open, listed_amount, document_id, no, amount, settled, held_id)
    SELECT CASE WHEN document.id IS NULL THEN 'new' WHEN item.id IS NOT NULL THEN 'same' END,
        listed.line, listed.customer_id, listed.number, listed.currency, listed.due_date, listed.open, listed.amount, document.id, 1,
        COALESCE(listed.amount, listed.open), COALESCE(listed.amount, listed.open) - listed.open, item.id
    FROM (
        SELECT MIN(line) AS line, customer_id, number, MIN(currency) AS currency, due_date, SUM(open) AS open,
            SUM(listed_amount) AS amount
        FROM relance_listed GROUP BY customer_id, number, due_date
    ) AS listed LEFT JOIN relance_document AS document ON {_OF_DOCUMENT}
    LEFT JOIN relance_dueitem AS item ON item.document_id = document.id AND item.no = 1 AND item.due_date = listed.due_date
        AND item.open_amount = listed.open AND {_amount("listed.amount", "listed.open", "item")} = item.amount
        AND document.currency = listed.currency
        AND NOT EXISTS (SELECT 1 FROM relance_dueitem AS other WHERE other.document_id = item.document_id AND other.id <> item.id)"""  # noqa: S608  our own words, as below
_NUMBERED = """
    UPDATE relance_outcome SET no = numbered.no
    FROM (
        SELECT new.line, ROW_NUMBER() OVER (PARTITION BY new.customer_id, new.number ORDER BY new.due_date) AS no
        FROM (
            SELECT customer_id, number FROM relance_outcome WHERE kind = 'new' GROUP BY customer_id, number HAVING COUNT(*) > 1
        ) AS several
        JOIN relance_outcome AS new ON new.customer_id = several.customer_id AND new.number = several.number
    ) AS numbered
    WHERE relance_outcome.line = numbered.line"""
_HELD = """
    INSERT INTO relance_held (id, customer_id, number, currency, due_date, open, amount, ours)
    SELECT item.id, document.customer_id, document.number, document.currency, item.due_date, item.open_amount, item.amount, """
_HELD_OF_THOSE_NAMED = f"""{_HELD} document.source_key = %s
    FROM (SELECT DISTINCT document_id FROM relance_outcome WHERE document_id IS NOT NULL AND kind IS NULL) AS named
    JOIN relance_document AS document ON document.id = named.document_id
    JOIN relance_dueitem AS item ON item.document_id = document.id"""  # noqa: S608
_HELD_BESIDES = f"""{_HELD} true
    FROM relance_dueitem AS item JOIN relance_document AS document ON document.id = item.document_id
    LEFT JOIN relance_outcome AS named ON named.document_id = document.id
    WHERE item.company_id = %s AND item.open_amount <> 0 AND document.source_key = %s AND document.customer_id IS NOT NULL
        AND named.document_id IS NULL"""
# What becomes of an item that is known again by its due date, where there is no doubt which one is meant.
_AMOUNT = _amount("relance_outcome.listed_amount", "relance_outcome.open", "held")
_PLAINLY_KNOWN = f"""
    UPDATE relance_outcome SET
        kind = CASE
            WHEN {_AMOUNT} = held.amount AND relance_outcome.open = held.open THEN 'same' WHEN held.ours THEN 'changed' ELSE 'kept'
        END,
        amount = CASE WHEN held.ours THEN {_AMOUNT} ELSE 0 END,
        settled = CASE WHEN held.ours THEN {_AMOUNT} - relance_outcome.open - held.amount + held.open ELSE 0 END,
        held_id = held.id, held_due_date = held.due_date, held_open = held.open, held_amount = held.amount
    FROM relance_held AS held
    WHERE kind IS NULL AND held.customer_id = relance_outcome.customer_id AND held.number = relance_outcome.number
        AND held.due_date = relance_outcome.due_date AND held.currency = relance_outcome.currency
        AND NOT EXISTS (
            SELECT 1 FROM relance_held AS other WHERE other.customer_id = held.customer_id AND other.number = held.number
                AND other.due_date = held.due_date AND other.id <> held.id
        )"""  # noqa: S608
_UNDECIDED = """
    SELECT customer_id, number, due_date, open, listed_amount AS amount, currency, document_id, line, NULL AS held_id, false AS ours
    FROM relance_outcome WHERE kind IS NULL
    UNION ALL
    SELECT held.customer_id, held.number, held.due_date, held.open, held.amount, held.currency, NULL, NULL, held.id, held.ours
    FROM relance_held AS held LEFT JOIN relance_outcome AS known ON known.held_id = held.id WHERE known.held_id IS NULL
    ORDER BY 1, 2, 3, 8, 9"""
_TOLD = """
    SELECT customer.code, told.kind, told.number, told.currency, told.due_date, told.open, told.listed_amount, told.amount, told.settled,
        told.held_id, told.held_due_date, told.held_open, told.held_amount
    FROM relance_outcome AS told JOIN relance_customer AS customer ON customer.id = told.customer_id
    WHERE told.kind <> 'same'
    ORDER BY CASE WHEN told.line IS NULL THEN 1 ELSE 0 END, told.line, customer.code, told.number, told.held_due_date LIMIT %s"""
_SUMS = """
    SELECT currency, SUM(CASE WHEN kind = 'new' THEN open ELSE 0 END), SUM(CASE WHEN kind = 'new' THEN 0 ELSE settled END)
    FROM relance_outcome WHERE kind <> 'same' GROUP BY currency ORDER BY currency"""
_NEW_DOCUMENTS = """
    SELECT listed.number, listed.date, listed.currency, listed.type, listed.customer_id, listed.customer_id, listed.label,
        listed.payment_method_id
    FROM relance_outcome AS new JOIN relance_listed AS listed ON listed.line = new.line
    WHERE new.kind = 'new' AND new.document_id IS NULL AND new.no = 1"""
_OPEN = "new.due_date, new.amount, new.settled, new.amount - new.settled, CASE WHEN new.settled <> 0 THEN %s END"
_NEW_DUE_ITEMS = f"""
    SELECT document.id, document.billed_customer_id, new.no, {_OPEN}
    FROM relance_outcome AS new
    JOIN relance_document AS document ON document.customer_id = new.customer_id AND document.number = new.number
    WHERE new.kind = 'new' AND new.document_id IS NULL"""  # noqa: S608
_DUE_ITEMS_MORE = f"""
    SELECT document.id, document.billed_customer_id, COALESCE(last.no, 0) + new.no, {_OPEN}
    FROM relance_outcome AS new JOIN relance_document AS document ON document.id = new.document_id
    LEFT JOIN (
        SELECT document_id, MAX(no) AS no FROM relance_dueitem
        WHERE document_id IN (SELECT document_id FROM relance_outcome WHERE kind = 'new' AND document_id IS NOT NULL) GROUP BY document_id
    ) AS last ON last.document_id = document.id
    WHERE new.kind = 'new' AND new.document_id IS NOT NULL"""  # noqa: S608
_CHANGED_DUE_ITEMS = """
    UPDATE relance_dueitem SET
        due_date = COALESCE(told.due_date, relance_dueitem.due_date), amount = told.amount,
        allocated_amount = relance_dueitem.allocated_amount + told.settled,
        open_amount = told.amount - relance_dueitem.allocated_amount - told.settled,
        last_allocated_on = CASE
            WHEN told.settled = 0 OR relance_dueitem.last_allocated_on > %s THEN relance_dueitem.last_allocated_on ELSE %s
        END
    FROM relance_outcome AS told WHERE told.kind IN ('changed', 'gone') AND relance_dueitem.id = told.held_id"""
_SETTLED = """
    SELECT told.customer_id, customer.code, told.currency, told.total
    FROM (
        SELECT customer_id, currency, SUM(settled) AS total FROM relance_outcome
        WHERE kind <> 'same' AND settled <> 0 GROUP BY customer_id, currency
    ) AS told JOIN relance_customer AS customer ON customer.id = told.customer_id ORDER BY told.customer_id, told.currency"""
_BY_PAYMENT = "JOIN relance_settling AS payment ON payment.customer_id = told.customer_id AND payment.currency = told.currency"
_ALLOCATIONS = f"""
    SELECT payment.payment_id, told.held_id, %s, told.settled FROM relance_outcome AS told {_BY_PAYMENT}
    WHERE told.kind IN ('changed', 'gone') AND told.settled <> 0 ORDER BY payment.payment_id, told.held_id"""  # noqa: S608
_ALLOCATIONS_OF_NEW = f"""
    SELECT payment.payment_id, item.id, %s, told.settled FROM relance_outcome AS told {_BY_PAYMENT}
    JOIN relance_document AS document ON document.customer_id = told.customer_id AND document.number = told.number
    JOIN relance_dueitem AS item ON item.document_id = document.id AND item.due_date = told.due_date
    WHERE told.kind = 'new' AND told.settled <> 0 AND item.id > %s ORDER BY payment.payment_id, item.id"""  # noqa: S608


def _decided(customer: int, number: str, sides: Iterable[Any], *, whole: bool) -> Iterator[Row]:
    """The outcomes of one document, as rows of ``_OUTCOME``; its sides are what is listed and what is held of it."""
    lines: dict[date, int] = {}
    listed, held, document, no = [], [], None, 0
    for _, _, day, left, amount, currency, document_id, line, held_id, ours in sides:
        on = tuples.day(day)
        if held_id is None:
            listed.append(Listed(number, on, left, amount, currency))
            lines[on], document = line, document_id
        else:
            held.append(Held(held_id, number, on, left, amount, currency, bool(ours)))
    for kind, said, known, amount, settled in compare(listed, held, whole=whole):
        no += kind == "new"
        currency = said.currency if said else known.currency if known else ""
        now = (said.due_date, said.open, said.amount) if said else (None,) * 3
        before = (known.id, known.due_date, known.open, known.amount) if known else (None,) * 4
        line = lines[said.due_date] if said else None
        yield kind, line, customer, number, currency, *now, document, no, amount, settled, *before


def _outcome(kind: Any, number: str, currency: str, due_date: date | None, *figures: Any) -> Outcome:
    left, told, amount, settled, held_id, held_due_date, held_open, held_amount = figures
    listed = Listed(number, due_date, left, told, currency) if due_date else None
    held = Held(held_id, number, held_due_date, held_open, held_amount, currency) if held_id else None
    return Outcome(kind, listed, held, amount, settled)
