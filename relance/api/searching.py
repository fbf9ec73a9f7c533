"""How do other programs find what is meant by a few letters, and keep criteria of the invoice list under a name for a person?"""

from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs, needs_person
from relance.api.once import once
from relance.api.paging import Page, page
from relance.api.whole import FILES, Listing, whole_list
from relance.api.words import Asked, Flag, Json, Text
from relance.core import money
from relance.models.finding import Unfound
from relance.models.lists.search import everything_like
from relance.models.searches import CRITERIA, LONGEST_CRITERION, LONGEST_NAME, SavedSearch, query_of, save_search, searches_of
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_ledger import SEARCHES

router = Router(tags=["Looking"])
_AT = "/companies/{company}"


class Wanted(Schema):
    """What is looked for."""

    text: Annotated[Text, Field(min_length=2, max_length=80, description="With which a code, a number or a name begins; or an amount.")]


_CUSTOMER = shapes.one(code=shapes.TEXT, name=shapes.TEXT)
_DOCUMENT = shapes.one(number=shapes.TEXT, customer=shapes.TEXT, date=shapes.DAY)
_ITEM = shapes.one(
    document=shapes.TEXT, customer=shapes.TEXT, no=shapes.WHOLE, due_date=shapes.DAY, open=shapes.AMOUNT, currency=shapes.TEXT
)
_PAYMENT = shapes.one(reference=shapes.TEXT, customer=shapes.TEXT, date=shapes.DAY, amount=shapes.AMOUNT, currency=shapes.TEXT)
FOUND = shapes.one(
    customers=shapes.many(_CUSTOMER), documents=shapes.many(_DOCUMENT), amounts=shapes.many(_ITEM), payments=shapes.many(_PAYMENT)
)


@router.get(f"{_AT}/search", auth=needs("reader", "read"), response=shapes.answer(FOUND))
def search(request: Called, company: str, asked: Query[Wanted]) -> Json:
    """The likeliest customers, documents, open amounts and payments, eight of each at most."""
    found = everything_like(request.company, asked.text)
    return {
        "customers": [{"code": one.code, "name": one.name} for one in found.get("customers", [])],
        "documents": [{"number": one.number, "customer": one.customer.code, "date": one.date} for one in found.get("documents", [])],
        "amounts": [_amount(one) for one in found.get("amounts", [])],
        "payments": [_payment(one) for one in found.get("payments", [])],
    }


def _amount(one: Any) -> Json:
    document = one.document
    said = {"document": document.number, "customer": document.customer.code, "no": one.no, "due_date": one.due_date}
    return said | {"open": money.show(one.open_amount, document.currency), "currency": document.currency}


def _payment(one: Any) -> Json:
    said = {"reference": one.reference, "customer": one.customer.code, "date": one.date}
    return said | {"amount": money.show(one.amount, one.currency), "currency": one.currency}


# -- criteria under a name


Criterion = Annotated[Text, Field(min_length=1, max_length=LONGEST_CRITERION)]
Name = Annotated[Text, Field(min_length=1, max_length=LONGEST_NAME, pattern=r"^\S(.*\S)?$")]
SEARCH = shapes.one(
    name=shapes.TEXT, criteria=shapes.by(shapes.TEXT), by=shapes.TEXT, own=shapes.FLAG, shared=shapes.FLAG, default=shapes.FLAG
)


@router.get(f"{_AT}/searches", auth=needs("reader", "read"), response=shapes.pages("searches", SEARCH), openapi_extra=FILES)
def list_searches(request: Called, company: str, asked: Query[Page]) -> Listing:
    """Searches of the invoice list that are kept under a name: the person's own, and what others share."""
    found = searches_of(request.company, request.auth.user)
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("searches"), SEARCHES, streamed(found)))
    return page("searches", found, asked, lambda one: _search(one, request))


class Kept(Asked):
    """Criteria as the address of the invoice list carries them (``state``, ``least``, ``sort`` …), each as a text."""

    criteria: Annotated[dict[Literal[CRITERIA], Criterion], Field(min_length=1)]  # type: ignore[valid-type]
    shared: Annotated[Flag, Field(description="Seen by everybody who may see the company.")] = False
    default: Annotated[Flag, Field(description="The person's list opens with it.")] = False


@router.put(_AT + "/searches/{path:name}", auth=needs_person("set_up"), response=shapes.answer(SEARCH))
@once
def keep_search(request: Called, company: str, name: Name, asked: Kept) -> Json:
    """Keep criteria under a name, in place of the person's own of that name."""
    query = query_of(asked.criteria)
    assert request.auth.user is not None  # the guard has seen to it
    save_search(request.company, request.auth.user, name, query, is_shared=asked.shared, is_default=asked.default)
    return _search(searches_of(request.company, request.auth.user).get(user=request.auth.user, name=name), request)


@router.delete(_AT + "/searches/{path:name}", auth=needs_person("set_up"), response=shapes.CHANGED)
@once
def remove_search(request: Called, company: str, name: Name) -> Json:
    """Take one of the person's own searches away."""
    gone, _ = SavedSearch.objects.filter(company=request.company, user=request.auth.user, name=name).delete()
    if not gone:
        raise Unfound(f'there is no search "{name}"')
    return shapes.changed("removed", before=False, after=True)


def _search(one: SavedSearch, request: Called) -> Json:
    whose = {"by": str(one.user), "own": one.user == request.auth.user, "shared": one.is_shared, "default": one.is_default}
    return {"name": one.name, "criteria": dict(parse_qsl(one.query))} | whose
