"""How do other programs see what came back, have the mailbox read, and say that somebody has seen to a bounce?"""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.named import run_of
from relance.api.once import once
from relance.api.paging import Page, page_of
from relance.api.whole import FILES, Listing, whole_list
from relance.api.words import Id, Json
from relance.models import tuples
from relance.models.reports import REPORT_KINDS, MailReport, to_deal_with, told_report
from relance.steps import reading_mailbox, running
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_notices import REPORTS

router = Router(tags=["Mail"])
_AT = "/companies/{company}"
_EXAMPLE = {
    "id": 41,
    "notice": 1207,
    "kind": "bounced",
    "recipients": ["compta@futaie.example"],
    "status": "5.1.1",
    "text": "550 5.1.1 no such mailbox",
    "subject": "Undelivered Mail Returned to Sender",
    "at": "2026-07-15T08:02:11+00:00",
    "dealt_by": None,
}
REPORT = shapes.one(
    id=shapes.WHOLE,
    notice=shapes.or_null(shapes.WHOLE),
    kind={"type": "string", "enum": list(REPORT_KINDS)},
    recipients=shapes.many(shapes.TEXT),
    status=shapes.TEXT | {"description": "The code that the server gave (RFC 3463), if any."},
    text=shapes.TEXT,
    subject=shapes.TEXT,
    at=shapes.MOMENT,
    dealt_by=shapes.or_null(shapes.TEXT),
) | {"examples": [_EXAMPLE]}
READING = shapes.one(read=shapes.WHOLE, kept=shapes.WHOLE, bounced=shapes.many(shapes.WHOLE), confirmed=shapes.many(shapes.WHOLE))


class Returned(Page):
    """Which reports are asked for."""

    notice: Id | None = None
    kind: Annotated[Literal[("", *REPORT_KINDS)], Field(description="What they tell of a message.")] = ""  # type: ignore[valid-type]
    waiting: Annotated[bool, Field(description="Only bounces that nobody has seen to.")] = False


@router.get(f"{_AT}/returned", auth=needs("reader", "read"), response=shapes.pages("reports", REPORT), openapi_extra=FILES)
def list_returned(request: Called, company: str, asked: Query[Returned]) -> Listing:
    """Returned mail, and what else the mailbox tells of messages that left; what was read last comes first."""
    said: dict[str, Any] = {"notice": asked.notice, "kind": asked.kind}
    every = to_deal_with(request.company) if asked.waiting else MailReport.objects.filter(company=request.company)
    found = every.filter(**{name: value for name, value in said.items() if value})
    if asked.as_file:
        rows = streamed(found.select_related("notice", "mail").defer("compressed", "mail__compressed").order_by("-pk"))
        return whole_list(request, asked, lambda: Sheet(gettext("returned"), REPORTS, rows))
    ids, following = page_of(found, asked, newest_first=True)
    read = {one.pk: one for one in MailReport.objects.defer("compressed").filter(pk__in=tuples.among(ids))}
    return {"reports": [told_report(read[pk]) for pk in ids], "next": following}


@router.post(_AT + "/returned/{report}/seen-to", auth=needs("collector", "write"), response=shapes.CHANGED)
@once
def see_to_returned(request: Called, company: str, report: Id) -> Json:
    """Note that somebody has seen to a bounce: its task is done, and its address is not marked any more."""
    reading_mailbox.see_to(report, request.by, request.company)
    return shapes.changed("dealt_by", before=None, after=request.by)


@router.post(f"{_AT}/mailbox/read", auth=needs("collector", "write"), response=shapes.answer(READING))
def read_returned(request: Called, company: str) -> Json:
    """Read the company's mailbox now: what came back marks its notices; read again, it changes nothing."""
    return running.read_mailbox(request.company, request.by).told()


@router.post(_AT + "/runs/{run}/mailbox-drafts", auth=needs("collector", "dun"), response=shapes.answer(shapes.one(put=shapes.WHOLE)))
def put_drafts(request: Called, company: str, run: Id) -> Json:
    """Put the drafts of a run that wait into the company's mailbox; what is there is not put twice."""
    return {"put": running.put_drafts(run_of(request, run))}
