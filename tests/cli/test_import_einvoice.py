"""Do electronic invoices and the messages about them come in by the command line?"""

import pytest

from tests.acceptance.world import World
from tests.importers.einvoices import BUYER, SELLER, cii, facturx, message, ubl

ACCOUNT = "FR7630006000011234567890189"


@pytest.fixture
def books(world: World) -> World:
    """The company that sells, which holds no invoice yet."""
    world.company(siren="100 000 009", vat_number="FR88100000009")
    world.load()
    return world


def imported(books: World, *files: bytes, flags: tuple[str, ...] = ()):
    """The answer to the import of files, told apart by their beginnings."""
    paths = []
    for number, content in enumerate(files, 1):
        paths.append(books.folder / f"{number}.{'pdf' if content.startswith(b'%PDF') else 'xml'}")
        paths[-1].write_bytes(content)
    return books.relance("import", "einvoice", *paths, "--company", "ACME", *flags, "--json")


def counts(answer) -> dict[str, str]:
    """Of the only file: ``{"documents": "created 1"}``."""
    [file] = answer.done().json["files"]
    return {noun: " ".join(f"{fate} {count}" for fate, count in fates.items()) for noun, fates in file["counts"].items()}


def remarks(answer) -> list[str]:
    return [remark for file in answer.done().json["files"] for remark in file["remarks"]]


def changed(answer) -> list[str]:
    """``"FA-1 open None 120.00"``."""
    files = answer.done().json["files"]
    return [f"{one['document']} {one['what']} {one['before']} {one['after']}" for file in files for one in file["changed"]]


def document(books: World, number: str = "FA-1") -> dict:
    [found] = [one for one in books.dump()["documents"] if one["number"] == number]
    return found


def owed(books: World, as_of: str = "2027-01-01") -> dict[str, str]:
    return {account["account"]: account["total"] for account in books.aged(as_of)["accounts"]}


# -- invoices


@pytest.mark.parametrize("written", [cii(), ubl(), facturx()], ids=["CII", "UBL", "PDF"])
def test_an_invoice_becomes_a_document_of_a_new_customer(books, written):
    assert counts(imported(books, written)) == {
        "customers": "created 1",
        "sites": "created 1",
        "contacts": "created 1",
        "documents": "created 1",
    }
    [customer] = books.dump()["customers"]
    assert (customer["code"], customer["name"], customer["siren"], customer["vat_number"]) == (
        "200000008",
        "La Futaie",
        "200000008",
        "FR37200000008",
    )
    [site], [contact] = customer["sites"], customer["contacts"]
    assert (site["address"], site["postcode"], site["city"], site["email"]) == (
        ["12 rue des Lilas"],
        "33000",
        "Bordeaux",
        "compta@futaie.example",
    )
    assert (contact["name"], contact["receives"]) == ("Awa Ndiaye", ["invoices"])
    held = document(books)
    assert (held["date"], held["label"], held["payment_method"], held["site"]) == ("2026-01-01", "BC-7", "VIR", site["code"])
    assert [(one["due_date"], one["amount"]) for one in held["due"]] == [("2026-01-31", "120.00")]


def test_the_same_invoice_again_changes_nothing(books):
    imported(books, facturx()).done()
    before = books.dump()
    for written in (facturx(), cii(), ubl()):
        assert changed(imported(books, written)) == []
        after = books.dump()
        for part in ("customers", "documents", "payments", "payment_methods"):
            assert after[part] == before[part]


def test_what_would_change_is_shown_before_it_is_applied(books):
    before = books.rows()
    assert changed(imported(books, cii(), flags=("--dry-run",))) == ["FA-1 open None 120.00"]
    assert books.rows() == before


def test_the_pdf_is_the_original_of_its_invoice(books):
    imported(books, facturx()).done()
    [original] = document(books)["attachments"]
    assert (original["kind"], original["filename"]) == ("original", "1.pdf")


def test_a_pdf_that_acts_by_itself_is_not_kept_but_its_invoice_is(books):
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(facturx())) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('hello')")
        pdf.save(acting := io.BytesIO())
    [remark] = remarks(imported(books, acting.getvalue()))
    assert remark.startswith("the PDF of FA-1 is not kept, since it does something by itself")
    assert document(books)["attachments"] == []


