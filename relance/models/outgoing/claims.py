"""Who has taken up which notice? Claims by compare-and-set, and what becomes of them when their holder is gone.

Two marks. *Claimed*: a worker has taken the notice up; if it dies, the notice is simply queued again. *Transmitting* (``marks``): the last
byte of the message may have left; if the worker dies then, nobody can know, and the notice is ``unsure`` until a person settles it. Once
the server's yes is noted on the notice (``issued_at``, while it is still queued), it is sent, whoever records what that changes.
"""

import itertools
import os
import socket
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from relance.models import tuples
from relance.models.events import Fact, record
from relance.models.notices import Notice
from relance.models.outgoing.issued import store_accepted

LEASE = timedelta(minutes=15)  # after which a worker on another machine counts as gone
RENEWAL = timedelta(minutes=3)  # how often one that lives says so

_serials = itertools.count(1)
_at_work: set[str] = set()  # the holders of this process that have not ended


def worker() -> str:
    """A new holder of claims, named so that another process on the same machine can tell whether it still runs."""
    holder = f"{socket.gethostname()}/{_boot()}/{os.getpid()}/{_started(os.getpid())}/{next(_serials)}"
    _at_work.add(holder)
    return holder


def is_gone(holder: str, claimed_at: datetime | None) -> bool:
    """Whether the holder of a claim has ended. On this machine the process tells; on another, the lease."""
    host, boot, pid, started, _ = (*holder.split("/"), *[""] * 5)[:5]
    if host != socket.gethostname() or not pid.isdigit():
        return claimed_at is None or timezone.now() - claimed_at > LEASE
    if int(pid) == os.getpid() and started == _started(os.getpid()):
        return holder not in _at_work
    return boot != _boot() or started != _started(int(pid))


def recover(company_id: int, by: str) -> list[int]:
    """Queue again what dead workers had only claimed, record what they knew to be accepted, and call unsure what they were transmitting.

    Returns the unsure ones.
    """
    begun = ~Q(claimed_by="") | Q(transmitting_at__isnull=False)  # nobody's and begun: it comes out of a dossier
    held = Notice.objects.filter(begun, company_id=company_id, status="queued")
    gone = {holder for holder, at in held.values_list("claimed_by").annotate(Max("claimed_at")).order_by() if is_gone(holder, at)}
    if not gone:
        return []
    left = held.filter(claimed_by__in=gone)
    left.filter(transmitting_at=None).update(claimed_by="", claimed_at=None)
    with transaction.atomic():
        store_accepted(left, "", timezone.now())
    doubtful = list(left.exclude(transmitting_at=None).values_list("pk", flat=True))
    for pk in doubtful:
        with transaction.atomic():
            call_unsure(company_id, pk, "the process was stopped while the message was being handed over", by)
    return doubtful


def claim(ids: Collection[int], holder: str, at: datetime) -> set[int]:
    """First mark, on those of the notices that are still queued and nobody's, passing over what others are claiming; return them."""
    named, parameter = tuples.named_sql("id", ids)
    lock = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    return {pk for (pk,) in tuples.rows_of(_CLAIM.format(named=named, lock=lock), [holder, tuples.instant(at), parameter])}


def claim_next(waiting: QuerySet[Notice], most: int, holder: str, at: datetime) -> set[int]:
    """First mark, on the first so many of those that wait, passing over what others are claiming at this moment; return them."""
    ids = list(waiting.select_for_update(skip_locked=connection.vendor == "postgresql").values_list("pk", flat=True)[:most])
    return claim(ids, holder, at) if ids else set()


def still_held(ids: Collection[int], holder: str) -> set[int]:
    """Those of the notices that are still this worker's (not cancelled meanwhile, not taken over), locked until the transaction ends."""
    held = Notice.objects.select_for_update().filter(pk__in=tuples.among(ids), claimed_by=holder)
    return {pk for pk, status in held.values_list("pk", "status") if status == "queued"}


def renew(holder: str) -> None:
    """Say that the holder lives: workers on other machines leave its claims alone for another lease."""
    Notice.objects.filter(claimed_by=holder, status="queued").update(claimed_at=timezone.now())


def release(holder: str) -> None:
    """Queue again what this holder has claimed and not begun to transmit; the holder has ended."""
    _at_work.discard(holder)
    Notice.objects.filter(claimed_by=holder, status="queued", transmitting_at=None).update(claimed_by="", claimed_at=None)


def postpone(notice_id: int, holder: str, until: datetime | None) -> None:
    """Take both marks back: the message was not taken, and is offered again from then on."""
    mine = Notice.objects.filter(pk=notice_id, status="queued", claimed_by=holder)
    mine.update(claimed_by="", claimed_at=None, transmitting_at=None, tries=F("tries") + 1, next_try_at=until)


def answered(ids: Collection[int], holder: str) -> set[int]:
    """Which of the notices are this holder's to close, now that the server has answered.

    One that another machine has called unsure meanwhile is so again: its answer was heard after all.
    """
    held = Notice.objects.select_for_update().filter(pk__in=ids, status__in=("queued", "unsure"), claimed_by=holder)
    statuses = dict(held.values_list("pk", "status"))
    if "unsure" in statuses.values():
        held.update(status="queued")
    return set(statuses)


def call_unsure(company_id: int, notice_id: int, why: str, by: str) -> None:
    """The server's answer was not heard: only a person can settle it. The claim on its due items stays."""
    if Notice.objects.filter(pk=notice_id, status="queued", issued_at=None).update(status="unsure", outcome=why):
        customer_id = Notice.objects.values_list("customer_id", flat=True).get(pk=notice_id)
        record(company_id, by, [Fact("notice_unsure", notice_id, customer_id, facts={"outcome": why})])


# Django's ORM cannot say RETURNING, and takes longer to write such a statement than the database to execute it.
# The status is asked for as an expression: else PostgreSQL takes the index of what is queued, and looks through all of it.
_CLAIM = """
    UPDATE relance_notice SET claimed_by = %s, claimed_at = %s WHERE id IN (
        SELECT id FROM relance_notice WHERE {named} AND status || '' = 'queued' AND claimed_by = '' {lock}) RETURNING id"""


def _boot() -> str:
    """Names one start of this machine, where the system tells."""
    kept = Path("/proc/sys/kernel/random/boot_id")
    return kept.read_text().strip() if kept.exists() else ""


def _started(pid: int) -> str:
    """When a process began, in the system's own ticks; empty when there is none, ``?`` where the system does not tell."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            return stat.read_text().rpartition(")")[2].split()[19]
        except OSError:
            return ""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "?"
