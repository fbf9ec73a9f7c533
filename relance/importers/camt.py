"""How is an ISO 20022 statement (camt.053) or notification (camt.054) read? Entry by entry, booked ones only, parts of a batch one by one.

All versions from .02 on: what they changed is where a party's name and an entry's status stand. Source: ISO 20022, Bank-to-Customer Cash
Management, message definition reports of camt.053 and camt.054.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO, NamedTuple

from relance.importers.problems import Unreadable, extract
from relance.importers.statements import (
    LONGEST_NAME,
    LONGEST_REFERENCE,
    Entry,
    Fault,
    Reading,
    Statement,
    amount_of,
    day_of,
    iban_of,
    is_currency,
    one_line,
)
from relance.importers.xml_stream import Element, read_xml

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.(05[234])\.001\.(\d\d)(\.\w+)?", re.ASCII)
_ANNOUNCED = re.compile(rb"urn:iso:std:iso:20022:tech:xsd:camt\.05[234]\.", re.ASCII)
_HOLDERS = {"053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}
_OLDEST_VERSION = 2
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(T.*|Z|[+-]\d\d:\d\d)?", re.ASCII | re.DOTALL)
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_NONE = ("", "NOTPROVIDED", "NONREF")

# Sub-families of ISO 20022 bank transaction codes under which money that came in is taken back.
_RETURNS = frozenset({"UPDD", "PRDD", "RCDD", "UPCQ", "UPCT", "CQRV", "RRTN", "RPCR"})
# Families and sub-families of credits that no customer pays: interest, loans, cash pooling, investments, what we sent and came back.
_OWN_DOMAINS = frozenset({"LDAS", "SECU", "DERV", "FORX", "PMET", "CMDT", "TRAD"})
_OWN_SUBFAMILIES = frozenset({"INTR", "ACCB", "ACCC", "ACCT", "ZABA", "SWEP", "TOPG"})


class _Money(NamedTuple):
    amount: int  # above zero
    currency: str


def announces_camt(start: bytes) -> bool:
    """Whether the XML that begins so says it is a camt message."""
    return _ANNOUNCED.search(start) is not None


def read_camt(file: BinaryIO, reading: Reading) -> None:
    """Read every statement or notification of the message. Raises Unreadable where it is another message."""
    message = _Message(reading)
    root = read_xml(file, message.closed, reading.progress)
    message.check(root)


class _Message:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._holders = set(_HOLDERS.values())
        self._entries: list[Entry] = []
        self._currency = ""  # of the entries of this statement so far

    def closed(self, element: Element, around: tuple[str, ...]) -> bool:
        """Take an entry as soon as it has ended, and a statement with the entries before its end."""
        if element.name == "Ntry" and around[1:] in self._holders:
            self._entries += self._entry(element)
            return True
        if (*around[1:], element.name) in self._holders:
            self._statement(element, self._entries)
            self._entries, self._currency = [], ""
            return True
        return False

    def check(self, root: Element) -> None:
        """Whether it was a message of these kinds. Raises Unreadable."""
        namespace = root.attributes["xmlns"]
        match = _NAMESPACE.fullmatch(namespace)
        if root.name != "Document" or match is None:
            raise Unreadable(f"not a bank statement (camt.053 or camt.054): {extract(namespace or root.name)}")
        if match[1] == "052":
            raise Unreadable("an interim report (camt.052): its entries may still change; ask the bank for camt.053 or camt.054")
        if int(match[2]) < _OLDEST_VERSION:
            raise Unreadable(f"camt.{match[1]} in version {match[2]}: versions from 02 on are read")
        if root.first(_HOLDERS[match[1]][0]) is None:
            raise Unreadable(f"a camt.{match[1]} message without {_HOLDERS[match[1]][0]}")

    # -- a statement

    def _statement(self, element: Element, entries: list[Entry]) -> None:
        attempt, faults = self._reading.attempt, self._reading.problems.count
        account = attempt(element.line, "Acct", _account, element) or ""
        currency = attempt(element.line, "Ccy", _currency, element) or ""
        opening, closing = (attempt(element.line, "Bal", _balance, element, codes) for codes in (_OPENING, _CLOSING))
        if self._reading.problems.count > faults:
            return
        currency = currency or next((one[2] for one in (opening, closing) if one), "") or self._currency or "EUR"
        if any(one[2] != currency for one in (opening, closing) if one) or self._currency not in ("", currency):
            self._reading.problems.add(element.line, "Ccy", f"amounts in another currency than the account's, {currency}")
            return
        self._reading.keep(
            Statement(
                element.line,
                account,
                currency,
                entries,
                opening[0] if opening else None,
                closing[0] if closing else None,
                closing[1] if closing else None,
            )
        )

    # -- an entry

    def _entry(self, element: Element) -> Iterator[Entry]:
        """The parts of a booked entry: its transactions where they add up to it, else itself."""
        status = element.said("Sts/Cd", "Sts/Prtry", "Sts")
        if status != "BOOK":
            self._reading.pass_over(f"entries that are not booked ({status[:10] or 'without status'})")
            return
        attempt = self._reading.attempt
        money, sign = attempt(element.line, "Amt", _money, element), attempt(element.line, "CdtDbtInd", _sign, element)
        booked_on = attempt(element.line, "Dt", _day, element.first("BookgDt", "ValDt"), element)
        if money is not None and self._currency and money.currency != self._currency:
            told = f"{money.currency}, where the entries before are in {self._currency}"
            self._reading.problems.add(element.line, "Amt", told)
        elif money is not None:
            self._currency = money.currency
            if sign is not None and booked_on is not None:
                yield from attempt(element.line, "Ntry", self._parts, element, money, sign, booked_on) or ()

    def _parts(self, element: Element, money: _Money, sign: int, booked_on: date) -> list[Entry]:
        whole = Entry(element.line, booked_on, sign * money.amount, batch=_batch(element))
        transactions = list(element.all("NtryDtls/TxDtls"))
        amounts = [_part(one, money.currency, sign) for one in transactions]
        if len(transactions) == 1 and amounts[0] is None:
            amounts = [whole.amount]
        told = [amount for amount in amounts if amount is not None]
        if transactions and len(told) == len(transactions) and sum(told) == whole.amount:
            each = zip(transactions, told, strict=True)
            return [_told(element, one, whole._replace(line=one.line, amount=amount)) for one, amount in each]
        if len(transactions) > 1:
            self._reading.pass_over("batches whose parts do not add up are taken whole")
        return [_told(element, transactions[0] if len(transactions) == 1 else Element("TxDtls", {}, element.line), whole)]


def _account(element: Element) -> str:
    given = element.said("Acct/Id/IBAN", "Acct/Id/Othr/Id")
    account = iban_of(given) or one_line(given, LONGEST_REFERENCE)
    if not account:
        raise ValueError("no account number")
    return account


def _currency(element: Element) -> str:
    """The account's currency; empty where the statement does not tell it."""
    currency = element.said("Acct/Ccy")
    if currency and not is_currency(currency):
        raise ValueError(f"not a currency: {extract(currency)}")
    return currency


