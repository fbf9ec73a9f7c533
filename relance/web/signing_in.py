"""Who can make an account? Nobody: administrators add people. And by what does the mail of the account pages leave?"""

import logging
from email.utils import make_msgid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest

from relance.channels import OWN, open_channel
from relance.models.access import User

_log = logging.getLogger("relance.web")


class Accounts(DefaultAccountAdapter):
    """People sign in, they do not sign up; what the library writes to them leaves by the product's own channel."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand a message of the library over; it leaves at once, or not at all."""
        around = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        message = self.render_mail(template_prefix, email, around | context, headers={"Message-ID": make_msgid(domain="relance")})
        written = message.message().as_bytes(linesep="\r\n")
        if settings.RELANCE_EMAIL_URL == OWN:  # which names no server for what is of no company
            _log.warning("a message about the account has no way to leave by: RELANCE_EMAIL_URL is %s", OWN)
            return
        with open_channel(settings.RELANCE_EMAIL_URL) as channel:
            outcome = channel.send(message.from_email, (email,), written, lambda: None)
        _log.info("a message about the account was %s", outcome.kind)

    def get_from_email(self) -> str:
        """This installation, at the address people know it by."""
        return f"relance@{settings.PUBLIC.hostname or 'localhost'}"


class Identities(DefaultSocialAccountAdapter):
    """Who comes from the company's identity provider is let in where an administrator has added the address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: a known user is connected, an unknown one stays outside."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect an identity seen for the first time to the user of an address that its provider has verified."""
        verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
        known = User.objects.filter(email__in=verified, is_active=True).first()
        if known is not None and not sociallogin.is_existing:
            sociallogin.connect(request, known)
