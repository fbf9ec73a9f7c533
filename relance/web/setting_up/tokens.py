"""Which programs may use the API for this company, and as what? Tokens are made, shown once, and revoked."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.models.tokens import SCOPES, USUAL_RATE, Token
from relance.steps import Refused, admitting
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import in_words
from relance.telling.sheets_of_access import TOKENS
from relance.telling.words import SCOPES as SCOPE_NAMES
from relance.telling.words import USER_ROLES
from relance.web.access import CompanyRequest, needs
from relance.web.downloads import download, wanted
from relance.web.lists import listed, whole

_SCOPES_TOLD = {
    "read": gettext_lazy("Reading (read): everything that its role sees"),
    "write": gettext_lazy("Writing (write): customers, documents, payments, imports, the follow-up"),
    "dun": gettext_lazy("Dunning (dun): runs, reminders, levels, cancelling"),
    "set_up": gettext_lazy("Setting up (set_up): settings, batches, dossiers"),
}
_SORTS = {"name": ("name", "pk"), "used": ("used_at", "pk")}


class NewToken(forms.Form):
    """A token to make."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("The program that uses it."))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=list(USER_ROLES.items()))
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("For"),
        choices=[(one, _SCOPES_TOLD[one]) for one in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        initial=["read"],
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty: none."),
    )
    per_minute = forms.IntegerField(label=gettext_lazy("Calls a minute"), min_value=1, max_value=1_000_000, initial=USUAL_RATE)


@needs("administrator")
def tokens(request: CompanyRequest) -> HttpResponseBase:
    """The tokens of this company."""
    act, secret = request.POST.get("act", ""), ""
    form = NewToken(request.POST if act == "add" else None)
    if act == "add" and form.is_valid():
        secret = _made(request, form)
        form = form if form.errors else NewToken()
    elif act == "revoke":
        _revoke(request)
        return redirect("tokens", request.company.code)
    found = Token.objects.filter(company=request.company, revoked_at=None)
    if wanted(request):
        return download(request, Sheet(_("API tokens"), TOKENS, streamed(whole(request, found, _SORTS, "name"))))
    listing = listed(request, found, _SORTS, "name")
    rows = [(token, USER_ROLES[token.role], _scopes_of(token)) for token in listing.rows]
    answer = render(request, "setting_up/tokens.html", {"form": form, "list": listing, "rows": rows, "secret": secret})
    answer["Cache-Control"] = "no-store"
    return answer


def _scopes_of(token: Token) -> list[tuple[Any, str]]:
    """What a token is for: each scope as it is called, with its code, which the API says."""
    return [(SCOPE_NAMES[code], code) for code in token.scopes.split("\n")]


def _made(request: CompanyRequest, form: NewToken) -> str:
    """The text of a new token: it stands on this one page, and nowhere else."""
    try:
        return admitting.add_token(request.company, **form.cleaned_data, by=request.by)[1]
    except Refused as refusal:
        form.add_error(None, in_words(refusal))
        return ""


def _revoke(request: CompanyRequest) -> None:
    try:
        admitting.revoke_token(request.company, request.POST.get("token", ""), by=request.by)
        messages.success(request, _("The token opens nothing any more."))
    except Refused as refusal:
        messages.error(request, in_words(refusal))
