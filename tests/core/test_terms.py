"""Are due dates those of the law's examples, in both computations of "45 days end of month"?"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core.terms import EndOfMonth, PaymentTerms, due_date, parse_terms, show_terms


def due(terms: str, invoiced: str) -> str:
    return due_date(parse_terms(terms), date.fromisoformat(invoiced)).isoformat()


@pytest.mark.parametrize(
    ("invoiced", "computation_a", "computation_b"),
    [
        ("2026-01-15", "2026-03-31", "2026-03-17"),
        ("2026-02-10", "2026-03-31", "2026-04-14"),
        ("2026-10-22", "2026-12-31", "2026-12-15"),
        ("2026-12-20", "2027-02-28", "2027-02-14"),
    ],
)
def test_45_days_end_of_month_has_two_computations(invoiced: str, computation_a: str, computation_b: str):
    assert due("45FDM-A", invoiced) == computation_a
    assert due("45FDM-B", invoiced) == computation_b


@pytest.mark.parametrize(
    ("terms", "invoiced", "expected"),
    [
        ("0", "2026-01-15", "2026-01-15"),
        ("30", "2026-01-31", "2026-03-02"),
        ("30", "2028-01-31", "2028-03-01"),
        ("60", "2026-07-18", "2026-09-16"),
        ("0FDM", "2026-02-01", "2026-02-28"),
        ("30FDM10", "2026-01-15", "2026-03-10"),
        ("30FDM31", "2026-01-15", "2026-02-28"),
        ("60FDM17", "2003-03-01", "2003-05-17"),
        ("60FDM15", "2003-03-17", "2003-06-15"),
        ("30FDM10-B", "2026-01-15", "2026-03-10"),
        ("45FDM10-B", "2026-01-15", "2026-04-10"),
        ("30LE15", "2026-01-10", "2026-02-15"),
        ("30LE15", "2026-01-16", "2026-02-15"),
        ("30LE15", "2026-01-17", "2026-03-15"),
        ("0LE31", "2026-04-30", "2026-04-30"),
    ],
)
def test_terms_give_the_due_date_of_an_invoice(terms: str, invoiced: str, expected: str):
    assert due(terms, invoiced) == expected


@pytest.mark.parametrize(
    ("text", "terms", "shown"),
    [
        ("30", PaymentTerms(30), "30"),
        ("45 fdm", PaymentTerms(45, EndOfMonth.AFTER), "45FDM-A"),
        ("45FDM-B", PaymentTerms(45, EndOfMonth.BEFORE), "45FDM-B"),
        ("30 FDM 10", PaymentTerms(30, EndOfMonth.AFTER, 10), "30FDM10-A"),
        ("30le15", PaymentTerms(30, EndOfMonth.NONE, 15), "30LE15"),
    ],
)
def test_terms_are_written_as_an_accountant_says_them(text: str, terms: PaymentTerms, shown: str):
    assert parse_terms(text) == terms
    assert show_terms(terms) == shown


@pytest.mark.parametrize("text", ["", "FDM", "-30", "30 jours", "1000", "30FDM-C", "30FDM0", "30LE32", "30LE", "٣٠"])
def test_what_is_no_payment_terms_is_refused_with_the_text(text: str):
    with pytest.raises(ValueError, match=r'payment terms: "'):
        parse_terms(text)


TERMS = st.builds(PaymentTerms, st.integers(0, 999), st.sampled_from(EndOfMonth), st.none() | st.integers(1, 31))


@given(TERMS)
def test_what_is_shown_reads_back_as_the_same_terms(terms: PaymentTerms):
    assert parse_terms(show_terms(terms)) == terms


@given(TERMS, st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_an_invoice_is_never_due_before_its_days_have_run(terms: PaymentTerms, invoiced: date):
    waited = (due_date(terms, invoiced) - invoiced).days
    assert terms.days <= waited <= terms.days + 31 + 31
