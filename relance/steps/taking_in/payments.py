"""List of payments -> payments. A payment is allocated only to a document that its row names exactly; the rest is a payment on account.

A payment is known again by its source, customer, day and reference; without a reference by its amount, and how often that comes.
"""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from relance.core.names import collation_key
from relance.importers.listing import Listing, Row
from relance.importers.problems import Problem, extract
from relance.models import bulk, tuples
from relance.models.company import Company
from relance.models.events import Fact
from relance.models.freshness import note_brought_in
from relance.models.incoming.posting import AllocationRow, PaymentRow, Posting
from relance.models.ledger import Allocation, DueItem, Payment
from relance.models.parties import Customer
from relance.steps.taking_in.customers import codes_by_name
from relance.steps.taking_in.outcome import Difference, Outcome, TakenIn

_RETURNS = ("rejet", "impaye", "retour", "return", "chargeback", "annulation")
_LONGEST = 80


class _Part(NamedTuple):
    """What a row says that a document is paid."""

    line: int
    document: str
    amount: int


@dataclass
class _Received:
    """A payment of the list: its rows together."""

    line: int
    customer: str
    on: dt.date
    reference: str
    currency: str
    amount: int = 0
    parts: list[_Part] = field(default_factory=list)


class _Owed(NamedTuple):
    """A due item that may be paid."""

    id: int
    due_date: dt.date
    amount: int
    open: int
    currency: str


class _Stored(NamedTuple):
    """A payment as it is held."""

    id: int
    reference: str
    date: dt.date
    amount: int
    currency: str


def write(company: Company, listing: Listing, taken: TakenIn, key: str) -> list[Fact]:
    """Write what the list says was paid; problems go to the list. Return what happened to customers."""
    taken.counts = {"payments": Counter(), "allocations": Counter()}
    reading = _Reading(company, listing, key)
    for row in listing.rows():
        reading.read(row)
    if listing.problems:
        return []
    writing = _Writing(company, taken, reading.received)
    writing.write()
    note_brought_in(company.pk, documents=False, payments=True)
    return writing.settle()


class _Reading:
    """The payments of one list, by the key that they are known again by."""

    def __init__(self, company: Company, listing: Listing, key: str) -> None:
        self._listing, self._key = listing, key
        customers = list(tuples.stream(Customer.objects.filter(company=company).values_list("code", "name")))
        self._codes, self._by_name = {code for code, _ in customers}, codes_by_name(customers)
        self._owners = _owners(company) if "document" in listing.heads.places else {}
        self._alike: Counter[tuple[str, dt.date, int]] = Counter()
        self.received: dict[str, _Received] = {}

    def read(self, row: Row) -> None:
        """Take one row; rows of one payment are its parts."""
        said, before = row.said, self._listing.problems.count
        customer, amount, on = self._customer(row), self._amount(row), said.get("date")
        if on is None:
            self._fault(row, "date", "no date")
        reference = said.get("reference", "")
        if len(reference) > _LONGEST:
            self._fault(row, "reference", f"more than {_LONGEST} letters: {extract(reference)}")
        if self._listing.problems.count != before or not amount or on is None:
            return
        currency = said.get("currency", "").upper() or self._listing.currency
        known_by = f"{self._key}|{on}|{customer}|{reference or self._count(customer, on, amount)}|{currency}"[:200]
        found = self.received.setdefault(known_by, _Received(row.line, customer, on, reference, currency))
        found.amount += amount
        if document := said.get("document", ""):
            found.parts.append(_Part(row.line, document, amount))

    def _count(self, customer: str, on: dt.date, amount: int) -> str:
        self._alike[customer, on, amount] += 1
        return f"{amount} #{self._alike[customer, on, amount]}"

    def _customer(self, row: Row) -> str:
        """Who paid: his code, else his name, else whose document it is, where only one has that number."""
        said, name, document = (row.said.get(what, "") for what in ("customer", "name", "document"))
        if said:
            found = said if said in self._codes else ""
        else:
            found = self._by_name.get(collation_key(name), "") if name else self._owners.get(document, "")
        if not found:
            told = said or name
            self._fault(row, "customer" if said else "name", f"there is no customer {extract(told)}" if told else "no customer")
        return found

    def _amount(self, row: Row) -> int:
        """What came in, below zero where it went back; zero says nothing."""
        said = row.said
        amount: int = said["amount"] if said.get("amount") is not None else said.get("credit", 0) - said.get("debit", 0)
        kind = collation_key(said.get("type", ""))
        return -abs(amount) if kind.startswith(_RETURNS) else amount

    def _fault(self, row: Row, what: str, message: str) -> None:
        self._listing.problems.add(row.line, self._listing.title(what) if what in self._listing.heads.places else "", message)


