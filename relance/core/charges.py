"""What does the law add to an invoice paid late: how much interest, day by day, and which fixed indemnity?

Rules, section 11; legal facts, sections 1 to 3, 6 and 7. Amounts are minor units; both charges are outside VAT.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, pairwise
from typing import NamedTuple

from relance.core import money
from relance.core.days import half_years_between
from relance.core.rate_table import Rate
from relance.core.rates import COUNTRIES, Anchoring, CustomerKind, UnknownRate, show_rate, statutory

_DAY = timedelta(days=1)
_YEAR_OF_HUNDREDTHS = 365 * 100 * 100  # a rate counts hundredths of a percent of 365 days, leap years too


class Terms(NamedTuple):
    """By which law, and at which rate, a delay is charged."""

    country: str  # of the creditor, ISO 3166
    kind: CustomerKind  # of the customer
    contractual_rate: Rate | None = None  # hundredths of a percent; None: the statutory rate

    @property
    def charged(self) -> bool:
        """Whether a delay costs anything by itself: a consumer owes neither interest nor indemnity (rules, section 11)."""
        return self.kind != CustomerKind.CONSUMER


class Movement(NamedTuple):
    """A dated change of an open amount: positive lowers it (payment, credit note), negative raises it (returned payment)."""

    on: date
    amount: int


class Instalment(NamedTuple):
    """One due item of a document, with everything allocated to it."""

    due_date: date
    amount: int
    movements: Sequence[Movement] = ()


class Period(NamedTuple):
    """A run of days with one rate and one open amount: a printed line of the computation."""

    first: date
    last: date
    days: int
    rate: Rate
    base: int
    interest: int


class Interest(NamedTuple):
    """The interest of a delay: the total is the sum of the periods, so that printed lines add up."""

    total: int
    periods: tuple[Period, ...]


class Indemnity(NamedTuple):
    """The fixed sum for recovery costs, in the currency the law names, which may not be the invoice's."""

    amount: int
    currency: str


class Charges(NamedTuple):
    """What one document has cost its customer by being late."""

    interest: Interest
    indemnity: Indemnity | None


class _Stretch(NamedTuple):
    first: date
    last: date
    base: int


def interest(due_date: date, amount: int, movements: Iterable[Movement], as_of: date, terms: Terms) -> Interest:
    """Compute simple interest on the open amount of each day from the day after the due date to ``as_of`` (rules, section 11).

    A day counts on the amount open at the end of the day before, so the day of payment is included. A period ends with a payment, on
    30 June and on 31 December; each is actual/365, rounded half up to the minor unit. Nothing is owed on a zero or negative amount.
    Raises UnknownRate for a half-year or country without a figure; a rate under the legal floor is the caller's to refuse
    (``rates.rate_below_floor``).
    """
    stretches = _late_stretches(due_date, amount, movements, as_of) if terms.charged else []
    periods = tuple(_charged(stretch, _rate(terms, stretch, stretches[0])) for stretch in stretches)
    return Interest(sum(period.interest for period in periods), periods)


def document_charges(instalments: Iterable[Instalment], currency: str, as_of: date, terms: Terms) -> Charges:
    """Compute what one invoice owes for being late: interest per due item, by due date, and the indemnity once (rules, section 11).

    Raises UnknownRate.
    """
    by_due_date = sorted(instalments, key=lambda instalment: instalment.due_date)
    each = [interest(*instalment, as_of, terms) for instalment in by_due_date]
    periods = tuple(chain.from_iterable(part.periods for part in each))
    return Charges(Interest(sum(part.total for part in each), periods), indemnity(by_due_date, currency, as_of, terms))


def indemnity(instalments: Iterable[Instalment], currency: str, as_of: date, terms: Terms) -> Indemnity | None:
    """Tell the fixed sum owed for recovery costs: once per invoice of which something was open on a day after its due date.

    40.00 EUR (Code de commerce, art. D441-5; directive 2011/7/EU, art. 6); in the United Kingdom a sum by size of debt. Paid on the
    due date: none. Raises UnknownRate for a country whose law is not known.
    """
    late = [stretch for instalment in instalments for stretch in _late_stretches(*instalment, as_of)] if terms.charged else []
    if not late:
        return None
    if terms.country not in COUNTRIES:
        raise UnknownRate(f"no indemnity for late payment is known for the country “{terms.country}”")
    if terms.country == "GB":
        return Indemnity(_british_sum(max(stretch.base for stretch in late) if currency == "GBP" else 0), "GBP")
    return Indemnity(4000, "EUR")


def answer(charges: Charges, currency: str) -> dict[str, object]:
    """The answer of ``relance interest``, amounts and rates as text."""
    fixed = charges.indemnity or Indemnity(0, "EUR")
    return {
        "currency": currency,
        "interest": money.show(charges.interest.total, currency),
        "indemnity": money.show(fixed.amount, fixed.currency),
        "indemnity_currency": fixed.currency,
        "periods": [
            {
                "from": period.first.isoformat(),
                "to": period.last.isoformat(),
                "days": period.days,
                "rate": show_rate(period.rate),
                "base": money.show(period.base, currency),
                "interest": money.show(period.interest, currency),
            }
            for period in charges.interest.periods
        ],
    }


def _late_stretches(due_date: date, amount: int, movements: Iterable[Movement], as_of: date) -> list[_Stretch]:
    """The days of delay on which something was open, cut where the amount or the half-year changes."""
    if as_of <= due_date:
        return []
    lowered: Counter[date] = Counter()
    for on, by in movements:
        lowered[max(on, due_date)] += by
    changes = {on + _DAY for on, by in lowered.items() if by and on < as_of}
    firsts = sorted({due_date + _DAY, *changes, *half_years_between(due_date + _DAY, as_of)})
    return [stretch for stretch in _with_amounts(firsts, amount, lowered, as_of) if stretch.base > 0]


def _with_amounts(firsts: list[date], amount: int, lowered: Counter[date], as_of: date) -> Iterator[_Stretch]:
    lasts = [following - _DAY for _, following in pairwise(firsts)] + [as_of]
    for first, last in zip(firsts, lasts, strict=True):
        amount -= lowered[first - _DAY]
        yield _Stretch(first, last, amount)


def _rate(terms: Terms, stretch: _Stretch, first_stretch: _Stretch) -> Rate:
    if terms.contractual_rate is not None:
        return terms.contractual_rate
    table = statutory(terms.country, terms.kind)
    return table.rate_on((stretch if table.anchoring is Anchoring.FLOATING else first_stretch).first)


def _charged(stretch: _Stretch, rate: Rate) -> Period:
    days = (stretch.last - stretch.first).days + 1
    return Period(stretch.first, stretch.last, days, rate, stretch.base, _half_up(stretch.base * rate * days, _YEAR_OF_HUNDREDTHS))


def _half_up(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)


def _british_sum(debt: int) -> int:
    """Late Payment of Commercial Debts (Interest) Act 1998, s. 5A; a debt in another currency takes the lowest sum."""
    return 4000 if debt < 1_000_00 else 7000 if debt < 10_000_00 else 10000