def test_what_was_prepaid_is_a_payment(books):
    imported(books, cii(prepaid="50.00", payable="70.00")).done()
    assert owed(books) == {"200000008": "70.00"}
    [payment] = books.dump()["payments"]
    assert (payment["reference"], payment["amount"], payment["date"]) == ("ACOMPTE 200000008 FA-1", "50.00", "2026-01-01")


def test_instalments_are_due_items(books):
    imported(books, cii(terms=(("2026-02-28", "70.00"), ("2026-03-31", "50.00")))).done()
    assert [(one["due_date"], one["amount"]) for one in document(books)["due"]] == [("2026-02-28", "70.00"), ("2026-03-31", "50.00")]


def test_the_payment_terms_give_a_due_date_to_an_invoice_that_names_none(books):
    imported(books, cii(due="")).done()
    assert [one["due_date"] for one in document(books)["due"]] == ["2026-01-31"]


def test_a_direct_debit_is_not_dunned(books):
    imported(books, cii(means="59")).done()
    assert document(books)["payment_method"] == "PRLV"
    assert books.explain("FA-1", "2026-03-01")[0]["reason"] == "payment_method"


def test_a_credit_note_lowers_the_balance_and_tells_what_it_credits(books):
    imported(books, cii()).done()
    answer = imported(books, cii(code="381", number="AV-1", net="25.00", vat="5.00", total="30.00", payable="30.00", corrects="FA-1"))
    assert remarks(answer) == ["AV-1 credits FA-1"]
    assert owed(books) == {"200000008": "90.00"}


def test_an_invoice_of_which_the_company_is_the_buyer_is_a_suppliers(books):
    imported(books, cii(seller=BUYER, buyer=SELLER)).done()
    held = document(books)
    assert (held["supplier"], "customer" in held, held["payment_method"]) == ("200000008", False, "VIR")
    assert books.dump()["suppliers"][0]["name"] == "La Futaie"
    assert owed(books) == {}


@pytest.mark.parametrize(
    ("held", "remark"),
    [
        ({"code": "C9", "name": "Futaie", "siren": "200000008"}, []),
        ({"code": "C9", "name": "Futaie", "vat_number": "FR37200000008"}, ["taken for the customer C9 Futaie"]),
        ({"code": "C9", "name": "LA FUTAIE"}, ["taken for the customer C9 LA FUTAIE"]),
    ],
    ids=["SIREN", "VAT", "name"],
)
def test_a_customer_is_known_again_by_its_numbers_or_its_name(books, held, remark):
    books.update(customers=[held])
    answer = imported(books, cii())
    assert [told.partition(" is ")[2].partition(",")[0] for told in remarks(answer)] == remark
    [customer] = books.dump()["customers"]
    assert (customer["code"], customer["siren"]) == ("C9", "200000008")


def test_a_customer_of_the_same_name_with_another_siren_is_another(books):
    books.update(customers=[{"code": "C9", "name": "La Futaie", "siren": "300000007"}])
    imported(books, cii()).done()
    assert [one["code"] for one in books.dump()["customers"]] == ["200000008", "C9"]


def test_a_document_that_another_source_booked_learns_its_due_date(books):
    books.update(
        customers=[{"code": "DURAND", "name": "Durand et fils"}],
        documents=[{"number": "FA-1", "customer": "DURAND", "date": "2026-01-01", "due": [{"due_date": "2026-01-01", "amount": "120.00"}]}],
    )
    assert "FA-1 due_date 2026-01-01 2026-01-31" in changed(imported(books, cii()))
    held = document(books)
    assert (held["customer"], held["payment_method"], held["due"][0]["due_date"]) == ("DURAND", "VIR", "2026-01-31")


def test_an_invoice_that_contradicts_what_is_held_is_refused(books):
    imported(books, cii()).done()
    before = books.rows()
    answer = imported(books, cii(net="200.00", vat="40.00", total="240.00", payable="240.00"))
    answer.refused("FA-1 is held as invoice of 120.00 EUR; this one is invoice of 240.00 EUR")
    assert books.rows() == before


