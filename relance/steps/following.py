"""How is what is known of arrears brought up to date, and what was said on the telephone kept? (Register K32 to K36.)

Statuses, comments, expected and promised dates of due items, one or many at once; every change is recorded from what to what, by whom.
"""

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from typing import Any, TypedDict

from django.db import transaction

from relance.core import money
from relance.models import Company, Customer, Document, DueItem, Status, tuples
from relance.models.changing import Change, changes
from relance.models.events import Fact, record
from relance.models.history import Event
from relance.steps import Refused


class FollowUp(TypedDict, total=False):
    """What is to stand on due items; what is not said stays, None and the empty text clear. Amounts in minor units."""

    status: Status | None
    comment: str
    expected_on: date | None
    promised_on: date | None
    promised_amount: int | None


class CallOutcome(StrEnum):
    """How a call to a customer ended."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    PROMISED = "promised"
    DISPUTED = "disputed"
    WRONG_NUMBER = "wrong_number"


def open_items(documents: Iterable[Document], no: int | None = None) -> list[int]:
    """The open due items of documents, or of each only the one with a number. Raises Refused where a document has none."""
    found = []
    for document in documents:
        items = DueItem.objects.filter(document=document).exclude(open_amount=0)
        chosen = list((items if no is None else items.filter(no=no)).order_by("no").values_list("pk", flat=True))
        if not chosen:
            raise Refused(f"{document.number} has nothing open" + ("" if no is None else f" under number {no}"))
        found += chosen
    return found


def follow_up(company: Company, due_items: Collection[int], said: FollowUp, *, on: date, by: str) -> list[Change]:
    """Bring due items (identifiers) up to date on a day; return what changed, by document and due item. Raises Refused."""
    with transaction.atomic():
        chosen = DueItem.objects.filter(company=company, pk__in=tuples.among(due_items), billed_customer__isnull=False)
        items = list(chosen.select_for_update(of=("self",)).select_related("document", "status").order_by("document__number", "no"))
        _check_amount(items, said)
        wanted = _columns(said, on)
        changed = {item.pk: _told(item, changes(item, _wanted(item, wanted))) for item in items}
        for item in items:
            if changed[item.pk]:
                DueItem.objects.filter(pk=item.pk).update(**_wanted(item, wanted))
        record(company.pk, by, (_fact(item, changed[item.pk]) for item in items if changed[item.pk]))
    return [{"document": item.document.number} | change for item in items for change in changed[item.pk]]


def note_call(
    customer: Customer,
    outcome: CallOutcome,
    *,
    contact: str = "",
    note: str = "",
    documents: Collection[str] = (),
    key: str = "",
    by: str,
) -> None:
    """Keep that somebody called a customer, whom, about what, and how it ended. Noted again under the same key, it is the same call."""
    facts = {"outcome": str(outcome), "contact": contact, "note": note, "documents": list(documents)}
    with transaction.atomic():
        calls = Event.objects.filter(customer=Customer.objects.select_for_update().get(pk=customer.pk), what="called")
        if not key or not calls.filter(facts__key=key).exists():
            said = facts | ({"key": key} if key else {})
            record(customer.company_id, by, [Fact("called", customer_id=customer.pk, facts=said)])


def _columns(said: FollowUp, on: date) -> dict[str, Any]:
    """Columns and their new values: a promise is dated, and one that is taken back leaves nothing behind."""
    wanted: dict[str, Any] = dict(said)
    if "promised_on" in said:
        promised = said["promised_on"] is not None
        wanted |= {"promised_amount": said.get("promised_amount") if promised else None, "promise_made_on": on if promised else None}
    return wanted


def _wanted(item: DueItem, wanted: dict[str, Any]) -> dict[str, Any]:
    """The same promise said again is not a new one."""
    same = ("promised_on", "promised_amount")
    if "promised_on" in wanted and all(getattr(item, what) == wanted[what] for what in same):
        return {what: value for what, value in wanted.items() if what != "promise_made_on"}
    return wanted


def _check_amount(items: list[DueItem], said: FollowUp) -> None:
    amount = said.get("promised_amount")
    if amount is None:
        return
    if len(items) != 1:
        raise Refused("an amount is promised for one due item at a time")
    [item] = items
    if not 0 < amount <= item.open_amount:
        currency = item.document.currency
        raise Refused(f"{money.show(amount, currency)} cannot be promised: {money.show(item.open_amount, currency)} {currency} are open")
    if said.get("promised_on", item.promised_on) is None:
        raise Refused(f"{item.document.number} has no promise: say by which day the amount is promised")


def _told(item: DueItem, changed: list[Change]) -> list[Change]:
    """Changes as people read them: a status by its code, an amount with its decimals."""
    currency = item.document.currency
    return [{"no": item.no} | {key: _shown(value, currency) if key != "what" else value for key, value in one.items()} for one in changed]


def _shown(value: Any, currency: str) -> Any:
    if isinstance(value, Status):
        return value.code
    return money.show(value, currency) if isinstance(value, int) else value


def _fact(item: DueItem, changed: list[Change]) -> Fact:
    return Fact("followed_up", customer_id=item.billed_customer_id, document_id=item.document_id, facts={"changed": changed})
