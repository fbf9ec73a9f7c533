"""What an administrator sets up -> stored as a dossier's would be, checked alike; every change is recorded, with what was before."""

import json
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from django.db import models, transaction

from relance import dossier
from relance.core.comparison import Comparison, compare
from relance.core.facts import Mode
from relance.dossier.shape import FORMAT
from relance.models import (
    Collaborator,
    Company,
    Customer,
    CustomerType,
    Document,
    DueItem,
    PaymentMethod,
    Policy,
    PolicyLevel,
    Status,
    tuples,
)
from relance.models.book import is_short, load_book
from relance.models.events import Fact, record
from relance.models.finding import Unfound
from relance.models.rules import read_terms
from relance.steps import Refused

Json = dict[str, Any]
Name = tuple[str | int, ...]  # as the history names it: ("levels", 2), ("policies", "GRANDS"), ("policies", "GRANDS", "levels", 2)

AHEAD = 30  # days
_MODELS: dict[str, type[models.Model]] = {
    "policies": Policy,
    "payment_methods": PaymentMethod,
    "statuses": Status,
    "collaborators": Collaborator,
    "customer_types": CustomerType,
}
_USED_BY: dict[str, tuple[tuple[type[models.Model], str, str], ...]] = {
    "policies": ((Customer, "policy", "customers follow"),),
    "payment_methods": ((Document, "payment_method", "documents are paid by"),),
    "statuses": ((DueItem, "status", "due items have"),),
    "collaborators": ((Customer, "sales_rep", "customers are looked after by"), (Document, "manager", "documents are answered for by")),
    "customer_types": (),  # customers keep the code of their type: what is taken away is what it is called
}


def set_up(company: Company, said: Json, *, by: str, without: Collection[Name] = ()) -> list[dossier.Fault]:
    """Store what keys of a dossier say of a company, less what is taken away; return what is doubtful about it.

    Raises Faults with the place of each, or Refused where something taken away is in use; nothing is stored then.
    """
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        before = _flat(dossier.set_up(company))
        for name in without:
            _take_away(company, name)
        warnings = dossier.load(json.dumps({"format": FORMAT, "company": {}} | said | _whose(company, said)).encode(), by=by).warnings
        changed = list(_changes(before, _flat(dossier.set_up(company))))
        record(company.pk, by, [Fact("settings_changed", facts={"changed": changed})] if changed else [])
    return warnings


def compared(company: Company, said: Json, as_of: date, *, by: str, without: Collection[Name] = ()) -> tuple[Comparison, int]:
    """What the automatic runs of a day, and of so many days after it, would send if the company were set up so; and how many days.

    It is set up so, looked at and put back: nothing is stored. On a long ledger only the day itself is compared. Raises as ``set_up`` does.
    """
    with transaction.atomic():
        set_up(company, said, by=by, without=without)
        others = read_terms(Company.objects.get(pk=company.pk), as_of, Mode.AUTOMATIC)
        transaction.set_rollback(True)
    days = AHEAD if is_short(company) else 0
    with tuples.many_tuples():  # in no transaction: on SQLite, others would wait to write
        terms = read_terms(company, as_of, Mode.AUTOMATIC)
        return compare(load_book(company, as_of), terms, others, as_of + timedelta(days)), days


def _whose(company: Company, said: Json) -> Json:
    return {"company": said.get("company", {}) | {"code": company.code}}


def _take_away(company: Company, name: Name) -> None:
    noun, code = name[0], name[-1]
    if "levels" in name:
        policy = name[1] if noun == "policies" else ""
        PolicyLevel.objects.filter(company=company, policy__code=policy, level=code).delete()
        return
    row = _MODELS[str(noun)]._default_manager.filter(company=company, code=code).first()
    if row is None:
        raise Unfound(f'there is no "{code}" among the {str(noun).replace("_", " ")} of {company.code}')
    for model, column, words in _USED_BY[str(noun)]:
        count = model._default_manager.filter(company=company, **{column: row}).count()
        if count:
            raise Refused(f'{count} {words} "{code}"')
    row.delete()


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Json]:
    """What is not as it was; of what is new or gone, what it says."""
    for what in dict.fromkeys((*before, *after)):
        old, new = before.get(what), after.get(what)
        if old != new:
            yield {"what": what, "before": old, "after": new}


def _flat(value: Any) -> dict[str, Any]:
    """Every value by its name, such as ``levels.2.subject``: what stands in a list goes by its level or code."""
    return {".".join(map(str, name)): one for name, one in _walk((), value)}


def _walk(name: Name, value: Any) -> Iterator[tuple[Name, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _walk((*name, key), one)
    elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
        for one in value:
            key = "level" if "level" in one else "code"
            yield from _walk((*name, one[key]), {inner: value for inner, value in one.items() if inner != key})
    else:
        yield name, value
