"""How does a table write its amounts and dates? As most of its cells show, decided once for the whole table and told to the user.

``03/04/2026`` is the third of April or the fourth of March, ``1.234`` is one or a thousand: single cells cannot say, the others beside them
can. Where none does, the language of the heads decides; a cell that speaks against what was decided is a fault.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from pydantic_core import from_json

from relance.core import money

_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_SIGNS = re.compile(r"(?:€|\$|£|EUR|USD|GBP|CHF)$|^(?:€|\$|£|EUR|USD|GBP|CHF)", re.IGNORECASE)
_THOUSANDS = {",": re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d*)?"), ".": re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?")}
_BARE = {",": re.compile(r"\d*,?\d*"), ".": re.compile(r"\d*\.?\d*")}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_EUROPEAN = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})(?:[T ].*)?")
_SPOKEN = re.compile(
    r"(\d{1,2})(?:er|st|nd|rd|th)?[-/. ]+([^\W\d]+)\.?[-/., ]+(\d{2}|\d{4})|([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})"
)
_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            *(
                "janvier janv jan january",
                "fevrier fevr fev feb february",
                "mars mar march",
                "avril avr apr april",
                "mai may",
                "juin jun june",
            ),
            *("juillet juil jul july", "aout aou aug august", "septembre sept sep september", "octobre oct october"),
            *("novembre nov november", "decembre dec december"),
        ),
        1,
    )
    for month in names.split()
}
_USUAL = 11  # figures before the decimal mark; with more, they are counted
_CENTURY = 2000
_MOST_DATES = 50_000
_EXCEL_DAYS = range(20_000, 80_000)  # 1954 to 2119, as a spreadsheet counts days
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()


def decimal_mark(cells: Iterable[Any], *, french: bool) -> str:
    """The decimal mark of these cells of amounts: what most of those show that can mean one thing only; else the language's."""
    votes = {",": 0, ".": 0}
    for cell in cells:
        if isinstance(cell, str) and (shown := _shown_mark(_bare(cell))):
            votes[shown] += 1
    if votes[","] == votes["."]:
        return "," if french else "."
    return max(votes, key=votes.__getitem__)


def _shown_mark(figure: str) -> str:
    """The decimal mark that a figure cannot be read without; none where it may be read either way."""
    if "," in figure and "." in figure:
        return "," if figure.rindex(",") > figure.rindex(".") else "."
    for mark, other in ((",", "."), (".", ",")):
        if figure.count(mark) == 1 and len(figure.partition(mark)[2]) != 3:  # a group of thousands
            return mark
        if figure.count(mark) > 1:
            return other
    return ""


class Amounts:
    """Reads cells into minor units of a currency; an empty one is zero. Raises ValueError, in words, without the cell's text."""

    def __init__(self, mark: str, currency: str) -> None:
        self._mark, self._currency = mark, currency
        places = money.decimals(currency)
        figure = rf"-?[0-9]{{1,{_USUAL}}}+" + (rf"{re.escape(mark)}[0-9]{{{places}}}" if places else "")
        self._plain, self._plainly = re.compile(rf"{figure}(?:\n{figure})*+"), re.compile(figure)

    def __call__(self, cell: Any) -> int:
        """The amount of one cell."""
        if isinstance(cell, str) and self._plainly.fullmatch(cell):
            return int(cell.replace(self._mark, ""))
        return _read_text(cell, self._mark, self._currency) if isinstance(cell, str) else _from_float(cell, self._currency)

    def column(self, cells: Sequence[Any], blank: int | None = None) -> list[Any]:
        """The amounts of many cells, fast where all of them are written plainly; of an empty one, ``blank``."""
        with suppress(TypeError):  # a spreadsheet's numbers
            if self._plain.fullmatch(joined := "\n".join(cells)):
                return _integers(joined.replace(self._mark, ""))
        return [blank if isinstance(cell, str) and not cell.strip() else self(cell) for cell in cells]


def _integers(lines: str) -> list[int]:
    """One integer a line; what reads JSON reads them twice as quick as Python, unless one has zeros in front."""
    try:
        found: list[int] = from_json(f"[{lines.replace(chr(10), ',')}]")
    except ValueError:
        return list(map(int, lines.split()))
    return found


def _from_float(figure: Any, currency: str) -> int:
    """A spreadsheet's number, which is binary: to the minor unit, where it lies at one within its own accuracy."""
    if not isinstance(figure, float):
        raise ValueError("not an amount")
    exact: float = figure * 10 ** money.decimals(currency)
    if not abs(exact) < 10**money.MAX_DIGITS:
        raise ValueError(f"an amount of more than {money.MAX_DIGITS} digits")
    if abs(exact - round(exact)) > max(abs(exact) * 1e-12, 1e-6):
        raise ValueError(f"an amount with too many decimals for {currency}")
    return round(exact)


