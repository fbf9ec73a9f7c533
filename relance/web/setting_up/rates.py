"""Which rates of late-payment interest apply, half-year by half-year, who says so, and what may the company's own rate be?"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext

from relance.core.rates import HalfYear, UnknownRate, contractual_floor, half_years, rate_below_floor, tables_of
from relance.telling.sentences import said
from relance.telling.words import KINDS_OF_CUSTOMER
from relance.web.access import CompanyRequest, needs

_YEARS = 6


@needs("manager")
def rates(request: CompanyRequest) -> HttpResponse:
    """The statutory rates of the company's country, and its contractual rate beside the legal floor."""
    today, country, own = localdate(), request.company.country, request.company.interest_rate
    since = date(today.year - _YEARS, 1, 1)
    tables = [(KINDS_OF_CUSTOMER[kind], table.law, _told(half_years(table, since, today))) for kind, table in tables_of(country)]
    shown: dict[str, Any] = {"own": own, "floor": None, "is_below": False, "tables": tables}
    if shown["tables"]:
        try:
            shown["floor"] = contractual_floor(country, today)
            shown["is_below"] = own is not None and rate_below_floor(own, country, today) is not None
        except UnknownRate as unknown:
            shown["unknown"] = unknown
    return render(request, "setting_up/rates.html", shown)


def _told(rows: Iterable[HalfYear]) -> list[tuple[HalfYear, str]]:
    """Each half-year with who says so, if anybody does yet."""
    return [(one, source_told(one.source.origin) if one.source else "") for one in rows]


def source_told(origin: str) -> str:
    """Who says so, in the reader's language."""
    return gettext("; ").join(said(part) for part in origin.split("; "))
