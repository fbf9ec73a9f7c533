"""How do other programs look at what would be sent, and send it? Proposals, runs, editions, reminders by hand."""

from itertools import islice
from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.named import run_of
from relance.api.once import keyed, once, stored_then_sent
from relance.api.paging import Page, cursor, page_of, read_cursor
from relance.api.whole import FILES, AsList, Listing, whole_list
from relance.api.words import Amount, Asked, Code, Day, Email, Flag, Form, Id, Json, LeftOut, Level, Text, Who, minor_units, whole
from relance.core import money
from relance.core.edition import EditionRequest, Scope, Sort
from relance.core.facts import Channel
from relance.core.review import ReviewRequest
from relance.dossier import Fault, Faults
from relance.dossier.kinds import LARGEST
from relance.models import Collaborator, Customer, PaymentMethod, Run
from relance.models.finding import find_address, find_document, refuse_unknown
from relance.models.lists.agenda import items_to_try_again
from relance.models.lists.overview import outcomes
from relance.models.outgoing.left_out import read_left_out
from relance.steps import Refused, reminding, running
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_notices import LEFT_OUT, PROPOSED, RUNS, proposed, ran

router = Router(tags=["Dunning"])
_AT = "/companies/{company}"
_MANY = 1_000  # invoices, or notices, reminded of in one call


class Edition(Asked):
    """What a letter edition is asked; what is left out takes everything."""

    level: Level
    scope: Scope = Scope.ALL_LOWER
    due_from: Day | None = None
    due_to: Day | None = None
    type_from: Text | None = None
    type_to: Text | None = None
    sales_reps: list[Code] = []
    payment_methods: list[Code] = []
    min_amount: Amount | None = None
    customers: list[Code] = []
    sort: Sort = Sort.NAME
    any_customer_level: Flag = False
    include_credits: Flag | None = None
    subtotals: Flag | None = None
    template: Text = ""


class Proposal(Asked):
    """Which run is asked for: the automatic one, or with ``edition`` a letter edition."""

    as_of: Day
    edition: Edition | None = None
    cc: Annotated[list[Email], Field(description="Copies of every e-mail of the automatic run.")] = []
    left_out: LeftOut = "full"


class Launch(Proposal):
    """A run to issue; ``wait`` until its messages are sent and its letters printed, or leave that to the workers."""

    wait: Flag = False
    left_out: LeftOut = "counts"
    seen: Annotated[Text, Field(max_length=64, description="The `seal` of a proposal: just that is issued, above the ceiling too.")] = ""
    confirmed: Annotated[Flag, Field(description="Let the automatic run go above the company's ceiling.")] = False
    form: Form = "pdf"


@router.post(f"{_AT}/proposals", auth=needs("collector", "read"), response=shapes.answer(shapes.PROPOSAL), openapi_extra=FILES)
def propose(request: Called, company: str, asked: Proposal, how: Query[AsList]) -> Listing:
    """What a run would issue, and what it would leave out and why; nothing is stored or sent. A file has a line for each document.

    Its ``seal`` is what a launch names, so that what was looked at is issued, and nothing else.
    """
    if asked.edition is None:
        report, seal = running.look(request.company, asked.as_of, tuple(asked.cc))
    else:
        look = running.look_at_edition(request.company, edition_of(request, asked.as_of, asked.edition))
        report, seal = look.report, look.seal
    if how.as_file:
        return whole_list(request, how, lambda: Sheet(gettext("proposal"), PROPOSED, proposed(request.company, report.notices)))
    return _answer(report, asked.left_out) | {"seal": seal}


@router.post(f"{_AT}/runs", auth=needs("manager", "dun"), response=shapes.answer(shapes.RUN))
@keyed
def launch(request: Called, company: str, asked: Launch) -> Json:
    """Issue a run: the automatic one, or a letter edition. Letters of an edition that is not waited for are printed by ``print``."""

    def store() -> int:
        if asked.edition is None:
            seen, cc = asked.seen, tuple(asked.cc)
            report = running.batch(request.company, asked.as_of, cc=cc, wait=False, seen=seen, confirmed=asked.confirmed, by=request.by)
        else:
            edition = edition_of(request, asked.as_of, asked.edition)
            report = running.edition(request.company, edition, output="definitive", seen=asked.seen, wait=False, by=request.by)
        assert report.run is not None
        return report.run

    def see_through(made: int) -> Json:
        return _answer(running.see_through(made, form=asked.form, by=request.by), asked.left_out)

    return stored_then_sent(request, store, see_through if asked.wait else None, lambda made: _stored(made, asked.left_out))


