"""What is done about the arrears of one customer? Its contacts and open due items, chosen ones brought up to date, blocked, written
about, telephoned about (register K22 to K36). No level changes by any of it.
"""

import secrets
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from relance.core.forecast import Outlook
from relance.core.promises import Standing
from relance.models import Contact, Customer, Document, DueItem, Event, Payment
from relance.models.lists.arrears import address_of, open_items, remainders, shown_contacts
from relance.models.lists.promises import standings
from relance.models.reports import MailReport, marked
from relance.steps import Refused, following, writing
from relance.steps.explaining import outlooks
from relance.telling.figures import day
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import in_words
from relance.telling.sheets_of_ledger import ARREARS, ON_ACCOUNT, held_back
from relance.telling.why import held_back_told, reason_told
from relance.telling.words import ROLES
from relance.web.access import CompanyRequest, needs
from relance.web.asked import whole_numbers
from relance.web.blocks import block_all
from relance.web.customers import customer_of, heading_of
from relance.web.downloads import download, wanted
from relance.web.follow_up_forms import BlockForm, CallForm, FollowForm, ItemForm, WriteForm

FOLLOW, BLOCK, WRITE, CALL = "follow", "block", "write", "call"
_EVENTS = 500  # of a document, the newest, in which earlier comments are looked for


class Row(NamedTuple):
    """An open due item: how late, what its promise has come to, what the automatic run of the day decides (None: no levels are set up)."""

    item: DueItem
    days_late: int
    promise: Standing | None
    outlook: Outlook | None
    held_back: str  # why it is not dunned, in a few words; empty where it is


class Person(NamedTuple):
    """A contact as the follow-up shows it."""

    contact: Contact
    address: str
    roles: list[str]
    returned: MailReport | None = None  # what came back from the address


@needs("reader")
def follow_up(request: CompanyRequest, pk: int) -> HttpResponseBase:
    """The follow-up of a customer."""
    if wanted(request, "due-items") or wanted(request, "on-account"):
        return _as_file(request, customer_of(request, pk))
    return _page(request, customer_of(request, pk))


@needs("collector")
@require_POST
def follow(request: CompanyRequest, pk: int) -> HttpResponse:
    """Bring the chosen due items up to date."""
    customer = customer_of(request, pk)
    chosen = _chosen(request, customer)
    form = FollowForm(request.company, chosen, request.POST)
    if not _ready(request, form, chosen):
        return _page(request, customer, {FOLLOW: form}, FOLLOW)
    return _done(request, customer, lambda: _follow(request, chosen, form.said()), {FOLLOW: form}, FOLLOW)


@needs("collector")
@require_POST
def block(request: CompanyRequest, pk: int) -> HttpResponse:
    """Block the documents of the chosen due items, or lift a block of theirs."""
    customer = customer_of(request, pk)
    chosen = _chosen(request, customer)
    lifting = request.POST.get("act") == "lift"
    form = BlockForm(request.POST, lifting=lifting)
    if not _ready(request, form, chosen):
        return _page(request, customer, {BLOCK: form}, BLOCK)
    documents = Document.objects.filter(pk__in={one.document_id for one in chosen}).order_by("number")
    return _done(request, customer, lambda: block_all(request, documents, form.cleaned_data, lifting=lifting), {BLOCK: form}, BLOCK)


@needs("collector")
@require_POST
def write(request: CompanyRequest, pk: int) -> HttpResponse:
    """Write about the chosen due items, or about all that is overdue: to contacts, to managers, to colleagues."""
    customer = customer_of(request, pk)
    chosen = _chosen(request, customer)
    form = WriteForm(request.company, request.POST)
    if not form.is_valid():
        return _page(request, customer, {WRITE: form}, WRITE)
    return _done(request, customer, lambda: _write(request, customer, chosen, form.cleaned_data), {WRITE: form}, WRITE)


@needs("collector")
@require_POST
def call(request: CompanyRequest, pk: int) -> HttpResponse:
    """Note a call, and the promise that was made in it for the chosen due items."""
    customer = customer_of(request, pk)
    chosen = _chosen(request, customer)
    form = CallForm(request.POST)
    if form.is_valid() and form.cleaned_data["promised_on"] and not chosen:
        form.add_error("promised_on", _("Choose the due items that are promised."))
    if not form.is_valid():
        return _page(request, customer, {CALL: form}, CALL)
    return _done(request, customer, lambda: _call(request, customer, chosen, form.cleaned_data), {CALL: form}, CALL)


