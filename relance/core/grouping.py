"""Which due items stand on one notice? (rules, section 6)"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from relance.core.facts import Channel, Customer, DueItem, Options, Page
from relance.core.recipients import Addresses, distinct, site_of


class Claim(NamedTuple):
    """A due item that will be dunned: at which level, by what, and to whom where that is an e-mail."""

    item: DueItem
    level: int
    channel: Channel
    to: Addresses = ()
    cc: Addresses = ()


class Credit(NamedTuple):
    """An unallocated credit of the customer, listed in deduction; ``open`` is below zero."""

    document: str
    document_date: date
    due_date: date
    open: int
    currency: str


class Notice(NamedTuple):
    """One letter or e-mail: its lines by due date then document number, the credits it deducts."""

    customer: Customer
    level: int
    channel: Channel
    to: Addresses
    cc: Addresses
    lines: tuple[Claim, ...]
    credits: tuple[Credit, ...] = ()

    def totals(self) -> dict[str, int]:
        """What is really claimed, per currency: the lines less the credits."""
        totals: dict[str, int] = {}
        for line in self.lines:
            totals[line.item.currency] = totals.get(line.item.currency, 0) + line.item.open
        for credit in self.credits:
            totals[credit.currency] += credit.open
        return totals


def group(claims: Iterable[Claim], page: Page, options: Options) -> list[Notice]:
    """The notices of one billed customer, by level, site and first document; credits are put on by ``deduct_credits``."""
    groups: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        groups.setdefault(_key(claim, page, options), []).append(claim)
    notices = [_notice(page.customer, lines) for lines in groups.values()]
    if len(notices) > 1:
        notices.sort(key=lambda notice: _place(notice, page))
    return notices


def deduct_credits(notices: list[Notice], held: Iterable[Credit]) -> list[Notice]:
    """Each credit held once: on the notice of the highest level in its currency, the first of several; by due date, then document."""
    ordered = sorted(held, key=lambda credit: (credit.due_date, credit.document, credit.open))
    for currency in sorted({credit.currency for credit in ordered}):
        bearers = [place for place, notice in enumerate(notices) if any(line.item.currency == currency for line in notice.lines)]
        if bearers:
            place = max(bearers, key=lambda place: (notices[place].level, -place))
            mine = tuple(credit for credit in ordered if credit.currency == currency)
            notices[place] = notices[place]._replace(credits=notices[place].credits + mine)
    return notices


def _key(claim: Claim, page: Page, options: Options) -> tuple[object, ...]:
    """What must be equal for two due items to stand on one notice (register K81, K82)."""
    if claim.channel is not Channel.LETTER:
        level = 0 if options.email_by_customer else claim.level
        return (level, frozenset(map(str.lower, claim.to)), frozenset(map(str.lower, claim.cc)))
    item = claim.item
    if options.letter_grouping == "invoice":
        return (claim.level, item.document_id)
    return (claim.level, item.customer_id, site_of(item, page)) if options.letter_grouping == "site" else (claim.level,)


def _notice(customer: Customer, lines: list[Claim]) -> Notice:
    lines.sort(key=lambda line: (line.item.due_date, line.item.document, line.item.no, line.item.id))
    first = lines[0]
    level = max(line.level for line in lines)
    return Notice(customer, level, first.channel, first.to, first.cc, tuple(lines))


def _place(notice: Notice, page: Page) -> tuple[int, str, str, int]:
    """Where a notice stands among those of its customer."""
    first = notice.lines[0].item
    site = site_of(first, page)
    return notice.level, site.code if site else "", first.document, first.id


def copies_of(item: DueItem, cc: Addresses) -> Addresses:
    """The run's own cc addresses and the document's copies."""
    return distinct((*cc, *item.copies.split("\n"))) if item.copies or cc else ()
