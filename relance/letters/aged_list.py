"""Who owes what, by age, on paper, in a spreadsheet or as text: the aged balance as a file of its own (register K4 to K13)."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from relance.core import money
from relance.core.aging import AgedAccount, AgedBalance, AgedGroup, GroupBy, Operation
from relance.letters import formats
from relance.letters.binding import merge
from relance.letters.control_list import inert
from relance.letters.press import Press
from relance.letters.typesetter import LetterProblem
from relance.letters.words import words

ON_A_PART = 800  # accounts typeset at a time


class Heading(NamedTuple):
    """Whose balance it is, of when, what it is headed, and what its columns are called."""

    company: str
    language: str
    as_of: date
    title: str
    labels: tuple[str, ...]


def write(balance: AgedBalance, operations: Iterable[Operation], heading: Heading, out: Path) -> None:
    """Write the accounts in the format of the suffix: .xlsx (with every operation on a sheet of its own), .csv or .pdf.

    Raises ValueError for another, LetterProblem, OSError.
    """
    match out.suffix.lower():
        case ".xlsx":
            _as_spreadsheet(balance, operations, heading, out)
        case ".csv":
            _as_text(balance, heading, out)
        case ".pdf":
            _as_pdf(balance, heading, out)
        case _:
            raise ValueError(f"cannot write {out.name}: only .xlsx, .csv, .pdf")


def _heads(balance: AgedBalance, heading: Heading) -> list[str]:
    said = words(heading.language)
    grouped = [] if balance.group_by is GroupBy.ACCOUNT else [""]
    return [*grouped, said["account"], said["name"], said["currency"], *heading.labels, said["sum"]]


def _lines(balance: AgedBalance) -> Iterator[tuple[list[str], AgedAccount]]:
    """What stands before the amounts of each account; the group first, where there are any."""
    for group in balance.groups:
        before = [] if balance.group_by is GroupBy.ACCOUNT else [group.key]
        for account in group.accounts:
            yield [*before, account.account, account.name, account.currency], account


def _as_text(balance: AgedBalance, heading: Heading, out: Path) -> None:
    """A byte order mark and semicolons, in English commas: what a spreadsheet program of the reader opens without a question."""
    point = "." if heading.language == "en" else ","

    def figures(amounts: Iterable[int], currency: str) -> list[str]:
        return [money.show(amount, currency).replace(".", point) for amount in amounts]

    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter="," if heading.language == "en" else ";")
        writer.writerow(_heads(balance, heading))
        for before, account in _lines(balance):
            writer.writerow([*map(inert, before), *figures((*account.amounts, account.total), account.currency)])
        blanks = [""] * (len(_heads(balance, heading)) - len(heading.labels) - 3)
        for currency, amounts in balance.totals.by_currency().items():
            writer.writerow([*blanks, words(heading.language)["total_all"], currency, *figures((*amounts, sum(amounts)), currency)])


def _as_spreadsheet(balance: AgedBalance, operations: Iterable[Operation], heading: Heading, out: Path) -> None:
    """Written row by row: memory does not grow with the balance."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(out), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        paper = _Paper(book)
        _accounts_sheet(paper, balance, heading)
        _operations_sheet(paper, balance, operations, heading)


