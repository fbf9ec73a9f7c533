"""How is an amount of money read, kept and written?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core import money
from tests.core.pages import table

CURRENCIES = st.sampled_from(["EUR", "USD", "CHF", "JPY", "XPF", "TND", "KWD", "CLF"])
KEPT = st.integers(-(10**15) + 1, 10**15 - 1)


@pytest.mark.parametrize(
    "row",
    table("""
        text             | currency | kept            | shown
        1234.50          | EUR      | 123450          | 1234.50
        -1234.50         | EUR      | -123450         | -1234.50
        0                | EUR      | 0               | 0.00
        -0.00            | EUR      | 0               | 0.00
        0.05             | EUR      | 5               | 0.05
        -0.05            | EUR      | -5              | -0.05
        12               | EUR      | 1200            | 12.00
        12.3             | EUR      | 1230            | 12.30
        12.340           | EUR      | 1234            | 12.34
        0012.34          | EUR      | 1234            | 12.34
        0                | JPY      | 0               | 0
        1234             | JPY      | 1234            | 1234
        1234.00          | JPY      | 1234            | 1234
        1.234            | TND      | 1234            | 1.234
        1.2345           | CLF      | 12345           | 1.2345
        9999999999999.99 | EUR      | 999999999999999 | 9999999999999.99
        999999999999999  | JPY      | 999999999999999 | 999999999999999
        """),
    ids=lambda row: f"{row['text']} {row['currency']}",
)
def test_an_amount_is_kept_in_minor_units_and_shown_with_the_decimals_of_its_currency(row: dict[str, str]) -> None:
    kept = money.parse(row["text"], row["currency"])
    assert (str(kept), money.show(kept, row["currency"])) == (row["kept"], row["shown"])


@pytest.mark.parametrize(
    "text", ["", " ", "12,50", "12,5O", "1 234.50", "+1", "1.", ".5", "--1", "1e3", "0x1", "NaN", "1.2.3", "12.50 ", "12\n", "١٢", "²"]
)
def test_what_is_not_a_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a decimal amount") as refusal:
        money.parse(text, "EUR")
    assert f'"{text}"' in str(refusal.value)


@pytest.mark.parametrize(("text", "currency"), [("1.234", "EUR"), ("0.001", "USD"), ("1.5", "JPY"), ("1.2345", "TND"), ("1.00001", "CLF")])
def test_more_decimals_than_the_currency_has_are_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match=f"too many decimals for {currency}"):
        money.parse(text, currency)


@pytest.mark.parametrize(
    ("text", "currency"), [("10000000000000.00", "EUR"), ("-10000000000000", "EUR"), ("1000000000000000", "JPY"), ("9" * 5000, "EUR")]
)
def test_more_than_15_digits_are_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match="more than 15 digits") as refusal:
        money.parse(text, currency)
    assert len(str(refusal.value)) < 100


@pytest.mark.parametrize(
    ("figure", "of", "to", "same"),
    [
        (10_00, "EUR", "EUR", 10_00),
        (10_00, "EUR", "USD", 10_00),
        (10_00, "EUR", "JPY", 10),
        (10_99, "EUR", "JPY", 10),
        (10_00, "EUR", "TND", 10_000),
        (10, "JPY", "EUR", 10_00),
        (0, "EUR", "JPY", 0),
    ],
)
def test_a_threshold_is_the_same_figure_in_any_currency_rounded_down(figure: int, of: str, to: str, same: int) -> None:
    assert money.rescale(figure, of, to) == same


@given(KEPT, CURRENCIES)
def test_what_is_shown_is_read_again(amount: int, currency: str) -> None:
    assert money.parse(money.show(amount, currency), currency) == amount


@given(st.integers(0, 10**9), st.integers(0, 10**9), CURRENCIES, CURRENCIES)
def test_an_amount_is_strictly_above_a_threshold_exactly_where_its_figure_is(threshold: int, amount: int, of: str, other: str) -> None:
    above = amount * 10 ** money.decimals(of) > threshold * 10 ** money.decimals(other)
    assert (amount > money.rescale(threshold, of, other)) is above


@given(st.text(alphabet="0123456789.-,e ", max_size=12), CURRENCIES)
def test_any_text_is_an_amount_or_a_message_for_the_user(text: str, currency: str) -> None:
    read = amount_or_message(text, currency)
    assert text in read if isinstance(read, str) else abs(read) < 10**money.MAX_DIGITS


def amount_or_message(text: str, currency: str) -> int | str:
    try:
        return money.parse(text, currency)
    except ValueError as refusal:
        return str(refusal)
