"""Which mailboxes are to be read now? Of several workers, one reads each: the moment of reading is claimed by compare-and-set."""

from datetime import datetime, timedelta

from relance.core.messaging import imap_host
from relance.models.company import Company
from relance.models.messaging import messaging_of
from relance.models.reports import MailboxMark


def due_mailboxes(now: datetime) -> list[Company]:
    """Companies whose mailbox was last read too long ago, claimed for whoever asks."""
    companies = Company.objects.exclude(messaging={}).order_by("code")
    return [company for company in companies if _is_due(company, now)]


def _is_due(company: Company, now: datetime) -> bool:
    options = messaging_of(company)
    if options["imap_minutes"] is None or not imap_host(options):
        return False
    mark, _ = MailboxMark.objects.get_or_create(company=company, folder=options["imap_inbox"])
    if mark.read_at is not None and mark.read_at > now - timedelta(minutes=options["imap_minutes"]):
        return False
    return bool(MailboxMark.objects.filter(pk=mark.pk, read_at=mark.read_at).update(read_at=now))
