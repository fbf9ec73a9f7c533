"""What is there to prove against one customer on a day? What he owes, what it costs him, what was written, promised and done about it.

Amounts are those of the aged balance and of ``relance interest`` for the same day; what happened later is not there.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.utils.timezone import make_aware

from relance.core.charges import Charges, Terms
from relance.core.days import claim_deadline
from relance.core.facts import DueItem as Item
from relance.core.facts import Remainder
from relance.core.rates import CustomerKind
from relance.models.attachments import Attachment
from relance.models.book import load_book
from relance.models.company import Company
from relance.models.events import first_broken_seal
from relance.models.history import Event, Rendition
from relance.models.ledger import Allocation, Document
from relance.models.lists.chronicle import events_about
from relance.models.lists.late import read_charges, read_terms_of
from relance.models.lists.promises import promises
from relance.models.mails import Mail
from relance.models.notices import Notice
from relance.models.parties import Customer

_YEARS = {CustomerKind.BUSINESS: 5, CustomerKind.CONSUMER: 2}  # after which a claim is time-barred (legal facts, section 5)
_NEVER_LEFT = ("proposed", "queued", "withdrawn")


class Claimed(NamedTuple):
    """An invoice with something past due: its open due items, oldest first, and what the delay has cost so far."""

    document: Document
    items: tuple[Item, ...]
    charges: Charges
    terms: Terms
    barred_on: date | None  # the day from which it can be claimed no more, unless something has interrupted that
    original: Attachment | None

    @property
    def open(self) -> int:
        """What is past due of it, in minor units."""
        return sum(item.open for item in self.items)

    @property
    def currency(self) -> str:
        """Its currency."""
        return self.document.currency


class Seal(NamedTuple):
    """How far the history holds: the last event with its seal, the first that is broken."""

    last: int
    hash: str
    broken: int | None


class Case(NamedTuple):
    """All of it, each list in the order of time."""

    company: Company
    customer: Customer
    as_of: date
    claimed: list[Claimed]
    not_due: list[Item]
    credits: list[Item]  # below zero
    on_account: list[Remainder]
    paid: list[Allocation]  # on the invoices that are claimed
    notices: list[Notice]
    mails: list[Mail]
    promises: list[dict[str, Any]]
    events: list[Event]
    seals: dict[int, str]  # of the event before each of these, by number
    seal: Seal
    declare_by: date | None

    def principal(self) -> dict[str, int]:
        """What is past due, by currency, before credits."""
        return _summed((one.currency, one.open) for one in self.claimed)

    def deducted(self) -> dict[str, int]:
        """Credits and what payments have left, by currency, below zero."""
        return _summed([*((one.currency, one.open) for one in self.credits), *((one.currency, -one.open) for one in self.on_account)])

    def interest(self) -> dict[str, int]:
        """Interest so far, by currency."""
        return _summed((one.currency, one.charges.interest.total) for one in self.claimed)

    def indemnities(self) -> dict[str, int]:
        """The fixed sums, by their currency."""
        return _summed((one.charges.indemnity.currency, one.charges.indemnity.amount) for one in self.claimed if one.charges.indemnity)


def read_case(company: Company, customer: Customer, as_of: date) -> Case:
    """The case as of a day. Raises UnknownRate."""
    page = next(load_book(company, as_of, customers=[customer.pk]), None)
    items = sorted(page.items, key=lambda one: (one.due_date, one.document, one.no)) if page else []
    late = [one for one in items if one.type == "invoice" and one.open > 0 and one.due_date < as_of]
    claimed = _claimed(company, late, as_of)
    events = list(
        events_about(company, customer, None).filter(at__lt=_end_of(as_of)).select_related("document", "notice").order_by("number")
    )
    return Case(
        company=company,
        customer=customer,
        as_of=as_of,
        claimed=claimed,
        not_due=[one for one in items if one.open > 0 and one not in late],
        credits=[one for one in items if one.open < 0],
        on_account=list(page.remainders) if page else [],
        paid=_paid(claimed, as_of),
        notices=_issued(company, customer, as_of),
        mails=list(Mail.objects.filter(company=company, customer=customer, at__lt=_end_of(as_of)).order_by("number")),
        promises=[one for one in promises(company, as_of, customer) if not one["made_on"] or one["made_on"] <= as_of.isoformat()],
        events=events,
        seals=_seals_before(company, events),
        seal=Seal(company.last_event_number, company.last_event_hash, first_broken_seal(company.pk)),
        declare_by=claim_deadline(customer.insolvent_on) if customer.insolvent_on else None,
    )


def rendition_of(notice: Notice) -> Rendition | None:
    """What was issued, as it is kept."""
    return Rendition.objects.filter(notice=notice).first()


def _claimed(company: Company, late: list[Item], as_of: date) -> list[Claimed]:
    documents = Document.objects.select_related("billed_customer", "payment_method").in_bulk({one.document_id for one in late})
    originals = {one.document_id: one for one in Attachment.objects.filter(document__in=documents).select_related("file").order_by("-kind")}
    originals |= {one.document_id: one for one in Attachment.objects.filter(document__in=documents, kind="original").select_related("file")}
    found = []
    for pk in dict.fromkeys(one.document_id for one in late):
        own = tuple(one for one in late if one.document_id == pk)
        terms = read_terms_of(documents[pk], company)
        charges = read_charges(documents[pk], company, as_of)
        found.append(Claimed(documents[pk], own, charges, terms, _barred_on(own[0].due_date, terms.kind), originals.get(pk)))
    return found


def _barred_on(due: date, kind: CustomerKind) -> date | None:
    """Two years for a consumer, five for a business; a public body has rules of its own."""
    years = _YEARS.get(kind)
    if years is None:
        return None
    try:
        return due.replace(year=due.year + years)
    except ValueError:  # 29 February
        return date(due.year + years, 3, 1)


def _paid(claimed: list[Claimed], as_of: date) -> list[Allocation]:
    found = Allocation.objects.filter(
        due_item__document__in=[one.document.pk for one in claimed], date__lte=as_of, payment__date__lte=as_of
    )
    return list(found.select_related("payment", "due_item__document").order_by("date", "pk"))


def _issued(company: Company, customer: Customer, as_of: date) -> list[Notice]:
    kept = Notice.objects.filter(company=company, customer=customer, issued_at__isnull=False, run__as_of__lte=as_of)
    return list(kept.exclude(status__in=_NEVER_LEFT).select_related("run").order_by("run__as_of", "number"))


def _end_of(day: date) -> datetime:
    """When the day is over, by the clock on the wall."""
    return make_aware(datetime.combine(day + timedelta(1), time()))


def _seals_before(company: Company, events: list[Event]) -> dict[int, str]:
    before = {one.number - 1 for one in events}
    known = dict(Event.objects.filter(company=company, number__in=before).values_list("number", "hash"))
    return {one.number: known.get(one.number - 1, "") for one in events}


def _summed(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, 0) + amount
    return {currency: amount for currency, amount in sorted(sums.items()) if amount}
