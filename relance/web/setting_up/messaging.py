"""By which server does the company's mail leave, and does it let us in? Set up, tried and signed in to here."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.core.messaging import DEFAULTS, KNOWN
from relance.dossier import Faults, set_up
from relance.models.messaging import held
from relance.steps import Refused, keeping_secrets, setting_up, signing_in_mail, trying_mail
from relance.telling.sentences import said
from relance.web.access import CompanyRequest, needs
from relance.web.setting_up.faults import tell
from relance.web.trying_mail import send_test_mail

_SECURITIES = [
    ("starttls", gettext_lazy("STARTTLS: encrypted once connected (port 587)")),
    ("tls", gettext_lazy("TLS from the first byte (port 465)")),
    ("none", gettext_lazy("none, on a network of one’s own (port 25)")),
]
_CHECKED = {
    "server": gettext_lazy("Mail server"),
    "sender": gettext_lazy("Sender"),
    "signature": gettext_lazy("Signature (DKIM)"),
    "mailbox": gettext_lazy("Mailbox"),
}


def _text(label: Any, told: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=told, required=False)


def _number(label: Any, told: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=told, required=False, min_value=1)


def _secret(label: Any, told: Any = "") -> forms.CharField:
    """Written, and never read again."""
    return forms.CharField(label=label, help_text=told, required=False, widget=forms.PasswordInput({"autocomplete": "new-password"}))


class Server(forms.Form):
    """The mail server."""

    host = _text(gettext_lazy("Mail server"), gettext_lazy("Such as smtp.example.com. Empty: the provider’s, or the installation’s."))
    security = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=_SECURITIES)
    port = _number(gettext_lazy("Port"), gettext_lazy("Empty: the usual one."))
    login = forms.ChoiceField(
        label=gettext_lazy("Signing in"),
        choices=[
            ("password", gettext_lazy("by user name and password")),
            ("oauth2", gettext_lazy("by OAuth2 (Microsoft 365, Google)")),
            ("none", gettext_lazy("not at all")),
        ],
    )
    user = _text(gettext_lazy("User"), gettext_lazy("Mostly the e-mail address of the mailbox that sends."))
    password = _secret(gettext_lazy("Password"))
    connections = _number(
        gettext_lazy("Connections at once"),
        gettext_lazy("Three is what the strictest providers allow."),
    )


class Sender(forms.Form):
    """Who writes, and who is answered to."""

    sender_name = _text(gettext_lazy("Name of the sender"), gettext_lazy("Customers see it beside the address. Empty: the company’s name."))
    reply_to = forms.CharField(
        label=gettext_lazy("Answers go to"),
        required=False,
        widget=forms.EmailInput,
        help_text=gettext_lazy("Empty: to the sender of e-mails, which is set under “Company”."),
    )


class Tokens(forms.Form):
    """OAuth2."""

    provider = forms.ChoiceField(
        label=gettext_lazy("Provider"),
        choices=[("microsoft", "Microsoft 365"), ("google", "Google Workspace"), ("other", gettext_lazy("another"))],
    )
    flow = forms.ChoiceField(
        label=gettext_lazy("Who signs in"),
        choices=[
            ("application", gettext_lazy("the application itself (client credentials, service account)")),
            ("device", gettext_lazy("a person, once, in the browser (device code)")),
        ],
    )
    tenant = _text(gettext_lazy("Tenant"), gettext_lazy("Microsoft 365: the directory (tenant) ID, or your domain."))
    client_id = _text(gettext_lazy("Client ID"), gettext_lazy("Of the application that was registered at the provider."))
    client_secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        required=False,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("For Google, the whole JSON file of the service account’s key."),
    )
    token_url = _text(gettext_lazy("Address for tokens"), gettext_lazy("Of another provider only."))
    device_url = _text(gettext_lazy("Address for codes"), gettext_lazy("Of another provider only."))
    scope = _text(gettext_lazy("Scope"), gettext_lazy("Empty: what sending and reading mail needs."))


class Signature(forms.Form):
    """DKIM."""

    dkim_domain = _text(gettext_lazy("Domain that signs"), gettext_lazy("That of the sender’s address."))
    dkim_selector = _text(gettext_lazy("Selector"), gettext_lazy("A word of your own, such as relance1."))
    dkim_key = forms.CharField(
        label=gettext_lazy("Private key"),
        required=False,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Only to bring one along, in PEM; the button below makes one."),
    )


class Mailbox(forms.Form):
    """IMAP."""

    imap_host = _text(
        gettext_lazy("Server of the mailbox (IMAP)"),
        gettext_lazy("Empty: no mailbox is read, or the provider’s."),
    )
    imap_security = forms.ChoiceField(
        label=gettext_lazy("Encryption of the mailbox"),
        choices=[
            ("tls", gettext_lazy("TLS from the first byte (port 993)")),
            ("starttls", gettext_lazy("STARTTLS: encrypted once connected (port 143)")),
            ("none", gettext_lazy("none, on a network of one’s own (port 143)")),
        ],
    )
    imap_port = _number(gettext_lazy("Port of the mailbox"), gettext_lazy("Empty: the usual one."))
    imap_user = _text(gettext_lazy("User of the mailbox"), gettext_lazy("Empty: that of the mail server."))
    imap_password = _secret(gettext_lazy("Password of the mailbox"), gettext_lazy("Not with OAuth2: the token serves for both."))
    imap_minutes = forms.IntegerField(
        label=gettext_lazy("Read every … minutes"),
        required=False,
        min_value=1,
        max_value=1440,
        help_text=gettext_lazy("Empty: only when somebody asks."),
    )
    imap_inbox = _text(gettext_lazy("Folder where reports arrive"))
    imap_sent = _text(gettext_lazy("Folder of what was sent"), gettext_lazy("Empty: the one that the server marks so."))
    imap_drafts = _text(gettext_lazy("Folder of drafts"), gettext_lazy("Empty: the one that the server marks so."))


_PARTS: dict[Any, type[forms.Form]] = {
    gettext_lazy("Who writes"): Sender,
    gettext_lazy("Mail server"): Server,
    gettext_lazy("OAuth2"): Tokens,
    gettext_lazy("Mailbox"): Mailbox,
    gettext_lazy("Signature (DKIM)"): Signature,
}
_SECRETS = ("password", "client_secret", "imap_password", "dkim_key")


@needs("administrator")
def messaging(request: CompanyRequest) -> HttpResponse:
    """Everything about sending, with what is wrong in words; a secret that is kept is told, and never shown."""
    stored, act = set_up(request.company)["messaging"], request.POST.get("act", "")
    parts = {title: form(request.POST if act == "save" else None, initial=stored) for title, form in _PARTS.items()}
    kept = held(request.company)
    for form in parts.values():
        _mark_kept(form, kept)
    if act == "save" and all(form.is_valid() for form in parts.values()) and _store(request, list(parts.values())):
        messages.success(request, _("The messaging is saved."))
        return redirect("messaging", request.company.code)
    if act in _ACTS:
        _ACTS[act](request)
        return redirect("messaging", request.company.code)
    shown = {
        "parts": parts,
        "kept": kept,
        "checks": _checked(request) if act == "check" else None,
        "is_folder": trying_mail.goes_nowhere(),
        "place": trying_mail.place(),
        "record": keeping_secrets.published(request.company),
        "asked": signing_in_mail.waiting(request.company),
        "stored": stored,
        "secret_names": [(name, form.base_fields[name].label) for name in _SECRETS for form in _PARTS.values() if name in form.base_fields],
        "own": bool(stored["host"] or (stored["login"] == "oauth2" and KNOWN[stored["provider"]].smtp)),
    }
    return render(request, "setting_up/messaging.html", shown)


def _mark_kept(form: forms.Form, kept: set[str]) -> None:
    for name, field in form.fields.items():
        if name in kept:
            field.widget.attrs["placeholder"] = _("kept; write here to replace it")


def _store(request: CompanyRequest, parts: list[forms.Form]) -> bool:
    """Whether it is stored; what is wrong is told beside its field. An empty secret stays what it is."""
    given = {name: value for form in parts for name, value in form.cleaned_data.items()}
    options = {name: value if value not in ("", None) else DEFAULTS[name] for name, value in given.items() if name in DEFAULTS}
    secrets = {name: given[name] for name in _SECRETS if given[name]}
    try:
        for name, text in secrets.items():
            keeping_secrets.refuse(name, text)
        setting_up.set_up(request.company, {"messaging": options}, by=request.by)
        for name, text in secrets.items():
            keeping_secrets.put(request.company, name, text, request.by)
    except Faults as faults:
        for fault in faults.faults:
            key = fault.place.partition(".")[2]
            tell(next((form for form in parts if key in form.fields), parts[0]), [fault])
        return False
    except Refused as refusal:
        parts[-1].add_error(None, said(str(refusal)))
        return False
    return True


def _checked(request: CompanyRequest) -> list[tuple[Any, bool, str]]:
    return [(_CHECKED[one.what], one.good, said(one.said)) for one in trying_mail.check(request.company)]


def _new_key(request: CompanyRequest) -> None:
    if not (request.company.messaging.get("dkim_domain") and request.company.messaging.get("dkim_selector")):
        messages.error(request, _("Save the domain and the selector first."))
        return
    keeping_secrets.make_key(request.company, request.by)
    messages.success(request, _("A new key is kept. Publish the record below, then test."))


def _ask_code(request: CompanyRequest) -> None:
    try:
        signing_in_mail.begin(request.company)
    except Refused as refusal:
        messages.error(request, said(str(refusal)))


def _confirmed(request: CompanyRequest) -> None:
    try:
        if signing_in_mail.finish(request.company, request.by):
            messages.success(request, _("Signed in: the company sends by this account."))
        else:
            messages.warning(request, _("The provider has not seen the code yet: confirm it in the browser, then again here."))
    except Refused as refusal:
        messages.error(request, said(str(refusal)))


def _forget(request: CompanyRequest) -> None:
    name = request.POST.get("name", "")
    if name in _SECRETS:
        keeping_secrets.put(request.company, name, "", request.by)
        messages.success(request, _("It is taken away."))


_ACTS = {"send": send_test_mail, "new_key": _new_key, "ask_code": _ask_code, "confirmed": _confirmed, "forget": _forget}
