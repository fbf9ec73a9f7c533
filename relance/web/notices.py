"""What did one notice say, to whom, and what came of it? As it was frozen; taken back or settled here."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from relance.core.forms import FORM_OF
from relance.core.messaging import imap_host
from relance.models.history import Event, Rendition
from relance.models.lists.agenda import to_try_again
from relance.models.messaging import messaging_of
from relance.models.notices import Notice
from relance.models.outgoing import enclosing
from relance.models.outgoing.frozen import read
from relance.models.renditions import EMAIL, content
from relance.steps import Refused, running
from relance.steps.settling import REVOCABLE
from relance.telling.events import told_events
from relance.telling.sentences import in_words
from relance.web.access import CompanyRequest, needs
from relance.web.framed import framed
from relance.web.handing import handed_over

_SUFFIXES = {"message/rfc822": ".eml", "application/pdf": ".pdf"}


@needs("reader")
def notice(request: CompanyRequest, pk: int) -> HttpResponse:
    """One notice, with the very message or letter."""
    found = _found(request, pk)
    kept = Rendition.objects.filter(notice=found).defer("compressed").first()
    shown: dict[str, Any] = {
        "notice": found,
        "frozen": next(read([found.pk])),
        "kept": kept,
        "enclosed": enclosing.told([found.pk]).get(found.pk, []),
        "is_mail": kept is not None and kept.media_type == EMAIL,
        "events": told_events(Event.objects.filter(notice=found).order_by("-number")),
        "tries_again": to_try_again(Notice.objects.filter(pk=found.pk)).exists(),
        "revocable": found.status in REVOCABLE,
        "reports": list(found.reports.defer("compressed").order_by("-pk")),
        "has_mailbox": bool(imap_host(messaging_of(request.company))),
    }
    return render(request, "notice.html", shown)


@needs("reader")
def notice_file(request: CompanyRequest, pk: int) -> HttpResponse:
    """The message or letter itself, byte for byte; a PDF is shown, whatever else is handed over as a file."""
    kept = _kept(request, pk)
    answer = HttpResponse(content(kept), content_type=kept.media_type)
    shown = "inline" if kept.media_type == "application/pdf" else "attachment"
    answer["Content-Disposition"] = f'{shown}; filename="{kept.notice.number}{_SUFFIXES.get(kept.media_type, "")}"'
    return answer


@needs("reader")
def notice_letter(request: CompanyRequest, pk: int) -> HttpResponse:
    """The letter with the invoices that went with it, to be printed once more; marked as a duplicate where that is asked."""
    kept = _kept(request, pk)
    form = FORM_OF.get(kept.media_type)
    if form is None:
        raise Http404
    duplicate = request.GET.get("as") == "duplicate"
    try:
        return handed_over(f"{kept.notice.number}.{form}", lambda out: running.reprint(out, notice=pk, duplicate=duplicate))
    except Refused as refusal:
        messages.error(request, in_words(refusal))
    return redirect("notice", request.company.code, pk)


@needs("reader")
def notice_mail(request: CompanyRequest, pk: int) -> HttpResponse:
    """The HTML of a message, for the frame it is shown in: it runs nothing and loads nothing."""
    kept = _kept(request, pk)
    if kept.media_type != EMAIL:
        raise Http404
    return framed(content(kept))


@needs("manager")
@require_POST
def cancel(request: CompanyRequest, pk: int) -> HttpResponse:
    """Take the notice back: its items return to what they were."""
    found = _found(request, pk)
    try:
        running.cancel_notice(found.pk, request.POST.get("reason", ""), str(request.user))
        messages.success(request, _("The notice is cancelled; its items are as they were before it."))
    except Refused as refusal:
        messages.error(request, in_words(refusal))
    return redirect("notice", request.company.code, pk)


@needs("collector")
@require_POST
def settle(request: CompanyRequest, pk: int) -> HttpResponse:
    """Say whether an unsure notice, or a draft, was sent."""
    found = _found(request, pk)
    try:
        running.settle(found.pk, str(request.user), sent=request.POST.get("sent") == "yes")
        messages.success(request, _("It is noted."))
    except Refused as refusal:
        messages.error(request, in_words(refusal))
    return redirect("notice", request.company.code, pk)


def _found(request: CompanyRequest, pk: int) -> Notice:
    found = Notice.objects.select_related("run", "customer", "template__template").defer("template__compressed", "template__original")
    return get_object_or_404(found, company=request.company, pk=pk)


def _kept(request: CompanyRequest, pk: int) -> Rendition:
    kept = Rendition.objects.select_related("notice").filter(notice__company=request.company, notice=pk).first()
    if kept is None:
        raise Http404
    return kept
