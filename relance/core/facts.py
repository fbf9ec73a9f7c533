"""What does the engine know when it decides? The facts of one billed customer, as of one date, in plain tuples.

Everything is decided per billed customer: one ``Page`` of the book holds all that matters, so a million due items never stand
in memory together. Amounts are minor units of the currency beside them; identifiers are opaque integers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

NA = 100  # the level NA, "excluded from dunning": above every level, so that no comparison takes it for a low one
HIGHEST_LEVEL = 9


class Clock(StrEnum):
    """From which date a level's bounds are counted."""

    DUE_DATE = "due_date"
    LAST_DUNNING = "last_dunning"
    END_OF_MONTH = "end_of_month"


class Progression(StrEnum):
    """Whether levels may be skipped."""

    BY_AGE = "by_age"
    STEPWISE = "stepwise"


class Channel(StrEnum):
    """By what a notice travels; a draft is an e-mail that a person sends."""

    EMAIL = "email"
    DRAFT = "draft"
    LETTER = "letter"


class Mode(StrEnum):
    """Who decides: the automatic run, a person choosing invoices, or a person issuing a letter edition."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    EDITION = "edition"


class LevelRow(NamedTuple):
    """One row of a policy; bounds in days, inclusive, negative before the date they are counted from."""

    level: int  # 1 to 9, or NA
    lower: int
    upper: int | None
    clock: Clock
    automatic: bool = True
    channel: Channel = Channel.EMAIL


class Policy(NamedTuple):
    """Levels in ascending order, NA last, each with its clock; the switches with the company's defaults already in."""

    rows: tuple[LevelRow, ...]
    progression: Progression = Progression.BY_AGE
    min_days_between: int = 0


class Options(NamedTuple):
    """The company's choices that decide who is written to, how, and what is put on one notice."""

    currency: str = "EUR"
    contacts_of_billed_customer: bool = False
    dun_creditor_customers: bool = False
    min_invoice_amount: int = 0  # minor units of ``currency``; read as the same figure in any other
    promise_grace_days: int = 3
    letter_grouping: str = "customer"
    email_by_customer: bool = False
    include_credits: bool = True
    letter_when_no_recipient: bool = False
    hold_unmatched_payments: bool = False


class Customer(NamedTuple):
    """The billed customer."""

    id: int
    code: str
    name: str
    type: str
    sales_rep: str
    policy_id: int | None
    dunning_enabled: bool
    manual_dunning: bool
    auto_dunning: bool
    level: int
    last_dunned_on: date | None
    language: str = ""  # empty: the company's
    kind: str = "business"
    insolvent_on: date | None = None  # the opening of insolvency proceedings was published
    held_from: date | None = None  # on hold from this day
    held_until: date | None = None  # to this day; None: until somebody lifts it


class DueItem(NamedTuple):
    """One open instalment of a document billed to the customer, with what its document says."""

    id: int
    document_id: int
    document: str
    customer_id: int  # who ordered; contacts and site are looked up there
    site_id: int | None
    type: str
    document_date: date
    currency: str
    payment_method: str | None
    dunnable: bool | None  # None: no payment method
    no_auto_dunning: bool
    no_manual_dunning: bool
    no_dunning_temporary: bool
    recipients: str  # one address a line
    copies: str
    no: int
    due_date: date
    amount: int
    open: int
    level: int
    last_dunned_on: date | None
    stopped: bool | None  # its status stops dunning
    promised_on: date | None
    label: str
    ledger_open: int = 0  # what is open today, whatever the date asked about: tells whether anything was paid since
    no_auto_dunning_until: date | None = None  # the last day of the block; None: until somebody lifts it
    no_manual_dunning_until: date | None = None


class Remainder(NamedTuple):
    """What a payment has left after its allocations: a payment on account under its reference, due on its date."""

    id: int
    reference: str
    date: date
    currency: str
    open: int  # above zero where the customer has paid more than was allocated


class Contact(NamedTuple):
    """A person at a customer, with what he receives."""

    email: str  # the one that counts; may be empty
    sites: frozenset[int]
    left_on: date | None
    dunning: bool
    dunning_all_sites: bool
    invoices: bool
    invoices_all_sites: bool
    name: str = ""


class Site(NamedTuple):
    """An address of a customer."""

    id: int
    code: str
    email: str
    name: str = ""
    address: str = ""  # one line of the address a line
    postcode: str = ""
    city: str = ""
    country: str = ""


class Directory(NamedTuple):
    """Whom one customer names for its post: its sites, the first first, and its contacts."""

    sites: tuple[Site, ...] = ()
    contacts: tuple[Contact, ...] = ()


@dataclass(slots=True)
class Page:
    """One billed customer: what it owes at the date, what it has paid too much, and whom to write to."""

    customer: Customer
    items: list[DueItem]
    remainders: list[Remainder] = field(default_factory=list)
    directories: Mapping[int, Directory] = field(default_factory=dict)  # by customer id: the billed one's and the ordering ones'
    in_flight: frozenset[int] | set[int] = frozenset()  # due items that a queued, drafted or unsure notice claims

    def balances(self) -> dict[str, int]:
        """What the customer owes in each currency: open documents less what its payments have left."""
        totals: dict[str, int] = {}
        for item in self.items:
            totals[item.currency] = totals.get(item.currency, 0) + item.open
        for rest in self.remainders:
            totals[rest.currency] = totals.get(rest.currency, 0) - rest.open
        return totals
