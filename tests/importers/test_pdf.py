"""Which PDFs may be passed on to a customer, and why not the others?"""

import io

import pikepdf
import pytest

from relance.importers.pdf import Unfit, look_through
from tests.letters.invoices import HARMLESS, HOSTILE

WHY = {
    "no PDF": "is not a PDF",
    "broken": "cannot be read as a PDF",
    "a password": "is protected by a password",
    "rights": "is protected",
    "a script when opened": "does something by itself",
    "a script under another spelling": "does something by itself (Launch)",
    "a script among the names": "does something by itself",
    "a form that computes": "does something by itself (XFA)",
    "a program inside": 'carries a file that no invoice carries: "invoice.exe"',
    "too large": "is larger than 20 MB",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_pdf_that_could_do_harm_is_refused_with_its_reason(kind):
    with pytest.raises(Unfit) as unfit:
        look_through(HOSTILE[kind])
    assert str(unfit.value).startswith(WHY[kind])


@pytest.mark.parametrize(("kind", "pages"), [*((kind, 3 if kind == "three pages" else 1) for kind in HARMLESS)])
def test_a_harmless_pdf_is_taken_and_its_pages_counted(kind, pages):
    assert look_through(HARMLESS[kind]) == pages


def test_a_number_that_stands_alone_in_a_pdf_is_no_reason_to_refuse_it():
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Length = pdf.make_indirect(pikepdf.Object.parse(b"42"))
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert look_through(out.getvalue()) == 1
