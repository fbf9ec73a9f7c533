"""Does a dump hold the whole company? Into an empty product and out again, word for word, history included."""

import json

import pytest

from tests.acceptance.doors import Program
from tests.acceptance.test_load import everything
from tests.acceptance.world import TODAY, World
from tests.dossier.lives import emptied


def lived_in(world):
    """A company that has been through a run, an edition, a block, a change by hand, a cancellation, and has a notice on its way."""
    everything(world)
    world.invoice("FA-8", "C002", no_dunning_temporary=True)
    world.invoice("FA-9", "C003")
    world.load()
    run = world.batch(TODAY)
    world.relance("cancel", run.notice("FA-9")["id"], "--reason", "Erreur", "--json").done()
    world.letters(1, "2026-07-16")
    world.ask("block", "--document", "FA-2", "--kind", "manual", "--comment", "Avoir promis").done()
    world.ask("set-level", "--level", 3, "--date", "2026-07-16", "--document", "FA-8").done()
    world.invoice("FA-10", "C004")
    world.load()
    assert world.batch("2026-07-16", "--no-wait").notice("FA-10")["status"] == "queued"


def carried_over(world):
    """Take the company into a product that holds nothing."""
    held = world.dump()
    emptied()
    world.try_load(held).done()


@pytest.mark.proof
def test_another_product_takes_a_dump_in(real_world, tmp_path):
    twin = World(Program.installed(tmp_path / "twins_home"), tmp_path, tmp_path / "twins_home")
    lived_in(real_world)
    held = real_world.dump()
    twin.try_load(held).done()
    assert twin.dump() == held
    assert twin.history() == real_world.history()


def test_dump_load_dump_is_identical_in_an_empty_product(world):
    lived_in(world)
    held, told = world.dump(), world.history()
    carried_over(world)
    assert world.dump() == held
    assert numberless(world.history()) == numberless(told)


def numberless(told):
    """A history without the identifiers that a database gives."""
    return {noun: [{key: value for key, value in one.items() if key not in ("id", "run", "notice")} for one in told[noun]] for noun in told}


def test_a_restored_company_decides_as_the_first_one(world):
    lived_in(world)
    here = world.rehearse("2026-08-20").json
    carried_over(world)
    there = world.rehearse("2026-08-20").json
    assert here["left_out"] == there["left_out"]
    assert [notice["lines"] for notice in here["notices"]] == [notice["lines"] for notice in there["notices"]]


@pytest.mark.parametrize(
    "options", [{"progression": "stepwise"}, {"progression": "stepwise", "min_days_between": 0}], ids=["unsaid", "0 said"]
)
def test_what_was_left_unsaid_stays_unsaid(world, options):
    world.options(**options)
    world.invoice("FA-1", level=1, last_dunned_on="2026-07-20")
    world.load()
    carried_over(world)
    assert world.rehearse("2026-07-21").outcome("FA-1") == (2 if "min_days_between" in options else "too_soon")


def test_a_notice_on_its_way_is_sent_once_by_the_restored_company(world):
    world.invoice("FA-1")
    world.load()
    world.batch(TODAY, "--no-wait")
    carried_over(world)
    assert world.rehearse(TODAY).outcome("FA-1") == "in_flight"
    world.batch(TODAY)
    assert world.stored_level("FA-1") == (1, TODAY)
    assert len(world.mails()) == 1


def test_a_dump_is_a_dossier(world):
    everything(world)
    world.load()
    held = world.dump()
    assert held["format"] == "relance/1"
    assert {document["number"] for document in held["documents"]} == {"FA-1", "FA-2", "FF-1", "AV-1"}
    assert "history" in held


def test_a_dump_is_one_json_document_and_nothing_else(world):
    world.load()
    assert json.loads(world.relance("dump", "--company", "ACME").done().out)["company"]["code"] == "ACME"


def test_a_company_that_is_not_there_cannot_be_dumped(relance):
    relance("dump", "--company", "NOBODY").refused("NOBODY")


def test_accents_and_signs_survive(world):
    world.customer("C001", name="Château l’Évangile & Cie <SARL> – 東京 😀")
    world.load()
    assert world.stored_customer("C001")["name"] == "Château l’Évangile & Cie <SARL> – 東京 😀"
