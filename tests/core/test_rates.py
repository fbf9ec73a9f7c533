"""Which rate of late-payment interest does the law give, in which half-year?"""

import csv
from datetime import date
from pathlib import Path

import pytest

from relance.core import rate_table
from relance.core.rates import (
    COUNTRIES,
    Anchoring,
    CustomerKind,
    MissingRate,
    UnknownRate,
    contractual_floor,
    missing_half_years,
    rate_below_floor,
    show_rate,
    statutory,
)

FIGURES = Path(__file__).parents[3] / "shared" / "data" / "rates"

# Rates by country and kind of customer, as they were published.
PUBLISHED = """
FR business 2013-01-01 10.75
FR business 2022-12-31 10.00
FR business 2023-01-01 12.50
FR business 2024-06-30 14.50
FR business 2024-07-01 14.25
FR business 2026-06-30 12.15
FR business 2026-11-22 12.40
FR public   2026-11-22 10.40
DE business 2026-11-22 10.52
DE public   2026-11-22 10.52
DE consumer 2026-11-22 6.52
DE business 2022-11-22 8.12
BE business 2016-01-01 8.50
BE business 2016-07-01 8.00
BE business 2024-07-01 12.50
BE business 2025-01-01 11.50
BE business 2025-07-01 10.50
NL business 2024-01-01 12.50
ES business 2020-01-01 8.00
IT business 2026-01-01 10.15
IE business 2014-07-01 8.15
GB business 2024-07-01 13.25
GB public   2026-11-22 11.75
"""


@pytest.mark.parametrize("line", PUBLISHED.strip().splitlines())
def test_each_half_year_has_its_published_rate(line: str) -> None:
    country, kind, on, rate = line.split()
    assert show_rate(statutory(country, CustomerKind(kind)).rate_on(date.fromisoformat(on))) == rate


def test_a_half_year_that_is_not_in_the_table_is_refused_by_name_never_guessed() -> None:
    with pytest.raises(UnknownRate) as refusal:
        statutory("FR", CustomerKind.BUSINESS).rate_on(date(2031, 3, 14))
    assert str(refusal.value) == (
        "no rate for the half-year beginning 2031-01-01 in the table “FR business: ECB main refinancing rate + 10 points”, "
        "which goes from the half-year of 2013-01-01 to that of 2026-07-01"
    )


def test_before_the_law_that_the_table_follows_no_rate_is_told_either() -> None:
    with pytest.raises(UnknownRate, match="half-year beginning 2012-07-01"):
        statutory("FR", CustomerKind.BUSINESS).rate_on(date(2012, 12, 31))


def test_a_year_whose_second_half_is_not_published_yet_ends_in_june() -> None:
    series = rate_table.Series("a rate", {2030: (100, 200), 2031: (300,)}, ())
    assert (series.figure(date(2031, 1, 1)), series.figure(date(2031, 7, 1))) == (300, None)
    assert series.last_half_year() == date(2031, 1, 1)


@pytest.mark.parametrize("country", ["US", "", "fr", "UK"])
def test_a_country_without_tables_is_refused_with_the_list_of_those_that_have(country: str) -> None:
    with pytest.raises(UnknownRate, match=f"the country “{country}”: there are tables for BE, DE, ES, FR, GB, IE, IT, NL"):
        statutory(country, CustomerKind.BUSINESS)


def test_the_law_gives_no_rate_against_a_french_consumer() -> None:
    with pytest.raises(UnknownRate, match="kind “consumer” in FR"):
        statutory("FR", CustomerKind.CONSUMER)


@pytest.mark.parametrize(
    ("country", "kind", "anchoring"),
    [
        ("FR", CustomerKind.BUSINESS, Anchoring.FLOATING),
        ("FR", CustomerKind.PUBLIC, Anchoring.FIXED_AT_START),
        ("DE", CustomerKind.BUSINESS, Anchoring.FLOATING),
        ("IE", CustomerKind.BUSINESS, Anchoring.FIXED_AT_START),
        ("GB", CustomerKind.BUSINESS, Anchoring.FIXED_AT_START),
    ],
)
def test_a_rate_follows_the_half_years_or_stays_as_its_law_says(country: str, kind: CustomerKind, anchoring: Anchoring) -> None:
    assert statutory(country, kind).anchoring is anchoring


# Three times the legal interest rate of a professional creditor; in 2024 it was above the statutory rate.
@pytest.mark.parametrize(("on", "floor"), [("2024-02-01", 1521), ("2024-12-31", 1476), ("2026-06-30", 786), ("2026-07-01", 825)])
def test_a_french_contract_may_not_go_under_three_times_the_legal_interest(on: str, floor: int) -> None:
    day = date.fromisoformat(on)
    assert contractual_floor("FR", day) == floor
    assert rate_below_floor(floor - 1, "FR", day) == floor
    assert rate_below_floor(floor, "FR", day) is None


def test_the_floor_bounds_contracts_and_never_raises_the_statutory_rate() -> None:
    assert statutory("FR", CustomerKind.BUSINESS).rate_on(date(2024, 1, 1)) == 1450


