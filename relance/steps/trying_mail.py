"""Channel -> one message that says nothing but that it arrived: is the way by which reminders leave open, and if not, why?"""

from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import NamedTuple

import dkim
from django.conf import settings

from relance.channels import Unreachable, is_folder, open_channel, read_address, way_out
from relance.channels.address import address_of
from relance.channels.mailbox import Mailbox
from relance.channels.smtp_door import knock
from relance.letters.mailing.signing import record_of, signer
from relance.models.company import Company
from relance.models.messaging import mail_account, mailbox_account, messaging_of, signing_key
from relance.steps import Refused

_PATIENCE = 15.0  # seconds: somebody waits before the page
_NO_FOLDER = {
    r"\Sent": "the mailbox has no folder of what was sent: name it in the messaging settings",
    r"\Drafts": "the mailbox has no folder of drafts: name it in the messaging settings",
}
Lookup = Callable[..., bytes | None]  # a TXT record by its name


class Check(NamedTuple):
    """One thing that was looked at: what, whether it is well, and what was found."""

    what: str  # server, sender, signature, mailbox
    good: bool
    said: str


def try_mail(company: Company, address: str, subject: str, text: str, at: datetime) -> str:
    """Send a message to this address as reminders are sent; return what the other side said. Raises Refused, saying what went wrong."""
    sender = company.sender_email or address
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, address, subject
    message["Date"], message["Message-ID"] = format_datetime(at), make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        found = signing_key(company)
        written = signer(*found).sign(message.as_bytes(), int(at.timestamp())) if found else message.as_bytes()
        with mail_account(company) as account, open_channel(way_out(settings.RELANCE_EMAIL_URL, account), timeout=_PATIENCE) as channel:
            outcome = channel.send(sender, (address,), written, lambda: None)
    except (Unreachable, ValueError) as why:
        raise Refused(str(why)) from None
    if outcome.kind != "accepted":
        raise Refused(outcome.text or outcome.kind)
    if outcome.refused:
        raise Refused("; ".join(outcome.refused.values()))
    return outcome.text


def check(company: Company, lookup: Lookup | None = None) -> list[Check]:
    """Look whether the company's own server lets it in and takes its sender, and whether its signature holds; nothing is sent."""
    return [*_check_server(company), *_check_signature(company, lookup), *_check_mailbox(company)]


def place(company: Company | None = None) -> str:
    """Where messages go, of the installation or of a company: a server or a folder; empty where the address makes no sense."""
    if company and not goes_nowhere():
        with mail_account(company) as account:
            if account is not None:
                return account.host
    try:
        address = read_address(settings.RELANCE_EMAIL_URL)
    except Unreachable:
        return ""
    return address.parts.path if is_folder(settings.RELANCE_EMAIL_URL) else address.parts.hostname or ""


def goes_nowhere() -> bool:
    """Whether messages are only put into a folder."""
    return is_folder(settings.RELANCE_EMAIL_URL)


def _check_server(company: Company) -> Iterator[Check]:
    with mail_account(company) as account:
        if account is None:
            return
        try:
            address = address_of(account)
            refusal = knock(address, company.sender_email, _PATIENCE)
        except Unreachable as why:
            yield Check("server", good=False, said=str(why))
            return
        yield Check("server", good=True, said=f"{account.host}:{account.port}")
        if company.sender_email:
            yield Check("sender", good=not refusal, said=refusal or company.sender_email)


def _check_mailbox(company: Company) -> Iterator[Check]:
    """Get in, open the folder that is read, and look for the others."""
    options = messaging_of(Company.objects.get(pk=company.pk))
    with mailbox_account(company) as account:
        if account is None:
            return
        try:
            with Mailbox(account, _PATIENCE) as mailbox:
                folders = {"": options["imap_inbox"]}
                folders |= {
                    mark: mailbox.folder(mark, options[wish]) for mark, wish in ((r"\Sent", "imap_sent"), (r"\Drafts", "imap_drafts"))
                }
                for name in filter(None, folders.values()):
                    mailbox.look_into(name)
        except Unreachable as why:
            yield Check("mailbox", good=False, said=str(why))
            return
        missing = [_NO_FOLDER[mark] for mark, name in folders.items() if not name]
        yield from (Check("mailbox", good=False, said=one) for one in missing)
        if not missing:
            yield Check("mailbox", good=True, said=", ".join(folders.values()))


def _check_signature(company: Company, lookup: Lookup | None) -> Iterator[Check]:
    """Sign, and check by the record that receivers will find."""
    try:
        found = signing_key(company)
        if found is None:
            return
        whose = signer(*found)
    except ValueError as why:
        yield Check("signature", good=False, said=str(why))
        return
    name, _record = record_of(whose)
    message = whose.sign(f"From: {company.sender_email}\r\nSubject: Relance\r\n\r\nRelance\r\n".encode(), 1)
    try:
        published = (lookup or dkim.get_txt)(name.encode() + b".")
        good = bool(published) and dkim.verify(message, dnsfunc=lambda *_given, **_more: published)
    except Exception as error:  # noqa: BLE001 - the library and the resolver raise what they like: whatever it is, it is told
        yield Check("signature", good=False, said=f"{name} cannot be asked for: {' '.join(str(error).split()) or type(error).__name__}")
        return
    if not published:
        yield Check("signature", good=False, said=f"the DNS holds no TXT record {name}")
    elif not good:
        yield Check("signature", good=False, said=f"the TXT record {name} does not hold the other half of this key")
    elif whose.domain != company.sender_email.rpartition("@")[2]:
        yield Check("signature", good=False, said=f"the key signs for {whose.domain}, but mail is sent from {company.sender_email}")
    else:
        yield Check("signature", good=True, said=name)
