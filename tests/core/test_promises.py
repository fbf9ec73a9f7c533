"""Was a promise to pay kept?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core.charges import Movement
from relance.core.promises import Promise, Standing, judge
from tests.core.pages import on, table

MADE = date(2026, 7, 1)


def paid(text: str) -> list[Movement]:
    """``"5 July 60, 9 July -60"``: payments and what came back."""
    parts = [part.rsplit(" ", 1) for part in text.split(", ") if part]
    return [Movement(on(day), int(amount)) for day, amount in parts]


@pytest.mark.parametrize(
    "row",
    table("""
    promised | paid                       | on      | standing
             |                            | 10 July | pending
             |                            | 13 July | pending
             |                            | 14 July | broken
             | 10 July 100                | 10 July | kept
             | 10 July 100                | 9 July  | pending
             | 13 July 100                | 20 July | kept
             | 14 July 100                | 20 July | broken
             | 8 July 60                  | 20 July | broken
             | 8 July 60, 9 July 40       | 20 July | kept
             | 8 July 100, 16 July -100   | 15 July | kept
             | 8 July 100, 16 July -100   | 20 July | broken
    60       | 8 July 60                  | 20 July | kept
    60       | 8 July 59                  | 20 July | broken
    60       | 1 July 60                  | 20 July | kept
    60       | 30 June 60                 | 20 July | broken
    60       | 30 June 60, 2 July 40      | 20 July | kept
    60       | 30 June 60, 2 July 30      | 20 July | broken
    """),
    ids=str,
)
def test_a_promise_is_judged_by_what_was_paid(row: dict[str, str]):
    """Of 100 open on 1 July, when the customer promised to pay by 10 July; the bank has three days."""
    promise = Promise(on("10 July"), int(row["promised"]) if row["promised"] else None, MADE)
    assert judge(promise, 100, paid(row["paid"]), on(row["on"]), grace_days=3) == row["standing"]


PROMISES = st.builds(
    Promise, st.integers(0, 20).map(lambda days: MADE + timedelta(days)), st.none() | st.integers(1, 100), st.none() | st.just(MADE)
)
PAYMENTS = st.lists(st.builds(Movement, st.integers(-5, 40).map(lambda days: MADE + timedelta(days)), st.integers(1, 80)), max_size=4)
DAYS = st.integers(0, 40).map(lambda days: MADE + timedelta(days))


@given(PROMISES, PAYMENTS, st.integers(0, 5))
def test_what_is_decided_stays_decided_as_long_as_nothing_comes_back(promise: Promise, payments: list[Movement], grace: int):
    standings = [judge(promise, 100, payments, MADE + timedelta(day), grace) for day in range(41)]
    decided = [one for one in standings if one is not Standing.PENDING]
    assert standings == [Standing.PENDING] * (41 - len(decided)) + decided
    assert len(set(decided)) == 1


@given(PROMISES, PAYMENTS, DAYS, st.integers(0, 5), st.randoms())
def test_the_order_of_payments_does_not_matter(promise: Promise, payments: list[Movement], day: date, grace: int, luck):
    shuffled = list(payments)
    luck.shuffle(shuffled)
    assert judge(promise, 100, shuffled, day, grace) == judge(promise, 100, payments, day, grace)


@given(PROMISES, PAYMENTS, DAYS, st.integers(0, 5))
def test_paying_more_in_time_never_breaks_a_promise(promise: Promise, payments: list[Movement], day: date, grace: int):
    more = [*payments, Movement(MADE, 10)]
    if judge(promise, 100, payments, day, grace) is Standing.KEPT:
        assert judge(promise, 100, more, day, grace) is Standing.KEPT
