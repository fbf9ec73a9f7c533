"""How does the database become facts? The book: one page per billed customer, streamed from a fixed number of queries.

Every stream is ordered by customer, so that a page is complete when the next customer comes, and only one page is in memory.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from relance.core.facts import Contact, Customer, Directory, DueItem, Page, Remainder, Site
from relance.models import ledger, parties
from relance.models.company import Company
from relance.models.notices import NoticeLine
from relance.models.since import Since, allocated_since
from relance.models.tuples import among, stream

Rows = Callable[[int], list[tuple[Any, ...]]]

_ITEM = (
    "billed_customer_id",
    *("id", "document_id", "document__number", "document__customer_id", "document__site_id", "document__type", "document__date"),
    *("document__currency", "document__payment_method__code", "document__payment_method__dunnable", "document__no_auto_dunning"),
    *("document__no_manual_dunning", "document__no_dunning_temporary", "document__recipients", "document__copies", "no", "due_date"),
    *("amount", "open_amount", "level", "last_dunned_on", "status__stops_dunning", "promised_on", "document__label", "ledger"),
    *("document__no_auto_dunning_until", "document__no_manual_dunning_until"),
)
_CUSTOMER = (
    *("id", "code", "name", "type", "rep", "policy_id", "dunning_enabled", "manual_dunning", "auto_dunning"),
    *("level", "last_dunned_on", "language", "kind", "insolvent_on", "held_from", "held_until"),
)
_SITE = ("id", "code", "email", "name", "address", "postcode", "city", "country")
_CONTACT = (
    *("id", "name", "email_at_customer", "email_identity", "left_on", "receives_dunning", "receives_dunning_all_sites"),
    *("receives_invoices", "receives_invoices_all_sites", "sites"),
)


_SHORT = 10_000  # due items


def is_short(company: Company) -> bool:
    """Whether so little is open that a page may wait while all of it is decided, day by day."""
    return ledger.DueItem.objects.filter(company=company).exclude(open_amount=0).order_by()[: _SHORT + 1].count() <= _SHORT


def load_book(
    company: Company, as_of: date, *, customers: Collection[int] | None = None, disregard: Collection[int] = ()
) -> Iterator[Page]:
    """Pages of the customers who owe or have paid too much on the date, in the order of their identifiers.

    Documents, payments and allocations dated later are not there. ``customers`` restricts to some (identifiers);
    ``disregard`` names notices that do not count as in flight (the one about to be sent asks about itself).
    """
    if customers is not None and not customers:
        return
    only = Q(billed_customer__isnull=False) if customers is None else Q(billed_customer__in=among(customers))
    since, paid_since = allocated_since([company], as_of, customers)
    open_items = stream(_open_items(company, as_of, only & _open_on(since)))
    items = _by_customer(_as_of(open_items, since.totals, key=1, place=_ITEM.index("open_amount")))
    remainders = _by_customer(_remainders(company, as_of, customers, paid_since))
    directories = _by_customer(_directories(company, Q() if customers is None else Q(customer__in=among(customers))))
    elsewhere = _elsewhere(company, only & _open_on(since))
    in_flight = set(_claimed(company, customers).exclude(notice__in=among(disregard)).values_list("due_item_id", flat=True))
    for row in stream(_customers(company, customers)):
        owed = [DueItem._make(item[1:]) for item in items(row[0])]
        paid = [Remainder._make(rest[1:]) for rest in remainders(row[0])]
        named = dict(directories(row[0])) | elsewhere.get(row[0], {})
        if owed or paid:
            yield Page(Customer._make(row), owed, paid, named, in_flight)


def _by_customer(rows: Iterable[tuple[Any, ...]]) -> Rows:
    """A reader of rows ordered by their first value: asked for ascending customers, it gives the rows of each."""
    groups = groupby(rows, key=itemgetter(0))
    current = next(groups, None)

    def take(customer_id: int) -> list[tuple[Any, ...]]:
        nonlocal current
        while current is not None and current[0] < customer_id:
            current = next(groups, None)
        if current is None or current[0] != customer_id:
            return []
        found = list(current[1])
        current = next(groups, None)
        return found

    return take


def _customers(company: Company, customers: Collection[int] | None) -> QuerySet[Any, Any]:
    query = parties.Customer.objects.filter(company=company).annotate(rep=Coalesce("sales_rep__code", Value("")))
    if customers is not None:
        query = query.filter(pk__in=among(customers))
    return query.order_by("id").values_list(*_CUSTOMER)


def _open_on(since: Since) -> Q:
    """Due items that may have been open on the date; only a past date needs those that were settled since."""
    return ~Q(open_amount=0) | since.candidates if since.candidates else ~Q(open_amount=0)


def _open_items(company: Company, as_of: date, only: Q) -> QuerySet[Any, Any]:
    query = ledger.DueItem.objects.filter(only, company=company, document__date__lte=as_of)
    return query.annotate(ledger=F("open_amount")).order_by("billed_customer_id", "due_date", "id").values_list(*_ITEM)


def _remainders(company: Company, as_of: date, customers: Collection[int] | None, since: Since) -> Iterator[tuple[Any, ...]]:
    """(customer, id, reference, date, currency, open) of payments that are not allocated to the last cent on the date."""
    some_left = ~Q(remaining_amount=0) | since.candidates if since.candidates else ~Q(remaining_amount=0)
    query = ledger.Payment.objects.filter(some_left, company=company, customer__isnull=False, date__lte=as_of)
    if customers is not None:
        query = query.filter(customer__in=among(customers))
    columns = ("customer_id", "id", "reference", "date", "currency", "remaining_amount")
    return _as_of(stream(query.order_by("customer_id", "date", "reference").values_list(*columns)), since.totals, key=1, place=5)


def credits_later(company: Company, as_of: date, customers: Collection[int] | None = None) -> dict[int, int]:
    """By customer: what credits dated after a date add up to. None of them is on a page; one more of them is news."""
    notes = ledger.DueItem.objects.filter(company=company, document__date__gt=as_of, open_amount__lt=0, billed_customer__isnull=False)
    payments = ledger.Payment.objects.filter(~Q(remaining_amount=0), company=company, date__gt=as_of, customer__isnull=False)
    if customers is not None:
        notes, payments = notes.filter(billed_customer__in=among(customers)), payments.filter(customer__in=among(customers))
    totals: dict[int, int] = {}
    for customer_id, amount in notes.order_by().values_list("billed_customer_id").annotate(Sum("open_amount")):
        totals[customer_id] = -amount
    for customer_id, amount in payments.order_by().values_list("customer_id").annotate(Sum("remaining_amount")):
        totals[customer_id] = totals.get(customer_id, 0) + amount
    return totals


def _as_of(rows: Iterable[tuple[Any, ...]], later: dict[int, int], *, key: int, place: int) -> Iterator[tuple[Any, ...]]:
    """Rows with their open amount as it was on the date, without those that were not open."""
    if not later:
        yield from rows
        return
    for row in rows:
        amount = row[place] + later.get(row[key], 0)
        if amount:
            yield (*row[:place], amount, *row[place + 1 :])


def _elsewhere(company: Company, only: Q) -> dict[int, dict[int, Directory]]:
    """By billed customer: the directories of the other customers whose documents of ``only`` are billed to it."""
    pairs = (
        ledger.DueItem.objects.filter(only, company=company)
        .exclude(document__customer=F("billed_customer"))
        .order_by()
        .values_list("billed_customer_id", "document__customer_id")
        .distinct()
    )
    ordering = defaultdict(set)
    for billed, customer in pairs.iterator():
        ordering[billed].add(customer)
    if not ordering:
        return {}
    known = dict(_directories(company, Q(customer__in=pairs.values("document__customer_id"))))
    return {billed: {one: known[one] for one in others if one in known} for billed, others in ordering.items()}


def _directories(company: Company, which: Q) -> Iterator[tuple[int, Directory]]:
    """Customers in ascending order with their sites and contacts; those who have neither are passed over."""
    sites = parties.Site.objects.filter(which, company=company).order_by("customer_id", "position", "id")
    contacts = parties.Contact.objects.filter(which, company=company).order_by("customer_id", "position", "id")
    rows = merge(
        ((row[0], True, row[1:]) for row in stream(sites.values_list("customer_id", *_SITE))),
        ((row[0], False, row[1:]) for row in stream(contacts.values_list("customer_id", *_CONTACT))),
        key=itemgetter(0),
    )
    for customer_id, found in groupby(rows, key=itemgetter(0)):
        here = list(found)
        named = tuple(Site._make(row) for _, is_site, row in here if is_site)
        yield customer_id, Directory(named, _people(row for _, is_site, row in here if not is_site))


def _people(rows: Iterable[tuple[Any, ...]]) -> tuple[Contact, ...]:
    """Contacts out of rows that repeat a contact for each of its sites; the address at the customer counts before the identity's."""
    people = []
    for _, repeated in groupby(rows, key=itemgetter(0)):
        same = list(repeated)
        _, name, at_customer, identity, left_on, *receives, _ = same[0]
        sites = frozenset(row[-1] for row in same if row[-1] is not None)
        people.append(Contact._make((at_customer or identity, sites, left_on, *map(bool, receives), name)))
    return tuple(people)


def _claimed(company: Company, customers: Collection[int] | None) -> QuerySet[NoticeLine]:
    query = NoticeLine.objects.filter(company=company, in_flight=True).order_by()
    return query if customers is None else query.filter(due_item__billed_customer__in=among(customers))
