"""List of open items -> ledger: what is new is booked, what was paid since the last list is settled, what is no longer listed too.

One transaction per file. A list says nothing of payments: what has gone from it is settled by one payment for each customer and currency,
on the day of the list, which can be seen like any other.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from relance.core import money
from relance.core.names import collation_key
from relance.core.snapshot import Held, Listed, Outcome, compare
from relance.core.terms import PaymentTerms, due_date
from relance.importers.open_items import OpenItem, Table, read_open_items
from relance.importers.problems import Problem
from relance.importers.problems import Unreadable as NoTable
from relance.models import bulk
from relance.models.applied import applied_before, keep_upload
from relance.models.company import Collaborator, Company, PaymentMethod
from relance.models.events import Fact
from relance.models.freshness import note_brought_in
from relance.models.history import Source, Upload
from relance.models.imprints import imprinted
from relance.models.ledger import Document, DueItem, Payment
from relance.models.parties import Customer, Site
from relance.models.posting import AllocationRow, DocumentRow, DueItemRow, PaymentRow, Posting
from relance.steps import Refused, Unreadable, opened, terms_of

Progress = Callable[[int, int], None]
KIND = "items"
_OF_THE_SITE = ("email", "address", "postcode", "city")


@dataclass
class TakenOver:
    """What a list said, and what it changed or would change."""

    recognised: dict[str, str]
    outcomes: list[tuple[str, Outcome]] = field(default_factory=list)  # with the customer's code; the same are only counted
    counts: dict[str, Counter[str]] = field(default_factory=dict)  # by noun: created, changed, same, gone
    remarks: list[Problem] = field(default_factory=list)

    def told(self, filename: str) -> dict[str, Any]:
        """What came of the list, as JSON has it."""
        return {
            "file": filename,
            "recognised": self.recognised,
            "counts": {noun: dict(counts) for noun, counts in self.counts.items()},
            "remarks": [str(remark) for remark in self.remarks],
            "items": [_item_told(code, outcome) for code, outcome in self.outcomes],
        }


def _item_told(code: str, outcome: Outcome) -> dict[str, Any]:
    line = outcome.listed or outcome.held
    assert line is not None
    return {
        "what": outcome.kind,
        "customer": code,
        "document": line.number,
        "due_date": line.due_date.isoformat(),
        "open_before": money.show(outcome.held.open, line.currency) if outcome.held else None,
        "open_after": money.show(outcome.listed.open if outcome.listed else 0, line.currency),
        "currency": line.currency,
    }


@dataclass(slots=True)
class _Party:
    """A customer of the list: his code, the last name given, his items."""

    name: str = ""
    items: list[OpenItem] = field(default_factory=list)


def take_over(
    company: Company,
    path: Path,
    as_of: date,
    *,
    by: str,
    source: str = "",
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    whole: bool = True,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> TakenOver:
    """Bring the list of a day into the ledger. ``columns`` corrects which column is what, and is remembered for the ``source``.

    ``whole``: what an earlier list of the source named and this one does not has been settled. ``dry_run`` tells and stores nothing. Raises
    Unreadable with every fault of the list, Refused where it is no list, or older than the last.
    """
    with opened(path) as file, bulk.many_tuples(), transaction.atomic():
        locked = Company.objects.select_for_update().get(pk=company.pk)
        known = Source.objects.filter(company=locked, kind=KIND, code=source).first() or Source(company=locked, kind=KIND, code=source)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        _refuse_out_of_turn(known, digest, as_of)
        known.columns = known.columns | dict(columns or {})
        table = _table(path, file, locked, known.columns, sheet, progress)
        parties = _parties(table, path)
        before = applied_before(locked, KIND, digest)
        with imprinted(locked):
            taking = _Taking(locked, known.key, as_of, table)
            taken = taking.take(parties, whole=whole)
            facts = taking.settle()
            changes = any(outcome.kind != "kept" for _, outcome in taken.outcomes)
            if before and not changes:
                taken.remarks.append(Problem(0, "", f"this very file was applied on {localdate(before.at)} already: nothing changes"))
            if dry_run:
                transaction.set_rollback(True)
                return taken
            note_brought_in(locked.pk, documents=True, payments=True)
            if known.last_sha256 != digest or changes:
                _remember(known, path.name, digest, as_of, taken, facts, by)
    return taken


def _refuse_out_of_turn(known: Source, digest: str, as_of: date) -> None:
    """A list older than the last would bring back what has been paid since."""
    if known.last_as_of is None or known.last_sha256 == digest:
        return
    if as_of < known.last_as_of:
        raise Refused(f"a list of {known.last_as_of} has been taken over already; one of {as_of} would bring back what was paid since")
    if Upload.objects.filter(company=known.company, kind=KIND, sha256=digest, undone_at=None, counts__source=known.code).exists():
        raise Refused("this very file was taken over before, and a newer list since: it would bring back what was paid in between")


def _table(path: Path, file: BinaryIO, company: Company, columns: Mapping[str, str], sheet: str | None, progress: Progress | None) -> Table:
    file.seek(0)
    try:
        size = path.stat().st_size
        told = (lambda done: progress(done, size)) if progress else None
        return read_open_items(file, company.currency, mapping=columns, sheet=sheet, on_progress=told)
    except NoTable as error:
        raise Refused(f"{path.name}: {error}") from None


def _parties(table: Table, path: Path) -> dict[str, _Party]:
    """The items of each customer. Raises Unreadable, Refused."""
    found: dict[str, _Party] = defaultdict(_Party)
    try:
        for item in table.items():
            party = found[item.customer]
            party.name = item.name or party.name
            party.items.append(item)
    except NoTable as error:
        raise Refused(f"{path.name}: {error}") from None
    if table.problems:
        raise Unreadable(path.name, list(table.problems), table.problems.count)
    return found


def _remember(known: Source, filename: str, digest: str, as_of: date, taken: TakenOver, facts: list[Fact], by: str) -> None:
    if known.pk:
        bulk.touching(Source, [known.pk])
    known.last_as_of, known.last_sha256 = as_of, digest
    known.save()
    counts: dict[str, Any] = {noun: dict(counted) for noun, counted in taken.counts.items()}
    remarks = [str(remark) for remark in taken.remarks]
    company, on = known.company, as_of.isoformat()
    keep_upload(company, KIND, filename, digest, counts, facts, by, source=known.code, as_of=on, remarks=remarks)


class _Taking:
    """The writing of one list, inside its transaction."""

    def __init__(self, company: Company, key: str, as_of: date, table: Table) -> None:
        self._company, self._key, self._as_of = company, key, as_of
        self._further = {what: place for place, what in enumerate(table.further)}
        self._posting = Posting(company.pk)
        self._taken = TakenOver(table.recognised(), counts={"customers": Counter(), "due_items": Counter()}, remarks=table.remarks())
        self._customers: dict[str, tuple[int, str, str]] = {}  # identifier, name, payment terms
        self._methods = _by_code_or_name(PaymentMethod, company, "label")
        self._reps = _by_code_or_name(Collaborator, company, "name")
        self._unknown: Counter[str] = Counter()
        self._settled: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)  # by customer and currency: due items and amounts

    def take(self, parties: Mapping[str, _Party], *, whole: bool) -> TakenOver:
        """Write what the list says of its customers, and what its silence says of the others."""
        self._write_customers(parties)
        held = self._held({item.number for party in parties.values() for item in party.items})
        codes = dict.fromkeys([*parties, *held])
        new: list[tuple[str, Outcome, OpenItem]] = []
        changed: list[tuple[int, date, int]] = []
        for code in codes:
            listed = {self._listed(item, code): item for item in parties[code].items} if code in parties else {}
            by_number = {item.number: item for item in listed.values()}
            for outcome in compare(listed, held.get(code, []), whole=whole):
                self._count(code, outcome)
                if outcome.kind == "new" and outcome.listed:
                    new.append((code, outcome, by_number[outcome.listed.number]))
                elif outcome.kind in ("changed", "gone") and outcome.held:
                    day = outcome.listed.due_date if outcome.listed else outcome.held.due_date
                    if (day, outcome.amount) != (outcome.held.due_date, outcome.held.amount):
                        changed.append((outcome.held.id, day, outcome.amount))
                    self._settle(code, outcome, outcome.held.id)
        self._posting.change_due_items(("due_date", "amount"), changed)
        self._book(new)
        self._taken.remarks += [Problem(0, "", f"{what}: {count} times") for what, count in self._unknown.items()]
        return self._taken

    def settle(self) -> list[Fact]:
        """Book the payments that settle what was paid; return what happened to customers."""
        taken = set(
            Payment.objects.filter(company=self._company, reference__startswith=self._reference("")).values_list("reference", flat=True)
        )
        codes = {pk: code for code, (pk, _, _) in self._customers.items()}
        ids = bulk.reserve_ids(Payment, len(self._settled))
        rows, allocations = [], []
        for pk, ((customer, currency), parts) in zip(ids, self._settled.items(), strict=True):
            total = sum(amount for _, amount in parts)
            kind = "netting" if total == 0 else "payment" if total > 0 else "return"
            reference = _unused(self._reference(codes[customer]), taken)
            rows.append(PaymentRow(pk, reference, self._as_of, total, currency, kind, customer, source_key=self._key))
            allocations += [AllocationRow(pk, due_id, self._as_of, amount) for due_id, amount in parts]
        self._posting.add_payments(rows)
        self._posting.replace_allocations(ids, allocations)
        return [*self._posting.settle(), *self._posting.follow_returned_debits()]

    def _reference(self, customer: str) -> str:
        return f"LISTE {self._as_of.isoformat()} {customer}"[:70]

    # -- customers

    def _write_customers(self, parties: Mapping[str, _Party]) -> None:
        stored = Customer.objects.filter(company=self._company).values_list("code", "id", "name", "payment_terms")
        self._customers = {code: (pk, name, terms) for code, pk, name, terms in bulk.stream(stored)}
        fresh = [code for code in parties if code not in self._customers]
        usual = bulk.defaults(Customer) | {"company_id": self._company.pk}
        rows = []
        for pk, code in zip(bulk.reserve_ids(Customer, len(fresh)), fresh, strict=True):
            name = (parties[code].name or code)[:200]
            rep = self._one(self._reps, "sales rep", parties[code].items[0], "sales_rep")
            rows.append(usual | {"id": pk, "code": code, "name": name, "sort_name": collation_key(name)[:250], "sales_rep_id": rep})
            self._customers[code] = (pk, name, "")
        columns = ("id", *bulk.defaults(Customer))
        bulk.insert(Customer, columns, ([row[column] for column in columns] for row in rows))
        renamed = [
            (self._customers[code][0], party.name[:200], collation_key(party.name)[:250])
            for code, party in parties.items()
            if party.name and party.name[:200] != self._customers[code][1]
        ]
        bulk.update(Customer, ("name", "sort_name"), renamed)
        self._write_sites(parties)
        same = len(parties) - len(fresh) - len(renamed)
        self._taken.counts["customers"].update(created=len(fresh), changed=len(renamed), same=same)

    def _write_sites(self, parties: Mapping[str, _Party]) -> None:
        """A customer without any site gets one where the list has an address of his."""
        if not any(what in self._further for what in _OF_THE_SITE):
            return
        sited = set(Site.objects.filter(company=self._company).values_list("customer_id", flat=True))
        for code, party in parties.items():
            pk = self._customers[code][0]
            said = {what: self._said(party.items[0], what) for what in _OF_THE_SITE}
            if pk not in sited and any(said.values()):
                Site.objects.create(company=self._company, customer_id=pk, code="1", **said)

    # -- due items

    def _held(self, numbers: set[str]) -> dict[str, list[Held]]:
        """What is held of the documents named, and what is open of those that lists of this source have named, by customer."""
        which = Q(document__number__in=bulk.among(list(numbers), str)) | (Q(document__source_key=self._key) & ~Q(open_amount=0))
        items = DueItem.objects.filter(which, company=self._company, document__customer__isnull=False)
        columns = ("document__customer__code", "id", "document__number", "due_date", "open_amount", "amount", "document__currency")
        found: dict[str, list[Held]] = defaultdict(list)
        for code, pk, number, day, left, amount, currency, key in bulk.stream(
            items.order_by().values_list(*columns, "document__source_key")
        ):
            found[code].append(Held(pk, number, day, left, amount, currency, key == self._key))
        return found

    def _listed(self, item: OpenItem, customer: str) -> Listed:
        day = item.due_date or due_date(self._terms_of(customer), item.date)
        amount = item.amount if "amount" in self._taken.recognised else None
        return Listed(item.number, day, item.open, amount, item.currency or self._company.currency)

    def _terms_of(self, customer: str) -> PaymentTerms:
        return terms_of(self._customers[customer][2] or self._company.payment_terms)

    def _count(self, code: str, outcome: Outcome) -> None:
        fate = {"new": "created", "kept": "same"}.get(outcome.kind, outcome.kind)
        self._taken.counts["due_items"][fate] += 1
        if outcome.kind != "same":
            self._taken.outcomes.append((code, outcome))
        if outcome.kind == "kept":
            self._unknown["an item that another source booked stays as it is"] += 1

    def _settle(self, code: str, outcome: Outcome, due_id: int) -> None:
        line = outcome.listed or outcome.held
        if outcome.settled and line:
            self._settled[self._customers[code][0], line.currency].append((due_id, outcome.settled))

    def _book(self, new: list[tuple[str, Outcome, OpenItem]]) -> None:
        """New documents with their due items, numbered by due date; an instalment more of a document that is held gets the next number."""
        held = self._documents({item.number for _, _, item in new})
        of_document: dict[tuple[str, str], list[tuple[Outcome, OpenItem]]] = defaultdict(list)
        for code, outcome, item in new:
            of_document[code, item.number].append((outcome, item))
        fresh = [key for key in of_document if key not in held]
        documents = dict(zip(fresh, bulk.reserve_ids(Document, len(fresh)), strict=True))
        due_ids = iter(bulk.reserve_ids(DueItem, len(new)))
        due_rows = []
        for (code, number), outcomes in of_document.items():
            document, last = held.get((code, number)) or (documents[code, number], 0)
            for no, (outcome, _) in enumerate(sorted(outcomes, key=lambda one: one[1].due_date or date.min), last + 1):
                assert outcome.listed is not None
                pk = next(due_ids)
                due_rows.append(DueItemRow(pk, document, self._customers[code][0], no, outcome.listed.due_date, outcome.amount))
                self._settle(code, outcome, pk)
        self._posting.add_documents(self._document(pk, code, of_document[code, number][0][1]) for (code, number), pk in documents.items())
        self._posting.add_due_items(due_rows)

    def _documents(self, numbers: set[str]) -> dict[tuple[str, str], tuple[int, int]]:
        """By customer's code and number: the document held, and the number of its last due item."""
        items = DueItem.objects.filter(company=self._company, document__number__in=bulk.among(list(numbers), str))
        columns = ("document__customer__code", "document__number", "document_id", "no")
        rows = bulk.stream(items.filter(document__customer__isnull=False).order_by("document_id", "no").values_list(*columns))
        return {(code, number): (document, no) for code, number, document, no in rows}

    def _document(self, pk: int, code: str, item: OpenItem) -> DocumentRow:
        customer, currency = self._customers[code][0], item.currency or self._company.currency
        method = self._one(self._methods, "payment method", item, "payment_method")
        row = DocumentRow(pk, item.number, item.date, currency, item.type, customer, None, customer, source_key=self._key)
        return row._replace(label=self._said(item, "label")[:200], payment_method_id=method)

    def _one(self, known: Mapping[str, int], called: str, item: OpenItem, what: str) -> int | None:
        """What a column names by its code or its name; what is unknown is told, and left out."""
        said = self._said(item, what)
        if not said:
            return None
        found = known.get(collation_key(said))
        if found is None:
            self._unknown[f'there is no {called} "{said[:40]}"'] += 1
        return found

    def _said(self, item: OpenItem, what: str) -> str:
        place = self._further.get(what)
        return "" if place is None else " ".join(str(item.further[place]).split())


def _by_code_or_name(noun: type[PaymentMethod | Collaborator], company: Company, name: str) -> dict[str, int]:
    rows = list(noun._default_manager.filter(company=company).values_list("id", "code", name))
    return {collation_key(said): pk for place in (2, 1) for pk, *words in rows for said in [words[place - 1]] if said}


def _unused(reference: str, taken: set[str]) -> str:
    """The reference, or with the first number behind it that makes it unused; it is taken then."""
    found, number = reference, 1
    while found in taken:
        number += 1
        found = f"{reference} ({number})"
    taken.add(found)
    return found
