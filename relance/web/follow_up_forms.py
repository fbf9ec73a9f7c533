"""What can a person say in the arrears follow-up? The forms of its acts, and how what they say reaches the steps."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.core import money
from relance.models import Collaborator, Company, DueItem, Status
from relance.models.finding import Unfound, find_address
from relance.models.mails import MAIL_KINDS
from relance.models.parties import HOLD_REASONS
from relance.steps.blocking import Block
from relance.steps.following import CallOutcome, FollowUp
from relance.telling.sentences import in_words
from relance.telling.words import BLOCKS, CALL_OUTCOMES, HOLDS, MAILS

_CLEARABLE = {
    "status": gettext_lazy("status"),
    "comment": gettext_lazy("comment"),
    "expected_on": gettext_lazy("expected date"),
    "promised_on": gettext_lazy("promise"),
}
_EMPTY: dict[str, Any] = {"status": None, "comment": "", "expected_on": None, "promised_on": None}
_SPACES = re.compile(r"[\s\u00a0\u202f]")


class Day(forms.DateField):
    """A date that may be left out."""

    def __init__(self, **said: Any) -> None:
        super().__init__(required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **said)


class Amount(forms.CharField):
    """An amount that may be left out, as an accountant types it: 1 234,50."""

    def __init__(self, **said: Any) -> None:
        super().__init__(required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}), **said)


def minor_units(text: str, currency: str) -> int:
    """Minor units of an amount as people type it. Raises ValidationError."""
    try:
        return money.parse(_SPACES.sub("", text).replace(",", "."), currency)
    except ValueError:
        raise forms.ValidationError(_("This is not an amount in %(currency)s.") % {"currency": currency}) from None


class ItemForm(forms.Form):
    """What is known of one due item: what is left empty is taken away."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    expected_on = Day(label=gettext_lazy("Payment expected on"))
    promised_on = Day(label=gettext_lazy("Promised for"))
    promised_amount = Amount(label=gettext_lazy("Amount promised"), help_text=gettext_lazy("Empty: all that is open."))
    comment = forms.CharField(
        label=gettext_lazy("Comment"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )

    def __init__(self, company: Company, item: DueItem, data: Any = None) -> None:
        promised = "" if item.promised_amount is None else money.show(item.promised_amount, item.document.currency)
        known = {name: getattr(item, name) for name in ("expected_on", "promised_on", "comment")}
        super().__init__(data, initial=known | {"promised_amount": promised, "status": item.status.code if item.status else ""})
        self._company, self._currency = company, item.document.currency
        _choices(self, "status", [("", _("None")), *_statuses(company)])

    def clean_promised_amount(self) -> int | None:
        """The amount in minor units of the due item's currency."""
        text = self.cleaned_data["promised_amount"]
        return minor_units(text, self._currency) if text else None

    def said(self) -> FollowUp:
        """What is to stand on the due item."""
        found: Any = dict(self.cleaned_data)
        return found | {"status": _status(self._company, found["status"])}


class FollowForm(forms.Form):
    """What is known of the chosen due items: what is left empty stays as it is, what is ticked is taken away."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    expected_on = Day(label=gettext_lazy("Payment expected on"))
    promised_on = Day(label=gettext_lazy("Promised for"))
    promised_amount = Amount(label=gettext_lazy("Amount promised"), help_text=gettext_lazy("For one due item; empty: all that is open."))
    comment = forms.CharField(label=gettext_lazy("Comment"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))
    clear = forms.MultipleChoiceField(
        label=gettext_lazy("Take away"), required=False, choices=list(_CLEARABLE.items()), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, company: Company, items: list[DueItem], data: Any = None) -> None:
        super().__init__(data, prefix="follow")
        self._company, self._items = company, items
        _choices(self, "status", [("", _("Unchanged")), *_statuses(company)])

    def clean_promised_amount(self) -> int | None:
        """The amount in minor units of the currency of what is chosen."""
        text = self.cleaned_data["promised_amount"]
        return minor_units(text, self._items[0].document.currency) if text and self._items else None

    def clean(self) -> None:
        """Something is said, and nothing is set and taken away at once."""
        found = super().clean() or self.cleaned_data
        both = [name for name in found.get("clear", ()) if found.get(name)]
        for name in both:
            self.add_error(name, _("This is set and taken away at once."))
        if not self.errors and not any(found.values()):
            raise forms.ValidationError(_("Say what is known: nothing was filled in."))

    def said(self) -> FollowUp:
        """What is to stand on the due items."""
        found: Any = {name: value for name, value in self.cleaned_data.items() if name != "clear" and value not in (None, "")}
        if "status" in found:
            found["status"] = _status(self._company, found["status"])
        return found | {name: _EMPTY[name] for name in self.cleaned_data["clear"]}


class BlockForm(forms.Form):
    """Which way of dunning is blocked, until when, and why."""

    kind = forms.ChoiceField(label=gettext_lazy("What is blocked"), choices=[(str(kind), BLOCKS[kind]) for kind in Block])
    until = Day(label=gettext_lazy("Until"), help_text=gettext_lazy("Empty: until somebody lifts it."))
    reason = forms.ChoiceField(label=gettext_lazy("Kind of reason"), choices=[(one, HOLDS[one]) for one in HOLD_REASONS], required=False)
    comment = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, lifting: bool = False) -> None:
        super().__init__(data, prefix="block")
        self._lifting = lifting

    def clean_comment(self) -> str:
        """A block says why; lifting one need not (register K65)."""
        comment: str = self.cleaned_data["comment"]
        if not comment and not self._lifting:
            raise forms.ValidationError(_("Say why: the comment is kept with the block."))
        return comment


class CallForm(forms.Form):
    """Whom somebody called, how it ended, and what was promised."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=[(str(one), CALL_OUTCOMES[one]) for one in CallOutcome])
    contact = forms.CharField(
        label=gettext_lazy("Who was called"), required=False, max_length=200, widget=forms.TextInput(attrs={"list": "people"})
    )
    promised_on = Day(label=gettext_lazy("Promised for"), help_text=gettext_lazy("Noted on the chosen due items."))
    note = forms.CharField(label=gettext_lazy("What was said"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, contact: str = "") -> None:
        super().__init__(data, prefix="call", initial={"contact": contact})


class WriteForm(forms.Form):
    """Whom one writes to about the chosen due items, as whom, and with which words of one's own."""

    kind = forms.ChoiceField(
        label=gettext_lazy("To whom"), choices=[(one, MAILS[one]) for one in MAIL_KINDS], widget=forms.RadioSelect, initial="contacts"
    )
    colleagues = forms.MultipleChoiceField(label=gettext_lazy("Colleagues"), required=False, widget=forms.CheckboxSelectMultiple)
    others = forms.CharField(label=gettext_lazy("Other addresses"), required=False, max_length=1_000)
    sender = forms.ChoiceField(label=gettext_lazy("Sender"), required=False)
    cc = forms.CharField(
        label=gettext_lazy("Copy to"), required=False, max_length=1_000, help_text=gettext_lazy("Codes of collaborators or addresses.")
    )
    message = forms.CharField(
        label=gettext_lazy("A paragraph of your own"), required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    statement = forms.BooleanField(label=gettext_lazy("Put the statement of account beside it"), required=False)

    def __init__(self, company: Company, data: Any = None) -> None:
        super().__init__(data, prefix="write")
        self._company = company
        people = [(one.email, one.name or one.code) for one in Collaborator.objects.filter(company=company).order_by("code") if one.email]
        _choices(self, "colleagues", people)
        _choices(self, "sender", [("", company.sender_email or company.name), *people])

    def clean_others(self) -> tuple[str, ...]:
        """Addresses."""
        return self._addresses("others")

    def clean_cc(self) -> tuple[str, ...]:
        """Addresses."""
        return self._addresses("cc")

    def clean(self) -> None:
        """Inside the company, somebody is named."""
        found = super().clean() or self.cleaned_data
        if found.get("kind") == "colleagues" and not (found.get("colleagues") or found.get("others")) and not self.errors:
            self.add_error("colleagues", _("Say which colleagues are written to."))

    def _addresses(self, name: str) -> tuple[str, ...]:
        return tuple(self._address(one) for one in re.split(r"[\s,;]+", self.cleaned_data[name]) if one)

    def _address(self, said: str) -> str:
        try:
            address = find_address(self._company, said)
        except Unfound as unfound:
            raise forms.ValidationError(in_words(unfound)) from None
        return str(forms.EmailField().clean(address))


def _choices(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _statuses(company: Company) -> list[tuple[str, Any]]:
    return [(one.code, one.label or one.code) for one in Status.objects.filter(company=company).order_by("code")]


def _status(company: Company, code: str) -> Status | None:
    return Status.objects.get(company=company, code=code) if code else None
