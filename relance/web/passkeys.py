"""What is a passkey called by who adds or renames one? The library's forms, whose labels are in few languages."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy


class NewPasskey(AddWebAuthnForm):
    """A passkey to add."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["name"].label = gettext_lazy("Name")
        self.fields["passwordless"].label = gettext_lazy("Sign in with it alone, without a password")
        self.fields["passwordless"].help_text = gettext_lazy("The device then asks for your finger, your face or its code each time.")


class RenamedPasskey(EditWebAuthnForm):
    """A passkey that is called otherwise."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["name"].label = gettext_lazy("Name")
