"""Does a frozen notice still say the truth, in the moment before it leaves? (rules, section 7)

A payment, a block or an address that changed what it says withdraws it; it is never re-worded.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from relance.core.facts import Channel, DueItem, Page
from relance.core.grouping import Credit, copies_of
from relance.core.proposal import Decider, credits_of
from relance.core.reasons import Reason
from relance.core.selection import Terms, held_back, never_dunned


class Said(NamedTuple):
    """What the notice says of one due item."""

    due_item_id: int
    document: str
    open: int
    ledger_open: int
    level_before: int
    level_after: int


def what_changed(
    lines: Iterable[Said], channel: Channel, to: Sequence[str], cc: Sequence[str], page: Page | None, terms: Terms
) -> str | None:
    """Why a notice no longer holds, in words; None when every line of it still does.

    ``page`` is the customer's now, on the date of the run (None: nothing is open); the notice asked about is not on its in-flight list.
    """
    if page is None:
        return "nothing is open any more"
    decider = Decider(page, terms)
    items = {item.id: item for item in page.items}
    for line in lines:
        item = items.get(line.due_item_id)
        change = "settled" if item is None else _change(line, item, decider) or _new_address(item, channel, to, cc, decider)
        if change is not None:
            return f"{line.document}: {change}"
    return None


def credits_changed(deducted: Iterable[Credit], currencies: Iterable[str], page: Page | None) -> bool:
    """Whether the customer's credits in these currencies are no longer those that all its notices of the run deduct together."""
    wanted = set(currencies)
    now = credits_of(page) if page else []
    return sorted(credit for credit in deducted if credit.currency in wanted) != sorted(
        credit for credit in now if credit.currency in wanted
    )


def _change(line: Said, item: DueItem, decider: Decider) -> str | None:
    if (item.open, item.ledger_open) != (line.open, line.ledger_open):
        return "the open amount has changed"
    if item.level != line.level_before:
        return "the level has changed"
    page, terms = decider.page, decider.terms
    reason: Reason | None = never_dunned(item, page.customer, terms.as_of) or held_back(item, page.customer, terms, page.in_flight)
    return reason or decider.thresholds.refusal(item)


def _new_address(item: DueItem, channel: Channel, to: Sequence[str], cc: Sequence[str], decider: Decider) -> str | None:
    """Whether an e-mail would go to other people today, case and order aside; a letter's address is compared where it is written."""
    if channel is Channel.LETTER:
        return None
    today = decider.recipients_of(item), copies_of(item, decider.terms.cc)
    same = today == (to, cc) or list(map(_folded, today)) == [_folded(to), _folded(cc)]
    return None if same else "the recipients have changed"


def _folded(addresses: Iterable[str]) -> set[str]:
    return {address.lower() for address in addresses}
