"""Which due items stand on one notice?"""

import pytest
from hypothesis import given

from relance.core.facts import Channel, Options, Page
from relance.core.grouping import Claim, copies_of
from relance.core.proposal import propose
from relance.core.selection import Terms
from tests.core import strategies
from tests.core.pages import SITES, notices, page, terms

LETTERS = "N1 -5..10 letter, N2 11.. letter"


def grouped(items: str, levels: str = "N1 -5..10, N2 11..", *, sites: str = SITES, **options: object) -> list[str]:
    return notices(propose(page(items, sites=sites), terms("15 July", levels, **options)))


# -- e-mails: billed customer, recipients, cc and level


@pytest.mark.spec("K81", "K82")
@pytest.mark.parametrize(
    ("to", "copies", "together"),
    [
        ("ann@x bob@x", "cyd@x dan@x", True),
        ("bob@x ann@x", "dan@x cyd@x", True),
        ("Ann@X BOB@x", "CYD@x dan@X", True),
        ("ann@x ann@x bob@x", "cyd@x dan@x CYD@x", True),
        ("ann@x", "cyd@x dan@x", False),
        ("ann@x bob@x", "cyd@x", False),
        ("ann@x bob@x", "", False),
        ("cyd@x dan@x", "ann@x bob@x", False),
    ],
)
def test_documents_with_the_same_recipients_and_copies_stand_on_one_mail_whatever_case_and_order(
    to: str, copies: str, together: bool
) -> None:
    items = f"""
        document | due    | open | to          | copies
        FA-1     | 7 July | 100  | ann@x bob@x | cyd@x dan@x
        FA-2     | 8 July | 100  | {to}        | {copies}
        """
    assert grouped(items) == (["1: FA-1 FA-2"] if together else ["1: FA-1", "1: FA-2"])


TWO_LEVELS = """
    document | due     | open
    FA-1     | 7 July  | 100
    FA-1     | 1 July  | 100
    FA-2     | 1 July  | 100
    """


def test_a_document_with_due_items_at_two_levels_yields_two_notices() -> None:
    assert grouped(TWO_LEVELS) == ["1: FA-1", "2: FA-1/2 FA-2"]


def test_by_customer_a_mail_takes_all_levels_bears_the_highest_and_each_line_keeps_its_own() -> None:
    proposal = propose(page(TWO_LEVELS), terms("15 July", "N1 -5..10, N2 11..", email_by_customer=True))
    assert notices(proposal) == ["2: FA-1/2 FA-2 FA-1"]
    assert [line.level for line in proposal.notices[0].lines] == [2, 2, 1]


def test_by_customer_different_recipients_are_still_written_to_apart() -> None:
    items = """
        document | due    | open | to
        FA-1     | 7 July | 100  | ann@x
        FA-2     | 1 July | 100  | ann@x
        FA-3     | 1 July | 100  | bob@x
        """
    assert grouped(items, email_by_customer=True) == ["2: FA-2 FA-1", "2: FA-3"]


def test_documents_ordered_by_different_customers_stand_together_where_the_billed_one_and_its_recipients_are_the_same() -> None:
    items = """
        document | due    | open | customer | to
        FA-1     | 7 July | 100  | C1       | ann@x
        FA-1     | 7 July | 100  | C2       | ann@x
        """
    assert grouped(items) == ["1: FA-1 FA-1"]


def test_copies_are_the_runs_own_and_the_documents_each_once() -> None:
    item = page("document | due | open | copies\nFA-1 | 7 July | 100 | boss@x ANN@x").items[0]
    assert copies_of(item, ()) == ("boss@x", "ANN@x")
    assert copies_of(item, ("ann@x",)) == ("ann@x", "boss@x")
    assert copies_of(item._replace(copies=""), ("ann@x",)) == ("ann@x",)


def test_the_copies_of_the_run_stand_on_every_mail() -> None:
    proposal = propose(page(TWO_LEVELS), terms("15 July", cc="archive@acme.example"))
    assert [notice.cc for notice in proposal.notices] == [("archive@acme.example",)] * 2


# -- letters: customer, site or invoice, and level

SITES_OF_BOTH = """
    customer | code
    C1       | S1
    C1       | S2
    C2       | S1
    """
OF_SEVERAL_SITES = """
    document | due    | open | customer | site
    FA-1     | 3 July | 100  | C1       | S1
    FA-2     | 4 July | 100  | C1       | S2
    FA-3     | 5 July | 100  | C1       |
    FA-3     | 6 July | 100  | C1       |
    FA-4     | 7 July | 100  | C2       | S1
    FA-5     | 8 July | 100  | C2       |
    FA-6     | 9 July | 100  | C1       | S2
    """


