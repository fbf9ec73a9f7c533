"""How does a batch run? Begun once, decided company after company, concluded when its messages are; each step safe to take up again."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from relance.models.batches import UNDER_WAY, Batch, Launch
from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.moments import next_due, zone_of
from relance.models.notices import Notice, Run
from relance.models.outgoing import claims
from relance.steps import Refused, closing, running
from relance.steps.delivering import deliver
from relance.steps.proposing import Post
from relance.work.words import log_line, moment

Json = dict[str, Any]
_BAD_ENDS = ("failed", "unsure", "bounced")


def begin_due(holder: str, now: datetime) -> list[Launch]:
    """Launch what is due or asked for and not under way; a moment that was missed is made up once, however many were."""
    wanted = Batch.objects.select_related("company").filter(~Q(asked_by="") | Q(paused=False, next_at__lte=now))
    idle = wanted.exclude(launches__status__in=UNDER_WAY).order_by("next_at", "pk")
    return [launch for batch in idle if (launch := _begin_due(batch, holder, now))]


def launch_now(batch: Batch, by: str, now: datetime) -> Launch:
    """Launch a batch by hand and wait until every message is sent, failed or unsure. Raises Refused while it is under way."""
    holder = claims.worker()
    try:
        launch = begin(batch, None, batch.runs_as or by, holder, now)
        if launch is None:
            raise Refused(f"batch {batch.code} is under way: it never overlaps itself")
        decide(launch, holder)
        for company in Company.objects.filter(pk__in=launch.runs.values("company")).order_by("code"):
            delivery = deliver(company)
            if delivery.problem:
                break_off(company, delivery.problem, timezone.now())
            closing.end_emptied(company)
        conclude(timezone.now())
    finally:
        claims.release(holder)
    launch.refresh_from_db()
    return launch


def begin(batch: Batch, due_at: datetime | None, by: str, holder: str, now: datetime) -> Launch | None:
    """A launch of the batch, held by this worker; None while another is under way."""
    try:
        with transaction.atomic():
            as_of = now.astimezone(zone_of(batch)).date()
            launch = Launch.objects.create(
                company=batch.company, batch=batch, due_at=due_at, as_of=as_of, by=by, started_at=now, held_by=holder, held_at=now
            )
            record(batch.company_id, by, [Fact("batch_launched", facts={"batch": batch.code, "as_of": as_of.isoformat()})])
    except IntegrityError:  # a batch never overlaps itself
        return None
    _note(launch, "begun", batch=batch.label or batch.code, by=by, as_of=as_of.strftime("%d/%m/%Y"))
    if due_at is not None and (now - due_at).total_seconds() > 60:
        _note(launch, "made_up", moment=moment(due_at, batch.company.language, zone_of(batch)))
    return launch


def take_over(holder: str, now: datetime) -> list[Launch]:
    """Launches whose worker has ended while it decided, now held by this one."""
    found = []
    for launch in Launch.objects.filter(status="deciding").select_related("batch__company"):
        if claims.is_gone(launch.held_by, launch.held_at):
            mine = Launch.objects.filter(pk=launch.pk, status="deciding", held_by=launch.held_by).update(held_by=holder, held_at=now)
            if mine:
                _note(launch, "resumed")
                found.append(launch)
    return found


def decide(launch: Launch, holder: str) -> None:
    """Decide for each company and queue its notices; companies that are done already are passed over."""
    done = {result["company"] for result in launch.results}
    for code, company in _companies(launch.batch):
        if code not in done:
            Launch.objects.filter(pk=launch.pk, held_by=holder).update(held_at=timezone.now())
            launch.results.append(_result(launch, code, company))
            launch.save(update_fields=["results", "log"])
    Launch.objects.filter(pk=launch.pk, status="deciding", held_by=holder).update(status="sending", held_by="", log=launch.log)


def conclude(now: datetime) -> None:
    """Close the launches whose messages are all decided, with what came of them."""
    for launch in Launch.objects.filter(status="sending").select_related("batch__company"):
        if not Notice.objects.filter(run__launch=launch, status="queued", channel="email").exists():
            refused = launch.results and all(result["problem"] for result in launch.results)
            _close(launch, "refused" if refused else "done", now)


def break_off(company: Company, problem: str, now: datetime) -> None:
    """The mail server of a company is out of reach: its runs and launches have broken off, and what is queued stays so."""
    for run in Run.objects.filter(company=company, kind="batch", status="running").select_related("company", "launch__batch__company"):
        closing.end(run, problem, run.by)
        if run.launch and run.launch.status == "sending":
            for result in run.launch.results:
                result["problem"] = problem if result["company"] == company.code else result["problem"]
            _note(run.launch, "broken_off", company=company.code, problem=problem)
            _close(run.launch, "broken_off", now)


def _begin_due(batch: Batch, holder: str, now: datetime) -> Launch | None:
    """Move the batch on by compare-and-set, then begin: of several workers, one does."""
    due_at = batch.next_at if batch.next_at and batch.next_at <= now and not batch.paused else None
    with transaction.atomic():
        seen = Batch.objects.filter(pk=batch.pk, next_at=batch.next_at, asked_by=batch.asked_by)
        if not seen.update(next_at=next_due(batch, now) if due_at else batch.next_at, asked_by=""):
            return None
        by = batch.runs_as or batch.asked_by or batch.code
        launch = begin(batch, due_at, by, holder, now)
        if launch is None:
            transaction.set_rollback(True)
        return launch


def _companies(batch: Batch) -> Iterable[tuple[str, Company | None]]:
    """For whom a batch runs, by code; None for a code that no company has."""
    if batch.every_company:
        return [(company.code, company) for company in Company.objects.order_by("code")]
    codes = [code for code in batch.companies.split("\n") if code] or [batch.company.code]
    known = {company.code: company for company in Company.objects.filter(code__in=codes)}
    return [(code, known.get(code)) for code in codes]


def _result(launch: Launch, code: str, company: Company | None) -> Json:
    """What the launch comes to for one company; one that is refused or fails does not keep the others from theirs."""
    told: Json = {"company": code, "run": None, "notices": {}, "left_out": {}, "problem": None}
    if company is None:
        _note(launch, "unknown", company=code)
        return told | {"problem": f"there is no company {code}"}
    stored = Run.objects.filter(launch=launch, company=company).first()
    if stored is not None:  # the worker stopped before it could tell
        return told | {"run": stored.number, "notices": _ends(stored)}
    batch = launch.batch
    post = Post(_lines(batch.cc), _lines(batch.bcc), batch.sender, batch.reply_to)
    try:
        report = running.batch(company, launch.as_of, post=post, launch=launch, dry_run=batch.dry_run, wait=False, by=launch.by)
    except Refused as error:
        _note(launch, "refused", company=code, problem=error)
        return told | {"problem": str(error)}
    except Exception as error:
        logging.getLogger("relance.work").exception("batch %s, company %s", batch.code, code)
        _note(launch, "failed", company=code, problem=f"{type(error).__name__}: {error}")
        return told | {"problem": f"{type(error).__name__}: {error}"}
    return told | _told_of(launch, report)


def _told_of(launch: Launch, report: running.Report) -> Json:
    """The figures of a company's run, and its lines in the log."""
    run = Run.objects.get(pk=report.run) if report.run else None
    if run is None:
        _note(launch, "simulated", company=report.company)
        notices = list(report.notices)
        ends, letters = {"proposed": len(notices)}, sum(notice["channel"] == "letter" for notice in notices)
    else:
        ends, letters = _ends(run), run.notices.filter(channel="letter").count()
    left_out = {str(reason): number for reason, number in report.left_out_counts.items()}
    figures = {"notices": sum(ends.values()), "letters": letters, "left_out": sum(left_out.values())}
    _note(launch, "decided", company=report.company, **figures)
    for reason, number in sorted(left_out.items()):
        _note(launch, "left_out", company=report.company, reason=reason, number=number)
    return {"run": run.number if run else None, "notices": ends, "left_out": left_out}


