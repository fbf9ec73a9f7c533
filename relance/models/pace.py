"""How many messages may leave now? A mail server and a company each may allow so many a minute, to all workers together.

A row holds the moment at which the next message may leave; whoever sends moves it on, so messages are spread over the minute.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import models

_BREATH = timedelta(seconds=1)  # what was not used within a second is not made up


class Pace(models.Model):
    """When the next message may leave through one mail server, or for one company: of no company, as servers are shared by all."""

    of = models.CharField(max_length=300, unique=True)
    next_at = models.DateTimeField()


def may_leave(limits: Mapping[str, int], most: int, at: datetime) -> int:
    """How many messages all limits (names with a number a minute) allow at this moment, ``most`` at most; in the caller's transaction."""
    return min([most, *(_free(row, limits[row.of], at) for row in _rows(limits, at))])


def note_leaving(limits: Mapping[str, int], number: int, at: datetime) -> None:
    """So many messages leave now."""
    for row in _rows(limits, at):
        row.next_at = _since(row, at) + number * _interval(limits[row.of])
        row.save()


def _rows(limits: Mapping[str, int], at: datetime) -> list[Pace]:
    if not limits:
        return []
    Pace.objects.bulk_create([Pace(of=name, next_at=at) for name in limits], ignore_conflicts=True)
    return list(Pace.objects.select_for_update().filter(of__in=limits).order_by("of"))


def _free(row: Pace, per_minute: int, at: datetime) -> int:
    since = _since(row, at)
    return 0 if since > at else (at - since) // _interval(per_minute) + 1


def _since(row: Pace, at: datetime) -> datetime:
    return max(row.next_at, at - _BREATH)


def _interval(per_minute: int) -> timedelta:
    return timedelta(minutes=1) / per_minute
