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

from relance.core.facts import Clock, Customer, DueItem, Page, Policy
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
    for day in map(date.fromordinal, sorted(_turning_days(item, page.customer, terms, date.max.toordinal()))):
        decision = Decider(page, replace(terms, as_of=day)).decide(unblocked)
        if isinstance(decision, Claim):
            return Outlook(today, (day, decision.level))
    return Outlook(today, None)


def coming_notices(pages: Iterable[Page], terms: Terms, last: date) -> Iterator[tuple[date, list[Notice]]]:
    """What goes to each customer from the run's date to ``last``, both included: the notices of each day on which there are any.

    What goes out on a day counts for the days after it: its items have its level then, and were last dunned on it. Each item is decided
    again only on days on which the decision about it may turn.
    """
    dated = {terms.as_of: terms}
    for page in pages:
        yield from _coming(page, terms, last, dated)


def _coming(page: Page, terms: Terms, last: date, dated: dict[date, Terms]) -> Iterator[tuple[date, list[Notice]]]:
    """What goes to one customer; ``dated`` keeps the terms of each day, which all customers share."""
    first, until = terms.as_of.toordinal(), last.toordinal()
    standing = {item.id: item for item in page.items}
    turning: dict[int, set[int]] = defaultdict(set, {first: set(standing)})
    thresholds = None
    while turning:
        day = min(turning)
        on = date.fromordinal(day)
        if on not in dated:
            dated[on] = replace(terms, as_of=on)
        today = dated[on]
        decider = Decider(page, today, thresholds)
        thresholds = decider.thresholds  # amounts stay as they are
        claims = []
        for one in sorted(turning.pop(day)):
            decision = decider.decide(standing[one])
            if isinstance(decision, Claim):
                claims.append(decision)
                standing[one] = decision.item._replace(level=decision.level, last_dunned_on=on, no_dunning_temporary=False)
            elif day != first or decision in _LASTING:
                continue
            elif standing[one].no_dunning_temporary:  # the run of the first day lifts the block
                standing[one] = standing[one]._replace(no_dunning_temporary=False)
            for turns in _turning_days(standing[one], page.customer, today, until):
                turning[turns].add(one)
        if claims:
            yield on, concluded(page, terms, claims, []).notices


def _turning_days(item: DueItem, customer: Customer, terms: Terms, last: int) -> set[int]:
    """Days after the run's date up to the last, as ordinals, on which the decision about the item may turn."""
    today, policy = terms.as_of.toordinal(), terms.policy_of(customer)
    days = {today + 1, *_policy_days(policy, item)}
    if customer.held_until is not None:
        days.add(customer.held_until.toordinal() + 1)
    if item.no_auto_dunning_until is not None:
        days.add(item.no_auto_dunning_until.toordinal() + 1)
    if item.promised_on is not None:
        days.add(item.promised_on.toordinal() + terms.options.promise_grace_days + 1)
    if item.last_dunned_on is not None:
        days.add(item.last_dunned_on.toordinal())
        days.add(item.last_dunned_on.toordinal() + policy.min_days_between)
    return {day for day in days if today < day <= last}


def _policy_days(policy: Policy, item: DueItem) -> Iterable[int]:
    """Where each row begins and ends for the item, and where the guard of the last-dunning clock lets it begin (ordinals)."""
    due = item.due_date.toordinal()
    for row in policy.rows:
        start = due if row.clock is Clock.DUE_DATE else clock_start(row.clock, item.due_date, item.last_dunned_on).toordinal()
        yield start + row.lower
        if start != due:
            yield due + row.lower
        if row.upper is not None:
            yield start + row.upper + 1
