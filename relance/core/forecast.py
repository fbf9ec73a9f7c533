"""When will a due item be dunned next, if a run takes place every day and nothing else changes? (rules, section 3)

Between two dates on which some comparison of the rules turns, the decision cannot change; so only those dates are tried.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from relance.core.facts import NA, DueItem, Page, Policy, Progression
from relance.core.grouping import Claim
from relance.core.levels import clock_start
from relance.core.proposal import Decider
from relance.core.reasons import Reason
from relance.core.selection import Terms, promise_ends_on


class Outlook(NamedTuple):
    """What the automatic run decides on a date, and the first date from then on at which it duns the item, at which level."""

    decision: Claim | Reason
    next: tuple[date, int] | None


def look_ahead(item: DueItem, page: Page, terms: Terms) -> Outlook:
    """Today's decision about an item of the page, and the next dunning; None under what only a person can lift."""
    today = Decider(page, terms).decide(item)
    if isinstance(today, Claim):
        return Outlook(today, (terms.as_of, today.level))
    later = _without_temporary_block(page)  # the run of the first day lifts it
    same = next(other for other in later.items if other.id == item.id)
    for day in sorted(_turning_days(same, later, terms)):
        decision = Decider(later, replace(terms, as_of=day)).decide(same)
        if isinstance(decision, Claim):
            return Outlook(today, (day, decision.level))
    return Outlook(today, None)


def _turning_days(item: DueItem, page: Page, terms: Terms) -> set[date]:
    """Days after the run's date on which the decision about the item may turn."""
    policy = terms.policy_of(page.customer)
    days = {terms.as_of + timedelta(1)}
    days.update(_policy_days(policy, item))
    if item.promised_on is not None:
        days.add(promise_ends_on(item.promised_on, terms.options) + timedelta(1))
    if item.last_dunned_on is not None:
        days.add(item.last_dunned_on)
        days.add(item.last_dunned_on + timedelta(policy.min_days_between))
    for directory in page.directories.values():
        days.update(contact.left_on + timedelta(1) for contact in directory.contacts if contact.left_on)
    return {day for day in days if day > terms.as_of}


def _policy_days(policy: Policy, item: DueItem) -> Iterable[date]:
    """Where each row begins and ends for the item, and where the guard of the last-dunning clock lets it begin."""
    for row in policy.rows:
        start = clock_start(row.clock, item.due_date, item.last_dunned_on)
        yield start + timedelta(row.lower)
        yield item.due_date + timedelta(row.lower)
        if row.upper is not None and (policy.progression is Progression.BY_AGE or row.level == NA):
            yield start + timedelta(row.upper + 1)


def _without_temporary_block(page: Page) -> Page:
    items = [item._replace(no_dunning_temporary=False) if item.no_dunning_temporary else item for item in page.items]
    return replace(page, items=items)
