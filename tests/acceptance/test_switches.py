"""What do the switches of a policy change? Progression, clocks, waiting days, what only people send (section 4)."""

import pytest

from tests.acceptance.world import DUE, day, level

NONE, ALREADY, SOON, BY_HAND = "no_level_applies", "already_at_level", "too_soon", "not_automatic"


def stepwise(world, **options):
    world.options(progression="stepwise", **options)


@pytest.mark.parametrize(
    ("before", "days", "result"),
    [
        pytest.param(0, -6, NONE, id="not yet"),
        pytest.param(0, -5, 1, id="from the lower bound on"),
        pytest.param(0, 200, 1, id="the upper bound is ignored and nothing is skipped"),
        pytest.param(1, 11, 2, id="the next from its lower bound on"),
        pytest.param(1, 200, 2, id="the next, however late"),
        pytest.param(2, 31, 3, id="the highest"),
        pytest.param(3, 400, ALREADY, id="the highest is not repeated"),
        pytest.param(5, 400, ALREADY, id="above the highest"),
    ],
)
def test_stepwise_gives_only_the_next_level(world, before, days, result):
    stepwise(world, min_days_between=0)
    world.invoice("FA-1", level=before)
    world.load()
    assert world.rehearse(day(DUE, days)).outcome("FA-1") == result


def test_stepwise_the_next_level_is_the_next_one_set_up(world):
    stepwise(world, min_days_between=0)
    world.levels((1, 1, 10), (4, 11, 20), (9, 21, None))
    world.invoice("FA-1", level=1)
    world.invoice("FA-2", level=4)
    world.load()
    run = world.rehearse(day(DUE, 60))
    assert (run.outcome("FA-1"), run.outcome("FA-2")) == (4, 9)


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize(("days", "excluded"), [(99, False), (100, True)])
def test_stepwise_an_age_in_the_row_of_the_excluded_excludes_too(world, before, days, excluded):
    stepwise(world, min_days_between=0)
    world.levels((1, 1, 10), (2, 11, 99), level("NA", 100, None))
    world.invoice("FA-1", level=before)
    world.load()
    assert world.rehearse(day(DUE, days)).outcome("FA-1") == (NONE if excluded else before + 1)


# -- days between two notices


@pytest.mark.parametrize(("days_since", "result"), [(6, SOON), (7, 2)])
def test_the_days_between_two_notices_must_have_passed(world, days_since, result):
    world.options(min_days_between=7)
    world.invoice("FA-1", level=1, last_dunned_on=day("2026-07-20", -days_since))
    world.load()
    assert world.rehearse("2026-07-20").outcome("FA-1") == result


def test_an_item_never_dunned_waits_for_nothing(world):
    world.options(min_days_between=30)
    world.invoice("FA-1")
    world.load()
    assert world.rehearse().outcome("FA-1") == 1


SAID = [
    # progression, said by the company -> days since the last notice at which it is dunned
    pytest.param({"progression": "by_age"}, 0, id="by age, nothing said: 0"),
    pytest.param({"progression": "by_age", "min_days_between": 0}, 0, id="by age, 0 said"),
    pytest.param({"progression": "by_age", "min_days_between": None}, 0, id="by age, null"),
    pytest.param({"progression": "stepwise"}, 7, id="stepwise, nothing said: 7"),
    pytest.param({"progression": "stepwise", "min_days_between": None}, 7, id="stepwise, null: 7"),
    pytest.param({"progression": "stepwise", "min_days_between": 0}, 0, id="stepwise, 0 said"),
    pytest.param({"progression": "stepwise", "min_days_between": 3}, 3, id="stepwise, 3 said"),
]


@pytest.mark.parametrize(("options", "days"), SAID)
def test_what_the_company_leaves_unsaid(world, options, days):
    world.options(**options)
    world.invoice("FA-1", level=1, last_dunned_on="2026-07-20")
    world.load()
    assert [world.rehearse(day("2026-07-20", since)).outcome("FA-1") for since in (days - 1, days) if since >= 0] == [SOON, 2][days == 0 :]


