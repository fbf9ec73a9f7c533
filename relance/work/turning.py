"""What does a worker do, turn after turn? Launch what is due, send what is queued, conclude what is sent, tell what went wrong.

The rows are the truth: every turn asks them anew, so a worker may be killed at any moment and any number may run. On SQLite one process
does it all, on PostgreSQL as many as there are, on any machine.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, close_old_connections, connections
from django.db.models import Q
from django.utils import timezone

from relance.channels import Unreachable
from relance.models.company import Company
from relance.models.mailboxes import due_mailboxes
from relance.models.notices import Notice
from relance.models.outgoing import claims
from relance.steps import Refused, closing, running
from relance.steps.delivering import IN_TURN, MACHINE, Delivery, deliver
from relance.steps.notifying import notify
from relance.work import launching, telling

PAUSE = 1.0  # seconds between two turns in which there was nothing to do
REST = timedelta(minutes=1)  # how long a mail server that was out of reach is left alone
_LOOK = timedelta(seconds=20)  # between two questions which mailboxes are to be read
_AFTER_A_FAULT = 10.0  # seconds
_log = logging.getLogger("relance.work")


@dataclass
class Turn:
    """What one turn has done."""

    launched: int = 0
    notified: int = 0  # messages offered to other systems
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """How many messages have been accepted."""
        return sum(delivery.sent for delivery in self.deliveries)

    @property
    def problems(self) -> list[str]:
        """Why deliveries broke off."""
        return [delivery.problem for delivery in self.deliveries if delivery.problem]

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not self.launched and not self.notified and not any(delivery.notices for delivery in self.deliveries)


class Worker:
    """One worker: who it is, and which mail servers it leaves alone for now."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self.stop = stop or threading.Event()
        self._holder = claims.worker()
        self._resting: dict[int, datetime] = {}  # companies whose mail server was out of reach, until when
        self._silent_until: datetime | None = None
        self._mailboxes_at = datetime.min.replace(tzinfo=UTC)

    def turn(self, now: datetime) -> Turn:
        """Do all that is to be done at this moment."""
        turn = Turn()
        self._tell(lambda: telling.alarm(now), now)
        for launch in (*launching.take_over(self._holder, now), *launching.begin_due(self._holder, now)):
            launching.decide(launch, self._holder)
            turn.launched += 1
        for company in self._waiting(now):
            if not self.stop.is_set():
                turn.deliveries.append(self._deliver(company, now))
        launching.conclude(timezone.now())
        self._read_mailboxes(now)
        self._tell(lambda: telling.send_reports(timezone.now()), now)
        turn.notified = notify(self._holder, timezone.now(), self.stop)
        return turn

    def end(self) -> None:
        """What this worker was deciding is another's."""
        claims.release(self._holder)

    def _waiting(self, now: datetime) -> list[Company]:
        """Companies with e-mail to send, but for those whose server was out of reach a moment ago."""
        due = Q(next_try_at=None) | Q(next_try_at__lte=now)
        queued = Notice.objects.filter(due, status="queued", channel="email").order_by().values_list("company_id").distinct()
        resting = {company for company, until in self._resting.items() if until > now}
        return list(Company.objects.filter(pk__in=queued).exclude(pk__in=resting).order_by("code"))

    def _deliver(self, company: Company, now: datetime) -> Delivery:
        delivery = deliver(company, patience=IN_TURN, stop=self.stop)
        if delivery.problem:
            self._resting[company.pk] = now + REST
            launching.break_off(company, delivery.problem, timezone.now())
        closing.end_emptied(company)
        return delivery

    def _read_mailboxes(self, now: datetime) -> None:
        """Mailboxes whose time has come; one that cannot be read says so on its page, and is tried again in its time."""
        if now < self._mailboxes_at:
            return
        self._mailboxes_at = now + _LOOK
        for company in due_mailboxes(now):
            if not self.stop.is_set():
                try:
                    running.read_mailbox(company, MACHINE)
                except Refused as why:
                    _log.warning("the mailbox of %s: %s", company.code, why)

    def _tell(self, tell: Callable[[], None], now: datetime) -> None:
        if self._silent_until is None or now >= self._silent_until:
            try:
                tell()
            except Unreachable:
                self._silent_until = now + REST


def work(stop: threading.Event, *, once: bool = False) -> Turn:
    """Turn after turn until told to stop; ``once``: until there is nothing more to do at this moment. Returns the last that did something.

    A database that is gone for a while is waited for, unless it is only once.
    """
    worker, last = Worker(stop), Turn()
    try:
        while not stop.is_set():
            close_old_connections()
            try:
                turn = worker.turn(timezone.now())
            except Exception as error:
                if once:
                    raise
                _log.log(logging.WARNING if isinstance(error, DatabaseError) else logging.ERROR, "a turn failed", exc_info=True)
                stop.wait(_AFTER_A_FAULT)
                continue
            last = turn if not turn.idle or turn.problems else last
            if turn.idle and once:
                return last
            if turn.idle:
                stop.wait(PAUSE)
    finally:
        worker.end()
    return last


class Background:
    """A worker in a thread of this process."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relance worker", daemon=True)
        self._thread.start()

    def stop(self, patience: float = 30.0) -> None:
        """Let it finish what the mail server has already, and wait for it so many seconds at most."""
        self._stop.set()
        self._thread.join(patience)

    @property
    def is_alive(self) -> bool:
        """Whether it is at work."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            work(self._stop)
        finally:
            connections.close_all()


def start_in_background() -> Background:
    """Start the worker of this process, for a web server that does it all; stop it when the server ends."""
    return Background()
