"""What was written to a customer, and what was done about it? Its notices, the mails of the follow-up as they left, its whole past."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from relance.models import Mail, Notice
from relance.models.lists.chronicle import events_about
from relance.models.mails import message_of
from relance.telling.events import told_events
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_history import EVENTS, told
from relance.telling.sheets_of_notices import MAIL, NOTICES
from relance.telling.sheets_of_notices import written as told_notices
from relance.telling.words import MAILS
from relance.web.access import CompanyRequest, needs
from relance.web.customers import customer_of, heading_of
from relance.web.downloads import download, wanted
from relance.web.framed import framed, parsed
from relance.web.lists import listed

_MAILS = 100  # the newest


@needs("reader")
def written(request: CompanyRequest, pk: int) -> HttpResponseBase:
    """The notices and mails of a customer, the newest first."""
    customer = customer_of(request, pk)
    notices = Notice.objects.filter(company=request.company, customer=customer).select_related("run")
    if wanted(request, "notices"):
        return download(request, Sheet(f"{_('notices')}-{customer.code}", NOTICES, told_notices(streamed(notices.order_by("-number")))))
    mails = Mail.objects.filter(company=request.company, customer=customer).defer("compressed").order_by("-number")
    if wanted(request, "mails"):
        return download(request, Sheet(f"{_('mails')}-{customer.code}", MAIL, streamed(mails)))
    shown = {
        "heading": heading_of(customer, localdate()),
        "list": listed(request, notices, {"newest": ("-number",)}, "newest"),
        "mails": [(one, MAILS[one.kind]) for one in mails[:_MAILS]],
    }
    return render(request, "customer_written.html", shown)


@needs("reader")
def past(request: CompanyRequest, pk: int) -> HttpResponseBase:
    """All that happened about a customer, the newest first."""
    customer = customer_of(request, pk)
    events = events_about(request.company, customer, None)
    if wanted(request):
        return download(request, Sheet(f"{_('history')}-{customer.code}", EVENTS, told(streamed(events.order_by("-number")))))
    found = listed(request, events, {"newest": ("-number",)}, "newest")
    shown = {"heading": heading_of(customer, localdate()), "list": found, "events": told_events(found.rows)}
    return render(request, "customer_past.html", shown)


@needs("reader")
def mail(request: CompanyRequest, number: int) -> HttpResponse:
    """One mail of the follow-up."""
    found = _mail(request, number)
    message = parsed(message_of(found))
    text = message.get_body(("plain",))
    shown = {
        "mail": found,
        "kind": MAILS[found.kind],
        "text": text.get_content() if text else "",
        "beside": [part.get_filename() for part in message.iter_attachments()],
    }
    return render(request, "mail.html", shown)


@needs("reader")
def mail_body(request: CompanyRequest, number: int) -> HttpResponse:
    """The HTML of a mail, for a frame."""
    return framed(message_of(_mail(request, number)))


@needs("reader")
def mail_message(request: CompanyRequest, number: int) -> HttpResponse:
    """The mail, for a mail program."""
    said = {"Content-Disposition": f'attachment; filename="mail-{number}.eml"'}
    return HttpResponse(message_of(_mail(request, number)), content_type="message/rfc822", headers=said)


def _mail(request: CompanyRequest, number: int) -> Mail:
    return get_object_or_404(Mail.objects.select_related("customer"), company=request.company, number=number)
