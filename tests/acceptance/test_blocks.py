"""How is an invoice kept out, for good or for one run only? Blocks, and when the temporary one is lifted (section 7)."""

import pytest

from tests.acceptance.world import TODAY

FLAGS = {"automatic": "no_auto_dunning", "manual": "no_manual_dunning", "temporary": "no_dunning_temporary"}


def flags_of(world, number="FA-1"):
    held = world.stored_document(number)
    return {kind for kind, flag in FLAGS.items() if held[flag]}


@pytest.mark.spec("K19", "K20", "K21", "K61", "K62", "K63", "K66")
@pytest.mark.parametrize("kind", FLAGS)
def test_a_block_is_set_and_lifted_by_its_own_command(world, kind):
    world.invoice("FA-1")
    world.load()
    changed = world.ask("block", "--document", "FA-1", "--kind", kind).done().json["changed"]
    assert [change["document"] for change in changed] == ["FA-1"]
    assert flags_of(world) == {kind}
    world.ask("unblock", "--document", "FA-1", "--kind", kind).done()
    assert flags_of(world) == set()


@pytest.mark.spec("K65")
@pytest.mark.parametrize("kind", FLAGS)
def test_a_block_keeps_its_comment(world, kind):
    world.invoice("FA-1")
    world.load()
    world.ask("block", "--document", "FA-1", "--kind", kind, "--comment", "Avoir promis").done()
    assert world.stored_document("FA-1")["block_comment"] == "Avoir promis"


@pytest.mark.parametrize(
    ("kind", "automatic", "edition"),
    [("automatic", "blocked", 1), ("manual", 1, "blocked"), ("temporary", "blocked_temporarily", "blocked_temporarily")],
)
def test_a_block_acts_on_its_own_mode(world, kind, automatic, edition):
    world.invoice("FA-1")
    world.load()
    world.ask("block", "--document", "FA-1", "--kind", kind).done()
    assert (world.rehearse().outcome("FA-1"), world.edition().outcome("FA-1")) == (automatic, edition)


@pytest.mark.parametrize("command", ["block", "unblock"])
def test_nothing_changes_where_nothing_is_to_change(world, command):
    world.invoice("FA-1", no_auto_dunning=command == "block")
    world.load()
    assert world.ask(command, "--document", "FA-1", "--kind", "automatic").done().json == {"changed": []}


@pytest.mark.parametrize("command", ["block", "unblock"])
def test_blocking_what_is_not_there_is_refused(world, command):
    world.invoice("FA-1")
    world.load()
    world.ask(command, "--document", "FA-9", "--kind", "manual").refused("FA-9")


@pytest.mark.parametrize("command", ["block", "unblock"])
def test_a_kind_of_block_that_does_not_exist_is_wrong_usage(world, command):
    world.invoice("FA-1")
    world.load()
    world.ask(command, "--document", "FA-1", "--kind", "forever").misused()


def test_a_block_is_told_in_the_history(world):
    world.invoice("FA-1")
    world.load()
    before = len(world.history("--document", "FA-1")["events"])
    world.ask("block", "--document", "FA-1", "--kind", "manual", "--comment", "Avoir promis").done()
    events = world.history("--document", "FA-1")["events"]
    assert len(events) > before
    assert events[0]["document"] == "FA-1"


# -- the temporary block is lifted after the next automatic run that really sends


@pytest.mark.spec("K64")
def test_a_temporary_block_skips_one_run_and_is_lifted_after_it(world):
    world.invoice("FA-1", no_dunning_temporary=True)
    world.load()
    assert world.batch(TODAY).outcome("FA-1") == "blocked_temporarily"
    assert flags_of(world) == set()
    assert world.batch(TODAY).outcome("FA-1") == 1


@pytest.mark.spec("K64")
def test_a_simulation_lifts_no_temporary_block(world):
    world.invoice("FA-1", no_dunning_temporary=True)
    world.load()
    world.rehearse()
    assert flags_of(world) == {"temporary"}


@pytest.mark.spec("K64")
def test_an_edition_lifts_no_temporary_block(world):
    world.invoice("FA-1", no_dunning_temporary=True)
    world.invoice("FA-2")
    world.load()
    assert world.letters().outcome("FA-2") == 1
    assert flags_of(world) == {"temporary"}


LIFTED_TOO = [
    pytest.param({"due": "2026-12-31", "date": "2026-07-01"}, {}, id="not due for dunning"),
    pytest.param({"level": 3}, {}, id="already at its level"),
    pytest.param({"payment_method": "PRLV"}, {}, id="direct debit"),
    pytest.param({}, {"auto_dunning": False}, id="customer without automatic dunning"),
    pytest.param({}, {"dunning_enabled": False}, id="customer never dunned"),
]


@pytest.mark.spec("K64")
@pytest.mark.parametrize(("invoice", "customer"), LIFTED_TOO)
def test_a_temporary_block_is_lifted_whether_the_document_was_due_or_not(world, invoice, customer):
    world.customer("C001", **customer)
    world.invoice("FA-1", no_dunning_temporary=True, **invoice)
    world.load()
    world.batch(TODAY)
    assert flags_of(world) == set()


@pytest.mark.spec("K64")
def test_a_run_of_another_company_lifts_nothing_here(world):
    world.company(code="AUTRE", name="Autre SARL")
    world.load()
    world.company(code="ACME", name="Acme SAS")
    world.invoice("FA-1", no_dunning_temporary=True)
    world.load()
    world.relance("batch", "--company", "AUTRE", "--as-of", TODAY, "--json").done()
    assert flags_of(world) == {"temporary"}


def test_the_lasting_blocks_stay_after_a_run(world):
    world.invoice("FA-1", no_dunning_temporary=True, no_auto_dunning=True, no_manual_dunning=True)
    world.load()
    world.batch(TODAY)
    assert flags_of(world) == {"automatic", "manual"}
