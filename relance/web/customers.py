"""Who are the customers, what does each owe, and how far has dunning come with it? The list, and what heads the record of one."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from relance.core.days import claim_deadline
from relance.models import Collaborator, Customer
from relance.models.lists.owing import BY_NAME, Figures, Wanted, added_up, figures_of, named, overdue
from relance.models.parties import types_of
from relance.telling.list_file import Sheet, by_chunks, streamed
from relance.telling.sheets_of_ledger import CUSTOMERS, owing
from relance.web.access import CompanyRequest, needs
from relance.web.asked import number_asked
from relance.web.downloads import download
from relance.web.downloads import wanted as wanted_as_file
from relance.web.lists import listed, whole

_BY_NAME = {"name": BY_NAME}
_BY_OVERDUE = {"overdue": ("-late", "billed_customer")}
_NO_LEVEL = -1


class Heading(NamedTuple):
    """What stands above every page of a customer's record."""

    customer: Customer
    figures: list[Figures]
    days_late: int | None  # of the oldest due item
    on_hold: bool
    declare_by: date | None


@needs("reader")
def customers(request: CompanyRequest) -> HttpResponseBase:
    """The customers asked for, by name or, those who are late, by what they have overdue."""
    today = localdate()
    by_overdue = request.GET.get("sort", "").removeprefix("-") == "overdue"
    wanted = _wanted(request)
    wanted = wanted._replace(overdue=by_overdue or wanted.overdue)
    found = overdue(request.company, wanted, today) if by_overdue else named(request.company, wanted, today)
    sorts, usual = (_BY_OVERDUE, "overdue") if by_overdue else (_BY_NAME, "name")
    if wanted_as_file(request):
        every = streamed(whole(request, found, sorts, usual))
        one_by_one = _one_by_one(every) if by_overdue else every
        return download(request, Sheet(_("customers"), CUSTOMERS, owing(request.company, one_by_one, today)))
    page = listed(request, found, sorts, usual)
    rows = _in_order([row["billed_customer"] for row in page.rows]) if by_overdue else page.rows
    figures = figures_of(request.company, [one.pk for one in rows], today)
    shown = {"list": page, "rows": [(one, figures.get(one.pk, [])) for one in rows], "sums": added_up(figures)}
    return render(request, "customers.html", shown | {"wanted": wanted} | _choices(request))


@needs("reader")
def known(request: CompanyRequest) -> HttpResponse:
    """The record of the customer of a code, which other pages know (``?code=``)."""
    found = get_object_or_404(Customer, company=request.company, code=request.GET.get("code", ""))
    return redirect("customers_record", request.company.code, found.pk)


def _in_order(ids: list[int]) -> list[Customer]:
    found = Customer.objects.select_related("sales_rep").in_bulk(ids)
    return [found[pk] for pk in ids]


def _one_by_one(rows: Iterable[dict[str, Any]]) -> Iterator[Customer]:
    for chunk in by_chunks(rows):
        yield from _in_order([row["billed_customer"] for row in chunk])


def _choices(request: CompanyRequest) -> dict[str, Any]:
    reps = Collaborator.objects.filter(company=request.company).order_by("code")
    return {"types": types_of(request.company), "reps": list(reps), "levels": range(10)}


def customer_of(request: CompanyRequest, pk: int) -> Customer:
    """The customer of an address; another company's is not there."""
    return get_object_or_404(Customer.objects.select_related("sales_rep", "policy"), company=request.company, pk=pk)


def heading_of(customer: Customer, on: date) -> Heading:
    """What stands above the record of a customer on a day."""
    figures = figures_of(customer.company, [customer.pk], on).get(customer.pk, [])
    oldest = min((one.oldest for one in figures if one.oldest), default=None)
    held = customer.held_from is not None and customer.held_from <= on and (customer.held_until is None or on <= customer.held_until)
    deadline = claim_deadline(customer.insolvent_on) if customer.insolvent_on else None
    return Heading(customer, figures, (on - oldest).days if oldest else None, held, deadline)


def _wanted(request: CompanyRequest) -> Wanted:
    asked = request.GET
    level = number_asked(request, "level", _NO_LEVEL)
    return Wanted(
        text=asked.get("q", "").strip()[:80],
        overdue="overdue" in asked,
        level=level if level != _NO_LEVEL else None,
        sales_rep=asked.get("rep", "")[:80],
        type=asked.get("type", "")[:80],
        held="held" in asked,
        insolvent="insolvent" in asked,
    )
