"""Which letters go out at a level, and have they been looked at? Selection window, control list, letters (register A5 to A35).

Everything that is asked stands in the address, for the page, its files and its last question alike. Nothing is issued but what the
control list has shown: the question carries its seal.
"""

from collections.abc import Callable, Iterable
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from relance.core.edition import EditionRequest
from relance.core.enclosing import State
from relance.core.forms import ARCHIVE, FORM_OF, FORMS, JOINED, MEDIA_TYPES
from relance.letters.control_list import Row, totals
from relance.models.finding import Unfound
from relance.models.history import Rendition
from relance.models.lists.picking import Wanted, customers_to_pick, overdue_of
from relance.models.notices import Notice, Run
from relance.models.outgoing.waiting import waiting_letters
from relance.steps import Changed, Refused, running
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import in_words
from relance.telling.sheets_of_ledger import TO_PICK, late
from relance.telling.sheets_of_notices import NOTICES, written
from relance.telling.why import reason_told
from relance.web.access import CompanyRequest, needs
from relance.web.asked import day_asked, number_asked, one_of, whole_number
from relance.web.beside import computed
from relance.web.downloads import download
from relance.web.downloads import wanted as as_file
from relance.web.handing import handed_over
from relance.web.lists import listed
from relance.web.selection import MOST_CUSTOMERS, Selection

_ON_A_PAGE = 100  # customers of a control list, letters of a run
_LISTS = ("xlsx", "csv", "pdf")


class OfCustomer(NamedTuple):
    """A customer of the control list with its rows, and what they come to by currency."""

    first: Row
    rows: list[Row]
    totals: dict[str, int]


@needs("reader")
def edition(request: CompanyRequest) -> HttpResponse:
    """The selection window, and once it is filled in the control list."""
    form = Selection(request.GET, request.company)
    shown: dict[str, Any] = {"form": form, "waiting": waiting_letters(request.company), "forms": FORMS, "lists": _LISTS}
    if form.is_valid():
        try:
            shown |= _looked(request, form.request())
        except (Refused, Unfound) as refusal:
            messages.error(request, in_words(refusal))
    return render(request, "edition.html", shown)


def _looked(request: CompanyRequest, asked: EditionRequest) -> dict[str, Any]:
    look = computed(request.company, f"edition {asked}", lambda: running.look_at_edition(request.company, asked))
    if look is None:
        return {"is_computing": True}
    groups = [_of_customer(list(rows)) for _code, rows in groupby(look.rows, key=attrgetter("customer"))]
    at = number_asked(request, "at", 0)
    return {
        "wanted": asked,
        "look": look,
        "groups": groups[at : at + _ON_A_PAGE],
        "customer_count": len(groups),
        "item_count": sum(row.level_after is not None for row in look.rows),
        "totals": totals(look.rows),
        "left_out": sorted(((reason_told(reason), count) for reason, count in look.report.left_out_counts.items()), key=_most_first),
        "held_back": [(code, one.document, one.due_date, reason_told(one.reason)) for code, one in look.held_back],
        "missing": [one for one in look.report.enclosures if one["state"] == State.MISSING],
        "unaddressed": list(dict.fromkeys(look.report.unaddressed)),
        "alike": running.last_alike(request.company, asked),
        "last_run": request.company.last_run_number,
        "earlier": max(0, at - _ON_A_PAGE) if at else None,
        "later": at + _ON_A_PAGE if len(groups) > at + _ON_A_PAGE else None,
    }


def _of_customer(rows: list[Row]) -> OfCustomer:
    return OfCustomer(rows[0], rows, totals(rows))


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


