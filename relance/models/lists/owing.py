"""Which customers are asked for, and what does each of them owe? The list of customers, a page at a time, without counting the rest.

What is overdue is what is open of invoices past their due date, before any credit; the balance is all that is open, less the credits.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Sum

from relance.models import fields, tuples
from relance.models.company import Company
from relance.models.ledger import DueItem, Payment
from relance.models.lists.search import customer_like
from relance.models.parties import Customer

BY_NAME: tuple[str, ...] = ("name_order", "pk")  # of what ``named`` finds


class Wanted(NamedTuple):
    """Whom the list is to show; what is left empty is not asked."""

    text: str = ""
    overdue: bool = False
    level: int | None = None
    sales_rep: str = ""
    type: str = ""
    held: bool = False
    insolvent: bool = False
    dunned_from: date | None = None
    dunned_to: date | None = None
    never_dunned: bool = False


class Figures(NamedTuple):
    """What a customer owes in one currency, in minor units; the oldest due date among what is overdue."""

    currency: str
    balance: int
    overdue: int
    oldest: date | None


def named(company: Company, wanted: Wanted, on: date) -> QuerySet[Customer]:
    """The customers asked for; ``name_order`` is what sorts them by name."""
    return _wanted(company, wanted, on).annotate(name_order=fields.in_byte_order("sort_name")).select_related("sales_rep")


def overdue(company: Company, wanted: Wanted, on: date) -> QuerySet[DueItem, Any]:
    """Of the customers asked for, those with something overdue: ``billed_customer``, and ``late`` to sort them by.

    It adds up currencies to find an order, and for nothing else: whoever owes in another one is not lost from sight.
    """
    late = _late(company, on)
    if wanted._replace(overdue=False) != Wanted():
        late = late.filter(billed_customer__in=_wanted(company, wanted._replace(overdue=False), on))
    return late.order_by().values("billed_customer").annotate(late=Sum("open_amount"))


def last_dunned(found: QuerySet[Customer], first: date | None, last: date | None, *, never: bool) -> QuerySet[Customer]:
    """Those of the customers who were last dunned in these days, or never."""
    if never:
        found = found.filter(last_dunned_on=None)
    if first:
        found = found.filter(last_dunned_on__gte=first)
    return found.filter(last_dunned_on__lte=last) if last else found


def figures_of(company: Company, customers: Collection[int], on: date) -> dict[int, list[Figures]]:
    """By customer (identifier), what it owes on a day as things stand now, the company's currency first."""
    late = Q(open_amount__gt=0, due_date__lt=on, document__type="invoice")
    items = DueItem.objects.filter(company=company, billed_customer__in=tuples.among(customers)).exclude(open_amount=0).order_by()
    sums = items.values_list("billed_customer", "document__currency").annotate(
        balance=Sum("open_amount"), overdue=Sum("open_amount", filter=late, default=0), oldest=Min("due_date", filter=late)
    )
    found = {(pk, currency): Figures(currency, *rest) for pk, currency, *rest in sums}
    for pk, currency, remaining in _remainders(company, customers):
        known = found.get((pk, currency), Figures(currency, 0, 0, None))
        found[pk, currency] = known._replace(balance=known.balance - remaining)
    by_customer: dict[int, list[Figures]] = {}
    for pk, currency in sorted(found, key=lambda one: (one[1] != company.currency, one[1])):
        by_customer.setdefault(pk, []).append(found[pk, currency])
    return by_customer


def added_up(figures: dict[int, list[Figures]]) -> dict[str, tuple[int, int]]:
    """By currency: what all these customers owe, and how much of it is overdue."""
    balances: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    for one in (one for of_customer in figures.values() for one in of_customer):
        balances[one.currency] += one.balance
        overdue[one.currency] += one.overdue
    return {currency: (balances[currency], overdue[currency]) for currency in balances}


def _late(company: Company, on: date) -> QuerySet[DueItem]:
    """Open due items past their due date; what is above zero is an invoice's."""
    return DueItem.objects.filter(company=company, billed_customer__isnull=False, open_amount__gt=0, due_date__lt=on).exclude(open_amount=0)


def _remainders(company: Company, customers: Collection[int]) -> Any:
    payments = Payment.objects.filter(company=company, customer__in=tuples.among(customers)).exclude(remaining_amount=0)
    return payments.order_by().values_list("customer", "currency").annotate(Sum("remaining_amount"))


def _wanted(company: Company, wanted: Wanted, on: date) -> QuerySet[Customer]:
    found = Customer.objects.filter(company=company)
    if wanted.text:
        found = found.filter(customer_like(wanted.text))
    if wanted.overdue:
        found = found.filter(Exists(_late(company, on).filter(billed_customer=OuterRef("pk"))))
    if wanted.level is not None:
        found = found.filter(level=wanted.level)
    if wanted.sales_rep:
        found = found.filter(sales_rep__code=wanted.sales_rep)
    if wanted.type:
        found = found.filter(type=wanted.type)
    if wanted.held:
        found = found.filter(Q(held_until=None) | Q(held_until__gte=on), held_from__lte=on)
    found = last_dunned(found, wanted.dunned_from, wanted.dunned_to, never=wanted.never_dunned)
    return found.filter(insolvent_on__isnull=False) if wanted.insolvent else found
