"""How do companies, settings and files come in and go out by other programs?"""

from typing import Annotated, Literal

from django.db import IntegrityError
from django.http import StreamingHttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field

from relance import dossier
from relance.api import shapes
from relance.api.access import Called, needs, needs_founder
from relance.api.once import once
from relance.api.sent import as_file
from relance.api.whole import FILES, AsList, Listing, whole_list
from relance.api.words import Asked, Code, Country, Currency, Email, Json, Text
from relance.dossier import Fault, Faults, dumping, reading, shape
from relance.models import founding
from relance.models.founding import LANGUAGES, LONGEST_CODE, PLAIN_CODE
from relance.models.wall import companies_of
from relance.steps import Refused, bringing_in, keeping, setting_up
from relance.telling.list_file import Sheet
from relance.telling.sheets_of_ledger import COMPANIES

router = Router(tags=["In and out"])
_AT = "/companies/{company}"
_SET_UP = ("company", "options", "display", "levels", "policies", "payment_methods", "statuses", "collaborators", "customer_types")


# -- companies and how they are set up


@router.get(
    "/companies",
    auth=needs("reader", "read"),
    response=shapes.answer(shapes.one(companies=shapes.many(shapes.one(code=shapes.TEXT, name=shapes.TEXT)))),
    openapi_extra=FILES,
)
def list_companies(request: Called, how: Query[AsList]) -> Listing:
    """The companies in which the token has a part: a company's token in that one, a person's in all that the person may enter."""
    found = companies_of(request.auth)
    if how.as_file:
        return whole_list(request, how, lambda: Sheet(gettext("companies"), COMPANIES, found))
    return {"companies": [{"code": one.code, "name": one.name} for one in found]}


class Founded(Asked):
    """A company to be; its code stays. What is not said is French and in euros."""

    code: Annotated[Code, Field(max_length=LONGEST_CODE, pattern=f"^{PLAIN_CODE}$")]
    name: Annotated[Text, Field(min_length=1, max_length=200, description="As it stands on letters.")]
    currency: Currency = "EUR"
    country: Country = "FR"
    language: Annotated[Literal[LANGUAGES], Field(description="Of letters.")] = "fr"  # type: ignore[valid-type]
    sender_email: Annotated[Email | None, Field(description="From whom reminders come, and who is answered to.")] = None


SETTINGS = shapes.one(
    company=shapes.of(shape.COMPANY, known=True),
    options=shapes.of(shape.OPTIONS, known=True),
    levels=shapes.many(shapes.of(shape.LEVEL, known=True)),
    policies=shapes.many(shapes.of(shape.POLICY, known=True)),
    payment_methods=shapes.many(shapes.of(shape.PAYMENT_METHOD, known=True)),
    statuses=shapes.many(shapes.of(shape.STATUS, known=True)),
    collaborators=shapes.many(shapes.of(shape.COLLABORATOR, known=True)),
    customer_types=shapes.many(shapes.of(shape.CUSTOMER_TYPE, known=True)),
    display={"type": "object"},
)


@router.post("/companies", auth=needs_founder("set_up"), response=shapes.answer(SETTINGS))
@once
def found_company(request: Called, asked: Founded) -> Json:
    """Found a company with the policy that companies begin with; the answer is how it is set up.

    For who may do so on the screens: the token of a person who administers the installation. It opens the new company as it does the
    others, and can make a token of that company's own.
    """
    try:
        return dumping.set_up(founding.found_company(**asked.dict(exclude_none=True), by=request.by))
    except IntegrityError:
        raise Refused(f'there is a company of the code "{asked.code}" already') from None


@router.get(_AT, auth=needs("reader", "read"), response=shapes.answer(SETTINGS))
def read_company(request: Called, company: str) -> Json:
    """A company as it is set up: its identity, options, levels, policies and lists, as a dossier has them."""
    return dumping.set_up(request.company)


_GIVEN = {name: shapes.or_null(shapes.of(inner)) for name, inner in shape.DOSSIER.objects.items() if name in _SET_UP}
_GIVEN |= {name: shapes.many(shapes.of(inner)) for name, inner in shape.DOSSIER.lists.items() if name in _SET_UP}
_CODELESS = {"company": {"type": "object"}}  # its code stands in the address
_SETTINGS_GIVEN = shapes.some(**(_GIVEN | _CODELESS)) | {"additionalProperties": False}


@router.patch(
    _AT,
    auth=needs("administrator", "set_up", large=True),
    response=shapes.answer(SETTINGS | {"properties": SETTINGS["properties"] | {"warnings": shapes.many(shapes.WARNING)}}),
    openapi_extra=shapes.body_of(_SETTINGS_GIVEN),
)
@once
def set_up_company(request: Called, company: str) -> Json:
    """Change how a company is set up: the keys of a dossier that are given are laid over what stands."""
    warnings = setting_up.set_up(request.company, _given(request, company), by=request.by)
    return dumping.set_up(request.company) | {"warnings": [warning._asdict() for warning in warnings]}


