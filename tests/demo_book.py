"""What do the tests ask the demo company's dossier? What its customers owe, and what has been paid of it."""

from collections import Counter
from datetime import date
from functools import lru_cache
from typing import Any

from relance.core import money
from relance.demo import demo_dossier

Json = dict[str, Any]
TODAY = date(2026, 11, 22)


@lru_cache(maxsize=64)
def dossier(today: date) -> Json:
    """The dossier of a day, made once; nobody may change it."""
    return demo_dossier(today)


def sales(book: Json) -> list[Json]:
    """What was sold: the documents of customers."""
    return [document for document in book["documents"] if "customer" in document]


def allocated(book: Json) -> Counter[tuple[str, str, int]]:
    """Minor units set against each due item, by billed customer, document and part."""
    sums: Counter[tuple[str, str, int]] = Counter()
    for payment in book["payments"]:
        for part in payment["allocations"]:
            sums[payment["customer"], part["document"], part["no"]] += money.parse(part["amount"], payment["currency"])
    return sums


def open_items(book: Json) -> list[tuple[Json, Json, int]]:
    """Document, due item and open amount of everything customers still owe, or have to their credit."""
    paid = allocated(book)
    owed = [
        (document, due, money.parse(due["amount"], document["currency"]) - paid[billed(document), document["number"], due["no"]])
        for document in sales(book)
        for due in document["due"]
    ]
    return [item for item in owed if item[2]]


def billed(document: Json) -> str:
    """Who is to pay a document."""
    return document.get("billed_customer", document["customer"])
