"""Do the lines of a ledger become the right documents, payments and allocations, under numbers that last?"""

from datetime import date

import pytest

from relance.core.terms import parse_terms
from relance.importers.fec_documents import Book, Known, due_on, open_books
from tests.importers.ledgers import book, books, read, read_table, rows, written

INVOICE = "VE 1 20260105 411000 C1 FA1 120 0"
CREDIT_NOTE = "VE 2 20260120 411000 C1 AV1 0 30"


def sale(number: str, on: str, piece: str, amount: int, party: str = "C1", letter: str = ".") -> str:
    """An entry of sale; a credit note where the amount is negative."""
    debit, credit = (amount, 0) if amount > 0 else (0, -amount)
    return f"VE {number} {on} 411000 {party} {piece} {debit} {credit} {letter}\nVE {number} {on} 707000 . {piece} {credit} {debit}"


def paid(number: str, on: str, piece: str, amount: int, party: str = "C1", letter: str = ".") -> str:
    """An entry of bank; a payment sent back where the amount is negative."""
    debit, credit = (amount, 0) if amount > 0 else (0, -amount)
    return f"BQ {number} {on} 411000 {party} {piece} {credit} {debit} {letter}\nBQ {number} {on} 512000 . {piece} {debit} {credit}"


def table(*entries: str) -> str:
    return "\n".join(entries)


def documents(made: Book) -> list[str]:
    return [f"{document.number}: {document.type} {document.nature} {document.dated_on} {document.amount}" for document in made.documents]


def payments(made: Book) -> list[str]:
    return [f"{payment.reference}: {payment.kind} {payment.dated_on} {payment.amount}" for payment in made.payments]


def allocations(made: Book) -> list[str]:
    return [f"{part.payment} -> {part.document} {part.on} {part.amount}" for part in made.allocations]


def test_a_sale_is_an_invoice_and_the_bank_a_payment_that_its_letter_allocates():
    made = book(table(sale("1", "20260105", "FA1", 120, letter="A"), paid("1", "20260209", "VIR12", 120, letter="A")))
    assert documents(made) == ["FA1: invoice trade 2026-01-05 12000"]
    assert payments(made) == ["C1 VIR12: payment 2026-02-09 12000"]
    assert allocations(made) == ["C1 VIR12 -> FA1 2026-02-09 12000"]
    assert made.party == ("customer", "C1", "Société C1", False)


def test_a_credit_note_lettered_with_its_invoice_is_a_netting():
    made = book(table(sale("1", "20260105", "FA1", 120, letter="A"), sale("2", "20260120", "AV1", -120, letter="A")))
    assert documents(made) == ["FA1: invoice trade 2026-01-05 12000", "AV1: credit_note trade 2026-01-20 -12000"]
    assert payments(made) == ["LET C1 AV1: netting 2026-01-20 0"]
    assert allocations(made) == ["LET C1 AV1 -> FA1 2026-01-20 12000", "LET C1 AV1 -> AV1 2026-01-20 -12000"]


def test_what_is_paid_without_a_letter_stays_a_payment_on_account():
    made = book(table(sale("1", "20260105", "FA1", 120), paid("1", "20260209", "VIR12", 120)))
    assert payments(made) == ["C1 VIR12: payment 2026-02-09 12000"]
    assert allocations(made) == []


def test_a_letter_that_does_not_balance_is_reported_and_followed_nowhere():
    made = book(table(sale("1", "20260105", "FA1", 120, letter="A"), paid("1", "20260209", "VIR12", 100, letter="A")))
    assert allocations(made) == []
    assert [tuple(letter) for letter in made.unfollowed] == [("411000", "A", 2000, 2)]


def test_a_letter_shared_by_two_customers_balances_for_neither():
    made = books(table(sale("1", "20260105", "FA1", 120, "C1", "A"), paid("1", "20260209", "VIR12", 120, "C2", "A")))
    assert [allocations(party) for party in made] == [[], []]


