"""Can what was issued be had again? The same bytes, from customer, document, run and history; a duplicate says so, and nothing happens."""

import io

import pikepdf
import pytest

from tests.acceptance.world import TODAY
from tests.letters.archivist import objections
from tests.letters.reading import pages, text


@pytest.fixture
def issued(world):
    """Two customers with a definitive letter each."""
    world.customer("C001", email="a@leblanc.example")
    for number, customer in (("FA-1", "C001"), ("FA-2", "C002")):
        world.invoice(number, customer)
    world.load()
    world.letters(1)
    return world


@pytest.mark.spec("A35")
@pytest.mark.parametrize("about", [("--customer", "C002"), ("--document", "FA-2")])
def test_a_letter_is_found_from_its_customer_or_document_and_had_again_byte_for_byte(issued, tmp_path, about):
    [notice] = issued.history(*about)["notices"]
    for name in ("one.pdf", "other.pdf"):
        issued.relance("reprint", notice["id"], "--out", tmp_path / name).done()
    letter = (tmp_path / "one.pdf").read_bytes()
    assert "FA-2" in text(letter)
    assert (tmp_path / "other.pdf").read_bytes() == letter
    assert objections(letter) == []


def test_the_letters_of_a_run_are_the_file_that_was_printed(issued, tmp_path):
    run = issued.history()["notices"][0]["run"]
    issued.relance("reprint", "--run", run, "--out", tmp_path / "again.pdf").done()
    assert (tmp_path / "again.pdf").read_bytes() == (tmp_path / "letters.pdf").read_bytes()


def test_what_has_changed_since_changes_nothing_on_a_letter_printed_again(issued, tmp_path):
    [notice] = issued.history("--customer", "C001")["notices"]
    issued.relance("reprint", notice["id"], "--out", tmp_path / "before.pdf").done()
    issued.company(name="Autre raison sociale", address=["9 rue Neuve", "33000 Bordeaux"])
    issued.payment("P1", "100.00", "2026-07-16", {"FA-1": "100.00"})
    issued.load()
    issued.relance("reprint", notice["id"], "--out", tmp_path / "after.pdf").done()
    assert (tmp_path / "after.pdf").read_bytes() == (tmp_path / "before.pdf").read_bytes()


@pytest.mark.parametrize("flags", [(), ("--duplicate",)])
def test_printing_again_is_no_event(issued, tmp_path, flags):
    before = issued.rows()
    notice, run = (issued.history()["notices"][0][key] for key in ("id", "run"))
    issued.relance("reprint", notice, "--out", tmp_path / "one.pdf", *flags).done()
    issued.relance("reprint", "--run", run, "--out", tmp_path / "all.pdf", *flags).done()
    assert issued.rows() == before


def test_a_duplicate_is_the_letter_with_a_mark_on_every_page(issued, tmp_path):
    [notice] = issued.history("--customer", "C001")["notices"]
    issued.relance("reprint", notice["id"], "--out", tmp_path / "letter.pdf").done()
    issued.relance("reprint", notice["id"], "--out", tmp_path / "duplicate.pdf", "--duplicate").done()
    letter, duplicate = ((tmp_path / name).read_bytes() for name in ("letter.pdf", "duplicate.pdf"))
    assert objections(duplicate) == []
    assert text(duplicate) == text(letter)
    with pikepdf.open(io.BytesIO(duplicate)) as pdf:
        assert ["/RelanceDuplicate" in page.resources["/XObject"] for page in pdf.pages] == [True]


def test_an_email_is_had_again_as_it_was_sent_and_is_not_marked(world, tmp_path):
    world.invoice("FA-1")
    world.load()
    notice = world.batch().notice()
    [sent] = world.post.rglob("*.eml")
    world.relance("reprint", notice["id"], "--out", tmp_path / "again.eml").done()
    assert (tmp_path / "again.eml").read_bytes() == sent.read_bytes()
    world.relance("reprint", notice["id"], "--out", tmp_path / "copy.eml", "--duplicate").refused("cannot be marked")
    assert not (tmp_path / "copy.eml").exists()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((4711, "--out", "x.pdf"), "there is no notice 4711"),
        (("--run", 4711, "--out", "x.pdf"), "there is no run 4711"),
        (("FIRST", "--out", "x.eml"), "cannot be written as x.eml"),
        (("FIRST", "--out", "nowhere/x.pdf"), "cannot be written"),
    ],
)
def test_what_cannot_be_printed_again_is_refused_and_leaves_no_file(issued, tmp_path, monkeypatch, asked, told):
    first = issued.history()["notices"][0]["id"]
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    issued.relance("reprint", *(first if one == "FIRST" else one for one in asked)).refused(told)
    assert sorted(tmp_path.iterdir()) == before


def test_a_letter_that_was_not_issued_is_not_printed_again(world, tmp_path):
    from tests.acceptance.world import level

    world.levels(level(1, -5, 10, channel="letter"))
    world.invoice("FA-1")
    world.load()
    waiting = world.batch().notice()
    world.relance("reprint", waiting["id"], "--out", tmp_path / "x.pdf").refused("was not issued: it is queued")


@pytest.mark.spec("A16")
def test_every_page_of_a_provisional_letter_says_that_it_is_one(world, tmp_path):
    for number in range(70):
        world.invoice(f"FA-{number:02}")
    world.load()
    world.edition(1, TODAY, "--out", tmp_path / "draft.pdf")
    draft = (tmp_path / "draft.pdf").read_bytes()
    assert pages(draft) > 1
    assert [number for number in range(1, pages(draft) + 1) if "PROVISOIRE" not in text(draft, number)] == []
