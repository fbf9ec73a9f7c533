"""Who can make himself an account? Nobody: administrators invite. And where does the library's own mail go?"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from relance.models.access import User


class Accounts(DefaultAccountAdapter):
    """People sign in, they do not sign up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class Identities(DefaultSocialAccountAdapter):
    """Who comes from the company's identity provider is let in where an administrator has added his address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: a known user is connected, an unknown one stays outside."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect an identity seen for the first time to the user of the address that its provider has verified."""
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        known = User.objects.filter(email__in=[address.lower() for address in verified], is_active=True).first()
        if known is not None and not sociallogin.is_existing:
            sociallogin.connect(request, known)
