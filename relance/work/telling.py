"""Who is told when something goes wrong while nobody looks? The batch's error address: of a launch in trouble, and of none at all."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from django.conf import settings
from django.db import transaction
from django.db.models import F

from relance.channels import Outcome, open_channel, way_out
from relance.letters.mailing.mail import NOBODY
from relance.models.batches import LATE, Batch, Launch
from relance.models.events import Fact, record
from relance.models.messaging import mail_account
from relance.models.moments import zone_of
from relance.work.words import late_text, log_line, subject

_LATER = ("postponed", "broken")


def send_reports(now: datetime) -> None:
    """Mail the logs that are due; one that cannot be taken now stays due. Raises Unreachable."""
    for launch in Launch.objects.filter(report="due").select_related("batch__company").order_by("pk"):
        batch = launch.batch
        outcome = _mail(batch, subject("log", batch.company.language, batch.label or batch.code), launch.log, now)
        if outcome.kind in _LATER:
            continue
        log = launch.log
        if outcome.kind == "refused":
            at = now.astimezone(zone_of(batch))
            log += log_line("unreported", batch.company.language, at, batch.log_level, address=batch.error_address, problem=outcome.text)
        Launch.objects.filter(pk=launch.pk, report="due").update(report="sent", log=log)


def alarm(now: datetime) -> None:
    """Tell, once for each moment, of the batches that have not run when they should. Raises Unreachable."""
    late = Batch.objects.filter(paused=False, next_at__lt=now - LATE).exclude(late_told_at=F("next_at"))
    for batch in late.select_related("company"):
        assert batch.next_at is not None
        text = late_text(batch.company.language, batch.label or batch.code, batch.next_at, now, zone_of(batch))
        outcome = _mail(batch, subject("late", batch.company.language, batch.label or batch.code), text, now)
        if outcome.kind not in _LATER:
            _note_told(batch)


def _note_told(batch: Batch) -> None:
    with transaction.atomic():
        told = Batch.objects.filter(pk=batch.pk, next_at=batch.next_at).exclude(late_told_at=batch.next_at)
        if told.update(late_told_at=batch.next_at):
            due = batch.next_at.isoformat() if batch.next_at else None
            record(batch.company_id, batch.code, [Fact("batch_late", facts={"batch": batch.code, "due_at": due})])


def _mail(batch: Batch, subject_line: str, text: str, now: datetime) -> Outcome:
    """Send a plain message through the channel that the notices take."""
    sender = batch.sender or batch.company.sender_email or NOBODY
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, batch.error_address, subject_line
    message["Date"], message["Message-ID"] = format_datetime(now), make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    with mail_account(batch.company) as account, open_channel(way_out(settings.RELANCE_EMAIL_URL, account)) as channel:
        return channel.send(sender, (batch.error_address,), message.as_bytes(), lambda: None)
