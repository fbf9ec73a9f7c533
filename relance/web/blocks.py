"""Which documents are to be left alone? Those picked in a list, or the one on a page, blocked together or let go (register K18 to K21)."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from relance.models.ledger import Document
from relance.steps import Refused, blocking
from relance.steps.blocking import Block
from relance.telling.sentences import in_words
from relance.web.access import CompanyRequest, needs
from relance.web.asked import number_asked, whole_numbers
from relance.web.follow_up_forms import BlockForm

_MANY = 500  # due items whose documents are blocked at once


@needs("collector")
@require_POST
def block(request: CompanyRequest) -> HttpResponse:
    """Ask how the documents of the chosen due items are blocked, and why; then block them, or lift a block of theirs."""
    items = whole_numbers(request.POST.getlist("item"))[:_MANY]
    found = Document.objects.filter(company=request.company, due_items__in=items, billed_customer__isnull=False)
    documents = list(found.select_related("billed_customer").distinct().order_by("number"))
    if not documents:
        messages.warning(request, _("Choose at least one due item."))
        return back(request)
    act = request.POST.get("act", "")
    form = BlockForm(request.POST if act else None, lifting=act == "lift")
    if act and form.is_valid():
        try:
            block_all(request, documents, form.cleaned_data, lifting=act == "lift")
            return back(request)
        except Refused as refusal:
            form.add_error(None, in_words(refusal))
    return render(request, "block.html", {"documents": documents, "items": items, "form": form, "back": back(request).url})


def back(request: CompanyRequest) -> HttpResponseRedirect:
    """To the document or the customer from whose page one came, else to the list of invoices under the criteria that one had asked for."""
    asked = request.GET.copy()
    for page, name in (("document", "document"), ("record", "customers_record")):
        if pk := number_asked(request, page, 0):
            return redirect(name, request.company.code, pk)
    address = reverse("invoices", args=[request.company.code])
    return HttpResponseRedirect(f"{address}?{asked.urlencode()}" if asked else address)


def block_all(request: CompanyRequest, documents: Iterable[Document], said: dict[str, Any], *, lifting: bool) -> None:
    """Block documents as a form says, or lift that block of theirs, and tell how many. Raises Refused, and changes none."""
    kind, by = Block(said["kind"]), request.by
    count = 0
    with transaction.atomic():
        for document in documents:
            if lifting:
                changed = blocking.unblock(document, kind, by=by, comment=said["comment"] or None)
            else:
                until, reason = said["until"], said["reason"]
                changed = blocking.block(document, kind, by=by, comment=said["comment"], until=until, reason=reason)
            count += bool(changed)
    if lifting:
        told = ngettext("%(count)s document unblocked.", "%(count)s documents unblocked.", count) % {"count": count}
    else:
        told = ngettext("%(count)s document blocked.", "%(count)s documents blocked.", count) % {"count": count}
    messages.success(request, told if count else _("Everything stood like this already."))
