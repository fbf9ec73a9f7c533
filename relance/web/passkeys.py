"""What is a passkey called by who adds one? The library's form, whose label of the name is in no language but English."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy


class NewPasskey(AddWebAuthnForm):
    """A passkey to add."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["name"].label = gettext_lazy("Name")
