"""What does a letter edition leave behind? Nothing, unless it is definitive and its document was produced (section 8)."""

import csv
import io
import zipfile

import pikepdf
import pytest

from tests.acceptance.world import TODAY, site

PROVISIONAL = [
    pytest.param((), None, id="nothing said"),
    pytest.param(("--out",), "letters.pdf", id="provisional letters"),
    pytest.param(("--control-list",), None, id="control list on screen"),
    pytest.param(("--control-list", "--out"), "list.pdf", id="control list as PDF"),
    pytest.param(("--control-list", "--out"), "list.xlsx", id="control list as XLSX"),
    pytest.param(("--control-list", "--out"), "list.csv", id="control list as CSV"),
]


def drawn(path):
    """What the pages of a PDF draw, whatever its metadata say."""
    with pikepdf.open(path) as pdf:
        return [page.Contents.read_bytes() for page in pdf.pages]


@pytest.fixture
def edited(world):
    """A customer at level 1 with one invoice at level 1, last dunned on 1 July."""
    world.customer("C001", name="Maison Leblanc", level=1, last_dunned_on="2026-07-01")
    world.invoice("FA-1", level=1, last_dunned_on="2026-07-01", comment="Appelé le 3 juillet", amount="1234.50")
    world.load()
    return world


@pytest.mark.spec("A10", "A13", "A14", "A16", "A17")
@pytest.mark.parametrize(("flags", "name"), PROVISIONAL)
def test_what_is_not_definitive_stores_nothing(edited, tmp_path, flags, name):
    before = edited.rows()
    out = (tmp_path / name,) if name else ()
    run = edited.edition(2, TODAY, *flags, *out)
    assert (run.outcome("FA-1"), run.issued, run.notice()["status"]) == (2, False, "proposed")
    assert edited.rows() == before
    if name:
        assert out[0].stat().st_size > 0


@pytest.mark.spec("A4", "A11", "A12", "A15", "A34")
def test_a_definitive_edition_stores_level_and_date_on_documents_and_customers(edited):
    run = edited.letters(2, TODAY)
    assert (run.issued, run.notice()["status"], run.notice()["channel"]) == (True, "printed", "letter")
    assert edited.stored_level("FA-1") == (2, TODAY)
    held = edited.stored_customer("C001")
    assert (held["level"], held["last_dunned_on"]) == (2, TODAY)


@pytest.mark.spec("A5", "A17")
def test_a_definitive_edition_comments_each_due_item_in_french(edited):
    edited.letters(2, TODAY)
    assert edited.stored("FA-1")["comment"] == "Relancé par courrier le 15/07/2026"


def test_a_definitive_edition_writes_one_pdf_with_every_letter(world, tmp_path):
    for number in range(3):
        world.invoice(f"FA-{number}", f"C{number}")
    world.load()
    world.letters(1, TODAY)
    out = tmp_path / "letters.pdf"
    assert out.read_bytes().startswith(b"%PDF")
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 3


def test_provisional_letters_are_marked_and_so_differ_from_the_definitive_ones(edited, tmp_path):
    edited.edition(2, TODAY, "--out", tmp_path / "draft.pdf")
    edited.letters(2, TODAY)
    assert (tmp_path / "draft.pdf").read_bytes().startswith(b"%PDF")
    assert drawn(tmp_path / "draft.pdf") != drawn(tmp_path / "letters.pdf")


