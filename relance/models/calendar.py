"""Which days are public holidays, in a country or in a part of it?

Written as ``FR``, or ``FR-57`` for the Moselle, ``FR-Alsace``, ``FR-974`` for Réunion; the départements of Alsace go by their numbers too.
"""

from collections.abc import Callable
from datetime import date
from functools import cache

_ALSACE = dict.fromkeys(("67", "68"), "6AE")


def knows_holidays(region: str) -> bool:
    """Whether the holidays of a region are known."""
    country, _, part = region.partition("-")
    return country in _supported() and (not part or _ALSACE.get(part, part) in _parts(country))


@cache
def public_holidays(region: str) -> Callable[[date], bool]:
    """Whether a day is a holiday there; nowhere where the region is not known."""
    if not knows_holidays(region):
        return lambda _day: False
    from holidays import country_holidays  # a fifth of a second, for those who ask

    country, _, part = region.partition("-")
    known = country_holidays(country, subdiv=_ALSACE.get(part, part) or None)
    return lambda day: day in known


@cache
def _supported() -> dict[str, list[str]]:
    from holidays import list_supported_countries

    return dict(list_supported_countries(include_aliases=False))


@cache
def _parts(country: str) -> frozenset[str]:
    """The parts of a country, by code and by name; the zones of school holidays are none."""
    from holidays import country_holidays

    known = country_holidays(country)
    return frozenset(part for part in (*known.subdivisions, *known.subdivisions_aliases) if not part.startswith("Zone"))
