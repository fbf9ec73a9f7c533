"""Why is a document dunned, or not, when will it be, and who would be written to? (contract, "explain")"""

from collections.abc import Callable
from datetime import date
from typing import Any

from relance.core import money
from relance.core.facts import DueItem as Item
from relance.core.facts import Mode
from relance.core.forecast import Outlook, look_ahead
from relance.core.grouping import Claim, copies_of
from relance.core.reasoning import Asked, path
from relance.core.reasons import Reason
from relance.core.recipients import each_step
from relance.models.book import load_book
from relance.models.company import Company
from relance.models.ledger import Document, DueItem
from relance.models.lists.arrears import address_of
from relance.models.outgoing.frozen import shown_level
from relance.models.parties import Contact, Customer
from relance.models.reports import marked
from relance.models.rules import read_terms
from relance.steps import Refused

Json = dict[str, Any]
Tell = Callable[[list[Asked], Claim | Reason], list[Json]]


def explain(company: Company, document: Document, as_of: date, tell: Tell | None = None) -> Json:
    """What the automatic run of a date decides on each due item of a customer's document, and when it is dunned next.

    ``tell`` gives the ``path``, the questions that were asked of an open due item, as the caller's readers are told it. Raises Refused
    for a document dated later, which is not there on that date, and where no levels are set up.
    """
    if document.date > as_of:
        raise Refused(f"document {document.number} is dated {document.date}, after {as_of}")
    terms = read_terms(company, as_of, Mode.AUTOMATIC)
    if not terms.policy.rows:
        raise Refused(f"{company.code} has no levels set up: nobody can be dunned before there is a policy")
    assert document.billed_customer_id is not None
    page = next(load_book(company, as_of, customers=[document.billed_customer_id]), None)
    open_items = {item.id: item for item in page.items} if page else {}
    due = []
    for stored in DueItem.objects.filter(document=document).order_by("no"):
        said = {"no": stored.no, "due_date": stored.due_date.isoformat(), "level": shown_level(stored.level)}
        item = open_items.get(stored.pk)
        if item and page:
            outlook = look_ahead(item, page, terms)
            told = {"path": tell(path(item, page, terms, outlook.decision), outlook.decision)} if tell else {}
            due.append(said | _decided(item, outlook) | told)
        else:
            due.append(said | _settled(document.currency) | ({"path": []} if tell else {}))
    return {"document": document.number, "customer": document.customer.code if document.customer else None, "due": due}


def outlooks(customer: Customer, on: date) -> dict[int, Outlook]:
    """By open due item of a customer (identifier), what the automatic run of a day decides, and what comes next; none without levels."""
    terms = read_terms(customer.company, on, Mode.AUTOMATIC)
    page = next(load_book(customer.company, on, customers=[customer.pk]), None)
    return {item.id: look_ahead(item, page, terms) for item in page.items} if page and terms.policy.rows else {}


def explain_recipients(company: Company, document: Document, as_of: date) -> Json:
    """Who would get an e-mail about a document on a date, and by which of the four steps (rules, section 5; register K71 to K80).

    ``step`` is null where nobody is found; every step tells whom it finds, by address and, where a contact has it, by name; ``returned``
    are those that mail came back from. Raises Refused where the document has nothing open.
    """
    assert document.billed_customer_id is not None
    page = next(load_book(company, as_of, customers=[document.billed_customer_id]), None)
    item = next((item for item in page.items if item.document_id == document.pk), None) if page else None
    if page is None or item is None:
        raise Refused(f"{document.number} has nothing open on {as_of}: nobody is written to")
    found = each_step(item, page, as_of, contacts_of_billed=company.contacts_of_billed_customer)
    names = _names({document.customer_id, document.billed_customer_id})
    steps = [
        {"step": number, "by": by, "to": [{"address": address, "name": names.get(address.lower())} for address in addresses]}
        for number, (by, addresses) in enumerate(zip(_STEPS, found, strict=True), 1)
    ]
    counting = next((step for step in steps if step["to"]), None)
    back = marked(company, (address for addresses in found for address in addresses))
    return {
        "document": document.number,
        "step": counting["step"] if counting else None,
        "to": counting["to"] if counting else [],
        "cc": list(copies_of(item, ())),
        "steps": steps,
        "returned": [{"address": address, "at": report.at.isoformat(), "said": report.said} for address, report in sorted(back.items())],
    }


_STEPS = ("dunning_contacts", "document_recipients", "invoice_contacts", "site_address")


def _names(customers: set[int | None]) -> dict[str, str]:
    """Who has an address, among the contacts of some customers; a contact's own address counts as he is written to."""
    contacts = Contact.objects.filter(customer__in=customers).order_by("-position", "-id")
    return {address_of(contact).lower(): contact.name for contact in contacts}


def _decided(item: Item, outlook: Outlook) -> Json:
    claimed = outlook.decision if isinstance(outlook.decision, Claim) else None
    return {
        "open": money.show(item.open, item.currency),
        "decision": "dun" if claimed else "leave_out",
        "level_after": claimed.level if claimed else None,
        "reason": None if claimed else str(outlook.decision),
        "next": {"date": outlook.next[0].isoformat(), "level": outlook.next[1]} if outlook.next else None,
    }


def _settled(currency: str) -> Json:
    return {"open": money.show(0, currency), "decision": "leave_out", "level_after": None, "reason": str(Reason.SETTLED), "next": None}
