"""Which screens does the side bar lead to? One line each; only what exists, and what the user may see."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from relance import __version__
from relance.models.company import Company
from relance.models.freshness import why_stale
from relance.web.access import companies_of, may
from relance.web.guide import about
from relance.web.mail_folder import may_look


class Entry(NamedTuple):
    """A screen: the name of its address, what it is called, its icon, the role it needs, the screens that it leads to."""

    name: str
    label: Any
    icon: str
    role: str = "reader"
    family: tuple[str, ...] = ()  # how their names begin, where not as its own does


_FOLDER = "mail_folder"  # shown where there is one
DAILY = (
    Entry("dashboard", _("Dashboard"), "chart-bar-square"),
    Entry("aged", _("Aged balance"), "scale"),
    Entry("customers", _("Customers"), "users"),
    Entry("invoices", _("Invoices"), "document-text", family=("document", "review")),
    Entry("runs", _("Runs"), "paper-airplane", family=("run", "notice")),
    Entry("reports", _("Returned mail"), "inbox"),
    Entry(_FOLDER, _("Mail folder"), "inbox-stack", "administrator"),
    Entry("edition", _("Letter edition"), "printer"),
    Entry("levels", _("Level management"), "adjustments-horizontal"),
    Entry("calendar", _("Coming days"), "calendar-days"),
    Entry("imports", _("Imports"), "arrow-down-tray"),
    Entry("matching", _("Payments to match"), "banknotes"),
)
SETTING_UP = (
    Entry("batches", _("Batches"), "clock", family=("batch",)),
    Entry("company", _("Company"), "building-office", "manager"),
    Entry("messaging", _("Messaging"), "envelope", "administrator"),
    Entry("policies", _("Dunning levels"), "adjustments-horizontal", "manager"),
    Entry("texts", _("Texts"), "pencil-square", "manager"),
    Entry("look", _("Look of letters"), "swatch", "manager"),
    Entry("letter_templates", _("Letter templates"), "document-duplicate", "manager"),
    Entry("short_lists", _("Lists"), "list-bullet", "manager"),
    Entry("rates", _("Rates"), "receipt-percent", "manager"),
    Entry("users", _("Users"), "users", "administrator"),
    Entry("tokens", _("API tokens"), "key", "administrator"),
    Entry("webhooks", _("Webhooks"), "bolt", "administrator"),
    Entry("first_steps", _("First steps"), "rocket-launch", "administrator"),
)


def screens(entries: Iterable[Entry], request: HttpRequest, role: str) -> list[Entry]:
    """Those that somebody with this role has; the mail folder where there is one to look into."""
    folder = may_look(request.user)  # type: ignore[arg-type]  # who has a role has signed in
    return [entry for entry in entries if may(role, entry.role) and (folder or entry.name != "mail_folder")]


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """What every page shows around itself: the company, its screens, the others."""
    company = getattr(request, "company", None)
    around: dict[str, Any] = {"company": company, "version": __version__, "today": localdate()}
    here = (request.resolver_match and request.resolver_match.url_name) or ""
    around["help_about"] = about(here)
    if company is None:
        return around
    role: str = request.role  # type: ignore[attr-defined]
    return around | {
        "role": role,
        "daily": [_shown(entry, company.code, here) for entry in screens(DAILY, request, role)],
        "mail_folder": may_look(request.user),  # type: ignore[arg-type]  # who has a company here has signed in
        "setting_up": [_shown(entry, company.code, here) for entry in screens(SETTING_UP, request, role)],
        "freshness": _freshness(company, around["today"]),
        "companies": companies_of(request.user),  # type: ignore[arg-type]  # who has a company here has signed in
    }


def _shown(entry: Entry, company: str, here: str) -> dict[str, Any]:
    return {
        "label": entry.label,
        "icon": entry.icon,
        "url": reverse(entry.name, args=[company]),
        "current": any(here == name or here.startswith(f"{name}_") for name in (entry.name, *entry.family)),
    }


def _freshness(company: Company, today: date) -> dict[str, Any] | None:
    """When documents or payments were last brought in, and whether that is too long ago for automatic runs."""
    times = [at for at in (company.documents_at, company.payments_at) if at]
    return {"on": localdate(min(times)), "stale": bool(why_stale(company, today))} if times else None
