"""Does a worker issue what is no longer its own? Not a notice that was cancelled while its letter was being made."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from relance.core.edition import EditionRequest
from relance.models import Company, Notice
from relance.models.outgoing import claims
from relance.models.outgoing.issued import take_back
from relance.steps import proposing
from tests.acceptance.world import TODAY


def test_a_letter_cancelled_while_it_is_being_set_is_not_the_workers_any_more(world):
    world.invoice("FA-1")
    world.invoice("FA-2", "C002")
    world.load()
    company, on = Company.objects.get(), date.fromisoformat(TODAY)
    proposing.store_run(proposing.Session(company, on, request=EditionRequest(on, level=1)), "jeanne")
    first, other = Notice.objects.order_by("pk")
    holder = claims.worker()
    with transaction.atomic():
        claims.claim([first.pk, other.pk], holder, timezone.now())
        take_back(company, [first], "payé", "jeanne")
        assert claims.still_held([first.pk, other.pk], holder) == {other.pk}
