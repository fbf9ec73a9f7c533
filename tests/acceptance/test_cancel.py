"""Can a notice be taken back? What it gave is taken away again, and the history keeps it (section 7)."""

import pytest

from tests.acceptance.world import TODAY


def cancel(world, *what):
    return world.relance("cancel", *what, "--reason", "Envoyé par erreur", "--json")


@pytest.fixture
def dunned(world):
    """FA-1 and FA-2 of two customers, dunned by one run of 15 July; FA-1 was at level 1 with a story of its own."""
    world.options(expected_payment_delay_days=10)
    world.customer("C001", level=1, last_dunned_on="2026-07-03")
    world.invoice("FA-1", due="2026-07-01", level=1, last_dunned_on="2026-07-03", comment="Appelé le 5", expected_on="2026-07-12")
    world.invoice("FA-2", "C002", due="2026-07-07")
    world.load()
    world.before = world.dump()
    world.run = world.batch(TODAY)
    return world


def story(world, number):
    held = world.stored(number)
    return [held[key] for key in ("level", "last_dunned_on", "comment", "expected_on")]


def test_a_notice_cancelled_gives_back_level_date_comment_and_expected_date(dunned):
    assert story(dunned, "FA-1") == [2, TODAY, "Relancé automatiquement par mail le 15/07/2026", "2026-07-25"]
    changed = cancel(dunned, dunned.run.notice("FA-1")["id"]).done().json["changed"]
    assert {change["document"] for change in changed if change["document"]} == {"FA-1"}
    assert story(dunned, "FA-1") == [1, "2026-07-03", "Appelé le 5", "2026-07-12"]
    assert story(dunned, "FA-2")[0] == 1


def test_a_notice_cancelled_gives_the_customer_back_its_level(dunned):
    assert dunned.stored_customer("C001")["level"] == 2
    cancel(dunned, dunned.run.notice("FA-1")["id"]).done()
    held = dunned.stored_customer("C001")
    assert (held["level"], held["last_dunned_on"]) == (1, "2026-07-03")


def test_a_whole_run_can_be_cancelled(dunned):
    cancel(dunned, "--run", dunned.run.id).done()
    assert [story(dunned, number)[:2] for number in ("FA-1", "FA-2")] == [[1, "2026-07-03"], [0, None]]
    after = dunned.dump()
    assert (after["documents"], after["customers"]) == (dunned.before["documents"], dunned.before["customers"])


@pytest.mark.spec("A15")
def test_a_whole_run_cancelled_gives_a_customer_of_several_notices_back_its_level(world):
    world.invoice("FA-1", due="2026-07-01")
    world.invoice("FA-2", due="2026-07-07")
    world.load()
    run = world.batch(TODAY)
    assert [notice["level"] for notice in run.notices] == [1, 2]
    cancel(world, "--run", run.id).done()
    customer = world.stored_customer("C001")
    assert (customer["level"], customer["last_dunned_on"]) == (0, None)


def test_a_letter_can_be_cancelled(world):
    world.invoice("FA-1")
    world.load()
    before = world.dump()
    run = world.letters(1, TODAY)
    cancel(world, run.notice()["id"]).done()
    after = world.dump()
    assert (after["documents"], after["customers"]) == (before["documents"], before["customers"])


def test_a_cancelled_notice_stays_in_the_history_as_cancelled(dunned):
    cancelled = dunned.run.notice("FA-1")["id"]
    cancel(dunned, cancelled).done()
    assert {notice["id"]: notice["status"] for notice in dunned.history()["notices"]}[cancelled] == "cancelled"
    assert "Envoyé par erreur" in str(dunned.history()["events"])


def test_what_was_cancelled_can_be_dunned_again(dunned):
    cancel(dunned, "--run", dunned.run.id).done()
    again = dunned.batch(TODAY)
    assert (again.outcome("FA-1"), again.outcome("FA-2")) == (2, 1)


def test_an_item_that_has_moved_on_stays_where_it_is(dunned):
    dunned.ask("set-level", "--level", 3, "--date", "2026-07-16", "--document", "FA-1").done()
    cancel(dunned, dunned.run.notice("FA-1")["id"]).done()
    assert dunned.stored_level("FA-1") == (3, "2026-07-16")


def test_a_notice_followed_by_a_later_one_takes_nothing_back(dunned):
    later = dunned.batch("2026-08-10")
    assert later.outcome("FA-1") == 3
    cancel(dunned, dunned.run.notice("FA-1")["id"]).done()
    assert dunned.stored_level("FA-1") == (3, "2026-08-10")


def test_the_customer_keeps_the_level_a_later_notice_gave(dunned):
    dunned.batch("2026-08-10")
    cancel(dunned, "--run", dunned.run.id).done()
    held = dunned.stored_customer("C001")
    assert (held["level"], held["last_dunned_on"]) == (3, "2026-08-10")


@pytest.mark.parametrize("what", [["999999"], ["--run", "999999"]])
def test_what_does_not_exist_cannot_be_cancelled(dunned, what):
    before = dunned.rows()
    cancel(dunned, *what).refused("999999")
    assert dunned.rows() == before


def test_a_notice_cannot_be_cancelled_twice(dunned):
    notice = dunned.run.notice("FA-1")["id"]
    cancel(dunned, notice).done()
    before = dunned.rows()
    cancel(dunned, notice).refused()
    assert dunned.rows() == before


def test_cancelling_asks_for_a_reason(dunned):
    before = dunned.rows()
    dunned.relance("cancel", dunned.run.notice("FA-1")["id"], "--json").misused()
    assert dunned.rows() == before


def test_cancelling_asks_for_what(dunned):
    before = dunned.rows()
    assert dunned.relance("cancel", "--reason", "Erreur", "--json").exit_code in (1, 2)
    assert dunned.rows() == before
