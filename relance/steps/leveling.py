"""How are levels corrected by hand? (Rules, section 9, level management; register A39 to A52.)

Invoices change, settled ones too; the customer does not. A level may be lowered, set to 0 (which clears the date) or to NA.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from relance.models import Company, Customer, DueItem, bulk, tuples
from relance.models.events import Fact, record
from relance.models.finding import find_document
from relance.models.outgoing.frozen import shown_level
from relance.steps import Changed

Standing = tuple[int, date | None]  # the level of a due item, and the date of its last notice


@dataclass(frozen=True, slots=True)
class LevelChange:
    """What the window of level management asks: which invoices, and their new level (0 to 9, or NA) and its date.

    Without a date, a level above 0 keeps the date that the due item has.
    """

    level: int
    on: date | None
    current: int | None = None
    document_date_from: date | None = None
    document_date_to: date | None = None
    customer: Customer | None = None  # the billed customer
    documents: tuple[str, ...] = ()  # numbers; none: all that the filters take
    picked: Mapping[int, Standing] = field(default_factory=dict)  # due items, with what was seen of them; none: all that the filters take
    due_to: date | None = None
    open_only: bool = False
    no: int | None = None  # of each document, this due item


class _Line(NamedTuple):
    id: int
    document_id: int
    document: str
    billed_customer_id: int
    no: int
    level: int
    last_dunned_on: date | None


_COLUMNS = ("id", "document_id", "document__number", "billed_customer_id", "no", "level", "last_dunned_on")


def set_level(company: Company, change: LevelChange, *, by: str) -> list[dict[str, Any]]:
    """Set level and date of the due items chosen, in one transaction; return what changed, by document and due item.

    Raises Unfound for a document that is not there, or that several customers have; Changed where a due item that was picked is no longer
    what was seen of it.
    """
    chosen = concerned(company, change)
    with transaction.atomic():
        query = chosen.select_for_update(of=("self",)).order_by("document_id", "no").values_list(*_COLUMNS)
        lines = [line for line in map(_Line._make, query.iterator()) if _wanted(line, change) != _standing(line)]
        if any(change.picked.get(line.id, _standing(line)) != _standing(line) for line in lines):
            raise Changed("what you looked at has changed since: look at it again before its level is set")
        bulk.update(DueItem, ("level", "last_dunned_on"), ((line.id, *_wanted(line, change)) for line in lines))
        record(company.pk, by, _facts(lines, change))
    return [{"document": line.document} | entry for line in lines for entry in _entries(line, change)]


def lines_concerned(company: Company, change: LevelChange) -> list[dict[str, Any]]:
    """The due items that ``set_level`` would take, as they stand and as they would be; nothing changes (register A47, A48).

    Raises Unfound as ``set_level`` does.
    """
    found = map(_Line._make, concerned(company, change).order_by("document__number", "document_id", "no").values_list(*_COLUMNS).iterator())
    return [
        {
            "document": line.document,
            "no": line.no,
            "level": shown_level(line.level),
            "last_dunned_on": _plain(line.last_dunned_on),
            "level_after": shown_level(_wanted(line, change)[0]),
            "last_dunned_on_after": _plain(_wanted(line, change)[1]),
        }
        for line in found
    ]


def concerned(company: Company, change: LevelChange) -> QuerySet[DueItem]:
    """The due items that ``set_level`` would take. Raises Unfound as it does."""
    items = DueItem.objects.filter(company=company, billed_customer__isnull=False, document__type="invoice")
    if change.picked:
        items = items.filter(pk__in=tuples.among(change.picked))
    if change.documents:
        code = change.customer.code if change.customer else None
        items = items.filter(document__in=[find_document(company, number, code) for number in change.documents])
    elif change.customer:
        items = items.filter(billed_customer=change.customer)
    if change.current is not None:
        items = items.filter(level=change.current)
    if change.document_date_from:
        items = items.filter(document__date__gte=change.document_date_from)
    if change.document_date_to:
        items = items.filter(document__date__lte=change.document_date_to)
    if change.no is not None:
        items = items.filter(no=change.no)
    if change.due_to:
        items = items.filter(due_date__lte=change.due_to)
    return items.filter(open_amount__gt=0) if change.open_only else items


def _standing(line: _Line) -> Standing:
    return line.level, line.last_dunned_on


def _wanted(line: _Line, change: LevelChange) -> Standing:
    return change.level, None if change.level == 0 else change.on or line.last_dunned_on


def _facts(lines: Iterable[_Line], change: LevelChange) -> Iterator[Fact]:
    """One event per document, with each of its due items before and after."""
    for document_id, group in groupby(lines, key=lambda line: line.document_id):
        of_document = list(group)
        changed = [entry for line in of_document for entry in _entries(line, change)]
        yield Fact("level_set", customer_id=of_document[0].billed_customer_id, document_id=document_id, facts={"changed": changed})


def _entries(line: _Line, change: LevelChange) -> Iterator[dict[str, Any]]:
    level, on = _wanted(line, change)
    if level != line.level:
        yield {"no": line.no, "what": "level", "before": shown_level(line.level), "after": shown_level(level)}
    if on != line.last_dunned_on:
        yield {"no": line.no, "what": "last_dunned_on", "before": _plain(line.last_dunned_on), "after": _plain(on)}


def _plain(on: date | None) -> str | None:
    return on.isoformat() if on else None
