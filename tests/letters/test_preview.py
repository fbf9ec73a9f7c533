"""Does whoever writes a text see what a customer would read, before anybody reads it? Through the command line."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from relance.letters.preview import KINDS
from relance.models import Company
from relance.steps.previewing import Draft, show
from tests.acceptance.world import TODAY, level
from tests.letters.reading import lines, text

PNG, SVG = b"\x89PNG", b"<svg"


@pytest.fixture
def shown(world):
    """What ``relance preview`` writes into a file of this name."""

    def preview(name, *flags, number=1):
        out = world.folder / name
        world.relance("preview", "--company", "ACME", "--level", str(number), *flags, "--out", str(out)).done()
        return out.read_bytes()

    return preview


@pytest.mark.spec("A38")
@pytest.mark.parametrize(("language", "total"), [("fr", "265,50 €"), ("en", "€265.50"), ("de", "265,50 €")])
def test_the_text_of_a_level_is_shown_filled_in_in_each_language(world, shown, language, total):
    world.levels(level(1, 1, None, header="", texts={"en": {"header": "Hello {total}"}, "de": {"header": "Hallo {total}"}}))
    world.load()
    greeting = {"fr": "Madame, Monsieur,", "en": f"Hello {total}", "de": f"Hallo {total}"}[language]
    assert greeting in lines(shown("letter.pdf", "--language", language))


@pytest.mark.parametrize(("name", "start"), [("a.png", PNG), ("a.svg", SVG), ("a.html", b"<!doctype html>"), ("a.pdf", b"%PDF")])
def test_a_preview_is_a_letter_a_picture_or_an_email(world, shown, name, start):
    world.load()
    assert shown(name).startswith(start)


def test_a_preview_shows_what_a_customer_owes_is_marked_and_stores_nothing(world, shown):
    today = localdate()
    world.customer("C001", name="Épicerie Ñandú")
    world.invoice("FA-7", due=str(today - timedelta(9)), amount="77.00")
    world.load()
    before = world.dump()
    seen = text(shown("letter.pdf", "--customer", "C001"))
    assert all(part in seen for part in ("Épicerie Ñandú", "FA-7", "Total à régler 77,00 €", "PROVISOIRE"))
    assert world.dump() == before


def test_what_is_not_stored_yet_is_shown_as_it_would_be(world):
    world.load()
    company = Company.objects.get(code="ACME")
    draft = Draft(1, texts={"header": "Tout nouveau {total}"}, display={"columns": [], "signatory": "Ginette Roux"})
    seen = lines(show(company, draft, "pdf", as_of=date(2026, 7, 15))[0])
    assert [line for line in ("Tout nouveau 265,50 €", "Pièce Reste dû", "Ginette Roux") if line not in seen] == []


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--level", "9", "--out", "a.pdf"), "level 9 is not set up in ACME"),
        (("--level", "1", "--policy", "GRANDS", "--out", "a.pdf"), 'the policy "GRANDS" has no such level'),
        (("--level", "1", "--customer", "C001", "--out", "a.pdf"), "C001 owes nothing on"),
        (("--level", "1", "--customer", "C999", "--out", "a.pdf"), 'no customer "C999"'),
        (("--level", "1", "--out", "/nowhere/a.pdf"), "/nowhere/a.pdf cannot be written"),
    ],
)
def test_what_cannot_be_shown_is_said_in_words(world, flags, told):
    world.customer("C001")
    world.load()
    world.relance("preview", "--company", "ACME", *flags).refused(told)


def test_a_preview_into_a_file_of_another_kind_is_wrong_usage(world):
    world.load()
    err = world.relance("preview", "--company", "ACME", "--level", "1", "--out", "a.doc").misused().err
    assert all(f".{kind}" in err for kind in KINDS)


@pytest.mark.parametrize("output", [("--out", "a.pdf"), ("--out", "a.pdf", "--definitive")])
def test_letters_without_an_address_are_told_by_their_customers(world, tmp_path, monkeypatch, output):
    monkeypatch.chdir(tmp_path)
    world.customer("C001", sites=[])
    world.invoice("FA-1")
    world.invoice("FA-2", customer="C002")
    world.load()
    answer = world.ask("edition", "--as-of", TODAY, "--level", "1", *output).done()
    assert "1 letter(s) have no address and cannot be posted: C001" in answer.err
