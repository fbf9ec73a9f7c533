"""Is a FEC understood in all its variants, and is every fault told by its line and column?"""

from datetime import date
from io import BytesIO

import pytest

from relance.importers.fec import Fec, read_fec
from tests.importers.ledgers import HEADS, faults, read, read_table, rows, written

SALE = """
    VE  1  20260105  411000  C1  FA1  120,00    0,00
    VE  1  20260105  707000  .   FA1    0,00  100,00
    VE  1  20260105  445710  .   FA1    0,00   20,00
    BQ  1  20260209  512000  .   V1   120,00    0,00
    BQ  1  20260209  411000  C1  V1     0,00  120,00
"""
CASH_BASIS = [*HEADS, "DateRglt", "ModeRglt", "NatOp", "IdClient"]


def kept(fec: Fec) -> list[str]:
    """The third-party lines of a file: line, account, party, day, piece, cents."""
    return [
        f"{line.number} {account.number.decode()} {account.meaning.party} {line.posted_on.day} {line.piece.decode()} {line.amount}"
        for account in fec.accounts
        for line in account.lines
    ]


SALE_AND_PAYMENT = ["2 411000 C1 5 FA1 12000", "6 411000 C1 9 V1 -12000"]


@pytest.mark.parametrize("separator", ["\t", "|", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso8859-15", "cp1252", "cp850"])
def test_separators_ends_of_lines_and_alphabets_are_recognised(separator: str, end: str, encoding: str):
    fec = read(written(rows(SALE), separator=separator, end=end, encoding=encoding))
    assert list(fec.problems) == []
    assert kept(fec) == SALE_AND_PAYMENT
    assert fec.accounts[0].name.decode(fec.alphabet.codec) == "Société C1"
    assert fec.line_count == 5


@pytest.mark.parametrize(
    "heads",
    [
        [head.upper() for head in HEADS],
        [head.lower() for head in HEADS],
        ["Journal Code", "journal_lib", *HEADS[2:]],
        [
            "JournalCode",
            "JournalLib",
            "ÉcritureNum",
            "EcritureDate",
            "CompteNum",
            "CompteLib",
            *HEADS[6:11],
            "Débit",
            "Crédit",
            *HEADS[13:],
        ],
    ],
)
def test_heads_are_known_in_any_case_with_accents_or_spaces(heads: list[str]):
    body = written(rows(SALE)).partition(b"\n")[2]
    assert kept(read("\t".join(heads).encode() + b"\n" + body)) == SALE_AND_PAYMENT


@pytest.mark.parametrize("heads", [HEADS[::-1], [*HEADS[:4], *HEADS[5:], "CompteNum"]])
def test_columns_may_come_in_any_order(heads: list[str]):
    assert kept(read(written(rows(SALE), heads=heads))) == SALE_AND_PAYMENT


def test_the_22_columns_of_a_cash_basis_are_read():
    assert kept(read(written(rows(SALE), heads=CASH_BASIS))) == SALE_AND_PAYMENT


def test_columns_that_are_of_no_use_may_be_missing():
    needed = ["JournalCode", "EcritureNum", "EcritureDate", "CompteNum", "CompAuxNum", "PieceRef", "Debit", "Credit"]
    assert kept(read(written(rows(SALE), heads=needed))) == SALE_AND_PAYMENT


@pytest.mark.parametrize(("debit", "credit"), [("D", "C"), ("+1", "-1"), ("1", "-1"), ("d", "c")])
def test_an_amount_and_its_sense_stand_for_debit_and_credit(debit: str, credit: str):
    heads = ["Montant" if head == "Debit" else "Sens" if head == "Credit" else head for head in HEADS]
    lines = rows(SALE)
    for line in lines:
        line["Montant"], line["Sens"] = (line["Debit"], debit) if line["Credit"] == "0,00" else (line["Credit"], credit)
    assert kept(read(written(lines, heads=heads))) == SALE_AND_PAYMENT


def test_a_separator_at_the_end_of_lines_is_no_column():
    lines = written(rows(SALE), separator="|").splitlines()
    for trailing in (slice(0, None), slice(1, None), slice(0, 1)):
        with_trailing = [line + b"|" if line in lines[trailing] else line for line in lines]
        assert kept(read(b"\n".join(with_trailing))) == SALE_AND_PAYMENT
        assert faults(b"\n".join(with_trailing)) == []


def test_a_separator_inside_a_label_is_not_taken_for_one_at_the_end():
    lines = rows(SALE)
    lines[0]["EcritureLib"] = "Vis|99,00"
    assert faults(written(lines, separator="|"))[0].startswith("line 2: 19 columns")


def test_columns_that_are_empty_at_the_end_may_be_cut_off():
    lines = written(rows(SALE)).splitlines()
    assert kept(read(b"\n".join([lines[0], *(line.rstrip(b"\t") for line in lines[1:])]))) == SALE_AND_PAYMENT


def test_padding_is_taken_off_every_column():
    lines = [{head: f"  {value:<12} " for head, value in line.items()} for line in rows(SALE)]
    fec = read(written(lines, separator="|"))
    assert kept(fec) == SALE_AND_PAYMENT
    assert fec.entries == read_table(SALE).entries


def test_empty_lines_and_the_end_mark_of_dos_are_skipped_and_counted_in_line_numbers():
    heads, *lines = written(rows(SALE)).splitlines()
    fec = read(b"\n".join([b"", heads, b"", lines[0], b"\t" * 17, b"   ", *lines[1:], b"\x1a"]))
    assert list(fec.problems) == []
    assert kept(fec) == ["4 411000 C1 5 FA1 12000", "10 411000 C1 9 V1 -12000"]
    assert fec.line_count == 5


def test_a_quote_is_an_ordinary_character():
    lines = rows(SALE)
    lines[0]["EcritureLib"], lines[0]["CompAuxLib"] = 'Vis 3" "inox', '"Chez Léa'
    (account,) = read(written(lines)).accounts
    assert account.lines[0].label == b'Vis 3" "inox'
    assert account.name == '"Chez Léa'.encode()


def test_heads_repeated_inside_the_file_are_skipped():
    content = written(rows(SALE))
    assert len(kept(read(content + content))) == 4


def test_amounts_may_be_negative_and_a_line_of_zero_is_no_line():
    table = """
        VE 1 20260105 411000 C1 AV1 -120,00 0,00
        VE 2 20260106 411000 C1 AV2 0 -50
        VE 3 20260107 411000 C1 FA3 0,00 0,00
    """
    assert kept(read_table(table)) == ["2 411000 C1 5 AV1 -12000", "3 411000 C1 6 AV2 5000"]


def test_only_amounts_in_the_currency_of_the_ledger_count_and_the_import_says_so():
    lines = rows(SALE)
    lines[0] |= {"Montantdevise": "150,00", "Idevise": "USD"}
    fec = read(written(lines))
    assert kept(fec) == SALE_AND_PAYMENT
    assert [str(remark) for remark in fec.remarks()] == ["Idevise: 1 line in another currency: the euros of the ledger are taken"]


def test_each_entry_remembers_what_else_it_touches():
    fec = read_table(SALE)
    assert {key.replace(b"\0", b" ").decode(): touched for key, touched in fec.entries.items()} == {"VE 1 20260105": 2, "BQ 1 20260209": 1}


def test_the_lines_of_an_entry_need_not_stand_together():
    sale, goods, vat, bank, paid = SALE.strip().splitlines()
    assert read_table("\n".join([sale, paid, vat, goods, bank])).entries == read_table(SALE).entries


def faulty(**cells: str) -> bytes:
    """A sale whose third-party line holds these cells."""
    lines = rows(SALE)
    lines[0] |= cells
    return written(lines)


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"Debit": "12,5O"}, 'line 2, Debit: not an amount: "12,5O"'),
        ({"Credit": "1,234"}, 'line 2, Credit: an amount with more than two decimals: "1,234"'),
        ({"EcritureDate": "20260230"}, 'line 2, EcritureDate: no such day in the calendar: "20260230"'),
        ({"EcritureDate": ""}, "line 2, EcritureDate: no date"),
        ({"PieceDate": "hier"}, 'line 2, PieceDate: not a date (AAAAMMJJ): "hier"'),
        ({"DateLet": "2026"}, 'line 2, DateLet: not a date (AAAAMMJJ): "2026"'),
        ({"CompteNum": ""}, "line 2, CompteNum: no account number"),
        ({"CompteNum": "CDUPONT"}, 'line 2, CompteNum: not an account number: "CDUPONT"'),
        ({"CompAuxNum": "x" * 81}, f'line 2, CompAuxNum: more than 80 letters: "{"x" * 40}…"'),
    ],
)
def test_a_fault_is_told_by_line_column_and_text(cells: dict[str, str], problem: str):
    assert faults(faulty(**cells)) == [problem]


