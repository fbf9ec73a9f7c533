"""What does an electronic invoice say? CII or UBL (EN 16931 and its French extensions), invoice or credit note, as one value.

The library ``factur-x`` finds the terms of the standard in either syntax; what is read here besides are the instalments, which it passes
over. Whether the amounts add up is checked here.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, tostring

from relance.core import money
from relance.importers.problems import Problem, Problems, Unreadable, extract

# Document types (UNTDID 1001) by what they are to dunning. A deposit invoice (386) is to be paid like any other.
CREDIT_NOTES = frozenset(map(str, (81, 83, 261, 262, 296, 308, 381, 396, 420, 458, 502, 503, 532)))
FACTORED = frozenset(map(str, (393, 396, 472, 473, 501, 502)))
INVOICES = frozenset(
    map(
        str,
        (
            *(71, 80, 82, 84, 102, 130, 202, 203, 204, 211, 218, 219, 295, 326, 331, 380, *range(382, 391), 393, 394, 395),
            *(456, 457, 471, 472, 473, 500, 501, 527, 553, 575, 623, 633, 751, 780, 817, 870, 875, 876, 877, 935),
        ),
    )
)
DIRECT_DEBITS = frozenset(("49", "59"))  # means of payment (UNTDID 4461)

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CII = "urn:un:unece:uncefact:data:standard:"
SYNTAXES = {
    f"{{{_CII}CrossIndustryInvoice:100}}CrossIndustryInvoice": "factur-x",
    f"{{{_UBL}Invoice-2}}Invoice": "ubl-2.1-invoice",
    f"{{{_UBL}CreditNote-2}}CreditNote": "ubl-2.1-creditnote",
}
_RAM, _UDT = f"{{{_CII}ReusableAggregateBusinessInformationEntity:100}}", f"{{{_CII}UnqualifiedDataType:100}}"
_CBC, _CAC = f"{{{_UBL}CommonBasicComponents-2}}", f"{{{_UBL}CommonAggregateComponents-2}}"
_CURRENCIES = {
    "BT-5": (f"{_RAM}InvoiceCurrencyCode", f"{_CBC}DocumentCurrencyCode"),
    "BT-6": (f"{_RAM}TaxCurrencyCode", f"{_CBC}TaxCurrencyCode"),
}
_HEAVY = {"IncludedSupplyChainTradeLineItem", "InvoiceLine", "CreditNoteLine", "AdditionalDocumentReference", "Note", "IncludedNote"}
_AMOUNT = re.compile(r"([+-]?)(\d*)\.?(\d*)", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{10,30}", re.ASCII)
_FRENCH_VAT = re.compile(r"FR[A-Z0-9]{2}(\d{9})", re.ASCII)
_LONGEST_NUMBER, _LONGEST_TEXT = 80, 200


class Party(NamedTuple):
    """A company named by an invoice; what is not said is empty. ``code`` is what the other side calls it."""

    name: str = ""
    siren: str = ""
    siret: str = ""
    vat: str = ""
    code: str = ""
    address: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    country: str = ""
    contact: str = ""
    email: str = ""


class Instalment(NamedTuple):
    """What is due when; no date: what the payment terms give."""

    due_date: date | None
    amount: int


class Invoice(NamedTuple):
    """An invoice or credit note; amounts in minor units of its currency, those of a credit below zero."""

    number: str
    code: str  # UNTDID 1001
    type: str  # as in the contract
    date: date
    currency: str
    seller: Party
    buyer: Party
    payee: Party | None  # who is to be paid in the seller's place
    factored: bool
    total: int  # with VAT
    prepaid: int
    due: int
    instalments: tuple[Instalment, ...]  # they add up to what is due
    means: tuple[str, ...]  # UNTDID 4461
    iban: str
    order: str
    contract: str
    preceding: tuple[str, ...]  # numbers of the invoices that it corrects
    remarks: tuple[str, ...]


class Faulty(Unreadable):
    """An invoice with faults, each at the term of the standard that it is about."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


def read_invoice(root: Element) -> Invoice:
    """The invoice in a tree whose root is one of ``SYNTAXES``. Raises Unreadable, Faulty with every fault."""
    reading = _Reading(root)
    invoice = reading.invoice()
    if reading.problems:
        raise Faulty(reading.problems)
    return invoice


def is_iban(text: str) -> bool:
    """Whether a text without spaces is an account number whose check digits are right (ISO 13616)."""
    if not _IBAN.fullmatch(text):
        return False
    return int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1