def _read_text(cell: str, mark: str, currency: str) -> int:
    figure = _bare(cell)
    if not figure:
        return 0
    negative = figure[0] == "-" or figure[-1] == "-" or (figure[0] == "(" and figure[-1] == ")")
    figure = (
        figure.strip("()") if figure[0] == "(" else figure.removeprefix("-").removesuffix("-") if negative else figure.removeprefix("+")
    )
    if _THOUSANDS[mark].fullmatch(figure):
        figure = figure.replace("." if mark == "," else ",", "")
    if not figure.isascii() or not _BARE[mark].fullmatch(figure) or figure == mark:
        other = _BARE["." if mark == "," else ","]
        raise ValueError("not an amount as the others are written" if other.fullmatch(figure) else "not an amount")
    whole, _, fraction = figure.partition(mark)
    amount = money.parse(f"{whole or 0}.{fraction}" if fraction else whole or "0", currency)
    return -amount if negative else amount


def _bare(cell: str) -> str:
    """The figure without spaces, apostrophes and the sign of its currency."""
    text = _SPACES.sub("", cell.replace("−", "-"))
    return _SIGNS.sub("", text)


class Currencies(dict[str, Amounts]):
    """Reads amounts in each currency: ``currencies["USD"]``; ``""`` is the usual one. Raises ValueError, as told, for what is none."""

    def __init__(self, mark: str, usual: str, none: str) -> None:
        super().__init__()
        self._mark, self._usual, self._none = mark, usual, none

    def __missing__(self, said: str) -> Amounts:
        code = said.upper() or self._usual
        if len(code) != len("EUR") or not code.isalpha() or not code.isascii():
            raise ValueError(self._none)
        self[said] = read = Amounts(self._mark, code)
        return read


class Dates(dict[Any, date | None]):
    """Reads each way of writing a date once: ``dates["03/04/2026"]``. Nothing is None. Raises ValueError, in words."""

    def __init__(self, *, month_first: bool) -> None:
        super().__init__()
        self._month_first = month_first

    def __missing__(self, cell: Any) -> date | None:
        if len(self) >= _MOST_DATES:  # moments of the day, of which there is no end
            self.clear()
        self[cell] = value = self._read(cell)
        return value

    def column(self, cells: Sequence[Any]) -> list[date | None]:
        """The dates of many cells."""
        return list(map(self.__getitem__, cells))

    def _read(self, cell: Any) -> date | None:
        if isinstance(cell, date):
            return _sensible(cell)
        if isinstance(cell, float):
            return _from_count(cell)
        text = cell.strip()
        if not text.strip("0/-. "):
            return None
        if len(text) == len("20260131") and text.isascii() and text.isdigit():
            return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
        if match := _ISO.fullmatch(text):
            return _day(*map(int, match.groups()))
        if match := _EUROPEAN.fullmatch(text):
            first, second, year = map(int, match.groups())
            day, month = (second, first) if self._month_first else (first, second)
            return _day(year if len(match[3]) > 2 else _CENTURY + year, month, day)  # two figures of a year
        return _spoken(text)


def month_first(cells: Iterable[Any]) -> bool:
    """Whether dates in figures put the month first: only where more of them cannot be read otherwise than the other way round."""
    votes = 0
    for cell in cells:
        if isinstance(cell, str) and (match := _EUROPEAN.fullmatch(cell.strip())):
            votes += (int(match[2]) > 12) - (int(match[1]) > 12)  # months
    return votes > 0


def _from_count(days: float) -> date:
    if days % 1 == 0 and int(days) in _EXCEL_DAYS:
        return date.fromordinal(_EXCEL_EPOCH + int(days))
    if days % 1 == 0 and 19_000_101 <= days <= 21_991_231:  # 20260131 in a cell of numbers
        figure = int(days)
        return _day(figure // 10_000, figure // 100 % 100, figure % 100)
    raise ValueError("not a date")


def _spoken(text: str) -> date:
    match = _SPOKEN.fullmatch(text)
    if match is None:
        raise ValueError("not a date")
    day, name, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
    month = _MONTHS.get(_unaccented(name))
    if month is None:
        raise ValueError("not a date")
    return _day(int(year) if len(year) > 2 else _CENTURY + int(year), month, int(day))  # two figures of a year


def _unaccented(name: str) -> str:
    return name.casefold().translate(str.maketrans("éèûç", "eeuc"))


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValueError("no such day in the calendar, as the other dates are written") from None
    return _sensible(found)


def _sensible(day: date) -> date:
    if not 1900 <= day.year < 2200:  # centuries
        raise ValueError("a date of another century")
    return day
