"""What does a table of open items say: who owes what, of which document, since when, until when?

One row is one due item, or one debit or credit. Rows come out one after the other; what is wrong with a row is a problem at its line, what
is only worth saying (rows passed over, how dates were read) is a remark.
"""

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, islice, repeat
from operator import sub
from typing import Any, BinaryIO, NamedTuple

from relance.core.names import collation_key
from relance.importers.blocks import Progress
from relance.importers.problems import Problem, Problems, Unreadable, extract
from relance.importers.sheet import Rows, Sheet, cell_text, open_sheet
from relance.importers.sheet_heads import FIELDS, Heads, find_heads, refuse_unknown_mapping
from relance.importers.sheet_values import Amounts, Dates, decimal_mark, month_first

_SAMPLE = 5_000  # rows that show how amounts and dates are written
_LONGEST_CODE = 80
_AT_ONCE = 100  # rows: with more, they have left the processor's nearest memory before they are read again
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


@dataclass
class Table:
    """A table whose heads are known; reading its items completes ``problems`` and ``passed_over``."""

    sheet: Sheet
    heads: Heads
    currency: str  # of rows that name none
    mark: str  # of decimals
    month_first: bool
    problems: Problems = field(default_factory=Problems)
    passed_over: Counter[str] = field(default_factory=Counter)

    @property
    def further(self) -> tuple[str, ...]:
        """The names of the columns that it has beyond those that every item has."""
        return tuple(what for what in FIELDS[_FURTHER:] if what in self.heads.places)

    def items(self) -> Iterator[OpenItem]:
        """Every item, in the order of the rows. Raises Unreadable where the file breaks off."""
        return chain.from_iterable(self.batches())

    def batches(self) -> Iterator[list[OpenItem]]:
        """The same, some hundreds at a time: who goes on column by column is done sooner."""
        rows = self.sheet.rows()
        for _ in range(self.heads.row + 1):
            next(rows)
        return _Reader(self).read(rows)

    def recognised(self) -> dict[str, str]:
        """What each column was taken for: its head, by name."""
        return {what: self.heads.titles[place] for what, place in sorted(self.heads.places.items(), key=lambda one: one[1])}

    def ignored(self) -> list[str]:
        """The heads of the columns that were not taken for anything."""
        taken = set(self.heads.places.values())
        return [title for place, title in enumerate(self.heads.titles) if title and place not in taken]

    def remarks(self) -> list[Problem]:
        """What the user should know, once the items were read."""
        said = [f"read as {self.sheet.alphabet.name}: {self.sheet.alphabet.doubt}"] if self.sheet.alphabet.doubt else []
        if self.month_first:
            said.append("dates were read with the month first")
        if self.ignored():
            said.append(f"columns not used: {', '.join(self.ignored())}")
        if self.sheet.others:
            said.append(f'only the sheet "{self.sheet.name}" was read, not {", ".join(self.sheet.others)}')
        said += [f"{count} {what} passed over" for what, count in self.passed_over.items()]
        return [Problem(0, "", text) for text in said]


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
    refuse_unknown_mapping(mapping or {})
    opened = open_sheet(source, sheet, on_progress)
    rows = opened.rows()
    try:
        heads = find_heads(rows, mapping or {})
        sample = list(islice(rows, _SAMPLE))
    except csv.Error:
        raise _unclosed(rows) from None
    mark = decimal_mark(_cells(sample, heads, ("open", "amount", "debit", "credit")), french=heads.french)
    return Table(opened, heads, currency, mark, month_first(_cells(sample, heads, ("date", "due_date"))))


def _cells(sample: list[list[Any]], heads: Heads, columns: tuple[str, ...]) -> Iterator[Any]:
    places = [heads.places[what] for what in columns if what in heads.places]
    return (row[place] for row in sample for place in places if place < len(row))


def _line_numbers(rows: list[list[Any]], before: int, after: int) -> Sequence[int]:
    """The line at which each row ends, of rows that stand between two lines: a cell may hold the ends of lines."""
    if after - before == len(rows):
        return range(before + 1, after + 1)
    return list(accumulate((1 + sum(str(cell).count("\n") for cell in row) for row in rows), initial=before))[1:]


def _unclosed(rows: Rows) -> Unreadable:
    return Unreadable(f"a quotation mark is opened and not closed before line {rows.line_num}")


