"""What does a table say below its heads, some hundreds of rows at a time and column by column?

A column whose cells are all written as most are is read at once, which takes a fraction of what its cells take one by one. Where something
in these rows is otherwise, they are read one after the other; what comes of them is the same, and what is wrong is told by line.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, islice
from typing import Any, BinaryIO, TypeVar

from relance.importers.blocks import Progress
from relance.importers.problems import LineByLine, Problem, Unreadable
from relance.importers.sheet import Rows, Sheet, cell_text, open_sheet
from relance.importers.sheet_heads import Heads, Vocabulary, find_heads, refuse_unknown_mapping
from relance.importers.sheet_values import decimal_mark, month_first

Columns = Sequence[Sequence[Any]]

_SAMPLE = 5_000  # rows that show how amounts and dates are written
_AMOUNTS, _DATES = ("open", "amount", "debit", "credit"), ("date", "due_date", "left_on")
_AT_ONCE = 200  # rows: with more, they have left the processor's nearest memory before they are read again
_OTHER_SPACES = [letter for letter in map(chr, range(0x3001)) if letter.isspace() and letter != " "]


@dataclass
class HeadedSheet:
    """A table whose heads are known; reading what stands below completes ``problems`` and ``passed_over``."""

    sheet: Sheet
    heads: Heads
    currency: str  # of rows that name none
    mark: str  # of decimals
    month_first: bool
    problems: LineByLine = field(default_factory=LineByLine)
    passed_over: Counter[str] = field(default_factory=Counter)

    def read(
        self,
        together: Callable[[Sequence[int], Columns], Columns | None],
        alone: Callable[[int, list[Any]], Sequence[Any] | None],
    ) -> Iterator[Columns]:
        """All rows in batches, column by column. Raises Unreadable where the file breaks off.

        ``together`` is given the lines of some rows, and a column for each head with a blank one behind them; it returns columns of what
        they say. Where it returns None, or raises ValueError or TypeError, ``alone`` is given each line and row; it returns what that says,
        or None.
        """
        rows = self.sheet.rows()
        for _ in range(self.heads.row + 1):
            next(rows)
        before = rows.line_num
        while some := _next_rows(rows):
            lines = _line_numbers(some, before, rows.line_num)
            before = rows.line_num
            if found := _tried(together, lines, self._columns(some)) or list(zip(*filter(None, map(alone, lines, some)), strict=True)):
                yield found

    def _columns(self, rows: list[list[Any]]) -> Columns:
        width = len(self.heads.titles)
        if set(map(len, rows)) != {width}:
            rows = [(cells + [""] * width)[:width] for cells in rows]
        return [*zip(*rows, strict=True), ("",) * len(rows)]

    def title(self, what: str) -> str:
        """The head over a thing, for a problem."""
        place = self.heads.places.get(what)
        return self.heads.titles[place] if place is not None else what

    def recognised(self) -> dict[str, str]:
        """What each column was taken for: its head, by name."""
        return {what: self.heads.titles[place] for what, place in sorted(self.heads.places.items(), key=lambda one: one[1])}

    def ignored(self) -> list[str]:
        """The heads of the columns that were not taken for anything."""
        taken = set(self.heads.places.values())
        return [title for place, title in enumerate(self.heads.titles) if title and place not in taken]

    def remarks(self) -> list[Problem]:
        """What the user should know, once the rows were read."""
        said = [f"read as {self.sheet.alphabet.name}: {self.sheet.alphabet.doubt}"] if self.sheet.alphabet.doubt else []
        if self.month_first:
            said.append("dates were read with the month first")
        if self.ignored():
            said.append(f"columns not used: {', '.join(self.ignored())}")
        if self.sheet.others:
            said.append(f'only the sheet "{self.sheet.name}" was read, not {", ".join(self.sheet.others)}')
        said += [f"{count} {what} passed over" for what, count in self.passed_over.items()]
        return [Problem(0, "", text) for text in said]


Headed = TypeVar("Headed", bound=HeadedSheet)


def open_headed(
    kind: type[Headed],
    vocabulary: Vocabulary,
    source: BinaryIO,
    currency: str,
    mapping: Mapping[str, str] | None,
    sheet: str | None,
    on_progress: Progress | None,
) -> Headed:
    """The table of a CSV, XLSX or ODS file. ``currency`` is that of rows that name none; ``mapping`` names columns by hand.

    Raises Unreadable where no row names what this kind of table needs.
    """
    refuse_unknown_mapping(mapping or {}, vocabulary)
    opened = open_sheet(source, sheet, on_progress)
    rows = opened.rows()
    try:
        heads = find_heads(rows, mapping or {}, vocabulary)
        sample = list(islice(rows, _SAMPLE))
    except csv.Error:
        raise _unclosed(rows) from None
    mark = decimal_mark(_cells(sample, heads, _AMOUNTS), french=heads.french)
    return kind(opened, heads, currency, mark, month_first(_cells(sample, heads, _DATES)))


def texts(cells: Sequence[Any]) -> Sequence[str]:
    """A column as text, each cell in one line."""
    return cells if _are_plain(cells) else list(map(cell_text, cells))


def put_together(batches: Iterable[Columns]) -> Columns:
    """The columns of several batches, each in one."""
    return [list(chain.from_iterable(parts)) for parts in zip(*batches, strict=True)]


def _are_plain(cells: Sequence[Any]) -> bool:
    """Whether all cells are text in one line: put in a row, they are so too, and no two spaces meet."""
    try:
        return _in_one_line(" ".join(cells)) or _in_one_line(" ".join(filter(None, cells)))
    except TypeError:
        return False


def _in_one_line(text: str) -> bool:
    return "  " not in text and text == text.strip() and not any(map(text.__contains__, _OTHER_SPACES))


def _tried(together: Callable[[Sequence[int], Columns], Columns | None], lines: Sequence[int], columns: Columns) -> Columns | None:
    try:
        return together(lines, columns)
    except (ValueError, TypeError):
        return None


def _next_rows(rows: Rows) -> list[list[Any]]:
    try:
        return list(islice(rows, _AT_ONCE))
    except csv.Error:
        raise _unclosed(rows) from None


def _unclosed(rows: Rows) -> Unreadable:
    return Unreadable(f"a quotation mark is opened and not closed before line {rows.line_num}")


def _line_numbers(rows: list[list[Any]], before: int, after: int) -> Sequence[int]:
    """The line at which each row ends, of rows that stand between two lines: a cell may hold the ends of lines."""
    if after - before == len(rows):
        return range(before + 1, after + 1)
    return list(accumulate((1 + sum(map(_line_ends, row)) for row in rows), initial=before))[1:]


def _line_ends(cell: Any) -> int:
    text = str(cell)
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _cells(sample: list[list[Any]], heads: Heads, columns: tuple[str, ...]) -> Iterator[Any]:
    places = [heads.places[what] for what in columns if what in heads.places]
    return (row[place] for row in sample for place in places if place < len(row))
