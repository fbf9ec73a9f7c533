"""Which letters does an edition make?"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core.edition import EditionRequest, Scope, edition_terms, in_type_range, propose_letters
from relance.core.facts import NA, Channel, Mode, Page
from relance.core.proposal import Proposal
from relance.core.selection import Terms
from tests.core import strategies
from tests.core.pages import notices, on, outcome, page, policy, table, terms

AT_EVERY_LEVEL = """
    document | due     | open | level | last dunned
    FA-0     | 1 July  | 100  | 0     |
    FA-1     | 2 July  | 100  | 1     | 5 July
    FA-2     | 3 July  | 100  | 2     | 6 July
    FA-3     | 4 July  | 100  | 3     | 7 July
    FA-NA    | 5 July  | 100  | NA    |
    """


def edition(customer: Page, number: int = 2, asked: Terms | None = None, **request: Any) -> Proposal:
    """The letters of an edition on 15 July."""
    window = EditionRequest(on("15 July"), number, **request)
    return propose_letters(customer, window, edition_terms(window, asked or terms(levels="N1 5.., N2 90..")))


def taken(customer: Page, number: int = 2, **request: Any) -> str:
    """The documents that get a letter."""
    return " ".join(line.item.document for notice in edition(customer, number, **request).notices for line in notice.lines)


# -- step 1: customers


@pytest.mark.spec("A8", "A9")
@pytest.mark.parametrize(("customer_level", "documents"), [(0, ""), (1, "FA-0 FA-1"), (2, ""), (3, "")])
def test_an_edition_takes_customers_at_the_level_before(customer_level: int, documents: str) -> None:
    assert taken(page(AT_EVERY_LEVEL, level=customer_level)) == documents


@pytest.mark.parametrize("scope", [Scope.THIS_LEVEL, Scope.THIS_LEVEL_AND_LOWER])
@pytest.mark.parametrize(("customer_level", "is_taken"), [(0, False), (1, True), (2, True), (3, False)])
def test_a_repeat_takes_customers_at_its_own_level_too(scope: Scope, customer_level: int, is_taken: bool) -> None:
    assert bool(taken(page(AT_EVERY_LEVEL, level=customer_level), scope=scope)) is is_taken


@pytest.mark.parametrize("customer_level", [0, 2, 9])
def test_the_customers_level_may_be_left_aside(customer_level: int) -> None:
    assert taken(page(AT_EVERY_LEVEL, level=customer_level), any_customer_level=True) == "FA-0 FA-1"


@pytest.mark.spec("A27", "A28", "A31")
@pytest.mark.parametrize(
    ("wanted", "is_taken"),
    [
        ({"customers": ("C1", "C2")}, True),
        ({"customers": ("C2",)}, False),
        ({"customers": ("c1",)}, False),
        ({"sales_reps": ("DUP", "MAR")}, True),
        ({"sales_reps": ("MAR",)}, False),
        ({"type_from": "10", "type_to": "10"}, True),
        ({"type_from": "11"}, False),
        ({"type_to": "9"}, False),
    ],
)
def test_an_edition_takes_the_customers_asked_for(wanted: dict[str, Any], is_taken: bool) -> None:
    assert bool(taken(page(AT_EVERY_LEVEL, level=1), **wanted)) is is_taken


@pytest.mark.spec("A27")
@pytest.mark.parametrize(
    "row",
    table("""
        type | from | to  | within
        10   | 9    | 11  | yes
        10   | 10   | 10  | yes
        9    | 10   | 20  | no
        100  | 20   | 30  | no
        010  | 10   | 10  | yes
        B    | A    | C   | yes
        B    | A    | B   | yes
        C    | A    | B   | no
        A10  | A1   | A2  | yes
        B    | 1    |     | yes
             | 1    |     | no
             |      | 1   | yes
        B    |      |     | yes
        """),
    ids=lambda row: " ".join(row.values()),
)
def test_types_are_compared_as_numbers_where_both_are(row: dict[str, str]) -> None:
    assert in_type_range(row["type"], row["from"] or None, row["to"] or None) is (row["within"] == "yes")


# -- step 2: due items


@pytest.mark.spec("A18", "A19", "A20", "A21", "A22")
@pytest.mark.parametrize(
    ("scope", "documents"),
    [
        (Scope.PREVIOUS_LEVEL, "FA-1"),
        (Scope.ALL_LOWER, "FA-0 FA-1"),
        (Scope.NEVER_DUNNED, "FA-0"),
        (Scope.THIS_LEVEL, "FA-2"),
        (Scope.THIS_LEVEL_AND_LOWER, "FA-0 FA-1 FA-2"),
    ],
)
def test_the_scope_takes_due_items_by_their_level_never_those_at_na(scope: Scope, documents: str) -> None:
    proposal = edition(page(AT_EVERY_LEVEL, level=1), scope=scope)
    assert " ".join(line.item.document for notice in proposal.notices for line in notice.lines) == documents
    assert {left.reason for left in proposal.left_out} == {"not_selected"}


BY_DUE_DATE = """
    document | due     | open | method
    FA-1     | 10 July | 100  | VIR
    FA-2     | 11 July | 100  | CHQ
    FA-3     | 14 July | 100  | VIR
    FA-4     | 15 July | 100  | VIR
    FA-5     | 20 July | 100  | VIR
    """


@pytest.mark.spec("A24", "A29")
@pytest.mark.parametrize(
    ("wanted", "documents"),
    [
        ({}, "FA-1 FA-2 FA-3"),
        ({"due_from": on("11 July")}, "FA-2 FA-3"),
        ({"due_to": on("11 July")}, "FA-1 FA-2"),
        ({"due_from": on("11 July"), "due_to": on("11 July")}, "FA-2"),
        ({"due_to": on("20 July")}, "FA-1 FA-2 FA-3 FA-4 FA-5"),
        ({"payment_methods": ("CHQ",)}, "FA-2"),
        ({"payment_methods": ("VIR", "CHQ")}, "FA-1 FA-2 FA-3"),
    ],
)
def test_due_dates_up_to_the_day_before_unless_asked_and_payment_methods(wanted: dict[str, Any], documents: str) -> None:
    assert taken(page(BY_DUE_DATE), 1, **wanted) == documents


def test_an_item_without_a_payment_method_is_of_none_of_those_asked_for() -> None:
    customer = page(BY_DUE_DATE)
    customer.items[0] = customer.items[0]._replace(payment_method=None, dunnable=None)
    assert (taken(customer, 1, payment_methods=("VIR",)), taken(customer, 1)) == ("FA-3", "FA-1 FA-2 FA-3")


# -- steps 3 and 4: credits, and the minimum


IN_TWO_CURRENCIES = """
    document | due     | open
    FA-1     | 1 July  | 60
    FA-2     | 2 July  | 60
    FA-3     | 30 July | 500
    FA-4     | 1 July  | 100 USD
    AV-1     | 1 July  | -20
    """


def test_credits_are_deducted_unless_the_edition_says_no() -> None:
    customer = page(IN_TWO_CURRENCIES, payments="reference | date | left\nP1 | 1 July | 5")
    told = [
        edition(customer, 1, asked, include_credits=said).notices[0].totals()["EUR"]
        for asked in (terms(), terms(include_credits=False))
        for said in (None, True, False)
    ]
    assert told == [95_00, 95_00, 120_00, 120_00, 95_00, 120_00]


@pytest.mark.spec("A30")
@pytest.mark.parametrize(
    ("minimum", "credits", "documents"),
    [
        (99_99, True, "FA-1 FA-4 FA-2"),
        (100_00, True, ""),
        (119_99, False, "FA-1 FA-2"),
        (120_00, False, ""),
        (0, True, "FA-1 FA-4 FA-2"),
    ],
)
def test_what_is_claimed_less_credits_must_be_strictly_above_the_minimum_in_each_currency(
    minimum: int, credits: bool, documents: str
) -> None:
    customer = page(IN_TWO_CURRENCIES)
    assert taken(customer, 1, min_amount=minimum, include_credits=credits) == documents
    left = outcome(edition(customer, 1, min_amount=minimum, include_credits=credits))
    assert (left["FA-2"] == "below_run_minimum") is ("FA-2" not in documents)


def test_the_minimum_is_the_same_figure_in_another_currency() -> None:
    customer = page("document | due | open\nFA-1 | 1 July | 100 JPY\nFA-2 | 1 July | 101 TND")
    assert taken(customer, 1, min_amount=100_00) == "FA-2"
    assert taken(customer, 1, min_amount=99_00) == "FA-1 FA-2"


def test_the_minimum_counts_only_what_the_steps_before_have_left() -> None:
    customer = page(IN_TWO_CURRENCIES.replace("FA-2     | 2 July  | 60", "FA-2     | 2 July  | 60 USD"))
    assert taken(customer, 1, min_amount=100_00) == "FA-4 FA-2"


# -- what comes of it


def test_an_edition_makes_letters_at_the_level_asked_whatever_age_and_policy_say() -> None:
    made = edition(page(AT_EVERY_LEVEL, level=1), asked=terms(levels="N1 400.. by_hand, NA 0..5, N2 500.. by_hand", cc="boss@acme.example"))
    assert [(notice.level, notice.channel, notice.to, notice.cc) for notice in made.notices] == [(2, Channel.LETTER, (), ())]


@pytest.mark.parametrize(("grouping", "letters"), [("customer", ["2: FA-0 FA-1"]), ("invoice", ["2: FA-0", "2: FA-1"])])
def test_its_letters_are_grouped_as_the_company_says(grouping: str, letters: list[str]) -> None:
    assert notices(edition(page(AT_EVERY_LEVEL, level=1), asked=terms(letter_grouping=grouping))) == letters


def test_the_days_between_two_notices_are_those_of_the_customers_policy() -> None:
    asked = replace(terms(levels=policy("N1 5..", min_days=30)), policies={7: policy("N1 5..", min_days=10)})
    assert outcome(edition(page(AT_EVERY_LEVEL, level=1, policy_id=7), asked=asked))["FA-1"] == 2
    assert outcome(edition(page(AT_EVERY_LEVEL, level=1), asked=asked))["FA-1"] == "too_soon"


# -- what is always true

REQUESTS = st.builds(
    EditionRequest,
    st.just(strategies.DAY),
    st.integers(1, 4),
    st.sampled_from(Scope),
    min_amount=st.sampled_from([None, None, 0, 90_00]),
    due_to=strategies.maybe(strategies.near(5, 5)),
    any_customer_level=st.sampled_from([True, True, False]),
    include_credits=st.sampled_from([None, True, False]),
)


@given(strategies.pages(), REQUESTS, strategies.terms())
def test_every_due_item_and_remainder_is_claimed_or_left_out_exactly_once(customer: Page, wanted: EditionRequest, asked: Terms) -> None:
    proposal = propose_letters(customer, wanted, edition_terms(wanted, asked))
    claimed = [line.item.id for notice in proposal.notices for line in notice.lines]
    left_out = [left.item.id for left in proposal.left_out if left.item]
    assert sorted(claimed + left_out) == [item.id for item in customer.items]
    assert sorted(left.document for left in proposal.left_out if not left.item) == [rest.reference for rest in customer.remainders]


@given(strategies.pages(), REQUESTS, strategies.terms())
def test_a_letter_never_lowers_a_level_and_repeats_it_only_where_the_scope_does(
    customer: Page, wanted: EditionRequest, asked: Terms
) -> None:
    for notice in propose_letters(customer, wanted, edition_terms(wanted, asked)).notices:
        assert notice.level == wanted.level < NA
        assert all(line.level == wanted.level for line in notice.lines)
        assert all(line.item.level <= wanted.level - (not wanted.repeats) for line in notice.lines)


@given(strategies.pages(), REQUESTS, strategies.terms())
def test_the_same_edition_again_on_the_same_day_writes_to_nobody(customer: Page, wanted: EditionRequest, asked: Terms) -> None:
    first = propose_letters(customer, wanted, edition_terms(wanted, asked))
    dunned = {line.item.id for notice in first.notices for line in notice.lines}
    items = [item._replace(level=wanted.level, last_dunned_on=wanted.as_of) if item.id in dunned else item for item in customer.items]
    again = propose_letters(replace(customer, items=items), replace(wanted, min_amount=None), edition_terms(wanted, asked))
    assert not dunned & {line.item.id for notice in again.notices for line in notice.lines}


@given(strategies.pages(), REQUESTS, strategies.terms(Mode.EDITION), st.dates(), st.dates(), st.dates())
def test_any_dates_of_the_calendar_are_decided(
    customer: Page, wanted: EditionRequest, asked: Terms, as_of: date, due: date, last: date
) -> None:
    items = [item._replace(due_date=due, last_dunned_on=last) for item in customer.items]
    window = replace(wanted, as_of=as_of, due_to=None)
    made = propose_letters(replace(customer, items=items), window, edition_terms(window, asked)).notices
    assert all(line.item.due_date < as_of for notice in made for line in notice.lines)


def test_an_edition_on_the_first_day_of_the_calendar_finds_nothing_overdue() -> None:
    window = EditionRequest(date.min, 1)
    assert propose_letters(page(BY_DUE_DATE), window, edition_terms(window, terms())).notices == []
