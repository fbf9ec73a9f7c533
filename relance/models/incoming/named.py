"""Which customers do the rows of a list name, and on which line was a thing named first? Asked for some thousands of rows at once.

What was named waits in a temporary table, so that a list of any length takes no more memory than a short one.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import models

from relance.core.names import collation_key
from relance.models import bulk, tuples
from relance.models.company import Company
from relance.models.incoming.imprints import last_id
from relance.models.parties import Customer

TABLES = {"relance_named": "name text PRIMARY KEY, line bigint"}
_LONGEST_KEY = 250  # letters that sort_name holds


class Lines:
    """The line on which a list named each thing first, in the table of ``TABLES``."""

    def first(self, named: Iterable[tuple[str, int]]) -> Mapping[str, int]:
        """By what these rows name, in their order, the line on which it stood first."""
        here: dict[str, int] = {}
        for name, line in named:
            here.setdefault(name, line)
        among, parameter = tuples.among_sql(list(here), str)
        before = dict(tuples.rows_of(f"SELECT name, line FROM relance_named WHERE name IN ({among})", [parameter]))  # noqa: S608  our own words
        bulk.fill_rows("relance_named", ("name", "line"), ((name, line) for name, line in here.items() if name not in before))
        return here | before


class Customers:
    """A company's customers as they were before the list: by code, or by the name that only one of them has."""

    def __init__(self, company_id: int) -> None:
        self._company_id = company_id
        self._stored = Customer.objects.filter(company=company_id, pk__lte=last_id(Customer)).order_by()

    def by_code(self, codes: Collection[str], *columns: str) -> dict[str, tuple[Any, ...]]:
        """These columns of the customers of these codes, as far as they are there."""
        found = self._stored.filter(code__in=tuples.among(sorted(set(codes)), str)).values_list("code", *columns)
        return {row[0]: row[1:] for row in tuples.stream(found)}

    def codes_by_name(self, names: Iterable[str]) -> dict[str, str]:
        """The codes of these names, by ``collation_key``, of which only one customer is called each."""
        keys = {collation_key(name) for name in names}
        alike = self._stored.filter(sort_name__in=tuples.among(sorted({key[:_LONGEST_KEY] for key in keys}), str))
        found: dict[str, set[str]] = {}
        for code, name in tuples.stream(alike.values_list("code", "name")):
            found.setdefault(collation_key(name), set()).add(code)
        return {key: codes.pop() for key, codes in found.items() if len(codes) == 1 and key in keys}

    def named(self, rows: Collection[Mapping[str, Any]]) -> list[tuple[int, str] | None]:
        """Identifier and code of the customer of each row: his code is said, else a name that only he has; None where there is none."""
        nameless = [row["name"] for row in rows if not row.get("customer") and row.get("name")]
        by_name = self.codes_by_name(nameless) if nameless else {}
        codes = [row.get("customer") or by_name.get(collation_key(row.get("name", "")), "") for row in rows]
        ids = self.by_code(codes, "id")
        return [(ids[code][0], code) if code in ids else None for code in codes]


def by_code_or_name(noun: type[models.Model], company: Company, name: str = "name") -> dict[str, int]:
    """The identifiers of a company's rows by what a list may call them, as ``collation_key`` has it: the code first, else the name."""
    rows = list(noun._default_manager.filter(company=company).values_list("id", "code", name))
    return {collation_key(said): pk for place in (2, 1) for pk, *words in rows for said in [words[place - 1]] if said}
