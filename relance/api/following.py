"""How do other programs note what is known of arrears, and correct what stands? Follow-up, calls, mails, blocks, holds, levels."""

from typing import Annotated, Any, Literal

from django.http import Http404, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field, StrictInt

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.once import once
from relance.api.paging import Page, page
from relance.api.whole import FILES, Listing, whole_list
from relance.api.words import Amount, AnyLevel, Asked, Code, Day, Flag, Json, Reason, Text, Who, minor_units
from relance.core.facts import HIGHEST_LEVEL
from relance.dossier import Fault, Faults
from relance.dossier.kinds import LARGEST
from relance.models import Document, Mail, Status
from relance.models.finding import find_address, find_customer, find_document, refuse_unknown
from relance.models.mails import message_of, told
from relance.models.renditions import EMAIL
from relance.steps import blocking, following, holding, leveling, writing
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_notices import MAIL as MAILS

router = Router(tags=["Follow-up"])
_AT = "/companies/{company}"


Number = Annotated[StrictInt, Field(ge=1, le=LARGEST)]


class FollowUp(Asked):
    """What is to stand on open due items; a key that is absent leaves what stands, null clears."""

    documents: Annotated[list[Code], Field(min_length=1, max_length=1_000)]
    customer: Code | None = None
    no: Number | None = None
    status: Code | None = None
    comment: Text | None = None
    expected_on: Day | None = None
    promised_on: Day | None = None
    promised_amount: Amount | None = None


@router.post(f"{_AT}/follow-ups", auth=needs("collector", "write"), response=shapes.CHANGED)
@once
def follow_up(request: Called, company: str, asked: FollowUp) -> Json:
    """Bring the follow-up of due items up to date: status, comment, expected and promised payment."""
    about = [find_document(request.company, number, asked.customer) for number in dict.fromkeys(asked.documents)]
    given = asked.dict(exclude_unset=True, exclude={"documents", "customer", "no"})
    if not given:
        raise Faults([Fault("the body", "say what is known: status, comment, expected_on or promised_on")])
    said: Any = given | ({"comment": given["comment"] or ""} if "comment" in given else {})
    if asked.status is not None:
        refuse_unknown(request.company, Status, [asked.status], "status")
        said["status"] = Status.objects.get(company=request.company, code=asked.status)
    if "promised_amount" in given:
        said["promised_amount"] = minor_units(asked.promised_amount, about[0].currency, "promised_amount")
    items = following.open_items(about, asked.no)
    return {"changed": following.follow_up(request.company, items, said, on=localdate(), by=request.by)}


class Call(Asked):
    """A telephone call, how it ended, and what was promised in it for the documents."""

    customer: Code
    outcome: following.CallOutcome
    contact: Text = ""
    note: Text = ""
    documents: list[Code] = []
    promised_on: Day | None = None


@router.post(f"{_AT}/calls", auth=needs("collector", "write"), response=shapes.CHANGED)
@once
def note_call(request: Called, company: str, asked: Call) -> Json:
    """Note a telephone call to a customer, and the promise that was made in it, on what is open of the documents."""
    called = find_customer(request.company, asked.customer)
    about = [find_document(request.company, number, asked.customer) for number in dict.fromkeys(asked.documents)]
    changed: list[Any] = []
    if asked.promised_on:
        if not about:
            raise Faults([Fault("documents", "say what is promised")])
        said: following.FollowUp = {"promised_on": asked.promised_on}
        changed = following.follow_up(request.company, following.open_items(about), said, on=localdate(), by=request.by)
    numbers = [one.number for one in about]
    following.note_call(called, asked.outcome, contact=asked.contact, note=asked.note, documents=numbers, by=request.by)
    return {"changed": changed}


class Letter(Asked):
    """An e-mail of the follow-up."""

    customer: Code
    to: Literal["contacts", "managers", "colleagues"]
    documents: list[Code] = []
    contacts: list[Text] = []
    colleagues: list[Who] = []
    sender: Who | None = None
    cc: list[Who] = []
    message: Text = ""
    statement: Flag = False
    key: Annotated[Text, Field(min_length=1, max_length=64, description="Names this mail: under it, nothing is sent a second time.")]
    as_of: Day | None = None


MAIL = shapes.one(**shapes.FOLLOW_UP_MAIL["properties"], customer=shapes.TEXT)
_MAILS = shapes.answer(shapes.one(mails=shapes.many(shapes.FOLLOW_UP_MAIL), left_out=shapes.many(shapes.LEFT_OUT)))


