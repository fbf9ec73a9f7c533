"""What does a life-cycle message say (CDAR, XP Z12-012)? Which invoice has been refused, disputed, paid, handed to a factor, and why."""

import re
from datetime import date, datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element

from relance.core import money
from relance.importers.einvoice import is_iban
from relance.importers.problems import Unreadable, extract

_UNECE = "urn:un:unece:uncefact:data:standard:"
_NS = {
    "rsm": f"{_UNECE}CrossDomainAcknowledgementAndResponse:100",
    "ram": f"{_UNECE}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_UNECE}UnqualifiedDataType:100",
    "qdt": f"{_UNECE}QualifiedDataType:100",
}
ROOT = f"{{{_NS['rsm']}}}CrossDomainAcknowledgementAndResponse"
_MOST = 10_000  # invoices in one message
_LONGEST_REASON = 500


class Status(NamedTuple):
    """What has become of one invoice. ``code`` is that of the standard: 207 in dispute, 210 refused, 212 collected …"""

    number: str
    code: str
    label: str
    at: str  # when, as it is written: ISO, in the time of the platform
    issuer: str  # SE the seller, BY the buyer, WK a platform
    seller: str  # SIREN, or whatever number the message knows the seller by
    dated_on: date | None  # of the invoice
    reason: str
    collected: dict[str, int]  # by currency, in minor units: of a 212 what came in, below zero where it went back
    paid_on: date | None  # of a 211
    payee_name: str
    payee_iban: str

    @property
    def on(self) -> date:
        """The day of the status."""
        return date.fromisoformat(self.at[:10])


class Message(NamedTuple):
    """The statuses of one message."""

    statuses: tuple[Status, ...]


def read_message(root: Element) -> Message:
    """The statuses in the tree of a message. Raises Unreadable with the first fault."""
    document = root.find("rsm:AcknowledgementDocument", _NS)
    if document is None:
        raise Unreadable("this life-cycle message has no AcknowledgementDocument")
    issuer = _text(root, "rsm:ExchangedDocument/ram:IssuerTradeParty/ram:RoleCode")
    at = _instant(_text(document, "ram:IssueDateTime/udt:DateTimeString"), "MDT-78")
    references = document.findall("ram:ReferenceReferencedDocument", _NS)
    if not references or len(references) > _MOST:
        raise Unreadable(f"this life-cycle message is about {len(references)} documents")
    return Message(tuple(_status(one, at, issuer) for one in references))


def _status(reference: Element, at: str, issuer: str) -> Status:
    number, code = _text(reference, "ram:IssuerAssignedID"), _text(reference, "ram:ProcessConditionCode")
    if not re.fullmatch(r"\d{3}", code, re.ASCII):
        raise Unreadable(f"MDT-105: no status code: {extract(code)}")
    details = reference.findall("ram:SpecifiedDocumentStatus/ram:SpecifiedDocumentCharacteristic", _NS)
    dated = _text(reference, "ram:FormattedIssueDateTime/qdt:DateTimeString")
    name, iban = _payee(details)
    return Status(
        number[:80],
        code,
        _text(reference, "ram:ProcessCondition").replace("_", " ")[:80],
        at,
        issuer[:10],
        "".join(_text(reference, "ram:IssuerTradeParty/ram:GlobalID").split())[:20],
        _day(dated, "MDT-100") if dated else None,
        _reason(reference),
        _collected(details) if code == "212" else {},
        next((_day(day, "MDT-219") for one in details if (day := _text(one, "ram:ValueDateTime/udt:DateTimeString"))), None),
        name,
        iban,
    )


def _reason(reference: Element) -> str:
    found = []
    for status in reference.findall("ram:SpecifiedDocumentStatus", _NS):
        found += [_text(status, "ram:Reason") or _text(status, "ram:ReasonCode"), _text(status, "ram:RequestedAction")]
        found += [_text(note, "ram:Content") for note in status.findall("ram:IncludedNote", _NS)]
    return " ; ".join(dict.fromkeys(filter(None, found)))[:_LONGEST_REASON]


def _collected(details: list[Element]) -> dict[str, int]:
    """One amount for each rate of VAT: they are added."""
    sums: dict[str, int] = {}
    for one in details:
        amount = one.find("ram:ValueAmount", _NS)
        if _text(one, "ram:TypeCode") == "MEN" and amount is not None:
            currency, text = amount.get("currencyID", "EUR"), (amount.text or "").strip().removeprefix("+")
            if not re.fullmatch(r"[A-Z]{3}", currency, re.ASCII):
                raise Unreadable(f"MDT-215: no currency code: {extract(currency)}")
            try:
                sums[currency] = sums.get(currency, 0) + money.parse(text, currency)
            except ValueError as fault:
                raise Unreadable(f"MDT-215: {fault}") from None
    return sums


def _payee(details: list[Element]) -> tuple[str, str]:
    """Whom to pay and on which account, where the message says it."""
    name = iban = ""
    for one in details:
        values = ["".join(element.itertext()).strip() for element in one if element.tag.rpartition("}")[2].startswith("Value")]
        if _text(one, "ram:ID") in ("BT-59", "BT-85"):
            name = name or next(iter(values), "")
        iban = iban or next(filter(is_iban, ("".join(value.split()).upper() for value in values)), "")
    return " ".join(name.split())[:200], iban


def _text(element: Element, path: str) -> str:
    text = " ".join((element.findtext(path, "", _NS) or "").split())
    return "".join(letter for letter in text if letter.isprintable())


def _instant(text: str, term: str) -> str:
    for form in ("%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d"):
        try:
            return datetime.strptime(text, form).isoformat()  # noqa: DTZ007  the platform's clock, as it is written
        except ValueError:
            continue
    raise Unreadable(f"{term}: not a date and time: {extract(text)}")


def _day(text: str, term: str) -> date:
    return date.fromisoformat(_instant(text, term)[:10])
