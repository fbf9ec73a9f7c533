"""How is a statement in the French bankers' format of 120 characters read? Record by record, refused at the line that is not one.

Source: CFONB, "Relevé de compte 120 caractères", and "Évolutions du relevé de compte 120 caractères pour les opérations de virements et de
prélèvements SEPA", version 2.0 of March 2010, for the complements and the operation codes.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO, NamedTuple

from relance.core import money
from relance.importers.problems import extract
from relance.importers.statements import (
    FINEST,
    LONGEST_NAME,
    LONGEST_REFERENCE,
    Entry,
    Fault,
    Reading,
    Statement,
    day_of,
    iban_of,
    is_currency,
    one_line,
)

_WIDTH = 120
_LONGEST_LINE = 4_096
_STARTS = ("01", "04", "05", "07")
_SIGNED = re.compile(r"[0-9 ]*[0-9A-R{}]", re.ASCII)
_SIGNS = {"{ABCDEFGHI": 1, "}JKLMNOPQR": -1}
_LAST = {letter: (digit, sign) for letters, sign in _SIGNS.items() for digit, letter in enumerate(letters)}

# Interbank operation codes: cheques, direct debits, bills, card payments that come back, and instant transfers recalled.
RETURNED = frozenset({"03", "10", "26", "27", "33", "34", "38", "98", "B3", "B4", "C4"})
# Credits that no customer pays: own transfers and debits that came back, cash pooling, exchange, interest, loans, securities, deposits.
OWN = frozenset(
    {"12", "13", "42", "46", "47", "48", "49", *map(str, range(51, 60)), "61", "63", "71", "73", "74", "77", "80", "81", "82", "83"}
    | {"84", "86", "87", "89", "92", "94", "95", "99", "A3", "A4", "B5", "B6", "C3", "C5"}
)
# Complements that are not what the payer writes: names and identifiers of the parties, accounts, mandate, original amount.
_NOT_TEXT = frozenset({"NPY", "IPY", "NBE", "IBE", "IPO", "NBU", "IBU", "CBE", "CPY", "RUM", "MMO"})


class _Opened(NamedTuple):
    line: int
    account: str
    currency: str  # empty where the record does not tell it rightly
    amount: int | None


class _Movement(NamedTuple):
    entry: Entry | None  # None where something in it is wrong
    label: str
    complements: list[tuple[str, str]]


def announces_cfonb120(start: bytes) -> bool:
    """Whether the first line is a record of an opening balance, or another record of 120 characters with a currency in its place."""
    line = start.lstrip(b"\r\n").partition(b"\n")[0].rstrip(b"\r")
    return len(line) >= _WIDTH - 30 and re.match(rb"0[1457].{14}[A-Z]{3}[0-9 ]", line, re.DOTALL) is not None


def read_cfonb120(file: BinaryIO, reading: Reading) -> None:
    """Read every statement of the file."""
    records = _Records(reading)
    for number, line in _lines(file):
        reading.progress(file.tell())
        reading.attempt(number, "", records.take, number, line)
    records.end()


def _lines(file: BinaryIO) -> Iterator[tuple[int, str]]:
    number = 0
    while raw := file.readline(_LONGEST_LINE):
        number += 1
        text = raw.rstrip(b"\r\n").decode("latin-1")
        if text.strip():
            yield number, text.ljust(_WIDTH)


class _Records:
    """Where in a file the reader is: in which statement, behind which movement."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._opened: _Opened | None = None
        self._number = ""
        self._movements: list[_Movement] = []

    def take(self, line: int, text: str) -> None:
        if len(text.rstrip()) > _WIDTH:
            raise Fault("", f"a record of {min(len(text), _LONGEST_LINE)} characters, not of {_WIDTH}")
        kind = text[:2]
        if kind not in _STARTS:
            raise Fault("", f"not a record of a statement (01, 04, 05, 07): {extract(text[:10])}")
        if kind == "01":
            self._open(line, text)
        elif kind == "04":
            self._movement(line, text)
        elif kind == "05":
            self._complement(text)
        else:
            self._close(line, text)

    def end(self) -> None:
        if self._opened is not None:
            self._reading.problems.add(self._opened.line, "", "the statement that begins here has no closing balance (record 07)")

    def _open(self, line: int, text: str) -> None:
        unfinished, self._movements = self._opened, []
        if unfinished is not None:
            told = f"a statement begins where that of line {unfinished.line} has no closing balance (record 07)"
            self._reading.problems.add(line, "", told)
        self._number = text[21:32].strip()
        if not self._number:
            self._reading.problems.add(line, "account", "no account number")
        account = "-".join(part.strip() for part in (text[2:7], text[11:16], text[21:32]))
        currency, _booked_on, amount = self._said(line, text, "")
        self._opened = _Opened(line, account, currency, amount)

    def _said(self, line: int, text: str, expected: str) -> tuple[str, date | None, int | None]:
        """Currency, day and amount of a record, each looked at whatever is wrong with the others."""
        attempt = self._reading.attempt
        currency = attempt(line, "currency", _currency, text, expected)
        decimals = attempt(line, "decimals", _decimals, text)
        if currency is None or decimals is None:
            decimals = money.decimals(currency or FINEST)
        amount = attempt(line, "amount", _amount, text, decimals, currency or FINEST)
        return currency or "", attempt(line, "date", _day, text[34:40]), amount

    def _movement(self, line: int, text: str) -> None:
        opened = self._inside(text, "a movement (record 04)")
        _known, booked_on, amount = self._said(line, text, opened.currency)
        if booked_on is None or amount is None:
            self._movements.append(_Movement(None, "", []))
            return
        code = text[32:34].strip()
        entry = Entry(
            line,
            booked_on,
            amount,
            bank_reference="" if not text[81:88].strip("0 ") else text[81:88].strip(),
            code=code,
            return_reason=text[40:42].strip() if text[40:42].strip("0 ") else "",
            is_return=amount < 0 and code in RETURNED,
            is_own=amount > 0 and code in OWN,
            reference=text[104:120].strip(),
        )
        self._movements.append(_Movement(entry, text[48:79].strip(), []))

    def _complement(self, text: str) -> None:
        self._inside(text, "a complement (record 05)")
        if not self._movements:
            raise Fault("", "a complement (record 05) without a movement (record 04) before it")
        self._movements[-1].complements.append((text[45:48], text[48:118].strip()))

    def _close(self, line: int, text: str) -> None:
        if self._opened is None:
            raise Fault("", "a closing balance (record 07) without an opening balance (record 01) before it")
        opened, movements, self._opened, self._movements = self._opened, self._movements, None, []
        if text[21:32].strip() != self._number:
            told = f"a closing balance of {extract(text[21:32].strip())} in the statement of {extract(self._number)}"
            self._reading.problems.add(line, "account", told)
        _known, closed_on, closing = self._said(line, text, opened.currency)
        entries = [_told(movement.entry, movement) for movement in movements if movement.entry is not None]
        self._reading.keep(Statement(opened.line, opened.account, opened.currency, entries, opened.amount, closing, closed_on))

    def _inside(self, text: str, what: str) -> _Opened:
        if self._opened is None:
            raise Fault("", f"{what} outside of a statement: there is no opening balance (record 01) before it")
        if self._number and text[21:32].strip() != self._number:
            raise Fault("account", f"{what} of {extract(text[21:32].strip())} in the statement of {extract(self._number)}")
        return self._opened


