"""Is every queued message handed over once, by as many connections as may be, no faster than allowed, and again later where told so?"""

import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from relance.models import Company, DueItem, Notice
from relance.models.notices import NoticeLine
from relance.models.outgoing import claims
from relance.models.outgoing.marks import write_down
from relance.models.renditions import pack
from relance.steps import Refused, delivering, running
from relance.steps.delivering import IN_TURN, clerk, deliver
from tests.channels.hostile import HANG_UP, hostile
from tests.steps.queues import elsewhere, queue, statuses, the_notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def through(settings):
    """Send by this address from now on."""

    def by(url: str) -> None:
        settings.RELANCE_EMAIL_URL = url

    return by


def in_turn(company: Company):
    return deliver(company, patience=IN_TURN)


def later(company: Company) -> None:
    """The time has come at which postponed messages are offered again."""
    Notice.objects.filter(company=company, status="queued").update(next_try_at=timezone.now())


def test_a_long_queue_leaves_by_several_connections_and_each_customer_is_written_to_once(through, monkeypatch):
    monkeypatch.setattr(delivering, "PER_CONNECTION", 5)
    company, second = queue(25), threading.Event()
    with hostile(GREETING=["220 ready", lambda: second.set() or "220 ready"], END=lambda: second.wait(60) and "250 queued") as server:
        through(f"{server.url}?connections=4")
        delivery = in_turn(company)
    assert (delivery.sent, server.ended, len(set(server.bodies))) == (25, 25, 25)
    assert 1 < server.connections <= 4


def test_a_short_queue_leaves_by_one_connection(through):
    company = queue(25)
    with hostile() as server:
        through(f"{server.url}?connections=4")
        assert in_turn(company).sent == 25
    assert server.connections == 1


def test_a_server_that_lets_in_only_two_of_us_gets_everything_by_two(through, monkeypatch):
    monkeypatch.setattr(delivering, "PER_CONNECTION", 1)
    company = queue(20)
    with hostile(GREETING=["220 ready", "220 ready", "421 4.7.0 too many connections"]) as server:
        through(f"{server.url}?connections=6")
        assert in_turn(company).sent == 20
    assert server.ended == 20


