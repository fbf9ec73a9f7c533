"""When is a batch due next? By days and hours, or by a line of cron, on the calendar of its company."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from relance.core.schedule import HORIZON, Schedule, is_off, next_moment
from relance.models.batches import Batch
from relance.models.calendar import public_holidays


def next_due(batch: Batch, after: datetime) -> datetime | None:
    """The first moment strictly after an instant; None for a batch that is only launched by hand, or whose moment never comes."""
    is_holiday = public_holidays(batch.holidays or batch.company.holidays or batch.company.country)
    if batch.cron:
        return next(_cron_moments(batch, after, is_holiday), None)
    if not batch.times:
        return None
    return next_moment(schedule_of(batch), after, is_holiday)


def plan(batches: Iterable[Batch], now: datetime) -> None:
    """Have batches be due at their next moment from now on: a paused one at none."""
    for batch in batches:
        Batch.objects.filter(pk=batch.pk).update(next_at=None if batch.paused else next_due(batch, now))


def schedule_of(batch: Batch) -> Schedule:
    """Its days and hours as the engine takes them."""
    times = tuple(time.fromisoformat(text) for text in batch.times.split("\n"))
    weekdays = frozenset(int(day) for day in batch.weekdays)
    return Schedule(times, zone_of(batch), weekdays, batch.working_days_only)


def zone_of(batch: Batch) -> ZoneInfo:
    """The time zone whose clock the batch follows."""
    return ZoneInfo(batch.time_zone or batch.company.time_zone)


def refuse_cron(text: str) -> None:
    """Raise ValueError, in words, for what is no line of cron."""
    try:
        CronSim(text, datetime.now(UTC))
    except CronSimError as error:
        raise ValueError(f"not a line of cron such as 30 8 * * 1-5: {str(error).lower()}") from None


def _cron_moments(batch: Batch, after: datetime, is_holiday: Callable[[date], bool]) -> Iterator[datetime]:
    horizon = after + timedelta(HORIZON)
    for moment in CronSim(batch.cron, after.astimezone(zone_of(batch))):
        if moment > horizon:
            return
        if not (batch.working_days_only and is_off(moment.date(), is_holiday)):
            yield moment.astimezone(UTC)
