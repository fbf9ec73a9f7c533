"""What may a book hold? Any sound policy, any page, any company's choices, for the tests of what must always be true.

Dates lie around ``DAY``, and most things are as they should be, so that many items are dunned and every reason comes up.
"""

from datetime import date, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st

from relance.core.facts import (
    NA,
    Channel,
    Clock,
    Contact,
    Directory,
    DueItem,
    LevelRow,
    Mode,
    Options,
    Page,
    Policy,
    Progression,
    Remainder,
    Site,
)
from relance.core.selection import Terms
from tests.core.pages import customer

DAY = date(2026, 7, 15)
CURRENCIES = st.sampled_from(["EUR", "EUR", "EUR", "USD", "JPY"])
ADDRESSES = st.sampled_from(["a@client.example", "A@client.example", "b@client.example", "c@client.example"])
EMAILS = st.one_of(ADDRESSES, st.just(""))
SITES = {1: (11, 12), 2: (21, 22)}  # by customer


def near(before: int = 60, after: int = 30) -> st.SearchStrategy[date]:
    """A date around DAY."""
    return st.integers(-before, after).map(lambda days: DAY + timedelta(days))


def seldom(what: Any = True, usually: Any = False) -> st.SearchStrategy[Any]:
    """Once in eight times."""
    return st.integers(0, 7).map(lambda number: what if number == 7 else usually)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Or None."""
    return st.one_of(st.none(), strategy)


@st.composite
def level_rows(draw: st.DrawFn, clocks: tuple[Clock, ...] = tuple(Clock)) -> tuple[LevelRow, ...]:
    """The rows of a sound policy: those of one clock follow one another, with gaps; levels mostly rise with age."""
    levels = draw(st.lists(st.sampled_from([*range(1, 10), NA]), min_size=1, max_size=5, unique=True))
    if draw(seldom(what=False, usually=True)):
        levels.sort()
    begins = {clock: draw(st.integers(-20, 10)) for clock in clocks}
    rows: dict[Clock, list[LevelRow]] = {clock: [] for clock in clocks}
    for level in levels:
        clock = draw(st.sampled_from(clocks))
        lower = begins[clock] + draw(st.integers(0, 6))
        upper = lower + draw(st.integers(0, 25))
        begins[clock] = upper + 1
        rows[clock].append(LevelRow(level, lower, upper, clock, not draw(seldom()), draw(st.sampled_from(Channel))))
    for mine in rows.values():
        if mine and draw(st.booleans()):
            mine[-1] = mine[-1]._replace(upper=None)
    return tuple(sorted(row for mine in rows.values() for row in mine))


def policies(rows: st.SearchStrategy[tuple[LevelRow, ...]] | None = None) -> st.SearchStrategy[Policy]:
    """A sound policy with its switches."""
    return st.builds(Policy, level_rows() if rows is None else rows, st.sampled_from(Progression), st.sampled_from([0, 0, 1, 7, 12]))


def options() -> st.SearchStrategy[Options]:
    """What a company may choose."""
    return st.builds(
        Options,
        contacts_of_billed_customer=st.booleans(),
        dun_creditor_customers=st.booleans(),
        min_invoice_amount=st.sampled_from([0, 0, 1000]),
        promise_grace_days=st.integers(0, 5),
        letter_grouping=st.sampled_from(["customer", "site", "invoice"]),
        email_by_customer=st.booleans(),
        include_credits=st.booleans(),
        letter_when_no_recipient=st.booleans(),
    )


def terms(mode: Mode = Mode.AUTOMATIC, policy: st.SearchStrategy[Policy] | None = None) -> st.SearchStrategy[Terms]:
    """What a run on DAY is asked."""
    chosen = policies() if policy is None else policy
    copies = st.lists(ADDRESSES, max_size=1).map(tuple)
    return st.builds(Terms, st.just(DAY), st.just(mode), options(), chosen, cc=copies, undue_too=seldom())


def contacts(customer_id: int) -> st.SearchStrategy[Contact]:
    """A person at a customer; some receive nothing."""
    attached = st.frozensets(st.sampled_from(SITES[customer_id]))
    return st.builds(Contact, EMAILS, attached, maybe(near(20, 60)), seldom(), seldom(), seldom(), seldom())


@st.composite
def directories(draw: st.DrawFn, customer_id: int) -> Directory:
    """Two sites S1 and S2, or S1, or none."""
    ids = SITES[customer_id][: draw(st.sampled_from([2, 2, 1, 0]))]
    sites = tuple(Site(number, f"S{place}", draw(EMAILS)) for place, number in enumerate(ids, 1))
    return Directory(sites, tuple(draw(st.lists(contacts(customer_id), max_size=3))))


def _document(number: int, named: dict[int, Directory]) -> st.SearchStrategy[dict[str, Any]]:
    """What all due items of one document share; two customers may use the same number."""

    def of(customer_id: int) -> st.SearchStrategy[dict[str, Any]]:
        sites = [site.id for site in named[customer_id].sites]
        return st.fixed_dictionaries(
            {
                "document_id": st.just(number),
                "document": st.just(f"FA-{number + 1 - customer_id}"),
                "customer_id": st.just(customer_id),
                "site_id": maybe(st.sampled_from(sites)) if sites else st.none(),
                "type": st.sampled_from(["invoice"] * 5 + ["credit_note", "payment_on_account"]),
                "document_date": near(120, 0),
                "currency": CURRENCIES,
                "payment_method": st.sampled_from(["VIR", "CHQ"]),
                "dunnable": seldom(what=False, usually=True),
                "no_auto_dunning": seldom(),
                "no_manual_dunning": seldom(),
                "no_dunning_temporary": seldom(),
                "recipients": st.lists(ADDRESSES, max_size=1).map("\n".join),
                "copies": st.lists(ADDRESSES, max_size=1).map("\n".join),
            }
        )

    return st.sampled_from([1, 1, 1, 2]).flatmap(of)


def _due_item(number: int, no: int, document: dict[str, Any]) -> st.SearchStrategy[DueItem]:
    left = st.integers(1, 20_000) if document["type"] == "invoice" else st.integers(-20_000, -1)
    level = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 9, NA])
    last = maybe(near(40, 2))
    built = st.builds(
        DueItem,
        id=st.just(number),
        no=st.just(no),
        due_date=near(),
        amount=st.just(0),
        open=left,
        level=level,
        last_dunned_on=last,
        stopped=seldom(),
        promised_on=seldom(DAY - timedelta(2), usually=None),
        label=st.just(""),
        **{name: st.just(value) for name, value in document.items()},
    )
    return built.map(lambda item: item._replace(amount=item.open))


def remainders() -> st.SearchStrategy[list[Remainder]]:
    """What payments have left."""
    left = st.tuples(near(60, 0), CURRENCIES, st.sampled_from([-500, 700, 9_000]))
    return st.lists(left, max_size=2).map(lambda found: [Remainder(number, f"P{number}", *each) for number, each in enumerate(found, 1)])


@st.composite
def pages(draw: st.DrawFn, most: int = 4) -> Page:
    """One billed customer with up to so many documents of one or two due items."""
    named = {customer_id: draw(directories(customer_id)) for customer_id in SITES}
    ids = count(1)
    items = []
    for number in range(1, draw(st.integers(0, most)) + 1):
        document = draw(_document(number, named))
        items += [draw(_due_item(next(ids), no, document)) for no in range(1, draw(st.sampled_from([1, 1, 2])) + 1)]
    flying = {item.id for item in items if draw(seldom())}
    boxes = {name: draw(seldom(what=False, usually=True)) for name in ("dunning_enabled", "manual_dunning", "auto_dunning")}
    return Page(customer(level=draw(st.integers(0, 3)), **boxes), items, draw(remainders()), named, flying)
