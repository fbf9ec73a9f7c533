"""What does the law add to an invoice paid late?"""

import csv
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core import money
from relance.core.charges import Indemnity, Instalment, Interest, Movement, Terms, answer, document_charges, indemnity, interest
from relance.core.rates import CustomerKind, UnknownRate, show_rate

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "rates" / "fr_interest_test_vectors.csv"

BUSINESS = Terms("FR", CustomerKind.BUSINESS)
PUBLIC = Terms("FR", CustomerKind.PUBLIC)
CONSUMER = Terms("FR", CustomerKind.CONSUMER)


def cents(text: str) -> int:
    return money.parse(text, "EUR")


def movements(text: str) -> list[Movement]:
    """``"2026-07-01 4000.00, 2026-08-01 -50.00"``."""
    pairs = (each.split() for each in text.split(",") if each.strip())
    return [Movement(date.fromisoformat(on), cents(amount)) for on, amount in pairs]


def computed(due: str, amount: str, paid: str, as_of: str, terms: Terms = BUSINESS) -> Interest:
    return interest(date.fromisoformat(due), cents(amount), movements(paid), date.fromisoformat(as_of), terms)


def printed(result: Interest) -> str:
    """The computation as it is printed: from, to, days, open amount, rate, interest."""
    lines = [
        f"{p.first} {p.last} {p.days:3} {money.show(p.base, 'EUR')} {show_rate(p.rate)} {money.show(p.interest, 'EUR')}"
        for p in result.periods
    ]
    return "\n".join([*lines, f"total {money.show(result.total, 'EUR')}"])


