"""Who is written to, of what, at which level, and why not the others?"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core.facts import NA, Channel, Clock, LevelRow, Mode, Page, Policy
from relance.core.grouping import Notice
from relance.core.proposal import Proposal, propose
from relance.core.selection import Terms
from tests.core import strategies
from tests.core.pages import customer, decisions, notices, outcome, page, policy, terms

BOOK = """
    document | due     | open   | level | last dunned | method | marks
    FA-1     | 7 July  | 120    |       |             |        |
    FA-2     | 1 July  | 80     | 1     | 6 July      |        |
    FA-3     | 7 July  | 50     | 1     | 9 July      |        |
    FA-4     | 30 July | 200    |       |             |        |
    FA-5     | 7 July  | 60     |       |             | PRLV   |
    FA-6     | 7 July  | 70     |       |             |        | disputed
    AV-1     | 3 July  | -30    |       |             |        |
    """
PAYMENTS = "reference | date | left\nP1 | 10 July | 5"


def test_every_open_due_item_and_every_remainder_is_dunned_or_left_out_with_its_reason() -> None:
    assert outcome(propose(page(BOOK, payments=PAYMENTS), terms())) == {
        "FA-1": 1,
        "FA-2": 2,
        "FA-3": "already_at_level",
        "FA-4": "no_level_applies",
        "FA-5": "payment_method",
        "FA-6": "disputed",
        "AV-1": "not_an_invoice",
        "P1": "not_an_invoice",
    }


def test_a_notice_is_made_for_each_level_and_the_highest_bears_the_credits() -> None:
    proposal = propose(page(BOOK, payments=PAYMENTS), terms())
    assert notices(proposal) == ["1: FA-1", "2: FA-2"]
    assert [notice.totals() for notice in proposal.notices] == [{"EUR": 120_00}, {"EUR": 45_00}]


def test_nothing_open_nothing_proposed() -> None:
    assert propose(page(), terms()) == Proposal([], [])


def test_a_customer_may_carry_another_policy() -> None:
    others = {7: policy("N4 5..30")}
    usual = terms()
    assert decisions(propose(page(BOOK, policy_id=7), replace(usual, policies=others)))[1] == 4
    assert usual.policy_of(customer()) is usual.policy


def test_a_level_of_letters_needs_nobody_to_mail() -> None:
    notice = propose(page(BOOK, sites=""), terms("15 July", "N1 -5..10 letter", cc="boss@acme.example")).notices[0]
    assert (notice.channel, notice.to, notice.cc) == (Channel.LETTER, (), ())


@pytest.mark.spec("K80")
@pytest.mark.parametrize(("letter", "result"), [(False, "no_recipient"), (True, 1)])
def test_a_customer_nobody_can_be_mailed_at_gets_nothing_or_a_letter(letter: bool, result: int | str) -> None:
    proposal = propose(page(BOOK, sites=""), terms(letter_when_no_recipient=letter))
    assert outcome(proposal)["FA-1"] == result
    assert {notice.channel for notice in proposal.notices} <= {Channel.LETTER}


# -- what is always true

PAGES = strategies.pages()
AUTOMATIC = strategies.terms()


def later_runs(first: Page, asked: Terms, days: int) -> Iterator[tuple[date, Proposal]]:
    """A run on each of so many days, each applied before the next."""
    current = first
    for number in range(days):
        run = replace(asked, as_of=asked.as_of + timedelta(number))
        proposal = propose(current, run)
        yield run.as_of, proposal
        current = issued(current, proposal, run.as_of)


def issued(current: Page, proposal: Proposal, on: date) -> Page:
    """The page once every notice is sent: its lines have their level and the date."""
    levels = {line.item.id: line.level for notice in proposal.notices for line in notice.lines}
    items = [item._replace(level=levels[item.id], last_dunned_on=on) if item.id in levels else item for item in current.items]
    return replace(current, items=items)


@pytest.mark.parametrize("mode", [Mode.AUTOMATIC, Mode.MANUAL])
@given(PAGES, st.data())
def test_every_due_item_and_remainder_is_claimed_or_left_out_exactly_once(mode: Mode, customer: Page, data: st.DataObject) -> None:
    proposal = propose(customer, data.draw(strategies.terms(mode)))
    claimed = [line.item.id for notice in proposal.notices for line in notice.lines]
    left_out = [left.item.id for left in proposal.left_out if left.item]
    rest = [left.document for left in proposal.left_out if not left.item]
    assert sorted(claimed + left_out) == [item.id for item in customer.items]
    assert sorted(rest) == [remainder.reference for remainder in customer.remainders]


@given(PAGES, AUTOMATIC)
def test_nothing_is_dunned_twice_at_a_level_nor_downwards(customer: Page, asked: Terms) -> None:
    lines = [line for notice in propose(customer, asked).notices for line in notice.lines]
    assert all(line.item.level < line.level < NA for line in lines)


@given(PAGES, AUTOMATIC, st.integers(1, 10))
def test_a_second_run_of_the_day_claims_nothing_where_days_must_pass_between_two_notices(customer: Page, asked: Terms, days: int) -> None:
    assert second_run_of_the_day(customer, replace(asked, policy=asked.policy._replace(min_days_between=days))).notices == []


@given(PAGES, AUTOMATIC, strategies.level_rows((Clock.DUE_DATE, Clock.END_OF_MONTH)))
def test_by_age_a_second_run_of_the_day_claims_nothing(customer: Page, asked: Terms, rows: tuple[LevelRow, ...]) -> None:
    assert second_run_of_the_day(customer, replace(asked, policy=Policy(rows))).notices == []


def second_run_of_the_day(customer: Page, asked: Terms) -> Proposal:
    return propose(issued(customer, propose(customer, asked), asked.as_of), asked)


@given(strategies.pages(most=2), AUTOMATIC)
def test_a_run_every_day_for_a_year_duns_an_item_at_most_once_at_each_level_and_upwards(customer: Page, asked: Terms) -> None:
    reached: dict[int, list[int]] = {item.id: [item.level] for item in customer.items}
    for _, proposal in later_runs(customer, asked, 366):
        for notice in proposal.notices:
            for line in notice.lines:
                reached[line.item.id].append(line.level)
    assert all(levels == sorted(set(levels)) for levels in reached.values())


@given(strategies.pages(most=2), AUTOMATIC)
def test_a_run_every_day_leaves_the_days_asked_for_between_two_notices(customer: Page, asked: Terms) -> None:
    last = {item.id: item.last_dunned_on for item in customer.items}
    for day, proposal in later_runs(customer, asked, 60):
        for item in (line.item for notice in proposal.notices for line in notice.lines):
            before = last[item.id]
            assert before is None or (day - before).days >= asked.policy.min_days_between
            last[item.id] = day


def without_case_and_order(notice: Notice) -> Notice:
    """Addresses as they are compared; lines without their own."""
    to, cc = (tuple(sorted({address.lower() for address in part})) for part in (notice.to, notice.cc))
    return notice._replace(to=to, cc=cc, lines=tuple(line._replace(to=(), cc=()) for line in notice.lines))


@given(PAGES, AUTOMATIC, st.randoms(use_true_random=False))
def test_the_order_of_the_book_decides_nothing(customer: Page, asked: Terms, chance: Random) -> None:
    def shuffled(things: Sequence[Any]) -> list[Any]:
        return chance.sample(things, len(things))

    named = {number: one._replace(contacts=tuple(shuffled(one.contacts))) for number, one in customer.directories.items()}
    other = replace(customer, items=shuffled(customer.items), remainders=shuffled(customer.remainders), directories=named)
    first, second = propose(customer, asked), propose(other, asked)
    assert list(map(without_case_and_order, first.notices)) == list(map(without_case_and_order, second.notices))
    assert Counter(first.left_out) == Counter(second.left_out)


@given(PAGES, AUTOMATIC, st.dates(), st.dates(), st.dates(), st.dates())
def test_any_dates_of_the_calendar_are_decided(customer: Page, asked: Terms, as_of: date, due: date, last: date, promised: date) -> None:
    items = [item._replace(due_date=due, last_dunned_on=last, promised_on=promised) for item in customer.items]
    proposal = propose(replace(customer, items=items), replace(asked, as_of=as_of))
    assert set(decisions(proposal)) == {item.id for item in items}
