"""How do other programs ask what is owed, why it is dunned or not, what a delay costs, and what there is to do?"""

from typing import Annotated, Literal

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext, override
from ninja import Query, Router, Schema
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.whole import FILES, AsList, Listing, whole_list
from relance.api.words import Code, Day, Json, Text, whole
from relance.core import aging, charges, money
from relance.core.aging import Basis, Grid, GroupBy
from relance.dossier import Fault, Faults
from relance.models import Company, Customer, Document
from relance.models.finding import find_customer, find_document
from relance.models.lists.aged import open_operations
from relance.models.lists.agenda import Agenda, Promised, agenda
from relance.models.lists.arrears import arrears
from relance.models.lists.late import read_charges
from relance.models.lists.promises import promises
from relance.models.wall import companies_of
from relance.steps import explaining, foreseeing, running, writing
from relance.telling import sheets_of_ledger, sheets_of_notices
from relance.telling.list_file import Sheet
from relance.telling.why import path_told

router = Router(tags=["Looking"])
_AT = "/companies/{company}"


class Balance(Schema):
    """Which aged balance is asked for."""

    as_of: Day
    side: Literal["customer", "supplier"] = "customer"
    by: Basis = Basis.INVOICE_DATE
    group_by: GroupBy = GroupBy.ACCOUNT
    buckets: Annotated[Text, Field(description="The highest age of each column but the last: 30,60,90,180 unless said.")] = ""
    every_company: Annotated[bool, Field(description="Of all companies in which the token has a part, in one balance.")] = False


class OfAccount(Balance):
    """Which aged balance is asked for, and of whom."""

    code: Annotated[Text, Field(description="One customer or supplier alone.")] = ""


_OPERATION = shapes.one(
    document=shapes.TEXT,
    type=shapes.TEXT,
    date=shapes.DAY,
    due_date=shapes.DAY,
    label=shapes.TEXT,
    age=shapes.WHOLE,
    bucket=shapes.TEXT,
    amount=shapes.AMOUNT,
)
_COLUMNS = {"amounts": shapes.many(shapes.AMOUNT), "total": shapes.AMOUNT}
_TOTALS = shapes.by(shapes.one(**_COLUMNS))
_NAMES = dict.fromkeys(("company", "account", "code", "name", "currency"), shapes.TEXT)
_ACCOUNT = shapes.one(**_NAMES, **_COLUMNS, operations=shapes.many(_OPERATION))
_ACCOUNT["properties"]["group"] = shapes.TEXT
AGED = shapes.one(as_of=shapes.DAY, basis=shapes.TEXT, buckets=shapes.many(shapes.TEXT), accounts=shapes.many(_ACCOUNT), totals=_TOTALS)
AGED["properties"] |= {"group_by": shapes.TEXT, "groups": shapes.many(shapes.one(group=shapes.TEXT, totals=_TOTALS))}


@router.get(f"{_AT}/aged", auth=needs("reader", "read"), response=shapes.answer(AGED))
def aged(request: Called, company: str, asked: Query[OfAccount]) -> Json:
    """The aged balance: what is open on a day, by age, account by account, with every operation."""
    columns = columns_of(asked)
    whose = companies_asked(request, asked)
    operations = open_operations(whose, asked.as_of, suppliers=asked.side == "supplier", code=asked.code or None)
    if asked.group_by is GroupBy.ACCOUNT:
        return whole(aging.flat_answer(operations, asked.as_of, columns))
    return aging.answer(aging.aged_balance(operations, asked.as_of, columns, asked.group_by))


class AboutDocument(Schema):
    """A document on a day; where several customers have its number, ``customer`` says whose."""

    document: Code
    as_of: Day
    customer: Code | None = None


class Explained(AboutDocument):
    """A document on a day, told in a language."""

    language: Annotated[Literal["", "fr", "en"], Field(description="Of the sentences; the company's unless said.")] = ""


DECISION = shapes.one(
    no=shapes.WHOLE,
    due_date=shapes.DAY,
    open=shapes.AMOUNT,
    level=shapes.LEVEL,
    decision={"enum": ["dun", "leave_out"]},
    level_after=shapes.or_null(shapes.LEVEL),
    reason=shapes.or_null(shapes.TEXT),
    next=shapes.or_null(shapes.one(date=shapes.DAY, level=shapes.LEVEL)),
    path=shapes.many(shapes.one(holds=shapes.FLAG, sentence=shapes.TEXT)),
)


EXPLAINED = shapes.one(document=shapes.TEXT, customer=shapes.or_null(shapes.TEXT), due=shapes.many(DECISION))


