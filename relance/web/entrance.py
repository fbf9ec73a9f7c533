"""What is asked of who signs in? The library's forms, with the labels of our pages, and no example in a field that repeats its label."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.utils.translation import gettext_lazy


class SignIn(LoginForm):
    """An address, a password, and for how long."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _called(self.fields["login"], gettext_lazy("E-mail address"))
        _called(self.fields["password"], self.fields["password"].label)
        _called(self.fields["remember"], gettext_lazy("Stay signed in on this computer"))


class ForgottenPassword(ResetPasswordForm):
    """The address to which a link is sent."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _called(self.fields["email"], gettext_lazy("E-mail address"))


def _called(field: forms.Field, label: Any) -> None:
    field.label = label
    field.widget.attrs.pop("placeholder", None)
