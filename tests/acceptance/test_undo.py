"""Can the last import be taken back, as long as nothing was built on it, and not after?"""

from typing import Any

import pytest

from tests.acceptance.doors import Answer
from tests.acceptance.test_fec import JANUARY, LETTERED, OPENED_AND_PAID, TO_FEBRUARY, given
from tests.acceptance.world import World
from tests.cli.test_import_items import LIST, imported

CORRECTED = """
    VE 1 20260105 411000 C1 FA1 120 0
    VE 1 20260105 707000 .  FA1 0 120
    VE 3 20260131 411000 C2 FA3  80 0
    VE 3 20260131 707000 .  FA3  0 80
"""


@pytest.fixture
def books(world: World) -> World:
    """A company with an invoice of its own."""
    world.invoice("FA-0", "C9")
    world.load()
    return world


def held(books: World) -> dict[str, Any]:
    """All that the company holds; the history only grows."""
    return {key: value for key, value in books.dump().items() if key != "history"}


def undone(books: World, *flags: str) -> Answer:
    return books.relance("import", "undo", "--company", "ACME", *flags)


@pytest.mark.parametrize(
    "files",
    [[JANUARY], [JANUARY, TO_FEBRUARY], [TO_FEBRUARY, LETTERED], [JANUARY, CORRECTED], [LETTERED, OPENED_AND_PAID]],
    ids=["first", "month after", "lettered", "entries gone", "next year"],
)
def test_a_fec_undone_leaves_the_books_as_they_were(books, files):
    for content in files[:-1]:
        given(books, content)
    before = held(books)
    given(books, files[-1])
    assert held(books) != before
    undone(books).done()
    assert held(books) == before


CHANGED = LIST.replace("Martin", "Martel").replace("30,00", "10,00").replace("01/07/2026", "05/07/2026").replace("C2;", "C3;")


@pytest.mark.parametrize("lists", [[LIST], [LIST, CHANGED], [CHANGED, LIST]], ids=["first", "week after", "and back"])
def test_a_list_undone_leaves_the_books_as_they_were(books, lists):
    for day, text in enumerate(lists[:-1], 10):
        imported(books, text, f"2026-07-{day}").done()
    before = held(books)
    imported(books, lists[-1], "2026-07-20").done()
    assert held(books) != before
    undone(books).done()
    assert held(books) == before


def test_several_imports_are_undone_one_after_the_other(books):
    before = held(books)
    given(books, JANUARY)
    imported(books, LIST, "2026-07-10").done()
    given(books, TO_FEBRUARY)
    for _ in range(3):
        undone(books).done()
    assert held(books) == before
    undone(books).refused("there is no import to undo")


def test_the_history_tells_of_the_import_and_of_its_undoing(books):
    given(books, JANUARY)
    undone(books).done()
    told = [event["what"] for event in books.relance("history", "--company", "ACME", "--json").json["events"]]
    assert told[:2] == ["import_undone", "file_imported"]


def test_the_file_comes_again_after_an_undo_and_after_changed_terms(books):
    given(books, JANUARY)
    undone(books).done()
    books.options(payment_terms="60")
    books.load()
    given(books, JANUARY)
    assert books.stored("FA1")["due_date"] == "2026-03-06"
    books.options(payment_terms="30")
    books.load()
    given(books, JANUARY)
    assert books.stored("FA1")["due_date"] == "2026-02-04"


def test_an_undone_list_comes_again_with_another_mapping_and_day(books):
    imported(books, LIST, "2026-07-10").done()
    undone(books).done()
    imported(books, LIST, "2026-07-03", "--column", "open=Montant TTC").done()
    assert books.stored("FA-2")["amount"] == "80.00"


def test_the_same_file_is_not_applied_twice_and_says_so(books):
    given(books, JANUARY)
    before = books.rows()
    assert "this very file was applied on" in given(books, JANUARY).err
    assert books.rows() == before


def test_what_was_dunned_since_cannot_be_undone(books):
    imported(books, LIST, "2026-07-10").done()
    books.batch("2026-07-15")
    before = books.rows()
    undone(books).refused("impayes.csv cannot be undone: notice")
    undone(books, "--dry-run").refused("to C1 claims FA-1")
    assert books.rows() == before


def test_what_was_noted_on_a_new_invoice_since_cannot_be_undone(books):
    imported(books, LIST, "2026-07-10").done()
    books.relance("block", "--company", "ACME", "--document", "FA-2", "--kind", "manual").done()
    undone(books).refused("the history tells of FA-2 since: blocked")


def test_a_payment_allocated_since_cannot_be_undone(books):
    imported(books, LIST, "2026-07-10").done()
    books.payment("P1", "10.00", "2026-07-11", {"FA-2": "10.00"}, customer="C1")
    books.load()
    undone(books).refused("payment P1 is")


def test_what_was_noted_on_an_invoice_that_was_only_paid_stays(books):
    imported(books, LIST, "2026-07-10").done()
    imported(books, LIST.replace("30,00", "10,00"), "2026-07-17").done()
    books.relance("block", "--company", "ACME", "--document", "FA-2", "--kind", "manual").done()
    undone(books).done()
    assert books.stored_document("FA-2")["no_manual_dunning"]
    assert books.explain("FA-2", "2026-07-18")[0]["open"] == "30.00"


def test_a_contact_that_it_brought_and_somebody_changed_since_stays(books):
    path = books.folder / "contacts.csv"
    path.write_text("Code client;Nom du contact;E-mail\nC9;Anne Roy;roy@c9.example\n")
    books.relance("import", "contacts", path, "--company", "ACME").done()
    contact = {"name": "Anne Roy", "email_at_customer": "ray@c9.example"}
    books.update(customers=[{"code": "C9", "name": "Client C9", "contacts": [contact]}])
    undone(books).refused("contacts that it brought were changed since")
    assert [one["email_at_customer"] for one in books.stored_customer("C9")["contacts"]] == ["ray@c9.example"]


def test_only_the_last_import_is_undone(books):
    given(books, JANUARY)
    undone(books, "--dry-run", "--json").done()
    imported(books, LIST, "2026-07-10").done()
    assert undone(books, "--json").json["file"] == "impayes.csv"


def test_of_two_companies_only_the_one_named_goes_back(books):
    given(books, JANUARY)
    other = World(books.relance, books.folder, books.post)
    other.company(code="AUTRE")
    other.load()
    books.relance("import", "undo", "--company", "AUTRE").refused("there is no import to undo")
