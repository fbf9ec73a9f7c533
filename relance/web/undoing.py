"""How is the last import taken back on screen? Its page offers it, or says what was built on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from relance.models.history import Upload
from relance.steps import Refused
from relance.steps.undoing import forgotten, hindrances, last_import, undo_import
from relance.telling.sentences import in_words
from relance.web.access import CompanyRequest, needs
from relance.web.asked import whole_number


def offered(request: CompanyRequest, upload: Upload) -> dict[str, Any]:
    """Whether this import is the last that stands, and why it cannot be undone."""
    last = last_import(request.company)
    is_last = last is not None and last.pk == upload.pk
    hinder = [in_words(one) for one in hindrances(upload)] if is_last else []
    return {"is_last": is_last, "hindrances": hinder, "forgets": forgotten(upload) if is_last and not hinder else 0}


@needs("manager")
@require_POST
def undo(request: CompanyRequest, pk: int) -> HttpResponse:
    """Take back the import, and lead to its page, which says so."""
    try:
        upload = undo_import(request.company, pk, by=request.by, forget=whole_number(request.POST.get("forget", "")) or 0)
    except Refused as refusal:
        first = str(refusal).splitlines()[0].partition(" cannot be undone: ")
        messages.error(request, _("Nothing was undone: %(why)s") % {"why": in_words(first[2] or first[0])})
    else:
        messages.success(request, _("%(name)s was undone: everything is again as it was before.") % {"name": upload.filename})
    return redirect("imports_done", request.company.code, pk)
