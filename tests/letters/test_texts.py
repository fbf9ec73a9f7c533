"""Does each default text say what an accountant would sign and a lawyer would not strike out?"""

from itertools import product

import pytest

from relance.letters.placeholders import check_text
from relance.letters.texts import default_text, text_of
from tests.letters.notices import notice

RANKS = ("pre_due", "first", "second", "final")
LANGUAGES = ("fr", "en", "de")
KINDS = ("business", "public", "consumer")


def whole(*args, **said):
    """A default text in one string, every space a plain one."""
    return " ".join("\n".join(default_text(*args, **said)).replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize(("language", "rank", "kind", "preceded"), list(product(LANGUAGES, RANKS, KINDS, (True, False))))
def test_every_default_text_is_whole(language, rank, kind, preceded):
    text = default_text(rank, language, kind, preceded=preceded)
    assert all(text)
    assert [problem for part in text for problem in check_text(part)] == []
    assert ("{previous_date}" in text.header) <= preceded
    assert "\n\n\n" not in "".join(text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rank", ["pre_due", "first"])
def test_the_first_words_never_threaten(language, rank):
    text = whole(rank, language).lower()
    threats = ("pénalit", "40", "judiciaire", "demeure", "interest", "the courts", "formal notice", "verzug", "gerichtlich", "mahnung")
    assert [word for word in threats if word in text] == []


LAW = ["L441-10", "D441-5", "L2192-13", "D2192-35", "BGB", "40 €", "€40", "pénalités", "intérêts", "interest", "Verzugszinsen"]


@pytest.mark.parametrize(
    ("language", "kind", "quoted"),
    [
        ("fr", "business", {"L441-10", "D441-5", "40 €", "pénalités"}),
        ("fr", "public", {"L2192-13", "D2192-35", "40 €", "intérêts"}),
        ("fr", "consumer", set()),
        ("en", "business", {"L441-10", "D441-5", "€40", "interest"}),
        ("en", "public", {"L2192-13", "D2192-35", "€40", "interest"}),
        ("en", "consumer", set()),
        ("de", "business", {"L441-10", "D441-5", "40 €", "Verzugszinsen"}),
        ("de", "public", {"L2192-13", "D2192-35", "40 €", "Verzugszinsen"}),
        ("de", "consumer", set()),
    ],
)
@pytest.mark.parametrize("rank", ["second", "final"])
def test_the_law_recalled_is_that_of_the_customer(language, kind, quoted, rank):
    text = whole(rank, language, kind)
    assert {word for word in LAW if word in text} == quoted


@pytest.mark.parametrize(("kind", "said"), [("business", True), ("consumer", True), ("public", False)])
def test_the_formal_notice_rests_on_the_civil_code_but_against_a_public_body(kind, said):
    text = whole("final", "fr", kind)
    assert ("article 1344 du Code civil" in text) == said
    assert text.startswith("MISE EN DEMEURE DE PAYER")
    assert "{deadline}" in text
    assert "{total}" in text


@pytest.mark.parametrize(("kind", "quoted"), [("business", {"BGB", "40 €", "Verzugszinsen"}), ("consumer", set())])
def test_a_german_creditor_quotes_german_law_and_to_a_consumer_none(kind, quoted):
    text = whole("second", "de", kind, country="DE")
    assert {word for word in LAW if word in text} == quoted
    assert "Code" not in whole("final", "de", kind, country="DE")


def test_a_creditor_abroad_quotes_no_french_law():
    for language, rank in product(LANGUAGES, RANKS):
        text = whole(rank, language, country="BE")
        assert [word for word in (*LAW, "1344", "French", "Code") if word in text] == []


def test_a_language_without_texts_is_written_in_english():
    assert default_text("first", "nl") == default_text("first", "en")


def test_an_email_names_the_company_in_its_subject_and_a_letter_does_not():
    assert default_text("first", "fr").subject == "Rappel de règlement – {company}"
    assert default_text("first", "fr", letter=True).subject == "Rappel de règlement"


def test_the_companys_own_words_come_first_part_by_part():
    text = text_of(notice(texts={"subject": "Cher {customer}", "header": "", "footer": "Bien à vous"}))
    assert (text.subject, text.footer) == ("Cher Garage Müller & Fils", "Bien à vous")
    assert text.header.startswith("Madame, Monsieur,\n\nMalgré notre rappel du 2 novembre 2026, votre compte")


def test_a_reminder_that_follows_none_refers_to_none():
    header = text_of(notice(previous_on=None)).header
    assert "Malgré" not in header
    assert "–" not in header


def test_a_level_that_begins_before_the_due_date_speaks_of_what_is_overdue_as_overdue():
    assert text_of(notice(rank="pre_due")).subject == "Rappel de règlement"
    assert text_of(notice("FA-1 2026-11-06 2026-12-06 10.00 10.00", rank="pre_due")).subject == "Vos prochaines échéances"
