"""Can a PDF that was let in be stamped and bound, however oddly it is made, or is it refused in words?"""

import io
import subprocess
import sys

import pikepdf
import pytest

from relance.letters.stamping import stamp_piece
from tests.house.project import ROOT
from tests.letters.invoices import invoice_pdf
from tests.letters.spoilt_pdfs import MARKS, spoilt, stamp_and_bind

BROKEN_ONCE = (3, 9, 13, 103, 119, 165, 303, 367, 377)  # boxes, rotations and resources that are none
EVERY, AT_A_TIME = 12_000, 3_000


@pytest.mark.parametrize("number", BROKEN_ONCE)
def test_a_page_of_no_sensible_size_is_stamped_and_bound(number, tmp_path):
    assert stamp_and_bind(spoilt(number), tmp_path / "bound.pdf") == "bound"


def test_a_pdf_with_a_number_that_no_machine_holds_is_refused_in_words(tmp_path):
    assert stamp_and_bind(spoilt(4400), tmp_path / "bound.pdf") == "cannot be read as a PDF"


def test_a_page_whose_corners_are_given_in_another_order_is_marked_at_its_head():
    marked = []
    for box in ([0, 0, 595, 842], [595, 842, 0, 0]):
        with pikepdf.open(io.BytesIO(invoice_pdf())) as pdf:
            pdf.pages[0].MediaBox = pikepdf.Array(box)
            pdf.save(made := io.BytesIO())
        with pikepdf.open(io.BytesIO(stamp_piece(made.getvalue(), MARKS))) as pdf:
            marked.append(pdf.pages[0].Contents[-1].read_bytes())
    assert marked[0] == marked[1]


@pytest.mark.proof
@pytest.mark.parametrize("first", range(0, EVERY, AT_A_TIME))
def test_no_pdf_breaks_off_hangs_or_grows_when_it_is_stamped_and_bound(first):
    command = [sys.executable, "-m", "tests.letters.spoilt_pdfs", str(first), str(first + AT_A_TIME)]
    env = {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "tests.settings", "RELANCE_HOME": str(ROOT / ".mypy_cache" / "home")}
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
