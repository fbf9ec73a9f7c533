"""Is a batch launched when it is due, once, and is somebody told when it is not or goes wrong?"""

import email
import email.policy
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from relance.dossier import Faults
from relance.models import Batch, Document, Event, Launch, Notice, Run
from relance.steps import Refused, batching
from relance.work import launching
from tests.channels.hostile import hostile
from tests.dossier.files import customer, file, invoice, take_in, text_of
from tests.dossier.lives import emptied

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # half past eight in Paris


def mails(folder, to: str) -> list[email.message.EmailMessage]:
    """What was written to an address."""
    files = sorted(folder.glob("*.eml")) if folder.exists() else []
    held = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
    return [message for message in held if message["To"] == to]


def missed(batch: Batch, since: timedelta) -> None:
    """The batch was due so long ago, and nobody was there."""
    Batch.objects.filter(pk=batch.pk).update(next_at=timezone.now() - since)


@pytest.mark.spec("K67", "K68")
def test_a_batch_that_is_due_sends_and_is_due_again_at_its_next_moment(batch, turn, mail_folder):
    night = batch(times="08:30", weekdays="12345", at=MONDAY - timedelta(hours=1))
    assert night.next_at == MONDAY
    assert turn(MONDAY - timedelta(minutes=1)).launched == 0
    missed(night, timedelta(0))
    assert turn().launched == 1
    launch = Launch.objects.get()
    assert (launch.status, launch.by, launch.results[0]["notices"]) == ("done", "NUIT", {"sent": 3})
    assert len(list(mail_folder.glob("*.eml"))) == 3
    night.refresh_from_db()
    assert night.next_at > timezone.now()


@pytest.mark.spec("K68")
def test_a_batch_without_a_schedule_is_launched_by_hand_only(batch, turn):
    night = batch()
    assert turn().launched == 0
    batching.ask_to_launch(night, by="jeanne")
    assert turn().launched == 1
    launch = Launch.objects.get()
    assert (launch.by, launch.due_at, launch.status) == ("jeanne", None, "done")


def test_moments_missed_for_a_week_are_made_up_once_and_said(batch, turn):
    night = batch(times="08:30")
    missed(night, timedelta(days=7))
    turn()
    turn()
    launch = Launch.objects.get()
    assert "rattrapé maintenant" in launch.log
    assert launch.as_of == timezone.localdate()


def test_a_batch_that_has_not_run_when_it_should_alarms_once(batch, turn, mail_folder):
    night = batch(times="08:30")
    missed(night, timedelta(minutes=20))
    night.refresh_from_db()
    assert not night.is_late(timezone.now())
    missed(night, timedelta(minutes=40))
    night.refresh_from_db()
    assert night.is_late(timezone.now())
    turn()
    turn()
    [alarm] = mails(mail_folder, "dsi@acme.example")
    assert alarm["Subject"] == "Relances automatiques NUIT\u00a0: non lancées"
    assert Event.objects.filter(what="batch_late").count() == 1


def test_a_batch_never_overlaps_itself(batch, turn, company):
    night = batch(times="08:30")
    now = timezone.now()
    under_way = launching.begin(night, None, "jeanne", "another worker", now)
    missed(night, timedelta(0))
    Launch.objects.filter(pk=under_way.pk).update(status="sending", held_by="")
    with pytest.raises(Refused, match="has been under way since"):
        batching.ask_to_launch(night, by="jeanne")
    with pytest.raises(IntegrityError), transaction.atomic():
        Launch.objects.create(company=company, batch=night, as_of=now.date(), by="x", started_at=now + timedelta(1))
    turn()
    assert list(Launch.objects.order_by("pk").values_list("status", flat=True)) == ["done", "done"]


def test_a_paused_batch_lets_its_moments_pass_and_makes_none_up(batch, turn):
    night = batch(times="08:30")
    missed(night, timedelta(days=1))
    batching.set_paused(night, paused=True, by="jeanne", now=timezone.now())
    assert turn().launched == 0
    batching.set_paused(night, paused=False, by="jeanne", now=timezone.now())
    night.refresh_from_db()
    assert night.next_at > timezone.now()
    assert turn().launched == 0
    assert list(Event.objects.filter(what__startswith="batch_").values_list("what", flat=True)) == [
        "batch_set",
        "batch_paused",
        "batch_resumed",
    ]


def test_a_launch_whose_worker_died_is_taken_over_and_decides_each_company_once(batch, turn, company):
    night = batch()
    dead = launching.begin(night, None, "jeanne", "elsewhere/boot/1/1/1", timezone.now() - timedelta(hours=1))
    launching.decide(dead, "elsewhere/boot/1/1/1")
    Launch.objects.filter(pk=dead.pk).update(status="deciding", held_by="elsewhere/boot/1/1/1", results=[], held_at=dead.started_at)
    turn()
    assert (Run.objects.count(), Notice.objects.count()) == (1, 3)
    launch = Launch.objects.get()
    assert (launch.status, launch.results[0]["notices"]) == ("done", {"sent": 3})
    assert "Repris" in launch.log