class _Writing:
    """Compares what was received with what is held, and writes it."""

    def __init__(self, company: Company, taken: TakenIn, received: dict[str, _Received]) -> None:
        self._company, self._taken, self._received = company, taken, received
        self._posting = Posting(company.pk)
        self._ids = dict(tuples.stream(Customer.objects.filter(company=company).values_list("code", "id")))
        self._stored = self._held()
        self._owed = _owed(company, {part.document for one in received.values() for part in one.parts})
        self._left = {item.id: item.open for items in self._owed.values() for item in items}
        self._unnamed: Counter[str] = Counter()

    def write(self) -> None:
        """Add the payments that are new, change those that differ, allocate what is named."""
        self._give_back()
        fresh = [key for key in self._received if key not in self._stored]
        taken = set(Payment.objects.filter(company=self._company).values_list("reference", flat=True)) if fresh else set()
        ids = dict(zip(fresh, bulk.reserve_ids(Payment, len(fresh)), strict=True))
        rows, changed, allocated, allocations = [], [], [], []
        for key, one in self._received.items():
            stored = self._stored.get(key)
            pk = stored.id if stored else ids[key]
            parts = self._allocate(pk, one)
            if stored is None:
                reference = _unused(one, taken)
                kind = "payment" if one.amount > 0 else "return"
                rows.append(PaymentRow(pk, reference, one.on, one.amount, one.currency, kind, self._ids[one.customer], source_key=key))
                self._taken.note("payments", Outcome(one.line, "new", one.customer, reference, ()))
            elif self._differs(stored, one, parts):
                changed.append((pk, one.amount))
            else:
                continue
            allocated.append(pk)
            allocations += parts
        self._posting.add_payments(rows)
        self._posting.change_payments(("amount",), changed)
        self._posting.replace_allocations(allocated, allocations)
        self._taken.counts["allocations"]["created"] += len(allocations)
        self._taken.remarks += [Problem(0, "", f"{what}: {count} times") for what, count in self._unnamed.items()]

    def settle(self) -> list[Fact]:
        """Bring the amounts together."""
        return [*self._posting.settle(), *self._posting.follow_returned_debits()]

    def _held(self) -> dict[str, _Stored]:
        columns = ("source_key", *_Stored._fields)
        stored = Payment.objects.filter(company=self._company, source_key__in=tuples.among(list(self._received), str))
        return {key: _Stored(*row) for key, *row in tuples.stream(stored.order_by().values_list(*columns))}

    def _give_back(self) -> None:
        """What these payments settled before is open to them again, unless a person has allocated more of them since."""
        held = Allocation.objects.filter(payment__in=tuples.among([one.id for one in self._stored.values()])).order_by("id")
        self._before: dict[int, list[AllocationRow]] = defaultdict(list)
        for row in map(AllocationRow._make, tuples.stream(held.values_list(*AllocationRow._fields))):
            self._before[row.payment_id].append(row)
            if row.due_item_id in self._left:
                self._left[row.due_item_id] += row.amount

    def _differs(self, stored: _Stored, one: _Received, parts: list[AllocationRow]) -> bool:
        """Whether the list says otherwise. What was allocated stays as it is, by whomever, while the amount is the same."""
        differences, before = [], self._before[stored.id]
        if stored.amount != one.amount:
            differences.append(Difference("amount", str(stored.amount), str(one.amount)))
        if (parts and not before) or (differences and before):
            differences.append(Difference("allocations", str(len(before)), str(len(parts))))
        self._taken.note("payments", Outcome(one.line, "changed", one.customer, stored.reference, tuple(differences)))
        return bool(differences)

    def _allocate(self, pk: int, one: _Received) -> list[AllocationRow]:
        """What the rows name exactly, oldest due item first, as far as it is open."""
        found: Counter[int] = Counter()
        for part in one.parts:
            items = [item for item in self._owed.get((one.customer, part.document), ()) if item.currency == one.currency]
            if not items:
                self._unnamed[f"{one.customer} has no document {extract(part.document)}: what was paid stays on account"] += 1
            left = part.amount
            for item in items if left > 0 else reversed(items):
                free = self._left[item.id] if left > 0 else self._left[item.id] - item.amount
                some = min(left, max(free, 0)) if left > 0 else max(left, min(free, 0))
                self._left[item.id] -= some
                found[item.id] += some
                left -= some
        return [AllocationRow(pk, item, one.on, amount) for item, amount in found.items() if amount]


def _owed(company: Company, numbers: set[str]) -> dict[tuple[str, str], list[_Owed]]:
    """The due items of the invoices named, by customer and number, oldest first."""
    items = DueItem.objects.filter(company=company, document__number__in=tuples.among(list(numbers), str), amount__gt=0)
    columns = ("document__customer__code", "document__number", "id", "due_date", "amount", "open_amount", "document__currency")
    found: dict[tuple[str, str], list[_Owed]] = defaultdict(list)
    for code, number, *item in tuples.stream(
        items.filter(document__customer__isnull=False).order_by("due_date", "id").values_list(*columns)
    ):
        found[code, number].append(_Owed(*item))
    return found


def _owners(company: Company) -> dict[str, str]:
    """Whose document has a number, where only one has it."""
    items = DueItem.objects.filter(company=company, no=1, document__customer__isnull=False).order_by()
    found: dict[str, str] = {}
    twice = set()
    for number, code in tuples.stream(items.values_list("document__number", "document__customer__code")):
        if found.setdefault(number, code) != code:
            twice.add(number)
    return {number: code for number, code in found.items() if number not in twice}


def _unused(one: _Received, taken: set[str]) -> str:
    """A reference that no other payment has: that of the list, else with the customer before it, else with a number behind."""
    said: Any = one.reference or f"{one.on} {one.customer}"
    found = said if said not in taken or not one.reference else f"{one.customer} {said}"[: _LONGEST - 8]
    base, number = found, 1
    while found in taken:
        number += 1
        found = f"{base} ({number})"
    taken.add(found)
    return str(found)[:_LONGEST]
