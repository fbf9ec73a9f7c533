"""Who owes what, by age? The aged balance of customers or suppliers, as of any date (register K1 to K13)."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from relance.core.aging import AgedBalance, Basis, GroupBy, aged_balance, grid
from relance.models.aged import open_operations
from relance.web.access import CompanyRequest, needs
from relance.web.asked import day_asked, one_asked

GROUPS = {GroupBy.ACCOUNT: _("Not grouped"), GroupBy.TYPE: _("By customer type"), GroupBy.SALES_REP: _("By sales rep")}


@needs("reader")
def aged(request: CompanyRequest) -> HttpResponse:
    """The balance, account after account, with its sums."""
    asked = _asked(request)
    balance = _balance(request, asked)
    return render(request, "aged.html", asked | {"balance": balance, "columns": _columns(balance), "groups": GROUPS})


@needs("reader")
def operations(request: CompanyRequest) -> HttpResponse:
    """The open operations of one account, for under its row."""
    asked = _asked(request)
    code, currency = request.GET.get("account", ""), request.GET.get("currency", "")
    balance = _balance(request, asked)
    accounts = [one for group in balance.groups for one in group.accounts if (one.code, one.currency) == (code, currency)]
    if not accounts:
        raise Http404
    return render(request, "aged_operations.html", asked | {"account": accounts[0], "columns": _columns(balance)})


def _asked(request: CompanyRequest) -> dict[str, Any]:
    return {
        "as_of": day_asked(request, "as_of", localdate()),
        "by": Basis(one_asked(request, "by", list(Basis), Basis.DUE_DATE)),
        "side": one_asked(request, "side", ["customer", "supplier"], "customer"),
        "group_by": GroupBy(one_asked(request, "group_by", list(GROUPS), GroupBy.ACCOUNT)),
    }


def _balance(request: CompanyRequest, asked: dict[str, Any]) -> AgedBalance:
    as_of: date = asked["as_of"]
    found = open_operations([request.company], as_of, suppliers=asked["side"] == "supplier")
    return aged_balance(found, as_of, grid(asked["by"]), asked["group_by"])


def bucket_label(label: str) -> str:
    """What a bucket is called: how many days its items are late, or old."""
    return gettext("Not due") if label == "not_due" else label.replace("-", "–").replace("+", "\u00a0+")


def _columns(balance: AgedBalance) -> list[str]:
    return [bucket_label(label) for label in balance.grid.labels]