def _terms(root: Element) -> dict[str, Any]:
    """The terms of the standard, by their names there; lines, notes and enclosed files are left out, which nothing here needs."""
    from facturx import parse_ubl_cii_xml  # half a second to load

    for holder in list(root.iter()):
        for child in [one for one in holder if one.tag.rpartition("}")[2] in _HEAVY]:
            holder.remove(child)
    _check_currencies(root)
    try:
        found: dict[str, Any] = parse_ubl_cii_xml(
            tostring(root, "utf-8"), flavor=SYNTAXES[root.tag], level="extended", bytes_as="string", check_xsd=False
        )
    except ValueError as fault:
        raise Unreadable(f"a value of this invoice cannot be read: {fault}") from None
    except Exception:  # noqa: BLE001  # what the library makes of content that the standard has no place for is not told
        raise Unreadable("an element of this invoice is missing, or stands where the standard has no place for it") from None
    return found


def _check_currencies(root: Element) -> None:
    """Each currency said once, and of letters: the library writes what it finds into its queries, as it stands. Raises Faulty."""
    for term, names in _CURRENCIES.items():
        places = [one for name in names for one in root.iter(name)]
        said = sorted({"".join(place.itertext()).strip() for place in places})
        if len(said) > 1:
            raise Faulty([Problem(0, term, f"several currencies: {', '.join(map(extract, said))}")])
        if (said or term == "BT-5") and not re.fullmatch(r"[A-Za-z]{3}", "".join(said), re.ASCII):
            raise Faulty([Problem(0, term, f"no currency code: {extract(''.join(said))}")])
        for again in places[1:]:
            again.clear()


