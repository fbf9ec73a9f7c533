"""How do things stand today? What is owed, what is late and for how long, how that has gone, what there is to do."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from relance.core import money
from relance.core.aging import Basis, grid
from relance.letters import formats
from relance.models.freshness import why_stale
from relance.models.lists.agenda import agenda
from relance.models.lists.standing import Standing, latest, standings
from relance.telling.figures import language
from relance.web import charts
from relance.web.access import CompanyRequest, needs
from relance.web.aged import bucket_label

_THOUSAND, _MILLION = 1_000, 1_000_000
_COLOURS = (2, 0, 1, 1, 3, 3)  # of the bars by age: not due, late, very late


@needs("reader")
def dashboard(request: CompanyRequest) -> HttpResponse:
    """The first page of a company."""
    company, today = request.company, localdate()
    found = standings(company, today)
    shown = {
        "main": _shown(found[0]) if found else None,
        "others": [_figures(one) for one in found[1:]],
        "latest": [(one, (today - one.since).days) for one in latest(company, today)],
        "agenda": agenda(company, today),
        "stale": bool(why_stale(company, today)),
    }
    return render(request, "dashboard.html", shown)


def _figures(one: Standing) -> dict[str, Any]:
    now = one.now
    share = round(100 * now.overdue / now.receivable) if now.receivable > 0 else None
    return {"currency": one.currency, "now": now, "share": share}


def _shown(one: Standing) -> dict[str, Any]:
    """One currency's figures with their charts."""
    labels = [bucket_label(label) for label in grid(Basis.DUE_DATE).labels]
    dso = [point.dso for point in one.trend if point.dso is not None]
    return _figures(one) | {
        "buckets": list(zip(labels, one.amounts, strict=True)),
        "ageing": _ageing(one, labels),
        "course": _course(one),
        "trend": one.trend,
        "dso": dso[-1] if dso else None,
        "dso_change": dso[-1] - dso[0] if len(dso) > 1 else None,
        "dso_months": len(dso) - 1,
        "spark": charts.spark(dso) if len(dso) > 1 else "",
    }


def _ageing(one: Standing, labels: list[str]) -> SafeString:
    bars = [charts.Bar(label, _whole(amount, one), colour) for label, amount, colour in zip(labels, one.amounts, _COLOURS, strict=True)]
    return charts.bars(_("Aged balance"), bars, *_tellers(one.currency))


def _course(one: Standing) -> SafeString:
    days = [f"{point.on:%m/%y}" for point in one.trend]
    receivable = charts.Line(_("Receivable"), [_whole(point.receivable, one) for point in one.trend])
    overdue = charts.Line(_("Overdue"), [_whole(point.overdue, one) for point in one.trend])
    return charts.lines(_("Receivable and overdue, month by month"), days, [receivable, overdue], *_tellers(one.currency))


def _whole(amount: int, one: Standing) -> float:
    return float(amount / 10 ** money.decimals(one.currency))


def _tellers(currency: str) -> tuple[charts.Tell, charts.Tell]:
    """How a value is written beside a chart, in full; and on its axis, in thousands or millions where they are many."""
    spoken = language()

    def whole(value: float) -> str:
        return formats.amount(round(value * 10 ** money.decimals(currency)), currency, spoken)

    def brief(value: float) -> str:
        unit, letter = (_MILLION, "M") if abs(value) >= _MILLION else (_THOUSAND, "k") if abs(value) >= _THOUSAND else (1, "")
        shown, symbol = f"{value / unit:g}", formats.symbol(currency, spoken)
        return f"{shown.replace('.', ',')}\u00a0{letter}{symbol}" if spoken == "fr" else f"{symbol}{shown}{letter}"

    return whole, brief
