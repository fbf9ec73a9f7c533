"""Would an archivist take our letters? Each kind of them is looked through for what PDF/A-2b forbids."""

import io

import pikepdf
import pytest

from relance.letters.letter import render_letter
from tests.letters.archivist import objections
from tests.letters.notices import many, notice, to

LETTERS = {
    "usual": notice(),
    "four pages": notice(many(120)),
    "provisional": notice(many(40), provisional=True),
    "a duplicate": notice(duplicate=True),
    "in English, with credits": notice(language="en", credits="AV-1 2026-10-01 -20.00"),
    "to a name in another script": notice(recipient=to("שלום Ελλάς Москва 中文", "75001 Paris")),
    "without an address or an account": notice(recipient=to("Dupont"), company={"iban": ""}),
}


@pytest.mark.parametrize("kind", LETTERS)
def test_an_archivist_has_no_objection_to_a_letter(kind):
    assert objections(render_letter(LETTERS[kind])) == []


def test_an_archivist_objects_to_what_is_not_embedded_or_acts_by_itself():
    with pikepdf.open(io.BytesIO(render_letter(notice()))) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica))
        pdf.Root.Font = pdf.objects[-1]
        pdf.save(made := io.BytesIO())
    assert objections(made.getvalue()) == ["acts by itself", "the font /Helvetica is not embedded"]