class _Paper:
    """A workbook with the formats its cells share."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self.bold = book.add_format({"bold": True})
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._money: dict[tuple[str, bool], Any] = {}

    def sheet(self, name: str, heads: list[str], widths: list[int], frozen: int) -> Any:
        """A sheet with its heads, which stay in sight."""
        sheet = self.book.add_worksheet(name[:31])
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, self._head)
        sheet.freeze_panes(1, frozen)
        return sheet

    def amount(self, sheet: Any, line: int, column: int, minor: int, currency: str, *, bold: bool = False) -> None:
        """An amount, as a number with the decimals of its currency."""
        if (currency, bold) not in self._money:
            places = money.decimals(currency)
            shape = "#,##0" + ("." + "0" * places if places else "")
            self._money[currency, bold] = self.book.add_format({"num_format": shape, "bold": bold})
        sheet.write_number(line, column, float(money.show(minor, currency)), self._money[currency, bold])


def _accounts_sheet(paper: _Paper, balance: AgedBalance, heading: Heading) -> None:
    heads = _heads(balance, heading)
    before = len(heads) - len(heading.labels) - 1
    widths = [*([14] * (before - 2)), 34, 8, *([13] * len(heading.labels)), 14]
    sheet = paper.sheet(words(heading.language)["aged_balance"], heads, widths, before)
    line = 0
    for line, (texts, account) in enumerate(_lines(balance), 1):
        for column, text in enumerate(texts):
            sheet.write_string(line, column, text)
        for column, amount in enumerate((*account.amounts, account.total), before):
            paper.amount(sheet, line, column, amount, account.currency, bold=column == len(heads) - 1)
    for currency, amounts in balance.totals.by_currency().items():
        line += 1
        sheet.write_string(line, before - 2, words(heading.language)["total_all"], paper.bold)
        sheet.write_string(line, before - 1, currency, paper.bold)
        for column, amount in enumerate((*amounts, sum(amounts)), before):
            paper.amount(sheet, line, column, amount, currency, bold=True)


def _operations_sheet(paper: _Paper, balance: AgedBalance, operations: Iterable[Operation], heading: Heading) -> None:
    said = words(heading.language)
    shown = {(account.company, account.account, account.currency) for group in balance.groups for account in group.accounts}
    heads = [said[key] for key in ("account", "name", "document", "date", "due_date", "label", "age", "currency", "open")]
    sheet = paper.sheet(said["operations"], heads, [14, 34, 16, 11, 11, 34, 10, 8, 14], 2)
    line = 0
    for one in operations:
        if (one.company, one.account, one.currency) not in shown:
            continue
        line += 1
        for column, text in ((0, one.account), (1, one.name), (2, one.document), (5, one.label), (7, one.currency)):
            sheet.write_string(line, column, text)
        for column, day in ((3, one.document_date), (4, one.due_date)):
            sheet.write_datetime(line, column, day, paper.day)
        sheet.write_number(line, 6, balance.grid.age(one, heading.as_of))
        paper.amount(sheet, line, 8, one.amount, one.currency)


def _as_pdf(balance: AgedBalance, heading: Heading, out: Path) -> None:
    """Typeset part after part, so that memory does not grow with the balance; the pages are numbered through."""
    with closing(Press()) as press:
        merge(_parts(balance, heading, press), out)


def _parts(balance: AgedBalance, heading: Heading, press: Press) -> Iterator[bytes]:
    import pikepdf

    page = 1
    rows = list(_printed(balance, heading))
    for start in range(0, len(rows) or 1, ON_A_PART):
        last = start + ON_A_PART >= len(rows)
        part = press.set("aged", _part(rows[start : start + ON_A_PART], balance if last else None, heading, page))
        if isinstance(part, LetterProblem):
            raise part
        with pikepdf.open(io.BytesIO(part)) as pdf:
            page += len(pdf.pages)
        yield part


def _printed(balance: AgedBalance, heading: Heading) -> Iterator[dict[str, Any]]:
    """Rows of three kinds: the head of a group, an account, the sum of a group."""
    figures = _figures(heading.language)
    for group in balance.groups:
        if balance.group_by is not GroupBy.ACCOUNT:
            yield {"kind": "group", "texts": [group.key or "–"]}
        for one in group.accounts:
            yield {"kind": "account", "texts": [one.account, one.name], "figures": figures((*one.amounts, one.total), one.currency)}
        if balance.group_by is not GroupBy.ACCOUNT:
            yield from _sums(group, heading)


def _sums(group: AgedGroup | AgedBalance, heading: Heading) -> Iterator[dict[str, Any]]:
    figures, said = _figures(heading.language), words(heading.language)
    for currency, amounts in group.totals.by_currency().items():
        yield {"kind": "sum", "texts": [said["sum"], currency], "figures": figures((*amounts, sum(amounts)), currency)}


def _figures(language: str) -> Callable[[Iterable[int], str], list[str]]:
    """Amounts as they are printed, nothing for none; the last with its currency."""

    def printed(amounts: Iterable[int], currency: str) -> list[str]:
        *ages, total = amounts
        return [*(formats.number(one, currency, language) if one else "" for one in ages), formats.amount(total, currency, language)]

    return printed


def _part(rows: list[dict[str, Any]], balance: AgedBalance | None, heading: Heading, page: int) -> dict[str, Any]:
    said = words(heading.language)
    return {
        "date": heading.as_of.isoformat(),
        "language": heading.language,
        "words": said,
        "page": page,
        "company": heading.company,
        "title": heading.title,
        "about": formats.long_day(heading.as_of.isoformat(), heading.language),
        "heads": [said["account"], said["name"], *heading.labels, said["sum"]],
        "rows": rows,
        "totals": [*_sums(balance, heading)] if balance else [],
    }
