"""Which files were applied to a company? Each is kept by its content, with what it changed; one that was undone may come again."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.history import Upload


def applied_before(company: Company, kind: str, sha256: str) -> Upload | None:
    """The last time that this very file was applied and not undone."""
    return Upload.objects.filter(company=company, kind=kind, sha256=sha256, undone_at=None).order_by("-pk").first()


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