def table(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def test_interest_runs_from_the_day_after_the_due_date_on_365_days() -> None:
    assert printed(computed("2026-01-31", "1200.00", "", "2026-03-31")) == table("""
        2026-02-01 2026-03-31  59 1200.00 12.15 23.57
        total 23.57""")


def test_each_day_takes_the_rate_of_its_own_half_year() -> None:
    assert printed(computed("2026-04-30", "10000.00", "", "2026-08-31")) == table("""
        2026-05-01 2026-06-30  61 10000.00 12.15 203.05
        2026-07-01 2026-08-31  62 10000.00 12.40 210.63
        total 413.68""")


def test_the_day_of_a_payment_still_counts_on_the_amount_before_it_and_the_printed_lines_add_up() -> None:
    assert printed(computed("2026-04-30", "10000.00", "2026-07-01 4000.00", "2026-09-03")) == table("""
        2026-05-01 2026-06-30  61 10000.00 12.15 203.05
        2026-07-01 2026-07-01   1 10000.00 12.40 3.40
        2026-07-02 2026-09-03  64 6000.00 12.40 130.45
        total 336.90""")


def test_a_leap_year_is_divided_by_365_all_the_same() -> None:
    assert printed(computed("2023-12-15", "2500.00", "", "2025-02-10")) == table("""
        2023-12-16 2023-12-31  16 2500.00 14.00 15.34
        2024-01-01 2024-06-30 182 2500.00 14.50 180.75
        2024-07-01 2024-12-31 184 2500.00 14.25 179.59
        2025-01-01 2025-02-10  41 2500.00 13.15 36.93
        total 412.61""")


def test_a_contractual_rate_holds_throughout_and_needs_no_published_figure() -> None:
    contract = Terms("FR", CustomerKind.BUSINESS, contractual_rate=1500)
    assert printed(computed("2031-11-30", "5000.00", "", "2032-01-15", contract)) == table("""
        2031-12-01 2031-12-31  31 5000.00 15.00 63.70
        2032-01-01 2032-01-15  15 5000.00 15.00 30.82
        total 94.52""")


def test_a_public_buyer_owes_the_rate_of_the_half_year_in_which_interest_started() -> None:
    assert printed(computed("2025-06-30", "1000.00", "", "2026-08-15", PUBLIC)) == table("""
        2025-07-01 2025-12-31 184 1000.00 10.15 51.17
        2026-01-01 2026-06-30 181 1000.00 10.15 50.33
        2026-07-01 2026-08-15  46 1000.00 10.15 12.79
        total 114.29""")


def test_what_was_paid_by_the_due_date_bears_no_interest() -> None:
    assert printed(computed("2026-01-31", "1200.00", "2026-01-15 150.00, 2026-01-31 50.00", "2026-02-10")) == table("""
        2026-02-01 2026-02-10  10 1000.00 12.15 3.33
        total 3.33""")


def test_a_payment_after_the_date_is_not_there_yet() -> None:
    assert computed("2026-01-31", "1200.00", "2026-04-01 1200.00", "2026-03-31").total == cents("23.57")


def test_interest_stops_with_the_last_cent_and_starts_again_with_a_returned_payment() -> None:
    assert printed(computed("2026-07-31", "100.00", "2026-08-31 100.00, 2026-10-10 -100.00", "2026-10-20")) == table("""
        2026-08-01 2026-08-31  31 100.00 12.40 1.05
        2026-10-11 2026-10-20  10 100.00 12.40 0.34
        total 1.39""")


def test_a_payment_and_its_return_on_one_day_do_not_cut_the_period() -> None:
    assert len(computed("2026-02-10", "100.00", "2026-03-01 60.00, 2026-03-01 -60.00", "2026-04-10").periods) == 1


@pytest.mark.parametrize(
    ("what", "amount", "paid", "as_of"),
    [
        ("on the due date itself", "800.00", "", "2026-05-15"),
        ("before the due date", "800.00", "", "2026-04-01"),
        ("paid on the due date", "800.00", "2026-05-15 800.00", "2026-08-31"),
        ("a credit note", "-800.00", "", "2026-08-31"),
        ("paid too much", "800.00", "2026-05-01 900.00", "2026-08-31"),
    ],
)
def test_nothing_is_owed_without_an_amount_open_after_the_due_date(what: str, amount: str, paid: str, as_of: str) -> None:
    assert computed("2026-05-15", amount, paid, as_of) == Interest(0, ()), what


def test_half_a_cent_is_rounded_up() -> None:
    a_thousandth_a_day = Terms("FR", CustomerKind.BUSINESS, contractual_rate=3650)
    assert computed("2026-01-01", "5.00", "", "2026-01-02", a_thousandth_a_day).total == 1
    assert computed("2026-01-01", "4.99", "", "2026-01-02", a_thousandth_a_day).total == 0


def test_interest_that_reaches_a_half_year_without_a_figure_is_refused_not_guessed() -> None:
    with pytest.raises(UnknownRate, match="half-year beginning 2027-01-01"):
        computed("2026-11-30", "100.00", "", "2027-01-01")


def test_a_rate_fixed_at_the_start_needs_no_later_figure() -> None:
    assert computed("2026-11-30", "100.00", "", "2027-01-10", PUBLIC).total == cents("1.16")


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(UnknownRate, match="country “US”"):
        computed("2026-01-31", "100.00", "", "2026-03-31", Terms("US", CustomerKind.BUSINESS))


def test_a_consumer_owes_neither_interest_nor_indemnity_by_itself() -> None:
    late = [Instalment(date(2026, 1, 31), cents("1200.00"))]
    charges = document_charges(late, "EUR", date(2026, 3, 31), CONSUMER)
    assert (charges.interest.total, charges.interest.periods, charges.indemnity) == (0, (), None)


def test_the_indemnity_is_owed_once_however_many_instalments_are_late() -> None:
    thirds = [Instalment(date(2026, month, 28), cents("1000.00")) for month in (3, 1, 2)]
    charges = document_charges(thirds, "EUR", date(2026, 3, 31), BUSINESS)
    assert charges.indemnity == Indemnity(4000, "EUR")
    assert printed(charges.interest) == table("""
        2026-01-29 2026-03-31  62 1000.00 12.15 20.64
        2026-03-01 2026-03-31  31 1000.00 12.15 10.32
        2026-03-29 2026-03-31   3 1000.00 12.15 1.00
        total 31.96""")


@pytest.mark.parametrize(
    ("paid", "as_of", "owed"),
    [
        ("", "2026-01-31", None),
        ("", "2026-02-01", 4000),
        ("2026-01-31 1200.00", "2026-06-30", None),
        ("2026-01-31 1199.99", "2026-06-30", 4000),
        ("2026-02-01 1200.00", "2026-06-30", 4000),
    ],
)
def test_the_indemnity_is_owed_as_soon_as_one_cent_is_late_and_stays_owed_after_payment(paid: str, as_of: str, owed: int | None) -> None:
    fixed = indemnity([Instalment(date(2026, 1, 31), cents("1200.00"), movements(paid))], "EUR", date.fromisoformat(as_of), BUSINESS)
    assert fixed == (Indemnity(owed, "EUR") if owed else None)


def test_the_indemnity_needs_no_rate() -> None:
    assert indemnity([Instalment(date(2031, 1, 31), 1)], "EUR", date(2031, 2, 1), PUBLIC) == Indemnity(4000, "EUR")


def test_the_indemnity_is_in_euros_whatever_the_invoice_is_in() -> None:
    assert indemnity([Instalment(date(2026, 1, 31), 500)], "JPY", date(2026, 2, 1), BUSINESS) == Indemnity(4000, "EUR")


@pytest.mark.parametrize(
    ("debt", "currency", "pence"),
    [("999.99", "GBP", 4000), ("1000.00", "GBP", 7000), ("9999.99", "GBP", 7000), ("10000.00", "GBP", 10000), ("10000.00", "EUR", 4000)],
)
def test_a_british_creditor_claims_a_sum_by_size_of_debt(debt: str, currency: str, pence: int) -> None:
    late = [Instalment(date(2026, 1, 31), cents(debt))]
    assert indemnity(late, currency, date(2026, 2, 1), Terms("GB", CustomerKind.BUSINESS)) == Indemnity(pence, "GBP")


def test_no_indemnity_is_invented_for_a_country_whose_law_is_not_known() -> None:
    with pytest.raises(UnknownRate, match="no indemnity for late payment is known for the country “US”"):
        indemnity([Instalment(date(2026, 1, 31), 100)], "USD", date(2026, 2, 1), Terms("US", CustomerKind.BUSINESS, 1000))


def test_the_answer_writes_amounts_and_rates_as_text() -> None:
    late = [Instalment(date(2026, 1, 31), cents("1200.00"))]
    assert answer(document_charges(late, "EUR", date(2026, 3, 31), BUSINESS), "EUR") == {
        "currency": "EUR",
        "interest": "23.57",
        "indemnity": "40.00",
        "indemnity_currency": "EUR",
        "periods": [{"from": "2026-02-01", "to": "2026-03-31", "days": 59, "rate": "12.15", "base": "1200.00", "interest": "23.57"}],
    }


def test_the_answer_of_an_invoice_in_time_is_nothing() -> None:
    in_time = answer(document_charges([Instalment(date(2026, 1, 31), 100)], "EUR", date(2026, 1, 31), BUSINESS), "EUR")
    assert (in_time["interest"], in_time["indemnity"], in_time["periods"]) == ("0.00", "0.00", [])


def vectors() -> dict[str, list[dict[str, str]]]:
    """The rows of the collected computations, by case."""
    if not VECTORS.exists():
        pytest.skip("the collected computations are not here")
    cases: dict[str, list[dict[str, str]]] = {}
    with VECTORS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            cases.setdefault(row["case"].split()[0], []).append(row)
    return cases


@pytest.mark.parametrize("case", [f"V{number}" for number in range(1, 9)])
def test_the_collected_computations_hold(case: str) -> None:
    *rows, total = vectors()[case]
    terms = Terms("FR", CustomerKind.BUSINESS, 1500 if "contractual 15 %" in total["case"] else None)
    result = computed(total["due"], total["principal"], total["payments"].replace(":", " "), total["asof_inclusive"], terms)
    expected = [
        f"{row['seg_from']} {row['seg_to']} {int(row['days']):3} {row['balance']} {float(row['rate']):.2f} {row['interest_rounded']}"
        for row in rows
    ]
    assert printed(result) == "\n".join([*expected, f"total {float(total['interest_rounded']):.2f}"])
    assert sum(period.days for period in result.periods) == int(total["days"])


def test_the_example_of_the_reference_page_is_what_is_computed() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "interest.md").read_text(encoding="utf-8")
    result = computed("2026-04-30", "10000.00", "2026-07-01 4000.00", "2026-09-03")
    for line in printed(result).splitlines()[:-1]:
        assert f"| {' | '.join(line.split())} |" in page
    assert f"| {money.show(result.total, 'EUR')} |" in page


