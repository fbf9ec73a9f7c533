"""List of open items -> ledger: what is new is booked, what was paid since the last list is settled, what is no longer listed too.

One transaction per file. A list says nothing of payments: what has gone from it is settled by one payment for each customer and currency,
on the day of the list, which can be seen like any other.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.timezone import localdate

from relance.core import money
from relance.core.names import collation_key
from relance.core.snapshot import Outcome
from relance.core.terms import PaymentTerms, due_date
from relance.importers.open_items import Table, read_open_items
from relance.importers.problems import Problem
from relance.importers.problems import Unreadable as NoTable
from relance.importers.sheet_columns import Columns, put_together
from relance.models import bulk, tuples
from relance.models.company import Collaborator, Company, PaymentMethod
from relance.models.events import Fact
from relance.models.freshness import note_brought_in
from relance.models.history import Source, Upload
from relance.models.incoming.applied import applied_before, keep_upload
from relance.models.incoming.imprints import imprinted, last_id
from relance.models.incoming.listed import TABLES, ListedItems, Sums
from relance.models.incoming.named import Customers, by_code_or_name
from relance.models.incoming.posting import PaymentRow, Posting
from relance.models.ledger import DueItem, Payment
from relance.models.parties import Customer, Site
from relance.steps import Refused, Unreadable, opened, terms_of

Progress = Callable[[int, int], None]
KIND = "items"
_OF_THE_SITE = ("email", "address", "postcode", "city")
_MOST_TOLD = 1_000  # items told one by one
_BATCHES = 20  # of the reader, written at once
_RESERVED = 1_000  # identifiers asked for at a time


@dataclass
class TakenOver:
    """What a list said, and what it changed or would change."""

    recognised: dict[str, str]
    outcomes: list[tuple[str, Outcome]] = field(default_factory=list)  # with the customer's code: the first that are not the same
    further: int = 0  # how many more there are
    sums: list[Sums] = field(default_factory=list)  # of all of them
    counts: dict[str, Counter[str]] = field(default_factory=dict)  # by noun: created, changed, same, gone
    remarks: list[Problem] = field(default_factory=list)
    renamed: list[tuple[str, str, str]] = field(default_factory=list)  # customers called otherwise: code, name before, name after

    def told(self, filename: str) -> dict[str, Any]:
        """What came of the list, as JSON has it."""
        return {
            "file": filename,
            "recognised": self.recognised,
            "counts": {noun: dict(counts) for noun, counts in self.counts.items()},
            "remarks": [str(remark) for remark in self.remarks],
            "items": [_item_told(code, outcome) for code, outcome in self.outcomes],
            "further": self.further,
            "renamed": [{"customer": code, "before": before, "after": after} for code, before, after in self.renamed[:_MOST_TOLD]],
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
    with opened(path) as file, tuples.many_tuples(), transaction.atomic():
        locked = Company.objects.select_for_update().get(pk=company.pk)
        known = Source.objects.filter(company=locked, kind=KIND, code=source).first() or Source(company=locked, kind=KIND, code=source)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        _refuse_out_of_turn(known, digest, as_of)
        known.columns = known.columns | dict(columns or {})
        table = _table(path, file, locked, known.columns, sheet, progress)
        before = applied_before(locked, KIND, digest)
        with imprinted(locked), bulk.temporary(TABLES):
            taking = _Taking(locked, known.key, as_of, table)
            taking.read(path)
            taken = taking.take(whole=whole)
            facts = taking.settle()
            changes = any(taken.counts["due_items"][fate] for fate in ("created", "changed", "gone"))
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
    """The writing of one list, inside its transaction: first its lines are read, then they are compared and written, all at once."""

    def __init__(self, company: Company, key: str, as_of: date, table: Table) -> None:
        self._company, self._key, self._as_of, self._table = company, key, as_of, table
        self._further = {what: place for place, what in enumerate(table.further)}
        self._tells_amounts = "amount" in table.heads.places
        self._posting, self._items = Posting(company.pk), ListedItems(company.pk, key, as_of)
        self._taken = TakenOver(table.recognised(), counts={"customers": Counter(), "due_items": Counter()})
        self._stored = Customers(company.pk)
        self._customers: dict[str, tuple[Any, ...]] = {}  # of those of the list who are held: identifier, name, payment terms
        self._ids: dict[str, int] = {}  # of all customers of the list
        self._fresh_ids = _fresh_ids()
        self._first: dict[str, list[str]] = {}  # by customer of the list: what else the first of his lines says
        self._names: dict[str, str] = {}  # the last one given
        self._methods = by_code_or_name(PaymentMethod, company, "label")
        self._reps = by_code_or_name(Collaborator, company)
        self._method_of = _Once(lambda said: self._methods.get(collation_key(said)))
        self._currencies: set[str] = set()
        self._unknown: Counter[str] = Counter()

    # -- reading

    def read(self, path: Path) -> None:
        """Put every line where it is compared. Raises Unreadable with every fault of the list, Refused where it breaks off."""
        batches, problems = self._table.batches(), self._table.problems
        try:
            while some := put_together(islice(batches, _BATCHES)):
                self._items.add(self._lines(some))
        except NoTable as error:
            raise Refused(f"{path.name}: {error}") from None
        if len(self._currencies) > 1 and not problems:
            for line, number in self._items.in_two_currencies():
                problems.add(line, "", f"document {number} is listed in two currencies")
        if problems:
            raise Unreadable(path.name, list(problems), problems.count)
        self._taken.remarks = self._table.remarks()

    def _lines(self, items: Columns) -> Columns:
        """Items column by column, as ``LINE`` of ``models/listed`` has them."""
        line, codes, names, numbers, types, on, until, amounts, left, currencies, *further = items
        self._meet(codes, names, further)
        self._currencies.update(currencies)
        due = until if all(until) else list(map(self._due_on, codes, on, until))
        ids = list(map(self._ids.__getitem__, codes))
        nothing = [None] * len(line)
        totals = amounts if self._tells_amounts else nothing
        labels = [text[:200] for text in further[self._further["label"]]] if "label" in self._further else [""] * len(line)
        methods = self._methods_named(further[self._further["payment_method"]]) if "payment_method" in self._further else nothing
        return [line, ids, numbers, currencies, due, left, totals, types, on, labels, methods]

    def _meet(self, codes: Sequence[str], names: Sequence[str], further: Columns) -> None:
        """Keep what is needed of customers: their names and, of each, what his first line says of him."""
        named = zip(codes, names, strict=True)
        self._names.update(named if all(names) else [(code, name) for code, name in named if name])
        if unmet := set(codes).difference(self._first):
            self._customers |= (held := self._stored.by_code(unmet, "id", "name", "payment_terms"))
            self._ids |= {code: row[0] for code, row in held.items()}
            for code, *said in zip(codes, *further, strict=True):
                if code in unmet and code not in self._first:
                    self._first[code] = said
                    if code not in self._ids:
                        self._ids[code] = next(self._fresh_ids)

    def _methods_named(self, said: Sequence[str]) -> Sequence[int | None]:
        found = list(map(self._method_of.__getitem__, said))
        self._unknown.update(
            f'there is no payment method "{text[:40]}"' for text, pk in zip(said, found, strict=True) if text and pk is None
        )
        return found

    def _due_on(self, code: str, on: date, until: date | None) -> date:
        return until or due_date(self._terms_of(code), on)

    def _terms_of(self, code: str) -> PaymentTerms:
        known = self._customers.get(code)
        return terms_of((known[2] if known else "") or self._company.payment_terms)

    # -- writing

    def take(self, *, whole: bool) -> TakenOver:
        """Write what the list says of its customers, and what its silence says of the others; return what became of it."""
        self._write_customers()
        self._items.compare(whole=whole)
        taken, kinds = self._taken, self._items.kinds
        for kind, count in kinds.items():
            taken.counts["due_items"][{"new": "created", "kept": "same"}.get(kind, kind)] += count
        taken.outcomes, taken.sums = self._items.outcomes(_MOST_TOLD), self._items.sums()
        taken.further = kinds.total() - kinds["same"] - len(taken.outcomes)
        if kinds["kept"]:
            self._unknown["an item that another source booked stays as it is"] = kinds["kept"]
        taken.remarks += [Problem(0, "", f"{what}: {count} times") for what, count in self._unknown.items()]
        return taken

    def settle(self) -> list[Fact]:
        """Book the items, and the payments that settle what was paid; return what happened to customers."""
        mark = last_id(DueItem)
        self._items.book(self._posting)
        self._items.settle(self._posting, list(self._payments()), mark)
        return [*self._posting.settle(), *self._posting.follow_returned_debits()]

    def _payments(self) -> Iterator[PaymentRow]:
        taken = set(
            Payment.objects.filter(company=self._company, reference__startswith=self._reference("")).values_list("reference", flat=True)
        )
        for pk, (customer, code, currency, total) in zip(_fresh_ids(Payment), self._items.settled(), strict=False):
            kind = "netting" if total == 0 else "payment" if total > 0 else "return"
            reference = _unused(self._reference(code), taken)
            yield PaymentRow(pk, reference, self._as_of, int(total), currency, kind, customer, source_key=self._key)

    def _reference(self, customer: str) -> str:
        return f"LISTE {self._as_of.isoformat()} {customer}"[:70]

    # -- customers

    def _write_customers(self) -> None:
        fresh = [code for code in self._first if code not in self._customers]
        usual = bulk.defaults(Customer) | {"company_id": self._company.pk}
        columns = ("id", *bulk.defaults(Customer))
        rows = (usual | self._customer(code) for code in fresh)
        bulk.insert(Customer, columns, ([row[column] for column in columns] for row in rows))
        self._taken.renamed = renamed = [
            (code, known[1], name)
            for code, said in self._names.items()
            if (known := self._customers.get(code)) and (name := said[:200]) not in ("", known[1])
        ]
        bulk.update(Customer, ("name", "sort_name"), [(self._ids[code], name, collation_key(name)[:250]) for code, _, name in renamed])
        self._write_sites()
        same = len(self._first) - len(fresh) - len(renamed)
        self._taken.counts["customers"].update(created=len(fresh), changed=len(renamed), same=same)

    def _customer(self, code: str) -> dict[str, Any]:
        """What is written of a customer who is new."""
        name = (self._names.get(code) or code)[:200]
        rep, said = None, self._said(code, "sales_rep")
        if said and (rep := self._reps.get(collation_key(said))) is None:
            self._unknown[f'there is no sales rep "{said[:40]}"'] += 1
        return {"id": self._ids[code], "code": code, "name": name, "sort_name": collation_key(name)[:250], "sales_rep_id": rep}

    def _write_sites(self) -> None:
        """A customer without any site gets one where the list has an address of his."""
        if not any(what in self._further for what in _OF_THE_SITE):
            return
        sited = set(Site.objects.filter(company=self._company).values_list("customer_id", flat=True))
        for code in self._first:
            said = {what: self._said(code, what) for what in _OF_THE_SITE}
            if self._ids[code] not in sited and any(said.values()):
                Site.objects.create(company=self._company, customer_id=self._ids[code], code="1", **said)

    def _said(self, code: str, what: str) -> str:
        """What the first line of a customer says in a column that not every list has."""
        place = self._further.get(what)
        return "" if place is None else self._first[code][place]


class _Once(dict[str, int | None]):
    """What each word means, looked up once."""

    def __init__(self, look_up: Callable[[str], int | None]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, said: str) -> int | None:
        self[said] = found = self._look_up(said)
        return found


def _fresh_ids(model: type[Customer | Payment] = Customer) -> Iterator[int]:
    while True:
        yield from bulk.reserve_ids(model, _RESERVED)


def _unused(reference: str, taken: set[str]) -> str:
    """The reference, or with the first number behind it that makes it unused; it is taken then."""
    found, number = reference, 1
    while found in taken:
        number += 1
        found = f"{reference} ({number})"
    taken.add(found)
    return found
