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