# -- parameters


def test_a_batch_writes_from_and_to_whom_it_is_told(batch, turn, mail_folder):
    night = batch(cc="chef@acme.example", bcc="archives@acme.example", sender="relances@acme.example", reply_to="compta@acme.example")
    with hostile() as server:
        batching.ask_to_launch(night, by="jeanne")
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("django.conf.settings.RELANCE_EMAIL_URL", server.url)
            turn()
    first = email.message_from_bytes(server.bodies[0], policy=email.policy.default)
    assert (first["Cc"], first["Reply-To"], first["Bcc"]) == ("chef@acme.example", "compta@acme.example", None)
    assert first["From"].addresses[0].addr_spec == "relances@acme.example"
    assert server.verbs.count("RCPT") == 3 * 3


def test_a_batch_runs_for_the_companies_named_and_one_that_is_refused_does_not_keep_the_others(batch, turn, mail_folder):
    other = file(customers=[customer()], documents=[invoice()])
    other["company"] = {"code": "AUTRE", "name": "Autre SA"}
    take_in(other)
    night = batch(companies="AUTRE\nPERDUE\nACME")
    batching.ask_to_launch(night, by="jeanne")
    turn()
    launch = Launch.objects.get()
    problems = {result["company"]: result["problem"] for result in launch.results}
    assert problems["ACME"] is None
    assert "no levels set up" in problems["AUTRE"]
    assert "no company PERDUE" in problems["PERDUE"]
    [told] = mails(mail_folder, "dsi@acme.example")
    assert told.get_content().replace("\r\n", "\n") == launch.log
    assert Notice.objects.filter(status="sent").count() == 3


def test_a_batch_that_only_simulates_stores_and_sends_nothing(batch, turn, mail_folder):
    batching.ask_to_launch(batch(dry_run=True), by="jeanne")
    turn()
    assert (Run.objects.count(), mail_folder.exists()) == (0, False)
    assert Launch.objects.get().results[0]["notices"] == {"proposed": 3}


def test_a_batch_on_old_figures_is_recorded_as_refused_and_told(batch, turn, company, mail_folder):
    type(company).objects.update(max_ledger_age_days=1, documents_at=timezone.now() - timedelta(days=3))
    batching.ask_to_launch(batch(), by="jeanne")
    turn()
    launch = Launch.objects.get()
    assert (launch.status, Run.objects.count()) == ("refused", 0)
    assert "last brought in on" in launch.log
    assert len(mails(mail_folder, "dsi@acme.example")) == 1


def test_what_is_queued_does_not_leave_on_figures_that_have_grown_old(batch, turn, company, mail_folder):
    from relance.steps import running

    running.batch(company, timezone.localdate(), wait=False, by="jeanne")
    type(company).objects.update(max_ledger_age_days=1, documents_at=timezone.now() - timedelta(days=3))
    turn()
    assert not mail_folder.exists()
    type(company).objects.update(documents_at=timezone.now())
    turn()
    assert len(list(mail_folder.glob("*.eml"))) == 3


# -- what goes wrong


def test_messages_that_fail_are_told_to_the_error_address(batch, turn, mail_folder, settings):
    batching.ask_to_launch(batch(), by="jeanne")
    with hostile(RCPT=["550 no such mailbox", "250 ok"]) as server:
        settings.RELANCE_EMAIL_URL = server.url
        turn()
    launch = Launch.objects.get()
    assert (launch.status, launch.results[0]["notices"]) == ("done", {"failed": 1, "sent": 2})
    assert b"dsi@acme.example" in server.bodies[-1]


def test_a_mail_server_out_of_reach_breaks_the_launch_off_and_the_log_is_mailed_when_it_is_back(batch, turn, settings, mail_folder):
    folder = settings.RELANCE_EMAIL_URL
    batching.ask_to_launch(batch(), by="jeanne")
    with hostile(GREETING="554 closed") as server:
        settings.RELANCE_EMAIL_URL = server.url
        turn()
    launch = Launch.objects.get()
    assert (launch.status, launch.report) == ("broken_off", "due")
    assert "closed" in launch.log
    assert set(Notice.objects.values_list("status", flat=True)) == {"queued"}
    settings.RELANCE_EMAIL_URL = folder
    turn()
    launch.refresh_from_db()
    assert (launch.report, len(mails(mail_folder, "dsi@acme.example"))) == ("sent", 1)
    assert set(Notice.objects.values_list("status", flat=True)) == {"sent"}


# -- temporary blocks


