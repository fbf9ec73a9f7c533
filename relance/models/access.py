"""Who may sign in, and what may each of them do in which company?"""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from relance.models import fields

ROLES = ("reader", "collector", "manager", "administrator")  # each may do all that those before it may


class Users(BaseUserManager["User"]):
    """Users are known by their e-mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **said: Any) -> "User":
        """A user with this address; without a password he cannot sign in by one."""
        user = self.model(email=email.lower(), **said)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of this address."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who signs in. An administrator of the installation may do everything in every company."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True, default="")
    language = models.CharField(max_length=2, blank=True, default="")  # empty: the browser's
    is_active = models.BooleanField(default=True)
    is_admin = models.BooleanField(default=False)
    invitation = models.CharField(max_length=64, blank=True, default="")  # what a link to sign in once must show; empty: no such link
    preferences = models.JSONField(default=dict, blank=True)  # {screen: how the user wants to see it}
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """How the person is called."""
        return str(self)


class Membership(models.Model):
    """What a user may do in a company."""

    company = fields.company()
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = fields.one_of(ROLES, "reader")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "user"], name="membership_unique"),
            fields.check_one_of("membership", "role", ROLES),
        ]
