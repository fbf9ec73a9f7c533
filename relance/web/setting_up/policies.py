"""When is a customer reminded, and at which level? Policies row by row, told in sentences and drawn as they are changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from relance.core.comparison import Shift
from relance.core.facts import HIGHEST_LEVEL, NA, Channel, Clock, LevelRow
from relance.core.policies import policy_problems
from relance.dossier import Fault, Faults, set_up
from relance.dossier.noun import LONGEST_CODE
from relance.models.finding import Unfound
from relance.steps import Refused, setting_up
from relance.telling.faults import told
from relance.telling.sentences import in_words
from relance.web.access import CompanyRequest, may, needs
from relance.web.asked import one_asked
from relance.web.setting_up.company import ATTACHING
from relance.web.setting_up.faults import tell
from relance.web.setting_up.policy_words import CLOCKS, sentences, switches
from relance.web.setting_up.timeline import drawn

Json = dict[str, Any]
_CHANNELS = [("email", gettext_lazy("e-mail")), ("letter", gettext_lazy("letter"))]
_PROGRESSIONS = [
    ("by_age", gettext_lazy("by age: levels may be skipped")),
    ("stepwise", gettext_lazy("step by step: one level after the other")),
]
_BOUNDS = range(-9_999, 10_000)
_MOST_NAMED = 8  # customers whom a change of policy touches


class Row(forms.Form):
    """One level of a policy."""

    label = forms.CharField(label=gettext_lazy("Label"), required=False, max_length=200)
    lower_bound = forms.IntegerField(label=gettext_lazy("From day"), min_value=_BOUNDS[0], max_value=_BOUNDS[-1])
    upper_bound = forms.IntegerField(label=gettext_lazy("To day"), required=False, min_value=_BOUNDS[0], max_value=_BOUNDS[-1])
    clock = forms.ChoiceField(
        label=gettext_lazy("Counted from"), required=False, choices=[("", gettext_lazy("the company’s")), *CLOCKS.items()]
    )
    channel = forms.ChoiceField(label=gettext_lazy("By"), choices=_CHANNELS)
    automatic = forms.BooleanField(label=gettext_lazy("Automatic"), required=False)
    attach_invoices = forms.ChoiceField(
        label=gettext_lazy("Invoices with"), required=False, choices=[("", gettext_lazy("the company’s")), *ATTACHING.items()]
    )
    charge_interest = forms.BooleanField(label=gettext_lazy("Interest"), required=False)
    charge_indemnity = forms.BooleanField(label=gettext_lazy("Indemnity"), required=False)
    remove = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def __init__(self, sent: QueryDict | None, level: int | str, stored: Json | None) -> None:
        super().__init__(sent, prefix=f"level-{level}", initial=stored or {"automatic": True})
        self.level, self.gaps = level, list[str]()
        if level == "NA":
            for name in ("channel", "automatic", "attach_invoices", "charge_interest", "charge_indemnity"):
                del self.fields[name]
        for name, field in self.fields.items():
            field.widget.attrs |= {"aria-label": f"{_('Level')} {level}: {field.label}"} | ({"class": "days"} if "bound" in name else {})

    def said(self) -> Json:
        """The level as a dossier says it."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "remove"}
        return {"level": self.level} | found | {name: found[name] or None for name in ("clock", "attach_invoices") if name in found}

    def row(self, level_basis: str) -> LevelRow:
        """The level as the engine takes it."""
        said = self.cleaned_data
        clock = Clock(said.get("clock") or level_basis)
        number = NA if self.level == "NA" else int(self.level)
        return LevelRow(
            number, said["lower_bound"], said["upper_bound"], clock, bool(said.get("automatic")), Channel(said.get("channel") or "email")
        )


