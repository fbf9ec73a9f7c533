"""When will a due item be dunned next, and what will go out in the coming days? (rules, section 3)

Both assume a run every day, and that nothing else changes. Between two dates on which some comparison of the rules turns, the decision
cannot change; so only those dates are tried. The days on which contacts leave are not among them: a contact who leaves brings nothing
forward.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from relance.core.facts import Customer, DueItem, Page, Policy
from relance.core.grouping import Claim, Notice
from relance.core.levels import clock_start
from relance.core.proposal import Decider, concluded
from relance.core.reasons import Reason
from relance.core.selection import Terms

_LASTING = {  # what no day that passes lifts
    *(Reason.NOT_AN_INVOICE, Reason.PAYMENT_METHOD, Reason.CUSTOMER_DUNNING_DISABLED, Reason.INSOLVENT),
    *(Reason.CUSTOMER_MODE_OFF, Reason.DISPUTED, Reason.LEVEL_NA, Reason.IN_FLIGHT, Reason.PAYMENT_TO_MATCH),
}


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
    for day in _turning_days(item, page.customer, terms, date.max):
        decision = Decider(page, replace(terms, as_of=day)).decide(unblocked)
        if isinstance(decision, Claim):
            return Outlook(today, (day, decision.level))
    return Outlook(today, None)


def coming_notices(page: Page, terms: Terms, last: date) -> Iterator[tuple[date, list[Notice]]]:
    """What goes to the customer from the run's date to ``last``, both included: the notices of each day on which there are any.

    What goes out on a day counts for the days after it: its items have its level then, and were last dunned on it.
    """
    standing = {item.id: item for item in page.items}
    turning: dict[date, set[int]] = defaultdict(set, {terms.as_of: set(standing)})
    while turning:
        today = replace(terms, as_of=min(turning))
        decider = Decider(page, today)
        decisions = {one: decider.decide(standing[one]) for one in sorted(turning.pop(today.as_of))}
        claims = [decision for decision in decisions.values() if isinstance(decision, Claim)]
        for claim in claims:
            standing[claim.item.id] = claim.item._replace(level=claim.level, last_dunned_on=today.as_of)
        for one, decision in decisions.items():
            if isinstance(decision, Claim) or (today.as_of == terms.as_of and decision not in _LASTING):
                standing[one] = standing[one]._replace(no_dunning_temporary=False)
                for day in _turning_days(standing[one], page.customer, today, last):
                    turning[day].add(one)
        if claims:
            yield today.as_of, concluded(page, terms, claims, []).notices


def _turning_days(item: DueItem, customer: Customer, terms: Terms, last: date) -> list[date]:
    """Days after the run's date up to the last, in order, on which the decision about the item may turn."""
    today, policy = terms.as_of.toordinal(), terms.policy_of(customer)
    days = {today + 1, *_policy_days(policy, item)}
    days.update(until.toordinal() + 1 for until in (customer.held_until, item.no_auto_dunning_until) if until is not None)
    if item.promised_on is not None:
        days.add(item.promised_on.toordinal() + terms.options.promise_grace_days + 1)
    if item.last_dunned_on is not None:
        days.add(item.last_dunned_on.toordinal())
        days.add(item.last_dunned_on.toordinal() + policy.min_days_between)
    return [date.fromordinal(day) for day in sorted(days) if today < day <= last.toordinal()]


def _policy_days(policy: Policy, item: DueItem) -> Iterable[int]:
    """Where each row begins and ends for the item, and where the guard of the last-dunning clock lets it begin (ordinals)."""
    for row in policy.rows:
        start = clock_start(row.clock, item.due_date, item.last_dunned_on).toordinal()
        yield start + row.lower
        yield item.due_date.toordinal() + row.lower
        if row.upper is not None:
            yield start + row.upper + 1
