"""Does what came back mark the notice it is about, once, and leave the mailbox as it was?"""

import socket
import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from relance.dossier import dump, load
from relance.models import Company, Event, MailReport, Notice
from relance.models.ledger import DueItem
from relance.models.lists.agenda import agenda
from relance.models.mailboxes import due_mailboxes
from relance.models.reports import MailboxMark, deal_with, marked
from relance.steps import Refused, keeping_secrets, running, setting_up, trying_mail
from relance.steps.delivering import deliver
from relance.telling.sentences import said
from tests.acceptance.postoffice import open_post_office
from tests.channels.hostile import HANG_UP, hostile
from tests.channels.mailroom import PASSWORD, USER, mailroom
from tests.importers.test_mail_report import OURS, dsn
from tests.steps.queues import TODAY, queue

pytestmark = pytest.mark.django_db


def with_mailbox(company: Company, port: int, **options) -> Company:
    said = {"imap_host": "127.0.0.1", "imap_port": port, "imap_security": "none", "imap_user": USER}
    setting_up.set_up(company, {"messaging": said | options}, by="jeanne")
    keeping_secrets.put(company, "imap_password", PASSWORD, "jeanne")
    company.refresh_from_db()
    return company


def about(notice: Notice, **said: str) -> bytes:
    """What a server says of a notice."""
    return dsn(**({"recipient": notice.to.split("\n")[0]} | said)).replace(OURS.encode(), notice.message_id.encode())


@pytest.fixture
def sent():
    """A company of two customers who were written to."""
    company = queue(2)
    assert deliver(company).sent == 2
    return company


def test_a_notice_that_came_back_is_bounced_and_restores_nothing(sent):
    notice = Notice.objects.order_by("pk").first()
    levels = list(DueItem.objects.order_by("pk").values_list("level", "last_dunned_on"))
    with mailroom() as room:
        with_mailbox(sent, room.port)
        room.put(b"From: a@b.example\nSubject: Bonjour\n\nRien.\n")
        room.put(about(notice))
        before = room.messages()
        reading = running.read_mailbox(sent, "jeanne")
        assert (reading.read, reading.kept, reading.bounced) == (2, 1, [notice.pk])
        again = running.read_mailbox(sent, "jeanne")
        MailboxMark.objects.update(last_uid=0)
        anew = running.read_mailbox(sent, "jeanne")
        assert (again.read, again.kept, anew.read, anew.kept) == (0, 0, 2, 0)
        assert room.messages() == before, "nothing is marked as read, moved or taken away"
        assert "Seen" not in str(before)
    notice.refresh_from_db()
    assert notice.status == "bounced"
    assert list(DueItem.objects.order_by("pk").values_list("level", "last_dunned_on")) == levels
    assert Event.objects.filter(what="notice_bounced", notice=notice).count() == 1
    assert agenda(sent, TODAY).bounced == 1
    assert list(marked(sent, [notice.to, "other@x.example"])) == [notice.to]
    deal_with(MailReport.objects.get(), "jeanne")
    assert (agenda(sent, TODAY).bounced, marked(sent, [notice.to])) == (0, {})


@pytest.mark.parametrize("action", ["delayed", "delivered"])
def test_a_delay_and_a_receipt_are_noted_and_are_no_bounces(action, sent):
    notice = Notice.objects.order_by("pk").first()
    with mailroom() as room:
        with_mailbox(sent, room.port)
        room.put(about(notice, action=action, status="4.4.7"))
        assert running.read_mailbox(sent, "jeanne").bounced == []
    notice.refresh_from_db()
    assert (notice.status, MailReport.objects.get().kind, agenda(sent, TODAY).bounced) == ("sent", action, 0)


