"""What are the closed lists of the company's words called on pages?"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from relance.steps.blocking import Block
from relance.steps.following import CallOutcome

BLOCKS: dict[str, Any] = {
    Block.AUTOMATIC: _("Automatic dunning"),
    Block.MANUAL: _("Dunning by hand"),
    Block.TEMPORARY: _("Everything, until the next automatic run"),
}
HOLDS: dict[str, Any] = {
    "": _("Not said"),
    "dispute": _("Dispute"),
    "instalments": _("Payment by instalments"),
    "request": _("At the customer’s request"),
    "check": _("Internal check"),
    "other": _("Other"),
}
CALL_OUTCOMES: dict[str, Any] = {
    CallOutcome.REACHED: _("Reached"),
    CallOutcome.NO_ANSWER: _("No answer"),
    CallOutcome.MESSAGE_LEFT: _("Message left"),
    CallOutcome.PROMISED: _("Promises to pay"),
    CallOutcome.DISPUTED: _("Disputes the debt"),
    CallOutcome.WRONG_NUMBER: _("Wrong number"),
}
MAILS: dict[str, Any] = {
    "contacts": _("The customer’s contacts"),
    "managers": _("The managers of the invoices"),
    "colleagues": _("Colleagues"),
}
ROLES: dict[str, Any] = {"decision_maker": _("decision maker"), "main": _("main"), "financial": _("financial")}
RECEIVED: dict[str, Any] = {
    "dunning": _("dunning of its sites"),
    "dunning_all_sites": _("dunning of all sites"),
    "invoices": _("invoices of its sites"),
    "invoices_all_sites": _("invoices of all sites"),
}
KINDS_OF_CUSTOMER: dict[str, Any] = {"business": _("Business"), "consumer": _("Consumer"), "public": _("Public body")}
LANGUAGES: dict[str, Any] = {"fr": _("French"), "en": _("English"), "de": _("German")}
