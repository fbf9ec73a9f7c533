"""Do customers, contacts and payments come in from whatever list there is?"""

import re

import pytest

from relance.models import tuples
from tests.acceptance.world import World

CUSTOMERS = """\
Fichier clients au 22/11/2026
Code client;Raison sociale;Adresse;Adresse 2;CP;Ville;Pays;E-mail;Délai de paiement;Commercial;Relancer
C1;Dupont & Fils;1 rue des Lilas;Bât. B;33000;Bordeaux;France;compta@dupont.example;45 jours fin de mois;Alice Dupuis;oui
C2;Éts Martin;;;;;;;;;non
"""
CONTACTS = """\
Customer code,First name,Last name,Job title,E-mail,Receives reminders
C1,Jeanne,Lenoir,Chief accountant,jeanne@dupont.example,yes
C1,Paul,Roy,Gérant,,no
"""
PAYMENTS = """\
Code client;Date de règlement;N° règlement;Facture réglée;Montant réglé
C1;03/02/2026;V1;FA-1;100,00
C1;04/02/2026;V2;FA-2;1 050,00
C1;05/02/2026;V3;FA-77;10,00
Total;;;;1 160,00
"""


@pytest.fixture
def books(world: World) -> World:
    """A company with two invoices of one customer."""
    world.invoice("FA-1", "C1", amount="120.00")
    world.invoice("FA-2", "C1", amount="1000.00")
    world.load()
    return world


def given(books: World, kind: str, text: str | bytes, *flags: str):
    path = books.folder / f"{kind}.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return books.relance("import", kind, path, "--company", "ACME", "--json", *flags)


def told(answer) -> list[str]:
    """``new 3 C2 Éts Martin`` or ``changed 3 C1 Dupont: name A > B``."""
    [file] = answer.done().json["files"]
    return [
        f"{one['kind']} {one['line']} {one['customer']} {one['name']}"
        + "".join(f", {change['what']} {change['before']} > {change['after']}" for change in one["differences"])
        for one in file["rows"]
    ]


def held(books: World) -> dict[str, object]:
    return {key: value for key, value in books.dump().items() if key != "history"}


def test_customers_come_in_with_their_address_and_terms(books):
    assert told(given(books, "customers", CUSTOMERS))[-1] == "new 4 C2 Éts Martin"
    stored = books.stored_customer("C1")
    assert (stored["name"], stored["sales_rep"], stored["payment_terms"]) == ("Dupont & Fils", "DUP", "45FDM-A")
    assert stored["sites"][0]["address"] == ["1 rue des Lilas", "Bât. B"]
    assert not books.stored_customer("C2")["dunning_enabled"]


def test_what_changes_is_told_by_line_and_a_blank_cell_changes_nothing(books):
    given(books, "customers", CUSTOMERS).done()
    later = CUSTOMERS.replace("Bordeaux", "Pessac").replace("compta@dupont.example", "")
    assert told(given(books, "customers", later, "--dry-run")) == ["changed 3 C1 Dupont & Fils, city Bordeaux > Pessac"]
    given(books, "customers", later).done()
    assert books.stored_customer("C1")["sites"][0]["email"] == "compta@dupont.example"


def test_what_changes_is_told_in_the_words_of_the_accountant(books):
    given(books, "customers", CUSTOMERS).done()
    later = CUSTOMERS.replace("Alice Dupuis;oui", "Bruno Marchand;non")
    assert told(given(books, "customers", later, "--dry-run")) == [
        "changed 3 C1 Dupont & Fils, sales_rep DUP > MAR, dunning_enabled yes > no"
    ]
    shown = books.relance("import", "customers", books.folder / "customers.csv", "--company", "ACME", "--dry-run").done().out
    assert "commercial DUP → MAR; relances oui → non" in shown
    given(books, "payments", PAYMENTS).done()
    [changed] = told(given(books, "payments", PAYMENTS.replace("10,00", "12,00")))
    assert changed == "changed 4 C1 V3, amount 10.00 > 12.00"


