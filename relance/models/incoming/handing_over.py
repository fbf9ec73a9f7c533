"""Is the money of a bank entry in the ledger already, or does it come there later? One payment then, not two: the ledger's.

Money is the same where customer, amount and currency are, and the days lie near each other; each payment is taken once, the nearest first.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from relance.core.names import collation_key
from relance.core.reconciling import is_named, number_keys, said_keys
from relance.models import bulk, tuples
from relance.models.bank import BankEntry, Match, next_number
from relance.models.company import Company
from relance.models.events import Fact
from relance.models.incoming.matching import MATCH_COLUMNS, SOURCE, set_matched
from relance.models.incoming.posting import AllocationRow, Posting
from relance.models.ledger import Allocation, Payment

_BOOKED = ("certain", "in_the_ledger")  # how an entry was matched that the ledger had already, and why
NEAR = timedelta(10)  # days between the bank's date and the ledger's


class _Paid(NamedTuple):
    """A payment, or an entry, as it is compared."""

    id: int
    date: date
    amount: int
    currency: str
    customer: int


def hand_over(company: Company, posting: Posting, first: date, last: date) -> list[Fact]:
    """Let payments that the ledger has just told take the place of those made of bank entries, with what these had settled.

    What the ledger itself letters stays as it letters it. Return what happened; the caller settles the posting.
    """
    ours = _paid(Payment.objects.filter(company=company, source_key__startswith=SOURCE, date__range=(first - NEAR, last + NEAR)))
    theirs = _paid(_of_the_ledger(company, first, last)) if ours else []
    pairs = list(_pairs(ours, theirs))
    if not pairs:
        return []
    lettered = {pk for (pk,) in Payment.objects.filter(pk__in=[new for _, new in pairs]).exclude(allocated_amount=0).values_list("pk")}
    moved = [(old, new) for old, new in pairs if new not in lettered]
    stored = Allocation.objects.filter(payment__in=tuples.among([old for old, _ in moved])).values_list(*AllocationRow._fields)
    to = dict(moved)
    rows = [AllocationRow(to[row[0]], *row[1:]) for row in tuples.stream(stored)]
    posting.replace_allocations([pk for pair in pairs for pk in pair if pk not in lettered], rows)
    held = Match.objects.filter(payment__in=tuples.among([old for old, _ in pairs]))
    bulk.touching(Match, list(held.values_list("pk", flat=True)))
    for old, new in pairs:
        Match.objects.filter(payment=old).update(payment=new, **({"parts": []} if new in lettered else {}))
    gone = {one.pk: one for one in Payment.objects.filter(pk__in=[old for old, _ in pairs])}
    return [_handed_over(gone[old], Payment.objects.get(pk=new)) for old, new in pairs]


def forget_handed_over(company: Company) -> None:
    """Take away the payments whose place the ledger's have taken: no match is theirs any more."""
    kept = Match.objects.filter(payment=OuterRef("pk"))
    gone = Payment.objects.filter(~Exists(kept), company=company, source_key__startswith=SOURCE)
    bulk.touching(Payment, list(gone.values_list("pk", flat=True)))
    gone.delete()


def recognise_booked(company: Company, entries: Collection[BankEntry], by: str) -> list[Fact]:
    """Entries whose money the ledger has already, by amount, day and a sign of whose it is: they wait no longer, and make no payment."""
    asked = [entry for entry in entries if entry.kind != "other"]
    if not asked:
        return []
    days = [entry.booked_on for entry in asked]
    booked = list(_of_the_ledger(company, min(days), max(days)).select_related("customer"))
    by_amount: dict[tuple[int, str], list[Payment]] = defaultdict(list)
    for payment in booked:
        by_amount[payment.amount, payment.currency].append(payment)
    numbers = _settled_by([payment.pk for payment in booked])
    recognised: list[tuple[BankEntry, Payment]] = []
    for entry in asked:
        near = [one for one in by_amount[entry.amount, entry.account.currency] if abs(one.date - entry.booked_on) <= NEAR]
        found = [one for one in near if _is_signed(entry, one, numbers.get(one.pk, set()))]
        if len({one.customer_id for one in found}) == 1:
            payment = min(found, key=lambda one: (abs(one.date - entry.booked_on), one.pk))
            by_amount[payment.amount, payment.currency].remove(payment)
            recognised.append((entry, payment))
    return _recognised(company, recognised, by)


def _of_the_ledger(company: Company, first: date, last: date) -> QuerySet[Payment]:
    """Payments that came from a ledger or a dossier, near these days, and are no bank entry's yet."""
    taken = Match.objects.filter(payment=OuterRef("pk"), entry__isnull=False)
    found = Payment.objects.filter(company=company, customer__isnull=False, kind__in=("payment", "return"))
    return (
        found.filter(~Exists(taken), date__range=(first - NEAR, last + NEAR)).exclude(source_key__startswith=SOURCE).order_by("date", "id")
    )


def _recognised(company: Company, pairs: Sequence[tuple[BankEntry, Payment]], by: str) -> list[Fact]:
    """Match entries with the payments that they are, all together."""
    numbered = list(enumerate(pairs, next_number(company.pk)))
    said: tuple[Any, ...] = (timezone.now(), by[:150], *_BOOKED, [], [])
    rows = ((company.pk, number, payment.pk, entry.pk, *said) for number, (entry, payment) in numbered)
    bulk.insert(Match, MATCH_COLUMNS, rows)
    set_matched([entry.pk for entry, _ in pairs])
    how, reason = _BOOKED
    told = {"how": how, "reason": reason, "parts": []}
    return [
        Fact("payment_matched", customer_id=payment.customer_id, facts={"match": number, "payment": payment.reference} | told)
        for number, (_, payment) in numbered
    ]


def _paid(payments: QuerySet[Payment]) -> list[_Paid]:
    rows = payments.filter(customer__isnull=False).order_by("date", "id").values_list("id", "date", "amount", "currency", "customer_id")
    return [_Paid(*row) for row in tuples.stream(rows)]


def _pairs(ours: list[_Paid], theirs: list[_Paid]) -> Iterator[tuple[int, int]]:
    same: dict[tuple[int, int, str], list[_Paid]] = defaultdict(list)
    for one in theirs:
        same[one.customer, one.amount, one.currency].append(one)
    for one in ours:
        near = [other for other in same[one.customer, one.amount, one.currency] if abs(other.date - one.date) <= NEAR]
        if near:
            nearest = min(near, key=lambda other: (abs(other.date - one.date), other.id))
            same[one.customer, one.amount, one.currency].remove(nearest)
            yield one.id, nearest.id


def _settled_by(payments: Collection[int]) -> dict[int, set[str]]:
    """By payment, the keys of the numbers of what it settles."""
    found: dict[int, set[str]] = defaultdict(set)
    allocations = Allocation.objects.filter(payment__in=tuples.among(list(payments)))
    for payment, number in tuples.stream(allocations.order_by().values_list("payment_id", "due_item__document__number")):
        found[payment] |= number_keys(number)
    return found


def _is_signed(entry: BankEntry, payment: Payment, numbers: set[str]) -> bool:
    """Whether the entry bears the customer's name, or names what the payment settled."""
    assert payment.customer is not None
    called = entry.payer_key or collation_key(entry.says)
    return is_named(payment.customer.sort_name, called) or not numbers.isdisjoint(said_keys(entry.says))


def _handed_over(old: Payment, new: Payment) -> Fact:
    changed = [{"what": "payment", "before": old.reference, "after": new.reference}]
    return Fact("payment_handed_over", customer_id=new.customer_id, facts={"changed": changed})