class Runs(Page):
    """Which runs are asked for."""

    kind: Literal["", "batch", "edition", "manual"] = ""
    status: Literal["", "running", "done", "broken_off", "cancelled"] = ""


RUN_LINE = shapes.one(
    run=shapes.WHOLE,
    number=shapes.WHOLE,
    kind=shapes.TEXT,
    as_of=shapes.DAY,
    status=shapes.TEXT,
    by=shapes.TEXT,
    started_at=shapes.MOMENT,
    ended_at=shapes.or_null(shapes.MOMENT),
    notices=shapes.by(shapes.WHOLE),
    claimed=shapes.by(shapes.AMOUNT),
)


@router.get(f"{_AT}/runs", auth=needs("reader", "read"), response=shapes.pages("runs", RUN_LINE), openapi_extra=FILES)
def list_runs(request: Called, company: str, asked: Query[Runs]) -> Listing:
    """The runs, newest first, each with how many of its notices have come to what."""
    said = {"kind": asked.kind, "status": asked.status}
    found = Run.objects.filter(company=request.company, **{name: value for name, value in said.items() if value})
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("runs"), RUNS, ran(streamed(found.order_by("-pk")))))
    ids, following = page_of(found, asked, newest_first=True)
    rows = Run.objects.in_bulk(ids)
    known = outcomes(rows.values())
    return {"runs": [_line(rows[pk], known.get(pk)) for pk in ids], "next": following}


@router.get(_AT + "/runs/{run}", auth=needs("reader", "read"), response=shapes.answer(shapes.RUN))
def read_run(request: Called, company: str, run: Id, left_out: LeftOut = "counts") -> Json:
    """One run as its launch was answered, as things stand now."""
    return _stored(run_of(request, run).pk, left_out)


_LEFT_OUT = shapes.one(customer=shapes.TEXT, **shapes.LEFT_OUT["properties"])


class LeftOutItems(Page):
    """Which left-out items are asked for."""

    reason: Text = ""


@router.get(_AT + "/runs/{run}/left-out", auth=needs("reader", "read"), response=shapes.pages("left_out", _LEFT_OUT), openapi_extra=FILES)
def read_left_out_items(request: Called, company: str, run: Id, asked: Query[LeftOutItems]) -> Listing:
    """What a run left out, each item with its reason."""
    found = run_of(request, run)
    entries = (one for one in read_left_out(found.pk) if asked.reason in ("", str(one.reason)))
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(f"{gettext('left-out')}-{found.number}", LEFT_OUT, entries))
    start = read_cursor(asked.cursor, 1)[0] if asked.cursor else 0
    page = islice(entries, start, start + asked.limit + 1)
    told = [{"customer": one.customer, "document": one.document, "due_date": one.due_date, "reason": str(one.reason)} for one in page]
    return {"left_out": told[: asked.limit], "next": cursor(start + asked.limit) if len(told) > asked.limit else None}


class Printing(Schema):
    """In which format letters are made."""

    form: Form = "pdf"


@router.post(_AT + "/runs/{run}/print", auth=needs("manager", "dun"), response=shapes.answer(shapes.RUN))
@once
def print_run(request: Called, company: str, run: Id, how: Query[Printing]) -> Json:
    """Print the letters of a run that wait: they are issued by this. Each letter is had as the file of its notice."""
    return _answer(running.print_letters(run_of(request, run).pk, None, form=how.form, by=request.by), "none")


class Why(Asked):
    """Why something is taken back."""

    reason: Annotated[Text, Field(min_length=1)]


@router.post(_AT + "/runs/{run}/cancel", auth=needs("manager", "dun"), response=shapes.CHANGED)
@once
def cancel_run(request: Called, company: str, run: Id, asked: Why) -> Json:
    """Take back every notice of a run that can be: levels, dates and comments return to what they were."""
    return {"changed": running.cancel_run(run_of(request, run).pk, asked.reason, request.by)}


# -- by hand


class Chosen(Asked):
    """An invoice to remind of, or one due item of it, and the level that it is to take instead of the proposed one."""

    document: Code
    customer: Code | None = None
    no: Annotated[StrictInt, Field(ge=1, le=LARGEST)] | None = None
    level: Level | None = None


