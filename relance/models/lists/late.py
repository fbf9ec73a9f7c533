"""What does one invoice cost its customer by being late? Its due items and allocations, as the law's arithmetic takes them."""

from collections import defaultdict
from datetime import date

from relance.core.charges import Charges, Instalment, Movement, Terms, document_charges
from relance.core.rates import CustomerKind
from relance.models.company import Company
from relance.models.ledger import Allocation, Document, DueItem


def read_terms_of(document: Document, company: Company) -> Terms:
    """By which law and rate the document is charged: its own contractual rate, else the company's, else the statutory one."""
    rate = document.interest_rate if document.interest_rate is not None else company.interest_rate
    kind = document.billed_customer.kind if document.billed_customer else CustomerKind.BUSINESS
    return Terms(company.country, CustomerKind(kind), rate)


def read_instalments(document: Document) -> list[Instalment]:
    """The due items of a document, each with everything that was ever allocated to it."""
    movements: dict[int, list[Movement]] = defaultdict(list)
    allocations = Allocation.objects.filter(due_item__document=document).order_by("date", "id")
    for item_id, on, amount in allocations.values_list("due_item_id", "date", "amount"):
        movements[item_id].append(Movement(on, amount))
    items = DueItem.objects.filter(document=document).order_by("no").values_list("id", "due_date", "amount")
    return [Instalment(due_date, amount, movements[item_id]) for item_id, due_date, amount in items]


def read_charges(document: Document, company: Company, as_of: date) -> Charges:
    """Interest and indemnity of a document at a date (rules, section 11). Raises UnknownRate."""
    return document_charges(read_instalments(document), document.currency, as_of, read_terms_of(document, company))
