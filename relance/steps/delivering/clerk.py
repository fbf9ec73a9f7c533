"""Who keeps the book of a delivery? One clerk: he takes notices up, hands them out, and writes down what came of them.

The marks and answers that have come in meanwhile share a commit. That a server said yes is noted at once; what being sent changes
(levels, customers, events) is recorded for many together, by this worker or by whoever comes after it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from relance.channels import Outcome, Unreachable
from relance.channels.postmen import Asks, Failed, Lost, News, Postmen, Told, Word
from relance.models import pace
from relance.models.company import Company
from relance.models.freshness import why_stale
from relance.models.notices import Notice
from relance.models.outgoing import claims
from relance.models.outgoing.issued import close_unissued, store_accepted
from relance.models.outgoing.marks import write_down
from relance.models.renditions import Packed, forget
from relance.steps.delivering.parcels import Parcel, Prepared, Preparer
from relance.steps.delivering.scribe import Gone, Ready, Scribe

_FRESH = 1.0  # seconds: so many notices are taken up and checked at a time as leave in it, so that the check is of this moment
_MOST, _LEAST = 20, 4  # of them for each connection: at most, and while it is not known yet how many leave; and at least
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


def queued(company: Company) -> QuerySet[Notice]:
    """The e-mail of a company that waits."""
    return Notice.objects.filter(company=company, status="queued", channel="email")


class Clerk:
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
        self._asked: list[set[int]] = []  # what the scribe is preparing, in the order in which he was asked
        self.scribe: Scribe | None = None
        self._accepted: set[int] = set()  # what that changes is to be recorded
        self._began = self._recorded_at = self._renewed_at = time.monotonic()
        self._dry_until = 0.0
        self._way_lost = ""
        self._preparer = Preparer(company)
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
            if time.monotonic() > self._dry_until and (most := self._room()):
                self._take_up(most)
            if self._out or self._asked:
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
        return not (self._patience.stays and queued(self._company).exists())

    def _renew(self) -> None:
        if time.monotonic() - self._renewed_at > claims.RENEWAL.total_seconds():
            self._renewed_at = time.monotonic()
            claims.renew(self._holder)

    # -- taking up

    def _room(self) -> int:
        """How many notices to take up now: when half of those that are out have come back, or so that the scribe always has some to do."""
        most = self._pace() * max(1, self._postmen.number)
        if self.scribe and self.scribe.is_ready:
            return most if len(self._out) + sum(map(len, self._asked)) <= most else 0
        return most if not self._asked and len(self._out) <= most // 2 else 0

    def _pace(self) -> int:
        """How many messages of one connection have been decided in ``_FRESH`` seconds, on an average."""
        waited, decided = time.monotonic() - self._began, self._delivery.decided
        if waited < _FRESH or not decided:
            return _MOST
        return min(_MOST, max(_LEAST, round(decided * _FRESH / waited / max(1, self._postmen.number))))

    def _take_up(self, most: int) -> None:
        """Notices, oldest run first, are claimed and prepared, by the scribe where there is one."""
        at = timezone.now()
        with transaction.atomic():
            most = pace.may_leave(self._limits, most, at)
            mine = claims.claim_next(self._due(at).order_by("run_id", "position", "id"), most, self._holder, at)
            pace.note_leaving(self._limits, len(mine), at)
        if not mine:
            self._dry_until = time.monotonic() + _LOOK
        elif self.scribe and self.scribe.is_ready:
            self._asked.append(mine)
            self.scribe.ask(mine)
        else:
            self._send_out(self._preparer.prepare(mine))

    def _heed(self, word: Ready | Gone) -> None:
        """What the scribe says. Once he has gone, the clerk does what he was asked for."""
        if isinstance(word, Ready):
            self._asked.pop(0)
            found = [word.prepared]
        else:
            found = [self._preparer.prepare(notice_ids) for notice_ids in self._asked]
            self._asked, self.scribe = [], None
        if not self._postmen.dismissed:
            for prepared in found:
                self._send_out(prepared)

    def _send_out(self, prepared: Prepared) -> None:
        """What is still true goes out with the postmen; what is not is withdrawn, to be proposed anew."""
        self._delivery.notices |= set(prepared.by)
        self._withdraw(prepared)
        for notice_id, why in prepared.unbearable.items():
            with transaction.atomic():
                close_unissued(self._company.pk, [notice_id], "failed", why, self._by or prepared.by[notice_id])
            self._delivery.failed += 1
        for parcel in prepared.parcels:
            self._out[parcel.errand.key] = parcel
            self._postmen.hand_out(parcel.errand)

    def _withdraw(self, prepared: Prepared) -> None:
        if not prepared.untrue:
            return
        with transaction.atomic():
            for notice_id in claims.still_held(prepared.untrue, self._holder):
                close_unissued(self._company.pk, [notice_id], "withdrawn", prepared.untrue[notice_id], self._by or prepared.by[notice_id])
                self._delivery.withdrawn += 1

    def _due(self, at: datetime) -> QuerySet[Notice]:
        """What may be offered now. Whoever stays does not wait for what a worker has put off until later."""
        due = Q(next_try_at=None) | Q(next_try_at__lte=at)
        if self._patience.stays:
            due |= Q(next_try_at__gt=at + 2 * self._patience.delays[-1])
        waiting = queued(self._company).filter(due, claimed_by="")
        return waiting.exclude(run__kind="batch") if self._stale else waiting

    # -- writing down

    def _write_down(self, news: list[News]) -> None:
        """One commit for all that has happened: the marks of those who ask, and what the servers have taken."""
        asking = [one for one in news if isinstance(one, Asks)]
        told = {one.key: one.outcome for one in news if isinstance(one, Told)}
        marked: set[int] = set()
        try:
            self._note_others({key: one for key, one in told.items() if one and one.kind != "accepted"})
            leaving = {one.key: self._out[one.key].packed for one in asking if not self._postmen.dismissed}
            marked = self._note(leaving, {key: one for key, one in told.items() if one and one.kind == "accepted"})
        finally:
            for one in asking:
                one.answer.put(one.key in marked)
        for key in told:
            self._out.pop(key, None)
        for other in news:
            self._face(other)
        if self._way_lost:
            raise Unreachable(self._way_lost)

    def _note(self, leaving: dict[int, Packed], taken: dict[int, Outcome]) -> set[int]:
        """The second mark, with the messages as they are about to leave, and what was taken; those that may leave."""
        if not (leaving or taken):
            return set()
        answers = {key: (one.text, "\n".join(_named(one))) for key, one in taken.items()}
        written = write_down(self._company.pk, self._holder, leaving, answers, timezone.now())
        self._accepted |= written.taken
        self._delivery.sent += len(written.taken)
        return written.marked

    def _face(self, one: News) -> None:
        """What is no answer of a server."""
        if isinstance(one, Word):
            self._heed(one.said)
        if isinstance(one, Failed):
            raise one.error
        if isinstance(one, Lost):
            if not self._postmen.number:
                raise one.why
            if one.errand and not self._postmen.dismissed:
                self._postmen.hand_out(one.errand)

    def _note_others(self, told: dict[int, Outcome]) -> None:
        """What the servers have said of the messages that they did not take."""
        if told:
            with transaction.atomic():
                for key in sorted(claims.answered(told, self._holder)):
                    self._note_other(key, told[key])

    def _record_some(self) -> None:
        """Record when many are to be recorded, when they have waited long enough, or when there is time."""
        waited = time.monotonic() - self._recorded_at
        if len(self._accepted) >= TOGETHER or waited > _AT_MOST or not (self._out or self._asked):
            self._record_accepted()

    def _record_accepted(self) -> None:
        """All that being sent changes (rules, section 7), for the notices of which it is noted."""
        if self._accepted:
            with transaction.atomic():
                mine = Notice.objects.filter(pk__in=self._accepted, claimed_by=self._holder)
                store_accepted(mine, self._by, timezone.now())
            self._accepted.clear()
        self._recorded_at = time.monotonic()

    def _note_other(self, key: int, outcome: Outcome) -> None:
        by = self._by or self._out[key].by
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
