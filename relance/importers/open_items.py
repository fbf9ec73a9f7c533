"""What does a table of open items say: who owes what, of which document, since when, until when?

One row is one due item, or one debit or credit. Rows come out one after the other; what is wrong with a row is a problem at its line, what
is only worth saying (rows passed over, how dates were read) is a remark.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from operator import sub
from typing import Any, BinaryIO, NamedTuple

from relance.core.names import collation_key
from relance.importers.blocks import Progress
from relance.importers.problems import extract
from relance.importers.sheet import cell_text
from relance.importers.sheet_columns import Columns, HeadedSheet, open_headed, texts
from relance.importers.sheet_heads import FIELDS, ITEMS
from relance.importers.sheet_values import Currencies, Dates

_LONGEST_CODE = 80
_SUMS = ("total", "sous total", "cumul", "report", "solde", "grand total", "subtotal", "sum", "balance")
_CREDIT_NOTES = ("avoir", "credit note", "credit memo", "creditnote", "refund", "note de credit")
_ON_ACCOUNT = ("acompte", "payment", "reglement", "paiement", "prepayment", "payment on account", "deposit", "avance")


class OpenItem(NamedTuple):
    """One row, amounts in minor units of its currency: below zero for what the customer has to his credit."""

    line: int
    customer: str
    name: str
    number: str
    type: str  # invoice, credit_note or payment_on_account
    date: dt.date
    due_date: dt.date | None
    amount: int
    open: int
    currency: str
    further: tuple[str, ...]  # what else the table says, in the order of ``Table.further``


class Table(HeadedSheet):
    """A table of open items."""

    @property
    def further(self) -> tuple[str, ...]:
        """The names of the columns that it has beyond those that every item has."""
        return tuple(what for what in FIELDS[_FURTHER:] if what in self.heads.places)

    def items(self) -> Iterator[OpenItem]:
        """Every item, in the order of the rows. Raises Unreadable where the file breaks off."""
        for columns in self.batches():
            for line, customer, name, number, kind, on, until, amount, left, currency, *further in zip(*columns, strict=True):
                yield OpenItem(line, customer, name, number, kind, on, until, amount, left, currency, tuple(further))

    def batches(self) -> Iterator[Columns]:
        """The same by columns, some hundreds of items at a time: those of an ``OpenItem``, then one for each of ``further``."""
        reader = _Reader(self)
        return self.read(reader.together, reader.alone)


def read_open_items(
    source: BinaryIO,
    currency: str,
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    on_progress: Progress | None = None,
) -> Table:
    """The table of a CSV, XLSX or ODS file. ``currency`` is that of rows that name none; ``mapping`` names columns by hand.

    Raises Unreadable where no table of open items is found, or while the items are read.
    """
    return open_headed(Table, ITEMS, source, currency, mapping, sheet, on_progress)


class _Reader:
    """The state of one reading: the customer that blank cells below him mean, and how to read each column."""

    def __init__(self, table: Table) -> None:
        self._table, self._currency = table, table.currency
        self._width = len(table.heads.titles)
        self._places = [table.heads.places.get(what, self._width) for what in FIELDS]
        self._further = [table.heads.places[what] for what in table.further]
        self._dates = Dates(month_first=table.month_first)
        self._amounts = Currencies(table.mark, table.currency, "not a currency")
        self._types: dict[Any, str] = {"": "invoice"}
        self._customer = self._name = ""
        self._has_open, self._has_amount = "open" in table.heads.places, "amount" in table.heads.places
        self._signed = self._has_open or self._has_amount

    def together(self, lines: Sequence[int], cells: Columns) -> Columns | None:
        """The items of many rows, by columns; None where one of them is not a plain invoice."""
        customer, name, number, kind, day, due, left, amount, debit, credit, currency = [cells[place] for place in self._places[:_FURTHER]]
        customers, names, numbers, on, until = texts(customer), texts(name), texts(number), self._dates.column(day), self._dates.column(due)
        [code] = {said.upper() or self._currency for said in set(texts(currency))}
        read = self._amounts[code].column
        if self._signed:
            rest = read(left if self._has_open else amount)
            total = read(amount) if self._has_open and self._has_amount else rest
            if None in rest or None in total:
                return None
        else:
            rest = total = list(map(sub, read(debit, 0), read(credit, 0)))
        plain = all(customers) and all(numbers) and all(on) and {self._types.get(one) for one in set(kind)} == {"invoice"}
        if not plain or max(map(len, customers)) > _LONGEST_CODE or max(map(len, numbers)) > _LONGEST_CODE:
            return None
        if self._table.heads.titles[self._table.heads.places["number"]] in number:
            return None
        self._customer, self._name = customers[-1], names[-1]
        types = ["invoice"] * len(rest)
        if min(rest) < 0 or min(total) < 0:
            types = ["credit_note" if one < 0 else "invoice" for one in map(min, rest, total)]
        further = [texts(cells[place]) for place in self._further]
        return [lines, customers, names, numbers, types, on, until, total, rest, [code] * len(rest), *further]

    def alone(self, line: int, cells: list[Any]) -> Sequence[Any] | None:
        """A row that is no item, or one that is written otherwise than most."""
        row = [*(cells + [""] * self._width)[: self._width], ""]
        number = row[self._places[_NUMBER]]
        if not cell_text(number):
            self._pass_over(line, row)
            return None
        if number == self._table.heads.titles[self._table.heads.places["number"]]:
            self._table.passed_over["repeated heads"] += 1
            return None
        return self._item(line, row)

    def _item(self, line: int, row: list[Any]) -> Sequence[Any] | None:
        customer, name, number, kind, day, due, left, amount, debit, credit, currency = [row[place] for place in self._places[:_FURTHER]]
        try:
            dated, until = self._dates[day], self._dates[due]
            code = cell_text(currency).upper() or self._currency
            read = self._amounts[code]
            if self._signed:
                total = read(amount) if amount != "" else read(left)
                rest = read(left) if left != "" else total
            else:
                total = rest = read(debit) - read(credit)
        except (ValueError, TypeError):
            self._find_faults(line, row)
            return None
        customer, name = self._whose(cell_text(customer), cell_text(name))
        number, on = cell_text(number), dated or until
        if not customer or on is None or len(customer) > _LONGEST_CODE or len(number) > _LONGEST_CODE:
            self._find_faults(line, row)
            return None
        kind = self._types.get(kind) or self._type(kind)
        if kind != "invoice":
            total, rest = -abs(total), -abs(rest)
        elif total < 0 or rest < 0:
            kind = "credit_note"
        further = [cell_text(row[place]) for place in self._further]
        return (line, customer, name, number, kind, on, until, total, rest, code, *further)

    def _whose(self, customer: str, name: str) -> tuple[str, str]:
        """The customer of a row: his own cells, else those of the row above; a name serves as the code where there is none."""
        if customer or name:
            self._customer, self._name = customer or name[:_LONGEST_CODE], name
        return self._customer, self._name

    def _type(self, kind: Any) -> str:
        said = collation_key(cell_text(kind))
        found = "credit_note" if said.startswith(_CREDIT_NOTES) else "payment_on_account" if said.startswith(_ON_ACCOUNT) else "invoice"
        self._types[kind] = found
        return found

    def _pass_over(self, line: int, row: list[Any]) -> None:
        """A row that names no document: empty, a sum, the customer of the rows below, or a fault."""
        texts = [cell_text(cell) for cell in row]
        first = next((text for text in texts if text), "")
        if not first:
            return
        if collation_key(first).startswith(_SUMS):
            self._table.passed_over["rows of totals"] += 1
            return
        customer, name = texts[self._places[_CUSTOMER]], texts[self._places[_NAME]]
        if (customer or name) and not any(texts[self._places[place]] for place in _OF_AN_ITEM):
            self._whose(customer, name)
        else:
            self._table.problems.add(line, self._table.title("number"), "no document number")

    def _find_faults(self, line: int, row: list[Any]) -> None:
        """Say every fault of a row that could not be read."""
        said = dict(zip(FIELDS, [row[place] for place in self._places], strict=True))
        problems, before = self._table.problems, self._table.problems.count
        for what in ("date", "due_date"):
            self._try(line, what, said[what], self._dates.__getitem__)
        code = cell_text(said["currency"]).upper()
        if (reader := self._try(line, "currency", said["currency"], lambda _: self._amounts[code])) is not None:
            for what in ("open", "amount", "debit", "credit"):
                self._try(line, what, said[what], reader)
        for what in ("customer", "number"):
            if len(cell_text(said[what])) > _LONGEST_CODE:
                problems.add(line, self._table.title(what), f"more than {_LONGEST_CODE} letters: {extract(cell_text(said[what]))}")
        if problems.count == before:
            problems.add(line, "", "neither a date nor a due date" if cell_text(said["customer"]) or self._customer else "no customer")

    def _try(self, line: int, what: str, cell: Any, read: Any) -> Any:
        try:
            return read(cell)
        except (ValueError, TypeError) as fault:
            self._table.problems.add(line, self._table.title(what), f"{fault}: {extract(cell_text(cell))}")
            return None


_FURTHER = FIELDS.index("label")
_NUMBER, _CUSTOMER, _NAME = FIELDS.index("number"), FIELDS.index("customer"), FIELDS.index("name")
_OF_AN_ITEM = [FIELDS.index(what) for what in ("date", "due_date", "open", "amount", "debit", "credit")]
