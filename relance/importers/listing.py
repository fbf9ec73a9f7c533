"""What does a list of customers, of contacts or of payments say, row by row?

A cell is text but for those that the kind of list reads as an amount or a date. What is wrong with a row is a problem at its line.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from relance.core.names import collation_key
from relance.importers.blocks import Progress
from relance.importers.list_heads import VOCABULARIES, ListKind
from relance.importers.problems import LineByLine, Problem, Unreadable, extract
from relance.importers.sheet import Sheet, cell_text, open_sheet
from relance.importers.sheet_heads import Heads, find_heads, refuse_unknown_mapping
from relance.importers.sheet_values import Amounts, Dates, decimal_mark, month_first

_SAMPLE = 5_000  # rows that show how amounts and dates are written
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
class Listing:
    """A list whose heads are known; reading its rows completes ``problems`` and ``passed_over``."""

    sheet: Sheet
    heads: Heads
    currency: str  # of rows that name none
    mark: str  # of decimals
    month_first: bool
    problems: LineByLine = field(default_factory=LineByLine)
    passed_over: Counter[str] = field(default_factory=Counter)

    def rows(self) -> Iterator[Row]:
        """Every row that says something. Raises Unreadable where the file breaks off."""
        rows = self.sheet.rows()
        for _ in range(self.heads.row + 1):
            next(rows)
        reader = _Reader(self)
        try:
            for cells in rows:
                if row := reader.read(rows.line_num, cells):
                    yield row
        except csv.Error:
            raise Unreadable(f"a quotation mark is opened and not closed before line {rows.line_num}") from None

    def title(self, what: str) -> str:
        """The head over a thing, for a problem."""
        place = self.heads.places.get(what)
        return self.heads.titles[place] if place is not None else what

    def fault(self, row: Row, what: str, message: str) -> None:
        """What is wrong with a row, under the head of what is said there."""
        self.problems.add(row.line, self.title(what) if what in self.heads.places else "", message)

    def no_customer(self, row: Row) -> None:
        """A row names a customer who is not there, or none."""
        said, name = row.said.get("customer", ""), row.said.get("name", "")
        told = said or name
        self.fault(row, "customer" if said else "name", f"there is no customer {extract(told)}" if told else "no customer")

    def recognised(self) -> dict[str, str]:
        """What each column was taken for: its head, by name."""
        return {what: self.heads.titles[place] for what, place in sorted(self.heads.places.items(), key=lambda one: one[1])}

    def remarks(self) -> list[Problem]:
        """What the user should know, once the rows were read."""
        taken = set(self.heads.places.values())
        ignored = [title for place, title in enumerate(self.heads.titles) if title and place not in taken]
        said = [f"read as {self.sheet.alphabet.name}: {self.sheet.alphabet.doubt}"] if self.sheet.alphabet.doubt else []
        said += ["dates were read with the month first"] if self.month_first else []
        said += [f"columns not used: {', '.join(ignored)}"] if ignored else []
        if self.sheet.others:
            said.append(f'only the sheet "{self.sheet.name}" was read, not {", ".join(self.sheet.others)}')
        return [Problem(0, "", text) for text in said + [f"{count} {what} passed over" for what, count in self.passed_over.items()]]


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
    vocabulary = VOCABULARIES[kind]
    refuse_unknown_mapping(mapping or {}, vocabulary)
    opened = open_sheet(source, sheet, on_progress)
    rows = opened.rows()
    try:
        heads = find_heads(rows, mapping or {}, vocabulary)
        sample = list(islice(rows, _SAMPLE))
    except csv.Error:
        raise Unreadable(f"a quotation mark is opened and not closed before line {rows.line_num}") from None
    mark = decimal_mark(_cells(sample, heads, _AMOUNTS), french=heads.french)
    return Listing(opened, heads, currency, mark, month_first(_cells(sample, heads, _DATES)))


def _cells(sample: list[list[Any]], heads: Heads, columns: tuple[str, ...]) -> Iterator[Any]:
    places = [heads.places[what] for what in columns if what in heads.places]
    return (row[place] for row in sample for place in places if place < len(row))


class _Reader:
    """How to read each column of one list."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._places = list(listing.heads.places.items())
        self._titles = {what: listing.heads.titles[place] for what, place in self._places}
        self._dates = Dates(month_first=listing.month_first)
        self._amounts: dict[str, Amounts] = {}

    def read(self, line: int, cells: list[Any]) -> Row | None:
        """What a row says; nothing of one that is blank, repeats the heads, adds up, or has a fault."""
        width = len(cells)
        raw = {what: cell for what, place in self._places if place < width and (cell := cells[place]) != ""}
        texts = {what: text for what, cell in raw.items() if (text := " ".join(cell.split()) if type(cell) is str else cell_text(cell))}
        if not texts:
            if any(cell_text(cell) for cell in cells) and self._is_sum(cells):
                self._listing.passed_over["rows of totals"] += 1
            return None
        if len(texts) > 1 and self._titles.items() >= texts.items():
            self._listing.passed_over["repeated heads"] += 1
            return None
        if texts.keys() <= _ON_SUMS and self._is_sum(cells):
            self._listing.passed_over["rows of totals"] += 1
            return None
        before = self._listing.problems.count
        said: dict[str, Any] = dict(texts)
        for what, text in texts.items():
            if what in _FIGURES or len(text) > _LONGEST:
                said[what] = self._value(line, what, raw[what], texts)
        return Row(line, said) if self._listing.problems.count == before else None

    def _is_sum(self, cells: list[Any]) -> bool:
        first = next((text for cell in cells if (text := cell_text(cell))), "")
        return collation_key(first).startswith(_SUMS)

    def _value(self, line: int, what: str, cell: Any, texts: Mapping[str, str]) -> Any:
        """An amount or a date; any other cell is too long."""
        try:
            if what in _DATES:
                return self._dates[cell]
            if what in _AMOUNTS:
                return self._amount_reader(texts.get("currency", ""))(cell)
            raise ValueError(f"more than {_LONGEST} letters")
        except (ValueError, TypeError) as fault:
            self._listing.problems.add(line, self._listing.title(what), f"{fault}: {extract(texts[what])}")
            return None

    def _amount_reader(self, said: str) -> Amounts:
        code = said.upper() or self._listing.currency
        if code not in self._amounts:
            if len(code) != len("EUR") or not code.isalpha() or not code.isascii():
                raise ValueError("an amount in no currency")
            self._amounts[code] = Amounts(self._listing.mark, code)
        return self._amounts[code]