@pytest.mark.parametrize(
    ("entry", "becomes"),
    [
        ("OD 9 20260301 411000 C1 P1 0 5\nOD 9 20260301 654000 . P1 5 0", "write_off"),
        ("OD 9 20260301 411000 C1 P1 0 5\nOD 9 20260301 658000 . P1 5 0\nOD 9 20260301 445710 . P1 1 1", "write_off"),
        ("OD 9 20260301 411000 C1 P1 0 5\nOD 9 20260301 401000 F1 P1 5 0", "payment"),
        ("OD 9 20260301 411000 C1 P1 0 5\nOD 9 20260301 413000 C2 P1 5 0", "payment"),
        ("OD 9 20260301 411000 C1 AV-7 0 5\nOD 9 20260301 467000 . AV-7 5 0", "credit_note"),
        ("OD 9 20260301 411000 C1 AVANCE 0 5\nOD 9 20260301 467000 . AVANCE 5 0", "payment"),
        ("OD 9 20260301 411000 C1 P1 0 5\nOD 9 20260301 701000 . P1 5 0", "credit_note"),
        ("CA 9 20260301 411000 C1 P1 0 5\nCA 9 20260301 530000 . P1 4 0\nCA 9 20260301 658000 . P1 1 0", "payment"),
        ("BQ 9 20260301 411000 C1 P1 -5 0\nBQ 9 20260301 512000 . P1 5 0", "payment"),
        ("VE 9 20260301 411000 C1 P1 -5 0\nVE 9 20260301 707000 . P1 5 0", "credit_note"),
        ("AC 9 20260301 401000 F1 P1 5 0\nAC 9 20260301 607000 . P1 0 5", "credit_note"),
        ("AC 9 20260301 404000 F1 P1 5 0\nAC 9 20260301 218300 . P1 0 5", "credit_note"),
        ("OD 9 20260301 401000 F1 P1 5 0\nOD 9 20260301 765000 . P1 0 5", "write_off"),
        ("BQ 9 20260301 401000 F1 P1 5 0\nBQ 9 20260301 512000 . P1 0 5", "payment"),
    ],
)
def test_what_lowers_a_debt_is_told_by_what_else_its_entry_touches(entry: str, becomes: str):
    made = books(entry)[0]
    assert [document.type for document in made.documents] + [payment.kind for payment in made.payments] == [becomes]


@pytest.mark.parametrize(
    ("entry", "nature"),
    [
        ("VE 9 20260301 411000 C1 P1 5 0\nVE 9 20260301 707000 . P1 0 5", "trade"),
        ("BQ 9 20260301 411000 C1 P1 5 0\nBQ 9 20260301 512000 . P1 0 5", "return"),
        ("OD 9 20260301 411000 C1 P1 5 0\nOD 9 20260301 411000 . P1 0 5", "transfer"),
        ("AN 9 20260301 411000 C1 P1 5 0\nAN 9 20260301 120000 . P1 0 5", "opening"),
        ("OD 9 20260301 413000 C1 P1 5 0\nOD 9 20260301 467000 . P1 0 5", "bill"),
        ("OD 9 20260301 416000 C1 P1 5 0\nOD 9 20260301 467000 . P1 0 5", "doubtful"),
        ("AC 9 20260301 401000 F1 P1 0 5\nAC 9 20260301 607000 . P1 5 0", "trade"),
        ("AC 9 20260301 403000 F1 P1 0 5\nAC 9 20260301 607000 . P1 5 0", "bill"),
    ],
)
def test_what_raises_a_debt_is_an_invoice_of_a_nature(entry: str, nature: str):
    (document,) = next(made for made in books(entry) if made.party.code in ("C1", "F1")).documents
    assert (document.type, document.nature, document.amount) == ("invoice", nature, 500)


def test_opening_lines_keep_what_they_are():
    table_ = """
        AN 1 20260101 411000 C1 FA9  100 0
        AN 1 20260101 411000 C1 AV3  0  10
        AN 1 20260101 411000 C1 VIR  0  20
        AN 1 20260101 512000 .  RAN  5   0
        AN 1 20260101 215000 .  RAN  5   0
        AN 1 20260101 401000 F1 RAN  30  0
    """
    customer, supplier = books(table_)
    assert documents(customer) == [
        "FA9: invoice opening 2026-01-01 10000",
        "AV3: credit_note opening 2026-01-01 -1000",
        "VIR: payment_on_account opening 2026-01-01 -2000",
    ]
    assert documents(supplier) == ["RAN: payment_on_account opening 2026-01-01 -3000"]
    assert customer.payments == supplier.payments == []


def test_advances_are_payments_on_account_and_what_takes_them_back_is_a_return():
    advance = """
        BQ 1 20260105 419100 C1 ACPT 0 40 A
        BQ 1 20260105 512000 .  ACPT 40 0
        OD 2 20260205 419100 C1 FA1 40 0 A
        OD 2 20260205 411000 C1 FA1 0 40 B
    """
    made = book(table(advance.strip(), sale("1", "20260206", "FA1", 40, letter="B")))
    assert documents(made) == ["FA1: invoice trade 2026-02-06 4000", "ACPT: payment_on_account advance 2026-01-05 -4000"]
    assert payments(made) == ["C1 FA1: return 2026-02-05 -4000", "C1 FA1/2026-02-05: payment 2026-02-05 4000"]
    assert allocations(made) == ["C1 FA1 -> ACPT 2026-02-05 -4000", "C1 FA1/2026-02-05 -> FA1 2026-02-06 4000"]


