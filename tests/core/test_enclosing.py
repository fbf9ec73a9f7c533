"""Which PDF of an invoice goes along, and what if they do not all fit?"""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core.enclosing import File, Invoice, Kind, as_in_message, enclose, weight_in_message

#            held                             originals only   goes along
CHOICES = """
             -                                yes              missing
             duplicate                        yes              missing
             original                         yes              original
             duplicate,original               yes              original
             extract                          no               extract
             duplicate,extract                no               duplicate
             original,duplicate,extract       no               original
             -                                no               missing
"""


@pytest.mark.parametrize(("held", "originals", "goes"), [row.split() for row in CHOICES.strip().splitlines()])
def test_the_best_pdf_that_the_company_allows_goes_along(held, originals, goes):
    files = {Kind(kind): File(number, 1) for number, kind in enumerate(held.split(",")) if kind != "-"}
    [chosen] = enclose([Invoice(1, "FA-1", files)], originals_only=originals == "yes", room=None)
    assert (chosen.kind or chosen.state) == goes


def test_what_does_not_fit_is_passed_over_and_a_smaller_one_after_it_still_goes():
    invoices = [Invoice(size, f"FA-{size}", {Kind.ORIGINAL: File(size, size)}) for size in (600, 900, 300)]
    chosen = enclose(invoices, originals_only=True, room=weight_in_message(600) + weight_in_message(300))
    assert [one.state for one in chosen] == ["enclosed", "too_large", "enclosed"]


@given(st.binary(max_size=500))
def test_a_file_in_a_message_has_the_weight_that_was_counted_and_comes_out_the_same(content):
    written = as_in_message(content)
    assert len(written) == weight_in_message(len(content))
    assert base64.b64decode(written) == content