class Switches(forms.Form):
    """What a policy says of all its levels; the usual one says it for the company."""

    level_basis = forms.ChoiceField(
        label=gettext_lazy("Days are counted from"),
        choices=[(name, label) for name, label in CLOCKS.items() if name != "end_of_month"],
        help_text=gettext_lazy("For every level that says nothing else, in all policies."),
    )
    progression = forms.ChoiceField(
        label=gettext_lazy("Progression"),
        required=False,
        choices=[("", gettext_lazy("that of the company")), *_PROGRESSIONS],
        help_text=gettext_lazy(
            "By age, the level is the one whose days the delay falls in. Step by step, it is the next one, from its first day on."
        ),
    )
    min_days_between = forms.IntegerField(
        label=gettext_lazy("Days between two reminders, at least"),
        required=False,
        min_value=0,
        max_value=_BOUNDS[-1],
        help_text=gettext_lazy("Empty: none where levels go by age, 7 where they go step by step."),
    )

    def __init__(self, *args: Any, usual: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        if usual:
            self.fields["progression"] = forms.ChoiceField(
                label=self.fields["progression"].label, choices=_PROGRESSIONS, help_text=self.fields["progression"].help_text
            )
        else:
            del self.fields["level_basis"]
            self.fields["min_days_between"].help_text = _("Empty: that of the company.")


@dataclass(frozen=True)
class Sheet:
    """A policy being worked on: its rows, one to add, its switches, and what the company says where it says nothing."""

    code: str
    rows: list[Row]
    switches: Switches
    free: list[int | str]
    options: Json

    def sound(self) -> bool:
        """Whether every field holds something sensible."""
        return all([*(row.is_valid() for row in self.rows), self.switches.is_valid()])

    def kept(self) -> list[Row]:
        """The rows that are not taken away."""
        return [row for row in self.rows if not row.cleaned_data["remove"]]

    def lost(self) -> list[Row]:
        """The rows that are taken away though the policy has them, and their texts with them: that is asked about first."""
        return [row for row in self.rows if row.cleaned_data["remove"] and "lower_bound" in row.initial]

    def basis(self) -> str:
        """From when days are counted unless a row says so."""
        said: str = self.switches.cleaned_data.get("level_basis") or self.options["level_basis"]
        return said


@needs("manager", change="administrator")
def policies(request: CompanyRequest) -> HttpResponse:
    """One policy: looked at, changed, told what it comes to."""
    stored = set_up(request.company)
    codes = [policy["code"] for policy in stored["policies"]]
    code = one_asked(request, "policy", codes, "")
    act = request.POST.get("act", "") if request.method == "POST" else ""
    sheet = _sheet(request, stored, code, act)
    for form in [*sheet.rows, sheet.switches]:
        for field in form.fields.values():
            field.disabled = not may(request.role, "administrator")
    sound = act in ("save", "remove") and sheet.sound()
    lost = sheet.lost() if sound and act == "save" else []
    if sound and not lost and _store(request, sheet):
        return _back(request, code)
    shown: Json = {"sheet": sheet, "codes": ["", *codes], "act": act, "lost": lost}
    if act == "compare" and sheet.sound():
        shown |= _compared(request, sheet)
    return render(request, "setting_up/policies.html", shown | ({} if act == "add" else _told(sheet, sent=bool(act))))


@needs("administrator")
@require_POST
def new_policy(request: CompanyRequest) -> HttpResponse:
    """A further policy, begun as a copy of the usual one."""
    stored, code = set_up(request.company), request.POST.get("code", "").strip()
    if not code or len(code) > LONGEST_CODE or any(policy["code"] == code for policy in stored["policies"]):
        messages.error(request, _("A policy needs a code that no other one has."))
        return _back(request, "")
    try:
        setting_up.set_up(request.company, {"policies": [{"code": code, "levels": stored["levels"]}]}, by=request.by)
    except Faults as faults:
        messages.error(request, " ".join(told(fault.message) for fault in faults.faults))
        return _back(request, "")
    messages.success(
        request, _("The policy %(code)s is there, a copy of the usual one. Give it to customers on their records.") % {"code": code}
    )
    return _back(request, code)


@needs("administrator")
@require_POST
def remove_policy(request: CompanyRequest) -> HttpResponse:
    """Take a further policy away, unless customers follow it."""
    code = request.POST.get("policy", "")
    if not code:
        return _back(request, "")
    try:
        setting_up.set_up(request.company, {}, without=[("policies", code)], by=request.by)
    except (Refused, Unfound) as refusal:
        messages.error(request, in_words(refusal))
        return _back(request, code)
    messages.success(request, _("The policy %(code)s is removed.") % {"code": code})
    return _back(request, "")


def _back(request: CompanyRequest, code: str) -> HttpResponseRedirect:
    return redirect(reverse("policies", args=[request.company.code]) + (f"?{urlencode({'policy': code})}" if code else ""))


def _sheet(request: CompanyRequest, stored: Json, code: str, act: str) -> Sheet:
    policy = next((one for one in stored["policies"] if one["code"] == code), stored["options"])
    levels = {row["level"]: row for row in (policy["levels"] if code else stored["levels"])}
    sent = request.POST if act else None
    added = [level for level in _levels(request.POST.getlist("added")) if level not in levels] if sent else []
    new = [level for level in _levels([request.POST.get("new", "")]) if level not in (*levels, *added)] if act == "add" else []
    rows = [*(Row(sent, level, levels.get(level)) for level in (*levels, *added)), *(Row(None, level, None) for level in new)]
    rows.sort(key=lambda row: NA if row.level == "NA" else int(row.level))
    taken = {row.level for row in rows}
    free: list[int | str] = [level for level in [*range(1, HIGHEST_LEVEL + 1), "NA"] if level not in taken]
    return Sheet(code, rows, Switches(sent, usual=not code, initial=policy), free, stored["options"])


def _levels(said: list[str]) -> Iterator[int | str]:
    """The levels that these words name."""
    for word in dict.fromkeys(said):
        if word == "NA":
            yield word
        elif word in "123456789" and word:
            yield int(word)


def _told(sheet: Sheet, *, sent: bool) -> Json:
    """The policy in sentences and as a drawing, with what is wrong or doubtful at its rows."""
    if not sent:
        for form in [*sheet.rows, sheet.switches]:
            form.cleaned_data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    elif not sheet.sound():
        return {}
    kept = sheet.kept()
    rows = [row.row(sheet.basis()) for row in kept]
    faults, gaps = policy_problems(rows)
    for fault in faults if sent else ():
        if told(fault.message) not in kept[fault.place].non_field_errors():
            kept[fault.place].add_error(None, told(fault.message))
    for gap in gaps:
        kept[gap.place].gaps.append(told(gap.message))
    if faults:
        return {}
    labels = {row.level: form.cleaned_data.get("label", "") for row, form in zip(rows, kept, strict=True)}
    charged = {
        row.level: (form.cleaned_data.get("charge_interest"), form.cleaned_data.get("charge_indemnity"))
        for row, form in zip(rows, kept, strict=True)
    }
    return {
        "sentences": list(sentences(rows, labels, charged)),
        "switches": switches(sheet.switches.cleaned_data, sheet.options),
        "drawings": [(CLOCKS[clock], drawn(rows, clock, 560), drawn(rows, clock, 360)) for clock in _clocks(rows)],
    }


def _clocks(rows: Sequence[LevelRow]) -> list[Clock]:
    return [clock for clock in Clock if any(row.clock == clock for row in rows)]


def _store(request: CompanyRequest, sheet: Sheet) -> bool:
    """Whether the policy is stored; what is wrong with it is told at its rows."""
    said, without = _said(sheet)
    try:
        warnings = setting_up.set_up(request.company, said, without=without, by=request.by)
    except Faults as faults:
        _tell_all(sheet, faults)
        return False
    messages.success(request, _("The policy is saved."))
    if warnings:
        messages.warning(request, _("It leaves gaps: they are marked at their levels."))
    return True


def _compared(request: CompanyRequest, sheet: Sheet) -> Json:
    """What the policy would change in what goes out; what is wrong with it is told at its rows."""
    said, without = _said(sheet)
    try:
        comparison, days = setting_up.compared(request.company, said, localdate(), by=request.by, without=without)
    except Faults as faults:
        _tell_all(sheet, faults)
        return {}
    sums = Shift(0, "", _added(one.at_first for one in comparison.shifts), _added(one.in_all for one in comparison.shifts))
    touched = [(comparison.gained, True), (comparison.lost, False)]
    return {"comparison": comparison, "sums": sums, "touched": touched, "ahead": days, "named": f":{_MOST_NAMED}"}


def _added(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    before, after = map(sum, zip((0, 0), *pairs, strict=True))
    return before, after


def _said(sheet: Sheet) -> tuple[Json, list[setting_up.Name]]:
    """The policy as a dossier says it, and the levels that are taken away."""
    switched = dict(sheet.switches.cleaned_data)
    prefix = ("policies", sheet.code, "levels") if sheet.code else ("levels",)
    without: list[setting_up.Name] = [(*prefix, NA if row.level == "NA" else row.level) for row in sheet.rows if row.cleaned_data["remove"]]
    levels = [row.said() for row in sheet.kept()]
    switched["progression"] = switched["progression"] or None
    said = {"policies": [{"code": sheet.code, "levels": levels} | switched]} if sheet.code else {"levels": levels, "options": switched}
    return said, without


def _tell_all(sheet: Sheet, faults: Faults) -> None:
    kept = sheet.kept()
    for fault in faults.faults:
        _tell(sheet, kept, fault)


def _tell(sheet: Sheet, kept: list[Row], fault: Fault) -> None:
    place = fault.place.rpartition("levels[")[2].partition("]")[0]
    tell(kept[int(place)] if place.isdecimal() else sheet.switches, [fault])
