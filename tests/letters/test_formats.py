"""How does each language write figures and dates?"""

import pytest

from relance.letters import formats


@pytest.mark.parametrize(
    ("minor", "currency", "language", "written"),
    [
        (123450, "EUR", "fr", "1\u202f234,50\u00a0€"),
        (-5, "EUR", "fr", "-0,05\u00a0€"),
        (123456789, "JPY", "fr", "123\u202f456\u202f789\u00a0JPY"),
        (1234, "TND", "fr", "1,234\u00a0TND"),
        (123450, "EUR", "en", "€1,234.50"),
        (-123450, "USD", "en", "-US$1,234.50"),
        (100000, "CHF", "en", "CHF\u00a01,000.00"),
        (123450, "EUR", "de", "1.234,50\u00a0€"),
        (0, "EUR", "fr", "0,00\u00a0€"),
        (100, "EUR", "zz", "€1.00"),
    ],
)
def test_an_amount_is_written_with_its_currency(minor, currency, language, written):
    assert formats.amount(minor, currency, language) == written


@pytest.mark.parametrize(
    ("iso", "language", "figures", "words"),
    [
        ("2026-11-21", "fr", "21/11/2026", "21 novembre 2026"),
        ("2026-12-01", "fr", "01/12/2026", "1er décembre 2026"),
        ("2026-12-11", "fr", "11/12/2026", "11 décembre 2026"),
        ("2026-12-01", "en", "01/12/2026", "1 December 2026"),
        ("2026-12-01", "de", "01.12.2026", "1. Dezember 2026"),
        ("2026-12-01", "zz", "01/12/2026", "1 December 2026"),
    ],
)
def test_a_date_is_written_in_figures_and_in_words(iso, language, figures, words):
    assert (formats.day(iso, language), formats.long_day(iso, language)) == (figures, words)


def test_an_account_number_stands_in_groups_of_four():
    assert formats.iban("FR76 30006000011234567890189") == "FR76 3000 6000 0112 3456 7890 189"


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("Rappel : 40 € « dus » ; oui ?", "fr", "Rappel\u00a0: 40\u00a0€ «\u00a0dus\u00a0»\u00a0; oui\u00a0?"),
        ("Voir https://x.example", "fr", "Voir https://x.example"),
        ("Note : 40 €", "en", "Note : 40 €"),
    ],
)
def test_french_never_breaks_a_line_before_a_colon(text, language, written):
    assert formats.unbroken(text, language) == written
