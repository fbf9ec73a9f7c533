"""How does a company stand: what is receivable and overdue, today and at the ends of the months before, and who is latest?

A handful of grouped statements, however large the ledger; nothing is read item by item. The past is what is open today with what was
allocated since added back, as everywhere (rules, section 2). Figures change only when the ledger does: they are kept, in this process,
until documents or payments are brought in, or the day ends.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

from django.core.cache import cache
from django.db.models import Case, Min, Q, Sum
from django.db.models.functions import Greatest

from relance.core.aging import Basis, grid
from relance.models import tuples
from relance.models.company import Company
from relance.models.ledger import DueItem, Payment
from relance.models.lists.bins import Bins
from relance.models.parties import Customer
from relance.models.since import later_allocations

MONTHS = 12
SALES_DAYS = 90  # over which what is receivable is compared with what was invoiced
LATEST = 8
_AGES = grid(Basis.DUE_DATE)
_KEPT = 86_400  # seconds
Figures = TypeVar("Figures")


class Point(NamedTuple):
    """One day, in minor units; ``dso`` is days of sales outstanding, None where it cannot be told."""

    on: date
    receivable: int
    overdue: int
    dso: int | None


class Standing(NamedTuple):
    """What customers owe in one currency: by age on the last day of ``trend``, whose other points are ends of months."""

    currency: str
    amounts: tuple[int, ...]  # in the buckets of the aged balance by due date
    trend: tuple[Point, ...]

    @property
    def now(self) -> Point:
        """Today."""
        return self.trend[-1]


class Late(NamedTuple):
    """A customer with what is overdue of it in one currency, since the oldest due date; its level and last notice are those of today."""

    customer: Customer
    currency: str
    overdue: int
    since: date


def standings(company: Company, today: date) -> list[Standing]:
    """One per currency in which anything is or was open lately, the company's own first."""
    return _kept("standings", _standings, company, today)


def latest(company: Company, today: date) -> list[Late]:
    """The customers with the most overdue, payments on account counted in, the largest first."""
    found = _kept("latest", _latest, company, today)
    customers = Customer.objects.in_bulk([row[0] for row in found])
    return [Late(customers[row[0]], *row[1:]) for row in found if row[0] in customers]


def month_ends(today: date, count: int = MONTHS) -> list[date]:
    """The last days of so many months before this one, then today."""
    ends = [today]
    first = today.replace(day=1)
    for _ in range(count):
        ends.append(first - timedelta(1))
        first = ends[-1].replace(day=1)
    return sorted(ends)


def _kept(what: str, asked: Callable[[Company, date], Figures], company: Company, today: date) -> Figures:
    """The answer of this day and this state of the ledger, asked once."""
    stamps = [at.timestamp() if at else 0 for at in (company.documents_at, company.payments_at)]
    if not any(stamps):  # nothing says when the ledger changed
        return asked(company, today)
    key = f"{what}:{company.pk}:{today}:{stamps[0]}:{stamps[1]}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = asked(company, today)
        cache.set(key, found, _KEPT)
    return found


def _standings(company: Company, today: date) -> list[Standing]:
    days = month_ends(today)
    ages = [today - timedelta(1 + upper) for upper in _AGES.uppers]
    dated, due = Bins(days), Bins([*(day - timedelta(1) for day in days), *ages])
    moved = _Moved(company, dated, due)
    sales = _sales(company, days)
    currencies = sorted(moved.currencies, key=lambda one: (one != company.currency, one))
    return [_standing(one, moved, days, ages, sales.get(one, [])) for one in currencies]


def _standing(currency: str, moved: "_Moved", days: list[date], ages: list[date], sales: list[int | None]) -> Standing:
    overdue = [moved.open(currency, day, due_by=day - timedelta(1)) for day in days]
    receivable = [moved.open(currency, day) for day in days]
    older = [moved.open(currency, days[-1], due_by=bound) for bound in ages]
    amounts = [receivable[-1] - older[0], *(one - two for one, two in zip(older, [*older[1:], 0], strict=True))]
    told = sales or [None] * len(days)
    dso = [round(owed * SALES_DAYS / sold) if sold and owed > 0 else None for owed, sold in zip(receivable, told, strict=True)]
    return Standing(currency, tuple(amounts), tuple(map(Point._make, zip(days, receivable, overdue, dso, strict=True))))