some_movements = st.lists(st.builds(Movement, st.dates(date(2024, 12, 1), date(2026, 12, 31)), st.integers(-50_000, 100_000)), max_size=6)
some_dates = st.dates(date(2025, 1, 1), date(2026, 12, 31))


def open_before(day: date, amount: int, moved: list[Movement]) -> int:
    return amount - sum(movement.amount for movement in moved if movement.on < day)


@given(some_dates, st.integers(-10_000, 500_000), some_movements, some_dates)
def test_every_day_late_is_counted_once_on_what_was_open_at_the_end_of_the_day_before(
    due: date, amount: int, moved: list[Movement], as_of: date
) -> None:
    counted = {
        period.first + timedelta(days): period.base
        for period in interest(due, amount, moved, as_of, BUSINESS).periods
        for days in range(period.days)
    }
    late = (due + timedelta(days) for days in range(1, (as_of - due).days + 1))
    assert counted == {day: base for day in late if (base := open_before(day, amount, moved)) > 0}


@given(some_dates, st.integers(1, 500_000), some_movements, some_dates)
def test_the_total_is_the_sum_of_the_lines_and_each_line_is_within_half_a_cent(
    due: date, amount: int, moved: list[Movement], as_of: date
) -> None:
    result = interest(due, amount, moved, as_of, BUSINESS)
    assert result.total == sum(period.interest for period in result.periods)
    for period in result.periods:
        exact = Fraction(period.base * period.rate * period.days, 365 * 10_000)
        assert -Fraction(1, 2) <= exact - period.interest < Fraction(1, 2)
        assert period.last == period.first + timedelta(period.days - 1)


@given(some_dates, st.integers(-10_000, 500_000), some_movements, some_dates)
def test_the_indemnity_goes_with_the_first_day_late(due: date, amount: int, moved: list[Movement], as_of: date) -> None:
    charges = document_charges([Instalment(due, amount, moved)], "EUR", as_of, BUSINESS)
    assert (charges.indemnity is not None) == bool(charges.interest.periods)
