"""Mailbox -> what came back about messages of ours: kept once, marked on the notice, left where it is.

Read again, it changes nothing: each report is named by its content, and each folder is remembered up to where it was read. Mail that is
about nothing of ours is not kept, and stays unread.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import Any

from django.db import transaction
from django.utils import timezone

from relance.channels import Unreachable
from relance.channels.mailbox import Mailbox
from relance.core.recipients import distinct
from relance.importers.mail_report import Report, may_be_one, read_report
from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.finding import Unfound
from relance.models.mails import Mail
from relance.models.messaging import mailbox_account, messaging_of
from relance.models.notices import Notice
from relance.models.renditions import EMAIL, content
from relance.models.reports import MailboxMark, MailReport, conclude_bounces, deal_with
from relance.steps import Refused

FIRST_LOOK = timedelta(60)  # how far back a mailbox is read the first time
_MOST_LOOKED_FOR = 300  # notices whose message is looked for among those sent, at one reading
_MOST_HEADS = 1_000  # headers of sent messages that are compared with drafts
_LARGEST = 300_000  # bytes of a report that are kept: it may return the whole message with its invoices
OUR_MARK = "X-Relance-Notice"  # names the notice on a draft, whatever a mail program makes of its Message-ID


@dataclass
class Reading:
    """What came of a reading."""

    read: int = 0  # messages whose headers were looked at
    kept: int = 0  # reports that are new
    bounced: list[int] = field(default_factory=list)  # notices, by identifier
    sent: list[int] = field(default_factory=list)  # drafts that were found among what was sent

    def told(self) -> dict[str, Any]:
        """What came of it, as JSON has it."""
        return {"read": self.read, "kept": self.kept, "bounced": self.bounced, "confirmed": self.sent}


def see_to(number: int, by: str, company: Company | None = None) -> None:
    """Note that somebody has seen to a bounce. Raises Unfound where there is none of this number, Refused where somebody has before."""
    whose = {"company": company} if company else {}
    report = MailReport.objects.select_related("notice", "mail").filter(pk=number, kind="bounced", **whose).first()
    if report is None:
        raise Unfound(f"there is no bounce {number}")
    if report.dealt_at is not None:
        raise Refused(f"{report.dealt_by} has seen to it already")
    deal_with(report, by)


def read_mailbox(company: Company, by: str) -> Reading:
    """Read what is new in the mailbox, and look for what is unsure among what was sent. Raises Refused where it cannot be read."""
    reading, now, options = Reading(), timezone.now(), messaging_of(Company.objects.get(pk=company.pk))
    mark, _ = MailboxMark.objects.get_or_create(company=company, folder=options["imap_inbox"])
    try:
        with mailbox_account(company) as account:
            if account is None:
                raise Refused(f"{company.code} has no mailbox set up")
            with Mailbox(account) as mailbox:
                _read_inbox(company, mailbox, mark, now, by, reading)
                _look_among_sent(company, mailbox, options["imap_sent"], by, reading)
    except Unreachable as why:
        MailboxMark.objects.filter(pk=mark.pk).update(read_at=now, problem=str(why))
        raise Refused(str(why)) from None
    with transaction.atomic():
        reading.bounced = conclude_bounces(company, by)
    MailboxMark.objects.filter(pk=mark.pk).update(read_at=now, problem="")
    return reading


def put_drafts(company: Company, notices: Iterable[Notice]) -> int:
    """Put drafted messages into the user's own mailbox; one that is there already is not put twice. Returns how many. Raises Refused."""
    options, put = messaging_of(Company.objects.get(pk=company.pk)), 0
    try:
        with mailbox_account(company) as account:
            if account is None:
                raise Refused(f"{company.code} has no mailbox set up")
            with Mailbox(account) as mailbox:
                folder = mailbox.folder(r"\Drafts", options["imap_drafts"])
                if not folder:
                    raise Refused("the mailbox has no folder of drafts: name it in the messaging settings")
                for notice in notices:
                    put += _put(mailbox, folder, notice)
    except Unreachable as why:
        raise Refused(str(why)) from None
    return put


# -- what has come in


def _read_inbox(company: Company, mailbox: Mailbox, mark: MailboxMark, now: datetime, by: str, reading: Reading) -> None:
    """Report after report, each stored with the place up to which the folder is read."""
    validity = mailbox.look_into(mark.folder)
    last = mark.last_uid if mark.validity == validity else 0
    for letter in mailbox.heads(mailbox.newer(last, (now - FIRST_LOOK).date())):
        reading.read += 1
        raw = mailbox.whole(letter.uid) if may_be_one(letter.head) else b""
        with transaction.atomic():
            reading.kept += bool(raw and _keep(company, raw, by))
            MailboxMark.objects.filter(pk=mark.pk).update(validity=validity, last_uid=letter.uid)


def _keep(company: Company, raw: bytes, by: str) -> bool:
    """Whether the message is a report on one of ours that was not kept yet."""
    try:
        report = read_report(raw)
    except Exception:  # noqa: BLE001 - anybody may have written it, with any fault: what cannot be read is no report
        return False
    if report is None:
        return False
    notice = Notice.objects.filter(company=company, message_id__in=report.about).order_by("-pk").first() if report.about else None
    mail = None if notice else _mail(company, report.about)
    return bool(notice or mail) and _store(company, raw, report, notice, mail, by)


