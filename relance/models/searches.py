"""Which criteria has somebody given a name to, so as not to type them again?"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import Q, QuerySet

from relance.models import fields
from relance.models.access import User
from relance.models.company import Company

CRITERIA = (
    *("state", "dunnable", "text", "customer", "due_from", "due_to", "dated_from", "dated_to"),
    *("level", "status", "promise", "einvoice", "sales_rep", "least", "most", "sort", "order"),
)
LONGEST_NAME, LONGEST_CRITERION = 80, 200  # letters


class SavedSearch(models.Model):
    """Criteria of the invoice list under a name. They are their user's, as he is the installation's: they do not travel in a dossier."""

    company = fields.company()
    user = models.ForeignKey(User, models.CASCADE, related_name="searches")
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.TextField()  # as the address of the list carries it
    is_shared = models.BooleanField(default=False)  # seen by everybody who may see the company
    is_default = models.BooleanField(default=False)  # the user's list opens with it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "user", "name"], name="savedsearch_name_unique"),
            models.UniqueConstraint(fields=["company", "user"], condition=Q(is_default=True), name="savedsearch_one_default"),
        ]


def query_of(criteria: Mapping[str, str]) -> str:
    """Criteria as the address of the list carries them, in one order and nothing besides."""
    said = {name: criteria.get(name, "").strip()[:LONGEST_CRITERION] for name in CRITERIA}
    return urlencode({name: value for name, value in said.items() if value})


def searches_of(company: Company, user: User | None) -> QuerySet[SavedSearch]:
    """The user's own searches, then what others share, by name; for nobody, what is shared."""
    return (
        SavedSearch.objects.filter(Q(user=user) | Q(is_shared=True), company=company)
        .select_related("user")
        .annotate(is_own=models.Case(models.When(user=user, then=True), default=False, output_field=models.BooleanField()))
        .order_by("-is_own", "name", "pk")
    )


def save_search(company: Company, user: User, name: str, query: str, **switches: Any) -> SavedSearch:
    """Keep criteria under a name, in place of the user's own of that name; ``switches`` are ``is_shared`` and ``is_default``."""
    if switches.get("is_default"):
        SavedSearch.objects.filter(company=company, user=user, is_default=True).update(is_default=False)
    kept, _ = SavedSearch.objects.update_or_create(company=company, user=user, name=name, defaults={"query": query} | switches)
    return kept
