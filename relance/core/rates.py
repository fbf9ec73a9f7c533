"""Which rate of late-payment interest does the law of a country give, in which half-year? Never a guess.

The figures stand in ``rate_table.py``; here stand the laws that add points to them. A half-year without a published figure is an
error that names it, never the last known rate.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from relance.core.days import half_year_start, half_years_between
from relance.core.rate_table import BANK_OF_ENGLAND, ECB_REFINANCING, FRENCH_LEGAL_INTEREST, GERMAN_BASE, Rate, Series, Source


class CustomerKind(StrEnum):
    """Who owes: it decides which law applies (legal facts, section 6)."""

    BUSINESS = "business"
    CONSUMER = "consumer"
    PUBLIC = "public"


class Anchoring(StrEnum):
    """What a change of rate does to a delay that is already running (legal facts, section 7)."""

    FLOATING = "floating"  # each day takes the rate of its own half-year
    FIXED_AT_START = "fixed_at_start"  # the rate of the day on which interest started holds to the end


class UnknownRate(LookupError):
    """No rate can be told; the message says of which country, half-year and table."""


class RateTable(NamedTuple):
    """A statutory rate: a published series, plus points."""

    name: str
    law: str
    anchoring: Anchoring
    series: Series
    points: Rate
    first: date  # the law, or the part of it that these figures follow, begins here
    checked: str = ""  # published figures that were compared with ours
    rounded_up_to: Rate = 1

    def rate_on(self, on: date) -> Rate:
        """The yearly rate, in hundredths of a percent, of the half-year of this day. Raises UnknownRate."""
        half_year = half_year_start(on)
        figure = self.series.figure(half_year)
        if figure is None or half_year < self.first:
            raise UnknownRate(self._unknown(half_year))
        return -(-(figure + self.points) // self.rounded_up_to) * self.rounded_up_to

    def source_on(self, on: date) -> Source:
        """Who says so. Raises UnknownRate."""
        self.rate_on(on)
        return self.series.source(half_year_start(on))

    def _unknown(self, half_year: date) -> str:
        return (
            f"no rate for the half-year beginning {half_year} in the table “{self.name}”, "
            f"which goes from the half-year of {self.first} to that of {self.series.last_half_year()}"
        )


class HalfYear(NamedTuple):
    """A half-year in a table: its rate and who says so; neither where it has no figure yet."""

    since: date
    rate: Rate = 0
    source: Source | None = None


class MissingRate(NamedTuple):
    """A half-year for which a table has no figure yet."""

    table: str
    half_year: date


_ECB_PLUS_8 = "ECB main refinancing rate + 8 points"
_SINCE_DIRECTIVE = date(2013, 7, 1)  # directive 2011/7/EU was transposed in March 2013

_FR_BUSINESS = RateTable(
    "FR business: ECB main refinancing rate + 10 points",
    "Code de commerce, art. L441-10 II",
    Anchoring.FLOATING,
    ECB_REFINANCING,
    1000,
    date(2013, 1, 1),  # before, the text had no half-years: the rate moved on the day the ECB moved it
)
_FR_PUBLIC = RateTable(
    f"FR public: {_ECB_PLUS_8}", "Décret 2013-269, art. 8", Anchoring.FIXED_AT_START, ECB_REFINANCING, 800, _SINCE_DIRECTIVE
)
_FR_LEGAL = RateTable(
    "FR legal interest, professional creditor",
    "Code monétaire et financier, art. L313-2",
    Anchoring.FLOATING,
    FRENCH_LEGAL_INTEREST,
    0,
    date(2009, 1, 1),
)
_DE_BUSINESS = RateTable(
    "DE business: base rate + 9 points", "BGB § 288 II (since 29 July 2014)", Anchoring.FLOATING, GERMAN_BASE, 900, date(2015, 1, 1)
)
_DE_CONSUMER = RateTable("DE consumer: base rate + 5 points", "BGB § 288 I", Anchoring.FLOATING, GERMAN_BASE, 500, date(2015, 1, 1))
_BE_BUSINESS = RateTable(
    f"BE business: {_ECB_PLUS_8}, rounded up to the next half point",
    "Law of 2 August 2002, art. 5",
    Anchoring.FLOATING,
    ECB_REFINANCING,
    800,
    _SINCE_DIRECTIVE,
    "2018-07-01, 2020-01-01 to 2021-01-01, 2024-01-01 to 2026-01-01; the others are computed (medium)",
    rounded_up_to=50,
)
_NL_BUSINESS = RateTable(
    f"NL business: {_ECB_PLUS_8}",
    "BW 6:119a (handelsrente)",
    Anchoring.FLOATING,
    ECB_REFINANCING,
    800,
    _SINCE_DIRECTIVE,
    "12.50 on 2024-01-01, 12.25 on 2024-07-01; the others are computed (medium-high)",
)
_ES_BUSINESS = RateTable(
    f"ES business: {_ECB_PLUS_8}",
    "Ley 3/2004, art. 7",
    Anchoring.FLOATING,
    ECB_REFINANCING,
    800,
    _SINCE_DIRECTIVE,
    "8.00 on 2020-01-01; the others are computed (medium-high)",
)
_IT_BUSINESS = RateTable(
    f"IT business: {_ECB_PLUS_8}",
    "D.Lgs 231/2002, art. 5",
    Anchoring.FLOATING,
    ECB_REFINANCING,
    800,
    _SINCE_DIRECTIVE,
    "reference rate 2.50 on 2023-01-01, 3.15 on 2025-01-01, 2.15 on 2026-01-01; the others are computed (medium-high)",
)
_IE_BUSINESS = RateTable(
    f"IE business: {_ECB_PLUS_8}",
    "S.I. 580/2012: one rate for the whole delay, that of the day the payment became overdue",
    Anchoring.FIXED_AT_START,
    ECB_REFINANCING,
    800,
    _SINCE_DIRECTIVE,
    "8.15 on 2014-07-01, 8.05 on 2015-07-01, 12.25 on 2024-07-01; the others are computed (medium-high)",
)
_GB_BUSINESS = RateTable(
    "GB business: Bank of England base rate + 8 points",
    "Late Payment of Commercial Debts (Interest) Act 1998",
    Anchoring.FIXED_AT_START,
    BANK_OF_ENGLAND,
    800,
    date(2011, 1, 1),
)

# Elsewhere than in France the law of late payment treats a public buyer as a business (directive 2011/7/EU, art. 4; Act 1998, s. 2).
_STATUTORY = {
    "BE": {CustomerKind.BUSINESS: _BE_BUSINESS, CustomerKind.PUBLIC: _BE_BUSINESS},
    "DE": {CustomerKind.BUSINESS: _DE_BUSINESS, CustomerKind.PUBLIC: _DE_BUSINESS, CustomerKind.CONSUMER: _DE_CONSUMER},
    "ES": {CustomerKind.BUSINESS: _ES_BUSINESS, CustomerKind.PUBLIC: _ES_BUSINESS},
    "FR": {CustomerKind.BUSINESS: _FR_BUSINESS, CustomerKind.PUBLIC: _FR_PUBLIC},
    "GB": {CustomerKind.BUSINESS: _GB_BUSINESS, CustomerKind.PUBLIC: _GB_BUSINESS},
    "IE": {CustomerKind.BUSINESS: _IE_BUSINESS, CustomerKind.PUBLIC: _IE_BUSINESS},
    "IT": {CustomerKind.BUSINESS: _IT_BUSINESS, CustomerKind.PUBLIC: _IT_BUSINESS},
    "NL": {CustomerKind.BUSINESS: _NL_BUSINESS, CustomerKind.PUBLIC: _NL_BUSINESS},
}
COUNTRIES = tuple(_STATUTORY)


def statutory(country: str, kind: CustomerKind) -> RateTable:
    """The table that the law of the creditor's country (ISO 3166 code) applies to this kind of customer. Raises UnknownRate."""
    tables = _tables_of(country)
    if kind not in tables:
        raise UnknownRate(f"no statutory rate of late payment is known for the kind “{kind}” in {country}")
    return tables[kind]


