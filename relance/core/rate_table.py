"""Which reference rates of late-payment interest are known, from which day, and who says so?

Figures only; what a country makes of them is ``rates.py``. A year's line holds the rate in force on 1 January, then the one in force
on 1 July, in hundredths of a percent. To add a half-year, write its figure and, where it comes from elsewhere, its source.
"""

from datetime import date
from typing import NamedTuple

Rate = int  # hundredths of a percent a year: 1215 is 12.15 %


class Source(NamedTuple):
    """Where figures come from, beginning with one half-year and until the next source."""

    since: date
    origin: str  # told by ``telling/sentences_of_rates.py``, part by part: they stand with semicolons between
    confidence: str  # high: read in two places or in the official text; medium: one decent place, or computed


class Series(NamedTuple):
    """A reference rate by half-year."""

    name: str
    figures: dict[int, tuple[Rate, ...]]
    sources: tuple[Source, ...]

    def figure(self, half_year: date) -> Rate | None:
        """The rate of the half-year that begins on this day, or None where it is not in the table."""
        of_year = self.figures.get(half_year.year, ())
        place = 0 if half_year.month == 1 else 1
        return of_year[place] if place < len(of_year) else None

    def last_half_year(self) -> date:
        """The first day of the last half-year in the table."""
        year = max(self.figures)
        return date(year, 7 if len(self.figures[year]) == 2 else 1, 1)

    def source(self, half_year: date) -> Source:
        """Who says so, for a half-year that is in the table."""
        return max(source for source in self.sources if source.since <= half_year)


ECB_REFINANCING = Series(
    "ECB main refinancing rate",
    {
        2009: (250, 100),
        2010: (100, 100),
        2011: (100, 125),
        2012: (100, 100),
        2013: (75, 50),
        2014: (25, 15),
        2015: (5, 5),
        2016: (5, 0),
        2017: (0, 0),
        2018: (0, 0),
        2019: (0, 0),
        2020: (0, 0),
        2021: (0, 0),
        2022: (0, 0),
        2023: (250, 400),
        2024: (450, 425),
        2025: (315, 215),
        2026: (215, 240),
    },
    (
        Source(date(2009, 1, 1), "Banque de France, table of policy rates; ECB, table of key interest rates", "high"),
        Source(date(2025, 1, 1), "ECB, page of key interest rates, as quoted in two independent tables", "high"),
        Source(
            date(2026, 7, 1), "service-public.fr F23211 and two tables quoting the ECB; agrees with the German base rate of 1.52", "high"
        ),
    ),
)