@router.post(f"{_AT}/mails", auth=needs("collector", "dun"), response=_MAILS)
def write_mail(request: Called, company: str, asked: Letter) -> Json:
    """Write about the arrears of a customer, to its contacts or inside the company; no level changes by it."""
    found = request.company
    wanted = writing.Asked(
        kind=asked.to,
        on=asked.as_of or localdate(),
        due_items=following.open_items(find_document(found, number, asked.customer) for number in asked.documents),
        contacts=tuple(asked.contacts),
        colleagues=tuple(find_address(found, one) for one in asked.colleagues),
        cc=tuple(find_address(found, one) for one in asked.cc),
        sender=find_address(found, asked.sender) if asked.sender else "",
        message=asked.message,
        statement=asked.statement,
        key=asked.key,
    )
    mails, left_out = writing.write(found, find_customer(found, asked.customer), wanted, by=request.by)
    reasons = [{"document": one.document, "due_date": one.due_date.isoformat(), "reason": str(one.reason)} for one in left_out]
    return {"mails": mails, "left_out": reasons}


class Mails(Page):
    """About whom mails are asked for."""

    customer: Text = ""


@router.get(f"{_AT}/mails", auth=needs("reader", "read"), response=shapes.pages("mails", MAIL), openapi_extra=FILES)
def list_mails(request: Called, company: str, asked: Query[Mails]) -> Listing:
    """The mails of the follow-up, the latest first."""
    found = Mail.objects.filter(company=request.company).defer("compressed")
    if asked.customer:
        found = found.filter(customer=find_customer(request.company, asked.customer))
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("mails"), MAILS, streamed(found.order_by("-number"))))
    found = found.select_related("customer")
    return page("mails", found, asked, lambda one: told(one) | {"customer": one.customer.code}, newest_first=True, key="number")


@router.get(_AT + "/mails/{number}/file", auth=needs("reader", "read"), openapi_extra=shapes.file_of(EMAIL))
def read_mail_file(request: Called, company: str, number: Annotated[int, Field(ge=1, le=LARGEST)]) -> HttpResponse:
    """An e-mail of the follow-up, as it was sent."""
    kept = Mail.objects.filter(company=request.company, number=number).first()
    if kept is None:
        raise Http404(f"there is no mail {number} in {company}")
    return HttpResponse(message_of(kept), content_type=EMAIL)


class Blocked(Asked):
    """A document, or several, and what they are to be kept from."""

    document: Code | None = None
    documents: Annotated[list[Code], Field(max_length=1_000, description="Several, all of them or none.")] = []
    customer: Code | None = None
    kind: blocking.Block
    blocked: Annotated[Flag, Field(description="False lifts the block.")] = True
    comment: Text | None = None
    until: Day | None = None
    reason: Reason | None = None


@router.post(f"{_AT}/blocks", auth=needs("collector", "write"), response=shapes.CHANGED)
@once
def block(request: Called, company: str, asked: Blocked) -> Json:
    """Keep documents from being dunned, or let them be dunned again."""
    if (asked.document is None) != bool(asked.documents):
        raise Faults([Fault("the body", "say one of document, documents")])
    numbers = asked.documents or [asked.document or ""]
    about = [find_document(request.company, number, asked.customer) for number in dict.fromkeys(numbers)]
    return {"changed": [change for one in about for change in _block(one, asked, request.by)]}


def _block(about: Document, asked: Blocked, by: str) -> list[Any]:
    if not asked.blocked:
        return blocking.unblock(about, asked.kind, by=by, comment=asked.comment)
    return blocking.block(about, asked.kind, by=by, comment=asked.comment, until=asked.until, reason=asked.reason)


class Hold(Asked):
    """A customer to be left alone, or no longer."""

    customer: Code
    held: Annotated[Flag, Field(description="False releases the customer.")] = True
    since: Day | None = None
    until: Day | None = None
    reason: Reason | None = None
    comment: Text = ""


@router.post(f"{_AT}/holds", auth=needs("collector", "write"), response=shapes.CHANGED)
@once
def hold(request: Called, company: str, asked: Hold) -> Json:
    """Leave a customer alone for a while, or lift that again."""
    of = find_customer(request.company, asked.customer)
    if not asked.held:
        return {"changed": holding.release(of, by=request.by)}
    since, reason = asked.since or localdate(), asked.reason or ""
    return {"changed": holding.hold(of, since=since, until=asked.until, reason=reason, comment=asked.comment, by=request.by)}