def test_the_sense_of_an_amount_is_checked_under_its_own_name():
    heads = ["Montant" if head == "Debit" else "Sens" if head == "Credit" else head for head in HEADS]
    lines = rows(SALE)
    for line in lines:
        line |= {"Montant": "12", "Sens": "?"}
    assert faults(written(lines, heads=heads)) == ['line 2, Sens: neither D nor C: "?"', 'line 6, Sens: neither D nor C: "?"']


def test_all_faults_of_a_line_and_of_a_file_are_told_at_once():
    content = faulty(Debit="x", EcritureDate="y") + b"VE\t9\n"
    assert faults(content) == [
        'line 2, EcritureDate: not a date (AAAAMMJJ): "y"',
        'line 2, Debit: not an amount: "x"',
        "line 7: 2 columns, where the first line has 18",
    ]


def test_a_separator_inside_a_label_is_told_by_the_columns():
    lines = rows(SALE)
    lines[1]["EcritureLib"] = "a|b"
    assert faults(written(lines, separator="|")) == ["line 3: 19 columns, where the first line has 18 (a label with the separator in it?)"]


def test_of_many_faults_the_first_100_are_told_and_all_are_counted():
    fec = read(written(rows(SALE)) + b"x\n" * 150)
    assert len(list(fec.problems)) == 100
    assert fec.problems.count == 150


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (b"", "the file is empty"),
        (b"\n\r\n", "the file is empty"),
        (b"bonjour\n", "the first line does not name the columns of a FEC"),
        (b"VE\tVentes\t1\t20260105\t411000\n", "the first line does not name the columns of a FEC"),
        (b"JournalCode\tEcritureNum\tCompteNum\tDebit\n", "the first line lacks EcritureDate, PieceRef, Credit"),
        (b'"JournalCode"|"EcritureNum"|"EcritureDate"|"CompteNum"|"PieceRef"|"Debit"|"Credit"\n', "the columns are wrapped in quotes"),
        (b"PK\x03\x04rest", "this is a ZIP file or a spreadsheet"),
        (b"%PDF-1.7\n", "this is a PDF"),
        (b'<?xml version="1.0"?><comptabilite>', "this is an XML file"),
        (b"Journal\0Code", "this is a binary file"),
        ("JournalCode\tEcritureNum\n".encode("utf-16"), "written in UTF-16"),
        (b"x" * (2 << 20), "a line of more than a megabyte"),
    ],
)
def test_what_is_no_fec_is_refused_with_one_reason(content: bytes, verdict: str):
    (problem,) = faults(content)
    assert problem.startswith(verdict) or verdict in problem


