"""What does a letter show, and where on the sheet?"""

import io

import pikepdf
import pytest

from relance.letters.letter import LetterProblem, render_letter
from relance.letters.typesetter import TEMPLATES, own_typesetter
from tests.letters.notices import COMPANY, many, notice, to
from tests.letters.reading import lines, pages, text, words

TABLE = """
    FA-1   2026-09-06  2026-10-06   1234.50   1234.50
    FA-2   2026-09-20  2026-10-20    800.00    300.07
    FA-3   2026-10-20  2026-11-22  99000.10  99000.10
"""


def between(letter, first, last):
    """The lines after one and before another."""
    seen = lines(letter)
    return seen[seen.index(first) + 1 : seen.index(last)]


def test_a_letter_shows_each_line_to_the_cent_and_their_total():
    letter = render_letter(notice(TABLE, credits="AV-7 2026-11-02 -120.50"))
    assert between(letter, "Pièce Date Échéance Retard (j) Montant Réglé Reste dû", "Pour régler par virement") == [
        "FA-1 06/09/2026 06/10/2026 48 1 234,50 1 234,50",
        "FA-2 20/09/2026 20/10/2026 34 800,00 499,93 300,07",
        "FA-3 20/10/2026 22/11/2026 1 99 000,10 99 000,10",
        "Avoir ou acompte AV-7 du 02/11/2026, à déduire −120,50",
        "Total à régler 100 414,17 €",
    ]


def test_a_letter_in_english_writes_figures_and_dates_as_english_does():
    seen = lines(render_letter(notice(TABLE, language="en")))
    assert "FA-1 06/09/2026 06/10/2026 48 1,234.50 1,234.50" in seen
    assert "Total to be paid €100,534.67" in seen
    assert "23 November 2026" in seen


def test_currencies_are_never_added_and_each_has_its_own_table():
    letter = render_letter(notice("FA-1 2026-09-06 2026-10-06 10.00 10.00\nFA-2 2026-09-06 2026-10-06 5000 5000 JPY"))
    seen = lines(letter)
    assert [line for line in seen if line.startswith("Total")] == ["Total à régler 10,00 €", "Total à régler 5 000 JPY"]
    assert seen.index("EUR") < seen.index("FA-1 06/09/2026 06/10/2026 48 10,00 10,00") < seen.index("JPY")


def test_lines_are_added_up_by_due_date_where_asked():
    table = "FA-1 2026-09-06 2026-10-06 10.00 10.00\nFA-2 2026-09-06 2026-10-06 5.50 5.50\nFA-3 2026-09-06 2026-10-07 7.00 7.00"
    seen = lines(render_letter(notice(table, subtotals=True)))
    assert [line for line in seen if "Sous-total" in line] == [
        "Sous-total de l’échéance du 06/10/2026 15,50",
        "Sous-total de l’échéance du 07/10/2026 7,00",
    ]


def test_interest_and_indemnity_stand_apart_from_the_total():
    data = notice(charges={"interest": {"EUR": 1234}, "indemnity": {"EUR": 8000}})
    data["lines"][0]["interest"] = 1234
    seen = lines(render_letter(data))
    assert "FA-1 06/09/2026 06/10/2026 48 1 234,50 1 234,50 12,34" in seen
    assert seen.index("Total à régler 1 534,50 €") < seen.index("S’y ajoutent, hors TVA")
    assert "Pénalités de retard 12,34 €" in seen
    assert "Indemnité forfaitaire pour frais de recouvrement 80,00 €" in seen


def test_a_table_over_pages_repeats_its_heads_and_carries_its_sum_forward():
    letter = render_letter(notice(many(90)))
    assert pages(letter) == 3
    down_to_here = 0
    for page in (1, 2):
        shown = lines(letter, page)
        numbers = [int(line.split()[0][3:]) for line in shown if line.startswith("FA-")]
        down_to_here += sum(101 * number for number in numbers)
        carried = f"{down_to_here / 100:,.2f}".replace(",", " ").replace(".", ",")
        assert f"À reporter {carried}" in shown
        assert f"Report {carried}" in lines(letter, page + 1)
        assert sum(line.startswith("Pièce Date") for line in shown) == 1


