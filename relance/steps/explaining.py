"""Why is a document dunned, or not, and when will it be? (contract, "explain")"""

from datetime import date
from typing import Any

from relance.core import money
from relance.core.facts import DueItem as Item
from relance.core.facts import Mode, Page
from relance.core.forecast import look_ahead
from relance.core.grouping import Claim
from relance.core.reasons import Reason
from relance.core.selection import Terms
from relance.models.book import load_book
from relance.models.company import Company
from relance.models.frozen import shown_level
from relance.models.ledger import Document, DueItem
from relance.models.rules import read_terms
from relance.steps import Refused

Json = dict[str, Any]


def explain(company: Company, document: Document, as_of: date) -> Json:
    """What the automatic run of a date decides on each due item of a customer's document, and when it is dunned next.

    Raises Refused for a document dated later, which is not there on that date, and where no levels are set up.
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
        due.append(said | (_decided(item, page, terms) if item and page else _settled(document.currency)))
    return {"document": document.number, "customer": document.customer.code if document.customer else None, "due": due}


def _decided(item: Item, page: Page, terms: Terms) -> Json:
    outlook = look_ahead(item, page, terms)
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
