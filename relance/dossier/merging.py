"""How is what the file says laid over what is stored? By key: given, else stored, else the default; and only changes are written."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import models

from relance.core import money
from relance.dossier.entry import BROKEN, REQUIRED, Entry
from relance.dossier.faults import Findings, Place
from relance.dossier.noun import Noun
from relance.models import Company, bulk, tuples
from relance.models.events import Fact

Values = dict[str, Any]
_ABSENT = object()
SAME, CHANGED, NEW = range(3)


@dataclass(slots=True)
class Count:
    """How many objects of one noun a load created, updated and found as they were."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    each: bytearray = field(default_factory=bytearray)  # what became of one after the other: SAME, CHANGED or NEW

    def add(self, changed: bool | None) -> None:
        """Count one object: None is a new one."""
        if changed is None:
            self.created += 1
        elif changed:
            self.updated += 1
        else:
            self.unchanged += 1
        self.each.append(NEW if changed is None else CHANGED if changed else SAME)


@dataclass
class Load:
    """One load under way: its company, what is known by code, what was found wrong, and what has happened."""

    company: Company
    findings: Findings
    with_levels: bool = False
    restoring: bool = False  # the file carries a history: things are put as they were
    ids: dict[str, Mapping[Any, int]] = field(default_factory=dict)  # by noun: identifiers by code, new ones included
    counts: dict[str, Count] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)

    def lay(self, entry: Entry, before: Values | None, noun: Noun, *, keep: Collection[str] = ()) -> Values:
        """The values of an object's columns; ``before`` are those stored, ``keep`` the keys whose stored value stays whatever is given."""
        laid: Values = {}
        for name, column in noun.columns.items():
            given = entry.get(name, _ABSENT)
            if given is _ABSENT or given is BROKEN or (before is not None and name in keep):
                laid[column] = before[column] if before is not None else self._default(entry, name, noun, given)
            elif (refers := noun.keys[name].refers) and given is not None:
                laid[column] = self.find(refers, given, (*entry.place, name))
            else:
                laid[column] = given
        return laid

    def find(self, noun: str, code: Any, place: Place) -> int | None:
        """The identifier of what the file calls by a code; None, and a fault, when there is no such thing."""
        found = self.ids[noun].get(code)
        if found is None:
            self.findings.fault(place, f'unknown {noun.replace("_", " ")}: "{code}"')
        return found

    def read_amount(self, entry: Entry, name: str, currency: str) -> None:
        """Turn the text of an amount into minor units, now that its currency is known."""
        if isinstance(entry.get(name), str):
            try:
                entry[name] = money.parse(entry[name], currency)
            except ValueError as error:
                self.findings.fault((*entry.place, name), str(error))
                entry[name] = BROKEN

    def count(self, noun: str) -> Count:
        """The count of a noun."""
        return self.counts.setdefault(noun, Count())

    def _default(self, entry: Entry, name: str, noun: Noun, given: Any) -> Any:
        default = noun.keys[name].default
        if default is not REQUIRED:
            return default
        if given is not BROKEN:
            self.findings.fault((*entry.place, name), "is missing")
        return None


class Change(NamedTuple):
    """A column whose value a load changes."""

    before: Any
    after: Any


class Sheet:
    """The rows of one table: those stored, by what names them, and what a load makes of them."""

    def __init__(self, model: type[models.Model], columns: Iterable[str], stored: Iterable[tuple[Hashable, tuple[Any, ...]]]) -> None:
        """``stored`` are names with rows: the identifier, then the columns."""
        self.model, self.columns = model, tuple(columns)
        self._stored = dict(stored)
        self._laid: dict[Hashable, tuple[Any, ...]] = {}
        self.ids: dict[Any, int] = {name: row[0] for name, row in self._stored.items()}

    def expect(self, names: Iterable[Hashable]) -> None:
        """Give identifiers to the rows that will be new, so that others may refer to them; once for each sheet."""
        unknown = [name for name in dict.fromkeys(names) if name not in self.ids]
        self.ids.update(zip(unknown, bulk.reserve_ids(self.model, len(unknown)), strict=True))

    def names(self) -> Iterator[Any]:
        """What names the rows: the stored ones, then the new ones."""
        return iter(self.ids)

    def before(self, name: Hashable) -> Values | None:
        """The stored values of a row by column; None for a row that is new."""
        return self._by_column(self._stored.get(name))

    def after(self, name: Hashable) -> Values | None:
        """The values that a row will hold; None for a new one that was not taken up yet."""
        return self._by_column(self._laid.get(name) or self._stored.get(name))

    def changes(self, name: Hashable) -> bool:
        """Whether a load changes this row."""
        return name in self._laid

    def put(self, name: Hashable, values: Values, count: Count, *, touched: bool = False) -> dict[str, Change]:
        """Take up what a row is to hold; return what changes in a stored one. ``touched``: something of it changes elsewhere."""
        stored = self._stored.get(name)
        row = (self.ids[name], *(values[column] for column in self.columns))
        count.add(None if stored is None else row != stored or touched)
        if row == stored:
            return {}
        self._laid[name] = row
        pairs = zip(self.columns, stored[1:], row[1:], strict=True) if stored else ()
        return {column: Change(old, new) for column, old, new in pairs if old != new}

    def new_rows(self) -> list[tuple[Any, ...]]:
        """Rows to insert: the identifier, then the columns."""
        return [row for name, row in self._laid.items() if name not in self._stored]

    def changed_rows(self) -> list[tuple[Any, ...]]:
        """Rows to update, alike."""
        return [row for name, row in self._laid.items() if name in self._stored]

    def write(self, company_id: int) -> None:
        """Insert the new rows, update the changed ones."""
        rows = ((row[0], company_id, *row[1:]) for row in self.new_rows())
        bulk.insert(self.model, ("id", "company_id", *self.columns), rows)
        bulk.update(self.model, self.columns, self.changed_rows())

    def _by_column(self, row: tuple[Any, ...] | None) -> Values | None:
        return None if row is None else dict(zip(self.columns, row[1:], strict=True))


def named_rows(model: type[models.Model], name: str, columns: Iterable[str], **where: Any) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """The rows that hold some values, for a ``Sheet``: each with the value of the column that names it."""
    for row in tuples.read(model, (name, "id", *columns), **where):
        yield row[0], row[1:]
