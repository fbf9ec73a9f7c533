"""Which programs may use the API for this company, or in one's own name, and as what? Tokens are made, shown once, and revoked."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.models.access import User
from relance.models.company import Company
from relance.models.tokens import SCOPES, USUAL_RATE, Token, tokens_of
from relance.steps import Refused, admitting
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import in_words
from relance.telling.sheets_of_access import TOKENS
from relance.telling.words import SCOPES as SCOPE_NAMES
from relance.telling.words import USER_ROLES
from relance.web.access import CompanyRequest, needs, signed_in
from relance.web.downloads import download_of, wanted
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
    return _page(request, request.company, request.by, "setting_up/tokens.html")


@signed_in
def own_tokens(request: HttpRequest) -> HttpResponseBase:
    """The tokens that speak for the user himself, in every company in which he acts."""
    user = request.user
    assert isinstance(user, User)  # the guard has seen to it
    return _page(request, user, str(user)[:150], "own_tokens.html")


def _page(request: HttpRequest, owner: Company | User, by: str, template: str) -> HttpResponseBase:
    """The tokens of a company or a person, with the form for another one, or what the form has done."""
    if wanted(request):
        sheet = Sheet(_("API tokens"), TOKENS, streamed(whole(request, tokens_of(owner), _SORTS, "name")))
        return download_of(request, sheet, owner.code if isinstance(owner, Company) else owner.email)
    act, secret = request.POST.get("act", ""), ""
    form = NewToken(request.POST if act == "add" else None)
    if act == "add" and form.is_valid():
        secret = _made(owner, by, form)
        form = form if form.errors else NewToken()
    elif act == "revoke":
        _revoke(request, owner, by)
        return redirect(request.path)
    listing = listed(request, tokens_of(owner), _SORTS, "name")
    rows = [(token, USER_ROLES[token.role], _scopes_of(token)) for token in listing.rows]
    answer = render(request, template, {"form": form, "list": listing, "rows": rows, "secret": secret})
    answer["Cache-Control"] = "no-store"
    return answer


def _scopes_of(token: Token) -> list[tuple[Any, str]]:
    """What a token is for: each scope as it is called, with its code, which the API says."""
    return [(SCOPE_NAMES[code], code) for code in token.scopes.split("\n")]


def _made(owner: Company | User, by: str, form: NewToken) -> str:
    """The text of a new token: it stands on this one page, and nowhere else."""
    try:
        return admitting.add_token(owner, **form.cleaned_data, by=by)[1]
    except Refused as refusal:
        form.add_error(None, in_words(refusal))
        return ""


def _revoke(request: HttpRequest, owner: Company | User, by: str) -> None:
    try:
        admitting.revoke_token(owner, request.POST.get("token", ""), by=by)
        messages.success(request, _("The token opens nothing any more."))
    except Refused as refusal:
        messages.error(request, in_words(refusal))
