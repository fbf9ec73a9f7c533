"""Does a first automatic run above the ceiling wait for a person, so that a go-live never becomes a storm?"""

import pytest

from tests.acceptance.world import DUE, TODAY, day

CUSTOMERS = ("C001", "C002", "C003")


@pytest.fixture
def three(world):
    """Three customers to be reminded of 100.00 each; the first run may issue two notices."""
    world.options(ceiling="first", ceiling_notices=2)
    for customer in CUSTOMERS:
        world.invoice(f"FA-{customer}", customer, amount="100.00")
    world.load()
    return world


def test_a_first_run_above_the_ceiling_sends_nothing_and_stores_nothing(three):
    before = three.rows()
    three.ask("batch", "--as-of", TODAY).refused(
        "the run would issue 3 notices and the ceiling is 2: look at what it would send, then confirm it"
    )
    assert three.rows() == before
    assert three.mails() == []


def test_the_dry_run_tells_of_the_ceiling(three):
    assert "the ceiling is 2" in three.ask("batch", "--as-of", TODAY, "--dry-run").done().err


def test_what_was_looked_at_is_confirmed(three):
    three.batch(TODAY, "--confirmed")
    assert len(three.mails()) == 3


@pytest.mark.parametrize(("ceiling", "status"), [("first", 0), ("every", 1)])
def test_a_second_run_is_held_up_where_every_run_is(three, ceiling, status):
    three.batch(TODAY, "--confirmed")
    three.update(options={"ceiling": ceiling, "ceiling_notices": 2})
    assert three.ask("batch", "--as-of", day(DUE, 12)).exit_code == status


@pytest.mark.parametrize(("amount", "status"), [("299.99", 1), ("300.00", 0)])
def test_an_amount_is_a_ceiling_too(three, amount, status):
    three.update(options={"ceiling": "first", "ceiling_notices": None, "ceiling_amount": amount})
    assert three.ask("batch", "--as-of", TODAY).exit_code == status


def test_a_run_below_the_ceiling_leaves_by_itself(world):
    world.options(ceiling="every", ceiling_notices=1)
    world.invoice()
    world.load()
    assert world.batch().outcome("FA-1") == 1


def test_what_another_tool_has_reminded_of_takes_its_level(three):
    three.invoice("FA-LATER", due=day(DUE, 1))
    three.load()
    three.ask("set-level", "--level", 1, "--date", day(DUE, 5), "--current", 0, "--due-to", DUE, "--open-only").done()
    assert [three.stored_level(number)[0] for number in ("FA-C001", "FA-C003", "FA-LATER")] == [1, 1, 0]
