"""Which level is a due item dunned at? The worked examples, the bounds, both clocks, and never twice nor downwards (section 4)."""

import pytest

from tests.acceptance.world import DUE, day, item, level

NONE, ALREADY = "no_level_applies", "already_at_level"

# N1 = [-5, 10], N2 = [11, 30], due 7 July
WORKED_EXAMPLES = [
    # as of       level  last dunned   basis           result
    ("2026-07-01", 0, None, "due_date", NONE),
    ("2026-07-02", 0, None, "due_date", 1),
    ("2026-07-17", 0, None, "due_date", 1),
    ("2026-07-18", 0, None, "due_date", 2),
    ("2026-07-18", 1, "2026-07-17", "due_date", 2),
    ("2026-07-18", 1, "2026-07-17", "last_dunning", ALREADY),
    ("2026-07-28", 1, "2026-07-17", "last_dunning", 2),
    ("2026-07-13", 1, "2026-07-02", "last_dunning", NONE),
    ("2026-07-18", 1, "2026-07-02", "last_dunning", 2),
]


@pytest.mark.spec("K69", "K70")
@pytest.mark.parametrize(("as_of", "before", "dunned_on", "basis", "result"), WORKED_EXAMPLES)
def test_the_worked_examples(world, as_of, before, dunned_on, basis, result):
    world.options(level_basis=basis)
    world.levels((1, -5, 10), (2, 11, 30))
    world.invoice("FA-1", due="2026-07-07", level=before, last_dunned_on=dunned_on)
    world.load()
    assert world.rehearse(as_of).outcome("FA-1") == result


@pytest.mark.spec("K70")
@pytest.mark.parametrize(
    ("days", "result"),
    [(4, NONE), (5, 1), (19, 1), (20, 2), (39, 2), (40, NONE), (44, NONE), (45, 3), (5000, 3)],
)
def test_both_bounds_are_inclusive_a_gap_dunns_nobody_and_no_upper_bound_means_no_end(world, days, result):
    world.levels((1, 5, 19), (2, 20, 39), (3, 45, None))
    world.invoice("FA-1")
    world.load()
    assert world.rehearse(day(DUE, days)).outcome("FA-1") == result


@pytest.mark.parametrize(("days", "result"), [(-6, NONE), (-5, 1), (-1, 1), (0, NONE), (1, 2)])
def test_a_level_may_remind_before_the_due_date(world, days, result):
    world.levels((1, -5, -1), (2, 1, 30))
    world.invoice("FA-1")
    world.load()
    assert world.rehearse(day(DUE, days)).outcome("FA-1") == result


@pytest.mark.parametrize(
    ("before", "days", "result"),
    [
        pytest.param(0, 40, 3, id="levels are skipped"),
        pytest.param(1, 40, 3, id="one level is skipped"),
        pytest.param(1, 8, ALREADY, id="never twice"),
        pytest.param(3, 8, ALREADY, id="never downwards"),
        pytest.param(3, 15, ALREADY, id="never downwards by one"),
        pytest.param(9, 400, ALREADY, id="above the highest"),
    ],
)
def test_a_level_is_never_given_twice_nor_downwards(world, before, days, result):
    world.invoice("FA-1", level=before)
    world.load()
    assert world.rehearse(day(DUE, days)).outcome("FA-1") == result


@pytest.mark.parametrize(("days", "result"), [(99, 1), (100, NONE)])
def test_an_age_in_the_row_of_the_excluded_dunns_nobody(world, days, result):
    world.levels((1, 1, 99), level("NA", 100, None))
    world.invoice("FA-1")
    world.load()
    assert world.rehearse(day(DUE, days)).outcome("FA-1") == result


@pytest.mark.spec("K69")
@pytest.mark.parametrize("basis", ["due_date", "last_dunning"])
@pytest.mark.parametrize(("as_of", "result"), [("2026-07-19", ALREADY), ("2026-08-19", 2)])
def test_an_item_dunned_after_the_date_of_the_run_is_already_at_its_level(world, basis, as_of, result):
    world.options(level_basis=basis)
    world.levels((1, -5, 10), (2, 11, None))
    world.invoice("FA-1", level=1, last_dunned_on="2026-07-20")
    world.load()
    assert world.rehearse(as_of).outcome("FA-1") == result


@pytest.mark.parametrize("level_before", [1, 0])
def test_a_last_dunning_after_the_run_is_told_even_where_no_row_matches(world, level_before):
    world.options(level_basis="last_dunning")
    world.levels((1, 5, 10), (2, 11, 30))
    world.invoice("FA-1", level=level_before, last_dunned_on="2026-07-20")
    world.load()
    assert world.rehearse("2026-07-19").outcome("FA-1") == ALREADY


@pytest.mark.spec("K69")
def test_by_the_last_dunning_an_item_never_dunned_counts_from_its_due_date(world):
    world.options(level_basis="last_dunning")
    world.levels((1, 5, 10), (2, 11, 30))
    world.invoice("FA-1")
    world.load()
    assert [world.rehearse(day(DUE, days)).outcome("FA-1") for days in (4, 5, 10, 11)] == [NONE, 1, 1, 2]


@pytest.mark.parametrize(("as_of", "result"), [("2026-07-17", NONE), ("2026-07-18", 2)])
def test_an_early_reminder_does_not_bring_the_next_level_forward(world, as_of, result):
    world.options(level_basis="last_dunning")
    world.levels((1, -5, 10), (2, 11, 30))
    world.invoice("FA-1", due="2026-07-07", level=1, last_dunned_on="2026-07-02")
    world.load()
    assert world.rehearse(as_of).outcome("FA-1") == result


def test_a_document_with_due_items_at_two_levels_yields_two_notices(world):
    world.invoice("FA-1", due=[item("2026-06-25", "60.00"), item("2026-07-07", "40.00"), item("2026-08-30", "20.00")], date="2026-06-01")
    world.load()
    run = world.rehearse("2026-07-15")
    assert [run.outcome("FA-1", due) for due in ("2026-06-25", "2026-07-07", "2026-08-30")] == [2, 1, NONE]
    assert sorted(notice["level"] for notice in run.notices) == [1, 2]


def test_two_due_items_of_a_document_at_one_level_stand_on_one_notice(world):
    world.invoice("FA-1", due=[item("2026-07-06", "60.00"), item("2026-07-07", "40.00")], date="2026-06-01")
    world.load()
    assert world.rehearse("2026-07-15").notice()["totals"] == {"EUR": "100.00"}


def test_a_day_without_a_run_is_caught_up_by_the_next_one(world):
    world.levels((1, 5, 5), (2, 6, None))
    world.invoice("FA-1")
    world.load()
    assert world.rehearse(day(DUE, 9)).outcome("FA-1") == 2


def test_levels_need_not_be_consecutive(world):
    world.levels((2, 5, 10), (7, 11, None))
    world.invoice("FA-1", level=2, last_dunned_on="2026-07-12")
    world.load()
    assert world.rehearse("2026-07-18").outcome("FA-1") == 7
