"""Channel -> one message that says nothing but that it arrived: is the way by which reminders leave open?"""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from django.conf import settings

from relance.channels import Unreachable, open_channel, read_address
from relance.models.company import Company
from relance.steps import Refused

_PATIENCE = 15.0  # seconds: somebody waits before the page


def try_mail(company: Company, address: str, subject: str, text: str, at: datetime) -> str:
    """Send a message to this address as reminders are sent; return what the other side said. Raises Refused, saying what went wrong."""
    sender = company.sender_email or address
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, address, subject
    message["Date"], message["Message-ID"] = format_datetime(at), make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        with open_channel(settings.RELANCE_EMAIL_URL, timeout=_PATIENCE) as channel:
            outcome = channel.send(sender, (address,), message.as_bytes(), lambda: None)
    except Unreachable as why:
        raise Refused(str(why)) from None
    if outcome.kind != "accepted":
        raise Refused(outcome.text or outcome.kind)
    if outcome.refused:
        raise Refused("; ".join(outcome.refused.values()))
    return outcome.text


def place() -> str:
    """Where messages go: a server or a folder, without any password; empty where the address of the channel makes no sense."""
    try:
        address = read_address(settings.RELANCE_EMAIL_URL)
    except Unreachable:
        return ""
    return address.parts.path if is_folder() else address.parts.hostname or ""


def is_folder() -> bool:
    """Whether messages are only put into a folder."""
    return settings.RELANCE_EMAIL_URL.startswith("file:")