def test_where_one_of_several_fails_the_notice_stays_sent_and_the_task_stands(sent):
    notice = Notice.objects.order_by("pk").first()
    Notice.objects.filter(pk=notice.pk).update(cc="boss@clients.example")
    with mailroom() as room:
        with_mailbox(sent, room.port)
        room.put(about(notice))
        assert running.read_mailbox(sent, "jeanne").bounced == []
        assert agenda(sent, TODAY).bounced == 1
        room.put(about(notice, recipient="BOSS@clients.example"))
        assert running.read_mailbox(sent, "jeanne").bounced == [notice.pk]


def test_reports_on_other_peoples_mail_are_left_alone(sent):
    with mailroom() as room:
        with_mailbox(sent, room.port)
        room.put(dsn())
        assert running.read_mailbox(sent, "jeanne").kept == 0
    assert not MailReport.objects.exists()


def test_an_unsure_notice_is_told_to_be_among_what_was_sent_and_stays_for_a_person(settings):
    company = queue(1)
    with hostile(END=HANG_UP) as server:
        settings.RELANCE_EMAIL_URL = server.url
        assert deliver(company).unsure == 1
    notice = Notice.objects.get()
    with mailroom() as room:
        room.folder("Sent")
        with_mailbox(company, room.port)
        room.put(f"Subject: x\nMessage-ID: {notice.message_id}\n\nx\n".encode(), "Sent")
        running.read_mailbox(company, "jeanne")
    notice.refresh_from_db()
    assert (notice.status, notice.reports.get().kind, notice.reports.get().text) == ("unsure", "in_sent", "Sent")


def drafted() -> tuple[Company, Notice]:
    company = queue(1)
    Notice.objects.update(status="cancelled")
    from relance.core.facts import Channel
    from relance.core.review import ReviewRequest
    from relance.models.notices import NoticeLine

    NoticeLine.objects.update(in_flight=False)
    item = DueItem.objects.get()
    running.remind(company, ReviewRequest(as_of=TODAY, chosen={item.pk: None}, channel=Channel.DRAFT), by="jeanne")
    return company, Notice.objects.get(channel="draft")


def test_a_draft_is_put_into_the_mailbox_once_and_recognised_when_it_was_sent():
    company, notice = drafted()
    with mailroom() as room:
        room.folder("Drafts")
        room.folder("Sent")
        with_mailbox(company, room.port)
        assert [running.put_drafts(notice.run), running.put_drafts(notice.run)] == [1, 0]
        [(flags, message)] = room.messages("Drafts")
        assert "\\Draft" in flags
        assert b"X-Unsent" not in message
        changed = message.replace(notice.message_id.encode(), b"<other@mail.example>", 1)
        room.put(message.replace(b"Message-ID: " + notice.message_id.encode(), b"Message-ID: <other@mail.example>"), "Sent")
        assert changed
        assert running.read_mailbox(company, "jeanne").sent == [notice.pk]
    notice.refresh_from_db()
    assert notice.status == "sent"
    assert DueItem.objects.get().level == notice.level


def test_a_message_like_the_draft_is_told_and_confirms_nothing():
    company, notice = drafted()
    subject = running_subject(notice)
    with mailroom() as room:
        room.folder("Sent")
        with_mailbox(company, room.port)
        room.put(f"Subject: {subject}\nTo: {notice.to}\nMessage-ID: <other@mail.example>\n\nx\n".encode(), "Sent")
        assert running.read_mailbox(company, "jeanne").sent == []
    notice.refresh_from_db()
    assert (notice.status, notice.reports.get().kind) == ("drafted", "resembles")


def running_subject(notice: Notice) -> str:
    from email.parser import BytesHeaderParser

    from relance.models.renditions import content

    return " ".join(str(BytesHeaderParser().parsebytes(content(notice.renditions.get()))["Subject"]).split())


