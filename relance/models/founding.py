"""What does a company begin with that nobody has set up yet? A policy that can be used as it is."""

from django.db import transaction

from relance.models.company import Company, Policy, PolicyLevel

# Usual steps in France: a friendly reminder, a firmer one, then the formal notice, a letter that only people issue.
_LEVELS = (
    {"level": 1, "label": "Rappel", "lower_bound": 5, "upper_bound": 19},
    {"level": 2, "label": "Deuxième rappel", "lower_bound": 20, "upper_bound": 39},
    {
        "level": 3,
        "label": "Mise en demeure",
        "lower_bound": 40,
        "automatic": False,
        "channel": "letter",
        "charge_interest": True,
        "charge_indemnity": True,
    },
)


def found_company(code: str) -> Company:
    """Make a company of this code and name, in euros, in France, with the policy that companies begin with."""
    with transaction.atomic():
        company = Company.objects.create(code=code, name=code, currency="EUR")
        policy = Policy.objects.create(company=company, code="")
        for level in _LEVELS:
            PolicyLevel.objects.create(company=company, policy=policy, **level)
    return company
