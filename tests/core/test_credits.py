"""Which credits of the customer are deducted on which notice?"""

from dataclasses import replace

from hypothesis import given

from relance.core import money
from relance.core.facts import Page
from relance.core.grouping import Credit, Notice, deduct_credits
from relance.core.proposal import Proposal, propose
from relance.core.selection import Terms
from tests.core import strategies
from tests.core.pages import notices, page, terms


def totals(notice: Notice) -> str:
    return ", ".join(f"{money.show(amount, currency)} {currency}" for currency, amount in notice.totals().items())


def deducted(items: str, payments: str = "", **options: object) -> list[str]:
    """Each notice with its credits and totals."""
    proposal = propose(page(items, payments=payments), terms("15 July", "N1 -5..10, N2 11..", dun_creditor_customers=True, **options))
    named = (" ".join(credit.document for credit in notice.credits) for notice in proposal.notices)
    return [
        f"{lines} less {credits or 'none'}: {totals(notice)}"
        for lines, credits, notice in zip(notices(proposal), named, proposal.notices, strict=True)
    ]


WITH_CREDITS = """
    document | due     | open    | to
    FA-1     | 7 July  | 100     | ann@x
    FA-2     | 1 July  | 100     | ann@x
    FA-3     | 1 July  | 100     | bob@x
    FA-4     | 7 July  | 100 USD | ann@x
    AV-2     | 5 July  | -20     |
    AV-1     | 6 July  | -5      |
    AV-3     | 6 July  | -7 USD  |
    AV-4     | 6 July  | -9 JPY  |
    """
PAYMENTS = """
    reference | date   | left
    P1        | 2 July | 1
    P2        | 2 July | -3
    """


def test_credits_stand_once_on_the_notice_of_the_highest_level_in_their_currency_the_first_of_several() -> None:
    assert deducted(WITH_CREDITS, PAYMENTS) == [
        "1: FA-1 FA-4 less AV-3: 100.00 EUR, 93.00 USD",
        "2: FA-2 less P1 AV-2 AV-1: 74.00 EUR",
        "2: FA-3 less none: 100.00 EUR",
    ]


def test_credits_still_appear_among_the_left_out() -> None:
    proposal = propose(page(WITH_CREDITS, payments=PAYMENTS), terms())
    left_out = {left.document for left in proposal.left_out if left.reason == "not_an_invoice"}
    assert left_out == {"AV-1", "AV-2", "AV-3", "AV-4", "P1", "P2"}


def test_only_what_is_left_of_credit_notes_and_payments_is_a_credit() -> None:
    items = """
        document | due    | open | type
        FA-1     | 7 July | 100  | invoice
        FA-2     | 7 July | -10  | invoice
        AV-1     | 7 July | 10   | credit_note
        AC-1     | 7 July | -5   | payment_on_account
        """
    assert [credit.document for credit in propose(page(items), terms()).notices[0].credits] == ["AC-1"]


def test_a_company_may_deduct_no_credits() -> None:
    assert deducted(WITH_CREDITS, PAYMENTS, include_credits=False)[1] == "2: FA-2 less none: 100.00 EUR"


def test_credits_of_several_currencies_on_one_notice_come_by_currency_then_due_date() -> None:
    items = WITH_CREDITS.replace("bob@x", "ann@x")
    assert deducted(items, email_by_customer=True) == ["2: FA-2 FA-3 FA-1 FA-4 less AV-2 AV-1 AV-3: 275.00 EUR, 93.00 USD"]


def test_without_a_notice_in_its_currency_a_credit_is_not_deducted() -> None:
    credit = Credit("AV-1", strategies.DAY, strategies.DAY, -5_00, "JPY")
    proposal = propose(page(WITH_CREDITS), terms())
    assert deduct_credits(list(proposal.notices), [credit]) == proposal.notices


# -- what is always true


def all_credits(proposal: Proposal) -> list[Credit]:
    return sorted(credit for notice in proposal.notices for credit in notice.credits)


@given(strategies.pages(), strategies.terms())
def test_no_credit_is_deducted_twice_and_none_is_lost_where_its_currency_is_claimed(customer: Page, asked: Terms) -> None:
    proposal = propose(customer, replace(asked, options=asked.options._replace(include_credits=True)))
    claimed = {line.item.currency for notice in proposal.notices for line in notice.lines}
    notes = [item.open for item in customer.items if item.type != "invoice" and item.currency in claimed]
    paid = [-rest.open for rest in customer.remainders if rest.open > 0 and rest.currency in claimed]
    assert sorted(credit.open for credit in all_credits(proposal)) == sorted(notes + paid)


@given(strategies.pages(), strategies.terms())
def test_the_totals_of_all_notices_are_their_lines_less_the_credits(customer: Page, asked: Terms) -> None:
    proposal = propose(customer, asked)
    lines = sum(line.item.open for notice in proposal.notices for line in notice.lines)
    assert sum(sum(notice.totals().values()) for notice in proposal.notices) == lines + sum(credit.open for credit in all_credits(proposal))
