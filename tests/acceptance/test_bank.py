"""Does money that the bank tells of settle what it was paid for, once, and not a cent else?"""

import json

import pytest
from django.utils.timezone import localdate

from tests.acceptance.world import TODAY, World
from tests.importers.banks import Move, camt, cfonb


@pytest.fixture
def books(world: World) -> World:
    """Two customers with three open invoices."""
    world.customer("C001", name="Dupont Vins SARL")
    world.customer("C002", name="Éts Martin")
    world.invoice("FA-2026-001", "C001", amount="120.00", due="2026-06-30")
    world.invoice("FA-2026-002", "C001", amount="80.00", due="2026-07-05")
    world.invoice("FA-2026-003", "C002", amount="50.00", due="2026-07-07")
    world.load()
    return world


def banked(books: World, content: bytes, *flags: str, name: str = "releve.xml"):
    path = books.folder / name
    path.write_bytes(content)
    return books.relance("import", "bank", path, "--company", "ACME", *flags, "--json")


def told(answer) -> dict[str, int]:
    """How many entries are new and the same, and what became of all that waits."""
    [file] = answer.done().json["files"]
    counts = file["counts"]["bank_entries"]
    return {name: found for name, found in (("new", counts.get("created", 0)), ("same", counts.get("same", 0))) if found} | {
        name: file[name] for name in ("certain", "on_account", "waiting") if file[name]
    }


def open_items(books: World) -> dict[str, str]:
    """What is open by document; settled ones are left out."""
    operations = [one for account in books.aged("2026-08-31")["accounts"] for one in account["operations"]]
    return {one["document"]: one["amount"] for one in operations}


def waiting(books: World) -> list[dict]:
    return books.ask("match").done().json["waiting"]


PAID = Move("2026-07-10", 12000, "Facture FA-2026-001", "DUPONT VINS", "FR1420041010050500013M02606")


def test_money_that_names_its_invoice_and_pays_it_to_the_cent_settles_it(books):
    assert told(banked(books, camt([PAID]))) == {"new": 1, "certain": 1}
    assert open_items(books) == {"FA-2026-002": "80.00", "FA-2026-003": "50.00"}
    [payment] = books.dump()["payments"]
    assert (payment["date"], payment["customer"], payment["allocations"][0]["date"]) == ("2026-07-10", "C001", "2026-07-10")


def test_the_same_statement_again_changes_nothing(books):
    banked(books, camt([PAID])).done()
    before = books.dump()
    assert told(banked(books, camt([PAID]))) == {"same": 1}
    assert books.dump() == before


def test_a_file_that_does_not_add_up_stores_nothing(books):
    before = books.rows()
    banked(books, camt([PAID], closing=12500)).refused("5.00 missing")
    assert books.rows() == before


def test_what_would_come_of_a_statement_is_told_without_storing_it(books):
    before = books.rows()
    assert told(banked(books, camt([PAID]), "--dry-run")) == {"new": 1, "certain": 1}
    assert books.rows() == before


def test_overlapping_statements_keep_each_entry_once_and_two_alike_of_one_day_both(books):
    twice = [Move("2026-07-10", 700, "ACOMPTE"), Move("2026-07-10", 700, "ACOMPTE")]
    assert told(banked(books, cfonb(twice, opening=100)))["new"] == 2
    assert told(banked(books, cfonb([*twice, Move("2026-07-11", 700, "ACOMPTE")], opening=100))) == {"new": 1, "same": 2, "waiting": 3}


def test_a_statement_that_goes_on_in_the_middle_of_a_day_adds_an_entry_that_is_just_like_one_before(books):
    one = [Move("2026-07-10", 700, "ACOMPTE")]
    banked(books, cfonb(one, opening=100)).done()
    assert told(banked(books, cfonb(one, opening=800))) == {"new": 1, "waiting": 2}
    assert told(banked(books, cfonb(one, opening=800))) == {"same": 1, "waiting": 2}
    assert told(banked(books, cfonb(one * 2, opening=100))) == {"same": 2, "waiting": 2}


def test_what_is_not_certain_is_proposed_with_its_reason_and_nothing_is_allocated(books):
    banked(books, camt([Move("2026-07-10", 5000, "REGLEMENT", "ETS MARTIN"), Move("2026-07-10", 9999, "VIREMENT")])).done()
    first, second = waiting(books)
    assert [(one["customer"], one["parts"][0]["document"], one["reason"], one["confidence"]) for one in first["proposals"]] == [
        ("C002", "FA-2026-003", "same_name", "medium")
    ]
    assert second["proposals"] == []
    assert len(open_items(books)) == 3


def test_an_accepted_proposal_settles_and_teaches_whose_the_account_is(books):
    iban = "FR1420041010050500013M02606"
    banked(books, camt([Move("2026-07-10", 5000, "REGLEMENT", "HOLDING X", iban)])).done()
    [one] = waiting(books)
    changed = books.ask("match", "--accept", one["key"]).done().json["changed"]
    assert [(line["document"], line["before"], line["after"]) for line in changed] == [("FA-2026-003", "50.00", "0.00")]
    assert told(banked(books, camt([Move("2026-07-11", 1000, "ACOMPTE", "HOLDING X", iban)], opening=5000))) == {"new": 1, "on_account": 1}