class _Reader:
    """The state of one reading: the customer that blank cells below him mean, and how to read each column."""

    def __init__(self, table: Table) -> None:
        self._table, self._currency = table, table.currency
        self._width = len(table.heads.titles)
        self._places = [table.heads.places.get(what, self._width) for what in FIELDS]
        self._further = [table.heads.places[what] for what in table.further]
        self._dates = Dates(month_first=table.month_first)
        self._amounts: dict[Any, Amounts] = {"": Amounts(table.mark, table.currency)}
        self._types: dict[Any, str] = {"": "invoice"}
        self._customer = self._name = ""
        self._has_open, self._has_amount = "open" in table.heads.places, "amount" in table.heads.places
        self._signed = self._has_open or self._has_amount

    def read(self, rows: Rows) -> Iterator[list[OpenItem]]:
        """Every row that is an item, in batches. Raises Unreadable where the file breaks off."""
        try:
            while True:
                before = rows.line_num
                if not (some := list(islice(rows, _AT_ONCE))):
                    return
                lines = _line_numbers(some, before, rows.line_num)
                yield self._together(lines, some) or list(self._one_by_one(lines, some))
        except csv.Error:
            raise _unclosed(rows) from None

    def _together(self, lines: Sequence[int], rows: list[list[Any]]) -> list[OpenItem] | None:
        """The items of many rows, column by column, which is fast; None where one of them is not a plain invoice."""
        if set(map(len, rows)) != {self._width}:
            return None
        columns = [*zip(*rows, strict=True), ("",) * len(rows)]  # the last stands for the columns that the table has not
        of_all = [columns[place] for place in self._places[:_FURTHER]]
        customer, name, number, kind, day, due, left, amount, debit, credit, currency = of_all
        try:
            [read] = {self._amounts[code] for code in set(currency)}
            on, until = list(map(self._dates.__getitem__, day)), list(map(self._dates.__getitem__, due))
            if self._signed:
                rest = read.column(left if self._has_open else amount)
                total = read.column(amount) if self._has_open and self._has_amount else rest
            else:
                rest = total = list(map(sub, read.column(debit), read.column(credit)))
            customers, numbers = list(map(str.strip, customer)), list(map(str.strip, number))
            plain = {self._types[one] for one in set(kind)} == {"invoice"}
        except (KeyError, ValueError, TypeError):
            return None
        if not plain or not (all(customers) and all(numbers) and all(on)) or len(max(customers, key=len)) > _LONGEST_CODE:
            return None
        if (self._has_open and "" in left) or (self._has_amount and "" in amount) or len(max(numbers, key=len)) > _LONGEST_CODE:
            return None
        self._customer, self._name = customers[-1], name[-1]
        further = zip(*(columns[place] for place in self._further), strict=True) if self._further else repeat(())
        types: Iterable[str] = repeat("invoice")
        if min(rest) < 0 or min(total) < 0:
            types = ["credit_note" if one < 0 else "invoice" for one in map(min, rest, total)]
        items = zip(lines, customers, name, numbers, types, on, until, total, rest, currency, further, strict=False)
        return list(map(tuple.__new__, repeat(OpenItem), items))  # what a NamedTuple does in a function of its own, a row at a time

    def _one_by_one(self, lines: Sequence[int], rows: list[list[Any]]) -> Iterator[OpenItem]:
        padding = [""] * self._width
        for line, cells in zip(lines, rows, strict=True):
            row = [*(cells if len(cells) == self._width else (cells + padding)[: self._width]), ""]
            if item := self._read(row, line):
                yield item

    def _read(self, row: list[Any], line: int) -> OpenItem | None:
        """A row that is no item, or one that is written otherwise than most."""
        number = row[self._places[_NUMBER]]
        if not cell_text(number):
            self._pass_over(line, row)
            return None
        if number == self._table.heads.titles[self._table.heads.places["number"]]:
            self._table.passed_over["repeated heads"] += 1
            return None
        return self._item(line, row)

    def _item(self, line: int, row: list[Any]) -> OpenItem | None:
        customer, name, number, kind, day, due, left, amount, debit, credit, currency = [row[place] for place in self._places[:_FURTHER]]
        try:
            dated, until = self._dates[day], self._dates[due]
            code = cell_text(currency).upper() or self._currency
            read = self._amounts.get(code) or self._open_currency(code)
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
        return OpenItem(
            line, customer, name, number, kind, on, until, total, rest, code, tuple(cell_text(row[place]) for place in self._further)
        )

    def _whose(self, customer: str, name: str) -> tuple[str, str]:
        """The customer of a row: his own cells, else those of the row above; a name serves as the code where there is none."""
        if customer or name:
            self._customer, self._name = customer or name[:_LONGEST_CODE], name
        return self._customer, self._name

    def _open_currency(self, code: str) -> Amounts:
        if len(code) != len("EUR") or not code.isalpha() or not code.isascii():
            raise ValueError("not a currency")
        self._amounts[code] = reader = Amounts(self._table.mark, code)
        return reader

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
            self._table.problems.add(line, self._title("number"), "no document number")

    def _find_faults(self, line: int, row: list[Any]) -> None:
        """Say every fault of a row that could not be read."""
        said = dict(zip(FIELDS, [row[place] for place in self._places], strict=True))
        problems, before = self._table.problems, self._table.problems.count
        for what in ("date", "due_date"):
            self._try(line, what, said[what], self._dates.__getitem__)
        code = cell_text(said["currency"]).upper() or self._currency
        if (
            reader := self._try(line, "currency", said["currency"], lambda _: self._amounts.get(code) or self._open_currency(code))
        ) is not None:
            for what in ("open", "amount", "debit", "credit"):
                self._try(line, what, said[what], reader)
        for what in ("customer", "number"):
            if len(cell_text(said[what])) > _LONGEST_CODE:
                problems.add(line, self._title(what), f"more than {_LONGEST_CODE} letters: {extract(cell_text(said[what]))}")
        if problems.count == before:
            problems.add(line, "", "neither a date nor a due date" if cell_text(said["customer"]) or self._customer else "no customer")

    def _try(self, line: int, what: str, cell: Any, read: Any) -> Any:
        try:
            return read(cell)
        except (ValueError, TypeError) as fault:
            self._table.problems.add(line, self._title(what), f"{fault}: {extract(cell_text(cell))}")
            return None

    def _title(self, what: str) -> str:
        place = self._table.heads.places.get(what)
        return self._table.heads.titles[place] if place is not None else what


_FURTHER = FIELDS.index("label")
_NUMBER, _CUSTOMER, _NAME = FIELDS.index("number"), FIELDS.index("customer"), FIELDS.index("name")
_OF_AN_ITEM = [FIELDS.index(what) for what in ("date", "due_date", "open", "amount", "debit", "credit")]
