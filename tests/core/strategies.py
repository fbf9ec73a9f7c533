"""What may a book hold? Any sound policy, any page, any company's choices, for the tests of what must always be true.

Dates lie around ``DAY``, and most things are as they should be, so that many items are dunned and every reason comes up.
"""

from collections.abc import Sequence
from datetime import date, timedelta
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
EMAILS = st.sampled_from(["a@client.example", "A@client.example", "b@client.example", "c@client.example", ""])
SITES = {1: (11, 12), 2: (21, 22)}  # of the billed customer, and of one that orders

Fields = dict[str, Any]


def near(before: int, after: int) -> st.SearchStrategy[date]:
    """A date around DAY."""
    return st.integers(-before, after).map(lambda days: DAY + timedelta(days))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Or None."""
    return st.one_of(st.none(), strategy)


def troubles(*these: Fields) -> st.SearchStrategy[Fields]:
    """Mostly nothing that keeps from dunning, else one of these facts."""
    return st.sampled_from([{}] * 4 * len(these) + list(these))


# -- policies and options


def level_rows(clocks: Sequence[Clock] = tuple(Clock)) -> st.SearchStrategy[tuple[LevelRow, ...]]:
    """The rows of a sound policy."""
    levels = st.sampled_from([*range(1, 10)] * 2 + [NA])
    drawn = st.tuples(levels, st.sampled_from(clocks), st.sampled_from([0, 0, 0, 1, 5]), st.integers(0, 30), troubles({"automatic": False}))
    return st.builds(
        _in_sequence, st.lists(drawn, min_size=1, max_size=5, unique_by=lambda row: row[0]), st.integers(-10, 5), st.booleans()
    )


def _in_sequence(drawn: list[tuple[int, Clock, int, int, Fields]], start: int, endless: bool) -> tuple[LevelRow, ...]:
    """Rows one after another on each clock, after gaps; an endless policy has no end on any clock."""
    begins = dict.fromkeys(Clock, start)
    last: dict[Clock, int] = {}
    rows = []
    for level, clock, gap, length, by_hand in drawn:
        lower = begins[clock] + gap
        begins[clock] = lower + length + 1
        last[clock] = len(rows)
        rows.append(LevelRow(level, lower, lower + length, clock, channel=Channel.LETTER if level % 3 == 0 else Channel.EMAIL, **by_hand))
    for place in last.values() if endless else ():
        rows[place] = rows[place]._replace(upper=None)
    return tuple(sorted(rows))


POLICIES = st.builds(Policy, level_rows(), st.sampled_from(Progression), st.sampled_from([0, 0, 1, 7, 12]))
OPTIONS = st.builds(
    Options,
    contacts_of_billed_customer=st.booleans(),
    dun_creditor_customers=st.booleans(),
    min_invoice_amount=st.sampled_from([0, 0, 10_00]),
    promise_grace_days=st.integers(0, 5),
    letter_grouping=st.sampled_from(["customer", "site", "invoice"]),
    email_by_customer=st.booleans(),
    include_credits=st.booleans(),
    letter_when_no_recipient=st.booleans(),
)


def terms(mode: Mode = Mode.AUTOMATIC) -> st.SearchStrategy[Terms]:
    """What a run on DAY is asked."""
    copies = st.sampled_from([(), ("boss@acme.example",), ("a@client.example",)])
    return st.builds(Terms, st.just(DAY), st.just(mode), OPTIONS, POLICIES, cc=copies, undue_too=st.booleans())


# -- the page of a customer

_DOCUMENTS = st.tuples(
    st.sampled_from([1, 1, 1, 2]),
    st.sampled_from([None, 0, 1]),
    st.sampled_from(["invoice"] * 10 + ["credit_note", "payment_on_account"]),
    CURRENCIES,
    EMAILS,
    EMAILS,
    troubles(
        {"dunnable": False},
        {"no_auto_dunning": True},
        {"no_auto_dunning": True, "no_auto_dunning_until": DAY + timedelta(6)},
        {"no_manual_dunning": True},
        {"no_manual_dunning": True, "no_manual_dunning_until": DAY - timedelta(1)},
        {"no_dunning_temporary": True},
    ),
)
_DUE_ITEMS = st.tuples(
    near(45, 5),
    st.integers(1, 50_000),
    st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3, 9]),
    st.one_of(st.none(), st.none(), near(30, 2)),
    troubles({"stopped": True}, {"promised_on": DAY - timedelta(2)}, {"promised_on": DAY + timedelta(10)}, {"level": NA}),
)
_REMAINDERS = st.lists(st.tuples(near(60, 0), CURRENCIES, st.sampled_from([-5_00, 7_00, 90_00])), max_size=2)
_CUSTOMERS = troubles(
    {"dunning_enabled": False},
    {"manual_dunning": False},
    {"auto_dunning": False},
    {"insolvent_on": DAY - timedelta(9)},
    {"held_from": DAY - timedelta(9)},
    {"held_from": DAY - timedelta(9), "held_until": DAY + timedelta(4)},
    {"held_from": DAY + timedelta(2), "held_until": DAY + timedelta(8)},
)
_RECEIVES = st.sampled_from([(), ("dunning",), ("dunning",), ("dunning_all_sites",), ("invoices",), ("invoices_all_sites",)])


def _contacts(customer_id: int) -> st.SearchStrategy[list[Contact]]:
    attached = st.sampled_from([frozenset(), frozenset(SITES[customer_id][:1]), frozenset(SITES[customer_id])])
    return st.lists(st.builds(_contact, EMAILS, attached, maybe(near(20, 60)), _RECEIVES), max_size=3)


def _contact(email: str, attached: frozenset[int], left_on: date | None, receives: tuple[str, ...]) -> Contact:
    kinds = ("dunning", "dunning_all_sites", "invoices", "invoices_all_sites")
    return Contact(email, attached, left_on, *(kind in receives for kind in kinds))


def _directory(customer_id: int, emails: list[str], contacts: list[Contact]) -> Directory:
    sites = zip(SITES[customer_id], ("S1", "S2"), emails, strict=False)
    return Directory(tuple(Site(number, code, email) for number, code, email in sites), tuple(contacts))


_DIRECTORIES = {
    customer_id: st.builds(_directory, st.just(customer_id), st.lists(EMAILS, max_size=2), _contacts(customer_id)) for customer_id in SITES
}


@st.composite
def pages(draw: st.DrawFn, most: int = 4) -> Page:
    """One billed customer with up to so many documents of one or two due items."""
    named = {customer_id: draw(directories) for customer_id, directories in _DIRECTORIES.items()}
    drawn = draw(st.lists(st.tuples(_DOCUMENTS, st.lists(_DUE_ITEMS, min_size=1, max_size=2)), max_size=most))
    items: list[DueItem] = []
    for number, (document, instalments) in enumerate(drawn, 1):
        items += _items(len(items) + 1, _document(number, document, named), instalments)
    paid = [Remainder(number, f"P{number}", *left) for number, left in enumerate(draw(_REMAINDERS), 1)]
    flying = draw(st.sampled_from([set(), set(), set(), {1}, {2, 3}]))
    return Page(customer(level=draw(st.integers(0, 3)), **draw(_CUSTOMERS)), items, paid, named, flying)


def _document(number: int, drawn: tuple[Any, ...], named: dict[int, Directory]) -> Fields:
    """What all due items of one document share; two customers may use the same number."""
    customer_id, place, kind, currency, to, copy, trouble = drawn
    sites = named[customer_id].sites
    return {
        "document_id": number,
        "document": f"FA-{number + 1 - customer_id}",
        "customer_id": customer_id,
        "site_id": sites[place].id if place is not None and place < len(sites) else None,
        "type": kind,
        "document_date": DAY - timedelta(90),
        "currency": currency,
        "payment_method": "VIR",
        "dunnable": True,
        "recipients": to,
        "copies": copy,
        "label": "",
    } | trouble


def _items(first: int, document: Fields, drawn: list[tuple[Any, ...]]) -> list[DueItem]:
    boxes = dict.fromkeys(("no_auto_dunning", "no_manual_dunning", "no_dunning_temporary", "stopped"), False)
    items = []
    for no, (due, left, level, last, trouble) in enumerate(drawn, 1):
        amount = left if document["type"] == "invoice" else -left
        own = {"id": first + no - 1, "no": no, "due_date": due, "amount": amount, "open": amount, "level": level, "last_dunned_on": last}
        items.append(DueItem(**boxes | {"promised_on": None} | document | own | trouble))
    return items
