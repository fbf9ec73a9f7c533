"""What does the follow-up of one customer show: whom to call, what is open, what was said and done? (Register K22 to K36.)"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet

from relance.core import money
from relance.core.days import claim_deadline
from relance.models.company import Company, Status
from relance.models.ledger import DueItem, Payment
from relance.models.lists.chronicle import SubjectOf, history
from relance.models.lists.promises import standings
from relance.models.mails import Mail, told
from relance.models.outgoing.frozen import shown_level
from relance.models.parties import ROLES, Contact, Customer


def arrears(company: Company, customer: Customer, on: date, subject_of: SubjectOf) -> Iterator[tuple[str, Any]]:
    """The answer of ``relance arrears`` on a day, key by key; the history comes last."""
    yield "customer", _customer(customer)
    yield "contacts", [_contact(contact) for contact in shown_contacts(customer, on)]
    yield "due", [*_open_items(company, customer, on), *_remainders(customer, on)]
    yield "mails", [told(mail) for mail in Mail.objects.filter(company=company, customer=customer).order_by("-number")]
    yield "statuses", list(Status.objects.filter(company=company).order_by("code").values("code", "label", "stops_dunning"))
    yield "history", {key: list(entries) for key, entries in history(company, subject_of, customer)}


def shown_contacts(customer: Customer, on: date) -> list[Contact]:
    """Contacts flagged decision maker, main or financial who have not left (register K25)."""
    return [contact for contact in customer.contacts.all() if _roles(contact) and (contact.left_on is None or contact.left_on >= on)]


def address_of(contact: Contact) -> str:
    """The e-mail address that counts: the one at the customer, else that of the person (register K26, K27)."""
    return contact.email_at_customer or contact.email_identity


def _customer(customer: Customer) -> dict[str, Any]:
    return {
        "code": customer.code,
        "name": customer.name,
        "level": shown_level(customer.level),
        "last_dunned_on": _plain(customer.last_dunned_on),
        "dunning_enabled": customer.dunning_enabled,
        "manual_dunning": customer.manual_dunning,
        "auto_dunning": customer.auto_dunning,
        "held_from": _plain(customer.held_from),
        "held_until": _plain(customer.held_until),
        "hold_reason": customer.hold_reason,
        "hold_comment": customer.hold_comment,
        "insolvent_on": _plain(customer.insolvent_on),
        "declare_by": _plain(claim_deadline(customer.insolvent_on) if customer.insolvent_on else None),
    }


def _contact(contact: Contact) -> dict[str, Any]:
    return {"name": contact.name, "email": address_of(contact), "roles": _roles(contact)}


def _roles(contact: Contact) -> list[str]:
    return [role for role in ROLES if getattr(contact, f"is_{role}")]


def open_items(customer: Customer) -> list[DueItem]:
    """What a customer has open, credits among it: the oldest first, each with its document, its manager and its status."""
    found = DueItem.objects.filter(company=customer.company_id, billed_customer=customer).exclude(open_amount=0)
    return list(found.select_related("document__manager", "status").order_by("due_date", "document__number", "no"))


def remainders(customer: Customer) -> QuerySet[Payment]:
    """Payments of a customer that allocations have not used up, the oldest first."""
    return Payment.objects.filter(company=customer.company_id, customer=customer).exclude(remaining_amount=0).order_by("date", "reference")


def _open_items(company: Company, customer: Customer, on: date) -> Iterator[dict[str, Any]]:
    items = open_items(customer)
    judged = standings(items, company, on)
    for item in items:
        yield told_item(item, on) | {
            "promise": judged.get(item.pk),
            "manager": item.document.manager.code if item.document.manager else None,
        }


def told_item(item: DueItem, on: date) -> dict[str, Any]:
    """A due item with its document, and how late it is on a day."""
    document, promised = item.document, item.promised_amount
    return {
        "document": document.number,
        "type": document.type,
        "no": item.no,
        "date": document.date.isoformat(),
        "due_date": item.due_date.isoformat(),
        "days_overdue": (on - item.due_date).days,
        "amount": money.show(item.amount, document.currency),
        "open": money.show(item.open_amount, document.currency),
        "currency": document.currency,
        "level": shown_level(item.level),
        "last_dunned_on": _plain(item.last_dunned_on),
        "status": item.status.code if item.status else None,
        "comment": item.comment,
        "expected_on": _plain(item.expected_on),
        "promised_on": _plain(item.promised_on),
        "promised_amount": None if promised is None else money.show(promised, document.currency),
    }


def _remainders(customer: Customer, on: date) -> Iterator[dict[str, Any]]:
    """What payments have left, as payments on account under their reference, due on their date (rules, section 2)."""
    for payment in remainders(customer):
        yield {
            "document": payment.reference,
            "type": "payment_on_account",
            "no": None,
            "date": payment.date.isoformat(),
            "due_date": payment.date.isoformat(),
            "days_overdue": (on - payment.date).days,
            "amount": money.show(-payment.amount, payment.currency),
            "open": money.show(-payment.remaining_amount, payment.currency),
            "currency": payment.currency,
        }


def _plain(day: date | None) -> str | None:
    return day.isoformat() if day else None
