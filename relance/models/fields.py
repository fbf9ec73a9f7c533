"""Which kinds of column does every table share?"""

from typing import Any

from django.db import connection, models
from django.db.models.functions import Collate


def company(*, repeats_parent: bool = False, or_none: bool = False) -> Any:
    """Every table belongs to one company; the wall between companies is checked on this column.

    Where it repeats what the parent row says (a notice its run, a line and a rendition their notice, a document and a payment the customer
    or supplier that each must have, a due item its document), the parent's own constraint holds it, and a million inserted rows do not ask
    for the company's row a million times. ``or_none``: a row may be the installation's.
    """
    said: Any = {"null": True, "blank": True} if or_none else {}
    return models.ForeignKey("relance.Company", models.CASCADE, related_name="+", db_index=False, db_constraint=not repeats_parent, **said)


def code(**options: Any) -> Any:
    """A code chosen by people, unique within its company, case-sensitive."""
    return models.CharField(max_length=80, **options)


def amount(**options: Any) -> Any:
    """Minor units of the currency that stands beside it; never a decimal column (SQLite adds those as floats)."""
    return models.BigIntegerField(**options)


def currency() -> Any:
    """ISO 4217 code."""
    return models.CharField(max_length=3)


def lines() -> Any:
    """Several short texts (an address, recipients), one a line: plain text reads alike on both databases and costs no parsing."""
    return models.TextField(default="", blank=True)


def one_of(values: tuple[str, ...], default: str) -> Any:
    """One word of a closed list; ``check_one_of`` puts the list into the database."""
    return models.CharField(max_length=20, default=default, choices=[(value, value) for value in values])


def one_by_one(column: str, values: tuple[str, ...]) -> models.Q:
    """One of some words, compared one after the other.

    Of a list (``IN``) SQLite makes a little table each time that it checks, and does not know the condition of an index again in it.
    """
    return models.Q(*((column, value) for value in values), _connector=models.Q.OR)


def check_one_of(table: str, column: str, values: tuple[str, ...], *, or_null: bool = False) -> models.CheckConstraint:
    """The database refuses any word that is not on the list."""
    known = one_by_one(column, values)
    if or_null:
        known |= models.Q((f"{column}__isnull", True))
    return models.CheckConstraint(name=f"{table}_{column}_known", condition=known)


def in_byte_order(column: str) -> Collate:
    """A column of sort keys, compared byte by byte: the order of names, on either database."""
    return Collate(models.F(column), "C" if connection.vendor == "postgresql" else "BINARY")
