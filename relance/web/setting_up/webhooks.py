"""Which other systems hear what happens in this company, and what became of the messages?"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.models.webhooks import TYPES, Webhook, WebhookMessage
from relance.steps import Refused, listening
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import in_words
from relance.telling.sheets_of_history import MESSAGES
from relance.telling.words import WEBHOOK_TYPES
from relance.web.access import CompanyRequest, needs
from relance.web.asked import whole_number
from relance.web.downloads import download, wanted
from relance.web.lists import listed, whole

_SORTS = {"at": ("pk",)}
_WAITING = Count("messages", filter=Q(messages__status="queued"))


class Setting(forms.Form):
    """An address to set up, or to change."""

    code = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    url = forms.CharField(label=gettext_lazy("Address"), max_length=500, help_text=gettext_lazy("Such as https://erp.example/relance"))
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Hears of"),
        choices=[(one, WEBHOOK_TYPES[one]) for one in TYPES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("None chosen: everything."),
    )
    paused = forms.BooleanField(label=gettext_lazy("Paused"), required=False)


@needs("administrator")
def webhooks(request: CompanyRequest) -> HttpResponseBase:
    """The webhooks of this company, and their messages."""
    act, secret = request.POST.get("act", ""), ""
    form = Setting(request.POST if act == "set" else None, initial=_as_it_is(request))
    if act == "set" and form.is_valid():
        secret = _set(request, form)
        if not secret and not form.errors:
            return redirect("webhooks", request.company.code)
        form = form if form.errors else Setting()
    elif act == "secret":
        secret = _try(request, lambda: listening.renew_secret(request.company, request.POST.get("code", ""), by=request.by))
    elif act in ("remove", "replay"):
        _do(request, act)
        return redirect("webhooks", request.company.code)
    found = WebhookMessage.objects.filter(company=request.company).select_related("webhook").prefetch_related("log")
    if wanted(request):
        return download(request, Sheet(_("messages"), MESSAGES, streamed(whole(request, found, _SORTS, "-at"))))
    shown = {
        "form": form,
        "secret": secret,
        "types": WEBHOOK_TYPES,
        "hooks": Webhook.objects.filter(company=request.company).annotate(kept=Count("messages"), waiting=_WAITING).order_by("code"),
        "list": listed(request, found, _SORTS, "-at"),
    }
    answer = render(request, "setting_up/webhooks.html", shown)
    answer["Cache-Control"] = "no-store"
    return answer


def _as_it_is(request: CompanyRequest) -> dict[str, Any]:
    """The webhook that the address asks to change (``?change=``), as the form shows it."""
    found = Webhook.objects.filter(company=request.company, code=request.GET.get("change", "")[:80]).first()
    return {"code": found.code, "url": found.url, "types": found.types.split(), "paused": found.paused} if found else {}


def _set(request: CompanyRequest, form: Setting) -> str:
    said = dict(form.cleaned_data)
    try:
        found = listening.set_webhook(request.company, said["code"], said["url"], said["types"], paused=said["paused"], by=request.by)
    except Refused as refusal:
        form.add_error(None, in_words(refusal))
        return ""
    messages.success(request, _("The webhook is set up."))
    return found[1]


def _try(request: CompanyRequest, act: Callable[[], str | None]) -> str:
    """What it gives; where it is refused, the user is told why."""
    try:
        return str(act() or "")
    except Refused as refusal:
        messages.error(request, in_words(refusal))
        return ""


def _do(request: CompanyRequest, act: str) -> None:
    if act == "remove":
        _try(request, lambda: listening.remove_webhook(request.company, request.POST.get("code", ""), by=request.by))
        return
    number = whole_number(request.POST.get("message", "")) or 0
    _try(request, lambda: listening.send_again(request.company, number, by=request.by))
