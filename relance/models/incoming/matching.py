"""How does money come to due items, and how is that undone? Many decisions at once, each remembered with what undoing it puts back.

The caller holds a transaction and the company's row. Decisions are checked against what is open at that moment.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils import timezone

from relance.core import money
from relance.models import bulk, tuples
from relance.models.bank import BankEntry, Match, next_number
from relance.models.company import Company, PaymentMethod
from relance.models.events import Fact
from relance.models.incoming.posting import AllocationRow, PaymentRow, Posting
from relance.models.ledger import Allocation, Document, DueItem, Payment
from relance.models.parties import Customer

SOURCE = "bank:"
MATCH_COLUMNS = ("company_id", "number", "payment_id", "entry_id", "at", "by", "how", "reason", "parts", "restores")


class Decided(NamedTuple):
    """What is decided of a bank entry, or of a payment that is there already: whose it is, and its parts by due item, signed like it."""

    customer: int
    parts: tuple[tuple[int, int], ...]
    how: str
    reason: str = ""
    entry: BankEntry | None = None
    payment: Payment | None = None
    amount: int = 0  # of the payment made of an entry: all of it, or what is this customer's


class Untrue(Exception):
    """What was decided does not fit what is open now; the message is for a user."""


class _Item(NamedTuple):
    id: int
    customer: str  # the document's own
    billed: int
    document: int
    number: str
    no: int
    currency: str
    open: int
    allocated: int


def match(company_id: int, decided: Sequence[Decided], by: str) -> tuple[list[Match], list[Fact]]:
    """Book the decisions; return the matches and what happened, for the caller to record. Raises Untrue."""
    items = _items(part[0] for one in decided for part in one.parts)
    _check(decided, items)
    posting = Posting(company_id)
    payments = _book(posting, decided)
    levels = _levels(decided)
    happened = [*posting.settle(), *posting.follow_returned_debits()]
    matches = _remember(company_id, decided, payments, items, _restored(happened, levels), by)
    set_matched([one.entry.pk for one in decided if one.entry is not None])
    facts = [_matched(one, kept, payment[1]) for one, kept, payment in zip(decided, matches, payments, strict=True)]
    return matches, [*facts, *happened]


def set_matched(entries: Collection[int]) -> None:
    """Entries wait no longer: they are matched."""
    bulk.touching(BankEntry, entries)
    BankEntry.objects.filter(pk__in=tuples.among(entries)).update(state="matched")


def undo(company_id: int, matches: Sequence[Match]) -> list[Fact]:
    """Take matches back; payments made of entries go, entries wait again. Raises Untrue where something came on top of one."""
    _refuse_overlaid(matches)
    posting = Posting(company_id)
    made = [one for one in matches if _made(one)]
    others = [one for one in matches if not _made(one)]
    posting.replace_allocations([one.payment_id for one in made], [])
    kept = [row for one in others for row in _without(one)]
    posting.replace_allocations([one.payment_id for one in others], kept)
    happened = posting.settle()
    facts = [_undone(one) for one in matches]
    restored = [fact for one in matches for fact in _put_back(company_id, one)]
    entries = [one.entry_id for one in matches if one.entry_id]
    Match.objects.filter(pk__in=[one.pk for one in matches]).delete()
    Payment.objects.filter(pk__in=[one.payment_id for one in made]).delete()
    BankEntry.objects.filter(pk__in=entries).update(state="waiting")
    return [*facts, *restored, *happened]


def is_of_the_bank(payment: Payment) -> bool:
    """Whether a payment was made of a bank entry, and of nothing else."""
    return payment.source_key.startswith(SOURCE)


# -- booking


def _items(ids: Iterable[int]) -> dict[int, _Item]:
    columns = ("id", "document__customer__code", "billed_customer_id", "document_id", "document__number", "no", "document__currency")
    found = DueItem.objects.filter(pk__in=tuples.among(list(ids))).order_by()
    rows = tuples.stream(found.values_list(*columns, "open_amount", "allocated_amount"))
    return {row[0]: _Item(*row) for row in rows}


def _check(decided: Iterable[Decided], items: Mapping[int, _Item]) -> None:
    """Each part goes to a due item of the customer, in the currency of the money, and no further than it is open (or was settled)."""
    taken: dict[int, int] = defaultdict(int)
    for one in decided:
        amount, currency = _money_of(one)
        for pk, part in one.parts:
            item = items.get(pk)
            if item is None or item.billed != one.customer:
                raise Untrue("a document is not this customer's")
            if item.currency != currency:
                raise Untrue(f"{item.number} is in {item.currency}, the payment in {currency}")
            taken[pk] += part
            if not _fits(item, taken[pk]):
                told = money.show(item.open if amount > 0 else item.allocated, currency)
                raise Untrue(f"{item.number}: {told} {'is open' if amount > 0 else 'was settled'}, not {money.show(abs(part), currency)}")
        total = sum(part for _, part in one.parts)
        if abs(total) > abs(amount) or total * amount < 0:
            raise Untrue(f"the parts make {money.show(total, currency)}, of a payment of {money.show(amount, currency)}")


def _fits(item: _Item, part: int) -> bool:
    """Money settles up to what is open, a credit note takes up to what is left of it; what comes back re-opens up to what was settled."""
    if part and (part > 0) == (item.open > 0) and item.open:
        return abs(part) <= abs(item.open)
    return part < 0 and item.allocated >= -part


def _money_of(one: Decided) -> tuple[int, str]:
    if one.entry is not None:
        return one.amount, one.entry.account.currency
    assert one.payment is not None
    return one.payment.remaining_amount, one.payment.currency


def _book(posting: Posting, decided: Sequence[Decided]) -> list[tuple[int, str]]:
    """Store payments and allocations; the identifier and reference of each decision's payment."""
    fresh = [one for one in decided if one.entry is not None]
    ids = iter(bulk.reserve_ids(Payment, len(fresh)))
    taken: dict[int, int] = defaultdict(int)
    payments, rows, allocations, added = [], [], [], dict[int, list[AllocationRow]]()
    for one in decided:
        if one.entry is None:
            assert one.payment is not None
            pk, reference, on = one.payment.pk, one.payment.reference, one.payment.date
            added[pk] = [AllocationRow(pk, item, on, part) for item, part in one.parts]
        else:
            pk, on = next(ids), one.entry.booked_on
            taken[one.entry.pk] += 1
            reference = _reference(one.entry, taken[one.entry.pk])
            key = f"{SOURCE}{one.entry.account.code}:{one.entry.key}"
            kind = "payment" if one.amount > 0 else "return"
            rows.append(PaymentRow(pk, reference, on, one.amount, one.entry.account.currency, kind, one.customer, source_key=key))
            allocations += [AllocationRow(pk, item, on, part) for item, part in one.parts]
        payments.append((pk, reference))
    posting.add_allocated((("id", "amount"), []), (PaymentRow._fields, rows), allocations)
    stored = Allocation.objects.filter(payment__in=tuples.among(list(added))).order_by("id").values_list(*AllocationRow._fields)
    before = [AllocationRow(*row) for row in tuples.stream(stored)]
    if added:
        posting.replace_allocations(list(added), [*before, *(row for some in added.values() for row in some)])
    return payments


