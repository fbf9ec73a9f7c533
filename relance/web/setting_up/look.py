"""What do letters show, and how do they look? The display options, the logo and the signature, with a letter beside them."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.core.display import COLUMNS, PICTURES
from relance.core.facts import HIGHEST_LEVEL
from relance.dossier import Faults
from relance.models.company import Company, PolicyLevel
from relance.models.display import display_of, shown_with
from relance.models.rules import frozen_settings
from relance.steps.previewing import Draft
from relance.steps.setting_up import set_up
from relance.web.access import CompanyRequest, may, needs
from relance.web.setting_up.faults import tell
from relance.web.setting_up.preview import Seen, seen

_COLUMNS = {
    "label": gettext_lazy("Label"),
    "date": gettext_lazy("Date"),
    "due_date": gettext_lazy("Due date"),
    "days_overdue": gettext_lazy("Days overdue"),
    "amount": gettext_lazy("Amount"),
    "paid": gettext_lazy("Paid"),
}
_USUAL = "usual"


class Look(forms.Form):
    """The display options; pictures apart from the rest, since a form cannot show what it would upload."""

    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns of the items"),
        required=False,
        choices=[(name, _COLUMNS[name]) for name in COLUMNS],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The document and what is open of it always stand."),
    )
    credits = forms.ChoiceField(
        label=gettext_lazy("Credits in deduction"),
        choices=[("each", gettext_lazy("each on a line")), ("sum", gettext_lazy("their sum on one line"))],
    )
    subtotals = forms.BooleanField(label=gettext_lazy("A subtotal for each due date"), required=False)
    not_due = forms.BooleanField(label=gettext_lazy("Tell what falls due later, for information"), required=False)
    charge_periods = forms.BooleanField(label=gettext_lazy("How interest was computed, period by period"), required=False)
    payment_slip = forms.BooleanField(label=gettext_lazy("A payment slip at the foot, to send back with a cheque"), required=False)
    qr_code = forms.BooleanField(label=gettext_lazy("A QR code that fills in the transfer in the bank’s application"), required=False)
    fold_marks = forms.BooleanField(label=gettext_lazy("Fold marks at the edge"), required=False)
    page_numbers = forms.BooleanField(label=gettext_lazy("Page numbers"), required=False)
    window = forms.ChoiceField(
        label=gettext_lazy("Window of the envelope"),
        choices=[
            (_USUAL, gettext_lazy("as usual in the country")),
            ("left", gettext_lazy("on the left")),
            ("right", gettext_lazy("on the right")),
        ],
    )
    signatory = forms.CharField(
        label=gettext_lazy("Who signs"), required=False, help_text=gettext_lazy("Stands for {sender} in texts, and under the signature.")
    )
    accent_color = forms.CharField(label=gettext_lazy("Colour of titles"), widget=forms.TextInput({"type": "color"}))
    text_color = forms.CharField(label=gettext_lazy("Colour of text"), widget=forms.TextInput({"type": "color"}))
    logo = forms.FileField(
        label=gettext_lazy("Logo"), required=False, help_text=gettext_lazy("PNG, JPEG or SVG up to 300 kB; shown once it is saved.")
    )
    no_logo = forms.BooleanField(label=gettext_lazy("Take the logo away"), required=False)
    signature = forms.FileField(label=gettext_lazy("Signature"), required=False, help_text=gettext_lazy("PNG, JPEG or SVG up to 300 kB."))
    no_signature = forms.BooleanField(label=gettext_lazy("Take the signature away"), required=False)

    def display(self) -> dict[str, Any]:
        """The options as they are chosen, those of the pictures only where they are taken away."""
        found = {name: value for name, value in self.cleaned_data.items() if not name.endswith(PICTURES)}
        gone = {name: None for name in PICTURES if self.cleaned_data.get(f"no_{name}")}
        return found | {"window": None if found["window"] == _USUAL else found["window"]} | gone

    def pictures(self) -> Iterator[tuple[str, bytes]]:
        """The pictures that come with it, by the option that shows them."""
        for name in PICTURES:
            if self.cleaned_data[name]:
                yield name, self.cleaned_data[name].read()


@csp_update({"img-src": [SELF, "data:"]})  # the pages of the preview, the logo and the signature
@needs("manager", change="administrator")
def look(request: CompanyRequest) -> HttpResponse:
    """The options, looked at as they are chosen, stored when that is asked."""
    stored = display_of(request.company)
    sent = request.method == "POST" and "act" in request.POST
    form = Look(request.POST, request.FILES) if sent else Look(initial=stored | {"window": stored["window"] or _USUAL})
    for name in PICTURES:
        if not stored[name]:
            del form.fields[f"no_{name}"]
    for field in form.fields.values():
        field.disabled = not may(request.role, "administrator")
    if sent and form.is_valid() and request.POST["act"] == "save" and _store(request, form):
        messages.success(request, _("The look of letters is saved."))
        return redirect("look", request.company.code)
    kept = shown_with(frozen_settings(request.company))
    shown = {"form": form, "kept": [(name, kept[name]) for name in PICTURES if kept[name]], "seen": _seen(request.company, form, sent=sent)}
    return render(request, "setting_up/look.html", shown)


def _seen(company: Company, form: Look, *, sent: bool) -> Seen | None:
    """A letter of the highest level, which shows most; nothing where there is no level."""
    highest = PolicyLevel.objects.filter(company=company, policy__code="", level__lte=HIGHEST_LEVEL).order_by("-level").first()
    if highest is None:
        return None
    if sent and not form.is_valid():
        return Seen([], "", "")
    return seen(company, Draft(highest.level, display=form.display() if sent else {}), "letter")


def _store(request: CompanyRequest, form: Look) -> bool:
    """Whether the options are stored; what is wrong with them is told beside them."""
    pictures = [(name, sha256(content).hexdigest(), b64encode(content).decode()) for name, content in form.pictures()]
    display = form.display() | {name: sha for name, sha, _content in pictures}
    said = {"display": display, "pictures": [{"sha256": sha, "content": content} for _name, sha, content in pictures]}
    try:
        set_up(request.company, said, by=request.by)
    except Faults as faults:
        tell(form, faults.faults, {f"pictures[{place}]": name for place, (name, _sha, _content) in enumerate(pictures)})
        return False
    return True