class _Moved:
    """What is open now, and what was allocated since, in groups of days: enough to tell what was open on each day."""

    def __init__(self, company: Company, dated: Bins, due: Bins) -> None:
        self._dated, self._due = dated, due
        items = DueItem.objects.filter(~Q(open_amount=0), company=company, billed_customer__isnull=False)
        left = Payment.objects.filter(~Q(remaining_amount=0), company=company, customer__isnull=False)
        self._rows = [
            *_summed(items, "document__currency", "open_amount", dated.of("document__date"), due.of("due_date")),
            *((*row[:-1], -row[-1]) for row in _summed(left, "currency", "remaining_amount", dated.of("date"), due.of("date"))),
        ]
        self._allocated = [*_allocated(company, dated, due)]
        self.currencies = {row[0] for row in (*self._rows, *self._allocated)}

    def open(self, currency: str, on: date, due_by: date | None = None) -> int:
        """What was open on a day; of what was due by then, where that is said."""
        latest, latest_due = self._dated.up_to(on), self._due.up_to(due_by) if due_by else len(self._due.bounds)
        now = sum(row[3] for row in self._rows if row[0] == currency and row[1] <= latest and row[2] <= latest_due)
        return now + sum(
            row[4] for row in self._allocated if row[0] == currency and row[1] <= latest and row[2] <= latest_due and row[3] > latest
        )


def _summed(rows: Any, currency: str, amount: str, dated: Case, due: Case) -> Iterator[tuple[Any, ...]]:
    yield from rows.order_by().annotate(of=dated, by=due).values_list(currency, "of", "by").annotate(sum=Sum(amount))


def _allocated(company: Company, dated: Bins, due: Bins) -> Iterator[tuple[Any, ...]]:
    """Allocations that did not count yet on the first of the days: added to what their due item has left, taken from the payment's."""
    currency = "due_item__document__currency"
    for later in later_allocations([company], dated.bounds[0]):
        counts_from = Greatest("date", "payment__date", "due_item__document__date")
        counted = later.filter(due_item__billed_customer__isnull=False).annotate(counts_from=counts_from)
        counted = counted.annotate(since=dated.of("counts_from"))
        of_items = counted.annotate(of=dated.of("due_item__document__date"), by=due.of("due_item__due_date"))
        of_payments = counted.annotate(of=dated.of("payment__date"), by=due.of("payment__date"))
        yield from of_items.values_list(currency, "of", "by", "since").annotate(sum=Sum("amount"))
        for *group, amount in of_payments.values_list(currency, "of", "by", "since").annotate(sum=Sum("amount")):
            yield *group, -amount


def _sales(company: Company, days: Sequence[date]) -> dict[str, list[int | None]]:
    """What was invoiced, less credit notes, in the days before each day, by currency; None before the ledger reaches so far back."""
    bounds = Bins([*days, *(day - timedelta(SALES_DAYS) for day in days)])
    sold = DueItem.objects.filter(company=company, billed_customer__isnull=False).exclude(document__type="payment_on_account")
    begun = sold.aggregate(first=Min("document__date"))["first"]
    lately = sold.filter(document__date__gt=bounds.bounds[0], document__date__lte=days[-1]).order_by()
    groups = lately.annotate(of=bounds.of("document__date")).values_list("document__currency", "of").annotate(sum=Sum("amount"))
    found: dict[str, dict[int, int]] = {}
    for currency, place, amount in groups:
        found.setdefault(currency, {})[place] = amount

    def over(amounts: dict[int, int], day: date) -> int | None:
        start = day - timedelta(SALES_DAYS)
        if begun is None or begun > start:
            return None
        return sum(amount for place, amount in amounts.items() if bounds.up_to(start) < place <= bounds.up_to(day))

    return {currency: [over(amounts, day) for day in days] for currency, amounts in found.items()}


def _latest(company: Company, today: date) -> list[tuple[int, str, int, date]]:
    overdue = DueItem.objects.filter(~Q(open_amount=0), company=company, billed_customer__isnull=False, due_date__lt=today)
    groups = overdue.filter(document__date__lte=today).order_by().values_list("billed_customer", "document__currency")
    most = list(groups.annotate(sum=Sum("open_amount"), since=Min("due_date", filter=Q(open_amount__gt=0))).order_by("-sum")[: 5 * LATEST])
    paid = Payment.objects.filter(customer__in=tuples.among([row[0] for row in most]), date__lt=today).exclude(remaining_amount=0)
    left = {
        (customer, currency): amount
        for customer, currency, amount in paid.order_by().values_list("customer", "currency").annotate(sum=Sum("remaining_amount"))
    }
    rows = [(pk, currency, amount - left.get((pk, currency), 0), since) for pk, currency, amount, since in most if since]
    return sorted((row for row in rows if row[2] > 0), key=lambda row: -row[2])[:LATEST]
