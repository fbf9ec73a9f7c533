"""How do the tables become the documents and payments of the dossier?"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any, NamedTuple

from relance.core.money import show
from relance.demo import ledger
from relance.demo.company import OPTIONS
from relance.demo.contacts import address
from relance.demo.customers import BY_CODE, CURRENCIES, EXPORT, KEY_ACCOUNT
from relance.demo.past import Paid, issued_ago, paid_invoices, stray

FIRST_NUMBER = 2001
PAYMENT_DELAY = timedelta(days=OPTIONS["expected_payment_delay_days"])
_MANAGERS = {EXPORT: "WAL", KEY_ACCOUNT: "PER"}
_WINES = (
    "Saumur-Champigny",
    "Saumur blanc",
    "Crémant de Loire brut",
    "Chinon vieilles vignes",
    "Bourgueil",
    "Vouvray demi-sec",
    "Muscadet sur lie",
    "Coteaux du Layon",
    "Anjou-Villages",
    "Savennières",
    "Sancerre",
    "Menetou-Salon",
)


class Part(NamedTuple):
    """One due item: days late today (negative: not yet due), amount, level, and how many days ago it was dunned."""

    late: int
    amount: str
    level: int | str = 0
    dunned: int | None = None


class Invoice(NamedTuple):
    """An invoice before it is dated: all its days are counted back from today. Those of the past have no number of their own."""

    number: str
    customer: str
    issued: int
    parts: tuple[Part, ...]
    paid_late: int | None = None


def documents(today: date) -> list[dict[str, Any]]:
    """Invoices in the order of their dates, then credit notes and payments on account."""
    return [_invoice(invoice, today) for invoice in _numbered()] + [_credit(today, *cells) for cells in ledger.CREDITS]


def payments(today: date) -> list[dict[str, Any]]:
    """One payment for each invoice of the past, then those of the ledger's table."""
    settled = (invoice for invoice in _numbered() if invoice.paid_late is not None)
    return [_settlement(invoice, today) for invoice in settled] + [_payment(today, *cells) for cells in ledger.PAYMENTS]


def working_day(day: date) -> date:
    """The day itself or the Friday before: nobody invoices or pays on a week-end."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _numbered() -> list[Invoice]:
    """All invoices, oldest first; those of the past take the numbers that the ledger's leave free."""
    invoices = sorted((*_told(), *map(_past, paid_invoices())), key=lambda invoice: (-invoice.issued, invoice.customer))
    taken = {invoice.number for invoice in invoices}
    free = (number for number in map("FA-{}".format, count(FIRST_NUMBER)) if number not in taken)
    return [invoice if invoice.number else invoice._replace(number=next(free)) for invoice in invoices]


def _told() -> Iterator[Invoice]:
    """The invoices of the ledger's tables."""
    for number, customer, *cells in ledger.INVOICES:
        part = _part(*cells)
        yield Invoice(number, customer, issued_ago(part.late, customer), (part,))
    for (number, customer, issued), table in ledger.INSTALMENTS.items():
        yield Invoice(number, customer, issued, tuple(_part(*cells) for cells in table))


def _part(late: str, amount: str, level: str, dunned: str) -> Part:
    return Part(int(late), amount, level if level == "NA" else int(level), int(dunned) if dunned else None)


def _past(paid: Paid) -> Invoice:
    late = paid.issued - BY_CODE[paid.customer].terms
    amount = show(paid.amount, _currency(paid.customer))
    return Invoice("", paid.customer, paid.issued, (Part(late, amount, paid.level, paid.dunned),), paid.late)


def _invoice(invoice: Invoice, today: date) -> dict[str, Any]:
    customer = BY_CODE[invoice.customer]
    number = invoice.number
    return {
        "number": number,
        "type": "invoice",
        "customer": customer.code,
        "billed_customer": ledger.BILLED_TO.get(number, customer.code),
        "site": ledger.SITES.get(number, "S1"),
        "date": str(working_day(today - timedelta(days=invoice.issued))),
        "label": _label(number),
        "currency": ledger.CURRENCIES.get(number, _currency(customer.code)),
        "payment_method": ledger.METHODS.get(number, customer.payment_method),
        "manager": ledger.MANAGERS.get(number, _MANAGERS.get(customer.type, "GUI")),
        "recipients": [address(customer.code, mailbox) for mailbox in ledger.RECIPIENTS.get(number, ())],
        "copies": list(ledger.COPIES.get(number, ())),
        **_blocks(number),
        "due": [_due(number, no, part, today) for no, part in enumerate(invoice.parts, start=1)],
    }


