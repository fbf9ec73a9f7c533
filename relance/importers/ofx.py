"""How is an OFX file read, of the old kind (SGML, no closing tags) or the new (XML)? Tag by tag; entities and document types are refused.

Source: Open Financial Exchange, specification 1.6 and 2.2, chapter 11 (statement download). It gives a closing balance and no opening one,
so that a statement of it cannot be added up; each entry has an identifier of the bank, FITID.
"""

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from relance.importers.problems import Unreadable, extract
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

_LARGEST = 200_000_000
_LONGEST_VALUE = 4_096
_TAG = re.compile(r"<(/?)([A-Za-z0-9._]{1,64})\s*/?>([^<]*)", re.ASCII)
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)[0-9.:\[\]+\-A-Za-z ]*", re.ASCII)
_DECLARED = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.ASCII | re.IGNORECASE)
_STATEMENTS, _ENTRY, _ACCOUNTS = ("STMTRS", "CCSTMTRS"), "STMTTRN", ("BANKACCTFROM", "CCACCTFROM")
_OWN = ("INT", "DIV")
_ENDLESS = "the statement that begins here has no end (</STMTRS>)"
_RETURNED = re.compile(r"\b(IMPAYE|IMPAYEE|REJET|REJETE|RETOUR|RETURNED|UNPAID)\b", re.ASCII)


def announces_ofx(start: bytes) -> bool:
    """Whether it begins with OFX's own heading, or with its first tag."""
    text = start.lstrip()
    return text.startswith((b"OFXHEADER:", b"<OFX>")) or re.match(rb"<\?xml[^>]*\?>\s*<\?OFX", text, re.IGNORECASE) is not None


def read_ofx(file: BinaryIO, reading: Reading) -> None:
    """Read every statement of the file. Raises Unreadable where it is too large, or declares entities."""
    raw = file.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise Unreadable(f"an OFX file of more than {_LARGEST // 1_000_000} MB")
    text = _decoded(raw)
    if _DECLARED.search(text):
        raise Unreadable("the file declares a document type or entities: such a file is not read")
    for line, values in _statements(text, reading):
        _keep(line, values, reading)
    reading.progress(len(raw))


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


class _Account:
    """A statement as its tags tell it."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self.entries: list[tuple[int, dict[str, str]]] = []
        self.is_inside_entry = self.is_inside_balance = False


def _statements(text: str, reading: Reading) -> Iterator[tuple[int, _Account]]:
    found: _Account | None = None
    begun, line, at = 0, 1, 0
    for match in _TAG.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        tag, closes = match[2].upper(), bool(match[1])
        if tag in _STATEMENTS:
            if found is not None:
                yield begun, found
                if not closes:
                    reading.problems.add(begun, "", _ENDLESS)
            found, begun = (None, 0) if closes else (_Account(), line)
        elif found is None:
            continue
        elif tag in (_ENTRY, "LEDGERBAL"):
            found.is_inside_entry = tag == _ENTRY and not closes
            found.is_inside_balance = tag == "LEDGERBAL" and not closes
            if found.is_inside_entry:
                found.entries.append((line, {}))
        elif tag in ("BANKTRANLIST", "AVAILBAL"):
            found.is_inside_entry = found.is_inside_balance = False
        elif not closes and len(match[3]) <= _LONGEST_VALUE:
            _note(found, tag, html.unescape(match[3]).strip())
        elif not closes:
            reading.problems.add(line, tag, f"a value of more than {_LONGEST_VALUE} letters")
    if found is not None:
        yield begun, found
        reading.problems.add(begun, "", _ENDLESS)


def _note(account: _Account, tag: str, value: str) -> None:
    if account.is_inside_entry:
        account.entries[-1][1].setdefault(tag, value)
    elif tag in ("BALAMT", "DTASOF"):
        if account.is_inside_balance:
            account.said.setdefault(tag, value)
    else:
        account.said.setdefault(tag, value)


def _keep(line: int, account: _Account, reading: Reading) -> None:
    """The statement, whatever is wrong in it told: no fault hides another."""
    said = account.said
    currency = reading.attempt(line, "CURDEF", _currency, said)
    number = reading.attempt(line, "ACCTID", _number, said)
    entries = [_entry(at, place, values, currency or FINEST, reading) for place, (at, values) in enumerate(account.entries, 1)]
    closing = reading.attempt(line, "BALAMT", amount_of, said["BALAMT"], currency or FINEST) if "BALAMT" in said else None
    if currency is not None and number is not None:
        reading.keep(Statement(line, number, currency, [entry for entry in entries if entry is not None], None, closing))


def _currency(said: dict[str, str]) -> str:
    currency = said.get("CURDEF", "EUR")
    if not is_currency(currency):
        raise ValueError(f"not a currency: {extract(currency)}")
    return currency


def _number(said: dict[str, str]) -> str:
    """The account: its IBAN, or bank, branch and number."""
    if not said.get("ACCTID"):
        raise ValueError("no account number")
    parts = [said[tag] for tag in ("BANKID", "BRANCHID", "ACCTID") if said.get(tag)]
    return one_line(iban_of(said["ACCTID"]) or "-".join(parts), LONGEST_REFERENCE)


def _day(values: dict[str, str]) -> date:
    text = values.get("DTPOSTED", "")
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"not a date: {extract(text)}" if text else "no date")
    return day_of(match[1], match[2], match[3], text)


def _amount(values: dict[str, str], currency: str) -> int:
    if not values.get("TRNAMT"):
        raise ValueError("no amount")
    return amount_of(values["TRNAMT"], currency)


def _entry(line: int, place: int, values: dict[str, str], currency: str, reading: Reading) -> Entry | None:
    """The transaction at this place of its statement, from 1; None, and its faults told, where it has any."""
    booked_on = reading.attempt(line, f"{_ENTRY}[{place}]/DTPOSTED", _day, values)
    amount = reading.attempt(line, f"{_ENTRY}[{place}]/TRNAMT", _amount, values, currency)
    return None if booked_on is None or amount is None else _told(line, booked_on, amount, values)


def _told(line: int, booked_on: date, amount: int, values: dict[str, str]) -> Entry:
    kind = values.get("TRNTYPE", "")[:20]
    name, memo = values.get("NAME", ""), values.get("MEMO", "")
    return Entry(
        line,
        booked_on,
        amount,
        payer=one_line(name, LONGEST_NAME),
        says=one_line(f"{memo} {name}" if memo else name),
        reference=one_line(values.get("REFNUM", "") or values.get("CHECKNUM", ""), LONGEST_REFERENCE),
        bank_reference=one_line(values.get("FITID", ""), LONGEST_REFERENCE),
        code=kind,
        is_return=amount < 0 and _RETURNED.search(f"{name} {memo}".upper().replace("É", "E")) is not None,
        is_own=amount > 0 and kind in _OWN,
    )
