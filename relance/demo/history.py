"""What has been sent to the customers of the demo before today? The notices to which its invoices owe their levels, run by run.

Each is decided, frozen, worded, kept and recorded as the product does it, on the page of its day; only the clock is turned back. What is
open today, and how it stands, is left as the dossier tells it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count

from relance.core.edition import EditionRequest
from relance.core.facts import NA, Channel, Page
from relance.core.grouping import Claim, copies_of
from relance.core.proposal import Decider, Proposal, concluded
from relance.core.review import ReviewRequest
from relance.demo import ledger
from relance.demo.company import COLLABORATORS
from relance.demo.policy import LAST_RUN, bounds, next_run
from relance.letters.documents import Made, produce
from relance.models import bulk
from relance.models.batches import Batch, Launch
from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.ledger import DueItem
from relance.models.notices import Notice, Run
from relance.models.outgoing.frozen import read
from relance.models.outgoing.issued import Issued, store_issued
from relance.models.outgoing.letter_data import letter_data
from relance.models.parties import Customer
from relance.models.renditions import EMAIL, PDF, keep_many, pack
from relance.steps.delivering import compose
from relance.steps.proposing import Session, store_run

_ADDRESSES = {person["code"]: person["email"] for person in COLLABORATORS}
_EARLY, _MORNING, _AFTERNOON = time(6, 30), time(10, 15), time(15, 40)
_TAKEN = "250 2.0.0 Ok: queued"


class _Dunned(NamedTuple):
    """A due item that stands at a level because of notices."""

    id: int
    customer_id: int
    document: str
    level: int
    dunned_on: date
    due_date: date
    issued_on: date
    policy: str | None

    def steps(self, today: date) -> Iterator[tuple[date, int]]:
        """The notices that brought it there, by day: the last, and each level below by the first run that found it old enough."""
        by_hand = self.level == NA or self.document in ledger.LEVELS_BY_HAND
        for level, lower in bounds(self.policy):
            run = today - timedelta(next_run((today - self.due_date).days - lower))
            if level < self.level and self.issued_on <= run < self.dunned_on:
                yield run, level
        if not by_hand:
            yield self.dunned_on, self.level


class _Past(Session):
    """A run of a day gone by: which due items it reminded of at which level (``told``) is known."""

    def __init__(self, company: Company, day: date, kind: str, told: dict[int, int], customers: Collection[int]) -> None:
        request: EditionRequest | ReviewRequest | None = None
        if kind == "edition":
            request = EditionRequest(day, max(told.values()))
        elif kind == "manual":
            request = ReviewRequest(day, told)
        super().__init__(company, day, request=request, customers=customers)
        self._told, self._channel = told, Channel.LETTER if kind == "edition" else Channel.EMAIL

    def decide(self, page: Page) -> Proposal:
        """What it did with one billed customer; whoever had no address was not written to."""
        decider, claims = Decider(page, self.terms), []
        for item in page.items:
            if item.id in self._told:
                to = decider.recipients_of(item) if self._channel is Channel.EMAIL else ()
                if to or self._channel is Channel.LETTER:
                    claims.append(Claim(item, self._told[item.id], self._channel, to, copies_of(item, ()) if to else ()))
        return concluded(page, self.terms, claims, [])


def write_history(company: Company, today: date) -> int:
    """Store the notices of the past with their runs, and the batch, paused, that sent most; return how many notices.

    In one transaction. How every due item and customer stands is the same after it.
    """
    with transaction.atomic():
        dunned = list(_dunned(company))
        items = DueItem.objects.filter(pk__in=[one.id for one in dunned])
        standing = list(items.values_list("pk", "level", "last_dunned_on", "comment", "expected_on"))
        customers = list(Customer.objects.filter(company=company).values_list("pk", "level", "last_dunned_on"))
        items.update(level=0, last_dunned_on=None, comment="", expected_on=None)
        Customer.objects.filter(company=company).update(level=0, last_dunned_on=None)
        batch = _weekly_batch(company, today)
        for (day, at, kind, by), told in sorted(_runs(dunned, batch, today).items()):
            _run(company, batch, day, at, kind, by, told)
        bulk.update(DueItem, ("level", "last_dunned_on", "comment", "expected_on"), standing)
        bulk.update(Customer, ("level", "last_dunned_on"), customers)
        return Notice.objects.filter(company=company).count()


def _dunned(company: Company) -> Iterator[_Dunned]:
    found = DueItem.objects.filter(company=company, billed_customer__isnull=False, last_dunned_on__isnull=False).exclude(level=0)
    named = ("pk", "billed_customer_id", "document__number", "level", "last_dunned_on", "due_date", "document__date")
    for row in found.order_by("pk").values_list(*named, "billed_customer__policy__code"):
        yield _Dunned._make(row)


def _runs(dunned: list[_Dunned], batch: Batch, today: date) -> dict[tuple[date, time, str, str], dict[int, tuple[int, int]]]:
    """By day, time, kind and person: the due items of each run with their level and customer."""
    by_hand = {number for number, _ in ledger.COMMENTS} - set(ledger.LEVELS_BY_HAND)
    runs: dict[tuple[date, time, str, str], dict[int, tuple[int, int]]] = defaultdict(dict)
    for one in dunned:
        for day, level in one.steps(today):
            if level == 3:
                who = (_MORNING, "edition", _ADDRESSES["MAL"])
            elif one.document in by_hand and day == one.dunned_on:
                who = (_AFTERNOON, "manual", _ADDRESSES[ledger.MANAGERS.get(one.document, "PER")])
            else:
                who = (_EARLY, "batch", batch.code)
            runs[day, *who][one.id] = level, one.customer_id
    return runs


@transaction.atomic
def _run(company: Company, batch: Batch, day: date, at: time, kind: str, by: str, told: dict[int, tuple[int, int]]) -> None:
    """Store one run, and issue its notices in the moment that it ran."""
    moment = datetime.combine(day, at, ZoneInfo(company.time_zone)).astimezone(UTC)
    levels, customers = {pk: level for pk, (level, _) in told.items()}, {customer for _, customer in told.values()}
    run, _ = store_run(_Past(company, day, kind, levels, customers), by, confirmed=True)
    if not run.notices.exists():  # nobody of them could be written to
        transaction.set_rollback(True)
        return
    run.skipped.clear()  # what is blocked today was not then
    run.started_at, run.ended_at, run.status = moment, moment + timedelta(seconds=4), "done"
    run.launch = _launch(batch, run) if kind == "batch" else None
    run.save()
    notices = list(read(Notice.objects.filter(run=run)))
    if kind == "edition":
        letters = produce((letter_data(notice, run.settings, day) for notice in notices), "pdf", {})
        kept = {notice.id or 0: pack(made.content) for notice, made in zip(notices, letters, strict=True) if isinstance(made, Made)}
        issued = [Issued(pk, "printed", sha256=one.sha256) for pk, one in kept.items()]
    else:
        kept = {notice.id or 0: pack(compose(notice, run).message) for notice in notices}
        issued = [Issued(pk, "sent", _TAKEN, sha256=one.sha256) for pk, one in kept.items()]
    keep_many(company.pk, PDF if kind == "edition" else EMAIL, kept)
    store_issued(run, company, issued, by, run.ended_at)
    record(company.pk, by, [Fact("run_done", facts={"run": run.number, "kind": kind, "as_of": day.isoformat()})], run.ended_at)


def _weekly_batch(company: Company, today: date) -> Batch:
    """Paused, so that a demo sends nothing that nobody asked for."""
    weekday = (today - timedelta(LAST_RUN)).isoweekday()
    return Batch.objects.create(
        company=company,
        code=f"{company.code}-RELANCES",
        label="Relances de la semaine",
        error_address=company.sender_email,
        weekdays=str(weekday),
        times=f"{_EARLY:%H:%M}",
        paused=True,
    )


def _launch(batch: Batch, run: Run) -> Launch:
    """The time that the batch was launched for the run."""
    ends = dict(run.notices.order_by().values_list("channel").annotate(Count("pk")))
    return Launch.objects.create(
        company=batch.company,
        batch=batch,
        due_at=run.started_at,
        as_of=run.as_of,
        by=batch.code,
        started_at=run.started_at,
        ended_at=run.ended_at,
        status="done",
        log=f"{_EARLY:%H:%M:%S} INFO Lancement de {batch.label} par {batch.code}, au {run.as_of:%d/%m/%Y}\n",
        results=[
            {"company": batch.company.code, "run": run.number, "notices": {"sent": sum(ends.values())}, "left_out": {}, "problem": None}
        ],
    )