def blocked() -> bool:
    return Document.objects.filter(number="FA-000", no_dunning_temporary=True).exists()


@pytest.mark.spec("K64")
def test_a_temporary_block_is_lifted_when_the_last_message_of_the_run_is_sent_not_before(batch, turn, settings):
    Document.objects.filter(number="FA-000").update(no_dunning_temporary=True)
    batching.ask_to_launch(batch(), by="jeanne")
    with hostile(RCPT=["450 greylisted", "250 ok"]) as server:
        settings.RELANCE_EMAIL_URL = server.url
        turn()
        assert (blocked(), Launch.objects.get().status) == (True, "sending")
        Notice.objects.filter(status="queued").update(next_try_at=timezone.now())
        turn()
    assert (blocked(), Launch.objects.get().status) == (False, "done")


@pytest.mark.spec("K64")
def test_a_block_set_while_the_run_sends_holds_for_the_next_one(batch, turn, settings):
    batching.ask_to_launch(batch(), by="jeanne")
    with hostile(RCPT=["450 greylisted", "250 ok"]) as server:
        settings.RELANCE_EMAIL_URL = server.url
        turn()
        Document.objects.filter(number="FA-001").update(no_dunning_temporary=True)
        Notice.objects.filter(status="queued").update(next_try_at=timezone.now())
        turn()
    assert Launch.objects.get().status == "done"
    assert Document.objects.get(number="FA-001").no_dunning_temporary


# -- setting up


WRONG = [
    ({"error_address": ""}, "needs the address"),
    ({"weekdays": "67", "times": "08:30", "working_days_only": True}, "would never run"),
    ({"cron": "0 8 29 2 *"}, "would never run"),
    ({"cron": "0 8 30 2 *"}, "not a line of cron"),
]


@pytest.mark.parametrize(("wishes", "told"), WRONG)
def test_a_batch_that_cannot_work_is_refused_and_not_stored(company, wishes, told):
    with pytest.raises(Refused, match=told):
        batching.set_up(company, "NUIT", {"error_address": "dsi@acme.example"} | wishes, by="jeanne", now=MONDAY)
    assert (Batch.objects.count(), Event.objects.filter(what="batch_set").count()) == (0, 0)


def test_the_code_of_a_batch_is_unique_across_companies(batch):
    batch()
    other = file()
    other["company"] = {"code": "AUTRE", "name": "Autre SA"}
    with pytest.raises(Refused, match='"NUIT" is a batch of ACME'):
        batching.set_up(take_in(other).company, "NUIT", {"error_address": "x@y.example"}, by="jeanne", now=timezone.now())


@pytest.mark.parametrize(("region", "first"), [("", "03/04"), ("FR-Moselle", "07/04")])
def test_working_days_are_those_of_the_region(batch, region, first):
    good_friday = datetime(2026, 4, 3, 0, 0, tzinfo=UTC)
    night = batch(times="08:30", working_days_only=True, holidays=region, at=good_friday)
    assert f"{night.next_at:%d/%m}" == first


def test_a_line_of_cron_follows_the_clock_and_the_calendar_of_the_company(batch):
    night = batch(cron="30 8 * * *", working_days_only=True, at=datetime(2026, 3, 27, 12, tzinfo=UTC))
    assert night.next_at == datetime(2026, 3, 30, 6, 30, tzinfo=UTC)  # the Monday after the clocks were put forward


# -- in and out


def test_batches_and_what_came_of_them_come_back_with_their_company(batch, turn, company):
    batch(times="08:30\n14:00", weekdays="12345", cc="chef@acme.example", companies="ACME", holidays="FR-57", log_level="debug")
    batching.ask_to_launch(Batch.objects.get(), by="jeanne")
    turn()
    held = text_of()
    emptied()
    take_in(held.encode())
    assert text_of() == held
    restored = Batch.objects.get()
    assert (restored.next_at > timezone.now(), restored.launches.get().status) == (True, "done")


def test_a_dossier_says_what_is_wrong_with_its_batches(batch):
    batch()
    wrong = file(batches=[{"code": "A", "error_address": "x", "times": ["8h"]}, {"code": "NUIT", "cron": "every day"}])
    wrong["company"] = {"code": "AUTRE", "name": "Autre SA"}
    with pytest.raises(Faults) as refused:
        take_in(wrong)
    told = {str(fault) for fault in refused.value.faults}
    assert told == {
        'batches[0].error_address: not an e-mail address: "x"',
        'batches[0].times[0]: not a time of day such as "08:30": "8h"',
        "batches[1].error_address: is missing",
        "batches[1].code: is a batch of ACME: codes of batches are unique across companies",
        "batches[1].cron: not a line of cron such as 30 8 * * 1-5: wrong number of fields",
    }
    assert Batch.objects.count() == 1
