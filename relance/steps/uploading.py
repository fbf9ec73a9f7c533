"""File -> ledger: what an export says becomes customers, documents, payments and allocations; said again, it changes nothing.

One transaction per file. Every line is known again by its key: next month's file updates what it repeats, adds what is new, and takes to
zero what has disappeared from the months that it covers.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from relance import models
from relance.core import money
from relance.core.matching import Claim, Proposal, Receipt, propose_matches
from relance.core.names import collation_key
from relance.core.terms import PaymentTerms, parse_terms
from relance.importers.fec import Fec, read_fec
from relance.importers.fec_carried import CarriedItem
from relance.importers.fec_documents import Book, Document, Known, Party, Payment, UnfollowedLetter, due_on, open_books
from relance.importers.fec_lines import opening_journals
from relance.importers.problems import Problem
from relance.models import bulk
from relance.models.applied import applied_before, keep_upload
from relance.models.bulk import Row
from relance.models.company import Company
from relance.models.events import Fact
from relance.models.freshness import note_brought_in
from relance.models.handing_over import forget_handed_over, hand_over
from relance.models.history import Upload
from relance.models.imprints import imprinted
from relance.models.parties import Customer, Supplier
from relance.models.posting import AllocationRow, Posting
from relance.models.shelf import Code, Shelf, StoredDocument, StoredParty, StoredPayment
from relance.steps import Refused, Unreadable, opened

Progress = Callable[[int, int], None]
KIND = "fec"
_FLUSH = 10_000  # documents and payments gathered before they are written
_RESERVED = 1_000  # identifiers asked for at a time


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


@dataclass
class Imported:
    """What came of one file."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)  # by noun: created, changed, same, gone
    remarks: list[Problem] = field(default_factory=list)
    unfollowed: list[tuple[Code, UnfollowedLetter]] = field(default_factory=list)
    proposals: dict[str, list[Proposal]] = field(
        default_factory=dict
    )  # by customer: what unlettered payments may be for; nothing is applied
    terms: str = ""  # the company's payment terms, which gave the due dates that the file does not say

    def told(self, filename: str, currency: str) -> dict[str, Any]:
        """What came of it, as JSON has it; amounts in the company's currency."""
        return {
            "file": filename,
            "payment_terms": self.terms,
            "counts": {noun: dict(counts) for noun, counts in self.counts.items()},
            "remarks": [str(remark) for remark in self.remarks],
            "unfollowed_letters": [
                {"side": side, "code": code, "letter": letter.letter, "lines": letter.line_count}
                for (side, code), letter in self.unfollowed
            ],
            "proposals": [_proposal(code, one, currency) for code, proposals in self.proposals.items() for one in proposals],
        }


def _proposal(code: str, one: Proposal, currency: str) -> dict[str, Any]:
    parts = [{"document": number, "amount": money.show(amount, currency)} for number, amount in one.parts]
    return {"customer": code, "payment": one.reference, "parts": parts, "reason": one.reason, "confidence": one.confidence}


def import_fec(company: Company, path: Path, by: str, progress: Progress | None = None, *, dry_run: bool = False) -> Imported:
    """Bring a FEC into the ledger; ``dry_run`` tells and stores nothing.

    Raises Unreadable with every fault of the file, Refused where it cannot be opened.
    """
    with opened(path) as source, bulk.many_tuples():
        size = path.stat().st_size
        fec = read_fec(source, (lambda done: progress(done, size)) if progress else None)
        source.seek(0)
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        if fec.problems:
            raise Unreadable(path.name, fec.problems, fec.problems.count)
        imported = Imported(remarks=fec.remarks(), terms=company.payment_terms)
        with transaction.atomic():
            locked = Company.objects.select_for_update().get(pk=company.pk)
            before = applied_before(locked, KIND, digest)
            with imprinted(locked):
                facts = _write(locked, fec, imported)
                changed = any(noun[what] for noun in imported.counts.values() for what in ("created", "changed", "gone"))
                imported.remarks += _overtaken(locked, fec) if changed else _known_already(before)
                if dry_run:
                    transaction.set_rollback(True)
                elif changed or before is None:
                    _remember(locked, fec, path.name, digest, imported, facts, by)
    return imported


def _write(company: Company, fec: Fec, imported: Imported) -> list[Fact]:
    """Write the books of all parties, then what the file no longer says; return what happened to customers."""
    period = fec.period()
    if period is None:
        return []
    shelf, posting = Shelf(company), Posting(company.pk)
    booking = _Booking(company, shelf, posting, period)
    imported.counts = booking.counts
    for book in open_books(fec, _known(company, shelf, period)):
        booking.write(book)
        imported.unfollowed += [((book.party.side, book.party.code), letter) for letter in book.unfollowed]
    booking.flush()
    booking.clear_gone()
    handed_over = hand_over(company, posting, *period)
    facts = [*handed_over, *posting.settle(), *posting.follow_returned_debits()]
    if handed_over:
        forget_handed_over(company)
    imported.proposals = proposed_matches(company)
    return facts


