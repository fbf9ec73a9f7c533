"""What waits -> what it was for: a person says which documents money settles, leaves it on account, sets it aside, or takes that back.

Every decision is checked against what is open when it is taken, and can be undone: the undo puts back what it had changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.timezone import localdate

from relance.core import money
from relance.core.reconciling import Candidate
from relance.models.bank import BankEntry, Match
from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.finding import find_customer, find_document
from relance.models.incoming.certain import Settled, settle_certain
from relance.models.incoming.matching import Decided, Untrue, match, open_after, undo
from relance.models.incoming.reconciling import Waiting, items_left, named, proposals
from relance.models.ledger import DueItem, Payment
from relance.models.parties import Customer
from relance.steps import Changed, Refused


class Parts(NamedTuple):
    """What somebody decides: parts by due item, signed like the money, and whose the rest is (None: the customer of the parts)."""

    parts: Sequence[tuple[int, int]] = ()
    customer: int | None = None
    reason: str = ""  # of the proposal that was accepted; none: by hand


def match_certain(company: Company, by: str) -> Settled:
    """Book what is certain among the entries that wait: documents may have come in after the money."""
    with transaction.atomic():
        settled = settle_certain(_locked(company), by)
        record(company.pk, by, settled.facts)
    return settled


def decide(company: Company, key: str, wanted: Parts, by: str) -> list[Match]:
    """Book what an entry (``e12``) or a payment (``p12``) is for; without parts it stays on account of the customer. Raises Refused."""
    with transaction.atomic():
        locked = _locked(company)
        waiting = find_waiting(locked, key)
        try:
            matches, facts = match(locked.pk, list(_decided(locked, waiting, wanted)), by)
        except Untrue as untrue:
            raise Refused(str(untrue)) from None
        record(locked.pk, by, facts)
    return matches


def accept(company: Company, key: str, place: int, by: str) -> list[Match]:
    """Take the proposal at this place, counted from 1, for what waits under the key. Raises Refused."""
    found = proposals(company, find_waiting(company, key))
    if place > len(found):
        raise Refused(f"{key} has {len(found)} proposals" if found else f"there is no proposal for {key}")
    one = found[place - 1]
    return decide(company, key, Parts(one.parts, one.customer, one.reason), by)


def settle(company: Company, key: str, documents: Sequence[tuple[str, int | None]], customer: str | None, by: str) -> list[Match]:
    """Book what waits under the key for documents by number, each wholly (None) or by an amount in minor units. Raises Refused, Unfound."""
    waiting = find_waiting(company, key)
    sign, left, parts = (1 if waiting.amount > 0 else -1), abs(waiting.amount), []
    for number, amount in documents:
        wanted = amount
        items = items_left(find_document(company, number, customer), waiting.amount)
        if not items:
            raise Refused(f"{number} has nothing {'open' if sign > 0 else 'settled'}")
        for pk, open_ in items:
            part = min(open_, left if wanted is None else wanted) if open_ > 0 else open_
            left, wanted = left - part, None if wanted is None else wanted - part
            parts += [(pk, sign * part)] if part else []
        if wanted:
            raise Refused(f"{number} has less open than {money.show(amount or 0, waiting.currency)}")
    whose = None if customer is None else find_customer(company, customer).pk
    return decide(company, key, Parts(parts, whose), by)


def leave(company: Company, key: str, customer: str | None, by: str) -> list[Match]:
    """Leave what waits under the key on account; of an entry, ``customer`` says whose it is. Raises Refused, Unfound."""
    return decide(company, key, Parts(customer=None if customer is None else find_customer(company, customer).pk), by)


def set_aside(company: Company, key: str, by: str, reason: str = "") -> BankEntry:
    """An entry is no customer's payment: it waits no longer. Raises Refused."""
    with transaction.atomic():
        locked = _locked(company)
        entry = find_waiting(locked, key).entry
        if entry is None:
            raise Refused("a payment of a customer cannot be set aside: match it, or leave it on account")
        BankEntry.objects.filter(pk=entry.pk).update(state="ignored", aside_on=localdate(), aside_by=by, aside_reason=reason)
        record(locked.pk, by, [Fact("bank_entry_set_aside", facts=told_entry(entry) | {"reason": reason})])
    return entry


