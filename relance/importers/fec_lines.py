"""Is a ledger line an invoice, a credit note, a payment, a write-off? Told by what else its entry touches.

What raises the debt is a document of type invoice, wherever it comes from: a sale, a bill, a payment that bounced, a refund. Only so does
it keep a date and a letter of its own; its nature says which it is. What lowers the debt:

| the entry | the line is |
| --- | --- |
| opens the year (journal of "à nouveaux", no expense, no income) | a credit note where piece or label say so, else a payment on account |
| touches the bank or the till (5) | a payment |
| touches income (7); for a supplier an expense or what is bought (6, 2, 3) | a credit note |
| touches an expense (6); for a supplier income (7) | a write-off: a loss, a difference, a discount |
| touches third parties and VAT only | a credit note where piece or label say so, else a payment: a transfer, a bill, an offset |

On an account of advances, what came in is a payment on account, and what takes it back (it was used, or repaid) is a return: a payment
below zero, for nobody is to be dunned for it.

An entry of which no other line is found under its number is a payment where most entries of its journal touch the bank.
"""

import re
from collections import Counter
from functools import cached_property
from typing import Literal

from relance.importers.fec import Fec, Line
from relance.importers.fec_accounts import ASSET, CASH, EXPENSE, INCOME, Meaning, Nature, Side

Kind = Literal["invoice", "credit_note", "payment_on_account", "payment", "write_off", "return"]
LineNature = Literal["trade", "opening", "return", "transfer", "bill", "doubtful", "advance"]
Reading = tuple[Kind, LineNature]
PAYMENTS = frozenset(("payment", "write_off", "return"))  # the kinds that are payments; the others are types of documents

_RESULT = INCOME | EXPENSE
_TRADE = {"customer": INCOME, "supplier": EXPENSE | ASSET}
_CREDIT_NOTE = re.compile(rb"\s*AV(OIR)?S?([^a-z]|$)|.*\bAVOIR\b", re.IGNORECASE | re.DOTALL)
_OPENING_CODE = re.compile(rb"(A\.?N\.?O?V?|RAN|ANX|A-?NOUV\w*|OUV\w*)\d*", re.IGNORECASE)
_OPENING_NAME = re.compile(rb"nouveau|\bnouv\b|ouverture|\bran\b", re.IGNORECASE)


class Entries:
    """What the entries of a FEC touch, and so what its lines are."""

    def __init__(self, fec: Fec) -> None:
        self._touched = fec.entries
        self._cases: dict[tuple[Side, Nature, bytes, int, bool], tuple[Reading, Reading | None]] = {}
        self._opening = opening_journals(fec)

    @cached_property
    def _banks(self) -> set[bytes]:
        """The journals of which most entries touch the bank."""
        all_entries: Counter[bytes] = Counter()
        of_bank: Counter[bytes] = Counter()
        for key, touched in self._touched.items():
            journal = key[: key.index(b"\0")]
            all_entries[journal] += 1
            of_bank[journal] += touched & CASH
        return {journal for journal, count in all_entries.items() if of_bank[journal] * 2 > count}

    def is_opening(self, line: Line) -> bool:
        """Whether this line carries over what was open when the year began."""
        return line.journal in self._opening and not self._touched.get(line.entry, 0) & _RESULT

    def read(self, meaning: Meaning, journal: bytes, entry: bytes, amount: int, piece: bytes, label: bytes) -> Reading:
        """What a line becomes, and its nature."""
        case = (meaning.side, meaning.nature, journal, self._touched.get(entry, 0), amount > 0)
        if case not in self._cases:
            self._cases[case] = self._read_case(*case)
        reading, in_words = self._cases[case]
        return in_words if in_words and (_CREDIT_NOTE.match(piece) or _CREDIT_NOTE.match(label)) else reading

    def _read_case(self, side: Side, nature: Nature, journal: bytes, touched: int, raises: bool) -> tuple[Reading, Reading | None]:
        """The reading of all lines alike in these; and of those of them that call themselves credit notes, where that tells."""
        if nature == "advance":
            return ("return" if raises else "payment_on_account", "advance"), None
        touched = touched or (CASH if journal in self._banks else 0)
        trade = touched & _TRADE[side]
        opening = journal in self._opening and not touched & _RESULT
        kept = nature if nature != "trade" else "opening" if opening else "trade" if trade else "return" if touched & CASH else "transfer"
        if raises:
            return ("invoice", kept), None
        if opening:
            return ("payment_on_account", kept), ("credit_note", kept)
        if not touched & CASH and touched & _RESULT | trade:
            return ("credit_note" if trade else "write_off", kept), None
        return ("payment", kept), None if touched & CASH else ("credit_note", kept)


def opening_journals(fec: Fec) -> set[bytes]:
    """The journals that carry over, with lines of third parties, what was open when the year began."""
    return {journal for journal, name in fec.journals.items() if _opens_the_year(journal, name)}


def _opens_the_year(journal: bytes, name: bytes) -> bool:
    return bool(_OPENING_CODE.fullmatch(journal) or _OPENING_NAME.search(name))
