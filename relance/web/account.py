"""How does a person come in by a link, and choose a language? Passwords, second factors and the rest are the library's pages."""

import hashlib
import secrets

from django.conf import settings
from django.contrib.auth import login
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from relance.models.access import User
from relance.web.access import anybody

NOT_OURS = ("email/", "confirm-email/", "3rdparty/", "3rdparty/signup/")  # pages of the library: administrators say who has which address
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_VALID = 7 * 86_400  # seconds


def invite(user: User) -> str:
    """The address, on this site, of a link that signs the user in, once and within a week; an earlier one is void."""
    token = TimestampSigner(salt="invitation").sign(secrets.token_urlsafe(24))
    User.objects.filter(pk=user.pk).update(invitation=_digest(token))
    return reverse("invitation", args=[token])


@anybody
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in who comes by a link that has not been used."""
    try:
        TimestampSigner(salt="invitation").unsign(token, max_age=_VALID)
    except BadSignature:
        raise Http404 from None
    user = User.objects.filter(invitation=_digest(token), is_active=True).first()
    if user is None or not User.objects.filter(pk=user.pk, invitation=_digest(token)).update(invitation=""):
        raise Http404
    login(request, user, _BACKEND)
    return redirect("home")


@anybody
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on: to the user wherever he signs in, else to this browser."""
    chosen, back = request.POST.get("language", ""), request.POST.get("next", "/")
    response = redirect(back if url_has_allowed_host_and_scheme(back, None) else "/")
    if chosen in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=chosen)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86_400, samesite="Lax", httponly=True)
    return response


@anybody
def not_ours(request: HttpRequest) -> HttpResponse:
    """A page of the library that is not offered here."""
    raise Http404


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
