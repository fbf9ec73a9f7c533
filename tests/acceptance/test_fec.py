"""Is an accounting export (FEC) taken over, month after month and year after year, each debt once and each level kept?"""

from pathlib import Path

import pytest

from tests.acceptance.doors import Answer
from tests.acceptance.world import World
from tests.importers.ledgers import DATA, rows, written

JANUARY = """
    VE 1 20260105 411000 C1 FA1 120 0
    VE 1 20260105 707000 .  FA1 0 120
    VE 2 20260112 411000 C1 FA2  80 0
    VE 2 20260112 707000 .  FA2  0 80
"""
PAID_IN_FEBRUARY = """
    BQ 1 20260210 411000 C1 VIR1 0 120
    BQ 1 20260210 512000 .  VIR1 120 0
"""
TO_FEBRUARY = f"{JANUARY}{PAID_IN_FEBRUARY}"
LETTERED = """
    VE 1 20260105 411000 C1 FA1 120 0 A 20260228
    VE 1 20260105 707000 .  FA1 0 120
    VE 2 20260112 411000 C1 FA2  80 0
    VE 2 20260112 707000 .  FA2  0 80
    BQ 1 20260210 411000 C1 VIR1 0 120 A 20260228
    BQ 1 20260210 512000 .  VIR1 120 0
"""
LAST_YEAR = """
    VE 1 20251103 411000 C1 FA1 120 0
    VE 1 20251103 707000 .  FA1 0 120
    VE 2 20251205 411000 C1 FA2  80 0
    VE 2 20251205 707000 .  FA2  0 80
"""
OPENED = """
    AN 1 20260101 411000 C1 RAN 200 0 B
    VE 1 20260115 411000 C1 FA3  70 0
    VE 1 20260115 707000 .  FA3  0 70
"""
OPENED_AND_PAID = f"{OPENED}\n    BQ 1 20260302 411000 C1 VIR9 0 200 B\n    BQ 1 20260302 512000 . VIR9 200 0"


@pytest.fixture
def books(world: World) -> World:
    """A company that has mailed nobody yet."""
    world.load()
    return world


def offered(books: World, content: str | bytes, name: str = "fec.txt") -> Answer:
    """The answer to one file, of a table or of these bytes."""
    path = books.folder / name
    path.write_bytes(content if isinstance(content, bytes) else written(rows(content)))
    return books.relance("import", "fec", path, "--company", "ACME", "--json")


def given(books: World, content: str | bytes, name: str = "fec.txt") -> Answer:
    """The same of a file that is taken."""
    return offered(books, content, name).done()


def counted(answer: Answer, noun: str = "documents") -> dict[str, int]:
    counts: dict[str, int] = answer.json["files"][0]["counts"][noun]
    return counts


def proposed(answer: Answer) -> list[str]:
    """What payments may be for: customer, payment, invoice and amount, why and how surely."""
    found = answer.json["files"][0]["proposals"]
    parts = [(one, part) for one in found for part in one["parts"]]
    return [" ".join([one["customer"], one["payment"], *part.values(), one["reason"], one["confidence"]]) for one, part in parts]


def still_open(books: World, as_of: str = "2026-12-31") -> dict[str, str]:
    """What is open, by document or payment."""
    accounts = books.aged(as_of)["accounts"]
    return {operation["document"]: operation["amount"] for account in accounts for operation in account["operations"]}


def test_next_months_file_repeats_what_is_known_and_adds_what_is_new(books):
    given(books, JANUARY)
    answer = given(books, TO_FEBRUARY)
    assert counted(answer) == {"same": 2}
    assert counted(answer, "payments") == {"created": 1}
    assert still_open(books) == {"FA1": "120.00", "FA2": "80.00", "C1 VIR1": "-120.00"}


def test_a_level_stays_when_next_months_file_comes(books):
    given(books, JANUARY)
    books.ask("set-level", "--level", 2, "--date", "2026-02-01", "--document", "FA2").done()
    given(books, TO_FEBRUARY)
    assert books.stored_level("FA2") == (2, "2026-02-01")


def test_a_letter_that_comes_a_month_later_settles(books):
    given(books, TO_FEBRUARY)
    assert counted(given(books, LETTERED)) == {"same": 2}
    assert still_open(books) == {"FA2": "80.00"}


def test_a_payment_without_a_letter_is_proposed_of_a_new_customer_as_of_a_known_one(books):
    told = ["C1 C1 VIR1 FA1 120.00 same_amount high"]
    assert proposed(given(books, TO_FEBRUARY)) == told
    news = TO_FEBRUARY + TO_FEBRUARY.replace("C1", "C2").replace("FA2", "FA702").replace("VIR1", "VIR-FA702")
    told.append("C2 C2 VIR-FA702 FA702 80.00 names_the_invoice medium")
    assert proposed(given(books, news)) == told
    assert proposed(given(books, news)) == told


def test_a_letter_that_is_taken_back_opens_the_invoice_again(books):
    given(books, LETTERED)
    given(books, TO_FEBRUARY)
    assert still_open(books) == {"FA1": "120.00", "FA2": "80.00", "C1 VIR1": "-120.00"}


def test_a_payment_lettered_with_another_invoice_settles_that_one(books):
    given(books, LETTERED)
    corrected = LETTERED.replace("FA1 120 0 A 20260228", "FA1 120 0").replace("FA2  80 0", "FA2  80 0 A 20260228")
    given(books, corrected.replace("VIR1 0 120", "VIR1 0 80").replace("VIR1 120 0", "VIR1 80 0"))
    assert still_open(books) == {"FA1": "120.00"}


