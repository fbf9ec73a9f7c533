"""Which automatic runs are set up, when are they due, and what came of each launch? (Register K67, K68.)

A batch that runs for other companies than its own is set up from the command line: nobody reaches over a company's wall from its pages.
"""

import re
from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from relance.models.access import ROLES
from relance.models.batches import LOG_LEVELS, Batch, Launch
from relance.models.calendar import knows_holidays
from relance.models.moments import refuse_cron
from relance.steps import Refused, batching
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import in_words
from relance.telling.sheets_of_history import BATCHES, LAUNCHES, with_last
from relance.web.access import CompanyRequest, may, needs
from relance.web.downloads import download, wanted

DAYS = {
    "1": gettext_lazy("Monday"),
    "2": gettext_lazy("Tuesday"),
    "3": gettext_lazy("Wednesday"),
    "4": gettext_lazy("Thursday"),
    "5": gettext_lazy("Friday"),
    "6": gettext_lazy("Saturday"),
    "7": gettext_lazy("Sunday"),
}
ROLE_NAMES = {
    "reader": gettext_lazy("reader"),
    "collector": gettext_lazy("collector"),
    "manager": gettext_lazy("manager"),
    "administrator": gettext_lazy("administrator"),
}
_LAST = 20  # launches that are shown
_ROLE_CHOICES = [(role, ROLE_NAMES[role]) for role in ROLES]


class Addresses(forms.CharField):
    """Addresses with commas, semicolons or lines between them; kept one a line."""

    def clean(self, value: Any) -> str:
        """Every one of them an address."""
        found = [part.strip() for part in re.split(r"[,;\n]", super().clean(value)) if part.strip()]
        return "\n".join(forms.EmailField().clean(part) for part in found)


