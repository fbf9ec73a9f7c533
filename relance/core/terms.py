"""When is an invoice due? Payment terms: a number of days, the end of a month, a day of the month.

"45 days end of month" has two accepted computations, and the contract should say which: A adds the days and goes to the end of that month;
B goes to the end of the invoice's month and adds the days (C. com. L441-10 I; DGCCRF, CEPC).
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from relance.core.days import end_of_month

_NOTATION = re.compile(r"(\d{1,3})(?:(FDM)(\d{1,2})?(?:-([AB]))?|LE(\d{1,2}))?", re.ASCII)


class EndOfMonth(StrEnum):
    """Where the end of the month comes in: nowhere, after the days (A) or before them (B)."""

    NONE = "none"
    AFTER = "after"
    BEFORE = "before"


class PaymentTerms(NamedTuple):
    """``days`` from the invoice, perhaps through an end of month, perhaps on to the next such day of a month (1 to 31)."""

    days: int
    end_of_month: EndOfMonth = EndOfMonth.NONE
    day_of_month: int | None = None


def due_date(terms: PaymentTerms, invoice_date: date) -> date:
    """The day on which an invoice of this date is due.

    The day of the month is the first on or after what the days give; where a month lacks it (31 April), its last day stands for it.
    """
    first = end_of_month(invoice_date) if terms.end_of_month is EndOfMonth.BEFORE else invoice_date
    reached = first + timedelta(days=terms.days)
    if terms.end_of_month is EndOfMonth.AFTER:
        reached = end_of_month(reached)
    return reached if terms.day_of_month is None else _next_day_of_month(reached, terms.day_of_month)


@lru_cache(maxsize=1_000)  # a ledger of any size has a handful, asked for at each of its lines
def parse_terms(text: str) -> PaymentTerms:
    """Read the notation of the options, in an accountant's French: FDM is "fin de mois", LE is "le".

    ``30``: 30 days. ``45FDM-A``: 45 days, then the end of that month. ``45FDM-B``: the end of the month, then 45 days. ``30FDM10``: 30 days
    end of month, the 10th. ``30LE15``: 30 days, then the next 15th. ``0``: on receipt. FDM alone means A; spaces and small letters are
    welcome. Raises ValueError, in words for a user.
    """
    match = _NOTATION.fullmatch(re.sub(r"\s", "", text).upper())
    if match is None:
        raise ValueError(f'not payment terms: "{text[:40]}" (write for instance 30, 45FDM-A, 45FDM-B, 30FDM10, 30LE15)')
    day = match[3] or match[5]
    if day and not 1 <= int(day) <= 31:
        raise ValueError(f'no such day of the month in payment terms: "{text[:40]}"')
    end = EndOfMonth.NONE if match[2] is None else EndOfMonth.BEFORE if match[4] == "B" else EndOfMonth.AFTER
    return PaymentTerms(int(match[1]), end, int(day) if day else None)


def show_terms(terms: PaymentTerms) -> str:
    """The notation that ``parse_terms`` reads; A or B is always written where there is an end of month."""
    day = terms.day_of_month or ""
    if terms.end_of_month is EndOfMonth.NONE:
        return f"{terms.days}LE{day}" if day else str(terms.days)
    return f"{terms.days}FDM{day}-{'B' if terms.end_of_month is EndOfMonth.BEFORE else 'A'}"


def _next_day_of_month(on: date, day: int) -> date:
    in_this_month = on.replace(day=min(day, monthrange(on.year, on.month)[1]))
    return in_this_month if on <= in_this_month else _next_day_of_month(end_of_month(on) + timedelta(days=1), day)
