"""Who may see and do what in which company? The one place where it is decided, for the pages and for the API alike."""

from collections.abc import Collection
from datetime import datetime

from relance.models.access import ROLES, Membership, User
from relance.models.company import Company
from relance.models.tokens import Token

Part = tuple[Company, str]  # a company, and the role that somebody has in it


def may(role: str, needed: str) -> bool:
    """Whether a role is enough."""
    return ROLES.index(role) >= ROLES.index(needed)


def may_hand_on(token: Token, scopes: Collection[str], until: datetime | None) -> bool:
    """Whether a token may make another one: for nothing that it is not for itself, and up to no later moment (None: for ever)."""
    outlives = token.expires_at is not None and (until is None or until > token.expires_at)
    return not outlives and all(map(token.allows, scopes))


def part_of(who: User | Token, code: str) -> Part | None:
    """The company of a code and what somebody is there; None for who has no part in it, as where there is no such company."""
    if isinstance(who, Token):
        return (who.company, who.role) if who.company.code == code else None
    if who.is_admin and (company := Company.objects.filter(code=code).first()):
        return company, ROLES[-1]
    membership = Membership.objects.select_related("company").filter(user=who, company__code=code).first()
    return (membership.company, membership.role) if membership else None


def companies_of(who: User | Token) -> list[Company]:
    """The companies in which somebody has a part, by name."""
    if isinstance(who, Token):
        return [who.company]
    companies = Company.objects.all() if who.is_admin else Company.objects.filter(pk__in=who.memberships.values("company"))
    return list(companies.only("code", "name").order_by("name", "code"))
