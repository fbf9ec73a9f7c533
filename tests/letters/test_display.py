"""Does a letter show what its company chose to show? Through the command line, read back from the paper."""

import io
from base64 import b64encode
from hashlib import sha256

import pikepdf
import pytest

from tests.acceptance.world import item, level
from tests.letters.reading import lines, text, words

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#7a1f3d"/></svg>'
CHARGED = level(1, 1, None, charge_interest=True, charge_indemnity=True)


@pytest.fixture
def letter(world):
    """The one letter that a company gets with these display options, its IBAN and address known; definitive, as bytes."""

    def printed(*levels, pictures=(), **display):
        world.company(iban="FR7630006000011234567890189", address=["1 rue Neuve", "33000 Bordeaux"])
        world.dossier |= {"display": display, "pictures": [picture(one) for one in pictures]}
        world.levels(*levels or [(1, 1, None)])
        world.invoice("FA-1", label="Vin de Loire")
        world.load()
        world.letters(1)
        return (world.folder / "letters.pdf").read_bytes()

    return printed


def picture(content):
    """A picture as a dossier holds it."""
    return {"sha256": sha256(content).hexdigest(), "content": b64encode(content).decode()}


def drawing(pdf):
    """All that is drawn on any page, as the PDF says it."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return b"".join(one.read_bytes() for one in opened.objects if isinstance(one, pikepdf.Stream) and one.get("/Type") != "/Metadata")


@pytest.mark.spec("A37")
@pytest.mark.parametrize(
    ("columns", "head", "line"),
    [
        (None, "Pièce Date Échéance Retard (j) Montant Réglé Reste dû", "FA-1 Vin de Loire 07/06/2026 07/07/2026 8 100,00 100,00"),
        (["amount", "due_date"], "Pièce Montant Échéance Reste dû", "FA-1 100,00 07/07/2026 100,00"),
        ([], "Pièce Reste dû", "FA-1 100,00"),
    ],
)
def test_the_columns_are_those_chosen_in_the_order_chosen(letter, columns, head, line):
    seen = lines(letter(columns=columns))
    assert seen[seen.index(head) + 1] == line


@pytest.mark.spec("A37")
@pytest.mark.parametrize(
    ("option", "value", "shown"),
    [
        ("payment_slip", True, "Coupon à joindre à votre règlement"),
        ("signatory", "Ginette Roux, gérante", "Ginette Roux, gérante"),
        ("page_numbers", True, "Page 1/1"),
    ],
)
def test_what_is_chosen_is_shown_and_nothing_else_is(letter, world, option, value, shown):
    assert shown in text(letter(**{option: value}))
    world.update(display={option: None if option == "signatory" else False})
    world.edition(1, "2026-07-16", "--scope", "this_level", "--out", world.folder / "without.pdf")
    assert shown not in text((world.folder / "without.pdf").read_bytes())


@pytest.mark.spec("A37")
def test_credits_may_stand_in_one_sum(letter, world):
    for number in ("AV-1", "AV-2"):
        world.credit(number, amount="-10.00")
    seen = lines(letter(credits="sum"))
    assert "Avoirs et acomptes à déduire (2) −20,00" in seen
    assert "Total à régler 80,00 €" in seen


@pytest.mark.spec("A37")
def test_what_is_not_due_yet_is_told_apart_and_not_counted(letter, world):
    world.invoice("FA-9", due=[item("2026-08-31", "45.00")], date="2026-07-01")
    seen = lines(letter(not_due=True))
    assert seen[seen.index("Pour information, à échoir prochainement") + 1] == "FA-9 échéance 31/08/2026 45,00 €"
    assert "Total à régler 100,00 €" in seen


@pytest.mark.spec("A37")
def test_interest_that_is_claimed_shows_its_rate_base_and_days(letter):
    pdf = letter(CHARGED)
    seen = lines(pdf)
    assert "FA-1 du 08/07/2026 au 15/07/2026 8 12,40 % 100,00 € 0,27 €" in seen
    assert "Pénalités de retard 0,27 €" in seen
    assert "taux de refinancement de la BCE majoré de dix points (article L441-10" in text(pdf)


@pytest.mark.spec("A37")
@pytest.mark.parametrize(("window", "across"), [("right", (105, 190)), ("left", (24, 105))])
def test_the_address_stands_behind_the_window(letter, window, across):
    pdf = letter(window=window)
    name = next(one for one in words(pdf) if one.text == "Client C001" and one.down > 40)
    assert across[0] < name.left < across[1]
    assert ("Acme SAS · 1 rue Neuve · 33000 Bordeaux" in text(pdf)) == (window == "left")


@pytest.mark.spec("A37")
def test_a_company_in_germany_has_its_window_on_the_left(letter, world):
    world.company(country="DE", language="de")
    assert "Acme SAS · 1 rue Neuve · 33000 Bordeaux" in text(letter())


@pytest.mark.spec("A37")
def test_a_letter_bears_the_logo_and_the_colours_of_its_company(letter):
    drawn = drawing(letter(pictures=[LOGO], logo=sha256(LOGO).hexdigest(), accent_color="#0a8c3d"))
    assert b"0.47843137 0.12156863 0.23921569" in drawn  # the logo's
    assert b"0.039215688 0.54901963 0.23921569" in drawn  # the company's


def test_a_letter_printed_later_shows_what_was_chosen_when_it_was_decided(world):
    world.levels(level(1, 1, None, channel="letter"))
    world.dossier["display"] = {"columns": ["due_date"]}
    world.invoice("FA-1")
    world.load()
    run = world.batch()
    world.update(display={"columns": []})
    world.relance("print", str(run.json["run"]), "--out", str(world.folder / "kept.pdf")).done()
    assert "Pièce Échéance Reste dû" in lines((world.folder / "kept.pdf").read_bytes())


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ("columns", ["amount", "amount"], "the same word twice"),
        ("columns", ["colour"], "display.columns[0]"),
        ("accent_color", "red", 'not a colour as "#1f4e79": "red"'),
        ("logo", "0" * 64, "display.logo: unknown picture"),
        ("qrcode", True, "unknown key (perhaps qr_code?)"),
    ],
)
def test_display_options_that_cannot_be_are_refused_by_their_place(world, place, value, told):
    world.load()
    before = world.dump()
    world.try_load({"format": "relance/1", "company": {"code": "ACME"}, "display": {place: value}}).refused(told)
    assert world.dump() == before
