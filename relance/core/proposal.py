"""Who is written to, of what, at which level, and why not the others? The automatic run, in order.

``propose`` decides one billed customer; a run calls it page after page of the book.
"""

from datetime import date
from typing import NamedTuple

from relance.core.facts import Channel, DueItem, LevelRow, Mode, Page, Policy
from relance.core.grouping import Claim, Credit, Notice, copies_of, deduct_credits, group
from relance.core.levels import decide_level
from relance.core.reasons import Reason
from relance.core.recipients import Addresses, choose_recipients
from relance.core.selection import Terms, Thresholds, held_back, never_dunned, too_soon


class LeftOut(NamedTuple):
    """What no notice claims, and the one reason why. ``item`` is None for what a payment has left."""

    document: str
    due_date: date
    reason: Reason
    item: DueItem | None = None


class Proposal(NamedTuple):
    """What is decided about one billed customer: every open due item and remainder is in one of the two lists."""

    notices: list[Notice]
    left_out: list[LeftOut]


def propose(page: Page, terms: Terms) -> Proposal:
    """Decide every due item of the page as the automatic run does (rules, sections 3 to 6)."""
    decider = Decider(page, terms)
    claims: list[Claim] = []
    left_out: list[LeftOut] = []
    for item in page.items:
        decision = decider.decide(item)
        if isinstance(decision, Claim):
            claims.append(decision)
        else:
            left_out.append(LeftOut(item.document, item.due_date, decision, item))
    return concluded(page, terms, claims, left_out)


def concluded(page: Page, terms: Terms, claims: list[Claim], left_out: list[LeftOut]) -> Proposal:
    """Claims put on notices, credits deducted, and what payments have left named among the left-out."""
    left_out.extend(LeftOut(rest.reference, rest.date, Reason.NOT_AN_INVOICE) for rest in page.remainders)
    notices = group(claims, page, terms.options) if claims else []
    if notices and terms.options.include_credits:
        deduct_credits(notices, credits_of(page))
    return Proposal(notices, left_out)


def credits_of(page: Page) -> list[Credit]:
    """Credit notes and payments on account not allocated yet; nothing later than the page's date is on the page."""
    notes = [
        Credit(item.document, item.document_date, item.due_date, item.open, item.currency)
        for item in page.items
        if item.type != "invoice" and item.open < 0
    ]
    return notes + [Credit(rest.reference, rest.date, rest.date, -rest.open, rest.currency) for rest in page.remainders if rest.open > 0]


class Decider:
    """Decides the due items of one page; holds what they share: sums, the policy, recipients already looked up.

    ``thresholds`` are those of the page where they are known from another day.
    """

    def __init__(self, page: Page, terms: Terms, thresholds: Thresholds | None = None) -> None:
        self.page = page
        self.terms = terms
        self.policy: Policy = terms.policy_of(page.customer)
        self.thresholds = thresholds or Thresholds(page, terms.options, alone=terms.mode is Mode.AUTOMATIC)
        self._recipients: dict[tuple[int, int | None, str], Addresses] = {}

    def decide(self, item: DueItem) -> Claim | Reason:
        """The claim, or the first reason that holds, in the order of rules, section 3."""
        terms, customer, policy = self.terms, self.page.customer, self.policy
        reason = never_dunned(item, customer, terms.as_of) or held_back(item, customer, terms, self.page.in_flight)
        if reason is not None:
            return reason
        row = decide_level(policy, item.level, item.due_date, item.last_dunned_on, terms.as_of)
        if isinstance(row, Reason):
            return row
        if too_soon(item, terms, policy):
            return Reason.TOO_SOON
        if not row.automatic and terms.mode is Mode.AUTOMATIC:
            return Reason.NOT_AUTOMATIC
        return self.thresholds.refusal(item) or self.addressed(item, row)

    def addressed(self, item: DueItem, row: LevelRow) -> Claim | Reason:
        """The claim with its recipients; a customer nobody can be mailed at gets a letter where the company says so."""
        if row.channel is Channel.LETTER:
            return Claim(item, row.level, Channel.LETTER)
        if to := self.recipients_of(item):
            return Claim(item, row.level, Channel.EMAIL, to, copies_of(item, self.terms.cc))
        if self.terms.options.letter_when_no_recipient:
            return Claim(item, row.level, Channel.LETTER)
        return Reason.NO_RECIPIENT

    def recipients_of(self, item: DueItem) -> Addresses:
        """Whom an e-mail about the item would go to; looked up once for documents of the same customer, site and own recipients."""
        key = (item.customer_id, item.site_id, item.recipients)
        found = self._recipients.get(key)
        if found is None:
            billed = self.terms.options.contacts_of_billed_customer
            found = choose_recipients(item, self.page, self.terms.as_of, contacts_of_billed=billed)
            self._recipients[key] = found
        return found
