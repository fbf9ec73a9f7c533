"""Last import -> what was there before: new rows go, changed ones are put back, as long as nothing was built on them.

One transaction. The upload stays, marked as undone, and so does what the history says of it; the file may then come again.
"""

from django.db import transaction
from django.utils import timezone

from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.history import Upload
from relance.models.incoming.built_on import built_on, set_aside
from relance.models.incoming.imprints import Left, read_imprint, take_back
from relance.steps import Refused


def last_import(company: Company) -> Upload | None:
    """The last file that came in and still stands."""
    return Upload.objects.filter(company=company, undone_at=None).order_by("-pk").first()


def hindrances(upload: Upload) -> list[str]:
    """Why an import cannot be undone, in sentences; nothing where it can."""
    return _hindrances(upload, read_imprint(upload))


def _hindrances(upload: Upload, left: Left | None) -> list[str]:
    if upload.undone_at:
        return ["it was undone already"]
    if left is None:
        return ["what was there before it is not known here: it came with a dossier, or was not kept yet"]
    return built_on(upload, left)


def forgotten(upload: Upload) -> int:
    """How many decisions go with the import: entries of the bank that somebody has set aside since."""
    left = read_imprint(upload)
    return set_aside(upload, left) if left else 0


def undo_import(company: Company, upload_id: int | None = None, *, by: str, forget: int = 0, dry_run: bool = False) -> Upload:
    """Take back the last import, or this one; ``dry_run`` only says whether it can be.

    ``forget``: how many decisions about what it brought may be lost. Raises Refused, naming what was built on it, or how many would be.
    """
    with transaction.atomic():
        locked = Company.objects.select_for_update().get(pk=company.pk)
        upload = last_import(locked) if upload_id is None else Upload.objects.filter(company=locked, pk=upload_id).first()
        if upload is None:
            raise Refused("there is no import to undo")
        left = read_imprint(upload)
        reasons = _hindrances(upload, left)
        if left is None or reasons:
            raise Refused("\n".join(f"{upload.filename} cannot be undone: {reason}" for reason in reasons))
        if not dry_run:
            if (lost := set_aside(upload, left)) > forget:
                raise Refused(f"{upload.filename} cannot be undone: bank entries set aside since would be forgotten: {lost}")
            _undo(locked, upload, left, by)
    return upload


def _undo(company: Company, upload: Upload, left: Left, by: str) -> None:
    take_back(company.pk, left)
    upload.undone_at, upload.undone_by = timezone.now(), by
    upload.save(update_fields=["undone_at", "undone_by"])
    upload.imprint.delete()
    counts = {noun: counted for noun, counted in upload.counts.items() if isinstance(counted, dict)}
    first, last = left.events
    told = {"events": [first + 1, last], "kind": upload.kind, "filename": upload.filename, "sha256": upload.sha256, "counts": counts}
    record(company.pk, by, [Fact("import_undone", facts=told)])