class Setting(forms.Form):
    """What a batch is set up with."""

    label = forms.CharField(label=gettext_lazy("Label"), required=False, max_length=200)
    error_address = forms.EmailField(label=gettext_lazy("Who is told what goes wrong"))
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Days"), choices=list(DAYS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    times = forms.CharField(
        label=gettext_lazy("At"),
        required=False,
        help_text=gettext_lazy("Times such as 08:30, with commas between; empty: launched by hand only."),
    )
    working_days_only = forms.BooleanField(label=gettext_lazy("Working days only"), required=False)
    cron = forms.CharField(
        label=gettext_lazy("Or a line of cron"), required=False, max_length=100, help_text=gettext_lazy("In place of days and times.")
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"), required=False, max_length=40, help_text=gettext_lazy("Empty: the company's.")
    )
    holidays = forms.CharField(
        label=gettext_lazy("Public holidays of"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("FR, FR-57, FR-974; empty: the company's."),
    )
    sender = forms.EmailField(label=gettext_lazy("Sender"), required=False)
    reply_to = forms.EmailField(label=gettext_lazy("Answers go to"), required=False)
    cc = Addresses(label=gettext_lazy("Copies to"), required=False)
    bcc = Addresses(label=gettext_lazy("Blind copies to"), required=False)
    dry_run = forms.BooleanField(label=gettext_lazy("Only simulates"), required=False)
    log_level = forms.ChoiceField(label=gettext_lazy("Log"), choices=[(one, one) for one in LOG_LEVELS])
    may_see = forms.ChoiceField(label=gettext_lazy("Who may see it"), choices=_ROLE_CHOICES)
    may_launch = forms.ChoiceField(label=gettext_lazy("Who may launch it"), choices=_ROLE_CHOICES)
    may_change = forms.ChoiceField(label=gettext_lazy("Who may change it"), choices=_ROLE_CHOICES)

    def clean_weekdays(self) -> str:
        """The days as digits."""
        return "".join(sorted(self.cleaned_data["weekdays"])) or "1234567"

    def clean_times(self) -> str:
        """The times, one a line, in order."""
        try:
            found = {time.fromisoformat(part.strip().zfill(5)) for part in re.split(r"[,;\s]+", self.cleaned_data["times"]) if part.strip()}
        except ValueError:
            raise forms.ValidationError(_("These are no times such as 08:30.")) from None
        return "\n".join(f"{one:%H:%M}" for one in sorted(found))

    def clean_cron(self) -> str:
        """A line that comes round."""
        if line := self.cleaned_data["cron"].strip():
            try:
                refuse_cron(line)
            except ValueError as fault:
                raise forms.ValidationError(in_words(fault)) from None
        return str(line)

    def clean_time_zone(self) -> str:
        """A zone that is known."""
        zone = self.cleaned_data["time_zone"].strip()
        if zone and zone not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone."))
        return str(zone)

    def clean_holidays(self) -> str:
        """A region whose holidays are known."""
        region = self.cleaned_data["holidays"].strip()
        if region and not knows_holidays(region):
            raise forms.ValidationError(_("The holidays of this region are not known."))
        return str(region)

    def clean(self) -> dict[str, Any]:
        """Either times or cron."""
        said = super().clean() or {}
        if said.get("times") and said.get("cron"):
            self.add_error("cron", _("A batch has either times or a line of cron."))
        return said


class Founding(Setting):
    """A new batch has a code too."""

    field_order = ("code",)
    code = forms.RegexField(
        label=gettext_lazy("Code"), regex=r"^[\w.-]+$", max_length=80, help_text=gettext_lazy("Unique among all companies.")
    )


@needs("reader")
def batches(request: CompanyRequest) -> HttpResponseBase:
    """The batches of the company that the user may see."""
    now = timezone.now()
    found = [one for one in Batch.objects.filter(company=request.company).order_by("code") if may(request.role, one.may_see)]
    if wanted(request):
        return download(request, Sheet(_("batches"), BATCHES, with_last(found)))
    shown = [{"batch": one, "last": last, "late": one.is_late(now)} for one, last in with_last(found)]
    return render(request, "batches.html", {"batches": shown})


@needs("reader")
def batch(request: CompanyRequest, code: str) -> HttpResponseBase:
    """One batch: its launches with their logs, and its setting for who may change it."""
    found = _found(request, code)
    changes = may(request.role, found.may_change)
    form = Setting(request.POST or None, initial=_said(found))
    if request.method == "POST":
        if not changes:
            raise PermissionDenied
        if form.is_valid() and _apply(request, found.code, form):
            return redirect("batch", request.company.code, found.code)
    launches = Launch.objects.filter(batch=found).order_by("-started_at")
    if wanted(request):
        return download(request, Sheet(f"{_('launches')}-{found.code}", LAUNCHES, streamed(launches)))
    shown = {"batch": found, "form": form, "launches": launches[:_LAST], "changes": changes, "launch": may(request.role, found.may_launch)}
    return render(request, "batch.html", shown | {"late": found.is_late(timezone.now())})


@needs("administrator")
def new(request: CompanyRequest) -> HttpResponse:
    """Set up a new batch."""
    usual = {
        "weekdays": list("12345"),
        "times": "08:30",
        "working_days_only": True,
        "log_level": "info",
        "error_address": request.user.email,
    }
    form = Founding(request.POST or None, initial=usual | {"may_see": "reader", "may_launch": "manager", "may_change": "administrator"})
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data.pop("code")
        if Batch.objects.filter(code=code).exists():
            form.add_error("code", _("Another batch has this code."))
        elif _apply(request, code, form):
            return redirect("batch", request.company.code, code)
    return render(request, "batch_new.html", {"form": form})


@needs("reader")
@require_POST
def act(request: CompanyRequest, code: str) -> HttpResponse:
    """Launch it, pause it or let it run again, take it away."""
    found, by = _found(request, code), str(request.user)
    asked = request.POST.get("act", "")
    if not may(request.role, found.may_launch if asked == "launch" else found.may_change):
        raise PermissionDenied
    try:
        if asked == "launch":
            batching.ask_to_launch(found, by=by)
            messages.success(request, _("It will be launched in a moment."))
        elif asked in ("pause", "resume"):
            batching.set_paused(found, paused=asked == "pause", by=by, now=timezone.now())
        elif asked == "remove":
            batching.remove(found, by=by)
            return redirect("batches", request.company.code)
    except Refused as refusal:
        messages.error(request, in_words(refusal))
    return redirect("batch", request.company.code, code)


def _found(request: CompanyRequest, code: str) -> Batch:
    found = Batch.objects.select_related("company").filter(company=request.company, code=code).first()
    if found is None or not may(request.role, found.may_see):
        raise Http404
    return found


def _said(found: Batch) -> dict[str, Any]:
    said = {name: getattr(found, name) for name in Setting.base_fields}
    return said | {"weekdays": list(found.weekdays)} | {name: ", ".join(said[name].split("\n")) for name in ("times", "cc", "bcc")}


def _apply(request: CompanyRequest, code: str, form: forms.Form) -> bool:
    try:
        batching.set_up(request.company, code, form.cleaned_data, by=str(request.user), now=timezone.now())
    except Refused as refusal:
        form.add_error(None, in_words(refusal))
        return False
    messages.success(request, _("The batch is set up."))
    return True
