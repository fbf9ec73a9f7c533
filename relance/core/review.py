"""Which level does a person give to each due item chosen from the invoice list? (Rules, section 9; register K42 to K45.)

A line comes with the level proposed for it and with those it may take; the person raises it, lowers it or drops it. Nothing is kept
between two looks: the levels chosen so far are part of the question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from relance.core.facts import NA, Channel, DueItem, Mode, Page, Policy
from relance.core.grouping import Claim, copies_of, deduct_credits, group
from relance.core.levels import decide_level, next_level
from relance.core.proposal import Decider, LeftOut, Proposal, credits_of
from relance.core.reasons import Reason
from relance.core.recipients import Addresses
from relance.core.selection import Terms, held_back, never_dunned, too_soon


class LevelNotSetUp(Exception):
    """A level was chosen that the customer's policy does not have; the text says so to the user."""


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """What a person has chosen: by due item (identifier) the level it is to take, None for the one proposed; and how to write."""

    as_of: date
    chosen: Mapping[int, int | None]
    channel: Channel = Channel.EMAIL
    cc: Addresses = ()
    sender: str = ""  # empty: the company's own address
    undue_too: bool = False
    template: str = ""  # of the letters; empty: each customer's, else the general one


class Line(NamedTuple):
    """One due item in the window: what it will be, or why it is left out, and the levels that the person may give it, ascending."""

    item: DueItem
    decision: Claim | Reason
    levels: tuple[int, ...]


def review_terms(request: ReviewRequest, terms: Terms) -> Terms:
    """The company's terms as a person who chooses invoices reads them."""
    return Terms(request.as_of, Mode.MANUAL, terms.options, terms.policy, terms.policies, request.cc, undue_too=request.undue_too)


def review(page: Page, request: ReviewRequest, terms: Terms) -> list[Line]:
    """The chosen due items of a page, by due date, then document; ``terms`` are those of ``review_terms``. Raises LevelNotSetUp."""
    decider = Decider(page, terms)
    chosen = sorted((item for item in page.items if item.id in request.chosen), key=lambda item: (item.due_date, item.document, item.no))
    return [Line(item, _decide(item, decider, request), levels_open_to(item, decider.policy)) for item in chosen]


def propose_reviewed(page: Page, request: ReviewRequest, terms: Terms) -> Proposal:
    """The notices of a page that the review comes to; of the left-out only what was chosen. Raises LevelNotSetUp."""
    claims, left_out = [], []
    for item, decision, _ in review(page, request, terms):
        if isinstance(decision, Claim):
            claims.append(decision)
        else:
            left_out.append(LeftOut(item.document, item.due_date, decision, item))
    notices = group(claims, page, terms.options)
    return Proposal(deduct_credits(notices, credits_of(page)) if terms.options.include_credits else notices, left_out)


def proposed_level(item: DueItem, policy: Policy, as_of: date) -> int | None:
    """The level that the automatic run would give, else the next one above the item's own, at most the highest; never a lower one."""
    applies = decide_level(policy, item.level, item.due_date, item.last_dunned_on, as_of)
    row = next_level(policy.rows, item.level) if isinstance(applies, Reason) else applies
    return row.level if row else max(levels_open_to(item, policy), default=None)


def levels_open_to(item: DueItem, policy: Policy) -> tuple[int, ...]:
    """The levels set up from the item's own (a repeat) to the highest, ascending; none for an item at NA."""
    return tuple(sorted(row.level for row in policy.rows if max(item.level, 1) <= row.level < NA))


def raised(level: int, levels: Sequence[int]) -> int:
    """The next of the levels that a line may take, or the highest again (register K44)."""
    return min((each for each in levels if each > level), default=level)


def lowered(level: int, levels: Sequence[int]) -> int:
    """The one before, down to the level that the item already has (register K43)."""
    return max((each for each in levels if each < level), default=level)


def _decide(item: DueItem, decider: Decider, request: ReviewRequest) -> Claim | Reason:
    """The claim, or the first reason that holds, in the order of rules, section 3."""
    terms, page = decider.terms, decider.page
    level = request.chosen[item.id]
    if level is not None and level not in {row.level for row in decider.policy.rows if row.level != NA}:
        raise LevelNotSetUp(f"level {level} is not set up for customer {page.customer.code}")
    reason = never_dunned(item, page.customer, terms.as_of) or held_back(item, page.customer, terms, page.in_flight)
    if reason is not None:
        return reason
    level = level or proposed_level(item, decider.policy, terms.as_of)
    if level is None or level < item.level:
        return Reason.ALREADY_AT_LEVEL
    if too_soon(item, terms, decider.policy):
        return Reason.TOO_SOON
    return decider.thresholds.refusal(item) or _addressed(item, level, decider, request.channel)


def _addressed(item: DueItem, level: int, decider: Decider, channel: Channel) -> Claim | Reason:
    """The claim by the channel that the person chose; whom nobody can mail is left out, for the person to see and to write to."""
    if channel is Channel.LETTER:
        return Claim(item, level, channel)
    to = decider.recipients_of(item)
    return Claim(item, level, channel, to, copies_of(item, decider.terms.cc)) if to else Reason.NO_RECIPIENT
