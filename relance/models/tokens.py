"""Which programs may speak for a company, or for a person, as what, for what, and how often?

Only a hash of each token is kept: nobody can read one here.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When

from relance.models import fields
from relance.models.access import ROLES, User
from relance.models.company import Company

SCOPES = ("read", "write", "dun", "set_up")
USUAL_RATE = 600  # calls a minute
_WINDOW = timedelta(minutes=1)


class Token(models.Model):
    """What a program shows to be let in: a role in one company, or what a person is in each of his; narrowed to scopes, up to a moment."""

    company = fields.company(or_none=True)  # one of the two: the company that it is of, or the person
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="tokens")
    name = models.CharField(max_length=80)
    role = fields.one_of(ROLES, "reader")  # of a person's token: the highest that it uses of the person's
    scopes = fields.lines()
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the token, which is drawn at random
    hint = models.CharField(max_length=8)  # its last characters, by which people tell tokens apart
    per_minute = models.PositiveIntegerField(default=USUAL_RATE)
    by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)  # when the minute began in which it was last used
    calls = models.PositiveIntegerField(default=0)  # in that minute

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], condition=Q(revoked_at=None), name="token_name_unique"),
            models.UniqueConstraint(fields=["user", "name"], condition=Q(revoked_at=None), name="token_name_unique_of_user"),
            models.CheckConstraint(
                name="token_of_one", condition=Q(company=None, user__isnull=False) | Q(company__isnull=False, user=None)
            ),
            fields.check_one_of("token", "role", ROLES),
        ]

    def __str__(self) -> str:
        return f"token {self.name}" if self.user is None else f"{self.user} (token {self.name})"

    def allows(self, scope: str) -> bool:
        """Whether it may be used for that."""
        return scope in self.scopes.split("\n")

    def is_good(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        ended = self.revoked_at is not None or (self.user is not None and not self.user.is_active)
        return not ended and (self.expires_at is None or now < self.expires_at)


class Answered(models.Model):
    """What a write was answered, by the key that its caller gave it: asked again, it is answered alike, and not done again."""

    company = fields.company(repeats_parent=True, or_none=True)  # none: what was asked is about no company
    token = models.ForeignKey(Token, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of what was asked
    at = models.DateTimeField()
    made = models.PositiveBigIntegerField(null=True, blank=True)  # the run that was stored, while its messages are still to be sent
    answer = models.BinaryField(null=True, blank=True)  # zlib of JSON; null: not ended yet

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="answered_key_unique")]
        indexes = [models.Index(fields=["token", "at"], name="answered_at")]


class Left(NamedTuple):
    """How many more calls a token may make, and in how many seconds its minute is over."""

    limit: int
    calls: int
    seconds: int

    @property
    def exceeded(self) -> bool:
        """Whether this call was one too many."""
        return self.calls < 0


def digest_of(secret: str) -> str:
    """What is kept of a token. It is drawn from 256 bits at random, so that one round of SHA-256 keeps it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def tokens_of(owner: Company | User) -> QuerySet[Token]:
    """The tokens of a company, or a person's own, that are not revoked."""
    whose = Q(company=owner) if isinstance(owner, Company) else Q(user=owner)
    return Token.objects.filter(whose, revoked_at=None)


def find_token(secret: str, now: datetime) -> Token | None:
    """The token that somebody shows, where it is good."""
    found = Token.objects.select_related("company", "user").filter(digest=digest_of(secret)).first()
    return found if found is not None and found.is_good(now) else None


def count_call(token: Token, now: datetime) -> Left:
    """Count one call in the minute that runs, in one statement: any number of processes count together."""
    began = now.replace(second=0, microsecond=0)
    calls = Case(When(used_at=began, then=F("calls") + 1), default=Value(1))
    Token.objects.filter(pk=token.pk).update(calls=calls, used_at=began)
    counted = Token.objects.values_list("calls", flat=True).get(pk=token.pk)
    return Left(token.per_minute, token.per_minute - counted, (began + _WINDOW - now).seconds + 1)
