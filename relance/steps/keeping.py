"""How is a customer's record kept up to date by people: its conditions, its sites, its contacts? (Register K25 to K27, K71 to K77.)

What differs is stored and recorded, from what to what, by whom. Nobody types in a level or the date of a notice here (register A3).
"""

from collections.abc import Collection
from datetime import date
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import Max

from relance.dossier import Fault, Faults
from relance.models import Collaborator, Company, Contact, Customer, CustomerType, Policy, Site, bulk
from relance.models.changing import Change, changes, set_columns
from relance.models.events import Fact, record
from relance.models.parties import RECEIVES, ROLES
from relance.models.templates import TemplateUse
from relance.steps import Refused


class Conditions(TypedDict, total=False):
    """On what terms a customer pays, and how it is written to; the empty text and None: as the company does."""

    policy: Policy | None
    payment_terms: str
    language: str
    kind: str


class Identity(TypedDict, total=False):
    """Who a customer is, apart from its code and name: its identifiers, its type, who looks after it."""

    siren: str
    vat_number: str
    type: str
    sales_rep: Collaborator | None


class Sheet(TypedDict, total=False):
    """What stands about a contact."""

    name: str
    email_identity: str
    email_at_customer: str
    left_on: date | None
    is_decision_maker: bool
    is_main: bool
    is_financial: bool
    receives_dunning: bool
    receives_dunning_all_sites: bool
    receives_invoices: bool
    receives_invoices_all_sites: bool


def boxes(roles: Collection[str] | None, receives: Collection[str] | None) -> Sheet:
    """What a contact is and receives, by column; None leaves what stands."""
    found: Any = {} if roles is None else {f"is_{role}": role in roles for role in ROLES}
    if receives is not None:
        found |= {f"receives_{one}": one in receives for one in RECEIVES}
    told: Sheet = found
    return told


def set_conditions(customer: Customer, wanted: Conditions | Identity, *, by: str) -> list[Change]:
    """Set the conditions of a customer, or its identity. Return what changed."""
    with transaction.atomic():
        stored, changed = set_columns(customer, wanted)
        changed = [{what: _code_of(value) for what, value in change.items()} for change in changed]
        _record(stored, "customer_edited", {}, changed, by)
    return changed


def rename_type(company: Company, before: str, after: str, *, by: str) -> int:
    """Give the customers of a type another, or none; letter templates used for the type, and its label, go with them. Return how many.

    Where the other type has customers already, they are of one type from then on, with the template of the other where it has one.
    """
    if before == after or not before:
        return 0
    with transaction.atomic():
        customers = list(Customer.objects.select_for_update().filter(company=company, type=before).values_list("pk", flat=True))
        bulk.touching(Customer, customers)
        Customer.objects.filter(company=company, type=before).update(type=after)
        uses = TemplateUse.objects.filter(company=company, customer_type=before)
        if after and not TemplateUse.objects.filter(company=company, customer_type=after).exists():
            uses.update(customer_type=after)
        else:
            uses.delete()
        called = CustomerType.objects.filter(company=company, code=before)
        if after and not CustomerType.objects.filter(company=company, code=after).exists():
            called.update(code=after)
        else:
            called.delete()
        changed = [{"what": "type", "before": before, "after": after}]
        record(company.pk, by, [Fact("customer_edited", customer_id=pk, facts={"changed": changed}) for pk in customers])
    return len(customers)


def set_site(site: Site, wanted: dict[str, str], *, by: str) -> list[Change]:
    """Set name, e-mail address or postal address of a billing site. Return what changed."""
    with transaction.atomic():
        stored, changed = set_columns(site, wanted)
        _record(stored.customer, "site_edited", {"site": stored.code}, changed, by)
    return changed


def add_contact(customer: Customer, wanted: Sheet, sites: Collection[Site], *, by: str) -> Contact:
    """Add a contact, attached to some of the customer's sites.

    Raises Refused where the customer has one of this name, Faults where it is to receive for its sites and has none.
    """
    _refuse_nowhere(wanted.get("receives_dunning", False), sites)
    with transaction.atomic():
        owner = Customer.objects.select_for_update().get(pk=customer.pk)
        _refuse_namesake(owner, wanted["name"], None)
        last = Contact.objects.filter(customer=owner).aggregate(last=Max("position"))["last"]
        place = 0 if last is None else last + 1
        contact = Contact.objects.create(company_id=owner.company_id, customer=owner, position=place, **wanted)
        contact.sites.set(sites)
        told = changes(Contact(), wanted) + _moved(set(), set(sites))
        _record(owner, "contact_added", {"contact": contact.name}, [change for change in told if change["what"] != "name"], by, even=True)
    return contact


def set_contact(contact: Contact, wanted: Sheet, sites: Collection[Site], *, by: str) -> list[Change]:
    """Bring a contact up to date, its sites among it. Return what changed.

    Raises Refused where another contact has this name, Faults where it is to receive for its sites and has none.
    """
    _refuse_nowhere(wanted.get("receives_dunning", contact.receives_dunning), sites)
    with transaction.atomic():
        owner = Customer.objects.select_for_update().get(pk=contact.customer_id)
        if not contact.code:
            _refuse_namesake(owner, wanted.get("name", contact.name), contact)
        stored, changed = set_columns(contact, wanted)
        changed += _moved(set(stored.sites.all()), set(sites))
        stored.sites.set(sites)
        _record(owner, "contact_edited", {"contact": stored.name}, changed, by)
    return changed


def _refuse_nowhere(receives: bool, sites: Collection[Site]) -> None:
    if receives and not sites:
        raise Faults([Fault("sites", "a contact that receives the dunning of its sites needs one: without a site it receives nothing")])


def _refuse_namesake(customer: Customer, name: str, contact: Contact | None) -> None:
    others = Contact.objects.filter(customer=customer, code="", name=name)
    if (others if contact is None else others.exclude(pk=contact.pk)).exists():
        raise Refused(f"{customer.code} already has a contact called {name}")


def _moved(before: set[Site], after: set[Site]) -> list[Change]:
    if before == after:
        return []
    return [{"what": "sites", "before": _codes(before), "after": _codes(after)}]


def _codes(sites: Collection[Site]) -> str:
    return " ".join(sorted(site.code for site in sites))


def _code_of(value: Any) -> Any:
    return value.code if isinstance(value, Policy | Collaborator) else value


def _record(customer: Customer, what: str, about: dict[str, str], changed: list[Change], by: str, *, even: bool = False) -> None:
    """Tell the history; ``even`` where nothing but the act itself is to tell."""
    if changed or even:
        record(customer.company_id, by, [Fact(what, customer_id=customer.pk, facts=about | {"changed": changed})])
