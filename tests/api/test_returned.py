"""Can another program see what came back and what was written from the follow-up, page by page and as a file, and see to it?"""

from datetime import date

import pytest
from django.utils import timezone

from relance.models import Company, Event, MailReport, Notice
from relance.steps import running
from tests.acceptance.world import TODAY
from tests.api.conftest import AT
from tests.api.test_lists_as_files import rows_of
from tests.channels.mailroom import USER, mailroom
from tests.steps.test_reading_mailbox import with_mailbox


@pytest.fixture
def bounces(acme: Company) -> list[MailReport]:
    """Three bounces, the first about a notice, and an answer of somebody who is away."""
    running.batch(acme, date.fromisoformat(TODAY), by="eva")
    said = {"company": acme, "recipients": "ann@clients.example", "at": timezone.now(), "compressed": b"", "subject": "Undelivered"}
    about = {"notice": Notice.objects.get(), "status_code": "5.1.1", "text": "no such mailbox"}
    found = [MailReport.objects.create(key=str(number), kind="bounced", **said, **(about if number == 0 else {})) for number in range(3)]
    MailReport.objects.create(key="away", kind="auto_reply", **said)
    return found


def test_returned_mail_comes_page_by_page_the_last_first(bounces, program):
    caller = program("reader", "read")
    first = caller.ask("/returned", kind="bounced", limit=2)
    rest = caller.ask("/returned", kind="bounced", limit=2, cursor=first["next"])
    assert [one["id"] for page in (first, rest) for one in page["reports"]] == [one.pk for one in reversed(bounces)]
    assert rest["next"] is None
    [told] = caller.ask("/returned", notice=bounces[0].notice_id)["reports"]
    assert (told["status"], told["text"], told["recipients"], told["dealt_by"]) == (
        "5.1.1",
        "no such mailbox",
        ["ann@clients.example"],
        None,
    )


def test_it_comes_whole_as_a_file_as_it_is_filtered(bounces, program):
    caller = program("reader", "read")
    rows = rows_of(caller.get(f"{AT}/returned?waiting=true&format=csv&language=en"))
    assert [(row["To"], row["About"], row["Details"]) for row in rows] == [
        *[("ann@clients.example", "Undelivered", "")] * 2,
        ("ann@clients.example", str(bounces[0].notice.number), "5.1.1 no such mailbox"),
    ]
    assert len(rows_of(caller.get(f"{AT}/returned?format=csv&language=en"))) == 4


def test_a_bounce_that_was_seen_to_waits_no_more(bounces, program):
    caller, at = program("collector", "read", "write"), f"/returned/{bounces[0].pk}/seen-to"
    assert caller.send(at, {}).json()["changed"][0]["what"] == "dealt_by"
    assert [one["id"] for one in caller.ask("/returned", waiting="true")["reports"]] == [bounces[2].pk, bounces[1].pk]
    assert Event.objects.get(what="report_dealt_with").notice_id == bounces[0].notice_id
    again = caller.send(at, {})
    assert (again.status_code, again.json()["detail"]) == (409, "token collector read-write ACME has seen to it already")
    away = MailReport.objects.get(kind="auto_reply").pk
    assert caller.send(f"/returned/{away}/seen-to", {}).status_code == 404
    assert program("reader", "read", "write").send(at, {}).status_code == 403


def test_the_mailbox_is_read_on_demand(acme, program):
    caller = program("collector", "write", "dun")
    assert caller.send("/mailbox/read", {}).status_code == 409
    with mailroom() as room:
        with_mailbox(acme, room.port)
        room.put(f"From: a@b.example\nTo: {USER}\nSubject: Bonjour\n\nRien.\n".encode())
        assert caller.send("/mailbox/read", {}).json() == {"read": 1, "kept": 0, "bounced": [], "confirmed": []}


def test_the_drafts_of_a_run_are_put_into_the_mailbox_once(acme, program):
    made = running.batch(acme, date.fromisoformat(TODAY), by="eva").run
    Notice.objects.update(channel="draft", status="drafted")
    caller = program("collector", "dun")
    with mailroom() as room:
        room.folder("Drafts")
        with_mailbox(acme, room.port)
        assert [caller.send(f"/runs/{made}/mailbox-drafts", {}).json() for _ in range(2)] == [{"put": 1}, {"put": 0}]
    assert caller.send("/runs/999999/mailbox-drafts", {}).status_code == 404


def test_the_mails_of_the_follow_up_are_listed_of_a_customer_or_all(acme, world, program):
    world.invoice("FA-3", "C002")
    world.load()
    caller = program("collector", "read", "dun")
    for customer, document in (("C001", "FA-1"), ("C002", "FA-3")):
        said = {"to": "colleagues", "colleagues": ["eva@acme.example"], "documents": [document], "message": "Bonjour", "key": customer}
        assert caller.send("/mails", {"customer": customer, **said}).status_code == 200
    assert [one["customer"] for one in caller.ask("/mails")["mails"]] == ["C002", "C001"]
    [mail] = caller.ask("/mails", customer="C001")["mails"]
    assert (mail["number"], mail["documents"], mail["to"], mail["status"]) == (1, ["FA-1"], ["eva@acme.example"], "sent")
    assert [row["No."] for row in rows_of(caller.get(f"{AT}/mails?customer=C002&format=csv&language=en"))] == ["2"]
