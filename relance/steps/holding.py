"""How is a whole customer left alone: on hold for a while, insolvent, or switched off for a way of dunning? (Register K15, K16, K59.)

Each changes one row and tells what it changed; what is as asked already is neither changed nor recorded.
"""

from datetime import date
from typing import Any

from django.db import transaction

from relance.models import Customer
from relance.models.changing import Change, set_columns
from relance.models.events import Fact, record
from relance.steps import Refused


def hold(customer: Customer, *, since: date, by: str, until: date | None = None, reason: str = "", comment: str = "") -> list[Change]:
    """Leave a customer alone from a day on, up to a last day where one is given. Return what changed. Raises Refused."""
    if until is not None and until < since:
        raise Refused(f"the hold would end on {until}, before it begins on {since}")
    return _set(customer, {"held_from": since, "held_until": until, "hold_reason": reason, "hold_comment": comment}, by)


def release(customer: Customer, *, by: str) -> list[Change]:
    """Lift the hold of a customer; reason and comment stay readable. Return what changed."""
    return _set(customer, {"held_from": None, "held_until": None}, by)


def call_insolvent(customer: Customer, published_on: date | None, *, by: str) -> list[Change]:
    """Note that the opening of insolvency proceedings was published on a day, or with None that there are none. Return what changed."""
    return _set(customer, {"insolvent_on": published_on}, by)


def switch(customer: Customer, boxes: dict[str, bool], *, by: str) -> list[Change]:
    """Set ``dunning_enabled``, ``manual_dunning`` or ``auto_dunning`` of a customer (register K15, K16, K59, A2). Return what changed."""
    return _set(customer, boxes, by)


def _set(customer: Customer, wanted: dict[str, Any], by: str) -> list[Change]:
    with transaction.atomic():
        stored, changed = set_columns(customer, wanted)
        if changed:
            record(stored.company_id, by, [Fact("customer_held", customer_id=stored.pk, facts={"changed": changed})])
    return [{"document": None, "no": None, "customer": stored.code} | change for change in changed]
