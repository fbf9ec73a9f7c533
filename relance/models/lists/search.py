"""What does somebody mean by a few letters? A customer, a document, a payment or an amount; the likeliest first."""

from typing import Any

from django.db.models import Q, QuerySet

from relance.core import money
from relance.core.names import collation_key
from relance.models.company import Company
from relance.models.ledger import Document, DueItem, Payment
from relance.models.parties import Customer

MOST = 8  # of each kind


def customer_like(text: str) -> Q:
    """A customer whose code begins so, or whose name has a word that does."""
    key = collation_key(text)
    named = Q(sort_name__startswith=key) | Q(sort_name__contains=f" {key}") if key else Q()
    return Q(code__istartswith=text) | named


def customers_like(company: Company, text: str) -> QuerySet[Customer]:
    """Customers meant by a few letters, by name."""
    return Customer.objects.filter(customer_like(text), company=company).order_by("sort_name", "code")[:MOST]


def documents_like(company: Company, text: str) -> list[Document]:
    """Customers' documents whose number begins or ends so, the newest first.

    They are found first and read then: where all begin with two letters, SQLite would sort whole rows, and take ten times as long.
    """
    like = Q(number__istartswith=text) | Q(number__iendswith=text)
    every = Document.objects.filter(like, company=company, customer__isnull=False).order_by("-date", "-id")
    found = list(every.values_list("pk", flat=True)[:MOST])
    read = Document.objects.select_related("customer").in_bulk(found)
    return [read[pk] for pk in found]


def amounts_like(company: Company, text: str) -> list[DueItem]:
    """Open due items of this very amount, or with so much left."""
    try:
        minor = money.parse(text.replace(" ", "").replace("\u202f", "").replace(",", "."), company.currency)
    except ValueError:
        return []
    items = DueItem.objects.filter(
        Q(open_amount=minor) | Q(amount=minor), ~Q(open_amount=0), company=company, billed_customer__isnull=False
    )
    return list(items.select_related("document__customer").order_by("due_date")[:MOST])


def payments_like(company: Company, text: str) -> QuerySet[Payment]:
    """Customers' payments whose reference begins so."""
    found = Payment.objects.filter(company=company, customer__isnull=False, reference__istartswith=text)
    return found.select_related("customer").order_by("-date", "-id")[:MOST]


def everything_like(company: Company, text: str) -> dict[str, Any]:
    """What there is of each kind; nothing for less than two letters."""
    text = text.strip()[:80]
    if len(text) < len("ab"):
        return {}
    return {
        "customers": list(customers_like(company, text)),
        "documents": documents_like(company, text),
        "amounts": amounts_like(company, text),
        "payments": list(payments_like(company, text)),
    }
