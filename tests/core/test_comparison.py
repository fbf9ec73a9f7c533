"""What would other terms change in what goes out?"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from relance.core.comparison import compare
from relance.core.facts import Page
from relance.core.forecast import coming_notices
from relance.core.proposal import propose
from relance.core.selection import Terms
from tests.core import strategies
from tests.core.pages import page, policy, terms

LATE = page("""
    document | due     | open | level | last dunned
    FA-1     | 7 July  | 120  |       |
    FA-2     | 20 June | 80   | 1     | 25 June
    """)


def test_a_level_that_comes_later_takes_away_today_what_it_brings_in_the_days_after() -> None:
    later = replace(terms(), policy=policy("N1 9..29, N2 30.."))
    found = compare([LATE], terms(), later, terms().as_of + timedelta(30))
    assert found.shifts == [(1, "email", (1, 0), (1, 1)), (2, "email", (1, 0), (2, 2))]
    assert (found.gained, found.lost) == ([], [LATE.customer])


def test_a_level_that_comes_sooner_writes_to_more_customers_today() -> None:
    waiting = page("document | due | open\nFA-1 | 10 July | 100", id=2, code="C2")
    sooner, usual = terms(levels="N1 5.."), terms(levels="N1 8..")
    found = compare([LATE, waiting], usual, sooner, usual.as_of)
    assert [one.code for one in found.gained] == ["C2"]
    assert found.shifts == [(1, "email", (1, 2), (1, 2))]


def test_by_the_same_terms_nothing_changes() -> None:
    found = compare([LATE], terms(), terms(), terms().as_of + timedelta(30))
    assert found.is_equal
    assert found.shifts


@given(st.lists(strategies.pages(), max_size=3), strategies.terms(), strategies.terms(), st.integers(0, 40))
def test_it_counts_what_the_proposal_and_the_calendar_have(pages: list[Page], asked: Terms, drawn: Terms, days: int) -> None:
    others = replace(drawn, as_of=asked.as_of)
    last = asked.as_of + timedelta(days)
    found = compare(pages, asked, others, last)
    for place, given_terms in enumerate((asked, others)):
        today = Counter(str(one.level) + one.channel for each in pages for one in propose(each, given_terms).notices)
        ahead = Counter(str(one.level) + one.channel for _, some in coming_notices(pages, given_terms, last) for one in some)
        assert {f"{one.level}{one.channel}": one.at_first[place] for one in found.shifts if one.at_first[place]} == today
        assert {f"{one.level}{one.channel}": one.in_all[place] for one in found.shifts if one.in_all[place]} == ahead
    assert compare(pages, asked, asked, last).is_equal
