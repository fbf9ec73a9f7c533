"""Does mail leave? The button by which somebody sends a message to her own address, and reads what came of it."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from relance.steps import Refused, trying_mail
from relance.telling.sentences import said
from relance.web.access import CompanyRequest


def send_test_mail(request: CompanyRequest) -> None:
    """Send a message to who asks, as reminders are sent, and say whether it left."""
    address = request.user.email
    subject = _("Relance: a test mail for %(company)s") % {"company": request.company.name}
    text = _("If you read this, reminders of %(company)s can leave by this way.") % {"company": request.company.name}
    try:
        trying_mail.try_mail(request.company, address, subject, text + "\n", timezone.now())
    except Refused as refusal:
        messages.error(request, _("The test mail did not leave: %(why)s") % {"why": said(str(refusal))})
    else:
        messages.success(request, _("The test mail to %(address)s was accepted.") % {"address": address})