def _reference(entry: BankEntry, part: int) -> str:
    """What a payment made of an entry is called: its day, and letters that no other entry has."""
    digest = hashlib.sha256(f"{entry.account.code}:{entry.key}".encode()).hexdigest()[:10]
    return f"BQ {entry.booked_on.isoformat()} {digest}" + (f"/{part}" if part > 1 else "")


def _levels(decided: Iterable[Decided]) -> dict[int, str]:
    customers = Customer.objects.filter(pk__in=tuples.among([one.customer for one in decided]))
    return dict(tuples.stream(customers.values_list("id", "code")))


# -- remembering


def _restored(happened: Iterable[Fact], codes: Mapping[int, str]) -> dict[tuple[str, int], list[Any]]:
    """What undoing puts back: a customer's level, and a document's payment method."""
    found: dict[tuple[str, int], list[Any]] = {}
    for fact in happened:
        before = fact.facts["changed"][0]["before"]
        if fact.what == "customer_level_reset" and fact.customer_id is not None and fact.customer_id in codes:
            found["level", fact.customer_id] = ["level", codes[fact.customer_id], before]
        elif fact.what == "payment_method_set" and fact.document_id is not None:
            found["payment_method", fact.document_id] = ["payment_method", before]
    return found


def _remember(
    company_id: int,
    decided: Sequence[Decided],
    payments: Sequence[tuple[int, str]],
    items: Mapping[int, _Item],
    restored: dict[tuple[str, int], list[Any]],
    by: str,
) -> list[Match]:
    first, at, rows = next_number(company_id), timezone.now(), []
    for number, (one, (payment, _)) in enumerate(zip(decided, payments, strict=True), first):
        on = one.entry.booked_on if one.entry is not None else one.payment.date  # type: ignore[union-attr]  # it is one or the other
        parts = [[items[pk].customer, items[pk].number, items[pk].no, on.isoformat(), part] for pk, part in one.parts]
        restores = [restored.pop(("level", one.customer), None)]
        for pk, _ in one.parts:
            method = restored.pop(("payment_method", items[pk].document), None)
            restores.append(method and [method[0], items[pk].customer, items[pk].number, method[1]])
        entry = one.entry.pk if one.entry is not None else None
        kept = [what for what in restores if what]
        rows.append((company_id, number, payment, entry, at, by[:150], one.how, one.reason, parts, kept))
    bulk.insert(Match, MATCH_COLUMNS, rows)
    return [Match(**dict(zip(MATCH_COLUMNS, row, strict=True))) for row in rows]