def test_an_invoice_between_others_is_refused(books):
    before = books.rows()
    other = SELLER | {"name": "Autre", "siren": "300000007", "vat": ""}
    imported(books, cii(seller=other)).refused("FA-1 is from Autre (300000007) to La Futaie (200000008): ACME is neither")
    assert books.rows() == before


def test_a_company_without_numbers_cannot_tell_its_own_invoices(world):
    world.load()
    imported(world, cii()).refused("ACME has neither a SIREN nor a VAT number")


def test_what_can_be_read_comes_in_and_what_cannot_is_told(books):
    answer = imported(books, b"<a/>", cii(payable="1.00"), cii())
    answer.refused('1.xml: this is XML, but neither CII nor UBL nor a life-cycle message: "a"')
    answer.refused("2.xml: BT-115: the amount due does not add up")
    assert owed(books) == {"200000008": "120.00"}


# -- what has become of them


def test_an_invoice_in_dispute_is_held_with_the_reason_until_it_is_approved(books):
    imported(books, message("207", reason="Prix faux"), cii()).done()
    held = document(books)
    assert (held["einvoice_status"], held["block_reason"]) == ("207", "dispute")
    assert held["block_comment"] == "En litige (207) le 10/02/2026 : Prix faux"
    assert books.explain("FA-1", "2026-03-01")[0]["reason"] == "blocked"
    imported(books, message("205", at="2026-02-20T10:00:00")).done()
    held = document(books)
    assert (held["no_auto_dunning"], held["no_manual_dunning"], held["block_comment"]) == (False, False, "")


def test_a_block_that_a_person_has_taken_over_is_not_lifted_by_a_message(books):
    imported(books, cii(), message("208")).done()
    books.relance("block", "--company", "ACME", "--document", "FA-1", "--kind", "automatic", "--comment", "Vu avec Awa").done()
    imported(books, message("209", at="2026-02-20T10:00:00")).done()
    assert document(books)["no_auto_dunning"]


@pytest.mark.parametrize(("code", "word"), [("210", "Refusée"), ("213", "Rejetée"), ("220", "Annulée")])
def test_an_invoice_refused_rejected_or_cancelled_is_stopped_for_good(books, code, word):
    imported(books, cii(), message(code)).done()
    imported(books, message("205", at="2026-02-20T10:00:00")).done()
    held = document(books)
    assert (held["no_auto_dunning"], held["no_auto_dunning_until"], held["block_comment"]) == (True, None, f"{word} ({code}) le 10/02/2026")


def test_a_payment_that_was_sent_pauses_for_ten_days(books):
    imported(books, cii(), message("211", paid_on="2026-02-09")).done()
    assert document(books)["no_auto_dunning_until"] == "2026-02-19"
    assert books.explain("FA-1", "2026-02-19")[0]["reason"] == "blocked"
    assert books.explain("FA-1", "2026-02-20")[0]["decision"] == "dun"


def test_a_pause_does_not_shorten_a_dispute(books):
    imported(books, cii(), message("207")).done()
    imported(books, message("211", at="2026-02-12T10:00:00")).done()
    assert document(books)["no_auto_dunning_until"] is None


def test_what_was_collected_is_a_payment_and_what_bounced_is_owed_again(books):
    imported(books, cii(), message("212", collected="100.00", issuer="SE")).done()
    assert owed(books) == {"200000008": "20.00"}
    assert changed(imported(books, message("212", at="2026-02-15T10:00:00", collected="-100.00"))) == ["FA-1 open 20.00 120.00"]
    assert owed(books) == {"200000008": "120.00"}
    assert [(one["kind"], one["amount"]) for one in books.dump()["payments"]] == [("payment", "100.00"), ("return", "-100.00")]