_NOW_AND_THEN = shapes.one(now=shapes.WHOLE, then=shapes.WHOLE)
_SHIFT = shapes.one(level=shapes.LEVEL, channel=shapes.TEXT, today=_NOW_AND_THEN, ahead=_NOW_AND_THEN)
COMPARISON = shapes.one(
    days=shapes.WHOLE, notices=shapes.many(_SHIFT), gained=shapes.many(shapes.TEXT), lost=shapes.many(shapes.TEXT), stored=shapes.FLAG
)


@router.post(
    f"{_AT}/comparison",
    auth=needs("administrator", "set_up", large=True),
    response=shapes.answer(COMPARISON),
    openapi_extra=shapes.body_of(_SETTINGS_GIVEN),
)
def compare_company(request: Called, company: str) -> Json:
    """What automatic runs would send, today and in so many days, if the company were set up so: nothing is stored.

    ``gained`` and ``lost`` are the customers who would be written to today, and who would not be any more.
    """
    found, days = setting_up.compared(request.company, _given(request, company), localdate(), by=request.by)
    return {
        "days": days,
        "notices": [
            {"level": one.level, "channel": one.channel, "today": _now_and_then(one.at_first), "ahead": _now_and_then(one.in_all)}
            for one in found.shifts
        ],
        "gained": [one.code for one in found.gained],
        "lost": [one.code for one in found.lost],
        "stored": False,
    }


def _now_and_then(counts: tuple[int, int]) -> Json:
    return dict(zip(("now", "then"), counts, strict=True))


def _given(request: Called, company: str) -> Json:
    """The keys of a dossier in the body. Raises Faults where others stand there, or another company's."""
    said = reading.parse(request.body)
    if not isinstance(said, dict):
        raise Faults([Fault("the body", "an object is due")])
    if others := [name for name in said if name not in _SET_UP]:
        raise Faults([Fault(name, f"only {', '.join(_SET_UP)} may stand here") for name in others])
    whose = said.get("company", {})
    if not isinstance(whose, dict) or whose.get("code", company) != company:
        raise Faults([Fault("company", f"an object of company {company} is due")])
    return said


@router.delete(_AT + "/{noun}/entries/{path:code}", auth=needs("administrator", "set_up"), response=shapes.answer(SETTINGS))
@once
def remove_entry(
    request: Called, company: str, noun: Literal["policies", "payment_methods", "statuses", "collaborators", "customer_types"], code: Code
) -> Json:
    """Take a policy, payment method, status or collaborator away that nothing uses, or what a type of customers is called."""
    setting_up.set_up(request.company, {}, by=request.by, without=[(noun, code)])
    return dumping.set_up(request.company)


class Renamed(Asked):
    """What a type of customers is called from now on; empty: they have none."""

    to: Annotated[Text, Field(max_length=40)]


@router.post(
    _AT + "/customer-types/{path:code}", auth=needs("administrator", "set_up"), response=shapes.answer(shapes.one(changed=shapes.WHOLE))
)
@once
def rename_customer_type(request: Called, company: str, code: Code, asked: Renamed) -> Json:
    """Give the customers of a type another code; where that one has customers already, both are one type from then on. How many changed."""
    return {"changed": keeping.rename_type(request.company, code, asked.to, by=request.by)}


# -- dossiers


_DOSSIER = {"responses": {200: {"content": {"application/json": {"schema": shapes.one(format=shapes.TEXT, company={"type": "object"})}}}}}


@router.get(f"{_AT}/dossier", auth=needs("administrator", "read"), openapi_extra=_DOSSIER)
def read_dossier(request: Called, company: str) -> StreamingHttpResponse:
    """The whole company, history included, as a dossier."""
    headers = {"Content-Disposition": f'attachment; filename="{request.company.pk}.json"'}
    return StreamingHttpResponse(dossier.dump(request.company), content_type="application/json", headers=headers)


LOADED = shapes.one(company=shapes.TEXT, counts=shapes.COUNTS, warnings=shapes.many(shapes.WARNING), stored=shapes.FLAG)


@router.post(
    f"{_AT}/dossier",
    auth=needs("administrator", "set_up", large=True),
    response=shapes.answer(LOADED),
    openapi_extra=shapes.body_of({"type": "object", "required": ["format", "company"]}),
)
@once
def load_dossier(request: Called, company: str, dry_run: bool = False) -> Json:
    """Lay a dossier over its company: created or updated by key; all of it, or with a fault nothing."""
    report = as_file(request, "dossier.json", lambda path: bringing_in.bring_in(request.company, path, by=request.by, dry_run=dry_run))
    return report.told() | {"stored": not dry_run}