def bring_back(company: Company, key: str, by: str) -> list[Match]:
    """Take back what was decided of an entry, or of a payment last; it waits again. Return the matches undone. Raises Refused."""
    with transaction.atomic():
        locked = _locked(company)
        found = _found(locked, key)
        matches = _matches(found)
        if found.entry is not None and found.entry.state == "ignored":
            if found.entry.kind == "other":
                raise Refused("this entry was never to be matched: money that went out, or that no customer paid")
            BankEntry.objects.filter(pk=found.entry.pk).update(state="waiting", aside_on=None, aside_by="", aside_reason="")
            record(locked.pk, by, [Fact("bank_entry_brought_back", facts=told_entry(found.entry))])
            return []
        if not matches:
            raise Refused("nothing was decided of it: there is nothing to undo")
        try:
            record(locked.pk, by, undo(locked.pk, matches))
        except Untrue as untrue:
            raise Refused(str(untrue)) from None
    return matches


def find_waiting(company: Company, key: str) -> Waiting:
    """What waits under a key. Raises Refused where nothing does, Changed where it was decided in the meantime."""
    found = _found(company, key)
    if found.entry is not None and found.entry.state != "waiting":
        raise Changed("this entry was matched or set aside in the meantime")
    if found.payment is not None and found.payment.remaining_amount <= 0:
        raise Changed("nothing is left of this payment: it was matched in the meantime")
    return found


def told_waiting(company: Company, waiting: Iterable[Waiting]) -> Iterator[dict[str, Any]]:
    """What waits, each with what it may be for, as JSON has it."""
    found = [(one, proposals(company, one)) for one in waiting]
    customers, items = named([candidate for _, candidates in found for candidate in candidates])
    for one, candidates in found:
        yield _told_money(one) | {
            "kind": one.entry.kind if one.entry is not None else "payment",
            "proposals": [_told_proposal(candidate, one.currency, customers, items) for candidate in candidates],
        }


def told_decided(company: Company, made: Iterable[Match], undone: Iterable[Match] = ()) -> dict[str, Any]:
    """Which matches were made and undone, and what that changed, as JSON has it."""
    matched, back = list(made), list(undone)
    changed = open_after(company, [*((1, one) for one in matched), *((-1, one) for one in back)])
    return {"matched": [one.number for one in matched], "undone": [one.number for one in back], "changed": list(changed)}


def _told_proposal(one: Candidate, currency: str, customers: Mapping[int, Customer], items: Mapping[int, DueItem]) -> dict[str, Any]:
    parts = [
        {"document": items[pk].document.number, "no": items[pk].no, "amount": money.show(part, currency)}
        for pk, part in one.parts
        if pk in items
    ]
    return {"customer": customers[one.customer].code, "parts": parts, "reason": one.reason, "confidence": one.confidence}


def told_aside(entry: BankEntry) -> dict[str, Any]:
    """An entry that was set aside, as JSON has it."""
    on = entry.aside_on.isoformat() if entry.aside_on else None
    told = {"account": entry.account.code, "on": on, "by": entry.aside_by, "reason": entry.aside_reason}
    return _told_money(Waiting(entry, None)) | told


def _told_money(one: Waiting) -> dict[str, Any]:
    """What came in, as JSON has it, whatever becomes of it."""
    entry = one.told
    return {
        "key": one.key,
        "date": one.on.isoformat(),
        "amount": money.show(one.amount, one.currency),
        "currency": one.currency,
        "payer": entry.payer if entry else "",
        "says": one.says,
    }