class Reminders(Asked):
    """What the review window asks: which invoices, by which channel; or which notices that came to nothing are tried again."""

    documents: Annotated[list[Chosen], Field(max_length=_MANY)] = []
    notices: Annotated[list[Id], Field(max_length=_MANY, description="In place of documents: these that failed or came back.")] = []
    failures_of: Annotated[Id | None, Field(description="In place of documents: all those of a run.")] = None
    channel: Channel
    as_of: Day
    sender: Who | None = None
    cc: list[Who] = []
    undue_too: Flag = False
    template: Text = ""
    form: Form = "pdf"
    dry_run: Annotated[Flag, Field(description="Only show what would be issued, with its `seal`.")] = False
    seen: Annotated[Text, Field(max_length=64, description="The `seal` of what was shown: just that is issued.")] = ""


@router.post(f"{_AT}/reminders", auth=needs("collector", "dun"), response=shapes.answer(shapes.RUN))
@keyed
def remind(request: Called, company: str, asked: Reminders) -> Json:
    """Remind of chosen invoices by hand: e-mails are sent, letters printed, drafts made before the answer comes.

    Notices that failed or came back are tried again by naming them, or their run: what is still open of them, and was not told since.
    """
    if asked.dry_run:
        seen = running.review(request.company, _review(request, asked))
        return _answer(seen.report, "full") | {"seal": seen.seal}
    return stored_then_sent(
        request,
        lambda: running.store_reminders(request.company, _review(request, asked), seen=asked.seen, by=request.by),
        lambda made: _answer(running.see_through(made, form=asked.form, by=request.by), "full"),
        lambda made: _stored(made, "full"),
    )


def _review(request: Called, asked: Reminders) -> ReviewRequest:
    return ReviewRequest(
        as_of=asked.as_of,
        chosen=_chosen(request, asked),
        channel=asked.channel,
        cc=tuple(find_address(request.company, one) for one in asked.cc),
        sender=find_address(request.company, asked.sender) if asked.sender else "",
        undue_too=asked.undue_too,
        template=asked.template,
    )


def _chosen(request: Called, asked: Reminders) -> dict[int, int | None]:
    """By due item the level that it is to take. Raises Faults, Unfound, Refused."""
    if bool(asked.documents) + bool(asked.notices) + (asked.failures_of is not None) != 1:
        raise Faults([Fault("the body", "say one of documents, notices, failures_of")])
    if asked.documents:
        named = [reminding.Chosen(find_document(request.company, one.document, one.customer), one.level, one.no) for one in asked.documents]
        if len({(one.document, one.no) for one in named}) < len(named):
            raise Faults([Fault("documents", "a document is named twice")])
        return reminding.choose(named, asked.as_of)
    run = run_of(request, asked.failures_of).pk if asked.failures_of else None
    again = items_to_try_again(request.company, run=run, notices=asked.notices, most=_MANY)
    if not again:
        raise Refused("nothing is to be tried again: these did not fail, or are paid, or were told since")
    return dict.fromkeys(again)


def edition_of(request: Called, as_of: Any, asked: Edition) -> EditionRequest:
    """The edition that a call asks for. Raises Unfound, Faults."""
    company = request.company
    refuse_unknown(company, Customer, asked.customers, "customer")
    refuse_unknown(company, Collaborator, asked.sales_reps, "sales rep")
    refuse_unknown(company, PaymentMethod, asked.payment_methods, "payment method")
    said = asked.dict() | {name: tuple(getattr(asked, name)) for name in ("customers", "sales_reps", "payment_methods")}
    said["min_amount"] = minor_units(asked.min_amount, company.currency, "edition.min_amount")
    return EditionRequest(as_of=as_of, **said)


def _stored(made: int, left_out: str) -> Json:
    return _answer(running.stored_report(Run.objects.select_related("company").get(pk=made)), left_out)


def _answer(report: running.Report, left_out: str) -> Json:
    problem = [report.problem] if report.problem else []
    return whole(report.told(left_out)) | {"remarks": [*report.remarks, *problem]}


def _line(run: Run, outcome: Any) -> Json:
    counts, claimed = outcome or ({}, {})
    return {
        "run": run.pk,
        "number": run.number,
        "kind": run.kind,
        "as_of": run.as_of.isoformat(),
        "status": run.status,
        "by": run.by,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "notices": counts,
        "claimed": {currency: money.show(amount, currency) for currency, amount in claimed.items()},
    }
