"""Can a bank statement, or an electronic invoice, be taken back with all that it did, and come again?"""

from typing import Any

from tests.acceptance.test_bank import FEC, PAID_IN_FEC, banked, books, ledger, waiting
from tests.acceptance.test_undo import held, undone
from tests.acceptance.world import World
from tests.cli.test_import_einvoice import imported
from tests.importers.banks import Move, camt
from tests.importers.einvoices import cii, facturx, message

__all__ = ["books"]

IBAN = "FR1420041010050500013M02606"
PAID = Move("2026-07-10", 12000, "Facture FA-2026-001", "DUPONT VINS", IBAN)
UNKNOWN = Move("2026-07-11", 7000, "VIREMENT", "QUI SAIT")
ON_ACCOUNT = Move("2026-07-13", 500, "ACOMPTE", "DUPONT VINS", IBAN)
BACK = Move("2026-07-12", -12000, "REJET FA-2026-001", "DUPONT VINS", IBAN, "AC04")


def test_statements_undone_leave_the_books_as_they_were_and_come_again(books):
    files = [camt([PAID, UNKNOWN]), camt([PAID, UNKNOWN, BACK, ON_ACCOUNT])]
    taken_back_and_given_again(books, files, banked)


def test_einvoices_undone_leave_the_books_as_they_were_and_come_again(books):
    books.company(siren="100 000 009")
    books.load()
    invoices = [cii(due="", order=""), facturx(cii(due="2026-03-31")), facturx(cii(due="2026-03-31") + b"<!-- again -->")]
    taken_back_and_given_again(books, [*invoices, message("207", reason="prix"), message("212", collected="20.00")], imported)


def told(books: World) -> dict[str, Any]:
    """All that the company holds, but for the moments at which it was matched."""
    found = held(books)
    return found | {"matches": [one | {"at": ""} for one in found.get("matches", [])]}


def taken_back_and_given_again(books, files, bring) -> None:
    states = [told(books)]
    for content in files:
        bring(books, content).done()
        states.append(told(books))
        assert states[-1] != states[-2]
    for state in reversed(states[:-1]):
        undone(books).done()
        assert told(books) == state
    for content in files:
        bring(books, content).done()
    assert told(books) == states[-1]


def test_a_ledger_that_took_the_place_of_a_statement_gives_it_back(books):
    ledger(books, FEC)
    banked(books, camt([Move("2026-07-10", 24000, "FC 1001", "PETIT FRERES")])).done()
    there = held(books)
    ledger(books, FEC + PAID_IN_FEC)
    assert "payment_handed_over" in [event["what"] for event in books.history()["events"]]
    undone(books).done()
    assert held(books) == there


def test_what_was_set_aside_since_is_forgotten_only_by_who_agrees_to_it(books):
    before = held(books)
    banked(books, camt([UNKNOWN, PAID])).done()
    [one] = waiting(books)
    books.ask("match", "--set-aside", one["key"]).done()
    there = held(books)
    undone(books).refused("cannot be undone: bank entries set aside since would be forgotten: 1")
    assert undone(books, "--dry-run", "--json").done().json["forgets"] == 1
    assert held(books) == there
    undone(books, "--forget", "1").done()
    assert held(books) == before


def test_what_no_customer_paid_from_the_first_is_no_decision(books):
    banked(books, camt([PAID, Move("2026-07-12", -300, "FRAIS")])).done()
    undone(books).done()


def test_what_was_matched_by_hand_since_stands_in_the_way(books):
    banked(books, camt([UNKNOWN])).done()
    [one] = waiting(books)
    books.ask("match", "--leave", one["key"], "--customer", "C002").done()
    undone(books).refused("match 1 was made of what it brought: undo that first")