def _known(company: Company, shelf: Shelf, period: tuple[date, date]) -> Known:
    """The names given before; and where an earlier year was imported, what it left open, in the place of this year's opening lines."""
    numbers = {code: {number: one.key for number, one in documents.items()} for code, documents in shelf.documents.items()}
    references = {code: {reference: one.key for reference, one in payments.items()} for code, payments in shelf.payments.items()}
    earlier = Upload.objects.filter(company=company, kind=KIND, undone_at=None, counts__period_ends__lt=period[0].isoformat())
    if not earlier.exists():
        return Known(numbers, references)
    carried = {code: [CarriedItem(*one) for one in items] for code, items in shelf.open_before(period[0]).items()}
    return Known(numbers, references, carried)


def _overtaken(company: Company, fec: Fec) -> Iterator[Problem]:
    """Files imported before this one that open a later year: what they carried over may now be there twice, until they come again."""
    period = fec.period()
    files = Upload.objects.filter(company=company, kind=KIND, undone_at=None, counts__opens_a_year=True).order_by("at")
    later = {one["period_begins"]: one["period_ends"] for one in files.values_list("counts", flat=True)}
    for begins, ends in sorted(later.items()):
        if period and begins > period[1].isoformat():
            message = "was imported before this one, which is older: import it again, or what it carried over may count twice"
            yield Problem(0, f"the file of {begins} to {ends}", message)


def proposed_matches(company: Company) -> dict[str, list[Proposal]]:
    """By customer, what was paid without a letter and may be for open invoices: proposed, never matched silently."""
    receipts: dict[str, list[Receipt]] = {}
    paid = models.Payment.objects.filter(company=company, customer__isnull=False, remaining_amount__gt=0).order_by("customer", "date")
    for code, reference, on, left in bulk.stream(paid.values_list("customer__code", "reference", "date", "remaining_amount")):
        receipts.setdefault(code, []).append(Receipt(reference, on, left, reference))
    claims: dict[str, list[Claim]] = {code: [] for code in receipts}
    owed = models.DueItem.objects.filter(
        company=company, billed_customer__code__in=bulk.among(list(receipts), str), document__type="invoice", open_amount__gt=0
    )
    columns = ("billed_customer__code", "document__number", "document__date", "open_amount")
    for code, number, on, left in bulk.stream(owed.order_by("document__date", "id").values_list(*columns)):
        claims[code].append(Claim(number, on, left))
    found = {code: propose_matches(claims[code], waiting) for code, waiting in receipts.items() if claims[code]}
    return {code: proposals for code, proposals in found.items() if proposals}


def _remember(company: Company, fec: Fec, filename: str, digest: str, imported: Imported, facts: list[Fact], by: str) -> None:
    """Keep that this file was applied, by its content, and what it changed."""
    period = fec.period()
    counts: dict[str, Any] = {noun: dict(counted) for noun, counted in imported.counts.items()}
    if period:
        counts |= {"period_begins": period[0].isoformat(), "period_ends": period[1].isoformat()}
        counts["opens_a_year"] = bool(opening_journals(fec))
    note_brought_in(company.pk, documents=True, payments=True)
    remarks = [str(remark) for remark in imported.remarks]
    keep_upload(company, KIND, filename, digest, counts, facts, by, remarks=remarks, unfollowed=len(imported.unfollowed))


def _known_already(before: Upload | None) -> Iterator[Problem]:
    """The same file is not applied twice."""
    if before is not None:
        yield Problem(0, "", f"this very file was applied on {localdate(before.at)} already: nothing changes")


class _Booking:
    """Writes the books of one file: rows are gathered and go to the ledger some thousands at a time."""

    def __init__(self, company: Company, shelf: Shelf, posting: Posting, period: tuple[date, date]) -> None:
        self._company, self._shelf, self._posting, self._period = company, shelf, posting, period
        self._terms: dict[str, PaymentTerms] = {}
        self._bill_method: int | None = None
        matched = models.Match.objects.filter(company=company).exclude(parts=[])
        self._matched = set(matched.values_list("payment_id", flat=True))  # by a person, or of a bank entry
        self._ids = {model: _ids(model) for model in (Customer, Supplier, models.Document, models.DueItem, models.Payment)}
        self._seen: set[int] = set()  # documents that the file speaks of
        self._paid: set[int] = set()  # payments that it speaks of
        self.counts: dict[str, Counter[str]] = {noun: Counter() for noun in ("customers", "suppliers", "documents", "payments")}
        self._currency = company.currency
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
        if len(self._documents) + len(self._payments) >= _FLUSH:
            self.flush()

    def _write_documents(
        self, documents: Iterable[Document], stored: Mapping[str, StoredDocument], owner: "_Owner", terms: str
    ) -> dict[str, int]:
        """The identifiers of the due items of one party, by the numbers of their documents."""
        parsed = self._read_terms(terms or self._company.payment_terms)
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

    def _read_terms(self, text: str) -> PaymentTerms:
        if text not in self._terms:
            try:
                self._terms[text] = parse_terms(text)
            except ValueError as error:
                raise Refused(str(error)) from error
        return self._terms[text]


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


def _ids(model: type[Any]) -> Iterator[int]:
    while True:
        yield from bulk.reserve_ids(model, _RESERVED)