def _currency(customer: str) -> str:
    return CURRENCIES.get(customer, "EUR")


def _label(number: str) -> str:
    return f"{6 * stray(f'{number} bottles', 4, 60)} bouteilles, {_WINES[stray(number, 0, len(_WINES) - 1)]}"


def _blocks(number: str) -> dict[str, Any]:
    blocks = {"block_comment": "", "no_auto_dunning": False, "no_manual_dunning": False, "no_dunning_temporary": False}
    for blocked, box, comment in ledger.BLOCKS:
        if blocked == number:
            blocks |= {box: True, "block_comment": comment}
    return blocks


def _due(number: str, no: int, part: Part, today: date) -> dict[str, Any]:
    dunned_on = None if part.dunned is None else today - timedelta(days=part.dunned)
    return {
        "no": no,
        "due_date": str(today - timedelta(days=part.late)),
        "amount": part.amount,
        "level": part.level,
        "last_dunned_on": dunned_on and str(dunned_on),
        "status": None,
        "comment": _dunned_comment(part.level, dunned_on),
        "expected_on": dunned_on and str(dunned_on + PAYMENT_DELAY),
        "promised_on": None,
        **_follow_up(number, today),
    }


def _dunned_comment(level: int | str, dunned_on: date | None) -> str:
    how = "Relancé par courrier le" if level == 3 else "Relancé automatiquement par mail le"
    return f"{how} {dunned_on:%d/%m/%Y}" if dunned_on else ""


def _follow_up(number: str, today: date) -> dict[str, Any]:
    """Status, promise and comment that people gave to an invoice."""
    told: dict[str, Any] = {}
    for about, comment in ledger.COMMENTS:
        told |= {"comment": comment} if about == number else {}
    for about, status, comment in ledger.STATUSES:
        told |= {"status": status, "comment": comment} if about == number else {}
    for about, days, comment in ledger.PROMISES:
        promised_on = str(today + timedelta(days=int(days)))
        told |= {"promised_on": promised_on, "expected_on": promised_on, "comment": comment} if about == number else {}
    return told


def _credit(today: date, number: str, kind: str, customer: str, issued: str, amount: str, label: str) -> dict[str, Any]:
    issued_on = str(working_day(today - timedelta(days=int(issued))))
    return {
        "number": number,
        "type": kind,
        "customer": customer,
        "date": issued_on,
        "label": label,
        "currency": "EUR",
        "due": [{"no": 1, "due_date": issued_on, "amount": amount}],
    }


def _settlement(invoice: Invoice, today: date) -> dict[str, Any]:
    """The one payment that settled an invoice of the past."""
    part, customer = invoice.parts[0], BY_CODE[invoice.customer]
    ago = part.late - (invoice.paid_late or 0)
    reference = invoice.number.replace("FA", customer.payment_method)
    return _payment(today, reference, "payment", customer.code, str(ago), part.amount, f"{invoice.number}={part.amount}")


def _payment(today: date, reference: str, kind: str, customer: str, ago: str, amount: str, allocations: str) -> dict[str, Any]:
    paid_on = str(working_day(today - timedelta(days=int(ago))))
    return {
        "reference": reference,
        "kind": kind,
        "customer": customer,
        "date": paid_on,
        "amount": amount,
        "currency": _currency(customer),
        "allocations": [_allocation(text, paid_on) for text in allocations.split()],
    }


def _allocation(text: str, paid_on: str) -> dict[str, Any]:
    place, amount = text.split("=")
    document, _, no = place.partition("/")
    return {"document": document, "no": int(no or 1), "date": paid_on, "amount": amount}
