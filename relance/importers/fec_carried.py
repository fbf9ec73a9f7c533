"""When a year opens, what are its opening lines, to whom the year before was imported already?

They say again what that year left open: as documents of their own they would double every debt, and the invoices dunned last year would
lose their levels. So the items left open stand in for a party's opening lines, and bear their letters: a line's letter goes to the item of
its amount (its piece, if several have it; else the oldest). Lines that find no item when all items are taken are new: documents, as ever.
Where items are left too, the one letter of all other lines goes to all other items, and the difference of the two (last year was imported
before it was closed) is a document: the balance is always the ledger's.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from relance.importers.fec import Account, Line


class CarriedItem(NamedTuple):
    """What an earlier file left open the day before this file begins. ``open`` is below zero for credits and what payments have left."""

    name: str  # the document's number, the payment's reference
    is_payment: bool
    dated_on: date
    open: int


class Inherited(NamedTuple):
    """An item in the place of opening lines: a posting whose letter can be followed. Without an item: the difference."""

    item: CarriedItem | None
    account: Account | None
    letter: bytes
    lettered_on: date | None
    posted_on: date
    amount: int


def inherit(opening: Sequence[Line], carried: Iterable[CarriedItem], opened_on: date) -> tuple[list[Inherited], list[Line]]:
    """What stands in for the opening lines of one party, and those of them that remain lines."""
    items = sorted(carried, key=lambda item: (item.dated_on, item.name))
    inherited, lines = [], []
    for line in opening:
        item = _same_amount(line, items)
        if item is None:
            lines.append(line)
        else:
            items.remove(item)
            inherited.append(Inherited(item, line.account, line.letter, line.lettered_on, line.posted_on, item.open))
    if items:
        inherited += _bundle(lines, items, opened_on)
        lines = []
    return inherited, lines


def _bundle(lines: Sequence[Line], items: Sequence[CarriedItem], opened_on: date) -> list[Inherited]:
    """All the items for all the lines."""
    letters = {(line.account, line.letter, line.lettered_on) for line in lines}
    account, letter, lettered_on = letters.pop() if len(letters) == 1 else (None, b"", None)
    bundle = [Inherited(item, account, letter, lettered_on, opened_on, item.open) for item in items]
    difference = sum(line.amount for line in lines) - sum(item.open for item in items)
    if difference:
        bundle.append(Inherited(None, account, letter, lettered_on, opened_on, difference))
    return bundle


def _same_amount(line: Line, items: Iterable[CarriedItem]) -> CarriedItem | None:
    candidates = [item for item in items if item.open == line.amount]
    piece = b" ".join(line.piece.split()).decode("latin-1")
    return next((item for item in candidates if piece and item.name.startswith(piece)), candidates[0] if candidates else None)
