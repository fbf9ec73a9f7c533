"""How do other programs say what money was for: what waits, what it may be for, decided and undone?"""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field, StrictInt

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.once import once
from relance.api.paging import Page, page, page_of
from relance.api.whole import FILES, Listing, whole_list
from relance.api.words import Amount, Asked, Code, Flag, Json, Text, minor_units
from relance.core import money
from relance.dossier import Fault, Faults
from relance.models import BankEntry, Payment, tuples
from relance.models.bank import Match
from relance.models.incoming.reconciling import Waiting, entries_set_aside, waiting_entries, waiting_payments
from relance.steps import matching
from relance.telling import sheets_of_ledger as sheets
from relance.telling.list_file import Sheet, streamed

router = Router(tags=["Matching"])
_AT = "/companies/{company}"
_MOST = 100  # proposals are looked for, one after the other

PART = shapes.one(document=shapes.TEXT, no=shapes.WHOLE, amount=shapes.AMOUNT)
PROPOSAL = shapes.one(customer=shapes.TEXT, parts=shapes.many(PART), reason=shapes.TEXT, confidence=shapes.ANY)
WAITING = shapes.one(
    key=shapes.TEXT,
    kind=shapes.TEXT,
    date=shapes.DAY,
    amount=shapes.AMOUNT,
    currency=shapes.TEXT,
    payer=shapes.TEXT,
    says=shapes.TEXT,
    proposals=shapes.many(PROPOSAL),
)
MATCHED = shapes.one(
    number=shapes.WHOLE,
    key=shapes.TEXT,
    at=shapes.MOMENT,
    by=shapes.TEXT,
    how=shapes.TEXT,
    payment=shapes.TEXT,
    payer=shapes.TEXT,
    customer=shapes.or_null(shapes.TEXT),
    amount=shapes.AMOUNT,
    currency=shapes.TEXT,
    parts=shapes.many(PART),
)
ASIDE = shapes.one(
    key=shapes.TEXT,
    date=shapes.DAY,
    account=shapes.TEXT,
    amount=shapes.AMOUNT,
    currency=shapes.TEXT,
    payer=shapes.TEXT,
    says=shapes.TEXT,
    on=shapes.or_null(shapes.DAY),
    by=shapes.TEXT,
    reason=shapes.TEXT,
)
_NUMBERS = shapes.many(shapes.WHOLE)
DECIDED = shapes.answer(shapes.one(matched=_NUMBERS, undone=_NUMBERS, changed=shapes.many({"type": "object"})))
Key = Annotated[Text, Field(pattern=r"^[ep][0-9]{1,18}$", description="What waits, as `key` names it.")]


class Unmatched(Page):
    """Which part of what waits is asked for."""

    limit: Annotated[int, Field(ge=1, le=_MOST, description="How many at most.")] = 50
    of: Annotated[Literal["entries", "payments"], Field(description="Entries of the bank, or payments with money left.")] = "entries"


@router.get(f"{_AT}/matching", auth=needs("reader", "read"), response=shapes.pages("waiting", WAITING), openapi_extra=FILES)
def list_waiting(request: Called, company: str, asked: Query[Unmatched]) -> Listing:
    """Money that waits to be matched, each with what it may be for, the likeliest first; a file has the money alone."""
    found: Any = waiting_entries(request.company) if asked.of == "entries" else waiting_payments(request.company)
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("to-match"), sheets.WAITING, map(_waiting, streamed(found))))
    ids, following = page_of(found, asked)
    rows: dict[int, Any] = {one.pk: one for one in found.filter(pk__in=tuples.among(ids))}
    waiting = [_waiting(rows[pk]) for pk in ids]
    return {"waiting": list(matching.told_waiting(request.company, waiting)), "next": following}


@router.get(f"{_AT}/matches", auth=needs("reader", "read"), response=shapes.pages("matches", MATCHED), openapi_extra=FILES)
def list_matches(request: Called, company: str, asked: Query[Page]) -> Listing:
    """What was decided of money and not undone, the latest first; ``key`` is what undoing it asks for."""
    found = Match.objects.filter(company=request.company).select_related("payment__customer", "entry")
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("matched"), sheets.MATCHED, streamed(found.order_by("-number"))))
    return page("matches", found, asked, _match, newest_first=True, key="number")


