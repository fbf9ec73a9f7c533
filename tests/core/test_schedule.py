"""When does a schedule come round, whatever the clocks do?"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from relance.core.schedule import EVERY_DAY, Schedule, next_moment

PARIS = ZoneInfo("Europe/Paris")
ZONES = [PARIS, ZoneInfo("Indian/Reunion"), ZoneInfo("America/Guadeloupe"), ZoneInfo("America/New_York"), ZoneInfo("Africa/Cairo")]
BASTILLE_DAY = date(2026, 7, 14)

SCHEDULES = some.builds(
    Schedule,
    times=some.lists(some.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=4).map(tuple),
    zone=some.sampled_from(ZONES),
    weekdays=some.frozensets(some.integers(1, 7), min_size=1),
    working_days_only=some.booleans(),
)
INSTANTS = some.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


def never(_day: date) -> bool:
    return False


def holiday(day: date) -> bool:
    return (day.month, day.day) in ((1, 1), (5, 1), (7, 14), (12, 25))


def daily(*times: str) -> Schedule:
    return Schedule(tuple(time.fromisoformat(at) for at in times), PARIS)


def moments(schedule: Schedule, first: str, last: str, is_holiday=never) -> list[str]:
    """What comes from one day to another, as a clock in Paris shows it."""
    at, end, found = datetime.fromisoformat(first).replace(tzinfo=PARIS), datetime.fromisoformat(last).replace(tzinfo=PARIS), []
    while (moment := next_moment(schedule, at, is_holiday)) and moment < end:
        found.append(moment.astimezone(PARIS).strftime("%d/%m %H:%M"))
        at = moment
    return found


@given(SCHEDULES, INSTANTS)
def test_the_next_moment_comes_strictly_after_and_is_one_of_the_schedule(schedule: Schedule, after: datetime):
    moment = next_moment(schedule, after, holiday)
    if moment is None:  # asked for working days, and only for Saturdays or Sundays
        assert schedule.working_days_only
        assert schedule.weekdays <= {6, 7}
        return
    assert moment > after
    days = {moment.astimezone(schedule.zone).date() - timedelta(back) for back in (0, 1)}
    told = {datetime.combine(day, at, schedule.zone).astimezone(UTC) for day in days for at in schedule.times}
    assert moment in told


@given(SCHEDULES, INSTANTS, some.timedeltas(timedelta(0), timedelta(3)))
def test_nothing_is_passed_over(schedule: Schedule, after: datetime, further: timedelta):
    moment = next_moment(schedule, after, holiday)
    later = next_moment(schedule, after + further, holiday)
    if moment is not None and after + further < moment:
        assert later == moment
    elif moment is not None:
        assert later is not None
        assert later > moment


@given(some.times().map(lambda at: at.replace(second=0, microsecond=0)), some.sampled_from(ZONES))
def test_each_time_comes_exactly_once_on_every_day_of_a_year(at: time, zone: ZoneInfo):
    schedule, moment, count = Schedule((at,), zone), datetime(2025, 12, 31, 23, 59, 59, tzinfo=zone).astimezone(UTC), 0
    end = datetime(2026, 12, 31, 23, 59, 59, tzinfo=zone).astimezone(UTC)
    while (moment := next_moment(schedule, moment, never) or end) < end:
        count += 1
    assert count in (365, 366 if at.hour == 0 else 365)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("02:30", ["28/03 02:30", "29/03 03:30", "30/03 02:30"]),
        ("03:30", ["28/03 03:30", "29/03 03:30", "30/03 03:30"]),
    ],
)
def test_the_night_without_half_past_two_has_its_run_all_the_same(at: str, shown: list[str]):
    assert moments(daily(at), "2026-03-28", "2026-03-31") == shown


def test_the_night_with_two_half_past_twos_has_one_run():
    found = moments(daily("02:30"), "2026-10-24", "2026-10-27")
    assert found == ["24/10 02:30", "25/10 02:30", "26/10 02:30"]
    assert next_moment(daily("02:30"), datetime(2026, 10, 24, 12, tzinfo=PARIS), never) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_half_past_eight_on_working_days_leaves_out_weekends_and_holidays():
    schedule = Schedule((time(8, 30),), PARIS, EVERY_DAY, working_days_only=True)
    assert moments(schedule, "2026-07-10", "2026-07-17", holiday) == ["10/07 08:30", "13/07 08:30", "15/07 08:30", "16/07 08:30"]


def test_several_times_on_chosen_days():
    schedule = Schedule((time(14), time(8)), PARIS, frozenset({1, 4}))
    assert moments(schedule, "2026-07-13", "2026-07-20") == ["13/07 08:00", "13/07 14:00", "16/07 08:00", "16/07 14:00"]
    assert moments(schedule, "2026-07-13", "2026-07-20", lambda day: day == BASTILLE_DAY) == moments(schedule, "2026-07-13", "2026-07-20")


def test_what_never_comes_is_not_waited_for():
    schedule = Schedule((time(8),), PARIS, frozenset({7}), working_days_only=True)
    assert next_moment(schedule, datetime(2026, 7, 1, tzinfo=UTC), never) is None
