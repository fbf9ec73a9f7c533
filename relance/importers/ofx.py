"""How is an OFX file read, of the old kind (SGML, no closing tags) or the new (XML)? Tag by tag; entities and document types are refused.

Source: Open Financial Exchange, specification 1.6 and 2.2, chapter 11 (statement download). It gives a closing balance and no opening one,
so that a statement of it cannot be added up; each entry has an identifier of the bank, FITID.
"""

import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from relance.importers.problems import Unreadable, extract
from relance.importers.statements import (
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


def _note(account: _Account, tag: str, value: str) -> None:
    if account.is_inside_entry:
        account.entries[-1][1].setdefault(tag, value)
    elif tag in ("BALAMT", "DTASOF"):
        if account.is_inside_balance:
            account.said.setdefault(tag, value)
    else:
        account.said.setdefault(tag, value)


def _keep(line: int, account: _Account, reading: Reading) -> None:
    said, problems = account.said, reading.problems
    currency = said.get("CURDEF", "EUR")
    parts = [said[tag] for tag in ("BANKID", "BRANCHID", "ACCTID") if said.get(tag)]
    number = iban_of(said.get("ACCTID", "")) or "-".join(parts)
    if not is_currency(currency):
        problems.add(line, "CURDEF", f"not a currency: {extract(currency)}")
        return
    if not said.get("ACCTID"):
        problems.add(line, "ACCTID", "no account number")
        return
    entries = []
    for at, values in account.entries:
        try:
            entries.append(_entry(at, values, currency))
        except ValueError as error:
            problems.add(at, _ENTRY, str(error))
    try:
        closing = amount_of(said["BALAMT"], currency) if "BALAMT" in said else None
    except ValueError as error:
        problems.add(line, "BALAMT", str(error))
        return
    reading.keep(Statement(line, one_line(number, LONGEST_REFERENCE), currency, entries, None, closing))


def _entry(line: int, values: dict[str, str], currency: str) -> Entry:
    text = values.get("DTPOSTED", "")
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"not a date: {extract(text)}")
    amount = amount_of(values.get("TRNAMT", ""), currency)
    kind = values.get("TRNTYPE", "")[:20]
    name, memo = values.get("NAME", ""), values.get("MEMO", "")
    return Entry(
        line,
        day_of(match[1], match[2], match[3], text),
        amount,
        payer=one_line(name, LONGEST_NAME),
        says=one_line(f"{memo} {name}" if memo else name),
        reference=one_line(values.get("REFNUM", "") or values.get("CHECKNUM", ""), LONGEST_REFERENCE),
        bank_reference=one_line(values.get("FITID", ""), LONGEST_REFERENCE),
        code=kind,
        is_return=amount < 0 and _RETURNED.search(f"{name} {memo}".upper().replace("É", "E")) is not None,
        is_own=amount > 0 and kind in _OWN,
    )
