"""How is a search of the invoice list kept under a name? Each user's own, shared or not; one of them opens the list."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from relance.models.searches import LONGEST_NAME, SavedSearch, query_of, save_search, searches_of
from relance.web.access import CompanyRequest, needs


class Saving(forms.Form):
    """The name of the criteria in the address."""

    name = forms.CharField(label=gettext_lazy("Name of the search"), max_length=LONGEST_NAME)
    is_shared = forms.BooleanField(label=gettext_lazy("Shared with colleagues"), required=False)
    is_default = forms.BooleanField(label=gettext_lazy("Opens the list"), required=False)


def shown(request: CompanyRequest) -> dict[str, Any]:
    """The searches that the page offers, the one that it shows among them."""
    now = query_of(request.GET.dict())
    found = list(searches_of(request.company, request.user))
    return {"searches": found, "current": next((one.pk for one in found if one.query == now), 0), "criteria": now}


def default_of(request: CompanyRequest) -> HttpResponse | None:
    """The way to the user's default search, where the address asks for nothing."""
    if request.GET:
        return None
    kept = SavedSearch.objects.filter(company=request.company, user=request.user, is_default=True).first()
    return redirect(_address(request, kept.query)) if kept and kept.query else None


@needs("reader")
@require_POST
def save(request: CompanyRequest) -> HttpResponse:
    """Keep the criteria of the form."""
    query = query_of(QueryDict(request.POST.get("criteria", "")).dict())
    form = Saving(request.POST)
    if form.is_valid() and query:
        said = form.cleaned_data
        with transaction.atomic():
            save_search(request.company, request.user, said.pop("name").strip(), query, **said)
        messages.success(request, _("The search is kept."))
    else:
        messages.error(request, _("A search needs a name and at least one criterion."))
    return redirect(_address(request, query))


@needs("reader")
@require_POST
def remove(request: CompanyRequest, pk: int) -> HttpResponse:
    """Take one's own search away."""
    get_object_or_404(SavedSearch, company=request.company, user=request.user, pk=pk).delete()
    messages.success(request, _("The search is removed."))
    return redirect(_address(request, "state=open"))


def _address(request: CompanyRequest, query: str) -> str:
    return f"{reverse('invoices', args=[request.company.code])}?{query}"
