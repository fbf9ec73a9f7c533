"""What happened, kept for good: how a fact is appended to a company's history, and how the history is proved whole.

The events of a company are numbered without gaps; each hash seals the event and the hash before it, so that a row changed or
taken away afterwards shows.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from relance.models import bulk, webhooks
from relance.models.company import Company
from relance.models.history import Event

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_COLUMNS = ("number", "what", "notice_id", "customer_id", "document_id", "facts", "hash")


class Fact(NamedTuple):
    """Something that happened, about a notice, a customer or a document of the company (identifiers), with its figures (JSON)."""

    what: str
    notice_id: int | None = None
    customer_id: int | None = None
    document_id: int | None = None
    facts: dict[str, Any] = {}
    said: str = ""  # the facts as canonical JSON already, where thousands alike are told at once


def record(company_id: int, by: str, facts: Iterable[Fact], at: datetime | None = None) -> int:
    """Append facts in the caller's transaction, sealed one after the other; return how many.

    Takes the company's row first, so that two writers never give the same number. What other systems hear of is queued for them.
    """
    pending = list(facts)
    if not pending:
        return 0
    at = at or timezone.now()
    Company.objects.filter(pk=company_id).update(last_event_number=F("last_event_number") + len(pending))  # locks the row
    state = Company.objects.annotate(heard=Exists(webhooks.listening(OuterRef("pk"))))
    last, seal, heard = state.values_list("last_event_number", "last_event_hash", "heard").get(pk=company_id)
    rows = list(_rows(last - len(pending), seal, at, by, pending))
    Company.objects.filter(pk=company_id).update(last_event_hash=rows[-1][-1])
    if heard:
        webhooks.tell(company_id, webhooks.happenings(pending), at)
    return bulk.insert(Event, _COLUMNS, rows, same={"company_id": company_id, "at": at, "by": by})


def seal_of(previous: str, number: int, at: datetime, by: str, what: str, facts: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of an event and the seal before it."""
    return _sealed(previous, number, f"\0{at.isoformat()}\0{by}\0", what, _canonical(facts))


def _sealed(previous: str, number: int, who: str, what: str, said: str) -> str:
    return sha256(f"{previous}\0{number}{who}{what}\0{said}".encode()).hexdigest()


def first_broken_seal(company_id: int) -> int | None:
    """Number of the first event that is missing or is not what was sealed; None when the whole history holds."""
    seal, expected = "", 1
    for event in Event.objects.filter(company_id=company_id).order_by("number").iterator():
        seal = seal_of(seal, event.number, event.at, event.by, event.what, event.facts)
        if event.number != expected or event.hash != seal:
            return expected
        expected += 1
    return None if expected == Company.objects.get(pk=company_id).last_event_number + 1 else expected


def _rows(last: int, seal: str, at: datetime, by: str, facts: list[Fact]) -> Iterator[tuple[Any, ...]]:
    who = f"\0{at.isoformat()}\0{by}\0"
    for number, (what, notice_id, customer_id, document_id, said_of, said) in enumerate(facts, last + 1):
        said = said or _canonical(said_of)
        seal = _sealed(seal, number, who, what, said)
        yield (number, what, notice_id, customer_id, document_id, said, seal)
