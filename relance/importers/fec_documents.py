"""Which documents, payments and allocations do the ledger's lines make, for each customer and supplier?

A document bears the date of its piece, where that is not after its posting; a payment the date of its posting. ``fec_lines`` tells what a
line is, ``fec_names`` what it is called, ``core.lettering`` which letters are followed, and ``fec_carried`` what becomes of opening lines
where the year before was imported already.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from relance.core.lettering import Settlement, Unfollowed, follow_letters
from relance.core.terms import PaymentTerms, due_date
from relance.importers.fec import Account, Fec, Line
from relance.importers.fec_carried import CarriedItem, Inherited, inherit
from relance.importers.fec_lines import PAYMENTS, Entries, Reading
from relance.importers.fec_names import LONGEST_NUMBER, LONGEST_PART, Keys, Names, fit
from relance.importers.fec_values import read_text

_LONGEST_TEXT = 200
_POSTED = attrgetter("posted_on")
_NUMBERED_FIRST = ("trade", "opening")
_DIFFERENCE = "Écart d'à-nouveaux"


class Party(NamedTuple):
    """A customer or supplier of the ledger."""

    side: str  # customer or supplier
    code: str
    name: str  # empty: this file says nothing of him
    doubtful: bool  # an account 416 of his is open


class Document(NamedTuple):
    """``type`` as in the contract; ``nature``: trade, opening, return, transfer, bill, doubtful or advance. Cents, a credit negative."""

    key: str
    number: str
    type: str
    nature: str
    dated_on: date
    posted_on: date
    label: str
    amount: int


class Payment(NamedTuple):
    """``kind`` is payment or write_off, in positive cents; return: below zero, and so are its allocations; netting: no amount, and
    allocations that add up to zero."""

    key: str
    reference: str
    kind: str
    dated_on: date
    amount: int


class Allocation(NamedTuple):
    """The part of a payment, named by its reference, that settles a document of the same party, named by its number."""

    payment: str
    document: str
    on: date
    amount: int


class UnfollowedLetter(NamedTuple):
    """A letter that does not balance, with what it lacks."""

    account: str
    letter: str
    balance: int
    line_count: int


class Book(NamedTuple):
    """Everything of one party. What it had before, its documents, less its payments: the balance of the ledger, at every posting date."""

    party: Party
    documents: list[Document]
    payments: list[Payment]
    allocations: list[Allocation]
    unfollowed: list[UnfollowedLetter]


Code = tuple[str, str]  # a side and the code of a party on it


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier imports left. A line whose key is there keeps its name.

    ``numbers`` of documents by party, and ``references`` of payments, each with the key they were imported under (empty: not from a FEC).
    ``carried``: where files of earlier periods were imported, what each party had open the day before this file's period begins; it
    stands in for the opening lines of this file, if it has any.
    """

    numbers: Mapping[Code, Mapping[str, str]] = field(default_factory=dict)
    references: Mapping[Code, Mapping[str, str]] = field(default_factory=dict)
    carried: Mapping[Code, Sequence[CarriedItem]] = field(default_factory=dict)


_NOTHING_KNOWN = Known()


def open_books(fec: Fec, known: Known = _NOTHING_KNOWN) -> Iterator[Book]:
    """The books of all parties of a FEC without problems: customers first, by code."""
    period = fec.period()
    if period is None:
        return
    desk = _Desk(fec, known, period)
    parties = _by_party(fec)
    if desk.takes_over:
        parties |= {code: [] for code in known.carried if code not in parties}
    for code, accounts in sorted(parties.items()):
        yield _Clerk(desk, code, accounts).write()


def due_on(document: Document, terms: PaymentTerms) -> date:
    """When a document of a FEC is due. The file does not say: the terms do; credits, bounced payments and refunds are due at once."""
    if document.type != "invoice" or document.nature == "return":
        return document.dated_on
    return due_date(terms, document.dated_on)


def _by_party(fec: Fec) -> dict[Code, list[Account]]:
    parties: dict[Code, list[Account]] = {}
    for account in fec.accounts:
        parties.setdefault((account.meaning.side, account.meaning.party), []).append(account)
    return parties


class _Desk:
    """What the books of all parties are written with."""

    def __init__(self, fec: Fec, known: Known, period: tuple[date, date]) -> None:
        self.entries = Entries(fec)
        self.period = period
        self.known = known
        self.references = {reference for names in known.references.values() for reference in names}
        self.takes_over = bool(known.carried) and any(self.entries.is_opening(line) for account in fec.accounts for line in account.lines)
        self.codec = fec.alphabet.codec
        self.text = partial(read_text, codec=self.codec)
        self.recurring = _Texts(self.text)


class _Texts(dict[bytes, str]):
    """Reads each text once, of those that come again and again."""

    def __init__(self, read: Callable[[bytes], str]) -> None:
        self._read = read

    def __missing__(self, raw: bytes) -> str:
        self[raw] = text = self._read(raw)
        return text


_Name = tuple[str, bool]  # what a line has become: its number or reference, and whether it is a payment