def test_a_table_on_one_page_carries_nothing_forward():
    seen = text(render_letter(notice()))
    assert "reporter" not in seen
    assert "Report" not in seen


def test_pages_are_numbered_and_name_the_letter():
    letter = render_letter(notice(many(90)))
    assert [[line.split()[-1] for line in lines(letter, page) if "Page" in line] for page in (1, 2, 3)] == [["1/3"], ["2/3"], ["3/3"]]
    assert "Maison Aubrelle Garage Müller & Fils – 2026-000123 – C001" in lines(letter, 2)


@pytest.mark.parametrize("count", [*range(7, 15), 20, 25, *range(30, 41)])
def test_the_name_below_never_stands_on_a_page_without_the_text_it_signs(count):
    letter = render_letter(notice(many(count)))
    last = text(letter, pages(letter))
    assert "Si votre règlement" in last
    assert "salutations" in last


ADDRESSES = {
    "a name and a town": ["75001 Paris"],
    "six lines": ["c/o Société Dupont", "Bâtiment B, escalier 3", "12 bis, rue de l'Église", "BP 12", "59000 Lille Cedex 9"],
    "long lines": ["Établissements réunis de la vallée de la Loire et de ses affluents de la rive droite", "1 rue X", "44000 Nantes"],
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_the_address_stands_where_every_window_shows_it(address):
    letter = render_letter(notice(recipient=to("Garage Müller & Fils", *address)))
    near = [one for one in words(letter) if 34 < one.down < 90 and one.left > 90]
    assert near[0].text == "Garage Müller & Fils"
    assert all(105 <= one.left <= 188 and 55 < one.down < 79 for one in near)


def test_a_longer_address_grows_upwards_and_its_last_line_is_always_seen():
    letter = render_letter(notice(recipient=to("Garage Müller & Fils", *(f"ligne {number}" for number in range(8)), "GRÈCE")))
    near = [one for one in words(letter) if 34 < one.down < 90 and one.left > 90]
    assert [one.text for one in near][-1] == "GRÈCE"
    assert near[0].down > 45
    assert near[-1].down < 79


@pytest.mark.parametrize(
    ("country", "town", "printed"),
    [
        ("FR", "42000 Saint-Étienne", "42000 SAINT ETIENNE"),
        ("FR", "94240 L'Haÿ-les-Roses", "94240 L HAY LES ROSES"),
        ("FR", "59000 Lille Cedex 9", "59000 LILLE CEDEX 9"),
        ("FR", "CÔTE D'IVOIRE", "CÔTE D'IVOIRE"),
        ("DE", "80331 München", "80331 München"),
    ],
)
def test_the_town_is_written_as_the_french_post_reads_it(country, town, printed):
    letter = render_letter(notice(recipient=to("X", "1 rue Y", town), company={"country": country}))
    assert printed in text(letter)


def test_a_missing_address_is_seen():
    assert "ADRESSE INCONNUE" in text(render_letter(notice(recipient=to("Garage Müller & Fils"))))
    assert "ADRESSE INCONNUE" not in text(render_letter(notice()))


@pytest.mark.parametrize(
    ("last_line", "printed"),
    [
        ("33000 Bordeaux", "Bordeaux, le 23 novembre 2026"),
        ("33000 Bordeaux CEDEX 2", "Bordeaux, le 23 novembre 2026"),
        ("GENÈVE", "Le 23 novembre 2026"),
    ],
)
def test_a_french_letter_says_where_it_was_written(last_line, printed):
    assert printed in lines(render_letter(notice(company={"address": ["1 rue X", last_line]})))


def test_a_company_of_which_nothing_more_is_known_writes_too():
    bare = {key: [] if key == "address" else "" for key in COMPANY if key not in ("name", "country", "language")}
    seen = lines(render_letter(notice(company=bare)))
    assert "Le 23 novembre 2026" in seen
    assert "Pour régler par virement" not in seen


def test_a_draft_is_marked_on_every_page_and_a_final_letter_on_none():
    draft = render_letter(notice(many(60), provisional=True))
    assert all("PROVISOIRE" in text(draft, page + 1) for page in range(pages(draft)))
    assert "PROVISOIRE" not in text(render_letter(notice(many(60))))


def test_a_duplicate_is_stamped():
    assert "DUPLICATA" in lines(render_letter(notice(duplicate=True)))[:2]
    assert "DUPLICATA" not in text(render_letter(notice()))


HOSTILE = '#read("x") *a* $y$ {b.c} <d>'


@pytest.mark.parametrize("place", ["name", "address", "document", "label", "header", "subject", "company"])
def test_nothing_of_what_is_written_is_ever_markup(place):
    data = notice(texts={"subject": "S", "header": "H", "footer": "F"})
    match place:
        case "name":
            data["recipient"]["name"] = HOSTILE
        case "address":
            data["recipient"]["address"] = [HOSTILE]
        case "document" | "label":
            data["lines"][0][place] = HOSTILE
        case "header" | "subject":
            data["texts"][place] = HOSTILE
        case "company":
            data["company"] = data["company"] | {"name": HOSTILE}
    assert HOSTILE in text(render_letter(data)).replace("\u200b", "")


@pytest.mark.parametrize("name", ["شركة النور للتجارة", "שלום עולם בע״מ", "Ολυμπία Α.Ε.", "Жовтень", "Ş. Ğ. Łódź Őrség", "ÇELİK"])
def test_names_of_other_scripts_are_set(name):
    letter = render_letter(notice(recipient=to(name, "1 rue X", "75001 Paris")))
    assert "☐" not in text(letter)
    assert {one.left for one in words(letter) if 55 < one.down < 60} >= {107.99999566666666}


def test_characters_that_no_font_has_are_seen_as_boxes_and_the_others_stay():
    seen = lines(render_letter(notice(recipient=to("中文公司 Ltd 😀", "שלום", "75001 Paris"))))
    assert "☐☐☐☐ Ltd ☐" in seen
    assert "75001 PARIS" in seen


@pytest.mark.parametrize(
    ("name", "printed"),
    [("Dupont\nFils", "Dupont"), ("Dupont\tFils", "Dupont Fils"), ("a\u202eb\x07c", "ab c"), ("e\u0301te\u0301", "été")],
)
def test_control_characters_and_marks_of_direction_change_nothing(name, printed):
    assert printed in lines(render_letter(notice(recipient=to(name, "75001 Paris"))))


def test_the_same_notice_gives_the_same_bytes():
    data = notice(many(40), provisional=True)
    assert render_letter(data) == render_letter(notice(many(40), provisional=True))


def test_a_letter_is_an_archive_document_with_all_its_fonts():
    with pikepdf.open(io.BytesIO(render_letter(notice()))) as pdf:
        assert pdf.open_metadata().pdfa_status == "2B"
        assert str(pdf.docinfo["/Title"]) == "Nouveau rappel – solde échu de 1\u00a0534,50\u00a0€ 2026-000123"
        descents = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in pdf.pages[0].resources["/Font"].values()]
        assert descents
        assert all("/FontFile3" in descent for descent in descents)
        assert [round(float(side) / 72 * 25.4) for side in pdf.pages[0].mediabox] == [0, 0, 210, 297]


def test_templates_fetch_nothing_and_read_no_files():
    for template in TEMPLATES.glob("*.typ"):
        code = template.read_text()
        assert "@preview" not in code
        assert "read(" not in code


def test_a_page_that_cannot_be_set_is_a_problem_in_words():
    with pytest.raises(LetterProblem, match="cannot be typeset"):
        own_typesetter().set("letter", {"date": "2026-11-23"})


@pytest.mark.parametrize(
    ("footer", "end"),
    [
        ("Bien à vous.", ["Bien à vous.", "Maison Aubrelle"]),
        ("Bien à vous.\n\nMaison Aubrelle", ["Bien à vous.", "Maison Aubrelle"]),
        (
            "Bien à vous.\n\nLe service comptabilité\nde la Maison Aubrelle",
            ["Bien à vous.", "Le service comptabilité", "de la Maison Aubrelle"],
        ),
        ("", ["nos salutations distinguées.", "Maison Aubrelle"]),
    ],
)
def test_a_letter_is_signed_once(footer, end):
    seen = lines(render_letter(notice(texts={"subject": "", "header": "", "footer": footer})))[:-1]
    assert seen[-len(end) :][1:] == end[1:]
    assert seen[-len(end)].endswith(end[0])