def test_an_entry_deleted_before_validation_is_no_longer_owed(books):
    given(books, TO_FEBRUARY)
    only_the_first = "\n".join(JANUARY.strip().splitlines()[:2])
    assert counted(given(books, f"{only_the_first}{PAID_IN_FEBRUARY.replace('120', '20')}")) == {"same": 1, "gone": 1}
    assert still_open(books) == {"FA1": "120.00", "C1 VIR1": "-20.00"}


def test_a_month_by_itself_leaves_the_other_months_alone(books):
    given(books, JANUARY)
    given(books, PAID_IN_FEBRUARY)
    assert still_open(books) == {"FA1": "120.00", "FA2": "80.00", "C1 VIR1": "-120.00"}


def test_opening_entries_do_not_double_what_last_year_left_open(books):
    given(books, LAST_YEAR)
    books.ask("set-level", "--level", 1, "--date", "2025-12-20", "--document", "FA1").done()
    given(books, OPENED)
    assert still_open(books) == {"FA1": "120.00", "FA2": "80.00", "FA3": "70.00"}
    assert books.stored_level("FA1") == (1, "2025-12-20")


def test_what_is_paid_in_the_new_year_settles_the_invoices_of_the_old(books):
    given(books, LAST_YEAR)
    given(books, OPENED)
    given(books, OPENED_AND_PAID)
    assert still_open(books) == {"FA3": "70.00"}
    assert still_open(books, "2026-02-28") == {"FA1": "120.00", "FA2": "80.00", "FA3": "70.00"}


def test_a_first_file_with_opening_entries_begins_with_them(books):
    given(books, OPENED)
    assert still_open(books) == {"RAN": "200.00", "FA3": "70.00"}


def test_last_years_file_after_this_years_says_that_this_years_must_come_again(books):
    given(books, OPENED)
    assert "the file of 2026-01-01 to 2026-01-15: was imported before this one" in given(books, LAST_YEAR).err
    again = given(books, OPENED)
    assert "imported before" not in again.err
    assert still_open(books) == {"FA1": "120.00", "FA2": "80.00", "FA3": "70.00"}


def test_last_years_closing_entries_come_after_this_years_opening(books):
    given(books, LAST_YEAR)
    given(books, OPENED.replace("RAN 200", "RAN 150"))
    closed = f"{LAST_YEAR}    OD 9 20251231 411000 C1 PERTE 0 50\n    OD 9 20251231 654000 . PERTE 50 0\n"
    assert "import it again" in given(books, closed).err
    given(books, OPENED.replace("RAN 200", "RAN 150"))
    assert sum(map(float, still_open(books).values())) == 220.0


def test_the_same_file_again_changes_nothing(books):
    given(books, LETTERED)
    before = books.rows()
    given(books, LETTERED)
    assert books.rows() == before


@pytest.mark.parametrize("control", ["\x1a", "\x7f", "\x85", "\x02\x03"])
def test_control_characters_do_not_come_in_with_names_and_labels(books, relance, control):
    table = rows(JANUARY)
    for line in table:
        line |= {"CompAuxLib": line["CompAuxLib"] and f"Société{control} C1", "EcritureLib": f"Pièce {control}1{control}"}
    given(books, written(table))
    held = books.dump()
    assert [customer["name"] for customer in held["customers"]] == ["Société C1"]
    assert {document["label"] for document in held["documents"]} == {"Pièce 1"}
    relance("load", books.file(held)).done()
    assert books.dump() == held


def test_a_file_with_a_fault_stores_nothing(books):
    before = books.rows()
    offered(books, JANUARY.replace("120", "12O")).refused("line 2, Debit: not an amount")
    assert books.rows() == before


@pytest.mark.parametrize(
    ("name", "total", "accounts", "credits"),
    [("900000001FEC20220831.txt", "52517.24", 6, ["-79.13"]), ("911111111FEC20221231.TXT", "14416.52", 19, ["-56.03"])],
)
def test_real_exports_give_the_totals_of_their_ledgers(books, name, total, accounts, credits):
    source = Path(DATA) / name
    if not source.exists():
        pytest.skip("the real exports are not here")
    given(books, source.read_bytes(), name)
    balance = books.aged("2026-12-31")
    totals = [account["total"] for account in balance["accounts"]]
    assert balance["totals"]["EUR"]["total"] == total
    assert len(totals) == accounts
    assert [amount for amount in totals if amount.startswith("-")] == credits


def test_a_document_that_another_tool_named_like_a_date_is_none_of_the_ledgers(books):
    books.invoice("API-1", "C9", source_key="2026-0512")
    books.load()
    given(books, f"{JANUARY}VE 9 20260630 411000 C2 FA9 10 0\nVE 9 20260630 707000 . FA9 0 10")
    assert still_open(books)["API-1"] == "100.00"


def test_the_opening_of_a_year_comes_with_every_month_and_counts_once(books):
    given(books, LAST_YEAR)
    given(books, OPENED)
    before = still_open(books)
    given(books, f"{OPENED}VE 2 20260212 411000 C1 FA4 30 0\nVE 2 20260212 707000 . FA4 0 30")
    assert still_open(books) == before | {"FA4": "30.00"}
    given(books, f"{LAST_YEAR}VE 9 20251231 411000 C1 FA9 10 0\nVE 9 20251231 707000 . FA9 0 10")
    given(books, f"{OPENED.replace('200', '210')}VE 2 20260212 411000 C1 FA4 30 0\nVE 2 20260212 707000 . FA4 0 30")
    assert still_open(books) == before | {"FA4": "30.00", "FA9": "10.00"}
