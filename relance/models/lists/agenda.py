"""What is there for somebody to do today? Promises to check, notices that went wrong or wait, automatic runs that did not take place."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from relance.models.bank import BankEntry
from relance.models.batches import Batch, Launch
from relance.models.company import Company
from relance.models.ledger import DISPUTED, REFUSED, Document, DueItem
from relance.models.notices import CAME_TO_NOTHING, Notice, NoticeLine, to_look_at
from relance.models.reports import to_deal_with
from relance.models.webhooks import WebhookMessage

LATELY = timedelta(30)  # what went wrong longer ago is history


class Promised(NamedTuple):
    """What was promised for today or before and is still open, in one currency."""

    currency: str
    items: int
    amount: int


class Agenda(NamedTuple):
    """What waits for a person; notices are counted."""

    promises: list[Promised]
    coming_promises: list[Promised]  # within the week
    unsure: int
    failed: int
    bounced: int  # of which the mailbox says that they did not arrive, and nobody has seen to it
    drafts: int
    letters: int
    late: list[str]  # automatic runs that should have been launched, by name
    disputed: int  # invoices that customers dispute or suspend by their platform, and that are open
    refused: int  # invoices that they refused, or that were rejected or cancelled, and that are open
    webhooks: int  # messages to other systems that were given up
    broken: list[str]  # automatic runs whose last launch was refused or broke off
    to_match: int = 0  # bank entries whose documents are not known


def agenda(company: Company, today: date) -> Agenda:
    """What there is to do in a company, in a fixed number of queries."""
    waiting = to_see_to(company, today)
    counts: dict[str, int] = dict(waiting.order_by().values_list("status").annotate(Count("pk")))
    return Agenda(
        promises=_promised(company, Q(promised_on__lte=today)),
        coming_promises=_promised(company, Q(promised_on__gt=today, promised_on__lte=today + timedelta(7))),
        unsure=counts.get("unsure", 0),
        failed=counts.get("failed", 0),
        bounced=to_deal_with(company).exclude(notice=None).order_by().values("notice").distinct().count(),
        drafts=counts.get("drafted", 0),
        letters=letters_to_print(company).count(),
        late=[_name(batch) for batch in Batch.objects.filter(company=company).order_by("code") if batch.is_late(timezone.now())],
        disputed=_of_status(company, DISPUTED),
        refused=_of_status(company, REFUSED),
        webhooks=WebhookMessage.objects.filter(company=company, status="given_up", ended_at__gte=timezone.now() - LATELY).count(),
        broken=_broken(company),
        to_match=BankEntry.objects.filter(company=company, state="waiting").count(),
    )


def to_see_to(company: Company, today: date) -> QuerySet[Notice]:
    """The notices that somebody has to do something about; what failed or bounced longer ago, or was made good since, is history."""
    found = Notice.objects.filter(to_look_at(), company=company)
    return found.filter(~Q(status__in=CAME_TO_NOTHING) | Q(_TO_TRY, run__as_of__gte=today - LATELY))


def to_try_again(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those of the notices that failed or came back, and that nothing has made good since."""
    return notices.filter(_TO_TRY, status__in=CAME_TO_NOTHING)


def still_to_tell(lines: QuerySet[NoticeLine]) -> QuerySet[NoticeLine]:
    """Those of the lines of notices that came to nothing whose item is open, and which no later notice has claimed.

    A later one that came to nothing too stands in the place of the first: the item is to be seen to once.
    """
    later = NoticeLine.objects.filter(due_item=OuterRef("due_item"), notice__gt=OuterRef("notice"))
    return lines.exclude(due_item__open_amount=0).exclude(Exists(later.exclude(notice__status__in=("proposed", "withdrawn", "cancelled"))))


def items_to_try_again(company: Company, *, run: int | None = None, notices: Collection[int] = (), most: int) -> list[int]:
    """The due items (identifiers) that are still to be told of notices that failed or came back: of a run's, or of those named.

    Of the oldest ``most`` notices, in the order of their lines.
    """
    which: dict[str, Any] = {"pk__in": notices} if run is None else {"run": run}
    failed = Notice.objects.filter(company=company, status__in=CAME_TO_NOTHING, **which).order_by("pk").values_list("pk", flat=True)[:most]
    lines = still_to_tell(NoticeLine.objects.filter(notice__in=list(failed)))
    return list(dict.fromkeys(lines.order_by("pk").values_list("due_item", flat=True)))


_TO_TRY = Exists(still_to_tell(NoticeLine.objects.filter(notice=OuterRef("pk"))))


def letters_to_print(company: Company) -> QuerySet[Notice]:
    """The letters that wait for a printer."""
    return Notice.objects.filter(company=company, status="queued", channel="letter")


def _of_status(company: Company, statuses: tuple[str, ...]) -> int:
    documents = Document.objects.exclude(einvoice_status="").filter(company=company, customer__isnull=False, einvoice_status__in=statuses)
    return documents.filter(Exists(DueItem.objects.filter(document=OuterRef("pk")).exclude(open_amount=0))).count()


def _promised(company: Company, when: Q) -> list[Promised]:
    items = DueItem.objects.filter(when, company=company, billed_customer__isnull=False).exclude(open_amount=0).order_by()
    groups = items.values_list("document__currency").annotate(count=Count("pk"), amount=Sum("open_amount"))
    return sorted((Promised(*group) for group in groups), key=lambda one: (one.currency != company.currency, one.currency))


def _broken(company: Company) -> list[str]:
    """Of each batch its last launch counts."""
    last: dict[int, Launch] = {}
    for launch in Launch.objects.filter(company=company, started_at__gte=timezone.now() - LATELY).select_related("batch").order_by("pk"):
        last[launch.batch_id] = launch
    return [_name(launch.batch) for launch in last.values() if launch.status in ("refused", "broken_off")]


def _name(batch: Batch) -> str:
    return batch.label or batch.code
