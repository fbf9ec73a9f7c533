"""Which entries that wait is it certain about? Those that name one customer's documents and pay them to the cent; they are booked.

Money of an account that has paid before for one customer alone is his, too: it is a payment on account until somebody says what it is for.
The caller holds a transaction and the company's row.
"""

from dataclasses import dataclass, field

from relance.core.reconciling import Candidate, Claims
from relance.models.bank import BankEntry
from relance.models.company import Company
from relance.models.events import Fact
from relance.models.incoming.handing_over import recognise_booked
from relance.models.incoming.matching import Decided, match
from relance.models.incoming.reconciling import (
    Waiting,
    all_open,
    all_settled,
    first_day_of_returns,
    known_payers,
    money_of,
    waiting_entries,
)


@dataclass
class Settled:
    """How many entries were booked, and what happened."""

    certain: int = 0
    on_account: int = 0
    booked: int = 0  # their payment was in the ledger already
    facts: list[Fact] = field(default_factory=list)


def settle_certain(company: Company, by: str) -> Settled:
    """Book what is certain among the entries that wait, in a fixed number of queries."""
    booked = recognise_booked(company, list(waiting_entries(company)), by)
    entries = list(waiting_entries(company))
    if not entries:
        return Settled(booked=len(booked), facts=booked)
    decided = [*_certain(company, entries, returns=False), *_certain(company, entries, returns=True)]
    _, facts = match(company.pk, decided, by)
    known = _of_known_payers(company, entries, {one.entry.pk for one in decided if one.entry})
    _, further = match(company.pk, known, by)
    return Settled(len(decided), len(known), len(booked), [*booked, *facts, *further])


def _certain(company: Company, entries: list[BankEntry], *, returns: bool) -> list[Decided]:
    asked = [one for one in entries if (one.amount < 0) == returns and one.says]
    if not asked:
        return []
    claims = all_settled(company, first_day_of_returns(asked[0].booked_on)) if returns else all_open(company)
    return [decision for one in asked if (decision := _decision(claims, one))]


def _decision(claims: Claims, entry: BankEntry) -> Decided | None:
    found: Candidate | None = claims.certain(money_of(Waiting(entry, None)))
    if found is None:
        return None
    claims.take(found.parts)
    return Decided(found.customer, found.parts, "certain", found.reason, entry, amount=entry.amount)


def _of_known_payers(company: Company, entries: list[BankEntry], taken: set[int]) -> list[Decided]:
    asked = [one for one in entries if one.kind == "receipt" and one.payer_iban and one.pk not in taken]
    known = known_payers(company, asked)
    return [
        Decided(next(iter(customers)), (), "known_payer", "known_account", one, amount=one.amount)
        for one in asked
        if len(customers := known.get(one.payer_iban, set())) == 1
    ]
