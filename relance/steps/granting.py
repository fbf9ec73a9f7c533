"""How does somebody get to sign in, and to act in a company? An administrator says so; the company's history keeps who may what."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from relance.models import Company, Membership, User
from relance.models.events import Fact, record
from relance.steps import Refused


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


def remove_user(user: User, *, by: str) -> None:
    """Let a user sign in no more, and act nowhere. What was done stays under that name."""
    with transaction.atomic():
        for membership in user.memberships.select_related("company"):
            give_role(user, membership.company, None, by=by)
        User.objects.filter(pk=user.pk).update(is_active=False, is_admin=False, invitation="")
