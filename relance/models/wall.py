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


def may_hand_on(token: Token, role: str, scopes: Collection[str], until: datetime | None) -> bool:
    """Whether a token may make another one: in no higher role, for nothing that it is not for, up to no later moment (None: for ever)."""
    outlives = token.expires_at is not None and (until is None or until > token.expires_at)
    return may(token.role, role) and not outlives and all(map(token.allows, scopes))


def may_found(who: User | Token) -> bool:
    """Whether somebody may found companies: who administers the installation, or a token of such a person that uses all of the role."""
    if isinstance(who, Token):
        return who.user is not None and may_found(who.user) and may(who.role, ROLES[-1])
    return who.is_admin


def part_of(who: User | Token, code: str) -> Part | None:
    """The company of a code and what somebody is there; None for who has no part in it, as where there is no such company."""
    if isinstance(who, Token):
        return _part_of_token(who, code)
    if who.is_admin and (company := Company.objects.filter(code=code).first()):
        return company, ROLES[-1]
    membership = Membership.objects.select_related("company").filter(user=who, company__code=code).first()
    return (membership.company, membership.role) if membership else None


def companies_of(who: User | Token) -> list[Company]:
    """The companies in which somebody has a part, by name."""
    if isinstance(who, Token):
        return [who.company] if who.user is None else companies_of(who.user)
    companies = Company.objects.all() if who.is_admin else Company.objects.filter(pk__in=who.memberships.values("company"))
    return list(companies.only("code", "name").order_by("name", "code"))


def _part_of_token(token: Token, code: str) -> Part | None:
    """A company's token has its role there; a person's has what the person is, at most its own role, wherever the person has a part."""
    if token.user is None:
        return (token.company, token.role) if token.company.code == code else None
    part = part_of(token.user, code)
    return (part[0], min(part[1], token.role, key=ROLES.index)) if part else None
