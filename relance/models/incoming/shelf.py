"""What does a company have already, as an import meets it? Parties, documents and payments by the names they have, read once."""

import datetime as dt
import re
from typing import NamedTuple

from relance.models import ledger, tuples
from relance.models.company import Company
from relance.models.incoming.posting import AllocationRow
from relance.models.parties import Customer, Supplier
from relance.models.since import allocated_since

_OF_A_LEDGER = re.compile(r"\d{4}-\d\d-\d\d\|[CS]\|", re.ASCII)  # the day of posting and a side, as importers write their keys
Code = tuple[str, str]  # a side, and the code of a party on it


class StoredParty(NamedTuple):
    """A customer or supplier as it is stored."""

    id: int
    name: str
    doubtful: bool = False
    terms: str = ""


class StoredDocument(NamedTuple):
    """A document with its first due item; what follows ``left`` is what an import may change."""

    id: int
    due_id: int
    key: str
    left: int
    type: str
    date: dt.date
    label: str
    due_date: dt.date
    amount: int


class StoredPayment(NamedTuple):
    """A payment; what follows ``left`` is what an import may change."""

    id: int
    key: str
    left: int
    kind: str
    date: dt.date
    amount: int


class OpenBefore(NamedTuple):
    """Something open on a day: a credit and what a payment has left are below zero."""

    name: str
    is_payment: bool
    dated_on: dt.date
    open: int


class Shelf:
    """A company's ledger by party and name."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self.parties: dict[Code, StoredParty] = {}
        self.documents: dict[Code, dict[str, StoredDocument]] = {}
        self.payments: dict[Code, dict[str, StoredPayment]] = {}
        self.allocations: dict[int, list[AllocationRow]] = {}
        self._read_parties()
        self._read_documents()
        self._read_payments()

    def open_before(self, first: dt.date) -> dict[Code, list[OpenBefore]]:
        """What each party had open the day before a date, by the days on which things were posted."""
        day = first - dt.timedelta(1)
        later_items, later_payments = (since.totals for since in allocated_since([self._company], day))
        found: dict[Code, list[OpenBefore]] = {}
        for code, documents in self.documents.items():
            for number, one in documents.items():
                left = one.left + later_items.get(one.due_id, 0)
                if left and _posted_on(one) <= day.isoformat():
                    found.setdefault(code, []).append(OpenBefore(number, is_payment=False, dated_on=one.date, open=left))
        for code, payments in self.payments.items():
            for reference, paid in payments.items():
                left = paid.left + later_payments.get(paid.id, 0)
                if left and _posted_on(paid) <= day.isoformat():
                    found.setdefault(code, []).append(OpenBefore(reference, is_payment=True, dated_on=paid.date, open=-left))
        return found

    def _read_parties(self) -> None:
        customers = Customer.objects.filter(company=self._company).values_list("code", "id", "name", "doubtful", "payment_terms")
        suppliers = Supplier.objects.filter(company=self._company).values_list("code", "id", "name")
        self.parties |= {("customer", row[0]): StoredParty(row[1], row[2], bool(row[3]), row[4]) for row in tuples.stream(customers)}
        self.parties |= {("supplier", row[0]): StoredParty(*row[1:]) for row in tuples.stream(suppliers)}

    def _read_documents(self) -> None:
        where = ("document__customer__code", "document__supplier__code", "document__number")
        what = ("document_id", "id", "document__source_key", "open_amount", "document__type", "document__date", "document__label")
        items = ledger.DueItem.objects.filter(company=self._company, no=1).order_by().values_list(*where, *what, "due_date", "amount")
        for customer, supplier, number, pk, due_id, key, *stored in tuples.stream(items):
            self.documents.setdefault(_code(customer, supplier), {})[number] = StoredDocument(pk, due_id, _key(key), *stored)

    def _read_payments(self) -> None:
        columns = ("customer__code", "supplier__code", "reference", "id", "source_key", "remaining_amount", "kind", "date", "amount")
        for customer, supplier, reference, pk, key, *stored in tuples.stream(
            ledger.Payment.objects.filter(company=self._company).order_by().values_list(*columns)
        ):
            self.payments.setdefault(_code(customer, supplier), {})[reference] = StoredPayment(pk, _key(key), *stored)
        allocations = ledger.Allocation.objects.filter(company=self._company).order_by("payment_id", "id")
        for row in tuples.stream(allocations.values_list(*AllocationRow._fields)):
            self.allocations.setdefault(row[0], []).append(AllocationRow(*row))


def _code(customer: str | None, supplier: str | None) -> Code:
    return ("supplier", supplier) if supplier is not None else ("customer", customer or "")


def _posted_on(one: StoredDocument | StoredPayment) -> str:
    """A key begins with the day of posting; what did not come from a ledger has its own date."""
    return one.key[:10] or one.date.isoformat()


def _key(source_key: str) -> str:
    """The key of what came from a ledger; what came from a bank, a list or a dossier has another there, and none here."""
    return source_key if _OF_A_LEDGER.match(source_key) else ""
