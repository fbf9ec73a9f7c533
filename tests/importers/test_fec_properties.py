"""What is true of every ledger, and of every sequence of bytes?"""

from collections import Counter
from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.importers.fec import read_fec
from relance.importers.fec_documents import Book, Known, open_books
from relance.importers.problems import Problem
from tests.importers.ledgers import HEADS, read, written

FIRST = date(2026, 1, 1)
COUNTERPARTS = ["512000", "707000", "607000", "654000", "467000", "120000"]


@st.composite
def entries(draw: st.DrawFn) -> list[dict[str, str]]:
    """An entry of two lines, of which one is a third party's."""
    on = (FIRST + timedelta(days=draw(st.integers(0, 12)))).strftime("%Y%m%d")
    common = {
        "JournalCode": draw(st.sampled_from(["VE", "BQ", "OD", "AN"])),
        "EcritureNum": str(draw(st.integers(1, 5))),
        "EcritureDate": on,
        "PieceRef": draw(st.sampled_from(["", "LOT", "FA1", "AV2"])),
        "PieceDate": draw(st.sampled_from(["", on, "20260103"])),
    }
    amount = f"{draw(st.integers(-3, 3))},{draw(st.sampled_from(['00', '10']))}"
    debit, credit = draw(st.sampled_from([(amount, ""), ("", amount)]))
    letter = draw(st.sampled_from(["", "A", "B"]))
    third_party = {
        "CompteNum": draw(st.sampled_from(["411000", "411DUPONT", "416DUPONT", "419100", "413000", "401000", "409100"])),
        "CompAuxNum": draw(st.sampled_from(["", "X1", "X2"])),
        "EcritureLet": letter,
        "DateLet": draw(st.sampled_from(["", "20260110", "20260112"])) if letter else "",
    }
    counterpart = {"CompteNum": draw(st.sampled_from(COUNTERPARTS)), "Debit": credit, "Credit": debit}
    return [common | third_party | {"Debit": debit, "Credit": credit}, common | counterpart]


LEDGERS = st.lists(entries(), max_size=16).map(lambda made: [line for entry in made for line in entry])


def ledger_balance(lines: list[dict[str, str]], on: date) -> Counter[tuple[str, str]]:
    """What each party owes, or is owed, at a date, straight from the lines, in cents."""
    totals: Counter[tuple[str, str]] = Counter()
    for line in lines:
        account, subsidiary = line["CompteNum"], line.get("CompAuxNum", "")
        if line["EcritureDate"] > on.strftime("%Y%m%d") or account[:2] not in ("40", "41") or (account[2:] in ("9100",) and not subsidiary):
            continue
        party = subsidiary or account.replace("416DUPONT", "411DUPONT")
        amount = int((line["Debit"] or "0").replace(",", "")) - int((line["Credit"] or "0").replace(",", ""))
        totals["customer" if account.startswith("41") else "supplier", party] += amount if account.startswith("41") else -amount
    return totals


def books_balance(books: list[Book], on: date) -> Counter[tuple[str, str]]:
    """The same from documents, what is allocated to them, and what payments have left."""
    totals: Counter[tuple[str, str]] = Counter()
    for book in books:
        party = book.party.side, book.party.code
        allocated: Counter[str] = Counter()
        used: Counter[str] = Counter()
        for part in book.allocations:
            if part.on <= on:
                allocated[part.document] += part.amount
                used[part.payment] += part.amount
        open_documents = sum(document.amount - allocated[document.number] for document in book.documents if document.posted_on <= on)
        left = sum(payment.amount - used[payment.reference] for payment in book.payments if payment.dated_on <= on)
        totals[party] = open_documents - left
    return totals