@router.get(f"{_AT}/explain", auth=needs("reader", "read"), response=shapes.answer(EXPLAINED))
def explain(request: Called, company: str, asked: Query[Explained]) -> Json:
    """Why a document is, or is not, dunned on a day, question by question with the figures compared; and when it will be next."""
    document = _document(request, asked)
    method = document.payment_method
    called = {method.code: method.label} if method else {}
    with override(asked.language or request.company.language):
        return explaining.explain(
            request.company,
            document,
            asked.as_of,
            tell=lambda path, decision: [one._asdict() for one in path_told(path, decision, called)],
        )


_TO = shapes.many(shapes.one(address=shapes.TEXT, name=shapes.or_null(shapes.TEXT)))
STEP = shapes.one(step=shapes.WHOLE, by=shapes.TEXT, to=_TO)


@router.get(
    f"{_AT}/recipients",
    auth=needs("reader", "read"),
    response=shapes.answer(
        shapes.one(
            document=shapes.TEXT,
            step=shapes.or_null(shapes.WHOLE),
            to=_TO,
            cc=shapes.many(shapes.TEXT),
            steps=shapes.many(STEP),
            returned=shapes.many(shapes.one(address=shapes.TEXT, at=shapes.MOMENT, said=shapes.TEXT)),
        )
    ),
)
def recipients(request: Called, company: str, asked: Query[AboutDocument]) -> Json:
    """Who would get an e-mail about a document, and by which of the four steps."""
    return explaining.explain_recipients(request.company, _document(request, asked), asked.as_of)


_DAYS_CHARGED = {"from": shapes.DAY, "to": shapes.DAY, "days": shapes.WHOLE}
_PERIOD = _DAYS_CHARGED | {"rate": shapes.TEXT, "base": shapes.AMOUNT, "interest": shapes.AMOUNT}
INTEREST = shapes.one(
    currency=shapes.TEXT,
    interest=shapes.AMOUNT,
    indemnity=shapes.AMOUNT,
    indemnity_currency=shapes.TEXT,
    periods=shapes.many(shapes.one(**_PERIOD)),
)


@router.get(f"{_AT}/interest", auth=needs("reader", "read"), response=shapes.answer(INTEREST))
def interest(request: Called, company: str, asked: Query[AboutDocument]) -> Json:
    """Late-payment interest and the fixed indemnity of an invoice, period by period."""
    invoice = _document(request, asked)
    return charges.answer(read_charges(invoice, request.company, asked.as_of), invoice.currency)


class Ahead(AsList):
    """From which day on, and how many days ahead."""

    as_of: Day
    days: Annotated[int, Field(ge=0, le=foreseeing.LONGEST)] = 30


_COMING = shapes.one(
    on=shapes.DAY,
    customer=shapes.TEXT,
    name=shapes.TEXT,
    level=shapes.LEVEL,
    channel=shapes.TEXT,
    lines=shapes.WHOLE,
    totals=shapes.by(shapes.AMOUNT),
)
COMING = shapes.one(company=shapes.TEXT, as_of=shapes.DAY, days=shapes.WHOLE, notices=shapes.many(_COMING))


@router.get(f"{_AT}/calendar", auth=needs("reader", "read"), response=shapes.answer(COMING), openapi_extra=FILES)
def calendar(request: Called, company: str, asked: Query[Ahead]) -> Listing:
    """What will go out in the coming days, if a run takes place every day and nothing else changes."""
    ahead = foreseeing.foresee(request.company, asked.as_of, asked.days)
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("coming"), sheets_of_notices.COMING, sheets_of_notices.coming(ahead)))
    coming = [one.told() for one in ahead]
    return {"company": company, "as_of": asked.as_of.isoformat(), "days": asked.days, "notices": coming}


class AboutPromises(AsList):
    """As of which day, and of which customer."""

    as_of: Day
    customer: Code | None = None


_PROMISE = shapes.one(
    customer=shapes.TEXT,
    name=shapes.TEXT,
    document=shapes.TEXT,
    no=shapes.WHOLE,
    due_date=shapes.DAY,
    open=shapes.AMOUNT,
    currency=shapes.TEXT,
    promised_on=shapes.DAY,
    promised_amount=shapes.or_null(shapes.AMOUNT),
    made_on=shapes.or_null(shapes.DAY),
    standing=shapes.TEXT,
)
_PROMISES = shapes.answer(shapes.one(promises=shapes.many(_PROMISE)))


@router.get(f"{_AT}/promises", auth=needs("reader", "read"), response=_PROMISES, openapi_extra=FILES)
def list_promises(request: Called, company: str, asked: Query[AboutPromises]) -> Listing:
    """What was promised, and whether it was kept."""
    about = find_customer(request.company, asked.customer) if asked.customer else None
    found = promises(request.company, asked.as_of, about)
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("promises"), sheets_of_ledger.PROMISED, found))
    return {"promises": list(found)}