@pytest.mark.spec("A32")
def test_the_control_list_as_csv_shows_last_level_and_last_date(edited, tmp_path):
    edited.edition(2, TODAY, "--control-list", "--out", tmp_path / "list.csv")
    text = (tmp_path / "list.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), csv.Sniffer().sniff(text.splitlines()[0], ";,\t")))
    [line] = [row for row in rows if "FA-1" in row]
    assert "1" in line
    assert {"2026-07-01", "01/07/2026"} & set(line)


@pytest.mark.spec("A10", "A32")
def test_the_control_list_as_spreadsheet_holds_the_documents(edited, tmp_path):
    edited.edition(2, TODAY, "--control-list", "--out", tmp_path / "list.xlsx")
    with zipfile.ZipFile(tmp_path / "list.xlsx") as book:
        content = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "FA-1" in content
    assert "Maison Leblanc" in content


def test_the_control_list_as_pdf_is_one(edited, tmp_path):
    edited.edition(2, TODAY, "--control-list", "--out", tmp_path / "list.pdf")
    assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF")


def test_a_control_list_cannot_be_definitive(edited, tmp_path):
    before = edited.rows()
    flags = ("--control-list", "--definitive", "--out", tmp_path / "x.pdf")
    assert edited.ask("edition", "--as-of", TODAY, "--level", 2, *flags).exit_code in (1, 2)
    assert edited.rows() == before


@pytest.mark.spec("A17")
def test_an_edition_whose_document_cannot_be_written_is_not_definitive(edited, tmp_path):
    before = edited.rows()
    edited.ask("edition", "--as-of", TODAY, "--level", 2, "--definitive", "--out", tmp_path / "no" / "folder" / "x.pdf").refused()
    assert edited.rows() == before


def test_an_unknown_kind_of_file_is_refused(edited, tmp_path):
    before = edited.rows()
    assert edited.ask("edition", "--as-of", TODAY, "--level", 2, "--definitive", "--out", tmp_path / "x.docm").exit_code in (1, 2)
    assert edited.rows() == before


def test_the_same_edition_asked_twice_issues_once(edited):
    first, second = edited.letters(2, TODAY), edited.letters(2, TODAY)
    assert (first.outcome("FA-1"), second.outcome("FA-1")) == (2, "not_selected")
    assert [notice["id"] for notice in edited.history()["notices"]] == [first.notice()["id"]]


@pytest.mark.spec("A21", "A15")
def test_a_repeat_moves_the_date_and_keeps_the_level(edited):
    edited.letters(2, "2026-07-15")
    edited.letters(2, "2026-07-25", "--scope", "this_level")
    assert edited.stored_level("FA-1") == (2, "2026-07-25")


def test_two_editions_follow_each_other(world):
    world.invoice("FA-1")
    world.load()
    outcomes = [world.letters(number, as_of).outcome("FA-1") for number, as_of in ((1, "2026-07-15"), (2, "2026-07-25"), (3, "2026-08-05"))]
    assert outcomes == [1, 2, 3]
    assert world.stored_customer("C001")["level"] == 3


def test_only_what_the_letters_claim_changes(world):
    world.invoice("FA-1")
    world.invoice("FA-2", payment_method="PRLV")
    world.invoice("FA-3", due="2026-09-01", date="2026-06-01")
    world.customer("C002", level=5)
    world.invoice("FA-4", "C002")
    world.load()
    world.letters(1, TODAY)
    assert [world.stored_level(number) for number in ("FA-1", "FA-2", "FA-3", "FA-4")] == [(1, TODAY), (0, None), (0, None), (0, None)]


def test_an_edition_sends_no_mail(edited):
    edited.letters(2, TODAY)
    assert not edited.mails()


def test_an_edition_nobody_is_in_issues_nothing_and_succeeds(world):
    world.invoice("FA-1", payment_method="PRLV")
    world.load()
    run = world.edition(1, TODAY)
    assert (run.notices, run.outcome("FA-1")) == ([], "payment_method")


@pytest.mark.spec("A26")
def test_letters_may_show_subtotals_by_due_date(world, tmp_path):
    world.invoice("FA-1", due="2026-07-01", amount="11.00")
    world.invoice("FA-2", due="2026-07-01", amount="22.00")
    world.invoice("FA-3", due="2026-07-02", amount="44.00")
    world.load()
    world.edition(1, TODAY, "--out", tmp_path / "plain.pdf")
    world.edition(1, TODAY, "--subtotals", "--out", tmp_path / "subtotals.pdf")
    assert drawn(tmp_path / "plain.pdf") != drawn(tmp_path / "subtotals.pdf")


@pytest.mark.spec("A35")
def test_the_history_keeps_every_letter(edited):
    run = edited.letters(2, TODAY)
    [notice] = edited.history("--customer", "C001")["notices"]
    assert (notice["id"], notice["run"], notice["as_of"], notice["status"]) == (run.notice()["id"], run.id, TODAY, "printed")


def test_an_edition_answers_as_a_batch_does(world):
    world.customer("C001", sites=[site("S1", "s1@clients.example")])
    world.invoice("FA-1", due="2026-07-07", amount="70.00")
    world.load()
    answer = world.edition(1, "2026-07-18").json
    assert (answer["company"], answer["as_of"], answer["kind"], answer["issued"]) == ("ACME", "2026-07-18", "edition", False)
    [line] = answer["notices"][0]["lines"]
    assert line == {
        "document": "FA-1",
        "due_date": "2026-07-07",
        "open": "70.00",
        "currency": "EUR",
        "days_overdue": 11,
        "level_before": 0,
        "level_after": 1,
    }
