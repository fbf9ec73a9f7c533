"""Which letters does an edition make? A person chooses date, level and filters (rules, section 8; register A5 to A35)."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from relance.core import money
from relance.core.facts import NA, Channel, Customer, DueItem, Mode, Page
from relance.core.grouping import Claim
from relance.core.proposal import LeftOut, Proposal, concluded, credits_of
from relance.core.reasons import Reason
from relance.core.selection import Terms, Thresholds, held_back, never_dunned, too_soon


class Scope(StrEnum):
    """Due items of which levels, N being the level of the edition (register A18 to A22)."""

    PREVIOUS_LEVEL = "previous_level"
    ALL_LOWER = "all_lower"
    NEVER_DUNNED = "never_dunned"
    THIS_LEVEL = "this_level"
    THIS_LEVEL_AND_LOWER = "this_level_and_lower"


class Sort(StrEnum):
    """In which order the letters come (register A25)."""

    NAME = "name"
    POSTCODE = "postcode"
    CODE = "code"
    SALES_REP = "sales_rep"


_TAKES: dict[Scope, Callable[[int, int], bool]] = {
    Scope.PREVIOUS_LEVEL: lambda level, n: level == n - 1,
    Scope.ALL_LOWER: lambda level, n: level < n,
    Scope.NEVER_DUNNED: lambda level, n: level == 0,
    Scope.THIS_LEVEL: lambda level, n: level == n,
    Scope.THIS_LEVEL_AND_LOWER: lambda level, n: level <= n,
}
_REPEATS = (Scope.THIS_LEVEL, Scope.THIS_LEVEL_AND_LOWER)


@dataclass(frozen=True, slots=True)
class EditionRequest:
    """What the selection window asks. Amounts in minor units of the company's currency; empty filters take everything."""

    as_of: date
    level: int
    scope: Scope = Scope.ALL_LOWER
    due_from: date | None = None
    due_to: date | None = None  # None: the day before ``as_of``
    type_from: str | None = None
    type_to: str | None = None
    sales_reps: tuple[str, ...] = ()
    payment_methods: tuple[str, ...] = ()
    min_amount: int | None = None
    customers: tuple[str, ...] = ()
    sort: Sort = Sort.NAME
    any_customer_level: bool = False
    include_credits: bool | None = None  # None: the company's option
    subtotals: bool | None = None  # None: the company's display option
    template: str = ""

    @property
    def repeats(self) -> bool:
        """Whether it may write again at the level an item has."""
        return self.scope in _REPEATS

    def takes_customer(self, customer: Customer) -> bool:
        """Step 1: in the type range, of the sales reps, on the list, and at the level before (or at this one, for a repeat)."""
        return (
            (not self.customers or customer.code in self.customers)
            and (not self.sales_reps or customer.sales_rep in self.sales_reps)
            and in_type_range(customer.type, self.type_from, self.type_to)
            and (self.any_customer_level or customer.level == self.level - 1 or (self.repeats and customer.level == self.level))
        )

    def takes_item(self, item: DueItem) -> bool:
        """Step 2: of the scope's levels, in the range of due dates, of the payment methods."""
        return (
            item.level != NA
            and _TAKES[self.scope](item.level, self.level)
            and (self.due_from is None or item.due_date >= self.due_from)
            and (item.due_date < self.as_of if self.due_to is None else item.due_date <= self.due_to)
            and (not self.payment_methods or item.payment_method in self.payment_methods)
        )


def propose_letters(page: Page, request: EditionRequest, terms: Terms) -> Proposal:
    """Decide every due item of the page as a letter edition does; ``terms`` are those of ``edition_terms``."""
    thresholds = Thresholds(page, terms.options)
    customer_taken = request.takes_customer(page.customer)
    claims: list[Claim] = []
    left_out: list[LeftOut] = []
    for item in page.items:
        reason = never_dunned(item, page.customer, terms.as_of)
        if reason is None and not (customer_taken and request.takes_item(item)):
            reason = Reason.NOT_SELECTED
        reason = reason or _refusal(item, page, terms, thresholds)
        if reason is None:
            claims.append(Claim(item, request.level, Channel.LETTER))
        else:
            left_out.append(LeftOut(item.document, item.due_date, reason, item))
    return concluded(page, terms, _drop_small(claims, left_out, page, request, terms), left_out)


def edition_terms(request: EditionRequest, terms: Terms) -> Terms:
    """The company's terms as an edition reads them: a person decides, and asked for what its due dates take."""
    options = terms.options
    if request.include_credits is not None:
        options = options._replace(include_credits=request.include_credits)
    return Terms(request.as_of, Mode.EDITION, options, terms.policy, terms.policies, undue_too=True, repeats=request.repeats)


def in_type_range(customer_type: str, first: str | None, last: str | None) -> bool:
    """Whether a customer type lies in a range, bounds included; types are compared as numbers where both are (register A27)."""
    return (first is None or _not_after(first, customer_type)) and (last is None or _not_after(customer_type, last))


def _not_after(one: str, other: str) -> bool:
    if re.fullmatch(r"\d+", one, re.ASCII) and re.fullmatch(r"\d+", other, re.ASCII):
        return int(one) <= int(other)
    return one <= other


def _refusal(item: DueItem, page: Page, terms: Terms, thresholds: Thresholds) -> Reason | None:
    """The rest of section 3, in manual mode: the user chose the level."""
    reason = held_back(item, page.customer, terms, page.in_flight)
    if reason is None and too_soon(item, terms, terms.policy_of(page.customer)):
        reason = Reason.TOO_SOON
    return reason or thresholds.refusal(item)


def _drop_small(claims: list[Claim], left_out: list[LeftOut], page: Page, request: EditionRequest, terms: Terms) -> list[Claim]:
    """Step 4: the sum per customer and currency of what the steps before left, credits deducted, must be strictly above the minimum."""
    if request.min_amount is None or not claims:
        return claims
    sums = Counter[str]()
    for claim in claims:
        sums[claim.item.currency] += claim.item.open
    for credit in credits_of(page) if terms.options.include_credits else ():
        sums[credit.currency] += credit.open
    enough = {currency for currency, total in sums.items() if total > money.rescale(request.min_amount, terms.options.currency, currency)}
    small = [claim.item for claim in claims if claim.item.currency not in enough]
    left_out.extend(LeftOut(item.document, item.due_date, Reason.BELOW_RUN_MINIMUM, item) for item in small)
    return [claim for claim in claims if claim.item.currency in enough]
