"""What does each level say, in each language? Subject, header and footer, with what a customer would read beside them."""

from typing import Any, NamedTuple

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.core.facts import HIGHEST_LEVEL
from relance.dossier import Faults
from relance.dossier.values import LANGUAGES
from relance.letters.placeholders import PLACEHOLDERS, check_text
from relance.letters.texts import default_text
from relance.models.company import Company, PolicyLevel
from relance.models.rules import frozen_settings
from relance.steps.previewing import Draft
from relance.steps.setting_up import set_up
from relance.telling.faults import told
from relance.telling.figures import language as reader_language
from relance.web.access import CompanyRequest, may, needs
from relance.web.asked import one_asked
from relance.web.setting_up.faults import tell
from relance.web.setting_up.preview import KINDS, seen

PARTS = ("subject", "header", "footer")
LANGUAGE_NAMES = {"fr": gettext_lazy("French"), "en": gettext_lazy("English"), "de": gettext_lazy("German")}


class Chosen(NamedTuple):
    """Which text is worked on."""

    policy: str
    level: int
    language: str
    kind: str
    customer: str


class Texts(forms.Form):
    """The three texts of a level; each left empty is the standing text."""

    subject = forms.CharField(label=gettext_lazy("Subject"), required=False, strip=False)
    header = forms.CharField(label=gettext_lazy("Before the items"), required=False, strip=False, widget=forms.Textarea({"rows": 9}))
    footer = forms.CharField(label=gettext_lazy("After the items"), required=False, strip=False, widget=forms.Textarea({"rows": 9}))

    def __init__(self, *args: Any, standing: dict[str, str], **named: Any) -> None:
        super().__init__(*args, **named)
        for name, field in self.fields.items():
            field.widget.attrs |= {"placeholder": standing[name], "data-takes": ""}

    def clean(self) -> dict[str, Any]:
        """Line ends as they are kept, and braces that stand for something."""
        said = {name: text.replace("\r\n", "\n") for name, text in (super().clean() or {}).items()}
        for name, text in said.items():
            for problem in check_text(text):
                self.add_error(name, ValidationError(told(f"{problem.message}{_on_line(text, problem.place)}")))
        return said


@csp_update({"img-src": [SELF, "data:"], "style-src": [SELF, UNSAFE_INLINE]})  # the preview is a picture, or an e-mail with its own styles
@needs("manager", change="administrator")
def texts(request: CompanyRequest) -> HttpResponse:
    """The texts of one level in one language: looked at as they are typed, stored when that is asked."""
    settings = frozen_settings(request.company)
    levels = {policy: {int(n): row for n, row in rows.items() if int(n) <= HIGHEST_LEVEL} for policy, rows in settings["levels"].items()}
    levels = {policy: rows for policy, rows in sorted(levels.items()) if rows}
    if not levels:
        return render(request, "setting_up/texts.html", {})
    chosen = _chosen(request, levels)
    row = levels[chosen.policy][chosen.level]
    stored = dict.fromkeys(PARTS, "") | row["texts"].get(chosen.language, {})
    form = _form(request, stored, _standing(request.company, row["rank"], chosen))
    if request.POST.get("act") == "save" and form.is_valid() and _store(request, chosen, form):
        messages.success(request, _("The text is saved."))
        return redirect(reverse("texts", args=[request.company.code]) + _address(chosen))
    draft = Draft(chosen.level, chosen.policy, chosen.language, _typed(form))
    return render(
        request,
        "setting_up/texts.html",
        {
            "chosen": chosen,
            "form": form,
            "policies": [(code, _address(chosen, policy=code, level=min(rows))) for code, rows in levels.items()],
            "levels": [(n, row["label"], _address(chosen, level=n)) for n, row in levels[chosen.policy].items()],
            "languages": [(code, LANGUAGE_NAMES[code], _address(chosen, language=code)) for code in LANGUAGES],
            "kinds": [(kind, label, _address(chosen, kind=kind)) for kind, label in KINDS.items()],
            "placeholders": [(f"{{{name}}}", one.says[reader_language()]) for name, one in PLACEHOLDERS.items()],
            "seen": seen(request.company, draft, chosen.kind, chosen.customer),
        },
    )


def _chosen(request: CompanyRequest, levels: dict[str, dict[int, Any]]) -> Chosen:
    policy = one_asked(request, "policy", list(levels), next(iter(levels)))
    numbers = list(map(str, levels[policy]))
    return Chosen(
        policy,
        int(one_asked(request, "level", numbers, min(numbers))),
        one_asked(request, "language", LANGUAGES, request.company.language),
        one_asked(request, "kind", list(KINDS), "letter"),
        request.GET.get("customer", "").strip()[:80],
    )


def _address(chosen: Chosen, **changed: Any) -> str:
    """The query that leads to a text."""
    return "?" + urlencode({name: value for name, value in (chosen._asdict() | changed).items() if value})


def _form(request: CompanyRequest, stored: dict[str, str], standing: dict[str, str]) -> Texts:
    """As stored, or as typed; what was left empty is begun with the standing text where that is asked."""
    if request.method != "POST" or "act" not in request.POST:
        form = Texts(initial=stored, standing=standing)
    elif request.POST["act"] == "standing":
        typed = {name: request.POST.get(name) or standing[name] for name in PARTS}
        form = Texts(typed, standing=standing)
    else:
        form = Texts(request.POST, standing=standing)
    for field in form.fields.values():
        field.disabled = not may(request.role, "administrator")
    return form


def _typed(form: Texts) -> dict[str, str]:
    """What stands in the fields, right or wrong."""
    return {name: str(form[name].value() or "").replace("\r\n", "\n") for name in PARTS}


def _standing(company: Company, rank: str, chosen: Chosen) -> dict[str, str]:
    """What a level says where nothing is written."""
    return default_text(rank, chosen.language, country=company.country, letter=chosen.kind == "letter")._asdict()


def _store(request: CompanyRequest, chosen: Chosen, form: Texts) -> bool:
    """Whether the texts are stored; what is wrong with them is told beside them."""
    own = request.company.language == chosen.language
    said = dict(form.cleaned_data) if any(form.cleaned_data.values()) else None
    if own:
        # what a company's own language is said twice in counts as one: written here, it stands in the level itself
        again = PolicyLevel.objects.filter(company=request.company, policy__code=chosen.policy, level=chosen.level).first()
        level: dict[str, Any] = (said or dict.fromkeys(PARTS, "")) | ({"texts": {chosen.language: None}} if again and again.texts else {})
    else:
        level = {"texts": {chosen.language: said}}
    rows = [{"level": chosen.level} | level]
    try:
        set_up(
            request.company, {"policies": [{"code": chosen.policy, "levels": rows}]} if chosen.policy else {"levels": rows}, by=request.by
        )
    except Faults as faults:
        tell(form, faults.faults)
        return False
    return True


def _on_line(text: str, place: int) -> str:
    return f", on line {text.count(chr(10), 0, place) + 1}" if "\n" in text else ""