def _told(entry: Entry, movement: _Movement) -> Entry:
    """The movement with what its complements say: who paid (NPY), from which account (CPY), the end-to-end reference (RCN)."""
    said: dict[str, list[str]] = {}
    for qualifier, text in movement.complements:
        if text:
            said.setdefault(qualifier, []).append(text)
    reference = next((one[:35].strip() for one in said.get("RCN", ())), "") or entry.reference
    texts = [text for qualifier, text in movement.complements if qualifier not in _NOT_TEXT]
    return entry._replace(
        payer=one_line(" ".join(said.get("NPY", ())), LONGEST_NAME),
        payer_iban=next((iban_of(one[:35]) for one in said.get("CPY", ())), ""),
        says=one_line(" ".join([movement.label, *texts, entry.reference])),
        reference=one_line(reference, LONGEST_REFERENCE),
    )


def _currency(text: str, expected: str) -> str:
    """The record's currency, which is that of its statement."""
    currency = text[16:19]
    if not is_currency(currency):
        raise ValueError(f"not a currency: {extract(currency)}")
    if expected and currency != expected:
        raise ValueError(f"{currency}, where the statement is in {expected}")
    return currency


def _decimals(text: str) -> int:
    if text[19] not in "0123456":
        raise ValueError(f"not a number of decimals: {extract(text[19])}")
    return int(text[19])


def _day(text: str) -> date:
    return day_of(text[4:6], text[2:4], text[:2], text)


def _amount(text: str, decimals: int, currency: str) -> int:
    """Fourteen places; the letter in the last is the last figure with the sign: { and A to I are credits, } and J to R debits."""
    field = text[90:104]
    if not _SIGNED.fullmatch(field):
        raise ValueError(f"not an amount: {extract(field)}")
    if field[-1].isdecimal():
        raise ValueError(f"an amount without its sign: {extract(field)}")
    digit, sign = _LAST[field[-1]]
    figures = int(field[:-1].replace(" ", "0") + str(digit))
    places = money.decimals(currency) - decimals
    factor: int = 10 ** abs(places)
    if places < 0 and figures % factor:
        raise ValueError(f"an amount with too many decimals for {currency}: {extract(field)}")
    return sign * (figures * factor if places >= 0 else figures // factor)
