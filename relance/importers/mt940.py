"""How is a SWIFT MT940 statement read? Field by field: :25: account, :60F: opening, :61: an entry, :86: what it is about, :62F: closing.

Source: SWIFT Standards, Category 9, MT 940 Customer Statement Message; the sub-fields ?00 to ?63 of :86: are those of German and many other
banks (DK, "Anlage 3 der Schnittstellenspezifikation"), the /CODE/ words those of Dutch and other banks.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import BinaryIO

from relance.importers.problems import extract
from relance.importers.statements import (
    FINEST,
    LONGEST_NAME,
    LONGEST_REFERENCE,
    Entry,
    Reading,
    Statement,
    amount_of,
    day_of,
    iban_of,
    is_currency,
    one_line,
)

_LONGEST_LINE = 4_096
_MOST_LINES = 60  # of one field
_TAG = re.compile(r":(\d\d[A-Z]?):(.*)", re.ASCII | re.DOTALL)
_BALANCE = re.compile(r"([CD])(\d\d)(\d\d)(\d\d)([A-Z]{3})(\d{1,15}(?:,\d{0,4})?)", re.ASCII)
_ENTRY = re.compile(
    r"(\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d))?(R?[CD])[A-Z]?(\d{1,15}(?:,\d{0,4})?)([A-Z][A-Z0-9]{3})([^\n]*)(?:\n(.*))?", re.ASCII | re.DOTALL
)
_SUBFIELD = re.compile(r"\?(\d\d)", re.ASCII)
_WORD = re.compile(r"/(EREF|REMI|NAME|IBAN|ORDP|BENM|RTRN|MARF|USTD|CSID|TRCD|BIC|ADDR|ID|ISDT|CDTRREF|CD)/", re.ASCII)
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|COAM|OAMT|PURP|RREF)\+", re.ASCII)
_NONE = ("", "NONREF", "NOTPROVIDED")
_RETURNED = frozenset({"108", "109", "181", "183", "184", "185"})  # German business transaction codes: direct debits and cheques unpaid
_REASON = re.compile(r"\b(A[CGM]\d\d|M[DS]\d\d|SL01|BE\d\d|FF\d\d|RC\d\d|RR\d\d|CNOR|DNOR|TM01|ED05|DT01)\b", re.ASCII)


def announces_mt940(start: bytes) -> bool:
    """Whether it begins with a field :20:, perhaps after SWIFT's own heading."""
    return re.match(rb"\s*(\{1:[^\n]{0,400}\n?\s*)?:20:", start) is not None


def read_mt940(file: BinaryIO, reading: Reading) -> None:
    """Read every message of the file."""
    message = _Message(reading)
    for line, tag, text in _fields(file, reading):
        reading.attempt(line, f":{tag}:", message.take, line, tag, text)
    message.end()


def _fields(file: BinaryIO, reading: Reading) -> Iterator[tuple[int, str, str]]:
    """Line, tag and text of each field, with the lines that continue it."""
    number, begun, tag, parts = 0, 0, "", list[str]()
    while raw := file.readline(_LONGEST_LINE):
        number += 1
        reading.progress(file.tell())
        text = _letters(raw.rstrip(b"\r\n"))
        if match := _TAG.search(text) if text.startswith("{") else _TAG.fullmatch(text):
            if tag:
                yield begun, tag, "\n".join(parts)
            begun, tag, parts = number, match[1], [match[2]]
        elif text.startswith("-") and len(text.strip()) <= len("-}{5:}") + 60 and text[1:2] in ("", "}"):
            if tag:
                yield begun, tag, "\n".join(parts)
            tag, parts = "", []
        elif tag and len(parts) < _MOST_LINES:
            parts.append(text)
        elif tag:
            reading.problems.add(number, f":{tag}:", f"a field of more than {_MOST_LINES} lines")
            tag, parts = "", []
        elif text.strip():
            reading.problems.add(number, "", f"not a field of a statement: {extract(text)}")
    if tag:
        yield begun, tag, "\n".join(parts)


