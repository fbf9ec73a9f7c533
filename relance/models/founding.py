"""What does a company begin with that nobody has set up yet? A policy that can be used as it is."""

from typing import Any

from django.db import transaction

from relance.models.company import Company, Policy, PolicyLevel
from relance.models.events import Fact, record

# Usual steps in France: a friendly reminder, a firmer one, then the formal notice, a letter that only people issue.
_LEVELS: tuple[dict[str, Any], ...] = (
    {"level": 1, "lower_bound": 5, "upper_bound": 19},
    {"level": 2, "lower_bound": 20, "upper_bound": 39},
    {"level": 3, "lower_bound": 40, "automatic": False, "channel": "letter", "charge_interest": True, "charge_indemnity": True},
)
_LABELS = {
    "fr": ("Rappel", "Deuxième rappel", "Mise en demeure"),
    "en": ("Reminder", "Second reminder", "Formal notice"),
    "de": ("Zahlungserinnerung", "Zweite Mahnung", "Letzte Mahnung"),
}
LANGUAGES = tuple(_LABELS)
PLAIN_CODE, LONGEST_CODE = r"[A-Za-z0-9][A-Za-z0-9._-]*", 20  # it stands in addresses


def found_company(code: str, *, by: str, name: str = "", **said: str) -> Company:
    """Make a company with the policy that companies begin with; what is not said is French and in euros. Raises IntegrityError.

    Its first automatic run is under a ceiling.

    ``said`` are columns of the company: currency, country, language, sender_email.
    """
    with transaction.atomic():
        company = Company.objects.create(code=code, name=name or code, ceiling="first", **({"currency": "EUR"} | said))
        policy = Policy.objects.create(company=company, code="")
        for level, label in zip(_LEVELS, _LABELS[company.language], strict=True):
            PolicyLevel.objects.create(company=company, policy=policy, label=label, **level)
        record(company.pk, by, [Fact("company_founded", facts={"code": company.code, "name": company.name})])
    return company
