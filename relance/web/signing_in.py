"""Who can make an account? Nobody: administrators add people. And by what does the mail of the account pages leave?"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import make_msgid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from relance.channels import OWN, Address, Unreachable, open_channel, read_address, way_out
from relance.models.access import User
from relance.models.messaging import mail_account
from relance.models.wall import companies_of

_AGAIN = {
    "reauthenticate": gettext_lazy("Use my password"),
    "mfa_reauthenticate": gettext_lazy("Use a code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Use a passkey"),
}
_log = logging.getLogger("relance.web")
_PATIENCE = 20.0  # seconds that a mail server may be silent while somebody waits for a page


class Accounts(DefaultAccountAdapter):
    """People sign in, they do not sign up; what the library writes to them leaves by the product's own channel."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways in which somebody proves again who he is, in the words of our pages."""
        found = super().get_reauthentication_methods(user)
        return [one | {"description": _AGAIN.get(one["id"], one["description"])} for one in found]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand a message of the library over; it leaves at once, or not at all."""
        around = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        message = self.render_mail(template_prefix, email, around | context, headers={"Message-ID": make_msgid(domain="relance")})
        try:
            with _way_out_to(email) as (address, sender), open_channel(address, timeout=_PATIENCE) as channel:
                message.from_email = sender or message.from_email
                written = message.message().as_bytes(linesep="\r\n")
                outcome = channel.send(message.from_email, (email,), written, lambda: None)
        except Unreachable as why:  # the page says the same to everybody
            _log.error("a message about an account could not leave: %s", why)
        else:
            _log.info("a message about the account was %s", outcome.kind)

    def get_from_email(self) -> str:
        """This installation, at the address people know it by."""
        return f"relance@{settings.PUBLIC.hostname or 'localhost'}"


@contextmanager
def _way_out_to(email: str) -> Iterator[tuple[Address, str]]:
    """The installation's own way; else, in its name, that of the first company by name that the person may see and that has a server.

    Raises Unreachable where there is none.
    """
    if settings.RELANCE_EMAIL_URL != OWN:
        yield read_address(settings.RELANCE_EMAIL_URL), ""
        return
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    for company in companies_of(person) if person else ():
        with mail_account(company) as account:
            if account is not None and company.sender_email:
                yield way_out(OWN, account), company.sender_email
                return
    raise Unreachable("the installation names no mail server, and no company that the person may see has one")


class Identities(DefaultSocialAccountAdapter):
    """Who comes from the company's identity provider is let in where an administrator has added the address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: a known user is connected, an unknown one stays outside."""
        return False

    def on_authentication_error(self, request: HttpRequest, provider: Any, **told: Any) -> None:
        """Note in the log what the page does not say."""
        _log.error("signing in by %s failed: %s %s", provider, told.get("error"), told.get("exception") or "")

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect an identity seen for the first time to the user of an address that its provider has verified; tell others why not."""
        if sociallogin.is_existing:
            return
        addresses = [address.email.lower() for address in sociallogin.email_addresses]
        verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
        known = User.objects.filter(email__in=verified, is_active=True).first()
        if known is None:
            said = {"email": next(iter(verified or addresses), ""), "verified": bool(verified)}
            raise ImmediateHttpResponse(render(request, "socialaccount/unknown.html", said, status=403))
        sociallogin.connect(request, known)