def test_a_credit_note_is_collected_by_an_amount_below_zero(books):
    credit = cii(code="381", number="AV-1", net="25.00", vat="5.00", total="30.00", payable="30.00")
    imported(books, cii(), credit, message("212", collected="120.00")).done()
    assert changed(imported(books, message("212", "AV-1", collected="-30.00"))) == ["AV-1 open -30.00 0.00"]
    assert owed(books) == {}
    imported(books, message("212", "AV-1", at="2026-02-15T10:00:00", collected="30.00")).done()
    assert owed(books) == {"200000008": "-30.00"}


def test_the_same_message_again_changes_nothing(books):
    imported(books, cii(), message("212", collected="100.00"), message("207")).done()
    before = books.dump()
    answer = imported(books, message("212", collected="100.00", issuer="SE"), message("207"))
    assert changed(answer) == []
    assert [books.dump()[part] for part in ("documents", "payments")] == [before[part] for part in ("documents", "payments")]


def test_a_collection_of_what_is_settled_already_books_nothing(books):
    imported(books, cii(prepaid="120.00", payable="0.00")).done()
    assert remarks(imported(books, message("212", collected="120.00"))) == [
        "FA-1 is settled already: the 120.00 of 2026-02-10 are not booked"
    ]
    assert len(books.dump()["payments"]) == 1


def test_a_message_that_comes_late_does_not_bring_back_what_is_over(books):
    imported(books, cii(), message("205", at="2026-02-20T10:00:00")).done()
    [remark] = remarks(imported(books, message("207")))
    assert remark == "FA-1: status 207 of 2026-02-10 is older than what is known, and changes nothing"
    assert not document(books)["no_auto_dunning"]


def test_a_factored_invoice_is_not_to_be_paid_to_the_company(books):
    imported(books, cii(), message("225", payee="Factor SA", iban=ACCOUNT)).done()
    held = document(books)
    assert (held["paid_elsewhere"], held["payee_name"], held["payee_iban"]) == (True, "Factor SA", ACCOUNT)
    imported(books, message("228", at="2026-02-20T10:00:00")).done()
    assert not document(books)["paid_elsewhere"]


@pytest.mark.parametrize(("code", "payee"), [("225", "Factor SA"), ("226", ""), ("227", "Factor SA")])
def test_who_is_paid_changes_with_a_factor_and_with_another_account_and_a_hidden_factor_stays_unknown(code, payee, books):
    imported(books, cii(), message(code, payee="Factor SA", iban=ACCOUNT)).done()
    assert (document(books)["paid_elsewhere"], document(books).get("payee_name", "")) == (True, payee)
    imported(books, message("228", at="2026-02-20T10:00:00")).done()
    assert not document(books)["paid_elsewhere"]


@pytest.fixture
def factored(books: World) -> World:
    """An invoice that a factor has, overdue, of a company that has an account of its own."""
    books.update(company={"code": "ACME", "name": "Acme SAS", "iban": ACCOUNT, "bic": "AGRIFRPP"})
    imported(books, cii(), message("225", payee="Factor SA", iban="DE89370400440532013000")).done()
    return books


def test_who_is_reminded_of_a_factored_invoice_is_told_whom_to_pay(factored):
    factored.batch("2026-02-15")
    [mail] = factored.mails()
    text = mail.get_body(("plain",)).get_content()
    assert "FA-1 : Factor SA · DE89 3704 0044 0532 0130 00" in text.replace("\N{NO-BREAK SPACE}", " ").replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )
    assert "FR76" not in text


def test_a_reminder_that_is_queued_is_withdrawn_when_the_payee_changes(books):
    imported(books, cii()).done()
    books.batch("2026-02-15", "--no-wait")
    imported(books, message("226")).done()
    books.batch("2026-02-15")
    assert "withdrawn" in [one["status"] for one in books.history()["notices"]]


def test_a_message_about_what_is_not_held_is_told_and_stores_nothing(books):
    before = books.rows()
    assert remarks(imported(books, message("207", number="FA-9"))) == ["FA-9 is not held: status 207 of 2026-02-10 is left aside"]
    assert remarks(imported(books, message("207", seller="300000007"))) == [
        "FA-1 is an invoice of another seller (300000007): the message is left aside"
    ]
    assert books.rows() == before
