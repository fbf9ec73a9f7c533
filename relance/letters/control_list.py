"""What would be dunned, for study: the control list of a letter edition as a page, a spreadsheet or a text file (register A10).

Rows come in the order of the letters, grouped by customer; customers and the whole are added up currency by currency.
"""

import csv
import datetime as dt
import io
import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from relance.core import money
from relance.letters import formats
from relance.letters.binding import merge
from relance.letters.press import Press
from relance.letters.typesetter import LetterProblem
from relance.letters.words import words

ON_A_PART = 1_000  # rows typeset at a time
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Row(NamedTuple):
    """One due item, or one credit in deduction (below zero, without levels); amounts in minor units."""

    customer: str
    name: str
    sales_rep: str
    document: str
    date: dt.date
    due_date: dt.date
    level_before: int | str | None
    last_dunned_on: dt.date | None
    level_after: int | str | None
    days_overdue: int | None
    open: int
    currency: str


class Heading(NamedTuple):
    """Whose list it is, and of when."""

    company: str
    language: str
    as_of: dt.date
    level: int


HEADS = ("customer", "name", "sales_rep", "document", "date", "due_date", "level_before", "last_dunned_on", "level_after", "days_overdue")


def write(rows: Iterable[Row], heading: Heading, out: Path) -> None:
    """Write the list in the format of the suffix: .pdf, .xlsx or .csv. Raises ValueError for another, LetterProblem, OSError."""
    writers: dict[str, Callable[[Iterable[Row], Heading, Path], None]] = {".pdf": _as_pdf, ".xlsx": _as_spreadsheet, ".csv": _as_text}
    if out.suffix.lower() not in writers:
        raise ValueError(f"cannot write {out.name}: only {', '.join(writers)}")
    writers[out.suffix.lower()](rows, heading, out)


def inert(text: str) -> str:
    """The text as a spreadsheet will not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def totals(rows: Iterable[Row]) -> dict[str, int]:
    """Open amounts by currency."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.currency] = found.get(row.currency, 0) + row.open
    return dict(sorted(found.items()))


def _by_customer(rows: Iterable[Row]) -> Iterator[tuple[Row, list[Row]]]:
    """The rows of each customer, with the first of them."""
    for _, group in itertools.groupby(rows, key=lambda row: row.customer):
        found = list(group)
        yield found[0], found


def _add(sums: dict[str, int], more: dict[str, int]) -> None:
    for currency, amount in more.items():
        sums[currency] = sums.get(currency, 0) + amount


def _as_text(rows: Iterable[Row], heading: Heading, out: Path) -> None:
    """A byte order mark and semicolons, in English commas: what a spreadsheet program of the reader opens without a question."""
    said = words(heading.language)
    whole: dict[str, int] = {}
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter="," if heading.language == "en" else ";")
        writer.writerow([said[head] for head in (*HEADS, "open", "currency")])
        for first, found in _by_customer(rows):
            writer.writerows(_text_line(row, heading) for row in found)
            _add(whole, sums := totals(found))
            for currency, amount in sums.items():
                writer.writerow(
                    [inert(first.customer), inert(first.name), *[""] * 7, said["total_customer"], *_figure(amount, currency, heading)]
                )
        for currency, amount in sorted(whole.items()):
            writer.writerow([*[""] * 9, said["total_all"], *_figure(amount, currency, heading)])


def _text_line(row: Row, heading: Heading) -> list[str]:
    return [_cell(value, heading.language) for value in row[:10]] + _figure(row.open, row.currency, heading)


def _cell(value: Any, language: str) -> str:
    if isinstance(value, dt.date):
        return formats.day(value.isoformat(), language)
    return inert(value) if isinstance(value, str) else "" if value is None else str(value)


def _figure(amount: int, currency: str, heading: Heading) -> list[str]:
    shown = money.show(amount, currency)
    return [shown if heading.language == "en" else shown.replace(".", ","), currency]


