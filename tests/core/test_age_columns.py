"""Do the columns of the ages, hidden and joined as they may be, show every amount once at most?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core.age_columns import age_columns
from relance.core.aging import Basis, grid

LATE, OLD = grid(Basis.DUE_DATE), grid(Basis.INVOICE_DATE)


@pytest.mark.parametrize(
    ("hidden", "joined", "shown"),
    [
        ([], [], "not_due 1-30 31-60 61-90 91-180 181+"),
        (["not_due", "61-90"], [], "1-30 31-60 91-180 181+"),
        ([], ["61-90", "91-180", "181+"], "not_due 1-30 31+"),
        ([], ["1-30"], "-30 31-60 61-90 91-180 181+"),
        (["61-90"], ["91-180", "181+"], "not_due 1-30 31-60 91+"),
        ([], ["1-30", "31-60", "61-90", "91-180", "181+"], "+"),
        (["not_due", "1-30", "31-60", "61-90", "91-180", "181+"], [], ""),
        (["nonsense"], ["not_due", "other"], "not_due 1-30 31-60 61-90 91-180 181+"),
    ],
)
def test_ages_are_hidden_and_joined_to_the_one_before(hidden, joined, shown):
    assert [column.label for column in age_columns(LATE, hidden, joined)] == shown.split()


some = st.sets(st.sampled_from(OLD.labels))


@given(some, some, st.lists(st.integers(-1000, 1000), min_size=len(OLD.labels), max_size=len(OLD.labels)))
def test_what_is_shown_and_what_is_hidden_add_up_to_the_total(hidden, joined, amounts):
    columns = age_columns(OLD, hidden, joined)
    left_out = sum(amount for amount, label in zip(amounts, OLD.labels, strict=True) if label in hidden)
    assert sum(column.amount(amounts) for column in columns) == sum(amounts) - left_out