def without_zeros(totals: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {party: total for party, total in totals.items() if total}


@given(LEDGERS)
def test_every_partys_balance_is_the_ledgers_at_every_date(lines: list[dict[str, str]]):
    fec = read(written(lines))
    assert list(fec.problems) == []
    books = list(open_books(fec))
    for day in range(-1, 14):
        on = FIRST + timedelta(days=day)
        assert without_zeros(books_balance(books, on)) == without_zeros(ledger_balance(lines, on))


def is_within(part: int, amount: int) -> bool:
    """Whether a part goes the way of the amount, and no further."""
    return min(amount, 0) <= part <= max(amount, 0)


@given(LEDGERS)
def test_no_document_or_payment_is_settled_beyond_its_amount_at_any_date(lines: list[dict[str, str]]):
    for book in open_books(read(written(lines))):
        documents = {document.number: document for document in book.documents}
        payments = {payment.reference: payment for payment in book.payments}
        allocated: Counter[str] = Counter()
        used: Counter[str] = Counter()
        for part in book.allocations:
            document, payment = documents[part.document], payments[part.payment]
            assert part.on >= max(document.posted_on, document.dated_on, payment.dated_on)
            allocated[part.document] += part.amount
            used[part.payment] += part.amount
        assert all(is_within(allocated[number], document.amount) for number, document in documents.items())
        assert all(is_within(used[reference], payment.amount) for reference, payment in payments.items())
        assert all(document.amount * (1 if document.type == "invoice" else -1) > 0 for document in book.documents)
        assert all(payment.amount * (-1 if payment.kind == "return" else 1) >= 0 for payment in book.payments)


@given(LEDGERS)
def test_numbers_references_and_keys_are_unique_and_the_same_again(lines: list[dict[str, str]]):
    books, again = (list(open_books(read(written(lines)))) for _ in range(2))
    assert books == again
    for book in books:
        assert len({document.number for document in book.documents}) == len(book.documents)
    keys = [one.key for book in books for one in (*book.documents, *book.payments)]
    references = [payment.reference for book in books for payment in book.payments]
    assert len(set(keys)) == len(keys)
    assert len(set(references)) == len(references)


@given(LEDGERS, LEDGERS, st.randoms())
def test_next_months_file_keeps_keys_and_names_of_its_old_lines(lines: list[dict[str, str]], new: list[dict[str, str]], random):
    first = list(open_books(read(written(lines))))
    relettered = [line | ({"EcritureLet": random.choice(["", "A", "C"]), "EcritureNum": f"9{line['EcritureNum']}"}) for line in lines]
    known = Known(
        numbers={book.party[:2]: {document.number: document.key for document in book.documents} for book in first},
        references={book.party[:2]: {payment.reference: payment.key for payment in book.payments} for book in first},
    )
    second = list(open_books(read(written(relettered + new)), known))
    numbers = {document.key: document.number for book in second for document in book.documents}
    references = {payment.key: payment.reference for book in second for payment in book.payments}
    for book in first:
        for document in book.documents:  # a payment, should its journal have turned out to be a bank's
            assert numbers.get(document.key, document.number) == document.number
            assert document.key in numbers or document.key in references
        for payment in book.payments:
            assert references.get(payment.key, payment.reference) == payment.reference
            assert payment.kind == "netting" or payment.key in numbers or payment.key in references


HEAD_LINE = "\t".join(HEADS).encode()


@given(st.binary(max_size=300), st.sampled_from([b"", HEAD_LINE + b"\n", HEAD_LINE.replace(b"\t", b"|") + b"\r\n"]))
def test_any_bytes_are_read_or_refused_in_words(content: bytes, heads: bytes):
    fec = read_fec(BytesIO(heads + content))
    assert all(isinstance(problem, Problem) and str(problem).isprintable() for problem in [*fec.problems, *fec.remarks()])
    assert heads or fec.problems
    for book in open_books(fec):
        assert book.party.code


CELLS = st.text("0123456789,.-DC é\"'|\t\u00a0\x0bAV", max_size=12)


@given(st.lists(st.lists(CELLS, min_size=15, max_size=19), max_size=6), st.sampled_from(["utf-8", "cp850", "cp1252"]))
def test_cells_of_any_content_are_read_or_reported(lines: list[list[str]], encoding: str):
    text = [[*line[:4], "411" + line[4], *line[5:]] for line in lines]
    content = HEAD_LINE + b"".join(b"\n" + "\t".join(cells).encode(encoding, "replace") for cells in text)
    fec = read_fec(BytesIO(content))
    if not fec.problems:
        assert sum(len(book.documents) + len(book.payments) for book in open_books(fec)) >= sum(len(one.lines) for one in fec.accounts)


@pytest.mark.proof
@given(st.binary(max_size=20_000))
def test_long_sequences_of_bytes_are_read_or_refused(content: bytes):
    fec = read_fec(BytesIO(HEAD_LINE + b"\n411" + content))
    assert fec.problems or b"\0" not in content
    assert all(str(problem).isprintable() for problem in fec.problems)
