"""Run whose messages are all decided -> run that has ended: recorded, and the temporary blocks it has skipped are lifted (register K64)."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from relance.models.blocks import lift_temporary_blocks
from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.notices import Notice, Run

_WAITING = Q(kind="batch", status__in=("running", "broken_off")) | Q(kind="manual", status="broken_off")


def end(run: Run, problem: str | None, by: str) -> None:
    """Close the run in the history: done, or broken off with its problem. A run that broke off lifts no block, then or later."""
    status = "broken_off" if problem else "done"
    with transaction.atomic():
        if not Run.objects.filter(pk=run.pk, status="running").update(status=status, ended_at=timezone.now()):
            return
        facts = {"run": run.number, "kind": run.kind, "as_of": run.as_of.isoformat()} | ({"problem": problem} if problem else {})
        record(run.company_id, by, [Fact(f"run_{status}", facts=facts)])
        if not problem:
            lift_temporary_blocks(run.company, list(run.skipped.values_list("pk", flat=True)), by)
        run.skipped.clear()


def end_emptied(company: Company) -> list[Run]:
    """Close the runs of which no e-mail is queued any more, and return them; what had broken off is done after all."""
    queued = Notice.objects.filter(run=OuterRef("pk"), status="queued", channel="email")
    emptied = list(Run.objects.filter(_WAITING, ~Exists(queued), company=company).select_related("company").order_by("pk"))
    for run in emptied:
        end(run, None, run.by)
        Run.objects.filter(pk=run.pk, status="broken_off").update(status="done", ended_at=timezone.now())
    return emptied
