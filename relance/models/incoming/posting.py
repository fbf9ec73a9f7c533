"""How do documents, payments and allocations come into the ledger? In bulk, and the amounts agree again before the transaction ends.

A ``Posting`` lives in one transaction of its caller: rows are added and changed in any number, then ``settle`` brings amounts, open
amounts and levels together. Identifiers of new rows come from ``bulk.reserve_ids``; every row is a tuple that begins with its own.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models import Model as AnyModel
from django.utils import timezone

from relance.core.facts import HIGHEST_LEVEL
from relance.models import bulk, tuples, webhooks
from relance.models.bulk import Row
from relance.models.company import Company
from relance.models.events import Fact
from relance.models.ledger import Allocation, Document, DueItem, Payment
from relance.models.parties import Customer


class DocumentRow(NamedTuple):
    """A document of a customer (then it is billed to one, perhaps another) or of a supplier; recipients and copies one a line."""

    id: int
    number: str
    date: dt.date
    currency: str
    type: str = "invoice"
    customer_id: int | None = None
    supplier_id: int | None = None
    billed_customer_id: int | None = None
    site_id: int | None = None
    label: str = ""
    payment_method_id: int | None = None
    manager_id: int | None = None
    recipients: str = ""
    copies: str = ""
    no_auto_dunning: bool = False
    no_manual_dunning: bool = False
    no_dunning_temporary: bool = False
    no_auto_dunning_until: dt.date | None = None
    no_manual_dunning_until: dt.date | None = None
    block_reason: str = ""
    block_comment: str = ""
    interest_rate: int | None = None
    einvoice_status: str = ""
    paid_elsewhere: bool = False
    payee_name: str = ""
    payee_iban: str = ""
    source_key: str = ""


class DueItemRow(NamedTuple):
    """An instalment; ``billed_customer_id`` is that of its document, amounts are minor units of its currency."""

    id: int
    document_id: int
    billed_customer_id: int | None
    no: int
    due_date: dt.date
    amount: int
    level: int = 0
    last_dunned_on: dt.date | None = None
    status_id: int | None = None
    comment: str = ""
    expected_on: dt.date | None = None
    promised_on: dt.date | None = None
    promised_amount: int | None = None
    promise_made_on: dt.date | None = None


class PaymentRow(NamedTuple):
    """Money of a customer or of a supplier, in minor units of its currency."""

    id: int
    reference: str
    date: dt.date
    amount: int
    currency: str
    kind: str = "payment"
    customer_id: int | None = None
    supplier_id: int | None = None
    source_key: str = ""


class AllocationRow(NamedTuple):
    """What a payment settles of a due item, in minor units of the currency of both; it has no key, and so no identifier here."""

    payment_id: int
    due_item_id: int
    date: dt.date
    amount: int


class Posting:
    """What one transaction writes into a company's ledger."""

    def __init__(self, company_id: int) -> None:
        self._company_id = company_id
        self._items: set[int] = set()  # whose amounts have to be brought together
        self._payments: set[int] = set()
        self._allocated: set[int] = set()  # payments whose allocations were written
        self._new_items: set[int] = set()
        self._watched: set[int] = set()  # documents that were open, where another system hears of those that are settled
        self._dunned: set[int] = set()  # due items that were stored open, with a level, before this posting touched them

    def add_documents(self, rows: Iterable[Row], columns: Sequence[str] = DocumentRow._fields) -> int:
        """Insert documents, rows of these columns; the columns left out hold what ``DocumentRow`` says. Return how many."""
        return self._insert(Document, columns, rows, unsaid(DocumentRow, columns))

    def change_documents(self, columns: Sequence[str], rows: Collection[Row]) -> int:
        """Set columns of documents, each row its identifier and then the values; their due items follow to another billed customer."""
        if not rows:
            return 0
        count = bulk.update(Document, columns, rows)
        if "billed_customer_id" in columns:
            billed = Document.objects.filter(pk=OuterRef("document_id")).values("billed_customer_id")
            items = DueItem.objects.filter(document__in=tuples.among([row[0] for row in rows]), billed_customer__isnull=False)
            items = items.exclude(billed_customer=F("document__billed_customer"))
            bulk.touching(DueItem, list(items.values_list("id", flat=True)))
            items.update(billed_customer_id=Subquery(billed))
        return count

    def add_due_items(self, rows: Iterable[DueItemRow]) -> int:
        """Insert due items, open to their full amount; return how many."""
        return self._add_due_items(list(rows), DueItemRow._fields, {})

    def change_due_items(self, columns: Sequence[str], rows: Collection[Row]) -> int:
        """Set columns of due items; a changed amount changes what is open."""
        ids = [row[0] for row in rows]
        self._watch(ids)
        return _change(DueItem, columns, rows, "open_amount")

    def add_payments(self, rows: Iterable[PaymentRow]) -> int:
        """Insert payments, nothing of them allocated yet; return how many."""
        return self._add_payments(rows, PaymentRow._fields, {})

    def change_payments(self, columns: Sequence[str], rows: Collection[Row]) -> int:
        """Set columns of payments; a changed amount changes what is left of it."""
        return _change(Payment, columns, rows, "remaining_amount")

    def add_allocated(
        self,
        items: tuple[Sequence[str], Sequence[Row]],
        payments: tuple[Sequence[str], Sequence[Row]],
        allocations: Collection[AllocationRow],
    ) -> None:
        """Insert due items, and payments with all their allocations: what is new comes with its final amounts, and is not written twice.

        Items and payments are given by their columns and rows; the columns left out hold what ``DueItemRow`` and ``PaymentRow`` say.
        """
        self._add_due_items(items[1], items[0], _sums(allocations, "due_item_id"))
        self._add_payments(payments[1], payments[0], _sums(allocations, "payment_id"))
        stored = {row[1] for row in allocations}.difference([row[0] for row in items[1]])
        self._watch(stored)
        self._items |= stored
        self._allocated.update(row[0] for row in allocations)
        self._insert(Allocation, AllocationRow._fields, allocations)

    def watch(self, items: Collection[int]) -> None:
        """Say that these due items are about to be changed by a statement not of this file, which leaves their amounts in agreement."""
        bulk.touching(DueItem, items)
        self._watch(items)

    def add_allocated_payments(self, rows: Sequence[PaymentRow]) -> None:
        """Insert payments that a statement which is not of this file then allocates, in full and on their day."""
        self._allocated.update(row.id for row in rows)
        names = (*PaymentRow._fields, "allocated_amount", "remaining_amount", "last_allocated_on")
        self._insert(Payment, names, ((*row, row.amount, 0, row.date) for row in rows))

    def replace_allocations(self, payments: Collection[int], rows: Collection[AllocationRow]) -> int:
        """Put these allocations in the place of all that the payments had."""
        if not payments:
            return 0
        stored = Allocation.objects.filter(payment__in=tuples.among(payments))
        touched = {row[1] for row in rows} | {item for (item,) in tuples.stream(stored.values_list("due_item_id"))}
        self._watch(touched)
        self._items |= touched
        self._payments.update(payments)
        self._allocated.update(payments)
        bulk.touching(Allocation, [pk for (pk,) in tuples.stream(stored.values_list("id"))])
        stored.delete()
        return self._insert(Allocation, AllocationRow._fields, rows)

    def settle(self) -> list[Fact]:
        """Bring the amounts of everything touched together; return what happened to customers, for the caller to record.

        A customer whose last open due item with a level was settled returns to level 0 (rules, section 7).
        """
        self.agree()
        return self._reset_levels()

    def agree(self) -> None:
        """Bring the amounts of everything touched so far together: a long list does so now and then, and need not keep it in mind."""
        _bring_together(DueItem, "due_item_id", "open_amount", self._items)
        _bring_together(Payment, "payment_id", "remaining_amount", self._payments)
        self._tell_settled()
        self._items, self._payments, self._watched = set(), set(), set()

    def follow_returned_debits(self) -> list[Fact]:
        """Give documents whose direct debit came back the company's fallback payment method; return the facts (rules, section 3)."""
        if not self._allocated:
            return []
        fallback = Company.objects.get(pk=self._company_id).fallback_payment_method
        if fallback is None or not fallback.dunnable:
            return []
        returned = Allocation.objects.filter(payment__in=tuples.among(self._allocated), payment__kind="return")
        self._allocated = set()
        documents = Document.objects.filter(
            pk__in=returned.values("due_item__document"), customer__isnull=False, payment_method__dunnable=False
        )
        found = list(documents.order_by("id").values_list("id", "billed_customer_id", "payment_method__code"))
        bulk.update(Document, ("payment_method_id",), [(row[0], fallback.pk) for row in found])
        return [
            Fact("payment_method_set", customer_id=customer, document_id=document, facts=_changed("payment_method", before, fallback.code))
            for document, customer, before in found
        ]

    def _add_due_items(self, rows: Sequence[Row], columns: Sequence[str], sums: "_Sums") -> int:
        self._new_items.update(row[0] for row in rows)
        names = (*columns, "allocated_amount", "open_amount", "last_allocated_on")
        return self._insert(DueItem, names, _with_sums(rows, columns, sums), unsaid(DueItemRow, columns))

    def _add_payments(self, rows: Iterable[Row], columns: Sequence[str], sums: "_Sums") -> int:
        names = (*columns, "allocated_amount", "remaining_amount", "last_allocated_on")
        return self._insert(Payment, names, _with_sums(rows, columns, sums), unsaid(PaymentRow, columns))

    def _insert(self, model: type[AnyModel], columns: Sequence[str], rows: Iterable[Row], same: dict[str, Any] | None = None) -> int:
        return bulk.insert(model, columns, rows, {"company_id": self._company_id} | (same or {}))

    def _watch(self, items: Iterable[int]) -> None:
        known = [item for item in items if item not in self._new_items]
        if not known:
            return
        stored = tuples.among(known)
        dunned = _with_level().filter(pk__in=stored).exclude(open_amount=0)
        self._dunned.update(item for (item,) in tuples.stream(dunned.values_list("id")))
        if self._is_heard:
            opened = DueItem.objects.filter(pk__in=stored).exclude(open_amount=0).order_by()
            self._watched.update(document for (document,) in tuples.stream(opened.values_list("document_id").distinct()))

    @cached_property
    def _is_heard(self) -> bool:
        """Whether another system hears of documents that are settled."""
        return any(one.hears("document.settled") for one in webhooks.listening(self._company_id))

    def _tell_settled(self) -> None:
        """Tell of the documents of which nothing is open any more."""
        if not self._watched:
            return
        still = DueItem.objects.filter(document=OuterRef("pk")).exclude(open_amount=0)
        settled = Document.objects.filter(pk__in=tuples.among(self._watched), type="invoice", customer__isnull=False).exclude(Exists(still))
        rows = settled.order_by("pk").values_list("pk", "billed_customer_id")
        told = (webhooks.Happening("document.settled", None, customer, document, {}) for document, customer in rows)
        webhooks.tell(self._company_id, told, timezone.now())

    def _reset_levels(self) -> list[Fact]:
        if not self._dunned:
            return []
        settled = DueItem.objects.filter(pk__in=tuples.among(self._dunned), open_amount=0)
        still = _with_level().filter(company=self._company_id, billed_customer=OuterRef("pk")).exclude(open_amount=0)
        customers = Customer.objects.filter(pk__in=settled.values("billed_customer"), level__range=(1, HIGHEST_LEVEL))
        found = list(customers.exclude(Exists(still)).order_by("id").values_list("id", "level"))
        bulk.update(Customer, ("level",), [(customer, 0) for customer, _ in found])
        return [Fact("customer_level_reset", customer_id=customer, facts=_changed("level", level, 0)) for customer, level in found]


