"""Is what another process prepares what the clerk would have prepared, and what if that process is gone?"""

import os
import signal
from queue import SimpleQueue

import pytest

from relance.models import Company, Notice
from relance.steps import delivering
from relance.steps.delivering.parcels import Preparer
from relance.steps.delivering.scribe import Gone, Ready
from tests.channels.hostile import hostile
from tests.steps.queues import queue, statuses
from tests.steps.scribes import Awaited

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_scribe_prepares_what_the_clerk_would_and_says_when_he_is_gone(database_url):
    company = queue(3)
    Notice.objects.filter(customer__code="C001").update(to="nobody@clients.example")
    waiting = list(Notice.objects.values_list("pk", flat=True))
    heard: SimpleQueue[Ready | Gone] = SimpleQueue()
    with Awaited(company.pk, heard.put) as scribe:
        scribe.ask(waiting)
        told = heard.get(timeout=90)
        os.kill(scribe._process.pid, signal.SIGKILL)
        assert heard.get(timeout=90) == Gone()
        assert not scribe.is_ready
    assert told == Ready(Preparer(company).prepare(waiting))
    assert (len(told.prepared.parcels), list(told.prepared.untrue.values())) == (2, ["FA-001: the recipients have changed"])


def deliver_by_a_scribe(company: Company, settings, monkeypatch) -> tuple[delivering.Delivery, int]:
    monkeypatch.setattr(delivering, "WORTH_A_SCRIBE", 1)
    monkeypatch.setattr(delivering, "Scribe", Awaited)
    with hostile() as server:
        settings.RELANCE_EMAIL_URL = f"{server.url}?connections=2"
        return delivering.deliver(company, "jeanne"), server.ended


@pytest.mark.proof
def test_what_a_scribe_prepares_is_sent_once_and_what_is_not_true_any_more_is_withdrawn(database_url, settings, monkeypatch):
    company = queue(30)
    Notice.objects.filter(customer__code="C001").update(to="nobody@clients.example")
    delivery, arrived = deliver_by_a_scribe(company, settings, monkeypatch)
    assert (delivery.sent, delivery.withdrawn, arrived) == (29, 1, 29)
    assert sorted(statuses(company).values()) == ["sent"] * 29 + ["withdrawn"]


@pytest.mark.proof
def test_a_scribe_who_dies_over_his_work_is_replaced_by_the_clerk(database_url, settings, monkeypatch):
    company = queue(30)

    def die(self: Awaited, notice_ids: object) -> None:
        os.kill(self._process.pid, signal.SIGKILL)

    monkeypatch.setattr(Awaited, "ask", die)
    delivery, arrived = deliver_by_a_scribe(company, settings, monkeypatch)
    assert (delivery.sent, arrived) == (30, 30)
