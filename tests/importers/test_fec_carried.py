"""When a new year's file follows last year's, do the open items go on, instead of being there twice?"""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from relance.importers.fec import Account, Line
from relance.importers.fec_accounts import Meaning
from relance.importers.fec_carried import CarriedItem, inherit
from relance.importers.fec_documents import Book, Known
from tests.importers.ledgers import book, books

LAST_YEAR = [CarriedItem("FA1", False, date(2025, 11, 3), 10000), CarriedItem("FA2", False, date(2025, 12, 5), 25000)]  # noqa: FBT003
PAID_TOO_MUCH = CarriedItem("C1 VIR", True, date(2025, 12, 9), -4000)  # noqa: FBT003
NEW_SALE = "VE 1 20260115 411000 C1 FA3 70 0\nVE 1 20260115 707000 . FA3 0 70"


def known(*items: CarriedItem) -> Known:
    return Known(
        numbers={("customer", "C1"): {"FA1": "2025-11-03|C|C1|411000|VE|FA1|10000", "FA2": "2025-12-05|C|C1|411000|VE|FA2|25000"}},
        carried={("customer", "C1"): items},
    )


def documents(made: Book) -> list[str]:
    return [f"{document.number}: {document.type} {document.amount}" for document in made.documents]


def allocations(made: Book) -> list[str]:
    return [f"{part.payment} -> {part.document} {part.on} {part.amount}" for part in made.allocations]


def test_without_last_year_opening_lines_are_documents():
    assert documents(book("AN 1 20260101 411000 C1 RAN 350 0")) == ["RAN: invoice 35000"]


def test_open_items_of_last_year_stand_in_for_the_opening_lines():
    assert documents(book(f"AN 1 20260101 411000 C1 RAN 350 0\n{NEW_SALE}", known(*LAST_YEAR))) == ["FA3: invoice 7000"]


def test_what_settles_an_opening_line_settles_the_invoice_it_repeats():
    table = """
        AN 1 20260101 411000 C1 FA2 250 0 A
        AN 1 20260101 411000 C1 FA1 100 0
        BQ 1 20260210 411000 C1 VIR 0 250 A
        BQ 1 20260210 512000 .  VIR 250 0
    """
    made = book(table, known(*LAST_YEAR))
    assert documents(made) == []
    assert allocations(made) == ["C1 VIR -> FA2 2026-02-10 25000"]


def test_what_settles_the_one_opening_line_settles_all_that_was_open():
    table = """
        AN 1 20260101 411000 C1 RAN 350 0 A
        BQ 1 20260210 411000 C1 V1  0 150 A
        BQ 2 20260220 411000 C1 V2  0 200 A
        BQ 2 20260220 512000 .  V2  350 0
    """
    made = book(table, known(*LAST_YEAR))
    assert allocations(made) == ["C1 V1 -> FA1 2026-02-10 10000", "C1 V1 -> FA2 2026-02-10 5000", "C1 V2 -> FA2 2026-02-20 20000"]


def test_what_a_payment_had_left_settles_an_invoice_of_the_new_year():
    table = """
        AN 1 20260101 411000 C1 VIR 0 40 A
        VE 1 20260115 411000 C1 FA3 40 0 A
        VE 1 20260115 707000 .  FA3 0 40
    """
    made = book(table, known(PAID_TOO_MUCH))
    assert allocations(made) == ["C1 VIR -> FA3 2026-01-15 4000"]
    assert made.payments == []


def test_what_last_year_did_not_know_yet_is_a_document_of_its_own():
    made = book(f"AN 1 20260101 411000 C1 RAN 410 0\n{NEW_SALE}", known(*LAST_YEAR))
    assert documents(made) == ["FA3: invoice 7000", "Écart d'à-nouveaux: invoice 6000"]
    made = book(f"AN 1 20260101 411000 C1 RAN 300 0\n{NEW_SALE}", known(*LAST_YEAR))
    assert documents(made) == ["FA3: invoice 7000", "Écart d'à-nouveaux: payment_on_account -5000"]


def test_an_opening_line_of_an_invoice_unknown_last_year_is_that_invoice():
    opening = "AN 1 20260101 411000 C1 FA1 100 0\nAN 1 20260101 411000 C1 FA2 250 0\nAN 1 20260101 411000 C1 FA9 60 0"
    assert documents(book(opening, known(*LAST_YEAR))) == ["FA9: invoice 6000"]


def test_a_customer_whom_the_new_year_does_not_know_owes_nothing_any_more():
    made = books("AN 1 20260101 411000 C2 RAN 10 0", known(*LAST_YEAR))
    assert [(one.party.code, documents(one)) for one in made] == [
        ("C1", ["Écart d'à-nouveaux: payment_on_account -35000"]),
        ("C2", ["RAN: invoice 1000"]),
    ]


def test_a_file_without_opening_lines_leaves_last_year_as_it_was():
    made = books(NEW_SALE, known(*LAST_YEAR))
    assert [documents(one) for one in made] == [["FA3: invoice 7000"]]


ACCOUNT = Account(b"411000", b"C1", b"", Meaning("customer", "trade", "C1"))
OPENED_ON = date(2026, 1, 1)
AMOUNTS = st.integers(-5, 5).filter(bool)
OPENING = st.lists(st.tuples(AMOUNTS, st.sampled_from([b"", b"A", b"B"]), st.sampled_from([b"", b"FA1"])), max_size=6)
ITEMS = st.lists(st.tuples(AMOUNTS, st.sampled_from(["FA1", "FA2", "FA3"])), max_size=6)


@given(OPENING, ITEMS)
def test_what_stands_in_adds_up_to_the_opening_lines_letter_by_letter_where_it_bears_one(opening: list, carried: list):
    lines = [
        Line(place, ACCOUNT, b"AN", b"", OPENED_ON, piece, None, b"", amount, letter, None)
        for place, (amount, letter, piece) in enumerate(opening)
    ]
    items = [CarriedItem(name, False, OPENED_ON, amount) for amount, name in carried]  # noqa: FBT003
    inherited, left = inherit(lines, items, OPENED_ON)
    assert sum(one.amount for one in [*inherited, *left]) == sum(line.amount for line in lines)
    assert sorted(one.item for one in inherited if one.item) == sorted(items)
    if len({line.letter for line in lines} - {b""}) == len({line.letter for line in lines}) == 1:
        assert sum(one.amount for one in [*inherited, *left] if one.letter) == sum(line.amount for line in lines)
