"""Which invoices are open, late, worth a reminder? The list with every criterion, and the review window behind it (register K37 to K58)."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from relance.core.facts import Channel
from relance.core.grouping import Claim
from relance.core.review import ReviewRequest, lowered, raised
from relance.models.company import Collaborator, Company, PolicyLevel, Status
from relance.models.finding import Unfound, find_address
from relance.models.ledger import DueItem
from relance.models.lists.listing import SORTS, Wanted, due_items, in_full, near, sums, with_what_is_shown
from relance.models.notices import Notice
from relance.steps import Refused, running
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import in_words
from relance.telling.sheets_of_ledger import DUE_ITEMS, Item
from relance.telling.why import reason_told
from relance.web import searches
from relance.web.access import CompanyRequest, needs
from relance.web.asked import amount_of, day_asked, one_asked, one_of, whole_number, whole_numbers
from relance.web.blocks import back
from relance.web.downloads import download
from relance.web.downloads import wanted as wanted_as_file
from relance.web.handing import NothingToWrite, handed_over
from relance.web.lists import listed_by
from relance.web.unfinished import items_again

_FORMATS = ("pdf", "docx", "odt", "rtf", "html")
_PAGE = 50
_MANY = 500  # due items reviewed at once


@needs("reader")
def invoices(request: CompanyRequest) -> HttpResponseBase:
    """The due items that answer the criteria in the address."""
    if kept := searches.default_of(request):
        return kept
    today = localdate()
    wanted = _wanted(request)
    found, columns = due_items(request.company, wanted, today), SORTS[wanted.sort]
    if wanted_as_file(request):
        ordered = found.order_by(*(f"-{one}" if wanted.descending else one for one in columns))
        rows = (Item(one, today) for one in streamed(with_what_is_shown(ordered)))
        return download(request, Sheet(_("invoices"), DUE_ITEMS, rows))
    if "sums" in request.GET and "HX-Request" in request.headers:
        return render(request, "partials/sums.html", {"sums": sums(request.company, wanted, today)})
    page = listed_by(
        request, found.values(*columns), columns, _PAGE, descending=wanted.descending, near=near(request.company, wanted, today)
    )
    items = in_full([row["pk"] for row in page.rows])
    shown = {"rows": items, "list": page, "sums": _sums(request, wanted, today, items if not page.before and not page.after else None)}
    asked = {"wanted": wanted, "said": request.GET, "saving": searches.Saving()} | searches.shown(request)
    return render(request, "invoices.html", shown | _choices(request.company) | asked)


def _sums(request: CompanyRequest, wanted: Wanted, today: date, every: list[DueItem] | None) -> dict[str, int] | None:
    """What is open of the selection, where the page shows all of it or is asked for the sum; else the page asks for it when it is there."""
    if every is None:
        return sums(request.company, wanted, today) if "sums" in request.GET else None
    totals: Counter[str] = Counter()
    for item in every:
        totals[item.document.currency] += item.open_amount
    return dict(totals)


def _wanted(request: HttpRequest) -> Wanted:
    """The criteria; what makes no sense is not asked."""
    said = request.GET
    company: Company = request.company  # type: ignore[attr-defined]  # the guard has put it there
    return Wanted(
        state=one_asked(request, "state", ["open", "overdue", "settled", "all"], "open"),
        dunnable=said.get("dunnable") == "1",
        text=said.get("text", "").strip()[:80],
        customer=said.get("customer", "").strip()[:80],
        due_from=day_asked(request, "due_from", None),
        due_to=day_asked(request, "due_to", None),
        dated_from=day_asked(request, "dated_from", None),
        dated_to=day_asked(request, "dated_to", None),
        level=whole_number(said.get("level", "")),
        status=said.get("status", "")[:80],
        promise=one_asked(request, "promise", ["due", "coming", "any"], ""),
        einvoice=one_asked(request, "einvoice", ["disputed", "refused"], ""),
        sales_rep=said.get("sales_rep", "")[:80],
        least=_amount(said.get("least", ""), company.currency),
        most=_amount(said.get("most", ""), company.currency),
        sort=one_asked(request, "sort", list(SORTS), "due"),
        descending=said.get("order") == "down",
    )


def _amount(text: str, currency: str) -> int | None:
    try:
        return amount_of(text, currency) if text.strip() else None
    except ValueError:
        return None


def _choices(company: Company) -> dict[str, Any]:
    levels = PolicyLevel.objects.filter(company=company, level__lte=9).order_by("level").values_list("level", flat=True).distinct()
    return {
        "levels": [0, *levels],
        "statuses": list(Status.objects.filter(company=company).order_by("label")),
        "sales_reps": list(Collaborator.objects.filter(company=company).order_by("name")),
    }


# -- the review window


@needs("collector")
@require_POST
def review(request: CompanyRequest) -> HttpResponse:
    """What reminding of the chosen due items comes to: raised, lowered, dropped line by line, until it is sent, drafted or printed.

    Nothing is kept between two looks: the form carries the levels, and the seal of what was seen.
    """
    chosen = _chosen(request.POST) or dict.fromkeys(items_again(request.company, request.POST)[:_MANY])
    if not chosen:
        messages.warning(request, _("Choose at least one due item."))
        return back(request)
    try:
        asked = _asked(request, chosen)
        if request.POST.get("act") == "issue":
            return _issue(request, asked)
        seen = running.review(request.company, asked)
    except (Refused, Unfound) as refusal:
        messages.error(request, in_words(refusal))
        seen, asked = None, None
    return render(request, "review.html", _shown(request, chosen, seen, asked))


def _chosen(said: Mapping[str, Any]) -> dict[int, int | None]:
    """By due item the level it is to take, after what was pressed: ``up:12``, ``down:12`` or ``drop:12``."""
    ids = whole_numbers(said.getlist("item"))[:_MANY]  # type: ignore[attr-defined]  # a QueryDict
    chosen = {pk: whole_number(said.get(f"level-{pk}", "")) for pk in ids}
    act, _sign, which = said.get("act", "").partition(":")
    pk = whole_number(which) or 0
    if act == "drop":
        chosen.pop(pk, None)
    elif pk in chosen and act in ("up", "down"):
        levels = sorted(whole_numbers(said.get(f"levels-{pk}", "").split()))
        current = chosen[pk] or (levels[0] if levels else 1)
        chosen[pk] = raised(current, levels) if act == "up" else lowered(current, levels)
    return chosen


def _asked(request: CompanyRequest, chosen: dict[int, int | None]) -> ReviewRequest:
    said = request.POST
    addresses = [one for text in said.getlist("cc") for one in text.replace(";", ",").replace("\n", ",").split(",")]
    return ReviewRequest(
        as_of=localdate(),
        chosen=chosen,
        channel=Channel(said["channel"]) if said.get("channel") in ("email", "draft", "letter") else Channel.EMAIL,
        cc=tuple(find_address(request.company, one.strip()) for one in addresses if one.strip()),
        sender=find_address(request.company, said["sender"].strip()) if said.get("sender", "").strip() else "",
        undue_too=said.get("undue_too") == "1",
    )


def _shown(
    request: CompanyRequest, chosen: dict[int, int | None], seen: running.Review | None, asked: ReviewRequest | None
) -> dict[str, Any]:
    said = request.POST
    lines = [_line(customer, line) for customer, line in seen.lines] if seen else []
    notices = list(seen.report.notices) if seen else []
    return {
        "lines": lines,
        "back": back(request).url,
        "kept": [pk for pk in chosen if pk not in {line["item"].id for line in lines}],
        "notices": notices,
        "settled": seen.settled if seen else [],
        "seal": seen.seal if seen else "",
        "channel": asked.channel if asked else "email",
        "sender": said.get("sender", ""),
        "copies": said.get("cc", ""),
        "undue_too": said.get("undue_too") == "1",
        "collaborators": list(Collaborator.objects.filter(company=request.company).exclude(email="").order_by("name")),
        "formats": _FORMATS,
        "form": one_of(said.get("form", ""), _FORMATS, "pdf"),
        "sending": [line for line in lines if line["level"] is not None],
    }


def _line(customer: Any, line: Any) -> dict[str, Any]:
    claimed = line.decision if isinstance(line.decision, Claim) else None
    return {
        "customer": customer,
        "item": line.item,
        "level": claimed.level if claimed else None,
        "reason": None if claimed else reason_told(line.decision),
        "levels": " ".join(map(str, line.levels)),
        "may_rise": claimed is not None and raised(claimed.level, line.levels) != claimed.level,
        "may_fall": claimed is not None and lowered(claimed.level, line.levels) != claimed.level,
        "to": claimed.to if claimed else (),
    }


def _issue(request: CompanyRequest, asked: ReviewRequest) -> HttpResponse:
    """Send, draft or print what was seen; a change since then is refused and shown again."""
    seal, form = request.POST.get("seal", ""), one_of(request.POST.get("form", ""), _FORMATS, "pdf")
    if asked.channel is Channel.EMAIL:
        report = running.remind(request.company, asked, seen=seal, by=str(request.user))
        _tell(request, report)
        return back(request)
    return _download(request, asked, seal, form)


def _tell(request: CompanyRequest, report: running.Report) -> None:
    sent = Notice.objects.filter(run=report.run, status="sent").count()
    if report.problem:
        messages.error(request, in_words(report.problem))
    if report.failures:
        failed = ngettext("%(n)s e-mail could not be sent.", "%(n)s e-mails could not be sent.", report.failures)
        messages.warning(request, failed % {"n": report.failures})
    if sent:
        messages.success(request, ngettext("%(n)s e-mail was sent.", "%(n)s e-mails were sent.", sent) % {"n": sent})


def _download(request: CompanyRequest, asked: ReviewRequest, seal: str, form: str) -> HttpResponse:
    """Drafts or letters as one file, a ZIP where there are several."""
    suffix = ".zip" if asked.channel is Channel.DRAFT or form != "pdf" else ".pdf"
    name = _("drafts") if asked.channel is Channel.DRAFT else _("letters")
    said: Any = {"seen": seal, "form": form, "by": str(request.user)}
    try:
        return handed_over(name + suffix, lambda out: running.remind(request.company, asked, out=out, **said), shown=False)
    except NothingToWrite as nothing:
        messages.warning(request, in_words(nothing))
        return back(request)
