"""Which due items does somebody look for? Every criterion of the invoice list, one page after the other (register K37 to K40)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Sum

from relance.core.facts import NA
from relance.core.names import collation_key
from relance.models import tuples
from relance.models.company import Company
from relance.models.ledger import DISPUTED, REFUSED, Document, DueItem
from relance.models.lists.kept import kept
from relance.models.parties import Customer

_LEADING: dict[str, tuple[type[Model], str, str]] = {
    "document": (Document, "number", "document"),
    "customer": (Customer, "sort_name", "billed_customer"),
}
Near = Callable[[Any, bool, int], Q]  # of a value or None, whether it goes down, how many rows
_FEW = 200  # customers, or documents, of a text
SORTS = {
    "due": ("due_date", "pk"),
    "open": ("open_amount", "pk"),
    "document": ("document__number", "pk"),
    "customer": ("billed_customer__sort_name", "pk"),
}


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
    promise: str = ""  # due, coming or any
    einvoice: str = ""  # disputed or refused, as the customer's platform says
    sales_rep: str = ""
    least: int | None = None
    most: int | None = None
    sort: str = "due"
    descending: bool = False


def due_items(company: Company, wanted: Wanted, today: dt.date) -> QuerySet[DueItem]:
    """The due items of customers that answer every criterion."""
    return DueItem.objects.filter(_whose(company, wanted), _criteria(company, wanted, today)).order_by()


def near(company: Company, wanted: Wanted, today: dt.date) -> Near | None:
    """Of the list of what is wanted, what ``near_in`` says."""
    items = DueItem.objects.filter(_whose(company, wanted, within=True), _criteria(company, wanted, today))
    return near_in(company, items, wanted.sort, all_open=wanted.state in ("open", "overdue"))


def near_in(company: Company, items: QuerySet[DueItem], sort: str, *, all_open: bool) -> Near | None:
    """Of a list by document or customer: what says whose due items can be among so many behind a number or a name; None for other lists.

    So many of them that each have one are enough. Their own index has them in order, so that not every due item is sorted. ``items`` need
    not say that they are the company's; ``all_open`` where they say that they are open.
    """
    if sort not in _LEADING:
        return None
    model, key, link = _LEADING[sort]
    if link == "billed_customer" and not all_open:  # only what is open has an index by customer
        link = "document__billed_customer"
    theirs = items.filter(**{link: OuterRef("pk")})
    # that index is within the company; elsewhere what is asked besides would lead SQLite past the index
    theirs = theirs.filter(company=company) if link == "billed_customer" else theirs
    having = model._default_manager.filter(Exists(theirs), company=company)

    def narrow(value: Any, down: bool, count: int) -> Q:
        beyond = having if value is None else having.filter(**{f"{key}__{'lt' if down else 'gt'}": value})
        first = list(beyond.order_by(f"{'-' if down else ''}{key}").values_list("pk", key)[:count])
        edges = {value, first[-1][1] if first else None} - {None}  # whoever else is called as the mark, or as the last of them
        alike = having.filter(**{f"{key}__in": edges}).values_list("pk", flat=True) if edges else ()
        parents = list({pk for pk, _ in first} | set(alike))
        if link == "document":  # its due items one by one: SQLite takes the index of what is open for the better one
            return Q(pk__in=tuples.among(list(DueItem.objects.filter(document__in=parents).values_list("pk", flat=True))))
        return Q(**{f"{link}__in": parents})

    return narrow


def in_full(ids: list[int]) -> list[DueItem]:
    """These due items (identifiers) in this order, with what a list shows of them.

    A page is found first and read then: to read a document and a customer for each item that is only compared takes ten times as long.
    """
    found = with_what_is_shown(DueItem.objects.filter(pk__in=ids)).in_bulk()
    return [found[pk] for pk in ids if pk in found]


def with_what_is_shown(items: QuerySet[DueItem]) -> QuerySet[DueItem]:
    """The due items with what a list shows of their documents and customers."""
    return items.select_related("document__payment_method", "billed_customer", "status")


def sums(company: Company, wanted: Wanted, today: dt.date) -> dict[str, int]:
    """What is open of all that answer the criteria, by currency; added up once for each state of the company."""

    def add_up() -> dict[str, int]:
        return dict(due_items(company, wanted, today).values_list("document__currency").annotate(Sum("open_amount")))

    return kept(f"open:{today}:{sha256(repr(wanted).encode()).hexdigest()}", company, add_up)


def _whose(company: Company, wanted: Wanted, *, within: bool = False) -> Q:
    """Of the company's customers, those asked for by code or text; ``within``: what is of the company is known already.

    Only what narrows is asked: that there is a customer at all, or the company of items that are named one by one, would lead SQLite past
    the index of what narrows more.
    """
    every = Q() if within else Q(company=company)
    like, few = _like(company, wanted.text) if wanted.text else (Q(), False)
    if wanted.customer:
        found = Customer.objects.filter(company=company, code=wanted.customer).values_list("pk", flat=True).first()
        return every & Q(billed_customer=found or 0) & like
    return like if few else every & Q(billed_customer__isnull=False) & like


def _criteria(company: Company, wanted: Wanted, today: dt.date) -> Q:
    found = _STATES.get(wanted.state, lambda _: Q())(today)
    found &= _PROMISES.get(wanted.promise, lambda _: Q())(today)
    if wanted.einvoice in _EINVOICES:
        told = Document.objects.filter(company=company, einvoice_status__in=_EINVOICES[wanted.einvoice]).exclude(einvoice_status="")
        found &= Q(document__in=told.values("pk"))
    if wanted.dunnable:
        found &= _manually_dunnable(today)
    plain: dict[str, Any] = {
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
    "overdue": lambda today: ~Q(open_amount=0) & Q(open_amount__gt=0, due_date__lt=today),  # the first leads to the index of what is open
    "settled": lambda today: Q(open_amount=0),
}

_PROMISES = {
    "due": lambda today: Q(promised_on__isnull=False, promised_on__lte=today),
    "coming": lambda today: Q(promised_on__isnull=False, promised_on__gt=today),
    "any": lambda today: Q(promised_on__isnull=False),
}
_EINVOICES = {"disputed": DISPUTED, "refused": REFUSED}


def _manually_dunnable(today: dt.date) -> Q:
    """What a person may dun: as ``core/selection.py`` asks, as far as one row can tell."""
    box = Q(billed_customer__dunning_enabled=True, billed_customer__manual_dunning=True, document__no_dunning_temporary=False)
    method = Q(document__payment_method=None) | Q(document__payment_method__dunnable=True)
    free = Q(document__no_manual_dunning=False) | Q(document__no_manual_dunning_until__lt=today)
    status = Q(status=None) | Q(status__stops_dunning=False)
    return box & method & free & status & Q(document__type="invoice", open_amount__gt=0) & ~Q(level=NA)


def _like(company: Company, text: str) -> tuple[Q, bool]:
    """Of a document or customer that begins like this, and whether they are few: few are named one by one, no row is read for them."""
    key = collation_key(text)
    named = Q(sort_name__startswith=key) | Q(sort_name__contains=f" {key}") if key else Q()
    customers = Customer.objects.filter(Q(code__istartswith=text) | named, company=company).values_list("pk", flat=True)
    documents = Document.objects.filter(company=company, number__istartswith=text, billed_customer__isnull=False).values_list(
        "pk", flat=True
    )
    few = [list(found.order_by()[: _FEW + 1]) for found in (customers, documents)]
    if max(map(len, few)) > _FEW:
        return Q(billed_customer__in=customers) | Q(document__in=documents), False
    owed = DueItem.objects.filter(document__billed_customer__in=few[0]).values_list("pk", flat=True)
    named_so = DueItem.objects.filter(document__in=few[1]).values_list("pk", flat=True)
    return Q(pk__in=tuples.among([*owed, *named_so])), True
