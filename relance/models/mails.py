"""Which e-mails were written from the arrears follow-up? They tell, and claim nothing: no level changes by them (register K22)."""

from typing import Any

from django.db import models
from django.db.models import Q

from relance.models import fields
from relance.models.renditions import intact

MAIL_KINDS = ("contacts", "managers", "colleagues")
MAIL_STATUSES = ("queued", "sending", "sent", "failed", "unsure")


class Mail(models.Model):
    """One message about the arrears of one customer, as it was written, and what became of it."""

    company = fields.company()
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=64)  # names one request and its recipients: asked again, it is the same mail, and not sent again
    kind = fields.one_of(MAIL_KINDS, "contacts")
    customer = models.ForeignKey("Customer", models.PROTECT, related_name="mails")
    documents = fields.lines()  # their numbers
    sender = models.CharField(max_length=254, default="", blank=True)
    to = fields.lines()
    cc = fields.lines()
    subject = models.TextField(default="", blank=True)
    status = fields.one_of(MAIL_STATUSES, "queued")
    claimed_by = models.CharField(max_length=200, default="", blank=True)  # the process that sends it
    claimed_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    outcome = models.TextField(default="", blank=True)  # what the server answered
    sha256 = models.CharField(max_length=64)  # of the bytes, before compression
    compressed = models.BinaryField()  # zlib

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="mail_number_unique"),
            models.UniqueConstraint(fields=["company", "key"], name="mail_key_unique"),
            fields.check_one_of("mail", "kind", MAIL_KINDS),
            fields.check_one_of("mail", "status", MAIL_STATUSES),
            models.CheckConstraint(name="mail_to_somebody", condition=~Q(to="")),
        ]


def told(mail: Mail) -> dict[str, Any]:
    """A mail as commands answer it."""
    return {
        "number": mail.number,
        "kind": mail.kind,
        "at": mail.at.isoformat(),
        "by": mail.by,
        "from": mail.sender,
        "to": mail.to.split("\n"),
        "cc": mail.cc.split("\n") if mail.cc else [],
        "subject": mail.subject,
        "documents": mail.documents.split("\n"),
        "status": mail.status,
        "outcome": mail.outcome,
    }


def message_of(mail: Mail) -> bytes:
    """The very bytes that were written. Raises ValueError where they have been altered since."""
    return intact(mail.compressed, mail.sha256, f"the archived mail {mail.number}")
