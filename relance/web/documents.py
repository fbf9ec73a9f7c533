"""What is there to know of one document? What is open of it, why it is dunned or not, when next, by whom it was paid, and its past."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from relance.core.facts import Mode
from relance.core.forecast import Outlook, look_ahead
from relance.core.reasoning import path
from relance.core.recipients import each_step
from relance.models.book import load_book
from relance.models.ledger import Allocation, Document, DueItem
from relance.models.lists.chronicle import events_about
from relance.models.notices import NoticeLine
from relance.models.outgoing.frozen import shown_level
from relance.models.reports import MailReport, marked
from relance.models.rules import read_terms
from relance.telling.events import told_events
from relance.telling.figures import day
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_history import EVENTS, told
from relance.telling.why import Told, path_told
from relance.web.access import CompanyRequest, needs
from relance.web.asked import day_asked
from relance.web.downloads import download, wanted

_EVENTS = 100  # the newest ones


class Standing(NamedTuple):
    """A due item with the decision about it; neither where it is settled, or where no levels are set up."""

    item: DueItem
    outlook: Outlook | None
    path: list[Told]
    returned: dict[str, MailReport] = {}  # noqa: RUF012 - addresses it goes to that mail came back from


@needs("reader")
def document(request: CompanyRequest, pk: int) -> HttpResponseBase:
    """One document of a customer."""
    found = _found(request, pk)
    as_of = day_asked(request, "as_of", localdate())
    items = list(found.due_items.select_related("status").order_by("no"))
    allocations = Allocation.objects.filter(due_item__document=found).select_related("payment", "due_item").order_by("-date", "-id")
    notices = NoticeLine.objects.filter(due_item__document=found).select_related("notice__run").order_by("-notice_id", "id")
    events = events_about(request.company, None, found).order_by("-number")
    if wanted(request):
        return download(request, Sheet(f"{_('history')}-{found.number}", EVENTS, told(streamed(events))))
    shown = {
        "document": found,
        "standings": _standings(request, found, items),
        "allocations": allocations,
        "lines": notices,
        "taken_over": taken_over(items),
        "events": told_events(events[:_EVENTS]),
        "as_of": as_of,
        "open": sum(one.open_amount for one in items),
    }
    return render(request, "document.html", shown)


def taken_over(items: Iterable[DueItem]) -> str:
    """What is said of items that no notice has claimed: a level was brought by a file or set by hand, or there was none."""
    given = [one for one in items if one.level]
    if not given:
        return _("It was never dunned.")
    last = max((one.last_dunned_on for one in given if one.last_dunned_on), default=None)
    level = shown_level(max(one.level for one in given))
    if last is None:
        return _("No notice was issued here: level %(level)s was imported or set by hand, without a date.") % {"level": level}
    return _("No notice was issued here: level %(level)s, of %(on)s, was imported or set by hand.") % {"level": level, "on": day(last)}


@needs("reader")
def why(request: CompanyRequest, pk: int) -> HttpResponse:
    """Why a document is dunned or not, alone: for under a row of any list."""
    found = _found(request, pk)
    standings = _standings(request, found, list(found.due_items.select_related("status").order_by("no")))
    return render(request, "why.html", {"document": found, "standings": standings})


def _found(request: CompanyRequest, pk: int) -> Document:
    customers = Document.objects.filter(company=request.company, customer__isnull=False)
    return get_object_or_404(customers.select_related("customer", "billed_customer", "payment_method", "manager", "site"), pk=pk)


def _standings(request: CompanyRequest, document: Document, items: list[DueItem]) -> list[Standing]:
    """What the automatic run of the day decides on each due item."""
    as_of = day_asked(request, "as_of", localdate())
    terms = read_terms(request.company, as_of, Mode.AUTOMATIC)
    page = next(load_book(request.company, as_of, customers=[document.billed_customer_id or 0]), None)
    known: dict[int, Any] = {one.id: one for one in page.items} if page and terms.policy.rows else {}
    standings: list[Standing] = []
    method = document.payment_method
    called = {method.code: method.label} if method else {}
    returned: dict[str, MailReport] | None = None  # told once: all the due items of a document go to the same people
    for item in items:
        fact = known.get(item.pk)
        if fact is None or page is None:
            standings.append(Standing(item, None, []))
            continue
        outlook = look_ahead(fact, page, terms)
        told_path = path_told(path(fact, page, terms, outlook.decision), outlook.decision, called)
        if returned is None:
            steps = each_step(fact, page, as_of, contacts_of_billed=request.company.contacts_of_billed_customer)
            returned = marked(request.company, next(filter(None, steps), ()))
            standings.append(Standing(item, outlook, told_path, returned))
        else:
            standings.append(Standing(item, outlook, told_path))
    return standings
