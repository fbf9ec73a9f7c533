"""What came back of what was sent? Bounces wait here until somebody has seen to them; the mailbox is read again on demand."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from relance.core.messaging import imap_host
from relance.models import reports as kept
from relance.models.messaging import messaging_of
from relance.models.notices import Notice, Run
from relance.models.reports import MailboxMark, MailReport
from relance.steps import Refused, running
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import said
from relance.telling.sheets_of_notices import REPORTS
from relance.web.access import CompanyRequest, needs
from relance.web.asked import whole_number
from relance.web.downloads import download, wanted
from relance.web.lists import listed, whole

_SORTS = {"at": ("at", "pk")}


@needs("reader")
def reports(request: CompanyRequest) -> HttpResponseBase:
    """What waits for a person, or every report, the latest first."""
    every, options = "all" in request.GET, messaging_of(request.company)
    found = MailReport.objects.filter(company=request.company) if every else kept.to_deal_with(request.company)
    found = found.select_related("notice", "mail").defer("compressed", "mail__compressed")
    if wanted(request):
        return download(request, Sheet(_("returned"), REPORTS, streamed(whole(request, found, _SORTS, "-at"))))
    mark = MailboxMark.objects.filter(company=request.company, folder=options["imap_inbox"]).first()
    page = listed(request, found, _SORTS, "-at")
    shown = {
        "reports": page.rows,
        "list": page,
        "every": every,
        "mark": mark,
        "problem": said(mark.problem) if mark else "",
        "has_mailbox": bool(imap_host(options)),
    }
    return render(request, "reports.html", shown)


@needs("collector")
@require_POST
def read(request: CompanyRequest) -> HttpResponse:
    """Read the mailbox now; back to the notice that was asked about."""
    try:
        reading = running.read_mailbox(request.company, request.by)
        new = ngettext("%(count)s new report in the mailbox.", "%(count)s new reports in the mailbox.", reading.kept) % {
            "count": reading.kept
        }
        messages.success(request, new)
    except Refused as refusal:
        messages.error(request, said(str(refusal)))
    notice = Notice.objects.filter(company=request.company, pk=whole_number(request.GET.get("notice", "")) or 0).first()
    if notice is None:
        return redirect("reports", request.company.code)
    if not notice.reports.exists():
        messages.info(request, _("Nothing about this notice was found in the mailbox."))
    return redirect("notice", request.company.code, notice.pk)


@needs("collector")
@require_POST
def deal(request: CompanyRequest, pk: int) -> HttpResponse:
    """Somebody has seen to a bounce: its address is not marked any more."""
    report = get_object_or_404(MailReport.objects.select_related("notice", "mail"), company=request.company, pk=pk)
    kept.deal_with(report, request.by)
    messages.success(request, _("It is noted."))
    return redirect("reports", request.company.code)


@needs("collector")
@require_POST
def put_drafts(request: CompanyRequest, pk: int) -> HttpResponse:
    """Put the drafts of a run into the mailbox, where they wait to be sent."""
    run = get_object_or_404(Run.objects.select_related("company"), company=request.company, pk=pk)
    try:
        put = running.put_drafts(run)
        messages.success(
            request, ngettext("%(count)s draft is in the mailbox now.", "%(count)s drafts are in the mailbox now.", put) % {"count": put}
        )
    except Refused as refusal:
        messages.error(request, said(str(refusal)))
    return redirect("run", request.company.code, run.pk)
