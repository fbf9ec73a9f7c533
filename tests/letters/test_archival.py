"""Would an archivist take our letters? Each kind of them is looked through for what PDF/A-2b forbids."""

import io
from base64 import b64encode
from contextlib import closing

import pikepdf
import pytest

from relance.core.display import DEFAULTS, PICTURES
from relance.letters.letter import render_letter
from relance.letters.own import office
from relance.letters.own.sample import sample_template
from relance.letters.own.template import OwnTemplate
from tests.letters.archivist import objections
from tests.letters.notices import many, notice, to
from tests.letters.test_pictures import png, svg


def drawn(name):
    """A drawing with a see-through part, as an address."""
    circle = f'<circle id="{name}" cx="4" cy="4" r="4" fill="#7a1f3d" fill-opacity="0.5"/>'
    return f"data:image/svg+xml;base64,{b64encode(svg(circle)).decode()}"


def dotted():
    """A picture in dots, as an address."""
    return f"data:image/png;base64,{b64encode(png(30, 10)).decode()}"


LETTERS = {
    "usual": notice(),
    "four pages": notice(many(120)),
    "provisional": notice(many(40), provisional=True),
    "a duplicate": notice(duplicate=True),
    "in English, with credits": notice(language="en", credits="AV-1 2026-10-01 -20.00"),
    "to a name in another script": notice(recipient=to("שלום Ελλάς Москва 中文", "75001 Paris")),
    "with everything that can be shown": notice(
        display=DEFAULTS | {"window": "left", "payment_slip": True} | dict(zip(PICTURES, map(drawn, "ab"), strict=True)),
        charges={"interest": {"EUR": 1234}, "indemnity": {"EUR": 8000}, "indemnities": 2, "periods": []},
    ),
    "with a picture in dots": notice(display=DEFAULTS | {"window": "right", "logo": dotted()}),
    "without an address or an account": notice(recipient=to("Dupont"), company={"iban": ""}),
}


@pytest.mark.parametrize("kind", LETTERS)
def test_an_archivist_has_no_objection_to_a_letter(kind):
    assert objections(render_letter(LETTERS[kind])) == []


@pytest.mark.proof
@pytest.mark.skipif(office.installed() is None, reason="LibreOffice is not installed")
def test_an_archivist_has_no_objection_to_a_letter_of_an_own_template():
    shown = DEFAULTS | {"window": "right", "logo": dotted(), "payment_slip": True}
    with closing(office.Office()) as libreoffice:
        (made,) = libreoffice.convert([OwnTemplate(sample_template("fr")).fill(notice(display=shown, provisional=True))], "odt", "pdf")
    assert objections(made) == []


def test_an_archivist_objects_to_what_is_not_embedded_or_acts_by_itself():
    with pikepdf.open(io.BytesIO(render_letter(notice()))) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica))
        pdf.Root.Font = pdf.objects[-1]
        pdf.save(made := io.BytesIO())
    assert objections(made.getvalue()) == ["acts by itself", "the font /Helvetica is not embedded"]
