"""Who claims, and by which rules? The company's identity and its options, each with what it decides."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.dossier import Faults, set_up
from relance.dossier.values import LANGUAGES
from relance.models.company import PaymentMethod
from relance.models.history import Event
from relance.steps import setting_up
from relance.telling.events import told_events
from relance.telling.figures import language
from relance.web.access import CompanyRequest, may, needs
from relance.web.setting_up.faults import tell
from relance.web.setting_up.texts import LANGUAGE_NAMES

Json = dict[str, Any]
ATTACHING = {
    "none": gettext_lazy("no notice"),
    "email": gettext_lazy("e-mails"),
    "letter": gettext_lazy("letters"),
    "both": gettext_lazy("e-mails and letters"),
}
_CHANGES = 15
_MOST = 99_999


def _box(label: Any, told: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=told, required=False)


def _days(label: Any, told: Any, *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=told, required=required, min_value=0, max_value=_MOST)


def _text(label: Any, told: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, help_text=told, required=required)


class Identity(forms.Form):
    """What letters say of the company."""

    name = _text(gettext_lazy("Name"), required=True)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("As letters print it, line by line."),
    )
    siren = _text(gettext_lazy("SIREN"))
    vat_number = _text(gettext_lazy("VAT number"))
    iban = _text(gettext_lazy("IBAN"), gettext_lazy("Where customers pay; letters print it, and put it into their QR code."))
    bic = _text(gettext_lazy("BIC"))
    sender_email = forms.CharField(
        label=gettext_lazy("Sender of e-mails"),
        required=False,
        widget=forms.EmailInput,
        help_text=gettext_lazy("Reminders leave under this address, and answers come back to it."),
    )
    currency = _text(gettext_lazy("Currency"), gettext_lazy("Three capital letters; of documents that name none."), required=True)
    country = _text(
        gettext_lazy("Country"),
        gettext_lazy("Two capital letters; decides the law that is quoted, the rates and the holidays."),
        required=True,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        help_text=gettext_lazy("Of notices to customers who have none of their own, and of what is noted on due items."),
    )


class Recipients(forms.Form):
    """Who is written to, and how notices are put together."""

    email_grouping = forms.ChoiceField(
        label=gettext_lazy("E-mails"),
        choices=[
            ("by_level", gettext_lazy("one for each level")),
            ("by_customer", gettext_lazy("one for each customer, at its highest level")),
        ],
        help_text=gettext_lazy("What goes to the same people at once."),
    )
    letter_grouping = forms.ChoiceField(
        label=gettext_lazy("Letters"),
        choices=[
            ("customer", gettext_lazy("one for each customer")),
            ("site", gettext_lazy("one for each billing site")),
            ("invoice", gettext_lazy("one for each invoice")),
        ],
        help_text=gettext_lazy("Always by level as well."),
    )
    no_recipient_channel = forms.ChoiceField(
        label=gettext_lazy("Where there is no e-mail address"),
        choices=[("none", gettext_lazy("nothing is made")), ("letter", gettext_lazy("a letter is made"))],
        help_text=gettext_lazy("For customers whom nobody can be mailed at."),
    )
    contacts_of_billed_customer = _box(
        gettext_lazy("Write to the contacts of the customer who pays"), gettext_lazy("Otherwise to those of the customer who ordered.")
    )
    include_credits = _box(
        gettext_lazy("Deduct credits"),
        gettext_lazy("Credit notes and payments on account are listed on the notice, and lower what it claims."),
    )
    attach_invoices = forms.ChoiceField(
        label=gettext_lazy("Invoices go with"),
        choices=list(ATTACHING.items()),
        help_text=gettext_lazy("The PDFs of what is claimed, as far as they were brought in. A level may say otherwise."),
    )
    attachments_limit_mb = forms.IntegerField(
        label=gettext_lazy("Attachments of an e-mail, in megabytes"),
        min_value=1,
        max_value=100,
        help_text=gettext_lazy("What does not fit is left out of the e-mail."),
    )
    originals_only = _box(
        gettext_lazy("Attach original invoices only"), gettext_lazy("Otherwise a missing one is replaced by a duplicate, marked as such.")
    )


class Rules(forms.Form):
    """What is left out, and what issuing changes."""

    min_invoice_amount = _text(
        gettext_lazy("Smallest amount reminded of"), gettext_lazy("Documents with no more than this open are left out."), required=True
    )
    promise_grace_days = _days(
        gettext_lazy("Days of grace after a promise"),
        gettext_lazy("A promised item is left alone until so many days after the day promised."),
    )
    expected_payment_delay_days = _days(
        gettext_lazy("Days until payment is expected"),
        gettext_lazy("Issuing sets the expected payment so many days after its date; 0 sets none. The due date never changes."),
    )
    customer_level = forms.ChoiceField(
        label=gettext_lazy("The customer’s level is raised by"),
        choices=[("all_notices", gettext_lazy("every notice")), ("letters", gettext_lazy("letter editions only"))],
        help_text=gettext_lazy("Letter editions choose customers by that level."),
    )
    dun_creditor_customers = _box(
        gettext_lazy("Remind customers in credit too"), gettext_lazy("Otherwise who owes nothing on balance is left out.")
    )
    hold_unmatched_payments = _box(
        gettext_lazy("Wait for payments to be matched"),
        gettext_lazy("Automatic runs leave out a customer who has a payment that settles nothing yet."),
    )


class Money(forms.Form):
    """Terms and rates."""

    payment_terms = _text(
        gettext_lazy("Payment terms"),
        gettext_lazy(
            "Of invoices without a due date: 30 (days), 45FDM-A (then end of month), 45FDM-B (from end of month), 30FDM10, 30LE15."
        ),
        required=True,
    )
    interest_rate = _text(
        gettext_lazy("Contractual interest rate, %"),
        gettext_lazy("Of late-payment interest, not under the legal floor. Empty: the statutory rate."),
    )
    fallback_payment_method = forms.ChoiceField(
        label=gettext_lazy("After a returned direct debit"),
        required=False,
        help_text=gettext_lazy("The payment method that the document takes, so that it can be reminded of."),
    )


class Running(forms.Form):
    """When and how fast batches work."""

    time_zone = _text(gettext_lazy("Time zone"), gettext_lazy("Whose clock batches follow, such as Europe/Paris."), required=True)
    holidays = _text(gettext_lazy("Public holidays"), gettext_lazy("Of a country or a part of it: FR, FR-57. Empty: those of the country."))
    messages_per_minute = forms.IntegerField(
        label=gettext_lazy("E-mails a minute, at most"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("Empty: as many as the mail server takes."),
    )
    max_ledger_age_days = _days(
        gettext_lazy("Oldest documents, in days"),
        gettext_lazy("Automatic runs are refused when documents were brought in longer ago. Empty: never."),
        required=False,
    )
    max_bank_age_days = _days(
        gettext_lazy("Oldest payments, in days"), gettext_lazy("The same for payments. Empty: never."), required=False
    )
    ceiling = forms.ChoiceField(
        label=gettext_lazy("A person looks first, above the ceiling"),
        choices=[
            ("none", gettext_lazy("never: every run leaves by itself")),
            ("first", gettext_lazy("at the first automatic run")),
            ("every", gettext_lazy("at every automatic run")),
        ],
        help_text=gettext_lazy("A run above the ceiling stops before it sends, and waits for somebody to look at it under Runs."),
    )
    ceiling_notices = forms.IntegerField(
        label=gettext_lazy("Ceiling, in notices"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("Empty: any number."),
    )
    ceiling_amount = _text(gettext_lazy("Ceiling, as an amount"), gettext_lazy("Of all that a run claims. Empty: any amount."))


_PARTS: dict[Any, type[forms.Form]] = {
    gettext_lazy("Identity"): Identity,
    gettext_lazy("Notices"): Recipients,
    gettext_lazy("Who is reminded"): Rules,
    gettext_lazy("Terms and rates"): Money,
    gettext_lazy("Batches"): Running,
}
_NOTHING = (
    "interest_rate",
    "fallback_payment_method",
    "messages_per_minute",
    "max_ledger_age_days",
    "max_bank_age_days",
    "ceiling_notices",
    "ceiling_amount",
)
_DECIMALS = ("min_invoice_amount", "interest_rate", "ceiling_amount")


@needs("manager", change="administrator")
def company(request: CompanyRequest) -> HttpResponse:
    """The identity and every option, stored together."""
    stored = set_up(request.company)
    sent = request.POST if request.method == "POST" and "name" in request.POST else None
    titled = [(title, form(sent, initial=_initial(stored))) for title, form in _PARTS.items()]
    parts = [form for _title, form in titled]
    for form in parts:
        _prepare(request, form)
    faulty = [form for form in parts if form.errors]
    if sent is not None and not faulty and _store(request, parts):
        messages.success(request, _("The company is saved."))
        return redirect("company", request.company.code)
    changes = Event.objects.filter(company=request.company, what="settings_changed").order_by("-number")[:_CHANGES]
    return render(request, "setting_up/company.html", {"forms": titled, "events": told_events(changes)})


def _initial(stored: Json) -> Json:
    """What the fields show: lines under one another, decimals as the reader writes them."""
    said = stored["company"] | stored["options"]
    decimals = {name: _localized(said[name]) for name in _DECIMALS}
    return said | decimals | {"address": "\n".join(said["address"])}


def _localized(figure: str | None) -> str:
    return "" if figure is None else figure.replace(".", ",") if language() == "fr" else figure


def _prepare(request: CompanyRequest, form: forms.Form) -> None:
    """Fill in the payment methods; let look who may not change."""
    method = form.fields.get("fallback_payment_method")
    if isinstance(method, forms.ChoiceField):
        methods = PaymentMethod.objects.filter(company=request.company, dunnable=True).order_by("code")
        method.choices = [("", _("none: the document stays as it is")), *((one.code, one.label or one.code) for one in methods)]
    for field in form.fields.values():
        field.disabled = not may(request.role, "administrator")


def _store(request: CompanyRequest, parts: list[forms.Form]) -> bool:
    """Whether it is stored; what is wrong is told beside its field."""
    identity = parts[0].cleaned_data
    identity["address"] = [line.strip() for line in identity["address"].splitlines() if line.strip()]
    options = {name: value for form in parts[1:] for name, value in form.cleaned_data.items()}
    for name in _DECIMALS:
        options[name] = "".join(options[name].split()).replace(",", ".")
    options |= {name: None for name in _NOTHING if options[name] in ("", None)}
    try:
        setting_up.set_up(request.company, {"company": identity, "options": options}, by=request.by)
    except Faults as faults:
        for fault in faults.faults:
            key = fault.place.partition(".")[2].partition("[")[0]
            tell(next((form for form in parts if key in form.fields), parts[0]), [fault])
        return False
    return True
