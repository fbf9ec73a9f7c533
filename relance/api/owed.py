"""How do other programs ask what is owed: due items by every criterion of the invoice list, and how a company stands in all?"""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.timezone import localdate
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.paging import Page, page_of
from relance.api.whole import FILES, Listing, whole_list
from relance.api.words import Amount, Day, Json, Text, minor_units
from relance.core import money
from relance.core.aging import Basis, grid
from relance.models.freshness import why_stale
from relance.models.lists.arrears import told_item
from relance.models.lists.listing import Wanted, due_items, in_full, sums, with_what_is_shown
from relance.models.lists.standing import Standing, latest, standings
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_ledger import DUE_ITEMS, Item

router = Router(tags=["Looking"])
_AT = "/companies/{company}"
DUE_ITEM = shapes.one(**shapes.DUE_ITEM["properties"], customer=shapes.TEXT)


class DueItems(Page):
    """Which due items are asked for: those that answer every criterion."""

    state: Literal["open", "overdue", "settled", "all"] = "open"
    dunnable: Annotated[bool, Field(description="Only what a person may dun.")] = False
    text: Annotated[Text, Field(description="With which a number, a code or a name begins.")] = ""
    customer: Text = ""
    due_from: Day | None = None
    due_to: Day | None = None
    dated_from: Day | None = None
    dated_to: Day | None = None
    level: Annotated[int | None, Field(ge=0, le=9)] = None
    status: Text = ""
    promise: Annotated[Literal["", "due", "coming", "any"], Field(description="Promised, and when.")] = ""
    einvoice: Annotated[Literal["", "disputed", "refused"], Field(description="As the customer's platform says.")] = ""
    sales_rep: Text = ""
    least: Annotated[Amount | None, Field(description="Open at least, with the decimals of the company's currency.")] = None
    most: Amount | None = None


_PAGE = shapes.one(due_items=shapes.many(DUE_ITEM), open=shapes.by(shapes.AMOUNT), next=shapes.or_null(shapes.TEXT))


@router.get(f"{_AT}/due-items", auth=needs("reader", "read"), response=shapes.answer(_PAGE), openapi_extra=FILES)
def list_due_items(request: Called, company: str, asked: Query[DueItems]) -> Listing:
    """Due items of customers, as the list of invoices has them; ``open`` is what is open of all that are asked for, by currency."""
    today, wanted = localdate(), _wanted(request, asked)
    found = due_items(request.company, wanted, today)
    if asked.as_file:
        every = streamed(with_what_is_shown(found.order_by("due_date", "pk")))
        return whole_list(request, asked, lambda: Sheet(gettext("invoices"), DUE_ITEMS, (Item(one, today) for one in every)))
    ids, following = page_of(found, asked)
    told = [told_item(one, today) | {"customer": one.billed_customer.code} for one in in_full(ids) if one.billed_customer]
    return {"due_items": told, "open": _amounts(sums(request.company, wanted, today)), "next": following}


def _wanted(request: Called, asked: DueItems) -> Wanted:
    currency = request.company.currency
    bounds = {name: minor_units(getattr(asked, name), currency, name) for name in ("least", "most")}
    return Wanted(**(asked.filters | bounds))


_POINT = shapes.one(on=shapes.DAY, receivable=shapes.AMOUNT, overdue=shapes.AMOUNT, dso=shapes.or_null(shapes.WHOLE))
_STANDING = shapes.one(
    currency=shapes.TEXT, receivable=shapes.AMOUNT, overdue=shapes.AMOUNT, ages=shapes.by(shapes.AMOUNT), trend=shapes.many(_POINT)
)
_LATE = shapes.one(customer=shapes.TEXT, name=shapes.TEXT, currency=shapes.TEXT, overdue=shapes.AMOUNT, since=shapes.DAY)
STANDING = shapes.one(
    standing=shapes.many(_STANDING),
    most_overdue=shapes.many(_LATE),
    documents_at=shapes.or_null(shapes.MOMENT),
    payments_at=shapes.or_null(shapes.MOMENT),
    stale=shapes.TEXT | {"description": "Why nothing automatic leaves on figures so old; empty where it does."},
)


@router.get(f"{_AT}/standing", auth=needs("reader", "read"), response=shapes.answer(STANDING))
def read_standing(request: Called, company: str) -> Json:
    """The figures of the dashboard by currency: what is receivable and overdue, by age and month by month, and the DSO in days.

    And when documents and payments were last brought in.
    """
    today = localdate()
    late = [
        {
            "customer": one.customer.code,
            "name": one.customer.name,
            "currency": one.currency,
            "overdue": money.show(one.overdue, one.currency),
            "since": one.since.isoformat(),
        }
        for one in latest(request.company, today)
    ]
    return {
        "standing": [_standing(one) for one in standings(request.company, today)],
        "most_overdue": late,
        "documents_at": _moment(request.company.documents_at),
        "payments_at": _moment(request.company.payments_at),
        "stale": why_stale(request.company, today),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _standing(one: Standing) -> Json:
    def show(amount: int) -> str:
        return money.show(amount, one.currency)

    trend = [
        {"on": point.on.isoformat(), "receivable": show(point.receivable), "overdue": show(point.overdue), "dso": point.dso}
        for point in one.trend
    ]
    ages = dict(zip(grid(Basis.DUE_DATE).labels, map(show, one.amounts), strict=True))
    return {
        "currency": one.currency,
        "receivable": show(one.now.receivable),
        "overdue": show(one.now.overdue),
        "ages": ages,
        "trend": trend,
    }


def _amounts(totals: dict[str, int]) -> dict[str, Any]:
    return {currency: money.show(amount, currency) for currency, amount in totals.items()}
