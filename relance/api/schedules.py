"""How do other programs set up, pause and launch automatic runs? A batch that runs for other companies is set up by the command line."""

from typing import Annotated, Any, Literal

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.once import once
from relance.api.paging import Page, page
from relance.api.problems import Forbidden
from relance.api.whole import FILES, AsList, Listing, whole_list
from relance.api.words import Asked, Code, Json
from relance.dossier import Fault, Faults, reading, shape
from relance.dossier.entry import Entry
from relance.dossier.faults import Findings
from relance.dossier.noun import Noun
from relance.models.batches import Batch
from relance.models.wall import may
from relance.steps import batching
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_history import BATCHES, LAUNCHES, with_last

router = Router(tags=["Automatic runs"])
_AT = "/companies/{company}"
_LAST = 20  # launches that are told
_OVER_THE_WALL = ("companies", "every_company", "code")
SETTING = Noun({name: key for name, key in shape.BATCH.keys.items() if name not in _OVER_THE_WALL})
BATCH = shapes.one(
    code=shapes.TEXT,
    company=shapes.TEXT,
    label=shapes.TEXT,
    times=shapes.many(shapes.TEXT),
    weekdays=shapes.many(shapes.WHOLE),
    cron=shapes.TEXT,
    paused=shapes.FLAG,
    next_at=shapes.or_null(shapes.MOMENT),
    late=shapes.FLAG,
    error_address=shapes.TEXT,
    working_days_only=shapes.FLAG,
    dry_run=shapes.FLAG,
    last=shapes.or_null(shapes.one(at=shapes.MOMENT, status=shapes.TEXT)),
    **{"for": {"anyOf": [shapes.many(shapes.TEXT), {"const": "all"}]}},
)
LAUNCH = shapes.one(
    launch=shapes.WHOLE,
    due_at=shapes.or_null(shapes.MOMENT),
    as_of=shapes.DAY,
    by=shapes.TEXT,
    started_at=shapes.MOMENT,
    seconds=shapes.or_null({"type": "number"}),
    status=shapes.TEXT,
    results=shapes.many(shapes.FREE),
    log=shapes.TEXT,
)
_WITH_LAUNCHES = shapes.one(**BATCH["properties"], launches=shapes.many(LAUNCH))


_BATCHES = shapes.answer(shapes.one(batches=shapes.many(BATCH)))


@router.get(f"{_AT}/batches", auth=needs("reader", "read"), response=_BATCHES, openapi_extra=FILES)
def list_batches(request: Called, company: str, how: Query[AsList]) -> Listing:
    """The automatic runs that are set up: when each is due next, how it ended last, and whether it is late."""
    found = Batch.objects.select_related("company").filter(company=request.company).order_by("code")
    seen = [one for one in found if may(request.role, one.may_see)]
    if how.as_file:
        return whole_list(request, how, lambda: Sheet(gettext("batches"), BATCHES, with_last(seen)))
    now = timezone.now()
    return {"batches": [batching.told_of(one, now) for one in seen]}


@router.get(_AT + "/batches/{code}", auth=needs("reader", "read"), response=shapes.answer(_WITH_LAUNCHES))
def read_batch(request: Called, company: str, code: Code) -> Json:
    """One automatic run with its last launches and their logs."""
    found = _found(request, code)
    launches = found.launches.order_by("-started_at")[:_LAST]
    return batching.told_of(found, timezone.now()) | {"launches": [batching.told_launch(one) for one in launches]}


@router.get(_AT + "/batches/{code}/launches", auth=needs("reader", "read"), response=shapes.pages("launches", LAUNCH), openapi_extra=FILES)
def list_launches(request: Called, company: str, code: Code, asked: Query[Page]) -> Listing:
    """The launches of an automatic run, newest first, each with its log."""
    batch = _found(request, code)
    found = batch.launches.all()
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(f"{gettext('launches')}-{batch.code}", LAUNCHES, streamed(found.order_by("-pk"))))
    return page("launches", found, asked, batching.told_launch, newest_first=True)


@router.put(
    _AT + "/batches/{code}",
    auth=needs("reader", "set_up", large=True),
    response=shapes.CHANGED,
    openapi_extra=shapes.body_of(shapes.of(SETTING)),
)
@once
def set_up_batch(request: Called, company: str, code: Annotated[Code, Field(max_length=80, pattern=r"^[\w.-]+$")]) -> Json:
    """Create an automatic run, or change what is said of one, in the words of a dossier; who may do so, it says itself."""
    known = Batch.objects.filter(company=request.company, code=code).first()
    _allow(request, known.may_change if known else "administrator")
    wishes = _wishes(reading.parse(request.body))
    return {"changed": batching.set_up(request.company, code, wishes, by=request.by, now=timezone.now())}


class Act(Asked):
    """What is to become of an automatic run."""

    act: Literal["launch", "pause", "resume", "remove"]


@router.post(_AT + "/batches/{code}", auth=needs("reader", "dun"), response=shapes.CHANGED)
@once
def act_on_batch(request: Called, company: str, code: Code, asked: Act) -> Json:
    """Ask the workers to launch it, pause it, let it run again, or take it away."""
    found = _found(request, code)
    _allow(request, found.may_launch if asked.act == "launch" else found.may_change)
    if asked.act == "launch":
        batching.ask_to_launch(found, by=request.by)
        return shapes.changed("asked_by", before="", after=request.by)
    if asked.act == "remove":
        batching.remove(found, by=request.by)
        return shapes.changed("removed", before=False, after=True)
    return {"changed": batching.set_paused(found, paused=asked.act == "pause", by=request.by, now=timezone.now())}


def _found(request: Called, code: str) -> Batch:
    found = Batch.objects.select_related("company").filter(company=request.company, code=code).first()
    if found is None or not may(request.role, found.may_see):
        raise Http404(f'there is no batch "{code}" in {request.company.code}')
    return found


def _allow(request: Called, role: str) -> None:
    if not may(request.role, role):
        raise Forbidden(f"this needs the role {role}; the token has {request.role}")


def _wishes(said: Any) -> dict[str, Any]:
    """The columns that a setting in the words of a dossier wants. Raises Faults."""
    findings = Findings(SETTING.keys)
    if not isinstance(said, Entry):
        raise Faults([Fault("the body", "an object is due")])
    read = reading.read(said, SETTING, findings)
    findings.refuse_if_any()
    assert read is not None
    wishes = {SETTING.columns[name]: value for name, value in read.items()}
    if wishes.get("times") and wishes.get("cron"):
        raise Faults([Fault("cron", "a batch has either times or a line of cron")])
    if "times" in wishes or "cron" in wishes:
        wishes = {"times": "", "cron": ""} | wishes
    return wishes
