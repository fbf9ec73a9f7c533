"""When will a due item be dunned next, if a run takes place every day and nothing else changes? (rules, section 3)

Between two dates on which some comparison of the rules turns, the decision cannot change; so only those dates are tried. The days on
which contacts leave are not among them: a contact who leaves brings nothing forward.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from relance.core.facts import DueItem, Page, Policy
from relance.core.grouping import Claim
from relance.core.levels import clock_start
from relance.core.proposal import Decider
from relance.core.reasons import Reason
from relance.core.selection import Terms


class Outlook(NamedTuple):
    """What the automatic run decides on a date, and the first date from then on at which it duns the item, at which level."""

    decision: Claim | Reason
    next: tuple[date, int] | None


def look_ahead(item: DueItem, page: Page, terms: Terms) -> Outlook:
    """Today's decision about an item of the page, and the next dunning; None under what only a person can lift."""
    today = Decider(page, terms).decide(item)
    if isinstance(today, Claim):
        return Outlook(today, (terms.as_of, today.level))
    unblocked = item._replace(no_dunning_temporary=False)  # the run of the first day lifts the block
    for day in _turning_days(item, terms.policy_of(page.customer), terms):
        decision = Decider(page, replace(terms, as_of=day)).decide(unblocked)
        if isinstance(decision, Claim):
            return Outlook(today, (day, decision.level))
    return Outlook(today, None)


def _turning_days(item: DueItem, policy: Policy, terms: Terms) -> list[date]:
    """Days of the calendar after the run's date, in order, on which the decision about the item may turn."""
    today = terms.as_of.toordinal()
    days = {today + 1, *_policy_days(policy, item)}
    if item.promised_on is not None:
        days.add(item.promised_on.toordinal() + terms.options.promise_grace_days + 1)
    if item.last_dunned_on is not None:
        days.add(item.last_dunned_on.toordinal())
        days.add(item.last_dunned_on.toordinal() + policy.min_days_between)
    return [date.fromordinal(day) for day in sorted(days) if today < day <= date.max.toordinal()]


def _policy_days(policy: Policy, item: DueItem) -> Iterable[int]:
    """Where each row begins and ends for the item, and where the guard of the last-dunning clock lets it begin (ordinals)."""
    for row in policy.rows:
        start = clock_start(row.clock, item.due_date, item.last_dunned_on).toordinal()
        yield start + row.lower
        yield item.due_date.toordinal() + row.lower
        if row.upper is not None:
            yield start + row.upper + 1
