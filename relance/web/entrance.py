"""What is asked of who signs in? The library's forms, with the labels of our pages, and no example in a field that repeats its label."""

from typing import Any, ClassVar

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy

_PASSWORD = gettext_lazy("Password")
_NEW = {"password1": gettext_lazy("New password"), "password2": gettext_lazy("New password, once more")}
_CODE = {"code": gettext_lazy("Code")}


class _Called(forms.Form):
    """Fields by the names of our pages."""

    called: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name, label in self.called.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)


class SignIn(_Called, LoginForm):
    """An address, a password, and for how long."""

    called: ClassVar = {
        "login": gettext_lazy("E-mail address"),
        "password": _PASSWORD,
        "remember": gettext_lazy("Stay signed in on this computer"),
    }


class ForgottenPassword(_Called, ResetPasswordForm):
    """The address to which a link is sent."""

    called: ClassVar = {"email": gettext_lazy("E-mail address")}


class OtherPassword(_Called, ChangePasswordForm):
    """The password that is, and the one that is to be."""

    called: ClassVar = {"oldpassword": gettext_lazy("Current password"), **_NEW}


class FirstPassword(_Called, SetPasswordForm):
    """A password for who has none."""

    called: ClassVar = _NEW


class PasswordByLink(_Called, ResetPasswordKeyForm):
    """A password for who has forgotten his."""

    called: ClassVar = _NEW


class PasswordAgain(_Called, ReauthenticateForm):
    """The password once more, before what changes who can come in."""

    called: ClassVar = {"password": _PASSWORD}


class SecondFactor(_Called, second_factor.AuthenticateForm):
    """A code of the app, or one for recovery."""

    called: ClassVar = _CODE


class SecondFactorAgain(_Called, second_factor.ReauthenticateForm):
    """The same, before what changes who can come in."""

    called: ClassVar = _CODE


class FirstCode(_Called, ActivateTOTPForm):
    """The code that shows that the app has the key."""

    called: ClassVar = _CODE
