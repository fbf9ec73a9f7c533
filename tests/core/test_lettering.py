"""Are the ledger's letters followed where they balance, nowhere else, and with the balance right at every date?"""

from datetime import date
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from relance.core.lettering import follow_letters


class Posted(NamedTuple):
    account: str
    posted_on: date
    amount: int
    letter: str = ""
    lettered_on: date | None = None


def day(text: str) -> date:
    return date(2026, 1, int(text))


def postings(table: str) -> list[Posted]:
    """Lines of one customer: account, day of January, amount (credits negative), letter, day of lettering."""
    rows = [line.split() for line in table.strip().splitlines()]
    return [Posted(row[0], day(row[1]), int(row[2]), *row[3:4], *map(day, row[4:5])) for row in rows]


def settled(table: str) -> list[str]:
    return [f"{credit}->{claim} {on.day} {amount}" for claim, credit, on, amount in follow_letters(postings(table))[0]]


def not_followed(table: str) -> list[tuple[int, tuple[int, ...]]]:
    return [tuple(left) for left in follow_letters(postings(table))[1]]


def test_a_payment_settles_the_invoice_of_the_same_letter_when_the_later_is_posted():
    assert settled("411 2 100 A\n411 9 -100 A") == ["1->0 9 100"]


def test_an_advance_settles_the_invoice_when_the_invoice_is_posted():
    assert settled("411 2 -100 A\n411 9 100 A") == ["0->1 9 100"]


def test_the_oldest_payment_settles_the_oldest_invoice_first():
    table = """
        411  3   50 A
        411  2  100 A
        411 20  -30 A
        411 10 -120 A
    """
    assert settled(table) == ["3->1 10 100", "3->0 10 20", "2->0 20 30"]


def test_lines_without_a_letter_stay_open():
    assert settled("411 2 100\n411 9 -100") == []
    assert not_followed("411 2 100\n411 9 -100") == []


def test_a_letter_that_does_not_balance_is_not_followed_and_reported():
    table = "411 2 100 A\n411 9 -60 A"
    assert settled(table) == []
    assert not_followed(table) == [(40, (0, 1))]


def test_a_letter_used_again_is_told_apart_by_its_date():
    table = """
        411  2  100 A  9
        411  9 -100 A  9
        411 12   70 A 20
        411 20  -70 A 20
        411 21   30 A 25
    """
    assert settled(table) == ["1->0 9 100", "3->2 20 70"]
    assert not_followed(table) == [(30, (4,))]


def test_a_letter_whose_lines_were_lettered_on_different_days_is_one_group():
    assert settled("411 2 100 A 9\n411 9 -60 A 9\n411 12 -40 A 12") == ["1->0 9 60", "2->0 12 40"]


def test_the_same_letter_on_two_accounts_is_two_letters():
    table = """
        411 2  100 A
        413 3   80 A
        411 9 -100 A
        413 9  -80 A
    """
    assert settled(table) == ["2->0 9 100", "3->1 9 80"]


def test_a_letter_that_balances_only_over_the_customers_accounts_is_followed():
    assert settled("411 9 100 A\n4191 2 -40 A\n411 20 -60 A") == ["1->0 9 40", "2->0 20 60"]


LEDGERS = st.lists(
    st.builds(
        Posted,
        st.sampled_from(["411", "4191"]),
        st.dates(date(2026, 1, 1), date(2026, 1, 9)),
        st.integers(-4, 4).filter(bool),
        st.sampled_from(["", "A", "B"]),
        st.none() | st.sampled_from([date(2026, 1, 9), date(2026, 1, 10)]),
    ),
    max_size=14,
)


@given(LEDGERS)
def test_every_settlement_stays_within_its_two_lines_and_their_dates(lines: list[Posted]):
    settlements, unfollowed = follow_letters(lines)
    left = [abs(line.amount) for line in lines]
    for claim, credit, on, amount in settlements:
        assert lines[claim].amount > 0 > lines[credit].amount
        assert lines[claim].letter == lines[credit].letter != ""
        assert on == max(lines[claim].posted_on, lines[credit].posted_on)
        left[claim] -= amount
        left[credit] -= amount
    unsettled = {place for group in unfollowed for place in group.places}
    for place, line in enumerate(lines):
        assert left[place] == (abs(line.amount) if not line.letter or place in unsettled else 0)
