"""How is what happened told to people? One line each: when, who, what, and what changed from what to what."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from relance.models.history import Event
from relance.models.ledger import Document
from relance.models.parties import Customer
from relance.telling.figures import FIGURES, day, said_figure
from relance.telling.sentences import in_words
from relance.telling.words import BLOCKS, CALL_OUTCOMES, HOLDS, KINDS_OF_CUSTOMER, MAILS, RECEIVED, ROLES

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

WHAT = {
    "blocked": gettext_lazy("Blocked"),
    "unblocked": gettext_lazy("Unblocked"),
    "level_set": gettext_lazy("Level corrected"),
    "followed_up": gettext_lazy("Follow-up noted"),
    "called": gettext_lazy("Call noted"),
    "customer_held": gettext_lazy("Customer stopped or released"),
    "customer_edited": gettext_lazy("Customer’s conditions changed"),
    "contact_added": gettext_lazy("Contact added"),
    "contact_edited": gettext_lazy("Contact changed"),
    "site_edited": gettext_lazy("Site changed"),
    "mail_sent": gettext_lazy("Mail sent"),
    "mail_failed": gettext_lazy("Mail failed"),
    "mail_unsure": gettext_lazy("Mail unsure"),
    "customer_level_reset": gettext_lazy("Customer back to level 0"),
    "payment_method_set": gettext_lazy("Payment method replaced"),
    "notice_sent": gettext_lazy("Notice sent"),
    "notice_printed": gettext_lazy("Notice printed"),
    "notice_failed": gettext_lazy("Notice failed"),
    "notice_unsure": gettext_lazy("Notice unsure"),
    "notice_withdrawn": gettext_lazy("Notice withdrawn"),
    "notice_cancelled": gettext_lazy("Notice cancelled"),
    "notice_drafted": gettext_lazy("Draft made"),
    "run_done": gettext_lazy("Run ended"),
    "run_broken_off": gettext_lazy("Run broken off"),
    "run_cancelled": gettext_lazy("Run cancelled"),
    "notice_bounced": gettext_lazy("Notice came back undelivered"),
    "report_read": gettext_lazy("Found in the mailbox"),
    "report_dealt_with": gettext_lazy("Returned mail seen to"),
    "secret_set": gettext_lazy("Secret replaced"),
    "secret_removed": gettext_lazy("Secret taken away"),
    "mail_signed_in": gettext_lazy("Signed in to the mail account"),
    "settings_changed": gettext_lazy("Settings changed"),
    "file_imported": gettext_lazy("File imported"),
    "import_undone": gettext_lazy("Import undone"),
    "token_added": gettext_lazy("API token made"),
    "webhook_set": gettext_lazy("Webhook set up"),
    "webhook_secret_renewed": gettext_lazy("Webhook given a new secret"),
    "webhook_removed": gettext_lazy("Webhook removed"),
    "webhook_replayed": gettext_lazy("Webhook message sent again"),
    "webhook_given_up": gettext_lazy("Webhook message given up"),
    "token_revoked": gettext_lazy("API token revoked"),
    "payment_matched": gettext_lazy("Payment matched"),
    "match_undone": gettext_lazy("Match undone"),
    "payment_handed_over": gettext_lazy("Bank payment taken over by the ledger"),
    "bank_entry_set_aside": gettext_lazy("Bank entry set aside"),
    "bank_entry_brought_back": gettext_lazy("Bank entry brought back"),
    "company_founded": gettext_lazy("Company founded"),
    "document_changed": gettext_lazy("Document completed"),
    "einvoice_status": gettext_lazy("Life-cycle message"),
    "pdf_attached": gettext_lazy("PDF of the invoice attached"),
    "pdf_detached": gettext_lazy("PDF of the invoice taken away"),
    "batch_set": gettext_lazy("Batch set up"),
    "batch_removed": gettext_lazy("Batch removed"),
    "batch_paused": gettext_lazy("Batch paused or resumed"),
    "batch_launched": gettext_lazy("Batch launched"),
    "batch_ended": gettext_lazy("Batch ended"),
    "batch_late": gettext_lazy("Batch late"),
    "role_given": gettext_lazy("Role given"),
    "template_added": gettext_lazy("Letter template added"),
    "template_removed": gettext_lazy("Letter template removed"),
    "template_used_for": gettext_lazy("Use of a letter template changed"),
}
_COLUMNS = {
    "level": gettext_lazy("level"),
    "last_dunned_on": gettext_lazy("last dunned on"),
    "comment": gettext_lazy("comment"),
    "status": gettext_lazy("status"),
    "expected_on": gettext_lazy("payment expected on"),
    "promised_on": gettext_lazy("promised for"),
    "no_auto_dunning": gettext_lazy("automatic dunning blocked"),
    "no_manual_dunning": gettext_lazy("manual dunning blocked"),
    "no_dunning_temporary": gettext_lazy("blocked until the next run"),
    "block_comment": gettext_lazy("why it is blocked"),
    "payment_method": gettext_lazy("payment method"),
    "reason": gettext_lazy("reason"),
    "outcome": gettext_lazy("outcome"),
    "promised_amount": gettext_lazy("amount promised"),
    "promise_made_on": gettext_lazy("promise made on"),
    "no_auto_dunning_until": gettext_lazy("automatic dunning blocked until"),
    "no_manual_dunning_until": gettext_lazy("manual dunning blocked until"),
    "block_reason": gettext_lazy("kind of reason"),
    "dunning_enabled": gettext_lazy("dunning"),
    "manual_dunning": gettext_lazy("dunning by hand"),
    "auto_dunning": gettext_lazy("automatic dunning"),
    "held_from": gettext_lazy("on hold from"),
    "held_until": gettext_lazy("on hold until"),
    "hold_reason": gettext_lazy("kind of reason"),
    "hold_comment": gettext_lazy("why it is on hold"),
    "einvoice_status": gettext_lazy("status of the invoice"),
    "paid_elsewhere": gettext_lazy("paid to somebody else"),
    "payee_name": gettext_lazy("payee"),
    "payee_iban": gettext_lazy("account of the payee"),
    "due_date": gettext_lazy("due date"),
    "open": gettext_lazy("open"),
    "label": gettext_lazy("label"),
    "date": gettext_lazy("date"),
    "instalments": gettext_lazy("instalments"),
    "original": gettext_lazy("PDF of the invoice"),
    "code": gettext_lazy("code"),
    "insolvent_on": gettext_lazy("insolvency published on"),
    "policy": gettext_lazy("policy"),
    "payment_terms": gettext_lazy("payment terms"),
    "language": gettext_lazy("language"),
    "kind": gettext_lazy("kind"),
    "name": gettext_lazy("name"),
    "email": gettext_lazy("e-mail address"),
    "email_identity": gettext_lazy("personal address"),
    "email_at_customer": gettext_lazy("address at the customer"),
    "left_on": gettext_lazy("left on"),
    "address": gettext_lazy("address"),
    "postcode": gettext_lazy("postcode"),
    "city": gettext_lazy("city"),
    "sites": gettext_lazy("sites"),
    "site": gettext_lazy("site"),
    "contact": gettext_lazy("contact"),
    "note": gettext_lazy("note"),
    "documents": gettext_lazy("documents"),
    "payment": gettext_lazy("payment"),
    "amount": gettext_lazy("amount"),
    "subject": gettext_lazy("subject"),
    "to": gettext_lazy("to"),
    "recipients": gettext_lazy("recipients"),
    "siren": gettext_lazy("SIREN"),
    "vat_number": gettext_lazy("VAT number"),
    "type": gettext_lazy("type of customer"),
    "sales_rep": gettext_lazy("sales rep"),
    **{f"is_{role}": label for role, label in ROLES.items()},
    **{f"receives_{what}": label for what, label in RECEIVED.items()},
}
_SAID_OF: dict[str, dict[str, Any]] = {
    "hold_reason": HOLDS,
    "block_reason": HOLDS,
    "outcome": CALL_OUTCOMES,
    "kind": KINDS_OF_CUSTOMER | MAILS | BLOCKS,
}


class Line(NamedTuple):
    """One event, in words."""

    at: datetime
    by: str
    what: str
    customer: str  # its code, where it is about one
    about: str  # the document, where it is about one
    told: str


def told_events(events: Iterable[Event]) -> Iterator[Line]:
    """Each event as a line."""
    told = list(events)
    numbers = dict(Document.objects.filter(pk__in={one.document_id for one in told}).values_list("pk", "number"))
    codes = dict(Customer.objects.filter(pk__in={one.customer_id for one in told}).values_list("pk", "code"))
    for event in told:
        what = str(WHAT.get(event.what, event.what.replace("_", " ")))
        customer, about = codes.get(event.customer_id or 0, ""), numbers.get(event.document_id or 0, "")
        yield Line(event.at, event.by, what, customer, about, _told(event.facts))


def told_in_french(events: Iterable[Event]) -> Iterator[Line]:
    """Each event as a line, in French whoever asks: for a court file."""
    with override("fr"):
        yield from told_events(events)


class ChangeTold(NamedTuple):
    """What a file changes of a document, in words."""

    customer: str
    document: str
    what: str
    before: str
    after: str


def told_changes(changes: Iterable[dict[str, Any]]) -> list[ChangeTold]:
    """Each change of a document as a line."""
    return [
        ChangeTold(one["customer"], one["document"], _name(one["what"]), *(_value(one["what"], one[when]) for when in ("before", "after")))
        for one in changes
    ]


def _told(facts: dict[str, Any]) -> str:
    plain = {name: facts.get(name) for name in _COLUMNS}
    told = [f"{_name(name)} {_value(name, value)}" for name, value in plain.items() if value and not isinstance(value, dict)]
    return "; ".join(told + [_change(one) for one in facts.get("changed", ())])


def _change(change: dict[str, Any]) -> str:
    what = change["what"]
    if "." in what:
        return _setting(what, change)
    return f"{_name(what)} {_value(what, change['before'])} → {_value(what, change['after'])}"


def _setting(key: str, change: dict[str, Any]) -> str:
    """A setting by the label of its field, which the pages of settings know."""
    labels: Any = import_module(settings.RELANCE_SETTING_LABELS)
    values = [labels.setting_said(key, change[when]) or _value(key, change[when]) for when in ("before", "after")]
    return _("%(what)s: %(before)s → %(after)s") % {"what": labels.setting_named(key), "before": values[0], "after": values[1]}


def _name(column: str) -> str:
    return str(_COLUMNS.get(column, column.replace("_", " ")))


def _value(column: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, str) and value in _SAID_OF.get(column, ()):
        return str(_SAID_OF[column][value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return day(value)
    if isinstance(value, str) and column.rpartition(".")[2] in FIGURES:
        return said_figure(value)
    return "–" if value in (None, "") else in_words(value) if column == "outcome" else str(value)