@pytest.mark.parametrize("option", ["imap_inbox", "imap_sent", "imap_drafts"])
def test_a_folder_that_is_not_there_is_named_with_those_that_are_in_the_readers_language(option):
    company, _notice = drafted()
    with mailroom() as room:
        room.folder("Envoyés")
        room.folder("Brouillons")
        with_mailbox(company, room.port, **{option: "Retours"})
        [check] = [one for one in trying_mail.check(company) if one.what == "mailbox"]
        told = f'the mailbox 127.0.0.1:{room.port} has no folder "Retours"; there is Brouillons, Envoyés, INBOX'
        assert (check.good, check.said) == (False, told)
        with pytest.raises(Refused, match="has no folder"):
            running.put_drafts(Notice.objects.get(channel="draft").run) if option == "imap_drafts" else running.read_mailbox(company, "eva")
    with override("fr"):
        assert said(told).endswith("n’a pas de dossier « Retours » ; il y a Brouillons, Envoyés, INBOX")


def test_a_mailbox_without_folders_of_its_own_is_told_which_are_wanted():
    company = queue(1)
    with mailroom() as room:
        with_mailbox(company, room.port)
        found = [one.said for one in trying_mail.check(company) if one.what == "mailbox"]
    assert [one.removeprefix("the mailbox has no folder of ") for one in found] == [
        "what was sent: name it in the messaging settings",
        "drafts: name it in the messaging settings",
    ]


def test_a_server_that_accepts_and_then_returns_the_message(settings):
    """The whole way: sent by SMTP, returned to the mailbox, read from it."""
    company = queue(1)
    with open_post_office() as office, mailroom() as room:
        settings.RELANCE_EMAIL_URL = office.url
        with_mailbox(company, room.port)
        deliver(company)
        [(recipients, message)] = office.received
        room.put(dsn(recipient=recipients[0]).replace(OURS.encode(), message["Message-ID"].encode()))
        assert len(running.read_mailbox(company, "jeanne").bounced) == 1


def test_a_worker_reads_each_mailbox_in_its_time():
    company, now = queue(1), timezone.now()
    assert due_mailboxes(now) == []
    with_mailbox(company, 1, imap_minutes=10)
    assert due_mailboxes(now) == [company]
    assert due_mailboxes(now) == [], "another worker has it already"
    assert due_mailboxes(now + timedelta(minutes=11)) == [company]


def test_what_is_wrong_with_a_mailbox_is_said_and_kept(sent):
    with mailroom() as room:
        with_mailbox(sent, room.port)
        keeping_secrets.put(sent, "imap_password", "wr0ng", "jeanne")
        with pytest.raises(Refused, match="does not accept the user name or password") as refusal:
            running.read_mailbox(sent, "jeanne")
        assert "wr0ng" not in str(refusal.value)
        assert "does not accept" in MailboxMark.objects.get().problem
        keeping_secrets.put(sent, "imap_password", PASSWORD, "jeanne")
        check = trying_mail.check(sent)[-1]
        assert (check.what, check.good) == ("mailbox", False)
        assert "no folder of drafts" in check.said
    with pytest.raises(Refused, match="cannot be reached"):
        running.read_mailbox(sent, "jeanne")


@pytest.mark.parametrize("greeting", [b"", b"* NO go away\r\n", b"HTTP/1.1 200 OK\r\n"])
def test_a_server_that_is_no_mailbox_is_said_to_be_none(greeting, sent):
    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(greeting)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with_mailbox(sent, listener.getsockname()[1])
        with pytest.raises(Refused, match="mailbox 127"):
            running.read_mailbox(sent, "jeanne")
        thread.join(5)


def test_what_came_back_travels_in_the_dossier(sent):
    notice = Notice.objects.order_by("pk").first()
    with mailroom() as room:
        with_mailbox(sent, room.port)
        room.put(about(notice))
        running.read_mailbox(sent, "jeanne")
    told = "".join(dump(sent))
    assert '"kind": "bounced"' in told
    assert PASSWORD not in told
    load(told.encode(), by="jeanne")
    assert "".join(dump(sent)) == told
