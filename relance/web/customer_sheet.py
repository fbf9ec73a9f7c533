"""What is known of a customer, and kept up to date here: its sites, its contacts, on what terms it is dunned, why it is left alone?"""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from relance.core.identifiers import is_siren
from relance.core.terms import parse_terms
from relance.dossier import Faults
from relance.models import Collaborator, Contact, Customer, Policy, Site
from relance.models.parties import HOLD_REASONS, KINDS, RECEIVES, names_of_types, types_of
from relance.models.parties import ROLES as EVERY_ROLE
from relance.models.reports import MailReport, marked
from relance.steps import Refused, holding, keeping
from relance.telling.list_file import Sheet
from relance.telling.sheets_of_ledger import CONTACTS
from relance.telling.words import HOLDS, KINDS_OF_CUSTOMER, LANGUAGES, RECEIVED, ROLES
from relance.web.access import CompanyRequest, needs
from relance.web.customers import customer_of, heading_of
from relance.web.downloads import download, wanted
from relance.web.follow_up_forms import Day

SWITCHES = ("dunning_enabled", "manual_dunning", "auto_dunning")
_PLAIN = ("name", "email_at_customer", "email_identity", "left_on")
_HOLD, _INSOLVENCY, _FINANCE, _IDENTITY = "hold", "insolvency", "finance", "identity"
_VAT_NUMBER = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,13}", re.ASCII)


