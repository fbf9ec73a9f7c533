"""Which due items does somebody look for? Every criterion of the invoice list, one page after the other (register K37 to K40)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from relance.core.facts import NA
from relance.core.names import collation_key
from relance.models.company import Company
from relance.models.ledger import DueItem

PAGE = 100
SORTS = {"due": "due_date", "open": "open_amount", "document": "document__number", "customer": "billed_customer__sort_name"}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for; what is empty is not asked. Amounts in minor units of any currency, levels as they are stored."""

    state: str = "open"  # open, overdue, settled or all
    dunnable: bool = False  # manually (register K38)
    text: str = ""  # of a document's number, or of a customer's code or name
    customer: str = ""  # a code
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    dated_from: dt.date | None = None
    dated_to: dt.date | None = None
    level: int | None = None
    status: str = ""
    sales_rep: str = ""
    least: int | None = None
    most: int | None = None
    sort: str = "due"
    descending: bool = False


def due_items(company: Company, wanted: Wanted, today: dt.date) -> QuerySet[DueItem]:
    """The due items of customers that answer every criterion, in the order asked for."""
    items = DueItem.objects.filter(_criteria(wanted, today), company=company, billed_customer__isnull=False)
    key = SORTS.get(wanted.sort, "due_date")
    sign = "-" if wanted.descending else ""
    return items.order_by(f"{sign}{key}", f"{sign}pk")


def page(items: QuerySet[DueItem], after: int) -> tuple[list[DueItem], bool]:
    """So many rows behind the first ``after``, with what a list shows of them; and whether there are more. Nothing is counted."""
    rows = list(with_what_is_shown(items)[after : after + PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def with_what_is_shown(items: QuerySet[DueItem]) -> QuerySet[DueItem]:
    """The due items with what a list shows of their documents and customers."""
    return items.select_related("document__payment_method", "billed_customer", "status")


def sums(items: QuerySet[DueItem]) -> dict[str, int]:
    """What is open of all of them, by currency."""
    return dict(items.order_by().values_list("document__currency").annotate(Sum("open_amount")))


def _criteria(wanted: Wanted, today: dt.date) -> Q:
    found = _STATES.get(wanted.state, lambda _: Q())(today)
    if wanted.dunnable:
        found &= _manually_dunnable(today)
    if wanted.text:
        found &= _like(wanted.text)
    plain: dict[str, Any] = {
        "billed_customer__code": wanted.customer,
        "due_date__gte": wanted.due_from,
        "due_date__lte": wanted.due_to,
        "document__date__gte": wanted.dated_from,
        "document__date__lte": wanted.dated_to,
        "level": wanted.level,
        "status__code": wanted.status,
        "billed_customer__sales_rep__code": wanted.sales_rep,
        "open_amount__gte": wanted.least,
        "open_amount__lte": wanted.most,
    }
    return found & Q(**{column: value for column, value in plain.items() if value not in (None, "")})


_STATES = {
    "open": lambda today: ~Q(open_amount=0),
    "overdue": lambda today: Q(open_amount__gt=0, due_date__lt=today),
    "settled": lambda today: Q(open_amount=0),
}


def _manually_dunnable(today: dt.date) -> Q:
    """What a person may dun: as ``core/selection.py`` asks, as far as one row can tell."""
    box = Q(billed_customer__dunning_enabled=True, billed_customer__manual_dunning=True, document__no_dunning_temporary=False)
    method = Q(document__payment_method=None) | Q(document__payment_method__dunnable=True)
    free = Q(document__no_manual_dunning=False) | Q(document__no_manual_dunning_until__lt=today)
    status = Q(status=None) | Q(status__stops_dunning=False)
    return box & method & free & status & Q(document__type="invoice", open_amount__gt=0) & ~Q(level=NA)


def _like(text: str) -> Q:
    key = collation_key(text)
    named = Q(billed_customer__sort_name__startswith=key) | Q(billed_customer__sort_name__contains=f" {key}") if key else Q()
    return Q(document__number__istartswith=text) | Q(billed_customer__code__istartswith=text) | named