@pytest.mark.parametrize(
    ("grouping", "letters"),
    [
        ("customer", ["1: FA-1 FA-2 FA-3 FA-3/2 FA-4 FA-5 FA-6"]),
        ("site", ["1: FA-1 FA-3 FA-3/2", "1: FA-4 FA-5", "1: FA-2 FA-6"]),
        ("invoice", ["1: FA-1", "1: FA-3 FA-3/2", "1: FA-4", "1: FA-5", "1: FA-2", "1: FA-6"]),
    ],
)
def test_letters_are_made_by_customer_by_its_sites_or_by_invoice_no_site_being_the_first(grouping: str, letters: list[str]) -> None:
    assert grouped(OF_SEVERAL_SITES, "N1 5..15 letter", sites=SITES_OF_BOTH, letter_grouping=grouping) == letters


@pytest.mark.parametrize("grouping", ["customer", "site", "invoice"])
def test_letters_are_made_by_level(grouping: str) -> None:
    assert grouped(TWO_LEVELS, LETTERS, letter_grouping=grouping, email_by_customer=True)[0] == "1: FA-1"


def test_letters_and_mails_of_one_level_are_apart() -> None:
    items = """
        document | due    | open | to
        FA-1     | 7 July | 100  |
        FA-2     | 8 July | 100  | ann@x
        """
    proposal = propose(page(items, sites=""), terms(letter_when_no_recipient=True))
    assert [(notice.channel, notice.lines[0].item.document) for notice in proposal.notices] == [
        (Channel.LETTER, "FA-1"),
        (Channel.EMAIL, "FA-2"),
    ]


# -- lines and totals


def test_lines_come_by_due_date_then_document() -> None:
    items = """
        document | due    | open
        FA-3     | 7 July | 100
        FA-2     | 7 July | 100
        FA-1     | 8 July | 100
        FA-2     | 6 July | 100
        """
    assert grouped(items) == ["1: FA-2/2 FA-2 FA-3 FA-1"]


def test_notices_of_a_customer_come_by_level_site_and_first_document() -> None:
    items = """
        document | due    | open | site
        FA-4     | 1 July | 100  | S1
        FA-3     | 7 July | 100  | S2
        FA-2     | 7 July | 100  | S1
        FA-1     | 8 July | 100  | S1
        """
    assert grouped(items, LETTERS, sites=SITES_OF_BOTH, letter_grouping="invoice") == ["1: FA-1", "1: FA-2", "1: FA-3", "2: FA-4"]


def test_amounts_of_different_currencies_are_never_added() -> None:
    items = """
        document | due    | open
        FA-1     | 7 July | 100
        FA-2     | 7 July | 30 USD
        FA-3     | 7 July | 0.50
        FA-4     | 7 July | 1000 JPY
        """
    assert propose(page(items), terms()).notices[0].totals() == {"EUR": 100_50, "USD": 30_00, "JPY": 1000}


# -- what is always true


def stated_key(claim: Claim, customer: Page, options: Options) -> tuple[object, ...]:
    """Section 6 of the rules: what must be equal for two due items to stand on one notice."""
    item = claim.item
    if claim.channel is Channel.EMAIL:
        addresses = [frozenset(address.lower() for address in part) for part in (claim.to, claim.cc)]
        return ("mail", *addresses, None if options.email_by_customer else claim.level)
    directory = customer.directories[item.customer_id]
    first_site = directory.sites[0].id if directory.sites else None
    by = {"customer": (), "site": (item.customer_id, item.site_id or first_site), "invoice": (item.document_id,)}
    return ("letter", claim.level, *by[options.letter_grouping])


@given(strategies.pages(), strategies.terms())
def test_two_due_items_stand_on_one_notice_exactly_where_the_stated_key_is_the_same(customer: Page, asked: Terms) -> None:
    made = propose(customer, asked).notices
    keys = [[stated_key(line, customer, asked.options) for line in notice.lines] for notice in made]
    assert all(len(set(mine)) == 1 for mine in keys)
    assert len({mine[0] for mine in keys}) == len(made)


@given(strategies.pages(), strategies.terms())
def test_a_notice_bears_the_highest_level_of_its_lines_and_their_channel_and_recipients(customer: Page, asked: Terms) -> None:
    for notice in propose(customer, asked).notices:
        assert notice.level == max(line.level for line in notice.lines)
        assert {line.channel for line in notice.lines} == {notice.channel}
        assert {address.lower() for line in notice.lines for address in line.to} == {address.lower() for address in notice.to}
