"""When is something due next, by the clock on the wall and the calendar of one place?

The clock is put forward and back once a year. A time that the day does not have (02:30 on the last Sunday of March) is the moment that
the old clock would have shown it, one that it has twice is the first of the two: on every day, each time comes exactly once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(1, 8))  # as ISO counts them, Monday is 1
HORIZON = 400  # days: what does not come within them does not come
Holiday = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Schedule:
    """On which days of the week, at which times, in which time zone; on working days only where that is asked."""

    times: tuple[time, ...]
    zone: ZoneInfo
    weekdays: frozenset[int] = EVERY_DAY
    working_days_only: bool = False


def next_moment(schedule: Schedule, after: datetime, is_holiday: Holiday) -> datetime | None:
    """The first moment strictly after an instant, in UTC; None when there is none within a year."""
    first = after.astimezone(schedule.zone).date() - timedelta(1)  # a day before: clocks put forward at midnight
    for days in range(HORIZON):
        day = first + timedelta(days)
        if falls_on(day, schedule, is_holiday):
            later = [moment for moment in _moments(day, schedule) if moment > after]
            if later:
                return min(later)
    return None


def falls_on(day: date, schedule: Schedule, is_holiday: Holiday) -> bool:
    """Whether the schedule has moments on a day."""
    return day.isoweekday() in schedule.weekdays and not (schedule.working_days_only and is_off(day, is_holiday))


def is_off(day: date, is_holiday: Holiday) -> bool:
    """Whether nobody works on a day: Saturday, Sunday, public holiday."""
    return day.isoweekday() > 5 or is_holiday(day)


def _moments(day: date, schedule: Schedule) -> Iterator[datetime]:
    for at in schedule.times:
        yield datetime.combine(day, at, schedule.zone).astimezone(UTC)
