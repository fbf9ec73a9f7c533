"""What will go out in the coming days, if a run takes place every day and nothing else changes?"""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.core.cache import cache
from django.utils import timezone

from relance.core import money
from relance.core.facts import Mode
from relance.core.forecast import coming_notices
from relance.core.names import collation_key
from relance.core.selection import Terms
from relance.models.book import load_book
from relance.models.company import Company
from relance.models.lists.kept import state_of
from relance.models.rules import read_terms
from relance.steps import Refused

LONGEST = 366  # days
_KEPT = 24 * 3600  # seconds: of its day


class Coming(NamedTuple):
    """A notice to come; ``totals`` are what it claims, in minor units by currency."""

    on: date
    customer: str
    name: str
    level: int
    channel: str
    lines: int
    totals: dict[str, int]

    def told(self) -> dict[str, Any]:
        """The notice as JSON has it."""
        totals = {currency: money.show(total, currency) for currency, total in self.totals.items()}
        return self._asdict() | {"on": self.on.isoformat(), "totals": totals}


class Group(NamedTuple):
    """Notices of a day of one level and channel: how many, and what they claim, in minor units by currency."""

    level: int
    channel: str
    notices: int
    totals: dict[str, int]


class Foretold(NamedTuple):
    """What goes out on each day, as it was computed at a moment, in a state of the company."""

    days: list[tuple[date, list[Group]]]
    at: datetime
    state: str


def terms_ahead(company: Company, as_of: date) -> Terms:
    """What the automatic run from a day on decides by. Raises Refused where no levels are set up."""
    terms = read_terms(company, as_of, Mode.AUTOMATIC)
    if not terms.policy.rows:
        raise Refused(f"{company.code} has no levels set up: nobody can be dunned before there is a policy")
    return terms


def foretell(company: Company, as_of: date, days: int) -> Foretold:
    """What ``foresee`` tells, added up by day, and kept with the notices of each day. Raises Refused."""
    found = foresee(company, as_of, days)
    by_day = {on: list(notices) for on, notices in groupby(found, key=attrgetter("on"))}
    told = Foretold([(on, _groups(notices)) for on, notices in by_day.items()], timezone.now(), state_of(company))
    cache.set_many({_key(company, as_of, told, on): notices for on, notices in by_day.items()}, _KEPT)
    cache.set(_key(company, as_of), told, _KEPT)
    return told


def foretold(company: Company, as_of: date) -> Foretold | None:
    """What was last computed from this day on, however long ago; None where nothing was."""
    found: Foretold | None = cache.get(_key(company, as_of))
    return found


def notices_of(company: Company, as_of: date, told: Foretold, on: date) -> list[Coming]:
    """The notices of a day, as they were computed then."""
    found: list[Coming] = cache.get(_key(company, as_of, told, on), [])
    return found


def _key(company: Company, as_of: date, told: Foretold | None = None, on: date | None = None) -> str:
    return f"coming:{company.pk}:{as_of}" + (f":{on}:{told.at.timestamp()}" if told else "")


def _groups(notices: list[Coming]) -> list[Group]:
    ordered = sorted(notices, key=attrgetter("level", "channel"))
    return [_group(list(alike)) for _, alike in groupby(ordered, key=attrgetter("level", "channel"))]


def _group(notices: list[Coming]) -> Group:
    totals: Counter[str] = Counter()
    for notice in notices:
        totals.update(notice.totals)
    return Group(notices[0].level, notices[0].channel, len(notices), dict(sorted(totals.items())))


def foresee(company: Company, as_of: date, days: int) -> list[Coming]:
    """The notices of the automatic runs from a date to so many days after it, by day, customer's name, then level.

    A level that is set up for people only does not come by itself. Raises Refused where no levels are set up, and beyond a year.
    """
    if not 0 <= days <= LONGEST:
        raise Refused(f"the coming days are counted from 0 to {LONGEST}, not {days}")
    terms = terms_ahead(company, as_of)
    last = as_of + timedelta(days)
    found = [
        Coming(day, notice.customer.code, notice.customer.name, notice.level, str(notice.channel), len(notice.lines), notice.totals())
        for day, notices in coming_notices(load_book(company, as_of), terms, last)
        for notice in notices
    ]
    return sorted(found, key=lambda one: (one.on, collation_key(one.name), one.customer, one.level))
