"""Are the rates shown, with the company's own beside the legal floor?"""

import re

import pytest
from django.utils.translation import override

from relance.core import rate_table
from relance.core.rate_table import Series
from relance.models import Company
from relance.web.setting_up.rates import source_told
from tests.web.test_imports import words

RATES = "/c/ACME/settings/rates/"


def test_the_statutory_rates_are_shown_with_their_law(browser, acme: Company):
    page = words(browser("manager", acme).get(RATES))
    assert "Code de commerce, art. L441-10 II" in page
    assert "none: the statutory rate applies" in page


def test_a_rate_below_the_floor_is_told(browser, acme: Company, in_2026):
    Company.objects.update(interest_rate=1)
    assert "below the legal floor" in words(browser("manager", acme).get(RATES))


def test_a_country_without_a_known_law_is_said(browser, acme: Company):
    Company.objects.update(country="TN")
    assert "No law of late payment is known" in words(browser("manager", acme).get(RATES))


def test_the_sources_are_told_in_french(browser, acme: Company):
    page = words(browser("manager", acme, "fr").get(RATES))
    assert "BCE, page des taux directeurs, citée par deux tableaux indépendants" in page


ORIGINS = sorted({one.origin for series in vars(rate_table).values() if isinstance(series, Series) for one in series.sources})


@pytest.mark.parametrize("origin", ORIGINS)
def test_every_source_is_told_in_the_language_of_who_reads(origin):
    with override("fr"):
        told = source_told(origin)
    assert "arrêté du" in told or "arrêté" not in origin or "arrêté ECOT" in told
    assert not re.search(r"\b(of|the|and|rates?|table of|history|quoted|seen)\b", told.replace("Bank of England", "")), told
    with override("en"):
        assert source_told(origin).count(";") == origin.count(";")
