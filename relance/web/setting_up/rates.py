"""Which rates of late-payment interest apply, half-year by half-year, who says so, and what may the company's own rate be?"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext

from relance.core.rates import CustomerKind, UnknownRate, contractual_floor, half_year_start, rate_below_floor, statutory
from relance.telling.sentences import said
from relance.telling.words import KINDS_OF_CUSTOMER
from relance.web.access import CompanyRequest, needs

_YEARS = 6


@needs("manager")
def rates(request: CompanyRequest) -> HttpResponse:
    """The statutory rates of the company's country, and its contractual rate beside the legal floor."""
    today, country, own = localdate(), request.company.country, request.company.interest_rate
    shown: dict[str, Any] = {"own": own, "floor": None, "is_below": False, "tables": list(_tables(country, today))}
    if shown["tables"]:
        try:
            shown["floor"] = contractual_floor(country, today)
            shown["is_below"] = own is not None and rate_below_floor(own, country, today) is not None
        except UnknownRate as unknown:
            shown["unknown"] = unknown
    return render(request, "setting_up/rates.html", shown)


def _tables(country: str, today: date) -> Iterator[dict[str, Any]]:
    for kind in CustomerKind:
        try:
            table = statutory(country, kind)
        except UnknownRate:
            continue
        half_years = list(_half_years(today))
        yield {
            "kind": KINDS_OF_CUSTOMER[kind],
            "table": table,
            "rows": [{"since": one, "rate": _rate(table, one), "source": _source(table, one)} for one in half_years],
        }


def _half_years(today: date) -> Iterator[date]:
    """The first days of half-years, the newest first."""
    start = half_year_start(today)
    for _ in range(2 * _YEARS):
        yield start
        start = date(start.year, 1, 1) if start.month > 1 else date(start.year - 1, 7, 1)


def _rate(table: Any, on: date) -> int | None:
    try:
        return int(table.rate_on(on))
    except UnknownRate:
        return None


def _source(table: Any, on: date) -> str:
    try:
        return source_told(table.source_on(on).origin)
    except UnknownRate:
        return ""


def source_told(origin: str) -> str:
    """Who says so, in the reader's language."""
    return gettext("; ").join(said(part) for part in origin.split("; "))
