"""How do other programs found companies, and set them up? As a dossier says it, its keys laid over what stands."""

from typing import Annotated, Literal

from django.db import IntegrityError
from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs, needs_founder
from relance.api.once import once
from relance.api.paging import Page, page
from relance.api.whole import FILES, AsList, Listing, whole_list
from relance.api.words import Asked, Code, Country, Currency, Day, Email, Json, Text
from relance.core.facts import NA
from relance.core.rates import CustomerKind, HalfYear, RateTable, UnknownRate, contractual_floor, half_years, show_rate, tables_of
from relance.dossier import Fault, Faults, dumping, reading, shape
from relance.letters.placeholders import PLACEHOLDERS
from relance.models import Company, PolicyLevel, founding
from relance.models.display import PICTURE_TYPES, Picture
from relance.models.finding import Unfound
from relance.models.founding import LANGUAGES, LONGEST_CODE, PLAIN_CODE
from relance.models.parties import types_counted
from relance.models.wall import companies_of
from relance.steps import Refused, keeping, setting_up
from relance.telling.list_file import Sheet
from relance.telling.sheets_of_ledger import COMPANIES, CUSTOMER_TYPES

router = Router(tags=["Companies and settings"])
_AT = "/companies/{company}"
_SET_UP = (
    "company",
    "options",
    "display",
    "levels",
    "policies",
    "payment_methods",
    "statuses",
    "collaborators",
    "customer_types",
    "pictures",
)


# -- companies and how they are set up


@router.get(
    "/companies",
    auth=needs("reader", "read"),
    response=shapes.pages("companies", shapes.one(code=shapes.TEXT, name=shapes.TEXT)),
    openapi_extra=FILES,
)
def list_companies(request: Called, asked: Query[Page]) -> Listing:
    """The companies in which the token has a part: a company's token in that one, a person's in all that the person may enter."""
    found = companies_of(request.auth)
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("companies"), COMPANIES, found))
    theirs = Company.objects.only("code", "name").filter(pk__in=[one.pk for one in found])
    return page("companies", theirs, asked, lambda one: {"code": one.code, "name": one.name})


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
    display=shapes.of(shape.DISPLAY, known=True),
)


def _settings(company: Company) -> Json:
    """How a company is set up, less its messaging, which is for administrators alone (``messaging.py``)."""
    return {name: said for name, said in dumping.set_up(company).items() if name in SETTINGS["properties"]}


@router.post("/companies", auth=needs_founder("set_up"), response=shapes.answer(SETTINGS))
@once
def found_company(request: Called, asked: Founded) -> Json:
    """Found a company with the policy that companies begin with; the answer is how it is set up.

    For who may do so on the screens: the token of a person who administers the installation. It opens the new company as it does the
    others, and can make a token of that company's own.
    """
    try:
        return _settings(founding.found_company(**asked.dict(exclude_none=True), by=request.by))
    except IntegrityError:
        raise Refused(f'there is a company of the code "{asked.code}" already') from None


@router.get(_AT, auth=needs("reader", "read"), response=shapes.answer(SETTINGS))
def read_company(request: Called, company: str) -> Json:
    """A company as it is set up: its identity, options, levels, policies and lists, as a dossier has them."""
    return _settings(request.company)


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
    return _settings(request.company) | {"warnings": [warning._asdict() for warning in warnings]}


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
    return _settings(request.company)


PolicyLevelNo = Annotated[str, Field(pattern="^([1-9]|NA)$")]


class OfPolicy(Schema):
    """Which policy; the company's default one unless said."""

    policy: Text = ""


@router.delete(_AT + "/policy-levels/{level}", auth=needs("administrator", "set_up"), response=shapes.answer(SETTINGS))
@once
def remove_policy_level(request: Called, company: str, level: PolicyLevelNo, of: Query[OfPolicy]) -> Json:
    """Take a level out of a policy; what is at that level stays there. The days of the others are changed by ``PATCH``."""
    number = NA if level == "NA" else int(level)
    if not PolicyLevel.objects.filter(company=request.company, policy__code=of.policy, level=number).exists():
        raise Unfound(f'the policy "{of.policy}" has no level {level}')
    name = ("policies", of.policy, "levels", number) if of.policy else ("levels", number)
    setting_up.set_up(request.company, {}, by=request.by, without=[name])
    return _settings(request.company)


