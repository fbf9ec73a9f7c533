"""Are pages and actions found by a few letters, and only those that the user may see?"""

from relance.models import Company
from tests.web.test_imports import words


def asked(client, text: str) -> str:
    return words(client.get(f"/c/ACME/search/?q={text}", headers={"hx-request": "true"}))


def test_a_page_and_an_action_are_found_by_the_beginnings_of_their_words(browser, acme: Company):
    found = asked(browser("administrator", acme, language="fr"), "balance")
    assert "Balance âgée" in found
    assert "Corriger des niveaux" in asked(browser("administrator", acme, language="fr"), "niv corr")


def test_nobody_is_led_where_he_may_not_go(browser, acme: Company):
    assert "Correct levels" not in asked(browser("reader", acme), "levels")
    assert "Correct levels" in asked(browser("manager", acme), "levels")


def test_nothing_typed_yet_offers_every_page(browser, acme: Company):
    found = asked(browser("reader", acme), "")
    assert "Aged balance" in found
    assert "Policies" not in found


def test_the_help_is_found_by_its_titles_and_where_nothing_else_is_by_its_words(browser, acme: Company):
    client = browser("reader", acme)
    assert "Block an invoice, leave a customer alone" in client.get("/c/ACME/search/?q=block").content.decode()
    assert "Read the aged balance" not in client.get("/c/ACME/search/?q=FA-1", follow=True).content.decode()
    assert "/help/exporter-les-listes/" in client.get("/c/ACME/search/?q=spreadsheet").content.decode()
