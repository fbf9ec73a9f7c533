"""Which policies are refused at set-up, and which only warned of? (section 4)"""

import pytest

from tests.acceptance.world import level, rows

REFUSED = [
    pytest.param([(1, 10, 5)], "levels[0]", id="lower above upper"),
    pytest.param([(1, 1, 10), (2, 10, 20)], "levels[1]", id="one day in common"),
    pytest.param([(1, 1, None), (2, 20, 30)], "levels[1]", id="after a row without end"),
    pytest.param([(1, 1, 5), (2, 6, 10), (3, 2, 3)], "levels[2]", id="inside an earlier one"),
    pytest.param(
        [level(1, 1, 10, clock="end_of_month"), level(2, 5, 20, clock="end_of_month")], "levels[1]", id="on the same clock of their own"
    ),
    pytest.param([(1, 1, 10), (1, 11, 20)], "levels[1]", id="the same level twice"),
    pytest.param([(1, 1, 10), level("NA", 100, 200), level("NA", 300, None)], "levels[2]", id="two rows of the excluded"),
    pytest.param([(0, 1, 10)], "levels[0].level", id="level 0"),
    pytest.param([(10, 1, 10)], "levels[0].level", id="level 10"),
    pytest.param([(-1, 1, 10)], "levels[0].level", id="level -1"),
    pytest.param([level("N1", 1, 10)], "levels[0].level", id="an unknown word"),
    pytest.param([level(1, 1, 10, clock="moon")], "levels[0].clock", id="an unknown clock"),
    pytest.param([level(1, 1, 10, channel="pigeon")], "levels[0].channel", id="an unknown channel"),
    pytest.param([level(1, 1, 10, automatic="yes")], "levels[0].automatic", id="not a yes or no"),
]


@pytest.mark.spec("K2", "K70")
@pytest.mark.parametrize(("levels", "place"), REFUSED)
def test_a_policy_that_cannot_decide_is_refused_by_place(world, levels, place):
    world.levels(*levels)
    world.try_load().refused(place)
    world.relance("dump", "--company", "ACME").refused()


@pytest.mark.parametrize(("levels", "place"), REFUSED)
def test_a_further_policy_is_held_to_the_same_rules(world, levels, place):
    world.policy("GRANDS", *levels)
    world.try_load().refused(f"policies[0].{place}")
    world.relance("dump", "--company", "ACME").refused()


ACCEPTED = [
    pytest.param([(1, 5, 5), (2, 6, 6)], id="one day each"),
    pytest.param([(2, 11, 30), (1, -5, 10)], id="in any order"),
    pytest.param([level(1, 1, 30, clock="due_date"), level(2, 1, 30, clock="end_of_month")], id="the same days on two clocks"),
    pytest.param([level(1, 1, None, clock="last_dunning"), level("NA", 1, None, clock="end_of_month")], id="two ends on two clocks"),
    pytest.param(
        [(number, number * 10, number * 10 + 9) for number in range(1, 10)] + [level("NA", 100, None)], id="nine levels and the excluded"
    ),
]


@pytest.mark.parametrize("levels", ACCEPTED)
def test_a_policy_that_can_decide_is_accepted_as_written(world, levels):
    world.levels(*levels)
    world.load()
    stored = {row["level"]: (row["lower_bound"], row["upper_bound"]) for row in world.dump()["levels"]}
    assert stored == {row["level"]: (row["lower_bound"], row["upper_bound"]) for row in rows(*levels)}


def test_a_gap_is_warned_of_and_accepted(world):
    world.levels((1, 1, 10), (2, 11, None))
    quiet = world.load().err.splitlines()
    world.levels((1, 1, 10), (2, 15, None))
    warned = world.load().err.splitlines()
    assert set(warned) - set(quiet)


@pytest.mark.spec("K2")
def test_a_company_without_a_policy_is_refused_and_stores_nothing(world):
    world.levels()
    world.invoice("FA-1")
    world.load()
    before = world.rows()
    world.ask("batch", "--as-of", "2026-07-15").refused()
    world.ask("batch", "--as-of", "2026-07-15", "--dry-run").refused()
    world.ask("edition", "--as-of", "2026-07-15", "--level", 1).refused()
    assert world.rows() == before
    assert not world.mails()


@pytest.mark.spec("K2", "A12")
@pytest.mark.parametrize("flags", [(), ("--control-list",), ("--definitive", "--out", "letters.pdf")])
def test_an_edition_at_a_level_that_is_not_set_up_is_refused_and_stores_nothing(world, tmp_path, flags):
    world.levels((1, 1, 10), (2, 11, None))
    world.customer("C001", level=2)
    world.invoice("FA-1", level=2)
    world.load()
    before = world.rows()
    flags = [tmp_path / flag if flag.endswith(".pdf") else flag for flag in flags]
    world.ask("edition", "--as-of", "2026-07-15", "--level", 3, *flags).refused()
    assert world.rows() == before
    assert not list(tmp_path.glob("*.pdf"))


def test_an_editions_level_must_stand_in_the_companys_default_policy(world):
    world.levels((1, 1, 10))
    world.policy("GRANDS", (1, 1, 10), (2, 11, None))
    world.customer("C001", policy="GRANDS", level=1)
    world.invoice("FA-1", level=1)
    world.load()
    world.ask("edition", "--as-of", "2026-08-15", "--level", 2).refused()