_DUNNED = dict.fromkeys(("dunning_enabled", "manual_dunning", "auto_dunning"), shapes.FLAG)
_DAYS = dict.fromkeys(("last_dunned_on", "held_from", "held_until", "insolvent_on", "declare_by"), shapes.or_null(shapes.DAY))
_WHO = dict.fromkeys(("code", "name", "hold_reason", "hold_comment"), shapes.TEXT)
_DUE = shapes.DUE | {
    "properties": shapes.DUE_ITEM["properties"] | {"promise": shapes.or_null(shapes.TEXT), "manager": shapes.or_null(shapes.TEXT)}
}
ARREARS = shapes.one(
    customer=shapes.one(**_WHO, **_DUNNED, **_DAYS, level=shapes.LEVEL),
    contacts=shapes.many(shapes.one(name=shapes.TEXT, email=shapes.TEXT, roles=shapes.many(shapes.TEXT))),
    due=shapes.many(_DUE),
    mails=shapes.many(shapes.FOLLOW_UP_MAIL),
    statuses=shapes.many(shapes.one(code=shapes.TEXT, label=shapes.TEXT, stops_dunning=shapes.FLAG)),
    history=shapes.one(notices=shapes.many(shapes.TOLD_NOTICE), events=shapes.many(shapes.EVENT)),
)


@router.get(f"{_AT}/arrears", auth=needs("reader", "read"), response=shapes.answer(ARREARS), openapi_extra=FILES)
def read_arrears(request: Called, company: str, customer: Code, how: Query[AsList]) -> Listing:
    """The follow-up of one customer: contacts, open due items, statuses, mails, history. A file has the open due items."""
    found, today = _customer(request, customer), localdate()
    if how.as_file:
        rows = sheets_of_ledger.held_back(found, today)
        return whole_list(request, how, lambda: Sheet(f"{gettext('arrears')}-{found.code}", sheets_of_ledger.ARREARS, rows))
    return dict(arrears(request.company, found, today, running.subject))


@router.get(f"{_AT}/statement", auth=needs("reader", "read"), openapi_extra=shapes.file_of("application/pdf"))
def statement(request: Called, company: str, customer: Code, as_of: Day) -> HttpResponse:
    """The statement of account of a customer, as PDF."""
    return HttpResponse(writing.statement(request.company, _customer(request, customer), as_of), content_type="application/pdf")


_PROMISED = shapes.many(shapes.one(currency=shapes.TEXT, items=shapes.WHOLE, amount=shapes.AMOUNT))
_NOTICES = dict.fromkeys(("unsure", "failed", "bounced", "drafts", "letters"), shapes.WHOLE)
_OTHERS = dict.fromkeys(("disputed", "refused", "webhooks", "to_match"), shapes.WHOLE)
_RUNS = dict.fromkeys(("late", "broken"), shapes.many(shapes.TEXT))
AGENDA = shapes.one(promises=_PROMISED, coming_promises=_PROMISED, **_NOTICES, **_OTHERS, **_RUNS)
assert set(AGENDA["properties"]) == set(Agenda._fields)


@router.get(f"{_AT}/agenda", auth=needs("reader", "read"), response=shapes.answer(AGENDA))
def read_agenda(request: Called, company: str) -> Json:
    """What there is for somebody to do today."""
    found = agenda(request.company, localdate())
    lists = {"promises": _promised(found.promises), "coming_promises": _promised(found.coming_promises)}
    return found._asdict() | lists


def _promised(found: list[Promised]) -> list[Json]:
    return [one._asdict() | {"amount": money.show(one.amount, one.currency)} for one in found]


def companies_asked(request: Called, asked: Balance) -> list[Company]:
    """Those of whom a balance is asked for: the one of the address, or all that the token opens."""
    if not asked.every_company:
        return [request.company]
    return list(Company.objects.filter(pk__in=[one.pk for one in companies_of(request.auth)]))


def columns_of(asked: Balance) -> Grid:
    """The columns asked for. Raises Faults."""
    try:
        return aging.grid(asked.by, [int(days) for days in asked.buckets.split(",")]) if asked.buckets else aging.grid(asked.by)
    except ValueError as error:
        raise Faults([Fault("buckets", str(error))]) from None


def _document(request: Called, asked: AboutDocument) -> Document:
    return find_document(request.company, asked.document, asked.customer)


def _customer(request: Called, code: str) -> Customer:
    return find_customer(request.company, code)