@needs("reader")
def statement(request: CompanyRequest, pk: int) -> HttpResponse:
    """The statement of account of a customer, today."""
    customer = customer_of(request, pk)
    try:
        pdf = writing.statement(request.company, customer, localdate())
    except Refused as refusal:
        messages.error(request, in_words(refusal))
        return redirect("customers_record", request.company.code, pk)
    name = f'attachment; filename="{_("statement")}-{customer.pk}-{localdate()}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})


@needs("reader", change="collector")
def due_item(request: CompanyRequest, pk: int, item: int) -> HttpResponse:
    """One due item, to read its earlier comments and bring it up to date."""
    customer = customer_of(request, pk)
    items = DueItem.objects.filter(company=request.company, billed_customer=customer)
    found = get_object_or_404(items.select_related("document", "status"), pk=item)
    if request.method != "POST":
        return _item_page(request, customer, found, ItemForm(request.company, found))
    form = ItemForm(request.company, found, request.POST)
    if not form.is_valid():
        return _item_page(request, customer, found, form)
    try:
        _follow(request, [found], form.said())
    except Refused as refusal:
        form.add_error(None, in_words(refusal))
        return _item_page(request, customer, found, form)
    return redirect("customers_record", request.company.code, pk)


def _as_file(request: CompanyRequest, customer: Customer) -> HttpResponseBase:
    """The open due items, or what waits to be matched."""
    if wanted(request, "due-items"):
        return download(request, Sheet(f"{_('arrears')}-{customer.code}", ARREARS, held_back(customer, localdate())))
    return download(request, Sheet(f"{_('on-account')}-{customer.code}", ON_ACCOUNT, streamed(remainders(customer))))


# -- the pages


def _page(request: CompanyRequest, customer: Customer, forms: dict[str, Form] | None = None, opened: str = "") -> HttpResponse:
    """The follow-up, with the form that has something to be put right open, and what was chosen still chosen."""
    today = localdate()
    items = open_items(customer)
    rows, people = _rows(request, customer, items, today), _people(customer, today)
    blank = {
        FOLLOW: FollowForm(request.company, []),
        BLOCK: BlockForm(),
        WRITE: WriteForm(request.company),
        CALL: CallForm(contact=people[0].contact.name if len(people) == 1 else ""),
    }
    shown = {
        "heading": heading_of(customer, today),
        "rows": rows,
        "rest": list(remainders(customer)),
        "sums": _sums(rows, remainders(customer)),
        "people": people,
        "chosen": set(whole_numbers(request.POST.getlist("item"))) if opened else set(),
        "written_to": set(request.POST.getlist("contact")) if opened else set(),
        "forms": blank | (forms or {}),
        "opened": opened,
        "key": secrets.token_hex(16),
    }
    return render(request, "customer.html", shown)


def _item_page(request: CompanyRequest, customer: Customer, item: DueItem, form: ItemForm) -> HttpResponse:
    comments = _comments(item)
    shown = {"heading": heading_of(customer, localdate()), "item": item, "form": form, "comments": comments}
    return render(request, "customer_item.html", shown)


def _rows(request: CompanyRequest, customer: Customer, items: list[DueItem], on: date) -> list[Row]:
    known, judged = outlooks(customer, on), standings(items, request.company, on)
    told = {pk: held_back_told(outlook) for pk, outlook in known.items()}
    return [Row(one, (on - one.due_date).days, judged.get(one.pk), known.get(one.pk), told.get(one.pk, "")) for one in items]


def _sums(rows: Iterable[Row], rest: QuerySet[Payment]) -> dict[str, int]:
    """What is open, by currency."""
    sums: dict[str, int] = {}
    for row in rows:
        currency = row.item.document.currency
        sums[currency] = sums.get(currency, 0) + row.item.open_amount
    for payment in rest:
        sums[payment.currency] = sums.get(payment.currency, 0) - payment.remaining_amount
    return sums


def _people(customer: Customer, on: date) -> list[Person]:
    def roles(contact: Contact) -> list[str]:
        return [label for role, label in ROLES.items() if getattr(contact, f"is_{role}")]

    found = list(shown_contacts(customer, on))
    back = marked(customer.company, map(address_of, found))
    return [Person(one, address_of(one), roles(one), back.get(address_of(one))) for one in found]