def _letters(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


class _Message:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._begin(0)

    def _begin(self, line: int) -> None:
        self._line = line
        self._account = ""
        self._currency = ""
        self._tells_account = self._is_opened = False  # rightly or not
        self._opening: int | None = None
        self._entries: list[Entry] = []
        self._closed = False

    def take(self, line: int, tag: str, text: str) -> None:
        """One field."""
        if tag == "20":
            self.end()
            self._begin(line)
        elif tag in ("25", "25P"):
            self._tells_account = True
            self._account = _account(text)
        elif tag in ("60F", "60M"):
            self._is_opened = True
            self._opening, _, self._currency = _balance(text)
        elif tag == "61":
            self._entries.append(self._entry(line, text))
        elif tag == "86" and self._entries and not self._closed:
            self._entries[-1] = _described(self._entries[-1], text)
        elif tag in ("62F", "62M"):
            self._close(text)

    def end(self) -> None:
        """The message ends: one without a closing balance is told."""
        if self._line and not self._closed:
            self._reading.problems.add(self._line, "", "the statement that begins here has no closing balance (:62F:)")

    def _close(self, text: str) -> None:
        self._closed = True
        if not self._tells_account:
            self._reading.problems.add(self._line, ":25:", "no account number (:25:)")
        if not self._is_opened:
            raise ValueError("a closing balance without an opening balance (:60F:) before it")
        closing, day, currency = _balance(text)
        if self._currency and currency != self._currency:
            raise ValueError(f"{currency}, where the statement is in {self._currency}")
        self._reading.keep(Statement(self._line, self._account, currency, self._entries, self._opening, closing, day))

    def _entry(self, line: int, text: str) -> Entry:
        if not self._is_opened:
            raise ValueError("an entry without an opening balance (:60F:) before it")
        match = _ENTRY.fullmatch(text)
        if match is None:
            raise ValueError(f"not an entry: {extract(text)}")
        valued = day_of(match[1], match[2], match[3], text[:6])
        sign = {"C": 1, "D": -1, "RC": -1, "RD": 1}[match[6]]
        amount = sign * amount_of(match[7], self._currency or FINEST)
        ours, _, theirs = (match[9] or "").partition("//")
        reversed_, code = match[6].startswith("R"), match[8][1:]
        return Entry(
            line,
            _booked_on(valued, match[4], match[5]),
            amount,
            says=one_line(match[10] or ""),
            reference="" if ours.strip() in _NONE else one_line(ours, LONGEST_REFERENCE),
            bank_reference="" if theirs.strip() in _NONE else one_line(theirs, LONGEST_REFERENCE),
            code=match[8],
            is_return=amount < 0 and (reversed_ or code == "RTI"),
            is_own=amount > 0 and (reversed_ or code in ("RTI", "INT", "SEC", "LDP", "FEX")),
        )


def _booked_on(valued: date, month: str | None, day: str | None) -> date:
    """The day of booking has no year: it is the one nearest to the value date."""
    if month is None or day is None:
        return valued
    found = []
    for year in (valued.year - 1, valued.year, valued.year + 1):
        try:
            found.append(date(year, int(month), int(day)))
        except ValueError:
            continue
    if not found:
        raise ValueError(f"no such day in the calendar: {extract(month + day)}")
    return min(found, key=lambda one: abs(one - valued) if one.year else timedelta.max)


def _account(text: str) -> str:
    """The IBAN, or bank and number; a currency behind it is none of it."""
    plain = re.sub(r"(?<=\d)\s*(EUR|CHF|GBP|USD)$", "", text.strip().splitlines()[0] if text.strip() else "")
    account = iban_of(plain) or one_line(plain.strip("/").replace("/", "-"), LONGEST_REFERENCE)
    if not account:
        raise ValueError("no account number")
    return account


def _balance(text: str) -> tuple[int, date, str]:
    match = _BALANCE.fullmatch(text.strip())
    if match is None or not is_currency(match[5]):
        raise ValueError(f"not a balance: {extract(text)}")
    amount = amount_of(match[6], match[5])
    return (amount if match[1] == "C" else -amount), day_of(match[2], match[3], match[4], text[1:7]), match[5]


def _described(entry: Entry, text: str) -> Entry:
    """The entry with what :86: says, in sub-fields, in words between slashes, or as it comes."""
    if _SUBFIELD.search(text[:6]):
        return _german(entry, text)
    flat = text.replace("\n", "")
    if _WORD.match(flat):
        parts = _WORD.split(flat)
        said = dict(zip(parts[1::2], parts[2::2], strict=True))
        reference = said.get("EREF", "").strip()
        reason = said.get("RTRN", "").strip("/ ")
        return entry._replace(
            payer=one_line(said.get("NAME", ""), LONGEST_NAME),
            payer_iban=iban_of(said.get("IBAN", "").strip("/ ")),
            says=one_line(" ".join(said.get(word, "").removeprefix("USTD//").strip("/") for word in ("REMI", "USTD", "CDTRREF", "EREF"))),
            reference=entry.reference if reference in _NONE else one_line(reference, LONGEST_REFERENCE),
            return_reason=one_line(reason, 20),
            is_return=entry.is_return or (entry.amount < 0 and bool(reason)),
            is_own=entry.is_own or (entry.amount > 0 and bool(reason)),
        )
    return entry._replace(says=one_line(f"{entry.says} {text}"))


def _german(entry: Entry, text: str) -> Entry:
    parts = _SUBFIELD.split(text.replace("\n", ""))
    fields = list(zip(parts[1::2], parts[2::2], strict=True))
    purpose = "".join(said for number, said in fields if "20" <= number <= "29" or "60" <= number <= "63")
    words = _SEPA.split(purpose)
    said = dict(zip(words[1::2], words[2::2], strict=True))
    by_number = dict(fields)
    iban = iban_of(by_number.get("31", "")) or iban_of(said.get("IBAN", ""))
    name = by_number.get("32", "") + by_number.get("33", "")
    reference = said.get("EREF", "").strip()
    came_back = parts[0].strip() in _RETURNED
    reason = _REASON.search(purpose) if came_back or entry.is_return else None
    return entry._replace(
        payer=one_line(name, LONGEST_NAME),
        payer_iban=iban,
        says=one_line(" ".join([words[0], said.get("SVWZ", ""), "" if reference in _NONE else reference])),
        reference=entry.reference if reference in _NONE else one_line(reference, LONGEST_REFERENCE),
        return_reason=reason[0] if reason else "",
        is_return=entry.is_return or (entry.amount < 0 and came_back),
        is_own=entry.is_own or (entry.amount > 0 and came_back),
    )
