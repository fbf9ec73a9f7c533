"""How does an installation that knows nobody begin? A company is founded; its first steps come next.

Import, policy, a test mail, a first look at what would be sent: each is a page or a form that is there for every day too.
"""

from typing import Any

from babel import Locale
from django import forms
from django.contrib import messages
from django.core.validators import RegexValidator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from relance.core.facts import NA
from relance.models.company import Company, PolicyLevel
from relance.models.founding import LANGUAGES, LONGEST_CODE, PLAIN_CODE, found_company
from relance.models.history import Upload
from relance.models.outgoing.ceiling import is_first
from relance.models.parties import Customer
from relance.steps import trying_mail
from relance.steps.leveling import LevelChange, set_level
from relance.telling.figures import language
from relance.web.access import CompanyRequest, installation, needs
from relance.web.trying_mail import send_test_mail

_CURRENCIES = ("EUR", "CHF", "GBP", "USD", "CAD", "MAD", "TND", "DZD", "XOF", "XAF", "XPF", "PLN", "CZK", "SEK", "DKK", "NOK")
_PLAIN_CODE = RegexValidator(rf"\A{PLAIN_CODE}\Z", gettext_lazy("Letters, figures, dots and dashes only: it stands in addresses."))


class Founding(forms.Form):
    """What a company is called, and what its letters speak of and in."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("As it stands on letters."))
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=LONGEST_CODE,
        validators=[_PLAIN_CODE],
        help_text=gettext_lazy("Short, for instance ACME. It stays."),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    language = forms.ChoiceField(label=gettext_lazy("Language of letters"))
    sender_email = forms.EmailField(
        label=gettext_lazy("Reminders are sent from"), required=False, help_text=gettext_lazy("Your customers answer to this address.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Locale.parse(language())
        countries = [(code, name) for code, name in names.territories.items() if code.isalpha() and code not in ("EU", "EZ", "UN", "ZZ")]
        self._choose("currency", [(code, f"{code}, {names.currencies.get(code, code)}") for code in _CURRENCIES])
        self._choose("country", sorted((one for one in countries if len(one[0]) == 2), key=lambda one: one[1]))
        self._choose("language", [(code, names.languages[code].capitalize()) for code in LANGUAGES])
        self.fields["country"].initial = "FR"
        self.fields["language"].initial = language()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class Reminded(forms.Form):
    """What another tool has reminded of already: due up to when, up to which level, last on which day."""

    due_to = forms.DateField(label=gettext_lazy("Due up to"), widget=forms.DateInput({"type": "date"}))
    level = forms.TypedChoiceField(label=gettext_lazy("Level reached"), coerce=int)
    on = forms.DateField(label=gettext_lazy("Last reminded on"), widget=forms.DateInput({"type": "date"}))

    def __init__(self, company: Company, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = PolicyLevel.objects.filter(company=company, policy__code="", level__lte=9).order_by("level")
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.level, f"{one.level} {one.label}") for one in levels]

    def clean(self) -> dict[str, Any]:
        """The day lies in the past."""
        said = super().clean() or {}
        if said.get("on") and said["on"] > localdate():
            self.add_error("on", _("This day is still to come."))
        return said


@installation
def found(request: HttpRequest) -> HttpResponse:
    """Found a company, the first or another; then its first steps."""
    form = Founding(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            company = found_company(by=str(request.user)[:150], **form.cleaned_data)
            return redirect("first_steps", company.code)
        except IntegrityError:
            form.add_error("code", _("There is a company of this code already."))
    return render(request, "found.html", {"form": form, "first": not Company.objects.exists()})


@needs("administrator")
def steps(request: CompanyRequest) -> HttpResponse:
    """What is done of the first steps and what comes next; the form sends the test mail."""
    reminded = Reminded(request.company, request.POST if "due_to" in request.POST else None)
    if request.method == "POST" and not reminded.is_bound:
        send_test_mail(request)
        return redirect("first_steps", request.company.code)
    if reminded.is_bound and reminded.is_valid():
        return _seed(request, reminded.cleaned_data)
    levels = PolicyLevel.objects.filter(company=request.company, policy__code="").order_by("level")
    shown = {
        "customers": Customer.objects.filter(company=request.company).exists(),
        "last_import": Upload.objects.filter(company=request.company).order_by("-pk").first(),
        "reminded": reminded,
        "is_first": is_first(request.company),
        "levels": [(level, _told(level)) for level in levels],
        "mail_place": trying_mail.place(request.company),
        "is_folder": trying_mail.goes_nowhere(),
    }
    return render(request, "first_steps.html", shown)


def _seed(request: CompanyRequest, said: dict[str, Any]) -> HttpResponse:
    """Give what another tool has reminded of the level it had there; what has a level here already keeps it."""
    change = LevelChange(said["level"], said["on"], current=0, due_to=said["due_to"], open_only=True)
    count = len({(one["document"], one["no"]) for one in set_level(request.company, change, by=request.by)})
    told = ngettext("%(n)s due item has its level.", "%(n)s due items have their level.", count)
    messages.success(request, told % {"n": count})
    return redirect("first_steps", request.company.code)


def _told(level: PolicyLevel) -> str:
    """A row of the policy as a sentence."""
    lower, upper = level.lower_bound, level.upper_bound
    if upper is None:
        when = ngettext("from %(lower)s day after the due date on", "from %(lower)s days after the due date on", lower) % {"lower": lower}
    else:
        when = _("from %(lower)s to %(upper)s days after the due date") % {"lower": lower, "upper": upper}
    if level.level == NA:
        return f"{when}, {_('excluded from dunning')}"
    how = _("by letter") if level.channel == "letter" else _("by e-mail")
    who = _("sent by the automatic run") if level.automatic else _("never automatic: somebody decides")
    charged = [_("with late-payment interest")] * level.charge_interest + [_("with the fixed indemnity")] * level.charge_indemnity
    return ", ".join([when, how, who, *charged])