FRENCH_LEGAL_INTEREST = Series(
    "French legal interest rate, professional creditor",
    {
        2009: (379, 379),
        2010: (65, 65),
        2011: (38, 38),
        2012: (71, 71),
        2013: (4, 4),
        2014: (4, 4),
        2015: (93, 99),
        2016: (101, 93),
        2017: (90, 90),
        2018: (89, 88),
        2019: (86, 87),
        2020: (87, 84),
        2021: (79, 76),
        2022: (76, 77),
        2023: (206, 422),
        2024: (507, 492),
        2025: (371, 276),
        2026: (262, 275),
    },
    (
        Source(date(2009, 1, 1), "single yearly rate; moneyvox.fr 52984", "medium"),
        Source(date(2013, 1, 1), "single yearly rate; moneyvox.fr 52984", "high"),
        Source(date(2015, 1, 1), "moneyvox.fr 52984; jecomparelesbanques.com, history", "high"),
        Source(date(2015, 7, 1), "arrêté of 2015-06-24; jecomparelesbanques.com, history", "high"),
        Source(date(2016, 1, 1), "paperblog 7903179; jecomparelesbanques.com, history", "high"),
        Source(date(2016, 7, 1), "phytoma VI28806205; jecomparelesbanques.com, history", "high"),
        Source(date(2017, 1, 1), "efl.fr; jecomparelesbanques.com, history", "high"),
        Source(date(2017, 7, 1), "arrêté of 2017-06-26; jecomparelesbanques.com, history", "high"),
        Source(date(2018, 1, 1), "jecomparelesbanques.com, history", "medium-high"),
        Source(date(2018, 7, 1), "arrêté of 2018-06-27; jecomparelesbanques.com, history", "high"),
        Source(date(2019, 1, 1), "arrêté of 2018-12-21; legifiscal.fr 2007", "high"),
        Source(date(2019, 7, 1), "jecomparelesbanques.com, history", "medium-high"),
        Source(date(2020, 1, 1), "cabinet-cec.fr; jecomparelesbanques.com, history", "high"),
        Source(date(2021, 1, 1), "dandrel-avocats.fr; jecomparelesbanques.com, history", "high"),
        Source(date(2022, 1, 1), "arrêté of 2021-12-26 (notaires2normandie.fr)", "high"),
        Source(date(2022, 7, 1), "arrêté of 2022-06-27 (bejuris.fr)", "high"),
        Source(date(2023, 1, 1), "notaires2normandie.fr; huissiers-paca.fr", "high"),
        Source(date(2023, 7, 1), "arrêté ECOT2317028A of 2023-06-27", "high"),
        Source(date(2024, 1, 1), "leparticulier.lefigaro.fr; exeoffice.eu", "high"),
        Source(date(2024, 7, 1), "legifiscal.fr 4371", "high"),
        Source(date(2025, 1, 1), "arrêté of 2024-12-17; legifiscal.fr 4371; ksca.fr", "high"),
        Source(date(2025, 7, 1), "arrêté ECOT2516925A of 2025-06-19, JO of 2025-06-24", "high"),
        Source(date(2026, 1, 1), "arrêté of 2025-12-15, JORF of 2025-12-26", "high"),
        Source(date(2026, 7, 1), "arrêté of 2026-06-26, JORF of 2026-06-30, as quoted in four tables; official text not seen", "high"),
    ),
)

GERMAN_BASE = Series(
    "German base rate (Basiszinssatz)",
    {
        2009: (162, 12),
        2010: (12, 12),
        2011: (12, 37),
        2012: (12, 12),
        2013: (-13, -38),
        2014: (-63, -73),
        2015: (-83, -83),
        2016: (-83, -88),
        2017: (-88, -88),
        2018: (-88, -88),
        2019: (-88, -88),
        2020: (-88, -88),
        2021: (-88, -88),
        2022: (-88, -88),
        2023: (162, 312),
        2024: (362, 337),
        2025: (227, 127),
        2026: (127, 152),
    },
    (
        Source(
            date(2009, 1, 1),
            "ECB main refinancing rate less 0.88, an identity that holds on 12 published figures (Deutsche Bundesbank, BGB § 247)",
            "medium-high; high for 2009, 2016, 2023, 2024, 2025 and 2026-07-01",
        ),
    ),
)

BANK_OF_ENGLAND = Series(
    "Bank of England base rate on 31 December and 30 June",
    {
        2011: (50, 50),
        2012: (50, 50),
        2013: (50, 50),
        2014: (50, 50),
        2015: (50, 50),
        2016: (50, 50),
        2017: (25, 25),
        2018: (50, 50),
        2019: (75, 75),
        2020: (75, 10),
        2021: (10, 10),
        2022: (25, 125),
        2023: (350, 500),
        2024: (525, 525),
        2025: (475, 425),
        2026: (375, 375),
    },
    (
        Source(date(2011, 1, 1), "payontime.co.uk, table of statutory rates", "high"),
        Source(date(2024, 7, 1), "debtcollectionservice.uk", "high"),
        Source(date(2025, 1, 1), "decisions of the Bank of England, no published table of statutory rates read", "medium"),
        Source(date(2025, 7, 1), "paidnice.com (base rate 4.25 in May 2025)", "medium-high"),
        Source(date(2026, 1, 1), "decisions of the Bank of England, no published table of statutory rates read", "medium"),
        Source(date(2026, 7, 1), "wolfx, glossary (base rate 3.75 in June 2026)", "medium-high"),
    ),
)