def tables_of(country: str) -> list[tuple[CustomerKind, RateTable]]:
    """The tables of a country by kind of customer; none where its law is not known."""
    found = _STATUTORY.get(country, {})
    return [(kind, found[kind]) for kind in CustomerKind if kind in found]


def half_years(table: RateTable, since: date, until: date) -> list[HalfYear]:
    """Every half-year that begins in these days and in which the table's law holds, the newest first."""
    starts = half_years_between(max(since, table.first), until)
    known = [start for start in starts if table.series.figure(start) is not None]
    return [HalfYear(one, table.rate_on(one), table.source_on(one)) if one in known else HalfYear(one) for one in reversed(starts)]


def contractual_floor(country: str, on: date) -> Rate | None:
    """The lowest rate that a contract may fix, or None where the law sets none (France: three times the legal interest rate of a
    professional creditor; Code de commerce, art. L441-10 II). Raises UnknownRate.

    It bounds contracts only: in 2024 it was above the statutory rate, which then stayed the rate of the silent contract.
    """
    _tables_of(country)
    return 3 * _FR_LEGAL.rate_on(on) if country == "FR" else None


def rate_below_floor(rate: Rate, country: str, on: date) -> Rate | None:
    """The floor that this contractual rate is under, or None when it may stand. It is for the caller to refuse: a rate is never
    raised silently. Raises UnknownRate.
    """
    floor = contractual_floor(country, on)
    return floor if floor is not None and rate < floor else None


def missing_half_years(country: str, until: date) -> list[MissingRate]:
    """The half-years up to that of this day for which a table of the country has no figure: what is to be looked up and added."""
    tables = {table.name: table for table in _tables_of(country).values()}
    if country == "FR":
        tables[_FR_LEGAL.name] = _FR_LEGAL
    return [
        MissingRate(table.name, half_year)
        for table in tables.values()
        for half_year in half_years_between(table.first, until)
        if table.series.figure(half_year) is None
    ]


def show_rate(rate: Rate) -> str:
    """The rate in percent with two decimals: ``"12.15"``."""
    whole, hundredths = divmod(abs(rate), 100)
    return f"{'-' if rate < 0 else ''}{whole}.{hundredths:02d}"


def _tables_of(country: str) -> dict[CustomerKind, RateTable]:
    if country not in _STATUTORY:
        raise UnknownRate(f"no law of late payment is known for the country “{country}”: there are tables for {', '.join(COUNTRIES)}")
    return _STATUTORY[country]