def _balance(element: Element, codes: tuple[str, ...]) -> tuple[int, date, str] | None:
    """The first balance of one of these kinds, in the order of the kinds; an interim one (of a page) is none."""
    for code in codes:
        for one in element.all("Bal"):
            if one.said("Tp/CdOrPrtry/Cd") == code and one.said("Tp/SubTp/Cd") != "INTM":
                money = _money(one)
                return money.amount * _sign(one), _day(one.first("Dt"), one), money.currency
    return None


def _money(element: Element) -> _Money:
    found = element.first("Amt")
    if found is None:
        raise Fault("Amt", "no amount", element.line)
    currency = found.attributes.get("Ccy", "")
    if not is_currency(currency):
        raise Fault("Ccy", f"not a currency: {extract(currency)}", found.line)
    try:
        amount = amount_of(found.text, currency)
    except ValueError as error:
        raise Fault("Amt", str(error), found.line) from None
    if amount < 0:
        raise Fault("Amt", f"an amount below zero: {extract(found.text)}", found.line)
    return _Money(amount, currency)


def _sign(element: Element, usual: int = 0) -> int:
    said = element.said("CdtDbtInd")
    sign = {"CRDT": 1, "DBIT": -1}.get(said, usual if not said else 0)
    if not sign:
        raise Fault("CdtDbtInd", f"neither CRDT nor DBIT: {extract(said)}", element.line)
    return sign