def test_what_is_not_taken_for_now_is_offered_again_later_and_later(through):
    company = queue(1)
    waited = []
    with hostile(RCPT="450 4.2.0 greylisted") as server:
        through(server.url)
        for _ in IN_TURN.delays:
            began = timezone.now()
            assert in_turn(company).postponed == 1
            waited.append((Notice.objects.get().next_try_at - began) // timedelta(minutes=1))
            later(company)
        assert statuses(company) == {"FA-000": "queued"}
        assert in_turn(company).failed == 1
    assert waited == [1, 5, 15, 60, 240]
    assert (statuses(company), Notice.objects.get().outcome) == ({"FA-000": "failed"}, "c000@clients.example: 450 4.2.0 greylisted")
    assert not NoticeLine.objects.filter(in_flight=True).exists()


def test_what_was_postponed_is_not_offered_before_its_time(through):
    company = queue(1)
    with hostile(RCPT=["450 4.2.0 greylisted", "250 ok"]) as server:
        through(server.url)
        in_turn(company)
        assert in_turn(company).sent == 0
        later(company)
        assert in_turn(company).sent == 1


def test_who_waits_for_the_answer_offers_at_once_what_workers_have_put_off(through):
    company = queue(1)
    with hostile(RCPT=["450 4.2.0 greylisted", "250 ok"]) as server:
        through(server.url)
        in_turn(company)
        assert deliver(company, "jeanne").sent == 1


def test_a_refusal_for_good_is_not_tried_again(through):
    company = queue(2)
    with hostile(RCPT=["550 5.1.1 no such mailbox", "250 ok"]) as server:
        through(server.url)
        delivery = in_turn(company)
    assert (delivery.failed, delivery.sent) == (1, 1)
    assert sorted(statuses(company).values()) == ["failed", "sent"]


def test_a_server_out_of_reach_leaves_everything_queued_and_nobodys(through):
    company = queue(3)
    with hostile(GREETING="554 go away") as server:
        through(server.url)
        delivery = in_turn(company)
    assert "go away" in delivery.problem
    assert set(statuses(company).values()) == {"queued"}
    assert not Notice.objects.exclude(claimed_by="").exists()
    assert Notice.objects.filter(tries=0).count() == 3


def test_an_answer_that_was_not_heard_is_unsure_and_the_others_are_sent(through, monkeypatch):
    monkeypatch.setattr(delivering, "PER_CONNECTION", 1)
    company = queue(6)
    with hostile(END=["250 queued", HANG_UP, "250 queued"]) as server:
        through(f"{server.url}?connections=2")
        delivery = in_turn(company)
    assert (delivery.sent, delivery.unsure, server.ended) == (5, 1, 6)
    assert sorted(statuses(company).values()) == ["sent"] * 5 + ["unsure"]


@pytest.mark.django_db(transaction=True)
def test_a_notice_cancelled_after_it_was_taken_up_does_not_leave(through):
    company = queue(1)
    with hostile(DATA=elsewhere(lambda: running.cancel_notice(the_notice().pk, "payé", "jeanne"), "354 go on")) as server:
        through(server.url)
        assert in_turn(company).sent == 0
    assert (server.ended, statuses(company)) == (0, {"FA-000": "cancelled"})


@pytest.mark.django_db(transaction=True)
def test_an_answer_heard_after_another_machine_has_given_us_up_counts(through):
    company = queue(1)
    despair = elsewhere(lambda: claims.call_unsure(company.pk, the_notice().pk, "its worker is silent", "relance"), "250 queued")
    with hostile(END=despair) as server:
        through(server.url)
        assert in_turn(company).sent == 1
    assert statuses(company) == {"FA-000": "sent"}


def test_what_a_server_has_taken_is_recorded_by_whoever_comes_next(through):
    company, at = queue(2), timezone.now()
    first, other = Notice.objects.order_by("pk").values_list("pk", flat=True)
    dead = claims.worker()
    claims.claim([first, other], dead, at)
    write_down(company.pk, dead, {pk: pack(b"Bonjour") for pk in (first, other)}, {}, at)
    write_down(company.pk, dead, {}, {first: ("250 queued as 1", "")}, at)
    claims.release(dead)
    assert claims.recover(company.pk, "relance") == [other]
    assert statuses(company) == {"FA-000": "sent", "FA-001": "unsure"}
    sent = Notice.objects.get(pk=first)
    assert (sent.outcome, sent.issued_at, sent.by, sent.claimed_by) == ("250 queued as 1", at, "jeanne", "")
    assert list(DueItem.objects.order_by("pk").values_list("level", flat=True)) == [1, 0]


# -- how fast


@pytest.mark.parametrize(("limit", "for_company"), [("?per_minute=1", None), ("", 1)])
def test_no_more_messages_leave_than_the_server_or_the_company_allows_a_minute(through, limit, for_company):
    company = queue(4, messages_per_minute=for_company)
    with hostile() as server:
        through(server.url + limit)
        assert in_turn(company).sent == 1
        assert in_turn(company).sent == 0
    assert server.ended == 1


def test_who_waits_for_the_answer_waits_for_a_slow_server_too(through):
    company = queue(4)
    with hostile() as server:
        through(f"{server.url}?per_minute=600")
        assert deliver(company, "jeanne").sent == 4


def test_no_more_is_taken_up_at_a_time_than_leaves_in_a_second(through, monkeypatch):
    company, taken = queue(25), []
    monkeypatch.setattr(clerk, "_FRESH", 0.01)
    take_up = claims.claim_next
    monkeypatch.setattr(claims, "claim_next", lambda *given: taken.append(len(mine := take_up(*given))) or mine)
    with hostile(END=lambda: time.sleep(0.02) or "250 queued") as server:
        through(server.url)
        assert in_turn(company).sent == 25
    assert [count for count in taken if count] == [20, 4, 1]


# -- on demand


def test_a_delivery_that_is_stopped_finishes_what_the_server_has_and_begins_nothing_more(through):
    company, stop = queue(8), threading.Event()
    with hostile(END=["250 queued", lambda: stop.set() or "250 queued"]) as server:
        through(server.url)
        delivery = deliver(company, patience=IN_TURN, stop=stop)
    assert 2 <= delivery.sent <= 3
    assert delivery.sent == server.ended
    assert sorted(set(statuses(company).values())) == ["queued", "sent"]
    assert not Notice.objects.exclude(claimed_by="").filter(status="queued").exists()


def test_a_refusal_names_a_notice_by_the_number_that_pages_show():
    queue(1)
    Notice.objects.update(number=77, status="failed")
    with pytest.raises(Refused, match=r"^notice 77 is failed: there is nothing to cancel$"):
        running.cancel_notice(the_notice().pk, "payé", "jeanne")
