"""What do runs send, and what came of them? The run of the day is looked at before it leaves; every run tells what it left out, and why."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from relance.core import money
from relance.core.enclosing import State
from relance.core.messaging import imap_host
from relance.models.company import Company
from relance.models.finding import names_of
from relance.models.ledger import Document
from relance.models.lists.agenda import to_try_again
from relance.models.lists.overview import outcomes, runs_of
from relance.models.messaging import messaging_of
from relance.models.notices import Notice, Run
from relance.models.outgoing.frozen import read
from relance.models.outgoing.left_out import count_left_out, read_left_out
from relance.steps import Refused, running
from relance.steps.blocking import Block, block
from relance.steps.running import Report
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import in_words
from relance.telling.sheets_of_notices import LEFT_OUT, NOTICES, PROPOSED, RUNS, proposed, ran, written
from relance.telling.why import reason_told
from relance.web.access import CompanyRequest, needs
from relance.web.asked import number_asked
from relance.web.beside import computed
from relance.web.downloads import download
from relance.web.downloads import wanted as wanted_as_file
from relance.web.lists import listed_by

PAGE = 50
_MOST_SHOWN = 500  # notices, or left-out items of one reason


@needs("reader")
def runs(request: CompanyRequest) -> HttpResponseBase:
    """The runs, the newest first."""
    before = number_asked(request, "before", 0)
    found = runs_of(request.company)
    if wanted_as_file(request):
        return download(request, Sheet(_("runs"), RUNS, ran(streamed(found))))
    rows = list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
    known = outcomes(rows[:PAGE])
    shown = [{"run": one, "outcome": known.get(one.pk)} for one in rows[:PAGE]]
    return render(request, "runs.html", {"runs": shown, "older": rows[PAGE - 1].pk if len(rows) > PAGE else None})


@needs("reader")
def run(request: CompanyRequest, pk: int) -> HttpResponseBase:
    """One run: its notices, and what it left out and why."""
    found = _found(request, pk)
    status, reason = request.GET.get("status", ""), request.GET.get("reason", "")
    notices = Notice.objects.filter(run=found, **({"status": status} if status else {}))
    if wanted_as_file(request, "left-out"):
        entries = (entry for entry in read_left_out(found.pk) if reason in ("", str(entry.reason)))
        return download(request, Sheet(f"{_('left-out')}-{found.number}", LEFT_OUT, entries))
    if wanted_as_file(request, "notices"):
        rows = streamed(notices.select_related("run").order_by("position", "pk"))
        return download(request, Sheet(f"{_('notices')}-{found.number}", NOTICES, written(rows)))
    counts = count_left_out(found)
    page = listed_by(request, notices.values("position", "pk"), ("position", "pk"))
    left_out = read_left_out(found.pk) if reason in counts else ()
    shown_notices = list(read([row["pk"] for row in page.rows]))
    said = [one.outcome for one in shown_notices if one.outcome]
    shown = {
        "run": found,
        "said_of_all": said[0] if len(said) > 1 and len(set(said)) == 1 else None,
        "outcome": outcomes([found]).get(found.pk),
        "list": page,
        "notices": shown_notices,
        "status": status,
        "left_out": _by_reason(counts),
        "entries": list(islice((entry for entry in left_out if str(entry.reason) == reason), _MOST_SHOWN)),
        "reason": reason_told(reason) if reason in counts else "",
        "failures": to_try_again(Notice.objects.filter(run=found)).count(),
        "letters": Notice.objects.filter(run=found, channel="letter").exists(),
        "drafts": bool(imap_host(messaging_of(request.company))) and Notice.objects.filter(run=found, status="drafted").exists(),
    }
    return render(request, "run.html", shown)


@needs("collector")
def today(request: CompanyRequest) -> HttpResponseBase:
    """What the automatic run of the day would send, before it does."""
    company, day = request.company, localdate()
    as_file = wanted_as_file(request)
    try:
        look = _look(company, day) if as_file else computed(company, f"run of {day}", lambda: _look(company, day))
    except Refused as refusal:
        messages.error(request, in_words(refusal))
        return redirect("runs", company.code)
    if look is None:
        return render(request, "run_today.html", {"is_computing": True})
    report, notices, seal = look
    if as_file:
        return download(request, Sheet(_("proposal"), PROPOSED, proposed(company, notices)))
    codes = {notice["customer"] for notice in notices[:_MOST_SHOWN]}
    shown = {
        "notices": notices[:_MOST_SHOWN],
        "names": names_of(company, codes),
        "more": max(0, len(notices) - _MOST_SHOWN),
        "groups": _groups(notices),
        "left_out": _by_reason(Counter(report.left_out_counts)),
        "seal": seal,
        "missing": [one for one in report.enclosures if one["state"] == State.MISSING],
        "remarks": report.remarks,
    }
    return render(request, "run_today.html", shown)


def _look(company: Company, day: date) -> tuple[Report, list[dict[str, Any]], str]:
    report, seal = running.look(company, day)
    return report, list(report.notices), seal


@needs("collector")
@require_POST
def leave_out(request: CompanyRequest) -> HttpResponse:
    """Block the documents of the chosen notices until the next automatic run has ended; a comment says why (register K64, K65)."""
    chosen, comment = request.POST.getlist("notice")[:_MOST_SHOWN], request.POST.get("comment", "").strip()[:500]
    if not chosen or not comment:
        messages.warning(request, _("Say why: the comment is kept with the block.") if chosen else _("Choose at least one notice."))
        return redirect("run_today", request.company.code)
    blocked = 0
    for notice in chosen:
        customer, *numbers = notice.split("\t")
        theirs = Document.objects.filter(company=request.company, billed_customer__code=customer, number__in=numbers)
        for document in theirs.order_by("number"):
            blocked += bool(block(document, Block.TEMPORARY, by=request.by, comment=comment))
    told = ngettext("%(n)s document waits for the run after this one.", "%(n)s documents wait for the run after this one.", blocked)
    messages.success(request, told % {"n": blocked})
    return redirect("run_today", request.company.code)


@needs("manager")
@require_POST
def launch(request: CompanyRequest) -> HttpResponse:
    """Let the run of the day leave, as it was seen; the messages are sent while its page shows how far they are."""
    try:
        report = running.batch(request.company, localdate(), wait=False, seen=request.POST.get("seal", ""), by=str(request.user))
    except Refused as refusal:
        messages.error(request, in_words(refusal))
        return redirect("run_today", request.company.code)
    messages.success(request, _("The run is stored; its messages are being sent."))
    return redirect("run", request.company.code, report.run)


@needs("manager")
@require_POST
def cancel(request: CompanyRequest, pk: int) -> HttpResponse:
    """Take the whole run back."""
    found = _found(request, pk)
    try:
        running.cancel_run(found.pk, request.POST.get("reason", ""), str(request.user))
        messages.success(request, _("The run is cancelled; what it changed is as it was before, where nothing has moved since."))
    except Refused as refusal:
        messages.error(request, in_words(refusal))
    return redirect("run", request.company.code, pk)


def _found(request: CompanyRequest, pk: int) -> Run:
    return get_object_or_404(Run, company=request.company, pk=pk)


def _by_reason(counts: Counter[str]) -> list[dict[str, Any]]:
    return [{"reason": reason, "told": reason_told(reason), "count": count} for reason, count in counts.most_common()]


def _groups(notices: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """By level and channel: how many notices, and what they claim."""
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for notice in notices:
        group = found.setdefault((notice["level"], notice["channel"]), {"count": 0, "totals": Counter()})
        group["count"] += 1
        group["totals"].update({currency: money.parse(total, currency) for currency, total in notice["totals"].items()})
    return [
        {"level": level, "channel": channel, "count": group["count"], "totals": dict(group["totals"])}
        for (level, channel), group in sorted(found.items())
    ]
