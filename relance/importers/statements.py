"""What does a bank say of an account? One shape for every format of statement, and the check that a statement adds up.

Amounts are minor units of the account's currency: what comes in is above zero, what goes out below.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple, TypeVar

from relance.core import money
from relance.importers.problems import Problems, extract

LONGEST_TEXT = 500  # letters kept of what a payer writes
LONGEST_NAME = 140
LONGEST_REFERENCE = 80
_LETTERS_OF_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", re.ASCII)
_OLDEST, _NEWEST = 1990, 2099
FINEST = "CLF"  # no currency has more decimals: amounts are looked through in it where a file does not tell theirs
_Read = TypeVar("_Read")


class Fault(ValueError):
    """What is wrong with one thing in a statement; its line only where that is not where the reader stands."""

    def __init__(self, field: str, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.field, self.line = field, line


class Entry(NamedTuple):
    """One movement, or one part of a movement that the bank tells part by part."""

    line: int
    booked_on: date
    amount: int
    payer: str = ""  # who paid; of what came back, who should have
    payer_iban: str = ""
    says: str = ""  # what the payer wrote, structured references included
    reference: str = ""  # that the payer or we gave it: the end-to-end identifier
    bank_reference: str = ""  # that the bank gave it
    code: str = ""  # the kind of operation, as the format names it
    return_reason: str = ""
    is_return: bool = False  # money that had come in and is taken back
    is_own: bool = False  # surely not from a customer: interest, a loan, a payment of ours that came back
    batch: str = ""  # what the parts of one movement have in common


class Statement(NamedTuple):
    """The entries of one account over some days; no balance where the format has none."""

    line: int
    account: str  # IBAN, or bank, branch and number joined by hyphens
    currency: str
    entries: list[Entry]
    opening: int | None = None
    closing: int | None = None
    closing_on: date | None = None


class Reading:
    """A file being read: its statements, what is wrong, and how often what was passed over."""

    def __init__(self, on_progress: Callable[[int], None] | None = None) -> None:
        self.statements: list[Statement] = []
        self.problems = Problems()
        self._passed_over: dict[str, int] = {}
        self._faults = 0  # when the last statement was taken
        self.progress = on_progress or (lambda _done: None)

    def pass_over(self, what: str) -> None:
        """Count something that is no payment, or not yet."""
        self._passed_over[what] = self._passed_over.get(what, 0) + 1

    def remarks(self) -> list[str]:
        """What was passed over, and how often."""
        return [f"{what}: {count} times" for what, count in sorted(self._passed_over.items())]

    def attempt(self, line: int, field: str, read: Callable[..., _Read], *given: object) -> _Read | None:
        """What is read of this, or None, its fault kept: what stands beside it is read all the same."""
        try:
            return read(*given)
        except Fault as fault:
            self.problems.add(fault.line or line, fault.field or field, str(fault))
        except ValueError as error:
            self.problems.add(line, field, str(error))
        return None

    def keep(self, statement: Statement) -> None:
        """Take a statement that adds up; tell by how much one does not, unless faults in it say why."""
        faults, self._faults = self.problems.count - self._faults, self.problems.count
        if not faults and statement.opening is not None and statement.closing is not None:
            total = sum(entry.amount for entry in statement.entries)
            missing = statement.closing - statement.opening - total
            if missing:
                opening, entries, closing, off = (
                    money.show(amount, statement.currency) for amount in (statement.opening, total, statement.closing, abs(missing))
                )
                which = "missing" if missing > 0 else "too much"
                told = f"opening {opening} and entries {entries} do not make closing {closing} {statement.currency}: {off} {which}"
                self.problems.add(statement.line, f"account {statement.account}", told)
                self._faults = self.problems.count
        self.statements.append(statement)


def amount_of(text: str, currency: str) -> int:
    """Minor units of an unsigned or signed decimal, with a point or a comma. Raises ValueError in words for a user."""
    plain = text.strip().removeprefix("+").replace(",", ".").removesuffix(".")
    try:
        return money.parse("0" + plain if plain.startswith(".") else plain, currency)
    except ValueError:
        raise ValueError(f"not an amount: {extract(text)}") from None


def day_of(year: str, month: str, day: str, text: str) -> date:
    """The day of these figures; a year of two figures is of 1970 to 2069. Raises ValueError in words for a user."""
    if not (year + month + day).isascii() or not (year + month + day).isdecimal():
        raise ValueError(f"not a date: {extract(text)}")
    whole = int(year) if len(year) == len("2026") else int(year) + (1900 if int(year) >= 70 else 2000)
    try:
        found = date(whole, int(month), int(day))
    except ValueError:
        raise ValueError(f"no such day in the calendar: {extract(text)}") from None
    if not _OLDEST <= found.year <= _NEWEST:
        raise ValueError(f"a date of another century: {extract(text)}")
    return found


def one_line(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text of a statement on one line, without what cannot be printed, cut where it is too long."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 4 * longest]).split())[:longest]


def iban_of(text: str) -> str:
    """An IBAN without its spaces, or nothing where it is none."""
    compact = "".join(text.split()).upper()
    return compact if _LETTERS_OF_IBAN.fullmatch(compact) else ""


def is_currency(text: str) -> bool:
    """Whether three capital letters name a currency."""
    return len(text) == len("EUR") and text.isascii() and text.isalpha() and text.isupper()