def _matched(one: Decided, kept: Match, reference: str) -> Fact:
    amount, currency = _money_of(one)
    told = {"match": kept.number, "payment": reference, "amount": money.show(amount, currency), "how": one.how, "reason": one.reason}
    return Fact("payment_matched", customer_id=one.customer, facts=told | {"parts": told_parts(kept, currency)})


def told_parts(one: Match, currency: str) -> list[dict[str, Any]]:
    """The parts of a match as JSON has them."""
    names = ("customer", "document", "no", "date")
    return [dict(zip(names, part, strict=False)) | {"amount": money.show(part[4], currency)} for part in one.parts]


# -- undoing


def _made(one: Match) -> bool:
    return one.entry_id is not None and is_of_the_bank(one.payment)


def _refuse_overlaid(matches: Sequence[Match]) -> None:
    given = {one.pk for one in matches}
    payments = {one.payment_id: one.number for one in matches}
    for later in Match.objects.filter(payment__in=payments).exclude(pk__in=given).order_by("number"):
        if later.number > payments[later.payment_id]:
            raise Untrue(f"match {later.number} came after this one, on the same payment: undo that one first")
    for one in matches:
        allocated = sum(part[4] for part in one.parts)
        if _made(one) and one.payment.allocated_amount != allocated:
            raise Untrue(f"payment {one.payment.reference} has been allocated otherwise since: correct it where that was done")


def _without(one: Match) -> Iterator[AllocationRow]:
    """The payment's allocations less those of the match. Raises Untrue where they are no longer there."""
    columns = ("due_item__document__customer__code", "due_item__document__number", "due_item__no", "date", "amount")
    stored = Allocation.objects.filter(payment=one.payment_id).order_by("id").values_list("due_item_id", *columns)
    going = [(part[0], part[1], part[2], dt.date.fromisoformat(part[3]), part[4]) for part in one.parts]
    for item, *named in stored:
        if tuple(named) in going:
            going.remove(tuple(named))
        else:
            yield AllocationRow(one.payment_id, item, named[3], named[4])
    if going:
        raise Untrue(f"the allocations of payment {one.payment.reference} have been replaced since: there is nothing to undo")


def _put_back(company_id: int, one: Match) -> Iterator[Fact]:
    """The level that settling had reset, the payment method that a return had replaced, where nothing has changed them since."""
    for what, customer, *rest in one.restores:
        if what == "level":
            found = Customer.objects.filter(company=company_id, code=customer, level=0)
            pk = found.values_list("pk", flat=True).first()
            if pk is not None and found.update(level=rest[0]):
                yield Fact("level_set", customer_id=pk, facts={"changed": [{"what": "level", "before": 0, "after": rest[0]}]})
        else:
            yield from _method_back(company_id, customer, *rest)


def _method_back(company_id: int, customer: str, number: str, code: str) -> Iterator[Fact]:
    method = PaymentMethod.objects.filter(company=company_id, code=code).first()
    fallback = Company.objects.filter(pk=company_id).values("fallback_payment_method")
    documents = Document.objects.filter(company=company_id, customer__code=customer, number=number, payment_method__in=fallback)
    document = documents.select_related("payment_method").first()
    if method is not None and document is not None and document.payment_method is not None:
        changed = {"what": "payment_method", "before": document.payment_method.code, "after": code}
        Document.objects.filter(pk=document.pk).update(payment_method=method)
        yield Fact("payment_method_set", customer_id=document.billed_customer_id, document_id=document.pk, facts={"changed": [changed]})


def _undone(one: Match) -> Fact:
    currency = one.payment.currency
    told = {"match": one.number, "payment": one.payment.reference, "amount": money.show(one.payment.amount, currency)}
    return Fact("match_undone", customer_id=one.payment.customer_id, facts=told | {"parts": told_parts(one, currency)})


def open_after(company: Company, matches: Iterable[tuple[int, Match]]) -> Iterator[dict[str, Any]]:
    """What matches made (1) or undone (-1) changed: what was open of each due item before, and is now."""
    moved: dict[tuple[str, str, int], int] = defaultdict(int)
    for sign, one in matches:
        for customer, number, no, _, part in one.parts:
            moved[customer, number, no] += sign * part
    numbers = {number for _, number, _ in moved}
    items = DueItem.objects.filter(company=company, document__number__in=tuples.among(list(numbers), str), document__customer__isnull=False)
    columns = ("document__customer__code", "document__number", "no", "open_amount", "document__currency")
    for customer, number, no, left, currency in items.order_by("document__number", "no").values_list(*columns):
        if part := moved.get((customer, number, no)):
            before, after = money.show(left + part, currency), money.show(left, currency)
            yield {"customer": customer, "document": number, "no": no, "what": "open", "before": before, "after": after}
