"""Does what is done for one company leave the others alone? Two companies with the same codes stand in one database."""

import pytest

from tests.acceptance.world import TODAY, World


@pytest.fixture
def other(world, tmp_path, post) -> World:
    """A second company whose customers and documents have the codes of the first's."""
    folder = tmp_path / "other"
    folder.mkdir()
    second = World(world.relance, folder, post)
    second.company(code="AUTRE", name="Autre SARL", sender_email="compta@autre.example")
    for company in (world, second):
        company.invoice("FA-1")
        company.load()
    return second


def held(world: World, company: str) -> dict:
    """A company as stored."""
    return world.relance("dump", "--company", company).done().json


@pytest.mark.spec("A7")
def test_an_edition_is_made_for_one_company_and_touches_no_other(world, other):
    before = held(world, "AUTRE")
    assert [notice["customer"] for notice in world.letters(1, TODAY).notices] == ["C001"]
    assert world.stored_level() == (1, TODAY)
    assert held(world, "AUTRE") == before


def test_a_batch_writes_in_the_name_of_its_company_alone(world, other):
    before = held(world, "AUTRE")
    world.batch(TODAY)
    assert [message["From"] for message in world.mails()] == ["Acme SAS <compta@acme.example>"]
    assert held(world, "AUTRE") == before


def test_a_level_set_by_hand_is_set_in_one_company(world, other):
    before = held(world, "AUTRE")
    world.ask("set-level", "--level", 2, "--date", TODAY, "--document", "FA-1").done()
    assert world.stored_level() == (2, TODAY)
    assert held(world, "AUTRE") == before
