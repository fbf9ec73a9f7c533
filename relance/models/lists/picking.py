"""Which customers can be picked for an edition? With their last level and last date, and narrowed by them (register A31, A32)."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from relance.models.company import Company
from relance.models.ledger import DueItem
from relance.models.lists.owing import last_dunned
from relance.models.lists.search import customer_like
from relance.models.parties import Customer


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked of the customers; what is empty is not asked."""

    text: str = ""  # the code begins so, or a word of the name
    level: int | None = None
    dunned_from: dt.date | None = None
    dunned_to: dt.date | None = None
    never_dunned: bool = False
    overdue_only: bool = True


def customers_to_pick(company: Company, wanted: Wanted, as_of: dt.date) -> QuerySet[Customer]:
    """The customers that answer every criterion, in no order; who is never dunned is not among them."""
    found = Customer.objects.filter(company=company, dunning_enabled=True).select_related("sales_rep")
    if wanted.text:
        found = found.filter(customer_like(wanted.text))
    if wanted.level is not None:
        found = found.filter(level=wanted.level)
    found = last_dunned(found, wanted.dunned_from, wanted.dunned_to, never=wanted.never_dunned)
    return found.filter(Exists(_overdue(company, as_of).filter(billed_customer=OuterRef("pk")))) if wanted.overdue_only else found


def overdue_of(company: Company, customers: Collection[Customer], as_of: dt.date) -> dict[int, dict[str, int]]:
    """What each of some customers owes past its due date, by currency; by identifier."""
    found: dict[int, dict[str, int]] = {}
    items = _overdue(company, as_of).filter(billed_customer__in=customers).values_list("billed_customer_id", "document__currency")
    for customer, currency, total in items.annotate(total=Sum("open_amount")).order_by("document__currency"):
        found.setdefault(customer, {})[currency] = total
    return found


def _overdue(company: Company, as_of: dt.date) -> QuerySet[DueItem]:
    """Credits are below zero; what is not zero is said as the index of open items says it."""
    return DueItem.objects.filter(~Q(open_amount=0), company=company, open_amount__gt=0, due_date__lt=as_of)
