"""What is open on a date, account by account, by age? The lines of the aged balance, added up by the database.

The same figures as ``aged`` gives operation by operation (a test holds them to each other), in a handful of grouped statements. The last
few balances asked for are kept in this process until anything is recorded in the company's history.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from relance.core.aging import AgedAccount, AgedBalance, Basis, Grid, GroupBy, arrange
from relance.models import tuples
from relance.models.company import Company
from relance.models.ledger import DueItem, Payment
from relance.models.lists.bins import Bins
from relance.models.parties import Customer, Supplier
from relance.models.since import later_allocations

_FEW = 4  # balances kept; one of 25,000 accounts takes some ten megabytes


def balance(
    companies: Collection[Company], as_of: date, columns: Grid, group_by: GroupBy = GroupBy.ACCOUNT, *, suppliers: bool = False
) -> AgedBalance:
    """The aged balance without its operations: accounts in the order of their names, in their groups, with all sums."""
    stamps = tuple(sorted((one.pk, one.last_event_number, one.documents_at, one.payments_at) for one in companies))
    return _balance(stamps, as_of, columns, group_by, suppliers)


@lru_cache(_FEW)
def _balance(stamps: tuple[Any, ...], as_of: date, columns: Grid, group_by: GroupBy, suppliers: bool) -> AgedBalance:
    companies = list(Company.objects.filter(pk__in=[pk for pk, *_ in stamps]))
    return arrange(aged_accounts(companies, as_of, columns, suppliers=suppliers), as_of, columns, group_by)


def aged_accounts(companies: Collection[Company], as_of: date, columns: Grid, *, suppliers: bool = False) -> list[AgedAccount]:
    """A line for each customer or supplier and currency that is not settled on the date, in the order of the accounts' names."""
    sums: dict[tuple[int, str], list[int]] = {}
    for party, currency, bucket, amount in _sums(companies, as_of, columns, suppliers=suppliers):
        sums.setdefault((party, currency), [0] * len(columns.labels))[bucket] += amount
    known = {row[0]: row[1:] for row in _parties(companies, suppliers=suppliers)}
    lines = []
    for (party, currency), amounts in sums.items():
        if total := sum(amounts):
            sort_name, company, account, code, name, kind, rep = known[party]
            line = AgedAccount(company, account or code, code, name, kind, rep or "", currency, tuple(amounts), total, ())
            lines.append((sort_name, code, company, line.account, currency, line))
    lines.sort(key=lambda one: one[:5])
    return [one[-1] for one in lines]


def _sums(companies: Collection[Company], as_of: date, columns: Grid, *, suppliers: bool) -> Iterator[tuple[int, str, int, int]]:
    """Party, currency, bucket and amount: what is open now, with what was allocated since given back to invoices, taken from payments."""
    ages = Bins(as_of - timedelta(upper + 1) for upper in columns.uppers)
    last = len(columns.labels) - 1
    by_due_date = columns.basis is Basis.DUE_DATE
    document, payment = ("document__supplier", "supplier") if suppliers else ("billed_customer", "customer")
    there, paid = Q(document__date__lte=as_of, company__in=companies), Q(date__lte=as_of, company__in=companies)
    items = DueItem.objects.filter(~Q(open_amount=0), there, **{f"{document}__isnull": False})
    left = Payment.objects.filter(~Q(remaining_amount=0), paid, **{f"{payment}__isnull": False})
    aged_by = ages.of("due_date" if by_due_date else "document__date")
    groups = [
        (1, _grouped(items, document, "document__currency", aged_by, "open_amount")),
        (-1, _grouped(left, payment, "currency", ages.of("date"), "remaining_amount")),
    ]
    for later in later_allocations(companies, as_of):
        given_back = later.filter(due_item__document__date__lte=as_of, **{f"due_item__{document}__isnull": False})
        taken = later.filter(payment__date__lte=as_of, **{f"payment__{payment}__isnull": False})
        aged_by = ages.of("due_item__due_date" if by_due_date else "due_item__document__date")
        groups.append((1, _grouped(given_back, f"due_item__{document}", "due_item__document__currency", aged_by, "amount")))
        groups.append((-1, _grouped(taken, f"payment__{payment}", "payment__currency", ages.of("payment__date"), "amount")))
    for sign, rows in groups:
        for party, currency, place, amount in tuples.stream(rows):
            yield party, currency, last - place, sign * int(amount)  # PostgreSQL adds whole numbers up to decimals


def _grouped(rows: QuerySet[Any, Any], party: str, currency: str, aged_by: Any, amount: str) -> QuerySet[Any, Any]:
    return rows.order_by().values_list(party, currency).annotate(place=aged_by, sum=Sum(amount))


def _parties(companies: Collection[Company], *, suppliers: bool) -> Iterator[tuple[Any, ...]]:
    """Identifier, then what a line says of its customer or supplier."""
    shared = ("pk", "sort_name", "company__code", "account", "code", "name")
    if suppliers:
        named = Supplier.objects.filter(company__in=companies).order_by().values_list(*shared)
        return ((*row, "", "") for row in tuples.stream(named))
    return tuples.stream(Customer.objects.filter(company__in=companies).order_by().values_list(*shared, "type", F("sales_rep__code")))