def _mail(company: Company, about: tuple[str, ...]) -> Mail | None:
    """The mail of the arrears follow-up that a report is about: its number is in its Message-ID."""
    for one in about:
        _, _, rest = one.partition("<relance.mail.")
        number = rest.partition(".")[0]
        mail = Mail.objects.filter(company=company, number=int(number)).first() if number.isdigit() and len(number) < 10 else None
        if mail and mail.key[:16] and f".{mail.key[:16]}@" in one:
            return mail
    return None


def _store(company: Company, raw: bytes, report: Report, notice: Notice | None, mail: Mail | None, by: str) -> bool:
    """One row for each report, however often it is read."""
    said = {
        "notice": notice,
        "mail": mail,
        "kind": report.kind,
        "recipients": "\n".join(report.recipients),
        "status_code": report.status,
        "text": report.text.replace("\0", ""),
        "subject": report.subject.replace("\0", ""),
        "at": timezone.now(),
        "compressed": zlib.compress(raw[:_LARGEST], 6),
    }
    kept, is_new = MailReport.objects.get_or_create(company=company, key=hashlib.sha256(raw).hexdigest(), defaults=said)
    if is_new:
        facts = {"kind": kept.kind, "recipients": list(report.recipients), "outcome": kept.text or kept.status_code}
        customer = notice.customer_id if notice else mail.customer_id if mail else None
        record(company.pk, by, [Fact("report_read", notice.pk if notice else None, customer, facts=facts)])
    return is_new


# -- what was sent


def _look_among_sent(company: Company, mailbox: Mailbox, wish: str, by: str, reading: Reading) -> None:
    """Whether an unsure notice, or a draft, is among what was sent: a draft that is there was sent; of the other it is only told."""
    looked_for = Notice.objects.filter(company=company, status__in=("unsure", "drafted"), channel__in=("email", "draft"))
    notices = list(looked_for.exclude(reports__kind="in_sent").select_related("run").order_by("-pk")[:_MOST_LOOKED_FOR])
    folder = mailbox.folder(r"\Sent", wish) if notices else ""
    if not folder:
        return
    mailbox.look_into(folder)
    heads = dict(_recent(mailbox, min(notice.run.started_at for notice in notices))) if any(_is_draft(one) for one in notices) else {}
    for notice in notices:
        found = mailbox.holding("Message-ID", notice.message_id) or mailbox.holding(OUR_MARK, notice.message_id)
        if found:
            _store_found(company, notice, "in_sent", folder, by)
            if _is_draft(notice):
                reading.sent.append(notice.pk)
        elif _is_draft(notice) and any(_resembles(notice, head) for head in heads.values()):
            _store_found(company, notice, "resembles", folder, by)


def _is_draft(notice: Notice) -> bool:
    return notice.status == "drafted"


def _recent(mailbox: Mailbox, since: datetime) -> Iterator[tuple[int, Message]]:
    uids = mailbox.newer(0, since.date())[-_MOST_HEADS:]
    return ((letter.uid, letter.head) for letter in mailbox.heads(uids))


def _resembles(notice: Notice, head: Message) -> bool:
    """Whether it has the subject and all the recipients of the draft: mail programs give a draft another Message-ID."""
    kept = notice.renditions.filter(media_type=EMAIL).first()
    if kept is None:
        return False
    written = BytesHeaderParser().parsebytes(content(kept))
    to = {address.lower() for _, address in getaddresses([str(head.get("To", "")), str(head.get("Cc", ""))])}
    wanted = {address.lower() for address in distinct((*notice.to.split("\n"), *notice.cc.split("\n"))) if address}
    return _subject(written) == _subject(head) and wanted <= to


def _subject(head: Message) -> str:
    return " ".join(str(make_header(decode_header(str(head.get("Subject", ""))))).split())


def _store_found(company: Company, notice: Notice, kind: str, folder: str, by: str) -> None:
    key = hashlib.sha256(f"{kind} {notice.pk}".encode()).hexdigest()
    said = {"notice": notice, "kind": kind, "text": folder, "at": timezone.now(), "compressed": zlib.compress(b"")}
    with transaction.atomic():
        _, is_new = MailReport.objects.get_or_create(company=company, key=key, defaults=said)
        if is_new:
            record(company.pk, by, [Fact("report_read", notice.pk, notice.customer_id, facts={"kind": kind, "outcome": folder})])


# -- drafts


def _put(mailbox: Mailbox, folder: str, notice: Notice) -> bool:
    mailbox.look_into(folder)
    if mailbox.holding("Message-ID", notice.message_id):
        return False
    kept = notice.renditions.filter(media_type=EMAIL).first()
    if kept is None:
        return False
    message = content(kept).removeprefix(b"X-Unsent: 1\r\n")
    mailbox.put_draft(folder, f"{OUR_MARK}: {notice.message_id}\r\n".encode() + message)
    return True
