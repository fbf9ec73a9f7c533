"""Who has taken up which notice? Claims by compare-and-set, and what becomes of them when their holder is gone.

Two marks. *Claimed*: a worker has taken the notice up; if it dies, the notice is simply queued again. *Transmitting*: the last byte of
the message may have left; if the worker dies then, nobody can know, and the notice is ``unsure`` until a person settles it.
"""

import os
import socket
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from relance.models.events import Fact, record
from relance.models.notices import Notice

LEASE = timedelta(minutes=15)  # after which a worker on another machine counts as gone


def worker() -> str:
    """This process, so that another one on the same machine can tell whether it still runs."""
    return f"{socket.gethostname()}/{_boot()}/{os.getpid()}/{_started(os.getpid())}"


def is_gone(holder: str, claimed_at: datetime | None) -> bool:
    """Whether the holder of a claim has ended. On this machine the process tells; on another, the lease."""
    host, boot, pid, started = holder.split("/")
    if host != socket.gethostname():
        return claimed_at is None or timezone.now() - claimed_at > LEASE
    return boot != _boot() or started != _started(int(pid))


def recover(company_id: int, by: str) -> list[int]:
    """Queue again what dead workers had only claimed, and call unsure what they were transmitting; return the unsure ones."""
    held = Notice.objects.filter(company_id=company_id, status="queued").exclude(claimed_by="")
    gone = [notice for notice in held.only("pk", "claimed_by", "claimed_at") if is_gone(notice.claimed_by, notice.claimed_at)]
    queued = Notice.objects.filter(pk__in=[notice.pk for notice in gone], status="queued")
    queued.filter(transmitting_at=None).update(claimed_by="", claimed_at=None)
    doubtful = list(queued.exclude(transmitting_at=None).values_list("pk", flat=True))
    for pk in doubtful:
        call_unsure(company_id, pk, "the process was stopped while the message was being handed over", by)
    return doubtful


def claim(ids: Collection[int], holder: str, at: datetime) -> set[int]:
    """First mark, on those of the notices that are still queued and nobody's; return them."""
    free = Notice.objects.filter(pk__in=ids, status="queued", claimed_by="")
    if connection.vendor == "postgresql":
        free = Notice.objects.filter(pk__in=free.select_for_update(skip_locked=True).values("pk"))
    free.update(claimed_by=holder, claimed_at=at)
    return set(Notice.objects.filter(pk__in=ids, status="queued", claimed_by=holder).values_list("pk", flat=True))


def still_held(ids: Collection[int], holder: str) -> set[int]:
    """Those of the notices that are still this worker's (not cancelled meanwhile, not taken over), locked until the transaction ends."""
    held = Notice.objects.select_for_update().filter(pk__in=ids, status="queued", claimed_by=holder)
    return set(held.values_list("pk", flat=True))


def release(holder: str) -> None:
    """Queue again what this worker has claimed and not begun to transmit."""
    Notice.objects.filter(claimed_by=holder, status="queued", transmitting_at=None).update(claimed_by="", claimed_at=None)


def mark_transmitting(notice_id: int, holder: str) -> bool:
    """Second mark; False when the notice is no longer this worker's to send (cancelled meanwhile, or taken over)."""
    mine = Notice.objects.filter(pk=notice_id, status="queued", claimed_by=holder, transmitting_at=None)
    return mine.update(transmitting_at=timezone.now()) == 1


def unmark(notice_id: int) -> None:
    """Take the second mark back: the server has answered that it did not take the message."""
    Notice.objects.filter(pk=notice_id).update(transmitting_at=None)


def call_unsure(company_id: int, notice_id: int, why: str, by: str) -> None:
    """The server's answer was not heard: only a person can settle it. The claim on its due items stays."""
    if Notice.objects.filter(pk=notice_id, status="queued").update(status="unsure", outcome=why, claimed_by=""):
        customer_id = Notice.objects.values_list("customer_id", flat=True).get(pk=notice_id)
        record(company_id, by, [Fact("notice_unsure", notice_id, customer_id, facts={"outcome": why})])


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
