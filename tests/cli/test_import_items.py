"""Is a list of open items taken over, week after week?"""

import pytest

from tests.acceptance.world import World

LIST = """\
N° client;Client;Facture;Date;Échéance;Montant TTC;Reste dû;E-mail
C1;Dupont & Fils;FA-1;01/06/2026;01/07/2026;120,00;120,00;compta@dupont.example
C1;Dupont & Fils;FA-2;02/06/2026;02/07/2026;80,00;30,00;compta@dupont.example
C2;Éts Martin;FA-1;03/06/2026;03/07/2026;50,00;50,00;
"""


@pytest.fixture
def books(world: World) -> World:
    """A company that holds no item yet."""
    world.load()
    return world


def imported(books: World, text: str = LIST, as_of: str = "2026-07-10", *flags: str):
    path = books.folder / "impayes.csv"
    path.write_bytes(text.encode())
    return books.relance("import", "items", path, "--company", "ACME", "--as-of", as_of, *flags, "--json")


def told(answer) -> list[str]:
    """``"changed C1 FA-2 30.00 10.00"``."""
    [file] = answer.done().json["files"]
    return [f"{one['what']} {one['customer']} {one['document']} {one['open_before']} {one['open_after']}" for one in file["items"]]


def balances(books: World, as_of: str) -> dict[str, str]:
    return {account["account"]: account["total"] for account in books.aged(as_of)["accounts"]}


def test_a_first_list_books_customers_documents_and_what_was_paid(books):
    assert told(imported(books)) == ["new C1 FA-1 None 120.00", "new C1 FA-2 None 30.00", "new C2 FA-1 None 50.00"]
    assert balances(books, "2026-07-10") == {"C1": "150.00", "C2": "50.00"}
    assert books.stored_customer("C1")["sites"][0]["email"] == "compta@dupont.example"


def test_what_is_gone_from_the_next_list_is_settled_on_its_day(books):
    imported(books).done()
    week_after = LIST.replace("120,00;120,00", "120,00;70,00").replace("C2;Éts Martin;FA-1;03/06/2026;03/07/2026;50,00;50,00;\n", "")
    assert told(imported(books, week_after, "2026-07-17")) == ["changed C1 FA-1 120.00 70.00", "gone C2 FA-1 50.00 0.00"]
    assert balances(books, "2026-07-17") == {"C1": "100.00"}
    assert balances(books, "2026-07-16") == {"C1": "150.00", "C2": "50.00"}


def test_what_would_change_is_shown_before_it_is_applied(books):
    imported(books).done()
    before = books.rows()
    assert told(imported(books, LIST.replace("30,00", "10,00"), "2026-07-17", "--dry-run")) == ["changed C1 FA-2 30.00 10.00"]
    assert books.rows() == before


def test_customers_whom_the_list_calls_otherwise_are_named_before_it_is_applied(books):
    imported(books).done()
    [file] = imported(books, LIST.replace("Éts Martin", "Martin SA"), "2026-07-17", "--dry-run").done().json["files"]
    assert file["renamed"] == [{"customer": "C2", "before": "Éts Martin", "after": "Martin SA"}]
    assert books.stored_customer("C2")["name"] == "Éts Martin"


def test_the_same_list_again_changes_nothing(books):
    imported(books).done()
    before = books.dump()
    assert told(imported(books, LIST, "2026-07-11")) == []
    assert books.dump() == before


def test_an_older_list_is_refused(books):
    imported(books, LIST, "2026-07-10").done()
    before = books.rows()
    imported(books, LIST.replace("30,00", "80,00"), "2026-07-03").refused("would bring back what was paid since")
    assert books.rows() == before


def test_a_list_that_was_taken_over_before_a_newer_one_is_refused(books):
    imported(books, LIST, "2026-07-10").done()
    imported(books, LIST.replace("30,00", "10,00"), "2026-07-17").done()
    imported(books, LIST, "2026-07-18").refused("this very file was taken over before")


def test_a_list_of_a_part_settles_nothing(books):
    imported(books).done()
    only_one = "".join(LIST.splitlines(keepends=True)[:2])
    assert told(imported(books, only_one, "2026-07-17", "--partial")) == []
    assert balances(books, "2026-07-17") == {"C1": "150.00", "C2": "50.00"}


