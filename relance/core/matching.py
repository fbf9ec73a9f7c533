"""Which invoices may a payment without a letter be for? Proposed with a reason and a confidence, never applied.

Looked for in this order, each invoice and each payment serving once: the invoice's number in what the payment says; the exact amount of one
invoice; the exact sum of the oldest invoices; the exact sum of invoices that follow each other. An invoice dated after the payment is only
proposed where the payment names it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import Literal, NamedTuple

Confidence = Literal["high", "medium", "low"]
Reason = Literal["names_the_invoice", "same_amount", "sum_of_the_oldest", "sum_of_neighbours"]

_FIGURES = re.compile(r"\d{3,}", re.ASCII)


class Claim(NamedTuple):
    """An open invoice of one customer; ``open`` is above zero."""

    number: str
    dated_on: date
    open: int


class Receipt(NamedTuple):
    """A payment of the same customer and currency; ``left`` is above zero; ``says`` is its label and reference."""

    reference: str
    dated_on: date
    left: int
    says: str = ""


class Proposal(NamedTuple):
    """``parts``: numbers of invoices, each with the amount that the payment would settle of it."""

    reference: str
    parts: tuple[tuple[str, int], ...]
    reason: Reason
    confidence: Confidence


def propose_matches(claims: Iterable[Claim], receipts: Iterable[Receipt]) -> list[Proposal]:
    """Proposals for one customer and currency, in the order of the payments' dates."""
    search = _Search(claims, receipts)
    for find in (search.named, search.of_same_amount, search.of_oldest, search.of_neighbours):
        for receipt in search.waiting():
            proposal = find(receipt)
            if proposal:
                search.keep(proposal)
    return search.proposals()


class _Search:
    """What is still to be matched."""

    def __init__(self, claims: Iterable[Claim], receipts: Iterable[Receipt]) -> None:
        self._claims = {claim.number: claim for claim in sorted(claims, key=lambda claim: (claim.dated_on, claim.number))}
        self._receipts = sorted(receipts, key=lambda receipt: (receipt.dated_on, receipt.reference))
        self._amounts = Counter([receipt.left for receipt in self._receipts])
        self._kept: dict[str, Proposal] = {}
        self._by_figures: dict[str, list[str]] = defaultdict(list)
        for number in self._claims:
            for figures in _FIGURES.findall(number)[-1:]:
                self._by_figures[figures].append(number)

    def waiting(self) -> list[Receipt]:
        """The payments without a proposal, oldest first; none once no invoice is left to propose."""
        return [receipt for receipt in self._receipts if receipt.reference not in self._kept] if self._claims else []

    def keep(self, proposal: Proposal) -> None:
        """Take the proposal and its invoices out of what is left to match."""
        self._kept[proposal.reference] = proposal
        for number, _ in proposal.parts:
            del self._claims[number]

    def proposals(self) -> list[Proposal]:
        """Those kept, by date of payment."""
        return [self._kept[receipt.reference] for receipt in self._receipts if receipt.reference in self._kept]

    def named(self, receipt: Receipt) -> Proposal | None:
        """The invoices that the payment names; one that they do not add up to is spread, the oldest first."""
        said = receipt.says.upper()
        numbers = {number for figures in _FIGURES.findall(said) for number in self._by_figures.get(figures, ())}
        if not numbers:
            return None
        claims = [claim for number, claim in self._claims.items() if number in numbers and _is_said(number, said)]
        if not claims:
            return None
        exact = sum(claim.open for claim in claims) == receipt.left
        return Proposal(receipt.reference, _spread(claims, receipt.left), "names_the_invoice", "high" if exact else "medium")

    def of_same_amount(self, receipt: Receipt) -> Proposal | None:
        """The oldest invoice of that amount; sure only where there is one such invoice, and one such payment."""
        left, on = receipt.left, receipt.dated_on
        claims = [claim for claim in self._claims.values() if claim.open == left and claim.dated_on <= on]
        if not claims:
            return None
        sure = len(claims) == 1 and self._amounts[receipt.left] == 1
        return _whole(receipt, claims[:1], "same_amount", "high" if sure else "medium")

    def of_oldest(self, receipt: Receipt) -> Proposal | None:
        """The oldest invoices, where the first so many add up to the payment."""
        claims = self._before(receipt)
        for count, total in enumerate(accumulate([claim.open for claim in claims]), 1):
            if total >= receipt.left:
                return _whole(receipt, claims[:count], "sum_of_the_oldest", "medium") if total == receipt.left else None
        return None

    def of_neighbours(self, receipt: Receipt) -> Proposal | None:
        """Invoices that follow each other and add up to the payment, where only one such row of them does."""
        claims = self._before(receipt)
        rows = list(_rows_adding_up(claims, receipt.left))
        return _whole(receipt, claims[rows[0]], "sum_of_neighbours", "low") if len(rows) == 1 else None

    def _before(self, receipt: Receipt) -> list[Claim]:
        on = receipt.dated_on
        return [claim for claim in self._claims.values() if claim.dated_on <= on]


def _is_said(number: str, said: str) -> bool:
    """Whether the number stands in the text by itself, however its parts are joined: FA 12-345 in "VIR FA12345 MERCI"."""
    parts = r"[\W_]*".join(re.findall(r"[^\W\d_]+|\d+", number.upper()))
    return re.search(rf"(?<![^\W_]){parts}(?!\d)", said) is not None


def _rows_adding_up(claims: Sequence[Claim], amount: int) -> Iterator[slice]:
    start = total = 0
    for end, claim in enumerate(claims, 1):
        total += claim.open
        while total > amount:
            total -= claims[start].open
            start += 1
        if total == amount:
            yield slice(start, end)


def _spread(claims: Iterable[Claim], amount: int) -> tuple[tuple[str, int], ...]:
    parts = []
    for claim in claims:
        part = min(claim.open, amount)
        if part:
            parts.append((claim.number, part))
        amount -= part
    return tuple(parts)


def _whole(receipt: Receipt, claims: Iterable[Claim], reason: Reason, confidence: Confidence) -> Proposal:
    return Proposal(receipt.reference, tuple((claim.number, claim.open) for claim in claims), reason, confidence)
