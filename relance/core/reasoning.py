"""By which questions was a due item decided, and what were the figures? The path to the automatic run's decision, for people to read.

Nothing is decided here: the questions are those of ``core/proposal.py``, in their order, and the last one told is the one that answered.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from relance.core.facts import DueItem, LevelRow, Page, Policy, Progression
from relance.core.grouping import Claim
from relance.core.levels import clock_start, decide_level
from relance.core.reasons import Reason
from relance.core.recipients import each_step
from relance.core.selection import Terms, minimum_in

Facts = dict[str, Any]

_OF_OTHER_RUNS = (Reason.NOT_SELECTED, Reason.NOT_DUE, Reason.BELOW_RUN_MINIMUM, Reason.SETTLED)
QUESTIONS = tuple(reason for reason in Reason if reason not in _OF_OTHER_RUNS)


class Asked(NamedTuple):
    """A question: the reason that it looks for, whether it holds, and the figures that were compared."""

    reason: Reason
    holds: bool
    facts: Facts


class RowRead(NamedTuple):
    """A row of the policy as it stands to the item: counted from which day, how many days have gone by, whether they are within."""

    row: LevelRow
    counted_from: date
    elapsed: int
    within: bool


def path(item: DueItem, page: Page, terms: Terms, decision: Claim | Reason) -> list[Asked]:
    """The questions asked about an open item of the page, up to the one that led to the decision; all of them under a claim."""
    asked = [reason for reason in QUESTIONS if reason is not Reason.PAYMENT_TO_MATCH or terms.options.hold_unmatched_payments]
    if isinstance(decision, Reason):
        asked = asked[: asked.index(decision) + 1]
    return [Asked(reason, reason is decision, _FACTS.get(reason, _nothing)(item, page, terms)) for reason in asked]


def rows_read(item: DueItem, policy: Policy, as_of: date) -> list[RowRead]:
    """Every row of the policy, each on its own clock."""
    read = []
    for row in policy.rows:
        start = clock_start(row.clock, item.due_date, item.last_dunned_on)
        elapsed = (as_of - start).days
        read.append(RowRead(row, start, elapsed, row.lower <= elapsed and (row.upper is None or elapsed <= row.upper)))
    return read


def _nothing(item: DueItem, page: Page, terms: Terms) -> Facts:
    return {}


def _promise(item: DueItem, page: Page, terms: Terms) -> Facts:
    if item.promised_on is None:
        return {}
    return {"promised_on": item.promised_on, "until": item.promised_on + timedelta(terms.options.promise_grace_days)}


def _levels(item: DueItem, page: Page, terms: Terms) -> Facts:
    policy = terms.policy_of(page.customer)
    given = decide_level(policy, item.level, item.due_date, item.last_dunned_on, terms.as_of)
    return {
        "late": (terms.as_of - item.due_date).days,
        "level": item.level,
        "last_dunned_on": item.last_dunned_on,
        "rows": rows_read(item, policy, terms.as_of),
        "applies": given if isinstance(given, LevelRow) else None,
        "stepwise": policy.progression is Progression.STEPWISE,
    }


def _pause(item: DueItem, page: Page, terms: Terms) -> Facts:
    since = (terms.as_of - item.last_dunned_on).days if item.last_dunned_on else None
    return {"since": since, "last_dunned_on": item.last_dunned_on, "least": terms.policy_of(page.customer).min_days_between}


def _minimum(item: DueItem, page: Page, terms: Terms) -> Facts:
    total = sum(other.open for other in page.items if other.document_id == item.document_id)
    least = minimum_in(item.currency, terms.options)
    return {"open": total, "least": least, "currency": item.currency}


def _balance(item: DueItem, page: Page, terms: Terms) -> Facts:
    return {"balance": page.balances()[item.currency], "currency": item.currency}


def _recipients(item: DueItem, page: Page, terms: Terms) -> Facts:
    return {"steps": each_step(item, page, terms.as_of, contacts_of_billed=terms.options.contacts_of_billed_customer)}


_FACTS: dict[Reason, Callable[[DueItem, Page, Terms], Facts]] = {
    Reason.NOT_AN_INVOICE: lambda item, page, terms: {"type": item.type},
    Reason.PAYMENT_METHOD: lambda item, page, terms: {"method": item.payment_method},
    Reason.INSOLVENT: lambda item, page, terms: {"on": page.customer.insolvent_on},
    Reason.CUSTOMER_ON_HOLD: lambda item, page, terms: {"since": page.customer.held_from, "until": page.customer.held_until},
    Reason.BLOCKED: lambda item, page, terms: {"until": item.no_auto_dunning_until},
    Reason.PROMISED: _promise,
    Reason.NO_LEVEL_APPLIES: _levels,
    Reason.ALREADY_AT_LEVEL: _levels,
    Reason.TOO_SOON: _pause,
    Reason.NOT_AUTOMATIC: _levels,
    Reason.BELOW_MINIMUM: _minimum,
    Reason.CREDITOR_CUSTOMER: _balance,
    Reason.PAYMENT_TO_MATCH: _balance,
    Reason.NO_RECIPIENT: _recipients,
}
