"""Which files were applied to a company? Each is kept by its content, with what it changed; one that was undone may come again."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.history import Event, Upload


def applied_before(company: Company, kind: str, sha256: str) -> Upload | None:
    """The last time that this very file was applied and not undone."""
    return Upload.objects.filter(company=company, kind=kind, sha256=sha256, undone_at=None).order_by("-pk").first()


def taken_back(company_id: int) -> Q:
    """Events of imports that were undone: they tell what is no longer so."""
    undone = Event.objects.filter(company=company_id, what="import_undone").values_list("facts", flat=True)
    found = Q(pk__in=[])
    for facts in undone:
        found |= Q(number__range=facts["events"]) if "events" in facts else Q()
    return found


def keep_upload(
    company: Company, kind: str, filename: str, sha256: str, counts: dict[str, Any], facts: Iterable[Fact], by: str, **more: Any
) -> Upload:
    """Keep that a file was applied, with its counts by noun and ``more`` beside them, and record it after what it did to customers."""
    upload = Upload.objects.create(
        company=company, kind=kind, filename=filename[:255], sha256=sha256, at=timezone.now(), by=by, counts=counts | more
    )
    told = {"kind": kind, "filename": filename, "sha256": sha256, "counts": counts}
    record(company.pk, by, [*facts, Fact("file_imported", facts=told)])
    return upload
