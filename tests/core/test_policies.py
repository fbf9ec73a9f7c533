"""Is a policy sound, and what does it say?"""

from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core.facts import NA, Clock, LevelRow, Policy
from relance.core.levels import decide_level
from relance.core.policies import Finding, Span, bounds_of, name_of, policy_problems, timeline
from relance.core.reasons import Reason
from tests.core.pages import policy, table
from tests.core.strategies import level_rows


def rows(text: str) -> list[LevelRow]:
    """As written, in any order."""
    return list(policy(text).rows)


@pytest.mark.parametrize(
    "case",
    table("""
        set up                                       | refused at
        N1 10..5                                     | 0
        N1 5..5                                      |
        N1 1..10, N2 10..20                          | 1
        N1 1..10, N2 11..20                          |
        N2 11..20, N1 1..11                          | 1
        N1 1.., N2 20..30                            | 1
        N1 20.., N2 10..                             | 1
        N1 1..5, N2 6..10, N3 2..3                   | 2
        N1 1..30, N2 1..30 end_of_month              |
        N1 1..30 last_dunning, N2 5..6 last_dunning  | 1
        N1 1..10, NA 10..                            | 1
        N1 1..10, N1 20..30                          | 1
        NA 90..99, N1 1..10, NA 100..                | 2
        N1 9..1, N2 1..10, N3 10..20                 | 0 2
        N1 1..10, N2 5..20, N3 30..3                 | 1 2
        N1 1..10, N1 20..30, N1 40..50               | 1 2
        """),
    ids=lambda case: case["set up"],
)
def test_every_fault_is_told_at_its_row_an_overlap_at_the_later_one(case: dict[str, str]) -> None:
    faults, _ = policy_problems(rows(case["set up"]))
    assert [str(fault.place) for fault in faults] == case["refused at"].split()


def test_faults_are_told_in_words() -> None:
    faults, _ = policy_problems(rows("N1 9..1, N2 1..10, NA 10.., N2 20..30 end_of_month"))
    assert faults == [
        Finding(0, "the lower bound 9 is above the upper bound 1"),
        Finding(2, "from 10 days on overlaps level 2, 1 to 10 days"),
        Finding(3, "level 2 is there twice"),
    ]


@pytest.mark.parametrize(
    ("set_up", "warned"),
    [
        ("N1 1..10, N2 11..20", []),
        ("N1 1..10, N2 12..20", [Finding(1, "no level applies from 11 to 11 days, between levels 1 and 2")]),
        ("N2 15.., N1 1..10", [Finding(0, "no level applies from 11 to 14 days, between levels 1 and 2")]),
        ("N1 1..10, N2 5..20 end_of_month, NA 90..", [Finding(2, "no level applies from 11 to 89 days, between levels 1 and NA")]),
        ("N1 1..10, N2 40..50 end_of_month", []),
    ],
)
def test_a_gap_on_one_clock_is_warned_of_and_refuses_nothing(set_up: str, warned: list[Finding]) -> None:
    assert policy_problems(rows(set_up)) == ([], warned)


def test_a_policy_is_told_as_a_timeline_without_holes() -> None:
    set_up = rows("N1 -5..10, N3 20..40, N2 11..30 end_of_month, NA 90..")
    assert timeline(set_up, Clock.DUE_DATE) == [
        Span(None, -6, None),
        Span(-5, 10, 1),
        Span(11, 19, None),
        Span(20, 40, 3),
        Span(41, 89, None),
        Span(90, None, NA),
    ]
    assert timeline(set_up, Clock.END_OF_MONTH) == [Span(None, 10, None), Span(11, 30, 2), Span(31, None, None)]
    assert timeline(set_up, Clock.LAST_DUNNING) == [Span(None, None, None)]


def test_levels_and_bounds_are_written_as_people_write_them() -> None:
    assert [(name_of(row.level), bounds_of(row)) for row in rows("N1 -5..10, NA 90..")] == [
        ("1", "-5 to 10 days"),
        ("NA", "from 90 days on"),
    ]


# -- what is always true

BOUNDS = st.integers(-5, 15)
ANY_ROWS = st.lists(
    st.builds(LevelRow, st.sampled_from([*range(1, 10), NA]), BOUNDS, st.one_of(st.none(), BOUNDS), st.sampled_from(Clock)), max_size=5
)
AGES = range(-40, 250)  # beyond every bound of the strategies


def ages(row: LevelRow) -> set[int]:
    return {age for age in AGES if row.lower <= age and (row.upper is None or age <= row.upper)}


@given(ANY_ROWS)
def test_an_overlap_is_found_exactly_where_two_rows_of_one_clock_share_an_age(set_up: list[LevelRow]) -> None:
    shared = {
        place
        for (_, earlier), (place, later) in combinations(enumerate(set_up), 2)
        if earlier.level == later.level or (earlier.clock == later.clock and ages(earlier) & ages(later))
    }
    reversed_bounds = {place for place, row in enumerate(set_up) if not ages(row)}
    assert {fault.place for fault in policy_problems(set_up)[0]} == shared | reversed_bounds


@given(level_rows())
def test_a_gap_is_warned_of_exactly_where_an_age_between_two_rows_has_none(set_up: tuple[LevelRow, ...]) -> None:
    faults, warnings = policy_problems(set_up)
    holes = [
        span
        for clock in Clock
        for span in timeline(set_up, clock)
        if span.level is None and span.first is not None and span.last is not None
    ]
    assert (faults, len(warnings)) == ([], len(holes))


@given(level_rows(), st.sampled_from(Clock))
def test_a_timeline_tells_every_age_once(set_up: tuple[LevelRow, ...], clock: Clock) -> None:
    spans = timeline(set_up, clock)
    assert (spans[0].first, spans[-1].last) == (None, None)
    assert all(before.last is not None and after.first == before.last + 1 for before, after in pairwise(spans))


@pytest.mark.parametrize("clock", Clock)
@given(st.data())
def test_a_timeline_says_what_is_decided_at_every_age(clock: Clock, data: st.DataObject) -> None:
    set_up = data.draw(level_rows((clock,)))
    start = date(2026, 7, 31)  # the end of its month; last dunned on the due date, the guard holds nothing back
    for age in AGES:
        decision = decide_level(Policy(set_up), 0, start, start if clock is Clock.LAST_DUNNING else None, start + timedelta(age))
        says = next(span.level for span in timeline(set_up, clock) if in_span(age, span))
        if age >= 0 or clock is not Clock.LAST_DUNNING:
            assert (decision if isinstance(decision, Reason) else decision.level) == (
                Reason.NO_LEVEL_APPLIES if says in (None, NA) else says
            )


def in_span(age: int, span: Span) -> bool:
    return (span.first is None or span.first <= age) and (span.last is None or age <= span.last)
