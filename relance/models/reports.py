"""What came back about a message that left? Each report as it was read; whom it marks, and what of it waits for a person."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from relance.core.recipients import distinct
from relance.models import fields
from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.notices import Notice

REPORT_KINDS = (
    "bounced",
    "delayed",
    "delivered",
    "auto_reply",
    "in_sent",
    "resembles",
)  # the last two: found in the folder of what was sent


class MailReport(models.Model):
    """One message that was found in the mailbox about one of ours."""

    company = fields.company()
    key = models.CharField(max_length=64)  # names it: read again, it is the same
    notice = models.ForeignKey("Notice", models.CASCADE, null=True, blank=True, related_name="reports")
    mail = models.ForeignKey("Mail", models.CASCADE, null=True, blank=True, related_name="reports")
    kind = fields.one_of(REPORT_KINDS, "bounced")
    recipients = fields.lines()
    status_code = models.CharField(max_length=20, default="", blank=True)
    text = models.TextField(default="", blank=True)  # what the server or the answer said
    subject = models.TextField(default="", blank=True)
    at = models.DateTimeField()  # when it was read
    compressed = models.BinaryField()  # the message itself, zlib; of what was found among what was sent, nothing
    dealt_at = models.DateTimeField(null=True, blank=True)  # when somebody has seen to it
    dealt_by = models.CharField(max_length=150, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "key"], name="mailreport_key_unique"),
            fields.check_one_of("mailreport", "kind", REPORT_KINDS),
        ]
        indexes = [models.Index(fields=["company"], condition=Q(kind="bounced", dealt_at=None), name="mailreport_to_do")]

    def __str__(self) -> str:
        return f"{self.kind} {self.status_code}".strip()

    @property
    def said(self) -> str:
        """Why it came back, as far as that was told."""
        return f"{self.status_code} {self.text}".strip() or str(self.kind)


class MailboxMark(models.Model):
    """How far a folder of a company's mailbox has been read. It belongs to the mailbox, and travels in no dossier."""

    company = fields.company()
    folder = models.CharField(max_length=200)
    validity = models.PositiveBigIntegerField(default=0)  # of its numbering
    last_uid = models.PositiveBigIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(default="", blank=True)  # why it could not be read

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "folder"], name="mailboxmark_folder_unique")]

    def __str__(self) -> str:
        return self.folder


def told_report(report: MailReport) -> dict[str, Any]:
    """A report, as JSON has it."""
    return {
        "id": report.pk,
        "notice": report.notice_id,
        "kind": report.kind,
        "recipients": [one for one in report.recipients.split("\n") if one],
        "status": report.status_code,
        "text": report.text,
        "subject": report.subject,
        "at": report.at.isoformat(),
        "dealt_by": report.dealt_by or None,
    }


def to_deal_with(company: Company) -> Any:
    """Bounces that nobody has seen to."""
    return MailReport.objects.filter(company=company, kind="bounced", dealt_at=None)


def marked(company: Company, addresses: Iterable[str]) -> dict[str, MailReport]:
    """Which of the addresses a message could not be delivered to, with the latest report; until somebody has seen to it."""
    wanted = {address.lower(): address for address in addresses if address}
    found: dict[str, MailReport] = {}
    for report in to_deal_with(company).defer("compressed").order_by("at", "pk") if wanted else ():
        for address in report.recipients.lower().split("\n"):
            if address in wanted:
                found[wanted[address]] = report
    return found


def conclude_bounces(company: Company, by: str) -> list[int]:
    """A sent notice of which nobody has got anything is bounced; it restores nothing. Returns the notices, by identifier.

    Where only some addresses fail it stays sent, as when a server refuses them at once; the reports tell whom.
    """
    reports: dict[int, list[MailReport]] = {}
    for report in MailReport.objects.filter(company=company, kind="bounced", notice__status="sent").defer("compressed").order_by("pk"):
        reports.setdefault(report.notice_id or 0, []).append(report)
    bounced = []
    for notice in Notice.objects.filter(pk__in=reports):
        about = reports[notice.pk]
        if not _missing(notice, about) and Notice.objects.filter(pk=notice.pk, status="sent").update(status="bounced"):
            facts = {"outcome": about[-1].text or about[-1].status_code, "recipients": _failed(about)}
            record(company.pk, by, [Fact("notice_bounced", notice.pk, notice.customer_id, facts=facts)])
            bounced.append(notice.pk)
    return bounced


def deal_with(report: MailReport, by: str) -> None:
    """Note that somebody has seen to it: the address is not marked any more."""
    if MailReport.objects.filter(pk=report.pk, dealt_at=None).update(dealt_at=timezone.now(), dealt_by=by):
        customer = report.notice.customer_id if report.notice else report.mail.customer_id if report.mail else None
        record(report.company_id, by, [Fact("report_dealt_with", report.notice_id, customer, facts={"recipients": _failed([report])})])


def _missing(notice: Notice, reports: list[MailReport]) -> set[str]:
    """The recipients of whom no report says that they got nothing. A report on nobody known is on the only one there is."""
    written = {address.lower() for address in distinct((*notice.to.split("\n"), *notice.cc.split("\n"))) if address}
    failed = {address.lower() for address in _failed(reports)}
    return set() if len(written) == 1 and not failed & written else written - failed


def _failed(reports: list[MailReport]) -> list[str]:
    return list(dict.fromkeys(address for one in reports for address in one.recipients.split("\n") if address))