def _comments(item: DueItem) -> list[dict[str, Any]]:
    """Comments that people wrote on a due item and notices replaced, the newest first, with who and when (register K36)."""
    events = Event.objects.filter(document=item.document_id).order_by("-number")[:_EVENTS]
    found = [
        {"at": event.at, "by": event.by, "before": change["before"], "after": change["after"]}
        for event in events
        for change in event.facts.get("changed", ())
        if change.get("what") == "comment" and change.get("no") in (None, item.no)
    ]
    lines = item.notice_lines.filter(notice__issued_at__isnull=False).exclude(comment_before="").select_related("notice")
    found += [
        {"at": line.notice.issued_at, "by": line.notice.by, "before": line.comment_before, "after": _("Notice sent")} for line in lines
    ]
    return sorted(found, key=lambda one: one["at"], reverse=True)


# -- the acts


def _chosen(request: HttpRequest, customer: Customer) -> list[DueItem]:
    """The due items that are ticked, among those of the customer."""
    said = whole_numbers(request.POST.getlist("item"))
    items = DueItem.objects.filter(company=customer.company_id, billed_customer=customer, pk__in=said)
    return list(items.select_related("document").order_by("due_date", "pk"))


def _ready(request: CompanyRequest, form: Form, chosen: Collection[DueItem]) -> bool:
    if not chosen:
        messages.error(request, _("Choose at least one due item."))
    return form.is_valid() and bool(chosen)


def _done(request: CompanyRequest, customer: Customer, act: Callable[[], None], forms: dict[str, Form], opened: str) -> HttpResponse:
    """Act and go back to the follow-up; what is refused is said in the form, where what was typed still stands."""
    try:
        act()
    except Refused as refusal:
        forms[opened].add_error(None, in_words(refusal))
        return _page(request, customer, forms, opened)
    return redirect("customers_record", request.company.code, customer.pk)


def _follow(request: CompanyRequest, chosen: list[DueItem], said: following.FollowUp) -> None:
    ids = [one.pk for one in chosen]
    changed = following.follow_up(request.company, ids, said, on=localdate(), by=request.by)
    count = len({(one["document"], one["no"]) for one in changed})
    told = ngettext("%(count)s due item brought up to date.", "%(count)s due items brought up to date.", count) % {"count": count}
    messages.success(request, told if count else _("Everything stood like this already."))


def _write(request: CompanyRequest, customer: Customer, chosen: list[DueItem], said: dict[str, Any]) -> None:
    asked = writing.Asked(
        kind=said["kind"],
        on=localdate(),
        due_items=[one.pk for one in chosen],
        contacts=tuple(request.POST.getlist("contact")) if said["kind"] == "contacts" else (),
        colleagues=(*said["colleagues"], *said["others"]) if said["kind"] == "colleagues" else (),
        cc=said["cc"],
        sender=said["sender"],
        message=said["message"],
        statement=said["statement"],
        key=request.POST.get("key", "")[:64],
    )
    mails, left_out = writing.write(request.company, customer, asked, by=request.by)
    for mail in mails:
        to = ", ".join(mail["to"])
        if mail["status"] == "sent":
            messages.success(request, _("Written to %(to)s.") % {"to": to})
        else:
            messages.error(request, _("Not written to %(to)s: %(why)s") % {"to": to, "why": mail["outcome"]})
    if left_out:
        told = ", ".join(f"{one.document} ({reason_told(one.reason)})" for one in left_out)
        messages.warning(request, _("Not spoken of: %(documents)s.") % {"documents": told})


def _call(request: CompanyRequest, customer: Customer, chosen: list[DueItem], said: dict[str, Any]) -> None:
    by, promised = request.by, said["promised_on"]
    with transaction.atomic():
        if promised:
            ids = [one.pk for one in chosen]
            following.follow_up(request.company, ids, {"promised_on": promised}, on=localdate(), by=by)
        following.note_call(
            customer,
            following.CallOutcome(said["outcome"]),
            contact=said["contact"],
            note=said["note"],
            documents=list(dict.fromkeys(one.document.number for one in chosen)),
            key=request.POST.get("key", "")[:64],
            by=by,
        )
    told = _("The call is noted.")
    messages.success(request, f"{told} {_('Promised for %(on)s.') % {'on': day(promised)}}" if promised else told)
