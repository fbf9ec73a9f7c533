"""Was a promise to pay kept? Judged from what was paid, never from what somebody ticked."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from relance.core.charges import Movement


class Standing(StrEnum):
    """What a promise has come to on a day."""

    PENDING = "pending"
    KEPT = "kept"
    BROKEN = "broken"


class Promise(NamedTuple):
    """To pay by a day: an amount in minor units, or (None) all that is open. What was paid before it was made does not keep it."""

    promised_on: date
    amount: int | None = None
    made_on: date | None = None


def judge(promise: Promise, due: int, movements: Iterable[Movement], as_of: date, grace_days: int) -> Standing:
    """What a promise on a due item of this amount has come to on a day; a bank may take ``grace_days`` to bring the money.

    While it is pending it holds dunning back (rules, section 3, ``promised``). A payment that comes back undoes what it had kept.
    """
    last = promise.promised_on + timedelta(grace_days)
    counted = [one for one in movements if one.on <= as_of and (one.amount < 0 or one.on <= last)]
    settled = sum(one.amount for one in counted) >= due
    received = sum(one.amount for one in counted if promise.made_on is None or one.on >= promise.made_on)
    if settled or (promise.amount is not None and received >= promise.amount):
        return Standing.KEPT
    return Standing.PENDING if as_of <= last else Standing.BROKEN