def _day(element: Element | None, near: Element) -> date:
    text = element.said("Dt/Dt", "Dt/DtTm", "Dt", "DtTm") if element else ""
    text = text or (element.text if element else "")
    match = _DAY.fullmatch(text)
    if match is None:
        raise Fault("Dt", f"not a date: {extract(text)}" if text else "no date", (element or near).line)
    return day_of(match[1], match[2], match[3], text)


def _part(transaction: Element, currency: str, sign: int) -> int | None:
    """The signed amount of a transaction in the entry's currency; None where it does not tell."""
    for found in (*transaction.all("Amt"), *transaction.all("AmtDtls/TxAmt/Amt")):
        if found.attributes.get("Ccy") == currency:
            return amount_of(found.text, currency) * _sign(transaction, sign)
    return None


def _batch(element: Element) -> str:
    return one_line(element.said("AcctSvcrRef", "NtryRef"), LONGEST_REFERENCE)


def _told(entry: Element, part: Element, found: Entry) -> Entry:
    domain, family, subfamily = _code(part, entry)
    reversal = entry.said("RvslInd") in ("true", "1")
    reason = part.said("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/RtrRsn/Cd")
    came_back = bool(reason) or reversal or subfamily in _RETURNS
    is_return = found.amount < 0 and came_back
    payer, iban = _payer(part, is_credit=found.amount > 0, is_return=is_return)
    reference = next((text for text in (part.said(f"Refs/{name}") for name in ("EndToEndId", "InstrId", "TxId")) if text not in _NONE), "")
    return found._replace(
        payer=one_line(payer, LONGEST_NAME),
        payer_iban=iban_of(iban),
        says=one_line(" ".join(dict.fromkeys(_texts(entry, part)))),
        reference=one_line(reference, LONGEST_REFERENCE),
        bank_reference=one_line(part.said("Refs/AcctSvcrRef") or found.batch, LONGEST_REFERENCE),
        code="-".join(one for one in (domain, family, subfamily) if one)[:20],
        return_reason=one_line(reason, 20),
        is_return=is_return,
        is_own=found.amount > 0 and (came_back or domain in _OWN_DOMAINS or subfamily in _OWN_SUBFAMILIES),
    )


def _code(part: Element, entry: Element) -> tuple[str, str, str]:
    for where in (part, entry):
        if domain := where.said("BkTxCd/Domn/Cd"):
            return domain, where.said("BkTxCd/Domn/Fmly/Cd"), where.said("BkTxCd/Domn/Fmly/SubFmlyCd")
    return part.said("BkTxCd/Prtry/Cd") or entry.said("BkTxCd/Prtry/Cd"), "", ""


def _payer(part: Element, *, is_credit: bool, is_return: bool) -> tuple[str, str]:
    """The other party's name and account: the debtor of what came in and of a direct debit that came back, else the creditor."""
    sides = ("Dbtr", "Cdtr") if is_credit or is_return else ("Cdtr", "Dbtr")
    for side in sides if is_return else sides[:1]:
        name = part.said(f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm", f"RltdPties/Ultmt{side}/Nm", f"RltdPties/Ultmt{side}/Pty/Nm")
        iban = part.said(f"RltdPties/{side}Acct/Id/IBAN")
        if name or iban:
            return name, iban
    return "", ""


def _texts(entry: Element, part: Element) -> Iterator[str]:
    """What the payer wrote, then references that name a document, then what the bank adds."""
    for path in ("RmtInf/Ustrd", "RmtInf/Strd/RfrdDocInf/Nb", "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/AddtlRmtInf"):
        yield from (one.text for one in part.all(path))
    yield from (one.text for one in part.all("Refs/EndToEndId") if one.text not in _NONE)
    yield from (one.text for one in part.all("RltdPties/UltmtDbtr/Nm"))
    yield from (one.text for one in part.all("RltdPties/UltmtDbtr/Pty/Nm"))
    yield from (one.text for path in ("RtrInf/AddtlInf", "AddtlTxInf") for one in part.all(path))
    yield from (one.text for one in entry.all("AddtlNtryInf"))
