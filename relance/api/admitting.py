"""How do other programs say who may act in a company: its users with their roles, and the tokens of programs?

What is asked of who says so stands in ``access.py``, as for every operation. A token hands on no more than it has.
"""

from typing import Annotated, Literal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field, StrictInt

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.once import once
from relance.api.paging import Page, page
from relance.api.problems import Forbidden
from relance.api.whole import FILES, Listing, whole_list
from relance.api.words import Asked, Code, Day, Email, Json, Text
from relance.models import Company, Membership, User
from relance.models.access import ROLES
from relance.models.finding import Unfound
from relance.models.tokens import SCOPES, USUAL_RATE, tokens_of
from relance.models.wall import may_hand_on
from relance.steps import Refused, admitting, granting
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_access import TOKENS, USERS

router = Router(tags=["Users and tokens"])
_AT = "/companies/{company}"
Role = Literal[ROLES]  # type: ignore[valid-type]
Name = Annotated[Code, Field(max_length=80)]

TOKEN = shapes.one(
    name=shapes.TEXT,
    ends_with=shapes.TEXT,
    role={"enum": list(ROLES)},
    scopes=shapes.many({"enum": list(SCOPES)}),
    per_minute=shapes.WHOLE,
    by=shapes.TEXT,
    created_at=shapes.MOMENT,
    expires_at=shapes.or_null(shapes.MOMENT),
    used_at=shapes.or_null(shapes.MOMENT),
    expired=shapes.FLAG,
)
MADE = TOKEN | {"properties": TOKEN["properties"] | {"token": shapes.TEXT}, "required": [*TOKEN["required"], "token"]}
USER = shapes.one(
    email=shapes.TEXT, name=shapes.TEXT, role={"enum": list(ROLES)}, last_signed_in=shapes.or_null(shapes.MOMENT), invited=shapes.FLAG
)


# -- tokens


@router.get(f"{_AT}/tokens", auth=needs("administrator", "read"), response=shapes.pages("tokens", TOKEN), openapi_extra=FILES)
def list_tokens(request: Called, company: str, asked: Query[Page]) -> Listing:
    """The tokens that are not revoked: as what and for what they let in, until when, and when each was last used; never what they are."""
    return listed(request, request.company, asked)


class NewToken(Asked):
    """A token to make; it opens nothing after ``last_day``, which is a day where the company is."""

    name: Name
    role: Role = "reader"
    scopes: Annotated[list[Literal[SCOPES]], Field(min_length=1)] = ["read"]  # type: ignore[valid-type]
    last_day: Day | None = None
    per_minute: Annotated[StrictInt, Field(ge=1, le=1_000_000, description="Calls a minute.")] = USUAL_RATE


@router.post(f"{_AT}/tokens", auth=needs("administrator", "set_up"), response=shapes.answer(MADE))
def add_token(request: Called, company: str, asked: NewToken) -> Json:
    """Make a token, shown this once: for nothing that the calling token is not for, and no longer than it.

    It takes no key, since an answer is kept under one: asked for again, it is a name that is taken.
    """
    return made(request, request.company, asked)


@router.delete(_AT + "/tokens/{path:name}", auth=needs("administrator", "set_up"), response=shapes.CHANGED)
@once
def revoke_token(request: Called, company: str, name: Name) -> Json:
    """Let a token open nothing any more; it may be the calling one."""
    return revoked(request, request.company, name)


# -- what a company's tokens and a person's own have in common


def listed(request: Called, owner: Company | User, asked: Page) -> Listing:
    """The tokens of a company, or of a person."""
    found = tokens_of(owner)
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("API tokens"), TOKENS, streamed(found.order_by("name"))))
    now = timezone.now()
    return page("tokens", found, asked, lambda token: admitting.told_token(token, now))


def made(request: Called, owner: Company | User, asked: NewToken) -> Json:
    """A new one, with its text. Raises Forbidden where it would be more than the calling one."""
    until = admitting.end_of(asked.last_day, owner) if asked.last_day else None
    if not may_hand_on(request.auth, asked.role, asked.scopes, until):
        raise Forbidden("a token hands on no role and no scope that it has not itself, and opens nothing after its own last day")
    token, secret = admitting.add_token(owner, **asked.dict(), by=request.by)
    return admitting.told_token(token, timezone.now()) | {"token": secret}


def revoked(request: Called, owner: Company | User, name: str) -> Json:
    """One less. Raises Unfound where there is none of this name."""
    if not tokens_of(owner).filter(name=name).exists():
        raise Unfound(f'there is no token "{name}" here')
    admitting.revoke_token(owner, name, by=request.by)
    return shapes.changed("revoked", before=False, after=True)


# -- users


@router.get(f"{_AT}/users", auth=needs("administrator", "read"), response=shapes.pages("users", USER), openapi_extra=FILES)
def list_users(request: Called, company: str, asked: Query[Page]) -> Listing:
    """Who acts in this company, and in which role."""
    found = Membership.objects.filter(company=request.company, user__is_active=True).select_related("user")
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("users"), USERS, streamed(found.order_by("user__email"))))
    return page("users", found, asked, _user)


_LINK = shapes.one(email=shapes.TEXT, link=shapes.TEXT)


@router.post(_AT + "/users/{path:email}/invitation", auth=needs("administrator", "set_up"), response=shapes.answer(_LINK))
def invite_user(request: Called, company: str, email: Email) -> Json:
    """A link that signs in who never came in, once and within a week; told this once, and an earlier one is void."""
    user = granting.find_member(request.company, email).user
    if not granting.may_be_invited(user):
        raise Refused(f"{user.email} can come in already: an invitation is for who never came in and acts nowhere else")
    link = request.build_absolute_uri(reverse("invitation", args=[granting.make_invitation(user)]))
    return {"email": user.email, "link": link}


class Granted(Asked):
    """A role; ``name`` is how somebody new is called."""

    role: Role
    name: Annotated[Text, Field(max_length=150)] = ""


@router.put(_AT + "/users/{path:email}", auth=needs("administrator", "set_up"), response=shapes.answer(USER))
@once
def grant_role(request: Called, company: str, email: Email, asked: Granted) -> Json:
    """Let somebody act in this company, or change his role; somebody new signs in by an invitation."""
    granting.let_in(request.company, email, asked.role, name=asked.name, by=request.by, asker=request.auth.user)
    return _user(granting.find_member(request.company, email))


@router.delete(_AT + "/users/{path:email}", auth=needs("administrator", "set_up"), response=shapes.CHANGED)
@once
def take_role(request: Called, company: str, email: Email) -> Json:
    """Let somebody act in this company no more; what he did stays in the history."""
    member = granting.find_member(request.company, email)
    granting.change_role(member.user, request.company, None, by=request.by, asker=request.auth.user)
    return shapes.changed("role", before=member.role, after=None)


def _user(member: Membership) -> Json:
    user = member.user
    at = user.last_login.isoformat() if user.last_login else None
    return {"email": user.email, "name": user.name, "role": member.role, "last_signed_in": at, "invited": bool(user.invitation)}
