"""Which level does a person give to each due item chosen from the invoice list?"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core.facts import NA, Channel, Mode, Page
from relance.core.grouping import Claim
from relance.core.levels import decide_level
from relance.core.proposal import Proposal
from relance.core.reasons import Reason
from relance.core.review import (
    LevelNotSetUp,
    Line,
    ReviewRequest,
    levels_open_to,
    lowered,
    propose_reviewed,
    proposed_level,
    raised,
    review,
    review_terms,
)
from relance.core.selection import Terms
from tests.core import strategies
from tests.core.pages import notices, on, outcome, page, policy, table, terms
from tests.core.strategies import DAY

N123 = "N1 5..10, N2 11..30, N3 31.."


def window(customer: Page, as_of: str = "15 July", levels: str = N123, **asked: Any) -> tuple[ReviewRequest, Terms]:
    """All that a customer owes chosen on a day, and the terms it is read by."""
    given_levels = asked.pop("chosen", {})
    own = {option: asked.pop(option) for option in ("channel", "cc", "undue_too") if option in asked}
    chosen = {item.id: given_levels.get(item.document) for item in customer.items}
    request = ReviewRequest(on(as_of), chosen, **own)
    return request, review_terms(request, terms(as_of, levels, Mode.AUTOMATIC, **asked))


def reviewed(customer: Page, **asked: Any) -> Proposal:
    """What reminding of all that a customer owes comes to."""
    return propose_reviewed(customer, *window(customer, **asked))


def only(customer: Page, **asked: Any) -> Line:
    """The line of the only due item."""
    [line] = review(customer, *window(customer, **asked))
    return line


# -- the level proposed


@pytest.mark.parametrize(
    "row",
    table("""
    due     | level | last dunned | proposed | may be
    7 July  | 0     |             | 1        | 1 2 3
    2 July  | 0     |             | 2        | 1 2 3
    12 July | 0     |             | 1        | 1 2 3
    7 July  | 1     | 13 July     | 2        | 1 2 3
    2 July  | 1     | 5 July      | 2        | 1 2 3
    2 July  | 2     | 12 July     | 3        | 2 3
    2 July  | 3     | 12 July     | 3        | 3
    """),
    ids=str,
)
def test_the_level_proposed_is_the_one_that_applies_else_the_next_at_most_the_highest(row: dict[str, str]):
    line = only(page(f"document | due | open | level | last dunned\nFA-1 | {row['due']} | 100 | {row['level']} | {row['last dunned']}"))
    assert isinstance(line.decision, Claim)
    assert line.decision.level == int(row["proposed"])
    assert line.levels == tuple(map(int, row["may be"].split()))


def test_a_level_above_every_level_set_up_is_never_lowered():
    assert outcome(reviewed(page("document | due | open | level\nFA-1 | 2 July | 100 | 5"))) == {"FA-1": Reason.ALREADY_AT_LEVEL}


def test_people_remind_of_what_is_too_old_for_automatic_runs():
    assert outcome(reviewed(page("document | due | open\nFA-1 | 2 July | 100"), levels="N1 5..10, NA 11..")) == {"FA-1": 1}


def test_people_issue_levels_that_no_automatic_run_issues():
    assert outcome(reviewed(page("document | due | open\nFA-1 | 2 July | 100"), levels="N1 5.. by_hand")) == {"FA-1": 1}


# -- the level given


@pytest.mark.spec("K43", "K44")
@pytest.mark.parametrize(("level", "given_level", "expected"), [("0", 3, 3), ("1", 1, 1), ("1", 3, 3), ("2", 1, Reason.ALREADY_AT_LEVEL)])
def test_a_level_is_raised_or_lowered_down_to_the_one_that_the_item_has(level: str, given_level: int, expected: int | Reason):
    customer = page(f"document | due | open | level | last dunned\nFA-1 | 2 July | 100 | {level} | 10 July")
    assert outcome(reviewed(customer, chosen={"FA-1": given_level})) == {"FA-1": expected}


def test_a_level_that_is_not_set_up_is_refused():
    with pytest.raises(LevelNotSetUp, match="level 4 is not set up for customer C1"):
        reviewed(page("document | due | open\nFA-1 | 2 July | 100"), chosen={"FA-1": 4})


@pytest.mark.spec("K43", "K44")
def test_stepping_goes_along_the_levels_set_up_and_stops_at_both_ends():
    assert [raised(1, (1, 3, 9)), raised(3, (1, 3, 9)), raised(9, (1, 3, 9))] == [3, 9, 9]
    assert [lowered(9, (1, 3, 9)), lowered(3, (1, 3, 9)), lowered(1, (1, 3, 9))] == [3, 1, 1]


# -- what is left out


@pytest.mark.parametrize(
    "row",
    table("""
    columns                                  | reason
    type: credit_note                        | not_an_invoice
    method: PRLV                             | payment_method
    marks: no_manual                         | blocked
    marks: no_auto                           | 1
    marks: temporary                         | blocked_temporarily
    marks: disputed                          | disputed
    promised: 20 July                        | promised
    level: NA                                | level_na
    due: 15 July                             | not_due
    last dunned: 16 July                     | too_soon
    """),
    ids=str,
)
def test_a_chosen_item_is_left_out_for_the_reasons_of_manual_modes(row: dict[str, str]):
    column, _, value = row["columns"].partition(": ")
    cells = {"document": "FA-1", "due": "7 July", "open": "100"} | {column: value}
    customer = page("\n".join([" | ".join(cells), " | ".join(cells.values())]))
    assert outcome(reviewed(customer)) == {"FA-1": int(row["reason"]) if row["reason"].isdigit() else row["reason"]}


def test_a_customer_that_people_may_not_dun_is_left_out():
    assert outcome(reviewed(page("document | due | open\nFA-1 | 2 July | 100", manual_dunning=False))) == {"FA-1": "customer_mode_off"}


def test_what_is_not_due_yet_can_be_asked_for():
    assert outcome(reviewed(page("document | due | open\nFA-1 | 20 July | 100"), undue_too=True)) == {"FA-1": 1}


def test_an_email_to_nobody_is_left_out_and_its_letter_is_made():
    customer = page("document | due | open\nFA-1 | 2 July | 100", sites="code | email\nS1 |")
    assert outcome(reviewed(customer, letter_when_no_recipient=True)) == {"FA-1": "no_recipient"}
    assert outcome(reviewed(customer, channel=Channel.LETTER)) == {"FA-1": 2}


def test_what_was_not_chosen_or_was_dropped_is_not_spoken_of():
    customer = page("document | due | open\nFA-1 | 2 July | 100\nFA-2 | 2 July | 100\nAV-1 | 2 July | -10")
    request, asked = window(customer)
    kept = {item.id: None for item in customer.items if item.document == "FA-1"}
    assert outcome(propose_reviewed(customer, replace(request, chosen=kept), asked)) == {"FA-1": 2}


# -- notices


@pytest.mark.spec("K14", "K41", "K55")
@pytest.mark.parametrize(("channel", "expected"), [("email", ["2: FA-1 FA-2", "3: FA-3"]), ("draft", ["2: FA-1 FA-2", "3: FA-3"])])
def test_messages_are_put_together_by_level_recipients_and_copies(channel: str, expected: list[str]):
    customer = page("document | due | open\nFA-1 | 1 July | 100\nFA-2 | 2 July | 100\nFA-3 | 3 July | 100")
    assert notices(reviewed(customer, channel=Channel(channel), chosen={"FA-3": 3})) == expected


def test_a_drafted_notice_knows_that_it_is_a_draft():
    [notice] = reviewed(page("document | due | open\nFA-1 | 2 July | 100"), channel=Channel.DRAFT, cc=("chef@acme.example",)).notices
    assert (notice.channel, notice.to, notice.cc) == (Channel.DRAFT, ("compta@client.example",), ("chef@acme.example",))


def test_credits_are_deducted_where_the_company_says_so():
    customer = page("document | due | open\nFA-1 | 2 July | 100\nAV-1 | 2 July | -10")
    assert [len(reviewed(customer, include_credits=said).notices[0].credits) for said in (True, False)] == [1, 0]


# -- always


@st.composite
def windows(draw: st.DrawFn) -> tuple[Page, ReviewRequest, Terms]:
    """Any page with any choice among what it owes, at levels that its policy has."""
    customer, asked = draw(strategies.pages()), draw(strategies.terms())
    set_up = [row.level for row in asked.policy.rows if row.level != NA]
    levels = st.sampled_from([None, None, *set_up])
    chosen = {item.id: draw(levels) for item in customer.items if draw(st.booleans())}
    request = ReviewRequest(DAY, chosen, draw(st.sampled_from(Channel)), undue_too=draw(st.booleans()))
    return customer, request, review_terms(request, asked)


@given(windows())
def test_each_chosen_item_is_on_one_notice_or_left_out_once(asked: tuple[Page, ReviewRequest, Terms]):
    customer, request, _ = asked
    proposal = propose_reviewed(*asked)
    claimed = [line.item.id for notice in proposal.notices for line in notice.lines]
    left_out = [left.item.id for left in proposal.left_out if left.item]
    assert sorted(claimed + left_out) == sorted(item.id for item in customer.items if item.id in request.chosen)


@given(windows())
def test_no_level_is_ever_lowered_and_every_level_is_one_that_may_be_given(asked: tuple[Page, ReviewRequest, Terms]):
    for item, decision, levels in review(*asked):
        assert list(levels) == sorted(set(levels))
        if isinstance(decision, Claim):
            assert item.level <= decision.level
            assert decision.level in levels


@given(windows())
def test_giving_the_level_that_was_proposed_changes_nothing(asked: tuple[Page, ReviewRequest, Terms]):
    customer, request, by = asked
    proposed = {line.item.id: line.decision.level for line in review(*asked) if isinstance(line.decision, Claim)}
    again = replace(request, chosen={**request.chosen, **proposed})
    assert propose_reviewed(customer, again, by) == propose_reviewed(*asked)


@given(windows())
def test_what_is_chosen_among_the_rest_does_not_change_what_becomes_of_an_item(asked: tuple[Page, ReviewRequest, Terms]):
    customer, request, by = asked
    for item, decision, _ in review(*asked):
        [(_, alone, _)] = review(customer, replace(request, chosen={item.id: request.chosen[item.id]}), by)
        assert alone == decision


@given(windows())
def test_the_level_proposed_is_the_automatic_runs_wherever_that_has_one(asked: tuple[Page, ReviewRequest, Terms]):
    customer, _, by = asked
    for item in customer.items:
        row = decide_level(by.policy, item.level, item.due_date, item.last_dunned_on, DAY)
        above = [level for level in levels_open_to(item, by.policy) if level > item.level]
        otherwise = min(above, default=max(levels_open_to(item, by.policy), default=None))
        assert proposed_level(item, by.policy, DAY) == (otherwise if isinstance(row, Reason) else row.level)


@pytest.mark.parametrize("level", [0, 1, 9])
def test_levels_open_to_an_item_are_never_the_excluded_one(level: int):
    [item] = page(f"document | due | open | level\nFA-1 | 2 July | 100 | {level}").items
    assert levels_open_to(item, policy("N1 5..10, NA 11..")) == ((1,) if level < 2 else ())
