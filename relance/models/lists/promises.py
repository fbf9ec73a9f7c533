"""What was promised by whom, and was it kept? Read with what was paid, in a fixed number of queries."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from relance.core import money
from relance.core.charges import Movement
from relance.core.promises import Promise, Standing, judge
from relance.models import tuples
from relance.models.company import Company
from relance.models.ledger import Allocation, DueItem
from relance.models.parties import Customer

_COLUMNS = (
    *("id", "billed_customer__code", "billed_customer__name", "document__number", "no", "due_date", "amount", "open_amount"),
    *("document__currency", "promised_on", "promised_amount", "promise_made_on"),
)


def promises(company: Company, as_of: date, customer: Customer | None = None) -> Iterator[dict[str, Any]]:
    """Every due item with a promise, by the day promised, then the customer's code, document and number, with what it has come to."""
    items = DueItem.objects.filter(company=company, promised_on__isnull=False, billed_customer__isnull=False, document__date__lte=as_of)
    if customer is not None:
        items = items.filter(billed_customer=customer)
    rows = list(items.order_by("promised_on", "billed_customer__code", "document__number", "no").values_list(*_COLUMNS))
    found = _judged([(row[0], row[6], Promise(*row[9:])) for row in rows], company, as_of)
    for pk, code, name, document, no, due_date, _, opened, currency, promised_on, amount, made_on in rows:
        yield {
            "customer": code,
            "name": name,
            "document": document,
            "no": no,
            "due_date": due_date.isoformat(),
            "open": money.show(opened, currency),
            "currency": currency,
            "promised_on": promised_on.isoformat(),
            "promised_amount": None if amount is None else money.show(amount, currency),
            "made_on": made_on.isoformat() if made_on else None,
            "standing": str(found[pk]),
        }


def standings(items: Collection[DueItem], company: Company, as_of: date) -> dict[int, Standing]:
    """By due item (identifier) that has a promise, what it has come to."""
    made = [(one.pk, one.amount, Promise(one.promised_on, one.promised_amount, one.promise_made_on)) for one in items if one.promised_on]
    return _judged(made, company, as_of)


def _judged(made: Collection[tuple[int, int, Promise]], company: Company, as_of: date) -> dict[int, Standing]:
    paid: dict[int, list[Movement]] = {}
    allocations = Allocation.objects.filter(due_item__in=tuples.among([pk for pk, _, _ in made]))
    for due_item, on, amount in allocations.values_list("due_item_id", "date", "amount"):
        paid.setdefault(due_item, []).append(Movement(on, amount))
    return {pk: judge(promise, due, paid.get(pk, ()), as_of, company.promise_grace_days) for pk, due, promise in made}