class _Colleague(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """A collaborator by the name."""
        return obj.name or obj.code


class IdentityForm(forms.Form):
    """Who a customer is; its code and its name come with its invoices."""

    siren = forms.CharField(label=gettext_lazy("SIREN"), required=False, max_length=20, help_text=gettext_lazy("Nine digits."))
    vat_number = forms.CharField(label=gettext_lazy("VAT number"), required=False, max_length=20)
    type = forms.CharField(label=gettext_lazy("Type"), required=False, max_length=40, widget=forms.TextInput({"list": "types"}))
    sales_rep = _Colleague(label=gettext_lazy("Sales rep"), queryset=Collaborator.objects.none(), required=False)

    def __init__(self, customer: Customer, data: Any = None) -> None:
        known = {name: getattr(customer, name) for name in ("siren", "vat_number", "type")} | {"sales_rep": customer.sales_rep_id}
        super().__init__(data, prefix=_IDENTITY, initial=known)
        self.before = customer.siren, customer.vat_number
        rep = self.fields["sales_rep"]
        assert isinstance(rep, forms.ModelChoiceField)
        rep.queryset = Collaborator.objects.filter(company=customer.company_id).order_by("name", "code")
        rep.empty_label = _("nobody")
        self.fields["type"].help_text = names_of_types([customer.company]).get(customer.type, "")

    def clean_siren(self) -> str:
        """Nine digits that add up; what came with the ledger stays as it came."""
        said = "".join(self.cleaned_data["siren"].split())
        if said and self.cleaned_data["siren"] != self.before[0] and not is_siren(said):
            raise forms.ValidationError(_("This is no SIREN: nine digits, the last of which checks the others."))
        return said

    def clean_vat_number(self) -> str:
        """Two letters of a country, then letters and digits; what came with the ledger stays as it came."""
        said = "".join(self.cleaned_data["vat_number"].split()).upper()
        if said and self.cleaned_data["vat_number"] != self.before[1] and not _VAT_NUMBER.fullmatch(said):
            raise forms.ValidationError(_("This is no VAT number: two letters for the country, then 2 to 13 letters or digits."))
        return said


class FinanceForm(forms.Form):
    """Whether and how a customer is dunned, and on what terms it pays (register K15, K16, K59, A2)."""

    dunning_enabled = forms.BooleanField(label=gettext_lazy("The customer may be dunned"), required=False)
    manual_dunning = forms.BooleanField(label=gettext_lazy("Dunning by hand"), required=False)
    auto_dunning = forms.BooleanField(label=gettext_lazy("Automatic dunning"), required=False)
    policy = forms.ModelChoiceField(label=gettext_lazy("Policy"), queryset=Policy.objects.none(), required=False)
    payment_terms = forms.CharField(
        label=gettext_lazy("Payment terms"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("As 30, 45FDM, 45FDM-B or 30FDM10; empty: the company’s."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of customer"), choices=[(one, KINDS_OF_CUSTOMER[one]) for one in KINDS])

    def __init__(self, customer: Customer, data: Any = None) -> None:
        names = (*SWITCHES, "payment_terms", "language", "kind")
        super().__init__(data, prefix=_FINANCE, initial={name: getattr(customer, name) for name in names} | {"policy": customer.policy_id})
        policy, language = self.fields["policy"], self.fields["language"]
        assert isinstance(policy, forms.ModelChoiceField)
        assert isinstance(language, forms.ChoiceField)
        policy.queryset = Policy.objects.filter(company=customer.company_id).exclude(code="").order_by("code")
        policy.empty_label = _("The company’s")
        language.choices = [("", _("The company’s")), *LANGUAGES.items()]

    def clean_payment_terms(self) -> str:
        """Terms in the notation of the product."""
        said: str = self.cleaned_data["payment_terms"].upper()
        try:
            if said:
                parse_terms(said)
        except ValueError:
            raise forms.ValidationError(_("These are no payment terms: write 30, 45FDM, 45FDM-B, 30FDM10 or 30LE15.")) from None
        return said


class HoldForm(forms.Form):
    """From when to when a customer is left alone, and why."""

    since = Day(label=gettext_lazy("From"), help_text=gettext_lazy("Empty: today."))
    until = Day(label=gettext_lazy("Until"), help_text=gettext_lazy("Empty: until somebody lifts it."))
    reason = forms.ChoiceField(label=gettext_lazy("Kind of reason"), choices=[(one, HOLDS[one]) for one in HOLD_REASONS], required=False)
    comment = forms.CharField(label=gettext_lazy("Why"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))


class InsolvencyForm(forms.Form):
    """When the opening of insolvency proceedings was published."""

    published_on = Day(label=gettext_lazy("Published on"), help_text=gettext_lazy("Empty: there are no proceedings, or none any more."))


class _Sites(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """A site by its code and its name."""
        return f"{obj.code} {obj.name}".strip()


class ContactForm(forms.Form):
    """A contact: how it is reached, what it is, what it receives, where it is (register K25 to K27, K71 to K73)."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email_at_customer = forms.EmailField(
        label=gettext_lazy("E-mail address at the customer"), required=False, help_text=gettext_lazy("Used where both are given.")
    )
    email_identity = forms.EmailField(label=gettext_lazy("Personal e-mail address"), required=False)
    left_on = Day(label=gettext_lazy("Left on"))
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=list(ROLES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    receives = forms.MultipleChoiceField(
        label=gettext_lazy("Receives"), choices=list(RECEIVED.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    sites = _Sites(label=gettext_lazy("Sites"), queryset=Site.objects.none(), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, customer: Customer, contact: Contact | None, data: Any = None) -> None:
        super().__init__(data, initial={} if contact is None else _known(contact))
        sites = self.fields["sites"]
        assert isinstance(sites, forms.ModelMultipleChoiceField)
        sites.queryset = Site.objects.filter(customer=customer).order_by("position", "id")

    def sheet(self) -> keeping.Sheet:
        """What is to stand about the contact."""
        said = self.cleaned_data
        plain: Any = {name: said[name] for name in ("name", "email_at_customer", "email_identity", "left_on")}
        found: keeping.Sheet = plain | keeping.boxes(said["roles"], said["receives"])
        return found


class SiteForm(forms.ModelForm):
    """A billing site: its address and its mailbox (register K77)."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), required=False, help_text=gettext_lazy("Written to when no contact is found.")
    )

    class Meta:
        model = Site
        fields = ("name", "email", "address", "postcode", "city")
        labels = {  # noqa: RUF012 - Django's own way of declaring
            "name": gettext_lazy("Name"),
            "address": gettext_lazy("Address"),
            "postcode": gettext_lazy("Postcode"),
            "city": gettext_lazy("City"),
        }
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}  # noqa: RUF012


@needs("reader")
def sheet(request: CompanyRequest, pk: int) -> HttpResponseBase:
    """The record of a customer."""
    customer = customer_of(request, pk)
    if wanted(request):
        return download(request, Sheet(f"{_('contacts')}-{customer.code}", CONTACTS, customer.contacts.all()))
    return _page(request, customer)


@needs("manager")
@require_POST
def identity(request: CompanyRequest, pk: int) -> HttpResponse:
    """Say who a customer is."""
    customer = customer_of(request, pk)
    form = IdentityForm(customer, request.POST)
    if not form.is_valid():
        return _page(request, customer, {_IDENTITY: form})
    said: Any = form.cleaned_data
    return _kept(request, customer, keeping.set_conditions(customer, said, by=request.by))


@needs("manager")
@require_POST
def finance(request: CompanyRequest, pk: int) -> HttpResponse:
    """Set how and on what terms a customer is dunned."""
    customer = customer_of(request, pk)
    form = FinanceForm(customer, request.POST)
    if not form.is_valid():
        return _page(request, customer, {_FINANCE: form})
    said, by = form.cleaned_data, request.by
    with transaction.atomic():
        changed = holding.switch(customer, {box: said[box] for box in SWITCHES}, by=by)
        terms: Any = {name: said[name] for name in ("policy", "payment_terms", "language", "kind")}
        changed += keeping.set_conditions(customer, terms, by=by)
    return _kept(request, customer, changed)


@needs("collector")
@require_POST
def hold(request: CompanyRequest, pk: int) -> HttpResponse:
    """Leave a customer alone for a while, or no longer."""
    customer = customer_of(request, pk)
    if request.POST.get("act") == "release":
        return _kept(request, customer, holding.release(customer, by=request.by))
    form = HoldForm(request.POST, prefix=_HOLD)
    if not form.is_valid():
        return _page(request, customer, {_HOLD: form})
    said = form.cleaned_data
    since, until = said["since"] or localdate(), said["until"]
    if until and until < since:
        form.add_error("until", _("It would end before it begins."))
        return _page(request, customer, {_HOLD: form})
    changed = holding.hold(customer, since=since, until=until, reason=said["reason"], comment=said["comment"], by=request.by)
    return _kept(request, customer, changed)


@needs("collector")
@require_POST
def insolvency(request: CompanyRequest, pk: int) -> HttpResponse:
    """Note that a customer is insolvent, since when, or that it is not."""
    customer = customer_of(request, pk)
    form = InsolvencyForm(request.POST, prefix=_INSOLVENCY)
    if not form.is_valid():
        return _page(request, customer, {_INSOLVENCY: form})
    return _kept(request, customer, holding.call_insolvent(customer, form.cleaned_data["published_on"], by=request.by))


@needs("collector")
def contact(request: CompanyRequest, pk: int, contact: int | None = None) -> HttpResponse:
    """Add a contact, or bring one up to date."""
    customer = customer_of(request, pk)
    found = get_object_or_404(Contact, customer=customer, pk=contact) if contact is not None else None
    form = ContactForm(customer, found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _contact_kept(request, customer, found, form):
        return redirect("customers_sheet", request.company.code, pk)
    title = found.name if found else _("New contact")
    return render(request, "customer_edit.html", {"heading": heading_of(customer, localdate()), "form": form, "title": title})


@needs("collector")
def site(request: CompanyRequest, pk: int, site: int) -> HttpResponse:
    """Bring a billing site up to date."""
    customer = customer_of(request, pk)
    found = get_object_or_404(Site, customer=customer, pk=site)
    form = SiteForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        changed = keeping.set_site(found, {name: _lines(value) for name, value in form.cleaned_data.items()}, by=request.by)
        return _kept(request, customer, changed)
    shown = {"heading": heading_of(customer, localdate()), "form": form, "title": _("Site %(code)s") % {"code": found.code}}
    return render(request, "customer_edit.html", shown)


def _page(request: CompanyRequest, customer: Customer, forms_said: dict[str, forms.Form] | None = None) -> HttpResponse:
    on_hold = {"since": customer.held_from, "until": customer.held_until, "reason": customer.hold_reason, "comment": customer.hold_comment}
    blank: dict[str, forms.Form] = {
        _IDENTITY: IdentityForm(customer),
        _FINANCE: FinanceForm(customer),
        _HOLD: HoldForm(prefix=_HOLD, initial=on_hold if customer.held_from else {}),
        _INSOLVENCY: InsolvencyForm(prefix=_INSOLVENCY, initial={"published_on": customer.insolvent_on}),
    }
    shown = {
        "heading": heading_of(customer, localdate()),
        "sites": list(customer.sites.all()),
        "contacts": _contacts(customer),
        "forms": blank | (forms_said or {}),
        "types": types_of(customer.company),
        "opened": next(iter(forms_said or {}), ""),
        "kind": KINDS_OF_CUSTOMER[customer.kind],
        "language": LANGUAGES.get(customer.language, ""),
        "reason": HOLDS[customer.hold_reason] if customer.hold_reason else "",
    }
    return render(request, "customer_sheet.html", shown)


def _contacts(customer: Customer) -> list[dict[str, Any]]:
    """Each with what came back from its address."""
    found = list(customer.contacts.prefetch_related("sites"))
    returned = marked(customer.company, [address for one in found for address in (one.email_at_customer, one.email_identity)])
    return [_told(one, returned.get(one.email_at_customer) or returned.get(one.email_identity)) for one in found]


def _told(one: Contact, returned: MailReport | None) -> dict[str, Any]:
    return {
        "contact": one,
        "returned": returned.said if returned else "",
        "roles": [label for role, label in ROLES.items() if getattr(one, f"is_{role}")],
        "receives": [label for what, label in RECEIVED.items() if getattr(one, f"receives_{what}")],
        "sites": [site.code for site in one.sites.all()],
    }


def _known(contact: Contact) -> dict[str, Any]:
    plain = {name: getattr(contact, name) for name in _PLAIN}
    roles = [role for role in EVERY_ROLE if getattr(contact, f"is_{role}")]
    receives = [one for one in RECEIVES if getattr(contact, f"receives_{one}")]
    return plain | {"roles": roles, "receives": receives, "sites": [site.pk for site in contact.sites.all()]}


def _contact_kept(request: CompanyRequest, customer: Customer, found: Contact | None, form: ContactForm) -> bool:
    """Store what the form says; what is refused is said in the form."""
    sites = list(form.cleaned_data["sites"])
    try:
        if found is None:
            keeping.add_contact(customer, form.sheet(), sites, by=request.by)
        else:
            keeping.set_contact(found, form.sheet(), sites, by=request.by)
    except Faults:
        form.add_error("sites", _("A contact that receives the dunning of its sites needs one: without a site it receives nothing."))
        return False
    except Refused:
        form.add_error("name", _("The customer already has a contact of this name."))
        return False
    messages.success(request, _("Kept."))
    return True


def _kept(request: CompanyRequest, customer: Customer, changed: list[Any]) -> HttpResponse:
    messages.success(request, _("Kept.") if changed else _("Everything stood like this already."))
    return redirect("customers_sheet", request.company.code, customer.pk)


def _lines(value: str) -> str:
    return "\n".join(line.strip() for line in value.splitlines() if line.strip())
