"""How do other programs keep the record of a customer up to date, one contact or one site at a time?

Many at once, with their customers, are written as a dossier has them (``ledger.py``), which asks for more of a role.
"""

from typing import Annotated, Any, Literal

from django.db.models import Q
from ninja import Router
from pydantic import BeforeValidator, Field, WithJsonSchema

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.once import once
from relance.api.words import Asked, Code, Day, Json, Text
from relance.dossier import Fault, Faults, values
from relance.models import Contact, Customer, Site
from relance.models.finding import Unfound, find_customer
from relance.models.parties import RECEIVES, ROLES
from relance.steps import keeping

router = Router(tags=["Ledger"])
_AT = "/companies/{company}"
EmailOrNone = Annotated[
    str, BeforeValidator(values.email_or_none), WithJsonSchema({"type": "string", "description": "An address, or nothing."})
]


class ContactSheet(Asked):
    """What is to stand about a contact; a key that is absent leaves what stands. Without ``contact`` it is a new one."""

    customer: Code
    contact: Annotated[Code | None, Field(description="The code of the one to change, or the name where it has no code.")] = None
    name: Annotated[Text, Field(min_length=1, max_length=200)] = ""
    email_at_customer: EmailOrNone = ""
    email_identity: EmailOrNone = ""
    left_on: Day | None = None
    roles: list[Literal[ROLES]] = []  # type: ignore[valid-type]
    receives: list[Literal[RECEIVES]] = []  # type: ignore[valid-type]
    sites: Annotated[list[Code], Field(description="Codes of the customer's sites.")] = []


@router.put(f"{_AT}/contacts", auth=needs("collector", "write"), response=shapes.CHANGED)
@once
def keep_contact(request: Called, company: str, asked: ContactSheet) -> Json:
    """Add a contact of a customer, or bring one up to date."""
    customer = find_customer(request.company, asked.customer)
    found = _contact(customer, asked.contact) if asked.contact is not None else None
    given = asked.dict(exclude_unset=True)
    sites = _sites(customer, asked.sites) if found is None or "sites" in given else list(found.sites.all())
    if found is not None:
        return {"changed": keeping.set_contact(found, _sheet(given), sites, by=request.by)}
    if not asked.name:
        raise Faults([Fault("name", "a new contact has a name")])
    added = keeping.add_contact(customer, _sheet(given), sites, by=request.by)
    return shapes.changed("contact", before=None, after=added.name)


class SiteSheet(Asked):
    """What is to stand about a billing site; a key that is absent leaves what stands."""

    customer: Code
    site: Code
    name: Annotated[Text, Field(max_length=200)] = ""
    email: EmailOrNone = ""
    address: Annotated[list[Annotated[Text, Field(max_length=200)]], Field(max_length=10, description="Line by line.")] = []
    postcode: Annotated[Text, Field(max_length=20)] = ""
    city: Annotated[Text, Field(max_length=100)] = ""


@router.put(f"{_AT}/sites", auth=needs("collector", "write"), response=shapes.CHANGED)
@once
def keep_site(request: Called, company: str, asked: SiteSheet) -> Json:
    """Bring a billing site of a customer up to date."""
    [site] = _sites(find_customer(request.company, asked.customer), [asked.site])
    wanted: dict[str, Any] = asked.dict(exclude_unset=True, exclude={"customer", "site"})
    if "address" in wanted:
        wanted["address"] = "\n".join(line.strip() for line in wanted["address"] if line.strip())
    return {"changed": keeping.set_site(site, wanted, by=request.by)}


def _sheet(given: Json) -> keeping.Sheet:
    """The columns that are given."""
    plain: Any = {name: given[name] for name in ("name", "email_at_customer", "email_identity", "left_on") if name in given}
    found: keeping.Sheet = plain | keeping.boxes(given.get("roles"), given.get("receives"))
    return found


def _contact(customer: Customer, named: str) -> Contact:
    found = Contact.objects.filter(Q(code=named) | Q(code="", name=named), customer=customer).order_by("-code").first()
    if found is None:
        raise Unfound(f'{customer.code} has no contact "{named}"')
    return found


def _sites(customer: Customer, codes: list[str]) -> list[Site]:
    found = {site.code: site for site in Site.objects.filter(customer=customer, code__in=codes)}
    if unknown := [code for code in codes if code not in found]:
        raise Unfound(f'{customer.code} has no site "{unknown[0]}"')
    return [found[code] for code in dict.fromkeys(codes)]
