"""Does a frozen notice still say the truth, in the moment before it leaves?"""

from typing import Any

import pytest
from hypothesis import given

from relance.core.facts import NA, Channel, Page
from relance.core.grouping import Notice
from relance.core.holding import Said, credits_changed, what_changed
from relance.core.proposal import propose
from relance.core.selection import Terms
from tests.core import strategies
from tests.core.pages import SITES, on, page, policy, terms

FROZEN = """
    document | due    | open | copies
    FA-1     | 7 July | 100  | ann@client.example
    FA-2     | 8 July | 50   | ann@client.example
    """


def said(notice: Notice) -> list[Said]:
    return [
        Said(line.item.id, line.item.document, line.item.open, line.item.ledger_open, line.item.level, line.level) for line in notice.lines
    ]


def change(notice: Notice, now: Page | None, asked: Terms) -> str | None:
    return what_changed(said(notice), notice.channel, notice.to, notice.cc, now, asked)


def since(
    asked: Terms | None = None,
    *,
    sites: str = SITES,
    in_flight: str = "",
    payments: str = "",
    who: dict[str, Any] | None = None,
    **item: Any,
) -> str | None:
    """Why the notice about FA-1 and FA-2 no longer holds, once these facts are true of its customer or of FA-2."""
    as_run = asked or terms(cc="boss@acme.example")
    notice = propose(page(FROZEN), terms(cc="boss@acme.example")).notices[0]
    now = page(FROZEN, sites=sites, in_flight=in_flight, payments=payments, **(who or {}))
    now.items[1] = now.items[1]._replace(**item)
    return change(notice, now, as_run)


def test_a_notice_about_which_nothing_has_changed_holds() -> None:
    assert since() is None


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"open": 49_99}, "FA-2: the open amount has changed"),
        ({"ledger_open": 49_99}, "FA-2: the open amount has changed"),
        ({"level": 1}, "FA-2: the level has changed"),
        ({"level": NA}, "FA-2: the level has changed"),
        ({"id": 9}, "FA-2: settled"),
        ({"dunnable": False}, "FA-2: payment_method"),
        ({"no_auto_dunning": True}, "FA-2: blocked"),
        ({"no_dunning_temporary": True}, "FA-2: blocked_temporarily"),
        ({"stopped": True}, "FA-2: disputed"),
        ({"promised_on": on("20 July")}, "FA-2: promised"),
        ({"copies": ""}, "FA-2: the recipients have changed"),
        ({"recipients": "bob@client.example"}, "FA-2: the recipients have changed"),
        ({"no_manual_dunning": True}, None),
        ({"copies": "ANN@client.example"}, None),
    ],
)
def test_a_payment_a_block_or_an_address_of_one_line_withdraws_the_notice(item: dict[str, Any], why: str | None) -> None:
    assert since(**item) == why


def test_what_has_changed_of_the_customer_withdraws_it_too() -> None:
    assert since(who={"auto_dunning": False}) == "FA-1: customer_mode_off"
    assert since(who={"dunning_enabled": False}) == "FA-1: customer_dunning_disabled"
    assert since(sites=SITES.replace("compta", "direction")) == "FA-1: the recipients have changed"
    assert since(sites="") == "FA-1: the recipients have changed"
    assert since(payments="reference | date | left\nP1 | 15 July | 150") == "FA-1: creditor_customer"


def test_another_notice_that_claims_a_line_withdraws_it() -> None:
    assert since(in_flight="FA-2") == "FA-2: in_flight"


def test_other_copies_of_the_run_withdraw_it_their_order_and_case_do_not() -> None:
    assert since(terms(cc="BOSS@acme.example")) is None
    assert since(terms()) == "FA-1: the recipients have changed"


def test_a_policy_changed_since_does_not_withdraw_it() -> None:
    assert since(terms(levels=policy("N5 200.."), cc="boss@acme.example")) is None


def test_where_nothing_is_open_any_more_nothing_holds() -> None:
    notice = propose(page(FROZEN), terms()).notices[0]
    assert change(notice, None, terms()) == "nothing is open any more"


def test_a_letter_goes_to_an_address_not_to_recipients() -> None:
    letter = propose(page(FROZEN), terms("15 July", "N1 -5..10 letter")).notices[0]
    assert letter.channel is Channel.LETTER
    assert change(letter, page(FROZEN, sites=""), terms()) is None


CREDITED = """
    document | due    | open
    FA-1     | 7 July | 100
    AV-1     | 1 July | -20
    AV-2     | 1 July | -7 USD
    """


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        (CREDITED, False),
        (CREDITED.replace("-20", "-19"), True),
        (CREDITED.replace("AV-1", "AV-9"), True),
        (CREDITED.replace("AV-1     | 1 July | -20", ""), True),
        (CREDITED + "AV-3 | 2 July | -1", True),
        (CREDITED.replace("-7 USD", "-8 USD"), False),
    ],
)
def test_the_credits_deducted_in_the_currencies_of_the_notice_must_be_those_that_are_left(now: str, changed: bool) -> None:
    deducted = propose(page(CREDITED), terms()).notices[0].credits
    assert credits_changed(deducted, ["EUR"], page(now)) is changed


def test_credits_that_are_all_gone_have_changed() -> None:
    assert credits_changed(propose(page(CREDITED), terms()).notices[0].credits, ["EUR"], None)


@given(strategies.pages(), strategies.terms())
def test_a_notice_holds_in_the_moment_it_is_made(customer: Page, asked: Terms) -> None:
    made = propose(customer, asked).notices
    assert [change(notice, customer, asked) for notice in made] == [None] * len(made)
