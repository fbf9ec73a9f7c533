"""What may this money be for? One entry of the bank, or payment without a letter, after the other: accepted, split, left, set aside.

Made for doing forty in five minutes: the first proposal has the focus, so that Enter accepts it and shows the next one; ``n`` passes on.
Where none fits, ``s`` and a name find documents; the one that the money settles to the cent is picked already, and Enter matches it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from relance.core.names import collation_key
from relance.models.bank import BankEntry, Match
from relance.models.company import Company
from relance.models.incoming.reconciling import Waiting, entries_set_aside, items_of, named, proposals, waiting_entries, waiting_payments
from relance.models.ledger import Document, DueItem
from relance.models.lists.kept import kept
from relance.models.parties import Customer
from relance.steps import Refused
from relance.steps.matching import Parts, bring_back, decide, find_waiting, match_certain, set_aside
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import said
from relance.telling.sheets_of_ledger import ASIDE, MATCHED, WAITING
from relance.telling.words import CONFIDENCES, HOW_MATCHED, WHY_MATCHED
from relance.web.access import CompanyRequest, needs
from relance.web.asked import amount_of, one_asked, whole_number, whole_numbers
from relance.web.downloads import download, wanted
from relance.web.lists import Listing, listed, whole

_SHOWN = ("entries", "payments", "done", "aside")
_SORTS: dict[str, dict[str, tuple[str, ...]]] = {
    "entries": {"on": ("booked_on", "pk")},
    "payments": {"on": ("date", "pk")},
    "done": {"on": ("number",)},
    "aside": {"on": ("booked_on", "pk")},
}
_MOST_ITEMS = 60  # due items offered for one search
_MOST_FOUND = 8  # customers offered for one search


class Proposed(NamedTuple):
    """A proposal in words: whose it is, each due item with its part and what is left open of it, why, and how sure that is."""

    customer: Customer
    parts: list[tuple[DueItem, int, int]]
    reason: Any
    code: str
    confidence: Any
    tone: str
    rest: int


@needs("reader")
def matching(request: CompanyRequest) -> HttpResponseBase:
    """What waits, and one of it with what it may be for."""
    company = request.company
    show = one_asked(request, "show", _SHOWN, "entries")
    queries = {"entries": waiting_entries(company), "payments": waiting_payments(company)}
    queries |= {"done": _done(company), "aside": entries_set_aside(company)}
    counts = kept("to-match", company, lambda: {what: queries[what].count() for what in ("entries", "payments")})
    if "show" not in request.GET and not counts["entries"] and counts["payments"]:
        show = "payments"
    decided = show in ("done", "aside")
    usual = "-on" if decided else "on"
    if wanted(request):
        return _as_file(request, show, whole(request, queries[show], _SORTS[show], usual))
    found = listed(request, queries[show], _SORTS[show], usual)
    shown: dict[str, Any] = {"show": show, "counts": counts, "list": found, "how": HOW_MATCHED}
    if not decided:
        shown |= _looked_at(request, found)
    return render(request, "matching.html", shown)


def _as_file(request: CompanyRequest, show: str, found: QuerySet[Any, Any]) -> FileResponse:
    """The list that is shown, whole."""
    if show == "done":
        return download(request, Sheet(_("matched"), MATCHED, streamed(found)))
    rows = (Waiting(None, row) if show == "payments" else Waiting(row, None) for row in streamed(found))
    if show == "aside":
        return download(request, Sheet(_("set-aside"), ASIDE, rows))
    return download(request, Sheet(_("to-match"), WAITING, rows))


@needs("collector")
@require_POST
def act(request: CompanyRequest) -> HttpResponse:
    """Do what was pressed, and go on to what waits next."""
    form, company, by = request.POST, request.company, request.by
    key = form.get("key", "")
    what, _sign, which = form.get("act", "").partition(":")
    try:
        if what == "certain":
            _tell_certain(request, company, by)
        elif what == "aside":
            set_aside(company, key, by)
            messages.success(request, _("Set aside: it is no customer’s payment."))
        elif what == "undo":
            bring_back(company, which, by)
            messages.success(request, _("Undone: it waits again, and everything is as it was before."))
        elif what in ("accept", "settle", "leave"):
            decide(company, key, _parts(form, company, key, what, which), by)
            messages.success(request, _("Matched.") if what != "leave" else _("Left on account."))
    except Refused as refusal:
        messages.error(request, said(str(refusal)))
        return redirect(_address(company, form, at=key))
    except ValueError as error:
        messages.error(request, said(str(error)))
        return redirect(_address(company, form, at=key))
    return redirect(_address(company, form, at=form.get("next", "")))


def _address(company: Company, form: Mapping[str, str], at: str) -> str:
    asked = {"show": form.get("show", ""), "at": at, "after": form.get("after", "")}
    return f"{reverse('matching', args=[company.code])}?{urlencode({name: text for name, text in asked.items() if text})}"


def _tell_certain(request: CompanyRequest, company: Company, by: str) -> None:
    settled = match_certain(company, by)
    told = _("%(certain)s matched, %(on_account)s left on account.")
    messages.success(request, told % {"certain": settled.certain, "on_account": settled.on_account})


# -- looking


def _looked_at(request: CompanyRequest, found: Listing) -> dict[str, Any]:
    """The one that the address names, else the first of the page, with its proposals and what was searched for it."""
    rows = [Waiting(row, None) if isinstance(row, BankEntry) else Waiting(None, row) for row in found.rows]
    at = request.GET.get("at", "")
    one = next((row for row in rows if row.key == at), None) or _asked_for(request.company, at) or next(iter(rows), None)
    place = next((place for place, row in enumerate(rows) if one and row.key == one.key), len(rows))
    shown: dict[str, Any] = {
        "rows": rows,
        "one": one,
        "next": rows[place + 1].key if place + 1 < len(rows) else "",
        "previous": rows[place - 1].key if 0 < place < len(rows) + 1 and rows else "",
        "asked": request.GET.get("q", "").strip()[:80],
    }
    if one is not None:
        shown["proposals"] = _proposed(request.company, one)
        shown |= _searched(request.company, one, shown["asked"])
        shown |= _fitting(shown["items"], abs(one.amount))
    return shown


def _fitting(items: list[tuple[DueItem, int]], amount: int) -> dict[str, Any]:
    """The one due item that the money settles to the cent, picked already; and the item that has the focus: that one, else the first."""
    found = [item.pk for item, open_ in items if open_ == amount]
    fitting = found[0] if len(found) == 1 else None
    return {"fitting": fitting, "first": fitting or next((item.pk for item, _open in items), None)}


def _asked_for(company: Company, key: str) -> Waiting | None:
    try:
        return find_waiting(company, key) if key else None
    except Refused:
        return None


def _proposed(company: Company, one: Waiting) -> list[Proposed]:
    found = proposals(company, one)
    customers, items = named(found)
    told = []
    for candidate in found:
        parts = [(items[pk], part, items[pk].open_amount - part) for pk, part in candidate.parts if pk in items]
        confidence, tone = CONFIDENCES[candidate.confidence]
        rest = one.amount - sum(part for _, part in candidate.parts)
        reason = WHY_MATCHED[candidate.reason]
        told.append(Proposed(customers[candidate.customer], parts, reason, candidate.reason, confidence, tone, rest))
    return told


def _searched(company: Company, one: Waiting, asked: str) -> dict[str, Any]:
    """Customers and due items that a search found; of a payment, those of its customer without one."""
    if one.payment is not None and one.payment.customer_id is not None and not asked:
        items = items_of([one.payment.customer_id], one.amount)
    elif asked:
        key = collation_key(asked)
        called = Q(code__iexact=asked) | Q(sort_name__contains=key)
        customers = Customer.objects.filter(called, company=company).order_by("sort_name")
        if one.payment is not None and one.payment.customer_id is not None:
            customers = customers.filter(pk=one.payment.customer_id)
        found = list(customers[:_MOST_FOUND])
        numbered = Document.objects.filter(company=company, number__icontains=asked, billed_customer__isnull=False)
        owners = [*(row.pk for row in found), *numbered.order_by("number").values_list("billed_customer_id", flat=True)[:_MOST_FOUND]]
        items = items_of(owners, one.amount)
        if not found:
            items = items.filter(document__number__icontains=asked)
        return {"found": found, "items": _offered(items, one)}
    else:
        return {"found": [], "items": []}
    return {"found": [], "items": _offered(items, one)}


def _offered(items: Any, one: Waiting) -> list[tuple[DueItem, int]]:
    """Due items in the currency of the money, each with what may be settled of it, or may have come back."""
    same = items.filter(document__currency=one.currency)[:_MOST_ITEMS]
    return [(item, item.open_amount if one.amount > 0 else item.allocated_amount) for item in same]


def _done(company: Company) -> Any:
    return Match.objects.filter(company=company).select_related("payment__customer", "entry__account")


# -- deciding


def _parts(form: Mapping[str, Any], company: Company, key: str, what: str, which: str) -> Parts:
    """What the form says. Raises ValueError for an amount that is none, Refused where nothing waits."""
    if what == "leave":
        return Parts(customer=whole_number(which))
    if what == "accept":
        pairs = [text.partition(":") for text in form.getlist(f"part-{which}")]  # type: ignore[attr-defined]  # a QueryDict
        parts = [(pk, part) for item, _, text in pairs if (pk := whole_number(item)) is not None and (part := _minor(text)) is not None]
        reason = form.get(f"reason-{which}", "")
        return Parts(parts, whole_number(form.get(f"customer-{which}", "")), reason if reason in WHY_MATCHED else "")
    waiting = find_waiting(company, key)
    return Parts(_picked(form, waiting), None)


def _minor(text: str) -> int | None:
    """An amount in minor units, below zero too, as the page wrote it."""
    found = whole_number(text.removeprefix("-"))
    return -found if found is not None and text.startswith("-") else found


def _picked(form: Mapping[str, Any], waiting: Waiting) -> list[tuple[int, int]]:
    """Each due item that was ticked, with the amount typed beside it, or as much as is left of the money."""
    sign, left, parts = (1 if waiting.amount > 0 else -1), abs(waiting.amount), list[tuple[int, int]]()
    ticked = whole_numbers(form.getlist("item"))  # type: ignore[attr-defined]
    if not ticked:
        raise Refused(_("Choose at least one document."))
    for item in items_by(ticked):
        typed = form.get(f"amount-{item.pk}", "").strip()
        open_ = item.open_amount if waiting.amount > 0 else item.allocated_amount
        part = amount_of(typed, waiting.currency) if typed else min(open_, left)
        left -= part
        parts.append((item.pk, sign * part))
    return [(pk, part) for pk, part in parts if part]


def items_by(ids: list[int]) -> list[DueItem]:
    """Due items in the order in which money settles them: credits first, then the oldest."""
    items = DueItem.objects.filter(pk__in=ids)
    return sorted(items, key=lambda item: (item.open_amount > 0, item.due_date, item.pk))
