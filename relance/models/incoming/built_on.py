"""What was built on an import since: notices, allocations, what people noted, what came in later? While anything was, it stands.

What people changed of rows that the import changed too is no hindrance where it lies in other columns: it stays.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models import Q

from relance.models import tuples
from relance.models.bank import SET_ASIDE, BankEntry, Match
from relance.models.history import Event, Upload
from relance.models.incoming.applied import taken_back
from relance.models.incoming.imprints import KEPT, Left, changed_since, figures, rows_added
from relance.models.ledger import Allocation, Document, DueItem, Payment
from relance.models.notices import NoticeLine
from relance.models.parties import Customer

_MOST_NAMED = 5  # of each sort


def built_on(upload: Upload, left: Left) -> list[str]:
    """What stands on it, in sentences; nothing: it can be taken back."""
    found = [*_later_files(upload)]
    found += found or [*_notices(upload, left), *_events(upload, left), *_references(upload, left)]
    return found or [*_changes(upload, left)]


def set_aside(upload: Upload, left: Left) -> int:
    """How many of the bank entries that it brought somebody has set aside: a decision that goes with them."""
    if BankEntry not in left.added:
        return 0
    brought = rows_added(BankEntry, upload.company_id, left.added[BankEntry])
    return brought.filter(SET_ASIDE).count()


def _later_files(upload: Upload) -> Iterator[str]:
    later = Upload.objects.filter(company=upload.company_id, pk__gt=upload.pk, undone_at=None).order_by("-pk")
    for filename in later.values_list("filename", flat=True)[:_MOST_NAMED]:
        yield f"{filename} was imported after it: undo that first"


def _notices(upload: Upload, left: Left) -> Iterator[str]:
    """Notices made since of a due item that it brought or changed."""
    touched = Q(pk__in=[])
    if DueItem in left.added:
        touched |= Q(due_item__in=rows_added(DueItem, upload.company_id, left.added[DueItem]).values("pk"))
    if changed := left.ids_changed.get(DueItem):
        touched |= Q(due_item__in=tuples.among(changed))
    lines = NoticeLine.objects.filter(touched, company=upload.company_id, notice__run__started_at__gte=upload.at)
    named = lines.order_by("notice_id").values_list("notice__number", "notice__customer__code", "document_number")
    for notice, customer, number in named[:_MOST_NAMED]:
        yield f"notice {notice} to {customer} claims {number}"


def _events(upload: Upload, left: Left) -> Iterator[str]:
    """What the history tells since of a document or a customer that it brought."""
    about = Q(pk__in=[])
    for model, column in ((Document, "document"), (Customer, "customer")):
        if model in left.added:
            about |= Q(**{f"{column}__in": rows_added(model, upload.company_id, left.added[model]).values("pk")})
    since = Event.objects.filter(about, company=upload.company_id, number__gt=left.events[1]).order_by("number")
    since = since.exclude(taken_back(upload.company_id))
    for what, number, customer in since.values_list("what", "document__number", "customer__code")[:_MOST_NAMED]:
        yield f"the history tells of {number or customer} since: {what.replace('_', ' ')}"


def _references(upload: Upload, left: Left) -> Iterator[str]:
    """What else points at a row that it brought, and was not brought by it."""
    for model in KEPT:
        for relation in model._meta.related_objects if model in left.added else ():
            other: Any = relation.related_model
            if other in (Event, NoticeLine) or relation.many_to_many:
                continue
            pointing = other._default_manager.filter(
                **{f"{relation.field.name}__in": rows_added(model, upload.company_id, left.added[model]).values("pk")}
            )
            if other in left.added:
                first, last = left.added[other]
                pointing = pointing.exclude(pk__gt=first, pk__lte=last)
            if own := left.ids_changed.get(other):
                pointing = pointing.exclude(pk__in=tuples.among(own))
            yield from map(_said, pointing.order_by("pk")[:_MOST_NAMED])


def _changes(upload: Upload, left: Left) -> Iterator[str]:
    """What is not any more as it left it, whoever changed it."""
    for model, added in left.added.items():
        kept = figures(model, upload.company_id, added)
        if any(kept.get(name) != value for name, value in left.figures[model].items()):
            yield f"{_noun(model)} that it brought were changed since"
    for model, groups in groupby(left.changed(), itemgetter(0)):
        if any(changed_since(model, changed) for _, changed in groups):
            yield f"{_noun(model)} that it changed were changed since"


def _said(row: models.Model) -> str:
    if isinstance(row, Allocation):
        return f"payment {row.payment.reference} is allocated to {row.due_item.document.number}"
    if isinstance(row, Match):
        return f"match {row.number} was made of what it brought: undo that first"
    if isinstance(row, Document):
        return f"{row.number} is a document of a customer that it brought"
    if isinstance(row, Payment):
        return f"payment {row.reference} is one of a customer that it brought"
    return f"{_noun(type(row))} were added to what it brought: {row}"


def _noun(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name_plural)
