"""What does a list of customers, of contacts or of payments say, row by row?

A cell is text but for those that the kind of list reads as an amount or a date. What is wrong with a row is a problem at its line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, BinaryIO, NamedTuple

from relance.core.names import collation_key
from relance.importers.blocks import Progress
from relance.importers.list_heads import VOCABULARIES, ListKind
from relance.importers.problems import extract
from relance.importers.sheet import cell_text
from relance.importers.sheet_columns import Columns, HeadedSheet, open_headed, texts
from relance.importers.sheet_values import Currencies, Dates

_LONGEST = 500  # letters of a cell of text
_AMOUNTS, _DATES = ("amount", "debit", "credit"), ("date", "left_on")
_FIGURES = frozenset((*_AMOUNTS, *_DATES))
_ON_SUMS = frozenset(("customer", "name", "contact", "reference", *_AMOUNTS))  # what a row of totals may say
_SUMS = ("total", "sous total", "cumul", "report", "grand total", "subtotal", "sum")


class Row(NamedTuple):
    """One row: its line, and what it says by name; amounts in minor units of ``currency``, dates; a blank cell is not there."""

    line: int
    said: dict[str, Any]


@dataclass
class Listing(HeadedSheet):
    """A list of customers, of contacts or of payments."""

    def rows(self) -> Iterator[Row]:
        """Every row that says something. Raises Unreadable where the file breaks off."""
        names = tuple(self.heads.places)
        for lines, *columns in self.batches():
            said = map(dict, map(zip, repeat(names), zip(*columns, strict=True)))
            if any("" in values or None in values for values in columns):
                said = map(_without_blanks, said)
            yield from map(Row, lines, said)

    def batches(self) -> Iterator[Columns]:
        """The same by columns, some hundreds of rows at a time: the lines, then what ``heads.places`` names. Blank is "" or None."""
        reader = _Reader(self)
        return self.read(reader.together, reader.alone)

    def fault(self, row: Row, what: str, message: str) -> None:
        """What is wrong with a row, under the head of what is said there."""
        self.problems.add(row.line, self.title(what) if what in self.heads.places else "", message)

    def no_customer(self, row: Row) -> None:
        """A row names a customer who is not there, or none."""
        said, name = row.said.get("customer", ""), row.said.get("name", "")
        told = said or name
        self.fault(row, "customer" if said else "name", f"there is no customer {extract(told)}" if told else "no customer")


def read_listing(
    source: BinaryIO,
    kind: ListKind,
    currency: str,
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    on_progress: Progress | None = None,
) -> Listing:
    """The list of a CSV, XLSX or ODS file. ``currency`` is that of rows that name none; ``mapping`` names columns by hand.

    Raises Unreadable where no such list is found, or while its rows are read.
    """
    return open_headed(Listing, VOCABULARIES[kind], source, currency, mapping, sheet, on_progress)


class _Reader:
    """How to read each column of one list."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._places = list(listing.heads.places.items())
        self._titles = {what: listing.heads.titles[place] for what, place in self._places}
        self._dates = Dates(month_first=listing.month_first)
        self._amounts = Currencies(listing.mark, listing.currency, "an amount in no currency")

    def together(self, lines: Sequence[int], cells: Columns) -> Columns | None:
        """What many rows say, by columns; None where one of them may be blank, repeat the heads, add up, or have a fault."""
        currency = texts(cells[self._listing.heads.places.get("currency", -1)])
        said, like_heads, like_sums = [], True, True
        for what, place in self._places:
            values: Sequence[Any]
            if what in _DATES:
                values = self._dates.column(cells[place])
            elif what in _AMOUNTS:
                [read] = {self._amounts[code] for code in set(currency)}
                values = read.column(cells[place])
            else:
                values = texts(cells[place])
                if max(map(len, values)) > _LONGEST:
                    return None
                like_heads = like_heads and (self._titles[what] in values or not all(values))
            like_sums = like_sums and (what in _ON_SUMS or not all(values))
            said.append(values)
        if like_heads or (like_sums and any(map(self._is_sum, zip(*cells, strict=True)))):
            return None
        return [lines, *said]

    def alone(self, line: int, cells: Sequence[Any]) -> Sequence[Any] | None:
        """What a row says; nothing of one that is blank, repeats the heads, adds up, or has a fault."""
        width = len(cells)
        raw = {what: cells[place] for what, place in self._places if place < width}
        said = {what: text for what, cell in raw.items() if (text := cell_text(cell))}
        if not said:
            if self._is_sum(cells):
                self._listing.passed_over["rows of totals"] += 1
            return None
        if len(said) > 1 and self._titles.items() >= said.items():
            self._listing.passed_over["repeated heads"] += 1
            return None
        if said.keys() <= _ON_SUMS and self._is_sum(cells):
            self._listing.passed_over["rows of totals"] += 1
            return None
        before = self._listing.problems.count
        values = [self._value(line, what, raw[what], said) if what in said else _blank(what) for what in self._titles]
        return (line, *values) if self._listing.problems.count == before else None

    def _is_sum(self, cells: Sequence[Any]) -> bool:
        first = next((text for cell in cells if (text := cell_text(cell))), "")
        return collation_key(first).startswith(_SUMS)

    def _value(self, line: int, what: str, cell: Any, said: Mapping[str, str]) -> Any:
        """A date, an amount, or text."""
        try:
            if what in _DATES:
                return self._dates[cell]
            if what in _AMOUNTS:
                return self._amounts[said.get("currency", "")](cell)
            if len(said[what]) > _LONGEST:
                raise ValueError(f"more than {_LONGEST} letters")
            return said[what]
        except (ValueError, TypeError) as fault:
            self._listing.problems.add(line, self._listing.title(what), f"{fault}: {extract(said[what])}")
            return None


def _without_blanks(said: dict[str, Any]) -> dict[str, Any]:
    return {what: value for what, value in said.items() if value is not None and value != ""}


def _blank(what: str) -> str | None:
    return None if what in _FIGURES else ""
