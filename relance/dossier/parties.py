"""How does a load lay down customers and suppliers?"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models

from relance.core.facts import NA
from relance.core.names import collation_key
from relance.dossier import shape_of_ledger
from relance.dossier.entry import Entry
from relance.dossier.merging import Change, Load, Sheet, Values, named_rows
from relance.dossier.named import Named
from relance.dossier.noun import Noun
from relance.models import Customer, Supplier
from relance.models.events import Fact

STANDING = ("level", "last_dunned_on")  # taken from the file on creation only
HELD = ("insolvent_on", "held_from", "held_until", "hold_reason", "hold_comment")
_SORT_NAME = 250


def lay_customers(load: Load, dossier: Entry, named: Named) -> Sheet:
    """The customers that the file gives, and those it refers to."""
    entries = dossier.get("customers", [])
    sheet = _sheet(load, Customer, shape_of_ledger.CUSTOMER, "customer", entries, named.customers)
    for entry in entries:
        before = sheet.before(entry["code"])
        values = load.lay(entry, before, shape_of_ledger.CUSTOMER, keep=() if load.with_levels else STANDING)
        changes = sheet.put(entry["code"], _named(values), load.count("customers"))
        for what, columns in (("level_set", STANDING), ("customer_held", HELD)):
            if changed := shown_changes(changes, columns):
                load.facts.append(Fact(what, customer_id=sheet.ids[entry["code"]], facts={"changed": changed}))
        _check_hold(load, entry, values)
    return sheet


def _check_hold(load: Load, entry: Entry, values: Values) -> None:
    first, last = values["held_from"], values["held_until"]
    if last is not None and (first is None or last < first):
        load.findings.fault((*entry.place, "held_until"), "is not after held_from")


def lay_suppliers(load: Load, dossier: Entry, named: Named) -> Sheet:
    """The suppliers that the file gives, and those it refers to."""
    entries = dossier.get("suppliers", [])
    sheet = _sheet(load, Supplier, shape_of_ledger.SUPPLIER, "supplier", entries, named.suppliers)
    for entry in entries:
        values = load.lay(entry, sheet.before(entry["code"]), shape_of_ledger.SUPPLIER)
        sheet.put(entry["code"], _named(values), load.count("suppliers"))
    return sheet


def shown_changes(changes: dict[str, Change], columns: Iterable[str]) -> list[dict[str, Any]]:
    """Changes of some columns as events tell them: what, before, after."""
    return [
        {
            "what": column.removesuffix("_id"),
            "before": _shown(column, changes[column].before),
            "after": _shown(column, changes[column].after),
        }
        for column in columns
        if column in changes
    ]


def _sheet(load: Load, model: type[models.Model], noun: Noun, refer_as: str, entries: list[Entry], named: Collection[str]) -> Sheet:
    columns = (*noun.columns.values(), "sort_name")
    sheet = Sheet(model, columns, named_rows(model, "code", columns, company_id=load.company.pk, code=list(named)))
    sheet.expect(entry["code"] for entry in entries)
    load.ids[refer_as] = sheet.ids
    return sheet


def _named(values: Values) -> Values:
    """A party's name as it sorts; an account that is the code is none of its own."""
    sort_name = collation_key(values["name"] or "")[:_SORT_NAME]
    return values | {"sort_name": sort_name, "account": "" if values["account"] == values["code"] else values["account"]}


def _shown(column: str, value: Any) -> Any:
    if column == "level" and value == NA:
        return "NA"
    return value.isoformat() if hasattr(value, "isoformat") else value