def test_zero_bytes_deep_in_a_file_refuse_it_whole():
    content = written(rows(SALE))
    fec = read(content + content * 9000 + b"\0")
    assert [str(problem) for problem in fec.problems] == ["this is a binary file (it holds zero bytes), not a text file"]
    assert fec.accounts == []


def test_a_file_of_several_blocks_is_read_like_one_line_after_the_other():
    heads, _, body = written(rows(SALE)).partition(b"\n")
    fec = read(heads + b"\n" + body * 9000)
    assert fec.line_count == 45_000
    assert [line.number for line in fec.accounts[0].lines][-2:] == [44_997, 45_001]


class Trickle(BytesIO):
    """A file that gives a few bytes at a time, as a pipe may."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(7)


def test_a_file_that_comes_in_small_pieces_reads_the_same():
    fec = read_fec(Trickle(b"\r\n\r\n" + written(rows(SALE), end="\r\n", encoding="utf-8-sig")))
    assert kept(fec) == ["4 411000 C1 5 FA1 12000", "8 411000 C1 9 V1 -12000"]


def test_the_period_goes_from_the_first_third_party_line_to_the_last_entry():
    fec = read_table(f"OD 1 20260101 681100 . D1 10 0\n{SALE.strip()}\nOD 2 20260228 681100 . D1 10 0\nOD 3 fin 681100 . D1 10 0")
    assert fec.period() == (date(2026, 1, 5), date(2026, 2, 28))


def test_a_ledger_without_third_parties_says_so():
    fec = read_table("OD 1 20260105 681100 . D1 10 0\nOD 1 20260105 281000 . D1 0 10")
    assert [str(remark) for remark in fec.remarks()] == ["there is no line on an account of customers (411) or suppliers (401)"]
    assert fec.period() is None
