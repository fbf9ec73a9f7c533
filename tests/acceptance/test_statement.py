"""What does a statement of account hold, and how does it travel? (Section 9.)"""

import io

import pikepdf
import pytest

from tests.acceptance.world import TODAY, contact
from tests.letters.reading import text


def statement(world, as_of=TODAY):
    out = world.folder / "statement.pdf"
    world.relance("statement", "--company", "ACME", "--customer", "C001", "--as-of", as_of, "--out", out).done()
    return out.read_bytes()


def owing(world, **customer):
    world.customer("C001", contacts=[contact("Germaine", roles=["main"])], **customer)
    world.invoice("FA-1")
    world.invoice("FA-2", due="2026-08-10", amount="250.00")
    world.invoice("FA-3", amount="30.00", payment_method="PRLV")
    world.credit("AV-1", amount="-40.00")
    world.load()
    return world


def test_a_statement_holds_all_that_is_open_due_or_not_less_the_credits(world):
    owing(world)
    said = text(statement(world))
    assert [number for number in ("FA-1", "FA-2", "FA-3", "AV-1", "340,00", "dont 130,00") if number not in said] == []
    assert ("Solde du compte" in said, "Total à régler" in said) == (True, False)


@pytest.mark.parametrize(("language", "title"), [("fr", "Relevé de compte"), ("en", "Statement of account"), ("de", "Kontoauszug")])
def test_a_statement_speaks_the_customers_language(world, language, title):
    owing(world, language=language)
    assert title in text(statement(world))


def test_a_statement_changes_nothing(world):
    owing(world)
    before = world.rows()
    statement(world)
    assert world.rows() == before


def test_a_customer_who_owes_nothing_has_no_statement(world):
    world.customer("C001")
    world.load()
    asked = ("--company", "ACME", "--customer", "C001", "--as-of", TODAY, "--out", world.folder / "s.pdf")
    world.relance("statement", *asked).refused("owes nothing")
    assert not (world.folder / "s.pdf").exists()


def test_a_statement_travels_beside_a_mail_of_the_follow_up(world):
    owing(world)
    world.ask("write", "--customer", "C001", "--to", "contacts", "--statement", "--as-of", TODAY).done()
    [mail] = world.mails()
    [beside] = mail.iter_attachments()
    assert (mail.defects, beside.get_content_type(), beside.get_filename()) == (
        [],
        "application/pdf",
        "releve-de-compte-C001-2026-07-15.pdf",
    )
    assert len(pikepdf.open(io.BytesIO(beside.get_content())).pages) == 1
    assert "FA-1" in mail.get_body(("plain",)).get_content()