@router.get(_AT + "/pictures/{sha256}", auth=needs("manager", "read"), openapi_extra=shapes.file_of(*PICTURE_TYPES))
def read_picture(request: Called, company: str, sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]) -> HttpResponse:
    """A logo or a signature, as the display options name it."""
    kept = Picture.objects.filter(company=request.company, sha256=sha256).first()
    if kept is None:
        raise Unfound(f"there is no picture {sha256}")
    return HttpResponse(bytes(kept.content), content_type=kept.media_type)


TYPE = shapes.one(code=shapes.TEXT, label=shapes.TEXT, customers=shapes.WHOLE)
_TYPES = shapes.answer(shapes.one(customer_types=shapes.many(TYPE)))


@router.get(f"{_AT}/customer-types", auth=needs("manager", "read"), response=_TYPES, openapi_extra=FILES)
def list_customer_types(request: Called, company: str, how: Query[AsList]) -> Listing:
    """The types of customers: those that customers have and those that are called something, with how many customers are of each."""
    found = types_counted(request.company)
    if how.as_file:
        return whole_list(request, how, lambda: Sheet(gettext("types"), CUSTOMER_TYPES, found))
    return {"customer_types": [one._asdict() for one in found]}


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


# -- what comes with the program


RATE = shapes.one(
    kind={"enum": list(CustomerKind)},
    law=shapes.TEXT,
    half_year=shapes.DAY,
    rate=shapes.or_null(shapes.TEXT | {"description": "Percent a year; null: not known yet."}),
    source=shapes.TEXT,
    confidence=shapes.TEXT,
)
RATES = shapes.one(own=shapes.or_null(shapes.TEXT), floor=shapes.or_null(shapes.TEXT), below_floor=shapes.FLAG, rates=shapes.many(RATE))


@router.get(f"{_AT}/rates", auth=needs("manager", "read"), response=shapes.answer(RATES))
def read_rates(request: Called, company: str, since: Day | None = None) -> Json:
    """The statutory rates of late-payment interest in the company's country, half-year by half-year, and who says so.

    They come with the program. ``own`` is the company's contractual rate, ``floor`` the lowest that a contract may fix today.
    """
    today, country, own = localdate(), request.company.country, request.company.interest_rate
    try:
        floor = contractual_floor(country, today)
    except UnknownRate:  # no law is known, or the figure of this half-year is not
        floor = None
    return {
        "own": show_rate(own) if own is not None else None,
        "floor": show_rate(floor) if floor is not None else None,
        "below_floor": own is not None and floor is not None and own < floor,
        "rates": [_rate(kind, table, one) for kind, table in tables_of(country) for one in half_years(table, since or table.first, today)],
    }


def _rate(kind: CustomerKind, table: RateTable, one: HalfYear) -> Json:
    said = {"rate": show_rate(one.rate), "source": one.source.origin, "confidence": one.source.confidence} if one.source else {}
    nothing = {"rate": None, "source": "", "confidence": ""}
    return {"kind": kind, "law": table.law, "half_year": one.since.isoformat()} | nothing | said


PLACEHOLDER = shapes.one(name=shapes.TEXT, says=shapes.by(shapes.TEXT))


@router.get(f"{_AT}/placeholders", auth=needs("manager", "read"), response=shapes.answer(shapes.one(placeholders=shapes.many(PLACEHOLDER))))
def list_placeholders(request: Called, company: str) -> Json:
    """The words in braces that texts of levels may hold, and what each stands for, by language."""
    return {"placeholders": [{"name": name, "says": one.says} for name, one in PLACEHOLDERS.items()]}