BY_POLICY = [
    # the company's, the policy's -> days
    pytest.param({"min_days_between": 10}, {}, 10, id="unsaid by the policy: the company's"),
    pytest.param({"min_days_between": 10}, {"min_days_between": None}, 10, id="null in the policy: the company's"),
    pytest.param({"min_days_between": 10}, {"min_days_between": 4}, 4, id="said by the policy"),
    pytest.param({"min_days_between": 10}, {"min_days_between": 0}, 0, id="a written 0 is said"),
    pytest.param({"min_days_between": 3}, {"progression": "stepwise"}, 3, id="stepwise policy, 3 said by the company"),
    pytest.param({"min_days_between": 0}, {"progression": "stepwise"}, 0, id="stepwise policy, 0 said by the company"),
    pytest.param({}, {"progression": "stepwise"}, 7, id="stepwise policy, nothing said anywhere: 7"),
    pytest.param({"progression": "stepwise"}, {}, 7, id="stepwise company, nothing said anywhere: 7"),
    pytest.param({"progression": "stepwise"}, {"min_days_between": 2}, 2, id="stepwise company, 2 said by the policy"),
    pytest.param({}, {}, 0, id="by age, nothing said anywhere: 0"),
]


@pytest.mark.parametrize(("options", "switches", "days"), BY_POLICY)
def test_a_policy_may_wait_longer_or_shorter_than_the_company(world, options, switches, days):
    world.options(**options)
    world.policy("GRANDS", (1, -5, 10), (2, 11, 30), **switches)
    world.customer("C001", policy="GRANDS")
    world.invoice("FA-1", level=1, last_dunned_on="2026-07-20")
    world.load()
    assert [world.rehearse(day("2026-07-20", since)).outcome("FA-1") for since in (days - 1, days) if since >= 0] == [SOON, 2][days == 0 :]


def test_a_customer_may_carry_another_policy(world):
    world.policy("GRANDS", (1, 20, 30), (5, 31, None))
    world.customer("C001", policy="GRANDS")
    world.invoice("FA-1", "C001")
    world.invoice("FA-2", "C002")
    world.load()
    outcomes = [[world.rehearse(day(DUE, days)).outcome(number) for number in ("FA-1", "FA-2")] for days in (8, 20, 40)]
    assert outcomes == [[NONE, 1], [1, 2], [5, 3]]


def test_the_policy_is_the_billed_customers(world):
    world.policy("GRANDS", (4, -5, None))
    world.customer("C001")
    world.customer("C002", policy="GRANDS")
    world.invoice("FA-1", "C001", billed_customer="C002")
    world.invoice("FA-2", "C002", billed_customer="C001")
    world.load()
    run = world.rehearse()
    assert (run.outcome("FA-1"), run.outcome("FA-2")) == (4, 1)


@pytest.mark.parametrize(
    ("company", "policy", "result"),
    [
        pytest.param("by_age", "stepwise", 1, id="stepwise in the policy only"),
        pytest.param("stepwise", "by_age", 3, id="by age in the policy only"),
        pytest.param("stepwise", None, 1, id="null in the policy: the company's"),
        pytest.param("by_age", None, 3, id="null in the policy: the company's, by age"),
    ],
)
def test_the_progression_may_differ_per_policy(world, company, policy, result):
    world.options(progression=company)
    world.policy("GRANDS", (1, -5, 10), (2, 11, 30), (3, 31, None), progression=policy)
    world.customer("C001", policy="GRANDS")
    world.invoice("FA-1")
    world.invoice("FA-2", "C002")
    world.load()
    run = world.rehearse(day(DUE, 50))
    assert run.outcome("FA-1") == result
    assert run.outcome("FA-2") == {"by_age": 3, "stepwise": 1}[company]


# -- each row on its own clock


@pytest.mark.parametrize(
    ("due", "as_of", "result"),
    [
        pytest.param("2026-07-07", "2026-08-04", NONE, id="4 days after the end of July"),
        pytest.param("2026-07-07", "2026-08-05", 1, id="5 days after the end of July"),
        pytest.param("2026-07-07", "2026-08-20", 1, id="20 days after the end of July"),
        pytest.param("2026-07-07", "2026-08-21", NONE, id="21 days after the end of July"),
        pytest.param("2026-07-31", "2026-08-04", NONE, id="due on the last day, day before"),
        pytest.param("2026-07-31", "2026-08-05", 1, id="due on the last day"),
        pytest.param("2024-02-10", "2024-03-04", NONE, id="29 February, day before"),
        pytest.param("2024-02-10", "2024-03-05", 1, id="29 February"),
        pytest.param("2025-12-01", "2026-01-05", 1, id="end of December"),
    ],
)
def test_a_row_on_the_end_of_the_month_counts_from_the_last_day_of_the_month(world, due, as_of, result):
    world.levels(level(1, 5, 20, clock="end_of_month"))
    world.invoice("FA-1", due=due)
    world.load()
    assert world.rehearse(as_of).outcome("FA-1") == result