@needs("reader")
def customers(request: CompanyRequest) -> HttpResponseBase:
    """The list to pick customers from, narrowed by their last level and last date; what was asked so far is carried along."""
    form = Selection(request.GET, request.company)
    form.is_valid()
    asked = form.cleaned_data if form.is_bound else {}
    as_of = asked.get("as_of") or localdate()
    wanted = _wanted(request, asked)
    found = customers_to_pick(request.company, wanted, as_of)
    picked = list(dict.fromkeys(request.GET.getlist("customer")))
    if request.GET.get("take") == "all":
        more = found.order_by("sort_name", "pk").exclude(code__in=picked).values_list("code", flat=True)
        picked += more[: MOST_CUSTOMERS - len(picked)]
    if as_file(request):
        return download(request, Sheet(_("customers"), TO_PICK, late(request.company, streamed(found.order_by("sort_name", "pk")), as_of)))
    page = listed(request, found, {"name": ("sort_name", "pk")}, "name", _ON_A_PAGE)
    return render(
        request,
        "edition_customers.html",
        {
            "list": page,
            "wanted": wanted,
            "as_of": as_of,
            "picked": picked,
            "elsewhere": [code for code in picked if code not in {one.code for one in page.rows}],
            "overdue": overdue_of(request.company, page.rows, as_of),
            "levels": [0, *(int(value) for value, _label in form.fields["level"].choices)],  # type: ignore[attr-defined]
            "carried": [
                (name, value) for name, values in request.GET.lists() if name in form.fields and name != "customer" for value in values
            ],
            "most": MOST_CUSTOMERS,
        },
    )


def _carried(request: CompanyRequest, form: Selection) -> list[tuple[str, str]]:
    """What was asked in the window, but for its customers."""
    names = [name for name in form.fields if name != "customer"]
    return [(name, value) for name in names for value in request.GET.getlist(name)]


def _wanted(request: CompanyRequest, asked: dict[str, Any]) -> Wanted:
    """What is asked of the customers: at first, those at the level before (register A8)."""
    said = request.GET
    level = said.get("at_level")
    usual = str(asked["level"] - 1) if asked.get("level") and not asked.get("any_customer_level") else ""
    level = usual if level is None else level
    return Wanted(
        text=said.get("text", "").strip()[:80],
        level=whole_number(level),
        dunned_from=day_asked(request, "dunned_from", None),
        dunned_to=day_asked(request, "dunned_to", None),
        never_dunned=said.get("never_dunned") == "1",
        overdue_only=said.get("everybody") != "1",
    )


# -- files that store nothing


@needs("reader")
def control_list(request: CompanyRequest) -> HttpResponse:
    """The control list as a file."""
    suffix = one_of(request.GET.get("as", ""), _LISTS, "xlsx")
    name = f"{_('control-list')}.{suffix}"
    return _file(request, name, lambda asked, out: running.write_control_list(request.company, asked, out))


@needs("collector")
def provisional(request: CompanyRequest) -> HttpResponse:
    """The letters marked as a draft; those of one customer where it is named."""
    asked = one_of(request.GET.get("as", ""), (*FORMS, ARCHIVE), "pdf")
    form = "pdf" if asked == ARCHIVE else asked  # a letter for each customer
    name = f"{_('draft-letters')}.{asked if asked in JOINED else ARCHIVE}"
    return _file(request, name, lambda asked, out: running.write_provisional(request.company, asked, out, form))


def _file(request: CompanyRequest, name: str, write: Callable[[EditionRequest, Path], Any]) -> HttpResponse:
    """What is asked for, written for the browser; else the window, with what is wrong."""
    window = Selection(request.GET, request.company)
    if window.is_valid():
        try:
            return handed_over(name, lambda out: write(window.request(), out))
        except (Refused, Unfound) as refusal:
            messages.error(request, in_words(refusal))
    return redirect(_back(request))


def _back(request: CompanyRequest) -> str:
    """The window as it was filled in."""
    return f"{reverse('edition', args=[request.company.code])}?{request.GET.urlencode()}"


# -- letters that count


@needs("manager")
@require_POST
def issue(request: CompanyRequest) -> HttpResponse:
    """Issue what the control list has shown, and nothing else; pressed twice, it leads to the letters that it made the first time."""
    window, seen = Selection(request.GET, request.company), request.POST.get("seal", "")
    if not window.is_valid() or not seen:
        messages.error(request, _("Look at the control list first."))
        return redirect(_back(request))
    asked, form = window.request(), one_of(request.POST.get("form", ""), FORMS, "pdf")
    try:
        if made := _made_already(request, asked):
            return redirect("edition_letters", request.company.code, made.pk)
        report = running.edition(request.company, asked, output="definitive", form=form, seen=seen, by=str(request.user))
    except (Refused, Unfound) as refusal:
        if isinstance(refusal, Changed) and (made := _made_already(request, asked)):
            return redirect("edition_letters", request.company.code, made.pk)
        messages.error(request, _changed() if isinstance(refusal, Changed) else in_words(refusal))
        return redirect(_back(request))
    _tell(request, report)
    return redirect("edition_letters", request.company.code, report.run)


