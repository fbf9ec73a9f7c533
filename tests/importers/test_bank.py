"""Does each format of bank statement say the same of the same movements, and is what is malformed refused with its place?"""

from datetime import date
from pathlib import Path

import pytest

from relance.importers.problems import Unreadable
from tests.importers.banks import DATA, IBAN, Move, camt, cfonb, entries, mt940, ofx, read

PAID = Move("2026-07-10", 12050, "FACTURE FA-1", "DUPONT VINS", "FR1420041010050500013M02606", "E2E-7")
FEES = Move("2026-07-11", -390, "FRAIS")


@pytest.mark.parametrize("written", [camt, cfonb, mt940], ids=["camt", "cfonb", "mt940"])
def test_a_movement_is_read_alike_from_every_format(written):
    first, second = entries(written([PAID, FEES], opening=-700))
    assert (first.booked_on, first.amount, first.payer, first.payer_iban) == (date(2026, 7, 10), 12050, "DUPONT VINS", PAID.iban)
    assert "FACTURE FA-1" in first.says
    assert first.reference == "E2E-7"
    assert (second.amount, second.is_return) == (-390, False)


@pytest.mark.parametrize("xml", [False, True])
def test_ofx_of_either_kind_is_read(xml: bool):
    first, second = entries(ofx([PAID, FEES], xml=xml))
    assert (first.booked_on, first.amount, first.payer, first.says) == (
        date(2026, 7, 10),
        12050,
        "DUPONT VINS",
        "FACTURE FA-1 DUPONT VINS",
    )
    assert second.amount == -390


@pytest.mark.parametrize("written", [camt, cfonb, mt940], ids=["camt", "cfonb", "mt940"])
def test_a_statement_that_does_not_add_up_is_refused_saying_by_how_much(written):
    [problem] = read(written([PAID], opening=100, closing=12000)).problems
    assert problem.message == "opening 1.00 and entries 120.50 do not make closing 120.00 EUR: 1.50 too much"


def faults(content: bytes) -> list[str]:
    """What is wrong in the file, each thing with its place."""
    return [str(problem) for problem in read(content).problems]


def test_every_fault_of_an_ofx_is_told_with_its_line_and_transaction():
    file = ofx([PAID, FEES, PAID._replace(bank_reference="9")], closing=5000).replace(b"<CURDEF>EUR", b"<CURDEF>euro")
    file = file.replace(b"<ACCTID>12345678901\n", b"").replace(b"<BALAMT>50.00", b"<BALAMT>fifty")
    file = file.replace(b"20260710", b"20260732", 1).replace(b"<TRNAMT>120.50", b"<TRNAMT>12O.50", 1).replace(b"<TRNAMT>-3.90\n", b"")
    assert faults(file) == [
        'line 5, CURDEF: not a currency: "euro"',
        "line 5, ACCTID: no account number",
        'line 13, STMTTRN[1]/DTPOSTED: no such day in the calendar: "20260732120000[+1:CET]"',
        'line 13, STMTTRN[1]/TRNAMT: not an amount: "12O.50"',
        "line 21, STMTTRN[2]/TRNAMT: no amount",
        'line 5, BALAMT: not an amount: "fifty"',
    ]


def test_an_ofx_that_was_cut_off_is_refused():
    whole = ofx([PAID, FEES])
    assert faults(whole[: whole.index(b"<LEDGERBAL>")]) == ["line 5: the statement that begins here has no end (</STMTRS>)"]


def test_every_fault_of_a_camt_is_told():
    file = camt([PAID, FEES], opening=100).replace(b"<Dt>2026-07-10", b"<Dt>10/07/2026").replace(b">120.50<", b">12O.50<")
    file = file.replace(b"<IBAN>" + IBAN.encode(), b"<IBAN>").replace(b">1.00<", b">one<")
    assert faults(file) == [
        'line 7, Amt: not an amount: "12O.50"',
        'line 7, Dt: not a date: "10/07/2026"',
        "line 3, Acct: no account number",
        'line 5, Amt: not an amount: "one"',
    ]


def test_every_fault_of_a_cfonb_is_told_and_none_follows_from_another():
    file = cfonb([PAID, FEES], opening=100).replace(b"EUR2", b"EUR9", 1).replace(b"100726", b"320726").replace(b"1205{", b"12X5{")
    assert faults(file) == [
        'line 1, decimals: not a number of decimals: "9"',
        'line 1, date: no such day in the calendar: "320726"',
        'line 2, amount: not an amount: "00000000012X5{"',
        'line 2, date: no such day in the calendar: "320726"',
    ]


def test_every_fault_of_an_mt940_is_told_and_none_follows_from_another():
    file = mt940([PAID, FEES], opening=100).replace(b":60F:C2607", b":60F:C2613", 1).replace(b":61:260711", b":61:260732")
    assert faults(file.replace(b":25:" + IBAN.encode(), b":25:")) == [
        "line 2, :25:: no account number",
        'line 4, :60F:: no such day in the calendar: "261310"',
        'line 7, :61:: no such day in the calendar: "260732"',
    ]


