"""Which level applies to a due item on a date?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core.facts import NA, Clock, LevelRow, Policy, Progression
from relance.core.levels import clock_start, decide_level, next_level
from relance.core.reasons import Reason
from tests.core.pages import N1_N2, day_or_none, level, on, policy, table
from tests.core.strategies import POLICIES, level_rows, maybe

NONE, ALREADY = "no_level_applies", "already_at_level"


def decided(levels: Policy | str, before: str, due: str, last: str, as_of: str) -> int | str:
    rules = levels if isinstance(levels, Policy) else policy(levels)
    answer = decide_level(rules, level(before), on(due), day_or_none(last), on(as_of))
    return answer.level if isinstance(answer, LevelRow) else str(answer)


def assert_told(told: str, progression: str = "by_age", clock: str = "due_date", levels: str = N1_N2) -> None:
    """Every row of a table of: as of, level before, last dunned, result (and due, where it is not 7 July)."""
    rules = policy(levels, progression, clock=clock)
    for row in table(told):
        answer = decided(rules, row["before"], row.get("due", "7 July"), row["last"], row["as of"])
        assert str(answer) == row["result"], row


@pytest.mark.spec("K69", "K70")
@pytest.mark.parametrize(
    "row",
    table("""
        as of   | before | last    | basis        | result
        1 July  | 0      |         | due_date     | no_level_applies
        2 July  | 0      |         | due_date     | 1
        17 July | 0      |         | due_date     | 1
        18 July | 0      |         | due_date     | 2
        18 July | 1      | 17 July | due_date     | 2
        18 July | 1      | 17 July | last_dunning | already_at_level
        28 July | 1      | 17 July | last_dunning | 2
        13 July | 1      | 2 July  | last_dunning | no_level_applies
        18 July | 1      | 2 July  | last_dunning | 2
        """),
    ids=lambda row: f"{row['as of']}, {row['basis']}, from {row['before']}",
)
def test_the_worked_examples_of_the_rules(row: dict[str, str]) -> None:
    rules = policy(N1_N2, clock=row["basis"])
    assert str(decided(rules, row["before"], "7 July", row["last"], row["as of"])) == row["result"]


def test_both_bounds_are_inclusive_a_gap_duns_nobody_and_an_empty_upper_bound_has_no_end() -> None:
    assert_told(
        """
        as of          | before | last | result
        11 July        | 0      |      | no_level_applies
        12 July        | 0      |      | 1
        26 July        | 0      |      | 1
        27 July        | 0      |      | no_level_applies
        5 August       | 0      |      | no_level_applies
        6 August       | 0      |      | 2
        7 July 2099    | 0      |      | 2
        """,
        levels="N1 5..19, N2 30..",
    )


def test_never_twice_and_never_downwards() -> None:
    assert_told("""
        as of   | before | last    | result
        10 July | 1      | 9 July  | already_at_level
        10 July | 2      | 9 July  | already_at_level
        18 July | 2      | 9 July  | already_at_level
        18 July | 9      | 9 July  | already_at_level
        18 July | 1      | 18 July | 2
        """)


@pytest.mark.parametrize("clock", ["due_date", "last_dunning"])
@pytest.mark.parametrize("as_of", ["19 July", "25 May"])
def test_an_item_dunned_after_the_date_of_the_run_is_already_at_its_level_whatever_else_holds(clock: str, as_of: str) -> None:
    assert decided(policy(f"{N1_N2}, NA 40..", clock=clock), "1", "7 July", "20 July", as_of) == ALREADY


def test_an_age_in_the_na_row_excludes() -> None:
    told = """
        as of        | before | last | result
        14 October   | 0      |      | 2
        15 October   | 0      |      | no_level_applies
        15 October   | 2      |      | no_level_applies
        24 October   | 0      |      | no_level_applies
        25 October   | 0      |      | 3
        """
    assert_told(told, levels="N1 1..30, N2 31..99, N3 110.., NA 100..109")


@pytest.mark.parametrize(("progression", "answer"), [("by_age", NONE), ("stepwise", ALREADY)])
def test_a_policy_without_levels_gives_none(progression: str, answer: str) -> None:
    assert decided(Policy((), Progression(progression)), "0", "7 July", "", "8 July") == answer


# -- each row on its own clock


def test_by_the_last_dunning_an_item_never_dunned_counts_from_its_due_date() -> None:
    assert_told(
        """
        as of   | before | last | result
        1 July  | 0      |      | no_level_applies
        2 July  | 0      |      | 1
        18 July | 0      |      | 2
        """,
        clock="last_dunning",
    )


@pytest.mark.parametrize(
    ("due", "counted_from"),
    [
        ("2026-07-07", "2026-07-31"),
        ("2026-07-31", "2026-07-31"),
        ("2026-02-10", "2026-02-28"),
        ("2028-02-10", "2028-02-29"),
        ("2026-12-01", "2026-12-31"),
        ("9999-12-01", "9999-12-31"),
    ],
)
def test_the_end_of_month_clock_counts_from_the_last_day_of_the_due_dates_month(due: str, counted_from: str) -> None:
    assert clock_start(Clock.END_OF_MONTH, date.fromisoformat(due), date(2026, 8, 8)) == date.fromisoformat(counted_from)


def test_the_bounds_on_the_end_of_month_are_inclusive() -> None:
    assert_told(
        """
        as of     | before | last | result
        4 August  | 0      |      | no_level_applies
        5 August  | 0      |      | 1
        20 August | 0      |      | 1
        21 August | 0      |      | no_level_applies
        """,
        levels="N1 5..20 end_of_month",
    )


def test_the_highest_level_that_matches_on_its_own_clock_wins() -> None:
    assert_told(
        """
        as of       | before | last    | result
        12 July     | 0      |         | 1
        4 August    | 0      |         | 1
        5 August    | 0      |         | 2
        5 August    | 2      |         | already_at_level
        5 September | 1      | 8 July  | no_level_applies
        6 September | 1      | 8 July  | 3
        7 September | 1      | 8 July  | 3
        8 September | 1      | 8 July  | no_level_applies
        """,
        levels="N1 5..29, N2 5..34 end_of_month, N3 60..61 last_dunning",
    )


def test_an_na_row_that_matches_wins_over_every_level_of_any_clock() -> None:
    assert_told(
        """
        as of     | before | last | result
        4 August  | 0      |      | 1
        5 August  | 0      |      | no_level_applies
        9 August  | 0      |      | no_level_applies
        10 August | 0      |      | 1
        """,
        levels="N1 1.., NA 5..9 end_of_month",
    )


# -- the guard: a reminder sent before the due date does not bring the next level forward


def test_the_guard_ends_on_the_due_date_plus_the_lower_bound() -> None:
    assert_told(
        """
        as of   | before | last   | result
        17 July | 1      | 2 July | no_level_applies
        18 July | 1      | 2 July | 2
        """,
        clock="last_dunning",
    )


def test_the_guard_holds_for_a_row_on_the_last_dunning_beside_rows_on_the_due_date() -> None:
    assert_told(
        """
        as of   | before | last   | result
        13 July | 1      | 2 July | no_level_applies
        17 July | 1      | 2 July | no_level_applies
        18 July | 1      | 2 July | 2
        """,
        levels="N1 -5..10, N2 11..30 last_dunning",
    )


def test_a_row_that_the_guard_holds_back_does_not_hold_back_a_lower_one_that_is_due() -> None:
    assert_told(
        """
        as of   | before | last    | result
        6 July  | 1      | 20 June | no_level_applies
        7 July  | 1      | 20 June | 2
        21 July | 1      | 20 June | 2
        22 July | 1      | 20 June | 3
        """,
        levels="N1 -20..-5, N2 0..20, N3 15..60 last_dunning",
    )


# -- stepwise


def test_stepwise_only_the_next_level_from_its_lower_bound_on() -> None:
    assert_told(
        """
        as of        | before | last    | result
        1 July       | 0      |         | no_level_applies
        2 July       | 0      |         | 1
        7 July 2027  | 0      |         | 1
        17 July      | 1      | 2 July  | no_level_applies
        18 July      | 1      | 17 July | 2
        7 July 2027  | 1      | 2 July  | 2
        7 July 2027  | 2      | 2 July  | already_at_level
        7 July 2027  | 3      | 2 July  | already_at_level
        """,
        "stepwise",
    )


def test_stepwise_by_the_last_dunning_keeps_the_guard() -> None:
    assert_told(
        """
        as of   | before | last    | result
        17 July | 1      | 2 July  | no_level_applies
        18 July | 1      | 2 July  | 2
        27 July | 1      | 17 July | no_level_applies
        28 July | 1      | 17 July | 2
        """,
        "stepwise",
        "last_dunning",
    )


def test_stepwise_an_age_in_the_na_row_excludes_too() -> None:
    assert_told(
        """
        as of      | before | last | result
        14 October | 1      |      | 2
        15 October | 1      |      | no_level_applies
        15 October | 2      |      | no_level_applies
        18 October | 1      |      | no_level_applies
        19 October | 1      |      | 2
        """,
        "stepwise",
        levels="N1 1..30, N2 31..60, NA 100..103",
    )


def test_the_next_level_is_the_next_one_set_up() -> None:
    rows = policy("N2 1..10, N5 11..20, NA 90..").rows
    assert [row.level if row else None for row in (next_level(rows, before) for before in (0, 1, 2, 4, 5, 9, NA))] == [
        2,
        2,
        5,
        5,
        None,
        None,
        None,
    ]


# -- what is always true

ANY_DAY = st.dates()
LEVELS = st.sampled_from([*range(10), NA])
NEAR = st.integers(-40, 80).map(lambda days: date(2026, 7, 7) + timedelta(days))


@given(POLICIES, LEVELS, ANY_DAY, maybe(ANY_DAY), ANY_DAY)
def test_any_dates_of_the_calendar_are_decided(rules: Policy, before: int, due: date, last: date | None, as_of: date) -> None:
    answer = decide_level(rules, before, due, last, as_of)
    assert isinstance(answer, Reason) or before < answer.level < NA


@given(POLICIES, LEVELS, NEAR, maybe(NEAR), NEAR)
def test_stepwise_never_skips_a_level(rules: Policy, before: int, due: date, last: date | None, as_of: date) -> None:
    answer = decide_level(rules._replace(progression=Progression.STEPWISE), before, due, last, as_of)
    between = [row for row in rules.rows if isinstance(answer, LevelRow) and before < row.level < answer.level]
    assert between == []


@pytest.mark.parametrize("clock", [Clock.DUE_DATE, Clock.LAST_DUNNING])
@given(st.data(), st.sampled_from(range(10)), NEAR, maybe(NEAR), NEAR)
def test_on_one_clock_the_decision_reads_as_the_rules_do(
    clock: Clock, data: st.DataObject, before: int, due: date, last: date | None, as_of: date
) -> None:
    rows = data.draw(level_rows((clock,)))
    answer = decide_level(Policy(rows), before, due, last, as_of)
    assert (answer.level if isinstance(answer, LevelRow) else answer) == as_the_rules_say(rows, clock, before, due, last, as_of)


def as_the_rules_say(rows: tuple[LevelRow, ...], basis: Clock, before: int, due: date, last: date | None, as_of: date) -> int | Reason:
    """Section 4 of the rules, line by line."""
    by_last_dunning = basis is Clock.LAST_DUNNING
    reference = last if by_last_dunning and last else due
    elapsed = (as_of - reference).days
    row = next((row for row in rows if row.lower <= elapsed and (row.upper is None or elapsed <= row.upper)), None)
    if last and last > as_of:
        return Reason.ALREADY_AT_LEVEL
    if row is None or row.level == NA:
        return Reason.NO_LEVEL_APPLIES
    if row.level <= before:
        return Reason.ALREADY_AT_LEVEL
    if by_last_dunning and as_of < due + timedelta(row.lower):
        return Reason.NO_LEVEL_APPLIES
    return row.level
