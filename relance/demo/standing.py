"""Which level has each customer come to, going by its open invoices, and which of them are left alone?"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from relance.core.money import parse
from relance.demo import ledger

LEFT_ALONE: dict[str, dict[str, Any]] = {  # days ago, or to come where below zero
    "C054": {"held_from": 10, "held_until": -20, "hold_reason": "request", "hold_comment": "Déménagement : ils rappellent à leur retour"},
    "C058": {"insolvent_on": 30},
}


def left_alone(customer: str, today: date) -> dict[str, Any]:
    """The hold or the insolvency of a customer, if there is one."""
    said = LEFT_ALONE.get(customer, {})
    return {key: str(today - timedelta(value)) if isinstance(value, int) else value for key, value in said.items()}


def levels(documents: list[dict[str, Any]], payments: list[dict[str, Any]]) -> dict[str, tuple[int, str]]:
    """For each billed customer that stands above 0: the highest level of its open due items, and the day of the last notice."""
    standing: dict[str, tuple[int, str]] = {}
    for customer, level, dunned_on in _dunned(documents, payments):
        highest, last = standing.get(customer, (0, ""))
        standing[customer] = max(highest, level), max(last, dunned_on)
    return standing


def _dunned(documents: list[dict[str, Any]], payments: list[dict[str, Any]]) -> Iterator[tuple[str, int, str]]:
    """Open due items that a notice has raised; a level given by hand leaves the customer as it was."""
    allocated = _allocated(payments)
    for document in documents:
        for due in document["due"]:
            is_open = parse(due["amount"], document["currency"]) != allocated[document["number"], due["no"]]
            if is_open and due.get("level") in (1, 2, 3) and document["number"] not in ledger.LEVELS_BY_HAND:
                yield document["billed_customer"], due["level"], due["last_dunned_on"]


def _allocated(payments: list[dict[str, Any]]) -> Counter[tuple[str, int]]:
    allocated: Counter[tuple[str, int]] = Counter()
    for payment in payments:
        for part in payment["allocations"]:
            allocated[part["document"], part["no"]] += parse(part["amount"], payment["currency"])
    return allocated