class Insolvency(Asked):
    """The day on which the opening of proceedings was published; null: there are none."""

    customer: Code
    published_on: Day | None


@router.post(f"{_AT}/insolvencies", auth=needs("collector", "write"), response=shapes.CHANGED)
@once
def call_insolvent(request: Called, company: str, asked: Insolvency) -> Json:
    """Note that a customer is insolvent, or is not."""
    of = find_customer(request.company, asked.customer)
    return {"changed": holding.call_insolvent(of, asked.published_on, by=request.by)}


class Switch(Asked):
    """The ways of dunning a customer, on or off; those not said stay."""

    customer: Code
    dunning_enabled: Flag | None = None
    manual_dunning: Flag | None = None
    auto_dunning: Flag | None = None


@router.post(f"{_AT}/switches", auth=needs("manager", "write"), response=shapes.CHANGED)
@once
def switch(request: Called, company: str, asked: Switch) -> Json:
    """Switch the ways of dunning a customer on or off."""
    boxes = {name: said for name, said in asked.dict(exclude={"customer"}).items() if said is not None}
    return {"changed": holding.switch(find_customer(request.company, asked.customer), boxes, by=request.by) if boxes else []}


class SeenLine(Asked):
    """A due item, and the level and date that were seen of it."""

    document: Code
    customer: Code | None = None
    no: Number = 1
    level: AnyLevel
    last_dunned_on: Day | None = None


class Levels(Asked):
    """Which due items get which level: of all documents that the rest describes."""

    level: AnyLevel
    date: Annotated[Day | None, Field(description="The dunning date of the new level; level 0 clears it.")] = None
    current: AnyLevel | None = None
    date_from: Day | None = None
    date_to: Day | None = None
    customer: Code | None = None
    documents: list[Code] = []
    no: Annotated[Number | None, Field(description="Of each document, this due item.")] = None
    due_to: Annotated[Day | None, Field(description="Due on this day or before.")] = None
    open_only: Annotated[Flag, Field(description="Only what is open still.")] = False
    lines: Annotated[list[SeenLine], Field(max_length=1_000, description="Only these, and only if each still is as it was seen.")] = []
    dry_run: Annotated[Flag, Field(description="Only list the due items concerned.")] = False


_LINE = shapes.one(
    document=shapes.TEXT,
    no=shapes.WHOLE,
    level=shapes.LEVEL,
    last_dunned_on=shapes.or_null(shapes.DAY),
    level_after=shapes.LEVEL,
    last_dunned_on_after=shapes.or_null(shapes.DAY),
)
_LEVELS = shapes.answer(shapes.some(changed=shapes.many(shapes.CHANGE), lines=shapes.many(_LINE)))


def _due_item(request: Called, place: int, seen: SeenLine) -> int:
    document = find_document(request.company, seen.document, seen.customer)
    found = document.due_items.filter(no=seen.no).values_list("pk", flat=True).first()
    if found is None:
        raise Faults([Fault(f"lines[{place}].no", f"document {seen.document} has no due item {seen.no}")])
    return int(found)


@router.post(f"{_AT}/levels", auth=needs("manager", "dun"), response=_LEVELS)
@once
def set_level(request: Called, company: str, asked: Levels) -> Json:
    """Set the level of invoices by hand, settled ones too; the customer's own level stays."""
    if asked.date is None and 1 <= asked.level <= HIGHEST_LEVEL:
        raise Faults([Fault("date", "a level from 1 to 9 comes with its date")])
    billed = find_customer(request.company, asked.customer) if asked.customer is not None else None
    change = leveling.LevelChange(
        level=asked.level,
        on=asked.date,
        current=asked.current,
        document_date_from=asked.date_from,
        document_date_to=asked.date_to,
        customer=billed,
        documents=tuple(asked.documents),
        due_to=asked.due_to,
        open_only=asked.open_only,
        no=asked.no,
        picked={_due_item(request, place, one): (one.level, one.last_dunned_on) for place, one in enumerate(asked.lines)},
    )
    if asked.dry_run:
        return {"lines": list(leveling.lines_concerned(request.company, change))}
    return {"changed": leveling.set_level(request.company, change, by=request.by)}
