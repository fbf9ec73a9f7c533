"""List of payments -> payments. A payment is allocated only to a document that its row names exactly; the rest is a payment on account.

First all rows are read; then new payments are written in the order of the list, and what it names is allocated, some customers at a time.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Count

from relance.core import money
from relance.core.names import collation_key
from relance.importers.listing import Listing, Row
from relance.importers.problems import extract
from relance.models import bulk, tuples
from relance.models.company import Company
from relance.models.events import Fact
from relance.models.freshness import note_brought_in
from relance.models.incoming.named import Customers
from relance.models.incoming.posting import AllocationRow, PaymentRow, Posting
from relance.models.incoming.received import TABLES, Part, Received, ReceivedPayments
from relance.models.ledger import Allocation, DueItem, Payment
from relance.steps.taking_in.outcome import Difference, Outcome, TakenIn

_RETURNS = ("rejet", "impaye", "retour", "return", "chargeback", "annulation")
_LONGEST = 80
_ROOM = 8  # letters for the number behind a reference that another payment has


class _Owed(NamedTuple):
    """A due item that may be paid."""

    id: int
    due_date: dt.date
    amount: int
    open: int
    currency: str


def write(company: Company, listing: Listing, taken: TakenIn, key: str) -> list[Fact]:
    """Write what the list says was paid; problems go to the list. Return what happened to customers."""
    taken.counts = {"payments": Counter(), "allocations": Counter()}
    with bulk.temporary(TABLES):
        received = ReceivedPayments(company.pk, key)
        reading = _Reading(company, listing)
        for rows in tuples.batches(listing.rows()):
            received.add(reading.read(rows))
        if listing.problems:
            return []
        received.gather()
        facts = _Writing(company, taken, received).write()
    note_brought_in(company.pk, documents=False, payments=True)
    return facts


class _Reading:
    """The rows of one list, as the tables have them."""

    def __init__(self, company: Company, listing: Listing) -> None:
        self._company, self._listing, self._customers = company, listing, Customers(company.pk)

    def read(self, rows: list[Row]) -> list[tuple[Any, ...]]:
        """What the rows say, without those of which something is wrong, or that say nothing."""
        return [told for row, who in zip(rows, self._payers(rows), strict=True) if (told := self._told(row, who))]

    def _payers(self, rows: list[Row]) -> list[tuple[int, str] | None]:
        """Who paid: his code, else his name, else whose document it is, where only one has that number."""
        said = [dict(row.said) for row in rows]
        unnamed = [one for one in said if not one.get("customer") and not one.get("name") and one.get("document")]
        owners = _owners(self._company, {one["document"] for one in unnamed}) if unnamed else {}
        for one in unnamed:
            one["customer"] = owners.get(one["document"], "")
        return self._customers.named(said)

    def _told(self, row: Row, who: tuple[int, str] | None) -> tuple[Any, ...] | None:
        said, amount, on, before = row.said, _amount(row), row.said.get("date"), self._listing.problems.count
        if who is None:
            self._listing.no_customer(row)
        if on is None:
            self._listing.fault(row, "date", "no date")
        reference = said.get("reference", "")
        if len(reference) > _LONGEST:
            self._listing.fault(row, "reference", f"more than {_LONGEST} letters: {extract(reference)}")
        if self._listing.problems.count != before or not amount or who is None:
            return None
        currency = said.get("currency", "").upper() or self._listing.currency
        return row.line, *who, on, reference, currency, amount, said.get("document", "")


def _amount(row: Row) -> int:
    """What came in, below zero where it went back; zero says nothing."""
    said = row.said
    amount: int = said["amount"] if said.get("amount") is not None else said.get("credit", 0) - said.get("debit", 0)
    kind = collation_key(said.get("type", ""))
    return -abs(amount) if kind.startswith(_RETURNS) else amount


class _Writing:
    """Compares what was received with what is held, and writes it."""

    def __init__(self, company: Company, taken: TakenIn, received: ReceivedPayments) -> None:
        self._company, self._taken, self._received = company, taken, received
        self._posting = Posting(company.pk)

    def write(self) -> list[Fact]:
        """Add the payments that are new, change those that differ, allocate what is named; return what happened to customers."""
        for some in self._received.new():
            self._add(some)
        self._received.find_new()
        facts: list[Fact] = []
        for some in self._received.by_customer():
            self._change(some)
            self._posting.agree()
            facts += self._posting.follow_returned_debits()
        return [*self._posting.settle(), *facts]

    def _add(self, new: list[Received]) -> None:
        references, rows = _References(self._company, new), []
        for pk, one in zip(bulk.reserve_ids(Payment, len(new)), new, strict=True):
            reference, kind = references.unused(one), "payment" if one.amount > 0 else "return"
            rows.append(PaymentRow(pk, reference, one.on, one.amount, one.currency, kind, one.customer_id, source_key=one.known_by))
            self._taken.note("payments", Outcome(one.line, "new", one.customer, reference, ()))
        self._posting.add_payments(rows)

    def _change(self, received: list[Received]) -> None:
        """Change and allocate the payments of some customers."""
        parts = self._received.parts(received)
        owed = _owed(self._company, received, {part.document for some in parts.values() for part in some})
        left = {item.id: item.open for items in owed.values() for item in items}
        for item, amount in self._received.given_back(list(left)).items():
            left[item] += amount  # it is open to them again, unless a person has allocated more of them since
        before = _allocations_of([one.payment_id for one in received if one.payment_id and not one.is_new])
        changed, allocated, allocations = [], [], []
        for one in received:
            assert one.payment_id is not None, "all are written"
            rows = self._allocate(one, parts.get(one.known_by, ()), owed, left)
            if not one.is_new:
                if not self._differs(one, before[one.payment_id], len(rows)):
                    continue
                changed.append((one.payment_id, one.amount))
            allocated.append(one.payment_id)
            allocations += rows
        self._posting.change_payments(("amount",), changed)
        self._posting.replace_allocations(allocated, allocations)
        self._taken.counts["allocations"]["created"] += len(allocations)

    def _differs(self, one: Received, before: int, now: int) -> bool:
        """Whether the list says otherwise. What was allocated stays as it is, by whomever, while the amount is the same."""
        differences = []
        if one.held != one.amount:
            differences.append(Difference("amount", money.show(one.held or 0, one.currency), money.show(one.amount, one.currency)))
        if (now and not before) or (differences and before):
            differences.append(Difference("allocations", str(before), str(now)))
        self._taken.note("payments", Outcome(one.line, "changed", one.customer, one.held_reference or "", tuple(differences)))
        return bool(differences)

    def _allocate(
        self, one: Received, parts: Sequence[Part], owed: dict[tuple[int, str], list[_Owed]], left: dict[int, int]
    ) -> list[AllocationRow]:
        """What the rows name exactly, oldest due item first, as far as it is open."""
        found: Counter[int] = Counter()
        for part in parts:
            items = [item for item in owed.get((one.customer_id, part.document), ()) if item.currency == one.currency]
            if not items:
                self._taken.pass_over(f"{one.customer} has no document {extract(part.document)}: what was paid stays on account")
            rest = part.amount
            for item in items if rest > 0 else reversed(items):
                free = left[item.id] if rest > 0 else left[item.id] - item.amount
                some = min(rest, max(free, 0)) if rest > 0 else max(rest, min(free, 0))
                left[item.id] -= some
                found[item.id] += some
                rest -= some
        assert one.payment_id is not None, "all are written"
        return [AllocationRow(one.payment_id, item, one.on, amount) for item, amount in found.items() if amount]


def _owed(company: Company, received: Sequence[Received], numbers: set[str]) -> dict[tuple[int, str], list[_Owed]]:
    """The due items of the invoices named, of these customers by number, oldest first."""
    of_these = {"document__customer__gte": received[0].customer_id, "document__customer__lte": received[-1].customer_id}
    items = DueItem.objects.filter(company=company, document__number__in=tuples.among(sorted(numbers), str), amount__gt=0, **of_these)
    columns = ("document__customer", "document__number", "id", "due_date", "amount", "open_amount", "document__currency")
    found: dict[tuple[int, str], list[_Owed]] = defaultdict(list)
    for customer, number, *item in tuples.stream(items.order_by("due_date", "id").values_list(*columns)):
        found[customer, number].append(_Owed(*item))
    return found


def _allocations_of(payments: list[int]) -> Counter[int]:
    """How many allocations each of these payments has."""
    held = Allocation.objects.filter(payment__in=tuples.among(payments)).order_by().values_list("payment").annotate(Count("pk"))
    return Counter(dict(tuples.stream(held)))


def _owners(company: Company, numbers: set[str]) -> dict[str, str]:
    """Whose document has a number, where only one has it."""
    items = DueItem.objects.filter(
        company=company, no=1, document__customer__isnull=False, document__number__in=tuples.among(sorted(numbers), str)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for number, code in tuples.stream(items.order_by().values_list("document__number", "document__customer__code")):
        found[number].add(code)
    return {number: codes.pop() for number, codes in found.items() if len(codes) == 1}


class _References:
    """References that no other payment has, for some payments that are new."""

    def __init__(self, company: Company, new: list[Received]) -> None:
        self._stored = Payment.objects.filter(company=company)
        wanted = {said for one in new for said in _wanted(one)}
        taken = self._stored.filter(reference__in=tuples.among(sorted(wanted), str)).order_by().values_list("reference")
        self._taken = {reference for (reference,) in tuples.stream(taken)}
        self._last: dict[str, int] = {}

    def unused(self, one: Received) -> str:
        """That of the list, else with the customer before it, else with a number behind."""
        first, base = _wanted(one)
        found = first if first not in self._taken else base
        while found in self._taken:
            self._last[base] = number = self._last.get(base, 1) + 1
            found = f"{base} ({number})"
            if self._stored.filter(reference=found).exists():
                self._taken.add(found)
        self._taken.add(found)
        return found


def _wanted(one: Received) -> tuple[str, str]:
    """What a payment is called, and what where another is called so."""
    if one.reference:
        return one.reference, f"{one.customer} {one.reference}"[: _LONGEST - _ROOM]
    unnamed = f"{one.on} {one.customer}"[: _LONGEST - _ROOM]
    return unnamed, unnamed
