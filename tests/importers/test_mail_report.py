"""Is what servers and answering machines write understood, and what people write left alone?"""

from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.importers.mail_report import may_be_one, read_report

OURS = "<relance.7.abc@acme.example>"


QMAIL = b"""From: MAILER-DAEMON@mx.example
To: compta@acme.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<client@clients.example>:
no mailbox here by that name

--- Below this line is a copy of the message.

Return-Path: <compta@acme.example>
Message-ID: """


def dsn(action: str = "failed", status: str = "5.1.1", recipient: str = "client@clients.example", returned: str = "text/rfc822-headers"):
    original = f"Message-ID: {OURS}\nSubject: Relance\n"
    return (
        "From: MAILER-DAEMON@mx.example\nTo: compta@acme.example\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n'
        "--B\nContent-Type: text/plain\n\nSorry.\n\n--B\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
        f"--B\nContent-Type: {returned}\n\n{original}\n\n--B--\n"
    ).encode()


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_a_notification_says_of_whom_about_what_and_why(returned):
    report = read_report(dsn(returned=returned))
    assert (report.kind, report.about, report.recipients) == ("bounced", (OURS,), ("client@clients.example",))
    assert (report.status, report.text) == ("5.1.1", "550 5.1.1 User unknown")


KINDS = [("failed", "bounced"), ("delayed", "delayed"), ("delivered", "delivered"), ("relayed", "delivered")]


@pytest.mark.parametrize(("action", "kind"), KINDS)
def test_a_delay_is_no_bounce(action, kind):
    assert read_report(dsn(action)).kind == kind


def test_of_several_recipients_only_the_failed_are_told():
    both = dsn().replace(
        b"\n\nFinal-Recipient",
        b"\n\nFinal-Recipient: rfc822; other@clients.example\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient",
        1,
    )
    assert read_report(both).recipients == ("client@clients.example",)


def test_a_bounce_in_a_servers_own_manner_is_understood():
    qmail = QMAIL + OURS.encode() + b"\n"
    report = read_report(qmail)
    assert (report.kind, report.about, report.recipients) == ("bounced", (OURS,), ("client@clients.example",))


def test_an_answering_machine_is_one():
    away = "From: a@b.example\nSubject: =?utf-8?q?Absent_=C3=A9t=C3=A9?=\nAuto-Submitted: auto-replied\n"
    away += f"In-Reply-To: {OURS}\n\nJe reviens lundi.\n"
    report = read_report(away.encode())
    assert (report.kind, report.about, report.text, report.subject) == ("auto_reply", (OURS,), "Je reviens lundi.", "Absent été")


@pytest.mark.parametrize("head", ["Auto-Submitted: no\n", "", "Auto-Submitted: auto-generated\n"])
def test_what_people_write_is_no_report_and_is_not_even_read(head):
    letter = (
        f"From: a@b.example\nSubject: Re: Relance\nIn-Reply-To: {OURS}\n{head}\nNous avons payé le 12. Adresse inconnue au bataillon.\n"
    )
    assert read_report(letter.encode()) is None
    assert not may_be_one(message_from_bytes(letter.encode()))


@given(st.binary(max_size=400))
def test_whatever_stands_in_a_mailbox_it_is_read_without_a_fault(raw):
    read_report(b"From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; boundary=B\n\n--B\n" + raw)
