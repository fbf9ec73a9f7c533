"""How does the book of a party become documents, payments and allocations, and what goes that no line tells of any more?"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from relance import models
from relance.core.names import collation_key
from relance.importers.fec import Fec
from relance.importers.fec_documents import Book, Document, Party, Payment, due_on
from relance.models import bulk
from relance.models.bulk import Row
from relance.models.company import Company
from relance.models.incoming.posting import AllocationRow, Posting
from relance.models.incoming.shelf import Shelf, StoredDocument, StoredParty, StoredPayment
from relance.models.parties import Customer, Supplier
from relance.steps import terms_of

# Documents and payments gathered before they are written: few at first, so that the database begins while the next books are made.
_FIRST, _MOST = 1_000, 10_000


# What is written of new rows; of what is left out, there is nothing to say.
_PARTY: dict[type[Any], tuple[str, ...]] = {
    Customer: ("id", "code", "name", "sort_name", "doubtful", "auto_dunning"),
    Supplier: ("id", "code", "name", "sort_name"),
}
_DOCUMENT = (
    *("id", "number", "date", "currency", "type", "customer_id", "supplier_id", "billed_customer_id", "label"),
    *("payment_method_id", "source_key"),
)
_DUE_ITEM = ("id", "document_id", "billed_customer_id", "no", "due_date", "amount")
_PAYMENT = ("id", "reference", "date", "amount", "currency", "kind", "customer_id", "supplier_id", "source_key")

_Owner = tuple[int | None, int | None]  # a customer or a supplier


class Booking:
    """Writes the books of one file: rows are gathered and go to the ledger some thousands at a time."""

    def __init__(self, company: Company, shelf: Shelf, posting: Posting, fec: Fec) -> None:
        period = fec.period()
        assert period is not None  # it has lines
        self._company, self._shelf, self._posting, self._period = company, shelf, posting, period
        self._bill_method: int | None = None
        matched = models.Match.objects.filter(company=company).exclude(parts=[])
        self._matched = set(matched.values_list("payment_id", flat=True))  # by a person, or of a bank entry
        half = fec.third_party_count() // 2
        together: dict[type[Any], int] = dict.fromkeys((Customer, Supplier), len(fec.accounts))
        together |= dict.fromkeys((models.Document, models.DueItem, models.Payment), half + 1)
        self._ids = {model: _ids(model, count) for model, count in together.items()}
        self._seen: set[int] = set()  # documents that the file speaks of
        self._paid: set[int] = set()  # payments that it speaks of
        self.counts: dict[str, Counter[str]] = {noun: Counter() for noun in ("customers", "suppliers", "documents", "payments")}
        self._currency = company.currency
        self._enough = _FIRST
        self._begin()

    def write(self, book: Book) -> None:
        """Take one book; what is the same as before is only counted."""
        said, documents, payments, allocations, _ = book
        code = said.side, said.code
        party = self._party(said)
        owner = (party.id, None) if said.side == "customer" else (None, party.id)
        due_ids = self._write_documents(documents, self._shelf.documents.get(code, {}), owner, party.terms)
        settled: dict[str, list[tuple[int, date, int]]] = {}
        for reference, number, on, amount in allocations:
            settled.setdefault(reference, []).append((due_ids[number], on, amount))
        self._write_payments(payments, self._shelf.payments.get(code, {}), owner, settled)
        if len(self._documents) + len(self._payments) >= self._enough:
            self.flush()
            self._enough = min(self._enough * 2, _MOST)

    def _write_documents(
        self, documents: Iterable[Document], stored: Mapping[str, StoredDocument], owner: "_Owner", terms: str
    ) -> dict[str, int]:
        """The identifiers of the due items of one party, by the numbers of their documents."""
        parsed = terms_of(terms or self._company.payment_terms)
        due_ids = {number: one.due_id for number, one in stored.items()}
        for document in documents:
            due, known = due_on(document, parsed), stored.get(document.number)
            if known is None:
                due_ids[document.number] = self._add(document, owner, due)
            else:
                self._compare(document, known, due)
        return due_ids

    def _write_payments(
        self,
        payments: Iterable[Payment],
        stored: Mapping[str, StoredPayment],
        owner: "_Owner",
        settled: dict[str, list[tuple[int, date, int]]],
    ) -> None:
        """``settled`` by each payment, which may be one of an earlier file: due items, with the day and the amount."""
        for payment in payments:
            known, rows = stored.get(payment.reference), settled.pop(payment.reference, ())
            if known is None:
                self._add_payment(payment, owner, rows)
            else:
                self._compare_payment(payment, known)
                self._reallocate(known.id, rows)
        for reference, rows in settled.items():
            self._reallocate(stored[reference].id, rows)

    def flush(self) -> None:
        """Hand what was gathered over to the ledger."""
        posting = self._posting
        self.counts["documents"] += Counter(created=len(self._documents))
        self.counts["payments"] += Counter(created=len(self._payments))
        for model, rows in self._parties.items():
            bulk.insert(model, _PARTY[model], rows, _unsaid(model) | {"company_id": self._company.pk})
        for (model, columns), rows in self._renamed.items():
            bulk.update(model, columns, rows)
        posting.add_documents(self._documents, _DOCUMENT)
        posting.add_allocated((_DUE_ITEM, self._due_items), (_PAYMENT, self._payments), self._allocations)
        posting.change_documents(("type", "date", "label", "source_key"), self._changed_documents)
        posting.change_due_items(("due_date", "amount"), self._changed_due_items)
        posting.change_payments(("kind", "date", "amount", "source_key"), self._changed_payments)
        posting.replace_allocations(self._reallocated, self._reallocations)
        self._begin()

    def clear_gone(self) -> None:
        """Take to zero what came from an earlier file of these months and is no longer in them: the entry was corrected or deleted."""
        first, last = (on.isoformat() for on in self._period)
        documents = [one for named in self._shelf.documents.values() for one in named.values()]
        payments = [one for named in self._shelf.payments.values() for one in named.values()]
        gone = [one for one in documents if one.id not in self._seen and one.amount and first <= one.key[:10] <= last]
        unpaid = [one for one in payments if one.id not in self._paid and first <= one.key[:10] <= last and self._has_effect(one)]
        self._posting.replace_allocations([one.id for one in unpaid], [])
        self._posting.change_due_items(("amount",), [(one.due_id, 0) for one in gone])
        self._posting.change_payments(("amount",), [(one.id, 0) for one in unpaid])
        self.counts["documents"] += Counter(gone=len(gone))
        self.counts["payments"] += Counter(gone=len(unpaid))

    def _has_effect(self, payment: StoredPayment) -> bool:
        return bool(payment.amount or self._shelf.allocations.get(payment.id))

    def _begin(self) -> None:
        self._parties: dict[type[Customer] | type[Supplier], list[Row]] = {Customer: [], Supplier: []}
        self._renamed: dict[tuple[type[Customer] | type[Supplier], tuple[str, ...]], list[Row]] = {}
        self._documents: list[Row] = []
        self._due_items: list[Row] = []
        self._payments: list[Row] = []
        self._allocations: list[AllocationRow] = []  # of these payments
        self._reallocated: list[int] = []
        self._reallocations: list[AllocationRow] = []
        self._changed_documents: list[tuple[Any, ...]] = []
        self._changed_due_items: list[tuple[Any, ...]] = []
        self._changed_payments: list[tuple[Any, ...]] = []

    def _party(self, party: Party) -> StoredParty:
        """The customer or supplier, made or renamed where the ledger has news of him."""
        noun = f"{party.side}s"
        model: type[Customer] | type[Supplier] = Customer if party.side == "customer" else Supplier
        stored = self._shelf.parties.get((party.side, party.code))
        if stored is None:
            pk, name = next(self._ids[model]), party.name or party.code
            row = (pk, party.code, name, _sort_name(name))
            self._parties[model].append(row if model is Supplier else (*row, party.doubtful, not party.doubtful))
            self.counts[noun]["created"] += 1
            return StoredParty(pk, party.name, party.doubtful)
        name = party.name or stored.name
        if (name, party.doubtful) == (stored.name, stored.doubtful):
            self.counts[noun]["same"] += 1
            return stored
        said = _named(party, name)
        self._renamed.setdefault((model, tuple(said)), []).append((stored.id, *said.values()))
        self.counts[noun]["changed"] += 1
        return stored

    def _add(self, document: Document, owner: "_Owner", due: date) -> int:
        """A new document; return the identifier of its due item."""
        pk, due_id = next(self._ids[models.Document]), next(self._ids[models.DueItem])
        customer, supplier = owner
        method = self._bill() if document.nature == "bill" and customer else None
        key, number, type_, _, on, _, label, amount = document
        self._documents.append((pk, number, on, self._currency, type_, customer, supplier, customer, label, method, key))
        self._due_items.append((due_id, pk, customer, 1, due, amount))
        return due_id

    def _compare(self, document: Document, stored: StoredDocument, due: date) -> None:
        """A document that is there already, changed where the file says something else."""
        self._seen.add(stored.id)
        now = (document.key, document.type, document.dated_on, document.label, due, document.amount)
        if now == (stored.key, stored.type, stored.date, stored.label, stored.due_date, stored.amount):
            self.counts["documents"]["same"] += 1
        else:
            self._changed_documents.append((stored.id, document.type, document.dated_on, document.label, document.key))
            self._changed_due_items.append((stored.due_id, due, document.amount))
            self.counts["documents"]["changed"] += 1

    def _bill(self) -> int:
        """The payment method of bills receivable (account 413): the bank presents them, nobody is reminded of them (register K3)."""
        if self._bill_method is None:
            words = {"label": "Effet à recevoir", "dunnable": False}
            self._bill_method = models.PaymentMethod.objects.get_or_create(company=self._company, code="EFFET", defaults=words)[0].pk
        return self._bill_method

    def _add_payment(self, payment: Payment, owner: "_Owner", rows: Iterable[tuple[int, date, int]]) -> None:
        pk = next(self._ids[models.Payment])
        key, reference, kind, on, amount = payment
        self._payments.append((pk, reference, on, amount, self._currency, kind, *owner, key))
        for due_id, day, part in rows:
            self._allocations.append(AllocationRow(pk, due_id, day, part))

    def _compare_payment(self, payment: Payment, stored: StoredPayment) -> None:
        self._paid.add(stored.id)
        if (payment.key, payment.kind, payment.dated_on, payment.amount) == (stored.key, stored.kind, stored.date, stored.amount):
            self.counts["payments"]["same"] += 1
        else:
            self._changed_payments.append((stored.id, payment.kind, payment.dated_on, payment.amount, payment.key))
            self.counts["payments"]["changed"] += 1

    def _reallocate(self, payment_id: int, rows: Collection[tuple[int, date, int]]) -> None:
        """Put what this file says in the place of what files of these months said; what other months settled, and a match, stays."""
        if not rows and payment_id in self._matched:
            return
        stored = self._shelf.allocations.get(payment_id, [])
        first, last = self._period
        wanted = [AllocationRow(payment_id, *row) for row in rows]
        wanted += [one for one in stored if not first <= one.date <= last]
        if sorted(wanted) != sorted(stored):
            self._reallocated.append(payment_id)
            self._reallocations += wanted


def _named(party: Party, name: str) -> dict[str, Any]:
    """What the ledger says of a customer or supplier; a doubtful customer (account 416) is no longer dunned by the automatic run."""
    said: dict[str, Any] = {"name": name, "sort_name": _sort_name(name)}
    if party.side == "customer":
        said["doubtful"] = party.doubtful
        if party.doubtful:
            said["auto_dunning"] = False
    return said


def _sort_name(name: str) -> str:
    return collation_key(name)[:250]


@cache
def _unsaid(model: type[Any]) -> dict[str, Any]:
    """What a new party holds that the ledger does not say."""
    return {column: value for column, value in bulk.defaults(model).items() if column not in _PARTY[model]}


def _ids(model: type[Any], together: int) -> Iterator[int]:
    while True:
        yield from bulk.reserve_ids(model, together)