_Sums = dict[int, tuple[int, dt.date]]  # what is allocated of a row, and when the last was


def _sums(allocations: Iterable[AllocationRow], owner: str) -> _Sums:
    owner_of = attrgetter(owner)
    sums: _Sums = {}
    for row in allocations:
        key: int = owner_of(row)
        known = sums.get(key)
        sums[key] = (row.amount, row.date) if known is None else (known[0] + row.amount, max(known[1], row.date))
    return sums


def _with_sums(rows: Iterable[Row], columns: Sequence[str], sums: _Sums) -> Iterator[Row]:
    """The rows, each with what is allocated of it, what is left, and when the last allocation was."""
    place, none = columns.index("amount"), (0, None)
    for row in rows:
        total, last = sums.get(row[0], none)
        yield (*row, total, row[place] - total, last)


def unsaid(row: type[NamedTuple], columns: Sequence[str]) -> dict[str, Any]:
    """What the columns that are left out hold."""
    return {column: value for column, value in row._field_defaults.items() if column not in columns}


def _with_level() -> Any:
    """Due items that dunning has raised; NA is no level, it keeps them out."""
    return DueItem.objects.filter(level__range=(1, HIGHEST_LEVEL))


def _changed(what: str, before: Any, after: Any) -> dict[str, Any]:
    return {"changed": [{"what": what, "before": before, "after": after}]}


