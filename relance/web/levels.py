"""Which level should an invoice have had? Looked at first, then set by hand, line by line (rules, section 9; register A39 to A52)."""

from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from relance.core.facts import NA
from relance.models.company import Company, PolicyLevel
from relance.models.lists.listing import in_full, near_in, with_what_is_shown
from relance.models.lists.search import customers_like
from relance.models.parties import Customer
from relance.steps import Changed
from relance.steps.leveling import LevelChange, Standing, concerned, set_level
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_ledger import DUE_ITEMS, Item
from relance.web.access import CompanyRequest, may, needs
from relance.web.asked import day_asked, whole_number, whole_numbers
from relance.web.downloads import download, wanted
from relance.web.lists import found_first, whole

ALL = -1
_LINES = 100  # on a page
SORTS = {
    "customer": ("billed_customer__sort_name", "document__number", "pk"),
    "document": ("document__number", "pk"),
    "date": ("document__date", "document__number", "pk"),
    "due": ("due_date", "document__number", "pk"),
    "level": ("level", "document__number", "pk"),
}


class Filters(NamedTuple):
    """What is looked at: one customer or all, one level or all (-1), documents dated from one day to another."""

    text: str
    customer: Customer | None
    which: list[Customer]  # whom the text may mean, where that is not one
    current: int
    dated_from: date | None
    dated_to: date | None

    @property
    def unknown(self) -> bool:
        """Whether the text means nobody, or several."""
        return bool(self.text) and self.customer is None


class Setting(NamedTuple):
    """What is to be set, as it was typed, and what is wrong with it."""

    level: int | None
    on: str
    picked: dict[int, Standing]
    fault: str = ""


@needs("reader")
def levels(request: CompanyRequest) -> HttpResponseBase:
    """The due items, to be looked at; with ``modify``, to be picked."""
    usual = Setting(None, localdate().isoformat(), {})
    return _page(request, usual if request.GET.get("modify") == "1" and may(request.role, "manager") else None)


@needs("manager")
@require_POST
def set_levels(request: CompanyRequest) -> HttpResponseBase:
    """Set the new level and date of the lines picked, and only if they still are as they were seen."""
    setting = _setting(request.POST)
    if setting.fault:
        return _page(request, setting)
    on = date.fromisoformat(setting.on) if setting.on else None
    change = LevelChange(setting.level or 0, on, picked=setting.picked)
    try:
        changed = set_level(request.company, change, by=str(request.user))
    except Changed:
        messages.error(request, _("Some of these lines have changed since you looked at them: look again. Nothing was set."))
        return redirect(_address(request, modify=True))
    _tell(request, setting, changed)
    return redirect(_address(request, modify=False))


def _tell(request: CompanyRequest, setting: Setting, changed: list[dict[str, Any]]) -> None:
    if not changed:
        messages.info(request, _("These lines had that level and that date already."))
        return
    said = ngettext(
        "%(n)s line is at level %(level)s now; the customer's own level stays as it was.",
        "%(n)s lines are at level %(level)s now; the customers' own levels stay as they were.",
        len(setting.picked),
    )
    messages.success(request, said % {"n": len(setting.picked), "level": "NA" if setting.level == NA else setting.level})


def _page(request: CompanyRequest, setting: Setting | None) -> HttpResponseBase:
    shown: dict[str, Any] = {"setting": setting, "levels": _levels(request.company), "na": NA, "all": ALL}
    filters = _filters(request)
    if request.GET and not filters.unknown:
        change = LevelChange(0, None, _wanted(filters.current), filters.dated_from, filters.dated_to, filters.customer)
        items = concerned(request.company, change)
        if wanted(request):
            rows = (Item(one, localdate()) for one in streamed(whole(request, with_what_is_shown(items), SORTS, "customer")))
            return download(request, Sheet(_("levels"), DUE_ITEMS, rows))
        page = found_first(request, items, SORTS, "customer", lambda sort: near_in(request.company, items, sort, all_open=False), _LINES)
        shown["list"] = page._replace(rows=in_full([row["pk"] for row in page.rows]))
    return render(request, "levels.html", shown | {"filters": filters})


def _levels(company: Company) -> list[int]:
    rows = PolicyLevel.objects.filter(company=company, level__lte=9).order_by("level").values_list("level", flat=True)
    return list(dict.fromkeys(rows))


def _filters(request: CompanyRequest) -> Filters:
    text = request.GET.get("customer", "").strip()[:80]
    customer, which = _meant(request.company, text) if text else (None, [])
    level = _level(request.GET.get("current", ""))
    dated = day_asked(request, "dated_from", None), day_asked(request, "dated_to", None)
    return Filters(text, customer, which, ALL if level is None else level, *dated)


def _meant(company: Company, text: str) -> tuple[Customer | None, list[Customer]]:
    """The customer of this code, else the only one of such a name; else those it may be."""
    if exact := Customer.objects.filter(company=company, code=text).first():
        return exact, []
    like = list(customers_like(company, text))
    return (like[0], []) if len(like) == 1 else (None, like)


def _wanted(current: int) -> int | None:
    return None if current == ALL else current


def _level(text: str) -> int | None:
    """A level as the lists of choices send it: 0 to 9, or NA as it is stored."""
    level = whole_number(text)
    return level if level is not None and (level <= 9 or level == NA) else None


def _setting(said: QueryDict) -> Setting:
    level, on = _level(said.get("level", "")), said.get("on", "")
    picked = {pk: seen for pk in whole_numbers(said.getlist("item")) if (seen := _seen(said.get(f"seen-{pk}", "")))}
    return Setting(level, on, picked, _fault(level, on, picked))


def _seen(text: str) -> Standing | None:
    """A level and a date, as the line carries them: ``2 2026-07-01``, or without a date ``0``."""
    shown, _sign, on = text.partition(" ")
    level = _level(shown)
    try:
        return None if level is None else (level, date.fromisoformat(on) if on else None)
    except ValueError:
        return None


def _fault(level: int | None, on: str, picked: dict[int, Standing]) -> str:
    if not picked:
        return _("Pick the lines whose level is to be set.")
    if level is None:
        return _("Choose the new level.")
    try:
        date.fromisoformat(on)
    except ValueError:
        return _("A level from 1 to 9 comes with its date.") if on or 1 <= level <= 9 else ""
    return ""


def _address(request: CompanyRequest, *, modify: bool) -> str:
    """The page with the filters of this one."""
    asked = request.GET.copy()
    asked.pop("modify", None)
    if modify:
        asked["modify"] = "1"
    return f"{reverse('levels', args=[request.company.code])}?{asked.urlencode()}"
