"""Wishes -> batch: set up, paused, resumed, asked for, taken away; each recorded (register K67, K68)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from relance.models.batches import UNDER_WAY, Batch, Launch
from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.moments import next_due, refuse_cron
from relance.steps import Refused

Change = dict[str, Any]


def find_batch(code: str) -> Batch:
    """The batch of this code, of whichever company. Raises Refused."""
    batch = Batch.objects.select_related("company").filter(code=code).first()
    if batch is None:
        raise Refused(f'there is no batch "{code}"')
    return batch


def set_up(company: Company, code: str, wishes: Mapping[str, Any], *, by: str, now: datetime) -> list[Change]:
    """Create the batch, or change what the wishes (values by column) name; return what changed.

    Raises Refused for a code that another company has taken, no address for errors, or a schedule that never comes round.
    """
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).select_related("company").filter(code=code).first()
        if batch is not None and batch.company_id != company.pk:
            raise Refused(f'"{code}" is a batch of {batch.company.code}: codes of batches are unique across companies')
        is_new = batch is None
        batch = batch or Batch(company=company, code=code)
        before = {name: getattr(batch, name) for name in wishes}
        for name, value in wishes.items():
            setattr(batch, name, value)
        if not batch.error_address:
            raise Refused(f"batch {code} needs the address that is told what goes wrong")
        changed = [
            {"what": name, "before": None if is_new else before[name], "after": value}
            for name, value in wishes.items()
            if is_new or before[name] != value
        ]
        if changed:
            _plan(batch, now)
            batch.save()
            record(company.pk, by, [Fact("batch_set", facts={"batch": code, "changed": changed})])
    return changed


def set_paused(batch: Batch, *, paused: bool, by: str, now: datetime) -> list[Change]:
    """Pause a batch, or let it run again from its next moment on: what a pause has passed over is not made up."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).select_related("company").get(pk=batch.pk)
        if batch.paused == paused:
            return []
        batch.paused = paused
        _plan(batch, now)
        batch.save(update_fields=["paused", "next_at"])
        record(batch.company_id, by, [Fact("batch_paused" if paused else "batch_resumed", facts={"batch": batch.code})])
    return [{"what": "paused", "before": not paused, "after": paused}]


def ask_to_launch(batch: Batch, *, by: str) -> None:
    """Have the workers launch a batch as soon as one is free. Raises Refused while it is under way."""
    refuse_under_way(batch)
    Batch.objects.filter(pk=batch.pk).update(asked_by=by)


def remove(batch: Batch, *, by: str) -> None:
    """Take a batch away with the logs of its launches; what it issued stays. Raises Refused while it is under way."""
    with transaction.atomic():
        refuse_under_way(batch)
        record(batch.company_id, by, [Fact("batch_removed", facts={"batch": batch.code})])
        batch.delete()


def refuse_under_way(batch: Batch) -> None:
    """A batch never overlaps itself. Raises Refused."""
    launch = batch.launches.filter(status__in=UNDER_WAY).first()
    if launch is not None:
        raise Refused(f"batch {batch.code} has been under way since {launch.started_at:%Y-%m-%d %H:%M} UTC")


def told_of(batch: Batch, now: datetime) -> dict[str, Any]:
    """A batch as answers tell it."""
    last = batch.launches.order_by("-started_at").first()
    return {
        "code": batch.code,
        "company": batch.company.code,
        "label": batch.label,
        "for": "all" if batch.every_company else batch.companies.split("\n") if batch.companies else [batch.company.code],
        "error_address": batch.error_address,
        "times": batch.times.split("\n") if batch.times else [],
        "weekdays": [int(day) for day in batch.weekdays],
        "cron": batch.cron,
        "working_days_only": batch.working_days_only,
        "paused": batch.paused,
        "dry_run": batch.dry_run,
        "next_at": batch.next_at.isoformat() if batch.next_at else None,
        "late": batch.is_late(now),
        "last": {"at": last.started_at.isoformat(), "status": last.status} if last else None,
    }


def told_launch(launch: Launch) -> dict[str, Any]:
    """A launch as answers tell it; ``seconds`` is how long it took."""
    return {
        "launch": launch.pk,
        "due_at": launch.due_at.isoformat() if launch.due_at else None,
        "as_of": launch.as_of.isoformat(),
        "by": launch.by,
        "started_at": launch.started_at.isoformat(),
        "seconds": round((launch.ended_at - launch.started_at).total_seconds(), 1) if launch.ended_at else None,
        "status": launch.status,
        "results": launch.results,
        "log": launch.log,
    }


def _plan(batch: Batch, now: datetime) -> None:
    try:
        if batch.cron:
            refuse_cron(batch.cron)
    except ValueError as error:
        raise Refused(str(error)) from None
    batch.next_at = None if batch.paused else next_due(batch, now)
    if batch.next_at is None and not batch.paused and (batch.times or batch.cron):
        raise Refused(f"batch {batch.code} would never run: its schedule does not come round within a year")