class _Clerk:
    """Writes the book of one party."""

    def __init__(self, desk: _Desk, code: Code, accounts: list[Account]) -> None:
        self._desk, (self._side, self._code) = desk, code
        self._short_code = self._code[:LONGEST_PART]
        self._accounts = accounts
        self._lines = sorted(chain.from_iterable([account.lines for account in accounts]), key=_POSTED)
        self._inherited: list[Inherited] = []
        if desk.takes_over and (carried := desk.known.carried.get(code)):
            self._take_over(carried)
        self._pieces = [read_text(line.piece, desk.codec) for line in self._lines]
        self._keys, self._readings = self._read_lines()
        self._numbers = Names(desk.known.numbers.get(code, {}), self._keys, desk.period, set())
        self._references = Names(desk.known.references.get(code, {}), self._keys, desk.period, desk.references)
        self._book = Book(self._party(), [], [], [], [])

    def write(self) -> Book:
        """The book that the lines of these accounts make."""
        names = self._write_lines() + [self._write_inherited(item) for item in self._inherited]
        postings: list[Line | Inherited] = [*self._lines, *self._inherited]
        settlements, unfollowed = follow_letters(postings)
        self._write_allocations(settlements, names)
        self._book.unfollowed.extend(self._unfollowed(postings[left.places[0]], left) for left in unfollowed)
        return self._book

    def _party(self) -> Party:
        named, doubtful = b"", False
        for account in self._accounts:
            named = named or account.name
            doubtful |= account.meaning.nature == "doubtful" and sum([line.amount for line in account.lines]) != 0
        name = self._desk.text(named)[:_LONGEST_TEXT] or (self._code if self._accounts else "")
        return Party(self._side, self._code, name, doubtful)

    def _take_over(self, carried: Sequence[CarriedItem]) -> None:
        is_opening = self._desk.entries.is_opening
        self._inherited, left = inherit([line for line in self._lines if is_opening(line)], carried, self._desk.period[0])
        kept = {line.number for line in left}
        self._lines = [line for line in self._lines if not is_opening(line) or line.number in kept]

    def _read_lines(self) -> tuple[list[str], list[Reading]]:
        """The key of each line, and what it is."""
        key_of, read, text = Keys(self._side, self._code).of, self._desk.entries.read, self._desk.recurring
        numbers = {account: text[account.number] for account in self._accounts}
        keys, readings = [], []
        for (_, account, journal, entry, posted_on, piece, _, label, amount, _, _), name in zip(self._lines, self._pieces, strict=True):
            keys.append(key_of(posted_on, numbers[account], text[journal], name, amount))
            readings.append(read(account.meaning, journal, entry, amount, piece, label))
        return keys, readings

    def _write_lines(self) -> list[_Name]:
        """What each line has become; invoices and credit notes choose their numbers before transfers that quote the same piece."""
        quotes = [nature not in _NUMBERED_FIRST and kind not in PAYMENTS for kind, nature in self._readings]
        if True not in quotes:
            return [self._write_line(place) for place in range(len(quotes))]
        names = {place: self._write_line(place) for place in sorted(range(len(quotes)), key=quotes.__getitem__)}
        return [names[place] for place in range(len(quotes))]

    def _write_line(self, place: int) -> _Name:
        line, key, (kind, nature) = self._lines[place], self._keys[place], self._readings[place]
        _, _, _, _, posted_on, _, dated_on, label, amount, _, _ = line
        base = self._pieces[place] or self._entry_name(line)
        if kind in PAYMENTS:
            reference = self._references.give(key, f"{self._short_code} {base[:LONGEST_PART]}", posted_on)
            self._book.payments.append(Payment(key, reference, kind, posted_on, -amount))
            return reference, True
        if dated_on is None or dated_on > posted_on:
            dated_on = posted_on
        number = self._numbers.give(key, base[:LONGEST_NUMBER], dated_on)
        said = read_text(label, self._desk.codec)[:_LONGEST_TEXT]
        self._book.documents.append(Document(key, number, kind, nature, dated_on, posted_on, said, amount))
        return number, False

    def _entry_name(self, line: Line) -> str:
        """What stands for a missing piece reference: the entry, as the accountant finds it."""
        journal, entry, posted = line.entry.split(b"\0")
        return self._desk.text(journal + b" " + (entry or posted))

    def _write_inherited(self, inherited: Inherited) -> _Name:
        """The name of what is carried; what the opening lines say beyond it becomes a document."""
        if inherited.item is not None:
            return inherited.item.name, inherited.item.is_payment
        on, amount = inherited.posted_on, inherited.amount
        key = Keys(self._side, self._code).of(on, "", "", _DIFFERENCE, amount)
        number = self._numbers.give(key, _DIFFERENCE, on)
        kind = "invoice" if amount > 0 else "payment_on_account"
        self._book.documents.append(Document(key, number, kind, "opening", on, on, _DIFFERENCE, amount))
        return number, False

    def _write_allocations(self, settlements: list[Settlement], names: list[_Name]) -> None:
        """What settles what; a return and a payment that cancel out stay as they are, side by side."""
        allocate = self._book.allocations.append
        nettings: dict[str, str] = {}
        for settlement in settlements:
            (claim, is_return), (credit, is_payment), on, amount = names[settlement.claim], names[settlement.credit], *settlement[2:]
            if is_payment and not is_return:
                allocate(Allocation(credit, claim, on, amount))
            elif is_return and not is_payment:
                allocate(Allocation(claim, credit, on, -amount))
            elif not is_return:
                if credit not in nettings:
                    nettings[credit] = self._write_netting(credit, on)
                allocate(Allocation(nettings[credit], claim, on, amount))
                allocate(Allocation(nettings[credit], credit, on, -amount))

    def _write_netting(self, credit: str, on: date) -> str:
        key = fit(f"{on.isoformat()}|{self._side[0].upper()}|{self._code}|LET|{credit}")
        reference = self._references.give(key, f"LET {self._short_code} {credit[:LONGEST_PART]}", on)
        self._book.payments.append(Payment(key, reference, "netting", on, 0))
        return reference

    def _unfollowed(self, first: Line | Inherited, left: Unfollowed) -> UnfollowedLetter:
        account = self._desk.recurring[first.account.number] if first.account else ""
        return UnfollowedLetter(account, self._desk.recurring[first.letter], left.balance, len(left.places))
