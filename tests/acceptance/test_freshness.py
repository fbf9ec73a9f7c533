"""Does nothing leave unattended on figures that are too old, or to those whose payment only waits to be matched?"""

import pytest
from django.utils import timezone

from tests.acceptance.world import day


@pytest.fixture
def today() -> str:
    """The age of figures is counted from the day on which they were brought in."""
    return timezone.localdate().isoformat()


@pytest.fixture
def aging(world, today):
    """A company whose documents and payments may be three days old."""
    world.options(max_ledger_age_days=3, max_bank_age_days=3)
    world.invoice("FA-1", due=day(today, -3))
    world.load()
    return world


def test_an_automatic_run_on_figures_that_are_fresh_enough_goes_ahead(aging, today):
    assert aging.batch(day(today, 3)).outcome("FA-1") == 1


@pytest.mark.parametrize(("option", "told"), [("max_bank_age_days", "documents"), ("max_ledger_age_days", "payments")])
def test_an_automatic_run_on_old_figures_is_refused_and_stores_nothing(aging, today, option, told):
    aging.update(options={option: None})
    before = aging.rows()
    aging.ask("batch", "--as-of", day(today, 4)).refused(f"the {told} of ACME were last brought in on {today}", "3 days old at most")
    assert aging.rows() == before
    assert aging.mails() == []


def test_a_simulation_and_an_edition_by_hand_are_not_refused_for_their_age(aging, today):
    assert aging.rehearse(day(today, 4)).outcome("FA-1") == 1
    assert aging.edition(1, day(today, 4)).outcome("FA-1") == 1


def test_a_load_without_documents_does_not_make_them_fresh(world, today):
    world.options(max_ledger_age_days=3)
    for noun in ("documents", "payments"):
        world.dossier.pop(noun)
    world.load()
    world.ask("batch", "--as-of", today).refused("nobody knows how old the documents of ACME are")


def test_a_restored_company_is_as_old_as_nobody_knows(aging, today, relance):
    from tests.dossier.lives import emptied

    held = aging.dump()
    emptied()
    aging.try_load(held).done()
    assert aging.dump() == held
    aging.ask("batch", "--as-of", today).refused("nobody knows how old")


def test_a_payment_not_matched_yet_holds_what_it_may_settle_until_it_is_matched(world):
    world.options(hold_unmatched_payments=True)
    world.invoice("FA-1", amount="100.00")
    world.invoice("FA-2", amount="300.00")
    world.payment("P1", "120.00", "2026-07-10")
    world.load()
    run = world.rehearse()
    assert (run.outcome("FA-1"), run.outcome("FA-2")) == ("payment_to_match", 1)
    assert world.explain("FA-1")[0]["next"] is None
    world.update(
        payments=[{"reference": "P1", "customer": "C001", "date": "2026-07-10", "amount": "120.00",
                   "allocations": [{"document": "FA-2", "no": 1, "amount": "120.00"}]}]
    )  # fmt: skip
    assert world.rehearse().outcome("FA-1") == 1
