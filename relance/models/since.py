"""What was allocated since a date, and so was still open on it?

An allocation counts from the day on which it, its payment and its document are all there. So what is open on a date, less what payments
have left on it, is the ledger's balance of that date, whatever was paid in advance.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal, NamedTuple

from django.db.models import Q, QuerySet

from relance.models.company import Company
from relance.models.ledger import Allocation
from relance.models.tuples import among, stream

Side = Literal["due_item", "payment"]


class Since(NamedTuple):
    """What does not count yet on a date, in minor units by due item, or by payment (identifiers)."""

    totals: dict[int, int]
    candidates: Q | None  # which settled due items, or used up payments, may have been open; None: none


def allocated_since(companies: Collection[Company], as_of: date, customers: Collection[int] | None = None) -> tuple[Since, Since]:
    """Add up the allocations that do not count yet on the date, of due items and of payments.

    ``customers`` restricts to some (identifiers): to the items billed to them, and to the payments of theirs.
    """
    later = later_allocations(companies, as_of)
    if customers is None:
        of_items, of_payments = _added_up(later, as_of, ("due_item", "payment"))
        return of_items, of_payments
    theirs = among(customers)
    billed = [one.filter(due_item__document__billed_customer__in=theirs) for one in later]
    paid = [one.filter(payment__customer__in=theirs) for one in later]
    return _added_up(billed, as_of, ("due_item",))[0], _added_up(paid, as_of, ("payment",))[0]


def _added_up(later: Sequence[QuerySet[Allocation]], as_of: date, sides: Sequence[Side]) -> list[Since]:
    totals: list[dict[int, int]] = [{} for _ in sides]
    candidates: list[Q | None] = [None for _ in sides]
    for allocations in later:
        found = False
        for *owners, amount in stream(allocations.values_list(*sides, "amount")):
            found = True
            for total, owner in zip(totals, owners, strict=True):
                total[owner] = total.get(owner, 0) + amount
        for place, side in enumerate(sides) if found else ():
            which = Q(last_allocated_on__gt=as_of) if allocations is later[0] else Q(pk__in=allocations.values(side))
            candidates[place] = (candidates[place] or Q()) | which
    return list(map(Since, totals, candidates))


def later_allocations(companies: Collection[Company], as_of: date) -> tuple[QuerySet[Allocation], ...]:
    """What does not count yet, each once: allocations dated later, then those whose payment is later, then those whose document alone is.

    The company is asked of the payment and the document, the date by exclusion: else SQLite starts from every allocation there is.
    """
    dated = Allocation.objects.exclude(date__gt=as_of).order_by()
    of_later_payments = dated.filter(payment__company__in=companies, payment__date__gt=as_of)
    of_later_documents = dated.filter(due_item__document__company__in=companies, due_item__document__date__gt=as_of)
    dated_later = Allocation.objects.filter(company__in=companies, date__gt=as_of).order_by()
    return dated_later, of_later_payments, of_later_documents.exclude(payment__date__gt=as_of)
