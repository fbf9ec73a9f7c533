"""How does a person come in by a link, and choose a language? Passwords, second factors and the rest are the library's pages."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from relance.models.access import User
from relance.steps import granting
from relance.web.access import anybody

NOT_OURS = ("email/", "confirm-email/", "3rdparty/", "3rdparty/signup/")  # pages of the library: administrators say who has which address
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def invite(user: User) -> str:
    """The address, on this site, of a link that signs the user in, once and within a week; an earlier one is void."""
    return reverse("invitation", args=[granting.make_invitation(user)])


@anybody
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in who comes by a link that has not been used."""
    user = granting.use_invitation(token)
    if user is None:
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
