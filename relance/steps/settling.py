"""What people decide about notices afterwards: an unsure one or a draft was sent or not, a notice or a whole run is taken back."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.notices import Notice, Run
from relance.models.outgoing.issued import Issued, close_unissued, given_levels, status_changes, store_issued, take_back
from relance.models.renditions import digest_of
from relance.steps import Refused

Change = dict[str, Any]
REVOCABLE = ("queued", "drafted", "sent", "printed", "bounced", "unsure")


def settle(notice_id: int, by: str, *, sent: bool) -> list[Change]:
    """Decide a notice that is unsure, or a draft that a person has taken along.

    Sent applies what issuing changes, at the run's date; not sent makes it failed (rules, section 7). Raises Refused for a notice that does
    not exist or is neither.
    """
    with transaction.atomic():
        notice = _locked(notice_id)
        if notice.status not in ("unsure", "drafted"):
            raise Refused(f"notice {notice.number} is {notice.status}, not unsure: there is nothing to settle")
        company = Company.objects.get(pk=notice.company_id)
        if sent:
            Notice.objects.filter(pk=notice.pk).update(status="queued")
            store_issued(
                notice.run, company, [Issued(notice.pk, "sent", f"settled by {by}: sent", sha256=digest_of(notice.pk))], by, timezone.now()
            )
        else:
            close_unissued(company.pk, [notice.pk], "failed", f"settled by {by}: not sent", by)
        return [*(given_levels(notice.pk) if sent else []), *status_changes(notice, "sent" if sent else "failed")]


def cancel_notice(notice_id: int, reason: str, by: str) -> list[Change]:
    """Take one notice back: what still is as it left it goes back to what it was. Raises Refused."""
    with transaction.atomic():
        notice = _locked(notice_id)
        if notice.status not in REVOCABLE:
            raise Refused(f"notice {notice.number} is {notice.status}: there is nothing to cancel")
        _refuse_while_transmitting([notice])
        return take_back(notice.run.company, [notice], _given(reason), by)


def cancel_run(run_id: int, reason: str, by: str) -> list[Change]:
    """Take back every notice of a run that can be. Raises Refused."""
    with transaction.atomic():
        run = Run.objects.select_for_update().select_related("company").filter(pk=run_id).first()
        if run is None:
            raise Refused(f"there is no run {run_id}")
        if run.status == "cancelled":
            raise Refused(f"run {run.number} is cancelled already")
        notices = list(run.notices.filter(status__in=REVOCABLE).select_related("run"))
        _refuse_while_transmitting(notices)
        changes = take_back(run.company, notices, _given(reason), by)
        Run.objects.filter(pk=run.pk).update(status="cancelled", cancelled_reason=reason, ended_at=run.ended_at or timezone.now())
        record(run.company_id, by, [Fact("run_cancelled", facts={"run": run.number, "reason": reason, "notices": len(notices)})])
    return changes


def _locked(notice_id: int) -> Notice:
    notice = Notice.objects.select_for_update(of=("self",)).select_related("run__company", "customer").filter(pk=notice_id).first()
    if notice is None:
        raise Refused(f"there is no notice {notice_id}")
    return notice


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused("a reason is needed to cancel")
    return reason.strip()


def _refuse_while_transmitting(notices: list[Notice]) -> None:
    """What is leaving at this moment cannot be held back; a moment later it is sent, or unsure, and can be cancelled."""
    leaving = [notice.number for notice in notices if notice.status == "queued" and notice.transmitting_at is not None]
    if leaving:
        raise Refused(f"notice {leaving[0]} is being sent at this moment: try again when it is done")