def test_contacts_come_in_and_are_known_again_by_their_names(books):
    assert len(told(given(books, "contacts", CONTACTS))) == 2
    later = CONTACTS.replace("jeanne@", "j.lenoir@")
    assert told(given(books, "contacts", later)) == [
        "changed 2 C1 Jeanne Lenoir, email_at_customer jeanne@dupont.example > j.lenoir@dupont.example"
    ]
    jeanne, paul = books.stored_customer("C1")["contacts"]
    assert (jeanne["receives"], jeanne["roles"], paul["roles"]) == (["dunning"], ["financial"], ["decision_maker"])


def test_contacts_are_given_the_sites_that_the_list_names(books):
    books.customer("C1", sites=[{"code": "S1"}, {"code": "S2", "name": "Lyon"}, {"code": "S3"}])
    books.load()
    listed = "Customer code;Contact name;Site\nC1;Jeanne;S1\nC1;Paul;\n"
    given(books, "contacts", listed).done()
    before = held(books)
    assert told(given(books, "contacts", listed.replace("S1", "S1, Lyon"))) == ["changed 2 C1 Jeanne, site  > Lyon"]
    assert [one["sites"] for one in books.stored_customer("C1")["contacts"]] == [["S1", "S2"], []]
    books.relance("import", "undo", "--company", "ACME").done()
    assert held(books) == before
    given(books, "contacts", listed.replace("S1", "Nantes")).refused('C1 has no site "Nantes"')


def test_payments_are_allocated_only_where_the_list_names_the_document_exactly(books):
    answer = given(books, "payments", PAYMENTS)
    assert told(answer) == ["new 2 C1 V1", "new 3 C1 V2", "new 4 C1 V3"]
    assert 'C1 has no document "FA-77": what was paid stays on account' in answer.err
    assert [books.explain(number, "2026-07-20")[0]["open"] for number in ("FA-1", "FA-2")] == ["20.00", "0.00"]
    left = {one["reference"]: sum(float(part["amount"]) for part in one["allocations"]) for one in books.dump()["payments"]}
    assert left == {"V1": 100.0, "V2": 1000.0, "V3": 0}


@pytest.mark.parametrize(("kind", "text"), [("customers", CUSTOMERS), ("contacts", CONTACTS), ("payments", PAYMENTS)])
def test_the_same_list_again_changes_nothing_and_an_undo_brings_back_what_was(kind, text, books):
    before = held(books)
    given(books, kind, text).done()
    after = books.dump()
    assert told(given(books, kind, text)) == []
    assert books.dump() == after
    books.relance("import", "undo", "--company", "ACME").done()
    assert held(books) == before


def test_a_cumulative_list_of_payments_adds_what_is_new(books):
    given(books, "payments", PAYMENTS).done()
    assert told(given(books, "payments", PAYMENTS + "C1;06/02/2026;V4;FA-1;20,00\n")) == ["new 6 C1 V4"]
    assert books.explain("FA-1", "2026-07-20")[0]["open"] == "0.00"


def test_payments_without_a_reference_are_counted(books):
    text = "Client;Date de paiement;Montant\nClient C1;03/02/2026;5,00\nClient C1;03/02/2026;5,00\n"
    assert len(told(given(books, "payments", text))) == 2
    assert told(given(books, "payments", text + "Client C1;03/02/2026;5,00\n")) == ["new 4 C1 2026-02-03 C1 (3)"]