def test_an_undo_puts_everything_back_and_forgets_what_it_had_taught(books):
    iban = "FR1420041010050500013M02606"
    books.batch("2026-07-10")
    banked(books, camt([Move("2026-07-10", 5000, "REGLEMENT", "HOLDING X", iban)])).done()
    [one] = waiting(books)
    before = without_history(books)
    assert books.stored_customer("C002")["level"] == 1
    books.ask("match", "--accept", one["key"]).done()
    assert books.stored_customer("C002")["level"] == 0
    books.ask("match", "--undo", one["key"]).done()
    assert without_history(books) == before
    assert told(banked(books, camt([Move("2026-07-11", 1000, "ACOMPTE", "HOLDING X", iban)], opening=5000)))["waiting"] == 2
    assert [event["what"] for event in books.history()["events"] if "match" in event["what"]] == ["match_undone", "payment_matched"]


def without_history(books: World) -> dict:
    return {key: value for key, value in books.dump().items() if key != "history"}


def test_money_is_split_over_several_documents_and_the_rest_stays_on_account(books):
    banked(books, camt([Move("2026-07-10", 15000, "REGLEMENT")])).done()
    [one] = waiting(books)
    books.ask("match", "--settle", one["key"], "--document", "FA-2026-001", "--document", "FA-2026-002=10.00").done()
    assert open_items(books)["FA-2026-002"] == "70.00"
    assert "-20.00" in open_items(books).values()


def test_a_deposit_of_several_customers_becomes_a_payment_of_each(books):
    banked(books, camt([Move("2026-07-10", 17000, "REMISE CHEQUES")])).done()
    [one] = waiting(books)
    books.ask("match", "--settle", one["key"], "--document", "FA-2026-001", "--document", "FA-2026-003").done()
    assert open_items(books) == {"FA-2026-002": "80.00"}
    assert sorted((one["customer"], one["amount"]) for one in books.dump()["payments"]) == [("C001", "120.00"), ("C002", "50.00")]
    books.ask("match", "--undo", one["key"]).done()
    assert len(open_items(books)) == 3


def test_more_than_is_open_is_refused(books):
    banked(books, camt([Move("2026-07-10", 30000, "REGLEMENT")])).done()
    [one] = waiting(books)
    before = books.rows()
    books.ask("match", "--settle", one["key"], "--document", "FA-2026-001=130.00").refused("less open")
    assert books.rows() == before


def test_a_payment_left_on_account_lowers_what_the_customer_owes_and_waits_no_longer(books):
    banked(books, camt([Move("2026-07-10", 4000, "VIREMENT")])).done()
    [one] = waiting(books)
    books.ask("match", "--leave", one["key"], "--customer", "C002").done()
    assert waiting(books) == []
    assert {account["account"]: account["total"] for account in books.aged("2026-08-31")["accounts"]}["C002"] == "10.00"


def test_an_entry_that_no_customer_paid_is_set_aside_and_can_be_brought_back(books):
    banked(books, camt([Move("2026-07-10", 4000, "REMBOURSEMENT ASSURANCE")])).done()
    [one] = waiting(books)
    books.ask("match", "--set-aside", one["key"]).done()
    assert waiting(books) == []
    [aside] = books.ask("match", "--aside").done().json["set_aside"]
    assert (aside["key"], aside["amount"], aside["says"]) == (one["key"], "40.00", "REMBOURSEMENT ASSURANCE")
    [kept] = books.dump()["bank_accounts"][0]["entries"]
    assert (kept["aside_on"], kept["aside_by"]) == (aside["on"], aside["by"]) == (localdate().isoformat(), aside["by"] or "nobody")
    books.ask("match", "--undo", one["key"]).done()
    assert len(waiting(books)) == 1


@pytest.mark.parametrize(
    "content",
    [
        camt([Move("2026-07-20", -10000, "FA-2026-009", "CLIENT C003", returned="MD06")], opening=20000),
        cfonb([Move("2026-07-20", -10000, "FA-2026-009", returned="20", code="B3")], opening=20000),
    ],
)
def test_a_direct_debit_that_comes_back_reopens_its_invoice_which_may_be_dunned_from_then_on(world: World, content: bytes):
    world.options(fallback_payment_method="VIR")
    world.invoice("FA-2026-009", "C003", payment_method="PRLV", due="2026-07-07")
    world.payment("P-9", "100.00", "2026-07-07", {"FA-2026-009": "100.00"}, customer="C003")
    world.load()
    assert told(banked(world, content)) == {"new": 1, "certain": 1}
    assert world.stored_document("FA-2026-009")["payment_method"] == "VIR"
    assert [one["kind"] for one in world.dump()["payments"]] == ["return", "payment"]
    assert [line["document"] for notice in world.batch("2026-07-21").notices for line in notice["lines"]] == ["FA-2026-009"]


