"""How does a program get in? By a token, which is shown once: an administrator's making for a company, or a person's for himself.

A company's history keeps who may what there, so its tokens too. A person's token lets nobody in who could not come in before: what is
done by it stands in the history under the person's name and its own.
"""

import secrets
from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from relance.models import Company, Token, User
from relance.models.events import Fact, record
from relance.models.tokens import SCOPES, USUAL_RATE, digest_of, tokens_of
from relance.steps import Refused

_MARK = "relance_"  # so that a token that lies about is recognised for what it is
_HINT = 4


def add_token(
    owner: Company | User,
    name: str,
    role: str,
    scopes: Collection[str],
    *,
    last_day: date | None = None,
    per_minute: int = USUAL_RATE,
    by: str,
) -> tuple[Token, str]:
    """A new token of a company, or of a person, and its text, which nobody can read afterwards; it opens nothing after its last day.

    Raises Refused where there is one of this name, without a scope, and for a last day that is over.
    """
    _refuse_wrong(name, scopes, last_day)
    secret = _MARK + secrets.token_urlsafe(32)
    with transaction.atomic():
        owners = Company.objects if isinstance(owner, Company) else User.objects
        owners.select_for_update().get(pk=owner.pk)
        if tokens_of(owner).filter(name=name).exists():
            raise Refused(f'{_called(owner)} has a token "{name}" already')
        token = Token.objects.create(
            company=owner if isinstance(owner, Company) else None,
            user=owner if isinstance(owner, User) else None,
            name=name,
            role=role,
            scopes="\n".join(scope for scope in SCOPES if scope in scopes),
            digest=digest_of(secret),
            hint=secret[-_HINT:],
            per_minute=per_minute,
            by=by,
            created_at=timezone.now(),
            expires_at=end_of(last_day, owner) if last_day else None,
        )
        facts = {"token": name, "role": role, "scopes": token.scopes.split("\n"), "last_day": last_day.isoformat() if last_day else None}
        _record(owner, by, Fact("token_added", facts=facts))
    return token, secret


def revoke_token(owner: Company | User, name: str, *, by: str) -> Token:
    """Let a token of a company, or of a person, open nothing any more. Raises Refused where there is none of this name."""
    with transaction.atomic():
        token = tokens_of(owner).select_for_update().filter(name=name).first()
        if token is None:
            raise Refused(f'there is no token "{name}" in {_called(owner)}')
        Token.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
        _record(owner, by, Fact("token_revoked", facts={"token": name}))
    return token


def told_token(token: Token, now: datetime) -> dict[str, Any]:
    """What a list says of a token: never the token itself."""
    return {
        "name": token.name,
        "ends_with": token.hint,
        "role": token.role,
        "scopes": token.scopes.split("\n"),
        "per_minute": token.per_minute,
        "by": token.by,
        "created_at": token.created_at.isoformat(),
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        "used_at": token.used_at.isoformat() if token.used_at else None,
        "expired": not token.is_good(now),
    }


def end_of(day: date, owner: Company | User) -> datetime:
    """When a last day is over where the company is; for a person, where the installation is."""
    return datetime.combine(day, time.max, ZoneInfo(owner.time_zone if isinstance(owner, Company) else settings.TIME_ZONE))


def _called(owner: Company | User) -> str:
    return owner.code if isinstance(owner, Company) else owner.email


def _record(owner: Company | User, by: str, fact: Fact) -> None:
    if isinstance(owner, Company):
        record(owner.pk, by, [fact])


def _refuse_wrong(name: str, scopes: Collection[str], last_day: date | None) -> None:
    if not name.strip():
        raise Refused("a token has a name, by which it is revoked")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Refused(f"a token is for one or several of {', '.join(SCOPES)}")
    if last_day is not None and last_day < timezone.localdate():
        raise Refused(f"the last day of the token is over: {last_day}")
