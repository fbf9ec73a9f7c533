"""Queued e-mail -> handed over, once: taken up, checked against today, transmitted, recorded.

A machine never sends a dunning notice twice. The claim is a compare-and-set; the second mark is committed before the last byte of the
message leaves; what is not known after that mark is ``unsure``, for a person.

Several connections carry, one clerk keeps the book: the marks and answers that have come in meanwhile share a commit, and each postman
waits until the commit that holds his mark is done. That a server said yes is noted at once; what being sent changes (levels, customers,
events) is recorded for many together, by this worker or by whoever comes after it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import NamedTuple

from django.conf import settings as configuration
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from relance.channels import Outcome, Unreachable, way_out
from relance.channels.postmen import Asks, Errand, Failed, Lost, News, Postmen, Told
from relance.core.recipients import distinct
from relance.letters.enclosed_mail import with_files
from relance.letters.mail import compose_email
from relance.letters.signing import Signer, signer
from relance.models import claims, pace
from relance.models.bulk import among
from relance.models.checking import no_longer_holds
from relance.models.company import Company
from relance.models.enclosing import enclosed, ever_asked
from relance.models.freshness import why_stale
from relance.models.frozen import Frozen, read
from relance.models.issued import close_unissued, store_accepted
from relance.models.letter_data import letter_data
from relance.models.messaging import mail_account, signing_key
from relance.models.notices import Notice, Run
from relance.models.renditions import EMAIL, Packed, forget, keep_many, pack

BATCH = 20  # notices taken up and checked at a time, for each connection: few, so that the check is of this moment
PER_CONNECTION = 150  # waiting messages that are worth one more connection: a short queue leaves less in doubt when it is cut
TOGETHER = 500  # accepted messages at most whose consequences wait to be recorded together
_AT_MOST = 2.0  # seconds that they wait
_LOOK = 0.25  # seconds between two looks at a queue of which nothing is to be had at the moment
_LAST_WORDS = 5.0  # seconds that a server has to answer what it was given when a delivery is stopped
MACHINE = "relance"  # who calls a message unsure when nobody asked
Progress = Callable[[int, int], None]


class Patience(NamedTuple):
    """After which delays a message that was not taken for now is offered again; then it is given up."""

    delays: tuple[timedelta, ...]
    stays: bool  # until every message is decided, whoever has it; else only as long as there is something to do at once


AT_ONCE = Patience((timedelta(seconds=1), timedelta(seconds=4)), stays=True)
IN_TURN = Patience(tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)), stays=False)


@dataclass
class Delivery:
    """What came of the queue of a company."""

    sent: int = 0
    failed: int = 0
    unsure: int = 0
    withdrawn: int = 0
    postponed: int = 0  # offered and not taken for now
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
    files: list[tuple[str, bytes]]  # that go with it, already in the message
    packed: Packed  # the message as it will be kept

    @property
    def errand(self) -> Errand:
        """What a postman has to know."""
        notice = self.notice
        assert notice.id is not None
        return Errand(notice.id, sender_of(self.run), distinct((*notice.to, *notice.cc, *self.run.parameters.get("bcc", ()))), self.message)


def deliver(
    company: Company, by: str = "", progress: Progress | None = None, patience: Patience = AT_ONCE, stop: Event | None = None
) -> Delivery:
    """Send the e-mail that is queued for the company, whichever run it is of; ``by`` whoever issued the run, unless said.

    It ends when nothing is left, or nothing is to be done now (``patience``), when the server is out of reach, or on ``stop``.
    """
    delivery = Delivery()
    claims.recover(company.pk, by or MACHINE)
    total = _queued(company).count()
    if not total:
        return delivery
    if patience.stays:  # whoever waits for the answer does not wait for hours
        _queued(company).filter(claimed_by="").update(tries=0, next_try_at=None)
    holder = claims.worker()
    try:
        with mail_account(company) as account:
            address = way_out(configuration.RELANCE_EMAIL_URL, account)
            with Postmen(address, min(address.connections, 1 + total // PER_CONNECTION)) as postmen:
                limits = {address.place: address.per_minute} if address.per_minute else {}
                clerk = _Clerk(company, holder, by, delivery, patience, postmen, limits)
                clerk.work(stop or Event(), (lambda: progress(min(delivery.decided, total), total)) if progress else None)
    except Unreachable as error:
        delivery.problem = str(error)
    finally:
        claims.release(holder)
    return delivery


def compose(notice: Frozen, run: Run, key: Signer | None = None) -> Parcel:
    """The message of a notice with what goes with it, signed where there is a key: the same bytes whenever it is composed again."""
    assert notice.id is not None
    files = enclosed(notice.id) if ever_asked(run.settings) else []
    said, at = run.settings.get("messaging", {}), notice.claimed_at or run.started_at
    message = compose_email(
        letter_data(notice, run.settings, run.as_of),
        message_id=notice.message_id,
        sent_at=at,
        sender=sender_of(run),
        to=notice.to,
        cc=notice.cc,
        sender_name=said.get("sender_name", ""),
        reply_to=run.parameters.get("reply_to") or said.get("reply_to", ""),
        thread=notice.thread.split("\n") if notice.thread else (),
        automatic=run.kind == "batch",
    )
    whole = with_files(message, files)
    if key is not None:
        whole = key.sign(whole, int(at.timestamp()))
    return Parcel(notice, run, whole, files, pack(whole, [content for _, content in files]))


def _signer(company: Company) -> Signer | None:
    """By what the company signs. Raises Unreachable where its key cannot be used: nothing leaves unsigned that should be signed."""
    try:
        found = signing_key(company)
        return signer(*found) if found else None
    except ValueError as error:
        raise Unreachable(f"messages cannot be signed (DKIM): {error}") from None


def sender_of(run: Run) -> str:
    """Who writes: the company, as it was when the run began."""
    return str(run.settings["company"]["sender_email"])


def _queued(company: Company) -> QuerySet[Notice]:
    return Notice.objects.filter(company=company, status="queued", channel="email")


class _Clerk:
    """Keeps the book of one delivery: what is out with the postmen, and what came of it."""

    def __init__(
        self,
        company: Company,
        holder: str,
        by: str,
        delivery: Delivery,
        patience: Patience,
        postmen: Postmen,
        limits: dict[str, int],
    ) -> None:
        self._company, self._holder, self._by, self._delivery = company, holder, by, delivery
        self._patience, self._postmen, self._limits = patience, postmen, limits
        self._out: dict[int, Parcel] = {}
        self._runs: dict[int, Run] = {}
        self._accepted: set[int] = set()  # what that changes is to be recorded
        self._recorded_at = self._renewed_at = time.monotonic()
        self._dry_until = 0.0
        self._way_lost = ""
        self._signer = _signer(company)
        self._stale = not patience.stays and why_stale(company, timezone.localdate())
        if company.messages_per_minute:
            limits[f"company {company.code}"] = company.messages_per_minute

    def work(self, stop: Event, told: Callable[[], None] | None) -> None:
        """Take up, hand out and write down until there is nothing more to do. Raises Unreachable when no postman is left."""
        try:
            self._work(stop, told)
        except (KeyboardInterrupt, Unreachable):
            self._hear_out()
            raise
        self._hear_out()

    def _work(self, stop: Event, told: Callable[[], None] | None) -> None:
        while not stop.is_set():
            if len(self._out) <= BATCH * self._postmen.number // 2 and time.monotonic() > self._dry_until:
                self._take_up()
            if self._out:
                self._write_down(self._postmen.news(1.0))
            elif self._is_over():
                return
            else:
                stop.wait(_LOOK)
                claims.recover(self._company.pk, self._by or MACHINE)
            self._record_some()
            self._renew()
            if told:
                told()

    def _hear_out(self) -> None:
        """Nothing more is begun; what is with the server already is given a while to be answered."""
        self._postmen.dismiss()
        until = time.monotonic() + _LAST_WORDS
        while self._out and self._postmen.number and time.monotonic() < until:
            self._write_down(self._postmen.news(0.1))
        self._record_accepted()

    def _is_over(self) -> bool:
        """Nothing is out: is there anything to wait for?"""
        return not (self._patience.stays and _queued(self._company).exists())

    def _renew(self) -> None:
        if time.monotonic() - self._renewed_at > claims.RENEWAL.total_seconds():
            self._renewed_at = time.monotonic()
            claims.renew(self._holder)

    # -- taking up

    def _take_up(self) -> None:
        """Notices as they are still true, oldest run first, go out with the postmen; those that are not true are withdrawn."""
        at = timezone.now()
        with transaction.atomic():
            most = pace.may_leave(self._limits, BATCH * max(1, self._postmen.number), at)
            mine = claims.claim_next(self._due(at).order_by("run_id", "position", "id"), most, self._holder, at)
            pace.note_leaving(self._limits, len(mine), at)
        if not mine:
            self._dry_until = time.monotonic() + _LOOK
            return
        notices = list(read(mine))
        self._read_runs(notices)
        untrue = self._withdraw_untrue(notices)
        self._delivery.notices |= mine
        for notice in notices:
            if notice.id is not None and notice.id not in untrue:
                self._send_out(notice, notice.id, self._runs[notice.run_id or 0])

    def _send_out(self, notice: Frozen, notice_id: int, run: Run) -> None:
        try:
            parcel = compose(notice, run, self._signer)
        except ValueError as error:  # an address that no message can bear
            with transaction.atomic():
                close_unissued(self._company.pk, [notice_id], "failed", str(error), self._by or run.by)
            self._delivery.failed += 1
            return
        self._out[notice_id] = parcel
        self._postmen.hand_out(parcel.errand)

    def _due(self, at: datetime) -> QuerySet[Notice]:
        """What may be offered now. Whoever stays does not wait for what a worker has put off until later."""
        due = Q(next_try_at=None) | Q(next_try_at__lte=at)
        if self._patience.stays:
            due |= Q(next_try_at__gt=at + 2 * self._patience.delays[-1])
        waiting = _queued(self._company).filter(due, claimed_by="")
        return waiting.exclude(run__kind="batch") if self._stale else waiting

    def _read_runs(self, notices: list[Frozen]) -> None:
        missing = {notice.run_id or 0 for notice in notices} - set(self._runs)
        self._runs |= Run.objects.in_bulk(missing)

    def _withdraw_untrue(self, notices: list[Frozen]) -> set[int]:
        """A notice is never re-worded: what a payment, a block or an address has changed is withdrawn and proposed anew."""
        changed = no_longer_holds(self._company, notices)
        if not changed:
            return set()
        run_of = {notice.id: self._runs[notice.run_id or 0] for notice in notices}
        with transaction.atomic():
            for notice_id in claims.still_held(changed, self._holder):
                close_unissued(self._company.pk, [notice_id], "withdrawn", changed[notice_id], self._by or run_of[notice_id].by)
                self._delivery.withdrawn += 1
        return set(changed)

    # -- writing down

    def _write_down(self, news: list[News]) -> None:
        """One commit for all that has happened: the marks of those who ask, and what the servers have answered."""
        asking = [one for one in news if isinstance(one, Asks)]
        told = {one.key: one.outcome for one in news if isinstance(one, Told)}
        marked: set[int] = set()
        try:
            if asking or told:
                with transaction.atomic():
                    marks = self._mark([one.key for one in asking]) if asking and not self._postmen.dismissed else set()
                    self._note(told)
                marked = marks
        finally:
            for one in asking:
                one.answer.put(one.key in marked)
        for key in told:
            self._out.pop(key, None)
        for other in news:
            self._face(other)
        if self._way_lost:
            raise Unreachable(self._way_lost)

    def _mark(self, ids: list[int]) -> set[int]:
        """The second mark, with the message as it is about to leave."""
        marked = claims.mark_transmitting(ids, self._holder)
        keep_many(self._company.pk, EMAIL, {pk: self._out[pk].packed for pk in marked})
        return marked

    def _face(self, one: News) -> None:
        """What is no answer of a server."""
        if isinstance(one, Failed):
            raise one.error
        if isinstance(one, Lost):
            if not self._postmen.number:
                raise one.why
            if one.errand and not self._postmen.dismissed:
                self._postmen.hand_out(one.errand)

    def _note(self, told: dict[int, Outcome | None]) -> None:
        """What the servers have said of each message."""
        accepted = {key: (one.text, "\n".join(_named(one))) for key, one in told.items() if one and one.kind == "accepted"}
        if accepted:
            mine = claims.note_accepted(accepted, self._holder, timezone.now())
            self._accepted |= mine
            self._delivery.sent += len(mine)
        others = {key: one for key, one in told.items() if one and one.kind != "accepted"}
        for key in sorted(claims.answered(others, self._holder)) if others else ():
            self._note_other(key, others[key])

    def _record_some(self) -> None:
        """Record when many are to be recorded, when they have waited long enough, or when there is time."""
        waited = time.monotonic() - self._recorded_at
        if len(self._accepted) >= TOGETHER or waited > _AT_MOST or not self._out:
            self._record_accepted()

    def _record_accepted(self) -> None:
        """All that being sent changes (rules, section 7), for the notices of which it is noted."""
        if self._accepted:
            with transaction.atomic():
                mine = Notice.objects.filter(pk__in=among(self._accepted), claimed_by=self._holder)
                store_accepted(mine, self._by, timezone.now())
            self._accepted.clear()
        self._recorded_at = time.monotonic()

    def _note_other(self, key: int, outcome: Outcome) -> None:
        by = self._by or self._out[key].run.by
        if outcome.kind == "unknown":
            claims.call_unsure(self._company.pk, key, outcome.text, by)
            self._delivery.unsure += 1
        elif outcome.kind != "refused" and (delay := self._delay(key)) is not None:
            self._postpone(key, timezone.now() + delay)
        elif outcome.kind == "broken" and self._patience.stays:  # the way is lost, and somebody is there to be told
            self._postpone(key, None)
            self._way_lost = outcome.text
        else:
            forget(key)
            close_unissued(self._company.pk, [key], "failed", "; ".join(_named(outcome)) or outcome.text, by)
            self._delivery.failed += 1

    def _delay(self, key: int) -> timedelta | None:
        """How long a message that was not taken for now waits; None when it is given up."""
        tries = Notice.objects.values_list("tries", flat=True).get(pk=key)
        return self._patience.delays[tries] if tries < len(self._patience.delays) else None

    def _postpone(self, key: int, until: datetime | None) -> None:
        forget(key)
        claims.postpone(key, self._holder, until)
        self._delivery.postponed += 1


def _named(outcome: Outcome) -> tuple[str, ...]:
    """The recipients who were refused, each with why."""
    return tuple(f"{recipient}: {why}" for recipient, why in outcome.refused.items())
