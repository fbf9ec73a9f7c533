"""Which statuses, payment methods and collaborators are there? Short lists that documents and due items refer to."""

from operator import attrgetter
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from relance.dossier import Faults
from relance.models.company import Collaborator, Company, PaymentMethod, Status
from relance.models.finding import Unfound
from relance.models.parties import TypeCounted, types_counted
from relance.models.templates import TemplateUse
from relance.steps import Refused, keeping, setting_up
from relance.telling.faults import told
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import in_words
from relance.telling.sheets_of_ledger import CUSTOMER_TYPES
from relance.web.access import CompanyRequest, may, needs
from relance.web.asked import one_asked
from relance.web.downloads import download, wanted
from relance.web.lists import listed, whole
from relance.web.setting_up.faults import tell

_LONGEST_TYPE, _LONGEST_LABEL = 40, 200  # letters
_CODE = gettext_lazy("Code")


class StatusForm(forms.Form):
    """Where the follow-up of a due item stands."""

    code = forms.CharField(label=_CODE, max_length=80)
    label = forms.CharField(label=gettext_lazy("Label"), required=False, max_length=200)
    stops_dunning = forms.BooleanField(
        label=gettext_lazy("Stops dunning"),
        required=False,
        help_text=gettext_lazy("Items in this status, such as a dispute, are left out."),
    )


class MethodForm(forms.Form):
    """How a document is to be paid."""

    code = forms.CharField(label=_CODE, max_length=80)
    label = forms.CharField(label=gettext_lazy("Label"), required=False, max_length=200)
    dunnable = forms.BooleanField(
        label=gettext_lazy("Can be reminded of"),
        required=False,
        initial=True,
        help_text=gettext_lazy("What is paid by direct debit is never reminded of, whoever asks."),
    )


class CollaboratorForm(forms.Form):
    """An employee: sales rep of customers, manager of invoices."""

    code = forms.CharField(label=_CODE, max_length=80)
    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=200)
    email = forms.CharField(label=gettext_lazy("E-mail address"), required=False, widget=forms.EmailInput)


class Kind(NamedTuple):
    """One list: what it is called, its rows, and the form of one of them."""

    label: Any
    model: type[models.Model]
    form: type[forms.Form]


LISTS = {
    "statuses": Kind(gettext_lazy("Statuses"), Status, StatusForm),
    "payment_methods": Kind(gettext_lazy("Payment methods"), PaymentMethod, MethodForm),
    "collaborators": Kind(gettext_lazy("Collaborators"), Collaborator, CollaboratorForm),
}


@needs("manager")
def short_lists(request: CompanyRequest) -> HttpResponseBase:
    """One of the lists, page by page."""
    which = _which(request)
    kind, fields = LISTS[which], list(LISTS[which].form.base_fields.items())
    found = kind.model._default_manager.filter(company=request.company)
    sorts = {"code": ("code", "pk"), fields[1][0]: (fields[1][0], "pk")}
    if wanted(request):
        columns = [(field.label, attrgetter(name)) for name, field in fields]
        return download(request, Sheet(str(kind.label).lower(), columns, streamed(whole(request, found, sorts, "code"))))
    listing = listed(request, found, sorts, "code")
    heads = ["", *(field.label for _name, field in fields[2:])]
    rows = [(row.code, list(zip(heads, [getattr(row, name) for name, _field in fields[1:]], strict=True))) for row in listing.rows]
    shown = {
        "which": which,
        "tabs": _tabs(),
        "list": listing,
        "rows": rows,
        "second": (fields[1][0], fields[1][1].label),
        "columns": heads[1:],
    }
    return render(request, "setting_up/lists.html", shown)


