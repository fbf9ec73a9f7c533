"""What was written to whom, and what happened? The history, as commands and pages show it: newest first, streamed.

A notice is read from its own frozen rows alone, never from what documents or customers say today.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from relance.models.company import Company
from relance.models.history import Event
from relance.models.ledger import Document
from relance.models.notices import Notice, NoticeLine, Run
from relance.models.outgoing import frozen
from relance.models.outgoing.enclosing import told
from relance.models.outgoing.frozen import Frozen
from relance.models.parties import Customer

Json = dict[str, Any]
SubjectOf = Callable[[Frozen, Json], str]  # what a notice is headed, from what its run froze

_CHUNK = 500
_EVENT = ("at", "by", "what", "notice_id", "customer__code", "document__number", "facts")


def history(
    company: Company, subject_of: SubjectOf, customer: Customer | None = None, document: Document | None = None
) -> Iterator[tuple[str, Iterator[Json]]]:
    """The notices, then the events, of the company, of one customer, or about one document: each newest first, in the contract's form."""
    yield "notices", told_notices(notices_about(company, customer, document), subject_of)
    yield "events", told_events(events_about(company, customer, document))


def told_notices(notices: QuerySet[Notice], subject_of: SubjectOf) -> Iterator[Json]:
    """With what the history adds: when and by whom it was issued; few of them are in memory at once."""
    settings: dict[int, Json] = {}
    ids = notices.order_by("-pk").values_list("pk", "run_id").iterator()
    while chunk := list(islice(ids, _CHUNK)):
        by_id = {notice.id: notice for notice in frozen.read([pk for pk, _ in chunk])}
        enclosures = told([pk for pk, _ in chunk])
        for pk, run in chunk:
            if run not in settings:
                settings = {run: Run.objects.values_list("settings", flat=True).get(pk=run)}
            yield _told(by_id[pk], settings[run], subject_of) | {"enclosures": enclosures.get(pk, [])}


def _told(notice: Frozen, settings: Json, subject_of: SubjectOf) -> Json:
    return frozen.history_answer(notice, subject_of(notice, settings))


def told_events(events: QuerySet[Event]) -> Iterator[Json]:
    """Events in the contract's form, newest first."""
    for at, by, what, notice, customer, document, facts in events.order_by("-number").values_list(*_EVENT).iterator():
        yield {
            "at": at.isoformat(),
            "by": by,
            "what": what,
            "notice": notice,
            "customer": customer,
            "document": document,
            "facts": facts,
        }


def notices_about(company: Company, customer: Customer | None, document: Document | None) -> QuerySet[Notice]:
    notices = Notice.objects.filter(company=company)
    if customer is not None:
        notices = notices.filter(customer=customer)
    if document is not None:
        notices = notices.filter(pk__in=NoticeLine.objects.filter(due_item__document=document).values("notice"))
    return notices


def events_about(company: Company, customer: Customer | None, document: Document | None) -> QuerySet[Event]:
    """Events that name the document or customer, or one of its notices (a customer: or one of its documents)."""
    events = Event.objects.filter(company=company)
    if document is not None:
        return _any_of(events, events.filter(document=document), events.filter(notice__in=notices_about(company, None, document)))
    if customer is not None:
        documents = Document.objects.filter(billed_customer=customer).union(Document.objects.filter(customer=customer))
        return _any_of(
            events,
            events.filter(customer=customer),
            events.filter(document__in=documents.values("pk")),
            events.filter(notice__in=notices_about(company, customer, None)),
        )
    return events


def _any_of(events: QuerySet[Event], *parts: QuerySet[Event]) -> QuerySet[Event]:
    """Events in one of the parts: a union, so that each part is found by its own index."""
    first, *others = (part.order_by().values("pk") for part in parts)
    return events.filter(pk__in=first.union(*others))
