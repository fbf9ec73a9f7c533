"""Which rows does a table hold, whatever wrote it: CSV in any alphabet and with any separator, XLSX or ODS?

A cell of a text file is text, one of a spreadsheet may be a number or a date.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, BinaryIO, Protocol

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from relance.importers.blocks import LONGEST_LINE, Progress, read_blocks
from relance.importers.encodings import ASCII, Alphabet, ByteCensus
from relance.importers.problems import Unreadable
from relance.importers.workbook_guard import refuse_dangerous

Cell = str | float | date

_SEPARATORS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
_PIECE = 1 << 16
_SAMPLE = 200  # lines that show the separator
_WORKBOOKS = (b"PK\x03\x04",)
_FOREIGN = {
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "a workbook of an old format, or one locked with a password: save it as XLSX without a password",
    b"\x1f\x8b": "a GZIP archive",
    b"<": "a web page or an XML file",
    b"{": "a JSON file",
}
_SIGNALS = bytes({*range(32), 127} - {*b"\t\n\r"})  # letters that only machines understand
_NO_SIGNALS = dict.fromkeys(_SIGNALS)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Rows(Protocol):
    """Rows of cells, one after the other; ``line_num`` is the line of the file at which the last one ended."""

    line_num: int

    def __iter__(self) -> Iterator[list[Any]]: ...

    def __next__(self) -> list[Any]: ...


@dataclass
class Sheet:
    """A table; each call of ``rows`` reads it from its beginning. What cannot be read further raises csv.Error."""

    rows: Callable[[], Rows]
    alphabet: Alphabet = ASCII
    separator: str = ""  # in words; none in a workbook
    name: str = ""  # of the sheet of a workbook
    others: list[str] = field(default_factory=list)  # sheets of it that were not taken


def open_sheet(source: BinaryIO, sheet: str | None = None, on_progress: Progress | None = None) -> Sheet:
    """The table of a file. ``sheet`` names one of a workbook; else the first that is shown and holds something.

    Raises Unreadable: at once for what is no table, while rows are read for a row that cannot be.
    """
    start = source.read(8)
    source.seek(0)
    if start.startswith(_WORKBOOKS):
        return _open_workbook(source, sheet)
    text = start.removeprefix(_BYTE_ORDER_MARK).lstrip()
    for mark, what in _FOREIGN.items():
        if text.startswith(mark):
            raise Unreadable(f"this is {what}; a table is read from CSV, XLSX or ODS")
    return _open_text(source, on_progress)


def cell_text(cell: Any) -> str:
    """A cell as text in one line; a spreadsheet's whole number without its decimals."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


# -- text files


def _open_text(source: BinaryIO, on_progress: Progress | None) -> Sheet:
    census, sample, signals = ByteCensus(), b"", False
    for block in read_blocks(source, on_progress):
        census.add(block)
        signals = signals or len(block) != len(block.translate(None, _SIGNALS))
        if sample.count(b"\n") < _SAMPLE:
            sample += block[: LONGEST_LINE // 4] + b"\n"
    if not sample.strip():
        raise Unreadable("the file is empty")
    alphabet = census.alphabet()
    separator = _separator_of(sample.decode(alphabet.codec, "replace"))
    codec = "utf-8-sig" if sample.startswith(_BYTE_ORDER_MARK) else alphabet.codec

    def rows() -> Rows:
        source.seek(0)
        text = io.TextIOWrapper(io.BufferedReader(_Lent(source), _PIECE), encoding=codec, errors="replace", newline="")
        return csv.reader((line.translate(_NO_SIGNALS) for line in text) if signals else text, delimiter=separator)

    return Sheet(rows, alphabet, _SEPARATORS[separator])


class _Lent(io.RawIOBase):
    """A file that is read through, and stays open when the text over it is let go."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Some bytes more, put into the buffer."""
        some = self._source.read(len(buffer))
        buffer[: len(some)] = some
        return len(some)


def _separator_of(sample: str) -> str:
    """The separator that cuts most lines of the sample into one and the same number of columns, above one."""
    lines = sample.splitlines()[:_SAMPLE]

    def evenness(separator: str) -> tuple[int, int]:
        widths = Counter(map(len, _cut(lines, separator)))
        widths.pop(0, None)
        widths.pop(1, None)
        [(width, count)] = widths.most_common(1) or [(0, 0)]
        return count, width

    return max(_SEPARATORS, key=evenness)


def _cut(lines: list[str], separator: str) -> Iterator[list[str]]:
    """The lines cut into cells, as far as their quotation marks are closed."""
    with suppress(csv.Error):
        yield from csv.reader(lines, delimiter=separator)


# -- workbooks


def _open_workbook(source: BinaryIO, wanted: str | None) -> Sheet:
    refuse_dangerous(source)
    source.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(source)
        shown = [one.name for one in workbook.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        if wanted is not None and wanted not in workbook.sheet_names:
            raise Unreadable(f'there is no sheet "{wanted}"; there are: {", ".join(workbook.sheet_names)}')
        for name in [wanted] if wanted is not None else shown:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height:
                others = [other for other in shown if other != name]
                return Sheet(partial(_SheetRows, sheet), name=name, others=others)
    except CalamineError as error:
        raise Unreadable(f"this workbook cannot be read: {error}") from None
    raise Unreadable("the workbook is empty")


class _SheetRows:
    """The rows of a workbook's sheet; ``line_num`` is the number that the spreadsheet shows."""

    def __init__(self, sheet: Any) -> None:
        self.line_num, self._rows = 0, sheet.iter_rows()
        self._left = [""] * sheet.start[1]  # its rows begin with the first of the sheet, its columns with the first that is used

    def __iter__(self) -> Iterator[list[Any]]:
        return self

    def __next__(self) -> list[Any]:
        row = next(self._rows)
        self.line_num += 1
        return self._left + [_plain(cell) for cell in row]


def _plain(cell: Any) -> Cell:
    """Text in one line, numbers as floats, moments as their day; a box is text."""
    if isinstance(cell, str):
        return cell.translate(_NO_SIGNALS)
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else str(cell)