def test_what_came_by_another_way_is_not_settled_by_a_list(books):
    books.invoice("FA-9", "C9")
    books.load()
    imported(books).done()
    assert balances(books, "2026-07-15")["C9"] == "100.00"


def test_columns_named_by_hand_are_remembered_for_the_source(books):
    text = LIST.replace("Facture;", "Lettre;")
    imported(books, text).refused("the document's number")
    named = imported(books, text, "2026-07-10", "--source", "compta", "--column", "number=Lettre")
    assert len(told(named)) == 3
    assert told(imported(books, text.replace("30,00", "5,00"), "2026-07-17", "--source", "compta")) == ["changed C1 FA-2 30.00 5.00"]


def test_two_lines_of_one_due_date_are_one_item_though_they_are_alike(books):
    line = "C7;FA-7;15/07/2026;10,00\n"
    assert told(imported(books, f"Client;Facture;Échéance;Solde\n{line}{line}")) == ["new C7 FA-7 None 20.00"]


def test_instalments_are_numbered_by_their_due_dates(books):
    lines = "C7;FA-7;15/08/2026;30,00\nC7;FA-7;15/07/2026;10,00\n"
    imported(books, f"Client;Facture;Échéance;Solde\n{lines}").done()
    later = lines + "C7;FA-7;15/06/2026;5,00\n"
    assert told(imported(books, f"Client;Facture;Échéance;Solde\n{later}", "2026-07-17")) == ["new C7 FA-7 None 5.00"]
    due = books.stored_document("FA-7")["due"]
    assert [(one["due_date"], one["amount"]) for one in due] == [("2026-07-15", "10.00"), ("2026-08-15", "30.00"), ("2026-06-15", "5.00")]


def test_a_document_in_two_currencies_is_a_fault_at_its_line(books):
    before = books.rows()
    answer = imported(books, "Client;Facture;Échéance;Solde;Devise\nC7;FA-7;15/07/2026;10,00;EUR\nC7;FA-7;15/08/2026;10,00;USD\n")
    answer.refused("impayes.csv: line 3: document FA-7 is listed in two currencies")
    assert books.rows() == before


def test_a_list_in_another_currency_than_what_is_held_changes_nothing_of_it(books):
    imported(books, "Client;Facture;Échéance;Solde;Devise\nC7;FA-7;15/07/2026;10,00;EUR\n").done()
    in_dollars = "Client;Facture;Échéance;Solde;Devise\nC7;FA-7;15/07/2026;10,00;USD\nC7;FA-7;15/08/2026;9,00;USD\n"
    assert told(imported(books, in_dollars, "2026-07-17")) == ["kept C7 FA-7 10.00 10.00", "kept C7 FA-7 None 9.00"]


def test_every_fault_is_told_and_nothing_is_stored(books):
    before = books.rows()
    answer = imported(books, LIST.replace("01/07/2026", "31/06/2026").replace("30,00", "3O,00"))
    answer.refused("impayes.csv: line 2, Échéance: no such day")
    answer.refused("impayes.csv: line 3, Reste dû: not an amount")
    assert books.rows() == before


def test_a_due_date_that_the_list_does_not_tell_comes_from_the_payment_terms(books):
    imported(books, "Client;Facture;Date;Solde\nC7;FA-7;15/06/2026;10,00").done()
    assert books.stored("FA-7")["due_date"] == "2026-07-15"


def test_a_customer_who_has_paid_his_last_dunned_invoice_returns_to_level_0(books):
    imported(books).done()
    books.batch("2026-07-15")
    assert books.stored_customer("C1")["level"] == 2
    imported(books, "".join(line for line in LIST.splitlines(keepends=True) if "C1" not in line), "2026-07-17").done()
    assert books.stored_customer("C1")["level"] == 0


def test_people_read_what_changed(books):
    path = books.folder / "impayes.csv"
    path.write_text(LIST)
    shown = books.relance("import", "items", path, "--company", "ACME", "--as-of", "2026-07-10").done().out
    assert "Nouvelle" in shown
    assert "120,00" in shown