def told_entry(entry: BankEntry) -> dict[str, Any]:
    """An entry as the history tells it."""
    amount = money.show(entry.amount, entry.account.currency)
    told = {"account": entry.account.code, "booked_on": entry.booked_on.isoformat(), "amount": amount}
    return told | {"payer": entry.payer, "says": entry.says}


def _locked(company: Company) -> Company:
    return Company.objects.select_for_update().get(pk=company.pk)


def _found(company: Company, key: str) -> Waiting:
    kind, number = key[:1], key[1:]
    if not number.isdecimal() or not number.isascii() or len(number) > len(str(2**63)) - 1:
        raise Refused(f'neither an entry (e…) nor a payment (p…): "{key[:40]}"')
    if kind == "e":
        entry = BankEntry.objects.select_related("account").filter(company=company, pk=int(number)).first()
        if entry is not None:
            return Waiting(entry, None)
    elif kind == "p":
        payments = Payment.objects.select_related("customer").prefetch_related("matches__entry").filter(customer__isnull=False)
        payment = payments.filter(company=company, pk=int(number)).first()
        if payment is not None:
            return Waiting(None, payment)
    raise Refused(f'there is no bank entry and no payment "{key[:40]}" in {company.code}')


def _matches(found: Waiting) -> list[Match]:
    if found.entry is not None:
        return list(Match.objects.filter(entry=found.entry).select_related("payment").order_by("number"))
    last = Match.objects.filter(payment=found.payment).select_related("payment").order_by("number").last()
    return [last] if last else []


def _decided(company: Company, waiting: Waiting, wanted: Parts) -> Iterable[Decided]:
    """One decision for each customer; the rest goes to the customer named, or to the only one. Raises Refused."""
    by_customer: dict[int, list[tuple[int, int]]] = defaultdict(list)
    items = DueItem.objects.filter(company=company, pk__in=[item for item, _ in wanted.parts])
    owners = dict(items.values_list("pk", "billed_customer_id"))
    for item, part in wanted.parts:
        owner = owners.get(item)
        if owner is None:
            raise Refused("a document is not one of a customer of this company")
        by_customer[owner].append((item, part))
    if wanted.customer is not None:
        if not Customer.objects.filter(company=company, pk=wanted.customer).exists():
            raise Refused("there is no such customer")
        by_customer.setdefault(wanted.customer, [])
    if waiting.payment is not None and set(by_customer) - {waiting.payment.customer_id}:
        raise Refused("this payment is of one customer: it settles no other's documents")
    rest = waiting.amount - sum(part for _, part in wanted.parts)
    whose = _whose_rest(waiting, wanted, by_customer, rest)
    how = "left" if not wanted.parts else "accepted" if wanted.reason else "by_hand"
    if waiting.payment is not None:
        assert waiting.payment.customer_id is not None
        return [Decided(waiting.payment.customer_id, tuple(wanted.parts), how, wanted.reason, payment=waiting.payment)]
    sums = {customer: sum(part for _, part in parts) + (rest if customer == whose else 0) for customer, parts in by_customer.items()}
    return [
        Decided(customer, tuple(parts), how, wanted.reason, waiting.entry, amount=sums[customer])
        for customer, parts in by_customer.items()
        if sums[customer] or parts
    ]


def _whose_rest(waiting: Waiting, wanted: Parts, by_customer: dict[int, list[tuple[int, int]]], rest: int) -> int | None:
    """The customer who keeps on account what is left. Raises Refused."""
    if rest * waiting.amount < 0:
        shown = money.show(waiting.amount, waiting.currency)
        raise Refused(f"the parts make more than the {shown} {waiting.currency} there are")
    if wanted.customer is not None or not rest:
        return wanted.customer
    if waiting.payment is not None:
        return waiting.payment.customer_id
    if len(by_customer) != 1:
        shown = money.show(rest, waiting.currency)
        raise Refused(f"{shown} {waiting.currency} are left: say whose payment on account they are" if by_customer else "say whose it is")
    return next(iter(by_customer))
