"""Which days does the calendar of accounts turn on: ends of months, terms in months, beginnings of half-years?"""

from calendar import monthrange
from datetime import date


def end_of_month(on: date) -> date:
    """The last day of the month of this day."""
    return on.replace(day=monthrange(on.year, on.month)[1])


def months_after(on: date, months: int) -> date:
    """The day so many months later; where that month has no such day, its last (a term in months, C. proc. civ. 641)."""
    later = date(on.year + (on.month - 1 + months) // 12, (on.month - 1 + months) % 12 + 1, 1)
    return later.replace(day=min(on.day, end_of_month(later).day))


def claim_deadline(published_on: date) -> date:
    """The last day to declare a claim on an insolvent customer: two months after the publication in the BODACC (C. com. R622-24).

    Where that day is not a working day the law gives until the next one; this is the safe date.
    """
    return months_after(published_on, 2)


def half_year_start(on: date) -> date:
    """The 1 January or 1 July on or before this day: rates of late payment are fixed on these days."""
    return date(on.year, 1 if on.month < 7 else 7, 1)


def half_years_between(first: date, last: date) -> list[date]:
    """Every 1 January and 1 July from ``first`` to ``last``, both included."""
    starts = (date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 7))
    return [start for start in starts if first <= start <= last]
