"""Dossier -> company that is there already: what the file says is laid over it, and kept as a file that came in.

One transaction per file. The file must be of that very company: who may set up one may not reach another by a file.
"""

import hashlib
from pathlib import Path
from typing import Any

from django.db import transaction

from relance import dossier
from relance.models.company import Company
from relance.models.history import Upload
from relance.models.incoming.applied import keep_upload
from relance.steps import Refused

KIND = "dossier"


class Faulty(Refused):
    """The file has faults, each at its place; nothing of it is stored."""

    def __init__(self, told: dossier.Faults) -> None:
        self.faults = told.faults
        super().__init__(str(told))


def bring_in(company: Company, path: Path, *, by: str, dry_run: bool = False) -> dossier.LoadReport:
    """Lay a dossier over its company; ``dry_run`` tells what it changes and stores nothing.

    Raises Refused, with every fault by its place.
    """
    content = path.read_bytes()
    try:
        with transaction.atomic():
            report = dossier.load(content, by=by, only=company.code, dry_run=dry_run)
            if not dry_run:
                _remember(company, path.name, hashlib.sha256(content).hexdigest(), report, by)
    except dossier.Faults as faults:
        raise Faulty(faults) from None
    return report


def _remember(company: Company, filename: str, digest: str, report: dossier.LoadReport, by: str) -> None:
    """Keep that this file came in; once, where it comes again and changes nothing."""
    changed = any(count.created or count.updated for count in report.counts.values())
    if not changed and Upload.objects.filter(company=company, kind=KIND, sha256=digest, undone_at=None).exists():
        return
    counts: dict[str, Any] = {
        noun: {"created": count.created, "changed": count.updated, "same": count.unchanged} for noun, count in report.counts.items()
    }
    keep_upload(company, KIND, filename, digest, counts, (), by, remarks=[str(warning) for warning in report.warnings])
