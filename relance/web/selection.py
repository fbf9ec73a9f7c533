"""What does the selection window of a letter edition ask? Its fields, and the request that they make (register A11 to A31)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.core.edition import EditionRequest, Scope, Sort
from relance.models.company import Collaborator, Company, PaymentMethod, PolicyLevel
from relance.models.display import display_of
from relance.models.parties import Customer
from relance.models.templates import LetterTemplate
from relance.web.asked import amount_of

MOST_CUSTOMERS = 200  # picked one by one: an address must hold them
_LONGEST = 80

SCOPES = {
    Scope.ALL_LOWER: gettext_lazy("every lower level"),
    Scope.PREVIOUS_LEVEL: gettext_lazy("the level before only"),
    Scope.NEVER_DUNNED: gettext_lazy("never dunned"),
    Scope.THIS_LEVEL: gettext_lazy("this level (a repeat)"),
    Scope.THIS_LEVEL_AND_LOWER: gettext_lazy("this level and every lower one"),
}
SORTS = {
    Sort.NAME: gettext_lazy("name"),
    Sort.POSTCODE: gettext_lazy("postcode"),
    Sort.CODE: gettext_lazy("code"),
    Sort.SALES_REP: gettext_lazy("sales rep"),
}


def _type() -> forms.TextInput:
    return forms.TextInput({"list": "types", "size": 8})


def _amount() -> forms.TextInput:
    return forms.TextInput({"inputmode": "decimal", "size": 10})


class Day(forms.DateField):
    """A date, as date fields of a browser send it."""

    def __init__(self, **said: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), required=False, **said)


class Several(forms.MultipleChoiceField):
    """Codes, checked by the form that knows the company."""

    def valid_value(self, value: str) -> bool:
        """Any code, for now."""
        return len(value) <= _LONGEST


class Selection(forms.Form):
    """The window; ``customers`` are those picked, with their names."""

    as_of = Day(label=gettext_lazy("Dunning date"))
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), coerce=int)
    scope = forms.ChoiceField(label=gettext_lazy("Due items of"), choices=list(SCOPES.items()), required=False)
    due_from = Day(label=gettext_lazy("Due from"))
    due_to = Day(label=gettext_lazy("to"))
    sort = forms.ChoiceField(label=gettext_lazy("Sorted by"), choices=list(SORTS.items()), required=False)
    template = forms.ChoiceField(label=gettext_lazy("Letter template"), required=False)
    subtotals = forms.TypedChoiceField(label=gettext_lazy("Subtotals by due date"), required=False, empty_value=None)
    credits = forms.TypedChoiceField(label=gettext_lazy("Credits in deduction"), required=False, empty_value=None)
    type_from = forms.CharField(label=gettext_lazy("Customer type from"), required=False, max_length=40, widget=_type())
    type_to = forms.CharField(label=gettext_lazy("to"), required=False, max_length=40, widget=_type())
    min_amount = forms.CharField(label=gettext_lazy("Owing more than"), required=False, max_length=40, widget=_amount())
    any_customer_level = forms.BooleanField(label=gettext_lazy("Customers of any level"), required=False)
    sales_rep = forms.MultipleChoiceField(label=gettext_lazy("Sales reps"), required=False, widget=forms.CheckboxSelectMultiple)
    payment_method = forms.MultipleChoiceField(label=gettext_lazy("Payment methods"), required=False, widget=forms.CheckboxSelectMultiple)
    customer = Several(label=gettext_lazy("Customers"), required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, said: Any, company: Company) -> None:
        """``said`` is the query of the address; nothing said is a first look, which answers nothing."""
        levels = PolicyLevel.objects.filter(company=company, policy__code="", level__lte=9).order_by("level")
        choices = [(row.level, f"{row.level} – {row.label}" if row.label else str(row.level)) for row in levels]
        first = {"as_of": localdate(), "level": choices[0][0] if choices else None, "scope": Scope.ALL_LOWER}
        super().__init__(_dated(said) if said else None, initial=first)
        self.company, self.set_up = company, bool(choices)
        self.customers: list[Customer] = []
        self._offer("level", choices)
        templates = LetterTemplate.objects.filter(company=company, removed_at=None).order_by("name").values_list("name", flat=True)
        self._offer("template", [("", _("the general one")), *((name, name) for name in templates)])
        self._offer("subtotals", _yes_or_no(usual=bool(display_of(company)["subtotals"])))
        self._offer("credits", _yes_or_no(usual=company.include_credits))
        self._offer("sales_rep", _named(Collaborator.objects.filter(company=company).order_by("name").values_list("code", "name")))
        methods = PaymentMethod.objects.filter(company=company, dunnable=True).order_by("code").values_list("code", "label")
        self._offer("payment_method", _named(methods))
        self.types = sorted(set(Customer.objects.filter(company=company).exclude(type="").values_list("type", flat=True)))

    def clean_min_amount(self) -> int | None:
        """In minor units of the company's currency."""
        text = self.cleaned_data["min_amount"]
        try:
            return amount_of(text, self.company.currency) if text.strip() else None
        except ValueError as error:
            raise forms.ValidationError(_("This is not an amount.")) from error

    def clean_customer(self) -> list[str]:
        """Codes of customers that there are."""
        codes = list(dict.fromkeys(self.cleaned_data["customer"]))
        if len(codes) > MOST_CUSTOMERS:
            raise forms.ValidationError(_("No more than %(most)s customers can be picked one by one.") % {"most": MOST_CUSTOMERS})
        self.customers = list(Customer.objects.filter(company=self.company, code__in=codes).order_by("sort_name", "code"))
        if unknown := set(codes) - {one.code for one in self.customers}:
            raise forms.ValidationError(_("There is no customer %(code)s.") % {"code": min(unknown)})
        return codes

    def clean(self) -> dict[str, Any]:
        """A range begins before it ends."""
        said = self.cleaned_data
        if said.get("due_from") and said.get("due_to") and said["due_from"] > said["due_to"]:
            self.add_error("due_to", _("This day is before the first one."))
        return said

    def request(self) -> EditionRequest:
        """What the fields ask for, once they are valid."""
        said = self.cleaned_data
        return EditionRequest(
            as_of=said["as_of"],
            level=said["level"],
            scope=Scope(said["scope"] or Scope.ALL_LOWER),
            due_from=said["due_from"],
            due_to=said["due_to"],
            type_from=said["type_from"] or None,
            type_to=said["type_to"] or None,
            sales_reps=tuple(said["sales_rep"]),
            payment_methods=tuple(said["payment_method"]),
            min_amount=said["min_amount"],
            customers=tuple(said["customer"]),
            sort=Sort(said["sort"] or Sort.NAME),
            any_customer_level=said["any_customer_level"],
            include_credits=_TRUTH[said["credits"]],
            subtotals=_TRUTH[said["subtotals"]],
            template=said["template"],
        )

    @property
    def used(self) -> list[Any]:
        """The criteria of the second rank that are asked."""
        return [self[name].label for name in _SECOND if self.data.get(name)]

    @property
    def wrong_further(self) -> bool:
        """Whether one of them is wrong."""
        return any(name in self.errors for name in _SECOND)

    def main(self) -> list[Any]:
        """The fields of the first rank."""
        return [self[name] for name in ("as_of", "level", "scope", "due_from", "due_to", "sort")]

    def more(self) -> list[Any]:
        """The fields of the second rank that stand in a line."""
        return [self[name] for name in ("type_from", "type_to", "min_amount", "template", "subtotals", "credits")]

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a field of choices


_TRUTH: Mapping[str | None, bool | None] = {None: None, "1": True, "0": False}
_SECOND = (
    "template",
    "subtotals",
    "credits",
    "type_from",
    "type_to",
    "min_amount",
    "any_customer_level",
    "sales_rep",
    "payment_method",
)


def _dated(said: Any) -> Any:
    """The query, of today where no date is said."""
    if said.get("as_of"):
        return said
    dated = QueryDict(mutable=True)
    dated.update(said)
    dated["as_of"] = localdate().isoformat()
    return dated


def _yes_or_no(*, usual: bool) -> list[tuple[str, Any]]:
    """As the company does, or the one, or the other."""
    as_ever = _("as the company does: yes") if usual else _("as the company does: no")
    return [("", as_ever), ("1", _("yes")), ("0", _("no"))]


def _named(rows: Any) -> list[tuple[str, str]]:
    return [(code, name or code) for code, name in rows]
