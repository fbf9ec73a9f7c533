"""May a due item be dunned, and if not, why? (rules, section 3)

A due item is left out with exactly one reason, the first that holds. The functions here are asked in the order in which they
stand; ``core/proposal.py`` and ``core/edition.py`` say which of them each kind of run asks.
"""

from dataclasses import dataclass, field
from datetime import date

from relance.core import money
from relance.core.facts import NA, Customer, DueItem, Mode, Options, Page, Policy
from relance.core.reasons import Reason


@dataclass(frozen=True, slots=True)
class Terms:
    """What a run is asked: its date, who decides, and the company's choices."""

    as_of: date
    mode: Mode
    options: Options = field(default=Options())
    policy: Policy = field(default=Policy(()))  # the company's default
    policies: dict[int, Policy] = field(default_factory=dict)  # further ones, by identifier
    cc: tuple[str, ...] = ()
    undue_too: bool = False  # a person asked for items not yet past their due date
    repeats: bool = False  # an edition that writes again at the level an item has

    def policy_of(self, customer: Customer) -> Policy:
        """The policy that the customer carries, else the company's."""
        return self.policy if customer.policy_id is None else self.policies[customer.policy_id]


def never_dunned(item: DueItem, customer: Customer, as_of: date) -> Reason | None:
    """What no mode and no user can override (register K3, A2); insolvency proceedings stop everything (C. com. L622-21)."""
    if item.type != "invoice":
        return Reason.NOT_AN_INVOICE
    if item.dunnable is False:
        return Reason.PAYMENT_METHOD
    if not customer.dunning_enabled:
        return Reason.CUSTOMER_DUNNING_DISABLED
    if customer.insolvent_on is not None and customer.insolvent_on <= as_of:
        return Reason.INSOLVENT
    return None


def held_back(item: DueItem, customer: Customer, terms: Terms, in_flight: frozenset[int] | set[int]) -> Reason | None:
    """What people have decided about the customer, the document or the due item (register K15, K18 to K20, K59 to K63, K35)."""
    automatic = terms.mode is Mode.AUTOMATIC
    if not (customer.auto_dunning if automatic else customer.manual_dunning):
        return Reason.CUSTOMER_MODE_OFF
    if customer.held_from is not None and customer.held_from <= terms.as_of and _holds(customer.held_until, terms.as_of):
        return Reason.CUSTOMER_ON_HOLD
    if _blocked(item, terms.as_of, automatic=automatic):
        return Reason.BLOCKED
    if item.no_dunning_temporary:
        return Reason.BLOCKED_TEMPORARILY
    if item.stopped:
        return Reason.DISPUTED
    if item.promised_on is not None and (terms.as_of - item.promised_on).days <= terms.options.promise_grace_days:
        return Reason.PROMISED
    if item.level == NA:
        return Reason.LEVEL_NA
    if item.id in in_flight:
        return Reason.IN_FLIGHT
    if not automatic and not terms.undue_too and terms.as_of <= item.due_date:
        return Reason.NOT_DUE
    return None


def _blocked(item: DueItem, as_of: date, *, automatic: bool) -> bool:
    """Whether the document's own block of this mode is there and has not ended."""
    if automatic:
        return item.no_auto_dunning and _holds(item.no_auto_dunning_until, as_of)
    return item.no_manual_dunning and _holds(item.no_manual_dunning_until, as_of)


def _holds(until: date | None, as_of: date) -> bool:
    return until is None or as_of <= until


def too_soon(item: DueItem, terms: Terms, policy: Policy) -> bool:
    """Whether its last notice is too recent, or lies after the date of the run; a repeat is not written on the day of it either."""
    if item.last_dunned_on is None:
        return False
    since = (terms.as_of - item.last_dunned_on).days
    return since < policy.min_days_between or (terms.repeats and since == 0)


class Thresholds:
    """What a page owes in all, and has paid, for the tests on amounts: per document, and per currency of the customer.

    ``alone``: nobody looks at what is decided.
    """

    def __init__(self, page: Page, options: Options, *, alone: bool = False) -> None:
        self._options = options
        self._unmatched: dict[str, int] = {}
        if alone and options.hold_unmatched_payments:
            for rest in page.remainders:
                self._unmatched[rest.currency] = self._unmatched.get(rest.currency, 0) + rest.open
        self._balances = page.balances()
        self._documents: dict[int, int] = {}
        for item in page.items:
            self._documents[item.document_id] = self._documents.get(item.document_id, 0) + item.open

    def refusal(self, item: DueItem) -> Reason | None:
        """The open amount of the document must be strictly above the company's minimum, the customer's balance above zero.

        Where the company says so, payments that nobody has matched yet hold back every document that they could settle.
        """
        options = self._options
        if self._documents[item.document_id] <= minimum_in(item.currency, options):
            return Reason.BELOW_MINIMUM
        if not options.dun_creditor_customers and self._balances[item.currency] <= 0:
            return Reason.CREDITOR_CUSTOMER
        if self._unmatched.get(item.currency, 0) >= self._documents[item.document_id]:
            return Reason.PAYMENT_TO_MATCH
        return None


def minimum_in(currency: str, options: Options) -> int:
    """The company's minimum per document, the same figure in any currency."""
    least = options.min_invoice_amount
    return least if currency == options.currency else money.rescale(least, options.currency, currency)