def _close(launch: Launch, status: str, now: datetime) -> None:
    """End a launch by compare-and-set; its log is mailed where something needs a person."""
    for run in launch.runs.select_related("company"):
        for result in launch.results:
            if result["company"] == run.company.code:
                result["notices"] = _ends(run)
                _note_ends(launch, run.company.code, result["notices"])
    troubled = any(result["problem"] or set(result["notices"]) & set(_BAD_ENDS) for result in launch.results)
    report = "due" if troubled or status != "done" else "none"
    closed = Launch.objects.filter(pk=launch.pk, status="sending")
    with transaction.atomic():
        if closed.update(status=status, ended_at=now, results=launch.results, log=launch.log, report=report):
            facts = {"batch": launch.batch.code, "status": status, "as_of": launch.as_of.isoformat()}
            record(launch.company_id, launch.by, [Fact("batch_ended", facts=facts)])


def _note_ends(launch: Launch, code: str, ends: dict[str, int]) -> None:
    _note(launch, "sent", company=code, sent=ends.get("sent", 0), withdrawn=ends.get("withdrawn", 0))
    failed, unsure = ends.get("failed", 0) + ends.get("bounced", 0), ends.get("unsure", 0)
    if failed or unsure:
        _note(launch, "bad_ends", company=code, failed=failed, unsure=unsure)


def _ends(run: Run) -> dict[str, int]:
    """How many notices of a run have each status."""
    return dict(run.notices.order_by().values_list("status").annotate(Count("pk")))


def _note(launch: Launch, what: str, **filled: Any) -> None:
    batch = launch.batch
    at = timezone.now().astimezone(zone_of(batch))
    launch.log += log_line(what, batch.company.language, at, batch.log_level, **filled)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()
