"""What is open on a date, of customers or suppliers? The operations of the aged balance, one account after the other.

The stored figures are those of today: for a past date, what was allocated since is added back. One query reads all that is open, so
that due items and payments are seen at the same instant.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from relance.core.aging import Operation
from relance.models import fields
from relance.models.company import Company
from relance.models.ledger import DueItem, Payment
from relance.models.parties import Customer, Supplier
from relance.models.since import allocated_since
from relance.models.tuples import stream

_ORDER = ("op_sort_name", "op_code", "op_company", "op_account")
_NOTHING, _IS_ITEM, _IS_PAYMENT = Value(""), Value(0), Value(1)


def open_operations(
    companies: Collection[Company], as_of: date, *, suppliers: bool = False, code: str | None = None
) -> Iterator[Operation]:
    """Open due items and what payments have left, in the order of the accounts' names; a credit is negative (rules, sections 2 and 10).

    ``code`` asks for one customer or supplier alone.
    """
    only = None if code is None else _called(companies, code, suppliers=suppliers)
    if only == []:
        return
    whose = None if suppliers else only
    since = allocated_since(companies, as_of, whose)
    items = _items(companies, as_of, "document__supplier" if suppliers else "billed_customer", since[0].candidates, only)
    remainders = _remainders(companies, as_of, "supplier" if suppliers else "customer", since[1].candidates, only)
    for is_payment, pk, amount, _, code, company, account, *described, currency in stream(
        items.union(remainders, all=True).order_by(*_ORDER)
    ):
        open_then = amount + since[is_payment].totals.get(pk, 0)
        if open_then:
            yield Operation._make((company, account or code, code, *described, -open_then if is_payment else open_then, currency))


def _called(companies: Collection[Company], code: str, *, suppliers: bool) -> list[int]:
    """The customers, or suppliers, of a code: one in each company at most."""
    party = Supplier if suppliers else Customer
    return list(party.objects.filter(company__in=companies, code=code).values_list("pk", flat=True))


def _items(companies: Collection[Company], as_of: date, party: str, settled: Q | None, only: list[int] | None) -> QuerySet[Any, Any]:
    which = ~Q(open_amount=0) | settled if settled else ~Q(open_amount=0)
    items = DueItem.objects.filter(which, _of(party, only), company__in=companies, document__date__lte=as_of)
    columns = ("document__number", "document__type", "document__date", "due_date", "document__label", "document__currency")
    return _under(party, items, (_IS_ITEM, "pk", "open_amount"), columns)


def _remainders(companies: Collection[Company], as_of: date, party: str, settled: Q | None, only: list[int] | None) -> QuerySet[Any, Any]:
    which = ~Q(remaining_amount=0) | settled if settled else ~Q(remaining_amount=0)
    payments = Payment.objects.filter(which, _of(party, only), company__in=companies, date__lte=as_of)
    columns = ("reference", Value("payment_on_account"), "date", F("date"), _NOTHING, "currency")
    return _under(party, payments, (_IS_PAYMENT, "pk", "remaining_amount"), columns)


def _of(party: str, only: list[int] | None) -> Q:
    """Those named, or all that there are; to ask for both would lead SQLite past the index of the first."""
    return Q((f"{party}__isnull", False)) if only is None else Q((f"{party}__in", only))


def _under(party: str, query: QuerySet[Any, Any], figures: tuple[Any, ...], columns: tuple[Any, ...]) -> QuerySet[Any, Any]:
    """The rows, headed by the customer or supplier they stand under."""
    kind, rep = (_NOTHING, _NOTHING) if party.endswith("supplier") else (f"{party}__type", Coalesce(f"{party}__sales_rep__code", _NOTHING))
    keys = (f"{party}__sort_name", f"{party}__code", "company__code", f"{party}__account")
    headed = {name: fields.in_byte_order(key) for name, key in zip(_ORDER, keys, strict=True)}
    return query.order_by().annotate(**headed).values_list(*figures, *_ORDER, f"{party}__name", kind, rep, *columns)
