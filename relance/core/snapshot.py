"""What does a new list of open items change? It is compared with what is held, customer by customer.

A list of open items says what is open on its day and nothing of what was paid: an item that earlier lists named and this one does not
has been settled, one that is open for less has been paid in part. What came into the ledger by another way is never settled by a list's
silence.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

Kind = Literal["new", "changed", "same", "gone", "kept"]


class Listed(NamedTuple):
    """A due item as the list has it, in minor units of its currency; ``amount`` is None where the list tells only what is open."""

    number: str
    due_date: date
    open: int
    amount: int | None
    currency: str


class Held(NamedTuple):
    """A due item as it is held; ``id`` is opaque, ``listed`` says whether it came by a list."""

    id: int
    number: str
    due_date: date
    open: int
    amount: int
    currency: str
    listed: bool = True


class Outcome(NamedTuple):
    """What becomes of one due item: ``amount`` is the new one, ``settled`` what has been paid since (below zero: came back)."""

    kind: Kind
    listed: Listed | None
    held: Held | None
    amount: int = 0
    settled: int = 0


def compare(listed: Iterable[Listed], held: Iterable[Held], *, whole: bool = True) -> Iterator[Outcome]:
    """The outcome for every item of the list and of the ledger. ``whole``: the list holds all that is open.

    Items are known again by document and due date; where only one of a document is left on either side, its due date has moved.
    ``kept``: the list contradicts what another source says, which stands.
    """
    waiting: dict[str, list[Held]] = defaultdict(list)
    for item in held:
        waiting[item.number].append(item)
    for number, lines in _by_document(listed).items():
        before = waiting.pop(number, [])
        currencies = {item.currency for item in before}
        for line, known in _paired(lines, before):
            if line is not None and known is not None:
                yield _known(line, known)
            elif line is not None:
                yield _new(line) if line.currency in currencies or not before else Outcome("kept", line, None)
            elif known is not None:
                waiting[number].append(known)
    for item in [item for items in waiting.values() for item in items]:
        if whole and item.listed and item.open:
            yield Outcome("gone", None, item, item.amount, item.open)


def _by_document(listed: Iterable[Listed]) -> dict[str, list[Listed]]:
    """The lines of each document; lines of one due date and currency are one item."""
    sums: dict[tuple[str, date, str], Listed] = {}
    for line in listed:
        key = (line.number, line.due_date, line.currency)
        if (before := sums.get(key)) is not None:
            amount = None if before.amount is None or line.amount is None else before.amount + line.amount
            line = before._replace(open=before.open + line.open, amount=amount)
        sums[key] = line
    found: dict[str, list[Listed]] = defaultdict(list)
    for line in sums.values():
        found[line.number].append(line)
    return found


def _paired(lines: list[Listed], held: list[Held]) -> Iterator[tuple[Listed | None, Held | None]]:
    """Lines with what is held of them, by due date; a single one left on both sides is one whose due date has moved."""
    by_date = {item.due_date: item for item in held}
    pairs = [(line, by_date.pop(line.due_date, None)) for line in lines]
    left = list(by_date.values())
    unknown = [line for line, known in pairs if known is None]
    if len(left) == len(unknown) == 1:
        pairs = [(line, known or left.pop()) for line, known in pairs]
    yield from pairs
    yield from ((None, item) for item in left)


def _new(line: Listed) -> Outcome:
    amount = line.open if line.amount is None else line.amount
    return Outcome("new", line, None, amount, amount - line.open)


def _known(line: Listed, held: Held) -> Outcome:
    amount = _amount_of(line, held)
    settled = (amount - line.open) - (held.amount - held.open)
    if line.currency != held.currency:
        return Outcome("kept", line, held)
    if (amount, line.due_date, settled) == (held.amount, held.due_date, 0):
        return Outcome("same", line, held, amount)
    return Outcome("changed", line, held, amount, settled) if held.listed else Outcome("kept", line, held)


def _amount_of(line: Listed, held: Held) -> int:
    """What the list says, else what is held, raised to what is open where that is more."""
    if line.amount is not None:
        return line.amount
    return max(held.amount, line.open) if line.open > 0 else min(held.amount, line.open)
