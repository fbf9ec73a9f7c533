"""How does a person change levels by hand? Filters, settled items too, the customer left alone (section 9)."""

import json

import pytest

from tests.acceptance.world import TODAY

DAY = "2026-07-14"


def set_level(world, number, *flags, on=DAY):
    return world.ask("set-level", "--level", number, "--date", on, *flags)


@pytest.fixture
def books(world):
    """C001 and C002, both at level 2: four invoices at levels 0 to 2 and NA, dated a week apart, and one more of C002."""
    world.customer("C001", level=2, last_dunned_on="2026-07-01")
    world.customer("C002", level=2)
    for number, (own, date) in enumerate([(0, "2026-06-01"), (1, "2026-06-08"), (2, "2026-06-15"), ("NA", "2026-06-22")], 1):
        world.invoice(f"FA-{number}", date=date, due="2026-07-07", level=own, last_dunned_on="2026-07-01" if own in (1, 2) else None)
    world.invoice("FA-5", "C002", date="2026-06-15", due="2026-07-07")
    world.load()
    world.levels_before = levels(world)
    return world


def levels(world):
    return {document["number"]: document["due"][0]["level"] for document in world.dump()["documents"]}


def changed(world):
    return {number for number, own in levels(world).items() if own != world.levels_before[number]}


FILTERS = [
    # flags, the documents that get the new level
    pytest.param((), "FA-1 FA-2 FA-3 FA-4 FA-5", marks=pytest.mark.spec("A39"), id="everything"),
    pytest.param(("--current", "-1"), "FA-1 FA-2 FA-3 FA-4 FA-5", marks=pytest.mark.spec("A43"), id="current -1: any level"),
    pytest.param(("--current", "0"), "FA-1 FA-5", marks=pytest.mark.spec("A42"), id="current 0"),
    pytest.param(("--current", "1"), "FA-2", marks=pytest.mark.spec("A42"), id="current 1"),
    pytest.param(("--current", "NA"), "FA-4", marks=pytest.mark.spec("A42"), id="current NA"),
    pytest.param(("--customer", "C001"), "FA-1 FA-2 FA-3 FA-4", marks=pytest.mark.spec("A41"), id="customer"),
    pytest.param(("--from", "2026-06-08"), "FA-2 FA-3 FA-4 FA-5", marks=pytest.mark.spec("A46"), id="document date from"),
    pytest.param(("--to", "2026-06-08"), "FA-1 FA-2", marks=pytest.mark.spec("A46"), id="document date to"),
    pytest.param(("--from", "2026-06-08", "--to", "2026-06-15"), "FA-2 FA-3 FA-5", marks=pytest.mark.spec("A46"), id="document dates"),
    pytest.param(("--from", "2026-07-01"), "", marks=pytest.mark.spec("A46"), id="not the due dates"),
    pytest.param(("--document", "FA-2"), "FA-2", marks=pytest.mark.spec("A50"), id="one line"),
    pytest.param(("--document", "FA-2", "--document", "FA-5"), "FA-2 FA-5", marks=pytest.mark.spec("A50"), id="two lines"),
    pytest.param(("--customer", "C001", "--current", "0"), "FA-1", marks=pytest.mark.spec("A41", "A42"), id="filters add up"),
    pytest.param(("--customer", "C002", "--document", "FA-2"), "", id="filters that exclude each other"),
]


@pytest.mark.parametrize(("flags", "expected"), FILTERS)
def test_filters_choose_the_lines(books, flags, expected):
    answer = set_level(books, 4, *flags)
    if answer.exit_code == 0:
        assert {change["document"] for change in answer.json["changed"]} == set(expected.split())
    assert changed(books) == set(expected.split())


@pytest.mark.spec("A47", "A48", "A51")
@pytest.mark.parametrize(("flags", "expected"), FILTERS)
def test_the_lines_concerned_are_listed_before_anything_changes(books, flags, expected):
    before = books.rows()
    answer = set_level(books, 4, "--dry-run", *flags)
    if answer.exit_code == 0:
        assert [line["document"] for line in answer.json["lines"]] == expected.split()
    assert books.rows() == before


