"""Queued e-mail -> handed over, once: taken up, checked against today, transmitted, recorded.

A machine never sends a dunning notice twice. The claim is a compare-and-set; the second mark is committed before the last byte of the
message leaves; what is not known after that mark is ``unsure``, for a person.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings as configuration
from django.db import transaction
from django.utils import timezone

from relance.channels import Channel, Outcome, Unreachable, open_channel
from relance.core.recipients import distinct
from relance.letters.mail import compose_email
from relance.models import claims
from relance.models.checking import no_longer_holds
from relance.models.company import Company
from relance.models.frozen import Frozen, read
from relance.models.issued import Issued, close_unissued, store_issued
from relance.models.letter_data import letter_data
from relance.models.notices import Notice, Run
from relance.models.renditions import EMAIL, digest_of, forget, keep

BATCH = 20  # notices taken up and checked at a time: few, so that the check is of this moment
RETRIES = (1.0, 4.0)  # seconds to wait before a message is offered again after a temporary refusal
Progress = Callable[[int, int], None]


class Cut(Exception):
    """The notice is no longer this worker's to send: the message must not be completed."""


@dataclass
class Delivery:
    """What came of the queue of a company."""

    sent: int = 0
    failed: int = 0
    unsure: int = 0
    withdrawn: int = 0
    problem: str | None = None  # why it was broken off; what was not sent stays queued
    notices: set[int] = field(default_factory=set)  # what was taken up, of whichever run

    @property
    def decided(self) -> int:
        """How many notices have come to an end."""
        return self.sent + self.failed + self.unsure + self.withdrawn


class Parcel(NamedTuple):
    """A claimed notice with its run and its message."""

    notice: Frozen
    run: Run
    message: bytes


def deliver(company: Company, by: str, progress: Progress | None = None) -> Delivery:
    """Send every e-mail that is queued for the company, whichever run it is of, until none is left or the server is out of reach."""
    delivery, holder = Delivery(), claims.worker()
    claims.recover(company.pk, by)
    waiting = Notice.objects.filter(company=company, status="queued", channel="email")
    total = waiting.count()
    if not total:
        return delivery
    try:
        with open_channel(configuration.RELANCE_EMAIL_URL) as channel:
            for parcel in _parcels(company, holder, by, delivery):
                _send(parcel, channel, company, holder, by, delivery)
                if progress:
                    progress(min(delivery.decided, total), total)
    except Unreachable as error:
        delivery.problem = str(error)
    finally:
        claims.release(holder)
    return delivery


def _parcels(company: Company, holder: str, by: str, delivery: Delivery) -> Iterator[Parcel]:
    """Notices taken up some at a time, oldest run first, as they are still true; those that are not are withdrawn."""
    while True:
        at = timezone.now()
        with transaction.atomic():
            waiting = Notice.objects.filter(company=company, status="queued", channel="email", claimed_by="")
            ids = list(waiting.order_by("run_id", "position", "id").values_list("pk", flat=True)[:BATCH])
            mine = claims.claim(ids, holder, at)
            notices = list(read(mine))
            delivery.withdrawn += _withdraw_untrue(company, notices, by)
        if not ids:
            return
        delivery.notices |= mine
        kept = set(Notice.objects.filter(pk__in=mine, claimed_by=holder).values_list("pk", flat=True))
        runs = Run.objects.in_bulk({notice.run_id for notice in notices})
        for notice in notices:
            if notice.id in kept:
                run = runs[notice.run_id]
                yield Parcel(notice, run, compose(notice, run))


def compose(notice: Frozen, run: Run) -> bytes:
    """The message of a notice: the same bytes whenever it is composed again."""
    creditor = run.settings["company"]
    return compose_email(
        letter_data(notice, run.settings, run.as_of),
        message_id=notice.message_id,
        sent_at=notice.claimed_at or run.started_at,
        sender=creditor["sender_email"],
        to=notice.to,
        cc=notice.cc,
    )


def _withdraw_untrue(company: Company, notices: list[Frozen], by: str) -> int:
    """A notice is never re-worded: what a payment, a block or an address has changed is withdrawn and proposed anew."""
    changed = no_longer_holds(company, notices)
    for notice_id, change in changed.items():
        close_unissued(company.pk, [notice_id], "withdrawn", change, by)
    return len(changed)


def _send(parcel: Parcel, channel: Channel, company: Company, holder: str, by: str, delivery: Delivery) -> None:
    """Offer one message until the server has decided, and record the decision."""
    notice = parcel.notice
    assert notice.id is not None
    for pause in (*RETRIES, None):
        try:
            outcome = _offer(parcel, channel, notice.id, holder)
        except Cut:
            return
        if outcome.kind not in ("postponed", "broken") or pause is None:
            break
        claims.unmark(notice.id)  # the server has answered, or nothing can have been accepted
        time.sleep(pause)
    if outcome.kind == "broken":
        claims.unmark(notice.id)
        raise Unreachable(outcome.text)
    _record(parcel, outcome, company, by, delivery)


def _offer(parcel: Parcel, channel: Channel, notice_id: int, holder: str) -> Outcome:
    def mark() -> None:
        with transaction.atomic():
            if not claims.mark_transmitting(notice_id, holder):
                raise Cut
            keep(parcel.run.company_id, notice_id, EMAIL, parcel.message)

    notice = parcel.notice
    recipients = distinct((*notice.to, *notice.cc))
    return channel.send(parcel.run.settings["company"]["sender_email"], recipients, parcel.message, mark)


def _record(parcel: Parcel, outcome: Outcome, company: Company, by: str, delivery: Delivery) -> None:
    """One transaction: the notice's status and all that it changes (rules, section 7)."""
    notice = parcel.notice
    assert notice.id is not None
    with transaction.atomic():
        if outcome.kind == "accepted":
            refused = tuple(f"{recipient}: {why}" for recipient, why in outcome.refused.items())
            store_issued(parcel.run, company, [Issued(notice.id, "sent", outcome.text, refused, digest_of(notice.id))], by, timezone.now())
            delivery.sent += 1
        elif outcome.kind == "unknown":
            claims.call_unsure(company.pk, notice.id, outcome.text, by)
            delivery.unsure += 1
        else:
            forget(notice.id)
            close_unissued(company.pk, [notice.id], "failed", _refusals(outcome), by)
            delivery.failed += 1


def _refusals(outcome: Outcome) -> str:
    """Who was refused, and why, in one line."""
    each = "; ".join(f"{recipient}: {why}" for recipient, why in outcome.refused.items())
    return each or outcome.text
