"""What do customers, what they owe and what they paid say as files? The columns of each list under their heads, one line for one thing.

Amounts in several currencies are several lines: a column is added up by whoever receives it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relance.core import money
from relance.core.facts import NA
from relance.models import Company, Customer, Document, DueItem, Match, PaymentMethod, Status, Supplier
from relance.models.lists.arrears import address_of, open_items
from relance.models.lists.owing import Figures, figures_of
from relance.models.lists.picking import overdue_of
from relance.steps.explaining import outlooks
from relance.telling.list_file import Amount, Cell, Column, by_chunks
from relance.telling.why import held_back_told
from relance.telling.words import HOW_MATCHED, PAYMENT_KINDS, PROMISES, RECEIVED, ROLES, TYPES

_NOTHING: Sequence[Any] = (None,)  # one line without an amount


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


COMPANIES: list[Column] = [(_("Code"), lambda row: row.code), (_("Name"), lambda row: row.name)]
CUSTOMER_TYPES: list[Column] = [
    (_("Type"), lambda row: row.code),
    (_("Label"), lambda row: row.label),
    (_("Customers"), lambda row: row.customers),
]
SEARCHES: list[Column] = [
    (_("Name of the search"), lambda row: row.name),
    (_("Criteria"), lambda row: row.query),
    (_("By"), lambda row: str(row.user)),
    (_("Shared with colleagues"), lambda row: str(_("yes") if row.is_shared else _("no"))),
]
SUPPLIERS: list[Column] = [(_("Code"), lambda row: row.code), (_("Name"), lambda row: row.name)]

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
    def partner(self) -> Customer | Supplier:
        """Who owes it; of a supplier's document, to whom it is owed."""
        found = self.item.billed_customer or self.document.supplier
        assert found is not None, "a document is a customer's or a supplier's"
        return found

    @property
    def blocked(self) -> bool:
        """Whether dunning is blocked in any way."""
        return self.document.no_auto_dunning or self.document.no_manual_dunning or self.document.no_dunning_temporary


DUE_ITEMS: list[Column] = [
    (_("Document"), lambda row: row.document.number),
    (_("Kind"), lambda row: str(TYPES[row.document.type])),
    (_("Customer’s code"), lambda row: row.partner.code),
    (_("Customer"), lambda row: row.partner.name),
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


def held_back(customer: Customer, on: date) -> Iterator[Item]:
    """What a customer has open, each with the reason why the automatic run of a day does not dun it."""
    known = outlooks(customer, on)
    return (Item(one, on, held_back_told(known[one.pk]) if one.pk in known else "") for one in open_items(customer))


ON_ACCOUNT: list[Column] = [
    (_("Reference"), lambda row: row.reference),
    (_("Date"), lambda row: row.date),
    (_("Amount"), lambda row: Amount(row.amount, row.currency)),
    (_("To match"), lambda row: Amount(row.remaining_amount, row.currency)),
    (_("Currency"), lambda row: row.currency),
]

PROMISED: list[Column] = [
    (_("Customer’s code"), lambda row: row["customer"]),
    (_("Customer"), lambda row: row["name"]),
    (_("Document"), lambda row: row["document"]),
    (_("Due on"), lambda row: date.fromisoformat(row["due_date"])),
    (_("Open"), lambda row: _amount(row["open"], row["currency"])),
    (_("Currency"), lambda row: row["currency"]),
    (_("Promised for"), lambda row: date.fromisoformat(row["promised_on"])),
    (_("Amount promised"), lambda row: _amount(row["promised_amount"], row["currency"])),
    (_("Promise made on"), lambda row: row["made_on"] and date.fromisoformat(row["made_on"])),
    (_("What became of it"), lambda row: str(PROMISES[row["standing"]])),
]


def _amount(text: str | None, currency: str) -> Amount | None:
    """An amount as answers write it."""
    return None if text is None else Amount(money.parse(text, currency), currency)


# -- payments


PAYMENTS: list[Column] = [
    (_("Reference"), lambda row: row.reference),
    (_("Kind"), lambda row: str(PAYMENT_KINDS[row.kind])),
    (_("Customer’s code"), lambda row: (row.customer or row.supplier).code),
    (_("Customer"), lambda row: (row.customer or row.supplier).name),
    (_("Date"), lambda row: row.date),
    (_("Amount"), lambda row: Amount(row.amount, row.currency)),
    (_("To match"), lambda row: Amount(row.remaining_amount, row.currency)),
    (_("Currency"), lambda row: row.currency),
    (_("Documents"), lambda row: ", ".join(dict.fromkeys(one.due_item.document.number for one in row.allocations.all()))),
]


WAITING: list[Column] = [
    (pgettext_lazy("of money", "Key"), lambda row: row.key),
    (_("Date"), lambda row: row.on),
    (_("Payer"), lambda row: row.called),
    (_("Reference"), lambda row: row.says),
    (_("Amount"), lambda row: Amount(row.amount, row.currency)),
    (_("Currency"), lambda row: row.currency),
    (_("Customer’s code"), lambda row: row.payment and row.payment.customer.code),
]


ASIDE: list[Column] = [
    *WAITING[:2],
    (_("Account"), lambda row: row.entry.account.code),
    *WAITING[2:-1],
    (_("Set aside on"), lambda row: row.entry.aside_on),
    (_("By"), lambda row: row.entry.aside_by),
    (_("Reason"), lambda row: row.entry.aside_reason),
]


def _documents_of(one: Match) -> str:
    return ", ".join(dict.fromkeys(part[1] for part in one.parts))


MATCHED: list[Column] = [
    (_("No."), lambda row: row.number),
    (_("When"), lambda row: row.at),
    (_("Payment"), lambda row: row.payment.reference),
    (_("Payer"), lambda row: row.entry and row.entry.payer),
    (_("Customer’s code"), lambda row: row.payment.customer and row.payment.customer.code),
    (_("Customer"), lambda row: row.payment.customer and row.payment.customer.name),
    (_("Amount"), lambda row: Amount(row.payment.amount, row.payment.currency)),
    (_("Currency"), lambda row: row.payment.currency),
    (_("Documents"), _documents_of),
    (_("How"), lambda row: str(HOW_MATCHED[row.how])),
    (_("By"), lambda row: row.by),
]


# -- contacts

CONTACTS: list[Column] = [
    (_("Name"), lambda row: row.name),
    (_("E-mail address"), address_of),
    (_("Roles"), lambda row: ", ".join(str(said) for role, said in ROLES.items() if getattr(row, f"is_{role}"))),
    (_("Receives"), lambda row: ", ".join(str(said) for what, said in RECEIVED.items() if getattr(row, f"receives_{what}"))),
    (_("Left on"), lambda row: row.left_on),
]