@pytest.mark.parametrize("version", ["053.001.02", "053.001.04", "053.001.08", "053.001.13", "054.001.02", "054.001.08"])
def test_every_version_of_camt_is_read(version: str):
    [entry] = entries(camt([PAID], version=version))
    assert (entry.amount, entry.payer) == (12050, "DUPONT VINS")


def test_only_booked_entries_count():
    reading = read(camt([PAID, Move("2026-07-10", 500, status="PDNG")]))
    assert [entry.amount for entry in reading.statements[0].entries] == [12050]
    assert reading.remarks() == ["entries that are not booked (PDNG): 1 times"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (camt([Move("2026-07-10", -5000, "FA-1", returned="AM04")]), "AM04"),
        (cfonb([Move("2026-07-10", -5000, "FA-1", code="B3", returned="20")]), "20"),
        (cfonb([Move("2026-07-10", -5000, "CHEQUE IMPAYE", code="03")]), ""),
        (mt940([Move("2026-07-10", -5000, "RETOURE AM04 FA-1", returned="AM04")]), "AM04"),
    ],
)
def test_what_comes_back_is_recognised(content: bytes, reason: str):
    [entry] = entries(content)
    assert entry.is_return
    assert entry.return_reason == reason


def test_what_we_had_paid_ourselves_and_comes_back_is_no_payment_of_a_customer():
    [entry] = entries(cfonb([Move("2026-07-10", 5000, "REJET VIREMENT", code="12")]))
    assert (entry.is_own, entry.is_return) == (True, False)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((b"04", b"08"), "line 2: not a record of a statement"),
        ((b"EUR2", b"EU12"), "not a currency"),
        ((b"100726DUPONT"[:6], b"320726"), "no such day in the calendar"),
    ],
)
def test_a_malformed_record_is_refused_at_its_line(change: tuple[bytes, bytes], told: str):
    content = cfonb([Move("2026-07-10", 5000, "VIREMENT")])
    lines = content.split(b"\r\n")
    lines[1] = lines[1].replace(*change, 1)
    assert told in str(next(iter(read(b"\r\n".join(lines)).problems)))


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"hello", "not a bank statement"),
        (BOMB + b"<BkToCstmrStmt>&b;</BkToCstmrStmt></Document>", "declares a document type or entities"),
        (camt([PAID]).replace(b"<Ustrd>", b"<Ustrd>" + b"<a>" * 200), "nested more than"),
        (camt([PAID]).replace(b"FACTURE", b"x" * 200_000), "letters in one element"),
        (camt([PAID]).replace(b"camt.053", b"camt.052"), "interim report"),
        (camt([PAID])[:-40], "not XML that can be read"),
        (ofx([PAID]).replace(b"<OFX>", b"<!DOCTYPE OFX><OFX>"), "declares a document type"),
    ],
)
def test_tricks_and_other_files_are_refused(content: bytes, told: str):
    with pytest.raises(Unreadable, match=told):
        read(content)


def test_parts_of_a_batch_are_told_one_by_one_where_they_add_up():
    part = "<TxDtls><Refs><EndToEndId>{0}</EndToEndId></Refs><Amt Ccy='EUR'>{1}</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>"
    batch = camt([Move("2026-07-10", 3000)]).decode()
    start, end = batch.index("<TxDtls>"), batch.index("</TxDtls>") + len("</TxDtls>")
    both = batch[:start] + part.format("A", "10.00") + part.format("B", "20.00") + batch[end:]
    assert [(entry.reference, entry.amount) for entry in entries(both.encode())] == [("A", 1000), ("B", 2000)]
    assert [entry.amount for entry in entries(both.replace("20.00", "21.00").encode())] == [3000]


_ABOUT = ("SOURCE.txt", "LICENSE.txt")
SAMPLES = sorted(path for path in DATA.rglob("*") if path.suffix in (".txt", ".xml") and path.name not in _ABOUT)


@pytest.mark.skipif(not SAMPLES, reason="no samples beside the project")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_read_to_its_own_balances_or_refused_for_a_reason(path: Path):
    try:
        reading = read(path.read_bytes())
    except Unreadable:
        return
    for statement in reading.statements if not reading.problems else ():
        total = sum(entry.amount for entry in statement.entries)
        assert None in (statement.opening, statement.closing) or statement.opening + total == statement.closing


def test_an_account_is_its_iban_or_bank_branch_and_number():
    accounts = [read(content).statements[0].account for content in (camt([PAID]), cfonb([PAID]), ofx([PAID]))]
    assert accounts == [IBAN, "30006-00001-12345678901", "30006-00001-12345678901"]
