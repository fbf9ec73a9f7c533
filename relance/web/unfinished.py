"""Which notices wait for somebody, of whatever run? Those that failed or came back, are unsure, drafts, letters to print."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from relance.models.company import Company
from relance.models.lists.agenda import items_to_try_again, letters_to_print, to_see_to
from relance.models.notices import CAME_TO_NOTHING, TO_LOOK_AT, Notice
from relance.models.outgoing.frozen import read
from relance.steps import Refused, running
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import in_words
from relance.telling.sheets_of_notices import NOTICES, written
from relance.web.access import CompanyRequest, needs
from relance.web.asked import one_asked, whole_number, whole_numbers
from relance.web.downloads import download
from relance.web.downloads import wanted as wanted_as_file
from relance.web.lists import listed_by

LETTERS = "queued"
STATUSES = (*TO_LOOK_AT, LETTERS)
TO_SETTLE = ("unsure", "drafted")  # what a person has to say was sent or not
_MANY = 500  # notices at once


@needs("reader")
def notices(request: CompanyRequest) -> HttpResponseBase:
    """The notices in one of those states, the latest run first."""
    status = one_asked(request, "status", STATUSES, STATUSES[0])
    found = _in(request.company, status)
    if wanted_as_file(request):
        return download(request, Sheet(_("notices"), NOTICES, written(streamed(found.select_related("run").order_by("-pk")))))
    page = listed_by(request, found.values("pk", "run__number"), ("-pk",))
    runs = {row["pk"]: row["run__number"] for row in page.rows}
    known = {one.id: one for one in read(list(runs))}
    shown: dict[str, Any] = {
        "list": page,
        "notices": [{"notice": known[pk], "run": run} for pk, run in runs.items()],
        "status": status,
        "statuses": STATUSES,
        "to_settle": status in TO_SETTLE,
        "again": status in CAME_TO_NOTHING,
    }
    return render(request, "unfinished.html", shown)


@needs("collector")
@require_POST
def settle(request: CompanyRequest) -> HttpResponse:
    """Say of the chosen notices that they were sent, or that they were not."""
    chosen = _chosen(request.POST)
    settled = 0
    theirs = Notice.objects.filter(company=request.company, pk__in=chosen, status__in=TO_SETTLE)
    for pk in theirs.order_by("pk").values_list("pk", flat=True):
        try:
            running.settle(pk, request.by, sent=request.POST.get("sent") == "yes")
            settled += 1
        except Refused as refusal:
            messages.error(request, in_words(refusal))
    if settled:
        messages.success(request, ngettext("%(n)s notice is settled.", "%(n)s notices are settled.", settled) % {"n": settled})
    elif not chosen:
        messages.warning(request, _("Choose at least one notice."))
    return redirect("runs_notices", request.company.code)


def items_again(company: Company, said: QueryDict) -> list[int]:
    """What is still to be told of the chosen notices that failed or came back, or of all those of one run (``failures_of``)."""
    return items_to_try_again(company, run=whole_number(said.get("failures_of", "")), notices=_chosen(said), most=_MANY)


def _in(company: Company, status: str) -> QuerySet[Notice]:
    return letters_to_print(company) if status == LETTERS else to_see_to(company, localdate()).filter(status=status)


def _chosen(said: QueryDict) -> list[int]:
    return whole_numbers(said.getlist("notice"))[:_MANY]