@pytest.mark.parametrize("basis", ["due_date", "last_dunning"])
@pytest.mark.parametrize(("clock", "result"), [("due_date", 2), ("last_dunning", ALREADY)])
def test_a_rows_clock_wins_over_the_companys(world, basis, clock, result):
    world.options(level_basis=basis)
    world.levels(level(1, -5, 10, clock=clock), level(2, 11, 30, clock=clock))
    world.invoice("FA-1", level=1, last_dunned_on="2026-07-17")
    world.load()
    assert world.rehearse("2026-07-18").outcome("FA-1") == result


def test_the_highest_level_that_matches_on_its_own_clock_wins(world):
    world.levels(level(1, 5, 60, clock="due_date"), level(2, 5, 60, clock="end_of_month"))
    world.invoice("FA-1", due="2026-07-07")
    world.load()
    assert [world.rehearse(as_of).outcome("FA-1") for as_of in ("2026-07-12", "2026-08-04", "2026-08-05", "2026-09-29")] == [1, 1, 2, 2]


def test_a_row_of_the_excluded_that_matches_wins_over_every_level(world):
    world.levels(level(1, 1, None, clock="due_date"), level("NA", 5, 9, clock="end_of_month"))
    world.invoice("FA-1", due="2026-07-07")
    world.load()
    outcomes = [world.rehearse(as_of).outcome("FA-1") for as_of in ("2026-08-04", "2026-08-05", "2026-08-09", "2026-08-10")]
    assert outcomes == [1, NONE, NONE, 1]


@pytest.mark.parametrize(("as_of", "result"), [("2026-07-17", NONE), ("2026-07-18", 2)])
def test_the_guard_against_early_reminders_holds_for_every_row_on_the_last_dunning(world, as_of, result):
    world.options(level_basis="due_date")
    world.levels(level(1, -5, -1), level(2, 11, 30, clock="last_dunning"))
    world.invoice("FA-1", due="2026-07-07", level=1, last_dunned_on="2026-07-02")
    world.load()
    assert world.rehearse(as_of).outcome("FA-1") == result


def test_stepwise_reads_the_next_row_on_its_own_clock(world):
    stepwise(world, min_days_between=0)
    world.levels(level(1, 1, 10), level(2, 15, 30, clock="last_dunning"))
    world.invoice("FA-1", due="2026-06-01", level=1, last_dunned_on="2026-07-01")
    world.load()
    assert isinstance(world.rehearse("2026-07-15").outcome("FA-1"), str)
    assert world.rehearse("2026-07-16").outcome("FA-1") == 2


# -- what only people send


def test_a_level_that_only_people_issue_is_left_out_of_automatic_runs(world):
    world.levels((1, -5, 10), level(2, 11, None, automatic=False))
    world.invoice("FA-1", level=1, last_dunned_on="2026-07-12")
    world.customer("C001", level=1)
    world.load()
    assert world.rehearse("2026-07-20").outcome("FA-1") == BY_HAND
    assert world.edition(2, "2026-07-20").outcome("FA-1") == 2


def test_a_level_that_only_people_issue_does_not_fall_back_to_a_lower_one(world):
    world.levels(level(1, 1, None, clock="due_date"), level(2, 5, None, clock="end_of_month", automatic=False))
    world.invoice("FA-1", due="2026-07-07")
    world.load()
    assert [world.rehearse(as_of).outcome("FA-1") for as_of in ("2026-08-04", "2026-08-05")] == [1, BY_HAND]


# -- the channel of a row


def test_a_level_of_letters_makes_letters_that_wait_to_be_printed(world):
    world.levels(level(1, -5, 10, channel="letter"), (2, 11, None))
    world.invoice("FA-1")
    world.invoice("FA-2", due="2026-07-01")
    world.load()
    run = world.batch()
    assert {notice["level"]: notice["channel"] for notice in run.notices} == {1: "letter", 2: "email"}
    assert run.notice("FA-1")["status"] not in ("sent", "printed")
    assert world.stored_level("FA-1") == (0, None)
    assert world.stored_level("FA-2") == (2, "2026-07-15")
    assert world.rehearse("2026-07-16").outcome("FA-1") == "in_flight"


def test_a_letter_needs_no_address_for_mails(world):
    world.levels(level(1, -5, 10, channel="letter"))
    world.customer("C001", email="")
    world.invoice("FA-1")
    world.load()
    assert world.rehearse().outcome("FA-1") == 1


@pytest.mark.spec("K80")
def test_a_customer_nobody_can_be_mailed_at_may_get_a_letter(world):
    world.options(no_recipient_channel="letter")
    world.customer("C001", email="")
    world.invoice("FA-1")
    world.invoice("FA-2", "C002")
    world.load()
    run = world.rehearse()
    assert (run.notice("FA-1")["channel"], run.notice("FA-2")["channel"]) == ("letter", "email")
