"""What is a person's own by the API: who calls, in which language he is spoken to, his tokens?

Passwords, second factors and passkeys stay with the browser: who has a token must not become the person.
"""

from typing import Literal

from django.conf import settings
from django.utils import timezone
from ninja import Query, Router

from relance.api import admitting, shapes
from relance.api.access import Called, needs, needs_person
from relance.api.once import once
from relance.api.paging import Page
from relance.api.whole import FILES, Listing
from relance.api.words import Asked, Json
from relance.models import User
from relance.models.wall import may_found
from relance.steps.admitting import told_token

router = Router(tags=["Yourself"])
_LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)

PERSON = shapes.one(email=shapes.TEXT, name=shapes.TEXT, language={"enum": ["", *_LANGUAGES]})
ME = shapes.one(person=shapes.or_null(PERSON), company=shapes.or_null(shapes.TEXT), may_found=shapes.FLAG, token=admitting.TOKEN)


@router.get("/me", auth=needs("reader", "read"), response=shapes.answer(ME))
def read_me(request: Called) -> Json:
    """Whose token this is, a person's or a company's, and what it lets do."""
    token = request.auth
    return {
        "person": _person(token.user) if token.user else None,
        "company": token.company.code if token.company else None,
        "may_found": may_found(token),
        "token": told_token(token, timezone.now()),
    }


class Mine(Asked):
    """In which language pages and messages speak to the person; empty: the browser's."""

    language: Literal[("", *_LANGUAGES)]  # type: ignore[valid-type]


@router.patch("/me", auth=needs_person("set_up"), response=shapes.answer(PERSON))
@once
def change_me(request: Called, asked: Mine) -> Json:
    """Change what a person chooses for himself. Name and address are an administrator's to say."""
    User.objects.filter(pk=_me(request).pk).update(language=asked.language)
    return _person(User.objects.get(pk=_me(request).pk))


@router.get("/me/tokens", auth=needs_person("read"), response=shapes.pages("tokens", admitting.TOKEN), openapi_extra=FILES)
def list_my_tokens(request: Called, asked: Query[Page]) -> Listing:
    """The person's own tokens that are not revoked; never what they are."""
    return admitting.listed(request, _me(request), asked)


@router.post("/me/tokens", auth=needs_person("set_up"), response=shapes.answer(admitting.MADE))
def add_my_token(request: Called, asked: admitting.NewToken) -> Json:
    """Make a token of the person's own, shown this once: in no higher role, for nothing that the calling token is not for, no longer.

    In each company it is at most what the person is there. It takes no key, since an answer is kept under one.
    """
    return admitting.made(request, _me(request), asked)


@router.delete("/me/tokens/{path:name}", auth=needs_person("set_up"), response=shapes.CHANGED)
@once
def revoke_my_token(request: Called, name: admitting.Name) -> Json:
    """Let a token of the person's own open nothing any more; it may be the calling one."""
    return admitting.revoked(request, _me(request), name)


def _me(request: Called) -> User:
    assert request.auth.user is not None  # the guard has seen to it
    return request.auth.user


def _person(user: User) -> Json:
    return {"email": user.email, "name": user.name, "language": user.language}