@needs("manager", change="administrator")
def types(request: CompanyRequest) -> HttpResponseBase:
    """The types of customers with how many there are of each; one can be called otherwise, or, once asked, be put together with another."""
    rows, asked = types_counted(request.company), {}
    if request.method == "POST":
        before, after = request.POST.get("type", ""), request.POST.get("name", "").strip()[:_LONGEST_TYPE]
        if "label" in request.POST:
            return _call(request, before, request.POST["label"].strip()[:_LONGEST_LABEL])
        asked = {} if request.POST.get("act") == "together" else _what_is_lost(request.company, rows, before, after)
        if not asked:
            count = keeping.rename_type(request.company, before, after, by=request.by)
            messages.success(request, ngettext("%(n)s customer changed.", "%(n)s customers changed.", count) % {"n": count})
            return redirect("short_lists_types", request.company.code)
    if wanted(request):
        return download(request, Sheet(_("types"), CUSTOMER_TYPES, rows))
    return render(request, "setting_up/types.html", {"rows": rows, "tabs": _tabs(), "which": "types", "asked": asked})


def _what_is_lost(company: Company, rows: list[TypeCounted], before: str, after: str) -> dict[str, Any]:
    """What cannot be told apart again once a type has the name of another, or none, to be asked first; nothing where nothing is lost."""
    of = {row.code: row for row in rows}
    if before == after or before not in of or (after and after not in of):
        return {}
    uses = TemplateUse.objects.filter(company=company, customer_type__in=[before, after or before])
    used = set(uses.values_list("customer_type", flat=True))
    return {
        "of": of[before],
        "to": of.get(after),
        "label": of[before].label if not after or of[after].label else "",
        "template": before in used and (not after or after in used),
    }


def _call(request: CompanyRequest, code: str, label: str) -> HttpResponseRedirect:
    """Say what a type is called; nothing: by its code alone."""
    try:
        if label:
            setting_up.set_up(request.company, {"customer_types": [{"code": code, "label": label}]}, by=request.by)
        else:
            setting_up.set_up(request.company, {}, without=[("customer_types", code)], by=request.by)
        messages.success(request, _("%(code)s is saved.") % {"code": code})
    except Faults as faults:
        messages.error(request, " ".join(told(fault.message) for fault in faults.faults))
    except Unfound:
        pass  # it had no label, and has none now
    return redirect("short_lists_types", request.company.code)


@needs("manager", change="administrator")
def short_list_entry(request: CompanyRequest) -> HttpResponse:
    """One row of a list, or a new one: changed, or taken away where nothing refers to it."""
    which, code = _which(request), request.GET.get("code", "")
    found = LISTS[which].model._default_manager.filter(company=request.company, code=code).values().first() if code else None
    act = request.POST.get("act", "")
    if act == "remove" and found:
        return _remove(request, which, code)
    form = LISTS[which].form(request.POST if act else None, initial=found)
    if found:
        form.fields["code"].disabled = True
    if not may(request.role, "administrator"):
        for field in form.fields.values():
            field.disabled = True
    if act and form.is_valid() and _store(request, which, form, new=not found):
        messages.success(request, _("%(code)s is saved.") % {"code": form.cleaned_data["code"]})
        return _back(request, which)
    return render(request, "setting_up/list_entry.html", {"form": form, "which": which, "label": LISTS[which].label, "entry": found})


def _tabs() -> list[tuple[str, Any]]:
    return [(name, one.label) for name, one in LISTS.items()]


def _which(request: CompanyRequest) -> str:
    return one_asked(request, "list", list(LISTS), "statuses")


def _back(request: CompanyRequest, which: str) -> HttpResponseRedirect:
    return redirect(f"{reverse('short_lists', args=[request.company.code])}?list={which}")


def _remove(request: CompanyRequest, which: str, code: str) -> HttpResponse:
    try:
        setting_up.set_up(request.company, {}, without=[(which, code)], by=request.by)
    except (Refused, Unfound) as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("%(code)s is removed.") % {"code": code})
    return _back(request, which)


def _store(request: CompanyRequest, which: str, form: forms.Form, *, new: bool) -> bool:
    """Whether the row is stored; what is wrong with it is told beside its field."""
    code = form.cleaned_data["code"]
    if new and LISTS[which].model._default_manager.filter(company=request.company, code=code).exists():
        form.add_error("code", _("This code is taken."))
        return False
    try:
        setting_up.set_up(request.company, {which: [form.cleaned_data]}, by=request.by)
    except Faults as faults:
        tell(form, faults.faults)
        return False
    return True