def test_undoing_a_return_gives_the_document_its_payment_method_back(world: World):
    world.options(fallback_payment_method="VIR")
    world.invoice("FA-2026-009", "C003", payment_method="PRLV")
    world.payment("P-9", "100.00", "2026-07-07", {"FA-2026-009": "100.00"}, customer="C003")
    world.load()
    banked(world, camt([Move("2026-07-20", -10000, "RETOUR", "CLIENT C003", returned="AM04")], opening=20000)).done()
    [one] = waiting(world)
    before = without_history(world)
    world.ask("match", "--accept", one["key"]).done()
    assert world.stored_document("FA-2026-009")["payment_method"] == "VIR"
    world.ask("match", "--undo", one["key"]).done()
    assert without_history(world) == before


def test_money_for_invoices_that_came_in_after_it_is_matched_when_asked(books):
    banked(books, camt([Move("2026-07-10", 3000, "FA-2026-009")])).done()
    books.update(
        documents=[
            {"number": "FA-2026-009", "customer": "C001", "date": "2026-07-01", "due": [{"due_date": "2026-07-31", "amount": "30.00"}]}
        ]
    )
    books.ask("match", "--certain").done()
    assert "FA-2026-009" not in open_items(books)


def test_a_customer_who_pays_twice_settles_once_and_the_rest_is_on_his_account(books):
    again = PAID._replace(on="2026-07-12")
    assert told(banked(books, camt([PAID, again]))) == {"new": 2, "certain": 1, "on_account": 1}


def test_one_account_told_in_two_formats_is_refused(books):
    banked(books, camt([PAID], account="FR7630006000011234567890189")).done()
    before = books.rows()
    banked(books, cfonb([PAID], account="12345678901")).refused("one account, one format")
    assert books.rows() == before


def test_all_that_the_bank_told_travels_in_the_dossier(books):
    banked(books, camt([PAID, Move("2026-07-11", 9999, "VIREMENT"), Move("2026-07-11", -500, "FRAIS")])).done()
    dumped = books.dump()
    assert [len(account["entries"]) for account in dumped["bank_accounts"]] == [3]
    other = json.loads(json.dumps(dumped).replace('"ACME"', '"COPY"'))
    books.try_load(other).done()
    copied = books.relance("dump", "--company", "COPY").done().json
    assert copied == other


def test_the_figures_of_the_bank_are_as_fresh_as_its_last_statement(books):
    books.update(options={"max_bank_age_days": 5})
    banked(books, camt([PAID])).done()
    assert books.batch(TODAY).notices is not None


HEADS = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|"
    "PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
)
FEC = f"""{HEADS}
VE|Ventes|1|20260601|411000|Clients|C9|Petit Frères|FC-1001|20260601|Facture|240,00|0,00|||20260601||
VE|Ventes|1|20260601|707000|Ventes|||FC-1001|20260601|Facture|0,00|240,00|||20260601||
"""
PAID_IN_FEC = """BQ|Banque|2|20260713|512000|Banque|||V1|20260713|Virement|240,00|0,00|||20260713||
BQ|Banque|2|20260713|411000|Clients|C9|Petit Frères|V1|20260713|Virement|0,00|240,00|||20260713||
"""


def ledger(books: World, text: str) -> None:
    path = books.folder / "fec.txt"
    path.write_text(text)
    books.relance("import", "fec", path, "--company", "ACME", "--json").done()


def test_a_payment_that_the_ledger_tells_after_the_bank_takes_its_place_and_what_it_settled(books):
    ledger(books, FEC)
    assert told(banked(books, camt([Move("2026-07-10", 24000, "FC 1001", "PETIT FRERES")])))["certain"] == 1
    ledger(books, FEC + PAID_IN_FEC)
    assert [(one["reference"], one["amount"]) for one in books.dump()["payments"]] == [("C9 V1", "240.00")]
    assert "FC-1001" not in open_items(books)
    ledger(books, FEC + PAID_IN_FEC)
    assert "FC-1001" not in open_items(books)


def test_an_entry_whose_payment_the_ledger_has_already_makes_no_second_one(books):
    ledger(books, FEC + PAID_IN_FEC)
    assert told(banked(books, camt([Move("2026-07-10", 24000, "VIREMENT", "PETIT FRERES")]))) == {"new": 1}
    assert [one["reference"] for one in books.dump()["payments"]] == ["C9 V1"]


def test_a_payment_without_a_letter_is_matched_and_the_next_file_leaves_it_so(books):
    ledger(books, FEC + PAID_IN_FEC)
    [one] = waiting(books)
    assert (one["kind"], one["proposals"][0]["parts"][0]["document"]) == ("payment", "FC-1001")
    books.ask("match", "--accept", one["key"]).done()
    ledger(books, FEC + PAID_IN_FEC)
    assert waiting(books) == []
    books.ask("match", "--undo", one["key"]).done()
    assert [other["key"] for other in waiting(books)] == [one["key"]]