def test_an_advance_used_without_a_letter_is_no_invoice_to_dun():
    made = book("BQ 1 20260105 419100 C1 ACPT 0 40\nOD 2 20260205 419100 C1 FA1 40 0")
    assert documents(made) == ["ACPT: payment_on_account advance 2026-01-05 -4000"]
    assert payments(made) == ["C1 FA1: return 2026-02-05 -4000"]


def test_a_return_and_a_payment_under_one_letter_stand_side_by_side():
    made = book("BQ 1 20260105 411000 C1 VIR 0 40 A\nBQ 1 20260105 512000 . VIR 40 0\nOD 2 20260205 419100 C1 FA1 40 0 A")
    assert payments(made) == ["C1 VIR: payment 2026-01-05 4000", "C1 FA1: return 2026-02-05 -4000"]
    assert made.allocations == made.unfollowed == []


def test_an_entry_torn_apart_is_a_payment_in_a_journal_of_the_bank():
    table_ = """
        BQ 1 20260105 512000 . V1 40 0
        BQ 2 20260105 411000 C1 V1 0 40
        BQ 3 20260106 512000 . V2 10 0
        OD 1 20260107 627000 . D1 10 0
        OD 2 20260107 411000 C1 V3 0 10
    """
    assert [payment.kind for payment in book(table_).payments] == ["payment", "payment"]


@pytest.mark.parametrize(
    ("account", "subsidiary", "party"),
    [
        ("411000", "C1", ("customer", "C1")),
        ("41100012", ".", ("customer", "41100012")),
        ("411DUPONT", ".", ("customer", "411DUPONT")),
        ("416DUPONT", ".", ("customer", "411DUPONT")),
        ("413DUPONT", ".", ("customer", "411DUPONT")),
        ("4191DUPONT", ".", ("customer", "411DUPONT")),
        ("41600012", ".", ("customer", "41600012")),
        ("419100", "C1", ("customer", "C1")),
        ("411", ".", ("customer", "411")),
        ("401000", "F1", ("supplier", "F1")),
        ("404100", "F1", ("supplier", "F1")),
        ("403DURAND", ".", ("supplier", "401DURAND")),
        ("409100", "F1", ("supplier", "F1")),
    ],
)
def test_a_party_is_its_subsidiary_account_or_its_own_account_number(account: str, subsidiary: str, party: tuple[str, str]):
    made = book(f"OD 1 20260105 {account} {subsidiary} P1 10 0")
    assert (made.party.side, made.party.code) == party
    assert made.party.name == (f"Société {subsidiary}" if subsidiary != "." else f"Compte {account}")


@pytest.mark.parametrize("account", ["408100", "418100", "409800", "419800", "417000", "409100", "419100", "419600"])
def test_estimates_and_advances_of_nobody_are_left_out_and_counted(account: str):
    fec = read_table(f"OD 1 20260105 {account} . P1 10 0\n{INVOICE}")
    assert [made.party.code for made in open_books(fec)] == ["C1"]
    assert [str(remark) for remark in fec.remarks()] == [
        f"account {account}: 1 line left out: no customer's or supplier's debt stands there"
    ]


@pytest.mark.parametrize(("credit", "doubtful"), [("10", True), ("50", False)])
def test_a_customer_is_doubtful_while_an_account_of_doubtful_debts_is_open(credit: str, doubtful: bool):
    made = book(f"OD 1 20260105 416000 C1 P1 50 0\nOD 2 20260205 416000 C1 P2 0 {credit}")
    assert made.party.doubtful is doubtful


def test_the_same_code_is_a_customer_and_a_supplier_apart():
    made = books(f"{INVOICE}\nAC 1 20260105 401000 C1 FA1 0 50\nAC 1 20260105 607000 . FA1 50 0")
    assert [(party.party.side, documents(party)) for party in made] == [
        ("customer", ["FA1: invoice transfer 2026-01-05 12000"]),
        ("supplier", ["FA1: invoice trade 2026-01-05 5000"]),
    ]


def test_a_batch_label_is_made_unique_for_a_customer_without_merging_two_invoices():
    made = books(
        table(
            sale("1", "20260306", "LOT3", 100),
            sale("2", "20260313", "LOT3", 110),
            sale("3", "20260313", "LOT3", 110),
            sale("4", "20260306", "LOT3", 90, "C2"),
            "VE 5 20260320 411000 C1 FA5 60 0\nVE 5 20260320 411000 C1 FA5 60 0\nVE 5 20260320 707000 . FA5 0 120",
        )
    )
    assert [[document.number for document in party.documents] for party in made] == [
        ["LOT3", "LOT3/2026-03-13", "LOT3/2026-03-13/2", "FA5", "FA5/2026-03-20"],
        ["LOT3"],
    ]


