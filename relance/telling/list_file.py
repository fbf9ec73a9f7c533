"""How does a list leave as a file? The whole of it, as it was filtered and sorted, as XLSX or CSV, in the reader's language.

Rows are read and written one after the other: memory does not grow with their number. The columns stand beside, in ``sheets_of_…``.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import IO, Any, NamedTuple

import xlsxwriter
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from relance.core import money
from relance.letters import formats
from relance.letters.control_list import inert
from relance.telling.figures import language

FORMATS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
_ROWS_OF_A_SHEET = 1_048_575  # that a spreadsheet takes, below the heads
_LONGEST_TEXT = 32_767  # that a cell takes
_CHUNK = 1_000
_WIDEST, _NARROWEST = 48, 9  # of a column, in figures
_LOOKED_AT = 200  # rows by which the widths of columns are chosen


class Amount(NamedTuple):
    """An amount in minor units: written as a number, with the decimals of its currency."""

    minor: int
    currency: str


Cell = str | int | date | datetime | Amount | None
Column = tuple[Any, Callable[[Any], Cell]]  # its head, and what stands under it in a row


class Sheet(NamedTuple):
    """A list as a file: what it is called, its columns, its rows."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Any]

    @property
    def heads(self) -> list[str]:
        """What stands above the columns, in the language of the reader."""
        return [str(head) for head, _cell in self.columns]

    def lines(self) -> Iterator[list[Cell]]:
        """The cells, line by line."""
        cells = [cell for _head, cell in self.columns]
        return ([cell(row) for cell in cells] for row in self.rows)


def handed_over(sheet: Sheet, form: str, company: str) -> FileResponse:
    """The list as an answer, in one of ``FORMATS``; the file is named after the list, the company's code and the day."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it, once it is sent
    try:
        (_as_spreadsheet if form == "xlsx" else _as_text)(sheet, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{sheet.name}-{company}-{localdate()}.{form}".replace("/", "-")
    return FileResponse(file, as_attachment=True, filename=name, content_type=FORMATS[form])


def streamed(query: QuerySet[Any, Any]) -> Iterator[Any]:
    """The rows of a query, few of them in memory at a time."""
    return query.iterator(chunk_size=_CHUNK)


def by_chunks(rows: Iterable[Any], size: int = _CHUNK) -> Iterator[list[Any]]:
    """Rows by the thousand, for what is looked up for many of them at once."""
    left = iter(rows)
    while chunk := list(islice(left, size)):
        yield chunk


# -- as text


def _as_text(sheet: Sheet, file: IO[bytes]) -> None:
    """What a spreadsheet program of the reader's country opens without a question: in French with semicolons and decimal commas."""
    french = language() != "en"
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, delimiter=";" if french else ",")
    writer.writerow(map(inert, sheet.heads))
    writer.writerows([_plain(cell, french=french) for cell in line] for line in sheet.lines())
    text.detach()  # writes what is left, and lets the file stay open


def _plain(cell: Cell, *, french: bool) -> str:
    match cell:
        case None:
            return ""
        case str():
            return inert(cell)
        case bool():
            return _("yes") if cell else _("no")
        case int():
            return str(cell)
        case Amount():
            shown = money.show(cell.minor, cell.currency)
            return shown.replace(".", ",") if french else shown
        case datetime():
            at = localtime(cell)
            return f"{_day(at.date(), french=french)} {at:%H:%M}"
        case date():
            return _day(cell, french=french)


def _day(on: date, *, french: bool) -> str:
    """As the reader's spreadsheet program takes it for a date; English ones disagree about days and months, but not about this."""
    return formats.day(on.isoformat(), language()) if french else on.isoformat()


# -- as a spreadsheet


def _as_spreadsheet(sheet: Sheet, file: IO[bytes]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        _Paper(book, sheet).fill()


class _Paper:
    """The workbook of one list: a second sheet where the first is full."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        self._book, self._sheet = book, sheet
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._on = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self._at = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"})
        self._money: dict[int, Any] = {}

    def fill(self) -> None:
        """Write every line."""
        lines = self._sheet.lines()
        first = list(islice(lines, _LOOKED_AT))
        widths = self._widths(first)
        lines = chain(first, lines)
        while True:
            page, last = self._page(widths), 0
            for last, line in enumerate(islice(lines, _ROWS_OF_A_SHEET), 1):
                for column, cell in enumerate(line):
                    self._write(page, last, column, cell)
            page.autofilter(0, 0, last, len(widths) - 1)
            if last < _ROWS_OF_A_SHEET:
                return

    def _page(self, widths: list[int]) -> Any:
        page = self._book.add_worksheet()
        page.freeze_panes(1, 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        for column, (head, width) in enumerate(zip(self._sheet.heads, widths, strict=True)):
            page.set_column(column, column, width)
            page.write_string(0, column, head, self._head)
        return page

    def _widths(self, lines: list[list[Cell]]) -> list[int]:
        """Wide enough for what stands in the first lines."""
        shown = [[len(_plain(cell, french=True)) for cell in line] for line in lines]
        longest = [max(lengths) for lengths in zip(*shown, strict=True)] if shown else [0] * len(self._sheet.columns)
        return [min(max(_NARROWEST, one + 2), _WIDEST) for one in longest]

    def _write(self, page: Any, line: int, column: int, cell: Cell) -> None:
        match cell:
            case None | "":
                return
            case str():
                page.write_string(line, column, cell[:_LONGEST_TEXT])
            case bool():
                page.write_string(line, column, _("yes") if cell else _("no"))
            case int():
                page.write_number(line, column, cell)
            case Amount():
                page.write_number(line, column, float(money.show(cell.minor, cell.currency)), self._of(cell.currency))
            case datetime():
                page.write_datetime(line, column, localtime(cell).replace(tzinfo=None), self._at)
            case date():
                page.write_datetime(line, column, cell, self._on)

    def _of(self, currency: str) -> Any:
        places = money.decimals(currency)
        if places not in self._money:
            self._money[places] = self._book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")})
        return self._money[places]
