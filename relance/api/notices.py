"""How do other programs see what was written and what happened? Notices, their very files, the events of the history."""

from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.deciding import Why
from relance.api.named import notice_of
from relance.api.once import once
from relance.api.paging import Page, cursor, in_order, page_of, read_cursor
from relance.api.whole import FILES, AsList, Listing, whole_list
from relance.api.words import Asked, Flag, Id, Json, Text
from relance.core.forms import FORM_OF
from relance.models import Customer, Document, Event, Notice
from relance.models.finding import find_customer, find_document
from relance.models.history import Rendition
from relance.models.lists.agenda import to_see_to
from relance.models.lists.chronicle import events_about, notices_about, told_events, told_notices
from relance.models.renditions import EMAIL, content
from relance.steps import running
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_history import EVENTS, told
from relance.telling.sheets_of_notices import NOTICES, written

router = Router(tags=["Notices and history"])
_AT = "/companies/{company}"
_FILES = (EMAIL, *FORM_OF)


class Notices(Page):
    """Which notices are asked for."""

    run: Id | None = None
    customer: Text = ""
    document: Text = ""
    status: Text = ""
    channel: Literal["", "email", "letter", "draft"] = ""
    to_see_to: Annotated[bool, Field(description="Only what waits for somebody: failed or returned and not made good, unsure, drafts.")] = (
        False
    )


@router.get(f"{_AT}/notices", auth=needs("reader", "read"), response=shapes.pages("notices", shapes.TOLD_NOTICE), openapi_extra=FILES)
def list_notices(request: Called, company: str, asked: Query[Notices]) -> Listing:
    """The notices, newest first."""
    customer, document = _about(request, asked.customer, asked.document)
    found = notices_about(request.company, customer, document)
    said = {"run": asked.run, "status": asked.status, "channel": asked.channel}
    found = found.filter(**{name: value for name, value in said.items() if value})
    if asked.to_see_to:
        found = found.filter(pk__in=to_see_to(request.company, localdate()).values("pk"))
    if asked.as_file:
        every = streamed(found.select_related("run").order_by("-pk"))
        return whole_list(request, asked, lambda: Sheet(gettext("notices"), NOTICES, written(every)))
    ids, following = page_of(found, asked, newest_first=True)
    return {"notices": _notices(ids), "next": following}


@router.get(_AT + "/notices/{notice}", auth=needs("reader", "read"), response=shapes.answer(shapes.TOLD_NOTICE))
def read_notice(request: Called, company: str, notice: Id) -> Json:
    """One notice, as it was frozen, and what came of it."""
    return _notices([notice_of(request, notice).pk])[0]


@router.get(_AT + "/notices/{notice}/file", auth=needs("reader", "read"), openapi_extra=shapes.file_of(*_FILES))
def read_notice_file(request: Called, company: str, notice: Id) -> HttpResponse:
    """The very message or letter, byte for byte."""
    kept = Rendition.objects.select_related("notice").filter(notice=notice_of(request, notice)).first()
    if kept is None:
        raise Http404(f"notice {notice} was not issued: it has no file")
    name = f"{kept.notice.number}.{FORM_OF.get(kept.media_type, 'eml')}"
    return HttpResponse(content(kept), content_type=kept.media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post(_AT + "/notices/{notice}/cancel", auth=needs("manager", "dun"), response=shapes.CHANGED)
@once
def cancel_notice(request: Called, company: str, notice: Id, asked: Why) -> Json:
    """Take a notice back: levels, dates and comments return to what they were."""
    return {"changed": running.cancel_notice(notice_of(request, notice).pk, asked.reason, request.by)}


class Settled(Asked):
    """Whether an unsure notice, or a draft, was sent."""

    sent: Flag


@router.post(_AT + "/notices/{notice}/settle", auth=needs("collector", "dun"), response=shapes.CHANGED)
@once
def settle_notice(request: Called, company: str, notice: Id, asked: Settled) -> Json:
    """Decide a notice of which nobody knows whether it was sent: as sent it is issued, as not sent it failed."""
    return {"changed": running.settle(notice_of(request, notice).pk, request.by, sent=asked.sent)}


class Past(Page):
    """About whom or what the history is asked for."""

    customer: Text = ""
    document: Text = ""


HISTORY = shapes.one(notices=shapes.many(shapes.TOLD_NOTICE), events=shapes.many(shapes.EVENT), next=shapes.or_null(shapes.TEXT))


@router.get(f"{_AT}/history", auth=needs("reader", "read"), response=shapes.answer(HISTORY), openapi_extra=FILES)
def read_history(request: Called, company: str, asked: Query[Past]) -> Listing:
    """What was written and what happened, newest first; each page has so many notices and so many events at most. A file has the events."""
    customer, document = _about(request, asked.customer, asked.document)
    notices = notices_about(request.company, customer, document)
    events = events_about(request.company, customer, document)
    if asked.as_file:
        return _events_whole(request, asked, events)
    if asked.cursor:
        before_notice, before_event = read_cursor(asked.cursor, 2)
        notices, events = notices.filter(pk__lt=before_notice), events.filter(number__lt=before_event)
    first = Page(limit=asked.limit)
    ids, more_notices = page_of(notices, first, newest_first=True)
    numbers, more_events = page_of(events, first, newest_first=True, key="number")
    told = list(told_events(Event.objects.filter(pk__in=numbers)))
    last = Event.objects.filter(pk__in=numbers).order_by("number").values_list("number", flat=True).first()
    following = cursor(min(ids, default=0), last or 0) if more_notices or more_events else None
    return {"notices": _notices(ids), "events": told, "next": following}


class Happened(Past):
    """Which events are asked for."""

    what: Text = ""


@router.get(f"{_AT}/events", auth=needs("reader", "read"), response=shapes.pages("events", shapes.EVENT), openapi_extra=FILES)
def list_events(request: Called, company: str, asked: Query[Happened]) -> Listing:
    """What happened, newest first."""
    found = events_about(request.company, *_about(request, asked.customer, asked.document))
    found = found.filter(what=asked.what) if asked.what else found
    if asked.as_file:
        return _events_whole(request, asked, found)
    ids, following = page_of(found, asked, newest_first=True, key="number")
    return {"events": list(told_events(Event.objects.filter(pk__in=ids))), "next": following}


def _events_whole(request: Called, asked: AsList, events: QuerySet[Event]) -> FileResponse:
    return whole_list(request, asked, lambda: Sheet(gettext("history"), EVENTS, told(streamed(events.order_by("-number")))))


def _about(request: Called, customer: str, document: str) -> tuple[Customer | None, Document | None]:
    if document:
        return None, find_document(request.company, document, customer or None)
    return find_customer(request.company, customer) if customer else None, None


def _notices(ids: list[int]) -> list[Json]:
    return in_order(ids, ((one["id"], one) for one in told_notices(Notice.objects.filter(pk__in=ids), running.subject)))