class _Reading:
    """The reading of one invoice."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._said = _terms(root)
        self.problems = Problems()
        self._remarks: list[str] = []
        self._currency = self._text("BT-5").upper()

    def invoice(self) -> Invoice:
        """The invoice, of use where there are no problems."""
        code = self._text("BT-3") or ("381" if "CreditNote-2" in self._root.tag else "380")
        if code not in INVOICES | CREDIT_NOTES:
            self._fault("BT-3", f"no invoice and no credit note: document type {extract(code)}")
        seller, buyer = self._party("BG-4"), self._party("BG-7")
        on = self._said.get("BT-2")
        if not isinstance(on, date):
            self._fault("BT-2", "no date of issue")
        total, prepaid, due = self._totals(-1 if code in CREDIT_NOTES else 1)
        payee = self._party("BG-10")
        means = self._all("BT-81")
        return Invoice(
            self._number(),
            code,
            "credit_note" if code in CREDIT_NOTES or total < 0 else "invoice",
            on if isinstance(on, date) else date.min,
            self._currency,
            seller,
            buyer,
            payee if payee.name and not same(payee, seller) else None,
            code in FACTORED,
            total,
            prepaid,
            due,
            self._instalments(due),
            means,
            next(filter(is_iban, (_compact(one) for one in self._all("BT-84"))), ""),
            self._text("BT-13") or self._text("BT-14"),
            self._text("BT-12"),
            tuple(_clean(one.get("BT-25")) for one in self._said.get("BG-3") or [] if one.get("BT-25")),
            tuple(self._remarks),
        )

    def _number(self) -> str:
        number = self._text("BT-1")
        if not number:
            self._fault("BT-1", "no number")
        elif len(number) > _LONGEST_NUMBER:
            self._fault("BT-1", f"a number of more than {_LONGEST_NUMBER} letters: {extract(number)}")
        return number

    def _totals(self, sign: int) -> tuple[int, int, int]:
        """With VAT, prepaid and due, checked against each other; what the standard rounds is part of the total."""
        net, vat, gross, prepaid, rounding, due = (self._amount(f"BT-{number}") for number in (109, 110, 112, 113, 114, 115))
        if gross is None or due is None:
            self._fault("BT-112" if gross is None else "BT-115", "no total with VAT" if gross is None else "no amount due")
            return 0, 0, 0
        if prepaid is None and self._text("BT-24").lower().endswith(":minimum"):
            prepaid = gross + (rounding or 0) - due  # this profile does not say it
        total, prepaid = gross + (rounding or 0), prepaid or 0
        if total - prepaid != due:
            self._fault(
                "BT-115", f"the amount due does not add up: {self._show(total)} less {self._show(prepaid)} prepaid is not {self._show(due)}"
            )
        if net is not None and vat is not None and net + vat != gross:
            self._fault("BT-112", f"the total does not add up: {self._show(net)} and {self._show(vat)} VAT is not {self._show(gross)}")
        if sign < 0 and total < 0:
            self._fault("BT-112", f"a credit note over less than nothing: {self._show(total)}")
        if total * due < 0:
            self._fault("BT-115", f"more is prepaid than invoiced: {self._show(prepaid)} of {self._show(total)}")
        return sign * total, sign * prepaid, sign * due

    def _show(self, amount: int) -> str:
        return money.show(amount, self._currency)

    def _instalments(self, due: int) -> tuple[Instalment, ...]:
        dated = [one for one in self._dates("BT-9") if isinstance(one, date)]
        parts = list(self._parts())
        if len(parts) > 1 or (parts and not dated):
            sign = -1 if due < 0 and sum(amount for _, amount in parts) > 0 else 1
            found = tuple(Instalment(on, sign * amount) for on, amount in sorted(parts))
            if sum(one.amount for one in found) != due:
                self._fault("BT-115", "the instalments do not add up to the amount due")
            return found
        if len(set(dated)) > 1:
            self._remarks.append("several due dates without amounts: the last one is taken")
        return (Instalment(max(dated, default=None), due),)

    def _dates(self, term: str) -> list[Any]:
        said = self._said.get(term)
        return said if isinstance(said, list) else [said]

    def _parts(self) -> Iterator[tuple[date, int]]:
        """Payment terms that name both a date and an amount."""
        paths = (
            (f"{_RAM}SpecifiedTradePaymentTerms", f"{_RAM}DueDateDateTime/{_UDT}DateTimeString", f"{_RAM}PartialPaymentAmount"),
            (f"{_CAC}PaymentTerms", f"{_CBC}PaymentDueDate", f"{_CBC}Amount"),
            (f"{_CAC}PaymentTerms", f"{_CBC}InstallmentDueDate", f"{_CBC}Amount"),
        )
        for name, day, amount in paths:
            for terms in self._root.iter(name):
                on, part = terms.findtext(day), terms.findtext(amount)
                if on and part and (read := self._read_amount("BT-115", part)) is not None:
                    try:
                        yield date.fromisoformat(on.strip()), read
                    except ValueError:
                        self._fault("BT-9", f"not a date: {extract(on)}")

    def _party(self, group: str) -> Party:
        said = self._said.get(group)
        said = said if isinstance(said, dict) else {}
        identifiers = said.get("identifiers") or {}
        legal, scheme = _compact(said.get("legal_identifier")), _clean(said.get("legal_identifier_schemeid"))
        vat = _compact(said.get("vat_identifier")).upper()
        numbers = [legal] if scheme in ("0002", "0009", "") else []
        numbers += [_compact(identifiers.get(known)) for known in ("0009", "0002")]
        siret = next((one for one in numbers if re.fullmatch(r"\d{14}", one, re.ASCII)), "") if _is_french(said, vat, scheme) else ""
        siren = siret[:9] or next((one for one in numbers if re.fullmatch(r"\d{9}", one, re.ASCII) and _is_french(said, vat, scheme)), "")
        if not siren and (match := _FRENCH_VAT.fullmatch(vat)):
            siren = match[1]
        contact: dict[str, Any] = next(iter(said.get("contacts") or []), {})
        return Party(
            (_clean(said.get("name")) or _clean(said.get("biz_name")))[:_LONGEST_TEXT],
            siren,
            siret,
            vat[:20],
            _clean(identifiers.get(None))[:_LONGEST_NUMBER],
            tuple(line for place in ("addr_l1", "addr_l2", "addr_l3") if (line := _clean(said.get(place))[:_LONGEST_TEXT])),
            _clean(said.get("postcode"))[:20],
            _clean(said.get("city"))[:100],
            country if re.fullmatch(r"[A-Z]{2}", country := _clean(said.get("country_code")).upper(), re.ASCII) else "",
            _clean(contact.get("name"))[:_LONGEST_TEXT],
            _clean(contact.get("email"))[:254],
        )

    def _amount(self, term: str) -> int | None:
        said = self._text(term)
        return self._read_amount(term, said) if said else None

    def _read_amount(self, term: str, text: str) -> int | None:
        match = _AMOUNT.fullmatch(text.strip())
        try:
            if match is None or not (match[2] or match[3]):
                raise ValueError(f"not a decimal amount: {extract(text)}")
            return money.parse(f"{match[1].strip('+')}{match[2] or '0'}.{match[3] or '0'}", self._currency)
        except ValueError as fault:
            self._fault(term, str(fault))
            return None

    def _text(self, term: str) -> str:
        return next(iter(self._all(term)), "")

    def _all(self, term: str) -> tuple[str, ...]:
        """What is said of a term, which may be said several times."""
        said = self._said.get(term)
        return tuple(text for one in (said if isinstance(said, list) else [said]) if (text := _clean(one)))

    def _fault(self, term: str, message: str) -> None:
        self.problems.add(0, term, message)


def identities(party: Party) -> frozenset[str]:
    """The numbers by which a company is known; two parties that share one are the same."""
    return frozenset(filter(None, (party.siren, party.vat)))


def same(one: Party, other: Party) -> bool:
    """Whether two parties are the same company, as far as their numbers say it, else their names."""
    if identities(one) and identities(other):
        return bool(identities(one) & identities(other))
    return one.name.casefold() == other.name.casefold()


def _is_french(said: dict[str, Any], vat: str, scheme: str) -> bool:
    return scheme in ("0002", "0009") or vat.startswith("FR") or said.get("country_code") == "FR"


def _clean(value: Any) -> str:
    return "".join(letter for letter in " ".join(value.split()) if letter.isprintable()) if isinstance(value, str) else ""


def _compact(value: Any) -> str:
    return "".join(value.split()) if isinstance(value, str) else ""
