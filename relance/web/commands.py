"""Which page or action does somebody mean by a few letters? What the search finds besides customers, documents and amounts."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from relance.core.names import collation_key
from relance.web.access import CompanyRequest, may
from relance.web.guide import found
from relance.web.navigation import DAILY, SETTING_UP, screens

MOST = 8
_FEW = 4  # documents of the help


class Command(NamedTuple):
    """Something that can be gone to or begun: what it is called, its icon, where it is."""

    label: Any
    icon: str
    url: str


_ACTIONS = (  # label, icon, name of the address, query, role
    (_("Look at today’s reminders and send them"), "paper-airplane", "run_today", "", "collector"),
    (_("Show what is overdue"), "document-text", "invoices", "?state=overdue", "reader"),
    (_("Remind of invoices chosen by hand"), "document-text", "invoices", "?state=overdue&dunnable=1", "collector"),
    (_("Begin a letter edition"), "printer", "edition", "", "collector"),
    (_("Bring in a file"), "arrow-down-tray", "imports", "", "manager"),
    (_("Correct levels"), "adjustments-horizontal", "levels", "?modify=1", "manager"),
    (_("Add a policy"), "plus", "policy_new", "", "administrator"),
    (_("Set up a new batch"), "plus", "batch_new", "", "administrator"),
    (_("Invite a user"), "user-plus", "users", "", "administrator"),
)
_ACCOUNT = (
    (_("Change my password"), "key", "account_change_password"),
    (_("Second factor"), "finger-print", "mfa_index"),
    (_("My API tokens"), "key", "own_tokens"),
)


def pages_like(request: CompanyRequest, text: str) -> list[Command]:
    """The pages of the side bar whose name has words that begin so; all of them where nothing is said."""
    entries = [entry for entry in screens((*DAILY, *SETTING_UP), request, request.role) if means(entry.label, text)]
    return [Command(entry.label, entry.icon, reverse(entry.name, args=[request.company.code])) for entry in entries]


def actions_like(request: CompanyRequest, text: str) -> list[Command]:
    """What can be begun, likewise; nothing where nothing is said."""
    return list(_actions(request, text))[:MOST] if text.strip() else []


def help_like(text: str, *, anywhere: bool = False) -> list[Command]:
    """Documents of the help whose title has words that begin so; with ``anywhere``, those that speak of it at all."""
    hits = [one for one in found(text) if anywhere or means(one.page.title, text)]
    return [Command(one.page.title, "book-open", reverse("help_page", args=[one.page.slug])) for one in hits[:_FEW]]


def _actions(request: CompanyRequest, text: str) -> Iterator[Command]:
    for label, icon, name, query, role in _ACTIONS:
        if may(request.role, role) and means(label, text):
            yield Command(label, icon, reverse(name, args=[request.company.code]) + query)
    for label, icon, name in _ACCOUNT:
        if means(label, text):
            yield Command(label, icon, reverse(name))


def means(label: Any, text: str) -> bool:
    """Whether every word of the text begins a word of the label."""
    words = collation_key(str(label).replace("’", " ")).split()
    return all(any(word.startswith(part) for word in words) for part in collation_key(text).split())