def _made_already(request: CompanyRequest, asked: EditionRequest) -> Run | None:
    """The same edition, made since the control list was shown or interrupted before."""
    shown = request.POST.get("last_run", "")
    made = running.last_alike(request.company, asked)
    after = whole_number(shown) or 0
    return made if made and (made.number > after or made.status == "running") else None


def _changed() -> str:
    return _("What you looked at has changed since: look at it again. Nothing was issued.")


def _tell(request: CompanyRequest, report: running.Report) -> None:
    made = Notice.objects.filter(run=report.run, channel="letter", status="printed").count()
    if made:
        said = ngettext("%(n)s letter is issued: print it or download it.", "%(n)s letters are issued: print them or download them.", made)
        messages.success(request, said % {"n": made})
    if report.failures:
        said = ngettext("%(n)s letter could not be made.", "%(n)s letters could not be made.", report.failures)
        messages.warning(request, said % {"n": report.failures})


@needs("reader")
def letters(request: CompanyRequest, pk: int) -> HttpResponseBase:
    """The letters of a run: to be printed, or printed and to be had again."""
    run = _run(request, pk)
    notices = run.notices.filter(channel="letter")
    if as_file(request):
        rows = streamed(notices.select_related("run").order_by("position", "pk"))
        return download(request, Sheet(f"{_('letters')}-{run.number}", NOTICES, written(rows)))
    counts = dict(notices.order_by().values_list("status").annotate(Count("pk")))
    page = listed(request, notices, {"place": ("position", "pk")}, "place", _ON_A_PAGE)
    shown = {
        "run": run,
        "list": page,
        "waiting": counts.get("queued", 0),
        "counts": counts,
        "totals": _claimed(notices.filter(status__in=("queued", "printed")).values_list("totals", flat=True)),
        "archived": _archived(run),
        "forms": FORMS,
    }
    return render(request, "edition_letters.html", shown)


@needs("manager")
def progress(request: CompanyRequest) -> HttpResponse:
    """How far the letters are that are being made: those of a run, or of the one that is begun after ``after``."""
    runs, pk = Run.objects.filter(company=request.company), number_asked(request, "run", 0)
    run = runs.filter(pk=pk).first() if pk else runs.filter(kind="edition", number__gt=number_asked(request, "after", 0)).first()
    letters = Notice.objects.filter(run=run, channel="letter") if run else Notice.objects.none()
    shown = {"total": letters.count(), "done": letters.exclude(status="queued").count(), "address": request.get_full_path()}
    return render(request, "partials/progress.html", shown)


def _claimed(of_notices: Iterable[dict[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for found in of_notices:
        for currency, amount in found.items():
            sums[currency] = sums.get(currency, 0) + amount
    return dict(sorted(sums.items()))


def _archived(run: Run) -> list[str]:
    """In which formats its letters were issued."""
    kept = Rendition.objects.filter(
        notice__run=run, notice__channel="letter", notice__status="printed", media_type__in=MEDIA_TYPES.values()
    )
    return sorted(FORM_OF[one] for one in kept.order_by().values_list("media_type", flat=True).distinct())


@needs("manager")
@require_POST
def print_waiting(request: CompanyRequest, pk: int) -> HttpResponse:
    """Print the letters of a run that wait: they are issued by this."""
    run = _run(request, pk)
    try:
        form = one_of(request.POST.get("form", ""), FORMS, "pdf")
        _tell(request, running.print_letters(run.pk, None, form=form, by=str(request.user)))
    except Refused as refusal:
        messages.error(request, in_words(refusal))
    return redirect("edition_letters", request.company.code, run.pk)


@needs("reader")
def file(request: CompanyRequest, pk: int) -> HttpResponse:
    """The letters of a run as they were issued: in one file, or one for each customer."""
    run = _run(request, pk)
    kind = one_of(request.GET.get("as", ""), (*JOINED, ARCHIVE), "pdf")
    try:
        return handed_over(f"{_('letters')}-{run.number}.{kind}", lambda out: running.reprint(out, run=run.pk))
    except Refused as refusal:
        messages.error(request, in_words(refusal))
    return redirect("edition_letters", request.company.code, run.pk)


def _run(request: CompanyRequest, pk: int) -> Run:
    run = get_object_or_404(Run, company=request.company, pk=pk)
    if not run.notices.filter(channel="letter").exists():
        raise Http404
    return run
