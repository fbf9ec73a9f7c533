"""What are the closed lists of words called in the language of who looks?"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
USER_ROLES: dict[str, Any] = {
    "reader": _("reader: sees"),
    "collector": _("collector: duns and follows up"),
    "manager": _("manager: runs, corrects and undoes"),
    "administrator": _("administrator: sets up"),
}
SCOPES: dict[str, Any] = {"read": _("Reading"), "write": _("Writing"), "dun": _("Dunning"), "set_up": _("Setting up")}
KINDS_OF_CUSTOMER: dict[str, Any] = {"business": _("Business"), "consumer": _("Consumer"), "public": _("Public body")}
LANGUAGES: dict[str, Any] = {"fr": _("French"), "en": _("English"), "de": _("German")}

# What is listed, and how it stands: the word, and the tone of its badge.
STATUSES: dict[str, Any] = {
    "proposed": (_("proposed"), "muted"),
    "queued": (_("queued"), "info"),
    "drafted": (_("draft"), "info"),
    "sent": (_("sent"), "good"),
    "printed": (_("printed"), "good"),
    "failed": (_("failed"), "bad"),
    "bounced": (_("bounced"), "bad"),
    "unsure": (_("unsure"), "warn"),
    "withdrawn": (_("withdrawn"), "muted"),
    "cancelled": (_("cancelled"), "muted"),
}
RUN_KINDS: dict[str, Any] = {"batch": _("automatic run"), "edition": _("letter edition"), "manual": _("by hand")}
RUN_STATUSES: dict[str, Any] = {
    "running": (_("under way"), "info"),
    "done": (_("done"), "good"),
    "broken_off": (_("broken off"), "bad"),
    "cancelled": (_("cancelled"), "muted"),
}
LAUNCH_STATUSES: dict[str, Any] = {
    "deciding": (_("deciding"), "info"),
    "sending": (_("sending"), "info"),
    "done": (_("done"), "good"),
    "refused": (_("refused"), "bad"),
    "broken_off": (_("broken off"), "bad"),
}
CHANNELS: dict[str, Any] = {"email": _("e-mail"), "letter": _("letter"), "draft": _("draft")}
MAIL_STATUSES: dict[str, Any] = {
    "queued": (pgettext_lazy("mail", "queued"), "info"),
    "sending": (pgettext_lazy("mail", "being sent"), "info"),
    "sent": (pgettext_lazy("mail", "sent"), "good"),
    "failed": (pgettext_lazy("mail", "failed"), "bad"),
    "unsure": (pgettext_lazy("mail", "unsure"), "warn"),
}

TYPES: dict[str, Any] = {"invoice": _("invoice"), "credit_note": _("credit note"), "payment_on_account": _("payment on account")}
NOUNS: dict[str, Any] = {
    "customers": _("Customers"),
    "suppliers": _("Suppliers"),
    "documents": _("Documents"),
    "due_items": _("Due items"),
    "payments": _("Payments"),
    "sites": _("Sites"),
    "contacts": _("Contacts"),
    "allocations": _("Allocations"),
    "policies": _("Policies"),
    "levels": _("Levels"),
    "payment_methods": _("Payment methods"),
    "statuses": _("Statuses"),
    "collaborators": _("Collaborators"),
    "customer_types": _("Types of customers"),
    "templates": _("Templates"),
    "batches": _("Batches"),
    "bank_accounts": _("Bank accounts"),
    "bank_entries": _("Bank entries"),
    "matches": _("Matched payments"),
}

REPORT_KINDS: dict[str, Any] = {
    "bounced": _("not delivered"),
    "delayed": _("delayed"),
    "delivered": _("delivered"),
    "auto_reply": _("automatic reply"),
    "in_sent": _("found among what was sent"),
    "resembles": _("one like it was sent"),
}

# Why money may be for a document, how sure that is, and how it was decided.
WHY_MATCHED: dict[str, Any] = {
    "names_them": _("names the document, and pays it to the cent"),
    "names_part": _("names the document, and pays a part of it"),
    "names_more": _("names the document, and is more than is open"),
    "known_account": _("this account has paid for the customer before, and the amount is the same"),
    "known_name": _("this payer has paid for the customer before, and the amount is the same"),
    "same_name": _("the payer has the customer’s name, and the amount is the same"),
    "same_amount": _("the amount is the same"),
    "sum_of_the_oldest": _("the sum of the customer’s oldest documents"),
    "sum_of_neighbours": _("the sum of documents that follow each other"),
    "on_account": _("the payer is known, no document makes the amount"),
}
CONFIDENCES: dict[str, Any] = {
    "certain": (_("certain"), "good"),
    "high": (_("likely"), "good"),
    "medium": (_("possible"), "warn"),
    "low": (_("a guess"), ""),
}
HOW_MATCHED: dict[str, Any] = {
    "certain": _("by itself, being certain"),
    "known_payer": _("by itself, the payer being known"),
    "accepted": _("a proposal was accepted"),
    "by_hand": _("by hand"),
    "left": _("left on account"),
}

FILE_KINDS: dict[str, Any] = {
    "fec": _("Accounting export (FEC)"),
    "items": _("List of open items"),
    "bank": _("Bank statement"),
    "customers": _("List of customers"),
    "contacts": _("List of contacts"),
    "payments": _("List of payments"),
    "dossier": _("Dossier"),
    "einvoice": _("Electronic invoice, or a message about one"),
}
PAYMENT_KINDS: dict[str, Any] = {
    "payment": _("payment"),
    "return": _("returned payment"),
    "write_off": _("write-off"),
    "netting": _("netting"),
}
PROMISES: dict[str, Any] = {
    "pending": pgettext_lazy("promise", "waited for"),
    "kept": pgettext_lazy("promise", "kept"),
    "broken": pgettext_lazy("promise", "broken"),
}
ENCLOSED: dict[str, Any] = {"enclosed": _("yes"), "missing": _("no PDF"), "too_large": _("too large")}
MESSAGE_STATUSES: dict[str, Any] = {"queued": _("waits"), "sent": _("taken"), "given_up": _("given up")}
WEBHOOK_TYPES: dict[str, Any] = {
    "notice.sent": _("a reminder was sent"),
    "notice.printed": _("a letter was printed"),
    "notice.failed": _("a reminder could not be delivered"),
    "notice.bounced": _("a reminder came back"),
    "notice.unsure": _("nobody knows whether a reminder left"),
    "notice.cancelled": _("a reminder was cancelled"),
    "promise.made": _("a payment was promised"),
    "document.settled": _("an invoice is settled"),
}
