"""Which payments settle which invoices, according to the ledger's letters?

An accountant writes the same letter on an invoice and on what settled it. A letter is followed only where what it groups adds up to zero,
for one customer, so that following it can never move the customer's balance. Letters come round again every year: the date of lettering
tells them apart.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple, Protocol


class Posting(Protocol):
    """A ledger line of one customer: above zero what he owes, below what settles it, in minor units."""

    @property
    def account(self) -> object: ...
    @property
    def letter(self) -> object: ...  # falsy: no letter
    @property
    def lettered_on(self) -> date | None: ...
    @property
    def posted_on(self) -> date: ...
    @property
    def amount(self) -> int: ...


class Settlement(NamedTuple):
    """``credit`` settles ``amount`` of ``claim`` (both places in the sequence given) from the day both are posted."""

    claim: int
    credit: int
    on: date
    amount: int


class Unfollowed(NamedTuple):
    """A letter that does not balance: its lines (places in the sequence given) stay open, and their matching is only proposed."""

    balance: int
    places: tuple[int, ...]


# The narrowest group that balances wins: one lettering of one account; all its letterings; and, last, the customer's accounts together
# (an advance on 4191 lettered with the invoice on 411).
_GROUPINGS: tuple[Callable[[Posting], object], ...] = (
    lambda posting: (posting.account, posting.letter, posting.lettered_on),
    lambda posting: (posting.account, posting.letter),
    lambda posting: (posting.letter, posting.lettered_on),
    lambda posting: posting.letter,
)


def follow_letters(postings: Sequence[Posting]) -> tuple[list[Settlement], list[Unfollowed]]:
    """What the letters of one customer settle, and the letters that were not followed, by account.

    Inside a letter the oldest credit settles the oldest claim first. A settlement is dated when the later of its two lines was posted: at
    every date, what is open adds up to the ledger's balance of that date.
    """
    settlements: list[Settlement] = []
    left = [place for place, posting in enumerate(postings) if posting.letter]
    for grouping in _GROUPINGS:
        if not left:
            return settlements, []
        groups = _group(postings, left, grouping)
        left = []
        for places in groups:
            if _balance(postings, places):
                left += places
            else:
                settlements += _settle(postings, places)
    return settlements, [Unfollowed(_balance(postings, places), tuple(places)) for places in _group(postings, left, _GROUPINGS[1])]


def _group(postings: Sequence[Posting], places: list[int], grouping: Callable[[Posting], object]) -> list[list[int]]:
    groups: dict[object, list[int]] = defaultdict(list)
    for place in places:
        groups[grouping(postings[place])].append(place)
    return list(groups.values())


def _balance(postings: Sequence[Posting], places: list[int]) -> int:
    return sum([postings[place].amount for place in places])


def _settle(postings: Sequence[Posting], places: list[int]) -> list[Settlement]:
    if len(places) == 2:
        claim, credit = places if postings[places[0]].amount > 0 else reversed(places)
        return [Settlement(claim, credit, max(postings[claim].posted_on, postings[credit].posted_on), postings[claim].amount)]
    oldest_first = sorted(places, key=lambda place: postings[place].posted_on)
    claims = iter([place for place in oldest_first if postings[place].amount > 0])
    settlements = []
    claim, owed = -1, 0
    for credit in oldest_first:
        left = -postings[credit].amount
        while left > 0:
            if not owed:
                claim = next(claims)
                owed = postings[claim].amount
            amount = min(owed, left)
            settlements.append(Settlement(claim, credit, max(postings[claim].posted_on, postings[credit].posted_on), amount))
            owed, left = owed - amount, left - amount
    return settlements
