"""Are the rates shown, with the company's own beside the legal floor?"""

from relance.models import Company
from tests.web.test_imports import words

RATES = "/c/ACME/settings/rates/"


def test_the_statutory_rates_are_shown_with_their_law(browser, acme: Company):
    page = words(browser("manager", acme).get(RATES))
    assert "Code de commerce, art. L441-10 II" in page
    assert "none: the statutory rate applies" in page


def test_a_rate_below_the_floor_is_told(browser, acme: Company):
    Company.objects.update(interest_rate=1)
    assert "below the legal floor" in words(browser("manager", acme).get(RATES))


def test_a_country_without_a_known_law_is_said(browser, acme: Company):
    Company.objects.update(country="TN")
    assert "No law of late payment is known" in words(browser("manager", acme).get(RATES))
