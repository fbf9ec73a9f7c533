"""What will go out in the coming days, if a run takes place every day and nothing else changes?"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.core.cache import cache

from relance.core import money
from relance.core.facts import Mode
from relance.core.forecast import coming_notices
from relance.core.names import collation_key
from relance.models.book import load_book
from relance.models.company import Company
from relance.models.rules import read_terms
from relance.steps import Refused

LONGEST = 366  # days
_KEPT = 600  # seconds, at most: a dossier can be laid over a company without an event


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


def foresee_kept(company: Company, as_of: date, days: int) -> list[Coming]:
    """What ``foresee`` tells, computed once for each state of the company: until something happens, or figures come in. Raises Refused."""
    stamps = [at.timestamp() if at else 0 for at in (company.documents_at, company.payments_at)]
    if not any(stamps):  # nothing says when the ledger changed
        return foresee(company, as_of, days)
    key = f"coming:{company.pk}:{as_of}:{days}:{stamps}:{company.last_event_number}:{company.last_run_number}".replace(" ", "")
    found: list[Coming] | None = cache.get(key)
    if found is None:
        found = foresee(company, as_of, days)
        cache.set(key, found, _KEPT)
    return found


def foresee(company: Company, as_of: date, days: int) -> list[Coming]:
    """The notices of the automatic runs from a date to so many days after it, by day, customer's name, then level.

    A level that is set up for people only does not come by itself. Raises Refused where no levels are set up, and beyond a year.
    """
    if not 0 <= days <= LONGEST:
        raise Refused(f"the coming days are counted from 0 to {LONGEST}, not {days}")
    terms = read_terms(company, as_of, Mode.AUTOMATIC)
    if not terms.policy.rows:
        raise Refused(f"{company.code} has no levels set up: nobody can be dunned before there is a policy")
    last = as_of + timedelta(days)
    found = [
        Coming(day, notice.customer.code, notice.customer.name, notice.level, str(notice.channel), len(notice.lines), notice.totals())
        for page in load_book(company, as_of)
        for day, notices in coming_notices(page, terms, last)
        for notice in notices
    ]
    return sorted(found, key=lambda one: (one.on, collation_key(one.name), one.customer, one.level))
