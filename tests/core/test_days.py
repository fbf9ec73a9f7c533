"""Which days does the calendar of accounts turn on?"""

from datetime import date

import pytest

from relance.core.days import end_of_month, half_year_start, half_years_between


@pytest.mark.parametrize(
    ("on", "end"), [("2026-02-01", "2026-02-28"), ("2028-02-29", "2028-02-29"), ("2026-12-31", "2026-12-31"), ("2026-04-15", "2026-04-30")]
)
def test_a_month_ends_on_its_last_day(on: str, end: str) -> None:
    assert end_of_month(date.fromisoformat(on)) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("on", "start"),
    [("2026-01-01", "2026-01-01"), ("2026-06-30", "2026-01-01"), ("2026-07-01", "2026-07-01"), ("2026-12-31", "2026-07-01")],
)
def test_a_half_year_begins_on_1_january_or_1_july(on: str, start: str) -> None:
    assert half_year_start(date.fromisoformat(on)) == date.fromisoformat(start)


def test_half_years_between_two_days_count_both_days() -> None:
    assert half_years_between(date(2025, 7, 1), date(2026, 7, 1)) == [date(2025, 7, 1), date(2026, 1, 1), date(2026, 7, 1)]
    assert half_years_between(date(2025, 7, 2), date(2025, 12, 31)) == []


def test_the_last_half_year_of_the_calendar_can_be_reached() -> None:
    assert half_years_between(date(9999, 1, 2), date.max) == [date(9999, 7, 1)]
