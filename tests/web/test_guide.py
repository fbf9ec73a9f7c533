"""Does the help answer: is every document shown, every link good, and does each screen lead to the page that speaks of it?"""

import re
from pathlib import Path

import pytest
from django.urls import get_resolver
from django.utils.translation import override

from relance.models import Company
from relance.web.guide import ABOUT, DOCS, about, found, page_of, slugs
from relance.web.navigation import DAILY, SETTING_UP
from tests.web.test_imports import words

LINK = re.compile(r'href="([^"]+)"')


def test_every_screen_of_the_side_bar_has_a_page_that_speaks_of_it():
    assert [entry.name for entry in (*DAILY, *SETTING_UP) if not about(entry.name)] == []


def test_no_page_is_promised_that_is_not_there():
    assert set(ABOUT.values()) <= set(slugs())
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert [start for start in ABOUT if not any(name.startswith(start) for name in names)] == []


def test_every_guide_to_screens_is_shown():
    assert {path.stem for path in (DOCS / "ecrans").glob("*.md")} <= set(slugs())


@pytest.mark.parametrize("slug", slugs())
@pytest.mark.parametrize("language", ["fr", "en"])
def test_links_of_a_page_lead_to_pages(slug, language):
    inside = [link for link in LINK.findall(page_of(slug, language).html) if link.startswith("/")]
    assert [link for link in inside if link.removeprefix("/help/").rstrip("/") not in slugs()] == []
    assert page_of(slug, language).title


def test_every_page_is_in_english_for_who_reads_english():
    assert [slug for slug in slugs() if page_of(slug, "en").language != "en"] == []
    assert {path.stem for path in (DOCS / "en").glob("*.md")} <= set(slugs())


def test_every_page_is_in_french_for_who_reads_french():
    assert [slug for slug in slugs() if page_of(slug).language != "fr"] == []


def test_the_glossary_has_the_same_words_in_both_languages():
    def words(page: Path) -> list[list[str]]:
        rows = [line.split("|")[1:3] for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
        return [row for row in rows if row[0].strip().lower() not in ("french", "français", "---")]

    assert words(DOCS / "glossary.md") == words(DOCS / "fr" / "glossary.md")


def test_a_page_says_as_much_in_one_language_as_in_the_other():
    def parts(slug: str, language: str) -> tuple[int, int, int]:
        html = page_of(slug, language).html
        return html.count("<h2"), html.count("<tr"), html.count("<pre")

    written = {path.stem for room in ("en", "fr") for path in (DOCS / room).glob("*.md")}
    assert {slug: parts(slug, "en") for slug in written} == {slug: parts(slug, "fr") for slug in written}


@pytest.mark.parametrize("slug", sorted(path.stem for path in (DOCS / "en").glob("*.md")))
def test_a_page_in_english_is_in_english(slug):
    french, english = page_of(slug), page_of(slug, "en")
    assert english.title != french.title
    assert not re.search(r"\b(?:les|des|une|est|relances)\b", re.sub(r"\S*-\S*", "", english.words)), "French words"


def test_the_help_is_shown_in_the_language_of_who_reads(browser, acme: Company):
    client = browser("reader", acme)
    page = words(client.get("/help/"))
    assert "The daily round" in page
    assert "in French" not in page
    assert "promises that have come due" in words(client.get("/help/journee/"))
    assert "Read the aged balance" in words(client.get("/help/?q=ledger+cent"))


def test_the_help_is_searched_by_words_whatever_their_accents():
    with override("fr"):
        assert "reglages" in [hit.page.slug for hit in found("societe plafond")]
    assert found("xyzzy") == found("  ") == []


def test_what_stands_around_a_word_that_was_found_is_read_as_it_is_written():
    with override("en"):
        assert [hit.near for hit in found("accounts subject") if "&" in hit.near] == []
        assert '"format": "relance/1"' in page_of("write-letters", "en").words


def test_the_help_is_read_by_who_has_signed_in(browser, acme: Company):
    assert browser().get("/help/").status_code == 302
    client = browser("reader", acme, "fr")
    assert "Le tour du jour" in words(client.get("/help/"))
    assert "Lire la balance âgée" in words(client.get("/help/?q=grand+livre"))
    assert "promesses échues" in words(client.get("/help/journee/"))
    assert client.get("/help/add-a-screen/").status_code == 404


def test_a_screen_leads_to_its_page(browser, acme: Company):
    assert 'data-help href="/help/balance/"' in browser("reader", acme).get("/c/ACME/aged/").content.decode()