@pytest.mark.spec("A47")
def test_a_line_is_listed_as_it_stands_and_as_it_would_be(books):
    [line] = set_level(books, 4, "--dry-run", "--document", "FA-2").done().json["lines"]
    assert line == {
        "document": "FA-2",
        "no": 1,
        "level": 1,
        "last_dunned_on": "2026-07-01",
        "level_after": 4,
        "last_dunned_on_after": DAY,
    }


@pytest.mark.spec("A44", "A45")
def test_the_new_level_and_its_date_are_stored(books):
    set_level(books, 3, "--document", "FA-2").done()
    assert books.stored_level("FA-2") == (3, DAY)


@pytest.mark.spec("A44")
def test_a_level_may_be_lowered(books):
    set_level(books, 1, "--document", "FA-3").done()
    assert books.stored_level("FA-3") == (1, DAY)


@pytest.mark.spec("A44")
def test_level_0_clears_the_date(books):
    set_level(books, 0, "--document", "FA-3").done()
    assert books.stored_level("FA-3") == (0, None)


@pytest.mark.spec("A44")
def test_an_item_may_be_excluded_and_taken_back(books):
    set_level(books, "NA", "--document", "FA-1").done()
    assert books.rehearse(TODAY).outcome("FA-1") == "level_na"
    set_level(books, 0, "--document", "FA-1").done()
    assert books.rehearse(TODAY).outcome("FA-1") == 1


@pytest.mark.spec("A52")
@pytest.mark.parametrize("number", [0, 4, "NA"])
def test_the_customer_is_left_alone(books, number):
    before = books.dump()["customers"]
    set_level(books, number).done()
    assert books.dump()["customers"] == before


@pytest.mark.spec("A39")
def test_settled_items_may_be_changed_too(world):
    world.invoice("FA-1")
    world.payment("P1", "100.00", "2026-07-08", {"FA-1": "100.00"})
    world.load()
    set_level(world, 2).done()
    assert world.stored_level("FA-1") == (2, DAY)


def test_credits_are_never_given_a_level(world):
    world.invoice("FA-1")
    world.credit("AV-1")
    world.load()
    set_level(world, 2).done()
    assert (world.stored_level("FA-1"), world.stored_level("AV-1")) == ((2, DAY), (0, None))


def test_the_answer_tells_what_was_and_what_is(books):
    changes = set_level(books, 3, "--document", "FA-2").done().json["changed"]
    assert {(change["document"], change["no"]) for change in changes} == {("FA-2", 1)}
    assert {"document", "no", "what", "before", "after"} <= set(changes[0])
    assert (1, 3) in [(change["before"], change["after"]) for change in changes] or "1" in json.dumps(changes)


@pytest.mark.parametrize("number", ["10", "-2", "N3", ""])
def test_a_level_that_cannot_be_is_refused(books, number):
    assert set_level(books, number).exit_code in (1, 2)
    assert changed(books) == set()


def test_a_document_that_is_not_there_is_refused_and_nothing_changes(books):
    set_level(books, 3, "--document", "FA-2", "--document", "FA-99").refused("FA-99")
    assert changed(books) == set()


def test_a_customer_who_is_not_there_is_refused(books):
    set_level(books, 3, "--customer", "C999").refused("C999")
    assert changed(books) == set()


def test_a_change_by_hand_is_kept_in_the_history(books):
    before = len(books.history("--document", "FA-2")["events"])
    set_level(books, 3, "--document", "FA-2").done()
    assert len(books.history("--document", "FA-2")["events"]) > before


def test_the_new_level_decides_from_then_on(books):
    set_level(books, 2, "--document", "FA-1").done()
    assert books.rehearse(TODAY).outcome("FA-1") == "already_at_level"


def test_asking_for_what_already_is_changes_nothing(books):
    assert set_level(books, 2, "--document", "FA-3", on="2026-07-01").done().json == {"changed": []}
