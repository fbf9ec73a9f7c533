"""How does somebody get to sign in, and to act in a company? An administrator says so; the company's history keeps who may what."""

import hashlib
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from relance.models import Company, Membership, User
from relance.models.events import Fact, record
from relance.models.finding import Unfound
from relance.models.tokens import tokens_of
from relance.steps import Refused

_INVITATION_DAYS = 7


def new_password() -> str:
    """A password that nobody guesses, and that can be typed."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def add_user(email: str, password: str | None, *, name: str = "", language: str = "", admin: bool = False) -> User:
    """A new user, or the known one of this address with what is given changed; without a password it stays, or there is none.

    Raises Refused for an address that is none and for a password that the rules do not allow.
    """
    try:
        validate_email(email)
        user = User.objects.filter(email=email.lower()).first() or User(email=email.lower())
        user.name, user.language = name or user.name, language or user.language
        user.is_admin, user.is_active = user.is_admin or admin, True
        if password is not None:
            validate_password(password, user)
            user.set_password(password)
        elif not user.password:
            user.set_unusable_password()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    user.save()
    return user


def give_role(user: User, company: Company, role: str | None, *, by: str) -> None:
    """Let a user act in a company in a role, or no longer (None); recorded in the company's history."""
    with transaction.atomic():
        before = Membership.objects.filter(company=company, user=user).values_list("role", flat=True).first()
        if before == role:
            return
        if role is None:
            Membership.objects.filter(company=company, user=user).delete()
        else:
            Membership.objects.update_or_create(company=company, user=user, defaults={"role": role})
        facts = {"user": user.email, "before": before, "after": role}
        record(company.pk, by, [Fact("role_given" if role else "role_taken", facts=facts)])


def let_in(company: Company, email: str, role: str, *, name: str = "", by: str, asker: User | None = None) -> tuple[User, bool]:
    """Give the user of an address a role in a company: somebody known, or somebody new, who comes in by an invitation.

    Return the user, and whether he is new. ``asker`` is the user who wants it, if it is one. Raises Refused for one's own role, for who
    was removed from the installation, and for an address that is none.
    """
    known = User.objects.filter(email=email.lower()).first()
    if known is not None and not known.is_active:
        raise Refused("this user was removed; only an administrator of the installation lets him in again")
    _refuse_own(known, asker)
    with transaction.atomic():
        user = known or add_user(email, None, name=name)
        give_role(user, company, role, by=by)
    return user, known is None


def change_role(user: User, company: Company, role: str | None, *, by: str, asker: User | None = None) -> None:
    """Another role for who acts in a company, or none. Raises Refused for one's own."""
    _refuse_own(user, asker)
    give_role(user, company, role, by=by)


def find_member(company: Company, email: str) -> Membership:
    """What the user of an address is in a company. Raises Unfound."""
    found = Membership.objects.select_related("user").filter(company=company, user__is_active=True, user__email=email.lower()).first()
    if found is None:
        raise Unfound(f'no user "{email}" acts in {company.code}')
    return found


def may_be_invited(user: User) -> bool:
    """Whether an invitation may be made: it signs in as the user, so only where he never came in and acts nowhere else."""
    return user.last_login is None and not user.is_admin and not user.has_usable_password() and user.memberships.count() == 1


def make_invitation(user: User) -> str:
    """What a link must show to sign the user in, once and within a week; an earlier one is void."""
    token = TimestampSigner(salt="invitation").sign(secrets.token_urlsafe(24))
    User.objects.filter(pk=user.pk).update(invitation=_digest(token))
    return token


def use_invitation(token: str) -> User | None:
    """The user whom a link signs in, this once; None for one that is none, too old or used."""
    try:
        TimestampSigner(salt="invitation").unsign(token, max_age=_INVITATION_DAYS * 86_400)
    except BadSignature:
        return None
    user = User.objects.filter(invitation=_digest(token), is_active=True).first()
    taken = user and User.objects.filter(pk=user.pk, invitation=_digest(token)).update(invitation="")
    return user if taken else None


def remove_user(user: User, *, by: str) -> None:
    """Let a user sign in no more, and act nowhere, nor by a token of his. What was done stays under that name."""
    with transaction.atomic():
        for membership in user.memberships.select_related("company"):
            give_role(user, membership.company, None, by=by)
        tokens_of(user).update(revoked_at=timezone.now())
        User.objects.filter(pk=user.pk).update(is_active=False, is_admin=False, invitation="")


def _refuse_own(user: User | None, asker: User | None) -> None:
    if user is not None and user == asker:
        raise Refused("nobody changes his own role")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