def _as_spreadsheet(rows: Iterable[Row], heading: Heading, out: Path) -> None:
    """Written row by row: memory does not grow with the list."""
    import xlsxwriter

    said = words(heading.language)
    whole: dict[str, int] = {}
    with xlsxwriter.Workbook(str(out), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = _Sheet(book, said)
        for first, found in _by_customer(rows):
            for row in found:
                sheet.row(row)
            _add(whole, sums := totals(found))
            for currency, amount in sums.items():
                sheet.total([first.customer, first.name], said["total_customer"], amount, currency)
        for currency, amount in sorted(whole.items()):
            sheet.total([], said["total_all"], amount, currency)


class _Sheet:
    """The one sheet of the workbook, filled from the top."""

    def __init__(self, book: Any, said: dict[str, str]) -> None:
        self.book, self.line = book, 1
        self._formats: dict[tuple[str, bool], Any] = {}
        self.day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self.bold = book.add_format({"bold": True})
        self.sheet = book.add_worksheet(said["control_list"][:31])
        for column, width in enumerate((12, 32, 10, 18, 11, 11, 9, 12, 9, 9, 14, 8)):
            self.sheet.set_column(column, column, width)
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        for column, name in enumerate((*HEADS, "open", "currency")):
            self.sheet.write_string(0, column, said[name], head)
        self.sheet.freeze_panes(1, 2)

    def row(self, row: Row) -> None:
        for column, value in enumerate(row[:10]):
            if isinstance(value, dt.date):
                self.sheet.write_datetime(self.line, column, value, self.day)
            elif isinstance(value, int):
                self.sheet.write_number(self.line, column, value)
            elif value:
                self.sheet.write_string(self.line, column, value)
        self._open(row.open, row.currency, bold=False)

    def total(self, who: list[str], label: str, amount: int, currency: str) -> None:
        for column, text in enumerate(who):
            self.sheet.write_string(self.line, column, text, self.bold)
        self.sheet.write_string(self.line, 9, label, self.bold)
        self._open(amount, currency, bold=True)

    def _open(self, amount: int, currency: str, *, bold: bool) -> None:
        self.sheet.write_number(self.line, 10, float(money.show(amount, currency)), self._money(currency, bold))
        self.sheet.write_string(self.line, 11, currency)
        self.line += 1

    def _money(self, currency: str, bold: bool) -> Any:
        shape = "#,##0" + ("." + "0" * money.decimals(currency) if money.decimals(currency) else "")
        if (shape, bold) not in self._formats:
            self._formats[shape, bold] = self.book.add_format({"num_format": shape, "bold": bold})
        return self._formats[shape, bold]


def _as_pdf(rows: Iterable[Row], heading: Heading, out: Path) -> None:
    """Typeset part after part, so that memory does not grow with the list; the pages are numbered through."""
    with tempfile.TemporaryDirectory(prefix="relance-list-"), closing(Press()) as press:
        merge(_parts(rows, heading, press), out)


def _parts(rows: Iterable[Row], heading: Heading, press: Press) -> Iterator[bytes]:
    import pikepdf

    page = 1
    whole: dict[str, int] = {}
    for customers, last in _several(_by_customer(rows)):
        groups = []
        for first, found in customers:
            _add(whole, sums := totals(found))
            groups.append(_group(first, found, sums, heading.language))
        part = press.set("control_list", _part(groups, whole if last else {}, heading, page))
        if isinstance(part, LetterProblem):
            raise part
        with pikepdf.open(io.BytesIO(part)) as pdf:
            page += len(pdf.pages)
        yield part


def _several(groups: Iterable[tuple[Row, list[Row]]]) -> Iterator[tuple[list[tuple[Row, list[Row]]], bool]]:
    """Customers, as many as make a part; and whether it is the last one."""
    part: list[tuple[Row, list[Row]]] = []
    for group in groups:
        if part and sum(len(found) for _, found in part) + len(group[1]) > ON_A_PART:
            yield part, False
            part = []
        part.append(group)
    yield part, True


def _part(groups: list[dict[str, Any]], whole: dict[str, int], heading: Heading, page: int) -> dict[str, Any]:
    said, language, as_of = words(heading.language), heading.language, heading.as_of.isoformat()
    return {
        "date": as_of,
        "language": language,
        "words": said,
        "page": page,
        "company": heading.company,
        "title": said["control_list"],
        "about": f"{said['level']} {heading.level} – {formats.long_day(as_of, language)}",
        "groups": groups,
        "totals": [formats.amount(amount, currency, language) for currency, amount in sorted(whole.items())],
    }


def _group(first: Row, rows: list[Row], sums: dict[str, int], language: str) -> dict[str, Any]:
    return {
        "code": first.customer,
        "name": first.name,
        "sales_rep": first.sales_rep,
        "rows": [[_shown(value, language) for value in row[3:10]] + [formats.amount(row.open, row.currency, language)] for row in rows],
        "totals": [formats.amount(amount, currency, language) for currency, amount in sums.items()],
    }


def _shown(value: Any, language: str) -> str:
    return formats.day(value.isoformat(), language) if isinstance(value, dt.date) else "" if value is None else str(value)