def test_other_countries_set_no_floor() -> None:
    assert contractual_floor("DE", date(2026, 7, 1)) is None
    assert rate_below_floor(100, "DE", date(2026, 7, 1)) is None


def test_half_years_still_to_be_published_are_listed_for_the_person_who_keeps_the_table() -> None:
    assert missing_half_years("FR", date(2026, 12, 31)) == []
    assert missing_half_years("GB", date(2027, 8, 1)) == [
        MissingRate("GB business: Bank of England base rate + 8 points", date(2027, 1, 1)),
        MissingRate("GB business: Bank of England base rate + 8 points", date(2027, 7, 1)),
    ]


def test_the_french_list_holds_the_legal_interest_rate_too_because_the_floor_needs_it() -> None:
    tables = [missing.table for missing in missing_half_years("FR", date(2027, 1, 1))]
    assert tables == [
        "FR business: ECB main refinancing rate + 10 points",
        "FR public: ECB main refinancing rate + 8 points",
        "FR legal interest, professional creditor",
    ]


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_half_year_from_the_first_to_the_last_has_a_figure(country: str) -> None:
    assert missing_half_years(country, date(2026, 12, 31)) == []


def test_every_figure_says_where_it_comes_from() -> None:
    table = statutory("GB", CustomerKind.BUSINESS)
    assert table.source_on(date(2024, 6, 30)).origin == "payontime.co.uk, table of statutory rates"
    assert table.source_on(date(2026, 3, 1)).confidence == "medium"
    with pytest.raises(UnknownRate):
        table.source_on(date(2027, 1, 1))


def test_a_rate_is_shown_in_percent_with_two_decimals() -> None:
    assert [show_rate(rate) for rate in (1215, 1500, 5, 0, -88)] == ["12.15", "15.00", "0.05", "0.00", "-0.88"]


@pytest.mark.parametrize(
    ("country", "kind"), [(country, kind) for country in COUNTRIES for kind in (CustomerKind.BUSINESS, CustomerKind.PUBLIC)]
)
def test_the_reference_page_lists_every_table_with_its_first_day_and_what_a_change_of_rate_does(country: str, kind: CustomerKind) -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "interest.md").read_text(encoding="utf-8")
    table = statutory(country, kind)
    listed = [line for line in page.splitlines() if line.startswith(f"| {country} |") and kind in line.split("|")[2]]
    assert len(listed) == 1
    assert f"| {table.anchoring.split('_')[0]} |" in listed[0]
    assert f"| {table.first} |" in listed[0]


def published(file: str, column: str = "rate") -> dict[date, str]:
    """Figures collected outside the project, by first day."""
    path = FIGURES / file
    if not path.exists():
        pytest.skip("the collected figures are not here")
    with path.open(encoding="utf-8", newline="") as lines:
        return {date.fromisoformat(row["valid_from"]): f"{float(row[column]):.2f}" for row in csv.DictReader(lines)}


@pytest.mark.parametrize(
    ("country", "kind", "file"),
    [
        ("FR", CustomerKind.BUSINESS, "fr_b2b_default_and_floor.csv"),
        ("FR", CustomerKind.PUBLIC, "fr_b2g_default.csv"),
        ("DE", CustomerKind.BUSINESS, "de_b2b_default.csv"),
        ("DE", CustomerKind.CONSUMER, "de_b2c_default.csv"),
        ("BE", CustomerKind.BUSINESS, "be_b2b_default.csv"),
        ("NL", CustomerKind.BUSINESS, "nl_b2b_default.csv"),
        ("ES", CustomerKind.BUSINESS, "es_b2b_default.csv"),
        ("IT", CustomerKind.BUSINESS, "it_b2b_default.csv"),
        ("IE", CustomerKind.BUSINESS, "ie_b2b_default.csv"),
        ("GB", CustomerKind.BUSINESS, "uk_reference_and_statutory.csv"),
    ],
)
def test_the_statutory_rates_are_those_collected(country: str, kind: CustomerKind, file: str) -> None:
    table = statutory(country, kind)
    collected = {first: rate for first, rate in published(file).items() if first >= table.first}
    assert {first: show_rate(table.rate_on(first)) for first in collected} == collected
    assert max(collected) == table.series.last_half_year()


@pytest.mark.parametrize(
    ("series", "file"),
    [
        (rate_table.ECB_REFINANCING, "ecb_mro_half_year.csv"),
        (rate_table.FRENCH_LEGAL_INTEREST, "fr_legal_interest_professional.csv"),
        (rate_table.GERMAN_BASE, "de_basiszins.csv"),
    ],
)
def test_the_reference_rates_are_those_collected(series: rate_table.Series, file: str) -> None:
    collected = published(file)
    assert {first: show_rate(series.figure(first)) for first in collected} == collected


def test_the_base_rate_of_the_bank_of_england_is_the_one_collected() -> None:
    collected = published("uk_reference_and_statutory.csv", "boe_reference")
    assert {first: show_rate(rate_table.BANK_OF_ENGLAND.figure(first)) for first in collected} == collected


def test_the_contractual_floor_is_the_one_collected() -> None:
    collected = published("fr_b2b_default_and_floor.csv", "contract_floor_3x_legal")
    assert {first: show_rate(contractual_floor("FR", first)) for first in collected} == collected