def test_a_line_without_a_piece_is_called_by_its_entry():
    assert [document.number for document in book("VE 17 20260105 411000 C1 . 120 0").documents] == ["VE 17"]
    assert [document.number for document in book("VE . 20260105 411000 C1 . 120 0").documents] == ["VE 20260105"]


def test_payments_of_one_deposit_have_references_of_their_own():
    deposit = "BQ 1 20260209 411000 C1 REM4 0 10\nBQ 1 20260209 411000 C2 REM4 0 20\nBQ 1 20260209 411000 C2 REM4 0 20\n"
    made = books(deposit + "BQ 1 20260209 512000 . REM4 50 0")
    assert [payment.reference for party in made for payment in party.payments] == ["C1 REM4", "C2 REM4", "C2 REM4/2026-02-09"]


def test_long_pieces_and_names_fit_and_stay_apart():
    lines = rows(INVOICE) * 2
    lines[0] = lines[0] | {"PieceRef": "x" * 300 + "1", "CompAuxLib": "n" * 300, "EcritureLib": "l" * 300}
    lines[1] = lines[1] | {"PieceRef": "x" * 300 + "2"}
    (made,) = open_books(read(written(lines)))
    assert [document.number for document in made.documents] == ["x" * 60, "x" * 60 + "/2026-01-05"]
    assert len({document.key for document in made.documents}) == 2
    assert all(len(document.key) <= 200 and len(document.label) <= 200 for document in made.documents)
    assert len(made.party.name) == 200


def test_a_document_bears_the_date_of_its_piece_and_is_due_by_the_terms():
    lines = rows(table(INVOICE, CREDIT_NOTE, paid("1", "20260209", "REJ", -10)))
    for line, day in zip(lines, ["20251230", "20260301", "", ""], strict=True):
        line["PieceDate"] = day
    (made,) = open_books(read(written(lines)))
    terms = parse_terms("45FDM-A")
    assert [(document.number, str(document.dated_on), str(due_on(document, terms))) for document in made.documents] == [
        ("FA1", "2025-12-30", "2026-02-28"),
        ("AV1", "2026-01-20", "2026-01-20"),  # dated after its posting: its posting counts
        ("REJ", "2026-02-09", "2026-02-09"),
    ]
    assert made.documents[0].posted_on == date(2026, 1, 5)


MONTH = table(sale("1", "20260306", "LOT3", 100), sale("2", "20260313", "LOT3", 110), paid("1", "20260320", "REM1", 100))


def known_from(made: list[Book]) -> Known:
    """What the database knows after these books were stored."""
    return Known(
        numbers={party.party[:2]: {document.number: document.key for document in party.documents} for party in made},
        references={party.party[:2]: {payment.reference: payment.key for payment in party.payments} for party in made},
    )


def names(made: list[Book]) -> dict[str, str]:
    return {one.key: one.number for party in made for one in party.documents} | {
        one.key: one.reference for party in made for one in party.payments
    }


def test_the_same_file_again_gives_the_same_keys_and_names():
    first = books(MONTH)
    assert names(books(MONTH)) == names(first)
    assert names(books(MONTH, known_from(first))) == names(first)


def test_next_months_file_keeps_the_names_of_lines_that_were_there_renumbered_and_lettered_since():
    first = books(MONTH)
    later = table(
        sale("107", "20260305", "LOT3", 70),
        sale("108", "20260306", "LOT3", 100, letter="A"),
        sale("109", "20260313", "LOT3", 110),
        paid("55", "20260320", "REM1", 100, letter="A"),
        paid("56", "20260410", "REM1", 110),
    )
    second = books(later, known_from(first))
    assert names(first).items() <= names(second).items()
    assert documents(second[0])[0] == "LOT3/2026-03-05: invoice trade 2026-03-05 7000"
    assert allocations(second[0]) == ["C1 REM1 -> LOT3 2026-03-20 10000"]


def test_an_entry_corrected_before_validation_keeps_its_number():
    first = books(sale("1", "20260306", "FA1", 100))
    (second,) = books(sale("1", "20260306", "FA1", 105) + "\n" + sale("2", "20260307", "FA2", 10), known_from(first))
    assert [document.number for document in second.documents] == ["FA1", "FA2"]
    assert second.documents[0].key != first[0].documents[0].key


def test_a_number_in_use_by_another_source_or_another_year_is_not_given():
    typed = Known(numbers={("customer", "C1"): {"FA1": "", "FA2": "2025-01-01|C|C1|411000|VE|FA2|100"}})
    (made,) = books(table(sale("1", "20260306", "FA1", 100), sale("2", "20260306", "FA2", 100)), typed)
    assert [document.number for document in made.documents] == ["FA1/2026-03-06", "FA2/2026-03-06"]
