"""What does each list say as a file? Its columns under their heads, the same things that its page shows, one line for one thing.

Amounts in several currencies are several lines: a column is added up by whoever receives it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relance.core import money
from relance.core.facts import NA
from relance.models import Company, Customer, Document, DueItem, Event, Notice, PaymentMethod, Run, Status
from relance.models.arrears import address_of
from relance.models.finding import names_of
from relance.models.overview import Outcome, outcomes
from relance.models.owing import Figures, figures_of
from relance.models.picking import overdue_of
from relance.steps.foreseeing import Coming
from relance.telling.events import Line, told_events
from relance.telling.list_file import Amount, Cell, Column, by_chunks
from relance.telling.sentences import in_words
from relance.telling.why import reason_told
from relance.telling.words import (
    CHANNELS,
    LAUNCH_STATUSES,
    MAIL_STATUSES,
    MAILS,
    RECEIVED,
    ROLES,
    RUN_KINDS,
    RUN_STATUSES,
    STATUSES,
)

_NOTHING: Sequence[Any] = (None,)  # one line without an amount
_TYPES: dict[str, Any] = {"invoice": _("invoice"), "credit_note": _("credit note"), "payment_on_account": _("payment on account")}


def level_cell(level: int) -> Cell:
    """A level as a number, or NA."""
    return "NA" if level == NA else level


def _days_late(open_amount: int, due: date, on: date) -> Cell:
    return max(0, (on - due).days) if open_amount > 0 else None


def _label(one: Status | PaymentMethod | None) -> Cell:
    return (one.label or one.code) if one else None


# -- customers


class Owing(NamedTuple):
    """A customer with what it owes in one currency."""

    customer: Customer
    figures: Figures | None
    on: date


CUSTOMERS: list[Column] = [
    (_("Code"), lambda row: row.customer.code),
    (_("Name"), lambda row: row.customer.name),
    (_("Balance"), lambda row: row.figures and Amount(row.figures.balance, row.figures.currency)),
    (_("Overdue"), lambda row: row.figures and Amount(row.figures.overdue, row.figures.currency)),
    (_("Currency"), lambda row: row.figures and row.figures.currency),
    (_("Oldest due"), lambda row: row.figures and row.figures.oldest),
    (_("Days late"), lambda row: (row.on - row.figures.oldest).days if row.figures and row.figures.oldest else None),
    (_("Level"), lambda row: level_cell(row.customer.level)),
    (_("Last notice"), lambda row: row.customer.last_dunned_on),
    (_("Sales rep"), lambda row: (row.customer.sales_rep.name or row.customer.sales_rep.code) if row.customer.sales_rep else None),
    (_("Type"), lambda row: row.customer.type),
    (_("Dunning"), lambda row: row.customer.dunning_enabled),
    (_("On hold from"), lambda row: row.customer.held_from),
    (_("On hold until"), lambda row: row.customer.held_until),
    (_("Insolvency published on"), lambda row: row.customer.insolvent_on),
]


def owing(company: Company, customers: Iterable[Customer], on: date) -> Iterator[Owing]:
    """The customers with their figures, a line for each currency."""
    for chunk in by_chunks(customers):
        known = figures_of(company, [one.pk for one in chunk], on)
        for one in chunk:
            yield from (Owing(one, figures, on) for figures in known.get(one.pk) or _NOTHING)


TO_PICK: list[Column] = [
    (_("Code"), lambda row: row[0].code),
    (_("Customer"), lambda row: row[0].name),
    (_("Type"), lambda row: row[0].type),
    (_("Sales rep"), lambda row: row[0].sales_rep and row[0].sales_rep.name),
    (_("Last level"), lambda row: level_cell(row[0].level)),
    (_("Last dunned"), lambda row: row[0].last_dunned_on),
    (_("Overdue"), lambda row: row[1]),
    (_("Currency"), lambda row: row[1] and row[1].currency),
]


def late(company: Company, customers: Iterable[Customer], as_of: date) -> Iterator[tuple[Customer, Amount | None]]:
    """The customers with what they have overdue, a line for each currency."""
    for chunk in by_chunks(customers, 500):
        known = overdue_of(company, chunk, as_of)
        for one in chunk:
            sums = [Amount(total, currency) for currency, total in known.get(one.pk, {}).items()]
            yield from ((one, total) for total in sums or _NOTHING)


# -- due items


class Item(NamedTuple):
    """A due item with the day that says how late it is."""

    item: DueItem
    on: date
    reason: str = ""  # why it is not dunned

    @property
    def document(self) -> Document:
        """Its document."""
        return self.item.document

    @property
    def blocked(self) -> bool:
        """Whether dunning is blocked in any way."""
        return self.document.no_auto_dunning or self.document.no_manual_dunning or self.document.no_dunning_temporary


DUE_ITEMS: list[Column] = [
    (_("Document"), lambda row: row.document.number),
    (_("Kind"), lambda row: str(_TYPES[row.document.type])),
    (_("Customer’s code"), lambda row: row.item.billed_customer.code),
    (_("Customer"), lambda row: row.item.billed_customer.name),
    (_("Date"), lambda row: row.document.date),
    (_("Due on"), lambda row: row.item.due_date),
    (_("Days late"), lambda row: _days_late(row.item.open_amount, row.item.due_date, row.on)),
    (_("Amount"), lambda row: Amount(row.item.amount, row.document.currency)),
    (_("Open"), lambda row: Amount(row.item.open_amount, row.document.currency)),
    (_("Currency"), lambda row: row.document.currency),
    (_("Level"), lambda row: level_cell(row.item.level)),
    (_("Last dunned"), lambda row: row.item.last_dunned_on),
    (_("Status"), lambda row: _label(row.item.status)),
    (_("Blocked"), lambda row: row.blocked),
    (_("Promised for"), lambda row: row.item.promised_on),
    (_("Amount promised"), lambda row: row.item.promised_amount and Amount(row.item.promised_amount, row.document.currency)),
    (_("Payment expected on"), lambda row: row.item.expected_on),
    (
        _("Payment method"),
        lambda row: _label(row.document.payment_method),
    ),
    (_("Comment"), lambda row: row.item.comment),
]
ARREARS: list[Column] = [*DUE_ITEMS, (_("Why it is not dunned"), lambda row: row.reason)]

ON_ACCOUNT: list[Column] = [
    (_("Reference"), lambda row: row.reference),
    (_("Date"), lambda row: row.date),
    (_("Amount"), lambda row: Amount(row.amount, row.currency)),
    (_("To match"), lambda row: Amount(row.remaining_amount, row.currency)),
    (_("Currency"), lambda row: row.currency),
]


# -- runs and what they wrote


class Ran(NamedTuple):
    """A run with what came of it in one currency."""

    run: Run
    counts: Mapping[str, int]
    claimed: Amount | None


RUNS: list[Column] = [
    (_("No."), lambda row: row.run.number),
    (_("Kind"), lambda row: str(RUN_KINDS[row.run.kind])),
    (_("Of"), lambda row: row.run.as_of),
    (_("Started"), lambda row: row.run.started_at),
    (_("By"), lambda row: row.run.by),
    (_("Status"), lambda row: str(RUN_STATUSES[row.run.status][0])),
    (_("Notices"), lambda row: sum(row.counts.values())),
    (_("sent"), lambda row: row.counts.get("sent", 0)),
    (_("printed"), lambda row: row.counts.get("printed", 0)),
    (_("failed"), lambda row: row.counts.get("failed", 0)),
    (_("Claimed"), lambda row: row.claimed),
    (_("Currency"), lambda row: row.claimed and row.claimed.currency),
]


def ran(runs: Iterable[Run]) -> Iterator[Ran]:
    """The runs with their outcomes, a line for each currency."""
    for chunk in by_chunks(runs, 100):
        known = outcomes(chunk)
        for one in chunk:
            outcome = known.get(one.pk, Outcome({}, {}))
            sums = [Amount(total, currency) for currency, total in outcome.claimed.items()]
            yield from (Ran(one, outcome.counts, claimed) for claimed in sums or _NOTHING)


class Written(NamedTuple):
    """A notice with what it claims in one currency."""

    notice: Notice
    claimed: Amount | None


NOTICES: list[Column] = [
    (_("No."), lambda row: row.notice.number),
    (_("Run"), lambda row: row.notice.run.number),
    (_("Date"), lambda row: row.notice.run.as_of),
    (_("Customer’s code"), lambda row: row.notice.recipient.get("code")),
    (_("Customer"), lambda row: row.notice.recipient.get("name")),
    (_("Level"), lambda row: level_cell(row.notice.level)),
    (_("Channel"), lambda row: str(CHANNELS[row.notice.channel])),
    (_("Goes to"), lambda row: row.notice.to.replace("\n", ", ")),
    (_("Address"), lambda row: ", ".join(row.notice.recipient.get("address") or ())),
    (_("Claimed"), lambda row: row.claimed),
    (_("Currency"), lambda row: row.claimed and row.claimed.currency),
    (_("Status"), lambda row: str(STATUSES[row.notice.status][0])),
    (_("Issued"), lambda row: row.notice.issued_at),
    (_("outcome"), lambda row: in_words(row.notice.outcome)),
]


def written(notices: Iterable[Notice]) -> Iterator[Written]:
    """The notices with what they claim, a line for each currency."""
    for one in notices:
        sums = [Amount(total, currency) for currency, total in one.totals.items()]
        yield from (Written(one, claimed) for claimed in sums or _NOTHING)


class Proposed(NamedTuple):
    """One document on a notice that would be sent, as a run answers it."""

    notice: Mapping[str, Any]
    line: Mapping[str, Any]
    name: str


PROPOSED: list[Column] = [
    (_("Customer’s code"), lambda row: row.notice["customer"]),
    (_("Customer"), lambda row: row.name),
    (_("Level"), lambda row: row.notice["level"]),
    (_("Channel"), lambda row: str(CHANNELS[row.notice["channel"]])),
    (_("Goes to"), lambda row: ", ".join(row.notice["to"])),
    (_("Subject"), lambda row: row.notice["subject"]),
    (_("Document"), lambda row: row.line["document"]),
    (_("Due on"), lambda row: date.fromisoformat(row.line["due_date"])),
    (_("Days late"), lambda row: row.line["days_overdue"]),
    (_("Open"), lambda row: Amount(money.parse(row.line["open"], row.line["currency"]), row.line["currency"])),
    (_("Currency"), lambda row: row.line["currency"]),
]


def proposed(company: Company, notices: Iterable[Mapping[str, Any]]) -> Iterator[Proposed]:
    """The notices of a proposal, a line for each document."""
    for chunk in by_chunks(notices):
        names = names_of(company, {one["customer"] for one in chunk})
        yield from (Proposed(one, line, names.get(one["customer"], "")) for one in chunk for line in one["lines"])


CONTACTS: list[Column] = [
    (_("Name"), lambda row: row.name),
    (_("E-mail address"), address_of),
    (_("Roles"), lambda row: ", ".join(str(said) for role, said in ROLES.items() if getattr(row, f"is_{role}"))),
    (_("Receives"), lambda row: ", ".join(str(said) for what, said in RECEIVED.items() if getattr(row, f"receives_{what}"))),
    (_("Left on"), lambda row: row.left_on),
]

LEFT_OUT: list[Column] = [
    (_("Customer"), lambda row: row.customer),
    (_("Document"), lambda row: row.document),
    (_("Due on"), lambda row: date.fromisoformat(row.due_date)),
    (_("Reason"), lambda row: reason_told(row.reason)),
]


MAIL: list[Column] = [
    (_("No."), lambda row: row.number),
    (_("When"), lambda row: row.at),
    (_("Who"), lambda row: row.by),
    (_("To whom"), lambda row: str(MAILS[row.kind])),
    (pgettext_lazy("recipient", "To"), lambda row: row.to.replace("\n", ", ")),
    (_("Subject"), lambda row: row.subject),
    (_("Documents"), lambda row: row.documents.replace("\n", ", ")),
    (_("Status"), lambda row: str(MAIL_STATUSES[row.status][0])),
    (_("outcome"), lambda row: row.outcome),
]


# -- what comes, what came


COMING: list[Column] = [
    (_("Date"), lambda row: row[0].on),
    (_("Customer’s code"), lambda row: row[0].customer),
    (_("Customer"), lambda row: row[0].name),
    (_("Level"), lambda row: row[0].level),
    (_("Channel"), lambda row: str(CHANNELS[row[0].channel])),
    (_("Due items"), lambda row: row[0].lines),
    (_("Amount"), lambda row: row[1]),
    (_("Currency"), lambda row: row[1].currency),
]


def coming(notices: Iterable[Coming]) -> Iterator[tuple[Coming, Amount]]:
    """The notices to come, a line for each currency."""
    return ((one, Amount(total, currency)) for one in notices for currency, total in one.totals.items())


BATCHES: list[Column] = [
    (_("Code"), lambda row: row[0].code),
    (_("Label"), lambda row: row[0].label),
    (_("Paused"), lambda row: row[0].paused),
    (_("Next"), lambda row: row[0].next_at),
    (_("Last launch"), lambda row: row[1] and row[1].started_at),
    (_("Status"), lambda row: row[1] and str(LAUNCH_STATUSES[row[1].status][0])),
]
LAUNCHES: list[Column] = [
    (_("Started"), lambda row: row.started_at),
    (_("Ended"), lambda row: row.ended_at),
    (_("By"), lambda row: row.by),
    (_("Status"), lambda row: str(LAUNCH_STATUSES[row.status][0])),
    (_("Notices"), lambda row: sum(sum(one.get("notices", {}).values()) for one in row.results)),
    (_("Log"), lambda row: row.log),
]
IMPORTS: list[Column] = [
    (_("When"), lambda row: row[0].at),
    (_("File"), lambda row: row[0].filename),
    (_("Kind"), lambda row: row[1]),
    (_("By"), lambda row: row[0].by),
    (_("What"), lambda row: row[2] and str(row[2].noun)),
    (pgettext_lazy("things", "New"), lambda row: row[2] and row[2].created),
    (pgettext_lazy("things", "Changed"), lambda row: row[2] and row[2].changed),
    (_("Gone from the file"), lambda row: row[2] and row[2].gone),
    (pgettext_lazy("things", "Unchanged"), lambda row: row[2] and row[2].same),
    ("SHA-256", lambda row: row[0].sha256),
]

EVENTS: list[Column] = [
    (_("When"), lambda row: row.at),
    (_("Who"), lambda row: row.by),
    (_("What"), lambda row: row.what),
    (_("Document"), lambda row: row.about),
    (_("Details"), lambda row: row.told),
]


def told(events: Iterable[Event]) -> Iterator[Line]:
    """Events as lines, few of them in memory at a time."""
    for chunk in by_chunks(events):
        yield from told_events(chunk)
