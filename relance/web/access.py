"""What does a page ask of who looks at it? Every view says here what it needs; who may what is decided in ``relance/models/wall.py``.

The company stands first in an address. For who has no part in it, it is as if it were not there (404); for who may not do so much, it is
forbidden (403).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from relance.models.access import ROLES, User
from relance.models.company import Company
from relance.models.wall import Part, companies_of, may, may_found, part_of

__all__ = ["ANYBODY", "INSTALLATION", "SIGNED_IN", "CompanyRequest", "anybody", "companies_of", "installation", "may", "needs", "signed_in"]

View = Callable[..., HttpResponseBase]
ANYBODY, SIGNED_IN, INSTALLATION = "anybody", "signed_in", "installation"
_LOOKING = ("GET", "HEAD", "OPTIONS")


class CompanyRequest(HttpRequest):
    """A request that has passed: the company it is about, and what its user may do there."""

    user: User
    company: Company
    role: str
    by: str  # who acts, as the history writes it


def needs(role: str, *, change: str = "") -> Callable[[View], View]:
    """Let nobody in who has less than this role in the company of the address (``company``, a code, its first argument).

    ``change`` is the role to send a form, where that needs more than to look.
    """
    assert {role, change or role} <= set(ROLES)

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, company: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            request.company, request.role = _company_and_role(request.user, company)
            request.by = str(request.user)[:150]
            if not may(request.role, role if request.method in _LOOKING else change or role):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _said(guarded, role, change or role)

    return guard


def anybody(view: View) -> View:
    """Let everybody in."""
    return _said(view, ANYBODY)


def signed_in(view: View) -> View:
    """Let in whoever has signed in."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    return _said(guarded, SIGNED_IN)


def installation(view: View) -> View:
    """Let in the administrators of the installation alone."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not may_found(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return _said(guarded, INSTALLATION)


def _company_and_role(user: User, code: str) -> Part:
    found = part_of(user, code)
    if found is None:
        raise Http404
    return found


def _to_sign_in(request: Any) -> HttpResponseBase:
    """The page to sign in, which leads back; it does not fit into a part of a page, so the whole page goes there."""
    if request.htmx:
        return HttpResponseClientRedirect(f"{reverse('account_login')}?next={request.htmx.current_url_abs_path or '/'}")
    return redirect_to_login(request.get_full_path())


def _said(view: View, needed: str, change: str = "") -> View:
    view.needs, view.change_needs = needed, change or needed  # type: ignore[attr-defined]
    return view
