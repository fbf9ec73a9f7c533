"""What was written to a customer, and what was done about it? Its notices, the mails of the follow-up as they left, its whole past."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate

from relance.models import Mail, Notice
from relance.models.chronicle import events_about
from relance.models.mails import message_of
from relance.web.access import CompanyRequest, needs
from relance.web.customers import customer_of, heading_of
from relance.web.events import told_events
from relance.web.framed import framed, parsed
from relance.web.lists import listed
from relance.web.words import MAILS

_MAILS = 100  # the newest


@needs("reader")
def written(request: CompanyRequest, pk: int) -> HttpResponse:
    """The notices and mails of a customer, the newest first."""
    customer = customer_of(request, pk)
    notices = Notice.objects.filter(company=request.company, customer=customer).select_related("run")
    mails = Mail.objects.filter(company=request.company, customer=customer).defer("compressed").order_by("-number")[:_MAILS]
    shown = {
        "heading": heading_of(customer, localdate()),
        "list": listed(request, notices, {"newest": ("-number",)}, "newest"),
        "mails": [(one, MAILS[one.kind]) for one in mails],
    }
    return render(request, "customer_written.html", shown)


@needs("reader")
def past(request: CompanyRequest, pk: int) -> HttpResponse:
    """All that happened about a customer, the newest first."""
    customer = customer_of(request, pk)
    found = listed(request, events_about(request.company, customer, None), {"newest": ("-number",)}, "newest")
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