@router.get(f"{_AT}/set-aside", auth=needs("reader", "read"), response=shapes.pages("entries", ASIDE), openapi_extra=FILES)
def list_set_aside(request: Called, company: str, asked: Query[Page]) -> Listing:
    """Entries of the bank that somebody set aside, the latest first; ``key`` is what letting one wait again asks for."""
    found = entries_set_aside(request.company)
    if asked.as_file:
        every = streamed(found.order_by("-booked_on", "-pk"))
        return whole_list(request, asked, lambda: Sheet(gettext("set-aside"), sheets.ASIDE, map(_waiting, every)))
    return page("entries", found, asked, matching.told_aside, newest_first=True)


@router.post(f"{_AT}/matching/certain", auth=needs("collector", "write"), response=DECIDED)
@once
def match_certain(request: Called, company: str) -> Json:
    """Book what is certain among all that waits: documents may have come in after the money."""
    settled = matching.match_certain(request.company, request.by)
    latest = Match.objects.filter(company=request.company).select_related("payment").order_by("-number")
    return matching.told_decided(request.company, reversed(latest[: settled.certain + settled.on_account]))


class Settled(Asked):
    """A document that money settles, wholly or by an amount."""

    document: Code
    amount: Amount | None = None


class Decision(Asked):
    """What money was for: a proposal by its place, documents, or nothing yet (``leave``: on account of the customer)."""

    accept: Annotated[StrictInt, Field(ge=1, le=1_000)] | None = None
    documents: Annotated[list[Settled], Field(max_length=1_000)] = []
    leave: Flag = False
    customer: Code | None = None


@router.post(_AT + "/matching/{key}", auth=needs("collector", "write"), response=DECIDED)
@once
def decide_match(request: Called, company: str, key: Key, asked: Decision) -> Json:
    """Say what money was for; every decision is checked against what is open now, and can be undone."""
    if (asked.accept is not None) + bool(asked.documents) + asked.leave != 1:
        raise Faults([Fault("the body", "say one of accept, documents, leave")])
    if asked.accept is not None:
        made = matching.accept(request.company, key, asked.accept, request.by)
    elif asked.leave:
        made = matching.leave(request.company, key, asked.customer, request.by)
    else:
        made = matching.settle(request.company, key, list(_parts(request, key, asked.documents)), asked.customer, request.by)
    return matching.told_decided(request.company, made)


class Aside(Asked):
    """Why an entry is no customer's payment."""

    reason: Annotated[Text, Field(max_length=200)] = ""


@router.post(_AT + "/matching/{key}/set-aside", auth=needs("collector", "write"), response=shapes.CHANGED)
@once
def set_entry_aside(request: Called, company: str, key: Key, asked: Aside) -> Json:
    """An entry is no customer's payment: it waits no longer."""
    matching.set_aside(request.company, key, request.by, asked.reason)
    return shapes.changed("state", before="waiting", after="ignored")


@router.post(_AT + "/matching/{key}/undo", auth=needs("collector", "write"), response=DECIDED)
@once
def undo_match(request: Called, company: str, key: Key) -> Json:
    """Take back what was decided of an entry, or of a payment last: it waits again."""
    return matching.told_decided(request.company, [], matching.bring_back(request.company, key, request.by))


def _match(one: Match) -> Json:
    payment, currency = one.payment, one.payment.currency
    return {
        "number": one.number,
        "key": f"e{one.entry_id}" if one.entry_id else f"p{payment.pk}",
        "at": one.at.isoformat(),
        "by": one.by,
        "how": one.how,
        "payment": payment.reference,
        "payer": one.entry.payer if one.entry else "",
        "customer": payment.customer.code if payment.customer else None,
        "amount": money.show(payment.amount, currency),
        "currency": currency,
        "parts": [{"document": number, "no": no, "amount": money.show(part, currency)} for _, number, no, _, part in one.parts],
    }


def _parts(request: Called, key: str, documents: list[Settled]) -> Any:
    currency = matching.find_waiting(request.company, key).currency
    for place, one in enumerate(documents):
        amount = minor_units(one.amount, currency, f"documents[{place}].amount")
        if amount is not None and amount <= 0:
            raise Faults([Fault(f"documents[{place}].amount", "an amount above zero is due")])
        yield one.document, amount


def _waiting(row: BankEntry | Payment) -> Waiting:
    return Waiting(row, None) if isinstance(row, BankEntry) else Waiting(None, row)