def test_debits_and_credits_and_returned_payments(books):
    text = "Compte;Date;Pièce;Débit;Crédit;Facture réglée\nC1;03/02/2026;V1;;120,00;FA-1\nC1;09/02/2026;R1;120,00;;FA-1\n"
    given(books, "payments", text).done()
    assert [(one["kind"], one["amount"]) for one in books.dump()["payments"]] == [("return", "-120.00"), ("payment", "120.00")]
    assert books.explain("FA-1", "2026-07-20")[0]["open"] == "120.00"


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        ("customers", CUSTOMERS.replace("compta@dupont.example", "compta à dupont"), "line 3, E-mail: not an e-mail address"),
        ("customers", CUSTOMERS.replace("C2;", "C1;"), "line 4, Code client: this customer stands on line 3 already"),
        ("contacts", CONTACTS.replace("C1,Paul", "C9,Paul"), 'line 3, Customer code: there is no customer "C9"'),
        ("payments", PAYMENTS.replace("03/02/2026", "31/02/2026"), "line 2, Date de règlement: no such day"),
        ("payments", PAYMENTS.replace("100,00", "cent"), "line 2, Montant réglé: not an amount"),
        ("payments", PAYMENTS.replace("C1;05", "C7;05"), 'line 4, Code client: there is no customer "C7"'),
    ],
)
def test_a_fault_is_told_at_its_line_and_nothing_is_stored(kind, text, fault, books):
    before = books.rows()
    given(books, kind, text).refused(fault)
    assert books.rows() == before


SHORT = 2  # rows at a time, where thousands are
LONG = {
    "customers": "Code client;Raison sociale;Ville\n;Client C1;Lyon\nC2;Zoé;Pau\nC3;Lou;Brest\n;Zoé;Nice\n;Client C4;Metz\nC5;;Dax\n",
    "contacts": "Customer code;Contact;Site\nC1;A;S1\nC1;B;\nC2;A;\nC1;C;S1\nC2;B;\nC1;D;\n",
    # the rows of a payment stand apart, and several have one reference
    "payments": "Code client;Date;N° règlement;Facture réglée;Montant\nC1;03/02/2026;V1;FA-1;20,00\nC1;03/02/2026;;FA-2;5,00\n"
    "C2;03/02/2026;V1;;7,00\nC1;04/02/2026;V1;FA-1;90,00\nC1;03/02/2026;;FA-2;5,00\nC1;03/02/2026;V1;FA-2;30,00\nC1;05/02/2026;V3;FA-1;99,00\n",
}


@pytest.mark.parametrize("kind", LONG)
def test_a_list_taken_in_by_little_brings_what_it_brings_as_a_whole(kind, books, monkeypatch):
    for code in ("C1", "C2"):
        books.customer(code, sites=[{"code": "S1"}])
    books.load()
    before, answers = held(books), []
    for size in (tuples.BATCH, SHORT):
        monkeypatch.setattr(tuples, "BATCH", size)
        answers.append((told(given(books, kind, LONG[kind])), held(books)))
        assert told(given(books, kind, LONG[kind], "--dry-run")) == []
        books.relance("import", "undo", "--company", "ACME").done()
        assert held(books) == before
    assert answers[0] == answers[1]


def test_a_customer_named_twice_far_apart_is_a_fault(books, monkeypatch):
    monkeypatch.setattr(tuples, "BATCH", SHORT)
    text = "Code client;Nom;E-mail\nC7;;\nC1;Zoé;\nC9;;\nC7;;\nC6;;à\n;Client C1;\n"  # the name that line 3 gives away
    answer = given(books, "customers", text).refused("line 5, Code client: this customer stands on line 2 already")
    assert "line 6, E-mail: not an e-mail address" in answer.err
    assert "line 7, Code client: this customer stands on line 3 already" in answer.err


def test_of_a_long_list_the_first_rows_are_told_and_the_others_counted(books):
    rows = "".join(f"C{number};Atlantis {number}\n" for number in range(10, 3_510))
    [file] = given(books, "customers", f"Code client;Pays\n{rows}", "--dry-run").done().json["files"]
    assert ([one["line"] for one in file["rows"]], file["further"]) == (list(range(2, 1_002)), 2_500)
    assert len(file["remarks"]) == 101
    assert file["remarks"][-1] == "something else that was passed over: 3400 times"


def test_a_column_named_by_hand_is_remembered_for_the_source(books):
    text = PAYMENTS.replace("Facture réglée", "Lettre")
    given(books, "payments", text, "--source", "caisse", "--column", "document=Lettre").done()
    given(books, "payments", text + "C1;06/02/2026;V4;FA-1;20,00\n", "--source", "caisse").done()
    assert re.match("0.00", books.explain("FA-1", "2026-07-20")[0]["open"])
