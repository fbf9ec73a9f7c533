"""What was allocated since a date, and so was still open on it?

An allocation counts from the day on which it, its payment and its document are all there. So what is open on a date, less what payments
have left on it, is the ledger's balance of that date, whatever was paid in advance.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Literal, NamedTuple

from django.db.models import Q, QuerySet, Sum

from relance.models.bulk import among
from relance.models.company import Company
from relance.models.ledger import Allocation

Side = Literal["due_item", "payment"]


_OWNER = {"due_item": "due_item__document__billed_customer__in", "payment": "payment__customer__in"}


class Since(NamedTuple):
    """What does not count yet on a date, in minor units by due item, or by payment (identifiers)."""

    totals: dict[int, int]
    candidates: Q | None  # which settled due items, or used up payments, may have been open; None: none


def allocated_since(companies: Collection[Company], as_of: date, side: Side, customers: Collection[int] | None = None) -> Since:
    """Add up the allocations that do not count yet on the date; ``customers`` restricts to some (identifiers)."""
    whose = Q() if customers is None else Q((_OWNER[side], among(customers)))
    dated_later, *of_something_later = later_allocations(companies, as_of)
    totals = dict(_sums(dated_later.filter(whose), side))
    candidates = Q(last_allocated_on__gt=as_of) if totals else None
    for later in of_something_later:
        allocations = later.filter(whose)
        found = dict(_sums(allocations, side))
        if found:
            candidates = (candidates or Q()) | Q(pk__in=allocations.values(side))
        for owner, total in found.items():
            totals[owner] = totals.get(owner, 0) + total
    return Since(totals, candidates)


def later_allocations(companies: Collection[Company], as_of: date) -> tuple[QuerySet[Allocation], ...]:
    """What does not count yet, each once: allocations dated later, then those whose payment is later, then those whose document alone is.

    The company is asked of the payment and the document, the date by exclusion: else SQLite starts from every allocation there is.
    """
    dated = Allocation.objects.exclude(date__gt=as_of).order_by()
    of_later_payments = dated.filter(payment__company__in=companies, payment__date__gt=as_of)
    of_later_documents = dated.filter(due_item__document__company__in=companies, due_item__document__date__gt=as_of)
    dated_later = Allocation.objects.filter(company__in=companies, date__gt=as_of).order_by()
    return dated_later, of_later_payments, of_later_documents.exclude(payment__date__gt=as_of)


def _sums(allocations: QuerySet[Allocation], side: Side) -> Iterator[tuple[int, int]]:
    return allocations.values_list(side).annotate(total=Sum("amount")).order_by().iterator()