def _change(model: type[AnyModel], columns: Sequence[str], rows: Collection[Row], left: str) -> int:
    if not rows:
        return 0
    if "amount" not in columns:
        return bulk.update(model, columns, rows)
    place = columns.index("amount") + 1
    stored = model._default_manager.filter(pk__in=tuples.among([row[0] for row in rows]))
    allocated: dict[int, int] = dict(tuples.stream(stored.values_list("id", "allocated_amount")))
    return bulk.update(model, (*columns, left), ((*row, row[place] - allocated[row[0]]) for row in rows))


def _bring_together(model: type[AnyModel], reference: str, left: str, ids: Collection[int]) -> None:
    """Recompute what is allocated, what is left and when the last allocation was, of these rows, from their allocations."""
    bulk.touching(model, ids)
    table, allocations = model._meta.db_table, Allocation._meta.db_table
    among, parameter = tuples.among_sql(ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {table} SET allocated_amount = sums.total, {left} = amount - sums.total, last_allocated_on = sums.last
            FROM (
                SELECT held.id, COALESCE(SUM(one.amount), 0) AS total, MAX(one.date) AS last
                FROM {table} AS held LEFT JOIN {allocations} AS one ON one.{reference} = held.id
                WHERE held.id IN ({among}) GROUP BY held.id
            ) AS sums
            WHERE {table}.id = sums.id
            """,  # noqa: S608  names of our own tables and columns
            [parameter],
        )
