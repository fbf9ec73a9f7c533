"""Which company do the workers of a test serve? One with a queue, or with a batch."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from relance.models import Batch, Company
from relance.steps.batching import set_up
from relance.work.turning import Turn, Worker
from tests.dossier.files import take_in
from tests.steps.queues import books


@pytest.fixture
def company(db) -> Company:
    """Three customers with an invoice each that fell due eight days ago."""
    return take_in(books(3, eight_days_ago())).company


@pytest.fixture
def batch(company):
    """Set up the batch NUIT, or say more about it."""

    def setting(at: datetime | None = None, **wishes) -> Batch:
        usual = {"error_address": "dsi@acme.example"} if not Batch.objects.filter(code="NUIT").exists() else {}
        set_up(company, "NUIT", usual | wishes, by="jeanne", now=at or timezone.now())
        return Batch.objects.get(code="NUIT")

    return setting


@pytest.fixture
def turn():
    """What a worker does at a moment, turn after turn until it is idle; what its first turn did."""

    def at(moment: datetime | None = None) -> Turn:
        worker = Worker()
        try:
            first = worker.turn(moment or timezone.now())
            while not worker.turn(moment or timezone.now()).idle:
                pass
            return first
        finally:
            worker.end()

    return at


def eight_days_ago() -> str:
    """A due date at which the first level applies today."""
    return str(timezone.localdate() - timedelta(8))
