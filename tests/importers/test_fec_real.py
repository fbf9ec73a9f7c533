"""Do real exports give their known totals, line for line and at every date?"""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from relance.core.money import show
from relance.importers.fec import Fec, read_fec
from relance.importers.fec_documents import Book, open_books
from tests.importers.ledgers import DATA

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not beside the project")

TABS, BARS = "900000001FEC20220831.txt", "911111111FEC20221231.TXT"


def read_file(name: str) -> tuple[Fec, list[Book]]:
    with Path(DATA / name).open("rb") as source:
        fec = read_fec(source)
    assert list(fec.problems) == []
    return fec, list(open_books(fec))


def balance(book: Book, on: date = date.max) -> int:
    """What is owed at a date: documents less payments, by their dates of posting."""
    owed = sum(document.amount for document in book.documents if document.posted_on <= on)
    return owed - sum(payment.amount for payment in book.payments if payment.dated_on <= on)


@pytest.mark.parametrize(
    ("name", "side", "total", "accounts", "creditors"),
    [
        (TABS, "customer", "52517.24", 6, ["-79.13"]),
        (TABS, "supplier", "43813.92", 12, ["-528.75"]),
        (BARS, "customer", "14416.52", 19, ["-56.03"]),
        (BARS, "supplier", "17324.32", 5, ["-1860.00", "-115.20"]),
    ],
)
def test_the_open_balances_of_a_real_export_are_the_known_ones(name: str, side: str, total: str, accounts: int, creditors: list[str]):
    balances = [balance(book) for book in read_file(name)[1] if book.party.side == side]
    assert show(sum(balances), "EUR") == total
    assert len([amount for amount in balances if amount]) == accounts
    assert [show(amount, "EUR") for amount in balances if amount < 0] == creditors


@pytest.mark.parametrize(
    ("name", "separator", "alphabet", "lines", "left_out"),
    [
        (TABS, "tab", "UTF-8", 5422, {"408104": 1, "408226": 6, "409100": 4}),
        (BARS, "bar", "DOS code page 850", 934, {}),
        ("sample_pipe.txt", "bar", "UTF-8", 4, {}),
        ("sample_tab.txt", "tab", "UTF-8", 7, {}),
    ],
)
def test_the_form_of_a_real_export_is_recognised(name: str, separator: str, alphabet: str, lines: int, left_out: dict[str, int]):
    fec, _ = read_file(name)
    assert (fec.separator, fec.alphabet.name, fec.line_count, dict(fec.left_out)) == (separator, alphabet, lines, left_out)


@pytest.mark.parametrize(("name", "unfollowed"), [(TABS, 55), (BARS, 0)])
def test_letters_that_do_not_balance_in_a_real_export_are_told(name: str, unfollowed: int):
    assert sum(len(book.unfollowed) for book in read_file(name)[1]) == unfollowed


@pytest.mark.parametrize("name", [TABS, BARS])
def test_balances_of_a_real_export_are_the_ledgers_every_week_and_nothing_is_paid_twice(name: str):
    fec, books = read_file(name)
    first, last = fec.period() or (date.min, date.min)
    lines = {(book.party.side, book.party.code): [] for book in books}
    for account in fec.accounts:
        lines[account.meaning.side, account.meaning.party] += account.lines
    for book in books:
        for on in (first + timedelta(days=day) for day in range(0, (last - first).days + 7, 7)):
            ledger = sum(line.amount for line in lines[book.party.side, book.party.code] if line.posted_on <= on)
            assert balance(book, on) == ledger
        paid = Counter[str]()
        for part in book.allocations:
            paid[part.document] += part.amount
        assert all(0 <= paid[document.number] / document.amount <= 1 for document in book.documents)


def test_the_kinds_of_lines_of_a_real_export_are_what_an_accountant_sees():
    _, books = read_file(BARS)
    kinds = Counter(document.nature + " " + document.type for book in books for document in book.documents if book.party.side == "customer")
    kinds += Counter(payment.kind for book in books for payment in book.payments if book.party.side == "customer")
    assert kinds == {
        "trade invoice": 87,
        "trade credit_note": 3,
        "opening invoice": 13,
        "opening payment_on_account": 1,
        "payment": 46,
        "write_off": 1,
        "netting": 3,
    }
