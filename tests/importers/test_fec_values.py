"""Are amounts and dates read in all the ways in which exports write them, and nothing guessed?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.importers.fec_values import Dates, read_cents, read_sense


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("1234,56", 123456),
        ("1234.56", 123456),
        ("0000000074,70", 7470),
        ("", 0),
        ("0,00", 0),
        (",000", 0),
        ("000", 0),
        ("12", 1200),
        ("12,5", 1250),
        ("12,", 1200),
        (",5", 50),
        ("12,3400", 1234),
        ("100.000000", 10000),
        ("1 234,56", 123456),
        ("1\u00a0234,56", 123456),
        ("1\u202f234,56", 123456),
        ("1.234,56", 123456),
        ("1.234.567,8", 123456780),
        ("1,234.56", 123456),
        ("1,234,567", 123456700),
        ("-12,34", -1234),
        ("12,34-", -1234),
        ("+12,34", 1234),
        ("0.125000000000000000", None),
        ("12,345", None),
        ("1.234", None),
        ("12,5O", None),
        ("1_000,00", None),
        ("--12", None),
        ("-", None),
        (",", None),
        ("1,23,45", None),
        ("1.23,456.78", None),
        ("12 EUR", None),
        ("1e5", None),
        ("NaN", None),
        ("12345678901234,56", None),
        ("٣,00", None),
    ],
)
def test_amounts_are_read_to_the_cent_or_refused(written: str, cents: int | None):
    if cents is not None:
        assert read_cents(written.encode()) == cents
    else:
        with pytest.raises(ValueError, match="amount"):
            read_cents(written.encode())


def test_the_no_break_space_of_one_byte_alphabets_separates_thousands():
    assert read_cents("1\u00a0234,56".encode("cp1252")) == read_cents("1\u00a0234,56".encode("cp850")) == 123456


@given(st.integers(-(10**14), 10**14))
def test_every_amount_to_the_cent_reads_back(cents: int):
    whole, fraction = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    assert read_cents(f"{sign}{whole},{fraction:02}".encode()) == read_cents(f"{sign}{whole}.{fraction:02}".encode()) == cents


@pytest.mark.parametrize(
    ("written", "sense"), [("D", 1), ("c", -1), ("+1", 1), ("-1", -1), ("1", 1), ("Debit", 1), ("X", None), ("", None)]
)
def test_a_sense_is_a_debit_or_a_credit(written: str, sense: int | None):
    if sense:
        assert read_sense(written.encode()) == sense
    else:
        with pytest.raises(ValueError, match="neither D nor C"):
            read_sense(written.encode())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("20240229", "2024-02-29"),
        ("2024-02-29", "2024-02-29"),
        ("29/02/2024", "2024-02-29"),
        ("29.02.2024", "2024-02-29"),
        ("2024-02-29 00:00:00", "2024-02-29"),
        ("", None),
        ("00000000", None),
        ("0000-00-00", None),
    ],
)
def test_dates_are_read_in_several_orders(written: str, read: str | None):
    on = Dates()[written.encode()]
    assert (on and on.isoformat()) == read


@pytest.mark.parametrize("written", ["20230229", "31122024", "2024", "02/29/2024", "demain", "20241301", "00010101"])
def test_what_is_no_date_is_refused(written: str):
    with pytest.raises(ValueError, match=r"date|day"):
        Dates()[written.encode()]
