"""Is each letter made in the format that was asked for, by the template that it names?"""

import pytest

from relance.letters.documents import Made, produce
from relance.letters.letter_html import join_html, render_html
from relance.letters.own import office
from tests.letters.documents import paragraph, parts, said, template
from tests.letters.notices import notice


@pytest.fixture
def without_office(monkeypatch):
    """A machine on which LibreOffice is not installed."""
    monkeypatch.setattr(office, "installed", lambda: None)


def forms(asked, *letters, **templates):
    return [made.form for made in produce(letters, asked, {int(name[1:]): content for name, content in templates.items()})]


@pytest.mark.spec("K57")
@pytest.mark.usefixtures("without_office")
@pytest.mark.parametrize(("asked", "general"), [("pdf", "pdf"), ("html", "html"), ("odt", "odt"), ("docx", "odt"), ("rtf", "odt")])
def test_without_libreoffice_a_letter_that_needs_it_stays_an_odt(asked, general):
    own = template(paragraph("Cher {customer}"))
    assert forms(asked, notice(), notice(template=7), _7=own) == [general, "odt"]


@pytest.mark.usefixtures("without_office")
def test_letters_come_in_their_order_each_by_its_own_template():
    letters = [notice(template=7, level=1), notice(), notice(template=8, level=3), notice(template=7, level=4)]
    made = list(produce(letters, "pdf", {7: template(paragraph("sept {level}")), 8: template(paragraph("huit {level}"))}))
    assert [said(one.content)[0] if one.form == "odt" else "général" for one in made] == ["sept 1", "général", "huit 3", "sept 4"]


@pytest.mark.skipif(office.installed() is None, reason="LibreOffice is not installed")
def test_a_letter_of_an_own_template_is_a_pdf_where_libreoffice_is():
    (made,) = produce([notice(template=7)], "pdf", {7: template(paragraph("Cher {customer}"))})
    assert made.form == "pdf"
    assert b"pdfaid" in made.content


@pytest.mark.spec("K57")
def test_a_letter_in_html_says_what_the_pdf_says_and_nothing_of_it_is_markup():
    data = notice(company={"name": "<script>A & B</script>"}, provisional=True)
    page = render_html(data).decode()
    assert "<script>" not in page
    assert "&lt;script&gt;A &amp; B&lt;/script&gt;" in page
    for part in ("FA-1", "1 534,50 €", "FR76 3000 6000 0112 3456 7890 189", "PROVISOIRE"):
        assert part in page.replace("\u202f", " ").replace("\u00a0", " "), part


def test_letters_in_html_are_joined_in_their_order():
    one, two = (render_html(notice(number=number)) for number in ("2026-000001", "2026-000002"))
    joined = join_html([one, two, one]).decode()
    assert [joined.count("<article"), joined.count("<html"), joined.count("</style>")] == [3, 1, 1]
    assert joined.index("2026-000001</dd>") < joined.index("2026-000002</dd>")


def test_a_template_that_is_no_longer_understood_fails_its_letters_only():
    made = list(produce([notice(template=7), notice()], "pdf", {7: b"spoilt"}))
    assert "cannot be used" in str(made[0])
    assert isinstance(made[1], Made)


@pytest.mark.spec("A37")
def test_a_text_document_of_the_general_letter_shows_what_the_company_chose():
    chosen = notice()["display"] | {"columns": ["due_date"], "accent_color": "#7a1f3d"}
    (made,) = produce([notice(display=chosen)], "odt", {})
    seen = said(made.content)
    heads = seen.index("Pièce")
    assert seen[heads : heads + 6] == ["Pièce", "Échéance", "Reste dû", "FA-1", "06/10/2026", "1 234,50"]
    assert "#7a1f3d" in parts(made.content)["styles.xml"].decode()
